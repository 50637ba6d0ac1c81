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
    /// Dropping this many heights with as many headers each.
    fn prune(heights: u32, forks: u32) -> Weight;
    /// Making room at full heights: reading this many stored headers, and dropping as many.
    fn make_room(read: u32, dropped: u32) -> Weight;
    /// Looking up a confirmed header and checking an ancestor of it by the longest proof, or ending a conflict.
    fn proof() -> Weight;
}

/// Estimates for ParityDB.
pub struct Estimated;

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

    fn prune(heights: u32, forks: u32) -> Weight {
        ParityDbWeight::get().reads_writes(1, u64::from(forks).saturating_add(2)).saturating_mul(heights.into())
    }

    fn make_room(read: u32, dropped: u32) -> Weight {
        // A height is read for at least one header. One that is dropped is written, and so is its height.
        let read =
            Weight::from_parts(2_000_000, 0).saturating_add(ParityDbWeight::get().reads(2)).saturating_mul(read.into());
        read.saturating_add(ParityDbWeight::get().writes(2).saturating_mul(dropped.into()))
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
    fn prune(heights: u32, forks: u32) -> Weight {
        Estimated::prune(heights, forks)
    }
    fn make_room(read: u32, dropped: u32) -> Weight {
        Estimated::make_room(read, dropped)
    }
    fn proof() -> Weight {
        Estimated::proof()
    }
}
