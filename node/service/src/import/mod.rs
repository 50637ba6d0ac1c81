//! The import pipeline. Every block passes it, whether the network sent it or we mined it.
//!
//! 1. [`JointVerifier`] (blocks from the network): takes the seal off the header, so that the runtime sees the header
//!    that it made.
//! 2. [`JointBlockImport`], in this order:
//!    strict decode → checkpoints of the chain spec → parent known, with its state → rules given the parent
//!    ([`Tip::check`](gridpeg_header::Tip::check): number, target, cumulative work, time, work hash, clock) → claim
//!    ([`ClaimFault`]: asked of the runtime in the parent's state) → inherents → *lock* → fork choice → execution by
//!    the client, which recomputes the digest.
//!
//! **Fork choice** ([`fork_choice`]): more cumulative base work wins. Branches that leave the chain below its finalized
//! block are refused however heavy they are.
//!
//! **The lock** makes "read the best block, decide, import" one step for own blocks, the network's and finality.
//!
//! **No decision rests on what is stored next to the chain**: cumulative work stands in every header, so there is no
//! auxiliary data that could be lost, or outlive the fork it belongs to. After the import of a block its cross-chain
//! [leaves](crate::leaves) are kept, for proofs; it is valid without.
//!
//! **Full sync only**: the client would accept a block unexecuted where the parent's state is missing; here it must
//! execute.

mod claim;
mod error;
pub mod fork_choice;

pub use claim::ClaimFault;
pub use error::ImportError;

use crate::{
    analysis::Windows,
    client::{joint_header_of, tip_of, Block, FullClient, Hash},
    leaves::Leaves,
    metrics::Metrics,
};
use codec::Encode;
use fork_choice::{prefers, tie_window, Arrivals, Candidate};
use futures::lock::Mutex;
use gridpeg_header::{
    digest::POW_ENGINE_ID, BlockNumber, Header, HeaderError, JointHeader, Millis, PowParameters, RuleError,
};
use log::{debug, info, warn};
use polkadot_sdk::{
    sc_consensus::{
        BasicQueue, BlockCheckParams, BlockImport, BlockImportParams, ForkChoiceStrategy, ImportResult, StateAction,
        Verifier,
    },
    sp_block_builder::{check_inherents, CheckInherentsError},
    sp_blockchain::{lowest_common_ancestor, HeaderBackend},
    sp_consensus::Error as ConsensusError,
    sp_core::traits::SpawnEssentialNamed,
    sp_runtime::{
        generic::DigestItem,
        traits::{Block as _, Header as _},
    },
    sp_timestamp::{InherentDataProvider, Timestamp},
    substrate_prometheus_endpoint::Registry,
};
use std::{
    collections::VecDeque,
    sync::{
        atomic::{AtomicU32, Ordering},
        Arc,
    },
    time::Instant,
};

const LOG_TARGET: &str = "pow";

/// How far ahead of this clock no honest block is, in milliseconds. Nearer than that, it is tried again.
const FAR: Millis = 3_600_000;
/// Failed blocks remembered. Each cost its author a block's work.
const FAILED: usize = 64;

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
    metrics: Metrics,
    leaves: Leaves,
    windows: Windows,
    /// Held from "read the best block" to the end of the import.
    arrivals: Arc<Mutex<Arrivals>>,
    /// Where the last branch that was refused for finality leaves our chain.
    warned_of: Arc<AtomicU32>,
    /// The last blocks that passed every rule and then failed.
    failed: Arc<parking_lot::Mutex<VecDeque<Hash>>>,
}

/// What the fork choice says of a block.
struct Decision {
    best: bool,
    /// Set if the block becomes best and the best branch changes with it.
    reorganisation: Option<Reorganisation>,
}

/// One branch gives way to another.
struct Reorganisation {
    common: BlockNumber,
    from: (BlockNumber, Hash),
}

