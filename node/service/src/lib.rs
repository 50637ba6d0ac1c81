//! # The node of both chains
//!
//! `electricity-node` and `carbon-node` are thin binaries around this library: each passes a [`Network`] (its runtime's
//! wasm blob, names, default ports) to [`run`]. Nothing here depends on a runtime crate, so everything is compiled once
//! and serves both.
//!
//! | module | what it does |
//! |---|---|
//! | [`cli`], [`commands`] | the command line, and what its subcommands do |
//! | [`spec`] | chain specs: `dev`, `local` or a file; names the counterpart chain in a spec |
//! | [`identity`] | a spec's genesis hash and proof-of-work parameters, without running a node |
//! | [`declared_api`] | the runtime API that both runtimes share, by signature only |
//! | [`client`] | the client's types, and a block's [`gridpeg_header::Tip`] from its headers |
//! | [`service`] | puts a node together |
//! | [`import`] | the import pipeline: every block, from the network or our own, passes it |
//! | [`mining`] | block templates, hashing threads, sealing |
//! | [`analysis`] | the windows of price pairs, and the fit worker that finds the best claims about them |
//! | [`finality`] | finalizes at depth K |
//! | [`leaves`] | keeps the leaves of the cross-chain subtree when their state is pruned |
//! | [`ancestry`] | keeps the ancestry of finalized blocks; proves that a block is an ancestor of another |
//! | [`catching_up`] | whether mining and finality wait for the sync |
//! | [`metrics`] | Prometheus metrics |
//! | [`rpc`] | the `joint_*` and `copula_*` methods, next to Substrate's RPC |
//!
//! ## A block's way
//!
//! ```text
//!   network ─▶ import queue ─▶ JointVerifier ─┐
//!                                             ├─▶ JointBlockImport ─▶ client (executes) ─▶ finality at depth K
//!   hashing threads ─▶ miner seals ───────────┘        │ one lock: read best, decide, import
//! ```
//!
//! What a header must satisfy is in [`gridpeg_header::rules`]; the light client on the other chain runs the same code.

pub mod analysis;
pub mod ancestry;
pub mod catching_up;
pub mod cli;
pub mod client;
pub mod commands;
pub mod declared_api;
pub mod finality;
pub mod identity;
pub mod import;
pub mod leaves;
pub mod metrics;
pub mod mining;
#[cfg(test)]
mod mock;
pub mod network;
mod recent;
pub mod rpc;
pub mod service;
pub mod spec;

pub use network::{Network, Ports};

use cli::{Cli, Launcher};
use polkadot_sdk::{
    sc_cli,
    sp_core::crypto::{set_default_ss58_version, Ss58AddressFormat},
};

/// Parses the command line and does what it says. Returns when the node was told to stop.
pub fn run(network: Network) -> sc_cli::Result<()> {
    // Addresses that the process prints (`key inspect`, logs) are in this chain's format.
    set_default_ss58_version(Ss58AddressFormat::custom(network.ss58_format));
    let cli = Cli::parse_for(&network);
    let launcher = Launcher { network };
    match cli.subcommand {
        Some(subcommand) => commands::run(&launcher, &subcommand),
        None => commands::run_node(&launcher, cli.run),
    }
}
