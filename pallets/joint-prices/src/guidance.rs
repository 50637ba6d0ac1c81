//! What the analysis says of the carbon price (the paper's "recommendations for effective carbon price bidding").

use crate::*;
use gridpeg_copula::{
    guidance::Guidance,
    marginal::{to_q32, Marginal},
};

impl<T: Config> Pallet<T> {
    /// The carbon price's conditional quantiles at an electricity price: the marginals are those of D, the copula is
    /// the claim's. `None` if the claim is no copula or D is empty.
    pub fn guidance(claim: Claim, aic: i64, electricity: Price) -> Option<CarbonGuidance> {
        Self::guidance_of(&Self::prices(), claim, aic, electricity)
    }

    /// The same with the marginals of these pairs.
    pub fn guidance_of(pairs: &[PricePair], claim: Claim, aic: i64, electricity: Price) -> Option<CarbonGuidance> {
        let marginal = |price: fn(&PricePair) -> Price| {
            let sample: Vec<f64> = pairs.iter().map(|pair| price(pair) as f64).collect();
            Marginal::new(&sample, LEAST_BANDWIDTH).ok()
        };
        let guidance = Guidance {
            copula: claim.copula().ok()?,
            electricity: marginal(|pair| pair.electricity)?,
            carbon: marginal(|pair| pair.carbon)?,
        };
        let price = electricity as f64;
        Some(CarbonGuidance {
            claim,
            aic,
            electricity,
            quantiles: guidance.carbon_quantiles(price).map(floor),
            probability: to_q32(guidance.electricity.distribution(price)),
        })
    }
}

/// ⌊x⌋, saturating.
pub(crate) fn floor(x: f64) -> Price {
    // Towards zero, so one too many for a negative number with a fraction.
    let truncated = x as Price;
    if truncated as f64 > x {
        truncated.saturating_sub(1)
    } else {
        truncated
    }
}
