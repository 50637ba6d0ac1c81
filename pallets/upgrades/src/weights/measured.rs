//! Measured weights of `pallet_upgrades`. Written by scripts/weights: whatever is changed by hand is lost.
//!
//! | | |
//! |---|---|
//! | date | 2026-11-23 |
//! | command | `scripts/weights --steps 20 --repeat 10 upgrades` |
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
    /// Storage: `Upgrades::Scheduled` (r:1 w:1)
    /// Proof: `Upgrades::Scheduled` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `System::AuthorizedUpgrade` (r:1 w:0)
    /// Proof: `System::AuthorizedUpgrade` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
    /// Storage: `Upgrades::Delay` (r:1 w:0)
    /// Proof: `Upgrades::Delay` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn schedule() -> Weight {
        // At least 8_713_000 ps.
        Weight::from_parts(14_762_000, 1_521)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `Upgrades::Scheduled` (r:1 w:0)
    /// Proof: `Upgrades::Scheduled` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `System::AuthorizedUpgrade` (r:1 w:1)
    /// Proof: `System::AuthorizedUpgrade` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
    fn cancel() -> Weight {
        // At least 8_283_000 ps.
        Weight::from_parts(11_888_000, 1_521)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `Upgrades::Scheduled` (r:1 w:0)
    /// Proof: `Upgrades::Scheduled` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    fn idle() -> Weight {
        // At least 3_055_000 ps.
        Weight::from_parts(4_016_000, 1_521).saturating_add(T::DbWeight::get().reads(1))
    }

    /// Storage: `Upgrades::Scheduled` (r:1 w:1)
    /// Proof: `Upgrades::Scheduled` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `System::AuthorizedUpgrade` (r:0 w:1)
    /// Proof: `System::AuthorizedUpgrade` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
    fn authorize() -> Weight {
        // At least 8_542_000 ps.
        Weight::from_parts(14_652_000, 1_521)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}

/// The same on ParityDB, for mocks.
impl WeightInfo for () {
    fn schedule() -> Weight {
        Weight::from_parts(14_762_000, 1_521)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn cancel() -> Weight {
        Weight::from_parts(11_888_000, 1_521)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn idle() -> Weight {
        Weight::from_parts(4_016_000, 1_521).saturating_add(ParityDbWeight::get().reads(1))
    }

    fn authorize() -> Weight {
        Weight::from_parts(14_652_000, 1_521)
            .saturating_add(ParityDbWeight::get().reads(1))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
}
