//! Joe copula: C = 1 − t^(1/θ), t = a + b − ab, a = (1 − u)^θ, b = (1 − v)^θ, θ ≥ 1; dependence in the upper tail.

use super::{convex_root, Exchangeable};
use crate::math::{ln_1m_exp, ln_exp_m1, Math, Probability};
use core::f64::consts::LN_2;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Joe {
    theta: f64,
}

impl Joe {
    pub(crate) fn new(theta: f64) -> Self {
        Self { theta }
    }

    /// ln (1 − u)^θ ≤ 0.
    #[inline]
    fn ln_power<M: Math>(&self, u: Probability) -> f64 {
        self.theta * u.complement().ln::<M>()
    }
}

/// ln t and t for A = ln a, B = ln b.
#[inline]
fn joint<M: Math>(a: f64, b: f64) -> (f64, f64) {
    let (high, low) = (a.max(b), a.min(b));
    if high > -LN_2 {
        // 1 − t = (1 − a)(1 − b).
        let rest = M::exp_m1(a) * M::exp_m1(b);
        (M::ln_1p(-rest), 1.0 - rest)
    } else {
        let ln_t = high + M::ln_1p(-M::exp(low - high) * M::exp_m1(high));
        (ln_t, M::exp(ln_t))
    }
}

impl<M: Math> Exchangeable<M> for Joe {
    // c = ((1 − u)(1 − v))^(θ−1) · t^(1/θ−2) · (θ − 1 + t).
    fn ln_density(&self, u: Probability, v: Probability) -> f64 {
        let theta = self.theta;
        let (a, b) = (self.ln_power::<M>(u), self.ln_power::<M>(v));
        let (ln_t, t) = joint::<M>(a, b);
        (1.0 - 1.0 / theta) * (a + b) + (1.0 / theta - 2.0) * ln_t + M::ln((theta - 1.0) + t)
    }

    fn distribution(&self, u: Probability, v: Probability) -> f64 {
        let (ln_t, _) = joint::<M>(self.ln_power::<M>(u), self.ln_power::<M>(v));
        -M::exp_m1(ln_t / self.theta)
    }

    // ln h = −(1 − 1/θ) ln(t/a) + ln(1 − b); both terms are ≤ 0.
    fn h(&self, u: Probability, v: Probability) -> Probability {
        let (a, b) = (self.ln_power::<M>(u), self.ln_power::<M>(v));
        let ln_quotient = if b <= a {
            M::ln_1p(-M::exp(b - a) * M::exp_m1(a))
        } else {
            (b - a) + M::ln_1p(-M::exp(a - b) * M::exp_m1(b))
        };
        Probability::exp::<M>(-(1.0 - 1.0 / self.theta) * ln_quotient + ln_1m_exp::<M>(b))
    }

    // The same for r = ln(t/a), b = (e^r − 1)·a/(1 − a): (1 − 1/θ)r − ln(1 − b) = −ln p, convex in r.
    fn h_inverse(&self, u: Probability, p: Probability) -> Probability {
        let weight = 1.0 - 1.0 / self.theta;
        let a = self.ln_power::<M>(u);
        let level = -p.ln::<M>();
        // ln((1 − a)/a).
        let odds = ln_1m_exp::<M>(a) - a;
        // b next to 1 must stay below it.
        let ln_b = |r: f64| (ln_exp_m1::<M>(r) - odds).min(-f64::EPSILON / 2.0);
        // Either term alone is below the sum: above the root. The second term's root is b = 1 − p.
        let exponent = p.complement().ln::<M>() + odds;
        let mut start = if exponent > 40.0 { exponent } else { M::ln_1p(M::exp(exponent)) };
        if weight * start > level {
            start = level / weight;
        }
        let r = convex_root(start, |r| {
            let ln_b = ln_b(r);
            let rest = -M::exp_m1(ln_b);
            (weight * r - ln_1m_exp::<M>(ln_b) - level, weight + (1.0 - rest) / (rest * -M::exp_m1(-r)))
        });
        Probability::exp::<M>(ln_b(r) / self.theta).complement()
    }
}
