//! The pairs, checked, with what several families need of them computed once.

use super::FitError;
use crate::{
    claim::MIN_OBSERVATIONS,
    family::Rotation,
    math::{Native, Probability},
    normal,
};
use std::cell::OnceCell;

/// One side of the pairs.
pub(super) struct Side {
    /// u and 1 − u.
    pub values: Vec<Probability>,
    /// −ln u.
    ascending: Vec<f64>,
    /// −ln(1 − u).
    descending: Vec<f64>,
}

impl Side {
    fn new(values: impl Iterator<Item = f64>) -> Self {
        let values: Vec<Probability> = values.map(Probability::new).collect();
        let ascending = values.iter().map(|u| -u.ln::<Native>()).collect();
        let descending = values.iter().map(|u| -u.complement().ln::<Native>()).collect();
        Self { values, ascending, descending }
    }

    /// −ln of u, or of 1 − u if the side is turned.
    fn exponentials(&self, turned: bool) -> &[f64] {
        if turned {
            &self.descending
        } else {
            &self.ascending
        }
    }
}

/// Φ⁻¹ of both sides.
pub(super) struct Scores {
    /// Φ⁻¹(u).
    pub u: Vec<f64>,
    /// Φ⁻¹(v).
    pub v: Vec<f64>,
}

/// All pairs.
pub(super) struct Sample {
    /// The first arguments.
    pub u: Side,
    /// The second arguments.
    pub v: Side,
    scores: OnceCell<Scores>,
}

impl Sample {
    /// Checks the pairs: at least 30, finite, strictly between 0 and 1.
    pub fn new(pairs: &[(f64, f64)]) -> Result<Self, FitError> {
        if pairs.len() < MIN_OBSERVATIONS as usize {
            return Err(FitError::TooFewPairs { n: pairs.len() });
        }
        if pairs.iter().any(|(u, v)| !u.is_finite() || !v.is_finite()) {
            return Err(FitError::NotFinite);
        }
        let inside = |x: f64| x > 0.0 && x < 1.0;
        if !pairs.iter().all(|(u, v)| inside(*u) && inside(*v)) {
            return Err(FitError::OutOfRange);
        }
        let u = Side::new(pairs.iter().map(|(u, _)| *u));
        let v = Side::new(pairs.iter().map(|(_, v)| *v));
        Ok(Self { u, v, scores: OnceCell::new() })
    }

    /// The number of pairs.
    pub fn n(&self) -> f64 {
        self.u.values.len() as f64
    }

    /// The normal quantiles, computed at the first call.
    pub fn scores(&self) -> &Scores {
        let quantiles = |side: &Side| side.values.iter().map(|u| normal::quantile_of::<Native>(*u)).collect();
        self.scores.get_or_init(|| Scores { u: quantiles(&self.u), v: quantiles(&self.v) })
    }

    /// (−ln u, −ln v) as the unrotated copula sees them. With `swapped`, of 1 − u and 1 − v instead.
    pub fn exponentials(&self, rotation: Rotation, swapped: bool) -> impl Iterator<Item = (f64, f64)> + '_ {
        let (turn_u, turn_v) = match rotation {
            Rotation::R0 => (false, false),
            Rotation::R90 => (true, false),
            Rotation::R180 => (true, true),
            Rotation::R270 => (false, true),
        };
        let u = self.u.exponentials(turn_u != swapped);
        let v = self.v.exponentials(turn_v != swapped);
        u.iter().copied().zip(v.iter().copied())
    }
}
