//! Readings of settled slots go, in time that is left over.

use super::*;
use crate::weights::WeightInfo;

/// Two meters with readings of slots 0 to 9 each, at the beginning of slot 10: slots up to 6 are frozen.
fn with_readings(test: impl FnOnce()) {
    in_slot(0, || {
        let site = add_site(OWNER);
        add_meter(site, Generation);
        add_meter(site, Export);
        for slot in 0..10 {
            set_slot(slot + 1);
            for meter in 0..2 {
                assert_eq!(read(meter, slot, 10, 10 * Wh::from(slot + 1)), Ok(()));
            }
        }
        test();
    });
}

fn stored() -> Vec<(Slot, MeterId)> {
    Readings::<Test>::iter_keys().map(|(slot, meter)| (Slot::from_be_bytes(slot), meter)).collect()
}

/// Prunes with this weight and checks that what is said to be used is within it.
fn idle(weight: Weight) -> Weight {
    let used = Metering::on_idle(1, weight);
    assert!(used.all_lte(weight));
    used
}

#[test]
fn what_is_settled_goes_and_nothing_else() {
    with_readings(|| {
        assert_eq!(idle(Weight::MAX), <()>::prune(0));
        assert_eq!(stored().len(), 20);
        settle(3);
        assert_eq!(idle(Weight::MAX), <()>::prune(8));
        assert_eq!((stored().len(), stored().iter().map(|(slot, _)| *slot).min()), (12, Some(4)));
        assert_eq!((Metering::reading(0, 3), Metering::reading(0, 4).map(|one| one.counter)), (None, Some(50)));
        assert_eq!(idle(Weight::MAX), <()>::prune(0));
        settle(6);
        assert_eq!(idle(Weight::MAX), <()>::prune(6));
        assert_eq!(stored().len(), 6);
    });
}

#[test]
fn only_as_much_as_the_weight_allows_the_oldest_first() {
    with_readings(|| {
        settle(6);
        assert_eq!(idle(Weight::zero()), Weight::zero());
        assert_eq!(idle(<()>::prune(0).saturating_sub(Weight::from_parts(1, 0))), Weight::zero());
        assert_eq!(idle(<()>::prune(0)), <()>::prune(0));
        assert_eq!(stored().len(), 20);
        assert_eq!(idle(<()>::prune(3)), <()>::prune(3));
        assert_eq!(stored().len(), 17);
        assert_eq!(idle(<()>::prune(4).saturating_sub(Weight::from_parts(1, 0))), <()>::prune(3));
        assert_ok!(Metering::check_invariants());
        assert_eq!(stored().iter().map(|(slot, _)| *slot).min(), Some(3));
        assert_eq!(idle(Weight::MAX), <()>::prune(8));
    });
}

#[test]
fn nothing_that_counts_changes() {
    with_readings(|| {
        let months = || [month(0, 0), month(0, 1), month(0, 2), month(1, 1)];
        let before = months();
        settle(6);
        prune();
        assert_eq!(months(), before);
        // What comes next is measured against what is gone.
        set_slot(40);
        for meter in 0..2 {
            assert_eq!(read(meter, 39, 0, 99), Err(Refusal::CounterBackwards));
            assert_eq!(read(meter, 39, 1, 100), Err(Refusal::EnergyAboveCounter));
            assert_eq!(read(meter, 39, 1, 101), Ok(()));
        }
    });
}

#[test]
fn a_meter_whose_readings_are_all_gone_goes_on_from_the_last() {
    with_readings(|| {
        set_slot(40);
        settle(36);
        prune();
        assert!(stored().is_empty());
        let journal = Journals::<Test>::get(0).unwrap();
        assert_eq!((journal.slot, journal.counter), (Some(9), 100));
        assert_eq!(read(0, 39, 5, 90), Err(Refusal::CounterBackwards));
        assert_eq!(read(0, 39, 5, 105), Ok(()));
        assert_eq!(month(0, 9), (5, 0));
    });
}

#[test]
fn readings_lie_in_the_order_of_slots() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        // Across the bytes of the number.
        for slot in [0x00ff, 0x0100, 0xffff, 0x0001_0000] {
            set_slot(slot + 1);
            assert_eq!(read(meter, slot, 0, 0), Ok(()));
        }
        let slots: Vec<_> = stored().into_iter().map(|(slot, _)| slot).collect();
        assert_eq!(slots, [0x00ff, 0x0100, 0xffff, 0x0001_0000]);
    });
}
