//! Three miners of unequal speed keep one chain: when one is killed, and when they were cut apart for a while.

use gridpeg_header::{PowParameters, U256};
use gridpeg_tests::{
    node::{Node, NodeBuilder},
    report, spec, wait_for, wait_until,
};
use std::{path::Path, time::Duration};
use tempfile::TempDir;

const PROGRAM: &str = "electricity-node";
/// Hashes per second. The first is cut off from the other two, which together are as fast.
const RATES: [u64; 3] = [20_000, 10_000, 10_000];
const BLOCK_TIME: u64 = 2_000;
/// K.
const FINALITY_DEPTH: u32 = 20;
/// Blocks that each side mines at least while they are apart.
const APART: u32 = 5;
/// From here on they rejoin, whichever is ahead: after K blocks they could not.
const APART_AT_MOST: u32 = 15;
const PATIENCE: Duration = Duration::from_secs(300);

/// The pairs of nodes between which the chain is cut.
const CUT: [(usize, usize); 2] = [(0, 1), (0, 2)];

#[test]
fn three_miners_keep_one_chain() {
    let folder = TempDir::new().unwrap();
    let parameters = PowParameters {
        block_time: BLOCK_TIME,
        half_life: 10,
        initial_target: spec::target(RATES.iter().sum::<u64>() * BLOCK_TIME / 1_000),
        finality_depth: FINALITY_DEPTH,
        confirmations: 24,
    };
    let spec = spec::with_parameters(PROGRAM, &parameters, folder.path());
    let mut nodes = start(&spec, folder.path());
    agree(&nodes, 10);
    a_killed_miner_catches_up(&mut nodes);
    the_heavier_side_wins(&nodes);
    finality_follows(&nodes);
    nodes.iter_mut().for_each(Node::stop);
}

fn start(spec: &Path, folder: &Path) -> Vec<Node> {
    let builders = ["a", "b", "c"].map(|name| NodeBuilder::new(PROGRAM, spec, folder, name));
    let addresses: Vec<_> = builders.iter().map(NodeBuilder::address).collect();
    let miners = builders.into_iter().zip(RATES).map(|(builder, rate)| {
        let own = builder.address();
        let others: Vec<_> = addresses.iter().filter(|address| **address != own).cloned().collect();
        builder.mining(rate).reserved_only().reserved(&others)
    });
    let miners = miners.enumerate().map(|(i, miner)| match i {
        // Cut off, it has no peers.
        0 => miner.force_authoring(),
        _ => miner,
    });
    miners.map(NodeBuilder::start).collect()
}

/// Waits until all have the same block two below the lowest best block, and it is at least so high.
fn agree(nodes: &[Node], height: u32) {
    wait_until(&format!("all miners have the same block, #{height} or higher"), PATIENCE, || {
        let lowest = nodes.iter().map(Node::height).min().unwrap_or_default();
        let Some(settled) = lowest.checked_sub(2).filter(|settled| *settled >= height) else {
            return false;
        };
        let hash = nodes[0].hash_at(settled);
        hash.is_some() && nodes.iter().all(|node| node.hash_at(settled) == hash)
    });
}

fn a_killed_miner_catches_up(nodes: &mut [Node]) {
    let height = nodes[2].height();
    nodes[2].kill9();
    wait_until("the other miners go on", PATIENCE, || nodes[..2].iter().all(|node| node.height() >= height + 3));
    nodes[2].restart();
    agree(nodes, height + 3);
}

