//! The author's claim, and what it is worth.

use crate::*;
use gridpeg_copula::{
    claim::MIN_OBSERVATIONS,
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

    /// Writes down what the claim of this block is worth, and returns what that cost.
    pub(crate) fn analyse(claim: Option<Claim>) -> Weight {
        let observations = T::Prices::observations();
        if observations < MIN_OBSERVATIONS {
            AnalysisOf::<T>::kill();
            return Weight::zero();
        }
        AnalysisOf::<T>::set(match claim {
            Some(claim) => Self::worth_of(claim, observations),
            // Without a claim there must be no analysis: with this one no importer takes the header.
            None => Some(Analysis { observations, aic: i64::MAX, gain: 0 }),
        });
        T::WeightInfo::analyse(observations)
    }

    /// `None` for a claim that breaks a rule: no importer takes a header that has a claim and no analysis.
    fn worth_of(claim: Claim, observations: u32) -> Option<Analysis> {
        let (revision, reference) = (T::Prices::revision(), T::Prices::reference()?);
        let (_, least) = Self::least(revision, Some(reference))?;
        let aic = evaluate(&T::Prices::pairs(), &claim)
            .inspect_err(|error| log::debug!(target: LOG_TARGET, "claim {claim:?} is worth nothing: {error}"))
            .ok()?;
        if aic > least {
            log::debug!(target: LOG_TARGET, "claim {claim:?} has an AIC of {aic}, above {least}");
            return None;
        }
        if aic < least {
            Best::<T>::put(BestClaim { revision, claim, aic });
        }
        Some(Analysis { observations, aic, gain: gain(reference.1, aic) })
    }
}
