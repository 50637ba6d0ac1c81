//! Maximum likelihood for every family and rotation, and the choice among them by AIC.
//!
//! The search and the result are two things. The search sums the log-likelihood of all pairs in bulk with fast
//! arithmetic, precise to about 1e-9, over the *whole* range of the parameters: every local maximum on a grid is
//! followed, bounds included, not only the neighbourhood of an estimate from Kendall's τ, which misses the maximum by
//! many units when the family does not fit. The result's log-likelihood is then computed with the exact arithmetic of
//! the consensus at the parameters found. One thread.
//!
//! | family | search |
//! |---|---|
//! | Gaussian | over ρ, with sums that hold all that the likelihood depends on |
//! | Student-t | over ν, with the best ρ of every ν; t quantiles interpolated from the normal ones |
//! | Clayton, Gumbel, Frank, Joe | over θ |

mod archimedean;
mod correlation;
mod kernel;
mod quantiles;
mod sample;
mod search;
mod student;

use crate::{
    claim::MIN_OBSERVATIONS,
    family::{Copula, Family, Rotation},
    math::Pinned,
};
use sample::Sample;

/// A copula with the parameters of greatest likelihood.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fitted {
    /// The copula. A parameter at a bound is the bound.
    pub copula: Copula,
    /// A = Σ ln c(uᵢ, vᵢ) (eq. 10), in exact arithmetic: what [`Copula::log_likelihood`] gives on [`Pinned`].
    pub log_likelihood: f64,
    /// −2A + 2P with P the number of parameters: T times eq. 10 with the mean log-likelihood in it.
    pub aic: f64,
}

impl Fitted {
    /// Independence: no parameter, log-likelihood 0.
    pub const INDEPENDENCE: Self = Self { copula: Copula::INDEPENDENCE, log_likelihood: 0.0, aic: 0.0 };

    fn of(copula: Copula, pairs: &[(f64, f64)]) -> Self {
        let log_likelihood = copula.log_likelihood::<Pinned>(pairs.iter().copied());
        Self { copula, log_likelihood, aic: 2.0 * copula.family.parameters() as f64 - 2.0 * log_likelihood }
    }
}

/// All candidates and the best of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// How many pairs were fitted.
    pub n: usize,
    /// The 16 candidates: families in their order, each with the rotations it has.
    pub candidates: Vec<Fitted>,
    /// The candidate with the smallest AIC; of equal ones the first.
    pub best: Fitted,
}

/// Why nothing was fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FitError {
    /// There are fewer than 30 pairs.
    TooFewPairs {
        /// How many there are.
        n: usize,
    },
    /// A value is not a finite number.
    NotFinite,
    /// A value is not strictly between 0 and 1.
    OutOfRange,
}

impl std::fmt::Display for FitError {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Self::TooFewPairs { n } => write!(f, "{n} pairs are too few: a fit needs {MIN_OBSERVATIONS}"),
            Self::NotFinite => f.write_str("a value is not a finite number"),
            Self::OutOfRange => f.write_str("a value is not strictly between 0 and 1"),
        }
    }
}

impl std::error::Error for FitError {}

/// Fits all families with all rotations and chooses by AIC.
///
/// The pairs are (u, v), strictly between 0 and 1. No parameters within the bounds have a log-likelihood more than 1e-6
/// above a candidate's.
///
/// # Errors
/// [`FitError`].
pub fn select(pairs: &[(f64, f64)]) -> Result<Selection, FitError> {
    let sample = Sample::new(pairs)?;
    let mut candidates = Vec::with_capacity(16);
    for family in Family::ALL {
        for &rotation in rotations(family) {
            candidates.push(Fitted::of(maximum(family, rotation, &sample), pairs));
        }
    }
    let smaller = |best: Fitted, candidate: &Fitted| if candidate.aic < best.aic { *candidate } else { best };
    let best = candidates.iter().fold(Fitted::INDEPENDENCE, smaller);
    Ok(Selection { n: pairs.len(), candidates, best })
}

/// Fits one family at one rotation. A family that does not rotate is fitted without rotation whatever is asked for.
///
/// # Errors
/// [`FitError`].
pub fn fit(family: Family, rotation: Rotation, pairs: &[(f64, f64)]) -> Result<Fitted, FitError> {
    let sample = Sample::new(pairs)?;
    let rotation = if family.rotates() { rotation } else { Rotation::R0 };
    Ok(Fitted::of(maximum(family, rotation, &sample), pairs))
}

/// The rotations that a family is fitted with.
fn rotations(family: Family) -> &'static [Rotation] {
    if family.rotates() {
        &Rotation::ALL
    } else {
        &[Rotation::R0]
    }
}

/// The parameters of greatest likelihood.
fn maximum(family: Family, rotation: Rotation, sample: &Sample) -> Copula {
    let parameters = match family {
        Family::Independence => [0.0; 2],
        Family::Gaussian => [correlation::gaussian(sample.scores()), 0.0],
        Family::Student => student::maximum(sample),
        Family::Clayton | Family::Gumbel | Family::Frank | Family::Joe => {
            [archimedean::maximum(family, rotation, sample), 0.0]
        }
    };
    Copula { family, rotation, parameters }
}
