//! Weights.
//!
//! Estimates: reads and writes counted from the code, times rounded up by at least a factor of two.

use polkadot_sdk::frame_support::weights::{constants::ParityDbWeight, Weight};

/// What the pallet's calls cost.
pub trait WeightInfo {
    /// [`crate::Call::transfer`], without the message.
    fn transfer() -> Weight;
    /// [`crate::Call::claim`].
    fn claim() -> Weight;
    /// Acting on a received transfer.
    fn receive_transfer() -> Weight;
}

/// Estimates for ParityDB.
pub struct Estimated;

impl WeightInfo for Estimated {
    fn transfer() -> Weight {
        Weight::from_parts(100_000_000, 8_000).saturating_add(ParityDbWeight::get().reads_writes(4, 4))
    }
    fn claim() -> Weight {
        Weight::from_parts(80_000_000, 8_000).saturating_add(ParityDbWeight::get().reads_writes(4, 4))
    }
    fn receive_transfer() -> Weight {
        Weight::from_parts(80_000_000, 8_000).saturating_add(ParityDbWeight::get().reads_writes(5, 5))
    }
}

impl WeightInfo for () {
    fn transfer() -> Weight {
        Estimated::transfer()
    }
    fn claim() -> Weight {
        Estimated::claim()
    }
    fn receive_transfer() -> Weight {
        Estimated::receive_transfer()
    }
}
