//! Gumbel copula: C = exp(−A), A = (x^θ + y^θ)^(1/θ), x = −ln u, y = −ln v, θ ≥ 1; dependence in the upper tail.

use super::{convex_root, Exchangeable};
use crate::math::{ln_exp_m1, Math, Probability};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Gumbel {
    theta: f64,
}

/// A by the greater and the less of x and y.
struct Radius {
    high: f64,
    low: f64,
    /// ln(low/high).
    ratio: f64,
    /// ln(A/high).
    growth: f64,
    /// A − high.
    excess: f64,
}

impl Gumbel {
    pub(crate) fn new(theta: f64) -> Self {
        Self { theta }
    }

    #[inline]
    fn radius<M: Math>(&self, x: f64, y: f64) -> Radius {
        let (high, low) = (x.max(y), x.min(y));
        let ratio = M::ln(low / high);
        let growth = M::ln_1p(M::exp(self.theta * ratio)) / self.theta;
        Radius { high, low, ratio, growth, excess: high * M::exp_m1(growth) }
    }
}

impl<M: Math> Exchangeable<M> for Gumbel {
    // ln c = x + y − A + (θ − 1)(ln x + ln y − 2 ln A) + ln(1 + (θ − 1)/A), every difference by ratios to the greater.
    fn ln_density(&self, u: Probability, v: Probability) -> f64 {
        let above = self.theta - 1.0;
        let radius = self.radius::<M>(-u.ln::<M>(), -v.ln::<M>());
        let a = radius.high + radius.excess;
        (radius.low - radius.excess) + above * (radius.ratio - 2.0 * radius.growth) + M::ln_1p(above / a)
    }

    fn distribution(&self, u: Probability, v: Probability) -> f64 {
        let radius = self.radius::<M>(-u.ln::<M>(), -v.ln::<M>());
        M::exp(-(radius.high + radius.excess))
    }

    // −ln h = (A − x) + (θ − 1) ln(A/x); both terms are ≥ 0.
    fn h(&self, u: Probability, v: Probability) -> Probability {
        let (x, y) = (-u.ln::<M>(), -v.ln::<M>());
        let radius = self.radius::<M>(x, y);
        let (difference, ln_quotient) = if x < y {
            ((radius.high - radius.low) + radius.excess, radius.growth - radius.ratio)
        } else {
            (radius.excess, radius.growth)
        };
        Probability::exp::<M>(-(difference + (self.theta - 1.0) * ln_quotient))
    }

    // The same for s = ln(A/x): x(e^s − 1) + (θ − 1)s = −ln p, convex in s; then y = x(e^θs − 1)^(1/θ).
    fn h_inverse(&self, u: Probability, p: Probability) -> Probability {
        let above = self.theta - 1.0;
        let (x, level) = (-u.ln::<M>(), -p.ln::<M>());
        // Either term alone, and the tangent at 0, is below the sum: above the root.
        let start = M::ln_1p(level / x).min(level / (x + above));
        let s = convex_root(start, |s| {
            let grown = x * M::exp_m1(s);
            (grown + above * s - level, grown + x + above)
        });
        let y = x * M::exp(ln_exp_m1::<M>(self.theta * s) / self.theta);
        Probability::exp::<M>(-y)
    }
}
