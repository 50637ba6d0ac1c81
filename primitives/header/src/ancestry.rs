//! The ancestry Merkle mountain range: block n commits all headers 0 … n−1, oldest first.
//!
//! A node carries a hash and the base work of the blocks below it, so that a proof of one header also proves how much
//! work lies before it (and sampling by work, FlyClient, stays possible). Headers enter with their sealed hash.
//!
//! Shape, positions and bagging are those of `polkadot-ckb-merkle-mountain-range`: peaks are bagged from the right,
//! the right one first.
//!
//! A range only ever adds nodes: those over the first n blocks are part of every longer range. [`RangeOn`] is the one
//! implementation: [`Peaks`], which the chain's state keeps, and [`Range`], all of whose nodes are in memory, use it; a
//! full node looks the nodes up in its database.

use crate::{H256, U256};
use alloc::{collections::BTreeMap, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::cell::RefCell;
use mmr::{helper::get_peaks, MMRStoreReadOps, MMRStoreWriteOps, Merge, MerkleProof, MMR};
use polkadot_sdk::{sp_core::ConstU32, sp_crypto_hashing::blake2_256, sp_runtime::BoundedVec};
use scale_info::TypeInfo;

/// Why a range cannot be read or extended.
pub use mmr::Error as RangeError;

const LEAF_TAG: u8 = 0x10;
const NODE_TAG: u8 = 0x11;
const ROOT_TAG: u8 = 0x12;

/// Most peaks that a range can have: a height is 32 bits.
pub const MAX_PEAKS: u32 = 33;

/// A node of the range.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Node {
    /// Hash of the subtree.
    pub hash: H256,
    /// Base work of all blocks in it.
    pub work: U256,
}

impl Node {
    /// The leaf of one block: its sealed header's hash and its own base work (0 for genesis).
    pub fn leaf(block: &H256, work: U256) -> Self {
        let hash = blake2_256(&(LEAF_TAG, block, work).encode());
        Self { hash: hash.into(), work }
    }
}

/// Joins two nodes.
pub struct Joint;

impl Merge for Joint {
    type Item = Node;

    fn merge(left: &Node, right: &Node) -> mmr::Result<Node> {
        let hash = blake2_256(&(NODE_TAG, left, right).encode());
        let work = left.work.checked_add(right.work).ok_or(mmr::Error::MergeError("work overflows".into()))?;
        Ok(Node { hash: hash.into(), work })
    }
}

/// The committed root: blocks committed, bagged hash and total work. Never zero; 0 blocks have a root too.
pub fn root_hash(blocks: u32, bagged: &Node) -> H256 {
    blake2_256(&(ROOT_TAG, blocks, bagged).encode()).into()
}

/// The peaks of a range: enough to append and to know the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Peaks {
    /// Blocks committed.
    pub blocks: u32,
    /// The peaks, from left to right.
    pub nodes: Vec<Node>,
}

impl Peaks {
    /// Appends a block's leaf.
    pub fn push(&mut self, leaf: Node) -> mmr::Result<()> {
        let mut range = self.range();
        range.push(leaf)?;
        self.nodes = range.peaks()?;
        self.blocks = range.blocks();
        Ok(())
    }

    /// The root that a header commits.
    pub fn root(&self) -> mmr::Result<H256> {
        self.range().root()
    }

    fn range(&self) -> Range {
        let positions = get_peaks(size_of(self.blocks));
        RangeOn::new(self.blocks, positions.into_iter().zip(self.nodes.iter().copied()).collect())
    }
}

/// Most nodes that a proof can have: siblings up to a peak, and the other peaks.
pub const MAX_PROOF_NODES: u32 = 2 * MAX_PEAKS;

/// A proof that a header is an ancestor of another.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct AncestryProof {
    /// Blocks that the root commits.
    pub blocks: u32,
    /// The proof's nodes, in the order of the range library.
    pub nodes: BoundedVec<Node, ConstU32<MAX_PROOF_NODES>>,
}

impl AncestryProof {
    /// Checks that the root of a header commits the block at `number` with this sealed hash and base work.
    pub fn verify(&self, root: &H256, number: u32, block: &H256, work: U256) -> bool {
        self.root(number, block, work) == Some(*root)
    }

    /// The root that the proof leads to from the block at `number` with this sealed hash and base work; `None` if the
    /// proof has too many nodes for that place, or too few.
    pub fn root(&self, number: u32, block: &H256, work: U256) -> Option<H256> {
        // The library lets unused nodes pass; a proof has exactly one form.
        if proof_len(self.blocks, number) != Some(self.nodes.len()) {
            return None;
        }
        let position = mmr::leaf_index_to_pos(number.into());
        let proof = MerkleProof::<Node, Joint>::new(size_of(self.blocks), self.nodes.to_vec());
        let bagged = proof.calculate_root([(position, Node::leaf(block, work))].to_vec()).ok()?;
        Some(root_hash(self.blocks, &bagged))
    }
}

