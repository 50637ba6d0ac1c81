//! Storage forms.

use codec::{Decode, Encode, MaxEncodedLen};
use gridpeg_header::{Claim, Millis, U256};
use scale_info::TypeInfo;

/// What the next block's target follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct BlockTiming {
    /// The block's timestamp.
    pub time: Millis,
    /// Time since its parent; `None` for block 1.
    pub solve_time: Option<Millis>,
    /// Its d_base.
    pub target: U256,
}

/// The claim that no later one on the same window may be worse than.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct BestClaim {
    /// Number of the window that it was evaluated on. On another one it says nothing.
    pub revision: u64,
    /// The claim.
    pub claim: Claim,
    /// Its AIC in 2⁻²⁰.
    pub aic: i64,
}
