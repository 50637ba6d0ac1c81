//! Puts a node together.

use crate::{
    analysis::Windows,
    ancestry::{self, Ancestry},
    catching_up::CatchingUp,
    client::{self, Block, Executor, FullBackend, FullClient, Hash, Pool},
    declared_api::RuntimeApi,
    finality, identity,
    import::{self, JointBlockImport},
    leaves::Leaves,
    metrics::{
        self,
        market::{self, MarketMetrics},
        Metrics,
    },
    mining::{Miner, MiningOptions},
    rpc::{self, copula::Copula},
};
use gridpeg_header::PowParameters;
use polkadot_sdk::{
    sc_basic_authorship::ProposerFactory,
    sc_consensus::BasicQueue,
    sc_network::{
        config::{FullNetworkConfiguration, NetworkBackendType, SyncMode},
        Litep2pNetworkBackend, NetworkBackend, NetworkWorker,
    },
    sc_service::{self, BuildNetworkParams, Configuration, Error, KeystoreContainer, SpawnTasksParams, TaskManager},
    sc_telemetry::{Telemetry, TelemetryWorker},
    sc_transaction_pool,
    sp_blockchain::{Error as BlockchainError, HeaderBackend},
    sp_io,
};
use std::{path::Path, sync::Arc};

/// Messages to the telemetry server that may wait.
const TELEMETRY_BUFFER: usize = 16;

/// What every command on a database needs: a node without its network.
pub struct Partial {
    /// The client.
    pub client: Arc<FullClient>,
    /// Its database.
    pub backend: Arc<FullBackend>,
    /// Runs the node's tasks.
    pub task_manager: TaskManager,
    /// The keystore; holds nothing that consensus needs.
    pub keystore: KeystoreContainer,
    /// The transaction pool.
    pub pool: Arc<Pool>,
    /// Where blocks from the network go.
    pub import_queue: BasicQueue<Block>,
    /// Where our own go, and the queue's in the end.
    pub block_import: JointBlockImport,
    /// The leaves of the cross-chain subtree.
    pub leaves: Leaves,
    /// The ancestry of the finalized blocks.
    pub ancestry: Ancestry,
    /// The price pairs that blocks make claims about.
    pub windows: Windows,
    /// The chain's parameters.
    pub parameters: PowParameters,
    /// What the node counts.
    pub metrics: Metrics,
    /// Reports to telemetry servers, if the spec or the command line names any.
    pub telemetry: Option<Telemetry>,
}

/// Runs a configuration's runtimes. Clones share what they compiled.
pub fn executor(config: &Configuration) -> Executor {
    sc_service::new_wasm_executor::<sp_io::SubstrateHostFunctions>(&config.executor)
}

/// Opens the database and puts pool and import on top.
pub fn new_partial(config: &Configuration) -> Result<Partial, Error> {
    new_partial_with(config, executor(config))
}

/// The same with an executor that is there already.
pub fn new_partial_with(config: &Configuration, executor: Executor) -> Result<Partial, Error> {
    let telemetry = match config.telemetry_endpoints.clone().filter(|endpoints| !endpoints.is_empty()) {
        Some(endpoints) => {
            let worker = TelemetryWorker::new(TELEMETRY_BUFFER)?;
            let telemetry = worker.handle().new_telemetry(endpoints);
            Some((worker, telemetry))
        }
        None => None,
    };
    let existed = config.database.path().is_some_and(Path::exists);
    let (client, backend, keystore, task_manager) = sc_service::new_full_parts::<Block, RuntimeApi, Executor>(
        config,
        telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
        executor,
        vec![],
    )
    .map_err(|error| advise(error, config))?;
    if existed {
        check_genesis(&client, config)?;
    }
    let client = Arc::new(client);
    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager.spawn_handle().spawn("telemetry", None, worker.run());
        telemetry
    });

    let pool = sc_transaction_pool::Builder::<Block, FullClient>::new(
        task_manager.spawn_essential_handle(),
        client.clone(),
        // Every node may mine, so every node takes transactions that are for miners only.
        true.into(),
    )
    .with_options(config.transaction_pool.clone())
    .with_prometheus(config.prometheus_registry())
    .build();

    let parameters = client::parameters(&client)?;
    parameters.check().map_err(|error| Error::Other(format!("the chain's proof-of-work parameters: {error}")))?;
    let metrics = Metrics::new(&parameters, config.prometheus_registry())?;
    let leaves = Leaves::new(client.clone(), metrics.clone());
    leaves.fill();
    let ancestry = Ancestry::new(client.clone());
    let windows = Windows::new(client.clone());
    let block_import =
        JointBlockImport::new(client.clone(), parameters, metrics.clone(), leaves.clone(), windows.clone());
    let import_queue = import::import_queue(
        block_import.clone(),
        &task_manager.spawn_essential_handle(),
        config.prometheus_registry(),
    );
    Ok(Partial {
        client,
        backend,
        task_manager,
        keystore,
        pool: Arc::new(pool),
        import_queue,
        block_import,
        leaves,
        ancestry,
        windows,
        parameters,
        metrics,
        telemetry,
    })
}

