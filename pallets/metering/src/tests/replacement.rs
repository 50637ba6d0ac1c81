//! Devices that break, keys that are stolen.

use super::*;

/// A reading by the device of another seed.
fn read_by(seed: u8, meter: MeterId, slot: Slot, energy: Wh, counter: Wh) -> Result<(), Refusal> {
    hand_in(signed(&device(seed), meter, slot, measured(energy, counter, 0)))
}

#[test]
fn the_old_counter_closes_and_a_new_one_begins() {
    in_slot(0, || {
        let site = add_site(OWNER);
        assert_ok!(Metering::register_meter(by(OPERATOR), site, Generation, gadget(1, 1_000)));
        set_slot(2);
        assert_eq!(read(0, 0, 50, 1_050), Ok(()));
        assert_eq!(read(0, 1, 60, 1_110), Ok(()));
        System::reset_events();
        assert_ok!(Metering::replace_meter(by(OPERATOR), 0, 1_150, gadget(2, 7)));
        let expected = [
            Event::MeterRetired { meter: 0, slot: 2, counter: 1_150 },
            Event::MeterRegistered { meter: 1, site, since: 2, replaces: Some(0) },
        ];
        assert_eq!(events(), expected);
        let (old, new) = (Metering::meter(0).unwrap(), Metering::meter(1).unwrap());
        assert_eq!((old.end, old.replaces), (Some(End { slot: 2, counter: 1_150, caught_up: 40 }), None));
        assert_eq!((new.direction, new.start, new.replaces), (Generation, 7, Some(0)));
        // What the old one has counted since its last reading is not lost.
        assert_eq!(month(0, 0), (110, 40));

        // Both were in service in slot 2, in part.
        set_slot(4);
        assert_eq!(read(0, 2, 30, 1_140), Ok(()));
        assert_eq!(read_by(2, 1, 2, 20, 27), Ok(()));
        assert_eq!(Metering::actual(site, 2, Generation), Some(50));
        assert_eq!((month(0, 0), month(1, 0)), ((140, 10), (20, 0)));
        // What is left of it counts with the slot.
        assert_eq!(Metering::meter(0).unwrap().end.unwrap().caught_up, 10);
        assert_eq!(Metering::caught_up(site, 2, Generation), 10);
        assert_eq!(read(0, 3, 0, 1_150), Err(Refusal::MeterRetired));
        assert_eq!(read_by(2, 1, 1, 0, 7), Err(Refusal::BeforeService));
        assert_eq!(read_by(2, 1, 3, 5, 32), Ok(()));
        assert_eq!(Metering::actual(site, 3, Generation), Some(5));
    });
}

#[test]
fn the_end_is_the_last_link() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        set_slot(3);
        assert_eq!(read(meter, 1, 20, 50), Ok(()));
        assert_ok!(Metering::retire_meter(by(OPERATOR), meter, 90));
        assert_eq!(month(meter, 0), (20, 70));
        // Late readings are taken up to it, for the slots of service.
        set_slot(4);
        assert_eq!(read(meter, 2, 30, 91), Err(Refusal::CounterBackwards));
        assert_eq!(read(meter, 2, 30, 90), Ok(()));
        assert_eq!(read(meter, 3, 1, 90), Err(Refusal::EnergyAboveCounter));
        assert_eq!(read(meter, 3, 0, 90), Ok(()));
        assert_eq!(month(meter, 0), (50, 40));
        assert_eq!(correct(meter, 2, 10, 70, 1), Ok(()));
        assert_eq!(correct(meter, 3, 15, 88, 1), Ok(()));
        assert_eq!(month(meter, 0), (45, 45));
    });
}

#[test]
fn what_the_operator_says_of_a_counter_is_held_against_readings_and_capacity() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        set_slot(2);
        assert_eq!(read(meter, 1, 20, 50), Ok(()));
        let retire = |counter| Metering::retire_meter(by(OPERATOR), meter, counter);
        let replace = |counter| dispatched(|| Metering::replace_meter(by(OPERATOR), meter, counter, gadget(2, 0)));
        assert_noop!(retire(49), Error::<Test>::CounterBackwards);
        assert_noop!(replace(49), Error::<Test>::CounterBackwards);
        // Slots 0 to 2.
        assert_noop!(retire(3 * MOST + 1), Error::<Test>::CounterAboveCapacity);
        assert_noop!(replace(Wh::MAX), Error::<Test>::CounterAboveCapacity);
        assert_ok!(retire(3 * MOST));
        assert_eq!(month(meter, 0), (20, 280));
    });
}

#[test]
fn a_meter_can_end_in_its_first_slot() {
    in_slot(5, || {
        let (_, meter) = add_plant();
        assert_ok!(Metering::retire_meter(by(OPERATOR), meter, 40));
        assert_eq!(month(meter, 1), (0, 40));
        set_slot(6);
        assert_eq!(read(meter, 5, 40, 40), Ok(()));
        assert_eq!(month(meter, 1), (40, 0));
    });
}

