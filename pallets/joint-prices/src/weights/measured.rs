//! Measured weights of `pallet_joint_prices`. Written by scripts/weights: whatever is changed by hand is lost.
//!
//! | | |
//! |---|---|
//! | date | 2026-11-23 |
//! | command | `scripts/weights --steps 20 --repeat 10 joint-prices` |
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
    /// Storage: `JointPrices::SettingsOf` (r:1 w:0)
    /// Proof: `JointPrices::SettingsOf` (`max_values`: Some(1), `max_size`: Some(44), added: 539, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::Floor` (r:1 w:1)
    /// Proof: `JointPrices::Floor` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::Open` (r:1 w:1)
    /// Proof: `JointPrices::Open` (`max_values`: Some(1), `max_size`: Some(1794), added: 2289, mode: `MaxEncodedLen`)
    fn observe() -> Weight {
        // At least 14_201_000 ps.
        Weight::from_parts(15_433_000, 3_279)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// Storage: `JointPrices::SettingsOf` (r:1 w:0)
    /// Proof: `JointPrices::SettingsOf` (`max_values`: Some(1), `max_size`: Some(44), added: 539, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::Floor` (r:1 w:1)
    /// Proof: `JointPrices::Floor` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::Open` (r:1 w:1)
    /// Proof: `JointPrices::Open` (`max_values`: Some(1), `max_size`: Some(1794), added: 2289, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::Pairs` (r:1 w:1)
    /// Proof: `JointPrices::Pairs` (`max_values`: Some(1), `max_size`: Some(24578), added: 25073, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::Dirty` (r:0 w:1)
    /// Proof: `JointPrices::Dirty` (`max_values`: Some(1), `max_size`: Some(1), added: 496, mode: `MaxEncodedLen`)
    /// Measured for `p` from 1 to 1024.
    fn append(p: u32) -> Weight {
        // At least 110_996_000 ps.
        Weight::from_parts(152_155_730, 26_063)
            // Standard error: 1_016.
            .saturating_add(Weight::from_parts(29_311, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    /// Storage: `JointPrices::Dirty` (r:1 w:0)
    /// Proof: `JointPrices::Dirty` (`max_values`: Some(1), `max_size`: Some(1), added: 496, mode: `MaxEncodedLen`)
    fn keep() -> Weight {
        // At least 2_063_000 ps.
        Weight::from_parts(2_985_000, 1_486).saturating_add(T::DbWeight::get().reads(1))
    }

    /// Storage: `JointPrices::Dirty` (r:1 w:1)
    /// Proof: `JointPrices::Dirty` (`max_values`: Some(1), `max_size`: Some(1), added: 496, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::Pairs` (r:1 w:0)
    /// Proof: `JointPrices::Pairs` (`max_values`: Some(1), `max_size`: Some(24578), added: 25073, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::Revision` (r:1 w:1)
    /// Proof: `JointPrices::Revision` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::UValues` (r:0 w:1)
    /// Proof: `JointPrices::UValues` (`max_values`: Some(1), `max_size`: Some(8194), added: 8689, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::Reference` (r:0 w:1)
    /// Proof: `JointPrices::Reference` (`max_values`: Some(1), `max_size`: Some(18), added: 513, mode: `MaxEncodedLen`)
    /// Measured for `p` from 1 to 1024.
    fn refresh(p: u32) -> Weight {
        // At least 7_672_000 ps.
        Weight::from_parts(8_102_000, 26_063)
            // Standard error: 3_581.
            .saturating_add(Weight::from_parts(1_501_083, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(4))
    }
}

/// The same on ParityDB, for mocks.
impl WeightInfo for () {
    fn observe() -> Weight {
        Weight::from_parts(15_433_000, 3_279)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(2))
    }

    fn append(p: u32) -> Weight {
        Weight::from_parts(152_155_730, 26_063)
            .saturating_add(Weight::from_parts(29_311, 0).saturating_mul(p.into()))
            .saturating_add(ParityDbWeight::get().reads(5))
            .saturating_add(ParityDbWeight::get().writes(4))
    }

    fn keep() -> Weight {
        Weight::from_parts(2_985_000, 1_486).saturating_add(ParityDbWeight::get().reads(1))
    }

    fn refresh(p: u32) -> Weight {
        Weight::from_parts(8_102_000, 26_063)
            .saturating_add(Weight::from_parts(1_501_083, 0).saturating_mul(p.into()))
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(4))
    }
}
