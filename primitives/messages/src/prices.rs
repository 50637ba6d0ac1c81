//! What a market's clearing period is summed up to.
//!
//! Both chains' windows of price pairs are made of these, whichever chain the market is on.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
pub use gridpeg_copula::prices::{Price, PricePair};
use scale_info::TypeInfo;

/// One of the two prices of a pair.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Side {
    /// The electricity price; quantities in Wh.
    #[codec(index = 0)]
    Electricity,
    /// The carbon price; quantities in grams of CO₂.
    #[codec(index = 1)]
    Carbon,
}

/// All trades of one market in one clearing period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Summary {
    /// ⌊Σ quantity · price / Σ quantity⌋, in 10⁻¹² coin per kWh or per t; may be negative.
    pub price: Price,
    /// Quantity traded, in Wh or grams.
    pub quantity: u128,
    /// Accounts that sold, each counted once, less those that bought too: trading with oneself makes no price.
    pub sellers: u32,
    /// Accounts that bought, each counted once, less those that sold too.
    pub buyers: u32,
}
