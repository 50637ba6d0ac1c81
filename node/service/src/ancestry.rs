//! Proofs that a block is an ancestor of another, whatever its age.
//!
//! A header commits a Merkle mountain range over all blocks before it ([`gridpeg_header::ancestry`]). A proof is a few
//! of its nodes, which depend on all headers. So the nodes over the finalized blocks are kept in the client's auxiliary
//! store, by position, next to the number of blocks that they cover; those between them and the header that is asked
//! for, seldom more than the finality depth, are computed from headers and thrown away. A range only ever adds nodes,
//! so one set of them serves headers of every height and branch, and nothing is ever undone. A proof takes at most
//! about 66 reads beside the headers of that tail.
//!
//! **Where it runs**: in a task of its own ([`run`]) that looks every few seconds how far finality has come. Not in the
//! finality loop, which would stand still while nodes are made for a long chain; not when somebody asks, because the
//! first to ask an old node would wait for minutes, and questions would write. It may fall behind without harm: the
//! tail is longer then.
//!
//! **It mends itself**: at most [`STEP`] blocks are added at a time, their nodes and their number in one transaction,
//! and only if they lead to the root that a finalized header commits. So a step counts as a whole or not at all, and
//! the next one goes on from there. What is missing or damaged is noticed, because before a step the root, and before
//! an answer the proof, is held against the header; then all nodes are made again, from the headers. A database from
//! before there were nodes is filled in the same way.
//!
//! **Disk**: two nodes of 64 bytes per block, about 220 bytes with what the database adds: 0.5 GB a year at 15 s a
//! block.

use crate::client::{joint_header_of, store, Block, FullClient, Hash};
use codec::{DecodeAll, Encode};
use gridpeg_header::{
    ancestry::{AncestryProof, Node, Nodes, RangeError, RangeOn},
    target::work_of,
    BlockNumber, JointHeader, U256,
};
use log::{debug, info, warn};
use parking_lot::Mutex;
use polkadot_sdk::{
    sc_client_api::AuxStore,
    sp_blockchain::{self, HeaderBackend},
};
use std::{sync::Arc, time::Duration};
use tokio::{
    task::yield_now,
    time::{interval, MissedTickBehavior},
};

const LOG_TARGET: &str = "ancestry";

/// How often to look how far finality has come.
const LOOK: Duration = Duration::from_secs(5);
/// Most blocks whose nodes are stored at a time.
pub const STEP: BlockNumber = 1_024;
/// Most blocks above the stored nodes whose headers are read for one proof.
pub const MAX_TAIL: usize = 8_192;

const DAMAGED: &str = "The stored ancestry of finalized blocks is damaged; it is made again from the headers";

/// Key of the number of blocks that the stored nodes cover.
const BLOCKS: &[u8] = b"gridpeg/ancestry/blocks";
/// First part of the key of a node; its position follows.
const NODE: &[u8] = b"gridpeg/ancestry/node/";

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum AncestryError {
    /// The first block is not below the second one on its branch.
    #[error("block {block:?} is not an ancestor of {of:?}")]
    NotAncestor {
        /// The block that was to be proven.
        block: Hash,
        /// The one whose ancestor it was to be.
        of: Hash,
    },
    /// Too many headers would have to be read.
    #[error(
        "the stored ancestry covers {stored} blocks, and #{of} is more than {most} above them: ask again when this \
         node is synced and has finalized more",
        most = MAX_TAIL
    )]
    Behind {
        /// Blocks that are covered.
        stored: BlockNumber,
        /// Height of the header that was asked for.
        of: BlockNumber,
    },
    /// The nodes do not lead to the root in the header.
    #[error("stored ancestry was damaged and is made again from the headers: ask again in a few minutes")]
    Damaged,
    /// The range could not be read or extended.
    #[error("the ancestry range: {0}")]
    Range(#[from] RangeError),
    /// The client failed to look something up, or to store.
    #[error(transparent)]
    Client(#[from] sp_blockchain::Error),
}

/// The ancestry of the finalized blocks, and proofs from it.
pub struct Ancestry<C = FullClient> {
    client: Arc<C>,
    /// Held while what is stored changes.
    writing: Arc<Mutex<()>>,
}

impl<C> Clone for Ancestry<C> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone(), writing: self.writing.clone() }
    }
}

/// Looks nodes up in the auxiliary store.
struct Stored<'a, C>(&'a C);

