//! The distribution of the copulas whose level curves are ellipses: Gaussian and Student-t.

use crate::math::{Math, Probability};
use core::f64::consts::PI;

/// Nodes per unit of the integration variable, and on either side of 0. The error is below 1e-14 at all bounds.
const NODES_PER_UNIT: f64 = 64.0;
const NODES: i32 = 208;

/// C(u, v) for the quantiles x, y of u, v.
///
/// With ρ = cos φ the derivative of C by φ is known in closed form, and C = min(u, v) at φ = 0. So for ρ ≥ 0
///
/// C = min(u, v) − 1/(2π) · ∫₀^acos ρ profile((x − y)²/sin² φ + x·y/cos²(φ/2)) dφ,
///
/// profile(q) = e^(−q/2) for the Gaussian, (1 + q/ν)^(−ν/2) for Student's t. Where x ≈ y the integrand rises steeply
/// next to 0, which a double exponential substitution (tanh-sinh) resolves at any scale.
pub(crate) fn distribution<M: Math>(
    rho: f64,
    (x, y): (f64, f64),
    (u, v): (Probability, Probability),
    profile: impl Fn(f64) -> f64,
) -> f64 {
    if rho < 0.0 {
        // (U, 1 − V) has the opposite correlation.
        return u.p - distribution::<M>(-rho, (x, -y), (u, v.complement()), profile);
    }
    let top = M::acos(rho);
    let (difference, product) = ((x - y) * (x - y), x * y);
    let mut sum = 0.0;
    for node in -NODES..=NODES {
        // φ = top/(1 + e^(−π·sinh t)), formed without a difference at either end.
        let growth = M::exp(f64::from(node) / NODES_PER_UNIT);
        let (sinh, cosh) = (0.5 * (growth - 1.0 / growth), 0.5 * (growth + 1.0 / growth));
        let small = M::exp(-PI * M::abs(sinh));
        let weight = PI * cosh * small / ((1.0 + small) * (1.0 + small));
        let share = if sinh < 0.0 { small } else { 1.0 };
        let sine = M::sin(0.5 * top * share / (1.0 + small));
        let cosine_square = 1.0 - sine * sine;
        let q = difference / (4.0 * sine * sine * cosine_square) + product / cosine_square;
        sum += weight * profile(q);
    }
    u.p.min(v.p) - sum * top / (NODES_PER_UNIT * 2.0 * PI)
}