/// Refuses a database of another chain: the client itself asks for the same id only.
fn check_genesis(client: &FullClient, config: &Configuration) -> Result<(), Error> {
    let (stored, expected) = (client.info().genesis_hash, identity::genesis_hash_of(&*config.chain_spec)?);
    if stored == expected {
        return Ok(());
    }
    Err(Error::Other(format!(
        "The database in `{}` is that of another chain: its genesis is {stored:?}, the spec's is {expected:?}. Give the \
         spec that it was made with, or another --base-path.",
        config.database.path().unwrap_or(Path::new("")).display(),
    )))
}

/// Says what to do about a database that does not open.
fn advise(error: Error, config: &Configuration) -> Error {
    match (error, config.database.path()) {
        (Error::Client(BlockchainError::Backend(reason)), Some(path)) if reason.contains("in use") => {
            Error::Other(format!(
                "The database in `{}` is open in another process: stop that node first. ({reason})",
                path.display()
            ))
        }
        (Error::Client(reason @ (BlockchainError::Backend(_) | BlockchainError::StateDatabase(_))), Some(path)) => {
            Error::Other(format!(
            "The database in `{}` cannot be opened: {reason}. If the files are damaged, restore them from a snapshot, \
             or remove them with `purge-chain` and sync again; keys are not in there.",
            path.display()
        ))
        }
        (error, _) => error,
    }
}

/// Starts the node, which mines if it is told how.
pub fn start(config: Configuration, mining: Option<MiningOptions>) -> Result<TaskManager, Error> {
    if config.network.sync_mode != SyncMode::Full {
        return Err(Error::Other(
            "this node checks every block's work and executes it, so it syncs in full only: leave --sync out, or give \
             --sync full"
                .into(),
        ));
    }
    match config.network.network_backend {
        NetworkBackendType::Libp2p => start_on::<NetworkWorker<Block, Hash>>(config, mining),
        NetworkBackendType::Litep2p => start_on::<Litep2pNetworkBackend>(config, mining),
    }
}

/// Starts the node on a network backend.
fn start_on<N: NetworkBackend<Block, Hash>>(
    config: Configuration,
    mining: Option<MiningOptions>,
) -> Result<TaskManager, Error> {
    let Partial {
        client,
        backend,
        mut task_manager,
        keystore,
        pool,
        import_queue,
        block_import,
        leaves,
        ancestry,
        windows,
        parameters,
        metrics,
        mut telemetry,
    } = new_partial(&config)?;
    let registry = config.prometheus_registry().cloned();

    let (network, system_rpc_tx, tx_handler_controller, sync, _) = sc_service::build_network(BuildNetworkParams {
        config: &config,
        net_config: FullNetworkConfiguration::<Block, Hash, N>::new(&config.network, registry.clone()),
        client: client.clone(),
        transaction_pool: pool.clone(),
        spawn_handle: task_manager.spawn_handle(),
        spawn_essential_handle: task_manager.spawn_essential_handle(),
        import_queue,
        block_announce_validator_builder: None,
        warp_sync_config: None,
        block_relay: None,
        metrics: N::register_notification_metrics(registry.as_ref()),
        gap_sync_body_policy: None,
    })?;

    let rpc_builder = {
        let (client, pool, ancestry) = (client.clone(), pool.clone(), ancestry.clone());
        // One for all connections: it keeps what it has fitted.
        let copula = Copula::new(client.clone());
        Box::new(move |_| {
            rpc::methods(client.clone(), pool.clone(), leaves.clone(), ancestry.clone(), copula.clone())
                .map_err(|error| Error::Application(Box::new(error)))
        })
    };
    sc_service::spawn_tasks(SpawnTasksParams {
        config,
        client: client.clone(),
        backend,
        task_manager: &mut task_manager,
        keystore: keystore.keystore(),
        transaction_pool: pool.clone(),
        rpc_builder,
        network,
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync.clone(),
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;

    let catching_up = Arc::new(CatchingUp::new(client.clone(), sync.clone()));
    task_manager.spawn_essential_handle().spawn_blocking(
        "depth-finality",
        Some("consensus"),
        finality::run(client.clone(), block_import.clone(), catching_up.clone(), parameters.finality_depth),
    );
    task_manager.spawn_handle().spawn_blocking("ancestry", Some("consensus"), ancestry::run(ancestry));
    task_manager.spawn_handle().spawn(
        "pow-metrics",
        Some("consensus"),
        metrics::watch(client.clone(), parameters, metrics.clone()),
    );
    if client::has_market(&client) {
        task_manager.spawn_handle().spawn(
            "market-metrics",
            Some("consensus"),
            market::watch(client.clone(), MarketMetrics::new(registry.as_ref())?),
        );
    }
    if let Some(options) = mining {
        let environment = ProposerFactory::new(
            task_manager.spawn_handle(),
            client.clone(),
            pool,
            registry.as_ref(),
            telemetry.as_ref().map(Telemetry::handle),
        );
        let miner =
            Miner { client, block_import, environment, sync, catching_up, windows, parameters, options, metrics };
        task_manager.spawn_essential_handle().spawn_blocking("miner", Some("consensus"), miner.run());
    }
    Ok(task_manager)
}
