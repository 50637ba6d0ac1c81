//! Corrections: what they change, in their own month and in that of the next reading.

use super::*;

#[test]
fn a_correction_takes_the_place_of_what_it_corrects() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        set_slot(3);
        assert_eq!(read(meter, 1, 40, 60), Ok(()));
        assert_eq!(month(meter, 0), (40, 20));
        let correction = Reading { energy: 30, counter: 55, quality: Quality::Estimated, revision: 2 };
        assert_eq!(hand_in(signed(&device(1), meter, 1, correction)), Ok(()));
        assert_eq!(Metering::reading(meter, 1), Some(correction));
        assert_eq!(month(meter, 0), (30, 25));
        // Up and down, to the last revision.
        assert_eq!(correct(meter, 1, 90, 100, 3), Ok(()));
        assert_eq!(correct(meter, 1, 0, 0, 255), Ok(()));
        assert_eq!(month(meter, 0), (0, 0));
    });
}

#[test]
fn the_next_reading_s_month_gets_the_difference() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        set_slot(6);
        // Slot 3 is the last one of month 0.
        assert_eq!(read(meter, 3, 20, 100), Ok(()));
        assert_eq!(read(meter, 5, 30, 180), Ok(()));
        assert_eq!((month(meter, 0), month(meter, 1)), ((20, 80), (30, 50)));
        assert_eq!(correct(meter, 3, 20, 150, 1), Ok(()));
        assert_eq!((month(meter, 0), month(meter, 1)), ((20, 130), (30, 0)));
        assert_eq!(correct(meter, 3, 20, 151, 2), Err(Refusal::CounterBackwards));
        assert_eq!(correct(meter, 3, 0, 0, 2), Ok(()));
        assert_eq!((month(meter, 0), month(meter, 1)), ((0, 0), (30, 150)));
        // A reading in between.
        assert_eq!(read(meter, 4, 60, 110), Ok(()));
        assert_eq!((month(meter, 0), month(meter, 1)), ((0, 0), (90, 90)));
    });
}

#[test]
fn a_correction_is_held_against_its_neighbours_of_now() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        set_slot(3);
        assert_eq!(read(meter, 0, 50, 50), Ok(()));
        assert_eq!(read(meter, 1, 50, 100), Ok(()));
        assert_eq!(read(meter, 2, 50, 150), Ok(()));
        assert_eq!(correct(meter, 1, 50, 101, 1), Err(Refusal::CounterBackwards));
        assert_eq!(correct(meter, 1, 51, 100, 1), Err(Refusal::EnergyAboveCounter));
        assert_eq!(correct(meter, 2, 30, 150, 1), Ok(()));
        assert_eq!(correct(meter, 1, 51, 101, 1), Ok(()));
        assert_eq!(correct(meter, 0, 51, 51, 1), Err(Refusal::CounterBackwards));
        assert_eq!(correct(meter, 1, 20, 101, 2), Ok(()));
        assert_eq!(correct(meter, 0, 51, 51, 1), Ok(()));
        assert_eq!(month(meter, 0), (101, 49));
    });
}

#[test]
fn a_first_reading_may_have_any_revision() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        set_slot(1);
        assert_eq!(correct(meter, 0, 1, 1, 255), Ok(()));
        assert_eq!(correct(meter, 0, 2, 2, 0), Err(Refusal::StaleRevision));
    });
}
