//! Ranks and the correlations built on them (eqs. 7, 8).
//!
//! Equal values share the average of their ranks. Values that compare with nothing, not even with themselves (NaN),
//! count as equal to each other and above everything else, so every order here is total.

use crate::math::{Math, Pinned};
use alloc::{vec, vec::Vec};
use core::cmp::Ordering;

/// A total order on values that need only a partial one.
fn compare<T: PartialOrd>(a: &T, b: &T) -> Ordering {
    let unordered = |value: &T| value.partial_cmp(value).is_none();
    a.partial_cmp(b).unwrap_or_else(|| unordered(a).cmp(&unordered(b)))
}

/// The rank of each value, in the order given: 1 for the smallest, equal values share the average of their ranks.
/// Exact: every rank is a multiple of one half.
pub fn ranks<T: PartialOrd + Copy>(x: &[T]) -> Vec<f64> {
    let mut order: Vec<(T, usize)> = x.iter().copied().zip(0usize..).collect();
    order.sort_unstable_by(|a, b| compare(&a.0, &b.0));
    let mut ranks = vec![0.0; x.len()];
    let mut below = 0usize;
    for equal in order.chunk_by(|a, b| compare(&a.0, &b.0) == Ordering::Equal) {
        let rank = below as f64 + (equal.len() as f64 + 1.0) / 2.0;
        for (_, place) in equal {
            if let Some(slot) = ranks.get_mut(*place) {
                *slot = rank;
            }
        }
        below = below.saturating_add(equal.len());
    }
    ranks
}

/// rank/(n + 1) of each value, in the order given: inside (0, 1), the usual arguments of a copula where no marginal is
/// estimated.
pub fn pseudo_observations(x: &[f64]) -> Vec<f64> {
    let scale = x.len() as f64 + 1.0;
    ranks(x).into_iter().map(|rank| rank / scale).collect()
}

/// Whether all values are equal; true of none and of one.
fn is_constant(x: &[f64]) -> bool {
    x.iter().zip(x.iter().skip(1)).all(|(a, b)| a == b)
}

/// Pearson's linear correlation (eq. 7), in [−1, 1].
///
/// `None` if the lengths differ, if there are fewer than two pairs, if a series is constant, or if a value or a sum is
/// not finite.
pub fn pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    if x.len() != y.len() || x.len() < 2 || is_constant(x) || is_constant(y) {
        return None;
    }
    let n = x.len() as f64;
    let mean_x = x.iter().sum::<f64>() / n;
    let mean_y = y.iter().sum::<f64>() / n;
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (dx, dy) = (x - mean_x, y - mean_y);
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    let correlation = xy / (Pinned::sqrt(xx) * Pinned::sqrt(yy));
    correlation.is_finite().then(|| correlation.clamp(-1.0, 1.0))
}

/// Spearman's rank correlation ρ_S (eq. 8): Pearson's of the average ranks, in [−1, 1].
///
/// `None` if the lengths differ, if there are fewer than two pairs, or if a series is constant.
pub fn spearman<T: PartialOrd + Copy>(x: &[T], y: &[T]) -> Option<f64> {
    if x.len() != y.len() {
        return None;
    }
    pearson(&ranks(x), &ranks(y))
}

/// Kendall's τ_b in [−1, 1], in O(n log n): (concordant − discordant pairs) over the geometric mean of the pairs that
/// are not tied in x and of those that are not tied in y.
///
/// `None` if the lengths differ, if there are fewer than two pairs, or if a series is constant.
pub fn kendall<T: PartialOrd + Copy>(x: &[T], y: &[T]) -> Option<f64> {
    if x.len() != y.len() || x.len() < 2 {
        return None;
    }
    let mut pairs: Vec<(u64, u64)> = keys(x).into_iter().zip(keys(y)).collect();
    pairs.sort_unstable();
    let all = pairs_of(pairs.len());
    let tied_x = tied(&pairs, |a, b| a.0 == b.0);
    let tied_both = tied(&pairs, |a, b| a == b);
    // Ordered by x and, where x is tied, by y: what is out of order in y is discordant.
    let (by_y, discordant) = sort_counting(pairs.into_iter().map(|(_, y)| y).collect());
    let tied_y = tied(&by_y, |a, b| a == b);
    if tied_x >= all || tied_y >= all {
        return None;
    }
    // Every term is at most n²/2: exact far beyond any n that fits into memory.
    let concordant_less_discordant =
        all as f64 - tied_x as f64 - tied_y as f64 + tied_both as f64 - 2.0 * discordant as f64;
    let untied_x = Pinned::sqrt(all.saturating_sub(tied_x) as f64);
    let untied_y = Pinned::sqrt(all.saturating_sub(tied_y) as f64);
    Some((concordant_less_discordant / (untied_x * untied_y)).clamp(-1.0, 1.0))
}

/// Twice the average rank: an integer that orders, and ties, as the value does.
fn keys<T: PartialOrd + Copy>(x: &[T]) -> Vec<u64> {
    ranks(x).into_iter().map(|rank| (2.0 * rank) as u64).collect()
}

/// n(n − 1)/2.
fn pairs_of(n: usize) -> u64 {
    let n = n as u64;
    n.saturating_mul(n.saturating_sub(1)) / 2
}

/// How many pairs are equal, in a sequence in which equal ones are neighbours.
fn tied<T>(sorted: &[T], equal: impl Fn(&T, &T) -> bool) -> u64 {
    sorted.chunk_by(equal).map(|run| pairs_of(run.len())).fold(0, u64::saturating_add)
}

/// Merge sort from the bottom up; also the number of pairs that stood in the wrong order.
fn sort_counting(mut values: Vec<u64>) -> (Vec<u64>, u64) {
    let mut inversions = 0u64;
    let mut run = 1usize;
    while run < values.len() {
        let mut merged = Vec::with_capacity(values.len());
        for stretch in values.chunks(run.saturating_mul(2)) {
            let mut halves = stretch.chunks(run);
            let (mut left, mut right) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
            while let (Some((a, rest_left)), Some((b, rest_right))) = (left.split_first(), right.split_first()) {
                if b < a {
                    // It goes before all that is left on the left.
                    inversions = inversions.saturating_add(left.len() as u64);
                    merged.push(*b);
                    right = rest_right;
                } else {
                    merged.push(*a);
                    left = rest_left;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        values = merged;
        run = run.saturating_mul(2);
    }
    (values, inversions)
}

/// ρ = 2 sin(π ρ_S / 6), the Gaussian copula's correlation that belongs to Spearman's ρ_S (eq. 8, solved for ρ).
pub fn gaussian_rho(spearman: f64) -> f64 {
    2.0 * Pinned::sin(core::f64::consts::FRAC_PI_6 * spearman)
}
