//! Import time of a full block of transfers: through this node's pipeline, and handed straight to the stock client, which
//! executes and stores it. The difference is what the proof of work's rules, the check of the inherents and the fork
//! choice cost.

use codec::Encode;
use criterion::{BatchSize, Criterion};
use electricity_runtime::RuntimeCall;
use gridpeg_forge::Forge;
use gridpeg_node::client::{Block, Hash};
use polkadot_sdk::{
    pallet_balances,
    sp_keyring::Sr25519Keyring,
    sp_runtime::{MultiAddress, OpaqueExtrinsic},
};
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// More than a block takes.
const OFFERED: u32 = 12_000;
/// Imports of each kind for the ratio.
const ROUNDS: usize = 9;

fn main() {
    let forge = Forge::new(&electricity_node::NETWORK, |_| {});
    let tip = forge.grow(forge.genesis(), 3, 3_000);
    let (draft, transfers) = forge.fill(tip, forge.time_after(tip, 3_000), [1; 32], transfers(forge.genesis()));
    let block = draft.seal();
    println!("a full block of transfers: {transfers}, {} bytes", block.encoded_size());

    // Which goes first alternates, so that the ratio is one of equals.
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        for way in [round % 2, (round + 1) % 2] {
            times[way].push(import(&fresh(&forge), way == 0, &block));
        }
    }
    let [ours, stock] = times.map(median);
    println!(
        "import of it: this node {:.3} s, stock client {:.3} s, ratio {:.3}",
        ours.as_secs_f64(),
        stock.as_secs_f64(),
        ours.as_secs_f64() / stock.as_secs_f64()
    );

    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    for (name, checked) in [("import/this node", true), ("import/stock client", false)] {
        criterion.bench_function(name, |bencher| {
            bencher.iter_batched_ref(
                || fresh(&forge),
                |node| import(node, checked, black_box(&block)),
                BatchSize::PerIteration,
            );
        });
    }
    criterion.final_summary();
}

/// A node that has all blocks before the full one.
fn fresh(forge: &Forge) -> Forge {
    let node = forge.sibling();
    for number in 1..=3 {
        let result = node.receive(&forge.block(forge.hash_at(number)));
        assert!(result.is_ok(), "{result:?}");
    }
    node
}

fn import(forge: &Forge, checked: bool, block: &Block) -> Duration {
    let begin = Instant::now();
    if checked {
        let result = forge.receive(block);
        assert!(result.is_ok(), "{result:?}");
    } else {
        forge.receive_unchecked(block);
    }
    begin.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Signed transfers from //Alice to //Bob.
fn transfers(genesis: Hash) -> impl Iterator<Item = OpaqueExtrinsic> {
    let bob = Sr25519Keyring::Bob.to_account_id();
    (0..OFFERED).map(move |nonce| {
        let call = RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive {
            dest: MultiAddress::Id(bob.clone()),
            value: 1,
        });
        on_electricity(genesis, nonce, call)
    })
}

gridpeg_forge::signs!(on_electricity, electricity_runtime);
