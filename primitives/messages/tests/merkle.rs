//! The trees against a naive reading of the document, and everything that a proof must not prove.

use gridpeg_header::{SubtreeId, H256};
use gridpeg_messages::{merkle::ProofError, Domain, MerkleProof};
use polkadot_sdk::sp_crypto_hashing::blake2_256;
use proptest::prelude::*;

const DOMAIN: Domain = Domain { tree: SubtreeId::CrossChain, chain: H256([5; 32]) };

fn leaf_bytes(index: u32) -> Vec<u8> {
    vec![index as u8; index as usize % 100]
}

fn leaf_hashes(count: u32) -> Vec<H256> {
    (0..count).map(|index| DOMAIN.leaf(&leaf_bytes(index))).collect()
}

fn naive_root(count: u32) -> H256 {
    let domain = [&[4u8][..], &[5; 32]].concat();
    let hash = |tag: u8, parts: &[&[u8]]| blake2_256(&[&[tag][..], &domain, &parts.concat()].concat());
    let mut level: Vec<[u8; 32]> = (0..count).map(|index| hash(0, &[&leaf_bytes(index)])).collect();
    if level.is_empty() {
        return hash(3, &[]).into();
    }
    while level.len() > 1 {
        let mut next = Vec::new();
        while level.len() >= 2 {
            let (left, right) = (level.remove(0), level.remove(0));
            next.push(hash(1, &[&left, &right]));
        }
        next.append(&mut level);
        level = next;
    }
    hash(2, &[&count.to_le_bytes(), &level[0]]).into()
}

#[test]
fn roots_agree_with_the_document() {
    for count in 0..70 {
        assert_eq!(DOMAIN.root(&leaf_hashes(count)), naive_root(count), "{count}");
    }
}

#[test]
fn every_leaf_is_proven_in_every_size() {
    for count in 1..70u32 {
        let leaves = leaf_hashes(count);
        let root = DOMAIN.root(&leaves);
        for index in 0..count {
            let proof = DOMAIN.prove(&leaves, index).unwrap();
            assert_eq!(DOMAIN.verify(&root, &leaf_bytes(index), &proof), Ok(()));
        }
        assert!(DOMAIN.prove(&leaves, count).is_none());
    }
}

#[test]
fn zero_root_index_out_of_range_short_and_long_proofs_are_refused_by_name() {
    let leaves = leaf_hashes(6);
    let root = DOMAIN.root(&leaves);
    let proof = DOMAIN.prove(&leaves, 3).unwrap();
    let verify = |root: &H256, proof: &MerkleProof| DOMAIN.verify(root, &leaf_bytes(3), proof);
    assert_eq!(verify(&H256::zero(), &proof), Err(ProofError::ZeroRoot));
    assert_eq!(verify(&root, &MerkleProof { index: 6, ..proof.clone() }), Err(ProofError::IndexOutOfRange));
    let mut short = proof.clone();
    short.siblings.pop();
    assert_eq!(verify(&root, &short), Err(ProofError::TooFewSiblings));
    let mut long = proof.clone();
    long.siblings.try_push(H256::zero()).unwrap();
    assert_eq!(verify(&root, &long), Err(ProofError::UnusedSiblings));
}

#[test]
fn a_proof_holds_for_one_tree_of_one_chain_only() {
    let leaves = leaf_hashes(5);
    let root = DOMAIN.root(&leaves);
    let proof = DOMAIN.prove(&leaves, 2).unwrap();
    let other_tree = Domain { tree: SubtreeId::PvTrading, ..DOMAIN };
    let other_chain = Domain { chain: H256([6; 32]), ..DOMAIN };
    for domain in [other_tree, other_chain] {
        assert_eq!(domain.verify(&root, &leaf_bytes(2), &proof), Err(ProofError::RootMismatch));
    }
}

#[test]
fn an_inner_node_is_not_a_leaf() {
    let leaves = leaf_hashes(2);
    let root = DOMAIN.root(&leaves);
    // The bytes that a node hashes, offered as a leaf of a one-leaf tree.
    let inner = [leaves[0].as_bytes(), leaves[1].as_bytes()].concat();
    for count in [1, 2] {
        let proof = MerkleProof { index: 0, count, siblings: Default::default() };
        assert!(DOMAIN.verify(&root, &inner, &proof).is_err());
    }
}

#[test]
fn a_doubled_last_leaf_changes_the_root() {
    let mut leaves = leaf_hashes(3);
    let root = DOMAIN.root(&leaves);
    leaves.push(leaves[2]);
    assert_ne!(DOMAIN.root(&leaves), root);
}

#[test]
fn the_empty_tree_has_a_root_that_proves_nothing() {
    let root = DOMAIN.root(&[]);
    assert!(!root.is_zero());
    let proof = MerkleProof { index: 0, count: 1, siblings: Default::default() };
    assert_eq!(DOMAIN.verify(&root, &[], &proof), Err(ProofError::RootMismatch));
}

proptest! {
    #[test]
    fn any_change_of_leaf_index_count_or_sibling_is_refused(
        count in 1u32..60, at in 0u32..60, bit in 0usize..256, what in 0u8..4, other in 0u32..100,
    ) {
        let leaves = leaf_hashes(count);
        let root = DOMAIN.root(&leaves);
        let index = at % count;
        let good = DOMAIN.prove(&leaves, index).unwrap();
        let mut leaf = leaf_bytes(index);
        let mut proof = good.clone();
        match what {
            0 => leaf.push(1),
            1 => proof.index = other,
            2 => proof.count = other,
            _ if proof.siblings.is_empty() => leaf.push(2),
            _ => {
                let level = at as usize % proof.siblings.len();
                proof.siblings[level].as_bytes_mut()[bit / 8] ^= 1 << (bit % 8);
            }
        }
        prop_assume!(proof != good || leaf != leaf_bytes(index));
        prop_assert!(DOMAIN.verify(&root, &leaf, &proof).is_err());
    }
}