impl JointBlockImport {
    /// The import of a chain with these parameters.
    pub fn new(
        client: Arc<FullClient>,
        parameters: PowParameters,
        metrics: Metrics,
        leaves: Leaves,
        windows: Windows,
    ) -> Self {
        Self {
            client,
            parameters,
            metrics,
            leaves,
            windows,
            arrivals: Arc::default(),
            warned_of: Arc::new(AtomicU32::new(u32::MAX)),
            failed: Arc::default(),
        }
    }

    /// Keeps every import out for as long as the guard lives.
    pub async fn exclusive(&self) -> impl Drop + '_ {
        self.arrivals.lock().await
    }

    /// Checks a block and imports it. The header in `block` is unsealed; the seal is its only post-digest.
    pub async fn check_and_import(&self, mut block: BlockImportParams<Block>) -> Result<ImportResult, ImportError> {
        let arrived = Instant::now();
        if block.with_state() || matches!(block.state_action, StateAction::Skip) {
            return Err(ImportError::NotFullSync);
        }
        let body = block.body.clone().ok_or(ImportError::BodyMissing)?;
        let sealed = JointHeader::decode(&block.post_header().encode()).map_err(ImportError::Header)?;

        match self.known(&sealed).await? {
            ImportResult::Imported(_) => {}
            ImportResult::KnownBad => return Err(ImportError::Checkpoint),
            other => return Ok(other),
        }
        let parent = tip_of(&*self.client, &self.parameters, sealed.parent)?;
        let now = Timestamp::current().as_millis();
        parent.check(&sealed, &self.parameters, now).map_err(|rule| match rule {
            RuleError::TimeInFuture if sealed.joint.time > now.saturating_add(FAR) => ImportError::TimeFarInFuture,
            rule => ImportError::Rule(rule),
        })?;
        if self.failed.lock().contains(&sealed.hash) {
            return Err(ImportError::FailedBefore);
        }

        // Before anything runs on the parent's state: a branch that finality excluded may lose it at any moment, and that
        // is not to look like a failure of ours.
        self.decide(&sealed, arrived, &*self.arrivals.lock().await)?;
        self.check_claim(&sealed)?;
        self.check_inherents(sealed.parent, Block::new(block.header.clone(), body)).await?;

        // The state was there a moment ago; if it is pruned meanwhile the client must refuse the block, not skip it.
        if matches!(block.state_action, StateAction::ExecuteIfPossible) {
            block.state_action = StateAction::Execute;
        }
        block.post_hash = Some(sealed.hash);

        let mut arrivals = self.arrivals.lock().await;
        let decision = self.decide(&sealed, arrived, &arrivals)?;
        block.fork_choice = Some(ForkChoiceStrategy::Custom(decision.best));
        let result = BlockImport::<Block>::import_block(&*self.client, block).await;
        let result = result.inspect_err(|_| self.note_failure(sealed.hash))?;
        if matches!(result, ImportResult::Imported(_)) {
            arrivals.note(sealed.hash, arrived);
            // Still under the lock: finality may prune the state of a branch beside the best one.
            self.leaves.keep(&sealed);
            if let Some(reorganisation) = decision.reorganisation {
                self.report(&reorganisation, &sealed);
            }
        }
        Ok(result)
    }

    /// Remembers a block whose execution failed. Sync asks for it again; its sender pays for the second failure.
    fn note_failure(&self, hash: Hash) {
        let mut failed = self.failed.lock();
        if failed.len() >= FAILED {
            failed.pop_front();
        }
        failed.push_back(hash);
    }

    /// The chain spec's checkpoints, and whether block and parent are known. `Imported` means: go on.
    async fn known(&self, sealed: &JointHeader) -> Result<ImportResult, ConsensusError> {
        let check = BlockCheckParams {
            hash: sealed.hash,
            number: sealed.number,
            parent_hash: sealed.parent,
            allow_missing_state: false,
            allow_missing_parent: false,
            import_existing: false,
        };
        BlockImport::<Block>::check_block(&*self.client, check).await
    }

    /// The claim, on the price pairs of the parent's state, by the code in that state.
    fn check_claim(&self, sealed: &JointHeader) -> Result<(), ImportError> {
        // Strict decoding has seen to it that there are both or none.
        let Some((claim, stated)) = sealed.pre.claim.zip(sealed.joint.analysis) else {
            return Ok(claim::check_absence(&self.windows.of_children(sealed.parent)?.state)?);
        };
        let begin = Instant::now();
        let checked = claim::check(stated, self.windows.worth(sealed.parent, claim)?);
        self.metrics.claim_check_seconds.observe(begin.elapsed().as_secs_f64());
        Ok(checked?)
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
    fn decide(&self, sealed: &JointHeader, arrived: Instant, arrivals: &Arrivals) -> Result<Decision, ImportError> {
        let info = self.client.info();
        if sealed.parent == info.best_hash {
            return Ok(Decision { best: true, reorganisation: None });
        }
        let new = Candidate { work: sealed.joint.work, gain: sealed.joint.gain(), arrived: Some(arrived) };
        let best = self.best(info.best_hash, arrivals)?;
        let best = prefers(&new, &best, tie_window(&self.parameters));
        let common = lowest_common_ancestor::<Block, _>(&*self.client, info.best_hash, sealed.parent)?.number;
        if common < info.finalized_number {
            let finalized = info.finalized_number;
            return Err(ImportError::BelowFinalized { fork: common, finalized, heavier: best });
        }
        let from = (info.best_number, info.best_hash);
        Ok(Decision { best, reorganisation: best.then_some(Reorganisation { common, from }) })
    }

    /// The best block, as the fork choice sees it.
    fn best(&self, hash: Hash, arrivals: &Arrivals) -> Result<Candidate, ImportError> {
        let best = joint_header_of(&*self.client, hash)?;
        let (work, gain) = best.map_or_else(Default::default, |best| (best.joint.work, best.joint.gain()));
        Ok(Candidate { work, gain, arrived: arrivals.of(&hash) })
    }

    /// Whether a branch that leaves our chain below the finalized block is worth a line of the log: any that would have
    /// become best, of others the first that leaves there.
    fn is_news(&self, fork: BlockNumber, heavier: bool) -> bool {
        let before = self.warned_of.swap(fork, Ordering::Relaxed);
        heavier || before != fork
    }

    fn report(&self, reorganisation: &Reorganisation, to: &JointHeader) {
        let Reorganisation { common, from: (number, hash) } = reorganisation;
        let depth = number.saturating_sub(*common);
        let added = to.number.saturating_sub(*common);
        self.metrics.reorganised(depth);
        info!(
            target: LOG_TARGET,
            "Reorganised: {depth} blocks up to #{number} {hash:?} replaced by {added} blocks up to #{} {:?}; #{common} \
             is the last in common",
            to.number,
            to.hash,
        );
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
        let begin = Instant::now();
        let result = self.check_and_import(block).await;
        self.metrics.import_seconds.observe(begin.elapsed().as_secs_f64());
        let error = match result {
            Ok(result) => return Ok(result),
            Err(error) => error,
        };
        self.metrics.refused(error.reason());
        match &error {
            ImportError::BelowFinalized { fork, finalized, heavier } if self.is_news(*fork, *heavier) => warn!(
                target: LOG_TARGET,
                "Refused a reorganisation: block #{number} ({hash:?}) is on a branch that leaves our chain at #{fork}, \
                 below the finalized #{finalized}. This node and its peers may have been separated for longer than the \
                 finality depth; if theirs is the right chain, purge this one."
            ),
            error => debug!(
                target: LOG_TARGET,
                "Refused block #{number} ({hash:?}, parent {parent_hash:?}): {}: {error}",
                error.reason(),
            ),
        }
        error.into_result(origin)
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
    use polkadot_sdk::sp_consensus::BlockOrigin;

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
}
