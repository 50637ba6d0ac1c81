//! The retarget against an independent reference, its bounds, its telescoping.

use gridpeg_header::{
    forge::easy_parameters,
    target::{bonus_target, next_target, work_of, MAX_TARGET, MIN_TARGET},
    PowParameters, U256,
};
use polkadot_sdk::sp_core::U512;
use proptest::prelude::*;

fn parameters(block_time: u64, half_life: u32) -> PowParameters {
    PowParameters { block_time, half_life, ..easy_parameters() }
}

/// log2 of a number, to f64 precision.
fn log2(number: U256) -> f64 {
    let shift = number.bits().saturating_sub(64);
    ((number >> shift).low_u64() as f64).log2() + shift as f64
}

#[test]
fn on_time_blocks_keep_the_target() {
    let target = U256::one() << 230;
    assert_eq!(next_target(target, 3_000, &parameters(3_000, 10)), target);
}

#[test]
fn a_half_life_of_delay_doubles_the_target_and_one_of_haste_halves_it() {
    let target = U256::one() << 230;
    // Half-life 5 blocks: a solve time of 6 T is 5 T late.
    assert_eq!(next_target(target, 18_000, &parameters(3_000, 5)), target * 2);
    // Half-life 1 block: a solve time of 0 is one T early.
    assert_eq!(next_target(target, 0, &parameters(3_000, 1)), target / 2);
}

#[test]
fn an_outage_counts_for_six_block_times_only() {
    let target = U256::one() << 230;
    let p = parameters(3_000, 10);
    assert_eq!(next_target(target, 8 * 3_600_000, &p), next_target(target, 18_000, &p));
}

#[test]
fn targets_stay_within_their_bounds() {
    let p = parameters(3_000, 1);
    assert_eq!(next_target(MAX_TARGET, 18_000, &p), MAX_TARGET);
    assert_eq!(next_target(MIN_TARGET, 0, &p), MIN_TARGET);
}

#[test]
fn work_is_the_quotient_of_2_256_and_the_target() {
    assert_eq!(work_of(MAX_TARGET), U256::from(16));
    assert_eq!(work_of(MIN_TARGET), U256::one() << 224);
    assert_eq!(work_of(U256::from(3)), U256::MAX / 3);
    assert_eq!(work_of(U256::zero()), U256::zero());
    assert_eq!(work_of(U256::one()), U256::MAX);
}

proptest! {
    #[test]
    fn next_target_follows_the_formula(
        bits in 40u32..250, solve in 0u64..100_000, block_time in 100u64..60_000, half_life in 1u32..300,
    ) {
        let target = (U256::one() << bits) + U256::from(0x1234_5678u64);
        let next = next_target(target, solve, &parameters(block_time, half_life));
        let late = solve.min(6 * block_time) as f64 - block_time as f64;
        let expected = late / (block_time as f64 * f64::from(half_life));
        let got = log2(next) - log2(target);
        let clamped = next == MAX_TARGET || next == MIN_TARGET;
        prop_assert!(clamped || (got - expected).abs() < 1e-6, "{got} {expected}");
    }

    #[test]
    fn a_longer_solve_never_makes_it_harder(a in 0u64..30_000, b in 0u64..30_000, half_life in 1u32..300) {
        let p = parameters(3_000, half_life);
        let target = U256::one() << 200;
        let (short, long) = (a.min(b), a.max(b));
        prop_assert!(next_target(target, short, &p) <= next_target(target, long, &p));
    }

    #[test]
    fn the_target_depends_on_elapsed_time_only(
        solves in proptest::collection::vec(0u64..18_000, 2..40), half_life in 5u32..50,
    ) {
        let p = parameters(3_000, half_life);
        let start = U256::one() << 200;
        let forth = solves.iter().fold(start, |target, solve| next_target(target, *solve, &p));
        let back = solves.iter().rev().fold(start, |target, solve| next_target(target, *solve, &p));
        prop_assert!((log2(forth) - log2(back)).abs() < 1e-6);
    }

    #[test]
    fn the_bonus_follows_its_formula(bits in 32u32..252, gain in 0u32..u32::MAX, observations in 30u32..1024) {
        let base = U256::one() << bits;
        let bonus = bonus_target(base, gain, observations);
        prop_assert!(bonus <= base / 4);
        let (g, t) = (U512::from(gain), U512::from(observations));
        let reference = U512::from(base) * g * 25 / (g * 25 * 4 + t * 8 * 4);
        prop_assert_eq!(U512::from(bonus), reference);
    }
}
