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
    /// Leaving a branch of this many headers.
    fn reorganise(depth: u32) -> Weight;
    /// Making room at a full height by walking this many headers.
    fn evict(walked: u32) -> Weight;
}

/// Estimates for ParityDB.
pub struct Estimated;

impl WeightInfo for Estimated {
    fn anchor() -> Weight {
        Weight::from_parts(50_000_000, 4_000).saturating_add(ParityDbWeight::get().reads_writes(3, 5))
    }

    fn submit_headers(headers: u32) -> Weight {
        // Per header: parent, own hash, height, canonical entry; one height pruned with its forks.
        let each = Weight::from_parts(100_000_000, 4_000).saturating_add(ParityDbWeight::get().reads_writes(6, 14));
        Weight::from_parts(50_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads_writes(5, 2))
            .saturating_add(each.saturating_mul(headers.into()))
    }

    fn reorganise(depth: u32) -> Weight {
        ParityDbWeight::get().reads_writes(2, 2).saturating_mul(depth.into())
    }

    fn evict(walked: u32) -> Weight {
        // What is dropped is a part of what is walked: at most one in as many as a height keeps.
        ParityDbWeight::get().reads_writes(1, 0).saturating_mul(walked.into())
    }
}

impl WeightInfo for () {
    fn anchor() -> Weight {
        Estimated::anchor()
    }
    fn submit_headers(headers: u32) -> Weight {
        Estimated::submit_headers(headers)
    }
    fn reorganise(depth: u32) -> Weight {
        Estimated::reorganise(depth)
    }
    fn evict(walked: u32) -> Weight {
        Estimated::evict(walked)
    }
}
