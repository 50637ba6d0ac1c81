//! Weights.
//!
//! Estimates: reads and writes counted from the code, times rounded up by at least a factor of two.

use polkadot_sdk::frame_support::weights::{constants::ParityDbWeight, Weight};

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

/// Estimates for ParityDB.
pub struct Estimated;

impl WeightInfo for Estimated {
    fn schedule() -> Weight {
        // Reads: scheduled, authorised, delay. Writes: scheduled.
        Weight::from_parts(50_000_000, 4_000).saturating_add(ParityDbWeight::get().reads_writes(3, 1))
    }

    fn cancel() -> Weight {
        // Reads: scheduled, authorised. Writes: the one that was there.
        Weight::from_parts(50_000_000, 4_000).saturating_add(ParityDbWeight::get().reads_writes(2, 1))
    }

    fn idle() -> Weight {
        Weight::from_parts(5_000_000, 2_000).saturating_add(ParityDbWeight::get().reads(1))
    }

    fn authorize() -> Weight {
        // Reads: scheduled. Writes: scheduled, authorised.
        Weight::from_parts(50_000_000, 4_000).saturating_add(ParityDbWeight::get().reads_writes(1, 2))
    }
}

impl WeightInfo for () {
    fn schedule() -> Weight {
        Estimated::schedule()
    }
    fn cancel() -> Weight {
        Estimated::cancel()
    }
    fn idle() -> Weight {
        Estimated::idle()
    }
    fn authorize() -> Weight {
        Estimated::authorize()
    }
}
