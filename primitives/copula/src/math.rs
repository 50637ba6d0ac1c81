//! The elementary functions that all formulas are written in, and probabilities with their complements.

use core::fmt::Debug;

/// Elementary functions of `f64`. Every formula of the crate is generic over them, so that there is one formula and two
/// speeds.
///
/// Formulas use these functions and +, −, ·, / only, each of which IEEE 754 rounds in one way; nothing is fused.
pub trait Math: Copy + Debug + Send + Sync + 'static {
    /// Natural logarithm.
    fn ln(x: f64) -> f64;
    /// ln(1 + x), exact for small x.
    fn ln_1p(x: f64) -> f64;
    /// eˣ.
    fn exp(x: f64) -> f64;
    /// eˣ − 1, exact for small x.
    fn exp_m1(x: f64) -> f64;
    /// Square root, correctly rounded.
    fn sqrt(x: f64) -> f64;
    /// Sine of radians.
    fn sin(x: f64) -> f64;
    /// Cosine of radians.
    fn cos(x: f64) -> f64;
    /// Arc cosine in radians.
    fn acos(x: f64) -> f64;
    /// xʸ.
    fn pow(x: f64, y: f64) -> f64;
    /// ln |Γ(x)|.
    fn ln_gamma(x: f64) -> f64;
    /// Complementary error function.
    fn erfc(x: f64) -> f64;
    /// |x|.
    fn abs(x: f64) -> f64;
    /// Largest integer not above x.
    fn floor(x: f64) -> f64;
    /// Smallest integer not below x.
    fn ceil(x: f64) -> f64;
    /// Nearest integer, halves away from 0.
    fn round(x: f64) -> f64;
}

/// The functions of one exact version of `libm`: the same bits on every machine, natively and in wasm. The consensus
/// computes with nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Pinned;

impl Math for Pinned {
    #[inline]
    fn ln(x: f64) -> f64 {
        libm::log(x)
    }

    #[inline]
    fn ln_1p(x: f64) -> f64 {
        libm::log1p(x)
    }

    #[inline]
    fn exp(x: f64) -> f64 {
        libm::exp(x)
    }

    #[inline]
    fn exp_m1(x: f64) -> f64 {
        libm::expm1(x)
    }

    #[inline]
    fn sqrt(x: f64) -> f64 {
        libm::sqrt(x)
    }

    #[inline]
    fn sin(x: f64) -> f64 {
        libm::sin(x)
    }

    #[inline]
    fn cos(x: f64) -> f64 {
        libm::cos(x)
    }

    #[inline]
    fn acos(x: f64) -> f64 {
        libm::acos(x)
    }

    #[inline]
    fn pow(x: f64, y: f64) -> f64 {
        libm::pow(x, y)
    }

    #[inline]
    fn ln_gamma(x: f64) -> f64 {
        libm::lgamma(x)
    }

    #[inline]
    fn erfc(x: f64) -> f64 {
        libm::erfc(x)
    }

    #[inline]
    fn abs(x: f64) -> f64 {
        libm::fabs(x)
    }

    #[inline]
    fn floor(x: f64) -> f64 {
        libm::floor(x)
    }

    #[inline]
    fn ceil(x: f64) -> f64 {
        libm::ceil(x)
    }

    #[inline]
    fn round(x: f64) -> f64 {
        libm::round(x)
    }
}

/// The machine's own functions: faster, but their last bits depend on the platform. For searching only; whatever is
/// found with them is evaluated again with [`Pinned`].
#[cfg(feature = "std")]
#[derive(Clone, Copy, Debug)]
pub struct Native;

#[cfg(feature = "std")]
impl Math for Native {
    #[inline]
    fn ln(x: f64) -> f64 {
        x.ln()
    }

    #[inline]
    fn ln_1p(x: f64) -> f64 {
        x.ln_1p()
    }

    #[inline]
    fn exp(x: f64) -> f64 {
        x.exp()
    }

    #[inline]
    fn exp_m1(x: f64) -> f64 {
        x.exp_m1()
    }

    #[inline]
    fn sqrt(x: f64) -> f64 {
        x.sqrt()
    }

    #[inline]
    fn sin(x: f64) -> f64 {
        x.sin()
    }

    #[inline]
    fn cos(x: f64) -> f64 {
        x.cos()
    }

    #[inline]
    fn acos(x: f64) -> f64 {
        x.acos()
    }

    #[inline]
    fn pow(x: f64, y: f64) -> f64 {
        x.powf(y)
    }

    // The standard library has neither this nor erfc.
    #[inline]
    fn ln_gamma(x: f64) -> f64 {
        libm::lgamma(x)
    }

    #[inline]
    fn erfc(x: f64) -> f64 {
        libm::erfc(x)
    }

    #[inline]
    fn abs(x: f64) -> f64 {
        x.abs()
    }

    #[inline]
    fn floor(x: f64) -> f64 {
        x.floor()
    }

    #[inline]
    fn ceil(x: f64) -> f64 {
        x.ceil()
    }

    #[inline]
    fn round(x: f64) -> f64 {
        x.round()
    }
}

/// A probability with its complement. 1 − p is formed once, where p comes in; from then on a rotation only swaps the
/// two, and neither loses digits, however near to 0 or 1 it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probability {
    /// p.
    pub p: f64,
    /// 1 − p.
    pub q: f64,
}

impl Probability {
    /// The least probability that formulas see.
    pub const MIN: f64 = 1e-16;
    /// The greatest: 1 − 2⁻⁵³, the last `f64` below 1.
    pub const MAX: f64 = 1.0 - f64::EPSILON / 2.0;

    /// p clamped into [[`Self::MIN`], [`Self::MAX`]], and 1 − p.
    #[inline]
    pub fn new(p: f64) -> Self {
        let p = p.clamp(Self::MIN, Self::MAX);
        Self { p, q: 1.0 - p }
    }

    /// The complement's probability.
    #[inline]
    pub fn complement(self) -> Self {
        Self { p: self.q, q: self.p }
    }

    /// The complement if `turned`, else itself.
    #[inline]
    pub(crate) fn turned(self, turned: bool) -> Self {
        if turned {
            self.complement()
        } else {
            self
        }
    }

    /// The probability eˣ of an x ≤ 0.
    #[inline]
    pub(crate) fn exp<M: Math>(x: f64) -> Self {
        Self { p: M::exp(x), q: -M::exp_m1(x) }
    }

    /// ln p, with a small relative error also where p is next to 1.
    #[inline]
    pub fn ln<M: Math>(self) -> f64 {
        if self.p < 0.5 {
            M::ln(self.p)
        } else {
            M::ln_1p(-self.q)
        }
    }
}

/// Σ coefficients[i] · xⁱ by Horner's rule.
#[inline]
pub(crate) fn polynomial<const N: usize>(coefficients: &[f64; N], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// ln(1 − eˣ) for x < 0.
#[inline]
pub(crate) fn ln_1m_exp<M: Math>(x: f64) -> f64 {
    if x < -core::f64::consts::LN_2 {
        M::ln_1p(-M::exp(x))
    } else {
        M::ln(-M::exp_m1(x))
    }
}

/// ln(eˣ − 1) for x > 0, without overflow.
#[inline]
pub(crate) fn ln_exp_m1<M: Math>(x: f64) -> f64 {
    if x > 1.0 {
        x + M::ln_1p(-M::exp(-x))
    } else {
        M::ln(M::exp_m1(x))
    }
}
