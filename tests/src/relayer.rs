//! The relayer: a process that runs, and its commands.
//!
//! As with nodes, no process outlives its [`Relayer`]: dropping it kills the process, and the kernel does so when the
//! thread that started it ends. So start it on the test's own thread.

use crate::{metrics, node::Node, ports, program, program_path, wait_for};
use process_wrap::std::{ChildWrapper, CommandWrap, ProcessGroup};
use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

const PROGRAM: &str = "bridge-relayer";
/// What a running relayer logs: its own steps as well.
const LOG_FILTER: &str = "info,bridge_relayer=debug";
/// What a node logs before the addresses of its RPC.
const LISTENS: &str = "JSON-RPC server: addr=";
/// Longest that a node may take to say it: it does before it answers.
const SAYS_SO: Duration = Duration::from_secs(10);
/// Lines of the log that are shown when a test fails.
const LOG_END: usize = 60;

/// A relayer between two nodes: a process that can be started and killed, and its commands.
pub struct Relayer {
    name: String,
    log_path: PathBuf,
    electricity_url: String,
    carbon_url: String,
    suri: String,
    metrics_port: u16,
    /// Length of the log when the process was started last.
    begin: u64,
    child: Option<Box<dyn ChildWrapper>>,
}

impl Relayer {
    /// A relayer that signs with `suri` on both chains. Its log goes to `folder`, under `name`. It does not run yet.
    pub fn new(name: &str, electricity: &Node, carbon: &Node, suri: &str, folder: &Path) -> Self {
        Self {
            name: name.into(),
            log_path: folder.join(format!("{name}.log")),
            electricity_url: url(electricity),
            carbon_url: url(carbon),
            suri: suri.into(),
            metrics_port: ports::free(),
            begin: 0,
            child: None,
        }
    }

    /// One of its commands, with the nodes and the keys.
    pub fn command(&self, name: &str) -> Command {
        let mut command = program(PROGRAM);
        command.arg(name).args(self.nodes()).envs(self.keys());
        command
    }

    /// Starts the daemon. What it writes is appended to the log.
    pub fn start(&mut self) {
        assert!(self.child.is_none(), "{} runs already", self.name);
        self.begin = fs::metadata(&self.log_path).map(|file| file.len()).unwrap_or_default();
        let log = OpenOptions::new().create(true).append(true).open(&self.log_path);
        let log = log.and_then(|log| Ok((log.try_clone()?, log)));
        let (stdout, stderr) = log.unwrap_or_else(|error| panic!("{}: {error}", self.log_path.display()));
        // It replaces itself by the relayer, which the kernel then ends with this thread.
        let mut command = CommandWrap::with_new("setpriv", |command| {
            command
                .args(["--pdeathsig", "KILL"])
                .arg(program_path(PROGRAM))
                .arg("run")
                .args(self.nodes())
                .args(["--metrics-address", &format!("127.0.0.1:{}", self.metrics_port)])
                .envs(self.keys())
                .env("RUST_LOG", LOG_FILTER)
                .env("RUST_BACKTRACE", "0")
                .stdin(Stdio::null())
                .stdout(stdout)
                .stderr(stderr);
        });
        let spawned = command.wrap(ProcessGroup::leader()).spawn();
        let child = spawned.unwrap_or_else(|error| panic!("{}: setpriv (package util-linux): {error}", self.name));
        self.child = Some(child);
    }

    /// Ends the daemon at once, as `kill -9` does.
    pub fn kill9(&mut self) {
        self.assert_runs();
        let name = &self.name;
        let mut child = self.child.take().unwrap_or_else(|| panic!("{name} does not run"));
        child.kill().unwrap_or_else(|error| panic!("cannot kill {name}: {error}"));
    }

    /// Panics if the daemon does not run, or has ended by itself.
    pub fn assert_runs(&mut self) {
        let name = &self.name;
        let child = self.child.as_mut().unwrap_or_else(|| panic!("{name} does not run"));
        let ended = child.try_wait().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(ended.is_none(), "{name} has ended by itself: {ended:?}");
    }

    /// What it has logged since it was started last, in whole lines.
    pub fn log(&self) -> String {
        let read = File::open(&self.log_path).and_then(|mut file| {
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(self.begin))?;
            file.read_to_end(&mut bytes)?;
            Ok(bytes)
        });
        let log = String::from_utf8_lossy(&read.unwrap_or_default()).into_owned();
        log.rsplit_once('\n').map(|(lines, _)| lines.into()).unwrap_or_default()
    }

    /// How many lines of [`Relayer::log`] contain `pattern`.
    pub fn count(&self, pattern: &str) -> usize {
        self.log().lines().filter(|line| line.contains(pattern)).count()
    }

    /// Waits for a line of [`Relayer::log`] that contains `pattern`, the first one.
    pub fn wait_for_log(&mut self, pattern: &str, timeout: Duration) -> String {
        wait_for(&format!("{} logs `{pattern}`", self.name), timeout, || {
            self.assert_runs();
            self.log().lines().find(|line| line.contains(pattern)).map(Into::into)
        })
    }

    /// A metric's value, summed over its series: see [`metrics::sum`].
    pub fn metric(&self, series: &str) -> Option<f64> {
        let text = metrics::scrape(self.metrics_port);
        metrics::sum(&text.unwrap_or_else(|error| panic!("{}: metrics: {error}", self.name)), series)
    }

    fn nodes(&self) -> [&str; 4] {
        ["--electricity-url", &self.electricity_url, "--carbon-url", &self.carbon_url]
    }

    fn keys(&self) -> [(&str, &str); 2] {
        ["RELAYER_ELECTRICITY_SURI", "RELAYER_CARBON_SURI"].map(|variable| (variable, self.suri.as_str()))
    }
}

impl Drop for Relayer {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // It may have ended by itself.
            let _ = child.kill();
        }
        if std::thread::panicking() {
            let log = fs::read(&self.log_path).unwrap_or_default();
            let log = String::from_utf8_lossy(&log);
            let lines: Vec<_> = log.lines().collect();
            let end = lines[lines.len().saturating_sub(LOG_END)..].join("\n");
            eprintln!("\n--- the end of {}'s log\n{end}", self.name);
        }
    }
}

/// Where a node's RPC answers, as it says itself.
fn url(node: &Node) -> String {
    let line = node.wait_for_log(LISTENS, SAYS_SO);
    let addresses = line.split_once(LISTENS).map(|(_, addresses)| addresses).unwrap_or_default();
    let address = addresses.split([',', ' ']).next().unwrap_or_default();
    format!("ws://{address}")
}
