//! The author's claim, and what it is worth.

use crate::*;
use gridpeg_copula::{
    claim::{ClaimError, MIN_OBSERVATIONS},
    consensus::{evaluate, gain},
};

impl<T: Config> Pallet<T> {
    /// The best claim known on the window of this revision, whose reference this is, and its AIC in 2⁻²⁰: no claim on
    /// that window may have more. `None` if there are too few pairs for a reference.
    pub fn least(revision: u64, reference: Option<(Claim, i64)>) -> Option<(Claim, i64)> {
        let reference = reference?;
        let best = Best::<T>::get().filter(|best| best.revision == revision && best.aic < reference.1);
        Some(best.map_or(reference, |best| (best.claim, best.aic)))
    }

    /// What a claim is worth on the window of this revision, with these u-values and this reference, and the most that
    /// its AIC may be, in 2⁻²⁰. Blocks are judged by it, and so are nodes answered that ask before they execute one.
    ///
    /// Fails if there are too few pairs, then as [`evaluate`] does.
    pub fn worth(
        claim: &Claim,
        revision: u64,
        pairs: &[(u32, u32)],
        reference: Option<(Claim, i64)>,
    ) -> Result<(Analysis, i64), ClaimError> {
        let (Some((_, from)), Some((_, least))) = (reference, Self::least(revision, reference)) else {
            return Err(ClaimError::TooFewPairs);
        };
        let aic = evaluate(pairs, claim)?;
        Ok((Analysis { observations: pairs.len() as u32, aic, gain: gain(from, aic) }, least))
    }

    /// Writes down what the claim of this block is worth, and returns what that cost.
    pub(crate) fn analyse(claim: Option<Claim>) -> Weight {
        let observations = T::Prices::observations();
        if observations < MIN_OBSERVATIONS {
            AnalysisOf::<T>::kill();
            return Weight::zero();
        }
        AnalysisOf::<T>::set(match claim {
            Some(claim) => Self::analysis_of(claim),
            // Without a claim there must be no analysis: with this one no importer takes the header.
            None => Some(Analysis { observations, aic: i64::MAX, gain: 0 }),
        });
        T::WeightInfo::analyse(observations)
    }

    /// `None` for a claim that breaks a rule: no importer takes a header that has a claim and no analysis.
    fn analysis_of(claim: Claim) -> Option<Analysis> {
        let revision = T::Prices::revision();
        let (analysis, least) = Self::worth(&claim, revision, &T::Prices::pairs(), T::Prices::reference())
            .inspect_err(|error| log::debug!(target: LOG_TARGET, "claim {claim:?} is worth nothing: {error}"))
            .ok()?;
        let aic = analysis.aic;
        if aic > least {
            log::debug!(target: LOG_TARGET, "claim {claim:?} has an AIC of {aic}, above {least}");
            return None;
        }
        if aic < least {
            Best::<T>::put(BestClaim { revision, claim, aic });
        }
        Some(analysis)
    }
}
