//! Clayton, Gumbel, Frank and Joe: log-likelihoods as functions of θ over all pairs, and their maxima.
//!
//! Each sum is written so that a pair costs two or three elementary functions in vector code and no logarithm of its
//! own: what is logarithmised is first multiplied over 16 pairs.

use super::{
    kernel::{exp, ln_1_to_2, ln_product, sum, BLOCK},
    sample::Sample,
    search::{maximise, nodes},
};
use crate::{
    family::{Family, Rotation},
    math::{Math, Native},
};

/// Nodes over the range of θ for a family with one sign, and for Frank, which has both.
const NODES: u32 = 18;
const FRANK_NODES: u32 = 23;
/// How far above its least value θ is where the nodes' spacing turns from distance to ratio. The nodes next to the least
/// value are about a third of this apart.
const KNEE: f64 = 0.1;
/// Below this |θ| a sum is replaced by its tangent at independence, from which it differs by less than 1e-6. The general
/// form would lose digits.
const TANGENT: f64 = 1e-6;

/// θ of greatest likelihood. Only for the four families.
pub(super) fn maximum(family: Family, rotation: Rotation, sample: &Sample) -> f64 {
    let [(least, greatest), _] = family.bounds();
    match family {
        Family::Clayton => {
            let gaps = Gaps::new(sample.exponentials(rotation, false));
            one_signed(least, greatest, |theta| gaps.clayton(theta))
        }
        // Joe is made of the powers of 1 − u, Clayton of those of u.
        Family::Joe => {
            let gaps = Gaps::new(sample.exponentials(rotation, true));
            one_signed(least, greatest, |theta| gaps.joe(theta))
        }
        Family::Gumbel => {
            let ratios = Ratios::new(sample.exponentials(rotation, false));
            one_signed(least, greatest, |theta| ratios.gumbel(theta))
        }
        _ => {
            let square = Square::new(sample);
            let end = greatest.asinh();
            let theta = |s: f64| if Native::abs(s) < end { s.sinh() } else { greatest.copysign(s) };
            theta(maximise(|s| square.frank(theta(s)), &nodes(-end, end, FRANK_NODES)).at)
        }
    }
}

/// The maximum over θ = least + KNEE·(eˢ − 1).
fn one_signed(least: f64, greatest: f64, log_likelihood: impl Fn(f64) -> f64) -> f64 {
    let end = Native::ln_1p((greatest - least) / KNEE);
    let theta = |s: f64| if s < end { (least + KNEE * Native::exp_m1(s)).min(greatest) } else { greatest };
    theta(maximise(|s| log_likelihood(theta(s)), &nodes(0.0, end, NODES)).at)
}

/// Clayton and Joe. With x ≥ 0 and y ≥ 0 the negative logarithms of their arguments, `lows` are min(x, y) and `gaps`
/// |x − y|; t = 1 + e^(−θ·gap)·(1 − e^(−θ·low)), from 1 to 2, is common to both.
struct Gaps {
    lows: Vec<f64>,
    gaps: Vec<f64>,
    n: f64,
    sum_of_lows: f64,
    sum_of_gaps: f64,
    /// Σ(1 − x)(1 − y): Clayton's derivative by θ at 0.
    slope: f64,
}

impl Gaps {
    fn new(exponentials: impl Iterator<Item = (f64, f64)>) -> Self {
        let mut slope = 0.0;
        let pairs = exponentials.map(|(x, y)| {
            slope += (1.0 - x) * (1.0 - y);
            (x.min(y), Native::abs(x - y))
        });
        let (lows, gaps): (Vec<f64>, Vec<f64>) = pairs.unzip();
        let (n, sum_of_lows, sum_of_gaps) = (lows.len() as f64, sum(&lows), sum(&gaps));
        Self { lows, gaps, n, sum_of_lows, sum_of_gaps, slope }
    }

    /// c = (1 + θ)·(uv)^(−1−θ)·(u^−θ + v^−θ − 1)^(−2−1/θ), the last bracket being e^(θ·max(x, y))·t.
    fn clayton(&self, theta: f64) -> f64 {
        if theta < TANGENT {
            return theta * self.slope;
        }
        let mut block = [1.0; BLOCK];
        let mut ln_t = 0.0;
        for (lows, gaps) in self.lows.chunks(BLOCK).zip(self.gaps.chunks(BLOCK)) {
            for (t, (low, gap)) in block.iter_mut().zip(lows.iter().zip(gaps)) {
                *t = 1.0 + exp(-theta * gap) * (1.0 - exp(-theta * low));
            }
            ln_t += ln_product(&block[..lows.len()]);
        }
        self.n * Native::ln_1p(theta) + self.sum_of_lows - theta * self.sum_of_gaps - (2.0 + 1.0 / theta) * ln_t
    }

