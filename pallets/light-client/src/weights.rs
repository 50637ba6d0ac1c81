//! Weights. `scripts/weights` has measured them, see `docs/weights.md`.

mod measured;

pub use measured::Measured;

use polkadot_sdk::frame_support::weights::Weight;

/// What the pallet's calls cost.
pub trait WeightInfo {
    /// [`crate::Call::anchor`].
    fn anchor() -> Weight;
    /// [`crate::Call::submit_headers`] with this many headers, without what follows.
    fn submit_headers(headers: u32) -> Weight;
    /// Rewriting the heaviest branch at this many heights.
    fn follow(steps: u32) -> Weight;
    /// Looking at this many heights for the highest confirmed header.
    fn confirm(heights: u32) -> Weight;
    /// Dropping this many heights, each with as many headers as there can be.
    fn prune(heights: u32) -> Weight;
    /// Reading what is kept at this many heights, each with as many headers as there can be: to make room at one.
    fn read_forks(heights: u32) -> Weight;
    /// Dropping this many headers of a fork, to make room.
    fn drop_forks(headers: u32) -> Weight;
    /// Looking up a confirmed header and checking an ancestor of it by the longest proof, or ending a conflict.
    fn proof() -> Weight;
}
