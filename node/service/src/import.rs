//! The import pipeline. Every block passes it, whether the network sent it or we mined it.
//!
//! 1. [`JointVerifier`] (blocks from the network): takes the seal off the header, so that the runtime sees the header
//!    that it made.
//! 2. [`JointBlockImport`], in this order:
//!    strict decode → parent known, with its state → rules given the parent ([`Tip::check`]: number, target, cumulative
//!    work, time, work hash, clock) → inherents → *lock* → fork choice → execution by the client, which recomputes the digest.
//!
//! **Fork choice**: more cumulative base work wins. On equal work the block seen first stays best. Branches that leave
//! the chain below its finalized block are refused however heavy they are.
//!
//! **The lock** makes "read the best block, decide, import" one step for own blocks, the network's and finality.
//!
//! **Full sync only**: the client would accept a block unexecuted where the parent's state is missing; here it must
//! execute.

use crate::client::{tip_of, Block, FullClient, Hash};
use codec::Encode;
use futures::lock::{Mutex, MutexGuard};
use gridpeg_header::{digest::POW_ENGINE_ID, BlockNumber, Header, HeaderError, JointHeader, PowParameters, RuleError};
use log::{debug, warn};
use polkadot_sdk::{
    sc_consensus::{
        BasicQueue, BlockCheckParams, BlockImport, BlockImportParams, ForkChoiceStrategy, ImportResult, StateAction,
        Verifier,
    },
    sp_block_builder::{check_inherents, CheckInherentsError},
    sp_blockchain::{self, lowest_common_ancestor, HeaderBackend},
    sp_consensus::{BlockOrigin, BlockStatus, Error as ConsensusError},
    sp_core::traits::SpawnEssentialNamed,
    sp_runtime::{
        generic::DigestItem,
        traits::{Block as _, Header as _},
    },
    sp_timestamp::{InherentDataProvider, Timestamp},
    substrate_prometheus_endpoint::Registry,
};
use std::sync::Arc;

const LOG_TARGET: &str = "pow";

