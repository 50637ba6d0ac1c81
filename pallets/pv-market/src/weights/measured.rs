//! Measured weights of `pallet_pv_market`. Written by scripts/weights: whatever is changed by hand is lost.
//!
//! | | |
//! |---|---|
//! | date | 2026-11-23 |
//! | command | `scripts/weights --steps 20 --repeat 10 pv-market` |
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
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Metering::SettingsOf` (r:1 w:0)
    /// Proof: `Metering::SettingsOf` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Versions` (r:1 w:0)
    /// Proof: `PvMarket::Versions` (`max_values`: Some(1), `max_size`: Some(1538), added: 2033, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::TermsAt` (r:1 w:0)
    /// Proof: `PvMarket::TermsAt` (`max_values`: None, `max_size`: Some(495), added: 2970, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Grid` (r:1 w:0)
    /// Proof: `PvMarket::Grid` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Sites` (r:1 w:0)
    /// Proof: `Metering::Sites` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Arrears` (r:1 w:0)
    /// Proof: `PvMarket::Arrears` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::NextOrder` (r:1 w:1)
    /// Proof: `PvMarket::NextOrder` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::OrdersOf` (r:1 w:1)
    /// Proof: `PvMarket::OrdersOf` (`max_values`: None, `max_size`: Some(562), added: 3037, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::OpenBooks` (r:1 w:1)
    /// Proof: `PvMarket::OpenBooks` (`max_values`: None, `max_size`: Some(32), added: 2507, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Sides` (r:1 w:1)
    /// Proof: `PvMarket::Sides` (`max_values`: None, `max_size`: Some(77), added: 2552, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Stakes` (r:1 w:1)
    /// Proof: `PvMarket::Stakes` (`max_values`: None, `max_size`: Some(205), added: 2680, mode: `MaxEncodedLen`)
    /// Storage: `Metering::FeederLines` (r:1 w:0)
    /// Proof: `Metering::FeederLines` (`max_values`: None, `max_size`: Some(782), added: 3257, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(103), added: 2578, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Orders` (r:0 w:1)
    /// Proof: `PvMarket::Orders` (`max_values`: None, `max_size`: Some(41), added: 2516, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Books` (r:0 w:1)
    /// Proof: `PvMarket::Books` (`max_values`: None, `max_size`: Some(138), added: 2613, mode: `MaxEncodedLen`)
    fn place() -> Weight {
        // At least 134_981_000 ps.
        Weight::from_parts(226_468_000, 4_247)
            .saturating_add(T::DbWeight::get().reads(15))
            .saturating_add(T::DbWeight::get().writes(9))
    }

    /// Storage: `PvMarket::Orders` (r:1 w:2)
    /// Proof: `PvMarket::Orders` (`max_values`: None, `max_size`: Some(41), added: 2516, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Books` (r:1 w:2)
    /// Proof: `PvMarket::Books` (`max_values`: None, `max_size`: Some(138), added: 2613, mode: `MaxEncodedLen`)
    /// Storage: `Metering::SettingsOf` (r:1 w:0)
    /// Proof: `Metering::SettingsOf` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Versions` (r:1 w:0)
    /// Proof: `PvMarket::Versions` (`max_values`: Some(1), `max_size`: Some(1538), added: 2033, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::TermsAt` (r:1 w:0)
    /// Proof: `PvMarket::TermsAt` (`max_values`: None, `max_size`: Some(495), added: 2970, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::OpenBooks` (r:1 w:1)
    /// Proof: `PvMarket::OpenBooks` (`max_values`: None, `max_size`: Some(32), added: 2507, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::OrdersOf` (r:1 w:1)
    /// Proof: `PvMarket::OrdersOf` (`max_values`: None, `max_size`: Some(562), added: 3037, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Sides` (r:1 w:1)
    /// Proof: `PvMarket::Sides` (`max_values`: None, `max_size`: Some(77), added: 2552, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Stakes` (r:1 w:1)
    /// Proof: `PvMarket::Stakes` (`max_values`: None, `max_size`: Some(205), added: 2680, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(103), added: 2578, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Grid` (r:1 w:0)
    /// Proof: `PvMarket::Grid` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Sites` (r:1 w:0)
    /// Proof: `Metering::Sites` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Arrears` (r:1 w:0)
    /// Proof: `PvMarket::Arrears` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::NextOrder` (r:1 w:1)
    /// Proof: `PvMarket::NextOrder` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Metering::FeederLines` (r:1 w:0)
    /// Proof: `Metering::FeederLines` (`max_values`: None, `max_size`: Some(782), added: 3257, mode: `MaxEncodedLen`)
    fn replace() -> Weight {
        // At least 208_000_000 ps.
        Weight::from_parts(320_638_000, 4_247)
            .saturating_add(T::DbWeight::get().reads(17))
            .saturating_add(T::DbWeight::get().writes(11))
    }

    /// Storage: `PvMarket::Orders` (r:1 w:1)
    /// Proof: `PvMarket::Orders` (`max_values`: None, `max_size`: Some(41), added: 2516, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Books` (r:1 w:1)
    /// Proof: `PvMarket::Books` (`max_values`: None, `max_size`: Some(138), added: 2613, mode: `MaxEncodedLen`)
    /// Storage: `Metering::SettingsOf` (r:1 w:0)
    /// Proof: `Metering::SettingsOf` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Versions` (r:1 w:0)
    /// Proof: `PvMarket::Versions` (`max_values`: Some(1), `max_size`: Some(1538), added: 2033, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::TermsAt` (r:1 w:0)
    /// Proof: `PvMarket::TermsAt` (`max_values`: None, `max_size`: Some(495), added: 2970, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::OpenBooks` (r:1 w:1)
    /// Proof: `PvMarket::OpenBooks` (`max_values`: None, `max_size`: Some(32), added: 2507, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::OrdersOf` (r:1 w:1)
    /// Proof: `PvMarket::OrdersOf` (`max_values`: None, `max_size`: Some(562), added: 3037, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Sides` (r:1 w:1)
    /// Proof: `PvMarket::Sides` (`max_values`: None, `max_size`: Some(77), added: 2552, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Stakes` (r:1 w:1)
    /// Proof: `PvMarket::Stakes` (`max_values`: None, `max_size`: Some(205), added: 2680, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(103), added: 2578, mode: `MaxEncodedLen`)
    fn cancel() -> Weight {
        // At least 124_275_000 ps.
        Weight::from_parts(191_766_000, 4_027)
            .saturating_add(T::DbWeight::get().reads(12))
            .saturating_add(T::DbWeight::get().writes(8))
    }

    /// Storage: `PvMarket::Grid` (r:1 w:0)
    /// Proof: `PvMarket::Grid` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Arrears` (r:1 w:1)
    /// Proof: `PvMarket::Arrears` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::TotalArrears` (r:1 w:1)
    /// Proof: `PvMarket::TotalArrears` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    fn pay_arrears() -> Weight {
        // At least 54_131_000 ps.
        Weight::from_parts(78_777_000, 6_196)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    /// Storage: `PvMarket::Grid` (r:1 w:0)
    /// Proof: `PvMarket::Grid` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::GridDebt` (r:1 w:1)
    /// Proof: `PvMarket::GridDebt` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::TotalGridDebt` (r:1 w:1)
    /// Proof: `PvMarket::TotalGridDebt` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    fn collect() -> Weight {
        // At least 58_027_000 ps.
        Weight::from_parts(68_041_000, 6_196)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    /// Storage: `Metering::SettingsOf` (r:1 w:0)
    /// Proof: `Metering::SettingsOf` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Versions` (r:1 w:1)
    /// Proof: `PvMarket::Versions` (`max_values`: Some(1), `max_size`: Some(1538), added: 2033, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::NextSlots` (r:1 w:0)
    /// Proof: `PvMarket::NextSlots` (`max_values`: Some(1), `max_size`: Some(12), added: 507, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::TermsAt` (r:0 w:64)
    /// Proof: `PvMarket::TermsAt` (`max_values`: None, `max_size`: Some(495), added: 2970, mode: `MaxEncodedLen`)
    fn set_terms() -> Weight {
        // At least 102_033_000 ps.
        Weight::from_parts(117_245_000, 3_023)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(65))
    }

    /// Storage: `PvMarket::Grid` (r:0 w:1)
    /// Proof: `PvMarket::Grid` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    fn set_grid() -> Weight {
        // At least 5_348_000 ps.
        Weight::from_parts(8_953_000, 0).saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Metering::SettingsOf` (r:1 w:0)
    /// Proof: `Metering::SettingsOf` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::NextSlots` (r:1 w:0)
    /// Proof: `PvMarket::NextSlots` (`max_values`: Some(1), `max_size`: Some(12), added: 507, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::BlockLeaves` (r:1 w:0)
    /// Proof: `PvMarket::BlockLeaves` (`max_values`: Some(1), `max_size`: Some(129026), added: 129521, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::SettingsOf` (r:1 w:0)
    /// Proof: `JointPrices::SettingsOf` (`max_values`: Some(1), `max_size`: Some(44), added: 539, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Versions` (r:1 w:0)
    /// Proof: `PvMarket::Versions` (`max_values`: Some(1), `max_size`: Some(1538), added: 2033, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::InClearing` (r:1 w:0)
    /// Proof: `PvMarket::InClearing` (`max_values`: Some(1), `max_size`: Some(2411), added: 2906, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Periods` (r:1 w:0)
    /// Proof: `PvMarket::Periods` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Grid` (r:1 w:0)
    /// Proof: `PvMarket::Grid` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::InSettlement` (r:1 w:0)
    /// Proof: `PvMarket::InSettlement` (`max_values`: Some(1), `max_size`: Some(21), added: 516, mode: `MaxEncodedLen`)
    fn work() -> Weight {
        // At least 17_235_000 ps.
        Weight::from_parts(26_730_000, 130_511).saturating_add(T::DbWeight::get().reads(10))
    }

    /// Storage: `PvMarket::NextSlots` (r:1 w:0)
    /// Proof: `PvMarket::NextSlots` (`max_values`: Some(1), `max_size`: Some(12), added: 507, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::OpenBooks` (r:1 w:0)
    /// Proof: `PvMarket::OpenBooks` (`max_values`: None, `max_size`: Some(32), added: 2507, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Versions` (r:1 w:0)
    /// Proof: `PvMarket::Versions` (`max_values`: Some(1), `max_size`: Some(1538), added: 2033, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::TermsAt` (r:1 w:0)
    /// Proof: `PvMarket::TermsAt` (`max_values`: None, `max_size`: Some(495), added: 2970, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::InClearing` (r:0 w:1)
    /// Proof: `PvMarket::InClearing` (`max_values`: Some(1), `max_size`: Some(2411), added: 2906, mode: `MaxEncodedLen`)
    fn pass_slot() -> Weight {
        // At least 14_902_000 ps.
        Weight::from_parts(23_005_000, 3_960)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `Metering::FeederVoltages` (r:1 w:0)
    /// Proof: `Metering::FeederVoltages` (`max_values`: None, `max_size`: Some(131610), added: 134085, mode: `MaxEncodedLen`)
    /// Storage: `Metering::FeederLines` (r:1 w:0)
    /// Proof: `Metering::FeederLines` (`max_values`: None, `max_size`: Some(782), added: 3257, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Books` (r:404 w:200)
    /// Proof: `PvMarket::Books` (`max_values`: None, `max_size`: Some(138), added: 2613, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::TermsAt` (r:1 w:0)
    /// Proof: `PvMarket::TermsAt` (`max_values`: None, `max_size`: Some(495), added: 2970, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Periods` (r:1 w:1)
    /// Proof: `PvMarket::Periods` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::PeriodParties` (r:200 w:200)
    /// Proof: `PvMarket::PeriodParties` (`max_values`: None, `max_size`: Some(66), added: 2541, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::InClearing` (r:0 w:1)
    /// Proof: `PvMarket::InClearing` (`max_values`: Some(1), `max_size`: Some(2411), added: 2906, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Trades` (r:0 w:100)
    /// Proof: `PvMarket::Trades` (`max_values`: None, `max_size`: Some(238), added: 2713, mode: `MaxEncodedLen`)
    /// Measured for `t` from 0 to 100.
    /// Measured for `o` from 0 to 100.
    fn clear(t: u32, o: u32) -> Weight {
        // At least 2_236_593_000 ps.
        Weight::from_parts(87_949_244, 135_075)
            // Standard error: 2_319_394.
            .saturating_add(Weight::from_parts(59_832_567, 0).saturating_mul(t.into()))
            // Standard error: 2_319_394.
            .saturating_add(Weight::from_parts(29_493_955, 0).saturating_mul(o.into()))
            .saturating_add(Weight::from_parts(0, 5_233).saturating_mul(o.into()))
            .saturating_add(Weight::from_parts(0, 5_233).saturating_mul(t.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads(u64::from(t).saturating_mul(4)))
            .saturating_add(T::DbWeight::get().reads(u64::from(o).saturating_mul(2)))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes(u64::from(t).saturating_mul(5)))
    }

    /// Storage: `PvMarket::Books` (r:2 w:1)
    /// Proof: `PvMarket::Books` (`max_values`: None, `max_size`: Some(138), added: 2613, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::OrdersOf` (r:1 w:1)
    /// Proof: `PvMarket::OrdersOf` (`max_values`: None, `max_size`: Some(562), added: 3037, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Sides` (r:1 w:1)
    /// Proof: `PvMarket::Sides` (`max_values`: None, `max_size`: Some(77), added: 2552, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Stakes` (r:1 w:1)
    /// Proof: `PvMarket::Stakes` (`max_values`: None, `max_size`: Some(205), added: 2680, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(103), added: 2578, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Orders` (r:0 w:1)
    /// Proof: `PvMarket::Orders` (`max_values`: None, `max_size`: Some(41), added: 2516, mode: `MaxEncodedLen`)
    fn empty_order() -> Weight {
        // At least 97_595_000 ps.
        Weight::from_parts(160_789_000, 6_216)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(7))
    }

    /// Storage: `PvMarket::Books` (r:2 w:0)
    /// Proof: `PvMarket::Books` (`max_values`: None, `max_size`: Some(138), added: 2613, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::BlockLeaves` (r:1 w:1)
    /// Proof: `PvMarket::BlockLeaves` (`max_values`: Some(1), `max_size`: Some(129026), added: 129521, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::InClearing` (r:0 w:1)
    /// Proof: `PvMarket::InClearing` (`max_values`: Some(1), `max_size`: Some(2411), added: 2906, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Cleared` (r:0 w:1)
    /// Proof: `PvMarket::Cleared` (`max_values`: None, `max_size`: Some(82), added: 2557, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::OpenBooks` (r:0 w:1)
    /// Proof: `PvMarket::OpenBooks` (`max_values`: None, `max_size`: Some(32), added: 2507, mode: `MaxEncodedLen`)
    fn close_book() -> Weight {
        // At least 22_453_000 ps.
        Weight::from_parts(36_114_000, 130_511)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    /// Storage: `PvMarket::Periods` (r:2 w:1)
    /// Proof: `PvMarket::Periods` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::NextSlots` (r:1 w:0)
    /// Proof: `PvMarket::NextSlots` (`max_values`: Some(1), `max_size`: Some(12), added: 507, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::SettingsOf` (r:1 w:0)
    /// Proof: `JointPrices::SettingsOf` (`max_values`: Some(1), `max_size`: Some(44), added: 539, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::Floor` (r:1 w:0)
    /// Proof: `JointPrices::Floor` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::Open` (r:1 w:1)
    /// Proof: `JointPrices::Open` (`max_values`: Some(1), `max_size`: Some(1794), added: 2289, mode: `MaxEncodedLen`)
    fn report_period() -> Weight {
        // At least 20_581_000 ps.
        Weight::from_parts(36_525_000, 6_078)
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// Storage: `PvMarket::PeriodParties` (r:2 w:1)
    /// Proof: `PvMarket::PeriodParties` (`max_values`: None, `max_size`: Some(66), added: 2541, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Periods` (r:0 w:1)
    /// Proof: `PvMarket::Periods` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
    fn forget_party() -> Weight {
        // At least 8_693_000 ps.
        Weight::from_parts(15_113_000, 6_072)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(2))
    }

    /// Storage: `PvMarket::NextSlots` (r:1 w:0)
    /// Proof: `PvMarket::NextSlots` (`max_values`: Some(1), `max_size`: Some(12), added: 507, mode: `MaxEncodedLen`)
    /// Storage: `Metering::SettingsOf` (r:1 w:0)
    /// Proof: `Metering::SettingsOf` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Cleared` (r:2 w:0)
    /// Proof: `PvMarket::Cleared` (`max_values`: None, `max_size`: Some(82), added: 2557, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::InSettlement` (r:0 w:1)
    /// Proof: `PvMarket::InSettlement` (`max_values`: Some(1), `max_size`: Some(21), added: 516, mode: `MaxEncodedLen`)
    fn settle_slot() -> Weight {
        // At least 15_884_000 ps.
        Weight::from_parts(24_827_000, 6_104)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `PvMarket::Trades` (r:1 w:1)
    /// Proof: `PvMarket::Trades` (`max_values`: None, `max_size`: Some(238), added: 2713, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Stakes` (r:2 w:2)
    /// Proof: `PvMarket::Stakes` (`max_values`: None, `max_size`: Some(205), added: 2680, mode: `MaxEncodedLen`)
    /// Storage: `Metering::MetersOf` (r:2 w:0)
    /// Proof: `Metering::MetersOf` (`max_values`: None, `max_size`: Some(125), added: 2600, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Readings` (r:2 w:0)
    /// Proof: `Metering::Readings` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::TradeCount` (r:2 w:2)
    /// Proof: `PvMarket::TradeCount` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(103), added: 2578, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Greens` (r:1 w:1)
    /// Proof: `Metering::Greens` (`max_values`: None, `max_size`: Some(40), added: 2515, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::BlockLeaves` (r:1 w:1)
    /// Proof: `PvMarket::BlockLeaves` (`max_values`: Some(1), `max_size`: Some(129026), added: 129521, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::TradesOf` (r:0 w:2)
    /// Proof: `PvMarket::TradesOf` (`max_values`: None, `max_size`: Some(76), added: 2551, mode: `MaxEncodedLen`)
    fn settle_trade() -> Weight {
        // At least 106_218_000 ps.
        Weight::from_parts(133_228_000, 130_511)
            .saturating_add(T::DbWeight::get().reads(14))
            .saturating_add(T::DbWeight::get().writes(12))
    }

    /// Storage: `PvMarket::Versions` (r:1 w:0)
    /// Proof: `PvMarket::Versions` (`max_values`: Some(1), `max_size`: Some(1538), added: 2033, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::TermsAt` (r:1 w:0)
    /// Proof: `PvMarket::TermsAt` (`max_values`: None, `max_size`: Some(495), added: 2970, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Next` (r:1 w:0)
    /// Proof: `Metering::Next` (`max_values`: Some(1), `max_size`: Some(12), added: 507, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Stakes` (r:1 w:1)
    /// Proof: `PvMarket::Stakes` (`max_values`: None, `max_size`: Some(205), added: 2680, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Sites` (r:1 w:0)
    /// Proof: `Metering::Sites` (`max_values`: None, `max_size`: Some(58), added: 2533, mode: `MaxEncodedLen`)
    /// Storage: `Metering::MetersOf` (r:1 w:0)
    /// Proof: `Metering::MetersOf` (`max_values`: None, `max_size`: Some(125), added: 2600, mode: `MaxEncodedLen`)
    /// Storage: `Metering::Readings` (r:1 w:0)
    /// Proof: `Metering::Readings` (`max_values`: None, `max_size`: Some(42), added: 2517, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Assumed` (r:1 w:1)
    /// Proof: `PvMarket::Assumed` (`max_values`: None, `max_size`: Some(20), added: 2495, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::GridDebt` (r:1 w:0)
    /// Proof: `PvMarket::GridDebt` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(103), added: 2578, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Arrears` (r:1 w:1)
    /// Proof: `PvMarket::Arrears` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::TotalArrears` (r:1 w:1)
    /// Proof: `PvMarket::TotalArrears` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::MonthlyBills` (r:1 w:1)
    /// Proof: `PvMarket::MonthlyBills` (`max_values`: None, `max_size`: Some(188), added: 2663, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Bills` (r:0 w:1)
    /// Proof: `PvMarket::Bills` (`max_values`: None, `max_size`: Some(181), added: 2656, mode: `MaxEncodedLen`)
    fn bill_site() -> Weight {
        // At least 132_698_000 ps.
        Weight::from_parts(172_026_000, 6_196)
            .saturating_add(T::DbWeight::get().reads(15))
            .saturating_add(T::DbWeight::get().writes(9))
    }

    /// Storage: `PvMarket::Cleared` (r:2 w:1)
    /// Proof: `PvMarket::Cleared` (`max_values`: None, `max_size`: Some(82), added: 2557, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Trades` (r:2 w:1)
    /// Proof: `PvMarket::Trades` (`max_values`: None, `max_size`: Some(238), added: 2713, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::TradesOf` (r:0 w:2)
    /// Proof: `PvMarket::TradesOf` (`max_values`: None, `max_size`: Some(76), added: 2551, mode: `MaxEncodedLen`)
    fn prune_trade() -> Weight {
        // At least 28_252_000 ps.
        Weight::from_parts(40_500_000, 6_416)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }

    /// Storage: `PvMarket::Bills` (r:2 w:1)
    /// Proof: `PvMarket::Bills` (`max_values`: None, `max_size`: Some(181), added: 2656, mode: `MaxEncodedLen`)
    fn prune_bill() -> Weight {
        // At least 8_984_000 ps.
        Weight::from_parts(15_864_000, 6_302)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `PvMarket::NextSlots` (r:1 w:1)
    /// Proof: `PvMarket::NextSlots` (`max_values`: Some(1), `max_size`: Some(12), added: 507, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Bills` (r:1 w:0)
    /// Proof: `PvMarket::Bills` (`max_values`: None, `max_size`: Some(181), added: 2656, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::Cleared` (r:1 w:0)
    /// Proof: `PvMarket::Cleared` (`max_values`: None, `max_size`: Some(82), added: 2557, mode: `MaxEncodedLen`)
    fn prune_slot() -> Weight {
        // At least 8_693_000 ps.
        Weight::from_parts(13_651_000, 3_646)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `PvMarket::BlockLeaves` (r:1 w:0)
    /// Proof: `PvMarket::BlockLeaves` (`max_values`: Some(1), `max_size`: Some(129026), added: 129521, mode: `MaxEncodedLen`)
    /// Measured for `l` from 0 to 256.
    fn root(l: u32) -> Weight {
        // At least 3_816_000 ps.
        Weight::from_parts(5_549_000, 130_511)
            // Standard error: 4_254.
            .saturating_add(Weight::from_parts(5_878_912, 0).saturating_mul(l.into()))
            .saturating_add(T::DbWeight::get().reads(1))
    }
}

/// The same on ParityDB, for mocks.
impl WeightInfo for () {
    fn place() -> Weight {
        Weight::from_parts(226_468_000, 4_247)
            .saturating_add(ParityDbWeight::get().reads(15))
            .saturating_add(ParityDbWeight::get().writes(9))
    }

    fn replace() -> Weight {
        Weight::from_parts(320_638_000, 4_247)
            .saturating_add(ParityDbWeight::get().reads(17))
            .saturating_add(ParityDbWeight::get().writes(11))
    }

    fn cancel() -> Weight {
        Weight::from_parts(191_766_000, 4_027)
            .saturating_add(ParityDbWeight::get().reads(12))
            .saturating_add(ParityDbWeight::get().writes(8))
    }

    fn pay_arrears() -> Weight {
        Weight::from_parts(78_777_000, 6_196)
            .saturating_add(ParityDbWeight::get().reads(5))
            .saturating_add(ParityDbWeight::get().writes(4))
    }

    fn collect() -> Weight {
        Weight::from_parts(68_041_000, 6_196)
            .saturating_add(ParityDbWeight::get().reads(5))
            .saturating_add(ParityDbWeight::get().writes(4))
    }

    fn set_terms() -> Weight {
        Weight::from_parts(117_245_000, 3_023)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(65))
    }

    fn set_grid() -> Weight {
        Weight::from_parts(8_953_000, 0).saturating_add(ParityDbWeight::get().writes(1))
    }

    fn work() -> Weight {
        Weight::from_parts(26_730_000, 130_511).saturating_add(ParityDbWeight::get().reads(10))
    }

    fn pass_slot() -> Weight {
        Weight::from_parts(23_005_000, 3_960)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn clear(t: u32, o: u32) -> Weight {
        Weight::from_parts(87_949_244, 135_075)
            .saturating_add(Weight::from_parts(59_832_567, 0).saturating_mul(t.into()))
            .saturating_add(Weight::from_parts(29_493_955, 0).saturating_mul(o.into()))
            .saturating_add(Weight::from_parts(0, 5_233).saturating_mul(o.into()))
            .saturating_add(Weight::from_parts(0, 5_233).saturating_mul(t.into()))
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().reads(u64::from(t).saturating_mul(4)))
            .saturating_add(ParityDbWeight::get().reads(u64::from(o).saturating_mul(2)))
            .saturating_add(ParityDbWeight::get().writes(2))
            .saturating_add(ParityDbWeight::get().writes(u64::from(t).saturating_mul(5)))
    }

    fn empty_order() -> Weight {
        Weight::from_parts(160_789_000, 6_216)
            .saturating_add(ParityDbWeight::get().reads(7))
            .saturating_add(ParityDbWeight::get().writes(7))
    }

    fn close_book() -> Weight {
        Weight::from_parts(36_114_000, 130_511)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(4))
    }

    fn report_period() -> Weight {
        Weight::from_parts(36_525_000, 6_078)
            .saturating_add(ParityDbWeight::get().reads(7))
            .saturating_add(ParityDbWeight::get().writes(2))
    }

    fn forget_party() -> Weight {
        Weight::from_parts(15_113_000, 6_072)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(2))
    }

    fn settle_slot() -> Weight {
        Weight::from_parts(24_827_000, 6_104)
            .saturating_add(ParityDbWeight::get().reads(5))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn settle_trade() -> Weight {
        Weight::from_parts(133_228_000, 130_511)
            .saturating_add(ParityDbWeight::get().reads(14))
            .saturating_add(ParityDbWeight::get().writes(12))
    }

    fn bill_site() -> Weight {
        Weight::from_parts(172_026_000, 6_196)
            .saturating_add(ParityDbWeight::get().reads(15))
            .saturating_add(ParityDbWeight::get().writes(9))
    }

    fn prune_trade() -> Weight {
        Weight::from_parts(40_500_000, 6_416)
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(4))
    }

    fn prune_bill() -> Weight {
        Weight::from_parts(15_864_000, 6_302)
            .saturating_add(ParityDbWeight::get().reads(2))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn prune_slot() -> Weight {
        Weight::from_parts(13_651_000, 3_646)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn root(l: u32) -> Weight {
        Weight::from_parts(5_549_000, 130_511)
            .saturating_add(Weight::from_parts(5_878_912, 0).saturating_mul(l.into()))
            .saturating_add(ParityDbWeight::get().reads(1))
    }
}
