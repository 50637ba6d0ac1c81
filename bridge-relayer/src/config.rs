//! Configuration: one TOML file, flags that override it, and the signing key.
//!
//! `relayer.toml` beside this crate's manifest lists every option with its unit and default. Parsing is strict: unknown
//! options and bad values are errors that name the file, the option and what is expected. The signing key never comes
//! from the command line, where other users of the machine could read it.

use clap::{Args, ValueEnum};
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

/// Environment variable that holds the secret URI of the account that signs on the carbon chain.
const SURI_VARIABLE: &str = "RELAYER_CARBON_SURI";

const POLL_INTERVAL: RangeInclusive<u64> = 1..=3_600;
const INCLUSION_TIMEOUT: RangeInclusive<u64> = 10..=3_600;

/// What a secret URI looks like. Said instead of the parser's message, which could quote the secret.
const SURI_FORM: &str =
    "a phrase of 12 or 24 words, or 0x and 64 hex digits, either with an optional derivation path such as //relayer";

/// What to carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Carry {
    /// Headers only.
    Headers,
    /// Headers and messages.
    All,
}

/// The flags; each overrides the file's key of the same name.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Options {
    /// Configuration file (TOML); without it every option has its default
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// JSON-RPC address of a node of the electricity chain, ws:// or wss://
    #[arg(long, value_name = "URL", value_parser = node_url)]
    electricity_url: Option<String>,
    /// JSON-RPC address of a node of the carbon chain, ws:// or wss://
    #[arg(long, value_name = "URL", value_parser = node_url)]
    carbon_url: Option<String>,
    /// File with the secret URI of the account that signs on the carbon chain; the environment variable
    /// RELAYER_CARBON_SURI can hold the secret URI itself
    #[arg(long, value_name = "FILE")]
    carbon_key_file: Option<PathBuf>,
    /// What to carry
    #[arg(long, value_enum)]
    carry: Option<Carry>,
    /// Address that serves Prometheus metrics
    #[arg(long, value_name = "IP:PORT")]
    metrics_address: Option<SocketAddr>,
}

/// The file's keys.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    electricity_url: String,
    carbon_url: String,
    carbon_key_file: Option<PathBuf>,
    carry: Carry,
    poll_interval: u64,
    inclusion_timeout: u64,
    metrics_address: String,
}

impl Default for File {
    fn default() -> Self {
        Self {
            electricity_url: "ws://127.0.0.1:9944".into(),
            carbon_url: "ws://127.0.0.1:9945".into(),
            carbon_key_file: None,
            carry: Carry::All,
            poll_interval: 6,
            inclusion_timeout: 120,
            metrics_address: "127.0.0.1:9617".into(),
        }
    }
}

/// A complete, checked configuration. Not `Debug`: it holds the key.
pub(crate) struct Config {
    /// The electricity chain's node.
    pub(crate) electricity_url: String,
    /// The carbon chain's node.
    pub(crate) carbon_url: String,
    /// Signs on the carbon chain.
    pub(crate) carbon_signer: Keypair,
    /// What to carry.
    pub(crate) carry: Carry,
    /// Longest wait between two looks for work.
    pub(crate) poll_interval: Duration,
    /// Longest wait for a transaction to get into a block.
    pub(crate) inclusion_timeout: Duration,
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
        "no key to sign with on the carbon chain: set carbon_key_file in the configuration file, --carbon-key-file, or \
         the environment variable {}",
        SURI_VARIABLE
    )]
    NoKey,
    /// The key file cannot be read.
    #[error("cannot read carbon_key_file {}: {reason}; it has to hold {}", .path.display(), SURI_FORM)]
    KeyUnreadable {
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

impl Options {
    /// Reads the file and the key, applies the flags, and checks everything.
    pub(crate) fn load(self) -> Result<Config, ConfigError> {
        let suri = std::env::var(SURI_VARIABLE).ok();
        self.load_with(suri)
    }

    /// [`Options::load`] with the environment variable's value.
    fn load_with(self, suri: Option<String>) -> Result<Config, ConfigError> {
        let path = self.config.clone().unwrap_or_default();
        let file = match &self.config {
            Some(path) => read(path)?,
            None => File::default(),
        };
        let electricity = in_file(&path, "electricity_url", &file.electricity_url, node_url(&file.electricity_url))?;
        let carbon = in_file(&path, "carbon_url", &file.carbon_url, node_url(&file.carbon_url))?;
        let poll = seconds(file.poll_interval, POLL_INTERVAL);
        let poll_interval = in_file(&path, "poll_interval", file.poll_interval, poll)?;
        let inclusion = seconds(file.inclusion_timeout, INCLUSION_TIMEOUT);
        let inclusion_timeout = in_file(&path, "inclusion_timeout", file.inclusion_timeout, inclusion)?;
        let metrics = socket_address(&file.metrics_address);
        let metrics = in_file(&path, "metrics_address", &file.metrics_address, metrics)?;
        let carbon_signer = match (self.carbon_key_file, suri, file.carbon_key_file) {
            (Some(path), _, _) | (None, None, Some(path)) => read_key(&path)?,
            (None, Some(suri), _) => parse_key(&suri, || format!("environment variable {SURI_VARIABLE}"))?,
            (None, None, None) => return Err(ConfigError::NoKey),
        };
        Ok(Config {
            electricity_url: self.electricity_url.unwrap_or(electricity),
            carbon_url: self.carbon_url.unwrap_or(carbon),
            carbon_signer,
            carry: self.carry.unwrap_or(file.carry),
            poll_interval,
            inclusion_timeout,
            metrics_address: self.metrics_address.unwrap_or(metrics),
        })
    }
}

fn read(path: &Path) -> Result<File, ConfigError> {
    let text =
        std::fs::read_to_string(path).map_err(|reason| ConfigError::Unreadable { path: path.to_path_buf(), reason })?;
    toml::from_str(&text)
        .map_err(|reason| ConfigError::Malformed { path: path.to_path_buf(), reason: Box::new(reason) })
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

fn socket_address(value: &str) -> Result<SocketAddr, String> {
    value.parse().map_err(|_| "expected an IP address and a port, such as 127.0.0.1:9617".into())
}

fn read_key(path: &Path) -> Result<Keypair, ConfigError> {
    let suri = std::fs::read_to_string(path)
        .map_err(|reason| ConfigError::KeyUnreadable { path: path.to_path_buf(), reason })?;
    parse_key(&suri, || format!("carbon_key_file {}", path.display()))
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
