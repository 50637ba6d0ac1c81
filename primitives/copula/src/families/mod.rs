//! The families: each density, distribution and conditional distribution in a form that keeps its digits up to the
//! parameters' bounds and the edges of the unit square.

pub(crate) mod clayton;
pub(crate) mod elliptical;
pub(crate) mod frank;
pub(crate) mod gaussian;
pub(crate) mod gumbel;
pub(crate) mod joe;
pub(crate) mod student;

use crate::{
    family::Family,
    math::{Math, Probability},
};
use alloc::boxed::Box;
use core::fmt::Debug;

/// A copula that is not rotated, with its constants computed. All of them are exchangeable: C(u, v) = C(v, u), so that
/// the derivative by v is [`Self::h`] with its arguments swapped.
pub(crate) trait Exchangeable<M: Math>: Debug + Send + Sync {
    /// ln c(u, v).
    fn ln_density(&self, u: Probability, v: Probability) -> f64;

    /// C(u, v).
    fn distribution(&self, u: Probability, v: Probability) -> f64;

    /// h(u, v) = ∂C/∂u = P(V ≤ v | U = u).
    fn h(&self, u: Probability, v: Probability) -> Probability;

    /// The v with h(u, v) = p.
    fn h_inverse(&self, u: Probability, p: Probability) -> Probability;
}

/// The copula of a family.
pub(crate) fn exchangeable<M: Math>(family: Family, parameters: [f64; 2]) -> Box<dyn Exchangeable<M>> {
    let [first, second] = parameters;
    match family {
        Family::Independence => Box::new(Independence),
        Family::Gaussian => Box::new(gaussian::Gaussian::new::<M>(first)),
        Family::Student => Box::new(student::Student::new::<M>(first, second)),
        Family::Clayton => Box::new(clayton::Clayton::new(first)),
        Family::Gumbel => Box::new(gumbel::Gumbel::new(first)),
        Family::Frank => Box::new(frank::Frank::new::<M>(first)),
        Family::Joe => Box::new(joe::Joe::new(first)),
    }
}

/// C(u, v) = u·v.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Independence;

impl<M: Math> Exchangeable<M> for Independence {
    fn ln_density(&self, _u: Probability, _v: Probability) -> f64 {
        0.0
    }

    fn distribution(&self, u: Probability, v: Probability) -> f64 {
        u.p * v.p
    }

    fn h(&self, _u: Probability, v: Probability) -> Probability {
        v
    }

    fn h_inverse(&self, _u: Probability, p: Probability) -> Probability {
        p
    }
}

/// The root of an increasing, convex function, by Newton's method from a point at or above it: every step goes down and
/// none goes too far. `function` returns value and slope.
pub(crate) fn convex_root(start: f64, function: impl Fn(f64) -> (f64, f64)) -> f64 {
    let mut x = start;
    // A dozen steps are enough; the bound is for arguments that are no numbers.
    for _ in 0..64 {
        let (value, slope) = function(x);
        let step = value / slope;
        x -= step;
        if step <= 2.0 * f64::EPSILON * x {
            break;
        }
    }
    x
}
