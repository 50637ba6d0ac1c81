//! Nodes that run, each in a process group of its own, on the loopback interface.
//!
//! No node outlives its [`Node`]: dropping it kills the group, and the kernel kills the node when the thread that started
//! it ends, however that happens. So start and restart nodes on the test's own thread.

use crate::{
    metrics, ports, program, program_path,
    rpc::{self, JointHeader, Rpc},
    run, wait_for, wait_until,
};
use gridpeg_header::H256;
use process_wrap::std::{ChildWrapper, CommandWrap, ProcessGroup};
use serde_json::{json, Value};
use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
    process::Stdio,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use subxt::rpcs::client::RpcClient;

/// Where the tests' blocks pay to: //Alice's public key.
const REWARD_ADDRESS: &str = "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
/// Longest that a node may take to answer: it compiles its runtime first, several nodes at once on few cores.
const STARTUP: Duration = Duration::from_secs(180);
/// Longest that a node may take to end when it is told to.
const SHUTDOWN: Duration = Duration::from_secs(60);
/// Lines of a log that are shown when a test fails.
const LOG_END: usize = 60;
const SIGTERM: i32 = 15;

/// A node that can be started: program, chain, ports, key and options.
pub struct NodeBuilder {
    program: String,
    name: String,
    folder: PathBuf,
    key: String,
    peer_id: String,
    p2p_port: u16,
    rpc_port: u16,
    prometheus_port: u16,
    arguments: Vec<String>,
}

impl NodeBuilder {
    /// A node of `program` on the chain `spec`. Its database and log go to `folder`, under `name`.
    pub fn new(program_name: &str, spec: &Path, folder: &Path, name: &str) -> Self {
        static KEYS: AtomicU64 = AtomicU64::new(1);
        let key = format!("{:064x}", KEYS.fetch_add(1, Ordering::Relaxed));
        let key_file = folder.join(format!("{name}.key"));
        fs::write(&key_file, &key).unwrap_or_else(|error| panic!("{}: {error}", key_file.display()));
        let inspected = run(program(program_name).args(["key", "inspect-node-key", "--file"]).arg(&key_file));
        assert!(inspected.status.success(), "{}", String::from_utf8_lossy(&inspected.stderr));
        Self {
            program: program_name.into(),
            name: name.into(),
            folder: folder.into(),
            key,
            peer_id: String::from_utf8_lossy(&inspected.stdout).trim().into(),
            p2p_port: ports::free(),
            rpc_port: ports::free(),
            prometheus_port: ports::free(),
            arguments: vec!["--chain".into(), spec.display().to_string()],
        }
    }

    /// Mines, at most so many hashes per second.
    pub fn mining(self, max_hashrate: u64) -> Self {
        let rate = max_hashrate.to_string();
        self.arguments(&["--mine", "--max-hashrate", &rate, "--reward-address", REWARD_ADDRESS])
    }

    /// Mines without peers too.
    pub fn force_authoring(self) -> Self {
        self.arguments(&["--force-authoring"])
    }

    /// Keeps a connection to the nodes at these addresses.
    pub fn reserved(self, addresses: &[String]) -> Self {
        addresses.iter().fold(self, |node, address| node.arguments(&["--reserved-nodes", address]))
    }

    /// Connects to reserved peers only.
    pub fn reserved_only(self) -> Self {
        self.arguments(&["--reserved-only"])
    }

    /// Log levels, as `-l` takes them.
    pub fn log_levels(self, levels: &str) -> Self {
        self.arguments(&["-l", levels])
    }

    /// More arguments.
    pub fn arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|argument| argument.to_string()));
        self
    }

    /// Where other nodes reach it.
    pub fn address(&self) -> String {
        format!("/ip4/127.0.0.1/tcp/{}/p2p/{}", self.p2p_port, self.peer_id)
    }

    /// What the node gets as `--base-path`.
    pub fn base_path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    /// Starts it and waits until it answers.
    pub fn start(self) -> Node {
        let rpc = Rpc::new(self.rpc_port);
        let mut node = Node { builder: self, rpc, child: None };
        node.restart();
        node
    }

    fn log_path(&self) -> PathBuf {
        self.folder.join(format!("{}.log", self.name))
    }

    /// Starts the process. What it writes is appended to the log.
    fn spawn(&self) -> Box<dyn ChildWrapper> {
        let path = self.log_path();
        let log = OpenOptions::new().create(true).append(true).open(&path);
        let log = log.and_then(|log| Ok((log.try_clone()?, log)));
        let (stdout, stderr) = log.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        // Both programs replace themselves by the next one. A node in a group of its own does not get a terminal's
        // Ctrl-C, so the kernel must end it with us.
        let mut command = CommandWrap::with_new("setpriv", |command| {
            command
                .args(["--pdeathsig", "KILL", "nice", "-n", "10"])
                .arg(program_path(&self.program))
                .arg("--base-path")
                .arg(self.base_path())
                .args(["--listen-addr", &format!("/ip4/127.0.0.1/tcp/{}", self.p2p_port)])
                .args(["--rpc-port", &self.rpc_port.to_string(), "--rpc-methods", "unsafe"])
                .args(["--prometheus-port", &self.prometheus_port.to_string()])
                .args(["--node-key", &self.key, "--name", &self.name, "--no-mdns", "--no-telemetry"])
                .args(&self.arguments)
                .stdin(Stdio::null())
                .stdout(stdout)
                .stderr(stderr);
        });
        let spawned = command.wrap(ProcessGroup::leader()).spawn();
        spawned.unwrap_or_else(|error| panic!("{}: setpriv (package util-linux): {error}", self.name))
    }
}

