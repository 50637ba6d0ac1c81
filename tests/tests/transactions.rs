//! A transaction that is sent while a block is being mined gets into that block: templates are rebuilt meanwhile.

use gridpeg_header::PowParameters;
use gridpeg_tests::{
    node::{Node, NodeBuilder},
    report, spec,
    transaction::{connect, signed, Client},
    wait_for,
};
use serde_json::json;
use std::{
    thread::sleep,
    time::{Duration, Instant},
};
use subxt::dynamic::{tx, Value};
use subxt_signer::sr25519::dev;
use tempfile::TempDir;

const PROGRAM: &str = "electricity-node";
/// Hashes per second.
const RATE: u64 = 10_000;
/// What a block takes, in seconds. A template is rebuilt every 2 s.
const BLOCK_SECONDS: u64 = 11;
/// How long a block must have been in work before and after the transaction is sent.
const BEFORE: Duration = Duration::from_secs(1);
const AFTER: Duration = Duration::from_secs(5);
/// Longest for all tries together.
const PATIENCE: Duration = Duration::from_secs(240);

#[test]
fn a_transaction_sent_while_a_block_is_mined_is_in_that_block() {
    let folder = TempDir::new().unwrap();
    let parameters = PowParameters {
        block_time: BLOCK_SECONDS * 1_000,
        half_life: 10,
        initial_target: spec::target(RATE * BLOCK_SECONDS),
        finality_depth: 5,
        confirmations: 6,
    };
    let spec = spec::with_parameters(PROGRAM, &parameters, folder.path());
    let node = NodeBuilder::new(PROGRAM, &spec, folder.path(), "miner").mining(RATE).force_authoring().start();
    let client = connect(&node);

    let begin = Instant::now();
    let mut tries = 0;
    let (waited, height, transaction) = loop {
        tries += 1;
        if let Some(counted) = send(&node, &client, tries, PATIENCE.saturating_sub(begin.elapsed())) {
            break counted;
        }
    };
    let block = node.call("chain_getBlock", &[json!(node.hash_at(height))]);
    let extrinsics = block["block"]["extrinsics"].as_array().unwrap();
    assert!(
        extrinsics.contains(&json!(transaction)),
        "#{height} came {waited:?} after the transaction, and has only {extrinsics:?}"
    );
    report(&format!(
        "transaction sent while a block was mined: in that block, {:.1} s later, at try {tries}",
        waited.as_secs_f64()
    ));
}

/// Sends a transaction while a block is being mined, and waits for that block: how long it took, its height, the
/// transaction. `None` if the block came too soon to say anything.
fn send(node: &Node, client: &Client, number: u32, patience: Duration) -> Option<(Duration, u32, String)> {
    let above =
        |height: u32| wait_for("the next block", patience, || Some(node.height()).filter(|next| *next > height));
    let parent = above(node.height());
    sleep(BEFORE);
    let remark = tx("System", "remark", vec![Value::from_bytes(format!("try {number}"))]);
    let transaction = signed(node, client, &dev::alice(), &remark);
    node.call("author_submitExtrinsic", &[json!(transaction)]);
    let sent = Instant::now();
    // It is in work, or has just come: then it took no time.
    above(parent);
    let waited = sent.elapsed();
    (waited >= AFTER).then_some((waited, parent + 1, transaction))
}
