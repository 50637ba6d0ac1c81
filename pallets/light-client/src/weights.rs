//! Weights.
//!
//! Estimates: reads and writes counted from the code, times from the operations' measured costs on one core of 2.5 GHz
//! (hashing and decoding a header of 1 KiB in wasm: 30 µs), rounded up by at least a factor of two.

use polkadot_sdk::frame_support::weights::{constants::ParityDbWeight, Weight};

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

/// Estimates for ParityDB.
pub struct Estimated;

/// Headers at a height, as the runtimes have it.
const FORKS: u64 = 8;

impl WeightInfo for Estimated {
    fn anchor() -> Weight {
        Weight::from_parts(50_000_000, 4_000).saturating_add(ParityDbWeight::get().reads_writes(3, 5))
    }

    fn submit_headers(headers: u32) -> Weight {
        // Per header: parent, own hash, height, canonical entry, best.
        let each = Weight::from_parts(100_000_000, 4_000).saturating_add(ParityDbWeight::get().reads_writes(6, 3));
        // Once: anchor, clock, best, floor; confirmed header and conflict.
        Weight::from_parts(50_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads_writes(8, 4))
            .saturating_add(each.saturating_mul(headers.into()))
    }

    fn follow(steps: u32) -> Weight {
        ParityDbWeight::get().reads_writes(2, 1).saturating_mul(steps.into())
    }

    fn confirm(heights: u32) -> Weight {
        ParityDbWeight::get().reads(2).saturating_mul(heights.into())
    }

    fn prune(heights: u32) -> Weight {
        ParityDbWeight::get().reads_writes(1, FORKS.saturating_add(2)).saturating_mul(heights.into())
    }

    fn read_forks(heights: u32) -> Weight {
        let each =
            Weight::from_parts(20_000_000, 0).saturating_add(ParityDbWeight::get().reads(FORKS.saturating_add(1)));
        each.saturating_mul(heights.into())
    }

    fn drop_forks(headers: u32) -> Weight {
        // The header and its height.
        ParityDbWeight::get().writes(2).saturating_mul(headers.into())
    }

    fn proof() -> Weight {
        // A header of 1 KiB, and a hash of two nodes for each of 66. Reads: anchor, clock, best and its header, the
        // kept header, its height; for the end of a conflict two for each step of a bisection of 2¹⁰ heights.
        Weight::from_parts(500_000_000, 4_000).saturating_add(ParityDbWeight::get().reads_writes(28, 2))
    }
}

impl WeightInfo for () {
    fn anchor() -> Weight {
        Estimated::anchor()
    }
    fn submit_headers(headers: u32) -> Weight {
        Estimated::submit_headers(headers)
    }
    fn follow(steps: u32) -> Weight {
        Estimated::follow(steps)
    }
    fn confirm(heights: u32) -> Weight {
        Estimated::confirm(heights)
    }
    fn prune(heights: u32) -> Weight {
        Estimated::prune(heights)
    }
    fn read_forks(heights: u32) -> Weight {
        Estimated::read_forks(heights)
    }
    fn drop_forks(headers: u32) -> Weight {
        Estimated::drop_forks(headers)
    }
    fn proof() -> Weight {
        Estimated::proof()
    }
}
