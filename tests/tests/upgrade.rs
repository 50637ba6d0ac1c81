//! A real upgrade of the runtime, with migrations, on running nodes: scheduled, not before its time, executed once. The
//! chain has an analysis, whose price pairs a migration changes: miner and follower go on over it.

use codec::Decode;
use gridpeg_header::{forge::easy_parameters, PowParameters};
use gridpeg_runtime_api::WindowState;
use gridpeg_tests::{
    node::{Node, NodeBuilder},
    report,
    spec::{self, price_pairs, set_parameters, set_price_pairs},
    transaction::{connect, include, signed},
    wait_until,
};
use polkadot_sdk::sp_crypto_hashing::{blake2_256, twox_128};
use serde_json::json;
use std::time::Duration;
use subxt::dynamic::{tx, Value};
use subxt_signer::sr25519::dev;
use tempfile::TempDir;

const PROGRAM: &str = "electricity-node";
const RATE: u64 = 10_000;
const MINUTES: Duration = Duration::from_secs(180);
/// Blocks that an upgrade waits: the development preset's.
const DELAY: u32 = 10;
/// Price pairs from genesis on.
const PAIRS: u64 = 60;
/// How JSON shows the digest item of an upgrade.
const UPDATED: &str = "0x08";

fn spec_version(node: &Node) -> u64 {
    node.call("state_getRuntimeVersion", &[])["specVersion"].as_u64().unwrap()
}

/// What the pot pays per block, from the storage itself.
fn block_reward(node: &Node) -> u128 {
    let key = [twox_128(b"HybridPow"), twox_128(b"BlockReward")].concat();
    let value = node.call("state_getStorage", &[json!(format!("0x{}", hex::encode(key)))]);
    let bytes = hex::decode(value.as_str().unwrap().trim_start_matches("0x")).unwrap();
    u128::from_le_bytes(bytes.try_into().unwrap())
}

/// What the children of the block at this height are analysed against.
fn window(node: &Node, height: u32) -> WindowState {
    let answer = node.call("state_call", &[json!("AnalysisApi_window"), json!("0x"), json!(node.hash_at(height))]);
    let bytes = hex::decode(answer.as_str().unwrap().trim_start_matches("0x")).unwrap();
    WindowState::decode(&mut &bytes[..]).unwrap()
}

/// Heights up to the best block whose headers say that the runtime was changed.
fn upgrades(node: &Node) -> Vec<u32> {
    let says = |height: &u32| {
        let header = node.call("chain_getHeader", &[json!(node.hash_at(*height))]);
        header["digest"]["logs"].as_array().unwrap().contains(&json!(UPDATED))
    };
    (1..=node.height()).filter(says).collect()
}

#[test]
fn a_runtime_is_upgraded_and_migrated_once() {
    let folder = TempDir::new().unwrap();
    let parameters =
        PowParameters { block_time: 2_000, half_life: 10, initial_target: spec::target(RATE * 2), ..easy_parameters() };
    let edit = |spec: &mut serde_json::Value| {
        set_parameters(spec, &parameters);
        set_price_pairs(spec, &price_pairs(PAIRS));
    };
    let spec = spec::edited(PROGRAM, "dev", edit, folder.path());
    let miner = NodeBuilder::new(PROGRAM, &spec, folder.path(), "miner").mining(RATE).force_authoring().start();
    let follower = NodeBuilder::new(PROGRAM, &spec, folder.path(), "follower").reserved(&[miner.address()]).start();
    let client = connect(&miner);
    let (before, version) = (block_reward(&miner), spec_version(&miner));
    assert!(before > 1 && version == 1);

    let code = next_runtime::WASM_BINARY.expect("built with its wasm");
    let schedule = Value::named_variant("schedule", [("code_hash", Value::from_bytes(blake2_256(code)))]);
    let sudo = tx("Sudo", "sudo", vec![Value::unnamed_variant("Upgrades", [schedule])]);
    let scheduled = include(&miner, &signed(&miner, &client, &dev::alice(), &sudo), MINUTES);
    let apply = |code: &[u8]| {
        let call = tx("System", "apply_authorized_upgrade", vec![Value::from_bytes(code)]);
        signed(&miner, &client, &dev::bob(), &call)
    };
    // Before its time the code is refused, and then any other code.
    let early = include(&miner, &apply(code), MINUTES);
    assert!(early < scheduled + DELAY, "#{early} is not before the delay after #{scheduled} is over");
    wait_until("the upgrade's time", MINUTES, || miner.height() >= scheduled + DELAY);
    let mut other = code.to_vec();
    other.push(0);
    include(&miner, &apply(&other), MINUTES);
    assert_eq!(spec_version(&miner), version);
    let upgraded = include(&miner, &apply(code), MINUTES);

    wait_until("blocks of the new runtime", MINUTES, || miner.height() > upgraded + 3);
    assert_eq!(spec_version(&miner), version + 1);
    assert_eq!(block_reward(&miner), before / 2, "the migration ran once");
    assert_eq!(upgrades(&miner), [upgraded], "one header says so");
    the_analysis_goes_on(&miner, upgraded);
    wait_until("finality passes the upgrade", MINUTES, || follower.finalized() > upgraded);
    assert_eq!(follower.hash_at(upgraded + 1), miner.hash_at(upgraded + 1));
    assert_eq!(spec_version(&follower), version + 1);
    assert_eq!(block_reward(&follower), before / 2);
    report(&format!("runtime upgrade: spec version {version} to {} in block {upgraded}", version + 1));
}

/// The first block of the new runtime is judged on the pairs that its migration leaves, which its miner knew before.
fn the_analysis_goes_on(node: &Node, upgraded: u32) {
    let [before, after, stored] = [upgraded - 1, upgraded, upgraded + 1].map(|height| window(node, height));
    assert_eq!(after.revision, before.revision + 1);
    assert_ne!(after.pairs, before.pairs);
    assert_eq!((stored.revision, &stored.pairs, stored.reference), (after.revision, &after.pairs, after.reference));
    // What was best is not enough any more.
    let (old, _) = before.least.unwrap();
    assert!(gridpeg_copula::evaluate(&after.pairs, &old).unwrap() > after.reference);
    for height in upgraded + 1..=upgraded + 3 {
        let header = node.call("joint_header", &[json!(node.hash_at(height))]);
        assert_eq!(header["analysis"]["observations"], json!(PAIRS), "#{height}: {header}");
        assert!(header["analysis"]["aic"].as_i64().unwrap() <= after.reference, "#{height}: {header}");
    }
}
