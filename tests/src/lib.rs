//! Runs the built programs. They are expected beside the test's own binary: `scripts/build` builds them.
//!
//! | module | what it does |
//! |---|---|
//! | here | runs a command to its end; waits; reports measured numbers |
//! | [`data`] | public data that is not in the repository |
//! | [`spec`] | chain specs with other parameters |
//! | [`node`] | a node that runs, and what it says |
//! | [`relayer`] | a relayer that runs, and its commands |
//! | [`metrics`] | its Prometheus metrics |
//! | [`rpc`] | its RPC, blocking |
//! | [`transaction`] | transactions for it |

pub mod data;
pub mod metrics;
pub mod node;
mod ports;
pub mod relayer;
pub mod rpc;
pub mod spec;
pub mod transaction;

use std::{
    fs::{File, OpenOptions},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// Longest that a command of the tests may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time between two looks of [`wait_for`].
const POLL: Duration = Duration::from_millis(50);

/// Where a built program is.
fn program_path(name: &str) -> PathBuf {
    let mut path = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("."));
    // …/release/deps/test-binary → …/release/program
    path.pop();
    path.pop();
    path.join(name)
}

/// A built program.
pub fn program(name: &str) -> Command {
    let mut command = Command::new(program_path(name));
    command.stdin(Stdio::null()).env("RUST_BACKTRACE", "0");
    command
}

/// Runs a command to its end; panics if it takes longer than a minute, and ends it then.
pub fn run(command: &mut Command) -> Output {
    run_within(command, PATIENCE)
}

/// [`run`] with another limit.
pub fn run_within(command: &mut Command, patience: Duration) -> Output {
    // Files, because a pipe that nobody reads stops a program that prints much.
    let (mut stdout, mut stderr) = (output_file(), output_file());
    let spawned = command.stdout(writer(&stdout)).stderr(writer(&stderr)).spawn();
    let mut child = spawned.unwrap_or_else(|error| panic!("{command:?}: {error}; run scripts/build first"));
    let begin = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if begin.elapsed() < patience => sleep(Duration::from_millis(20)),
            other => {
                let _ = child.kill();
                let _ = child.wait();
                panic!("{command:?} did not end within {patience:?}: {other:?}");
            }
        }
    };
    Output { status, stdout: content(&mut stdout), stderr: content(&mut stderr) }
}

fn output_file() -> File {
    tempfile::tempfile().unwrap_or_else(|error| panic!("no temporary file: {error}"))
}

fn writer(file: &File) -> File {
    file.try_clone().unwrap_or_else(|error| panic!("no second handle: {error}"))
}

fn content(file: &mut File) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = file.rewind().and_then(|()| file.read_to_end(&mut bytes));
    read.unwrap_or_else(|error| panic!("output is lost: {error}"));
    bytes
}

/// What a failed run printed on standard error; panics if it did not fail, or by a panic.
pub fn failure(command: &mut Command) -> String {
    let output = run(command);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{command:?} succeeded");
    assert!(!errors.contains("panicked"), "{command:?} panicked: {errors}");
    errors
}

/// Looks until there is a value; panics with what was waited for when `timeout` is over. Nodes that are dropped by a
/// panic show the end of their logs.
pub fn wait_for<T>(what: &str, timeout: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(value) = look() {
            return value;
        }
        assert!(begin.elapsed() < timeout, "waited {timeout:?} for this: {what}");
        sleep(POLL);
    }
}

/// [`wait_for`] a condition.
pub fn wait_until(what: &str, timeout: Duration, mut holds: impl FnMut() -> bool) {
    wait_for(what, timeout, || holds().then_some(()))
}

/// Waits until the database under a base path is free: parity-db keeps this lock, and tasks end in the background.
pub fn wait_for_database(base_path: &Path, chain: &str) {
    let lock = base_path.join(format!("chains/{chain}/paritydb/full/lock"));
    wait_until("the forge closes its database", PATIENCE, || {
        let file = File::open(&lock).unwrap_or_else(|error| panic!("{}: {error}", lock.display()));
        file.try_lock().is_ok()
    });
}

/// Reports what was measured: on standard output, and in the file that the environment's `GRIDPEG_REPORT` names, from
/// where `scripts/test` shows it.
pub fn report(line: &str) {
    println!("{line}");
    let Some(path) = std::env::var_os("GRIDPEG_REPORT") else {
        return;
    };
    let opened = OpenOptions::new().create(true).append(true).open(&path);
    let written = opened.and_then(|mut file| writeln!(file, "{line}"));
    written.unwrap_or_else(|error| panic!("GRIDPEG_REPORT={}: {error}", path.display()));
}