/// Why a block is refused. Names the rule.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The header does not decode strictly.
    #[error("malformed header: {0}")]
    Header(HeaderError),
    /// The header breaks a rule, given its parent.
    #[error("{0}")]
    Rule(RuleError),
    /// The inherents are not what this node's clock allows.
    #[error("inherents: {0}")]
    Inherents(String),
    /// The block came without transactions.
    #[error("the block has no body")]
    BodyMissing,
    /// The block came with a state instead of transactions to execute.
    #[error("only full sync is supported: run with --sync full")]
    NotFullSync,
    /// The block's branch leaves the chain below the finalized block.
    #[error("its branch leaves the chain at #{fork}, below the finalized #{finalized}")]
    BelowFinalized {
        /// Last block in common with the best chain.
        fork: BlockNumber,
        /// The finalized block.
        finalized: BlockNumber,
        /// Whether the branch would have become the best one.
        heavier: bool,
    },
    /// The client failed to look something up.
    #[error(transparent)]
    Client(#[from] sp_blockchain::Error),
    /// The client refused the block, as a rule on execution.
    #[error(transparent)]
    Consensus(#[from] ConsensusError),
}

impl ImportError {
    /// What the import queue is told. A block that can never become valid is bad, and costs the peer that sent it its
    /// reputation; anything else is an error, and sync tries again.
    fn into_result(self, origin: BlockOrigin) -> Result<ImportResult, ConsensusError> {
        match self {
            // Nobody to blame but us: the miner wants to know.
            error if origin == BlockOrigin::Own => Err(ConsensusError::Other(Box::new(error))),
            // Either clock may be the wrong one.
            Self::Rule(RuleError::TimeInFuture) => Err(ConsensusError::Other(Box::new(self))),
            Self::Header(_) | Self::Rule(_) | Self::Inherents(_) | Self::BodyMissing => Ok(ImportResult::KnownBad),
            // Sync drops the branch and leaves the peer alone.
            Self::BelowFinalized { .. } => Ok(ImportResult::MissingState),
            Self::Consensus(error) => Err(error),
            error @ (Self::NotFullSync | Self::Client(_)) => Err(ConsensusError::Other(Box::new(error))),
        }
    }
}

/// Takes the seal off a header from the network and keeps it as a post-digest.
pub struct JointVerifier;

#[async_trait::async_trait]
impl Verifier<Block> for JointVerifier {
    async fn verify(&self, mut block: BlockImportParams<Block>) -> Result<BlockImportParams<Block>, String> {
        let hash = block.header.hash();
        match block.header.digest_mut().pop() {
            Some(seal @ DigestItem::Seal(POW_ENGINE_ID, _)) => block.post_digests.push(seal),
            _ => return Err(format!("block #{} {hash:?}: {}", block.header.number, HeaderError::SealMissing)),
        }
        block.post_hash = Some(hash);
        // Left to the block import, which decides under its lock.
        block.fork_choice = None;
        Ok(block)
    }
}

/// Checks a block and hands it to the client.
#[derive(Clone)]
pub struct JointBlockImport {
    client: Arc<FullClient>,
    parameters: PowParameters,
    lock: Arc<Mutex<()>>,
}

impl JointBlockImport {
    /// The import of a chain with these parameters.
    pub fn new(client: Arc<FullClient>, parameters: PowParameters) -> Self {
        Self { client, parameters, lock: Arc::new(Mutex::new(())) }
    }

    /// Keeps every import out for as long as the guard lives.
    pub async fn exclusive(&self) -> MutexGuard<'_, ()> {
        self.lock.lock().await
    }

    async fn check_and_import(&self, mut block: BlockImportParams<Block>) -> Result<ImportResult, ImportError> {
        if block.with_state() || matches!(block.state_action, StateAction::Skip) {
            return Err(ImportError::NotFullSync);
        }
        let body = block.body.clone().ok_or(ImportError::BodyMissing)?;
        let sealed = JointHeader::decode(&block.post_header().encode()).map_err(ImportError::Header)?;

        match self.client.block_status(sealed.parent)? {
            BlockStatus::InChainWithState | BlockStatus::Queued => {}
            BlockStatus::InChainPruned => return Ok(ImportResult::MissingState),
            BlockStatus::KnownBad => return Ok(ImportResult::KnownBad),
            BlockStatus::Unknown => return Ok(ImportResult::UnknownParent),
        }
        let parent = tip_of(&*self.client, &self.parameters, sealed.parent)?;
        let now = Timestamp::current().as_millis();
        parent.check(&sealed, &self.parameters, now).map_err(ImportError::Rule)?;

        self.check_inherents(sealed.parent, Block::new(block.header.clone(), body)).await?;

        // The state was there a moment ago; if it is pruned meanwhile the client must refuse the block, not skip it.
        if matches!(block.state_action, StateAction::ExecuteIfPossible) {
            block.state_action = StateAction::Execute;
        }
        block.post_hash = Some(sealed.hash);

        let _guard = self.exclusive().await;
        block.fork_choice = Some(ForkChoiceStrategy::Custom(self.becomes_best(&sealed)?));
        Ok(BlockImport::<Block>::import_block(&*self.client, block).await?)
    }

    /// The runtime's own check of the timestamp. How far ahead of our clock it may be is checked before, against the
    /// chain's bound, which is at most the runtime's.
    async fn check_inherents(&self, parent: Hash, block: Block) -> Result<(), ImportError> {
        let provider = InherentDataProvider::from_system_time();
        check_inherents(self.client.clone(), parent, block, &provider).await.map_err(|error| match error {
            CheckInherentsError::Client(error) => ImportError::Client(error.into()),
            CheckInherentsError::CreateInherentData(error) | CheckInherentsError::CheckInherents(error) => {
                ImportError::Inherents(error.to_string())
            }
            CheckInherentsError::CheckInherentsUnknownError(id) => {
                ImportError::Inherents(format!("`{}` is refused", String::from_utf8_lossy(&id)))
            }
        })
    }

    /// The fork choice. To be called under the lock.
    fn becomes_best(&self, sealed: &JointHeader) -> Result<bool, ImportError> {
        let info = self.client.info();
        if sealed.parent == info.best_hash {
            return Ok(true);
        }
        let best = tip_of(&*self.client, &self.parameters, info.best_hash)?;
        // Equal work: the block seen first stays. Between blocks received within min(T/20, 2 s) of each other the
        // larger gain would win, but without claims every gain is 0.
        let heavier = sealed.joint.work > best.work;
        let fork = lowest_common_ancestor::<Block, _>(&*self.client, info.best_hash, sealed.parent)?.number;
        if fork < info.finalized_number {
            return Err(ImportError::BelowFinalized { fork, finalized: info.finalized_number, heavier });
        }
        Ok(heavier)
    }
}

