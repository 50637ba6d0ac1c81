//! The Student-t copula: a search over ν, in which every ν has its best ρ.

use super::{
    correlation::Correlation,
    kernel::{ln_product, BLOCK},
    quantiles::{Place, Quantiles},
    sample::Sample,
    search::{climb_from, nodes, Peak},
};
use crate::{
    family::Family,
    math::{Math, Native},
};

/// Nodes over the range of ln ν.
const NU_NODES: u32 = 9;
/// Nodes over the range of r = artanh ρ.
const R_NODES: u32 = 21;
/// Two maxima in r, at neighbouring ν, that are closer than this are points of one ridge.
const SAME_RIDGE: f64 = 1.0;
/// The longest step in r.
const LONGEST_STEP: f64 = 0.3;
/// A Newton step of this size is the last: its error is about its square.
const LAST_STEP: f64 = 1e-7;
/// More steps than are ever taken.
const MAX_STEPS: usize = 60;

/// ρ and ν of greatest likelihood.
pub(super) fn maximum(sample: &Sample) -> [f64; 2] {
    let [_, (least, greatest)] = Family::Student.bounds();
    let mut surface = Surface::new(sample);
    // The search's coordinate is ln ν, from 0 at the least ν to 1 at the greatest.
    let degrees = |s: f64| (least * Native::pow(greatest / least, s)).clamp(least, greatest);
    let levels = nodes(0.0, 1.0, NU_NODES);
    let ridges: Vec<Vec<Peak>> = levels
        .iter()
        .map(|&s| {
            surface.set(degrees(s));
            surface.tops()
        })
        .collect();
    // The neighbour of a point of a ridge at another ν.
    let neighbour = |k: Option<usize>, r: f64| {
        let k = k?;
        let (at, tops) = (*levels.get(k)?, ridges.get(k)?);
        let near = tops.iter().filter(|top| Native::abs(top.at - r) < SAME_RIDGE);
        let nearest = near.min_by(|a, b| Native::abs(a.at - r).total_cmp(&Native::abs(b.at - r)));
        Some(Peak { at, value: nearest.map_or(f64::NEG_INFINITY, |top| top.value) })
    };
    let mut best = (f64::NEG_INFINITY, [0.0, greatest]);
    for (k, (&s, tops)) in levels.iter().zip(&ridges).enumerate() {
        for top in tops {
            let mut r = top.at;
            let mut highest = (top.value, top.at, s);
            let along_ridge = |s: f64| {
                surface.set(degrees(s));
                r = surface.top(-surface.limit, surface.limit, r);
                let value = surface.value(&Correlation::at(r));
                if value > highest.0 {
                    highest = (value, r, s);
                }
                value
            };
            let (left, right) = (neighbour(k.checked_sub(1), top.at), neighbour(Some(k + 1), top.at));
            let here = Peak { at: s, value: top.value };
            if climb_from(along_ridge, left, here, right).is_some() && highest.0 > best.0 {
                best = (highest.0, [Correlation::at(highest.1).rho, degrees(highest.2)]);
            }
        }
    }
    best.1
}

/// The log-likelihood as a function of r = artanh ρ, for one ν at a time.
struct Surface {
    /// The greatest r.
    limit: f64,
    /// The nodes over r.
    nodes: Vec<f64>,
    n: f64,
    places: Vec<(Place, Place)>,
    quantiles: Quantiles,
    nu: f64,
    /// What does not depend on ρ.
    constant: f64,
    /// (x − y)² and (x + y)² of the t quantiles x, y of each pair. x² + y² − 2ρxy, as a combination of these two with
    /// positive weights, loses no digits next to ρ = ±1.
    differences: Vec<f64>,
    sums: Vec<f64>,
}

impl Surface {
    fn new(sample: &Sample) -> Self {
        let scores = sample.scores();
        let both = sample.u.values.iter().zip(&scores.u).chain(sample.v.values.iter().zip(&scores.v));
        let quantiles = Quantiles::over(both);
        let places: Vec<(Place, Place)> =
            scores.u.iter().zip(&scores.v).map(|(x, y)| (quantiles.place(*x), quantiles.place(*y))).collect();
        let limit = Correlation::limit();
        Self {
            limit,
            nodes: nodes(-limit, limit, R_NODES),
            n: sample.n(),
            nu: f64::NAN,
            constant: 0.0,
            differences: vec![0.0; places.len()],
            sums: vec![0.0; places.len()],
            places,
            quantiles,
        }
    }

    /// Turns to another ν.
    fn set(&mut self, nu: f64) {
        let ln_ratio = self.quantiles.set(nu);
        let quantiles = &self.quantiles;
        let mut factors = [[1.0; 2]; BLOCK];
        let mut logarithms = 0.0;
        let places = self.places.chunks(BLOCK);
        let squares = self.differences.chunks_mut(BLOCK).zip(self.sums.chunks_mut(BLOCK));
        for (places, (differences, sums)) in places.zip(squares) {
            let slots = differences.iter_mut().zip(sums.iter_mut()).zip(factors.iter_mut());
            for ((u, v), ((difference, sum), factor)) in places.iter().zip(slots) {
                let (x, y) = (quantiles.at(*u), quantiles.at(*v));
                *difference = (x - y) * (x - y);
                *sum = (x + y) * (x + y);
                *factor = [nu + x * x, nu + y * y];
            }
            logarithms += ln_product(factors[..places.len()].as_flattened());
        }
        self.nu = nu;
        self.constant = self.n * (Native::ln(0.5 * nu) - 2.0 * ln_ratio)
            + 0.5 * (nu + 1.0) * (logarithms - 2.0 * self.n * Native::ln(nu));
    }

