//! # bridge-relayer
//!
//! Carries what one chain needs to know of the other: block headers for the light client, and messages and receipts
//! with their proofs. One process carries in both directions, and signs on each chain with a key of its own.
//!
//! Whoever runs it need not be trusted: the destination checks every header and proof itself. It keeps no state, so it
//! can be killed and started at any time, and several can run side by side; who is late pays nothing.
//!
//! | module | what it does |
//! |---|---|
//! | [`names`] | what chains and directions are called |
//! | [`config`] | the TOML file, the flags, the keys |
//! | [`engine`] | the loop of one direction |
//! | [`wake`] | when to look for work; has a node fallen silent |
//! | [`pass`] | one look for work, and one call with all there is |
//! | [`view`] | what both chains say at one moment |
//! | [`headers`] | which headers the destination misses |
//! | [`plan`] | which receipts and messages it misses |
//! | [`leaves`] | their proofs, fetched and checked |
//! | [`deliver`] | the call that brings them, and what became of each |
//! | [`resolve`] | ending a conflict |
//! | [`transaction`] | signing, submitting, waiting for a block |
//! | [`backoff`] | waits that grow, reminders that are rare |
//! | [`pair`] | do the two nodes belong together |
//! | [`endpoint`] | connecting, and connecting again |
//! | [`chain`] | questions to a node |
//! | [`age`] | how long a message has waited |
//! | [`metrics`] | figures for operators |
//! | [`once`] | `relay-once` |
//! | [`check_pair`] | `check-pair` |
//! | [`status`], [`report`], [`supply`] | `status`: the facts, what they mean, is every coin backed |
//! | [`error`], [`exit`] | what can go wrong, exit codes |
//!
//! ## Exit codes
//! | code | |
//! |---|---|
//! | 0 | all is well; `run`: stopped by SIGINT or SIGTERM; `relay-once`: nothing is left |
//! | 1 | the configuration is bad, or the metrics address is in use |
//! | 2 | the command line is not understood |
//! | 3 | the two nodes are not a pair |
//! | 4 | `status`: something needs the operator |
//! | 5 | `relay-once`: something is left |
//!
//! Nothing else ends `run`: a lost connection is made again, after 1 s at first and at most 60 s.
//!
//! ## Log
//! Goes to standard error; `RUST_LOG` filters it (`info` if it is not set). Lines that tools may look for: `headers`,
//! `message delivered`, `receipt delivered`, `conflict resolved`, and at debug level `built`, `submitted`, `included`
//! for every transaction, in this order. Their fields are `name=value`; `direction` is always among them. The `nonce`
//! of a receipt is that of the message which went the other way.

mod age;
mod backoff;
mod chain;
mod check_pair;
mod config;
mod deliver;
mod endpoint;
mod engine;
mod error;
mod exit;
mod headers;
mod leaves;
mod metrics;
mod names;
mod once;
mod pair;
mod pass;
mod plan;
mod report;
mod resolve;
mod status;
mod supply;
mod transaction;
mod view;
mod wake;

use clap::{Args, Parser, Subcommand};
use config::{Config, NodeOptions, Options};
use engine::Relay;
use metrics::Families;
use names::{ChainName, Direction};
use once::OnceOptions;
use polkadot_sdk::{
    sp_core::crypto::{AccountId32, Ss58AddressFormat, Ss58Codec},
    substrate_prometheus_endpoint::{init_prometheus, Registry},
};
use report::Report;
use std::{io::IsTerminal, process::ExitCode};
use tokio::signal::unix::{signal, SignalKind};
use tracing::info;
use tracing_subscriber::{filter::LevelFilter, EnvFilter};

/// Carries headers, messages and receipts between the electricity chain and the carbon chain.
#[derive(Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 stopped by a signal, or all is well; 1 bad configuration; 2 bad command line; 3 the two \
                  nodes are not a pair; 4 status: something needs the operator; 5 relay-once: something is left."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Relay in both directions until stopped
    Run(Options),
    /// Check the configuration and the keys without connecting
    CheckConfig(Options),
    /// Ask both nodes once how the bridge is: light clients, lanes, and whether every coin is backed
    Status(StatusOptions),
    /// Check that two chains fit together, by asking both nodes
    CheckPair(NodeOptions),
    /// Carry what can be carried now, then exit
    RelayOnce(OnceOptions),
}

