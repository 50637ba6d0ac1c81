//! What a block's claim must satisfy, given the price pairs that its parent's state holds.
//!
//! Execution finds the same: the runtime evaluates the claim by the same code and writes its worth into the digest.
//! Here it is done before, so that whoever lies is refused by the name of the lie, and before anything expensive. As with
//! the header's rules, an upgrade that changes the evaluation needs nodes that know it.

use gridpeg_copula::{evaluate, gain, Claim, ClaimError, MIN_OBSERVATIONS};
use gridpeg_header::Analysis;
use gridpeg_runtime_api::WindowState;

/// What is wrong with a block's claim. AICs are in units of 2⁻²⁰; smaller is better.
#[derive(Debug, thiserror::Error)]
pub enum ClaimFault {
    /// There are enough pairs for an analysis, and the block has none.
    #[error("there are {0} price pairs, and no claim about them")]
    Missing(usize),
    /// There are too few pairs for an analysis, and the block has one.
    #[error("there are {0} price pairs, fewer than the {MIN_OBSERVATIONS} of an analysis")]
    Unexpected(usize),
    /// The claim names no copula.
    #[error("the claim: {0}")]
    Invalid(ClaimError),
    /// The header states another worth than the claim has.
    #[error("the header says {stated:?}, the claim has {found:?}")]
    AnalysisFalse {
        /// What the header says.
        stated: Analysis,
        /// What the evaluation gives.
        found: Analysis,
    },
    /// The claim is worse than the best one known, or than the reference.
    #[error("the claim's AIC is {aic}, worse than {least}, which is known")]
    Worse {
        /// The claim's AIC.
        aic: i64,
        /// The most that it may be.
        least: i64,
    },
}

impl ClaimFault {
    /// A short name, a label of `gridpeg_blocks_refused_total`.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Missing(_) => "claim-missing",
            Self::Unexpected(_) => "claim-unexpected",
            Self::Invalid(_) => "claim-invalid",
            Self::AnalysisFalse { .. } => "analysis-false",
            Self::Worse { .. } => "claim-worse",
        }
    }
}

/// Checks the claim and the analysis in a header against the window of its parent's children. Strict decoding has seen
/// to it that there are both or none.
pub(super) fn check(claimed: Option<(&Claim, &Analysis)>, window: &WindowState) -> Result<(), ClaimFault> {
    let pairs = &window.pairs;
    let (claim, stated, least) = match (claimed, &window.least) {
        (None, None) => return Ok(()),
        (None, Some(_)) => return Err(ClaimFault::Missing(pairs.len())),
        (Some(_), None) => return Err(ClaimFault::Unexpected(pairs.len())),
        (Some((claim, stated)), Some((_, least))) => (claim, *stated, *least),
    };
    let aic = evaluate(pairs, claim).map_err(ClaimFault::Invalid)?;
    let observations = u32::try_from(pairs.len()).unwrap_or(u32::MAX);
    let found = Analysis { observations, aic, gain: gain(window.reference, aic) };
    if stated != found {
        return Err(ClaimFault::AnalysisFalse { stated, found });
    }
    if aic > least {
        return Err(ClaimFault::Worse { aic, least });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridpeg_copula::reference;

    fn window() -> WindowState {
        // Moves together, but not in step.
        let pairs: Vec<_> = (1..=50u32).map(|i| (i << 26, (i + i % 7) << 26)).collect();
        let (claim, reference) = reference(&pairs);
        WindowState { revision: 1, pairs, least: Some((claim, reference)), reference }
    }

    /// A claim with what it is worth.
    fn honest(claim: Claim, window: &WindowState) -> (Claim, Analysis) {
        let aic = evaluate(&window.pairs, &claim).unwrap();
        let observations = window.pairs.len() as u32;
        (claim, Analysis { observations, aic, gain: gain(window.reference, aic) })
    }

    fn reason(claimed: Option<(Claim, Analysis)>, window: &WindowState) -> &'static str {
        let claimed = claimed.as_ref().map(|(claim, analysis)| (claim, analysis));
        check(claimed, window).map_or_else(|fault| fault.reason(), |()| "none")
    }

    #[test]
    fn the_best_claim_known_is_taken() {
        let window = window();
        let (claim, _) = window.least.unwrap();
        assert_eq!(reason(Some(honest(claim, &window)), &window), "none");
    }

    #[test]
    fn claim_and_pairs_go_together() {
        let window = window();
        let claimed = honest(window.least.unwrap().0, &window);
        let few = WindowState { revision: 1, pairs: window.pairs[..29].to_vec(), least: None, reference: 0 };
        assert_eq!(reason(None, &window), "claim-missing");
        assert_eq!(reason(Some(claimed), &few), "claim-unexpected");
        assert_eq!(reason(None, &few), "none");
    }

    #[test]
    fn claims_that_name_no_copula_are_refused() {
        let window = window();
        let (claim, analysis) = honest(window.least.unwrap().0, &window);
        assert_eq!(claim.family, 1, "the reference is Gaussian");
        for wrong in [
            Claim { family: 7, ..claim },
            Claim { rotation: 1, ..claim },
            Claim { parameters: [1 << 16, 0], ..claim },
            Claim { parameters: [claim.parameters[0], 1], ..claim },
        ] {
            assert_eq!(reason(Some((wrong, analysis)), &window), "claim-invalid", "{wrong:?}");
        }
    }

    #[test]
    fn worse_claims_are_refused() {
        let window = window();
        assert_eq!(reason(Some(honest(Claim::INDEPENDENCE, &window)), &window), "claim-worse");
        // By one unit.
        let (claim, aic) = window.least.unwrap();
        let known = WindowState { least: Some((claim, aic - 1)), ..window.clone() };
        assert_eq!(reason(Some(honest(claim, &window)), &known), "claim-worse");
    }

    #[test]
    fn an_analysis_that_is_off_by_one_is_false() {
        let window = window();
        let (claim, analysis) = honest(window.least.unwrap().0, &window);
        for wrong in [
            Analysis { observations: analysis.observations - 1, ..analysis },
            Analysis { aic: analysis.aic - 1, ..analysis },
            Analysis { aic: analysis.aic + 1, ..analysis },
            Analysis { gain: analysis.gain + 1, ..analysis },
        ] {
            assert_eq!(reason(Some((claim, wrong)), &window), "analysis-false", "{wrong:?}");
        }
    }
}
