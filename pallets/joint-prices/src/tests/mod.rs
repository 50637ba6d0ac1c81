//! One file for each subject.

use crate::{
    mock::*, Dirty, Error, Floor, GenesisConfig, Open, OpenPeriod, Pairs, Reference, Report, Revision, Settings,
    SettingsOf, Shortfall, UValues,
};
use gridpeg_copula::prices::PricePair;
use gridpeg_messages::{
    prices::{
        Side::{self, Carbon, Electricity},
        Summary,
    },
    traits::{ObservePrices, PriceWindow},
};
use polkadot_sdk::{
    frame_support::{assert_noop, assert_ok, storage::with_storage_layer, weights::Weight},
    sp_runtime::{traits::BadOrigin, DispatchError, DispatchResult},
    *,
};

mod genesis;
mod guidance;
mod invariants;
mod model;
mod periods;
mod reports;
mod window;

type Event = crate::Event<Test>;

/// Runs a test in block 1, at the end of period 9; everything must be in order at its end.
fn in_block_1(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        assert_ok!(JointPrices::check_invariants());
    });
}

/// Just enough of everything to count.
fn summary(side: Side, price: i64) -> Summary {
    let quantity = match side {
        Electricity => LEAST_WH,
        Carbon => LEAST_GRAMS,
    };
    Summary { price, quantity, sellers: 2, buyers: 2 }
}

/// Observes as a dispatched call does: all or nothing.
fn observe(side: Side, period: u64, price: i64) -> DispatchResult {
    with_storage_layer(|| JointPrices::observe(side, period, summary(side, price)))
}

/// Reports both sides.
fn add(period: u64, electricity: i64, carbon: i64) {
    assert_ok!(observe(Electricity, period, electricity));
    assert_ok!(observe(Carbon, period, carbon));
}

fn pair(period: u64, electricity: i64, carbon: i64) -> PricePair {
    PricePair { period, electricity, carbon }
}

/// Begins the next block as the proof-of-work pallet does, and returns what that cost.
fn next_block() -> Weight {
    System::set_block_number(System::block_number() + 1);
    JointPrices::refresh()
}

/// Prices without ties that are always the same and depend on each other a little.
fn prices_of(period: u64) -> (i64, i64) {
    let mixed = period.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let electricity = 90_000_000_000 + (mixed >> 32) as i64;
    (electricity, 70_000_000_000_000 + 500 * electricity + (mixed as u32 as i64) * 900)
}

/// History of this many periods from 0 on.
fn history(count: u64) -> Vec<(u64, i64, i64)> {
    (0..count)
        .map(|period| {
            let (electricity, carbon) = prices_of(period);
            (period, electricity, carbon)
        })
        .collect()
}

/// The events since the last reset.
fn events() -> Vec<Event> {
    let records = System::read_events_no_consensus().map(|record| record.event);
    records.filter_map(|event| if let RuntimeEvent::JointPrices(event) = event { Some(event) } else { None }).collect()
}
