//! The command line: Substrate's, with the chain's own defaults, plus mining.

use crate::{mining::MiningOptions, spec, Network};
use clap::{CommandFactory, FromArgMatches, Parser};
use gridpeg_analysis::CopulaCmd;
use gridpeg_header::H256;
use polkadot_sdk::{
    sc_cli::{self, SubstrateCli},
    sc_network::Multiaddr,
    sp_core::{crypto::Ss58Codec, sr25519, Pair},
    sp_runtime::AccountId32,
};
use std::{
    ffi::OsString,
    num::{NonZeroU64, NonZeroUsize},
    path::PathBuf,
};

/// Flags of `sc_cli::RunCmd` that mean nothing to a proof-of-work node: accepted, but not shown.
const HIDDEN: [&str; 10] =
    ["validator", "no_grandpa", "alice", "bob", "charlie", "dave", "eve", "ferdie", "one", "two"];

/// The command line.
#[derive(Debug, Parser)]
pub struct Cli {
    /// What to do instead of running the node.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    /// Running the node.
    #[clap(flatten)]
    pub run: RunArgs,
}

/// What to do instead of running the node.
#[allow(clippy::large_enum_variant)] // parsed once
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// Key utilities: generate, inspect, insert.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Export a chain spec, optionally with the counterpart chain named and a price history in its genesis.
    ExportChainSpec(ExportChainSpec),

    /// Print a chain spec's genesis hash and proof-of-work parameters as JSON.
    ChainIdentity(ChainIdentityArgs),

    /// Export blocks to a file.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Import blocks from a file.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Remove the whole chain.
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Revert the chain by some blocks, at most to the finalized one.
    Revert(sc_cli::RevertCmd),

    /// Print best, finalized and genesis block of the database as JSON.
    ChainInfo(sc_cli::ChainInfoCmd),

    /// Analyse files of prices as the chains analyse theirs: fit copulas, guide carbon bids, draw figures.
    #[command(subcommand)]
    Copula(CopulaCmd),
}

/// Running the node.
#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// Substrate's own flags.
    #[clap(flatten)]
    pub base: sc_cli::RunCmd,

    /// Mine. Implied by `--dev`.
    #[arg(long)]
    pub mine: bool,

    /// Hashing threads.
    #[arg(long, value_name = "COUNT", default_value = "1")]
    pub threads: NonZeroUsize,

    /// Most hashes per second of this node, all threads together. Without it the threads do what they can.
    #[arg(long, value_name = "H/S")]
    pub max_hashrate: Option<NonZeroU64>,

    /// The account that block fees and rewards go to: an SS58 address or 0x and 64 hex digits.
    ///
    /// Needed to mine; with `--dev` //Alice's account is the default.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    pub reward_address: Option<AccountId32>,
}

/// `export-chain-spec`.
#[derive(Debug, clap::Args)]
pub struct ExportChainSpec {
    /// Substrate's own flags.
    #[clap(flatten)]
    pub base: sc_cli::ExportChainSpecCmd,

    /// Genesis hash of the counterpart chain, as its node's `chain-identity` prints it: anchors the light client in
    /// genesis.
    #[arg(long, value_name = "0xHASH", requires = "counterpart_parameters", value_parser = parse_hash)]
    pub counterpart_genesis: Option<H256>,

    /// JSON file with the counterpart's proof-of-work parameters, as its node's `chain-identity` prints them under
    /// `parameters`.
    #[arg(long, value_name = "FILE", requires = "counterpart_genesis")]
    pub counterpart_parameters: Option<PathBuf>,

    /// CSV file with the price history that the chain begins with, oldest row first: columns `electricity` (coins per
    /// kWh), `carbon` (coins per t) and perhaps `period`. Takes the place of the history that the spec has.
    #[arg(long, value_name = "FILE")]
    pub prices: Option<PathBuf>,
}

/// `chain-identity`.
#[derive(Debug, clap::Args)]
pub struct ChainIdentityArgs {
    /// `dev`, `local` or the path of a JSON chain spec.
    #[arg(long, value_name = "CHAIN_SPEC", default_value = "local")]
    pub chain: String,
}

impl Cli {
    /// Parses the process' arguments. Ends the process on `--help`, `--version` and errors.
    pub fn parse_for(network: &Network) -> Self {
        Self::try_parse_for(network, std::env::args_os()).unwrap_or_else(|error| error.exit())
    }

