//! Weights.
//!
//! Estimates: reads and writes counted from the code, times rounded up by at least a factor of two.

use gridpeg_copula::claim::MAX_OBSERVATIONS;
use polkadot_sdk::frame_support::weights::{constants::ParityDbWeight, Weight};

/// What the pallet's call, and what others have it do, costs.
pub trait WeightInfo {
    /// A report that makes no pair.
    fn observe() -> Weight;
    /// What a pair costs in addition, added to a window of this many.
    fn append(pairs: u32) -> Weight;
    /// The start of a block with the window of the block before.
    fn keep() -> Weight;
    /// The start of a block with a new window of this many pairs.
    fn refresh(pairs: u32) -> Weight;
}

/// The most that a report can cost.
pub fn most<W: WeightInfo>() -> Weight {
    W::observe().saturating_add(W::append(MAX_OBSERVATIONS))
}

/// Estimates for ParityDB.
pub struct Estimated;

impl WeightInfo for Estimated {
    fn observe() -> Weight {
        // Reads: the clock, settings, floor, open periods (64 of at most 28 bytes). Writes: open periods, floor.
        Weight::from_parts(60_000_000, 4_000).saturating_add(ParityDbWeight::get().reads_writes(4, 2))
    }

    fn append(pairs: u32) -> Weight {
        // 24 bytes a pair, read and written; an event for each of up to 64 periods that are given up. Writes: pairs,
        // floor, the mark.
        Weight::from_parts(200_000_000, 28_000)
            .saturating_add(Weight::from_parts(200_000, 0).saturating_mul(pairs.into()))
            .saturating_add(ParityDbWeight::get().reads_writes(1, 3))
    }

    fn keep() -> Weight {
        // Reads: the mark.
        Weight::from_parts(5_000_000, 1_000).saturating_add(ParityDbWeight::get().reads(1))
    }

    fn refresh(pairs: u32) -> Weight {
        // Per pair: its place among the sorted prices of both sides and the kernels that reach it, at most all 1024,
        // at 5 ns each; two ranks, one log-density. Reads: the mark, pairs, revision. Writes: u-values, reference,
        // revision, the mark.
        Weight::from_parts(50_000_000, 28_000)
            .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(pairs.into()))
            .saturating_add(ParityDbWeight::get().reads_writes(3, 4))
    }
}

impl WeightInfo for () {
    fn observe() -> Weight {
        Estimated::observe()
    }
    fn append(pairs: u32) -> Weight {
        Estimated::append(pairs)
    }
    fn keep() -> Weight {
        Estimated::keep()
    }
    fn refresh(pairs: u32) -> Weight {
        Estimated::refresh(pairs)
    }
}
