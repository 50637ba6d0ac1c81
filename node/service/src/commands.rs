//! What the command line's commands do.

use crate::{
    cli::{ChainIdentityArgs, ExportChainSpec, Launcher, RunArgs, Subcommand},
    client::Block,
    identity::ChainIdentity,
    service, spec,
};
use gridpeg_header::PowParameters;
use polkadot_sdk::sc_cli::{self, SubstrateCli};
use std::{fs, io::Write, path::Path};

/// Runs the node until it is told to stop.
pub fn run_node(launcher: &Launcher, mut arguments: RunArgs) -> sc_cli::Result<()> {
    arguments.settle(&launcher.network)?;
    let mining = arguments.mining()?;
    let mut runner = launcher.create_runner(&arguments.base)?;
    runner.config_mut().impl_name = launcher.network.impl_name.into();
    runner.run_node_until_exit(|config| async move { service::start(config, mining) }).map_err(sc_cli::Error::Service)
}

/// Runs a subcommand.
pub fn run(launcher: &Launcher, subcommand: &Subcommand) -> sc_cli::Result<()> {
    match subcommand {
        Subcommand::Key(command) => command.run(launcher),
        Subcommand::ExportChainSpec(command) => export_chain_spec(launcher, command),
        Subcommand::ChainIdentity(command) => chain_identity(launcher, command),
        Subcommand::ExportBlocks(command) => launcher.create_runner(command)?.async_run(|config| {
            let parts = service::new_partial(&config)?;
            Ok((command.run(parts.client, config.database), parts.task_manager))
        }),
        Subcommand::ImportBlocks(command) => launcher.create_runner(command)?.async_run(|config| {
            let parts = service::new_partial(&config)?;
            Ok((command.run(parts.client, parts.import_queue), parts.task_manager))
        }),
        Subcommand::PurgeChain(command) => {
            launcher.create_runner(command)?.sync_run(|config| command.run(config.database))
        }
        Subcommand::Revert(command) => launcher.create_runner(command)?.async_run(|config| {
            let parts = service::new_partial(&config)?;
            // What is kept next to the chain belongs to finalized blocks, which are not reverted, or to no branch.
            Ok((command.run(parts.client, parts.backend, None), parts.task_manager))
        }),
        Subcommand::ChainInfo(command) => {
            launcher.create_runner(command)?.sync_run(|config| command.run::<Block>(&config))
        }
        Subcommand::Copula(command) => command.run().map_err(explained),
    }
}

/// An error of the offline tools, whose message says all.
fn explained(error: gridpeg_analysis::Error) -> sc_cli::Error {
    sc_cli::Error::Application(Box::new(error))
}

/// Exports a spec, with the counterpart and the price history in its genesis that are given.
fn export_chain_spec(launcher: &Launcher, command: &ExportChainSpec) -> sc_cli::Result<()> {
    let mut spec = launcher.load_spec(&command.base.chain)?;
    if let (Some(genesis), Some(file)) = (command.counterpart_genesis, &command.counterpart_parameters) {
        spec = Box::new(spec::with_anchor(&*spec, genesis, &read_parameters(file)?)?);
    }
    if let Some(file) = &command.prices {
        let history = gridpeg_analysis::read_price_history(file).map_err(explained)?;
        let (with_prices, seeded) = spec::with_prices(&*spec, &history)?;
        // Standard output is the spec.
        eprintln!("{}: the chain begins with {seeded}", file.display());
        spec = Box::new(with_prices);
    }
    command.base.run(spec)
}

/// Reads proof-of-work parameters as `chain-identity` prints them.
fn read_parameters(file: &Path) -> Result<PowParameters, String> {
    let json = fs::read_to_string(file).map_err(|error| format!("cannot read `{}`: {error}", file.display()))?;
    serde_json::from_str(&json).map_err(|error| {
        format!(
            "`{}` does not hold proof-of-work parameters (the `parameters` that chain-identity prints): {error}",
            file.display()
        )
    })
}

/// Prints a spec's identity to standard output, and nothing else.
fn chain_identity(launcher: &Launcher, command: &ChainIdentityArgs) -> sc_cli::Result<()> {
    let spec = launcher.load_spec(&command.chain)?;
    let identity = ChainIdentity::of(&*spec)?;
    let json = serde_json::to_string_pretty(&identity).map_err(|error| error.to_string())?;
    writeln!(std::io::stdout(), "{json}")?;
    Ok(())
}