    /// Parses arguments, the program's name first.
    pub fn try_parse_for<I, T>(network: &Network, arguments: I) -> Result<Self, clap::Error>
    where
        I: IntoIterator<Item = T>,
        T: Into<OsString> + Clone,
    {
        let matches = command(network).try_get_matches_from(arguments)?;
        Self::from_arg_matches(&matches)
    }
}

/// The command line with the network's defaults, so that `--help` shows them.
fn command(network: &Network) -> clap::Command {
    let defaults = [
        ("port", network.ports.p2p.to_string()),
        ("rpc_port", network.ports.rpc.to_string()),
        ("prometheus_port", network.ports.prometheus.to_string()),
        ("network_backend", "libp2p".to_string()),
    ];
    let command = Launcher::setup_command(<Cli as CommandFactory>::command())
        .about(network.description)
        .long_about(network.description);
    let command = defaults
        .into_iter()
        .fold(command, |command, (name, value)| command.mut_arg(name, |arg| arg.default_value(value)));
    HIDDEN.iter().fold(command, |command, name| command.mut_arg(name, |arg| arg.hide(true)))
}

impl RunArgs {
    /// How to mine; `None` if the node is not to.
    pub fn mining(&self) -> sc_cli::Result<Option<MiningOptions>> {
        let dev = self.base.shared_params.dev;
        if !self.mine && !dev {
            return Ok(None);
        }
        let author =
            match &self.reward_address {
                Some(address) => address.clone(),
                None if dev => alice()?,
                None => return Err(sc_cli::Error::Input(
                    "--mine needs --reward-address: the account, as SS58 address or 0x and 64 hex digits, that block \
                     fees and rewards go to (`key generate` makes one)"
                        .into(),
                )),
            };
        Ok(Some(MiningOptions {
            author,
            threads: self.threads,
            max_hashrate: self.max_hashrate,
            alone: dev || self.base.force_authoring,
        }))
    }

    /// Settles what the flags leave open.
    pub fn settle(&mut self, network: &Network) -> sc_cli::Result<()> {
        let params = &mut self.base.network_params;
        if params.listen_addr.is_empty() {
            // Otherwise nodes without an authority's role would listen on WebSocket only, and miners have none here.
            let port = params.port.unwrap_or(network.ports.p2p);
            params.listen_addr = [format!("/ip6/::/tcp/{port}"), format!("/ip4/0.0.0.0/tcp/{port}")]
                .iter()
                .map(|address| address.parse::<Multiaddr>())
                .collect::<Result<_, _>>()
                .map_err(|_| sc_cli::Error::InvalidListenMultiaddress)?;
        }
        // The proposer logs every template, several per block. What the user asks for comes later and wins.
        self.base.shared_params.log.insert(0, "sc_basic_authorship=warn".into());
        Ok(())
    }
}

/// The account of the development key //Alice.
fn alice() -> sc_cli::Result<AccountId32> {
    let pair = sr25519::Pair::from_string("//Alice", None)
        .map_err(|error| sc_cli::Error::Input(format!("the development key //Alice: {error:?}")))?;
    Ok(pair.public().into())
}

/// An account: SS58 of any chain's format, or 0x and 64 hex digits.
fn parse_address(address: &str) -> Result<AccountId32, String> {
    if address.starts_with("0x") {
        return parse_hash(address).map(|bytes| AccountId32::new(bytes.0));
    }
    AccountId32::from_ss58check_with_version(address)
        .map(|(account, _)| account)
        .map_err(|error| format!("neither an SS58 address nor 0x and 64 hex digits: {error}"))
}

fn parse_hash(text: &str) -> Result<H256, String> {
    let digits = text.strip_prefix("0x").ok_or("must begin with 0x")?;
    let mut bytes = [0; 32];
    hex::decode_to_slice(digits, &mut bytes).map_err(|error| format!("must be 0x and 64 hex digits: {error}"))?;
    Ok(H256(bytes))
}

/// Gives Substrate's command line helpers what they ask for.
pub struct Launcher {
    /// The chain.
    pub network: Network,
}

impl SubstrateCli for Launcher {
    fn impl_name() -> String {
        "Gridpeg Node".into()
    }

    fn impl_version() -> String {
        env!("SUBSTRATE_CLI_IMPL_VERSION").into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
    }

    fn author() -> String {
        env!("CARGO_PKG_AUTHORS").into()
    }

