//! The ancestry range against a naive one written from the document.

use gridpeg_header::{
    ancestry::{AncestryProof, Node, Nodes, Peaks, Range, RangeError, RangeOn, MAX_PROOF_NODES},
    H256, U256,
};
use polkadot_sdk::sp_crypto_hashing::blake2_256;
use std::{cell::Cell, collections::BTreeMap};

fn leaves(count: u32) -> Vec<(H256, U256)> {
    (0..count).map(|n| (H256::from_low_u64_be(n.into()), U256::from(n) * 3)).collect()
}

fn bytes(node: &(H256, U256)) -> Vec<u8> {
    [node.0.as_bytes(), &node.1.to_little_endian()].concat()
}

fn parent(left: &(H256, U256), right: &(H256, U256)) -> (H256, U256) {
    let hash = blake2_256(&[&[0x11], &bytes(left)[..], &bytes(right)].concat());
    (hash.into(), left.1 + right.1)
}

fn perfect(leaves: &[(H256, U256)]) -> (H256, U256) {
    match leaves {
        [leaf] => (blake2_256(&[&[0x10], &bytes(leaf)[..]].concat()).into(), leaf.1),
        _ => {
            let (left, right) = leaves.split_at(leaves.len() / 2);
            parent(&perfect(left), &perfect(right))
        }
    }
}

fn naive_root(leaves: &[(H256, U256)]) -> H256 {
    let mut peaks = Vec::new();
    let mut rest = leaves;
    while !rest.is_empty() {
        let size = 1usize << rest.len().ilog2();
        let (peak, others) = rest.split_at(size);
        peaks.push(perfect(peak));
        rest = others;
    }
    let bag = peaks.into_iter().rev().reduce(|bag, left| parent(&bag, &left)).unwrap_or_default();
    blake2_256(&[&[0x12], &(leaves.len() as u32).to_le_bytes()[..], &bytes(&bag)].concat()).into()
}

#[test]
fn peaks_and_range_agree_with_the_document_for_every_size() {
    let all = leaves(130);
    let (mut peaks, mut range) = (Peaks::default(), Range::default());
    for count in 0..=all.len() {
        let expected = naive_root(&all[..count]);
        assert_eq!(peaks.root().unwrap(), expected, "{count}");
        assert_eq!(range.root().unwrap(), expected, "{count}");
        assert!(!expected.is_zero());
        if let Some((hash, work)) = all.get(count) {
            peaks.push(Node::leaf(hash, *work)).unwrap();
            range.push(Node::leaf(hash, *work)).unwrap();
        }
    }
}

#[test]
fn every_block_is_proven_and_no_other_is() {
    for count in [1u32, 2, 3, 7, 8, 21, 64] {
        let all = leaves(count);
        let mut range = Range::default();
        for (hash, work) in &all {
            range.push(Node::leaf(hash, *work)).unwrap();
        }
        let root = range.root().unwrap();
        for (number, (hash, work)) in (0u32..).zip(&all) {
            let proof = range.prove(number).unwrap();
            assert!(proof.verify(&root, number, hash, *work));
            assert!(!proof.verify(&root, number, hash, *work + 1), "work is committed");
            assert!(!proof.verify(&root, number, &H256([7; 32]), *work));
            assert!(!proof.verify(&H256([7; 32]), number, hash, *work));
            assert!(!proof.verify(&root, count, hash, *work), "beyond the end");
            if count > 1 {
                assert!(!proof.verify(&root, (number + 1) % count, hash, *work), "another place");
            }
            let counted = AncestryProof { blocks: count + 1, ..proof.clone() };
            assert!(!counted.verify(&root, number, hash, *work), "the count is committed");
            let mut longer = proof.clone();
            longer.nodes.try_push(Node::default()).unwrap();
            assert!(!longer.verify(&root, number, hash, *work), "no unused nodes");
        }
    }
}

/// The nodes over these leaves.
fn nodes(leaves: &[(H256, U256)]) -> BTreeMap<u64, Node> {
    let mut range = Range::default();
    for (hash, work) in leaves {
        range.push(Node::leaf(hash, *work)).unwrap();
    }
    range.into_added()
}

#[test]
fn kept_nodes_serve_shorter_ranges_and_are_the_beginning_of_longer_ones() {
    const KEPT: u32 = 21;
    let all = leaves(40);
    let kept = nodes(&all[..KEPT as usize]);
    for blocks in 0..=40u32 {
        let mut range = RangeOn::new(blocks.min(KEPT), kept.clone());
        for (hash, work) in all.iter().take(blocks as usize).skip(KEPT as usize) {
            range.push(Node::leaf(hash, *work)).unwrap();
        }
        let root = naive_root(&all[..blocks as usize]);
        assert_eq!((range.blocks(), range.root().unwrap()), (blocks, root));
        for (number, (hash, work)) in (0..blocks).zip(&all) {
            assert!(range.prove(number).unwrap().verify(&root, number, hash, *work), "{number} of {blocks}");
        }
        assert!(range.prove(blocks).is_err(), "beyond the end");
        // Kept and added together are the nodes over all.
        let together: BTreeMap<_, _> = kept.clone().into_iter().chain(range.into_added()).collect();
        assert_eq!(together, nodes(&all[..blocks.max(KEPT) as usize]));
    }
}

#[test]
fn a_node_that_is_missing_is_an_error() {
    let all = leaves(6);
    for position in nodes(&all).into_keys() {
        let mut kept = nodes(&all);
        kept.remove(&position);
        let range = RangeOn::new(6, kept);
        let done = (0..6).try_for_each(|number| range.prove(number).map(drop)).and_then(|()| range.root().map(drop));
        assert_eq!(done, Err(RangeError::InconsistentStore), "{position}");
    }
}

/// Has every node, and counts how often it is asked.
struct Counted<'a>(&'a Cell<u32>);

impl Nodes for Counted<'_> {
    fn node(&self, _: u64) -> Result<Option<Node>, RangeError> {
        self.0.set(self.0.get() + 1);
        Ok(Some(Node::default()))
    }
}

#[test]
fn a_proof_looks_up_few_nodes_of_a_long_range() {
    for blocks in [1, 1_000_000, u32::MAX] {
        for number in [0, blocks / 2, blocks - 1] {
            let looked_up = Cell::new(0);
            let proof = RangeOn::new(blocks, Counted(&looked_up)).prove(number).unwrap();
            assert!(proof.nodes.len() as u32 <= looked_up.get() && looked_up.get() <= MAX_PROOF_NODES);
        }
    }
}
