//! Open periods: which are closed by what, and how many there are.

use super::*;

fn open() -> Vec<u64> {
    Open::<Test>::get().iter().map(|entry| entry.period).collect()
}

#[test]
fn a_pair_closes_the_older_periods_and_leaves_the_newer_ones() {
    in_block_1(|| {
        assert_ok!(observe(Carbon, 7, 1));
        assert_ok!(observe(Carbon, 3, 1));
        assert_ok!(observe(Electricity, 4, 1));
        assert_eq!(open(), [3, 4, 7]);
        System::reset_events();
        add(5, 10, 20);
        assert_eq!(open(), [7]);
        assert_eq!(Floor::<Test>::get(), 6);
        assert_eq!(
            events(),
            [
                Event::SideReported { period: 5, side: Electricity, price: 10 },
                Event::SideReported { period: 5, side: Carbon, price: 20 },
                Event::PeriodGivenUp { period: 3 },
                Event::PeriodGivenUp { period: 4 },
                Event::PairAdded { period: 5, electricity: 10, carbon: 20 },
            ]
        );
        assert_noop!(observe(Electricity, 3, 1), Error::<Test>::PeriodClosed);
        assert_ok!(observe(Electricity, 7, 1));
        assert_eq!(JointPrices::prices(), [pair(5, 10, 20), pair(7, 1, 1)]);
    });
}

#[test]
fn a_period_that_has_no_pair_is_closed_without_a_word() {
    in_block_1(|| {
        assert_ok!(JointPrices::observe(Carbon, 3, Summary { sellers: 1, ..summary(Carbon, 1) }));
        assert_ok!(observe(Electricity, 3, 1));
        assert_eq!(open(), [3]);
        System::reset_events();
        add(5, 10, 20);
        assert!(!events().contains(&Event::PeriodGivenUp { period: 3 }));
        assert!(open().is_empty());
    });
}

#[test]
fn when_too_many_are_open_the_oldest_is_given_up() {
    in_block_1(|| {
        for period in [2, 8, 4, 6] {
            assert_ok!(observe(Carbon, period, 1));
        }
        assert_eq!(open(), [2, 4, 6, 8]);
        // Older than all of them: it would be the one to go.
        assert_noop!(observe(Carbon, 1, 1), Error::<Test>::TooManyOpen);
        System::reset_events();
        assert_ok!(observe(Electricity, 3, 1));
        assert_eq!(open(), [3, 4, 6, 8]);
        assert_eq!(
            events(),
            [Event::PeriodGivenUp { period: 2 }, Event::SideReported { period: 3, side: Electricity, price: 1 }]
        );
        assert_eq!(Floor::<Test>::get(), 3);
        // It is closed for good, also when there is room again.
        assert_noop!(observe(Electricity, 2, 1), Error::<Test>::PeriodClosed);
        assert_ok!(observe(Carbon, 3, 1));
        assert_eq!(open(), [4, 6, 8]);
        assert_noop!(observe(Electricity, 2, 1), Error::<Test>::PeriodClosed);
        // Those that are open already need no room.
        assert_ok!(observe(Carbon, 5, 1));
        assert_ok!(observe(Electricity, 4, 1));
        assert_eq!(open(), [5, 6, 8]);
    });
}

#[test]
fn a_refused_report_pushes_nothing_out() {
    in_block_1(|| {
        for period in [2, 4, 6, 8] {
            assert_ok!(observe(Carbon, period, 1));
        }
        assert_noop!(JointPrices::observe(Carbon, 4, summary(Carbon, 1)), Error::<Test>::AlreadyReported);
        assert_noop!(JointPrices::observe(Carbon, 1, summary(Carbon, 1)), Error::<Test>::TooManyOpen);
        assert_noop!(JointPrices::observe(Carbon, 10, summary(Carbon, 1)), Error::<Test>::PeriodNotOver);
        assert_eq!(open(), [2, 4, 6, 8]);
    });
}

#[test]
fn periods_without_a_pair_leave_room_too() {
    in_block_1(|| {
        for period in [2, 3, 4, 5] {
            assert_ok!(JointPrices::observe(Carbon, period, Summary { buyers: 0, ..summary(Carbon, 1) }));
        }
        System::reset_events();
        assert_ok!(observe(Carbon, 6, 1));
        assert_eq!(open(), [3, 4, 5, 6]);
        assert_eq!(events(), [Event::SideReported { period: 6, side: Carbon, price: 1 }]);
    });
}