/// A node that runs, or has run. What asks it for something panics if it does not answer.
pub struct Node {
    builder: NodeBuilder,
    rpc: Rpc,
    child: Option<Box<dyn ChildWrapper>>,
}

impl Node {
    /// Ends it at once, as `kill -9` does.
    pub fn kill9(&mut self) {
        self.rpc.disconnect();
        let name = &self.builder.name;
        let mut child = self.child.take().unwrap_or_else(|| panic!("{name} does not run"));
        child.kill().unwrap_or_else(|error| panic!("cannot kill {name}: {error}"));
    }

    /// Tells it to end, and waits until it has.
    pub fn stop(&mut self) {
        self.rpc.disconnect();
        let name = &self.builder.name;
        let child = self.child.as_mut().unwrap_or_else(|| panic!("{name} does not run"));
        child.signal(SIGTERM).unwrap_or_else(|error| panic!("cannot stop {name}: {error}"));
        wait_for(&format!("{name} ends when it is told to"), SHUTDOWN, || {
            child.try_wait().unwrap_or_else(|error| panic!("{name}: {error}"))
        });
        self.child = None;
    }

    /// Starts it again, on the same database and ports, and waits until it answers.
    pub fn restart(&mut self) {
        assert!(self.child.is_none(), "{} runs already", self.builder.name);
        let child = self.child.insert(self.builder.spawn());
        let (name, rpc) = (&self.builder.name, &self.rpc);
        let answer = wait_for(&format!("{name} answers"), STARTUP, || {
            let ended = child.try_wait().unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(ended.is_none(), "{name} has ended by itself: {ended:?}");
            rpc.call("system_localPeerId", &[]).ok()
        });
        assert_eq!(answer, json!(self.builder.peer_id), "another node listens on {name}'s port");
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.builder.name
    }

    /// Where other nodes reach it.
    pub fn address(&self) -> String {
        self.builder.address()
    }

    /// Its identity in the network.
    pub fn peer_id(&self) -> &str {
        &self.builder.peer_id
    }

    /// All that it has logged, since its first start.
    pub fn log(&self) -> String {
        fs::read(self.builder.log_path()).map(|log| String::from_utf8_lossy(&log).into_owned()).unwrap_or_default()
    }

    /// Waits for a line of its log that contains `pattern`, the first one.
    pub fn wait_for_log(&self, pattern: &str, timeout: Duration) -> String {
        wait_for(&format!("{} logs `{pattern}`", self.builder.name), timeout, || {
            self.log().lines().find(|line| line.contains(pattern)).map(Into::into)
        })
    }

    /// A metric's value, summed over its series: see [`metrics::sum`].
    pub fn metric(&self, series: &str) -> Option<f64> {
        let text = metrics::scrape(self.builder.prometheus_port);
        metrics::sum(&text.unwrap_or_else(|error| panic!("{}: metrics: {error}", self.builder.name)), series)
    }

    /// Its RPC.
    pub fn client(&self) -> RpcClient {
        self.rpc.client().unwrap_or_else(|error| panic!("{}: {error}", self.builder.name))
    }

    /// The answer to an RPC call.
    pub fn call(&self, method: &str, params: &[Value]) -> Value {
        self.rpc.call(method, params).unwrap_or_else(|error| panic!("{}: {error}", self.builder.name))
    }

    /// Calls by RPC, and reads the answer.
    fn ask<T>(&self, method: &str, params: &[Value], read: impl FnOnce(&Value) -> Option<T>) -> T {
        let answer = self.call(method, params);
        read(&answer).unwrap_or_else(|| panic!("{}: {method} answers {answer}", self.builder.name))
    }

    /// Height of the best block.
    pub fn height(&self) -> u32 {
        self.ask("chain_getHeader", &[], rpc::number)
    }

    /// Hash of the best block.
    pub fn best_hash(&self) -> H256 {
        self.ask("chain_getBlockHash", &[], rpc::hash)
    }

    /// Height of the finalized block.
    pub fn finalized(&self) -> u32 {
        let hash = self.call("chain_getFinalizedHead", &[]);
        self.ask("chain_getHeader", &[hash], rpc::number)
    }

    /// Hash of the block at a height on the best branch, if it is that long.
    pub fn hash_at(&self, height: u32) -> Option<H256> {
        rpc::hash(&self.call("chain_getBlockHash", &[json!(height)]))
    }

    /// Header of a block from block 1 on, or of the best one.
    pub fn joint_header(&self, at: Option<H256>) -> JointHeader {
        self.ask("joint_header", &[json!(at)], JointHeader::from_answer)
    }

    /// How many peers it is connected to.
    pub fn peers(&self) -> u64 {
        self.ask("system_health", &[], |health| health["peers"].as_u64())
    }

    /// Keeps a connection to a node from now on.
    pub fn add_reserved_peer(&self, address: &str) {
        self.call("system_addReservedPeer", &[json!(address)]);
    }

    /// Does not keep a connection to a node any more; with [`NodeBuilder::reserved_only`] it ends.
    pub fn remove_reserved_peer(&self, peer_id: &str) {
        self.call("system_removeReservedPeer", &[json!(peer_id)]);
    }

    /// Waits until it has so many peers.
    pub fn wait_for_peers(&self, count: u64, timeout: Duration) {
        let name = &self.builder.name;
        wait_until(&format!("{name} has {count} peers"), timeout, || self.peers() == count);
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // It may have ended by itself.
            let _ = child.kill();
        }
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<_> = log.lines().collect();
            let end = lines[lines.len().saturating_sub(LOG_END)..].join("\n");
            eprintln!("\n--- the end of {}'s log\n{end}", self.builder.name);
        }
    }
}