fn the_heavier_side_wins(nodes: &[Node]) {
    for (left, right) in CUT {
        nodes[left].remove_reserved_peer(nodes[right].peer_id());
        nodes[right].remove_reserved_peer(nodes[left].peer_id());
    }
    for (node, peers) in nodes.iter().zip([0, 1, 1]) {
        node.wait_for_peers(peers, PATIENCE);
    }
    let fork = last_in_common(&nodes[0], &nodes[1]);
    let work_at_fork = nodes[0].joint_header(nodes[0].hash_at(fork)).work;

    // They rejoin when one side is ahead by two blocks' work: while they find each other, both mine on.
    let tips = wait_for("both sides mine on their own", PATIENCE, || {
        let tips = [nodes[0].joint_header(None), nodes[1].joint_header(None)];
        let mined = tips.map(|tip| tip.number.saturating_sub(fork));
        let work = tips.map(|tip| tip.work.saturating_sub(work_at_fork));
        let (least, most) = (work[0].min(work[1]), work[0].max(work[1]));
        let longest = mined[0].max(mined[1]);
        let decided = (most - least) * U256::from(longest) >= most * U256::from(2u32) || longest >= APART_AT_MOST;
        // A block that only one node of the second side has may lose its place within that side.
        let known_to_all = nodes[2].best_hash() == tips[1].hash;
        (decided && known_to_all && mined.iter().all(|mined| *mined >= APART)).then_some(tips)
    });
    let first_blocks = [0, 1].map(|side: usize| nodes[side].hash_at(fork + 1));
    assert_ne!(first_blocks[0], first_blocks[1], "the sides were not cut from each other");
    let dropped_before: Vec<_> = nodes.iter().map(dropped_blocks).collect();

    for (left, right) in CUT {
        nodes[left].add_reserved_peer(&nodes[right].address());
        nodes[right].add_reserved_peer(&nodes[left].address());
    }
    // The last block that each side is seen with before one of them takes the other's branch.
    let mut last = tips;
    let (switched, taken) = wait_for("one side takes the other's branch", PATIENCE, || {
        (0..2usize).find_map(|side| {
            let tip = nodes[side].joint_header(None);
            if nodes[side].hash_at(fork + 1) == first_blocks[side] {
                last[side] = tip;
                return None;
            }
            Some((side, nodes[side].joint_header(None)))
        })
    });
    assert!(
        taken.work > last[switched].work,
        "#{} with {} hashes was given up for #{} with {}",
        last[switched].number,
        last[switched].work,
        taken.number,
        taken.work
    );

    agree(nodes, tips[0].number.max(tips[1].number) + 1);
    let is_canonical = |node: &Node, side: usize| node.hash_at(tips[side].number) == Some(tips[side].hash);
    let winner = usize::from(is_canonical(&nodes[0], 1));
    for node in nodes {
        assert!(is_canonical(node, winner), "{} lacks the winning side's block", node.name());
        assert!(!is_canonical(node, 1 - winner), "{} has the losing side's block", node.name());
    }
    report(&format!(
        "partition of {APART} blocks or more: {} blocks with {} hashes replaced by {} blocks, then with {}",
        last[1 - winner].number - fork,
        last[1 - winner].work - work_at_fork,
        last[winner].number - fork,
        last[winner].work - work_at_fork,
    ));

    let losers = if winner == 0 { 1..3 } else { 0..1 };
    for loser in losers {
        let node = &nodes[loser];
        wait_until(&format!("{} logs the reorganisation", node.name()), PATIENCE, || {
            node.log().lines().filter_map(depth_in).any(|depth| depth >= APART)
        });
        let dropped = dropped_blocks(node) - dropped_before[loser];
        assert!(dropped >= f64::from(APART), "{} counts {dropped} dropped blocks", node.name());
        for counter in ["gridpeg_reorgs_total", "gridpeg_reorg_depth_count"] {
            assert!(node.metric(counter) >= Some(1.0), "{}: {counter}", node.name());
        }
    }
}

/// The last block that both have.
fn last_in_common(one: &Node, other: &Node) -> u32 {
    let lowest = one.height().min(other.height());
    (0..=lowest).rev().find(|height| one.hash_at(*height) == other.hash_at(*height)).unwrap()
}

/// Blocks that reorganisations have dropped since the node's start.
fn dropped_blocks(node: &Node) -> f64 {
    node.metric("gridpeg_reorg_depth_sum").unwrap()
}

/// The depth of the reorganisation that a line of the log tells of.
fn depth_in(line: &str) -> Option<u32> {
    let (_, depth) = line.split_once("Reorganised: ")?;
    depth.split(' ').next()?.parse().ok()
}

/// Every node finalizes the block K below its best one, and all the same.
fn finality_follows(nodes: &[Node]) {
    wait_until("the chain is longer than the finality depth", PATIENCE, || {
        nodes.iter().all(|node| node.height() > FINALITY_DEPTH + 3)
    });
    for node in nodes {
        wait_until(&format!("{} finalizes at depth {FINALITY_DEPTH}", node.name()), PATIENCE, || {
            let before = node.height();
            let finalized = node.finalized();
            let after = node.height();
            // A heavier branch may be a block shorter.
            assert!(finalized + FINALITY_DEPTH <= after + 1, "#{finalized} is final already, the best is #{after}");
            finalized + FINALITY_DEPTH + 1 >= before
        });
    }
    let finalized = nodes.iter().map(Node::finalized).min().unwrap();
    assert!(finalized > 0);
    for node in nodes {
        assert_eq!(node.hash_at(finalized), nodes[0].hash_at(finalized), "#{finalized} of {}", node.name());
    }
}
