//! What a block's claim must satisfy, given the price pairs that its parent's state holds.
//!
//! The parent's runtime says what the claim is worth, and execution finds the same: it is the same code, which an
//! upgrade of the runtime may change. Here it is asked before, so that whoever lies is refused by the name of the lie,
//! and before anything expensive. What names a copula at all is a rule of headers, which no upgrade changes.

use crate::analysis::Judged;
use gridpeg_header::Analysis;
use gridpeg_runtime_api::{ClaimError, WindowState};

/// What is wrong with a block's claim. AICs are in units of 2⁻²⁰; smaller is better.
#[derive(Debug, thiserror::Error)]
pub enum ClaimFault {
    /// There are enough pairs for an analysis, and the block has none.
    #[error("there are {0} price pairs, and no claim about them")]
    Missing(usize),
    /// There are too few pairs for an analysis, and the block has one.
    #[error("there is a claim, and fewer price pairs than an analysis takes")]
    Unexpected,
    /// The claim is worth nothing.
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
            Self::Unexpected => "claim-unexpected",
            Self::Invalid(_) => "claim-invalid",
            Self::AnalysisFalse { .. } => "analysis-false",
            Self::Worse { .. } => "claim-worse",
        }
    }
}

/// Checks a header without a claim against the window of its parent's children.
pub(super) fn check_absence(window: &WindowState) -> Result<(), ClaimFault> {
    match window.least {
        Some(_) => Err(ClaimFault::Missing(window.pairs.len())),
        None => Ok(()),
    }
}

/// Checks what a header states of its claim against what the parent's runtime says of it.
pub(super) fn check(stated: Analysis, judged: Judged) -> Result<(), ClaimFault> {
    let worth = judged.map_err(|error| match error {
        ClaimError::TooFewPairs => ClaimFault::Unexpected,
        error => ClaimFault::Invalid(error),
    })?;
    let found = worth.analysis;
    if stated != found {
        return Err(ClaimFault::AnalysisFalse { stated, found });
    }
    if !worth.is_enough() {
        return Err(ClaimFault::Worse { aic: found.aic, least: worth.least });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridpeg_runtime_api::Worth;

    const FOUND: Analysis = Analysis { observations: 50, aic: -700, gain: 3 };

    fn reason(stated: Analysis, judged: Judged) -> &'static str {
        check(stated, judged).map_or_else(|fault| fault.reason(), |()| "none")
    }

    fn worth(least: i64) -> Judged {
        Ok(Worth { analysis: FOUND, least })
    }

    #[test]
    fn a_claim_no_worse_than_the_best_one_known_is_taken() {
        assert_eq!(reason(FOUND, worth(FOUND.aic)), "none");
        assert_eq!(reason(FOUND, worth(FOUND.aic + 1)), "none");
        assert_eq!(reason(FOUND, worth(FOUND.aic - 1)), "claim-worse");
    }

    #[test]
    fn claim_and_pairs_go_together() {
        let enough = WindowState { least: Some((gridpeg_copula::Claim::INDEPENDENCE, 0)), ..WindowState::default() };
        assert_eq!(check_absence(&enough).unwrap_err().reason(), "claim-missing");
        assert!(check_absence(&WindowState::default()).is_ok());
        assert_eq!(reason(FOUND, Err(ClaimError::TooFewPairs)), "claim-unexpected");
    }

    #[test]
    fn claims_that_are_worth_nothing_are_refused() {
        for error in [ClaimError::Family, ClaimError::Rotation, ClaimError::Parameters, ClaimError::NotFinite] {
            assert_eq!(reason(FOUND, Err(error)), "claim-invalid", "{error:?}");
        }
    }

    #[test]
    fn an_analysis_that_is_off_by_one_is_false() {
        for wrong in [
            Analysis { observations: FOUND.observations - 1, ..FOUND },
            Analysis { observations: FOUND.observations + 1, ..FOUND },
            Analysis { aic: FOUND.aic - 1, ..FOUND },
            Analysis { aic: FOUND.aic + 1, ..FOUND },
            Analysis { gain: FOUND.gain - 1, ..FOUND },
            Analysis { gain: FOUND.gain + 1, ..FOUND },
        ] {
            // Before anything is said of how good the claim is.
            for least in [FOUND.aic, FOUND.aic - 1] {
                assert_eq!(reason(wrong, worth(least)), "analysis-false", "{wrong:?}");
            }
        }
    }
}
