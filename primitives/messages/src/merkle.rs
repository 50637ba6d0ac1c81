//! Merkle trees with separated domains, and proofs that have exactly one form.
//!
//! BLAKE2b-256 throughout. `domain = tree id (1 byte) ‖ genesis hash of the chain (32 bytes)`:
//!
//! | | hash of |
//! |---|---|
//! | leaf | `0x00 ‖ domain ‖ leaf bytes` |
//! | node | `0x01 ‖ domain ‖ left ‖ right` |
//! | root | `0x02 ‖ domain ‖ leaf count (u32, little-endian) ‖ top` |
//! | root of no leaves | `0x03 ‖ domain` |
//!
//! A level with an odd number of hashes passes its last one up unchanged; nothing is ever duplicated. The leaf count
//! in the root fixes the shape, so the length of a proof follows from index and count, and a leaf can be mistaken
//! neither for a node nor for a leaf of another tree or chain.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_header::{SubtreeId, H256};
use polkadot_sdk::{sp_core::ConstU32, sp_crypto_hashing::blake2_256, sp_runtime::BoundedVec};
use scale_info::TypeInfo;

const LEAF_TAG: u8 = 0;
const NODE_TAG: u8 = 1;
const ROOT_TAG: u8 = 2;
const EMPTY_TAG: u8 = 3;

/// Longest possible list of siblings: a count is 32 bits.
pub const MAX_SIBLINGS: u32 = 32;

/// A tree of one chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
pub struct Domain {
    /// Which tree.
    pub tree: SubtreeId,
    /// The chain, by its genesis hash.
    pub chain: H256,
}

impl Domain {
    /// Hash of a leaf.
    pub fn leaf(&self, bytes: &[u8]) -> H256 {
        let mut input = (LEAF_TAG, self).encode();
        input.extend_from_slice(bytes);
        blake2_256(&input).into()
    }

    fn node(&self, left: &H256, right: &H256) -> H256 {
        blake2_256(&(NODE_TAG, self, left, right).encode()).into()
    }

    fn root_of_top(&self, count: u32, top: &H256) -> H256 {
        blake2_256(&(ROOT_TAG, self, count, top).encode()).into()
    }

    /// Root of a tree with these leaf hashes. Never zero.
    pub fn root(&self, leaves: &[H256]) -> H256 {
        let mut level = leaves.to_vec();
        while level.len() > 1 {
            level = self.next_level(&level);
        }
        match level.first() {
            Some(top) => self.root_of_top(leaves.len() as u32, top),
            None => blake2_256(&(EMPTY_TAG, self).encode()).into(),
        }
    }

    fn next_level(&self, level: &[H256]) -> Vec<H256> {
        level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => self.node(left, right),
                other => other.first().copied().unwrap_or_default(),
            })
            .collect()
    }

    /// Proves the leaf at `index`; `None` if there is no such leaf.
    pub fn prove(&self, leaves: &[H256], index: u32) -> Option<MerkleProof> {
        let count = u32::try_from(leaves.len()).ok()?;
        if index >= count {
            return None;
        }
        let mut siblings = BoundedVec::default();
        let mut level = leaves.to_vec();
        let mut at = index as usize;
        while level.len() > 1 {
            if let Some(sibling) = level.get(at ^ 1) {
                siblings.try_push(*sibling).ok()?;
            }
            level = self.next_level(&level);
            at /= 2;
        }
        Some(MerkleProof { index, count, siblings })
    }

    /// Checks that the tree with this root has `leaf` at the proof's index.
    pub fn verify(&self, root: &H256, leaf: &[u8], proof: &MerkleProof) -> Result<(), ProofError> {
        if root.is_zero() {
            return Err(ProofError::ZeroRoot);
        }
        if self.root_through(leaf, proof)? != *root {
            return Err(ProofError::RootMismatch);
        }
        Ok(())
    }

    /// The root that the proof leads to from `leaf`.
    pub fn root_through(&self, leaf: &[u8], proof: &MerkleProof) -> Result<H256, ProofError> {
        if proof.index >= proof.count {
            return Err(ProofError::IndexOutOfRange);
        }
        let mut siblings = proof.siblings.iter();
        let mut hash = self.leaf(leaf);
        let (mut at, mut width) = (proof.index, proof.count);
        while width > 1 {
            let is_right = at & 1 == 1;
            if is_right || at.saturating_add(1) < width {
                let sibling = siblings.next().ok_or(ProofError::TooFewSiblings)?;
                hash = if is_right { self.node(sibling, &hash) } else { self.node(&hash, sibling) };
            }
            at /= 2;
            width = width.div_ceil(2);
        }
        if siblings.next().is_some() {
            return Err(ProofError::UnusedSiblings);
        }
        Ok(self.root_of_top(proof.count, &hash))
    }
}

/// Places a leaf in a tree.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct MerkleProof {
    /// The leaf's index, from 0.
    pub index: u32,
    /// Leaves of the tree.
    pub count: u32,
    /// The sibling at every level that has one, from the leaf up.
    pub siblings: BoundedVec<H256, ConstU32<MAX_SIBLINGS>>,
}

/// Why a proof is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum ProofError {
    /// A zero root proves nothing.
    ZeroRoot,
    /// The index is not below the leaf count.
    IndexOutOfRange,
    /// The proof ends below the root.
    TooFewSiblings,
    /// The proof goes on above the root.
    UnusedSiblings,
    /// The proof leads to another root: leaf, siblings, index, count, tree or chain differ.
    RootMismatch,
}

impl core::fmt::Display for ProofError {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str(match self {
            Self::ZeroRoot => "the root is zero",
            Self::IndexOutOfRange => "the leaf's index is not below the leaf count",
            Self::TooFewSiblings => "the proof has too few siblings for its index and count",
            Self::UnusedSiblings => "the proof has more siblings than its index and count allow",
            Self::RootMismatch => "the proof leads to another root",
        })
    }
}
