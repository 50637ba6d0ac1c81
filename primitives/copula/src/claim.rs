//! Claims: the copula that a block's author says fits D, as it stands in the header.

use crate::family::{Copula, Family, ParameterError, Rotation};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Fewest price pairs with which blocks carry an analysis; below it "the chains run respectively" (Algorithm 1, line
/// 18).
pub const MIN_OBSERVATIONS: u32 = 30;
/// Most price pairs that the analysis looks at.
pub const MAX_OBSERVATIONS: u32 = 1024;

/// 1 in Q16.16.
const ONE: f64 = 65536.0;

/// The copula that an author claims. Each copula has one encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Claim {
    /// 0 independence, 1 Gaussian, 2 Student-t, 3 Clayton, 4 Gumbel, 5 Frank, 6 Joe.
    pub family: u8,
    /// Rotation in quarter turns, 0 to 3; 0 if the family does not rotate.
    pub rotation: u8,
    /// Parameters in Q16.16: (ρ, ν) or (θ, 0). Those that the family has not are 0.
    pub parameters: [i32; 2],
}

impl Claim {
    /// The claim that needs no fit, with an AIC of 0.
    pub const INDEPENDENCE: Self = Self { family: 0, rotation: 0, parameters: [0, 0] };

    /// The copula claimed. Fails with [`ClaimError::Family`], [`ClaimError::Rotation`] or [`ClaimError::Parameters`],
    /// checked in this order.
    pub fn copula(&self) -> Result<Copula, ClaimError> {
        let family = Family::from_index(self.family).ok_or(ClaimError::Family)?;
        let rotation = Rotation::from_index(self.rotation).ok_or(ClaimError::Rotation)?;
        let parameters = self.parameters.map(|parameter| f64::from(parameter) / ONE);
        Copula::new(family, rotation, parameters).map_err(ClaimError::from)
    }

    /// The claim nearest to a copula: parameters rounded to Q16.16, halves away from 0, and clamped into their bounds.
    /// So it is always one that [`Claim::copula`] accepts.
    pub fn of(copula: &Copula) -> Self {
        let [first, second] = copula.parameters;
        let [first_bounds, second_bounds] = copula.family.bounds();
        Self {
            family: copula.family as u8,
            rotation: if copula.family.rotates() { copula.rotation as u8 } else { 0 },
            parameters: [quantize(first, first_bounds), quantize(second, second_bounds)],
        }
    }
}

/// The number in Q16.16 that is nearest to `value` and within the bounds.
fn quantize(value: f64, (low, high): (f64, f64)) -> i32 {
    let (low, high) = (libm::ceil(low * ONE) as i32, libm::floor(high * ONE) as i32);
    (libm::round(value * ONE) as i32).max(low).min(high)
}

/// Why a claim is worth nothing. The names say which rule it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum ClaimError {
    /// No such family.
    Family,
    /// No such rotation, or one of a family that does not rotate.
    Rotation,
    /// A parameter is out of its bounds, or is not 0 though the family has none.
    Parameters,
    /// Fewer than [`MIN_OBSERVATIONS`] pairs.
    TooFewPairs,
    /// More than [`MAX_OBSERVATIONS`] pairs.
    TooManyPairs,
    /// The log-likelihood is no finite number.
    NotFinite,
}

impl From<ParameterError> for ClaimError {
    fn from(error: ParameterError) -> Self {
        match error {
            ParameterError::Rotation => Self::Rotation,
            ParameterError::Parameters => Self::Parameters,
        }
    }
}

impl core::fmt::Display for ClaimError {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str(match self {
            Self::Family => "claim names no family",
            Self::Rotation => "claim names no rotation of its family",
            Self::Parameters => "claim has a parameter out of bounds",
            Self::TooFewPairs => "fewer than 30 price pairs: no analysis",
            Self::TooManyPairs => "more than 1024 price pairs",
            Self::NotFinite => "the claim's log-likelihood is not finite",
        })
    }
}

impl core::error::Error for ClaimError {}
