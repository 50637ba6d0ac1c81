//! What the market is told.

use super::*;
use crate::weights::WeightInfo;
use gridpeg_market::traits;

#[test]
fn a_site_s_energy_is_the_sum_of_its_meters_of_that_direction() {
    in_slot(0, || {
        let (site, other) = (add_site(OWNER), add_site(OTHER));
        let add = |site| [Generation, Generation, Export, Import, Import].map(|direction| add_meter(site, direction));
        let meters = add(site);
        add(other);
        set_slot(3);
        for (meter, energy) in meters.into_iter().zip([1, 20, 30, 4, 50]) {
            assert_eq!(read(meter, 2, energy, energy), Ok(()));
        }
        let actual = |site, slot| [Generation, Export, Import].map(|direction| Metering::actual(site, slot, direction));
        assert_eq!(actual(site, 2), [Some(21), Some(30), Some(54)]);
        // Missing: nothing generated, nothing exported; what was imported is not known.
        assert_eq!(actual(site, 1), [Some(0), Some(0), None]);
        assert_eq!(actual(other, 2), [Some(0), Some(0), None]);
    });
}

#[test]
fn without_a_meter_in_service_there_is_nothing() {
    in_slot(5, || {
        let site = add_site(OWNER);
        let actual = |slot| Metering::actual(site, slot, Import);
        assert_eq!(actual(5), Some(0));
        let meter = add_meter(site, Import);
        assert_eq!((actual(4), actual(5)), (Some(0), None));
        set_slot(6);
        assert_ok!(Metering::retire_meter(by(OPERATOR), meter, 0));
        assert_eq!((actual(5), actual(6), actual(7)), (None, None, Some(0)));
        assert_eq!(Metering::actual(9, 6, Import), Some(0));
    });
}

#[test]
fn one_import_meter_without_a_reading_is_enough_not_to_know() {
    in_slot(0, || {
        let site = add_site(OWNER);
        let meters = [add_meter(site, Import), add_meter(site, Import)];
        set_slot(1);
        assert_eq!(read(meters[0], 0, 10, 10), Ok(()));
        assert_eq!(Metering::actual(site, 0, Import), None);
        assert_eq!(read(meters[1], 0, 10, 10), Ok(()));
        assert_eq!(Metering::actual(site, 0, Import), Some(20));
    });
}

#[test]
fn a_silent_meters_energy_is_caught_up_when_it_speaks_again() {
    in_slot(0, || {
        let site = add_site(OWNER);
        let meter = add_meter(site, Import);
        let late = |slot| Metering::caught_up(site, slot, Import);
        set_slot(4);
        // Silent in slots 0 and 1, in which the counter went on by 70.
        assert_eq!(read(meter, 2, 10, 80), Ok(()));
        assert_eq!(read(meter, 3, 10, 95), Ok(()));
        assert_eq!([0, 1, 2, 3].map(late), [0, 0, 70, 5]);
        assert_eq!(month(meter, 0), (20, 75));
        // A reading in between takes of the next one's, a correction too, a later one nothing.
        assert_eq!(read(meter, 1, 30, 60), Ok(()));
        assert_eq!([0, 1, 2, 3].map(late), [0, 30, 10, 5]);
        assert_eq!(correct(meter, 2, 18, 80, 1), Ok(()));
        assert_eq!([0, 1, 2, 3].map(late), [0, 30, 2, 5]);
        assert_eq!(month(meter, 0), (58, 37));
        // The end shows 7 more than the last reading: they count with the last slot.
        assert_ok!(Metering::retire_meter(by(OPERATOR), meter, 102));
        assert_eq!([3, 4, 5].map(late), [5, 7, 0]);
        set_slot(5);
        assert_eq!(read(meter, 4, 4, 100), Ok(()));
        assert_eq!([3, 4, 5].map(late), [5, 3, 0]);
        // Settled and pruned is what was.
        set_slot(8);
        assert_eq!(read(meter, 3, 10, 95), Err(Refusal::SlotFrozen));
        settle(4);
        prune();
        assert_eq!(month(meter, 1), (4, 3));
    });
}

#[test]
fn what_one_import_meter_says_is_not_lost_while_another_is_silent() {
    in_slot(0, || {
        let site = add_site(OWNER);
        let meters = [add_meter(site, Import), add_meter(site, Import)];
        let both = |slot| (Metering::actual(site, slot, Import), Metering::caught_up(site, slot, Import));
        set_slot(2);
        assert_eq!(read(meters[0], 0, 10, 12), Ok(()));
        assert_eq!(both(0), (None, 12));
        assert_eq!(read(meters[1], 1, 20, 50), Ok(()));
        assert_eq!(both(1), (None, 50));
        assert_eq!(read(meters[0], 1, 5, 17), Ok(()));
        assert_eq!(both(1), (Some(25), 30));
        // All that both counters show is in one or the other.
        assert_eq!(12 + 25 + 30, 17 + 50);
    });
}

#[test]
fn what_is_frozen_stays() {
    in_slot(0, || {
        let (site, meter) = add_plant();
        set_slot(1);
        assert_eq!(read(meter, 0, 40, 50), Ok(()));
        set_slot(4);
        assert!(Metering::slot_frozen(0));
        assert_eq!(correct(meter, 0, 50, 50, 1), Err(Refusal::SlotFrozen));
        assert_ok!(Metering::replace_meter(by(OPERATOR), meter, 90, gadget(2, 0)));
        assert_eq!(Metering::actual(site, 0, Generation), Some(40));
    });
}

#[test]
fn settled_slots_are_frozen_and_in_order() {
    in_slot(10, || {
        Metering::note_settled(7);
        assert_eq!(Settled::<Test>::get(), None);
        Metering::note_settled(4);
        assert_eq!(Settled::<Test>::get(), Some(4));
        Metering::note_settled(2);
        assert_eq!(Settled::<Test>::get(), Some(4));
        Metering::note_settled(6);
        assert_eq!(Settled::<Test>::get(), Some(6));
    });
}

#[test]
fn all_sites_are_gone_through() {
    in_slot(0, || {
        assert_eq!(Metering::next_site(None), None);
        for owner in [OWNER, OTHER, OWNER] {
            add_site(owner);
        }
        let mut site = None;
        let mut all = Vec::new();
        while let Some(next) = Metering::next_site(site) {
            all.push(next);
            site = Some(next);
        }
        assert_eq!(all, [0, 1, 2]);
        assert_eq!((Metering::next_site(Some(2)), Metering::next_site(Some(SiteId::MAX))), (None, None));
    });
}

#[test]
fn the_traits_say_what_the_pallet_says() {
    in_slot(0, || {
        let site = add_site(OWNER);
        assert_eq!(<Metering as traits::Metering<u64>>::site(site), Metering::site(site));
        assert_eq!(<Metering as traits::Metering<u64>>::site(site + 1), None);
        assert_eq!(<Metering as traits::Metering<u64>>::calendar(), CALENDAR);
        assert_eq!(<Metering as traits::Metering<u64>>::weight(), <()>::ask());
        assert_eq!(<Metering as traits::Feeders>::weight(), <()>::tables());
    });
}
