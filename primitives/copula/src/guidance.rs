//! What the fitted dependence says about the carbon price: conditional quantiles, the joint density, Monte Carlo.
//!
//! The joint distribution is H(x, y) = C(F_x(x), F_y(y)) (eq. 3), x the electricity price, y the carbon price, F_x and
//! F_y kernel marginals. All arithmetic is pinned: runtime, RPC and offline tools answer the same, bit for bit.

use crate::{
    family::{Copula, Density},
    marginal::{from_q32, Marginal},
    math::{Math, Pinned},
};
use alloc::vec::Vec;
use rand_chacha::{
    rand_core::{RngCore, SeedableRng},
    ChaCha8Rng,
};

/// The levels at which guidance gives conditional quantiles.
pub const PROBABILITIES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// A copula with the two marginals that it joins.
#[derive(Clone, Debug, PartialEq)]
pub struct Guidance {
    /// The dependence of V = F_y on U = F_x.
    pub copula: Copula,
    /// F_x: the electricity price.
    pub electricity: Marginal,
    /// F_y: the carbon price.
    pub carbon: Marginal,
}

/// F(price), kept within the range of u-values: a price may lie beyond all that was seen.
fn share(marginal: &Marginal, price: f64) -> f64 {
    marginal.distribution(price).clamp(from_q32(1), from_q32(u32::MAX))
}

impl Guidance {
    /// The same with the copula's constants computed, for many evaluations.
    pub fn prepare(&self) -> Prepared<'_> {
        Prepared { copula: self.copula.density(), electricity: &self.electricity, carbon: &self.carbon }
    }

    /// The carbon price that is not exceeded with probability p, given the electricity price. p in (0, 1); monotone in
    /// p as far as the copula's inverse is.
    pub fn carbon_quantile(&self, electricity: f64, p: f64) -> f64 {
        self.prepare().quantile_given(share(&self.electricity, electricity), p)
    }

    /// [`Self::carbon_quantile`] at each of [`PROBABILITIES`].
    pub fn carbon_quantiles(&self, electricity: f64) -> [f64; 5] {
        let prepared = self.prepare();
        let u = share(&self.electricity, electricity);
        PROBABILITIES.map(|p| prepared.quantile_given(u, p))
    }

    /// P(Y ≤ carbon | X = electricity) = ∂C/∂u at (F_x, F_y). If the model holds, uniform over the pairs observed. Of
    /// many pairs ask [`Prepared::conditional_distribution`].
    pub fn conditional_distribution(&self, electricity: f64, carbon: f64) -> f64 {
        self.prepare().conditional_distribution(electricity, carbon)
    }

    /// The joint density c(u, v) f_x(x) f_y(y): eq. 3, differentiated by both prices. Of many pairs ask
    /// [`Prepared::joint_density`].
    pub fn joint_density(&self, electricity: f64, carbon: f64) -> f64 {
        self.prepare().joint_density(electricity, carbon)
    }

    /// `n` price pairs (electricity, carbon) drawn from the joint distribution. The same seed gives the same pairs.
    pub fn simulate(&self, seed: u64, n: usize) -> Vec<(f64, f64)> {
        let copula = self.copula.density::<Pinned>();
        let mut uniforms = Uniforms::new(seed);
        let mut pair = || {
            let (u, v) = copula.sample(uniforms.draw(), uniforms.draw());
            (self.electricity.quantile(u), self.carbon.quantile(v))
        };
        (0..n).map(|_| pair()).collect()
    }

    /// `n` carbon prices drawn given the electricity price. The same seed gives the same prices.
    pub fn simulate_carbon(&self, electricity: f64, seed: u64, n: usize) -> Vec<f64> {
        let prepared = self.prepare();
        let u = share(&self.electricity, electricity);
        let mut uniforms = Uniforms::new(seed);
        (0..n).map(|_| prepared.quantile_given(u, uniforms.draw())).collect()
    }
}

/// A [`Guidance`] with its copula's constants computed, for many evaluations. The functions are the guidance's.
#[derive(Debug)]
pub struct Prepared<'a> {
    copula: Density<Pinned>,
    electricity: &'a Marginal,
    carbon: &'a Marginal,
}

impl Prepared<'_> {
    /// P(Y ≤ carbon | X = electricity).
    pub fn conditional_distribution(&self, electricity: f64, carbon: f64) -> f64 {
        self.copula.h1(share(self.electricity, electricity), share(self.carbon, carbon))
    }

    /// The joint density.
    pub fn joint_density(&self, electricity: f64, carbon: f64) -> f64 {
        let marginals = self.electricity.density(electricity) * self.carbon.density(carbon);
        if marginals > 0.0 {
            let (u, v) = (share(self.electricity, electricity), share(self.carbon, carbon));
            marginals * Pinned::exp(self.copula.ln(u, v))
        } else {
            0.0
        }
    }

    /// F_y⁻¹ of the v that has P(V ≤ v | U = u) = p.
    fn quantile_given(&self, u: f64, p: f64) -> f64 {
        self.carbon.quantile(self.copula.h1_inverse(u, p))
    }
}

/// Uniform numbers from ChaCha8 whose key is the seed, little-endian, followed by zeros.
struct Uniforms(ChaCha8Rng);

impl Uniforms {
    fn new(seed: u64) -> Self {
        let mut key = [0; 32];
        for (byte, seed) in key.iter_mut().zip(seed.to_le_bytes()) {
            *byte = seed;
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// (k + ½)/2⁵² for 52 random bits k: strictly inside (0, 1), and exact.
    fn draw(&mut self) -> f64 {
        ((self.0.next_u64() >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0
    }
}
