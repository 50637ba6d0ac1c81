//! What takes minutes: `scripts/test --long`.

use gridpeg_header::PowParameters;
use gridpeg_tests::{
    node::{Node, NodeBuilder},
    report, spec, wait_until,
};
use std::{fs, thread::sleep, time::Duration};
use tempfile::TempDir;

/// Hashes per second of every node, and so the hashes of a block of one second.
const RATE: u64 = 10_000;
const BLOCK_TIME: u64 = 1_000;
/// How far off the first target is.
const FACTOR: u64 = 16;
/// The blocks whose times count.
const FROM: u32 = 100;
const TO: u32 = 200;
/// How far the mean block time may be off.
const TOLERANCE: f64 = 0.2;
const PATIENCE: Duration = Duration::from_secs(720);

#[test]
#[ignore = "long: scripts/test --long"]
fn block_times_settle_from_far_off_targets() {
    let folder = TempDir::new().unwrap();
    let mut nodes = Vec::new();
    for program in ["electricity-node", "carbon-node"] {
        for (off, hashes) in [("easy", RATE / FACTOR), ("hard", RATE * FACTOR)] {
            let name = format!("{program}-{off}");
            let folder = folder.path().join(&name);
            fs::create_dir(&folder).unwrap();
            let parameters = PowParameters {
                block_time: BLOCK_TIME,
                half_life: 10,
                initial_target: spec::target(hashes),
                finality_depth: 20,
                confirmations: 24,
            };
            let spec = spec::with_parameters(program, &parameters, &folder);
            let node = NodeBuilder::new(program, &spec, &folder, &name).mining(RATE).force_authoring().start();
            nodes.push((node, off));
        }
    }
    wait_until(&format!("all four chains have {TO} blocks"), PATIENCE, || {
        sleep(Duration::from_secs(1));
        nodes.iter().all(|(node, _)| node.height() >= TO)
    });
    let mut off_by_too_much = Vec::new();
    for (node, off) in &nodes {
        let mean = (time_of(node, TO) - time_of(node, FROM)) / f64::from(TO - FROM);
        let line = format!(
            "retarget from {FACTOR} times too {off}, {}: blocks {FROM} to {TO} take {:.3} of the block time",
            node.name(),
            mean / BLOCK_TIME as f64
        );
        report(&line);
        if (mean / BLOCK_TIME as f64 - 1.0).abs() > TOLERANCE {
            off_by_too_much.push(line);
        }
    }
    assert!(off_by_too_much.is_empty(), "{off_by_too_much:#?}");
}

/// A block's timestamp, Unix milliseconds.
fn time_of(node: &Node, height: u32) -> f64 {
    node.joint_header(node.hash_at(height)).time as f64
}