#[test]
fn a_device_of_which_nothing_can_be_read_ends_with_what_it_showed_last() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        set_slot(1);
        assert_eq!(read(meter, 0, 20, 30), Ok(()));
        // The reading is frozen, settled and pruned: its counter is not forgotten.
        set_slot(9);
        settle(5);
        prune();
        assert_eq!(Metering::reading(meter, 0), None);
        assert_noop!(Metering::retire_meter(by(OPERATOR), meter, 29), Error::<Test>::CounterBackwards);
        assert_ok!(Metering::retire_meter(by(OPERATOR), meter, 30));
        assert_eq!((month(meter, 0), month(meter, 2)), ((20, 10), (0, 0)));
    });
}

#[test]
fn a_retired_meter_does_not_change_any_more() {
    in_slot(0, || {
        let (site, meter) = add_plant();
        assert_ok!(Metering::retire_meter(by(OPERATOR), meter, 0));
        assert_noop!(Metering::retire_meter(by(OPERATOR), meter, 0), Error::<Test>::MeterEnded);
        assert_noop!(Metering::replace_meter(by(OPERATOR), meter, 0, gadget(2, 0)), Error::<Test>::MeterEnded);
        assert_noop!(Metering::set_key(by(OPERATOR), meter, [7; 32]), Error::<Test>::MeterEnded);
        assert_eq!(Metering::meters_of(site), [meter]);
    });
}

#[test]
fn only_the_operator_changes_meters() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        for who in [OWNER, STRANGER, AUTHORITY] {
            assert_noop!(Metering::retire_meter(by(who), meter, 0), Error::<Test>::NotOperator);
            assert_noop!(Metering::replace_meter(by(who), meter, 0, gadget(2, 0)), Error::<Test>::NotOperator);
            assert_noop!(Metering::set_key(by(who), meter, [7; 32]), Error::<Test>::NotOperator);
        }
        assert_noop!(Metering::retire_meter(by(OPERATOR), 1, 0), Error::<Test>::UnknownMeter);
        assert_noop!(Metering::replace_meter(by(OPERATOR), 1, 0, gadget(2, 0)), Error::<Test>::UnknownMeter);
        assert_noop!(Metering::set_key(by(OPERATOR), 1, [7; 32]), Error::<Test>::UnknownMeter);
    });
}

#[test]
fn a_replacement_that_is_refused_leaves_the_old_one_in_service() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        let replace = |new| dispatched(|| Metering::replace_meter(by(OPERATOR), meter, 0, new));
        assert_noop!(replace(Device { capacity: 0, ..gadget(2, 0) }), Error::<Test>::BadCapacity);
        assert_noop!(replace(Device { key: [0; 32], ..gadget(2, 0) }), Error::<Test>::WeakKey);
        assert_eq!(Metering::meter(meter).unwrap().end, None);
    });
}

#[test]
fn a_key_that_was_stolen_signs_nothing_any_more() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        set_slot(2);
        // The thief has it count everything there is.
        assert_eq!(read(meter, 0, MOST, MOST), Ok(()));
        System::reset_events();
        assert_noop!(Metering::set_key(by(OPERATOR), meter, [0; 32]), Error::<Test>::WeakKey);
        assert_ok!(Metering::set_key(by(OPERATOR), meter, device(2).public().0));
        assert_eq!(events(), [Event::KeySet { meter }]);
        assert_eq!(read(meter, 1, MOST, 2 * MOST), Err(Refusal::BadSignature));
        // And what it has signed is put right.
        let right = signed(&device(2), meter, 0, measured(10, 10, 1));
        assert_eq!(hand_in(right), Ok(()));
        assert_eq!(read_by(2, meter, 1, 5, 15), Ok(()));
        assert_eq!(month(meter, 0), (15, 0));
    });
}

#[test]
fn a_meter_whose_service_has_not_begun_cannot_end() {
    let meters = vec![MeterSpec { site: 0, direction: Import, capacity: 1, key: H256([1; 32]), start: 0, since: 5 }];
    let sites = vec![SiteSpec { owner: OWNER, feeder: 0, bus: 2, level: 0, mode: Mode::SelfUse }];
    test_ext_of(crate::GenesisConfig { sites, meters, ..genesis() }).execute_with(|| {
        System::set_block_number(1);
        set_slot(4);
        assert_noop!(Metering::retire_meter(by(OPERATOR), 0, 0), Error::<Test>::NotInService);
        set_slot(5);
        assert_ok!(Metering::retire_meter(by(OPERATOR), 0, 0));
        assert_ok!(Metering::check_invariants());
    });
}
