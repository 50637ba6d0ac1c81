//! Copulas: families, their parameters' bounds, rotations, and what one can compute with them.

use crate::{
    families::{exchangeable, Exchangeable},
    math::{Math, Probability},
};
use alloc::boxed::Box;

/// A family of copulas. The numbers are those of claims.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// C = u·v.
    Independence = 0,
    /// ρ: normal dependence (eq. 8).
    Gaussian = 1,
    /// ρ and ν degrees of freedom: the tails depend on one another.
    Student = 2,
    /// θ: dependence in the lower tail.
    Clayton = 3,
    /// θ: dependence in the upper tail.
    Gumbel = 4,
    /// θ: dependence in neither tail, of either sign.
    Frank = 5,
    /// θ: dependence in the upper tail, more of it than Gumbel's.
    Joe = 6,
}

/// The greatest |ρ|: the last before 1 that Q16.16 has.
const MAX_RHO: f64 = 1.0 - 1.0 / 65536.0;

impl Family {
    /// All families, ascending.
    pub const ALL: [Self; 7] =
        [Self::Independence, Self::Gaussian, Self::Student, Self::Clayton, Self::Gumbel, Self::Frank, Self::Joe];

    /// The family with a claim's number.
    pub fn from_index(index: u8) -> Option<Self> {
        Self::ALL.get(usize::from(index)).copied()
    }

    /// Its name, as in vectors, metrics and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Independence => "independence",
            Self::Gaussian => "gaussian",
            Self::Student => "student",
            Self::Clayton => "clayton",
            Self::Gumbel => "gumbel",
            Self::Frank => "frank",
            Self::Joe => "joe",
        }
    }

    /// P of eq. 10, the number of parameters.
    pub fn parameters(self) -> usize {
        match self {
            Self::Independence => 0,
            Self::Student => 2,
            _ => 1,
        }
    }

    /// Whether its rotations are different copulas and none of them has its parameters' other sign.
    pub fn rotates(self) -> bool {
        matches!(self, Self::Clayton | Self::Gumbel | Self::Joe)
    }

    /// Least and greatest value of each parameter; (0, 0) for those that it has not.
    pub fn bounds(self) -> [(f64, f64); 2] {
        const NONE: (f64, f64) = (0.0, 0.0);
        match self {
            Self::Independence => [NONE, NONE],
            Self::Gaussian => [(-MAX_RHO, MAX_RHO), NONE],
            Self::Student => [(-MAX_RHO, MAX_RHO), (2.0, 50.0)],
            Self::Clayton => [(1e-10, 28.0), NONE],
            Self::Gumbel => [(1.0, 50.0), NONE],
            Self::Frank => [(-35.0, 35.0), NONE],
            Self::Joe => [(1.0, 30.0), NONE],
        }
    }
}

/// A rotation by quarter turns: which of the two arguments are taken from the other end.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rotation {
    /// c(u, v).
    R0 = 0,
    /// c(1 − u, v).
    R90 = 1,
    /// c(1 − u, 1 − v).
    R180 = 2,
    /// c(u, 1 − v).
    R270 = 3,
}

impl Rotation {
    /// All rotations, ascending.
    pub const ALL: [Self; 4] = [Self::R0, Self::R90, Self::R180, Self::R270];

    /// The rotation by a number of quarter turns, 0 to 3.
    pub fn from_index(index: u8) -> Option<Self> {
        Self::ALL.get(usize::from(index)).copied()
    }

    /// 0, 90, 180 or 270.
    pub fn degrees(self) -> u16 {
        match self {
            Self::R0 => 0,
            Self::R90 => 90,
            Self::R180 => 180,
            Self::R270 => 270,
        }
    }

    fn turns_u(self) -> bool {
        matches!(self, Self::R90 | Self::R180)
    }

    fn turns_v(self) -> bool {
        matches!(self, Self::R180 | Self::R270)
    }
}

/// Why there is no such copula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterError {
    /// The family does not rotate.
    Rotation,
    /// A parameter is out of bounds or no number, or is not 0 though the family has none.
    Parameters,
}

impl core::fmt::Display for ParameterError {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str(match self {
            Self::Rotation => "the family does not rotate",
            Self::Parameters => "a parameter is out of its bounds",
        })
    }
}

impl core::error::Error for ParameterError {}

/// A copula C of electricity and carbon prices (eq. 3): u = F_x(electricity price), v = F_y(carbon price).
///
/// The functions of (u, v) take numbers in (0, 1) and clamp others into [1e-16, 1 − 2⁻⁵³]; there every density is
/// finite, at the parameters' bounds, too. Several evaluations are cheaper through one [`Copula::density`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Copula {
    /// The family.
    pub family: Family,
    /// Its rotation; [`Rotation::R0`] if the family does not rotate.
    pub rotation: Rotation,
    /// (ρ, ν) or (θ, 0); 0 for those that the family has not. Within [`Family::bounds`], or results mean nothing.
    pub parameters: [f64; 2],
}

impl Copula {
    /// C = u·v.
    pub const INDEPENDENCE: Self =
        Self { family: Family::Independence, rotation: Rotation::R0, parameters: [0.0, 0.0] };

