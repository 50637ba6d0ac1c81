//! ρ as the search sees it, and the Gaussian copula, which has nothing else.

use super::{
    sample::Scores,
    search::{maximise, nodes},
};
use crate::{
    family::Family,
    math::{Math, Native},
};

/// Nodes over the range of r for the Gaussian copula; an evaluation is O(1) there.
const NODES: u32 = 49;

/// A correlation by r = artanh ρ, in which a log-likelihood has about the same scale everywhere.
pub(super) struct Correlation {
    /// ρ.
    pub rho: f64,
    /// (1 + ρ)/2, with a small relative error.
    pub plus: f64,
    /// (1 − ρ)/2, with a small relative error.
    pub minus: f64,
}

impl Correlation {
    /// The r of the greatest ρ.
    pub fn limit() -> f64 {
        let [(_, greatest), _] = Family::Gaussian.bounds();
        0.5 * Native::ln((1.0 + greatest) / (1.0 - greatest))
    }

    /// ρ = tanh r; exactly the bound from [`Self::limit`] on.
    pub fn at(r: f64) -> Self {
        let [(_, greatest), _] = Family::Gaussian.bounds();
        Self {
            rho: if Native::abs(r) < Self::limit() {
                r.tanh().clamp(-greatest, greatest)
            } else {
                greatest.copysign(r)
            },
            plus: 1.0 / (1.0 + Native::exp(-2.0 * r)),
            minus: 1.0 / (1.0 + Native::exp(2.0 * r)),
        }
    }

    /// 1 − ρ².
    pub fn gap(&self) -> f64 {
        4.0 * self.plus * self.minus
    }
}

/// The Gaussian copula's ρ of greatest likelihood.
///
/// With d = Σ(x − y)², s = Σ(x + y)² over the normal scores, the log-likelihood is
/// −(n/2) ln(1 − ρ²) − d/(4(1 − ρ)) − s/(4(1 + ρ)) and a constant.
pub(super) fn gaussian(scores: &Scores) -> f64 {
    let (mut differences, mut sums) = (0.0, 0.0);
    for (x, y) in scores.u.iter().zip(&scores.v) {
        differences += (x - y) * (x - y);
        sums += (x + y) * (x + y);
    }
    let n = scores.u.len() as f64;
    let log_likelihood = |r: f64| {
        let rho = Correlation::at(r);
        -0.5 * n * Native::ln(rho.gap()) - differences / (8.0 * rho.minus) - sums / (8.0 * rho.plus)
    };
    let limit = Correlation::limit();
    Correlation::at(maximise(log_likelihood, &nodes(-limit, limit, NODES)).at).rho
}