impl<C: AuxStore> Nodes for Stored<'_, C> {
    fn node(&self, position: u64) -> Result<Option<Node>, RangeError> {
        let bytes = self.0.get_aux(&node_key(position)).map_err(|error| RangeError::StoreError(error.to_string()))?;
        // A node that does not decode is as good as none.
        Ok(bytes.and_then(|bytes| Node::decode_all(&mut &bytes[..]).ok()))
    }
}

/// Blocks of a branch that the stored nodes do not cover.
struct Tail {
    /// Height of the lowest one: the blocks that the stored nodes do cover.
    begin: BlockNumber,
    /// Hash and base work of each, the highest first.
    blocks: Vec<(Hash, U256)>,
}

impl<C: AuxStore + HeaderBackend<Block>> Ancestry<C> {
    /// The ancestry of a client's chain.
    pub fn new(client: Arc<C>) -> Self {
        Self { client, writing: Arc::default() }
    }

    /// Stores the nodes over at most [`STEP`] more finalized blocks; whether there are more of them.
    pub fn advance(&self) -> Result<bool, AncestryError> {
        self.advance_by(STEP)
    }

    fn advance_by(&self, step: BlockNumber) -> Result<bool, AncestryError> {
        let _guard = self.writing.lock();
        let finalized = self.client.info().finalized_number;
        let stored = self.stored()?;
        if stored >= finalized {
            return Ok(false);
        }
        let mut range = RangeOn::new(stored, Stored(&*self.client));
        if !self.agrees(&range)? {
            warn!(target: LOG_TARGET, "{DAMAGED}");
            range = RangeOn::new(0, Stored(&*self.client));
        }
        let end = range.blocks().saturating_add(step).min(finalized);
        for number in range.blocks()..end {
            let hash = self.finalized_hash(number)?;
            range.push(Node::leaf(&hash, self.parent_and_work(hash)?.1))?;
        }
        if !self.agrees(&range)? {
            self.set_stored(0)?;
            return Err(AncestryError::Damaged);
        }
        let nodes = range.into_added().into_iter().map(|(position, node)| (node_key(position), node.encode()));
        let entries: Vec<_> = nodes.chain([(BLOCKS.to_vec(), end.encode())]).collect();
        store(&*self.client, &entries)?;
        debug!(target: LOG_TARGET, "Stored the ancestry of {end} blocks");
        Ok(end < finalized)
    }

    /// Proves that a block is an ancestor of another.
    pub fn prove(&self, block: &JointHeader, of: &JointHeader) -> Result<AncestryProof, AncestryError> {
        let not_ancestor = AncestryError::NotAncestor { block: block.hash, of: of.hash };
        if block.number >= of.number {
            return Err(not_ancestor);
        }
        let tail = self.tail(of, self.stored()?, MAX_TAIL)?;
        let on_branch = match block.number.checked_sub(tail.begin) {
            Some(above) => tail.blocks.iter().rev().nth(above as usize).map(|(hash, _)| *hash),
            None => self.client.hash(block.number)?,
        };
        if on_branch != Some(block.hash) {
            return Err(not_ancestor);
        }
        let work = work_of(block.joint.target);
        match self.prove_from(&tail, block.number) {
            Ok(proof) if proof.verify(&of.joint.ancestry, block.number, &block.hash, work) => Ok(proof),
            Err(error @ RangeError::StoreError(_)) => Err(error.into()),
            Ok(_) | Err(_) => {
                warn!(target: LOG_TARGET, "{DAMAGED}");
                let _guard = self.writing.lock();
                self.set_stored(0)?;
                Err(AncestryError::Damaged)
            }
        }
    }

    /// The blocks below a header, down to the highest one that its branch has in common with the first `stored` blocks
    /// of our chain.
    fn tail(&self, of: &JointHeader, stored: BlockNumber, most: usize) -> Result<Tail, AncestryError> {
        let (mut begin, mut hash) = (of.number, of.parent);
        let mut blocks = Vec::new();
        // `hash` is the block below `begin`.
        while let Some(below) = begin.checked_sub(1) {
            if begin <= stored && self.client.hash(below)? == Some(hash) {
                break;
            }
            if blocks.len() >= most {
                return Err(AncestryError::Behind { stored, of: of.number });
            }
            let (parent, work) = self.parent_and_work(hash)?;
            blocks.push((hash, work));
            (begin, hash) = (below, parent);
        }
        Ok(Tail { begin, blocks })
    }

