//! Student's t distribution with ν degrees of freedom, 2 ≤ ν ≤ 51.
//!
//! With f the density and X² = x²/(ν + x²), the mass between 0 and x is x·f(x)·₂F₁(1, (ν+1)/2; 3/2; X²), the mass
//! beyond x is x·f(x)/ν·₂F₁(1, (ν+1)/2; ν/2+1; 1 − X²). Both hypergeometric functions have a continued fraction of
//! Gauss, whose coefficients depend on ν only; each is used where it converges in few steps.
//!
//! The quantile starts at the normal quantile stretched to ν's tails and takes steps of fourth order. One step is
//! enough for tails above a hundredth, two are for all others.

use crate::{
    math::{polynomial, Math, Probability},
    normal,
};
use core::f64::consts::PI;

/// The mass next to 0 is used up to this x², and up to x² = ν: beyond, ½ − mass would lose digits.
const CENTRE: f64 = 6.25;
/// Steps of the fraction around 0, enough for X² ≤ ½ and x² ≤ [`CENTRE`].
const CENTRE_STEPS: usize = 11;
/// Steps of the fraction of the tail, enough for 1 − X² ≤ 0.9.
const TAIL_STEPS: usize = 22;
/// Steps of the fraction of the tail that are enough for 1 − X² ≤ ½.
const FAR_STEPS: usize = 11;
/// Steps of the fraction of the tail that are enough for 1 − X² ≤ ¼.
const VERY_FAR_STEPS: usize = 7;
/// A step of the quantile whose product with −f′/f is below this leaves an error below 1e-14.
const SMALL_STEP: f64 = 1.0 / 512.0;

/// The distribution for one ν, with what depends on ν only computed once.
#[derive(Clone, Copy, Debug)]
pub struct StudentT {
    nu: f64,
    /// (ν + 1)/2.
    half: f64,
    /// Γ((ν+1)/2) / Γ(ν/2).
    ratio: f64,
    /// f(0).
    peak: f64,
    /// How the quantile's start stretches the normal quantile: next to 0, and how fast that fades.
    stretch: f64,
    fade: f64,
    centre: Fraction<CENTRE_STEPS>,
    tail: Fraction<TAIL_STEPS>,
}

/// A mass as a multiple of the density.
enum Mass {
    /// Between 0 and x.
    Inner(f64),
    /// Beyond x.
    Outer(f64),
}

impl StudentT {
    /// The distribution with `nu` degrees of freedom, 2 to 51.
    pub fn new<M: Math>(nu: f64) -> Self {
        let a = 0.5 * nu;
        let ratio = gamma_ratio::<M>(a);
        let peak = ratio / M::sqrt(nu * PI);
        // The quantile x as a series in the normal quantile z: x = x₁·z + x₃·z³ + …, from f(x)·dx = φ(z)·dz. The start
        // works on s² = ν·ln(1 + x²/ν) = x₁²·z² − (…)·z⁴.
        let x1 = normal::DENSITY_AT_0 / peak;
        let x3 = ((nu + 1.0) / nu * x1 * x1 * x1 - x1) / 6.0;
        let stretch = x1 * x1 - 1.0;
        let curvature = 2.0 * x1 * x3 - x1 * x1 * x1 * x1 / (2.0 * nu);
        Self {
            nu,
            half: 0.5 * (nu + 1.0),
            ratio,
            peak,
            stretch,
            // 8 % faster than next to 0: fits the middle better.
            fade: -1.08 * curvature / stretch,
            centre: Fraction::new(a + 0.5, 1.5),
            tail: Fraction::new(a + 0.5, a + 1.0),
        }
    }

    /// ν.
    pub fn nu(&self) -> f64 {
        self.nu
    }

    /// Γ((ν+1)/2) / Γ(ν/2).
    pub fn gamma_ratio(&self) -> f64 {
        self.ratio
    }

    /// The density f(x).
    pub fn pdf<M: Math>(&self, x: f64) -> f64 {
        self.peak * M::exp(-self.half * M::ln_1p(x * x / self.nu))
    }

    /// The distribution F(x), with a small relative error in the lower tail.
    pub fn cdf<M: Math>(&self, x: f64) -> f64 {
        self.distribution::<M>(x).p
    }

    /// F(x) and 1 − F(x), both with a small relative error.
    pub fn distribution<M: Math>(&self, x: f64) -> Probability {
        // Squares must stay finite; the density there is 0 long since.
        let distance = M::abs(x).min(1e100);
        let density = self.pdf::<M>(distance);
        let tail = match self.mass(distance, distance * distance) {
            Mass::Inner(mass) => 0.5 - density * mass,
            Mass::Outer(mass) => density * mass,
        };
        let upper = Probability { p: 1.0 - tail, q: tail };
        upper.turned(x < 0.0)
    }

    /// F⁻¹(p), p clamped into [1e-16, 1 − 2⁻⁵³]. Relative error below 1e-13.
    pub fn quantile<M: Math>(&self, p: f64) -> f64 {
        self.quantile_of::<M>(Probability::new(p))
    }

    /// F⁻¹ of a probability whose complement is known, too.
    #[inline]
    pub fn quantile_of<M: Math>(&self, p: Probability) -> f64 {
        if p.p < p.q {
            -self.upper_quantile::<M>(p.p)
        } else {
            self.upper_quantile::<M>(p.q)
        }
    }

