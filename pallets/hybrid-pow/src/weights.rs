//! Weights. `scripts/weights` has measured them, see `docs/weights.md`.

mod measured;

pub use measured::Measured;

use polkadot_sdk::frame_support::weights::Weight;

/// What the pallet's hooks cost.
pub trait WeightInfo {
    /// Target, author and reward of one block.
    fn block() -> Weight;
    /// Evaluating a claim on this many pairs.
    fn analyse(pairs: u32) -> Weight;
}
