//! A benchmark for each function of [`WeightInfo`].

// What the macros write has it; a benchmark that panics is one that fails.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used, clippy::unwrap_used)]

use super::*;
use polkadot_sdk::{frame_benchmarking::v2::*, frame_support::traits::EnsureOrigin, pallet_timestamp};

/// A day.
const PERIOD: Millis = 86_400_000;
/// The first period that is not over.
const NOW: u64 = 20_000;
/// The first period that is open.
const FIRST_OPEN: u64 = 10_000;
/// A report that counts.
const SUMMARY: Summary = Summary { price: 1, quantity: u128::MAX, sellers: 2, buyers: 2 };

/// The longest window there is, with these pairs, and as many open periods as there can be, each of which waits for its
/// carbon price. Returns the last of them.
fn fill<T>(pairs: Vec<PricePair>) -> u64
where
    T: Config + pallet_timestamp::Config<Moment = u64>,
{
    let settings = Settings { clearing_period: PERIOD, window: MAX_OBSERVATIONS, ..Settings::DEFAULT };
    SettingsOf::<T>::put(settings);
    pallet_timestamp::Now::<T>::put(NOW * PERIOD);
    Floor::<T>::put(FIRST_OPEN);
    Pairs::<T>::set(BoundedVec::truncate_from(pairs));
    let waiting = |period| OpenPeriod { electricity: Some(Report::Qualified(1)), ..OpenPeriod::new(period) };
    let end = FIRST_OPEN + u64::from(T::MaxOpen::get());
    Open::<T>::set(BoundedVec::truncate_from((FIRST_OPEN..end).map(waiting).collect()));
    end - 1
}

fn authority<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::AuthorityOrigin::try_successful_origin().map_err(|()| BenchmarkError::Stop("nobody is an authority"))
}

/// So many different prices, shuffled, that reach each other by their kernels as often as can be. A quarter is far from
/// the others: with fewer the quartiles are close together, and the kernels narrow.
fn price(count: u32, place: u32) -> Price {
    let near = count * 73 / 100;
    if place < near {
        1_000_000 + Price::from(place)
    } else {
        1_000_000_000_000 + Price::from(place)
    }
}

fn prices(count: u32) -> Vec<PricePair> {
    // Primes above all counts.
    let pair = |i: u32| PricePair {
        period: i.into(),
        electricity: price(count, i * 1_031 % count),
        carbon: price(count, i * 2_053 % count),
    };
    (0..count).map(pair).collect()
}

#[benchmarks(where T: pallet_timestamp::Config<Moment = u64>)]
mod benchmarks {
    use super::*;

    /// The report of a new period, which pushes another one out.
    #[benchmark]
    fn observe() -> Result<(), BenchmarkError> {
        let origin = authority::<T>()?;
        let period = fill::<T>(Vec::new()) + 1;

        #[extrinsic_call]
        report(origin as T::RuntimeOrigin, Side::Electricity, period, SUMMARY);

        assert!(Open::<T>::get().last().is_some_and(|last| last.period == period));
        assert_eq!(Floor::<T>::get(), FIRST_OPEN + 1);
        Ok(())
    }

    /// The report that makes a pair of the last open period: all the others are given up. The whole of it is measured,
    /// with what [`WeightInfo::observe`] has already.
    #[benchmark]
    fn append(p: Linear<1, MAX_OBSERVATIONS>) -> Result<(), BenchmarkError> {
        let origin = authority::<T>()?;
        // A full window loses its oldest pair.
        let before = if p == MAX_OBSERVATIONS { p } else { p - 1 };
        let period = fill::<T>(prices(before));

        #[extrinsic_call]
        report(origin as T::RuntimeOrigin, Side::Carbon, period, SUMMARY);

        assert_eq!(Pairs::<T>::decode_len(), Some(p as usize));
        assert_eq!(Open::<T>::decode_len().unwrap_or_default(), 0);
        Ok(())
    }

    #[benchmark]
    fn keep() {
        Dirty::<T>::kill();

        #[block]
        {
            <Pallet<T> as PriceWindow>::refresh();
        }

        assert!(!Dirty::<T>::get());
    }

    /// What it takes grows with the square of the pairs, so that of all slopes the one up to the longest window counts:
    /// see `docs/weights.md`.
    #[benchmark]
    fn refresh(p: Linear<1, MAX_OBSERVATIONS>) {
        fill::<T>(prices(p));
        Dirty::<T>::put(true);

        #[block]
        {
            <Pallet<T> as PriceWindow>::refresh();
        }

        assert_eq!(<Pallet<T> as PriceWindow>::observations(), p);
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
