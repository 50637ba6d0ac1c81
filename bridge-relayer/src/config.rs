//! Configuration: one TOML file, flags that override it, and the signing keys.
//!
//! `relayer.toml` beside this crate's manifest lists every option with its unit and default. Parsing is strict: unknown
//! options and bad values are errors that name the file, the option and what is expected. Signing keys never come from
//! the command line, where other users of the machine could read them.

use crate::names::ChainName;
use clap::{Args, ValueEnum};
use gridpeg_messages::units::{Balance, COIN};
use serde::Deserialize;
use std::{
    fmt::Display,
    net::SocketAddr,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    time::Duration,
};
use subxt_signer::{sr25519::Keypair, SecretUri};
use url::Url;

const POLL_INTERVAL: RangeInclusive<u64> = 1..=3_600;
const INCLUSION_TIMEOUT: RangeInclusive<u64> = 10..=3_600;
/// In coins.
const LOW_BALANCE: RangeInclusive<f64> = 0.0..=1_000_000_000.0;

/// What a secret URI looks like. Said instead of the parser's message, which could quote the secret.
const SURI_FORM: &str =
    "a phrase of 12 or 24 words, or 0x and 64 hex digits, either with an optional derivation path such as //relayer";

/// What to carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Carry {
    /// Headers only.
    Headers,
    /// Headers, messages and receipts.
    All,
}

/// Where the nodes are: what a question to both of them needs.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct NodeOptions {
    /// Configuration file (TOML); without it every option has its default
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// JSON-RPC address of a node of the electricity chain, ws:// or wss://
    #[arg(long, value_name = "URL", value_parser = node_url)]
    electricity_url: Option<String>,
    /// JSON-RPC address of a node of the carbon chain, ws:// or wss://
    #[arg(long, value_name = "URL", value_parser = node_url)]
    carbon_url: Option<String>,
}

/// Where the signing keys are.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct KeyOptions {
    /// File with the secret URI of the account that signs on the electricity chain; the environment variable
    /// RELAYER_ELECTRICITY_SURI can hold the secret URI itself
    #[arg(long, value_name = "FILE")]
    electricity_key_file: Option<PathBuf>,
    /// File with the secret URI of the account that signs on the carbon chain; the environment variable
    /// RELAYER_CARBON_SURI can hold the secret URI itself
    #[arg(long, value_name = "FILE")]
    carbon_key_file: Option<PathBuf>,
}

/// The flags of a relayer; each overrides the file's key of the same name.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    pub(crate) nodes: NodeOptions,
    #[command(flatten)]
    pub(crate) keys: KeyOptions,
    /// What to carry
    #[arg(long, value_enum)]
    pub(crate) carry: Option<Carry>,
    /// Address that serves Prometheus metrics
    #[arg(long, value_name = "IP:PORT")]
    pub(crate) metrics_address: Option<SocketAddr>,
}

/// The file's keys.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    electricity_url: String,
    carbon_url: String,
    electricity_key_file: Option<PathBuf>,
    carbon_key_file: Option<PathBuf>,
    carry: Carry,
    poll_interval: u64,
    inclusion_timeout: u64,
    low_balance: f64,
    metrics_address: String,
}

impl Default for File {
    fn default() -> Self {
        Self {
            electricity_url: "ws://127.0.0.1:9944".into(),
            carbon_url: "ws://127.0.0.1:9945".into(),
            electricity_key_file: None,
            carbon_key_file: None,
            carry: Carry::All,
            poll_interval: 6,
            inclusion_timeout: 600,
            low_balance: 1.0,
            metrics_address: "127.0.0.1:9617".into(),
        }
    }
}

/// The two nodes' addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Nodes {
    electricity: String,
    carbon: String,
}

impl Nodes {
    /// The address of a chain's node.
    pub(crate) fn url(&self, chain: ChainName) -> &str {
        match chain {
            ChainName::Electricity => &self.electricity,
            ChainName::Carbon => &self.carbon,
        }
    }
}

/// The signing keys that were asked for.
pub(crate) struct Signers {
    electricity: Option<Keypair>,
    carbon: Option<Keypair>,
}

impl Signers {
    /// The key that signs on a chain.
    pub(crate) fn on(&self, chain: ChainName) -> Result<&Keypair, ConfigError> {
        let signer = match chain {
            ChainName::Electricity => &self.electricity,
            ChainName::Carbon => &self.carbon,
        };
        signer.as_ref().ok_or(ConfigError::NoKey { chain })
    }
}

