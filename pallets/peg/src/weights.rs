//! Weights. `scripts/weights` has measured them, see `docs/weights.md`.

mod measured;

pub use measured::Measured;

use polkadot_sdk::frame_support::weights::Weight;

/// What the pallet's calls and hooks cost.
pub trait WeightInfo {
    /// [`crate::Call::transfer`], without the message.
    fn transfer() -> Weight;
    /// [`crate::Call::claim`].
    fn claim() -> Weight;
    /// [`crate::Call::set_limits`].
    fn set_limits() -> Weight;
    /// Acting on a received transfer.
    fn receive_transfer() -> Weight;
    /// Acting on what became of a sent one.
    fn settle_transfer() -> Weight;
    /// The start of a block at which this many payouts are made from the queue.
    fn serve_queue(payouts: u32) -> Weight;
}
