//! Student-t copula: the dependence of two t variables with correlation ρ and ν degrees of freedom, with tails that
//! depend on one another even for ρ = 0.

use super::{elliptical, Exchangeable};
use crate::{
    math::{Math, Probability},
    student::StudentT,
};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Student {
    rho: f64,
    nu: f64,
    /// 1 − ρ².
    gap: f64,
    /// 1/(ν(1 − ρ²)), 2/(ν(1 + |ρ|)), and the density's constant factor's logarithm.
    apart: f64,
    along: f64,
    constant: f64,
    margin: StudentT,
    /// ν + 1: the conditional distribution's.
    conditional: StudentT,
}

impl Student {
    pub(crate) fn new<M: Math>(rho: f64, nu: f64) -> Self {
        let size = M::abs(rho);
        let gap = (1.0 - size) * (1.0 + size);
        let margin = StudentT::new::<M>(nu);
        let ratio = margin.gamma_ratio();
        Self {
            rho,
            nu,
            gap,
            apart: 1.0 / (nu * gap),
            along: 2.0 / (nu * (1.0 + size)),
            // Γ(ν/2 + 1)·Γ(ν/2)/Γ((ν+1)/2)² = (ν/2)/ratio².
            constant: M::ln(0.5 * nu / (ratio * ratio)) - 0.5 * M::ln(gap),
            margin,
            conditional: StudentT::new::<M>(nu + 1.0),
        }
    }
}

impl<M: Math> Exchangeable<M> for Student {
    // (x² + y² − 2ρxy)/(ν(1 − ρ²)) split as for the Gaussian copula. The margins' two logarithms are one of a product,
    // which stays below 1e32.
    fn ln_density(&self, u: Probability, v: Probability) -> f64 {
        let nu = self.nu;
        let x = self.margin.quantile_of::<M>(u);
        let y = self.margin.quantile_of::<M>(v.turned(self.rho < 0.0));
        let difference = x - y;
        let joint = 1.0 + (self.apart * difference * difference + self.along * x * y);
        let margins = (1.0 + x * x / nu) * (1.0 + y * y / nu);
        self.constant - 0.5 * (nu + 2.0) * M::ln(joint) + 0.5 * (nu + 1.0) * M::ln(margins)
    }

    fn distribution(&self, u: Probability, v: Probability) -> f64 {
        let nu = self.nu;
        let quantiles = (self.margin.quantile_of::<M>(u), self.margin.quantile_of::<M>(v));
        elliptical::distribution::<M>(self.rho, quantiles, (u, v), |q| M::exp(-0.5 * nu * M::ln_1p(q / nu)))
    }

    fn h(&self, u: Probability, v: Probability) -> Probability {
        let (x, y) = (self.margin.quantile_of::<M>(u), self.margin.quantile_of::<M>(v));
        let scale = M::sqrt((self.nu + 1.0) / ((self.nu + x * x) * self.gap));
        self.conditional.distribution::<M>((y - self.rho * x) * scale)
    }

    fn h_inverse(&self, u: Probability, p: Probability) -> Probability {
        let (x, z) = (self.margin.quantile_of::<M>(u), self.conditional.quantile_of::<M>(p));
        let scale = M::sqrt((self.nu + x * x) * self.gap / (self.nu + 1.0));
        self.margin.distribution::<M>(self.rho * x + z * scale)
    }
}
