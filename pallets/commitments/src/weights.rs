//! Weights.
//!
//! Estimates: reads and writes counted from the code, times from the operations' measured costs on one core of 2.5 GHz
//! (BLAKE2b-256 of 150 bytes in wasm: 2 µs), rounded up by at least a factor of two.

use polkadot_sdk::frame_support::weights::{constants::ParityDbWeight, Weight};

/// What the pallet's hooks cost.
pub trait WeightInfo {
    /// Appending the parent and writing the digest, without the subtrees.
    fn commit() -> Weight;
}

/// Estimates for ParityDB.
pub struct Estimated;

impl WeightInfo for Estimated {
    fn commit() -> Weight {
        // At most 32 merges to append and 32 to bag.
        Weight::from_parts(300_000_000, 4_000).saturating_add(ParityDbWeight::get().reads_writes(5, 3))
    }
}

impl WeightInfo for () {
    fn commit() -> Weight {
        Estimated::commit()
    }
}
