//! Gaussian copula: the dependence of two normal variables with correlation ρ (eq. 8).

use super::{elliptical, Exchangeable};
use crate::{
    math::{Math, Probability},
    normal,
};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Gaussian {
    rho: f64,
    /// ρ²/(2(1 − ρ²)), |ρ|/(1 + |ρ|), −½ ln(1 − ρ²), √(1 − ρ²).
    apart: f64,
    along: f64,
    constant: f64,
    root: f64,
}

impl Gaussian {
    pub(crate) fn new<M: Math>(rho: f64) -> Self {
        let size = M::abs(rho);
        let gap = (1.0 - size) * (1.0 + size);
        Self {
            rho,
            apart: 0.5 * size * size / gap,
            along: size / (1.0 + size),
            constant: -0.5 * M::ln(gap),
            root: M::sqrt(gap),
        }
    }
}

impl<M: Math> Exchangeable<M> for Gaussian {
    // The exponent −(ρ²x² − 2ρxy + ρ²y²)/(2(1 − ρ²)) split into a part of x − y, which is what counts for ρ next to 1,
    // and one of x·y. A negative ρ is a positive one with y's sign changed.
    fn ln_density(&self, u: Probability, v: Probability) -> f64 {
        let x = normal::quantile_of::<M>(u);
        let y = normal::quantile_of::<M>(v.turned(self.rho < 0.0));
        let difference = x - y;
        self.constant - self.apart * difference * difference + self.along * x * y
    }

    fn distribution(&self, u: Probability, v: Probability) -> f64 {
        let quantiles = (normal::quantile_of::<M>(u), normal::quantile_of::<M>(v));
        elliptical::distribution::<M>(self.rho, quantiles, (u, v), |q| M::exp(-0.5 * q))
    }

    fn h(&self, u: Probability, v: Probability) -> Probability {
        let (x, y) = (normal::quantile_of::<M>(u), normal::quantile_of::<M>(v));
        normal::distribution::<M>((y - self.rho * x) / self.root)
    }

    fn h_inverse(&self, u: Probability, p: Probability) -> Probability {
        let (x, z) = (normal::quantile_of::<M>(u), normal::quantile_of::<M>(p));
        normal::distribution::<M>(self.rho * x + self.root * z)
    }
}
