//! Which readings are taken: every refusal, and the bounds from both sides.

use super::*;
use codec::Encode;

/// A site with a meter in service since slot 10, at the beginning of slot 14: slots 11 to 13 are open.
fn at_14(test: impl FnOnce(SiteId, MeterId)) {
    in_slot(10, || {
        let (site, meter) = add_plant();
        set_slot(14);
        test(site, meter);
    });
}

fn refused(item: SignedReading, refusal: Refusal) {
    let before = state();
    assert_eq!(hand_in(item), Err(refusal));
    assert_eq!(state(), before, "{refusal:?} left a trace");
}

/// By the device of seed 1, measured, not a correction.
fn item(meter: MeterId, slot: Slot, energy: Wh, counter: Wh) -> SignedReading {
    signed(&device(1), meter, slot, measured(energy, counter, 0))
}

#[test]
fn what_a_meter_says_is_kept() {
    at_14(|_, meter| {
        let reading = Reading { energy: 40, counter: 60, quality: Quality::Disturbed, revision: 3 };
        assert_eq!(hand_in(signed(&device(1), meter, 12, reading)), Ok(()));
        assert_eq!(Metering::reading(meter, 12), Some(reading));
        assert_eq!((Metering::reading(meter, 11), Metering::reading(meter, 13)), (None, None));
        assert_eq!(month(meter, 3), (40, 20));
    });
}

#[test]
fn a_reading_of_no_meter_is_refused() {
    at_14(|_, meter| refused(item(meter + 1, 12, 1, 1), Refusal::UnknownMeter));
}

#[test]
fn a_reading_outside_the_meter_s_service_is_refused() {
    at_14(|_, meter| {
        refused(item(meter, 9, 0, 0), Refusal::BeforeService);
        refused(item(meter, 0, 0, 0), Refusal::BeforeService);
        assert_ok!(Metering::retire_meter(by(OPERATOR), meter, 100));
        set_slot(17);
        assert_eq!(read(meter, 14, 0, 100), Ok(()));
        refused(item(meter, 15, 0, 100), Refusal::MeterRetired);
        refused(item(meter, Slot::MAX, 0, 100), Refusal::MeterRetired);
    });
}

#[test]
fn a_reading_of_a_slot_that_is_not_over_is_refused() {
    at_14(|_, meter| {
        refused(item(meter, 14, 0, 0), Refusal::SlotNotOver);
        refused(item(meter, 1_000, 0, 0), Refusal::SlotNotOver);
        refused(item(meter, Slot::MAX, 0, 0), Refusal::SlotNotOver);
        set_time(CALENDAR.end(14) - 1);
        refused(item(meter, 14, 0, 0), Refusal::SlotNotOver);
        set_time(CALENDAR.end(14));
        assert_eq!(read(meter, 14, 0, 0), Ok(()));
    });
}

#[test]
fn a_reading_of_a_frozen_slot_is_refused() {
    at_14(|_, meter| {
        refused(item(meter, 10, 0, 0), Refusal::SlotFrozen);
        assert_eq!(read(meter, 11, 0, 0), Ok(()));
    });
}

#[test]
fn the_same_or_an_older_revision_is_refused() {
    at_14(|_, meter| {
        assert_eq!(correct(meter, 12, 10, 10, 5), Ok(()));
        refused(signed(&device(1), meter, 12, measured(10, 10, 5)), Refusal::StaleRevision);
        refused(signed(&device(1), meter, 12, measured(11, 11, 4)), Refusal::StaleRevision);
        assert_eq!(correct(meter, 12, 11, 11, 255), Ok(()));
        refused(signed(&device(1), meter, 12, measured(12, 12, 255)), Refusal::StaleRevision);
    });
}

#[test]
fn energy_is_within_the_capacity() {
    at_14(|_, meter| {
        refused(item(meter, 11, MOST + 1, 200), Refusal::AboveCapacity);
        refused(item(meter, 11, Wh::MAX, Wh::MAX), Refusal::AboveCapacity);
        assert_eq!(read(meter, 11, MOST, 200), Ok(()));
    });
}

