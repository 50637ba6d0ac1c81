//! The joint methods: what the other chain needs to check this one.
//!
//! | method | answers |
//! |---|---|
//! | `joint_header(at?)` | a sealed header, decoded |
//! | `joint_proof(nonce, at?)` | an open message of this chain, with its proof |
//! | `joint_receipt(nonce, at?)` | the receipt of the counterpart's message with that nonce, with its proof |
//! | `joint_lanes(at?)` | the state of both lanes, with its proof |
//! | `joint_ancestor(block, of?)` | the proof that a block is an ancestor of another |
//! | `joint_leaves(tree, at?)` | all leaves of a subtree |
//! | `joint_leaf(tree, index, at?)` | one of them, with its proof |
//!
//! Without `at`, or `of`, the best block answers. Proofs of leaves hold against the subtree's root in that block's header
//! (for messages, receipts and lanes the cross-chain root), those of ancestors against the ancestry root in the header of `of`. None of it needs the state of an old
//! block: see [`crate::leaves`] and [`crate::ancestry`].
//!
//! The fields are in [`answers`](super::answers) and [`subtree_answers`](super::subtree_answers), the errors in [`errors`](super::errors).

use super::{
    answers::{AncestorAnswer, HeaderAnswer, ProofAnswer},
    errors::Error,
    proofs::{describe_ancestor, prove_leaf, Wanted},
    subtree_answers::{LeavesAnswer, ProvenLeafAnswer, Tree},
};
use crate::{
    ancestry::Ancestry,
    client::{Block, FullClient, Hash},
    leaves::Leaves,
};
use gridpeg_header::{Header, HeaderError, JointHeader, SubtreeId};
use gridpeg_messages::Nonce;
use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use polkadot_sdk::sp_blockchain::HeaderBackend;
use std::sync::Arc;

/// The joint methods.
#[rpc(server)]
pub trait JointApi {
    /// The sealed header of a block, decoded.
    #[method(name = "joint_header", blocking)]
    fn header(&self, at: Option<Hash>) -> RpcResult<HeaderAnswer>;

    /// Proves the open message with this nonce against the cross-chain root of a block.
    #[method(name = "joint_proof", blocking)]
    fn proof(&self, nonce: Nonce, at: Option<Hash>) -> RpcResult<ProofAnswer>;

    /// Proves the receipt of the counterpart's message with this nonce against the cross-chain root of a block.
    #[method(name = "joint_receipt", blocking)]
    fn receipt(&self, nonce: Nonce, at: Option<Hash>) -> RpcResult<ProofAnswer>;

    /// Proves the state of both lanes against the cross-chain root of a block.
    #[method(name = "joint_lanes", blocking)]
    fn lanes(&self, at: Option<Hash>) -> RpcResult<ProofAnswer>;

    /// Proves that a block is an ancestor of another.
    #[method(name = "joint_ancestor", blocking)]
    fn ancestor(&self, block: Hash, of: Option<Hash>) -> RpcResult<AncestorAnswer>;

    /// All leaves that a block commits in a subtree.
    #[method(name = "joint_leaves", blocking)]
    fn leaves(&self, tree: Tree, at: Option<Hash>) -> RpcResult<LeavesAnswer>;

    /// Proves one of them against the subtree's root.
    #[method(name = "joint_leaf", blocking)]
    fn leaf(&self, tree: Tree, index: u32, at: Option<Hash>) -> RpcResult<ProvenLeafAnswer>;
}

/// Answers the joint methods.
pub struct Joint {
    client: Arc<FullClient>,
    leaves: Leaves,
    ancestry: Ancestry,
}

impl Joint {
    /// Answers from this client's chain, and what is kept next to it.
    pub fn new(client: Arc<FullClient>, leaves: Leaves, ancestry: Ancestry) -> Self {
        Self { client, leaves, ancestry }
    }

    /// The header to answer at, raw and decoded.
    fn header_at(&self, at: Option<Hash>) -> Result<(Header, JointHeader), Error> {
        let hash = at.unwrap_or_else(|| self.client.info().best_hash);
        let header = HeaderBackend::<Block>::header(&*self.client, hash)
            .map_err(Error::failed)?
            .ok_or(Error::UnknownBlock(hash))?;
        let joint = JointHeader::from_header(&header).map_err(|error| match error {
            HeaderError::Genesis => Error::Genesis,
            error => Error::failed(error),
        })?;
        Ok((header, joint))
    }

    fn prove(&self, wanted: Wanted, at: Option<Hash>) -> Result<ProofAnswer, Error> {
        let (_, header) = self.header_at(at)?;
        let leaves = self.leaves.outbox_at(&header).map_err(Error::failed)?;
        let leaves = leaves.ok_or(Error::StatePruned(header.hash))?;
        prove_leaf(&self.leaves.domain(SubtreeId::CrossChain), &header, leaves, wanted)
    }

    /// The leaves of a subtree, with the header that commits them.
    fn leaves_at(&self, tree: Tree, at: Option<Hash>) -> Result<(JointHeader, Vec<Vec<u8>>), Error> {
        let (_, header) = self.header_at(at)?;
        let leaves = self.leaves.at(&header, tree.id()).map_err(Error::failed)?;
        let leaves = leaves.ok_or(Error::StatePruned(header.hash))?;
        Ok((header, leaves))
    }

    fn prove_ancestor(&self, block: Hash, of: Option<Hash>) -> Result<AncestorAnswer, Error> {
        let (header, block) = self.header_at(Some(block))?;
        let (_, of) = self.header_at(of)?;
        let proof = self.ancestry.prove(&block, &of)?;
        describe_ancestor(&header, &block, &of, proof)
    }
}

impl JointApiServer for Joint {
    fn header(&self, at: Option<Hash>) -> RpcResult<HeaderAnswer> {
        let (header, joint) = self.header_at(at)?;
        Ok(HeaderAnswer::new(&header, &joint))
    }

    fn proof(&self, nonce: Nonce, at: Option<Hash>) -> RpcResult<ProofAnswer> {
        Ok(self.prove(Wanted::Message(nonce), at)?)
    }

    fn receipt(&self, nonce: Nonce, at: Option<Hash>) -> RpcResult<ProofAnswer> {
        Ok(self.prove(Wanted::Receipt(nonce), at)?)
    }

    fn lanes(&self, at: Option<Hash>) -> RpcResult<ProofAnswer> {
        Ok(self.prove(Wanted::State, at)?)
    }

    fn ancestor(&self, block: Hash, of: Option<Hash>) -> RpcResult<AncestorAnswer> {
        Ok(self.prove_ancestor(block, of)?)
    }

    fn leaves(&self, tree: Tree, at: Option<Hash>) -> RpcResult<LeavesAnswer> {
        let (header, leaves) = self.leaves_at(tree, at)?;
        Ok(LeavesAnswer::new(tree, &header, leaves))
    }

    fn leaf(&self, tree: Tree, index: u32, at: Option<Hash>) -> RpcResult<ProvenLeafAnswer> {
        let (header, leaves) = self.leaves_at(tree, at)?;
        Ok(ProvenLeafAnswer::new(tree, &self.leaves.domain(tree.id()), &header, leaves, index)?)
    }
}
