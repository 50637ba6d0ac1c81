//! Measured weights of `pallet_peg`. Written by scripts/weights: whatever is changed by hand is lost.
//!
//! | | |
//! |---|---|
//! | date | 2026-11-23 |
//! | command | `scripts/weights --steps 20 --repeat 10 peg` |
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
    /// Storage: `Peg::LimitsOf` (r:1 w:0)
    /// Proof: `Peg::LimitsOf` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Peg::Genesis` (r:1 w:0)
    /// Proof: `Peg::Genesis` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalSent` (r:1 w:1)
    /// Proof: `Peg::TotalSent` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalPaid` (r:1 w:0)
    /// Proof: `Peg::TotalPaid` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalReturned` (r:1 w:0)
    /// Proof: `Peg::TotalReturned` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    fn transfer() -> Weight {
        // At least 52_488_000 ps.
        Weight::from_parts(54_751_000, 6_196)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// Storage: `LightClient::ConflictOf` (r:1 w:0)
    /// Proof: `LightClient::ConflictOf` (`max_values`: Some(1), `max_size`: Some(44), added: 539, mode: `MaxEncodedLen`)
    /// Storage: `Peg::Unclaimed` (r:1 w:1)
    /// Proof: `Peg::Unclaimed` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    /// Storage: `Peg::Genesis` (r:1 w:0)
    /// Proof: `Peg::Genesis` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalSent` (r:1 w:0)
    /// Proof: `Peg::TotalSent` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalPaid` (r:1 w:1)
    /// Proof: `Peg::TotalPaid` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalReturned` (r:1 w:1)
    /// Proof: `Peg::TotalReturned` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalUnreturned` (r:1 w:1)
    /// Proof: `Peg::TotalUnreturned` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalUnclaimed` (r:1 w:1)
    /// Proof: `Peg::TotalUnclaimed` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    fn claim() -> Weight {
        // At least 107_980_000 ps.
        Weight::from_parts(114_020_000, 6_196)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    /// Storage: `Peg::LimitsOf` (r:0 w:1)
    /// Proof: `Peg::LimitsOf` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    fn set_limits() -> Weight {
        // At least 3_946_000 ps.
        Weight::from_parts(5_097_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `Peg::TotalReceived` (r:1 w:1)
    /// Proof: `Peg::TotalReceived` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::QueueTail` (r:1 w:0)
    /// Proof: `Peg::QueueTail` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Peg::PeriodOf` (r:1 w:1)
    /// Proof: `Peg::PeriodOf` (`max_values`: Some(1), `max_size`: Some(20), added: 515, mode: `MaxEncodedLen`)
    /// Storage: `Peg::QueueHead` (r:1 w:0)
    /// Proof: `Peg::QueueHead` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Peg::LimitsOf` (r:1 w:0)
    /// Proof: `Peg::LimitsOf` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `Peg::Genesis` (r:1 w:0)
    /// Proof: `Peg::Genesis` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalSent` (r:1 w:0)
    /// Proof: `Peg::TotalSent` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalPaid` (r:1 w:1)
    /// Proof: `Peg::TotalPaid` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalReturned` (r:1 w:0)
    /// Proof: `Peg::TotalReturned` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    fn receive_transfer() -> Weight {
        // At least 58_777_000 ps.
        Weight::from_parts(63_174_000, 6_196)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    /// Storage: `Peg::Genesis` (r:1 w:0)
    /// Proof: `Peg::Genesis` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalSent` (r:1 w:0)
    /// Proof: `Peg::TotalSent` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalPaid` (r:1 w:0)
    /// Proof: `Peg::TotalPaid` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalReturned` (r:1 w:1)
    /// Proof: `Peg::TotalReturned` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    fn settle_transfer() -> Weight {
        // At least 53_639_000 ps.
        Weight::from_parts(57_395_000, 6_196)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// Storage: `Peg::LimitsOf` (r:1 w:0)
    /// Proof: `Peg::LimitsOf` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `Peg::PeriodOf` (r:1 w:1)
    /// Proof: `Peg::PeriodOf` (`max_values`: Some(1), `max_size`: Some(20), added: 515, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::ConflictOf` (r:1 w:0)
    /// Proof: `LightClient::ConflictOf` (`max_values`: Some(1), `max_size`: Some(44), added: 539, mode: `MaxEncodedLen`)
    /// Storage: `Peg::QueueHead` (r:1 w:1)
    /// Proof: `Peg::QueueHead` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Peg::Queue` (r:16 w:16)
    /// Proof: `Peg::Queue` (`max_values`: None, `max_size`: Some(72), added: 2547, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalQueued` (r:1 w:1)
    /// Proof: `Peg::TotalQueued` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::Genesis` (r:1 w:0)
    /// Proof: `Peg::Genesis` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalSent` (r:1 w:0)
    /// Proof: `Peg::TotalSent` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalPaid` (r:1 w:1)
    /// Proof: `Peg::TotalPaid` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Peg::TotalReturned` (r:1 w:0)
    /// Proof: `Peg::TotalReturned` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:17 w:17)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Measured for `p` from 0 to 16.
    fn serve_queue(p: u32) -> Weight {
        // At least 7_782_000 ps.
        Weight::from_parts(19_383_242, 3_748)
            // Standard error: 208_157.
            .saturating_add(Weight::from_parts(66_926_579, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(0, 2_603).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().reads(u64::from(p).saturating_mul(2)))
            .saturating_add(T::DbWeight::get().writes(5))
            .saturating_add(T::DbWeight::get().writes(u64::from(p).saturating_mul(2)))
    }
}

/// The same on ParityDB, for mocks.
impl WeightInfo for () {
    fn transfer() -> Weight {
        Weight::from_parts(54_751_000, 6_196)
            .saturating_add(ParityDbWeight::get().reads(7))
            .saturating_add(ParityDbWeight::get().writes(3))
    }

    fn claim() -> Weight {
        Weight::from_parts(114_020_000, 6_196)
            .saturating_add(ParityDbWeight::get().reads(10))
            .saturating_add(ParityDbWeight::get().writes(7))
    }

    fn set_limits() -> Weight {
        Weight::from_parts(5_097_000, 0).saturating_add(ParityDbWeight::get().writes(1))
    }

    fn receive_transfer() -> Weight {
        Weight::from_parts(63_174_000, 6_196)
            .saturating_add(ParityDbWeight::get().reads(11))
            .saturating_add(ParityDbWeight::get().writes(5))
    }

    fn settle_transfer() -> Weight {
        Weight::from_parts(57_395_000, 6_196)
            .saturating_add(ParityDbWeight::get().reads(6))
            .saturating_add(ParityDbWeight::get().writes(3))
    }

    fn serve_queue(p: u32) -> Weight {
        Weight::from_parts(19_383_242, 3_748)
            .saturating_add(Weight::from_parts(66_926_579, 0).saturating_mul(p.into()))
            .saturating_add(Weight::from_parts(0, 2_603).saturating_mul(p.into()))
            .saturating_add(ParityDbWeight::get().reads(11))
            .saturating_add(ParityDbWeight::get().reads(u64::from(p).saturating_mul(2)))
            .saturating_add(ParityDbWeight::get().writes(5))
            .saturating_add(ParityDbWeight::get().writes(u64::from(p).saturating_mul(2)))
    }
}
