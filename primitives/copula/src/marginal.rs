//! Kernel marginals (eqs. 4 to 6): the density of a price, its distribution, and the way back.
//!
//! K(t) = ¾(1 − t²) on [−1, 1] (Epanechnikov) is a polynomial and so is its integral, so density and distribution need
//! no function that could differ between machines. The bandwidth takes one logarithm and one exponential, pinned. What
//! goes into consensus are the distribution's values in 2⁻³², [`u_values`].

use crate::math::{Math, Pinned};
use alloc::{vec, vec::Vec};
use core::cmp::Ordering;

/// 2³².
const Q32_ONE: f64 = 4_294_967_296.0;
/// The factor between the bandwidths of a Gaussian and of an Epanechnikov kernel that smooth alike.
const CANONICAL: f64 = 2.2138;
/// Silverman's factor.
const SILVERMAN: f64 = 0.9;
/// The interquartile range of the standard normal distribution.
const NORMAL_IQR: f64 = 1.349;
/// Halvings of the interval in which a quantile is looked for: the interval's length times 2⁻⁶⁴ remains, or
/// neighbouring numbers.
const HALVINGS: usize = 64;

/// Why there is no marginal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarginalError {
    /// The sample has no value.
    Empty,
    /// A value is not finite, or the bandwidth is not a finite positive number.
    NotFinite,
}

impl core::fmt::Display for MarginalError {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str(match self {
            Self::Empty => "the sample is empty",
            Self::NotFinite => "the sample or the bandwidth is not finite, or the bandwidth is not positive",
        })
    }
}

impl core::error::Error for MarginalError {}

/// A kernel distribution over a sample of prices, in the sample's unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Marginal {
    /// Ascending, finite, not empty.
    sample: Vec<f64>,
    /// h, positive.
    bandwidth: f64,
    /// 1/h.
    scale: f64,
}

impl Marginal {
    /// The marginal of a sample, in any order, with the bandwidth h = 2.2138 · 0.9 · min(s, IQR/1.349) · n^(−1/5).
    ///
    /// s is the standard deviation with divisor n − 1. The quartiles are interpolated at the positions (n − 1)/4 and
    /// 3(n − 1)/4, counted from 0. Without an IQR s stands alone. h is at least `least_bandwidth`, in the sample's unit,
    /// so that a constant sample has a marginal, too.
    ///
    /// # Errors
    /// [`MarginalError::Empty`] without a value; [`MarginalError::NotFinite`] if a value is not finite,
    /// `least_bandwidth` is not positive and finite, or the spread exceeds what an `f64` holds.
    pub fn new(sample: &[f64], least_bandwidth: f64) -> Result<Self, MarginalError> {
        if sample.is_empty() {
            return Err(MarginalError::Empty);
        }
        let usable = least_bandwidth > 0.0 && least_bandwidth.is_finite();
        if !usable || sample.iter().any(|value| !value.is_finite()) {
            return Err(MarginalError::NotFinite);
        }
        let mut sample = sample.to_vec();
        sample.sort_unstable_by(f64::total_cmp);
        let bandwidth = rule_of_thumb(&sample).max(least_bandwidth);
        let scale = 1.0 / bandwidth;
        // The sum is finite only if all its terms are.
        if !(bandwidth + scale).is_finite() || scale <= 0.0 {
            return Err(MarginalError::NotFinite);
        }
        Ok(Self { sample, bandwidth, scale })
    }

    /// h, in the sample's unit.
    pub fn bandwidth(&self) -> f64 {
        self.bandwidth
    }

    /// How many sample values have their whole kernel below x, and those whose kernel x lies in.
    fn around(&self, x: f64) -> (usize, &[f64]) {
        let below = self.sample.partition_point(|value| (x - value) * self.scale >= 1.0);
        let rest = self.sample.get(below..).unwrap_or_default();
        let reached = rest.partition_point(|value| (x - value) * self.scale > -1.0);
        (below, rest.get(..reached).unwrap_or_default())
    }

    /// f(x) = 1/(nh) Σ K((x − xᵢ)/h) (eq. 4), per unit of the sample.
    pub fn density(&self, x: f64) -> f64 {
        let (_, within) = self.around(x);
        let sum = within.iter().fold(0.0, |sum, value| {
            let t = (x - value) * self.scale;
            sum + 0.75 * (1.0 - t * t)
        });
        sum * self.scale / self.sample.len() as f64
    }

