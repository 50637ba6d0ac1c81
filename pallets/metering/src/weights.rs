//! Weights. `scripts/weights` has measured them, see `docs/weights.md`.

mod measured;

pub use measured::Measured;

use polkadot_sdk::frame_support::weights::Weight;

/// What the pallet's calls and hooks, and what others ask of it, cost.
pub trait WeightInfo {
    /// [`crate::Call::register_feeder`] with this many buses.
    fn register_feeder(buses: u32) -> Weight;
    /// [`crate::Call::set_operator`].
    fn set_operator() -> Weight;
    /// [`crate::Call::register_site`].
    fn register_site() -> Weight;
    /// [`crate::Call::register_meter`].
    fn register_meter() -> Weight;
    /// [`crate::Call::replace_meter`].
    fn replace_meter() -> Weight;
    /// [`crate::Call::retire_meter`].
    fn retire_meter() -> Weight;
    /// [`crate::Call::set_key`].
    fn set_key() -> Weight;
    /// [`crate::Call::set_mode`].
    fn set_mode() -> Weight;
    /// [`crate::Call::propose_owner`].
    fn propose_owner() -> Weight;
    /// [`crate::Call::recover_owner`].
    fn recover_owner() -> Weight;
    /// [`crate::Call::cancel_owner`].
    fn cancel_owner() -> Weight;
    /// [`crate::Call::confirm_owner`].
    fn confirm_owner() -> Weight;
    /// [`crate::Call::submit_readings`] with this many.
    fn submit_readings(readings: u32) -> Weight;
    /// [`crate::Call::close_year`], without what becomes of the statement.
    fn close_year() -> Weight;
    /// Time left over in a block in which this many readings are pruned.
    fn prune(readings: u32) -> Weight;
    /// Anything that the market asks or says.
    fn ask() -> Weight;
    /// A feeder's tables.
    fn tables() -> Weight;
}
