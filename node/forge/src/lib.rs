//! # Chain forge
//!
//! Makes chains for tests: blocks that the real runtime executed and that carry real work, in this process, at the
//! easiest target, on a clock that the caller supplies. Thousands of blocks take seconds; branches begin wherever a test
//! wants them.
//!
//! ```no_run
//! # let network: gridpeg_node::Network = todo!();
//! use gridpeg_forge::Forge;
//!
//! let forge = Forge::new(&network, |_| {});
//! let trunk = forge.grow(forge.genesis(), 100, 3_000); // a hundred blocks on schedule
//! let late = forge.grow(trunk, 5, 6_000);              // five late ones on top: less work each
//! let early = forge.grow(trunk, 5, 1_000);             // a heavier branch of the same length
//! assert_eq!(forge.best(), early);
//! let other = forge.sibling();                         // another node of this chain, which has only genesis
//! other.receive(&forge.block(forge.hash_at(1))).unwrap();
//! ```
//!
//! The forge's own blocks pass the import pipeline as a miner's do; [`Forge::receive`] passes them in as the network
//! does. [`Forge::open`] works on the database of a real node, which can be started on it afterwards.
//!
//! It is a test library: what goes wrong panics, with a reason. It blocks, so it has no place in asynchronous code.

mod draft;
pub mod sign;

pub use draft::Draft;

