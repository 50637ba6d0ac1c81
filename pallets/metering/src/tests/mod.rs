//! One file for each subject.

use crate::{
    genesis::{MeterSpec, SiteSpec},
    mock::*,
    types::{Counted, End, FeederInfo, Green, MonthTotal, Placed, Proposal, Quality, Statement},
    Device, Error, Feeders, Greens, Journals, Meter, Meters, MetersOf, Months, Next, Proposals, Reading, Readings,
    Refusal, Settings, SettingsOf, Settled, SignedReading, Sites, SitesOf, Statements, Tables,
};
use gridpeg_header::H256;
use gridpeg_market::{
    calendar::{Calendar, Month, Slot, Year},
    feeder33,
    traits::{
        Direction::{self, Export, Generation, Import},
        Feeders as _, MeterId, Metering as _, Mode, SiteId, SiteInfo,
    },
    units::Wh,
};
use polkadot_sdk::{
    frame_support::{
        assert_noop, assert_ok,
        dispatch::{Pays, PostDispatchInfo},
        storage::with_storage_layer,
        traits::Hooks,
        weights::Weight,
    },
    sp_core::{storage::StateVersion, Pair},
    sp_runtime::{traits::BadOrigin, BoundedVec, DispatchError, DispatchResult},
    *,
};

mod batches;
mod corrections;
mod freezing;
mod genesis;
mod invariants;
mod market;
mod mode;
mod model;
mod months;
mod owners;
mod pruning;
mod readings;
mod registration;
mod replacement;
mod statements;
mod views;

type Event = crate::Event<Test>;
type Batch = BoundedVec<SignedReading, <Test as crate::Config>::MaxBatch>;

/// Runs a test at the beginning of this slot; everything must be in order at its end.
fn in_slot(slot: Slot, test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        set_slot(slot);
        test();
        assert_ok!(Metering::check_invariants());
    });
}

/// As a dispatched call does it: all or nothing.
fn dispatched(call: impl FnOnce() -> DispatchResult) -> DispatchResult {
    with_storage_layer(call)
}

fn by(account: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(account)
}

/// What an operator reads off the device with this seed's key.
fn gadget(seed: u8, start: Wh) -> Device {
    Device { capacity: CAPACITY, key: device(seed).public().0, start }
}

/// A site at bus 18, on the market.
fn add_site(owner: u64) -> SiteId {
    let site = Next::<Test>::get().site;
    assert_ok!(Metering::register_site(by(OPERATOR), owner, 0, 18, 0, Mode::Market));
    site
}

/// A meter with the key of seed 1, its counter at 0.
fn add_meter(site: SiteId, direction: Direction) -> MeterId {
    let meter = Next::<Test>::get().meter;
    assert_ok!(Metering::register_meter(by(OPERATOR), site, direction, gadget(1, 0)));
    meter
}

/// A site of the owner with a meter of what it generates.
fn add_plant() -> (SiteId, MeterId) {
    let site = add_site(OWNER);
    (site, add_meter(site, Generation))
}

fn submit(items: &[SignedReading]) -> PostDispatchInfo {
    Metering::submit_readings(by(STRANGER), Batch::try_from(items.to_vec()).unwrap()).unwrap()
}

/// Hands in one reading.
fn hand_in(item: SignedReading) -> Result<(), Refusal> {
    System::reset_events();
    submit(&[item]);
    match events()[..] {
        [Event::ReadingRefused { index: 0, meter, slot, refusal }, Event::ReadingsTaken { refused: 1, .. }] => {
            assert_eq!((meter, slot), (item.meter, item.slot));
            Err(refusal)
        }
        [Event::ReadingsTaken { new, corrected, refused: 0 }] => {
            assert_eq!(new + corrected, 1);
            Ok(())
        }
        ref other => panic!("{other:?}"),
    }
}

/// Hands in a first reading of a slot, by the device of seed 1.
fn read(meter: MeterId, slot: Slot, energy: Wh, counter: Wh) -> Result<(), Refusal> {
    correct(meter, slot, energy, counter, 0)
}

/// Hands in a reading with this revision, by the device of seed 1.
fn correct(meter: MeterId, slot: Slot, energy: Wh, counter: Wh, revision: u8) -> Result<(), Refusal> {
    hand_in(signed(&device(1), meter, slot, measured(energy, counter, revision)))
}

/// Energy and what was caught up in a month.
fn month(meter: MeterId, month: Month) -> (Wh, Wh) {
    let MonthTotal { energy, caught_up } = Metering::month(meter, month);
    (energy, caught_up)
}

/// The market has settled all slots up to this one.
fn settle(slot: Slot) {
    assert!(Metering::slot_frozen(slot));
    Metering::note_settled(slot);
}

/// Prunes all that can be.
fn prune() {
    Metering::on_idle(System::block_number(), Weight::MAX);
}

/// The root of the state, without events.
fn state() -> Vec<u8> {
    System::reset_events();
    sp_io::storage::root(StateVersion::V1)
}

/// The events since the last reset.
fn events() -> Vec<Event> {
    let records = System::read_events_no_consensus().map(|record| record.event);
    records.filter_map(|event| if let RuntimeEvent::Metering(event) = event { Some(event) } else { None }).collect()
}
