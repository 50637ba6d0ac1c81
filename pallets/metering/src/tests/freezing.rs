//! The time for corrections, and what becomes of energy whose reading was missing when it had passed.

use super::*;

const L: u64 = CALENDAR.slot_length;

#[test]
fn a_slot_is_open_from_its_end_until_the_window_has_passed() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        for (slot, time, expected) in [
            (5, CALENDAR.end(5) - 1, Err(Refusal::SlotNotOver)),
            (5, CALENDAR.end(5), Ok(())),
            (6, CALENDAR.end(6) + 3 * L - 1, Ok(())),
            (7, CALENDAR.end(7) + 3 * L, Err(Refusal::SlotFrozen)),
        ] {
            set_time(time);
            assert_eq!(read(meter, slot, 0, 0), expected, "slot {slot}");
            assert_eq!(Metering::slot_frozen(slot), expected == Err(Refusal::SlotFrozen));
        }
        // A correction neither.
        assert_eq!(correct(meter, 6, 1, 1, 1), Err(Refusal::SlotFrozen));
    });
}

#[test]
fn no_slot_is_frozen_before_its_time_nor_thawed() {
    in_slot(0, || {
        let frozen = || (0..20).take_while(|slot| Metering::slot_frozen(*slot)).count();
        for (slot, expected) in [(0, 0), (3, 0), (4, 1), (5, 2), (10, 7)] {
            set_slot(slot);
            assert_eq!(frozen(), expected);
        }
        set_time(CALENDAR.start - 1);
        assert_eq!(frozen(), 0);
        set_time(CALENDAR.end(Slot::MAX) + 3 * L);
        assert!(Metering::slot_frozen(Slot::MAX));
    });
}

#[test]
fn a_window_need_not_be_whole_slots() {
    let settings = crate::GenesisConfig { correction_window: 2 * L + L / 2, ..genesis() };
    test_ext_of(settings).execute_with(|| {
        System::set_block_number(1);
        set_slot(0);
        let (_, meter) = add_plant();
        let last = CALENDAR.end(4) + 2 * L + L / 2 - 1;
        set_time(last);
        assert_eq!(read(meter, 4, 10, 10), Ok(()));
        // Two more slots are over by then.
        assert_eq!(read(meter, 6, 10, 30), Ok(()));
        assert_eq!(read(meter, 7, 10, 40), Err(Refusal::SlotNotOver));
        set_time(last + 1);
        assert_eq!(correct(meter, 4, 9, 10, 1), Err(Refusal::SlotFrozen));
        assert_eq!(correct(meter, 5, 10, 20, 1), Ok(()));
        assert_ok!(Metering::check_invariants());
    });
}

#[test]
fn energy_without_a_reading_is_caught_up_by_the_next() {
    in_slot(0, || {
        let (site, meter) = add_plant();
        set_slot(1);
        assert_eq!(read(meter, 0, 50, 50), Ok(()));
        // Slots 1 to 4 are missing. Slot 1 is frozen, what comes for it is refused.
        set_slot(6);
        settle(1);
        assert_eq!(Metering::actual(site, 1, Generation), Some(0));
        assert_eq!(read(meter, 1, 40, 90), Err(Refusal::SlotFrozen));
        assert_eq!(read(meter, 5, 30, 210), Ok(()));
        assert_eq!((month(meter, 0), month(meter, 1)), ((50, 0), (30, 130)));
        // What is settled stays as it was; what is open can still be read.
        assert_eq!(Metering::actual(site, 1, Generation), Some(0));
        assert_eq!(read(meter, 3, 40, 150), Ok(()));
        assert_eq!((month(meter, 0), month(meter, 1)), ((90, 60), (30, 30)));
    });
}

#[test]
fn energy_is_caught_up_in_the_month_of_the_next_reading_however_late() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        set_slot(1);
        assert_eq!(read(meter, 0, 10, 10), Ok(()));
        // A year of silence.
        set_slot(YEAR + 2);
        assert_eq!(read(meter, YEAR + 1, 20, 10 + 4_900), Ok(()));
        assert_eq!(month(meter, 0), (10, 0));
        assert_eq!((1..12).map(|number| month(meter, number)).collect::<Vec<_>>(), [(0, 0); 11]);
        assert_eq!(month(meter, 12), (20, 4_880));
    });
}

#[test]
fn more_than_the_capacity_is_not_caught_up() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        set_slot(1);
        assert_eq!(read(meter, 0, 10, 10), Ok(()));
        set_slot(50);
        assert_eq!(read(meter, 49, 20, 11 + 49 * MOST), Err(Refusal::CounterAboveCapacity));
        assert_eq!(read(meter, 49, 20, 10 + 49 * MOST), Ok(()));
    });
}

#[test]
fn an_hour_without_blocks_freezes_what_has_passed() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        set_slot(2);
        assert_eq!(read(meter, 0, 10, 10), Ok(()));
        assert_eq!(read(meter, 1, 10, 20), Ok(()));
        set_time(CALENDAR.begin(2) + 3_600_000);
        // Slot 362 is the present one.
        assert_eq!(Metering::slot_now(), Some(362));
        assert_eq!(correct(meter, 1, 10, 25, 1), Err(Refusal::SlotFrozen));
        assert_eq!(read(meter, 358, 0, 20), Err(Refusal::SlotFrozen));
        assert_eq!(read(meter, 359, 5, 1_000), Ok(()));
        assert_eq!(month(meter, 359 / 4), (5, 975));
    });
}

#[test]
fn the_last_frozen_reading_is_what_counts_whichever_was_handed_in_last() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        set_slot(3);
        assert_eq!(read(meter, 2, 10, 120), Ok(()));
        assert_eq!(read(meter, 0, 10, 30), Ok(()));
        assert_eq!(read(meter, 1, 10, 60), Ok(()));
        // All are frozen, none was looked at since.
        set_slot(70);
        assert_eq!(read(meter, 69, 0, 119), Err(Refusal::CounterBackwards));
        assert_eq!(read(meter, 69, 1, 120), Err(Refusal::EnergyAboveCounter));
        assert_eq!(read(meter, 69, 1, 121), Ok(()));
        let journal = Journals::<Test>::get(meter).unwrap();
        assert_eq!((journal.slot, journal.counter), (Some(2), 120));
    });
}
