//! Weights. `scripts/weights` has measured them, see `docs/weights.md`.

mod measured;

pub use measured::Measured;

use polkadot_sdk::frame_support::weights::Weight;

/// What the pallet's calls and hooks cost.
pub trait WeightInfo {
    /// [`crate::Call::place`].
    fn place() -> Weight;
    /// [`crate::Call::replace`].
    fn replace() -> Weight;
    /// [`crate::Call::cancel`].
    fn cancel() -> Weight;
    /// [`crate::Call::pay_arrears`].
    fn pay_arrears() -> Weight;
    /// [`crate::Call::collect`].
    fn collect() -> Weight;
    /// [`crate::Call::set_terms`].
    fn set_terms() -> Weight;
    /// [`crate::Call::set_grid`].
    fn set_grid() -> Weight;
    /// A hook that finds nothing to do.
    fn work() -> Weight;
    /// Passing by a slot without books, or taking up a book.
    fn pass_slot() -> Weight;
    /// A portion of the matching in which so many steps make a trade, and others none.
    fn clear(trades: u32, others: u32) -> Weight;
    /// An order that leaves its cleared book.
    fn empty_order() -> Weight;
    /// A book from which all orders have left.
    fn close_book() -> Weight;
    /// Reporting a clearing period.
    fn report_period() -> Weight;
    /// Forgetting an account that traded in a clearing period.
    fn forget_party() -> Weight;
    /// Taking up a slot to settle, its next book, and closing it.
    fn settle_slot() -> Weight;
    /// Settling a trade.
    fn settle_trade() -> Weight;
    /// Billing a site.
    fn bill_site() -> Weight;
    /// Forgetting a trade.
    fn prune_trade() -> Weight;
    /// Forgetting a bill.
    fn prune_bill() -> Weight;
    /// Forgetting a slot of which nothing is left.
    fn prune_slot() -> Weight;
    /// The root of a subtree of this many leaves.
    fn root(leaves: u32) -> Weight;
}
