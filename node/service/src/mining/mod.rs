//! Mining: block templates, the job for the hashing threads, sealing.
//!
//! A template is a block that lacks only its nonce. It is built on the best block, and again
//! - when the best block changes,
//! - when the [fit](crate::analysis) of the price pairs that its claim is about is ready,
//! - every [`refresh_interval`], so that new transactions get in and the timestamp does not fall behind.
//!
//! Trying nonces has no memory, so changing the template loses nothing. The threads keep trying on the old template
//! while the next one is filled, unless its parent is not the best block any more.
//!
//! Mining pauses while the node [catches up](crate::catching_up), and while the node has no peers unless it runs with `--dev` or
//! `--force-authoring`: alone it would build a branch that nobody sees.

mod hashing;
mod meter;
mod template;

use crate::{
    analysis::{Choice, Fitter, Window, WindowKey, Windows},
    catching_up::CatchingUp,
    client::{AccountId, Block, FullClient, Hash, Pool},
    import::JointBlockImport,
    metrics::{to_f64, Metrics},
};
use futures::{
    channel::mpsc,
    future::{BoxFuture, Fuse, FusedFuture},
    FutureExt, StreamExt,
};
use gridpeg_header::{digest::seal_item, target::work_of, PowParameters, PreDigest};
use hashing::{Found, HashThreads};
use log::{debug, error, info, warn};
use meter::{rate, Meter};
use polkadot_sdk::{
    sc_basic_authorship::ProposerFactory,
    sc_client_api::{BlockImportNotification, BlockchainEvents},
    sc_consensus::{BlockImport, BlockImportParams, ImportResult, StateAction, StorageChanges},
    sc_network_sync::SyncingService,
    sp_blockchain::HeaderBackend,
    sp_consensus::{BlockOrigin, SyncOracle},
    sp_runtime::traits::Block as _,
};
use std::{
    collections::VecDeque,
    num::{NonZeroU64, NonZeroUsize},
    sync::Arc,
    time::{Duration, Instant},
};
use template::{Plan, Template, TemplateError};
use tokio::time::{interval, MissedTickBehavior};

const LOG_TARGET: &str = "pow";

/// Templates kept: a nonce may arrive for the one before the present one while the present one was being built.
const TEMPLATES: usize = 2;
/// Own blocks remembered, to notice when they lose their place. No branch changes below the finality depth of 127.
const OWN_BLOCKS: usize = 256;
/// Extrinsics of a block that are no transactions: the timestamp.
const INHERENTS: usize = 1;
/// How often the hash rate is measured.
const METER: Duration = Duration::from_secs(5);

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
    /// Knows about peers.
    pub sync: Arc<SyncingService<Block>>,
    /// Knows about the sync.
    pub catching_up: Arc<CatchingUp>,
    /// The price pairs that blocks make claims about.
    pub windows: Windows,
    /// The chain's parameters.
    pub parameters: PowParameters,
    /// How to mine.
    pub options: MiningOptions,
    /// Where hash rate and blocks are counted.
    pub metrics: Metrics,
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
        let (fitter, mut fitted) = Fitter::start(self.metrics.clone());
        let mut imports = self.client.import_notification_stream();
        let mut refresh = interval(refresh_interval(&self.parameters));
        refresh.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut measure = interval(METER);
        let mut building = Building::terminated();
        let mut worker = Worker::new(self, threads, fitter);
        loop {
            tokio::select! {
                Some(nonce) = found.next() => worker.seal(nonce).await,
                built = &mut building, if !building.is_terminated() => building = worker.take(built),
                Some(imported) = imports.next() => {
                    worker.count_orphans(&imported);
                    if imported.is_new_best {
                        worker.stop();
                        building = worker.build();
                        refresh.reset();
                    }
                }
                Some(window) = fitted.next() => if worker.window == Some(window) {
                    building = worker.build();
                    refresh.reset();
                },
                _ = refresh.tick(), if building.is_terminated() => building = worker.build(),
                _ = measure.tick() => worker.measure(),
            }
        }
    }
}

/// A template on its way.
type Building = Fuse<BoxFuture<'static, Result<Template, TemplateError>>>;

struct Worker {
    miner: Miner,
    threads: HashThreads,
    fitter: Fitter,
    /// The price pairs that the last template's claim is about.
    window: Option<WindowKey>,
    /// The price pairs whose fit the chain's runtime did not take.
    not_taken: Option<WindowKey>,
    /// Newest last; all on the same parent.
    templates: VecDeque<Template>,
    /// The latest own blocks that became best.
    own: VecDeque<Hash>,
    /// The block on which transactions from the pool make no valid header.
    poisoned: Option<Hash>,
    pause: Option<Pause>,
    meter: Meter,
}

impl Worker {
    fn new(miner: Miner, threads: HashThreads, fitter: Fitter) -> Self {
        Self {
            miner,
            threads,
            fitter,
            window: None,
            not_taken: None,
            templates: VecDeque::new(),
            own: VecDeque::new(),
            poisoned: None,
            pause: None,
            meter: Meter::new(),
        }
    }

    /// Begins a template on the best block, if this is a time to mine.
    fn build(&mut self) -> Building {
        if !self.may_mine() {
            self.idle();
            return Building::terminated();
        }
        let plan = self.plan();
        let miner = &mut self.miner;
        let building =
            plan.and_then(|plan| template::build(&miner.client, &mut miner.environment, &miner.parameters, plan));
        match building {
            Ok(building) => building.boxed().fuse(),
            Err(error) => {
                self.cannot_build(&error);
                Building::terminated()
            }
        }
    }