    /// c = s^(1/θ−2)·((1 − u)(1 − v))^(θ−1)·(θ − 1 + s) with s = e^(−θ·low)·t.
    fn joe(&self, theta: f64) -> f64 {
        let above = theta - 1.0;
        let (mut block, mut lasts) = ([1.0; BLOCK], [1.0; BLOCK]);
        let (mut ln_t, mut ln_last) = (0.0, 0.0);
        for (lows, gaps) in self.lows.chunks(BLOCK).zip(self.gaps.chunks(BLOCK)) {
            let slots = block.iter_mut().zip(lasts.iter_mut());
            for ((t, last), (low, gap)) in slots.zip(lows.iter().zip(gaps)) {
                let power = exp(-theta * low);
                let factor = 1.0 + exp(-theta * gap) * (1.0 - power);
                *t = factor;
                *last = above + power * factor;
            }
            ln_t += ln_product(&block[..lows.len()]);
            ln_last += ln_product(&lasts[..lows.len()]);
        }
        self.sum_of_lows - above * self.sum_of_gaps + (1.0 / theta - 2.0) * ln_t + ln_last
    }
}

/// Gumbel. With x = −ln u, y = −ln v: `highs` are max(x, y), `ratios` |ln x − ln y|.
struct Ratios {
    highs: Vec<f64>,
    ratios: Vec<f64>,
    sum_of_ratios: f64,
    /// Σ(x + y − ln max(x, y)).
    constant: f64,
}

impl Ratios {
    fn new(exponentials: impl Iterator<Item = (f64, f64)>) -> Self {
        let mut constant = 0.0;
        let pairs = exponentials.map(|(x, y)| {
            let (low, high) = (Native::ln(x.min(y)), Native::ln(x.max(y)));
            constant += x + y - high;
            (x.max(y), high - low)
        });
        let (highs, ratios): (Vec<f64>, Vec<f64>) = pairs.unzip();
        let sum_of_ratios = sum(&ratios);
        Self { highs, ratios, sum_of_ratios, constant }
    }

    /// c = e^(x+y−A)·(xy)^(θ−1)·A^(1−2θ)·(A + θ − 1), A = (x^θ + y^θ)^(1/θ) = high·e^(l/θ), l = ln(1 + e^(−θ·ratio)).
    fn gumbel(&self, theta: f64) -> f64 {
        let (above, inverse) = (theta - 1.0, 1.0 / theta);
        let (mut growths, mut radii, mut lasts) = ([0.0; BLOCK], [0.0; BLOCK], [1.0; BLOCK]);
        let (mut growth, mut radius, mut ln_last) = (0.0, 0.0, 0.0);
        for (highs, ratios) in self.highs.chunks(BLOCK).zip(self.ratios.chunks(BLOCK)) {
            for (l, ratio) in growths.iter_mut().zip(ratios) {
                *l = ln_1_to_2(1.0 + exp(-theta * ratio));
            }
            let slots = radii.iter_mut().zip(lasts.iter_mut());
            for ((a, last), (l, high)) in slots.zip(growths.iter().zip(highs)) {
                let value = high * exp(l * inverse);
                *a = value;
                *last = value + above;
            }
            growth += sum(&growths[..highs.len()]);
            radius += sum(&radii[..highs.len()]);
            ln_last += ln_product(&lasts[..highs.len()]);
        }
        self.constant - radius - above * self.sum_of_ratios + (1.0 - 2.0 * theta) * inverse * growth + ln_last
    }
}

/// Frank: u, 1 − u and v.
struct Square {
    u: Vec<f64>,
    turned: Vec<f64>,
    v: Vec<f64>,
    sum_of_u: f64,
    sum_of_turned: f64,
    sum_of_v: f64,
    /// Σ(1 − 2u)(1 − 2v)/2: the derivative by θ at 0.
    slope: f64,
}

impl Square {
    fn new(sample: &Sample) -> Self {
        let u: Vec<f64> = sample.u.values.iter().map(|u| u.p).collect();
        let turned: Vec<f64> = sample.u.values.iter().map(|u| u.q).collect();
        let v: Vec<f64> = sample.v.values.iter().map(|v| v.p).collect();
        let slope = u.iter().zip(&v).map(|(u, v)| 0.5 * (1.0 - 2.0 * u) * (1.0 - 2.0 * v)).sum();
        let (sum_of_u, sum_of_turned, sum_of_v) = (sum(&u), sum(&turned), sum(&v));
        Self { u, turned, v, sum_of_u, sum_of_turned, sum_of_v, slope }
    }

    /// c = θ(1 − e^−θ)·e^(−θ(u+v))/s² with s = e^−θu·(1 − e^−θv) + e^−θv − e^−θ. A negative θ is a positive one at
    /// (1 − u, v).
    fn frank(&self, theta: f64) -> f64 {
        let size = Native::abs(theta);
        if size < TANGENT {
            return theta * self.slope;
        }
        let (u, sum_of_u) = if theta > 0.0 { (&self.u, self.sum_of_u) } else { (&self.turned, self.sum_of_turned) };
        let end = Native::exp(-size);
        let mut block = [1.0; BLOCK];
        let mut ln_s = 0.0;
        for (u, v) in u.chunks(BLOCK).zip(self.v.chunks(BLOCK)) {
            for (s, (u, v)) in block.iter_mut().zip(u.iter().zip(v)) {
                let power = exp(-size * v);
                *s = exp(-size * u) * (1.0 - power) + (power - end);
            }
            ln_s += ln_product(&block[..u.len()]);
        }
        let n = self.v.len() as f64;
        n * Native::ln(-size * Native::exp_m1(-size)) - size * (sum_of_u + self.sum_of_v) - 2.0 * ln_s
    }
}
