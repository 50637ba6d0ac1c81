//! A benchmark for each function of [`WeightInfo`].

// What the macros write has it; a benchmark that panics is one that fails.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used, clippy::unwrap_used)]

extern crate alloc;

use super::*;
use alloc::vec::Vec;
use codec::Decode;
use gridpeg_copula::claim::{MAX_OBSERVATIONS, MIN_OBSERVATIONS};
use gridpeg_header::{digest::pre_runtime_item, target::MAX_TARGET};
use polkadot_sdk::{frame_benchmarking::v2::*, frame_support::traits::Hooks, pallet_timestamp};

/// What the benchmarks need of the pallet that keeps the prices.
pub trait BenchmarkHelper {
    /// Makes these u-values those of the window, in which the reference is about as good as independence.
    fn set_window(pairs: Vec<(u32, u32)>);
}

const AUTHOR: [u8; 32] = [7; 32];

/// Parameters whose retarget multiplies by most of its table.
const PARAMETERS: PowParameters =
    PowParameters { block_time: 3_000, half_life: 7, initial_target: MAX_TARGET, finality_depth: 5, confirmations: 6 };

/// The claim that takes longest: quantiles of Student-t that no table has, by two steps each of the longest fraction.
const DEAREST: Claim = Claim { family: 2, rotation: 0, parameters: [0, 30 << 16] };

/// So many pairs in the four corners, where those quantiles are, and which Student-t explains: 0.0005 to 0.0083 from
/// both ends.
fn corners(count: u32) -> Vec<(u32, u32)> {
    let tail = |i: u32| 2_000_000 + (i.wrapping_mul(2_654_435_761) >> 7);
    let pair = |i: u32| {
        let (u, v) = (tail(i), tail(i + MAX_OBSERVATIONS));
        match i % 4 {
            0 => (u, v),
            1 => (!u, v),
            2 => (u, !v),
            _ => (!u, !v),
        }
    };
    (0..count).map(pair).collect()
}

#[benchmarks(where T: pallet_timestamp::Config<Moment = u64>)]
mod benchmarks {
    use super::*;

    /// An author who has no account yet is paid, and there is a solve time to retarget by. The window stays, and is too
    /// small for an analysis.
    #[benchmark]
    fn block() -> Result<(), BenchmarkError> {
        let author = T::AccountId::decode(&mut &AUTHOR[..]).map_err(|_| "32 bytes are no account")?;
        let reward = BalanceOf::<T>::from(1_000_000u32);
        T::Currency::mint_into(&Pallet::<T>::pot(), 3_000_000u32.into())?;
        BlockReward::<T>::put(reward);
        PowParametersOf::<T>::put(PARAMETERS);
        LastBlock::<T>::put(BlockTiming { time: 10_000, solve_time: Some(1_777), target: MAX_TARGET });
        pallet_timestamp::Now::<T>::put(12_000u64);
        frame_system::Pallet::<T>::deposit_log(pre_runtime_item(&PreDigest { author: AUTHOR, claim: None }));

        #[block]
        {
            Pallet::<T>::on_initialize(2u32.into());
            Pallet::<T>::on_finalize(2u32.into());
        }

        assert!(T::Currency::balance(&author) >= reward);
        assert!(Target::<T>::get() < MAX_TARGET);
        Ok(())
    }

    /// A claim that is better than the best one known, and becomes it.
    #[benchmark]
    fn analyse(p: Linear<MIN_OBSERVATIONS, MAX_OBSERVATIONS>) {
        T::BenchmarkHelper::set_window(corners(p));
        Best::<T>::put(BestClaim { revision: T::Prices::revision(), claim: Claim::INDEPENDENCE, aic: -1 });

        #[block]
        {
            Pallet::<T>::analyse(Some(DEAREST));
        }

        assert!(Best::<T>::get().is_some_and(|best| best.claim == DEAREST));
        assert!(AnalysisOf::<T>::get().is_some_and(|analysis| analysis.observations == p));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
