//! Depth finality, and what an outage does to the target.

use gridpeg_forge::{decode, Forge};
use gridpeg_header::target::MAX_TARGET;
use gridpeg_node::client::Hash;
use polkadot_sdk::{sc_consensus::ImportResult, sp_blockchain::HeaderBackend};

const T: u64 = 3_000;
const K: u32 = 5;

fn forge() -> Forge {
    Forge::new(&electricity_node::NETWORK, |parameters| {
        parameters.finality_depth = K;
        parameters.confirmations = K;
    })
}

fn finalized(forge: &Forge) -> (u32, Hash) {
    let info = forge.client().info();
    (info.finalized_number, info.finalized_hash)
}

/// A node that took every block of the trunk, and a forge whose branches it has not seen.
fn node_and_branches(fork: u32, length: u32) -> (Forge, Forge, Hash) {
    let forge = forge();
    let node = forge.sibling();
    let trunk = forge.grow(forge.genesis(), 12, T);
    for number in 1..=12 {
        node.receive(&forge.block(forge.hash_at(number))).unwrap();
    }
    node.finalize();
    assert_eq!(node.best(), trunk);
    let branch = forge.grow(forge.hash_at(fork), length, T / 3);
    (node, forge, branch)
}

/// Blocks of a branch above a height, lowest first.
fn above(forge: &Forge, mut hash: Hash, number: u32) -> Vec<Hash> {
    let mut blocks = Vec::new();
    while forge.tip(hash).number > number {
        blocks.push(hash);
        hash = forge.block(hash).header.parent_hash;
    }
    blocks.reverse();
    blocks
}

#[test]
fn blocks_are_final_at_depth_k() {
    let forge = forge();
    for _ in 0..3 * K {
        forge.grow(forge.best(), 1, T);
        forge.finalize();
        let best = forge.tip(forge.best()).number;
        let (number, hash) = finalized(&forge);
        assert_eq!(number, best.saturating_sub(K));
        assert_eq!(hash, forge.hash_at(number));
    }
}

#[test]
fn many_blocks_are_finalized_in_steps() {
    let forge = forge();
    forge.grow(forge.genesis(), 600, T);
    assert_eq!(finalized(&forge).0, 0);
    forge.finalize();
    assert_eq!(finalized(&forge), (595, forge.hash_at(595)));
}

#[test]
fn a_heavier_branch_at_depth_k_wins_and_finality_goes_on() {
    let (node, forge, branch) = node_and_branches(12 - K, 8);
    for hash in above(&forge, branch, 12 - K) {
        assert!(matches!(node.receive(&forge.block(hash)).unwrap(), ImportResult::Imported(_)));
    }
    assert_eq!(node.best(), branch);
    assert_eq!(node.metrics().reorg_count(), 1);
    node.finalize();
    assert_eq!(finalized(&node).0, 15 - K);
}

#[test]
fn a_heavier_branch_deeper_than_k_is_refused_also_after_a_restart() {
    let (node, forge, branch) = node_and_branches(12 - K - 1, 9);
    let (best, last) = (node.best(), finalized(&node));
    let blocks = above(&forge, branch, 12 - K - 1);
    let mut node = node;
    for round in 0..2 {
        for hash in &blocks {
            match node.receive(&forge.block(*hash)) {
                Err(error) => assert_eq!(error.reason(), "below-finalized"),
                Ok(result) => assert!(
                    matches!(result, ImportResult::UnknownParent | ImportResult::MissingState),
                    "round {round}: {result:?}"
                ),
            }
        }
        assert_eq!((node.best(), finalized(&node)), (best, last));
        node = node.restart();
        assert_eq!((node.best(), finalized(&node)), (best, last), "as it was before the restart");
    }
    // The chain itself goes on.
    node.grow(best, 2, T);
    node.finalize();
    assert_eq!(finalized(&node).0, last.0 + 2);
}

#[test]
fn a_branch_that_finality_excludes_is_refused_before_anything_runs_on_its_state() {
    let (node, forge, branch) = node_and_branches(12 - K - 1, 9);
    let lowest = above(&forge, branch, 12 - K - 1)[0];
    let mut block = forge.block(lowest);
    // Its inherents do not even decode, which shows only once the runtime is called.
    block.extrinsics.clear();
    match node.receive(&block) {
        Err(error) => assert_eq!(error.reason(), "below-finalized"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_chain_that_stood_still_for_eight_hours_does_not_flood() {
    let forge = Forge::new(&electricity_node::NETWORK, |parameters| {
        parameters.initial_target = MAX_TARGET >> 6;
        parameters.half_life = 100;
    });
    let before = forge.grow(forge.genesis(), 20, T);
    let target = decode(&forge.block(before)).joint.target;
    let after = forge.extend(before, 8 * 3_600_000, [1; 32]);
    assert_eq!(decode(&forge.block(after)).joint.target, target);
    // Eight hours count as six block times: 5 T late, a twentieth of the half-life.
    let next = forge.extend(after, T, [1; 32]);
    let next = decode(&forge.block(next)).joint.target;
    assert!(next > target && next < target + target / 27, "2^(5/100) is 1.035");
}
