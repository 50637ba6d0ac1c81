//! Weights.
//!
//! Estimates: reads and writes counted from the code, times rounded up by at least a factor of two.

use polkadot_sdk::frame_support::weights::{constants::ParityDbWeight, Weight};

/// What the pallet's hooks cost.
pub trait WeightInfo {
    /// Target, author and reward of one block.
    fn block() -> Weight;
    /// Evaluating a claim on this many pairs.
    fn analyse(pairs: u32) -> Weight;
}

/// Estimates for ParityDB.
pub struct Estimated;

impl WeightInfo for Estimated {
    fn block() -> Weight {
        // One transfer, one retarget in 512-bit integers.
        Weight::from_parts(150_000_000, 8_000).saturating_add(ParityDbWeight::get().reads_writes(8, 6))
    }

    fn analyse(pairs: u32) -> Weight {
        // A log-density takes 0.3 µs in wasm at most (Student-t), and as much again for a quantile that is no table's;
        // five times that. Reads: u-values, reference, revision, the best claim. Writes: the best claim, the analysis.
        Weight::from_parts(20_000_000, 12_000)
            .saturating_add(Weight::from_parts(3_000_000, 0).saturating_mul(pairs.into()))
            .saturating_add(ParityDbWeight::get().reads_writes(5, 2))
    }
}

impl WeightInfo for () {
    fn block() -> Weight {
        Estimated::block()
    }
    fn analyse(pairs: u32) -> Weight {
        Estimated::analyse(pairs)
    }
}
