//! Months and years: what a meter counts in them adds up to what its counter has gone on.

use super::*;

/// Reads all slots of a range as they are over, each as much energy as its number's last digit.
fn read_all(meter: MeterId, slots: std::ops::Range<Slot>, counter: &mut Wh) {
    for slot in slots {
        set_slot(slot + 1);
        let energy = u64::from(slot % 10);
        *counter += energy;
        assert_eq!(read(meter, slot, energy, *counter), Ok(()));
    }
}

#[test]
fn a_slot_counts_in_its_month() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        let mut counter = 0;
        read_all(meter, 0..2 * YEAR + 3, &mut counter);
        let energies = |month: Month| (month * 4..month * 4 + 4).map(|slot| u64::from(slot % 10)).sum::<u64>();
        for number in 0..24 {
            assert_eq!(month(meter, number), (energies(number), 0), "month {number}");
        }
        // The month that is running.
        assert_eq!(month(meter, 24), (6 + 7 + 8, 0));
        assert_eq!((0..25).map(|number| month(meter, number).0).sum::<u64>(), counter);
    });
}

#[test]
fn the_twelve_months_of_a_year_are_in_its_statement() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        let mut counter = 0;
        read_all(meter, 0..2 * YEAR, &mut counter);
        set_slot(2 * YEAR + WINDOW + 1);
        settle(2 * YEAR);
        for year in 0..2 {
            assert_ok!(Metering::close_year(by(STRANGER), meter, year));
            let statement = Metering::statement(meter, year).unwrap();
            let expected: Vec<_> = (year * 12..year * 12 + 12).map(|number| month(meter, number).0).collect();
            assert_eq!(statement.months.to_vec(), expected);
        }
        let total = |year| Metering::statement(meter, year).unwrap().quota;
        assert_eq!(total(0) + total(1), counter);
    });
}

#[test]
fn every_wh_of_the_counter_is_in_one_month_with_gaps_and_corrections() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        let mut counter = 0;
        for slot in 0..YEAR {
            set_slot(slot + 1);
            let energy = u64::from(slot % 7);
            counter += energy + u64::from(slot % 3);
            // Every fifth is missing, and some are corrected.
            if slot % 5 != 2 {
                assert_eq!(read(meter, slot, energy, counter), Ok(()));
            }
            if slot % 4 == 3 {
                assert_eq!(correct(meter, slot, energy / 2, counter, 1), Ok(()));
            }
        }
        let of = |number| month(meter, number);
        let sum: u64 = (0..12).map(|number| of(number).0 + of(number).1).sum();
        assert_eq!(sum, counter);
        assert_ok!(Metering::retire_meter(by(OPERATOR), meter, counter + 9));
        assert_eq!(of(12), (0, 9));
    });
}

#[test]
fn a_month_of_no_readings_is_nothing() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        assert_eq!((month(meter, 0), month(meter, Month::MAX), month(77, 0)), ((0, 0), (0, 0), (0, 0)));
    });
}
