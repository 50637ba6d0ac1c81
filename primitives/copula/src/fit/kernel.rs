//! Arithmetic in bulk. The functions have no branches and call nothing, so that loops over them become vector code.

use crate::math::{Math, Native};
use core::f64::consts::{LN_2, LOG2_E, SQRT_2};

/// As many pairs are worked on at a time: a few KiB, which stay in the nearest cache.
pub(super) const BLOCK: usize = 128;
/// 1.5 · 2⁵²: added to a small number it leaves the nearest integer in the lowest bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts, the first with zeros at its end: its product with a small integer is exact.
const LN_2_HIGH: f64 = 0.6931471803691238;
const LN_2_LOW: f64 = 1.9082149292705877e-10;

/// eˣ for x ≤ 708; below −708 it is e⁻⁷⁰⁸. Relative error below 1e-15.
#[inline]
pub(super) fn exp(x: f64) -> f64 {
    let x = if x > -708.0 { x } else { -708.0 };
    // x = k ln 2 + r with |r| ≤ ln 2 / 2.
    let shifted = x * LOG2_E + ROUNDER;
    let k = shifted - ROUNDER;
    let r = x - k * LN_2_HIGH - k * LN_2_LOW;
    let p = 1.0 / 479_001_600.0;
    let p = p * r + 1.0 / 39_916_800.0;
    let p = p * r + 1.0 / 3_628_800.0;
    let p = p * r + 1.0 / 362_880.0;
    let p = p * r + 1.0 / 40_320.0;
    let p = p * r + 1.0 / 5_040.0;
    let p = p * r + 1.0 / 720.0;
    let p = p * r + 1.0 / 120.0;
    let p = p * r + 1.0 / 24.0;
    let p = p * r + 1.0 / 6.0;
    let p = p * r + 0.5;
    let p = p * r + 1.0;
    let p = p * r + 1.0;
    // Times 2ᵏ: k goes into the exponent's bits.
    f64::from_bits(p.to_bits().wrapping_add(shifted.to_bits() << 52))
}

/// ln x for x from 1 to 2. Absolute error below 3e-16.
#[inline]
pub(super) fn ln_1_to_2(x: f64) -> f64 {
    // ln √2 + 2 artanh((x − √2)/(x + √2)).
    let r = (x - SQRT_2) / (x + SQRT_2);
    let s = r * r;
    let p = 1.0 / 19.0;
    let p = p * s + 1.0 / 17.0;
    let p = p * s + 1.0 / 15.0;
    let p = p * s + 1.0 / 13.0;
    let p = p * s + 1.0 / 11.0;
    let p = p * s + 1.0 / 9.0;
    let p = p * s + 1.0 / 7.0;
    let p = p * s + 1.0 / 5.0;
    let p = p * s + 1.0 / 3.0;
    let p = p * s + 1.0;
    0.5 * LN_2 + 2.0 * r * p
}

/// Σ ln x with one logarithm for 16 values, which must lie between 2⁻⁶⁰ and 2⁶⁰.
pub(super) fn ln_product(values: &[f64]) -> f64 {
    let mut groups = values.chunks_exact(16);
    let mut total = 0.0;
    for group in groups.by_ref() {
        let mut lanes = [1.0_f64; 4];
        for four in group.chunks_exact(4) {
            for (lane, value) in lanes.iter_mut().zip(four) {
                *lane *= value;
            }
        }
        total += Native::ln((lanes[0] * lanes[1]) * (lanes[2] * lanes[3]));
    }
    let rest: f64 = groups.remainder().iter().product();
    total + Native::ln(rest)
}

/// Σ x in four independent sums.
pub(super) fn sum(values: &[f64]) -> f64 {
    let mut groups = values.chunks_exact(4);
    let mut lanes = [0.0_f64; 4];
    for four in groups.by_ref() {
        for (lane, value) in lanes.iter_mut().zip(four) {
            *lane += value;
        }
    }
    let rest: f64 = groups.remainder().iter().sum();
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_as_precise_as_said() {
        for i in -70_800..=70_800 {
            let x = f64::from(i) / 100.0 + 1e-3 * f64::from(i % 7);
            if x.abs() <= 708.0 {
                assert!((exp(x) / x.exp() - 1.0).abs() < 1e-15, "{x}");
            }
        }
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(-1e9), exp(-708.0));
        assert_eq!(exp(f64::NEG_INFINITY), exp(-708.0));
    }

    #[test]
    fn ln_between_1_and_2_is_as_precise_as_said() {
        for i in 0..=10_000 {
            let x = 1.0 + f64::from(i) / 10_000.0;
            assert!((ln_1_to_2(x) - x.ln()).abs() < 3e-16, "{x}");
        }
    }

    #[test]
    fn sums_in_bulk_are_sums() {
        for n in 0..=130 {
            let values: Vec<f64> = (0..n).map(|i| 2f64.powi((i * 7) % 119 - 59)).collect();
            let logarithms: f64 = values.iter().map(|x| x.ln()).sum();
            assert!((ln_product(&values) - logarithms).abs() < 1e-10, "{n}");
            let small: Vec<f64> = (0..n).map(f64::from).collect();
            assert_eq!(sum(&small), small.iter().sum::<f64>());
        }
    }
}