use codec::Encode;
use draft::Full;
use futures::executor::block_on;
use gridpeg_header::{target::MAX_TARGET, Claim, HeaderError, JointHeader, Millis, PowParameters, PreDigest, Tip};
use gridpeg_node::{
    analysis::Window,
    cli::{Cli, Launcher},
    client::{tip_of, Block, Executor, FullClient, Hash},
    finality::finalize_at_depth,
    import::{ImportError, JointBlockImport, JointVerifier},
    leaves::Leaves,
    metrics::Metrics,
    rpc::{copula::Copula, joint::Joint},
    service::{self, Partial},
    spec, Network,
};
use polkadot_sdk::{
    sc_chain_spec::ChainSpec,
    sc_cli::CliConfiguration,
    sc_client_api::BlockBackend,
    sc_consensus::{BlockImport, BlockImportParams, ForkChoiceStrategy, ImportResult, StateAction, Verifier},
    sc_service::Configuration,
    sp_blockchain::HeaderBackend,
    sp_consensus::BlockOrigin,
    sp_runtime::OpaqueExtrinsic,
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// When block 1 is mined unless a test says otherwise: 1 January 2026, 0:00 UTC. Long past, so that no clock objects.
pub const BEGIN: Millis = 1_767_225_600_000;

/// Longest that the tasks of a forge may take to end.
const SHUTDOWN: Duration = Duration::from_secs(10);

/// Of the whole process: compiling a runtime takes seconds.
static EXECUTOR: OnceLock<Executor> = OnceLock::new();

/// Raw specs by the plain ones that they were made of.
static RAW_SPECS: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

/// A chain that grows on demand.
pub struct Forge {
    network: Network,
    chain: String,
    /// The node; `None` while it is taken apart.
    partial: Option<Partial>,
    genesis: Hash,
    /// Runs the transaction pool's tasks.
    runtime: Option<Runtime>,
    /// The spec, of which siblings are made; removed with the last of them.
    spec: Option<Arc<TempDir>>,
    /// The database, if it is the forge's own.
    _base: Option<TempDir>,
}

impl Forge {
    /// A chain of its own, in a temporary folder: the development spec at the easiest target (16 hashes per block), with
    /// the proof-of-work parameters that `edit` leaves.
    pub fn new(network: &Network, edit: impl FnOnce(&mut PowParameters)) -> Self {
        Self::of_spec(network, easy_spec(network, edit))
    }

    /// A chain of its own, in a temporary folder, by this plain spec: see [`easy_spec`].
    pub fn of_spec(network: &Network, spec: String) -> Self {
        let folder = Arc::new(temporary());
        let path = folder.path().join("spec.json");
        fs::write(&path, raw_spec(network, spec)).expect("the folder is new");
        let base = temporary();
        let mut forge = Self::start(network, &path.to_string_lossy(), base.path());
        forge.spec = Some(folder);
        forge._base = Some(base);
        forge
    }

    /// The chain of a spec, on the database that `node --chain CHAIN --base-path BASE` would have.
    pub fn open(network: &Network, chain: &str, base: &Path) -> Self {
        Self::start(network, chain, base)
    }

    /// Another node of this chain, with nothing but the genesis block.
    pub fn sibling(&self) -> Self {
        let base = temporary();
        let mut forge = Self::start(&self.network, &self.chain, base.path());
        forge.spec = self.spec.clone();
        forge._base = Some(base);
        forge
    }

    /// Ends this node and opens its database again, as after a restart.
    pub fn restart(mut self) -> Self {
        let (network, chain) = (self.network, self.chain.clone());
        let (spec, base) = (self.spec.take(), self._base.take().expect("the database is the forge's own"));
        drop(self);
        let mut forge = Self::start(&network, &chain, base.path());
        forge.spec = spec;
        forge._base = Some(base);
        forge
    }

    fn start(network: &Network, chain: &str, base: &Path) -> Self {
        let runtime = Runtime::new().expect("a tokio runtime");
        let config = configuration(network, chain, base, &runtime);
        let executor = EXECUTOR.get_or_init(|| service::executor(&config)).clone();
        let guard = runtime.enter();
        let partial = service::new_partial_with(&config, executor).unwrap_or_else(|error| panic!("{error}"));
        drop(guard);
        let genesis = partial.client.info().genesis_hash;
        Self {
            network: *network,
            chain: chain.into(),
            partial: Some(partial),
            genesis,
            runtime: Some(runtime),
            spec: None,
            _base: None,
        }
    }

    fn partial(&self) -> &Partial {
        self.partial.as_ref().expect("it is there until the forge ends")
    }

    /// The client.
    pub fn client(&self) -> &Arc<FullClient> {
        &self.partial().client
    }

    /// The import pipeline.
    pub fn block_import(&self) -> &JointBlockImport {
        &self.partial().block_import
    }

    /// The leaves that this node keeps.
    pub fn leaves(&self) -> &Leaves {
        &self.partial().leaves
    }

    /// What answers the `joint_*` methods of this node. To be dropped before a restart, because it holds the database.
    pub fn joint(&self) -> Joint {
        let Partial { client, leaves, ancestry, .. } = self.partial();
        Joint::new(client.clone(), leaves.clone(), ancestry.clone())
    }

    /// What answers the `copula_*` methods of this node. To be dropped before a restart, as [`Forge::joint`] says.
    pub fn copula(&self) -> Copula {
        Copula::new(self.client().clone())
    }

    /// The price pairs that a block's children make claims about, and the best claim known.
    pub fn window(&self, parent: Hash) -> Arc<Window> {
        self.partial().windows.of_children(parent).unwrap_or_else(|error| panic!("{parent:?}: {error}"))
    }

    /// What this node counts.
    pub fn metrics(&self) -> &Metrics {
        &self.partial().metrics
    }

    /// The chain's parameters.
    pub fn parameters(&self) -> &PowParameters {
        &self.partial().parameters
    }

    /// Hash of the genesis block.
    pub fn genesis(&self) -> Hash {
        self.genesis
    }

    /// Hash of the best block.
    pub fn best(&self) -> Hash {
        self.client().info().best_hash
    }

    /// Hash of the block at a height of the best branch.
    pub fn hash_at(&self, number: u32) -> Hash {
        let hash = HeaderBackend::<Block>::hash(&**self.client(), number).expect("the database answers");
        hash.unwrap_or_else(|| panic!("there is no block #{number}"))
    }

    /// A block that was imported.
    pub fn block(&self, hash: Hash) -> Block {
        let block = self.client().block(hash).expect("the database answers");
        block.unwrap_or_else(|| panic!("there is no block {hash:?}")).block
    }

    /// What the children of a block are checked against.
    pub fn tip(&self, hash: Hash) -> Tip {
        tip_of(&**self.client(), self.parameters(), hash).unwrap_or_else(|error| panic!("{hash:?}: {error}"))
    }

    /// The time of a block's child after this solve time; [`BEGIN`] for block 1.
    pub fn time_after(&self, parent: Hash, solve_time: Millis) -> Millis {
        let tip = self.tip(parent);
        match tip.number {
            0 => BEGIN,
            _ => tip.time + solve_time,
        }
    }

    /// Executes a block on a parent, with these transactions, without sealing it. `author` tells branches apart. If
    /// there are enough price pairs, it carries the best claim known.
    pub fn draft(&self, parent: Hash, time: Millis, author: [u8; 32], transactions: Vec<OpaqueExtrinsic>) -> Draft {
        let pre = PreDigest { author, claim: self.best_claim(parent) };
        draft::execute(self.client(), parent, time, &pre, transactions.into_iter(), Full::Panics).0
    }

    /// Executes an empty block with this claim, without sealing it.
    pub fn draft_claiming(&self, parent: Hash, time: Millis, author: [u8; 32], claim: Option<Claim>) -> Draft {
        let pre = PreDigest { author, claim };
        draft::execute(self.client(), parent, time, &pre, std::iter::empty(), Full::Panics).0
    }

    /// Executes an empty block with a claim that the runtime may refuse, which makes a header that nobody takes: see
    /// [`Draft::say`].
    pub fn draft_refused(&self, parent: Hash, time: Millis, author: [u8; 32], claim: Option<Claim>) -> Draft {
        let pre = PreDigest { author, claim };
        draft::execute_unchecked(self.client(), parent, time, &pre, std::iter::empty(), Full::Panics).0
    }

    fn best_claim(&self, parent: Hash) -> Option<Claim> {
        self.window(parent).state.least.map(|(claim, _)| claim)
    }

    /// The same with as many of these transactions as fit, and their number.
    pub fn fill(
        &self,
        parent: Hash,
        time: Millis,
        author: [u8; 32],
        transactions: impl Iterator<Item = OpaqueExtrinsic>,
    ) -> (Draft, usize) {
        let pre = PreDigest { author, claim: self.best_claim(parent) };
        draft::execute(self.client(), parent, time, &pre, transactions, Full::Ends)
    }

    /// Mines a block on a parent, imports it as a miner does, and returns its hash.
    pub fn extend(&self, parent: Hash, solve_time: Millis, author: [u8; 32]) -> Hash {
        let time = self.time_after(parent, solve_time);
        self.import(self.draft(parent, time, author, Vec::new()))
    }

    /// Mines a branch of empty blocks on a parent, each so long after the last one, and returns its last block.
    pub fn grow(&self, parent: Hash, blocks: u32, solve_time: Millis) -> Hash {
        (0..blocks).fold(parent, |tip, _| self.extend(tip, solve_time, [1; 32]))
    }

    /// Seals a draft and imports it as a miner does: all rules, but no second execution.
    pub fn import(&self, draft: Draft) -> Hash {
        let mut params = draft.into_import(BlockOrigin::Own);
        let hash = params.post_header().hash();
        params.post_hash = Some(hash);
        let number = params.header.number;
        match block_on(self.block_import().check_and_import(params)) {
            Ok(ImportResult::Imported(_)) => hash,
            other => panic!("forged block #{number} {hash:?}: {other:?}"),
        }
    }

    /// Takes a block as one that a peer sent: seal off, all rules, execution.
    pub fn receive(&self, block: &Block) -> Result<ImportResult, ImportError> {
        let params = network_block(block);
        let verified = block_on(JointVerifier.verify(params));
        // The verifier knows one fault only.
        let params = verified.map_err(|_| ImportError::Header(HeaderError::SealMissing))?;
        block_on(self.block_import().check_and_import(params))
    }

    /// Takes a block past all rules of the proof of work, as a dishonest node would; it must still execute.
    pub fn receive_unchecked(&self, block: &Block) -> Hash {
        match self.try_receive_unchecked(block) {
            Ok(ImportResult::Imported(_)) => block.header.hash(),
            other => panic!("block #{}: {other:?}", block.header.number),
        }
    }

    /// The same, of a block that execution may refuse.
    pub fn try_receive_unchecked(&self, block: &Block) -> Result<ImportResult, ImportError> {
        let params = network_block(block);
        let mut params = block_on(JointVerifier.verify(params)).expect("a seal");
        params.fork_choice = Some(ForkChoiceStrategy::Custom(true));
        params.state_action = StateAction::Execute;
        Ok(block_on(BlockImport::<Block>::import_block(&**self.client(), params))?)
    }

    /// Takes a block of our own past all rules, and without executing it: its header may say what is not so.
    pub fn take_unexecuted(&self, draft: Draft) -> Hash {
        let mut params = draft.into_import(BlockOrigin::Own);
        params.fork_choice = Some(ForkChoiceStrategy::Custom(true));
        let hash = params.post_hash();
        match block_on(BlockImport::<Block>::import_block(&**self.client(), params)) {
            Ok(ImportResult::Imported(_)) => hash,
            other => panic!("block {hash:?}: {other:?}"),
        }
    }

    /// Finalizes at the chain's depth and stores the ancestry of what is final, as the node's tasks do.
    pub fn finalize(&self) {
        let done = finalize_at_depth(self.client(), self.block_import(), self.parameters().finality_depth);
        block_on(done).unwrap_or_else(|error| panic!("{error}"));
        while self.partial().ancestry.advance().unwrap_or_else(|error| panic!("{error}")) {}
    }
}

impl Drop for Forge {
    fn drop(&mut self) {
        // That tells the tasks to end. They hold the database, which is free for another process once they are gone.
        self.partial = None;
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(SHUTDOWN);
        }
    }
}

