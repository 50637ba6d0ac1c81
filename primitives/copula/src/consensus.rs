//! What claims are worth: the one exact path, on [`Pinned`] arithmetic only. All nodes must arrive at the same
//! integers.
//!
//! Everything starts from u-values in 2⁻³² and parameters in Q16.16, and ends in an AIC in 2⁻²⁰, more than 10⁵ times
//! the error of the floating point in between.

use crate::{
    claim::{Claim, ClaimError, MAX_OBSERVATIONS, MIN_OBSERVATIONS},
    family::{Copula, Family, Rotation},
    math::{Math, Pinned},
    rank,
};
use alloc::vec::Vec;

/// A u-value: u = q/2³², 1 ≤ q ≤ 2³² − 1.
pub type Q32 = u32;

/// The unit of an AIC in integers, 2⁻²⁰.
pub const AIC_UNIT: f64 = 1.0 / 1_048_576.0;

/// The most |ρ| of the reference in Q16.16: 1 − 2⁻¹⁰.
const MAX_REFERENCE_RHO: i32 = 65_536 - 64;
/// An AIC below the reference's by no more than 4 is noise: on independent data one fit in twenty gets to −3.9.
const DEAD_ZONE: i64 = 4 << 20;
/// AIC units in a sixteenth, as a shift.
const SIXTEENTH: u32 = 16;

/// The AIC of a claim on the pairs (u-values of electricity and carbon price): −2 Σ ln c + 2P, in units of 2⁻²⁰,
/// rounded up. That is T times eq. 10 with A the mean log-likelihood; the smaller, the better.
///
/// Fails if the claim is no copula, with fewer than [`MIN_OBSERVATIONS`] or more than [`MAX_OBSERVATIONS`] pairs, or if
/// the sum is not finite.
pub fn evaluate(pairs: &[(Q32, Q32)], claim: &Claim) -> Result<i64, ClaimError> {
    let copula = claim.copula()?;
    check_count(pairs)?;
    let log_likelihood = copula.log_likelihood::<Pinned>(probabilities(pairs));
    let aic = 2.0 * copula.family.parameters() as f64 - 2.0 * log_likelihood;
    if aic.is_finite() {
        Ok(Pinned::ceil(aic / AIC_UNIT) as i64)
    } else {
        Err(ClaimError::NotFinite)
    }
}

/// The claim that everybody can make without a search, and its AIC: the Gaussian copula with ρ = 2 sin(π·ρ_S/6) of
/// Spearman's ρ_S of the pairs (eqs. 7, 8), rounded to Q16.16 and clamped to ±(1 − 2⁻¹⁰); independence with AIC 0 if
/// that is not below 0, or if a series is constant.
///
/// Independence, too, with fewer than [`MIN_OBSERVATIONS`] or more than [`MAX_OBSERVATIONS`] pairs, on which nobody can
/// claim anything. They are not looked at, so that whoever asks cannot make this expensive.
pub fn reference(pairs: &[(Q32, Q32)]) -> (Claim, i64) {
    let independence = (Claim::INDEPENDENCE, 0);
    if check_count(pairs).is_err() {
        return independence;
    }
    let (x, y): (Vec<Q32>, Vec<Q32>) = pairs.iter().copied().unzip();
    let Some(spearman) = rank::spearman(&x, &y) else {
        return independence;
    };
    let rho = rank::gaussian_rho(spearman);
    let mut claim = Claim::of(&Copula { family: Family::Gaussian, rotation: Rotation::R0, parameters: [rho, 0.0] });
    claim.parameters = claim.parameters.map(|parameter| parameter.clamp(-MAX_REFERENCE_RHO, MAX_REFERENCE_RHO));
    match evaluate(pairs, &claim) {
        Ok(aic) if aic < 0 => (claim, aic),
        _ => independence,
    }
}

/// The gain G of an AIC against the reference's, both in 2⁻²⁰: ⌊16·max(0, AIC_ref − AIC − 4)⌋, in sixteenths,
/// saturating.
pub fn gain(reference: i64, aic: i64) -> u32 {
    let excess = reference.saturating_sub(aic).saturating_sub(DEAD_ZONE).max(0);
    u32::try_from(excess >> SIXTEENTH).unwrap_or(u32::MAX)
}

/// The best claim that a search finds, and its AIC: all families and rotations are fitted, rounded to claims and
/// evaluated. The smallest AIC wins, then the lower family, then the lower rotation. Never worse than [`reference`];
/// with fewer than [`MIN_OBSERVATIONS`] or more than [`MAX_OBSERVATIONS`] pairs it is independence, which nobody can
/// claim then.
#[cfg(feature = "std")]
pub fn best_claim(pairs: &[(Q32, Q32)]) -> (Claim, i64) {
    let points: Vec<(f64, f64)> = probabilities(pairs).collect();
    let candidates = crate::fit::select(&points).map(|selection| selection.candidates).unwrap_or_default();
    candidates
        .iter()
        .map(|fitted| Claim::of(&fitted.copula))
        .filter_map(|claim| evaluate(pairs, &claim).ok().map(|aic| (claim, aic)))
        .fold(reference(pairs), |best, found| if order(&found) < order(&best) { found } else { best })
}

/// What claims are ordered by.
#[cfg(feature = "std")]
fn order((claim, aic): &(Claim, i64)) -> (i64, u8, u8) {
    (*aic, claim.family, claim.rotation)
}

/// Whether there are neither too few pairs for an analysis nor too many.
fn check_count(pairs: &[(Q32, Q32)]) -> Result<(), ClaimError> {
    match u32::try_from(pairs.len()).unwrap_or(u32::MAX) {
        ..MIN_OBSERVATIONS => Err(ClaimError::TooFewPairs),
        MIN_OBSERVATIONS..=MAX_OBSERVATIONS => Ok(()),
        _ => Err(ClaimError::TooManyPairs),
    }
}

/// u = q/2³², exactly.
fn probabilities(pairs: &[(Q32, Q32)]) -> impl Iterator<Item = (f64, f64)> + '_ {
    let probability = |q: Q32| f64::from(q) / 4_294_967_296.0;
    pairs.iter().map(move |(u, v)| (probability(*u), probability(*v)))
}