    fn prove_from(&self, tail: &Tail, number: BlockNumber) -> Result<AncestryProof, RangeError> {
        let mut range = RangeOn::new(tail.begin, Stored(&*self.client));
        for (hash, work) in tail.blocks.iter().rev() {
            range.push(Node::leaf(hash, *work))?;
        }
        range.prove(number)
    }

    /// Blocks that the stored nodes cover.
    fn stored(&self) -> sp_blockchain::Result<BlockNumber> {
        let bytes = self.client.get_aux(BLOCKS)?;
        Ok(bytes.and_then(|bytes| BlockNumber::decode_all(&mut &bytes[..]).ok()).unwrap_or(0))
    }

    fn set_stored(&self, blocks: BlockNumber) -> sp_blockchain::Result<()> {
        store(&*self.client, &[(BLOCKS.to_vec(), blocks.encode())])
    }

    /// Whether a range over finalized blocks leads to the root in the header that commits it.
    fn agrees(&self, range: &RangeOn<Stored<'_, C>>) -> Result<bool, AncestryError> {
        if range.blocks() == 0 {
            return Ok(true);
        }
        let committing = joint_header_of(&*self.client, self.finalized_hash(range.blocks())?)?;
        match range.root() {
            Ok(root) => Ok(committing.is_some_and(|header| header.joint.ancestry == root)),
            Err(error @ RangeError::StoreError(_)) => Err(error.into()),
            Err(_) => Ok(false),
        }
    }

    /// The block at a height that is final.
    fn finalized_hash(&self, number: BlockNumber) -> sp_blockchain::Result<Hash> {
        let hash = self.client.hash(number)?;
        hash.ok_or_else(|| sp_blockchain::Error::MissingHeader(format!("#{number}")))
    }

    /// A block's parent, and its own base work.
    fn parent_and_work(&self, hash: Hash) -> sp_blockchain::Result<(Hash, U256)> {
        // Genesis has neither.
        let header = joint_header_of(&*self.client, hash)?;
        Ok(header.map_or_else(Default::default, |header| (header.parent, work_of(header.joint.target))))
    }
}

fn node_key(position: u64) -> Vec<u8> {
    [NODE, &position.to_be_bytes()].concat()
}

/// Keeps up with finality for as long as the node runs.
pub async fn run(ancestry: Ancestry) {
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        let mut steps = 0u32;
        while goes_on(&ancestry) {
            steps = steps.saturating_add(1);
            // Between two steps the node may be told to end.
            yield_now().await;
        }
        if steps > 0 {
            info!(target: LOG_TARGET, "The ancestry of all finalized blocks is stored");
        }
    }
}