#[test]
fn only_the_device_s_signature_counts() {
    at_14(|site, meter| {
        refused(signed(&device(2), meter, 12, measured(10, 10, 0)), Refusal::BadSignature);
        let good = signed(&device(1), meter, 12, measured(10, 10, 0));
        let other = add_meter(site, Export);
        set_slot(15);
        // Every part is signed.
        let changes: [fn(&mut SignedReading); 7] = [
            |item| item.slot = 13,
            |item| item.reading.energy = 9,
            |item| item.reading.counter = 11,
            |item| item.reading.quality = Quality::Estimated,
            |item| item.reading.revision = 1,
            |item| item.signature[0] ^= 1,
            |item| item.signature = [0; 64],
        ];
        for change in changes {
            let mut item = good;
            change(&mut item);
            refused(item, Refusal::BadSignature);
        }
        // Also the meter's number: another meter with the same key.
        let own = signed(&device(1), meter, 14, measured(10, 10, 0));
        refused(SignedReading { meter: other, ..own }, Refusal::BadSignature);
        assert_eq!((hand_in(good), hand_in(own)), (Ok(()), Err(Refusal::EnergyAboveCounter)));
        // And the chain.
        let bytes = crate::types::signed_bytes(H256([7; 32]), meter, 13, &measured(10, 20, 0));
        let signature = device(1).sign(&bytes).0;
        refused(SignedReading { meter, slot: 13, reading: measured(10, 20, 0), signature }, Refusal::BadSignature);
        assert_eq!(read(meter, 13, 0, 10), Ok(()));
    });
}

#[test]
fn the_signed_bytes_are_these() {
    let reading = Reading { energy: 0x0102, counter: 0x0304_0506, quality: Quality::Disturbed, revision: 9 };
    let bytes = crate::types::signed_bytes(H256([0xaa; 32]), 0x11, 0x2233, &reading);
    let expected = [
        &b"gridpeg-reading"[..],
        &[0xaa; 32],
        &[0x11, 0, 0, 0],
        &[0x33, 0x22, 0, 0],
        &[0x02, 0x01, 0, 0, 0, 0, 0, 0],
        &[0x06, 0x05, 0x04, 0x03, 0, 0, 0, 0],
        &[2, 9],
    ];
    assert_eq!(bytes, expected.concat());
    assert_eq!((bytes.len(), Quality::Measured.encode(), Quality::Estimated.encode()), (73, vec![0], vec![1]));
}

#[test]
fn a_counter_stays_between_its_neighbours() {
    at_14(|_, meter| {
        assert_eq!(read(meter, 11, 50, 50), Ok(()));
        assert_eq!(read(meter, 13, 50, 150), Ok(()));
        refused(item(meter, 12, 0, 49), Refusal::CounterBackwards);
        // Slot 13 has begun with 100.
        refused(item(meter, 12, 0, 101), Refusal::CounterBackwards);
        refused(item(meter, 12, 51, 100), Refusal::EnergyAboveCounter);
        assert_eq!(read(meter, 12, 50, 100), Ok(()));
        assert_eq!((month(meter, 2), month(meter, 3)), ((50, 0), (100, 0)));
    });
    at_14(|_, meter| {
        assert_eq!(read(meter, 11, 50, 50), Ok(()));
        assert_eq!(read(meter, 13, 50, 150), Ok(()));
        assert_eq!(read(meter, 12, 0, 50), Ok(()));
        assert_eq!((month(meter, 2), month(meter, 3)), ((50, 0), (50, 50)));
    });
}

#[test]
fn a_counter_begins_where_the_meter_began() {
    in_slot(10, || {
        let site = add_site(OWNER);
        assert_ok!(Metering::register_meter(by(OPERATOR), site, Import, gadget(1, 500)));
        set_slot(12);
        refused(item(0, 11, 0, 499), Refusal::CounterBackwards);
        refused(item(0, 11, 51, 550), Refusal::EnergyAboveCounter);
        assert_eq!(read(0, 11, 50, 550), Ok(()));
    });
}

#[test]
fn a_counter_goes_on_by_what_the_capacity_allows() {
    at_14(|_, meter| {
        // Slots 10 and 11.
        refused(item(meter, 11, 0, 2 * MOST + 1), Refusal::CounterAboveCapacity);
        assert_eq!(read(meter, 11, MOST, 2 * MOST), Ok(()));
        // Slot 11 is not final: what counts is how it began.
        refused(item(meter, 13, 0, 4 * MOST + 1), Refusal::CounterAboveCapacity);
        refused(item(meter, 13, 0, Wh::MAX), Refusal::CounterAboveCapacity);
        assert_eq!(read(meter, 13, 0, 4 * MOST), Ok(()));
        // It is bounded again from the last frozen one on.
        set_slot(16);
        assert_eq!(correct(meter, 13, 0, 350, 1), Ok(()));
        set_slot(17);
        refused(item(meter, 16, 0, 351 + 3 * MOST), Refusal::CounterAboveCapacity);
        assert_eq!(read(meter, 16, 0, 350 + 3 * MOST), Ok(()));
    });
}

