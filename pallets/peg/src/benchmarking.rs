//! A benchmark for each function of [`WeightInfo`]. On the escrow side more accounts change than where coins are
//! issued, so weights are measured there.

// What the macros write has it; a benchmark that panics is one that fails.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used)]

use super::{
    types::{Part, Payout},
    *,
};
use gridpeg_header::H256;
use polkadot_sdk::{
    frame_benchmarking::v2::*,
    frame_support::traits::{EnsureOrigin, Hooks},
    frame_system::RawOrigin,
};

/// Someone who has no account yet.
const RECIPIENT: Account = [7; 32];

/// Limits that let through whatever a benchmark pays.
fn lift_limits<T: Config>() {
    LimitsOf::<T>::put(Limits::DEFAULT);
    PeriodOf::<T>::kill();
}

/// Backs payouts of this much.
fn back<T: Config>(amount: Balance) {
    if T::Side::get() == Side::Escrow {
        T::Currency::mint_into(&Pallet::<T>::escrow_account(), amount).expect("the escrow takes coins");
    }
    balance_books::<T>();
}

/// Takes all that there is for what there was at genesis.
fn balance_books<T: Config>() {
    Genesis::<T>::put(Pallet::<T>::held());
}

/// A message with the least transfer to or from someone who has no account yet.
fn least_transfer<T: Config>() -> Message {
    let amount = T::MinTransfer::get();
    Message {
        destination: H256::zero(),
        nonce: 1,
        previous: H256::zero(),
        acknowledged: 0,
        payload: Payload::Transfer(Transfer { sender: RECIPIENT, recipient: RECIPIENT, amount, total: amount }),
    }
}

fn balance_of<T: Config>(account: Account) -> Balance {
    T::Currency::balance(&Pallet::<T>::account_of(&account).expect("32 bytes are an account"))
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// What the call does itself. The message has a weight of its own.
    #[benchmark]
    fn transfer() -> Result<(), BenchmarkError> {
        lift_limits::<T>();
        let sender: T::AccountId = account("sender", 0, 0);
        let amount = T::MinTransfer::get();
        T::Currency::mint_into(&sender, amount * 2)?;
        balance_books::<T>();
        let taken;

        #[block]
        {
            taken = Pallet::<T>::take(&sender, RECIPIENT, amount);
            Pallet::<T>::deposit_event(Pallet::<T>::sent(1, sender.clone(), RECIPIENT, amount));
        }

        assert!(taken.is_ok());
        assert_eq!(T::Currency::balance(&sender), amount);
        Ok(())
    }

    /// Coins that came, and coins that came back.
    #[benchmark]
    fn claim() {
        let amount = T::MinTransfer::get();
        back::<T>(amount * 2);
        for part in [Part::Received, Part::Returned] {
            Unclaimed::<T>::mutate(RECIPIENT, |owed| *owed.part(part) = amount);
        }
        TotalUnclaimed::<T>::put(amount);
        TotalUnreturned::<T>::put(amount);
        let caller: T::AccountId = whitelisted_caller();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), RECIPIENT);

        assert_eq!(balance_of::<T>(RECIPIENT), amount * 2);
    }

    #[benchmark]
    fn set_limits() -> Result<(), BenchmarkError> {
        let origin = T::AuthorityOrigin::try_successful_origin().map_err(|()| "nobody may set limits")?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, Limits::DEFAULT);

        assert_eq!(LimitsOf::<T>::get(), Limits::DEFAULT);
        Ok(())
    }

    /// It is paid at once: to queue it, or to leave it unclaimed, writes less.
    #[benchmark]
    fn receive_transfer() {
        lift_limits::<T>();
        back::<T>(T::MinTransfer::get());
        let message = least_transfer::<T>();
        let agreed;

        #[block]
        {
            agreed = <Pallet<T> as ReceiveMessage>::agrees(&message);
            <Pallet<T> as ReceiveMessage>::receive(&message);
        }

        assert!(agreed);
        assert_eq!(balance_of::<T>(RECIPIENT), T::MinTransfer::get());
    }

    #[benchmark]
    fn settle_transfer() {
        back::<T>(T::MinTransfer::get());
        let message = least_transfer::<T>();

        #[block]
        {
            <Pallet<T> as ReceiveMessage>::settle(&message, Outcome::Refused(Refusal::Amount));
        }

        assert_eq!(balance_of::<T>(RECIPIENT), T::MinTransfer::get());
    }

    /// A period begins, and each payout is to someone else who has no account yet.
    #[benchmark]
    fn serve_queue(p: Linear<0, { T::MaxPayouts::get() }>) {
        lift_limits::<T>();
        let amount = T::MinTransfer::get();
        back::<T>(amount * Balance::from(p));
        PeriodOf::<T>::put(Period { start: 0, paid: Limits::DEFAULT.per_period });
        for place in 0..u64::from(p) {
            let mut recipient = RECIPIENT;
            recipient[..8].copy_from_slice(&place.to_le_bytes());
            Queue::<T>::insert(place, Payout { nonce: place, recipient, amount });
        }
        QueueTail::<T>::put(u64::from(p));
        TotalQueued::<T>::put(amount * Balance::from(p));

        #[block]
        {
            Pallet::<T>::on_initialize(Limits::DEFAULT.period.into());
        }

        assert_eq!(QueueHead::<T>::get(), u64::from(p));
        assert_eq!(TotalPaid::<T>::get(), amount * Balance::from(p));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(Side::Escrow), crate::mock::Test);
}
