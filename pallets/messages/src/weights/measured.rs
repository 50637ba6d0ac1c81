//! Measured weights of `pallet_messages`. Written by scripts/weights: whatever is changed by hand is lost.
//!
//! | | |
//! |---|---|
//! | date | 2026-11-23 |
//! | command | `scripts/weights --steps 20 --repeat 10 messages` |
//! | chain | electricity, release build |
//! | processor | AMD EPYC, 2 threads |
//! | tool | frame-benchmarking-cli 64.0.0, wasm execution Compiled |

use super::WeightInfo;
use core::marker::PhantomData;
use polkadot_sdk::{
    frame_support::{
        traits::Get,
        weights::{constants::ParityDbWeight, Weight},
    },
    frame_system,
};

/// What was measured, and the reads and writes with it at the database's weights that the runtime states.
pub struct Measured<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for Measured<T> {
    /// Storage: `LightClient::AnchorOf` (r:1 w:0)
    /// Proof: `LightClient::AnchorOf` (`max_values`: Some(1), `max_size`: Some(84), added: 579, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::PausedUntil` (r:1 w:0)
    /// Proof: `Lanes::PausedUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::ConflictOf` (r:1 w:0)
    /// Proof: `LightClient::ConflictOf` (`max_values`: Some(1), `max_size`: Some(44), added: 539, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Best` (r:1 w:0)
    /// Proof: `LightClient::Best` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Headers` (r:1 w:0)
    /// Proof: `LightClient::Headers` (`max_values`: None, `max_size`: Some(277), added: 2752, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Canonical` (r:1 w:0)
    /// Proof: `LightClient::Canonical` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::Deficit` (r:1 w:0)
    /// Proof: `Lanes::Deficit` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::Received` (r:1 w:1)
    /// Proof: `Lanes::Received` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `System::BlockHash` (r:1 w:0)
    /// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::LastReceived` (r:1 w:1)
    /// Proof: `Lanes::LastReceived` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::Acknowledged` (r:1 w:1)
    /// Proof: `Lanes::Acknowledged` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalReceived` (r:1 w:1)
    /// Proof: `Peg::TotalReceived` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::ReceiptLeaves` (r:1 w:1)
    /// Proof: `Lanes::ReceiptLeaves` (`max_values`: Some(1), `max_size`: Some(32770), added: 33265, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalRefused` (r:1 w:1)
    /// Proof: `Peg::TotalRefused` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::Receipts` (r:0 w:64)
    /// Proof: `Lanes::Receipts` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::OutboxRoot` (r:0 w:1)
    /// Proof: `Lanes::OutboxRoot` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Measured for `l` from 1 to 32.
    fn deliver(l: u32) -> Weight {
        // At least 478_453_000 ps.
        Weight::from_parts(257_180_625, 34_255)
            // Standard error: 2_983_013.
            .saturating_add(Weight::from_parts(291_390_390, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(15))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes(u64::from(l).saturating_mul(2)))
    }

