//! A fresh node gets 5,000 blocks from a peer: at one go, and killed again and again on the way.

use gridpeg_forge::Forge;
use gridpeg_header::{target::MAX_TARGET, PowParameters};
use gridpeg_tests::{
    node::{Node, NodeBuilder},
    report, spec, wait_for, wait_for_database,
};
use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    time::{Duration, Instant},
};
use tempfile::TempDir;

const PROGRAM: &str = "electricity-node";
const BLOCKS: u32 = 5_000;
const BLOCK_TIME: u64 = 3_000;
/// How often the second node is killed.
const KILLS: u32 = 5;
/// In each part of the chain it is killed once; the last blocks are no part, so that no kill comes too late.
const PART: u32 = 800;
/// Longest for a sync.
const PATIENCE: Duration = Duration::from_secs(600);

#[test]
fn fresh_nodes_sync_from_a_peer() {
    let folder = TempDir::new().unwrap();
    let parameters = PowParameters {
        block_time: BLOCK_TIME,
        half_life: 10,
        initial_target: MAX_TARGET,
        finality_depth: 20,
        confirmations: 24,
    };
    let spec = spec::with_parameters(PROGRAM, &parameters, folder.path());
    let server = NodeBuilder::new(PROGRAM, &spec, folder.path(), "server");

    let begin = Instant::now();
    let forge = Forge::open(&electricity_node::NETWORK, spec.to_str().unwrap(), &server.base_path());
    let tip = forge.grow(forge.genesis(), BLOCKS, BLOCK_TIME);
    drop(forge);
    wait_for_database(&server.base_path(), "electricity_dev");
    report(&format!("forging {BLOCKS} blocks: {:.1} s", begin.elapsed().as_secs_f64()));

    let server = server.start();
    assert_eq!((server.height(), server.best_hash()), (BLOCKS, tip), "the node does not serve what was forged");
    let peer = [server.address()];
    let fresh = |name| NodeBuilder::new(PROGRAM, &spec, folder.path(), name).reserved(&peer).reserved_only().start();

    let node = fresh("fresh");
    let (first, begin) = (reach(&node, 1), Instant::now());
    assert_eq!(reach(&node, BLOCKS), BLOCKS);
    let seconds = begin.elapsed().as_secs_f64();
    assert_eq!(node.best_hash(), tip);
    let speed = f64::from(BLOCKS - first) / seconds;
    report(&format!("syncing {} blocks: {seconds:.1} s, {speed:.0} blocks/s", BLOCKS - first));
    drop(node);

    let mut node = fresh("killed");
    let mut heights = Vec::new();
    for part in 0..KILLS {
        let height = reach(&node, 1 + part * PART + random_below(PART));
        node.kill9();
        heights.push(height);
        node.restart();
    }
    report(&format!("a syncing node killed at #{heights:?}"));
    assert!(heights.iter().all(|height| *height < BLOCKS), "it was synced before it was killed at {heights:?}");
    assert_eq!(reach(&node, BLOCKS), BLOCKS);
    assert_eq!(node.best_hash(), tip);
}

/// Waits until a node is at least so high, and gives its height then.
fn reach(node: &Node, height: u32) -> u32 {
    let what = format!("{} syncs up to #{height}", node.name());
    wait_for(&what, PATIENCE, || Some(node.height()).filter(|reached| *reached >= height))
}

fn random_below(bound: u32) -> u32 {
    // Every `RandomState` has other keys.
    (RandomState::new().build_hasher().finish() % u64::from(bound)) as u32
}
