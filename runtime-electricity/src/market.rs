//! Configuration of the pallets of the electricity market, which this chain alone has, and their part of the
//! development presets.

use crate::*;
use frame_support::{build_struct_json_patch, traits::ConstU32};
use gridpeg_market::Calendar;
use pallet_metering::genesis::{FeederSpec, Preset};
use pallet_pv_market::Terms;
use polkadot_sdk::sp_runtime::Perbill;
use runtime_common::AuthorityOrigin;

parameter_types! {
    /// A quarter of a block is for clearing and settlement, however full it is.
    pub const WorkShare: Perbill = Perbill::from_percent(25);
}

impl pallet_metering::Config for Runtime {
    type Time = Timestamp;
    type AuthorityOrigin = AuthorityOrigin;
    type OnStatement = ();
    type MaxBatch = ConstU32<256>;
    type WeightInfo = pallet_metering::weights::Measured<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Market;
}

impl pallet_pv_market::Config for Runtime {
    type RuntimeHoldReason = RuntimeHoldReason;
    type Currency = Balances;
    type Time = Timestamp;
    type Metering = Metering;
    type Feeders = Metering;
    type Credit = ();
    type Prices = JointPrices;
    type AuthorityOrigin = AuthorityOrigin;
    type MaxOrders = ConstU32<64>;
    type MaxBook = ConstU32<100_000>;
    type MaxLeaves = ConstU32<1_024>;
    type WorkShare = WorkShare;
    type WeightInfo = pallet_pv_market::weights::Measured<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Market;
}

/// Slots of seconds, a year of minutes: 10 s, 6 slots a month, 12 minutes a year. Books close 5 s before their slot,
/// readings are taken for 20 s after it. Alice is the grid company, and the operator of a 33-bus feeder.
pub(crate) fn own_genesis() -> serde_json::Value {
    const SLOT: u64 = 10_000;

    let grid = Sr25519Keyring::Alice.to_account_id();
    let calendar = Calendar { start: 0, slot_length: SLOT, slots_per_month: 6 };
    let feeders = [FeederSpec { operator: grid.clone(), preset: Preset::Ieee33 }].into();
    let terms = Terms { gate: SLOT / 2, horizon: 360, ..Terms::default() };
    build_struct_json_patch!(RuntimeGenesisConfig {
        metering: MeteringConfig {
            calendar: calendar,
            correction_window: 2 * SLOT,
            owner_delay: 6 * SLOT,
            feeders: feeders,
        },
        pv_market: PvMarketConfig { grid: Some(grid), terms: terms },
    })
}
