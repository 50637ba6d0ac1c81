//! Measured weights of `pallet_metering`. Written by scripts/weights: whatever is changed by hand is lost.
//!
//! | | |
//! |---|---|
//! | date | 2026-11-23 |
//! | command | `scripts/weights --steps 20 --repeat 10 metering` |
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
    /// Storage: `Metering::Next` (r:1 w:1)
    /// Proof: `Metering::Next` (`max_values`: Some(1), `max_size`: Some(12), added: 507, mode: `MaxEncodedLen`)
    /// Storage: `Metering::FeederVoltages` (r:0 w:1)
    /// Proof: `Metering::FeederVoltages` (`max_values`: None, `max_size`: Some(131610), added: 134085, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Feeders` (r:0 w:1)
    /// Proof: `Metering::Feeders` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
    /// Storage: `Metering::FeederLines` (r:0 w:1)
    /// Proof: `Metering::FeederLines` (`max_values`: None, `max_size`: Some(782), added: 3257, mode: `MaxEncodedLen`)
    /// Measured for `b` from 1 to 128.
    fn register_feeder(b: u32) -> Weight {
        // At least 10_515_000 ps.
        Weight::from_parts(11_668_000, 1_497)
            // Standard error: 4_058.
            .saturating_add(Weight::from_parts(1_689_964, 0).saturating_mul(b.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    /// Storage: `Metering::Feeders` (r:1 w:1)
    /// Proof: `Metering::Feeders` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
    fn set_operator() -> Weight {
        // At least 9_094_000 ps.
        Weight::from_parts(15_553_000, 3_513)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `Metering::Feeders` (r:1 w:0)
    /// Proof: `Metering::Feeders` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Next` (r:1 w:1)
    /// Proof: `Metering::Next` (`max_values`: Some(1), `max_size`: Some(12), added: 507, mode: `MaxEncodedLen`)
    /// Storage: `Metering::SitesOf` (r:0 w:1)
    /// Proof: `Metering::SitesOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Sites` (r:0 w:1)
    /// Proof: `Metering::Sites` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    fn register_site() -> Weight {
        // At least 12_649_000 ps.
        Weight::from_parts(17_517_000, 3_513)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(3))
    }

    /// Storage: `Metering::Sites` (r:1 w:0)
    /// Proof: `Metering::Sites` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Feeders` (r:1 w:0)
    /// Proof: `Metering::Feeders` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
    /// Storage: `Metering::SettingsOf` (r:1 w:0)
    /// Proof: `Metering::SettingsOf` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Next` (r:1 w:1)
    /// Proof: `Metering::Next` (`max_values`: Some(1), `max_size`: Some(12), added: 507, mode: `MaxEncodedLen`)
    /// Storage: `Metering::MetersOf` (r:1 w:1)
    /// Proof: `Metering::MetersOf` (`max_values`: None, `max_size`: Some(125), added: 2600, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Settled` (r:1 w:0)
    /// Proof: `Metering::Settled` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Journals` (r:0 w:1)
    /// Proof: `Metering::Journals` (`max_values`: None, `max_size`: Some(166), added: 2641, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Meters` (r:0 w:1)
    /// Proof: `Metering::Meters` (`max_values`: None, `max_size`: Some(95), added: 2570, mode: `MaxEncodedLen`)
    fn register_meter() -> Weight {
        // At least 49_273_000 ps.
        Weight::from_parts(58_908_000, 3_590)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    /// Storage: `Metering::Meters` (r:1 w:2)
    /// Proof: `Metering::Meters` (`max_values`: None, `max_size`: Some(95), added: 2570, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Sites` (r:1 w:0)
    /// Proof: `Metering::Sites` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Feeders` (r:1 w:0)
    /// Proof: `Metering::Feeders` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
    /// Storage: `Metering::SettingsOf` (r:1 w:0)
    /// Proof: `Metering::SettingsOf` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Journals` (r:1 w:2)
    /// Proof: `Metering::Journals` (`max_values`: None, `max_size`: Some(166), added: 2641, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Readings` (r:1 w:0)
    /// Proof: `Metering::Readings` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Months` (r:1 w:1)
    /// Proof: `Metering::Months` (`max_values`: None, `max_size`: Some(40), added: 2515, mode: `MaxEncodedLen`)
    /// Storage: `Metering::MetersOf` (r:1 w:1)
    /// Proof: `Metering::MetersOf` (`max_values`: None, `max_size`: Some(125), added: 2600, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Next` (r:1 w:1)
    /// Proof: `Metering::Next` (`max_values`: Some(1), `max_size`: Some(12), added: 507, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Settled` (r:1 w:0)
    /// Proof: `Metering::Settled` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn replace_meter() -> Weight {
        // At least 82_303_000 ps.
        Weight::from_parts(116_483_000, 3_631)
            .saturating_add(T::DbWeight::get().reads(11))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    /// Storage: `Metering::Meters` (r:1 w:1)
    /// Proof: `Metering::Meters` (`max_values`: None, `max_size`: Some(95), added: 2570, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Sites` (r:1 w:0)
    /// Proof: `Metering::Sites` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Feeders` (r:1 w:0)
    /// Proof: `Metering::Feeders` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
    /// Storage: `Metering::SettingsOf` (r:1 w:0)
    /// Proof: `Metering::SettingsOf` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Journals` (r:1 w:1)
    /// Proof: `Metering::Journals` (`max_values`: None, `max_size`: Some(166), added: 2641, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Readings` (r:1 w:0)
    /// Proof: `Metering::Readings` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Months` (r:1 w:1)
    /// Proof: `Metering::Months` (`max_values`: None, `max_size`: Some(40), added: 2515, mode: `MaxEncodedLen`)
    /// Storage: `Metering::MetersOf` (r:1 w:1)
    /// Proof: `Metering::MetersOf` (`max_values`: None, `max_size`: Some(125), added: 2600, mode: `MaxEncodedLen`)
    fn retire_meter() -> Weight {
        // At least 68_142_000 ps.
        Weight::from_parts(76_474_000, 3_631)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    /// Storage: `Metering::Meters` (r:1 w:1)
    /// Proof: `Metering::Meters` (`max_values`: None, `max_size`: Some(95), added: 2570, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Sites` (r:1 w:0)
    /// Proof: `Metering::Sites` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Feeders` (r:1 w:0)
    /// Proof: `Metering::Feeders` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
    fn set_key() -> Weight {
        // At least 22_804_000 ps.
        Weight::from_parts(40_371_000, 3_560)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `Metering::Sites` (r:1 w:1)
    /// Proof: `Metering::Sites` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    /// Storage: `Metering::SettingsOf` (r:1 w:0)
    /// Proof: `Metering::SettingsOf` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Settled` (r:1 w:0)
    /// Proof: `Metering::Settled` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn set_mode() -> Weight {
        // At least 14_882_000 ps.
        Weight::from_parts(17_456_000, 3_523)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `Metering::Sites` (r:1 w:0)
    /// Proof: `Metering::Sites` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Proposals` (r:0 w:1)
    /// Proof: `Metering::Proposals` (`max_values`: None, `max_size`: Some(53), added: 2528, mode: `MaxEncodedLen`)
    fn propose_owner() -> Weight {
        // At least 9_714_000 ps.
        Weight::from_parts(15_433_000, 3_523)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `Metering::Sites` (r:1 w:0)
    /// Proof: `Metering::Sites` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Feeders` (r:1 w:0)
    /// Proof: `Metering::Feeders` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Metering::SettingsOf` (r:1 w:0)
    /// Proof: `Metering::SettingsOf` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Proposals` (r:0 w:1)
    /// Proof: `Metering::Proposals` (`max_values`: None, `max_size`: Some(53), added: 2528, mode: `MaxEncodedLen`)
    fn recover_owner() -> Weight {
        // At least 16_084_000 ps.
        Weight::from_parts(26_389_000, 3_523)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `Metering::Sites` (r:1 w:0)
    /// Proof: `Metering::Sites` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Feeders` (r:1 w:0)
    /// Proof: `Metering::Feeders` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Proposals` (r:1 w:1)
    /// Proof: `Metering::Proposals` (`max_values`: None, `max_size`: Some(53), added: 2528, mode: `MaxEncodedLen`)
    fn cancel_owner() -> Weight {
        // At least 15_102_000 ps.
        Weight::from_parts(24_466_000, 3_523)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `Metering::Sites` (r:1 w:1)
    /// Proof: `Metering::Sites` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Feeders` (r:1 w:0)
    /// Proof: `Metering::Feeders` (`max_values`: None, `max_size`: Some(48), added: 2523, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Proposals` (r:1 w:1)
    /// Proof: `Metering::Proposals` (`max_values`: None, `max_size`: Some(53), added: 2528, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Metering::SitesOf` (r:0 w:2)
    /// Proof: `Metering::SitesOf` (`max_values`: None, `max_size`: Some(52), added: 2527, mode: `MaxEncodedLen`)
    fn confirm_owner() -> Weight {
        // At least 22_965_000 ps.
        Weight::from_parts(37_756_000, 3_523)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    /// Storage: `Metering::SettingsOf` (r:1 w:0)
    /// Proof: `Metering::SettingsOf` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `System::BlockHash` (r:1 w:0)
    /// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Meters` (r:256 w:0)
    /// Proof: `Metering::Meters` (`max_values`: None, `max_size`: Some(95), added: 2570, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Readings` (r:768 w:512)
    /// Proof: `Metering::Readings` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Journals` (r:256 w:256)
    /// Proof: `Metering::Journals` (`max_values`: None, `max_size`: Some(166), added: 2641, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Months` (r:512 w:512)
    /// Proof: `Metering::Months` (`max_values`: None, `max_size`: Some(40), added: 2515, mode: `MaxEncodedLen`)
    /// Measured for `n` from 0 to 256.
    fn submit_readings(n: u32) -> Weight {
        // At least 17_626_000 ps.
        Weight::from_parts(683_108_432, 3_509)
            // Standard error: 2_421_809.
            .saturating_add(Weight::from_parts(99_682_210, 0).saturating_mul(n.into()))
            .saturating_add(Weight::from_parts(0, 7_551).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads(u64::from(n).saturating_mul(7)))
            .saturating_add(T::DbWeight::get().writes(u64::from(n).saturating_mul(5)))
    }

    /// Storage: `Metering::Meters` (r:1 w:0)
    /// Proof: `Metering::Meters` (`max_values`: None, `max_size`: Some(95), added: 2570, mode: `MaxEncodedLen`)
    /// Storage: `Metering::SettingsOf` (r:1 w:0)
    /// Proof: `Metering::SettingsOf` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Settled` (r:1 w:0)
    /// Proof: `Metering::Settled` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Statements` (r:1 w:1)
    /// Proof: `Metering::Statements` (`max_values`: None, `max_size`: Some(181), added: 2656, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Sites` (r:1 w:0)
    /// Proof: `Metering::Sites` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Months` (r:12 w:0)
    /// Proof: `Metering::Months` (`max_values`: None, `max_size`: Some(40), added: 2515, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Greens` (r:1 w:1)
    /// Proof: `Metering::Greens` (`max_values`: None, `max_size`: Some(40), added: 2515, mode: `MaxEncodedLen`)
    fn close_year() -> Weight {
        // At least 66_560_000 ps.
        Weight::from_parts(116_203_000, 31_170)
            .saturating_add(T::DbWeight::get().reads(19))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// Storage: `Metering::Settled` (r:1 w:0)
    /// Proof: `Metering::Settled` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Readings` (r:1025 w:1024)
    /// Proof: `Metering::Readings` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Journals` (r:1024 w:1024)
    /// Proof: `Metering::Journals` (`max_values`: None, `max_size`: Some(166), added: 2641, mode: `MaxEncodedLen`)
    /// Measured for `n` from 0 to 1024.
    fn prune(n: u32) -> Weight {
        // At least 4_977_000 ps.
        Weight::from_parts(72_890_939, 3_507)
            // Standard error: 231_170.
            .saturating_add(Weight::from_parts(13_863_095, 0).saturating_mul(n.into()))
            .saturating_add(Weight::from_parts(0, 2_641).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().reads(u64::from(n).saturating_mul(2)))
            .saturating_add(T::DbWeight::get().writes(u64::from(n).saturating_mul(2)))
    }

    /// Storage: `Metering::MetersOf` (r:1 w:0)
    /// Proof: `Metering::MetersOf` (`max_values`: None, `max_size`: Some(125), added: 2600, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Readings` (r:8 w:0)
    /// Proof: `Metering::Readings` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Meters` (r:8 w:0)
    /// Proof: `Metering::Meters` (`max_values`: None, `max_size`: Some(95), added: 2570, mode: `MaxEncodedLen`)
    fn ask() -> Weight {
        // At least 50_885_000 ps.
        Weight::from_parts(69_303_000, 21_550).saturating_add(T::DbWeight::get().reads(17))
    }

    /// Storage: `Metering::FeederVoltages` (r:1 w:0)
    /// Proof: `Metering::FeederVoltages` (`max_values`: None, `max_size`: Some(131610), added: 134085, mode: `MaxEncodedLen`)
    fn tables() -> Weight {
        // At least 64_506_000 ps.
        Weight::from_parts(79_759_000, 135_075).saturating_add(T::DbWeight::get().reads(1))
    }
}

/// The same on ParityDB, for mocks.
impl WeightInfo for () {
    fn register_feeder(b: u32) -> Weight {
        Weight::from_parts(11_668_000, 1_497)
            .saturating_add(Weight::from_parts(1_689_964, 0).saturating_mul(b.into()))
            .saturating_add(ParityDbWeight::get().reads(1))
            .saturating_add(ParityDbWeight::get().writes(4))
    }

    fn set_operator() -> Weight {
        Weight::from_parts(15_553_000, 3_513)
            .saturating_add(ParityDbWeight::get().reads(1))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn register_site() -> Weight {
        Weight::from_parts(17_517_000, 3_513)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(3))
    }

    fn register_meter() -> Weight {
        Weight::from_parts(58_908_000, 3_590)
            .saturating_add(ParityDbWeight::get().reads(7))
            .saturating_add(ParityDbWeight::get().writes(4))
    }

    fn replace_meter() -> Weight {
        Weight::from_parts(116_483_000, 3_631)
            .saturating_add(ParityDbWeight::get().reads(11))
            .saturating_add(ParityDbWeight::get().writes(7))
    }

    fn retire_meter() -> Weight {
        Weight::from_parts(76_474_000, 3_631)
            .saturating_add(ParityDbWeight::get().reads(9))
            .saturating_add(ParityDbWeight::get().writes(4))
    }

    fn set_key() -> Weight {
        Weight::from_parts(40_371_000, 3_560)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn set_mode() -> Weight {
        Weight::from_parts(17_456_000, 3_523)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn propose_owner() -> Weight {
        Weight::from_parts(15_433_000, 3_523)
            .saturating_add(ParityDbWeight::get().reads(1))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn recover_owner() -> Weight {
        Weight::from_parts(26_389_000, 3_523)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn cancel_owner() -> Weight {
        Weight::from_parts(24_466_000, 3_523)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn confirm_owner() -> Weight {
        Weight::from_parts(37_756_000, 3_523)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(4))
    }

    fn submit_readings(n: u32) -> Weight {
        Weight::from_parts(683_108_432, 3_509)
            .saturating_add(Weight::from_parts(99_682_210, 0).saturating_mul(n.into()))
            .saturating_add(Weight::from_parts(0, 7_551).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().reads(u64::from(n).saturating_mul(7)))
            .saturating_add(ParityDbWeight::get().writes(u64::from(n).saturating_mul(5)))
    }

    fn close_year() -> Weight {
        Weight::from_parts(116_203_000, 31_170)
            .saturating_add(ParityDbWeight::get().reads(19))
            .saturating_add(ParityDbWeight::get().writes(2))
    }

    fn prune(n: u32) -> Weight {
        Weight::from_parts(72_890_939, 3_507)
            .saturating_add(Weight::from_parts(13_863_095, 0).saturating_mul(n.into()))
            .saturating_add(Weight::from_parts(0, 2_641).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().reads(u64::from(n).saturating_mul(2)))
            .saturating_add(ParityDbWeight::get().writes(u64::from(n).saturating_mul(2)))
    }

    fn ask() -> Weight {
        Weight::from_parts(69_303_000, 21_550).saturating_add(ParityDbWeight::get().reads(17))
    }

    fn tables() -> Weight {
        Weight::from_parts(79_759_000, 135_075).saturating_add(ParityDbWeight::get().reads(1))
    }
}
