//! Frank copula: C = −ln(1 − (1 − e^−θu)(1 − e^−θv)/(1 − e^−θ))/θ; no dependence in the tails. θ = 0 is independence.

use super::Exchangeable;
use crate::math::{Math, Probability};

/// Smaller |θ| are taken for 0; none of the formulas would see the difference.
const LEAST: f64 = 1e-200;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Frank {
    /// |θ|. A negative θ is a positive one at (1 − u, v).
    theta: f64,
    negative: bool,
    independent: bool,
    /// (1 − e^−|θ|)/|θ| and its logarithm.
    whole: f64,
    ln_whole: f64,
}

impl Frank {
    pub(crate) fn new<M: Math>(theta: f64) -> Self {
        let size = M::abs(theta);
        let independent = size < LEAST;
        let whole = if independent { 1.0 } else { share::<M>(size, 1.0) };
        Self { theta: size, negative: theta < 0.0, independent, whole, ln_whole: M::ln(whole) }
    }

    /// The two terms of the denominator of h and, squared, of c, over θ:
    /// e^−θu·(1 − e^−θv)/θ and e^−θv·(1 − e^−θ(1−v))/θ. Both are positive: nothing cancels for small θ.
    #[inline]
    fn terms<M: Math>(&self, u: Probability, v: Probability) -> (f64, f64) {
        let theta = self.theta;
        (M::exp(-theta * u.p) * share::<M>(theta, v.p), M::exp(-theta * v.p) * share::<M>(theta, v.q))
    }
}

/// (1 − e^−θx)/θ.
#[inline]
fn share<M: Math>(theta: f64, x: f64) -> f64 {
    -M::exp_m1(-theta * x) / theta
}

impl<M: Math> Exchangeable<M> for Frank {
    fn ln_density(&self, u: Probability, v: Probability) -> f64 {
        if self.independent {
            return 0.0;
        }
        let u = u.turned(self.negative);
        let (first, second) = self.terms::<M>(u, v);
        self.ln_whole - self.theta * (u.p + v.p) - 2.0 * M::ln(first + second)
    }

    fn distribution(&self, u: Probability, v: Probability) -> f64 {
        if self.independent {
            return u.p * v.p;
        }
        let theta = self.theta;
        let u = u.turned(self.negative);
        let (first, second) = self.terms::<M>(u, v);
        let rest = (first + second) / self.whole;
        let inner = if rest < 0.5 {
            -M::ln(rest) / theta
        } else {
            -M::ln_1p(M::exp_m1(-theta * u.p) * share::<M>(theta, v.p) / self.whole) / theta
        };
        if self.negative {
            v.p - inner
        } else {
            inner
        }
    }

    fn h(&self, u: Probability, v: Probability) -> Probability {
        if self.independent {
            return v;
        }
        let (first, second) = self.terms::<M>(u.turned(self.negative), v);
        let sum = first + second;
        Probability { p: first / sum, q: second / sum }
    }

    // 1 − e^−θv and 1 − e^−θ(1−v) are rational in p and e^−θu.
    fn h_inverse(&self, u: Probability, p: Probability) -> Probability {
        if self.independent {
            return p;
        }
        let theta = self.theta;
        let u = u.turned(self.negative);
        let below = M::exp(-theta * u.p) * p.q;
        let sum = p.p + below;
        let one = -M::exp_m1(-theta);
        let power = (below + p.p * M::exp(-theta)) / sum;
        let lower = p.p * one / sum;
        let upper = below * one / (sum * power);
        let v = if lower < 0.5 { -M::ln_1p(-lower) / theta } else { -M::ln(power) / theta };
        let rest = if upper < 0.5 { -M::ln_1p(-upper) / theta } else { 1.0 - v };
        Probability { p: v, q: rest }
    }
}