/// How to relay, in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// What to carry.
    pub(crate) carry: Carry,
    /// Longest wait between two looks for work.
    pub(crate) poll_interval: Duration,
    /// Longest wait for a transaction to get into a block.
    pub(crate) inclusion_timeout: Duration,
    /// Below it a signer's balance is warned of.
    pub(crate) low_balance: Balance,
}

/// A complete, checked configuration. Not `Debug`: it holds the keys.
pub(crate) struct Config {
    /// Where the nodes are.
    pub(crate) nodes: Nodes,
    /// The signing keys.
    pub(crate) signers: Signers,
    /// How to relay.
    pub(crate) settings: Settings,
    /// Where metrics are served.
    pub(crate) metrics_address: SocketAddr,
}

/// Why a configuration is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read configuration file {}: {reason}; check the path given with --config", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's message.
        reason: std::io::Error,
    },
    /// The file is not the TOML that is expected. The parser's message shows line and key.
    #[error("configuration file {}: {reason}every key is described in the example relayer.toml", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The parser's message.
        reason: Box<toml::de::Error>,
    },
    /// A key's value is out of its bounds.
    #[error("configuration file {}, {key} = {value:?}: {reason}", .path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The key.
        key: &'static str,
        /// Its value.
        value: String,
        /// What is expected.
        reason: String,
    },
    /// No key was given.
    #[error(
        "no key to sign with on the {chain} chain: set {chain}_key_file in the configuration file, --{chain}-key-file, \
         or the environment variable {}",
        .chain.suri_variable()
    )]
    NoKey {
        /// Where it is to sign.
        chain: ChainName,
    },
    /// A key file cannot be read.
    #[error("cannot read {chain}_key_file {}: {reason}; it has to hold {}", .path.display(), SURI_FORM)]
    KeyUnreadable {
        /// Where it is to sign.
        chain: ChainName,
        /// The file.
        path: PathBuf,
        /// The system's message.
        reason: std::io::Error,
    },
    /// The key is no secret URI.
    #[error("{origin} does not hold a secret URI: expected {}", SURI_FORM)]
    Key {
        /// Where the key was found.
        origin: String,
    },
}

/// The environment variables that hold keys.
#[derive(Clone, Debug, Default)]
struct Environment {
    electricity: Option<String>,
    carbon: Option<String>,
}

impl Environment {
    fn read() -> Self {
        let variable = |chain: ChainName| std::env::var(chain.suri_variable()).ok();
        Self { electricity: variable(ChainName::Electricity), carbon: variable(ChainName::Carbon) }
    }
}

impl NodeOptions {
    /// Reads the file, applies the flags, and checks all but the keys.
    pub(crate) fn load(&self) -> Result<Nodes, ConfigError> {
        let (path, file) = self.read()?;
        check(&path, &file)?;
        Ok(self.nodes(&file))
    }

    fn read(&self) -> Result<(PathBuf, File), ConfigError> {
        match &self.config {
            Some(path) => Ok((path.clone(), read(path)?)),
            None => Ok((PathBuf::new(), File::default())),
        }
    }

    fn nodes(&self, file: &File) -> Nodes {
        Nodes {
            electricity: self.electricity_url.as_ref().unwrap_or(&file.electricity_url).clone(),
            carbon: self.carbon_url.as_ref().unwrap_or(&file.carbon_url).clone(),
        }
    }
}

impl Options {
    /// Reads the file and the keys of the chains where this process signs, applies the flags, and checks everything.
    pub(crate) fn load(self, signs_on: &[ChainName]) -> Result<Config, ConfigError> {
        self.load_with(signs_on, Environment::read())
    }

    /// [`Options::load`] with the environment variables' values.
    fn load_with(self, signs_on: &[ChainName], environment: Environment) -> Result<Config, ConfigError> {
        let (path, file) = self.nodes.read()?;
        let (mut settings, metrics_address) = check(&path, &file)?;
        settings.carry = self.carry.unwrap_or(settings.carry);
        let Self { nodes, keys, metrics_address: flag, .. } = self;
        let electricity = (keys.electricity_key_file, environment.electricity, &file.electricity_key_file);
        let carbon = (keys.carbon_key_file, environment.carbon, &file.carbon_key_file);
        let signers = Signers {
            electricity: signer(signs_on, ChainName::Electricity, electricity)?,
            carbon: signer(signs_on, ChainName::Carbon, carbon)?,
        };
        Ok(Config { nodes: nodes.nodes(&file), signers, settings, metrics_address: flag.unwrap_or(metrics_address) })
    }
}