#[async_trait::async_trait]
impl BlockImport<Block> for JointBlockImport {
    type Error = ConsensusError;

    async fn check_block(&self, block: BlockCheckParams<Block>) -> Result<ImportResult, ConsensusError> {
        BlockImport::<Block>::check_block(&*self.client, block).await
    }

    async fn import_block(&self, block: BlockImportParams<Block>) -> Result<ImportResult, ConsensusError> {
        let (origin, hash) = (block.origin, block.post_hash());
        let Header { number, parent_hash, .. } = block.header;
        match self.check_and_import(block).await {
            Ok(result) => Ok(result),
            Err(error) => {
                match &error {
                    ImportError::BelowFinalized { fork, finalized, heavier: true } => warn!(
                        target: LOG_TARGET,
                        "Refused a reorganisation: block #{number} ({hash:?}) has more work than ours, but leaves our \
                         chain at #{fork}, below the finalized #{finalized}. This node and its peers may have been \
                         separated for longer than the finality depth; if theirs is the right chain, purge this one."
                    ),
                    error => debug!(
                        target: LOG_TARGET,
                        "Refused block #{number} ({hash:?}, parent {parent_hash:?}): {error}"
                    ),
                }
                error.into_result(origin)
            }
        }
    }
}

/// The queue that blocks from the network go through.
pub fn import_queue(
    block_import: JointBlockImport,
    spawner: &impl SpawnEssentialNamed,
    registry: Option<&Registry>,
) -> BasicQueue<Block> {
    BasicQueue::new(JointVerifier, Box::new(block_import), None, spawner, registry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridpeg_header::digest::seal_item;

    fn header() -> Header {
        Header::new(1, Hash::zero(), Hash::zero(), Hash::zero(), Default::default())
    }

    fn verify(header: Header) -> Result<BlockImportParams<Block>, String> {
        let params = BlockImportParams::<Block>::new(BlockOrigin::NetworkBroadcast, header);
        futures::executor::block_on(JointVerifier.verify(params))
    }

    #[test]
    fn the_verifier_takes_the_seal_off() {
        let mut sealed = header();
        sealed.digest_mut().push(seal_item([7; 8]));
        let params = verify(sealed.clone()).unwrap();
        assert_eq!(params.header, header());
        assert_eq!(params.post_digests, [seal_item([7; 8])]);
        assert_eq!(params.post_hash, Some(sealed.hash()));
        assert_eq!(params.post_header(), sealed);
    }

    #[test]
    fn the_verifier_asks_for_a_seal() {
        assert!(verify(header()).err().unwrap().contains("lacks Seal(pow_)"));
    }

    #[test]
    fn only_what_can_never_become_valid_is_bad() {
        let network = BlockOrigin::NetworkBroadcast;
        let bad = ImportError::Rule(RuleError::WorkAboveTarget).into_result(network);
        assert_eq!(bad.unwrap(), ImportResult::KnownBad);
        assert!(ImportError::Rule(RuleError::TimeInFuture).into_result(network).is_err());
        assert!(ImportError::Rule(RuleError::WorkAboveTarget).into_result(BlockOrigin::Own).is_err());
        let below = ImportError::BelowFinalized { fork: 3, finalized: 5, heavier: true };
        assert_eq!(below.into_result(network).unwrap(), ImportResult::MissingState);
    }
}
