//! Runs the built programs. They are expected beside the test's own binary: `scripts/build` builds them.

use std::{
    path::PathBuf,
    process::{Command, Output, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// Longest that a command of the tests may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A built program.
pub fn program(name: &str) -> Command {
    let mut path = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("."));
    // …/release/deps/test-binary → …/release/program
    path.pop();
    path.pop();
    let mut command = Command::new(path.join(name));
    command.stdin(Stdio::null()).env("RUST_BACKTRACE", "0");
    command
}

/// Runs a command to its end; panics if it takes longer than a minute, and ends it then.
pub fn run(command: &mut Command) -> Output {
    let mut child = match command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(error) => panic!("{command:?}: {error}; run scripts/build first"),
    };
    let begin = Instant::now();
    while matches!(child.try_wait(), Ok(None)) {
        if begin.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            panic!("{command:?} did not end within {PATIENCE:?}");
        }
        sleep(Duration::from_millis(20));
    }
    match child.wait_with_output() {
        Ok(output) => output,
        Err(error) => panic!("{command:?}: {error}"),
    }
}

/// What a failed run printed on standard error; panics if it did not fail, or by a panic.
pub fn failure(command: &mut Command) -> String {
    let output = run(command);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{command:?} succeeded");
    assert!(!errors.contains("panicked"), "{command:?} panicked: {errors}");
    errors
}