#[test]
fn a_weak_capacity_still_counts_whole_wh() {
    in_slot(0, || {
        let site = add_site(OWNER);
        let device = Device { capacity: 1, ..gadget(1, 0) };
        assert_ok!(Metering::register_meter(by(OPERATOR), site, Import, device));
        set_slot(1);
        // 1 W gives 1/360 Wh in ten seconds: no whole one, but the counter may have been about to show the next.
        refused(item(0, 0, 1, 1), Refusal::AboveCapacity);
        refused(item(0, 0, 0, 2), Refusal::CounterAboveCapacity);
        assert_eq!(read(0, 0, 0, 1), Ok(()));
    });
}

#[test]
fn numbers_at_their_ends_do_not_overflow() {
    in_slot(0, || {
        let site = add_site(OWNER);
        let device = Device { capacity: 1_000_000_000_000, ..gadget(1, Wh::MAX - 5) };
        assert_ok!(Metering::register_meter(by(OPERATOR), site, Import, device));
        set_slot(3);
        refused(item(0, 0, 6, Wh::MAX), Refusal::EnergyAboveCounter);
        assert_eq!(read(0, 1, 0, Wh::MAX), Ok(()));
        refused(item(0, 2, 1, Wh::MAX), Refusal::EnergyAboveCounter);
        refused(item(0, 2, 1, 0), Refusal::CounterBackwards);
        assert_eq!(read(0, 0, 3, Wh::MAX - 2), Ok(()));
        assert_eq!(month(0, 0), (3, 2));
        // The greatest capacity over all slots there are.
        set_slot(Slot::MAX);
        assert_eq!(read(0, Slot::MAX - 1, 0, Wh::MAX), Ok(()));
        // The last of all slots can be read, until it is frozen.
        set_time(CALENDAR.end(Slot::MAX));
        assert_eq!(read(0, Slot::MAX, 0, Wh::MAX), Ok(()));
        set_time(CALENDAR.end(Slot::MAX) + u64::from(WINDOW) * CALENDAR.slot_length);
        refused(item(0, Slot::MAX - 1, 0, Wh::MAX), Refusal::SlotFrozen);
        assert_eq!(correct(0, Slot::MAX, 0, Wh::MAX, 1), Err(Refusal::SlotFrozen));
    });
}

#[test]
fn the_first_thing_that_is_wrong_is_named() {
    at_14(|_, meter| {
        assert_eq!(read(meter, 11, 50, 50), Ok(()));
        // Each is wrong in all that comes after, too.
        let bad = |slot, energy, counter| signed(&device(2), meter, slot, measured(energy, counter, 0));
        refused(bad(9, 999, 0), Refusal::BeforeService);
        refused(bad(14, 999, 0), Refusal::SlotNotOver);
        refused(bad(10, 999, 0), Refusal::SlotFrozen);
        refused(bad(11, 999, 0), Refusal::StaleRevision);
        refused(bad(12, 999, 0), Refusal::AboveCapacity);
        refused(bad(12, 99, 0), Refusal::BadSignature);
        refused(item(meter, 12, 99, 0), Refusal::CounterBackwards);
        refused(item(meter, 13, 99, 51), Refusal::EnergyAboveCounter);
        refused(item(meter, 13, 99, 9_999), Refusal::CounterAboveCapacity);
    });
}

#[test]
fn anybody_hands_in_but_somebody() {
    at_14(|_, meter| {
        let items = Batch::try_from(vec![item(meter, 12, 1, 1)]).unwrap();
        assert_noop!(Metering::submit_readings(RuntimeOrigin::root(), items.clone()), BadOrigin);
        assert_noop!(Metering::submit_readings(RuntimeOrigin::none(), items.clone()), BadOrigin);
        for (revision, who) in [(0, OWNER), (1, OPERATOR), (2, STRANGER)] {
            let item = signed(&device(1), meter, 12, measured(1, 1, revision));
            assert_ok!(Metering::submit_readings(by(who), Batch::try_from(vec![item]).unwrap()));
        }
    });
}