    fn support_url() -> String {
        "the Gridpeg repository. If it is about the database (parity-db, trie, state), its files may be damaged: restore \
         them from a snapshot, or remove them with `purge-chain` and sync again; keys are not in there."
            .into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn sc_cli::ChainSpec>, String> {
        Ok(Box::new(spec::load(&self.network, id)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::tests::NETWORK;

    const ALICE: &str = "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";

    fn parse(arguments: &[&str]) -> Cli {
        let arguments = std::iter::once(&"node").chain(arguments);
        Cli::try_parse_for(&NETWORK, arguments).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn the_network_gives_the_defaults() {
        let mut run = parse(&[]).run;
        assert_eq!(run.base.network_params.port, Some(30433));
        assert_eq!(run.base.rpc_params.rpc_port, Some(9945));
        assert_eq!(run.base.prometheus_params.prometheus_port, Some(9616));
        assert!(matches!(run.base.network_params.network_backend, sc_cli::NetworkBackendType::Libp2p));
        run.settle(&NETWORK).unwrap();
        assert_eq!(run.base.network_params.listen_addr[1].to_string(), "/ip4/0.0.0.0/tcp/30433");
    }

    #[test]
    fn flags_override_the_defaults() {
        let mut run = parse(&["--rpc-port", "1", "--listen-addr", "/ip4/127.0.0.1/tcp/2", "-lpow=debug"]).run;
        run.settle(&NETWORK).unwrap();
        assert_eq!(run.base.rpc_params.rpc_port, Some(1));
        assert_eq!(run.base.network_params.listen_addr.len(), 1);
        assert_eq!(run.base.shared_params.log.last().map(String::as_str), Some("pow=debug"));
    }

    #[test]
    fn mining_needs_an_address_except_in_development() {
        assert!(parse(&[]).run.mining().unwrap().is_none());
        let error = parse(&["--mine"]).run.mining().unwrap_err().to_string();
        assert!(error.contains("--reward-address"), "{error}");
        let dev = parse(&["--dev"]).run.mining().unwrap().unwrap();
        assert!(dev.alone);
        assert_eq!(hex::encode(dev.author), ALICE);
        let capped = parse(&["--mine", "--reward-address", &format!("0x{ALICE}"), "--max-hashrate", "2000"]).run;
        let options = capped.mining().unwrap().unwrap();
        assert!(!options.alone);
        assert_eq!(options.max_hashrate, NonZeroU64::new(2000));
        assert_eq!(options.threads.get(), 1);
    }

    #[test]
    fn addresses_are_ss58_or_hex() {
        let alice = AccountId32::new(parse_hash(&format!("0x{ALICE}")).unwrap().0);
        assert_eq!(parse_address("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"), Ok(alice.clone()));
        let ours = alice.to_ss58check_with_version(6083u16.into());
        assert_eq!(parse_address(&ours), Ok(alice));
        assert!(parse_address("0x1234").unwrap_err().contains("64 hex digits"));
        assert!(parse_address("5Grw").unwrap_err().contains("SS58"));
    }

    #[test]
    fn the_counterpart_needs_both_flags() {
        let genesis = format!("0x{ALICE}");
        let arguments = ["node", "export-chain-spec", "--counterpart-genesis", genesis.as_str()];
        assert!(Cli::try_parse_for(&NETWORK, arguments).is_err());
        let genesis = genesis.as_str();
        let both = ["export-chain-spec", "--counterpart-genesis", genesis, "--counterpart-parameters", "p.json"];
        let Some(Subcommand::ExportChainSpec(command)) = parse(&both).subcommand else {
            panic!("another subcommand");
        };
        assert!(command.counterpart_genesis.is_some() && command.counterpart_parameters.is_some());
    }

    #[test]
    fn files_of_prices_are_analysed() {
        let guide = ["copula", "guide", "a.csv", "b.csv", "--electricity", "-1.5", "--hold-out", "0.2", "--json"];
        let Some(Subcommand::Copula(CopulaCmd::Guide(guide))) = parse(&guide).subcommand else {
            panic!("another subcommand");
        };
        assert_eq!((guide.series.files.len(), guide.electricity.value, guide.hold_out), (2, -1.5, Some(0.2)));
        let fit = ["copula", "fit", "a.csv", "--columns", "x, y", "--pseudo"];
        let Some(Subcommand::Copula(CopulaCmd::Fit(fit))) = parse(&fit).subcommand else {
            panic!("another subcommand");
        };
        assert_eq!(fit.series.columns, Some(["x".to_string(), "y".to_string()]));
        let nothing = ["node", "copula", "fit"];
        assert!(Cli::try_parse_for(&NETWORK, nothing).is_err());
        let share = ["node", "copula", "guide", "a.csv", "--electricity", "1", "--hold-out", "1"];
        assert!(Cli::try_parse_for(&NETWORK, share).is_err());
    }
}
