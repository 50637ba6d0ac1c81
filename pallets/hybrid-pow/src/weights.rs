//! Weights.
//!
//! Estimates: reads and writes counted from the code, times rounded up by at least a factor of two.

use polkadot_sdk::frame_support::weights::{constants::ParityDbWeight, Weight};

/// What the pallet's hooks cost.
pub trait WeightInfo {
    /// Target, author and reward of one block.
    fn block() -> Weight;
}

/// Estimates for ParityDB.
pub struct Estimated;

impl WeightInfo for Estimated {
    fn block() -> Weight {
        // One transfer, one retarget in 512-bit integers.
        Weight::from_parts(150_000_000, 8_000).saturating_add(ParityDbWeight::get().reads_writes(8, 6))
    }
}

impl WeightInfo for () {
    fn block() -> Weight {
        Estimated::block()
    }
}
