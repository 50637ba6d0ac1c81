//! The pallets whose weights can be measured on this chain, all of our own that it has, and what those of the market
//! need of each other.

use crate::*;
use frame_support::BoundedVec;
use gridpeg_market::{
    feeder33,
    traits::{Bus, Direction, FeederId, MeterId, Mode, SiteId, SiteInfo},
    Slot, Wh,
};
use pallet_metering::{types::Placed, Reading};

polkadot_sdk::frame_benchmarking::define_benchmarks!(
    [pallet_commitments, Commitments]
    [pallet_hybrid_pow, HybridPow]
    [pallet_joint_prices, JointPrices]
    [pallet_light_client, LightClient]
    [pallet_messages, Lanes]
    [pallet_metering, Metering]
    [pallet_peg, Peg]
    [pallet_pv_market, PvMarket]
    [pallet_upgrades, Upgrades]
);

// Below the macros that it uses.
#[path = "../../runtime-common/shared/benchmarks.rs"]
mod shared;

pub(crate) use shared::{dispatch, metadata, Setup};

/// The feeder that benchmarks of the market use: after all that are registered.
const WIDEST: FeederId = FeederId::MAX;

/// Sets up metering for the market's benchmarks, and the clock for both.
pub struct Market;

impl Market {
    fn set_clock(now: u64) {
        pallet_timestamp::Now::<Runtime>::put(now);
    }
}

impl pallet_metering::types::BenchmarkHelper for Market {
    fn set_time(now: u64) {
        Self::set_clock(now);
    }
}

impl pallet_pv_market::benchmarking::BenchmarkHelper<AccountId> for Market {
    fn set_time(now: u64) {
        Self::set_clock(now);
    }

    fn feeder() -> FeederId {
        let buses = gridpeg_market::fee::MAX_BUSES as usize;
        let voltages = gridpeg_market::Feeder {
            base: BoundedVec::truncate_from(alloc::vec![1_000_000_000; buses]),
            sensitivities: BoundedVec::truncate_from(alloc::vec![0; buses.saturating_mul(buses)]),
            lower: feeder33::LOWER,
            upper: feeder33::UPPER,
        };
        // One long line: the way between its ends is the longest that there can be.
        let branch = |from: Bus| gridpeg_market::fee::Branch { from, impedance: 1 };
        let branches = (1..gridpeg_market::fee::MAX_BUSES as Bus).map(branch).collect();
        let lines = gridpeg_market::Lines { branches: BoundedVec::truncate_from(branches) };
        pallet_metering::FeederVoltages::<Runtime>::insert(WIDEST, voltages);
        pallet_metering::FeederLines::<Runtime>::insert(WIDEST, lines);
        WIDEST
    }

    fn site(owner: &AccountId, feeder: FeederId, bus: Bus) -> SiteId {
        let site = pallet_metering::Next::<Runtime>::mutate(|next| {
            next.site = next.site.saturating_add(1);
            next.site.saturating_sub(1)
        });
        let info = SiteInfo { owner: owner.clone(), feeder, bus, level: 0, mode: Mode::Market, next: None };
        pallet_metering::Sites::<Runtime>::insert(site, info);
        site
    }

    fn reading(site: SiteId, slot: Slot, direction: Direction, energy: Wh) {
        let meter: MeterId = pallet_metering::Next::<Runtime>::mutate(|next| {
            next.meter = next.meter.saturating_add(1);
            next.meter.saturating_sub(1)
        });
        let entry = Placed { meter, direction, since: 0, end: None };
        pallet_metering::MetersOf::<Runtime>::mutate(site, |placed| placed.try_push(entry).ok());
        let reading =
            Reading { energy, counter: energy, quality: pallet_metering::types::Quality::Measured, revision: 0 };
        // It speaks after a silence.
        let counted = pallet_metering::types::Counted { reading, caught_up: energy };
        pallet_metering::Readings::<Runtime>::insert(slot.to_be_bytes(), meter, counted);
    }
}
