//! Weights. `scripts/weights` has measured them, see `docs/weights.md`.

mod measured;

pub use measured::Measured;

use polkadot_sdk::frame_support::weights::Weight;

/// What the pallet's calls and hooks cost.
pub trait WeightInfo {
    /// [`crate::Call::deliver`] with this many leaves: without headers, without looking up the one that the leaves are
    /// proven against, without what the receiver does and without [`WeightInfo::forget`].
    fn deliver(leaves: u32) -> Weight;
    /// Forgetting this many receipts.
    fn forget(receipts: u32) -> Weight;
    /// Sending one message.
    fn send() -> Weight;
    /// The root of a subtree of this many leaves.
    fn root(leaves: u32) -> Weight;
    /// [`crate::Call::pause`].
    fn pause() -> Weight;
    /// [`crate::Call::resume`].
    fn resume() -> Weight;
    /// [`crate::Call::resolve`], without what the light client does.
    fn resolve() -> Weight;
}
