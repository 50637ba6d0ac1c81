//! What a node proves of old blocks although it has pruned their state: that they are ancestors of others, and the
//! leaves that they commit.

use gridpeg_forge::{decode, Forge};
use gridpeg_header::{
    ancestry::{AncestryProof, Node},
    target::work_of,
    JointHeader, SubtreeId, U256,
};
use gridpeg_node::{
    client::Hash,
    rpc::{answers::LeafAnswer, joint::JointApiServer},
};
use polkadot_sdk::{sp_blockchain::HeaderBackend, sp_crypto_hashing::blake2_256};

const T: u64 = 3_000;
const K: u32 = 5;

const UNKNOWN_BLOCK: i32 = -32100;
const GENESIS: i32 = -32101;
const NOT_OPEN: i32 = -32102;
const NOT_AN_ANCESTOR: i32 = -32105;

fn forge() -> Forge {
    Forge::new(&electricity_node::NETWORK, |parameters| {
        parameters.finality_depth = K;
        parameters.confirmations = K;
    })
}

/// The header of a block on any branch.
fn header(forge: &Forge, hash: Hash) -> JointHeader {
    let header = forge.client().header(hash).unwrap().unwrap_or_else(|| panic!("there is no block {hash:?}"));
    JointHeader::from_header(&header).unwrap_or_else(|error| panic!("{hash:?}: {error}"))
}

fn is_pruned(forge: &Forge, hash: Hash) -> bool {
    forge.client().state_at(hash).is_err()
}

/// Asks the node for a proof and checks it against the header of the later block.
fn check_ancestor(forge: &Forge, block: Hash, of: Hash) {
    let answer = forge.joint().ancestor(block, Some(of)).unwrap();
    let (block, of) = (header(forge, block), header(forge, of));
    assert_eq!((answer.block, answer.number), (block.hash, block.number));
    assert_eq!((answer.of, answer.of_number, answer.blocks), (of.hash, of.number, of.number));
    assert_eq!(JointHeader::decode(&answer.header.0).as_ref(), Ok(&block));
    let node = |hash, work: Hash| Node { hash, work: U256::from_big_endian(work.as_bytes()) };
    let nodes: Vec<Node> = answer.nodes.iter().map(|answer| node(answer.hash, answer.work)).collect();
    let proof = AncestryProof { blocks: answer.blocks, nodes: nodes.try_into().unwrap() };
    let work = work_of(block.joint.target);
    assert!(proof.verify(&of.joint.ancestry, block.number, &block.hash, work), "#{} of #{}", block.number, of.number);
    assert!(!proof.verify(&of.joint.ancestry, block.number, &block.hash, work + 1), "the work is proven too");
}

fn refused(forge: &Forge, block: Hash, of: Hash) -> i32 {
    forge.joint().ancestor(block, Some(of)).unwrap_err().code()
}

/// Pairs of blocks of the best branch: of every age, at the borders of the range's trees and of what is final.
fn check_pairs(forge: &Forge) {
    let best = forge.tip(forge.best()).number;
    let last = forge.client().info().finalized_number;
    let blocks = [1, 2, 3, 7, 8, 63, 64, 65, 200, 255, 256, 257, 400, 511, 512, last - 1, last, last + 1, best - 1];
    let ofs = [2, 64, 65, 128, 300, 512, last, last + 1, best];
    for of in ofs {
        for block in blocks {
            let (lower, upper) = (forge.hash_at(block), forge.hash_at(of));
            if block < of {
                check_ancestor(forge, lower, upper);
            } else {
                assert_eq!(refused(forge, lower, upper), NOT_AN_ANCESTOR, "#{block} of #{of}");
            }
        }
    }
    // All ages; without another block the best one commits them.
    for number in (1..best).step_by(7) {
        check_ancestor(forge, forge.hash_at(number), forge.best());
    }
    assert_eq!(forge.joint().ancestor(forge.hash_at(1), None).unwrap().of, forge.best());
}