    /// The log-likelihood.
    fn value(&self, rho: &Correlation) -> f64 {
        // ν(1 − ρ²) + x² + y² − 2ρxy.
        let base = self.nu * rho.gap();
        let mut factors = [1.0; BLOCK];
        let mut logarithms = 0.0;
        for (differences, sums) in self.differences.chunks(BLOCK).zip(self.sums.chunks(BLOCK)) {
            for (factor, (difference, sum)) in factors.iter_mut().zip(differences.iter().zip(sums)) {
                *factor = base + rho.plus * difference + rho.minus * sum;
            }
            logarithms += ln_product(&factors[..differences.len()]);
        }
        self.constant
            - 0.5 * self.n * Native::ln(rho.gap())
            - 0.5 * (self.nu + 2.0) * (logarithms - self.n * Native::ln(base))
    }

    /// First and second derivative of the log-likelihood by r.
    fn slope(&self, rho: &Correlation) -> (f64, f64) {
        let (nu, gap) = (self.nu, rho.gap());
        let (base, shift) = (nu * gap, nu * rho.rho);
        // −½ d/dρ and −½ d²/dρ² of the logarithm of a pair's factor.
        let term = |difference: f64, sum: f64| {
            let inverse = 1.0 / (base + rho.plus * difference + rho.minus * sum);
            let quotient = (shift + 0.25 * (sum - difference)) * inverse;
            (quotient, nu * inverse + 2.0 * quotient * quotient)
        };
        let (mut first, mut second) = ([0.0; 4], [0.0; 4]);
        let mut differences = self.differences.chunks_exact(4);
        let mut sums = self.sums.chunks_exact(4);
        for (differences, sums) in differences.by_ref().zip(sums.by_ref()) {
            let lanes = first.iter_mut().zip(second.iter_mut());
            for ((first, second), (difference, sum)) in lanes.zip(differences.iter().zip(sums)) {
                let (one, two) = term(*difference, *sum);
                *first += one;
                *second += two;
            }
        }
        let (mut first, mut second) = (first.iter().sum::<f64>(), second.iter().sum::<f64>());
        for (difference, sum) in differences.remainder().iter().zip(sums.remainder()) {
            let (one, two) = term(*difference, *sum);
            first += one;
            second += two;
        }
        // dρ/dr = 1 − ρ².
        let square = rho.rho * rho.rho;
        let slope = (nu + 2.0) * gap * first - (nu + 1.0) * self.n * rho.rho;
        let curvature = (nu + 2.0) * gap * gap * second - (nu + 1.0) * self.n * (1.0 + square) - 2.0 * rho.rho * slope;
        (slope, curvature)
    }

    /// All local maxima over r, bounds included, by the slope's changes of sign from node to node.
    fn tops(&self) -> Vec<Peak> {
        let mut found = Vec::new();
        let mut before: Option<(f64, f64)> = None;
        for &r in &self.nodes {
            let (slope, _) = self.slope(&Correlation::at(r));
            match before {
                None if slope <= 0.0 => found.push(r),
                Some((earlier, rise)) if rise > 0.0 && slope <= 0.0 => {
                    // Where the line through both slopes is 0.
                    let start = earlier + (r - earlier) * rise / (rise - slope);
                    found.push(self.top(earlier, r, start));
                }
                _ => {}
            }
            before = Some((r, slope));
        }
        found.extend(before.filter(|(_, slope)| *slope > 0.0).map(|(r, _)| r));
        found.into_iter().map(|at| Peak { at, value: self.value(&Correlation::at(at)) }).collect()
    }

    /// A zero of the slope by Newton's method from `start`, kept between `low` and `high`; the bound itself where the
    /// likelihood rises up to it.
    fn top(&self, mut low: f64, mut high: f64, start: f64) -> f64 {
        let mut r = start;
        for _ in 0..MAX_STEPS {
            let (slope, curvature) = self.slope(&Correlation::at(r));
            let rises = slope > 0.0;
            if (rises && r >= self.limit) || (!rises && r <= -self.limit) {
                break;
            }
            if rises {
                low = r;
            } else {
                high = r;
            }
            let newton = -slope / curvature;
            let step = if curvature < 0.0 { newton } else { LONGEST_STEP.copysign(slope) };
            let mut next = (r + step.clamp(-LONGEST_STEP, LONGEST_STEP)).clamp(-self.limit, self.limit);
            if next < low || next > high {
                next = 0.5 * (low + high);
            }
            let moved = Native::abs(next - r);
            r = next;
            if moved < LAST_STEP {
                break;
            }
        }
        r
    }
}
