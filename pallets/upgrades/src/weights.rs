//! Weights. `scripts/weights` has measured them, see `docs/weights.md`.

mod measured;

pub use measured::Measured;

use polkadot_sdk::frame_support::weights::Weight;

/// What the pallet's calls and hooks cost.
pub trait WeightInfo {
    /// [`crate::Call::schedule`].
    fn schedule() -> Weight;
    /// [`crate::Call::cancel`].
    fn cancel() -> Weight;
    /// The start of a block at which nothing is due.
    fn idle() -> Weight;
    /// The start of the block at which an upgrade is authorised.
    fn authorize() -> Weight;
}
