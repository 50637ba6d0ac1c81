//! A benchmark for each function of [`WeightInfo`].

// What the macros write has it; a benchmark that panics is one that fails.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used, clippy::unwrap_used)]

use super::*;
use alloc::vec;
use gridpeg_messages::Transfer;
use polkadot_sdk::{frame_benchmarking::v2::*, frame_support::traits::EnsureOrigin, frame_system::RawOrigin};

/// What the benchmarks need of the pallet that knows the counterpart's headers.
pub trait BenchmarkHelper {
    /// Makes the counterpart known.
    fn anchor();
    /// Has a header of it commit this cross-chain root, and be confirmed. After the anchor.
    fn confirm(root: H256) -> HeaderProof;
    /// Has it take back a header that was confirmed; others stay.
    fn conflict();
}

/// Any hash.
const HASH: H256 = H256([1; 32]);

fn authority<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::PauseOrigin::try_successful_origin().map_err(|()| BenchmarkError::Stop("nobody may pause"))
}

/// As many receipts as this, none of them acknowledged.
fn keep_receipts<T: Config>(count: u32) {
    for nonce in 1..=u64::from(count) {
        Receipts::<T>::insert(nonce, Receipt { nonce, message: HASH, outcome: Outcome::Accepted });
    }
    ReceiptLeaves::<T>::set(BoundedVec::truncate_from(vec![HASH; count as usize]));
    Received::<T>::put(u64::from(count));
    LastReceived::<T>::put(HASH);
}

/// As many leaf hashes of messages as this.
fn keep_message_leaves<T: Config>(count: u32) {
    MessageLeaves::<T>::set(BoundedVec::truncate_from(vec![HASH; count as usize]));
    Sent::<T>::put(u64::from(count));
    LastSent::<T>::put(HASH);
}

/// A transfer of nothing. It goes with any books; the receiver refuses it, so that little of its own work is measured.
fn nothing(total: Balance) -> Payload {
    Payload::Transfer(Transfer { sender: [1; 32], recipient: [2; 32], amount: 0, total })
}

/// Messages of the counterpart, in order, that come next here. Each acknowledges one receipt more.
fn next_messages<T: Config>(count: u32) -> Vec<OutboxLeaf> {
    let (_, total) = T::Receiver::totals();
    let received = Received::<T>::get();
    let mut previous = LastReceived::<T>::get();
    let mut message = |i: u64| {
        let (destination, nonce) = (Pallet::<T>::own_genesis(), received + i);
        let next = Message { destination, nonce, previous, acknowledged: i, payload: nothing(total) };
        previous = next.hash();
        OutboxLeaf::Message(next)
    };
    (1..=u64::from(count)).map(&mut message).collect()
}

/// These leaves with proofs as long as proofs can be, and a confirmed header that commits them: the first leaves of a
/// tree of as many as there can be. What is above them is made up.
fn prove<T: Config>(leaves: Vec<OutboxLeaf>) -> (HeaderProof, Vec<LeafProof>) {
    T::BenchmarkHelper::anchor();
    let chain = T::Counterpart::genesis().expect("the counterpart is known");
    let domain = Domain { tree: SubtreeId::CrossChain, chain };
    let mut hashes: Vec<_> = leaves.iter().map(|leaf| domain.leaf(&leaf.encode())).collect();
    hashes.resize(hashes.len().next_power_of_two(), HASH);
    let prove = |(index, leaf)| {
        let mut proof = domain.prove(&hashes, index).expect("the leaf is there");
        proof.count = u32::MAX;
        while proof.siblings.try_push(HASH).is_ok() {}
        LeafProof { leaf, proof }
    };
    let proven: Vec<_> = (0..).zip(leaves).map(prove).collect();
    let first = proven.first().expect("there is a leaf");
    let committed = domain.root_through(&first.leaf.encode(), &first.proof).expect("the proof is whole");
    (T::BenchmarkHelper::confirm(committed), proven)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// Messages: a receipt has less to do. Each makes room for its own receipt among as many as there can be.
    #[benchmark]
    fn deliver(l: Linear<1, { T::MaxBatch::get() }>) {
        keep_receipts::<T>(T::MaxOutbox::get());
        let before = Received::<T>::get();
        let (at, leaves) = prove::<T>(next_messages::<T>(l));
        let caller: T::AccountId = whitelisted_caller();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), BoundedVec::default(), Some(at), BoundedVec::truncate_from(leaves));

        assert_eq!(Received::<T>::get(), before + u64::from(l));
        assert_eq!(Acknowledged::<T>::get(), u64::from(l));
    }

    #[benchmark]
    fn forget(r: Linear<1, { T::MaxOutbox::get() }>) {
        keep_receipts::<T>(T::MaxOutbox::get());

        #[block]
        {
            Pallet::<T>::remove_receipts(1, r.into());
        }

        assert!(!Receipts::<T>::contains_key(u64::from(r)));
    }

    /// The last message that there is room for.
    #[benchmark]
    fn send() {
        T::BenchmarkHelper::anchor();
        keep_message_leaves::<T>(T::MaxOutbox::get() - 1);
        let sent;

        #[block]
        {
            sent = <Pallet<T> as SendMessage>::send(nothing(0));
        }

        assert_eq!(sent, Ok(T::MaxOutbox::get().into()));
    }

    /// The state, receipts, and then messages.
    #[benchmark]
    fn root(l: Linear<1, { T::MaxOutbox::get() * 2 + 1 }>) {
        let receipts = (l - 1).min(T::MaxOutbox::get());
        ReceiptLeaves::<T>::set(BoundedVec::truncate_from(vec![HASH; receipts as usize]));
        keep_message_leaves::<T>(l - 1 - receipts);
        OutboxRoot::<T>::kill();
        let chain = Pallet::<T>::own_genesis();

        #[block]
        {
            <Pallet<T> as Subtree>::root(&chain);
        }

        assert!(OutboxRoot::<T>::exists());
    }

    #[benchmark]
    fn pause() -> Result<(), BenchmarkError> {
        let origin = authority::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, T::MaxPause::get());

        assert!(Pallet::<T>::paused_until().is_some());
        Ok(())
    }

    #[benchmark]
    fn resume() -> Result<(), BenchmarkError> {
        let origin = authority::<T>()?;
        Pallet::<T>::do_pause(T::MaxPause::get())?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin);

        assert_eq!(Pallet::<T>::paused_until(), None);
        Ok(())
    }

    /// The counterpart has sent another message than was received: a deficit is written.
    #[benchmark]
    fn resolve() {
        let (at, mut proven) = prove::<T>(next_messages::<T>(1));
        Received::<T>::put(1u64);
        LastReceived::<T>::put(HASH);
        T::BenchmarkHelper::conflict();
        let caller: T::AccountId = whitelisted_caller();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), at, proven.remove(0));

        assert!(Deficit::<T>::exists());
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(crate::mock::OWN), crate::mock::Test);
}