    /// The x ≥ 0 that is exceeded with probability `tail` ≤ ½.
    fn upper_quantile<M: Math>(&self, tail: f64) -> f64 {
        let nu = self.nu;
        let z = normal::upper_quantile::<M>(tail);
        let z_square = z * z;
        // ln(1 + x²/ν), which gives x and the density without another logarithm.
        let mut growth = z_square * (1.0 + self.stretch / (1.0 + self.fade * z_square)) / nu;
        let mut square = nu * M::exp_m1(growth);
        let mut x = M::sqrt(square);
        // Two steps at most are needed; the bound is for arguments that are no numbers.
        for _ in 0..4 {
            let per_density = M::exp(self.half * growth) / self.peak;
            // How far x is off, were the density constant.
            let step = match self.mass(x, square) {
                Mass::Inner(mass) => (0.5 - tail) * per_density - mass,
                Mass::Outer(mass) => mass - tail * per_density,
            };
            // ψ = −f′/f and its derivatives; the coefficients of x as a series in the step follow from x″ = ψ·x′².
            let sum = nu + square;
            let scale = (nu + 1.0) / sum;
            let psi = scale * x;
            let psi_1 = scale * (nu - square) / sum;
            let psi_2 = 2.0 * scale * x * (square - 3.0 * nu) / (sum * sum);
            let third = psi_1 + 2.0 * psi * psi;
            let fourth = psi_2 + 7.0 * psi * psi_1 + 6.0 * psi * psi * psi;
            x += step * (1.0 + step * (psi / 2.0 + step * (third / 6.0 + step * fourth / 24.0)));
            if M::abs(step) * psi < SMALL_STEP {
                break;
            }
            square = x * x;
            growth = M::ln_1p(square / nu);
        }
        x
    }

    /// The mass on one side of x ≥ 0, per density.
    #[inline]
    fn mass(&self, x: f64, square: f64) -> Mass {
        let sum = self.nu + square;
        if square <= CENTRE && square <= self.nu {
            return Mass::Inner(x * self.centre.at(square / sum, CENTRE_STEPS));
        }
        let y = self.nu / sum;
        let steps = if y < 0.25 {
            VERY_FAR_STEPS
        } else if y <= 0.5 {
            FAR_STEPS
        } else {
            TAIL_STEPS
        };
        Mass::Outer(x * self.tail.at(y, steps) / self.nu)
    }
}

/// Gauss' continued fraction of ₂F₁(1, b; c; z), two of its levels in a step.
#[derive(Clone, Copy, Debug)]
struct Fraction<const N: usize> {
    first: f64,
    /// Coefficients of z and z² of each step.
    steps: [(f64, f64); N],
}

impl<const N: usize> Fraction<N> {
    fn new(b: f64, c: f64) -> Self {
        // 1/(1 − α₁z/(1 − α₂z/(1 − …))): α₂ₖ₊₁ and α₂ₖ.
        let odd = |k: f64| (b + k) * (c - 1.0 + k) / ((c - 1.0 + 2.0 * k) * (c + 2.0 * k));
        let even = |k: f64| k * (c - b - 1.0 + k) / ((c + 2.0 * k - 2.0) * (c + 2.0 * k - 1.0));
        let step = |i: usize| {
            let k = i as f64 + 1.0;
            (even(k) + odd(k), odd(k - 1.0) * even(k))
        };
        Self { first: odd(0.0), steps: core::array::from_fn(step) }
    }

    /// The value with the first `steps` steps. Numerator and denominator go forward side by side: one division at the
    /// end.
    #[inline]
    fn at(&self, z: f64, steps: usize) -> f64 {
        let square = z * z;
        let (mut numerator_before, mut numerator) = (0.0, 1.0);
        let (mut denominator_before, mut denominator) = (1.0, 1.0 - self.first * z);
        for (linear, quadratic) in self.steps.iter().take(steps) {
            let keep = 1.0 - linear * z;
            let drop = quadratic * square;
            (numerator_before, numerator) = (numerator, keep * numerator - drop * numerator_before);
            (denominator_before, denominator) = (denominator, keep * denominator - drop * denominator_before);
        }
        numerator / denominator
    }
}

/// Γ(a + ½)/Γ(a) for a > 0: its series in 1/a from 20 on, by recurrence below. Relative error about 3e-16, which a
/// difference of two logarithms of Γ would not have.
fn gamma_ratio<M: Math>(a: f64) -> f64 {
    const SERIES: [f64; 10] = [
        1.0,
        -1.0 / 8.0,
        1.0 / 128.0,
        5.0 / 1024.0,
        -21.0 / 32768.0,
        -399.0 / 262144.0,
        869.0 / 4194304.0,
        39325.0 / 33554432.0,
        -334477.0 / 2147483648.0,
        -28717403.0 / 17179869184.0,
    ];
    let (mut a, mut numerator, mut denominator) = (a, 1.0, 1.0);
    for _ in 0..20 {
        if a < 20.0 {
            numerator *= a;
            denominator *= a + 0.5;
            a += 1.0;
        }
    }
    M::sqrt(a) * polynomial(&SERIES, 1.0 / a) * numerator / denominator
}
