//! # bridge-relayer
//!
//! A daemon that carries what one chain needs to know of the other: block headers for the light client, and messages
//! with their proofs. It runs one [`engine::Direction`], from the electricity chain to the carbon chain.
//!
//! Whoever runs it need not be trusted: the destination checks every header and proof itself. It keeps no state, so it
//! can be killed and started at any time, and several can run side by side; who is late pays at most a fee.
//!
//! | module | what it does |
//! |---|---|
//! | [`config`] | the TOML file, the flags, the key |
//! | [`engine`] | the loop of one direction: when to look for work |
//! | [`headers`] | which headers the destination misses |
//! | [`messages`] | which messages can be proven, and their proofs |
//! | [`pair`] | do the two nodes belong together |
//! | [`endpoint`] | connecting, and connecting again |
//! | [`chain`] | questions to a node |
//! | [`transaction`] | signing, submitting, waiting for a block |
//! | [`metrics`] | figures for operators |
//! | [`error`] | what can go wrong |
//!
//! ## Exit codes
//! 0: stopped by SIGINT or SIGTERM, or the configuration is good. 1: the configuration is bad, or the metrics address
//! is in use. 2: the command line is not understood. 3: the two nodes are not a pair. Nothing else ends the process: a
//! lost connection is made again, after 1 s at first and at most 60 s.
//!
//! Logs go to standard error; `RUST_LOG` filters them (`info` if it is not set).

mod chain;
mod config;
mod endpoint;
mod engine;
mod error;
mod headers;
mod messages;
mod metrics;
mod pair;
mod transaction;

use chain::ChainName;
use clap::{Parser, Subcommand};
use config::{Config, Options};
use endpoint::Endpoint;
use engine::Direction;
use metrics::Metrics;
use polkadot_sdk::{
    sp_core::crypto::{AccountId32, Ss58AddressFormat, Ss58Codec},
    substrate_prometheus_endpoint::{init_prometheus, Registry},
};
use std::{io::IsTerminal, process::ExitCode};
use tokio::signal::unix::{signal, SignalKind};
use tracing::info;
use tracing_subscriber::{filter::LevelFilter, EnvFilter};

const BAD_CONFIGURATION: u8 = 1;
const NO_PAIR: u8 = 3;

/// Address format of the carbon chain.
const CARBON_SS58_PREFIX: u16 = 6_083;

/// Carries headers, messages and proofs from the electricity chain to the carbon chain.
#[derive(Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 stopped by a signal, or the configuration is good; 1 bad configuration; 2 bad command \
                  line; 3 the two nodes are not a pair."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Relay until stopped
    Run(Options),
    /// Check the configuration and the key without connecting
    CheckConfig(Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Run(options) => run(options).await,
        Command::CheckConfig(options) => check_config(options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
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
    Failure { code: BAD_CONFIGURATION, message: message.to_string() }
}

fn check_config(options: Options) -> Result<(), Failure> {
    let config = options.load().map_err(bad_configuration)?;
    println!("configuration is good");
    println!("  electricity chain: {}", config.electricity_url);
    println!("  carbon chain:      {}", config.carbon_url);
    println!("  signing account:   {}", carbon_address(&config));
    println!("  metrics:           http://{}/metrics", config.metrics_address);
    Ok(())
}

async fn run(options: Options) -> Result<(), Failure> {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .from_env()
        .map_err(|error| bad_configuration(format!("environment variable RUST_LOG: {error}")))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();

    let config = options.load().map_err(bad_configuration)?;
    let registry = Registry::new();
    let metrics = Metrics::register(&registry).map_err(bad_configuration)?;
    info!(account = %carbon_address(&config), metrics = %config.metrics_address, "starting");
    let metrics_address = config.metrics_address;
    let mut direction = electricity_to_carbon(config, metrics);

    tokio::select! {
        error = direction.run() => {
            Err(Failure { code: NO_PAIR, message: error.to_string() })
        }
        result = init_prometheus(metrics_address, registry) => {
            let reason = result.err().map(|error| error.to_string()).unwrap_or_default();
            let message = format!("metrics server on {metrics_address}: {reason}; set another metrics_address");
            Err(bad_configuration(message))
        }
        signal = stop_signal() => {
            let signal = signal.map_err(bad_configuration)?;
            info!("stopped by {signal}");
            Ok(())
        }
    }
}

fn electricity_to_carbon(config: Config, metrics: Metrics) -> Direction {
    Direction {
        source: Endpoint::new(ChainName::Electricity, config.electricity_url, metrics.clone()),
        destination: Endpoint::new(ChainName::Carbon, config.carbon_url, metrics.clone()),
        signer: config.carbon_signer,
        carry: config.carry,
        poll_interval: config.poll_interval,
        inclusion_timeout: config.inclusion_timeout,
        metrics,
    }
}

/// The signing account as wallets of the carbon chain show it.
fn carbon_address(config: &Config) -> String {
    let account = AccountId32::new(config.carbon_signer.public_key().0);
    account.to_ss58check_with_version(Ss58AddressFormat::custom(CARBON_SS58_PREFIX))
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
