//! Targets: their work, their change from block to block, the analysis' bonus.
//!
//! A *target* d is the largest hash (as a big-endian number) that counts as work: larger is easier.

use crate::{Millis, PowParameters, U256};
use polkadot_sdk::sp_core::U512;

/// The easiest target, 2²⁵²: one hash in sixteen.
pub const MAX_TARGET: U256 = U256([0, 0, 0, 1 << 60]);
/// The hardest target, 2³². Keeps a block's work below 2²²⁴, so that 2³² blocks cannot overflow a chain's work.
pub const MIN_TARGET: U256 = U256([1 << 32, 0, 0, 0]);
/// A solve time counts for at most this many block times, so that no flood follows an outage.
pub const MAX_SOLVE_BLOCKS: u64 = 6;

/// A block's base work ⌊2²⁵⁶ / d⌋: the hashes that a block at this target takes on average. 0 for a target of 0, which no
/// rule lets through; saturated for 1.
pub fn work_of(target: U256) -> U256 {
    if target.is_zero() {
        return U256::zero();
    }
    let quotient = (U512::one() << 256) / U512::from(target);
    U256::try_from(quotient).unwrap_or(U256::MAX)
}

/// target(n+1) = target(n) · 2^((min(st, 6T) − T) / h), st the solve time of block n, clamped to
/// [[`MIN_TARGET`], [`MAX_TARGET`]].
///
/// The exponent is floored to 2⁻³², the product to an integer. Telescopes: over any stretch without clamping the target
/// depends on the elapsed time only (the incremental form of an absolutely scheduled target).
pub fn next_target(target: U256, solve_time: Millis, parameters: &PowParameters) -> U256 {
    let block_time = i128::from(parameters.block_time);
    let capped = i128::from(solve_time).min(block_time * i128::from(MAX_SOLVE_BLOCKS));
    let half_life = (block_time * i128::from(parameters.half_life)).max(1);
    let exponent = ((capped - block_time) << 32).div_euclid(half_life);
    scale_exp2(target, exponent)
}

/// ⌊target · 2^(exponent / 2³²)⌋ within the target bounds.
fn scale_exp2(target: U256, exponent: i128) -> U256 {
    let whole = exponent >> 32;
    let fraction = (exponent & 0xffff_ffff) as u32;
    // Below 2^(252 + 65); the shift is bounded by the ratio of the bounds.
    let scaled = U512::from(target) * U512::from(exp2_fraction(fraction));
    let shift = 64 - whole;
    let moved = if shift >= 512 {
        U512::zero()
    } else if shift >= 0 {
        scaled >> (shift as usize)
    } else if shift > -128 {
        scaled << ((-shift) as usize)
    } else {
        U512::MAX
    };
    let bounded = moved.clamp(U512::from(MIN_TARGET), U512::from(MAX_TARGET));
    U256::try_from(bounded).unwrap_or(MAX_TARGET)
}

/// 2^(fraction / 2³²) in Q64, rounded down at every step: the product of the table's entries for the fraction's set bits.
fn exp2_fraction(fraction: u32) -> u128 {
    let mut result: U256 = U256::one() << 64;
    for (i, root) in EXP2_ROOTS.iter().enumerate() {
        if fraction & (1 << (31 - i)) != 0 {
            // Both factors are below 2⁶⁵.
            result = (result * U256::from(*root)) >> 64;
        }
    }
    result.low_u128()
}

/// ⌊2^(2^−(i+1)) · 2⁶⁴⌋ for i = 0 … 31.
const EXP2_ROOTS: [u128; 32] = [
    0x1_6a09e667_f3bcc908,
    0x1_306fe0a3_1b7152de,
    0x1_172b83c7_d517adcd,
    0x1_0b5586cf_9890f629,
    0x1_059b0d31_585743ae,
    0x1_02c9a3e7_78060ee6,
    0x1_0163da9f_b33356d8,
    0x1_00b1afa5_abcbed61,
    0x1_0058c86d_a1c09ea1,
    0x1_002c605e_2e8cec50,
    0x1_00162f39_04051fa1,
    0x1_000b175e_ffdc76ba,
    0x1_00058ba0_1fb9f96d,
    0x1_0002c5cc_37da9491,
    0x1_000162e5_25ee0547,
    0x1_0000b172_55775c04,
    0x1_000058b9_1b5bc9ae,
    0x1_00002c5c_89d5ec6c,
    0x1_0000162e_43f4f831,
    0x1_00000b17_21bcfc99,
    0x1_0000058b_90cf1e6d,
    0x1_000002c5_c863b73f,
    0x1_00000162_e430e5a1,
    0x1_000000b1_72183551,
    0x1_00000058_b90c0b48,
    0x1_0000002c_5c8601cc,
    0x1_00000016_2e42fff0,
    0x1_0000000b_17217fba,
    0x1_00000005_8b90bfcd,
    0x1_00000002_c5c85fe3,
    0x1_00000001_62e42ff0,
    0x1_00000000_b17217f8,
];

/// κ = 1/4: the analysis may ease a block's target by at most a quarter.
pub const KAPPA_DENOMINATOR: u32 = 4;

/// d_v = ⌊κ · d_base · G / (G + 8T/25)⌋ for gain G over T observations (eq. 9); 0 for G = 0.
pub fn bonus_target(base: U256, gain: u32, observations: u32) -> U256 {
    if gain == 0 {
        return U256::zero();
    }
    let gain = U512::from(gain) * U512::from(25u32);
    let denominator = (gain + U512::from(observations) * U512::from(8u32)) * U512::from(KAPPA_DENOMINATOR);
    let bonus = U512::from(base) * gain / denominator;
    U256::try_from(bonus).unwrap_or_default()
}

/// d_base + d_v: what a block's hash is held against. With the bounds on targets it cannot overflow.
pub fn effective_target(base: U256, gain: u32, observations: u32) -> U256 {
    base.saturating_add(bonus_target(base, gain, observations))
}