    /// F(x), the integral of the density up to x (eq. 5), in [0, 1].
    ///
    /// The kernels' integrals ½ + ¾t − ¼t³ are summed in ascending order of the sample: the same bits everywhere.
    pub fn distribution(&self, x: f64) -> f64 {
        let (below, within) = self.around(x);
        let odd = within.iter().fold(0.0, |sum, value| {
            let t = (x - value) * self.scale;
            sum + t * (0.75 - 0.25 * t * t)
        });
        let sum = below as f64 + 0.5 * within.len() as f64 + odd;
        (sum / self.sample.len() as f64).clamp(0.0, 1.0)
    }

    /// F⁻¹(p) (eq. 6), in the sample's unit, for p in (0, 1): the upper end of the last interval of a bisection over
    /// the distribution's support. Monotone in p. For p ≤ 0 and p ≥ 1: about the support's ends.
    pub fn quantile(&self, p: f64) -> f64 {
        let (Some(first), Some(last)) = (self.sample.first(), self.sample.last()) else { return 0.0 };
        let (mut low, mut high) = (first - self.bandwidth, last + self.bandwidth);
        for _ in 0..HALVINGS {
            let middle = low + (high - low) * 0.5;
            if middle <= low || middle >= high {
                break;
            }
            // Two levels part at the first point between their quantiles, the lower one to the left: hence monotone,
            // whatever the rounding.
            if self.distribution(middle) < p {
                low = middle;
            } else {
                high = middle;
            }
        }
        high
    }
}

/// 2.2138 · 0.9 · min(s, IQR/1.349) · n^(−1/5) of an ascending sample; 0 for a constant one and for one value.
fn rule_of_thumb(sorted: &[f64]) -> f64 {
    let n = sorted.len() as f64;
    if sorted.len() < 2 {
        return 0.0;
    }
    let mean = sorted.iter().sum::<f64>() / n;
    let squares = sorted.iter().fold(0.0, |sum, value| sum + (value - mean) * (value - mean));
    let deviation = Pinned::sqrt(squares / (n - 1.0));
    let range = (order_statistic(sorted, 0.75) - order_statistic(sorted, 0.25)) / NORMAL_IQR;
    let spread = if range > 0.0 { deviation.min(range) } else { deviation };
    CANONICAL * SILVERMAN * spread * Pinned::exp(-0.2 * Pinned::ln(n))
}

/// The value at position p(n − 1), counted from 0, interpolated.
fn order_statistic(sorted: &[f64], p: f64) -> f64 {
    let position = p * sorted.len().saturating_sub(1) as f64;
    // Truncates, which is the floor of a number that is not negative.
    let index = position as usize;
    let low = sorted.get(index).copied().unwrap_or_default();
    let high = sorted.get(index.saturating_add(1)).copied().unwrap_or(low);
    low + (position - index as f64) * (high - low)
}

/// ⌊p · 2³²⌋, clamped to 1 … 2³² − 1.
pub fn to_q32(p: f64) -> u32 {
    // The conversion truncates, saturates, and makes 0 of NaN.
    ((p * Q32_ONE) as u32).max(1)
}

/// q/2³², exactly.
pub fn from_q32(q: u32) -> f64 {
    f64::from(q) / Q32_ONE
}

/// U = F̂(X) (eqs. 5, 6) of each value of a sample under its own marginal, in 2⁻³² (rounded down, clamped to 1 … 2³² −
/// 1), in the sample's order. Equal values have equal u-values.
///
/// O(n log n) and, for every distinct value, the values within h of it.
///
/// # Errors
/// As [`Marginal::new`].
pub fn u_values(sample: &[f64], least_bandwidth: f64) -> Result<Vec<u32>, MarginalError> {
    let marginal = Marginal::new(sample, least_bandwidth)?;
    let mut order: Vec<(f64, usize)> = sample.iter().copied().zip(0usize..).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut values = vec![0; sample.len()];
    for equal in order.chunk_by(|a, b| a.0.total_cmp(&b.0) == Ordering::Equal) {
        let value = equal.first().map(|(x, _)| to_q32(marginal.distribution(*x))).unwrap_or_default();
        for (_, place) in equal {
            if let Some(slot) = values.get_mut(*place) {
                *slot = value;
            }
        }
    }
    Ok(values)
}