fn read(path: &Path) -> Result<File, ConfigError> {
    let text =
        std::fs::read_to_string(path).map_err(|reason| ConfigError::Unreadable { path: path.to_path_buf(), reason })?;
    toml::from_str(&text)
        .map_err(|reason| ConfigError::Malformed { path: path.to_path_buf(), reason: Box::new(reason) })
}

/// Checks all values of a file, also those that a flag overrides.
fn check(path: &Path, file: &File) -> Result<(Settings, SocketAddr), ConfigError> {
    in_file(path, "electricity_url", &file.electricity_url, node_url(&file.electricity_url))?;
    in_file(path, "carbon_url", &file.carbon_url, node_url(&file.carbon_url))?;
    let poll = seconds(file.poll_interval, POLL_INTERVAL);
    let inclusion = seconds(file.inclusion_timeout, INCLUSION_TIMEOUT);
    let settings = Settings {
        carry: file.carry,
        poll_interval: in_file(path, "poll_interval", file.poll_interval, poll)?,
        inclusion_timeout: in_file(path, "inclusion_timeout", file.inclusion_timeout, inclusion)?,
        low_balance: in_file(path, "low_balance", file.low_balance, coins(file.low_balance))?,
    };
    let metrics = socket_address(&file.metrics_address);
    Ok((settings, in_file(path, "metrics_address", &file.metrics_address, metrics)?))
}

/// Says where a bad value stands. Defaults pass every check, so there is a file when there is an error.
fn in_file<T>(
    path: &Path,
    key: &'static str,
    value: impl Display,
    checked: Result<T, String>,
) -> Result<T, ConfigError> {
    checked.map_err(|reason| ConfigError::Value { path: path.to_path_buf(), key, value: value.to_string(), reason })
}

fn node_url(value: &str) -> Result<String, String> {
    let expected = "expected the WebSocket address of a node, such as ws://127.0.0.1:9944";
    let url = Url::parse(value).map_err(|error| format!("{error}; {expected}"))?;
    if !matches!(url.scheme(), "ws" | "wss") {
        return Err(format!("the scheme is {:?}, not ws or wss; {expected}", url.scheme()));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(format!("there is no host; {expected}"));
    }
    Ok(value.to_string())
}

fn seconds(value: u64, bounds: RangeInclusive<u64>) -> Result<Duration, String> {
    if !bounds.contains(&value) {
        return Err(format!("expected {} to {} seconds", bounds.start(), bounds.end()));
    }
    Ok(Duration::from_secs(value))
}

/// A threshold that people write down: a float is exact enough.
fn coins(value: f64) -> Result<Balance, String> {
    if !LOW_BALANCE.contains(&value) {
        return Err(format!("expected {} to {} coins", LOW_BALANCE.start(), LOW_BALANCE.end()));
    }
    Ok((value * COIN as f64) as Balance)
}

fn socket_address(value: &str) -> Result<SocketAddr, String> {
    value.parse().map_err(|_| "expected an IP address and a port, such as 127.0.0.1:9617".into())
}

/// The key of a chain, from flag, environment or file in this order; `None` if nothing is signed there.
fn signer(
    signs_on: &[ChainName],
    chain: ChainName,
    (flag, suri, file): (Option<PathBuf>, Option<String>, &Option<PathBuf>),
) -> Result<Option<Keypair>, ConfigError> {
    if !signs_on.contains(&chain) {
        return Ok(None);
    }
    let key = match (flag, suri, file) {
        (Some(path), _, _) => read_key(chain, &path)?,
        (None, Some(suri), _) => parse_key(&suri, || format!("environment variable {}", chain.suri_variable()))?,
        (None, None, Some(path)) => read_key(chain, path)?,
        (None, None, None) => return Err(ConfigError::NoKey { chain }),
    };
    Ok(Some(key))
}

fn read_key(chain: ChainName, path: &Path) -> Result<Keypair, ConfigError> {
    let suri = std::fs::read_to_string(path).map_err(|reason| ConfigError::KeyUnreadable {
        chain,
        path: path.to_path_buf(),
        reason,
    })?;
    parse_key(&suri, || format!("{chain}_key_file {}", path.display()))
}

fn parse_key(suri: &str, origin: impl Fn() -> String) -> Result<Keypair, ConfigError> {
    let suri = suri.trim();
    // An empty string would be the well-known development phrase.
    if suri.is_empty() {
        return Err(ConfigError::Key { origin: origin() });
    }
    let uri: SecretUri = suri.parse().map_err(|_| ConfigError::Key { origin: origin() })?;
    Keypair::from_uri(&uri).map_err(|_| ConfigError::Key { origin: origin() })
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
