//! The standard normal distribution.

use crate::math::{polynomial, Math, Probability};
use core::f64::consts::FRAC_1_SQRT_2;

/// 1 / √(2π).
pub(crate) const DENSITY_AT_0: f64 = 0.3989422804014327;

/// The density φ(x).
pub fn pdf<M: Math>(x: f64) -> f64 {
    DENSITY_AT_0 * M::exp(-0.5 * x * x)
}

/// The distribution Φ(x), with a small relative error in the lower tail.
pub fn cdf<M: Math>(x: f64) -> f64 {
    0.5 * M::erfc(-x * FRAC_1_SQRT_2)
}

/// Φ(x) and 1 − Φ(x), both with a small relative error.
pub fn distribution<M: Math>(x: f64) -> Probability {
    Probability { p: cdf::<M>(x), q: cdf::<M>(-x) }
}

/// Φ⁻¹(p), p clamped into [1e-16, 1 − 2⁻⁵³]. Relative error about 4e-16 (Wichura's algorithm AS 241).
pub fn quantile<M: Math>(p: f64) -> f64 {
    quantile_of::<M>(Probability::new(p))
}

/// Φ⁻¹ of a probability whose complement is known, too.
#[inline]
pub fn quantile_of<M: Math>(p: Probability) -> f64 {
    if p.p < p.q {
        -upper_quantile::<M>(p.p)
    } else {
        upper_quantile::<M>(p.q)
    }
}

/// The x ≥ 0 that is exceeded with probability `tail` ≤ ½.
#[inline]
pub(crate) fn upper_quantile<M: Math>(tail: f64) -> f64 {
    // Exact for tails from ¼, where it is small.
    let centre = 0.5 - tail;
    if centre <= 0.425 {
        let r = 0.180625 - centre * centre;
        return centre * polynomial(&CENTRE.0, r) / polynomial(&CENTRE.1, r);
    }
    let r = M::sqrt(-M::ln(tail));
    if r <= 5.0 {
        let r = r - 1.6;
        polynomial(&TAIL.0, r) / polynomial(&TAIL.1, r)
    } else {
        let r = r - 5.0;
        polynomial(&FAR_TAIL.0, r) / polynomial(&FAR_TAIL.1, r)
    }
}

/// Numerator and denominator of a rational approximation.
type Rational = ([f64; 8], [f64; 8]);

/// |p − ½| ≤ 0.425.
const CENTRE: Rational = (
    [
        3.3871328727963665,
        133.14166789178438,
        1971.5909503065513,
        13731.69376550946,
        45921.95393154987,
        67265.7709270087,
        33430.57558358813,
        2509.0809287301227,
    ],
    [
        1.0,
        42.31333070160091,
        687.1870074920579,
        5394.196021424751,
        21213.794301586597,
        39307.89580009271,
        28729.085735721943,
        5226.495278852854,
    ],
);

/// Tails down to e⁻²⁵.
const TAIL: Rational = (
    [
        1.4234371107496835,
        4.630337846156546,
        5.769497221460691,
        3.6478483247632045,
        1.2704582524523684,
        0.2417807251774506,
        0.022723844989269184,
        0.0007745450142783414,
    ],
    [
        1.0,
        2.053191626637759,
        1.6763848301838038,
        0.6897673349851,
        0.14810397642748008,
        0.015198666563616457,
        0.0005475938084995345,
        1.0507500716444169e-9,
    ],
);

/// Smaller tails.
const FAR_TAIL: Rational = (
    [
        6.657904643501103,
        5.463784911164114,
        1.7848265399172913,
        0.29656057182850487,
        0.026532189526576124,
        0.0012426609473880784,
        2.7115555687434876e-5,
        2.0103343992922881e-7,
    ],
    [
        1.0,
        0.599832206555888,
        0.1369298809227358,
        0.014875361290850615,
        0.0007868691311456133,
        1.8463183175100548e-5,
        1.421511758316446e-7,
        2.0442631033899397e-15,
    ],
);