    /// The copula, if there is one.
    pub fn new(family: Family, rotation: Rotation, parameters: [f64; 2]) -> Result<Self, ParameterError> {
        if rotation != Rotation::R0 && !family.rotates() {
            return Err(ParameterError::Rotation);
        }
        let within = parameters.iter().zip(family.bounds()).all(|(value, (low, high))| (low..=high).contains(value));
        if within {
            Ok(Self { family, rotation, parameters })
        } else {
            Err(ParameterError::Parameters)
        }
    }

    /// The copula with its constants computed.
    pub fn density<M: Math>(&self) -> Density<M> {
        Density { rotation: self.rotation, family: exchangeable(self.family, self.parameters) }
    }

    /// Σ ln c(u, v) over the pairs (A·T of eq. 10), summed in the order given.
    pub fn log_likelihood<M: Math>(&self, pairs: impl IntoIterator<Item = (f64, f64)>) -> f64 {
        let density = self.density::<M>();
        pairs.into_iter().fold(0.0, |sum, (u, v)| sum + density.ln(u, v))
    }

    /// C(u, v) (eq. 3).
    pub fn distribution<M: Math>(&self, u: f64, v: f64) -> f64 {
        self.density::<M>().distribution(u, v)
    }

    /// P(V ≤ v | U = u) = ∂C/∂u.
    pub fn h1<M: Math>(&self, u: f64, v: f64) -> f64 {
        self.density::<M>().h1(u, v)
    }

    /// P(U ≤ u | V = v) = ∂C/∂v.
    pub fn h2<M: Math>(&self, u: f64, v: f64) -> f64 {
        self.density::<M>().h2(u, v)
    }

    /// The v with h1(u, v) = p: the conditional quantile.
    pub fn h1_inverse<M: Math>(&self, u: f64, p: f64) -> f64 {
        self.density::<M>().h1_inverse(u, p)
    }

    /// The u with h2(u, v) = p.
    pub fn h2_inverse<M: Math>(&self, p: f64, v: f64) -> f64 {
        self.density::<M>().h2_inverse(p, v)
    }

    /// A pair (u, v) of this copula from two independent uniform numbers in (0, 1): u = p1, v = h1⁻¹(u, p2).
    pub fn sample<M: Math>(&self, p1: f64, p2: f64) -> (f64, f64) {
        self.density::<M>().sample(p1, p2)
    }
}

/// A [`Copula`] with its constants computed, for many evaluations. The functions are the copula's.
#[derive(Debug)]
pub struct Density<M: Math> {
    rotation: Rotation,
    family: Box<dyn Exchangeable<M>>,
}

impl<M: Math> Density<M> {
    /// ln c(u, v).
    #[inline]
    pub fn ln(&self, u: f64, v: f64) -> f64 {
        let (u, v) = self.turned(Probability::new(u), Probability::new(v));
        self.family.ln_density(u, v)
    }

    /// C(u, v), within the bounds of Fréchet and Hoeffding: max(u + v − 1, 0) ≤ C ≤ min(u, v).
    pub fn distribution(&self, u: f64, v: f64) -> f64 {
        let (u, v) = (Probability::new(u), Probability::new(v));
        let (a, b) = self.turned(u, v);
        let inner = self.family.distribution(a, b);
        // u + v − 1.
        let excess = u.p - v.q;
        let value = match self.rotation {
            Rotation::R0 => inner,
            Rotation::R90 => v.p - inner,
            Rotation::R180 => excess + inner,
            Rotation::R270 => u.p - inner,
        };
        value.max(excess).max(0.0).min(u.p).min(v.p)
    }

    /// P(V ≤ v | U = u).
    pub fn h1(&self, u: f64, v: f64) -> f64 {
        let (a, b) = self.turned(Probability::new(u), Probability::new(v));
        self.family.h(a, b).turned(self.rotation.turns_v()).p
    }

    /// P(U ≤ u | V = v).
    pub fn h2(&self, u: f64, v: f64) -> f64 {
        let (a, b) = self.turned(Probability::new(u), Probability::new(v));
        self.family.h(b, a).turned(self.rotation.turns_u()).p
    }

    /// The v with h1(u, v) = p, in [1e-16, 1 − 2⁻⁵³].
    pub fn h1_inverse(&self, u: f64, p: f64) -> f64 {
        let (a, level) = self.turned(Probability::new(u), Probability::new(p));
        let v = self.family.h_inverse(a, level).turned(self.rotation.turns_v());
        v.p.clamp(Probability::MIN, Probability::MAX)
    }

    /// The u with h2(u, v) = p, in [1e-16, 1 − 2⁻⁵³].
    pub fn h2_inverse(&self, p: f64, v: f64) -> f64 {
        let (level, b) = self.turned(Probability::new(p), Probability::new(v));
        let u = self.family.h_inverse(b, level).turned(self.rotation.turns_u());
        u.p.clamp(Probability::MIN, Probability::MAX)
    }

    /// A pair from two independent uniform numbers in (0, 1).
    pub fn sample(&self, p1: f64, p2: f64) -> (f64, f64) {
        let u = p1.clamp(Probability::MIN, Probability::MAX);
        (u, self.h1_inverse(u, p2))
    }

    /// The arguments of the copula that is not rotated.
    #[inline]
    fn turned(&self, u: Probability, v: Probability) -> (Probability, Probability) {
        (u.turned(self.rotation.turns_u()), v.turned(self.rotation.turns_v()))
    }
}
