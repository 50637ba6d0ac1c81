//! Mining: block templates, the job for the hashing threads, sealing.
//!
//! A template is a block that lacks only its nonce. It is built on the best block, and again
//! - when the best block changes,
//! - every [`refresh_interval`], so that new transactions get in and the timestamp does not fall behind.
//!
//! Trying nonces has no memory, so changing the template loses nothing.
//!
//! Mining pauses during the initial sync, and while the node has no peers unless it runs with `--dev` or
//! `--force-authoring`: alone it would build a branch that nobody sees.

mod hashing;

use crate::{
    client::{tip_of, AccountId, Block, FullClient, Hash, Pool},
    import::JointBlockImport,
    metrics::{to_f64, Metrics},
};
use futures::{channel::mpsc, StreamExt};
use gridpeg_header::{
    digest::{pre_runtime_item, seal_item, UnsealedDigest},
    target::{effective_target, work_of},
    HeaderError, JointDigest, PowParameters, PreDigest, U256,
};
use hashing::{Found, HashThreads};
use log::{debug, error, info, warn};
use polkadot_sdk::{
    sc_basic_authorship::ProposerFactory,
    sc_client_api::BlockchainEvents,
    sc_consensus::{BlockImport, BlockImportParams, ImportResult, StateAction, StorageChanges},
    sc_network_sync::SyncingService,
    sp_blockchain::{self, HeaderBackend},
    sp_consensus::{BlockOrigin, Environment, Proposal, ProposeArgs, Proposer, SyncOracle},
    sp_inherents::{self, InherentDataProvider as _},
    sp_runtime::{traits::Block as _, Digest},
    sp_timestamp::{InherentDataProvider, Timestamp},
};
use std::{
    collections::VecDeque,
    num::{NonZeroU64, NonZeroUsize},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::time::{interval, MissedTickBehavior};

const LOG_TARGET: &str = "pow";

/// Templates kept: a nonce may arrive for the one before the present one while the present one was being built.
const TEMPLATES: usize = 2;
/// Extrinsics of a block that are no transactions: the timestamp.
const INHERENTS: usize = 1;
/// How often the hash rate is measured.
const METER: Duration = Duration::from_secs(5);
/// How often it is logged, in measurements.
const LOG_EVERY: u32 = 6;

/// How to mine.
#[derive(Clone, Debug)]
pub struct MiningOptions {
    /// The account that fees and rewards go to.
    pub author: AccountId,
    /// Hashing threads.
    pub threads: NonZeroUsize,
    /// Most hashes per second of this node; `None`: as many as the threads can.
    pub max_hashrate: Option<NonZeroU64>,
    /// Whether to mine without peers.
    pub alone: bool,
}

/// What the miner works with.
pub struct Miner {
    /// The client.
    pub client: Arc<FullClient>,
    /// The import that our own blocks go through as well.
    pub block_import: JointBlockImport,
    /// Fills blocks with transactions.
    pub environment: ProposerFactory<Pool, FullClient>,
    /// Knows about peers and the initial sync.
    pub sync: Arc<SyncingService<Block>>,
    /// The chain's parameters.
    pub parameters: PowParameters,
    /// How to mine.
    pub options: MiningOptions,
    /// Where hash rate and blocks are counted.
    pub metrics: Metrics,
}

/// A block that lacks only its nonce.
struct Template {
    version: u64,
    parent: Hash,
    target: U256,
    proposal: Proposal<Block>,
}

#[derive(Debug, thiserror::Error)]
enum TemplateError {
    #[error(transparent)]
    Client(#[from] sp_blockchain::Error),
    #[error("inherents: {0}")]
    Inherents(#[from] sp_inherents::Error),
    #[error("the runtime's digest: {0}")]
    Digest(HeaderError),
}

/// Why the miner does nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pause {
    Syncing,
    NoPeers,
}

/// How often a template is rebuilt on the same parent: a third of the block time, at most 2 s.
pub fn refresh_interval(parameters: &PowParameters) -> Duration {
    Duration::from_millis((parameters.block_time / 3).clamp(200, 2_000))
}

impl Miner {
    /// Mines for as long as the node runs.
    pub async fn run(self) {
        let (sender, mut found) = mpsc::unbounded();
        let threads = match HashThreads::start(self.options.threads, self.options.max_hashrate, sender) {
            Ok(threads) => threads,
            Err(error) => {
                error!(target: LOG_TARGET, "Cannot start {} hashing threads: {error}", self.options.threads);
                return;
            }
        };
        info!(
            target: LOG_TARGET,
            "⛏ mining for {} with {} threads{}",
            self.options.author,
            self.options.threads,
            self.options.max_hashrate.map_or(String::new(), |cap| format!(", at most {}", rate(cap.get() as f64))),
        );
        let mut imports = self.client.import_notification_stream();
        let mut refresh = interval(refresh_interval(&self.parameters));
        refresh.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut measure = interval(METER);
        let mut worker = Worker { meter: Meter::new(), miner: self, threads, templates: VecDeque::new(), pause: None };
        loop {
            tokio::select! {
                Some(nonce) = found.next() => worker.seal(nonce).await,
                Some(imported) = imports.next() => {
                    if imported.is_new_best {
                        worker.rebuild().await;
                        refresh.reset();
                    }
                }
                _ = refresh.tick() => worker.rebuild().await,
                _ = measure.tick() => worker.measure(),
            }
        }
    }
}

struct Worker {
    miner: Miner,
    threads: HashThreads,
    /// Newest last; all on the same parent.
    templates: VecDeque<Template>,
    pause: Option<Pause>,
    meter: Meter,
}

impl Worker {
    /// Builds a template on the best block and gives it to the threads.
    async fn rebuild(&mut self) {
        if !self.may_mine() {
            return self.stop();
        }
        let (parent, proposal, target) = match self.propose().await {
            Ok(built) => built,
            Err(error) => {
                warn!(target: LOG_TARGET, "Cannot build a block: {error}");
                return self.stop();
            }
        };
        self.templates.retain(|template| template.parent == parent);
        if self.templates.len() >= TEMPLATES {
            self.templates.pop_front();
        }
        let version = self.threads.set_job(&proposal.block.header().hash(), target);
        self.templates.push_back(Template { version, parent, target, proposal });
    }

    /// A block on the best one, and the target that its hash must meet.
    async fn propose(&mut self) -> Result<(Hash, Proposal<Block>, U256), TemplateError> {
        let miner = &mut self.miner;
        let parent = miner.client.info().best_hash;
        let header =
            miner.client.header(parent)?.ok_or_else(|| sp_blockchain::Error::MissingHeader(format!("{parent:?}")))?;
        let parent_time = tip_of(&*miner.client, &miner.parameters, parent)?.time;
        let time = Timestamp::current().as_millis().max(parent_time.saturating_add(1));
        let inherent_data = InherentDataProvider::new(time.into()).create_inherent_data().await?;
        // Without price pairs there is nothing to claim.
        let pre = PreDigest { author: miner.options.author.clone().into(), claim: None };
        let proposer = miner.environment.init(&header).await?;
        let proposal = proposer
            .propose(ProposeArgs {
                inherent_data,
                inherent_digests: Digest { logs: vec![pre_runtime_item(&pre)] },
                max_duration: refresh_interval(&miner.parameters),
                ..Default::default()
            })
            .await?;
        let digest = UnsealedDigest::from_header(proposal.block.header()).map_err(TemplateError::Digest)?;
        Ok((parent, proposal, eased_target(&digest.joint)))
    }

    /// Seals the template that a nonce belongs to and imports it.
    async fn seal(&mut self, found: Found) {
        let Some(at) = self.templates.iter().position(|template| template.version == found.version) else {
            debug!(target: LOG_TARGET, "A nonce came too late for its template");
            return;
        };
        let template = self.templates.remove(at);
        // Whatever becomes of it, the other templates are not wanted any more.
        self.stop();
        let Some(Template { parent, target, proposal, .. }) = template else {
            return;
        };
        if parent != self.miner.client.info().best_hash {
            debug!(target: LOG_TARGET, "A nonce came too late: {parent:?} is not the best block any more");
            return;
        }
        let (header, body) = proposal.block.deconstruct();
        let (number, transactions) = (header.number, body.len().saturating_sub(INHERENTS));
        let mut block = BlockImportParams::<Block>::new(BlockOrigin::Own, header);
        block.post_digests.push(seal_item(found.nonce));
        block.body = Some(body);
        block.state_action = StateAction::ApplyChanges(StorageChanges::Changes(proposal.storage_changes));
        let hash = block.post_header().hash();
        block.post_hash = Some(hash);
        match self.miner.block_import.import_block(block).await {
            Ok(ImportResult::Imported(aux)) if aux.is_new_best => {
                self.miner.metrics.blocks_mined.inc();
                info!(
                    target: LOG_TARGET,
                    "⛏ mined #{number} {hash:?}, target work {:.0}, {transactions} txs",
                    to_f64(work_of(target)),
                );
            }
            Ok(result) => info!(target: LOG_TARGET, "Mined #{number} {hash:?}, but another was first: {result:?}"),
            Err(error) => error!(target: LOG_TARGET, "Own block #{number} {hash:?} is refused: {error}"),
        }
    }

    /// Whether to mine now; says so when that changes.
    fn may_mine(&mut self) -> bool {
        let pause = if self.miner.sync.is_major_syncing() {
            Some(Pause::Syncing)
        } else if self.miner.sync.is_offline() && !self.miner.options.alone {
            Some(Pause::NoPeers)
        } else {
            None
        };
        if self.pause != pause {
            self.pause = pause;
            match pause {
                Some(Pause::Syncing) => info!(target: LOG_TARGET, "Mining pauses until the chain is synced"),
                Some(Pause::NoPeers) => info!(
                    target: LOG_TARGET,
                    "Mining pauses until there is a peer (--force-authoring mines without one)"
                ),
                None => info!(target: LOG_TARGET, "Mining goes on"),
            }
        }
        pause.is_none()
    }

    /// Forgets the templates and lets the threads wait.
    fn stop(&mut self) {
        self.threads.pause();
        self.templates.clear();
    }

    /// Measures the hash rate, and logs it now and then.
    fn measure(&mut self) {
        let Some(measured) = self.meter.measure(self.threads.hashes(), Instant::now()) else {
            return;
        };
        self.miner.metrics.hashrate.set(measured.now);
        if let Some(average) = measured.to_log {
            let expected = match self.templates.back() {
                Some(template) if average > 0.0 => {
                    format!("a block takes about {:.1} s", to_f64(work_of(template.target)) / average)
                }
                _ => "no block in work".into(),
            };
            info!(target: LOG_TARGET, "⚒ {}, {expected} at this rate", rate(average));
        }
    }
}

/// The target that the block's hash must meet: d_base + d_v.
fn eased_target(joint: &JointDigest) -> U256 {
    let (gain, observations) = joint.analysis.map_or((0, 0), |analysis| (analysis.gain, analysis.observations));
    effective_target(joint.target, gain, observations)
}

/// Turns the threads' counter into rates.
struct Meter {
    last: (Instant, u64),
    logged: (Instant, u64),
    measurements: u32,
}

struct Measured {
    /// Hashes per second since the last measurement.
    now: f64,
    /// Hashes per second since the last log line, if the next is due.
    to_log: Option<f64>,
}

impl Meter {
    fn new() -> Self {
        let begin = (Instant::now(), 0);
        Self { last: begin, logged: begin, measurements: 0 }
    }

    /// `None` if no time has passed.
    fn measure(&mut self, hashes: u64, at: Instant) -> Option<Measured> {
        let now = per_second(self.last, (at, hashes))?;
        self.last = (at, hashes);
        self.measurements = self.measurements.wrapping_add(1);
        let due = self.measurements.is_multiple_of(LOG_EVERY);
        let to_log = due.then(|| per_second(self.logged, (at, hashes))).flatten();
        if due {
            self.logged = (at, hashes);
        }
        Some(Measured { now, to_log })
    }
}

fn per_second(from: (Instant, u64), to: (Instant, u64)) -> Option<f64> {
    let seconds = to.0.saturating_duration_since(from.0).as_secs_f64();
    (seconds > 0.1).then(|| to.1.saturating_sub(from.1) as f64 / seconds)
}

/// A hash rate for people: `12.3 kH/s`.
fn rate(per_second: f64) -> String {
    [("G", 1e9), ("M", 1e6), ("k", 1e3)]
        .into_iter()
        .find(|(_, unit)| per_second >= *unit)
        .map_or_else(|| format!("{per_second:.0} H/s"), |(name, unit)| format!("{:.1} {name}H/s", per_second / unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_read_well() {
        assert_eq!(rate(0.0), "0 H/s");
        assert_eq!(rate(999.0), "999 H/s");
        assert_eq!(rate(12_345.0), "12.3 kH/s");
        assert_eq!(rate(9_500_000.0), "9.5 MH/s");
    }

    #[test]
    fn the_meter_logs_every_sixth_measurement() {
        let mut meter = Meter::new();
        let begin = meter.last.0;
        assert!(meter.measure(0, begin).is_none());
        for i in 1..=6u64 {
            let measured = meter.measure(i * 500, begin + METER * i as u32).unwrap();
            assert_eq!(measured.now, 100.0);
            assert_eq!(measured.to_log, (i == 6).then_some(100.0));
        }
    }

    #[test]
    fn templates_are_refreshed_within_the_block_time() {
        let mut parameters = PowParameters {
            block_time: 3_000,
            half_life: 10,
            initial_target: U256::one() << 240,
            finality_depth: 5,
            confirmations: 6,
        };
        assert_eq!(refresh_interval(&parameters), Duration::from_secs(1));
        parameters.block_time = 60_000;
        assert_eq!(refresh_interval(&parameters), Duration::from_secs(2));
    }
}
