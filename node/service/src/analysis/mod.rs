//! The analysis, as the node sees it.
//!
//! From the thirtieth price pair on every block claims a copula ([`gridpeg_copula`]), and the better the claim, the
//! easier its work (eq. 9). The runtime says what a claim is worth; what the node does for it is here.
//!
//! | module | what it does |
//! |---|---|
//! | [`window`] | the price pairs that claims are about, and what claims are worth: from the runtime, kept for a while |
//! | [`fit`] | the fit worker: finds the best claim for a window, on a thread of its own |
//! | here | claims and their worth, for logs and metrics |
//!
//! The import's check of a claim is in [`crate::import`], the RPC's answers in [`crate::rpc::copula`].
//!
//! ```text
//!   parent's state ─▶ window ─▶ miner ─▶ claim_for: the fit if there is one, else the best claim known ─▶ template
//!                                 │ a new window                                                          ▲
//!                                 └────────▶ fit worker ─▶ notification ─▶ the template is built again ───┘
//! ```
//!
//! A fit is found with this binary's code. Before a template carries it the parent's runtime is asked what it is worth:
//! after an upgrade that evaluates otherwise, a miner whose binary is older carries the best claim known instead.

pub mod fit;
pub mod window;

pub use fit::{Choice, Fitter};
pub use window::{Judged, Window, WindowKey, Windows};

use gridpeg_copula::{Claim, Family, Rotation, AIC_UNIT};
use gridpeg_header::{Analysis, JointDigest, PreDigest};
use polkadot_sdk::sp_panic_handler::AbortGuard;
use std::{
    fmt,
    panic::{catch_unwind, AssertUnwindSafe},
};

/// Sixteenths of AIC: the unit of a gain.
const GAIN_UNIT: f64 = 1.0 / 16.0;

/// A claim and what the runtime found it to be worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Analysed {
    /// The copula claimed.
    pub claim: Claim,
    /// Its worth.
    pub analysis: Analysis,
}

impl Analysed {
    /// What a header says; `None` without a claim. Strict decoding has seen to it that there are both or none.
    pub fn of(pre: &PreDigest, joint: &JointDigest) -> Option<Self> {
        Some(Self { claim: pre.claim?, analysis: joint.analysis? })
    }

    /// AIC, to the 53 bits that metrics and logs have.
    pub fn aic(&self) -> f64 {
        to_aic(self.analysis.aic)
    }

    /// Gain, in units of AIC.
    pub fn gain(&self) -> f64 {
        f64::from(self.analysis.gain) * GAIN_UNIT
    }

    /// Name and rotation in degrees of the copula claimed.
    pub fn copula(&self) -> (&'static str, u32) {
        name_of(&self.claim)
    }
}

impl fmt::Display for Analysed {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}, gain {:.1}", describe(&self.claim), self.gain())
    }
}

/// An AIC of consensus, in units of 2⁻²⁰, as a number; exact below 2³³.
pub fn to_aic(units: i64) -> f64 {
    units as f64 * AIC_UNIT
}

/// Name and rotation in degrees of the copula that a claim names.
pub fn name_of(claim: &Claim) -> (&'static str, u32) {
    let family = Family::from_index(claim.family).map_or("unknown", Family::name);
    (family, Rotation::from_index(claim.rotation).map_or(0, |rotation| u32::from(rotation.degrees())))
}

/// Runs a computation that a bug in it must not take the node down with: the node's panic hook would end the process.
/// `None` if it panicked; the hook has written down where.
pub(crate) fn guarded<T>(compute: impl FnOnce() -> T) -> Option<T> {
    let _guard = AbortGuard::force_unwind();
    catch_unwind(AssertUnwindSafe(compute)).ok()
}

/// The copula that a claim names, for people: `clayton 90°`.
fn describe(claim: &Claim) -> String {
    match name_of(claim) {
        (family, 0) => family.into(),
        (family, degrees) => format!("{family} {degrees}°"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn analyses_read_well() {
        let analysis = Analysis { observations: 500, aic: -(3 << 19), gain: 25 };
        let rotated = Analysed { claim: Claim { family: 3, rotation: 1, parameters: [1 << 16, 0] }, analysis };
        assert_eq!(rotated.to_string(), "clayton 90°, gain 1.6");
        assert_eq!((rotated.aic(), rotated.gain()), (-1.5, 1.5625));
        assert_eq!(rotated.copula(), ("clayton", 90));
        let plain = Analysed { claim: Claim::INDEPENDENCE, analysis: Analysis { gain: 0, ..analysis } };
        assert_eq!(plain.to_string(), "independence, gain 0.0");
    }
}