#[test]
fn blocks_of_any_age_are_proven_to_be_ancestors() {
    let forge = forge();
    forge.grow(forge.genesis(), 300, T);
    forge.finalize();
    let trunk = forge.grow(forge.best(), 300, T);
    // Half of it is not final yet, so that headers are all that there is of it.
    check_pairs(&forge);
    forge.finalize();
    assert!(is_pruned(&forge, forge.hash_at(200)) && !is_pruned(&forge, trunk));
    check_pairs(&forge);

    // Another branch from above the finalized block wins; the old one's blocks stay provable below its own tip.
    let fork = forge.hash_at(597);
    let lost = forge.hash_at(598);
    let branch = forge.grow(fork, 5, T / 3);
    assert_eq!(forge.best(), branch);
    check_pairs(&forge);
    for block in [forge.hash_at(1), forge.hash_at(595), forge.hash_at(597), lost] {
        check_ancestor(&forge, block, trunk);
    }
    assert_eq!(refused(&forge, lost, branch), NOT_AN_ANCESTOR);
    assert_eq!(refused(&forge, forge.hash_at(598), trunk), NOT_AN_ANCESTOR);
    forge.finalize();
    check_pairs(&forge);

    let forge = forge.restart();
    check_pairs(&forge);
    forge.grow(forge.best(), 20, T);
    forge.finalize();
    check_pairs(&forge);

    assert_eq!(refused(&forge, Hash::repeat_byte(1), forge.best()), UNKNOWN_BLOCK);
    assert_eq!(refused(&forge, forge.best(), Hash::repeat_byte(1)), UNKNOWN_BLOCK);
    assert_eq!(refused(&forge, forge.genesis(), forge.best()), GENESIS);
}

/// The root of a cross-chain subtree that has one leaf, as `docs/protocol.md` says.
fn root_of_one(chain: Hash, leaf: &[u8]) -> Hash {
    let domain = [&[4][..], chain.as_bytes()].concat();
    let leaf = blake2_256(&[&[0][..], &domain, leaf].concat());
    blake2_256(&[&[2][..], &domain, &1u32.to_le_bytes(), &leaf].concat()).into()
}

/// The state of the lanes is the only leaf of a chain without messages.
fn check_lanes(forge: &Forge, hash: Hash) {
    let answer = forge.joint().lanes(Some(hash)).unwrap();
    let header = header(forge, hash);
    assert_eq!((answer.block, answer.number), (header.hash, header.number));
    assert_eq!(Some(answer.root), header.joint.subtree(SubtreeId::CrossChain));
    assert_eq!((answer.index, answer.count, answer.siblings.len()), (0, 1, 0));
    let LeafAnswer::State(state) = answer.leaf else {
        panic!("another leaf: {:?}", answer.leaf);
    };
    assert_eq!((state.sent, state.received), (0, 0));
    assert_eq!(root_of_one(forge.genesis(), &state.encoded.0), answer.root);
}

#[test]
fn leaves_of_blocks_whose_state_is_pruned_are_proven() {
    let forge = forge();
    forge.grow(forge.genesis(), 300, T);
    forge.finalize();
    let forge = forge.restart();
    for number in [1, 20, 30] {
        assert!(is_pruned(&forge, forge.hash_at(number)), "#{number}");
    }
    for number in [1, 20, 30, 200, 299, 300] {
        check_lanes(&forge, forge.hash_at(number));
    }
    let old = Some(forge.hash_at(20));
    assert_eq!(forge.joint().proof(1, old).unwrap_err().code(), NOT_OPEN);
    assert_eq!(forge.joint().receipt(1, old).unwrap_err().code(), NOT_OPEN);
    assert_eq!(forge.joint().lanes(Some(forge.genesis())).unwrap_err().code(), GENESIS);
}

#[test]
fn a_node_that_ended_before_it_kept_leaves_keeps_them_at_its_next_start() {
    let forge = forge();
    forge.grow(forge.genesis(), 3, T);
    // Blocks that came past the import: their leaves were not kept, as after a crash in between.
    let node = forge.sibling();
    for number in 1..=3 {
        node.receive_unchecked(&forge.block(forge.hash_at(number)));
    }
    let root = decode(&forge.block(forge.best())).joint.subtree(SubtreeId::CrossChain).unwrap();
    assert!(
        forge.leaves().has(SubtreeId::CrossChain, &root).unwrap()
            && !node.leaves().has(SubtreeId::CrossChain, &root).unwrap()
    );
    check_lanes(&node, node.best());
    let node = node.restart();
    assert!(node.leaves().has(SubtreeId::CrossChain, &root).unwrap());
    check_lanes(&node, node.best());
}
