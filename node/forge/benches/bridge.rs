//! What the carbon chain's runtime, compiled to wasm, takes to check the electricity chain: headers, and messages with
//! their proofs. A figure is what a block with one such transaction takes to execute, less what an empty block does; all
//! blocks are executed in turns, so that ratios are of equals.

use codec::Encode;
use criterion::{BatchSize, Criterion};
use gridpeg_forge::{decode, easy_spec, Forge};
use gridpeg_header::{
    ancestry::{Node, Range},
    target::work_of,
    SubtreeId, U256,
};
use gridpeg_messages::{message::MaxHeaderLen, units::COIN, Domain, HeaderProof, LeafProof, OutboxLeaf};
use gridpeg_node::client::{Block, Hash};
use gridpeg_runtime_api::{LanesApi, LightClientApi};
use polkadot_sdk::{
    pallet_sudo,
    sp_api::{Core, ProvideRuntimeApi},
    sp_runtime::{traits::Block as _, BoundedVec, OpaqueExtrinsic},
};
use serde_json::{json, Value};
use std::{
    fs,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Headers in a full batch.
const BATCH: u32 = 64;
/// Messages in a full batch.
const MESSAGES: u32 = 32;
/// Blocks between the messages' block and the confirmed header.
const AGE: u32 = 2_000;
/// The block with the messages.
const LOCKED: u32 = 3;
/// Milliseconds between blocks.
const BLOCK_TIME: u64 = 3_000;
/// Executions of each block for the ratios.
const ROUNDS: usize = 21;

fn main() {
    let electricity = Forge::new(&electricity_node::NETWORK, |_| {});
    let folder = TempDir::new().expect("a temporary folder");
    let carbon = anchored_carbon(&electricity, &folder);
    let headers = grow_electricity(&electricity, &carbon);
    let (earlier, last) = headers.split_at(headers.len() - BATCH as usize);

    // Headers: the last batch, on a window that is full, as it is on a chain that runs.
    let (parent, nonce) = import_headers(&carbon, earlier);
    let mut cases = vec![
        Case::new(&carbon, parent, "empty block", Vec::new()),
        Case::new(&carbon, parent, "64 headers", vec![submit(&carbon, nonce, last)]),
    ];
    assert_eq!(carbon.client().runtime_api().best(cases[1].hash).unwrap().unwrap().number, headers.len() as u32);
    let batch_bytes: usize = last.iter().map(Vec::len).sum();

    // Messages: on the block with that batch.
    let parent = cases[1].hash;
    let proofs = Proofs::new(&electricity, &carbon, parent, &headers);
    cases.push(Case::new(&carbon, parent, "empty block after it", Vec::new()));
    let first = cases.len();
    for (name, at) in [("kept header", &proofs.kept), ("ancestor", &proofs.ancestor)] {
        for count in [1, MESSAGES] {
            let call = pallet_messages::Call::<carbon_runtime::Runtime>::deliver {
                headers: Default::default(),
                at: Some(at.clone()),
                leaves: proofs.leaves[..count as usize].to_vec().try_into().expect("a batch"),
            };
            let call = on_carbon(carbon.genesis(), nonce + 1, carbon_runtime::RuntimeCall::Lanes(call));
            let case = Case::new(&carbon, parent, &format!("{count} messages, {name}"), vec![call]);
            let lanes = carbon.client().runtime_api().lanes(case.hash).unwrap();
            assert_eq!(lanes.state.received, u64::from(count), "{}", case.name);
            cases.push(case);
        }
    }

    let times = measure(&carbon, &cases);
    let of = |case: usize, empty: usize| times[case].saturating_sub(times[empty]).as_secs_f64();
    let batch = of(1, 0);
    println!(
        "a full batch: {BATCH} headers, {batch_bytes} bytes, {:.0} bytes per header",
        batch_bytes as f64 / f64::from(BATCH)
    );
    println!(
        "execution of it in wasm: {:.2} ms, {:.0} headers per second, {:.1} times an empty block ({:.2} ms)",
        batch * 1e3,
        f64::from(BATCH) / batch,
        batch / times[0].as_secs_f64(),
        times[0].as_secs_f64() * 1e3,
    );
    println!(
        "a message's proof: {} bytes; its header: kept {} bytes, {AGE} blocks old {} bytes",
        proofs.leaves[0].encoded_size(),
        proofs.kept.encoded_size(),
        proofs.ancestor.encoded_size(),
    );
    for (case, name) in [(first, "kept header"), (first + 2, "ancestor")] {
        let (one, all) = (of(case, first - 1), of(case + 1, first - 1));
        println!(
            "execution of its delivery in wasm, {name}: 1 message {:.2} ms, {MESSAGES} messages {:.2} ms, each further one \
             {:.3} ms",
            one * 1e3,
            all * 1e3,
            (all - one) / f64::from(MESSAGES - 1) * 1e3,
        );
    }

    let mut criterion = Criterion::default().sample_size(20).configure_from_args();
    for case in &cases {
        criterion.bench_function(&format!("bridge/{}", case.name), |bencher| {
            bencher.iter_batched(|| case.block.clone(), |block| case.execute(&carbon, block), BatchSize::PerIteration);
        });
    }
    criterion.final_summary();
}

/// A block to execute.
struct Case {
    name: String,
    parent: Hash,
    /// Unsealed, as the runtime sees it.
    block: Block,
    /// The sealed block, which the chain has imported.
    hash: Hash,
}

impl Case {
    fn new(forge: &Forge, parent: Hash, name: &str, transactions: Vec<OpaqueExtrinsic>) -> Self {
        let draft = forge.draft(parent, forge.time_after(parent, BLOCK_TIME), [1; 32], transactions);
        let block = Block::new(draft.header.clone(), draft.body.clone());
        Self { name: name.into(), parent, block, hash: forge.import(draft) }
    }

    fn execute(&self, forge: &Forge, block: Block) {
        let result = forge.client().runtime_api().execute_block(self.parent, block.into());
        result.unwrap_or_else(|error| panic!("{}: {error}", self.name));
    }
}

/// Median time of each block.
fn measure(forge: &Forge, cases: &[Case]) -> Vec<Duration> {
    let mut times = vec![Vec::new(); cases.len()];
    for round in 0..ROUNDS {
        // Another one is first every time.
        for turn in 0..cases.len() {
            let number = (round + turn) % cases.len();
            let block = cases[number].block.clone();
            let begin = Instant::now();
            cases[number].execute(forge, block);
            times[number].push(begin.elapsed());
        }
    }
    let median = |mut times: Vec<Duration>| {
        times.sort();
        times[times.len() / 2]
    };
    times.into_iter().map(median).collect()
}

/// The carbon chain, anchored to the electricity chain in its genesis.
fn anchored_carbon(electricity: &Forge, folder: &TempDir) -> Forge {
    let mut spec: Value = serde_json::from_str(&easy_spec(&carbon_node::NETWORK, |_| {})).expect("JSON");
    spec["genesis"]["runtimeGenesis"]["patch"]["lightClient"]["anchor"] =
        json!({ "genesis": electricity.genesis(), "parameters": electricity.parameters() });
    let path = folder.path().join("carbon.json");
    fs::write(&path, spec.to_string()).expect("the folder is new");
    Forge::open(&carbon_node::NETWORK, &path.to_string_lossy(), &folder.path().join("carbon"))
}

/// Anchors the electricity chain, sends a full batch of messages in one block, and goes on until that block is `AGE` blocks
/// below the highest confirmed one. Returns all headers, encoded.
fn grow_electricity(electricity: &Forge, carbon: &Forge) -> Vec<Vec<u8>> {
    use electricity_runtime::RuntimeCall;

    let block = |parent, transactions| {
        electricity.import(electricity.draft(parent, electricity.time_after(parent, BLOCK_TIME), [1; 32], transactions))
    };
    let anchor = pallet_light_client::Call::anchor { genesis: carbon.genesis(), parameters: *carbon.parameters() };
    let anchor = RuntimeCall::Sudo(pallet_sudo::Call::sudo { call: Box::new(RuntimeCall::LightClient(anchor)) });
    let first = electricity.grow(electricity.genesis(), 1, BLOCK_TIME);
    let anchored = block(first, vec![on_electricity(electricity.genesis(), 0, anchor)]);
    let transfers = (1..=MESSAGES).map(|nonce| {
        let transfer = pallet_peg::Call::transfer { recipient: [nonce as u8; 32], amount: COIN };
        on_electricity(electricity.genesis(), nonce, RuntimeCall::Peg(transfer))
    });
    let locked = block(anchored, transfers.collect());
    let tip = electricity.grow(locked, AGE + electricity.parameters().confirmations, BLOCK_TIME);
    let header = |number| electricity.block(electricity.hash_at(number)).header.encode();
    (1..=electricity.tip(tip).number).map(header).collect()
}

/// Submits headers in full batches, one a block. Returns the last block and //Alice's next nonce.
fn import_headers(carbon: &Forge, headers: &[Vec<u8>]) -> (Hash, u32) {
    // No header is ahead of the first block's clock.
    let time = gridpeg_forge::BEGIN + 2 * BLOCK_TIME * u64::from(AGE);
    let mut parent = carbon.import(carbon.draft(carbon.genesis(), time, [1; 32], Vec::new()));
    let batches = headers.chunks(BATCH as usize);
    let nonce = batches.len() as u32;
    for (nonce, batch) in (0..nonce).zip(batches) {
        let call = submit(carbon, nonce, batch);
        parent = carbon.import(carbon.draft(parent, carbon.time_after(parent, BLOCK_TIME), [1; 32], vec![call]));
    }
    assert_eq!(carbon.client().runtime_api().best(parent).unwrap().unwrap().number, headers.len() as u32);
    (parent, nonce)
}

/// A call that submits headers.
fn submit(carbon: &Forge, nonce: u32, headers: &[Vec<u8>]) -> OpaqueExtrinsic {
    let headers: Vec<BoundedVec<u8, MaxHeaderLen>> =
        headers.iter().map(|header| header.clone().try_into().expect("short enough")).collect();
    let call = pallet_light_client::Call::<carbon_runtime::Runtime>::submit_headers {
        headers: headers.try_into().expect("a batch"),
    };
    on_carbon(carbon.genesis(), nonce, carbon_runtime::RuntimeCall::LightClient(call))
}

/// Proofs of all messages.
struct Proofs {
    leaves: Vec<LeafProof>,
    /// The highest confirmed header.
    kept: HeaderProof,
    /// The messages' own block, as an ancestor of that header.
    ancestor: HeaderProof,
}

impl Proofs {
    fn new(electricity: &Forge, carbon: &Forge, at: Hash, headers: &[Vec<u8>]) -> Self {
        let confirmed = carbon.client().runtime_api().confirmed(at).unwrap().expect("a confirmed header");
        assert_eq!(confirmed.number, LOCKED + AGE);

        // Nothing was sent since, so the outbox is the same and either header commits it.
        let outbox = electricity.client().runtime_api().outbox(electricity.best()).unwrap();
        let domain = Domain { tree: SubtreeId::CrossChain, chain: electricity.genesis() };
        let hashes: Vec<Hash> = outbox.iter().map(|leaf| domain.leaf(&leaf.encode())).collect();
        for number in [LOCKED, confirmed.number] {
            let header = decode(&electricity.block(electricity.hash_at(number)));
            assert_eq!(header.joint.subtree(SubtreeId::CrossChain), Some(domain.root(&hashes)));
        }
        let leaves = (0u32..).zip(outbox).filter(|(_, leaf)| matches!(leaf, OutboxLeaf::Message(_)));
        let leaves =
            leaves.map(|(index, leaf)| LeafProof { leaf, proof: domain.prove(&hashes, index).expect("a leaf") });

        let mut range = Range::default();
        range.push(Node::leaf(&electricity.genesis(), U256::zero())).expect("a range");
        for number in 1..confirmed.number {
            let header = decode(&electricity.block(electricity.hash_at(number)));
            range.push(Node::leaf(&header.hash, work_of(header.joint.target))).expect("a range");
        }
        let ancestor = HeaderProof::Ancestor {
            header: headers[LOCKED as usize - 1].clone().try_into().expect("short enough"),
            of: confirmed.hash,
            proof: range.prove(LOCKED).expect("a range"),
        };
        Self { leaves: leaves.collect(), kept: HeaderProof::Kept(confirmed.hash), ancestor }
    }
}

gridpeg_forge::signs!(on_electricity, electricity_runtime);
gridpeg_forge::signs!(on_carbon, carbon_runtime);
