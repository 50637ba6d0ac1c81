//! A benchmark for each function of [`WeightInfo`].

// What the macros write has it; a benchmark that panics is one that fails.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used, clippy::unwrap_used)]

use super::*;
use polkadot_sdk::{
    frame_benchmarking::v2::*,
    frame_support::traits::{EnsureOrigin, Hooks},
    sp_runtime::traits::Hash,
};

fn authority<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::AuthorityOrigin::try_successful_origin().map_err(|()| BenchmarkError::Stop("nobody is an authority"))
}

fn hash_of_code<T: Config>() -> T::Hash {
    T::Hashing::hash(b"code")
}

/// Has an upgrade wait for this block.
fn wait_for<T: Config>(at: u32) {
    Scheduled::<T>::put(ScheduledUpgrade { code_hash: hash_of_code::<T>(), at: at.into() });
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn schedule() -> Result<(), BenchmarkError> {
        let origin = authority::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, hash_of_code::<T>());

        assert!(Scheduled::<T>::exists());
        Ok(())
    }

    /// Of an upgrade that is authorised: what is scheduled is read in vain.
    #[benchmark]
    fn cancel() -> Result<(), BenchmarkError> {
        let origin = authority::<T>()?;
        Pallet::<T>::authorize(hash_of_code::<T>());

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, hash_of_code::<T>());

        assert_eq!(Pallet::<T>::authorized(), None);
        Ok(())
    }

    /// One waits.
    #[benchmark]
    fn idle() {
        wait_for::<T>(2);

        #[block]
        {
            Pallet::<T>::on_initialize(1u32.into());
        }

        assert!(Scheduled::<T>::exists());
    }

    #[benchmark]
    fn authorize() {
        wait_for::<T>(1);

        #[block]
        {
            Pallet::<T>::on_initialize(1u32.into());
        }

        assert_eq!(Pallet::<T>::authorized(), Some(hash_of_code::<T>()));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(None), crate::mock::Test);
}