#[derive(Args)]
struct StatusOptions {
    #[command(flatten)]
    nodes: NodeOptions,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Run(options) => run(options).await,
        Command::CheckConfig(options) => check_config(options),
        Command::Status(options) => print_status(options).await,
        Command::CheckPair(options) => print_checks(options).await,
        Command::RelayOnce(options) => relay_once(options).await,
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            eprintln!("bridge-relayer: {}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}

/// Why the process ends.
struct Failure {
    code: u8,
    message: String,
}

fn bad_configuration(message: impl ToString) -> Failure {
    Failure { code: exit::BAD_CONFIGURATION, message: message.to_string() }
}

fn no_pair(message: impl ToString) -> Failure {
    Failure { code: exit::NO_PAIR, message: message.to_string() }
}

fn check_config(options: Options) -> Result<u8, Failure> {
    let config = options.load(&ChainName::BOTH).map_err(bad_configuration)?;
    println!("configuration is good");
    for chain in ChainName::BOTH {
        println!("  {chain} chain: {}, signing account {}", config.nodes.url(chain), address(&config, chain)?);
    }
    println!("  metrics: http://{}/metrics", config.metrics_address);
    Ok(exit::GOOD)
}

async fn run(options: Options) -> Result<u8, Failure> {
    start_log()?;
    let config = options.load(&ChainName::BOTH).map_err(bad_configuration)?;
    let registry = Registry::new();
    let families = Families::register(&registry).map_err(bad_configuration)?;
    info!(
        electricity_account = %address(&config, ChainName::Electricity)?,
        carbon_account = %address(&config, ChainName::Carbon)?,
        metrics = %config.metrics_address,
        "starting",
    );
    let relay = |direction| Relay::new(direction, &config, families.of(direction)).map_err(bad_configuration);
    let mut to_carbon = relay(Direction::ElectricityToCarbon)?;
    let mut to_electricity = relay(Direction::CarbonToElectricity)?;

    tokio::select! {
        error = to_carbon.run() => Err(no_pair(error)),
        error = to_electricity.run() => Err(no_pair(error)),
        result = init_prometheus(config.metrics_address, registry) => {
            let reason = result.err().map(|error| error.to_string()).unwrap_or_default();
            let address = config.metrics_address;
            Err(bad_configuration(format!("metrics server on {address}: {reason}; set another metrics_address")))
        }
        signal = stop_signal() => {
            let signal = signal.map_err(bad_configuration)?;
            info!("stopped by {signal}");
            Ok(exit::GOOD)
        }
    }
}

async fn print_status(options: StatusOptions) -> Result<u8, Failure> {
    let nodes = options.nodes.load().map_err(bad_configuration)?;
    let report = match status::ask(&nodes).await {
        Ok(facts) => Report::of(&facts),
        Err(error) => Report::failed(&error),
    };
    if options.json {
        println!("{}", serde_json::to_string_pretty(&report).map_err(bad_configuration)?);
    } else {
        print!("{}", report.text());
    }
    Ok(exit::of_status(report.healthy))
}

async fn print_checks(options: NodeOptions) -> Result<u8, Failure> {
    let nodes = options.load().map_err(bad_configuration)?;
    let checks = check_pair::run(&nodes).await;
    for check in &checks {
        println!("{}", check.line());
    }
    Ok(exit::of_check_pair(checks.iter().all(check_pair::Check::is_ok)))
}

async fn relay_once(once: OnceOptions) -> Result<u8, Failure> {
    start_log()?;
    let (directions, goal) = (once.directions(), once.goal());
    let signs_on: Vec<_> = directions.iter().map(|direction| direction.destination()).collect();
    let carry = Some(config::Carry::All);
    let options = Options { nodes: once.nodes, keys: once.keys, carry, metrics_address: None };
    let config = options.load(&signs_on).map_err(bad_configuration)?;
    let outcomes = once::run(&config, &directions, goal).await.map_err(no_pair)?;
    for (direction, left) in &outcomes {
        println!("{direction}: {}", left.as_deref().unwrap_or("nothing is left"));
    }
    Ok(exit::of_relay_once(outcomes.iter().any(|(_, left)| left.is_some())))
}

fn start_log() -> Result<(), Failure> {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .from_env()
        .map_err(|error| bad_configuration(format!("environment variable RUST_LOG: {error}")))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    Ok(())
}

/// The account that signs on a chain, as the chain's wallets show it.
fn address(config: &Config, chain: ChainName) -> Result<String, Failure> {
    let signer = config.signers.on(chain).map_err(bad_configuration)?;
    let account = AccountId32::new(signer.public_key().0);
    Ok(account.to_ss58check_with_version(Ss58AddressFormat::custom(chain.ss58_prefix())))
}

/// Waits for the wish to stop, and names the signal.
async fn stop_signal() -> std::io::Result<&'static str> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(tokio::select! {
        _ = interrupt.recv() => "SIGINT",
        _ = terminate.recv() => "SIGTERM",
    })
}
