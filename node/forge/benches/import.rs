//! Import time of a full block of transfers: through this node's pipeline, and handed straight to the stock client, which
//! executes and stores it. The difference is what the proof of work's rules, the check of the inherents and the fork
//! choice cost.

use criterion::{BatchSize, Criterion};
use electricity_runtime::{Runtime, RuntimeCall, TxExtension, UncheckedExtrinsic, VERSION};
use gridpeg_forge::{Draft, Forge};
use gridpeg_header::{digest::seal_item, work::WorkFunction};
use gridpeg_node::client::{Block, Hash};
use polkadot_sdk::{
    frame_metadata_hash_extension, frame_system, pallet_balances, pallet_transaction_payment,
    sp_core::Pair,
    sp_keyring::Sr25519Keyring,
    sp_runtime::{
        generic,
        traits::{Block as _, Header as _},
        MultiAddress, MultiSignature, OpaqueExtrinsic,
    },
};
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// More than a block takes.
const OFFERED: u32 = 12_000;

fn main() {
    let forge = Forge::new(&electricity_node::NETWORK, |_| {});
    let tip = forge.grow(forge.genesis(), 3, 3_000);
    let (draft, transfers) = forge.fill(tip, forge.time_after(tip, 3_000), [1; 32], transfers(forge.genesis()));
    println!("a full block of transfers: {transfers}, {} bytes", codec::Encode::encoded_size(&draft.body));
    let mut siblings = Siblings { draft, start: 0 };

    // Which goes first alternates, so that the ratio is one of equals.
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..10 {
        for way in [round % 2, (round + 1) % 2] {
            times[way].push(import(&forge, way == 0, &siblings.next()));
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
            bencher.iter_batched(
                || siblings.next(),
                |block| import(&forge, checked, black_box(&block)),
                BatchSize::PerIteration,
            );
        });
    }
    criterion.final_summary();
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

/// Blocks that differ in their nonce only.
struct Siblings {
    draft: Draft,
    start: u64,
}

impl Siblings {
    fn next(&mut self) -> Block {
        let mut header = self.draft.header.clone();
        let nonce = WorkFunction::new(&header.hash()).search(self.start, u64::MAX, self.draft.target).unwrap();
        self.start = u64::from_le_bytes(nonce) + 1;
        header.digest_mut().push(seal_item(nonce));
        Block::new(header, self.draft.body.clone())
    }
}

/// Signed transfers from //Alice to //Bob.
fn transfers(genesis: Hash) -> impl Iterator<Item = OpaqueExtrinsic> {
    let (alice, bob) = (Sr25519Keyring::Alice, Sr25519Keyring::Bob.to_account_id());
    (0..OFFERED).map(move |nonce| {
        let call = RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive {
            dest: MultiAddress::Id(bob.clone()),
            value: 1,
        });
        let extension: TxExtension = (
            frame_system::CheckNonZeroSender::<Runtime>::new(),
            frame_system::CheckSpecVersion::<Runtime>::new(),
            frame_system::CheckTxVersion::<Runtime>::new(),
            frame_system::CheckGenesis::<Runtime>::new(),
            frame_system::CheckMortality::<Runtime>::from(generic::Era::Immortal),
            frame_system::CheckNonce::<Runtime>::from(nonce),
            frame_system::CheckWeight::<Runtime>::new(),
            pallet_transaction_payment::ChargeTransactionPayment::<Runtime>::from(0),
            frame_metadata_hash_extension::CheckMetadataHash::<Runtime>::new(false),
            frame_system::WeightReclaim::<Runtime>::new(),
        );
        let implied = ((), VERSION.spec_version, VERSION.transaction_version, genesis, genesis, (), (), (), None, ());
        let payload = generic::SignedPayload::from_raw(call.clone(), extension.clone(), implied);
        let signature = payload.using_encoded(|bytes| alice.pair().sign(bytes));
        let signed = UncheckedExtrinsic::new_signed(
            call,
            MultiAddress::Id(alice.to_account_id()),
            MultiSignature::from(signature),
            extension,
        );
        signed.into()
    })
}