    /// Storage: `Lanes::Receipts` (r:0 w:1024)
    /// Proof: `Lanes::Receipts` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    /// Measured for `r` from 1 to 1024.
    fn forget(r: u32) -> Weight {
        // At least 8_673_000 ps.
        Weight::from_parts(24_699_576, 0)
            // Standard error: 21_497.
            .saturating_add(Weight::from_parts(1_610_594, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().writes(u64::from(r).saturating_mul(1)))
    }

    /// Storage: `LightClient::AnchorOf` (r:1 w:0)
    /// Proof: `LightClient::AnchorOf` (`max_values`: Some(1), `max_size`: Some(84), added: 579, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::PausedUntil` (r:1 w:0)
    /// Proof: `Lanes::PausedUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::ConflictOf` (r:1 w:0)
    /// Proof: `LightClient::ConflictOf` (`max_values`: Some(1), `max_size`: Some(44), added: 539, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::Sent` (r:1 w:1)
    /// Proof: `Lanes::Sent` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::LastSent` (r:1 w:1)
    /// Proof: `Lanes::LastSent` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::Settled` (r:1 w:0)
    /// Proof: `Lanes::Settled` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `System::BlockHash` (r:1 w:0)
    /// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::MessageLeaves` (r:1 w:1)
    /// Proof: `Lanes::MessageLeaves` (`max_values`: Some(1), `max_size`: Some(32770), added: 33265, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::Outbox` (r:0 w:1)
    /// Proof: `Lanes::Outbox` (`max_values`: None, `max_size`: Some(193), added: 2668, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::OutboxRoot` (r:0 w:1)
    /// Proof: `Lanes::OutboxRoot` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    fn send() -> Weight {
        // At least 29_063_000 ps.
        Weight::from_parts(46_138_000, 34_255)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    /// Storage: `Lanes::OutboxRoot` (r:1 w:1)
    /// Proof: `Lanes::OutboxRoot` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalSent` (r:1 w:0)
    /// Proof: `Peg::TotalSent` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalReceived` (r:1 w:0)
    /// Proof: `Peg::TotalReceived` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::Sent` (r:1 w:0)
    /// Proof: `Lanes::Sent` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::LastSent` (r:1 w:0)
    /// Proof: `Lanes::LastSent` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::Received` (r:1 w:0)
    /// Proof: `Lanes::Received` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::LastReceived` (r:1 w:0)
    /// Proof: `Lanes::LastReceived` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::ReceiptLeaves` (r:1 w:0)
    /// Proof: `Lanes::ReceiptLeaves` (`max_values`: Some(1), `max_size`: Some(32770), added: 33265, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::MessageLeaves` (r:1 w:0)
    /// Proof: `Lanes::MessageLeaves` (`max_values`: Some(1), `max_size`: Some(32770), added: 33265, mode: `MaxEncodedLen`)
    /// Measured for `l` from 1 to 2049.
    fn root(l: u32) -> Weight {
        // At least 17_466_000 ps.
        Weight::from_parts(36_825_413, 34_255)
            // Standard error: 5_287.
            .saturating_add(Weight::from_parts(2_608_302, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `Lanes::PausedUntil` (r:1 w:1)
    /// Proof: `Lanes::PausedUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::NextPause` (r:1 w:1)
    /// Proof: `Lanes::NextPause` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn pause() -> Weight {
        // At least 6_670_000 ps.
        Weight::from_parts(7_791_000, 1_489)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// Storage: `Lanes::PausedUntil` (r:1 w:1)
    /// Proof: `Lanes::PausedUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::NextPause` (r:1 w:1)
    /// Proof: `Lanes::NextPause` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn resume() -> Weight {
        // At least 8_402_000 ps.
        Weight::from_parts(9_424_000, 1_489)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// Storage: `LightClient::AnchorOf` (r:1 w:0)
    /// Proof: `LightClient::AnchorOf` (`max_values`: Some(1), `max_size`: Some(84), added: 579, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::ConflictOf` (r:1 w:0)
    /// Proof: `LightClient::ConflictOf` (`max_values`: Some(1), `max_size`: Some(44), added: 539, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Best` (r:1 w:0)
    /// Proof: `LightClient::Best` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Headers` (r:1 w:0)
    /// Proof: `LightClient::Headers` (`max_values`: None, `max_size`: Some(277), added: 2752, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Canonical` (r:1 w:0)
    /// Proof: `LightClient::Canonical` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::Received` (r:1 w:0)
    /// Proof: `Lanes::Received` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::LastReceived` (r:1 w:0)
    /// Proof: `Lanes::LastReceived` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `System::BlockHash` (r:1 w:0)
    /// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalSent` (r:1 w:0)
    /// Proof: `Peg::TotalSent` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalReceived` (r:1 w:0)
    /// Proof: `Peg::TotalReceived` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::Deficit` (r:1 w:1)
    /// Proof: `Lanes::Deficit` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    fn resolve() -> Weight {
        // At least 114_020_000 ps.
        Weight::from_parts(122_473_000, 3_742)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}

/// The same on ParityDB, for mocks.
impl WeightInfo for () {
    fn deliver(l: u32) -> Weight {
        Weight::from_parts(257_180_625, 34_255)
            .saturating_add(Weight::from_parts(291_390_390, 0).saturating_mul(l.into()))
            .saturating_add(ParityDbWeight::get().reads(15))
            .saturating_add(ParityDbWeight::get().writes(7))
            .saturating_add(ParityDbWeight::get().writes(u64::from(l).saturating_mul(2)))
    }

    fn forget(r: u32) -> Weight {
        Weight::from_parts(24_699_576, 0)
            .saturating_add(Weight::from_parts(1_610_594, 0).saturating_mul(r.into()))
            .saturating_add(ParityDbWeight::get().writes(u64::from(r).saturating_mul(1)))
    }

    fn send() -> Weight {
        Weight::from_parts(46_138_000, 34_255)
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().writes(5))
    }

    fn root(l: u32) -> Weight {
        Weight::from_parts(36_825_413, 34_255)
            .saturating_add(Weight::from_parts(2_608_302, 0).saturating_mul(l.into()))
            .saturating_add(ParityDbWeight::get().reads(9))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn pause() -> Weight {
        Weight::from_parts(7_791_000, 1_489)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(2))
    }

    fn resume() -> Weight {
        Weight::from_parts(9_424_000, 1_489)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(2))
    }

    fn resolve() -> Weight {
        Weight::from_parts(122_473_000, 3_742)
            .saturating_add(ParityDbWeight::get().reads(12))
            .saturating_add(ParityDbWeight::get().writes(1))
    }
}
