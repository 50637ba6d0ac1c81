//! Weights.
//!
//! Estimates: reads and writes counted from the code, times from the operations' measured costs on one core of 2.5 GHz
//! (BLAKE2b-256 of 100 bytes in wasm: 2 µs), rounded up by at least a factor of two.

use polkadot_sdk::frame_support::weights::{constants::ParityDbWeight, Weight};

/// What the pallet's calls and hooks cost.
pub trait WeightInfo {
    /// [`crate::Call::receive_messages`] with this many messages, without what they do.
    fn receive_messages(messages: u32) -> Weight;
    /// Sending one message.
    fn send() -> Weight;
    /// The root of an outbox of this many messages.
    fn outbox_root(messages: u32) -> Weight;
}

/// Estimates for ParityDB.
pub struct Estimated;

impl WeightInfo for Estimated {
    fn receive_messages(messages: u32) -> Weight {
        // Per message: at most 34 hashes, one counter.
        let each = Weight::from_parts(150_000_000, 0).saturating_add(ParityDbWeight::get().reads_writes(1, 1));
        Weight::from_parts(50_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads(6))
            .saturating_add(each.saturating_mul(messages.into()))
    }

    fn send() -> Weight {
        Weight::from_parts(60_000_000, 40_000).saturating_add(ParityDbWeight::get().reads_writes(4, 4))
    }

    fn outbox_root(messages: u32) -> Weight {
        Weight::from_parts(20_000_000, 40_000)
            .saturating_add(Weight::from_parts(4_000_000, 0).saturating_mul(messages.into()))
            .saturating_add(ParityDbWeight::get().reads_writes(2, 1))
    }
}

impl WeightInfo for () {
    fn receive_messages(messages: u32) -> Weight {
        Estimated::receive_messages(messages)
    }
    fn send() -> Weight {
        Estimated::send()
    }
    fn outbox_root(messages: u32) -> Weight {
        Estimated::outbox_root(messages)
    }
}