/// One step; whether there is another to do now.
fn goes_on(ancestry: &Ancestry) -> bool {
    ancestry.advance().unwrap_or_else(|error| {
        warn!(
            target: LOG_TARGET,
            "Cannot store the ancestry of finalized blocks, so that joint_ancestor may not answer: {error}. Tried \
             again in {} s; if that does not help, look after the disk.",
            LOOK.as_secs(),
        );
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::Chain;
    use gridpeg_header::forge::{easy_parameters, Branch};
    use std::sync::atomic::Ordering;

    const ROOT: Hash = Hash::repeat_byte(4);

    fn branch(blocks: u32) -> Branch {
        let mut branch = Branch::new(Chain::genesis().hash(), easy_parameters());
        for _ in 0..blocks {
            branch.extend(3_000, ROOT, 1);
        }
        branch
    }

    /// A chain whose best branch is this one.
    fn ancestry(branch: &Branch) -> Ancestry<Chain> {
        let chain = Chain::default();
        chain.adopt(branch.headers());
        Ancestry::new(Arc::new(chain))
    }

    fn at(branch: &Branch, number: u32) -> JointHeader {
        JointHeader::from_header(&branch.headers()[number as usize - 1]).unwrap()
    }

    fn advance(ancestry: &Ancestry<Chain>, finalized: u32, step: u32) -> u32 {
        ancestry.client.finalize(finalized);
        let mut steps = 1;
        while ancestry.advance_by(step).unwrap() {
            steps += 1;
        }
        steps
    }

    /// Every pair of blocks of a branch.
    fn check_all(ancestry: &Ancestry<Chain>, branch: &Branch) {
        let headers: Vec<JointHeader> = (1..=branch.tip().number).map(|number| at(branch, number)).collect();
        for of in &headers {
            for block in &headers {
                let proof = ancestry.prove(block, of);
                if block.number >= of.number {
                    assert!(matches!(proof, Err(AncestryError::NotAncestor { .. })), "#{} is not below", block.number);
                    continue;
                }
                let (proof, work) = (proof.unwrap(), work_of(block.joint.target));
                assert!(proof.verify(&of.joint.ancestry, block.number, &block.hash, work));
            }
        }
    }

    #[test]
    fn every_block_is_proven_however_many_are_stored() {
        let branch = branch(35);
        let ancestry = ancestry(&branch);
        for finalized in [0, 1, 2, 7, 8, 30, 35] {
            advance(&ancestry, finalized, STEP);
            assert_eq!(ancestry.stored().unwrap(), finalized);
            check_all(&ancestry, &branch);
        }
    }

    #[test]
    fn steps_go_on_where_the_last_one_ended() {
        let branch = branch(35);
        let ancestry = ancestry(&branch);
        ancestry.client.finalize(33);
        assert!(ancestry.advance_by(10).unwrap());
        // Another process.
        let ancestry = Ancestry::new(ancestry.client.clone());
        assert_eq!(ancestry.stored().unwrap(), 10);
        assert_eq!(advance(&ancestry, 33, 10), 3);
        assert_eq!(ancestry.stored().unwrap(), 33);
        // Again changes nothing.
        let before = ancestry.client.aux();
        assert_eq!(advance(&ancestry, 33, 10), 1);
        assert_eq!(ancestry.client.aux(), before);
        check_all(&ancestry, &branch);
    }

    #[test]
    fn a_proof_takes_few_reads() {
        let branch = branch(200);
        let ancestry = ancestry(&branch);
        advance(&ancestry, 197, STEP);
        for (block, of) in [(1, 200), (99, 200), (196, 200), (1, 150), (149, 150), (7, 8)] {
            let before = ancestry.client.reads.load(Ordering::Relaxed);
            ancestry.prove(&at(&branch, block), &at(&branch, of)).unwrap();
            let reads = ancestry.client.reads.load(Ordering::Relaxed) - before;
            assert!(reads <= 24, "{reads} reads for {block} of {of}");
        }
    }

    #[test]
    fn branches_beside_the_best_one_are_proven_and_not_mixed_up() {
        let trunk = branch(30);
        let ancestry = ancestry(&trunk);
        advance(&ancestry, 25, STEP);
        // One leaves the chain above the stored nodes, one below: an old header that nobody builds on any more.
        for fork in [27, 10] {
            let mut side = trunk.fork_at(fork);
            for _ in 0..6 {
                side.extend(2_000, ROOT, 2);
            }
            ancestry.client.add(side.headers());
            check_all(&ancestry, &side);
            for (block, of) in [(at(&side, fork + 1), at(&trunk, 30)), (at(&trunk, fork + 1), at(&side, fork + 6))] {
                let refused = ancestry.prove(&block, &of);
                assert!(matches!(refused, Err(AncestryError::NotAncestor { .. })), "{refused:?}");
            }
        }
        check_all(&ancestry, &trunk);
    }

    #[test]
    fn nodes_that_are_missing_or_damaged_are_made_again() {
        let branch = branch(30);
        let ancestry = ancestry(&branch);
        let (block, of) = (at(&branch, 1), at(&branch, 30));
        // The first block's sibling, and one further up.
        for (round, position) in [0u64, 29].into_iter().enumerate() {
            for damage in [None, Some(Node::default().encode()), Some(vec![1, 2, 3])] {
                advance(&ancestry, 25 + round as u32, STEP);
                ancestry.client.set_aux(&node_key(position), damage);
                assert!(matches!(ancestry.prove(&block, &of), Err(AncestryError::Damaged)));
                assert_eq!(ancestry.stored().unwrap(), 0);
                // Until they are there again, headers serve.
                check_all(&ancestry, &branch);
            }
        }
        // A step notices that a peak is missing.
        advance(&ancestry, 26, STEP);
        ancestry.client.set_aux(&node_key(30), None);
        assert_eq!(advance(&ancestry, 27, 10), 3, "all from the beginning");
        check_all(&ancestry, &branch);
    }

    #[test]
    fn too_long_a_tail_is_refused() {
        let branch = branch(12);
        let ancestry = ancestry(&branch);
        advance(&ancestry, 4, STEP);
        let of = at(&branch, 12);
        assert_eq!(ancestry.tail(&of, 4, 8).unwrap().blocks.len(), 8);
        assert!(matches!(ancestry.tail(&of, 4, 7), Err(AncestryError::Behind { stored: 4, of: 12 })));
    }
}
