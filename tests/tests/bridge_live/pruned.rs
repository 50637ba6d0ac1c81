//! A message as old as a real chain's, from a node that has long forgotten the state in which it was sent.

use crate::{
    alone,
    network::{carbon_spec, decode, Call, Chain, CARBON, ELECTRICITY, PROGRAMS, RATE},
};
use codec::Encode;
use electricity_runtime::RuntimeCall;
use gridpeg_forge::Forge;
use gridpeg_header::{target::MAX_TARGET, Millis, PowParameters, Tip, H256};
use gridpeg_messages::{
    message::Account,
    units::{Balance, COIN},
    HeaderProof, LeafProof,
};
use gridpeg_tests::{
    node::{Node, NodeBuilder},
    relayer::Relayer,
    report,
    rpc::block_on,
    run, run_within, spec, wait_for_database, wait_until,
};
use polkadot_sdk::{pallet_sudo, sp_crypto_hashing::twox_128};
use serde_json::json;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use subxt::rpcs::client::RpcParams;
use subxt_signer::sr25519::dev;
use tempfile::TempDir;

/// Blocks above the one in which the messages were sent.
const AGE: u32 = 5_000;
/// Of the source. Its last block is mined about a hundred block times ago.
const BLOCK_TIME: Millis = 3_000;
const MARGIN: u32 = 100;
/// Of the destination.
const CARBON_BLOCK_TIME: Millis = 1_000;
/// Longest for relaying all headers.
const RELAYING: Duration = Duration::from_secs(420);
/// Blocks for which the destination's lanes are paused meanwhile, more than that takes.
const PAUSE: u32 = 1_000;
/// What `relay-once` ends with when something is left.
const LEFT: i32 = 5;
const MINUTES: Duration = Duration::from_secs(180);

/// Who gets the first and the second message's coins. Neither account exists on the carbon chain.
const RECIPIENTS: [Account; 2] = [[0xa1; 32], [0xa2; 32]];
const AMOUNTS: [Balance; 2] = [7 * COIN, 11 * COIN];

#[test]
fn a_message_five_thousand_blocks_old_is_delivered_from_a_pruned_source() {
    let _alone = alone();
    let folder = TempDir::new().unwrap();
    let easy = PowParameters {
        block_time: BLOCK_TIME,
        half_life: 10,
        initial_target: MAX_TARGET,
        finality_depth: 3,
        confirmations: 3,
    };
    let mined = PowParameters {
        block_time: CARBON_BLOCK_TIME,
        initial_target: spec::target(RATE * CARBON_BLOCK_TIME / 1_000),
        ..easy
    };
    let spec = spec::with_parameters(PROGRAMS[ELECTRICITY], &easy, folder.path());
    let source = NodeBuilder::new(PROGRAMS[ELECTRICITY], &spec, folder.path(), "source");
    let forge = Forge::open(&electricity_node::NETWORK, spec.to_str().unwrap(), &source.base_path());
    let spec = carbon_spec(&mined, forge.genesis(), &easy, folder.path());
    let carbon = NodeBuilder::new(PROGRAMS[CARBON], &spec, folder.path(), "destination");
    let carbon = Chain::new(carbon.mining(RATE).force_authoring().start());

    let begin = Instant::now();
    let locked = forge_old_messages(&forge, carbon.genesis(), &mined);
    let tip = forge.best();
    drop(forge);
    wait_for_database(&source.base_path(), "electricity_dev");
    report(&format!("forging {AGE} blocks above two messages: {:.1} s", begin.elapsed().as_secs_f64()));

    let source = source.start();
    assert_eq!(source.best_hash(), tip, "the node does not serve what was forged");
    let height = source.height();
    wait_until("the source finalizes", MINUTES, || source.finalized() + easy.finality_depth >= height);
    wait_until("the source prunes", MINUTES, || !has_state(&source, source.hash_at(height - AGE / 2).unwrap()));
    assert!(!has_state(&source, locked), "the state in which the messages were sent is still there");

    let user = Relayer::new("user", &source, &carbon.node, "//Bob", folder.path());
    headers_are_taken_while_the_lanes_are_paused(&source, &carbon, &user);
    an_old_proof_is_taken(&source, &carbon, locked);
    a_user_relays_alone(&source, &carbon, &user);
}

/// Anchors the source to the destination, sends both messages in one block and puts the empty blocks on top. Returns the
/// hash of the messages' block.
fn forge_old_messages(forge: &Forge, counterpart: H256, its: &PowParameters) -> H256 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as Millis;
    let first = now - BLOCK_TIME * Millis::from(AGE + MARGIN);
    let block = |parent, time, transactions| forge.import(forge.draft(parent, time, [1; 32], transactions));

    let begin = block(forge.genesis(), first, Vec::new());
    let anchor = pallet_light_client::Call::anchor { genesis: counterpart, parameters: *its };
    let anchor = RuntimeCall::Sudo(pallet_sudo::Call::sudo { call: Box::new(RuntimeCall::LightClient(anchor)) });
    let anchor = signed(forge.genesis(), 0, anchor);
    let anchored = block(begin, forge.time_after(begin, BLOCK_TIME), vec![anchor]);
    let transfer = |number: usize| {
        let transfer = pallet_peg::Call::transfer { recipient: RECIPIENTS[number], amount: AMOUNTS[number] };
        signed(forge.genesis(), 1 + number as u32, RuntimeCall::Peg(transfer))
    };
    let locked = block(anchored, forge.time_after(anchored, BLOCK_TIME), vec![transfer(0), transfer(1)]);
    forge.grow(locked, AGE, BLOCK_TIME);
    locked
}

