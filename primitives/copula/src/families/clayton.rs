//! Clayton copula: C = (u^−θ + v^−θ − 1)^(−1/θ), θ > 0; dependence in the lower tail.

use super::Exchangeable;
use crate::math::{Math, Probability};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Clayton {
    theta: f64,
}

impl Clayton {
    pub(crate) fn new(theta: f64) -> Self {
        Self { theta }
    }
}

/// With a = −θ ln u and b = −θ ln v: S = ln(e^a + e^b − 1) as `high` + `rest`, `high` the greater of a and b. Both
/// terms are exact for small θ, where S ≈ a + b, and do not overflow for large θ.
struct Sum {
    high: f64,
    rest: f64,
}

impl Sum {
    #[inline]
    fn new<M: Math>(a: f64, b: f64) -> Self {
        let (high, low) = (a.max(b), a.min(b));
        Self { high, rest: M::ln_1p(-M::exp(low - high) * M::exp_m1(-low)) }
    }
}

impl<M: Math> Exchangeable<M> for Clayton {
    fn ln_density(&self, u: Probability, v: Probability) -> f64 {
        let theta = self.theta;
        let (ln_u, ln_v) = (u.ln::<M>(), v.ln::<M>());
        let sum = Sum::new::<M>(-theta * ln_u, -theta * ln_v);
        M::ln_1p(theta) - (1.0 + theta) * (ln_u + ln_v) - (2.0 + 1.0 / theta) * (sum.high + sum.rest)
    }

    fn distribution(&self, u: Probability, v: Probability) -> f64 {
        let sum = Sum::new::<M>(-self.theta * u.ln::<M>(), -self.theta * v.ln::<M>());
        M::exp(-(sum.high + sum.rest) / self.theta)
    }

    // ln h = (1 + 1/θ)(a − S).
    fn h(&self, u: Probability, v: Probability) -> Probability {
        let a = -self.theta * u.ln::<M>();
        let sum = Sum::new::<M>(a, -self.theta * v.ln::<M>());
        Probability::exp::<M>((1.0 + 1.0 / self.theta) * ((a - sum.high) - sum.rest))
    }

    // S = a + k, so e^b = e^a·(e^k − 1) + 1.
    fn h_inverse(&self, u: Probability, p: Probability) -> Probability {
        let theta = self.theta;
        let a = -theta * u.ln::<M>();
        let grown = M::exp_m1(-p.ln::<M>() * theta / (1.0 + theta));
        let b = if a < 30.0 { M::ln_1p(M::exp(a) * grown) } else { a + M::ln(grown + M::exp(-a)) };
        Probability::exp::<M>(-b / theta)
    }
}
