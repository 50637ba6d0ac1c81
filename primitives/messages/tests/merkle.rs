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

/// The proof of leaf 3 of 6, which has a sibling at every level, after a change.
fn verify_changed(change: impl FnOnce(&mut MerkleProof)) -> Result<(), ProofError> {
    let leaves = leaf_hashes(6);
    let mut proof = DOMAIN.prove(&leaves, 3).unwrap();
    assert_eq!(proof.siblings.len(), 3);
    change(&mut proof);
    DOMAIN.verify(&DOMAIN.root(&leaves), &leaf_bytes(3), &proof)
}

#[test]
fn a_zero_root_proves_nothing() {
    let proof = DOMAIN.prove(&leaf_hashes(6), 3).unwrap();
    assert_eq!(DOMAIN.verify(&H256::zero(), &leaf_bytes(3), &proof), Err(ProofError::ZeroRoot));
}

#[test]
fn an_index_past_the_count_is_refused() {
    for index in [6, 7, 3 + 8, u32::MAX] {
        assert_eq!(verify_changed(|proof| proof.index = index), Err(ProofError::IndexOutOfRange));
    }
    assert_eq!(verify_changed(|proof| proof.count = 0), Err(ProofError::IndexOutOfRange));
}

#[test]
fn a_truncated_proof_is_refused() {
    for len in 0..3 {
        assert_eq!(verify_changed(|proof| proof.siblings.truncate(len)), Err(ProofError::TooFewSiblings));
    }
}

#[test]
fn an_over_long_proof_is_refused() {
    let leaves = leaf_hashes(6);
    for at in 0..=3 {
        for unused in [H256::zero(), leaves[3], leaves[2]] {
            let result = verify_changed(|proof| proof.siblings.try_insert(at, unused).unwrap());
            assert_eq!(result, Err(ProofError::UnusedSiblings));
        }
    }
}

#[test]
fn a_node_has_no_room_for_a_second_child_that_is_not_hashed() {
    // The hash that is computed at a level offered beside its sibling, on either side, as a node with both children
    // given: a level has one sibling, whose side the index says, so it is one hash too many.
    let leaves = leaf_hashes(6);
    for at in [0, 1] {
        let result = verify_changed(|proof| proof.siblings.try_insert(at, leaves[3]).unwrap());
        assert_eq!(result, Err(ProofError::UnusedSiblings));
    }
    // And in its place it is hashed, so it leads elsewhere.
    assert_eq!(verify_changed(|proof| proof.siblings[0] = leaves[3]), Err(ProofError::RootMismatch));
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
    let leaves = leaf_hashes(4);
    let root = DOMAIN.root(&leaves);
    // The 64 bytes that the first inner node hashes, offered as the left one of two leaves, and as others.
    let inner = [leaves[0].as_bytes(), leaves[1].as_bytes()].concat();
    let right = DOMAIN.prove(&leaves, 0).unwrap().siblings[1];
    for count in 1..=8 {
        for siblings in [vec![], vec![right], vec![leaves[1], right]] {
            let proof = MerkleProof { index: 0, count, siblings: siblings.try_into().unwrap() };
            assert!(DOMAIN.verify(&root, &inner, &proof).is_err());
        }
    }
}

#[test]
fn a_leaf_of_64_bytes_is_not_an_inner_node() {
    // A committed leaf whose bytes are two hashes, the first one of a leaf that nobody committed.
    let forged = b"forged";
    let inner = [DOMAIN.leaf(forged).as_bytes(), &[7; 32]].concat();
    let leaves = [DOMAIN.leaf(&inner), DOMAIN.leaf(b"other")];
    let root = DOMAIN.root(&leaves);
    assert_eq!(DOMAIN.verify(&root, &inner, &DOMAIN.prove(&leaves, 0).unwrap()), Ok(()));
    for count in 2..=8 {
        let siblings = vec![H256([7; 32]), leaves[1]].try_into().unwrap();
        assert!(DOMAIN.verify(&root, forged, &MerkleProof { index: 0, count, siblings }).is_err());
    }
}

#[test]
fn a_doubled_last_leaf_changes_the_root_and_proves_nothing() {
    let leaves = leaf_hashes(3);
    let root = DOMAIN.root(&leaves);
    let doubled = [&leaves[..], &leaves[2..]].concat();
    assert_ne!(DOMAIN.root(&doubled), root);
    for index in 0..4 {
        let proof = DOMAIN.prove(&doubled, index).unwrap();
        assert!(DOMAIN.verify(&root, &leaf_bytes(index.min(2)), &proof).is_err());
    }
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