    /// What the next template on the best block is to be. Nothing is waited for: until the fit of the price pairs is
    /// ready, the block carries the best claim known.
    fn plan(&mut self) -> Result<Plan, TemplateError> {
        let parent = self.miner.client.info().best_hash;
        let window = self.miner.windows.of_children(parent)?;
        self.window = Some(window.key);
        let choice = self.choose(parent, &window)?;
        let Miner { options, parameters, .. } = &self.miner;
        Ok(Plan {
            parent,
            pre: PreDigest { author: options.author.clone().into(), claim: choice.map(|choice| choice.claim) },
            own_claim: choice.is_some_and(|choice| choice.own),
            transactions: self.poisoned != Some(parent),
            patience: refresh_interval(parameters),
        })
    }

    /// The claim for a block on this window: an own fit only if the parent's runtime takes it. This binary may be older
    /// than that runtime and evaluate otherwise; then no block with the fit would be valid.
    fn choose(&mut self, parent: Hash, window: &Arc<Window>) -> Result<Option<Choice>, TemplateError> {
        let choice = match self.fitter.claim_for(window) {
            Some(choice) if choice.own => choice,
            other => return Ok(other),
        };
        let judged = self.miner.windows.worth(parent, choice.claim)?;
        if judged.is_ok_and(|worth| worth.is_enough()) {
            return Ok(Some(choice));
        }
        if self.not_taken.replace(window.key) != Some(window.key) {
            warn!(
                target: LOG_TARGET,
                "The chain's runtime does not take this node's fit, blocks carry the best claim known; is there a \
                 newer release? {:?} is worth {judged:?}",
                choice.claim,
            );
        }
        Ok(Choice::known(window))
    }

    /// Gives a template that is done to the threads; begins another if that one is of no use.
    fn take(&mut self, built: Result<Template, TemplateError>) -> Building {
        let mut template = match built {
            Ok(template) => template,
            Err(TemplateError::Digest { parent, error }) if self.poisoned != Some(parent) => {
                warn!(target: LOG_TARGET, "Transactions on {parent:?} make no valid block, mining without: {error}");
                self.poisoned = Some(parent);
                return self.build();
            }
            Err(error) => {
                self.cannot_build(&error);
                return Building::terminated();
            }
        };
        if template.parent != self.miner.client.info().best_hash {
            return self.build();
        }
        self.templates.retain(|old| old.parent == template.parent);
        if self.templates.len() >= TEMPLATES {
            self.templates.pop_front();
        }
        template.version = self.threads.set_job(&template.proposal.block.header().hash(), template.target);
        self.templates.push_back(template);
        self.miner.metrics.mining.set(1);
        Building::terminated()
    }

    fn cannot_build(&mut self, error: &TemplateError) {
        warn!(target: LOG_TARGET, "Cannot build a block: {error}");
        self.idle();
    }

    /// Counts own blocks that a change of the best branch drops.
    fn count_orphans(&mut self, imported: &BlockImportNotification<Block>) {
        let Some(route) = &imported.tree_route else {
            return;
        };
        let lost = route.retracted().iter().filter(|block| self.own.contains(&block.hash)).count();
        self.miner.metrics.blocks_orphaned.inc_by(lost as u64);
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
        let Some(Template { parent, target, analysed, own_claim, proposal, .. }) = template else {
            return;
        };
        if parent != self.miner.client.info().best_hash {
            debug!(target: LOG_TARGET, "A nonce came too late: {parent:?} is not the best block any more");
            self.miner.metrics.blocks_orphaned.inc();
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
                if self.own.len() >= OWN_BLOCKS {
                    self.own.pop_front();
                }
                self.own.push_back(hash);
                match (&analysed, own_claim) {
                    (None, _) => {}
                    (Some(_), true) => self.miner.metrics.claims_own.inc(),
                    (Some(_), false) => self.miner.metrics.claims_copied.inc(),
                }
                info!(
                    target: LOG_TARGET,
                    "⛏ mined #{number} {hash:?}, target work {:.0}, {transactions} txs{}",
                    to_f64(work_of(target)),
                    analysed.map_or(String::new(), |analysed| format!(", {analysed}")),
                );
            }
            Ok(result) => {
                self.miner.metrics.blocks_orphaned.inc();
                info!(target: LOG_TARGET, "Mined #{number} {hash:?}, but another was first: {result:?}");
            }
            Err(error) => error!(target: LOG_TARGET, "Own block #{number} {hash:?} is refused: {error}"),
        }
    }

    /// Whether to mine now; says so when that changes.
    fn may_mine(&mut self) -> bool {
        let pause = if self.miner.catching_up.is_catching_up() {
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

    /// Forgets the templates and lets the threads wait for the next.
    fn stop(&mut self) {
        self.threads.pause();
        self.templates.clear();
    }

    /// The same, when no next one is on its way.
    fn idle(&mut self) {
        self.stop();
        self.miner.metrics.mining.set(0);
    }

    /// Measures the hash rate, and logs it now and then.
    fn measure(&mut self) {
        let age = self.templates.back().map_or(0.0, |template| template.built.elapsed().as_secs_f64());
        self.miner.metrics.template_age.set(age);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_refreshed_within_the_block_time() {
        let mut parameters = gridpeg_header::forge::easy_parameters();
        parameters.block_time = 3_000;
        assert_eq!(refresh_interval(&parameters), Duration::from_secs(1));
        parameters.block_time = 60_000;
        assert_eq!(refresh_interval(&parameters), Duration::from_secs(2));
    }
}