/// Looks nodes of a range up.
pub trait Nodes {
    /// The node at a position; `None` if it is not there.
    fn node(&self, position: u64) -> mmr::Result<Option<Node>>;
}

impl Nodes for BTreeMap<u64, Node> {
    fn node(&self, position: u64) -> mmr::Result<Option<Node>> {
        Ok(self.get(&position).copied())
    }
}

/// A range in memory.
pub type Range = RangeOn<BTreeMap<u64, Node>>;

/// A range whose nodes over the first blocks are kept elsewhere; those over the blocks that are appended are here.
///
/// Proving a block looks at most [`MAX_PROOF_NODES`] nodes up; appending one, and the root, at most the peaks.
#[derive(Default)]
pub struct RangeOn<N> {
    blocks: u32,
    store: Store<N>,
}

impl<N: Nodes> RangeOn<N> {
    /// The range over this many blocks. `kept` must have the nodes over them; whether it has more makes no difference.
    pub fn new(blocks: u32, kept: N) -> Self {
        Self { blocks, store: Store { kept, added: RefCell::default() } }
    }

    /// Blocks committed.
    pub fn blocks(&self) -> u32 {
        self.blocks
    }

    /// Appends a block's leaf.
    pub fn push(&mut self, leaf: Node) -> mmr::Result<()> {
        let mut range = MMR::<Node, Joint, _>::new(size_of(self.blocks), &self.store);
        range.push(leaf)?;
        range.commit()?;
        self.blocks = self.blocks.saturating_add(1);
        Ok(())
    }

    /// The root over all blocks.
    pub fn root(&self) -> mmr::Result<H256> {
        let bagged = match self.blocks {
            0 => Node::default(),
            blocks => MMR::<Node, Joint, _>::new(size_of(blocks), &self.store).get_root()?,
        };
        Ok(root_hash(self.blocks, &bagged))
    }

    /// Proves the block at `number` against the root over all blocks.
    pub fn prove(&self, number: u32) -> mmr::Result<AncestryProof> {
        let range = MMR::<Node, Joint, _>::new(size_of(self.blocks), &self.store);
        let proof = range.gen_proof([mmr::leaf_index_to_pos(number.into())].to_vec())?;
        let nodes = proof.proof_items().to_vec();
        let nodes = BoundedVec::try_from(nodes).map_err(|_: Vec<Node>| mmr::Error::CorruptedProof)?;
        Ok(AncestryProof { blocks: self.blocks, nodes })
    }

    /// The nodes that the appended blocks added, by position: what has to be kept for a range that goes on from here.
    pub fn into_added(self) -> BTreeMap<u64, Node> {
        self.store.added.into_inner()
    }

    /// The peaks, from left to right.
    fn peaks(&self) -> mmr::Result<Vec<Node>> {
        get_peaks(size_of(self.blocks))
            .into_iter()
            .map(|position| self.store.node(position)?.ok_or(mmr::Error::InconsistentStore))
            .collect()
    }
}

/// Nodes that a proof of one leaf has: its siblings up to its peak, the peaks to the left, the bagged ones to the right.
fn proof_len(leaves: u32, index: u32) -> Option<usize> {
    let mut rest = leaves;
    let mut first = 0u32;
    let mut left_peaks = 0usize;
    while rest > 0 {
        let height = rest.ilog2();
        let size = 1u32.checked_shl(height)?;
        rest = rest.saturating_sub(size);
        if index.checked_sub(first)? < size {
            let right_peaks = usize::from(rest > 0);
            return (height as usize).checked_add(left_peaks)?.checked_add(right_peaks);
        }
        first = first.saturating_add(size);
        left_peaks = left_peaks.saturating_add(1);
    }
    None
}

/// Nodes of a range with this many leaves.
fn size_of(leaves: u32) -> u64 {
    match leaves.checked_sub(1) {
        Some(last) => mmr::leaf_index_to_mmr_size(last.into()),
        None => 0,
    }
}

/// Nodes kept elsewhere, and those added to them.
#[derive(Default)]
struct Store<N> {
    kept: N,
    added: RefCell<BTreeMap<u64, Node>>,
}

impl<N: Nodes> Nodes for Store<N> {
    fn node(&self, position: u64) -> mmr::Result<Option<Node>> {
        match self.added.borrow().get(&position) {
            Some(node) => Ok(Some(*node)),
            None => self.kept.node(position),
        }
    }
}

impl<N: Nodes> MMRStoreReadOps<Node> for &Store<N> {
    fn get_elem(&self, position: u64) -> mmr::Result<Option<Node>> {
        self.node(position)
    }
}

impl<N> MMRStoreWriteOps<Node> for &Store<N> {
    fn append(&mut self, position: u64, nodes: Vec<Node>) -> mmr::Result<()> {
        self.added.borrow_mut().extend((position..).zip(nodes));
        Ok(())
    }
}
