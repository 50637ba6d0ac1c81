//! Weights. `scripts/weights` has measured them, see `docs/weights.md`.

mod measured;

pub use measured::Measured;

use polkadot_sdk::frame_support::weights::Weight;

/// What the pallet's hooks cost.
pub trait WeightInfo {
    /// Appending the parent and writing the digest, without the subtrees.
    fn commit() -> Weight;
}
