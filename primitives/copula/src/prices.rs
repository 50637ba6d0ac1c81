//! Price pairs and what is answered about them: the forms that runtimes, nodes and offline tools share.

use crate::claim::Claim;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A price in 10⁻¹² coin per kWh (electricity) or per t (carbon). Electricity prices can be negative.
pub type Price = i64;

/// The prices of one clearing period (eq. 2).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct PricePair {
    /// Number of the period: it begins at Unix time period · length of a period.
    pub period: u64,
    /// The electricity price.
    pub electricity: Price,
    /// The carbon price.
    pub carbon: Price,
}

/// What a child of a block is analysed against.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct WindowState {
    /// Changes whenever the window D does, along one branch; two branches may give one number to different windows.
    pub revision: u64,
    /// The u-values (electricity, carbon) of D in 2⁻³², oldest pair first; T = their number.
    pub pairs: Vec<(u32, u32)>,
    /// The best claim known on this D and its AIC in 2⁻²⁰: a child's claim must not have more. `None` if and only if D
    /// has fewer than [`MIN_OBSERVATIONS`](crate::claim::MIN_OBSERVATIONS) pairs; then a child carries no claim.
    pub least: Option<(Claim, i64)>,
    /// AIC_ref in 2⁻²⁰, from which the gain is counted; 0 without an analysis.
    pub reference: i64,
}

/// Where the carbon price is to be expected at a given electricity price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CarbonGuidance {
    /// The best claim known, which this follows from.
    pub claim: Claim,
    /// Its AIC in 2⁻²⁰.
    pub aic: i64,
    /// The electricity price asked for.
    pub electricity: Price,
    /// Conditional quantiles of the carbon price at [`PROBABILITIES`](crate::guidance::PROBABILITIES), rounded down.
    pub quantiles: [Price; 5],
    /// F̂ of that price in 2⁻³², rounded down and clamped to 1 … 2³² − 1: where it stands among the prices in D.
    pub probability: u32,
}
