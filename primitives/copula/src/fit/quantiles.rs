//! Student-t quantiles of the sample for any ν, interpolated: about a tenth of the time of exact ones.
//!
//! The t quantile x of a probability is a smooth function of its normal quantile z. With g = dx/dz = φ(z)/f(x), f the t
//! density, g′ = g·(−z + (ν + 1)·x·g/(ν + x²)), which yields the Taylor coefficients of x around any point from x
//! alone. The table holds them around points 1/16 apart, found one after the other from the outermost sample value
//! inwards: in this direction an error's share of the tail only shrinks, outwards it would grow like one over the tail.

use crate::{
    math::{Math, Native, Probability},
    student::StudentT,
};

/// The distance between two nodes.
const STEP: f64 = 1.0 / 16.0;
/// The degree of the polynomials: a relative error of about 1e-13 for all that a price window holds, 1e-11 at 1e-16.
const DEGREE: usize = 9;

/// x as a polynomial in the distance from the node, outwards.
type Node = [f64; DEGREE + 1];

/// Where a value's quantile is looked up. The same for every ν.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    node: u32,
    /// Distance from the node, outwards; at most half a step.
    offset: f64,
    /// −1 below the median.
    sign: f64,
}

/// The table, for one ν at a time.
pub(super) struct Quantiles {
    /// |z| of the outermost value, which is the first node, and its tail's probability.
    outermost: f64,
    tail: Probability,
    /// How many nodes reach the median.
    count: usize,
    nodes: Vec<Node>,
}

impl Quantiles {
    /// For all of the values, given with their normal quantiles. Nothing can be looked up before [`Self::set`].
    pub fn over<'a>(values: impl Iterator<Item = (&'a Probability, &'a f64)>) -> Self {
        let (mut outermost, mut tail) = (0.0, 0.5);
        for (value, z) in values {
            if z.abs() > outermost {
                (outermost, tail) = (z.abs(), value.p.min(value.q));
            }
        }
        let count = (outermost / STEP + 0.5) as usize + 1;
        let tail = Probability { p: tail, q: 1.0 - tail };
        Self { outermost, tail, count, nodes: Vec::with_capacity(count) }
    }

    /// Where the value with normal quantile z is.
    pub fn place(&self, z: f64) -> Place {
        let inwards = self.outermost - z.abs();
        let node = (inwards / STEP + 0.5) as u32;
        Place { node, offset: f64::from(node) * STEP - inwards, sign: 1.0_f64.copysign(z) }
    }

    /// Fills the table for ν; returns ln(Γ((ν + 1)/2)/Γ(ν/2)), which the density's constant needs.
    pub fn set(&mut self, nu: f64) -> f64 {
        let student = StudentT::new::<Native>(nu);
        let ln_ratio = Native::ln(student.gamma_ratio());
        // φ(0)/f(0).
        let slope_at_0 = Native::sqrt(0.5 * nu) / student.gamma_ratio();
        let mut x = -student.quantile_of::<Native>(self.tail);
        self.nodes.clear();
        for i in 0..self.count {
            let z = self.outermost - i as f64 * STEP;
            let growth = Native::ln_1p(x * x / nu);
            let node = expand(x, slope_at_0 * Native::exp(0.5 * ((nu + 1.0) * growth - z * z)), z, nu);
            x = value(&node, -STEP);
            self.nodes.push(node);
        }
        ln_ratio
    }

    /// The t quantile at a place.
    #[inline]
    pub fn at(&self, place: Place) -> f64 {
        self.nodes.get(place.node as usize).map_or(f64::NAN, |node| place.sign * value(node, place.offset))
    }
}

/// A polynomial's value.
#[inline]
fn value(node: &Node, offset: f64) -> f64 {
    node.iter().rev().fold(0.0, |sum, coefficient| sum * offset + coefficient)
}

/// Taylor coefficients of x(z) from its value and slope at z, by series arithmetic: with q = ν + x², m = x·g, R = m/q,
/// g′ = g·((ν + 1)R − z).
fn expand(x: f64, slope: f64, z: f64, nu: f64) -> Node {
    let mut a = [0.0; DEGREE + 1];
    let mut g = [0.0; DEGREE];
    let mut q = [0.0; DEGREE];
    // R, and the factor (ν + 1)R − z.
    let mut r = [0.0; DEGREE];
    let mut factor = [0.0; DEGREE];
    (a[0], a[1], g[0]) = (x, slope, slope);
    for k in 0..DEGREE - 1 {
        q[k] = product(&a, &a, k);
        if k == 0 {
            q[0] += nu;
        }
        // R·q = m, solved for R's highest coefficient, which is 0 so far.
        r[k] = (product(&a, &g, k) - product(&q, &r, k)) / q[0];
        factor[k] = (nu + 1.0) * r[k];
        match k {
            0 => factor[0] -= z,
            1 => factor[1] -= 1.0,
            _ => {}
        }
        g[k + 1] = product(&factor, &g, k) / (k as f64 + 1.0);
        a[k + 2] = g[k + 1] / (k as f64 + 2.0);
    }
    a
}

/// The coefficient of order k of the product of two series.
#[inline]
fn product(a: &[f64], b: &[f64], k: usize) -> f64 {
    a.iter().zip(b[..=k].iter().rev()).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normal;

    /// Against exact quantiles, for tails as far as the sample reaches.
    #[test]
    fn quantiles_are_as_precise_as_said() {
        for (tail, precision) in [(1.0 / 251.0, 1e-12), (1.0 / 16_001.0, 1e-12), (1.0 / 4_294_967_296.0, 2e-11)] {
            let mut values = vec![tail];
            while let Some(last) = values.last().copied().filter(|last| *last < 0.4) {
                values.push(1.3 * last);
            }
            let upper: Vec<f64> = values.iter().map(|value| 1.0 - value).collect();
            values.extend(upper);
            let values: Vec<Probability> = values.into_iter().map(Probability::new).collect();
            let scores: Vec<f64> = values.iter().map(|value| normal::quantile_of::<Native>(*value)).collect();
            let mut quantiles = Quantiles::over(values.iter().zip(&scores));
            for nu in [2.0, 2.3, 3.0, 5.5, 10.0, 27.0, 50.0] {
                quantiles.set(nu);
                let student = StudentT::new::<Native>(nu);
                for (value, z) in values.iter().zip(&scores) {
                    let exact = student.quantile_of::<Native>(*value);
                    let error = (quantiles.at(quantiles.place(*z)) - exact).abs();
                    assert!(error < precision * exact.abs() + 1e-13, "{value:?} {nu}: {error:e}");
                }
            }
        }
    }

    #[test]
    fn a_sample_of_medians_has_quantiles() {
        let (median, z) = (Probability::new(0.5), 0.0);
        let mut quantiles = Quantiles::over([(&median, &z)].into_iter());
        quantiles.set(3.0);
        assert!(quantiles.at(quantiles.place(z)).abs() < 1e-15);
    }
}