/// Decodes a sealed header.
pub fn decode(block: &Block) -> JointHeader {
    JointHeader::decode(&block.header.encode()).unwrap_or_else(|error| panic!("{error}"))
}

fn network_block(block: &Block) -> BlockImportParams<Block> {
    let mut params = BlockImportParams::new(BlockOrigin::NetworkBroadcast, block.header.clone());
    params.body = Some(block.extrinsics.clone());
    params
}

/// The development spec with other proof-of-work parameters, as JSON.
pub fn easy_spec(network: &Network, edit: impl FnOnce(&mut PowParameters)) -> String {
    let spec = spec::load(network, "dev").unwrap_or_else(|error| panic!("{error}"));
    let json = ChainSpec::as_json(&spec, false).unwrap_or_else(|error| panic!("{error}"));
    let mut json: Value = serde_json::from_str(&json).expect("the spec's own JSON");
    let place = &mut json["genesis"]["runtimeGenesis"]["patch"]["hybridPow"]["parameters"];
    let mut parameters: PowParameters = serde_json::from_value(place.clone()).expect("the preset has parameters");
    parameters.initial_target = MAX_TARGET;
    edit(&mut parameters);
    *place = serde_json::to_value(parameters).expect("parameters are JSON");
    json.to_string()
}

/// A plain spec with its genesis as storage. The same spec is made once per process: the runtime that makes it takes
/// seconds to compile, and no executor is shared there.
fn raw_spec(network: &Network, plain: String) -> String {
    let mut made = RAW_SPECS.lock().unwrap_or_else(PoisonError::into_inner);
    let raw = made.entry(plain).or_insert_with_key(|plain| {
        let folder = temporary();
        let path = folder.path().join("spec.json");
        fs::write(&path, plain).expect("the folder is new");
        let spec = spec::load(network, &path.to_string_lossy()).unwrap_or_else(|error| panic!("{error}"));
        ChainSpec::as_json(&spec, true).unwrap_or_else(|error| panic!("{error}"))
    });
    raw.clone()
}

/// What the command line of a node makes of these options.
fn configuration(network: &Network, chain: &str, base: &Path, runtime: &Runtime) -> Configuration {
    let base = base.to_string_lossy();
    // Compiled runtimes: both chains', and one that a test upgrades to.
    let cache = ["--runtime-cache-size", "3"];
    let arguments = ["forge", "--chain", chain, "--base-path", &base, "--no-telemetry", "--no-prometheus"];
    let cli = Cli::try_parse_for(network, arguments.into_iter().chain(cache)).unwrap_or_else(|error| panic!("{error}"));
    let launcher = Launcher { network: *network };
    let config = cli.run.base.create_configuration(&launcher, runtime.handle().clone());
    config.unwrap_or_else(|error| panic!("{error}"))
}

fn temporary() -> TempDir {
    TempDir::new().expect("a temporary folder")
}