gridpeg_forge::signs!(signed, electricity_runtime);

/// Whether a node has a block's state.
fn has_state(node: &Node, block: H256) -> bool {
    let key = [twox_128(b"System"), twox_128(b"Number")].concat();
    let mut params = RpcParams::new();
    params.push(format!("0x{}", hex::encode(key))).unwrap();
    params.push(block).unwrap();
    block_on(node.client().request::<serde_json::Value>("state_getStorage", params)).is_ok()
}

/// All headers, by one command, without a daemon; both messages are left, because a paused destination takes none.
fn headers_are_taken_while_the_lanes_are_paused(source: &Node, carbon: &Chain, user: &Relayer) {
    let sudo = |call: Call| carbon.include(&dev::alice(), &carbon.call("Sudo", "sudo", &call));
    sudo(carbon.call("Lanes", "pause", &PAUSE));
    let before = carbon.balance(dev::bob().public_key().0);
    let begin = Instant::now();
    let output = run_within(user.command("relay-once").args(["--direction", "electricity-to-carbon"]), RELAYING);
    let seconds = begin.elapsed().as_secs_f64();
    assert_eq!(output.status.code(), Some(LEFT), "{output:?}");

    let known: Option<Tip> = carbon.api("LightClientApi_best");
    assert_eq!(known.map(|tip| tip.hash), Some(source.best_hash()), "{output:?}");
    assert_eq!(carbon.lanes().state.received, 0);
    assert_eq!(carbon.balance(dev::bob().public_key().0), before, "relaying cost something");
    let headers = source.height();
    report(&format!("relay-once: {headers} headers in {seconds:.1} s, {:.0} headers/s", f64::from(headers) / seconds));
    sudo(carbon.call("Lanes", "resume", &()));
}

/// The first message, by hand, with a proof against the header of the block in which it was sent.
fn an_old_proof_is_taken(source: &Node, carbon: &Chain, locked: H256) {
    assert_eq!(carbon.balance(RECIPIENTS[0]), 0);
    let confirmed: Option<Tip> = carbon.api("LightClientApi_confirmed");
    let of = confirmed.unwrap();
    let begin = Instant::now();
    let header: HeaderProof = decode(&source.call("joint_ancestor", &[json!(locked), json!(of.hash)])["encoded"]);
    let leaf: LeafProof = decode(&source.call("joint_proof", &[json!(1), json!(locked)])["encoded"]);
    let asked = begin.elapsed();
    let nodes = match &header {
        HeaderProof::Ancestor { proof, .. } => proof.nodes.len(),
        HeaderProof::Kept(_) => panic!("{header:?}"),
    };
    let (header_bytes, leaf_bytes) = (header.encoded_size(), leaf.encoded_size());

    let headers: Vec<Vec<u8>> = Vec::new();
    let call = carbon.call("Lanes", "deliver", &(headers, Some(header), vec![leaf]));
    carbon.include(&dev::charlie(), &call);
    assert_eq!(carbon.lanes().state.received, 1);
    assert_eq!(carbon.balance(RECIPIENTS[0]), AMOUNTS[0]);
    report(&format!(
        "a message proven at its own block, {} blocks below the confirmed one: {header_bytes} bytes for the header \
         ({nodes} nodes), {leaf_bytes} for the leaf; made without the state in {:.0} ms, paid after {:.1} s",
        of.number - (source.height() - AGE),
        asked.as_secs_f64() * 1_000.0,
        begin.elapsed().as_secs_f64(),
    ));
}

/// The second message, by one command: proven at a recent block, which still commits it.
fn a_user_relays_alone(source: &Node, carbon: &Chain, user: &Relayer) {
    assert_eq!(carbon.balance(RECIPIENTS[1]), 0);
    let before = carbon.balance(dev::bob().public_key().0);
    let begin = Instant::now();
    let flags = ["--direction", "electricity-to-carbon", "--nonce", "2", "--wait", "50"];
    let output = run(user.command("relay-once").args(flags));
    let seconds = begin.elapsed().as_secs_f64();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(carbon.lanes().state.received, 2);
    assert_eq!(carbon.balance(RECIPIENTS[1]), AMOUNTS[1]);
    assert_eq!(carbon.balance(dev::bob().public_key().0), before, "relaying cost something");

    let confirmed: Option<Tip> = carbon.api("LightClientApi_confirmed");
    let at = confirmed.unwrap().hash;
    let leaf: LeafProof = decode(&source.call("joint_proof", &[json!(2), json!(at)])["encoded"]);
    report(&format!(
        "relay-once: a message {AGE} blocks old, proven at a recent block with {} bytes, in {seconds:.1} s",
        leaf.encoded_size()
    ));
}
