//! Weights. `scripts/weights` has measured them, see `docs/weights.md`.

mod measured;

pub use measured::Measured;

use gridpeg_copula::claim::MAX_OBSERVATIONS;
use polkadot_sdk::frame_support::weights::Weight;

/// What the pallet's call, and what others have it do, costs.
pub trait WeightInfo {
    /// A report that makes no pair.
    fn observe() -> Weight;
    /// What a pair costs in addition, added to a window of this many.
    fn append(pairs: u32) -> Weight;
    /// The start of a block with the window of the block before.
    fn keep() -> Weight;
    /// The start of a block with a new window of this many pairs.
    fn refresh(pairs: u32) -> Weight;
}

/// The most that a report can cost.
pub fn most<W: WeightInfo>() -> Weight {
    W::observe().saturating_add(W::append(MAX_OBSERVATIONS))
}
