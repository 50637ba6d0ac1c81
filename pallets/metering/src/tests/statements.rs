//! Yearly statements: when, of what, once; and what was sold green.

use super::*;

fn close(meter: MeterId, year: Year) -> DispatchResult {
    dispatched(|| Metering::close_year(by(STRANGER), meter, year))
}

/// The year's last slot is frozen and settled.
fn end_year(year: Year) {
    let last = (year + 1) * YEAR - 1;
    set_slot(last + WINDOW + 1);
    settle(last);
}

/// A site with two generation meters that have counted 300 and 200 Wh in year 0, and others.
fn with_year(test: impl FnOnce(SiteId)) {
    in_slot(0, || {
        let site = add_site(OWNER);
        for direction in [Generation, Generation, Export, Import] {
            add_meter(site, direction);
        }
        set_slot(10);
        for (meter, energy, counter) in [(0, 100, 300), (1, 80, 200), (2, 50, 150), (3, 10, 10)] {
            assert_eq!(read(meter, 9, energy, counter), Ok(()));
        }
        end_year(0);
        System::reset_events();
        test(site);
    });
}

fn split(meter: MeterId) -> (Wh, Wh) {
    let Statement { sold_green, quota, .. } = Metering::statement(meter, 0).unwrap();
    (sold_green, quota)
}

#[test]
fn a_statement_has_the_twelve_months() {
    with_year(|site| {
        assert_ok!(close(0, 0));
        let mut months = [0; 12];
        months[2] = 300;
        let expected = Statement {
            meter: 0,
            site,
            owner: OWNER,
            direction: Generation,
            year: 0,
            months,
            sold_green: 0,
            quota: 300,
        };
        assert_eq!(Metering::statement(0, 0), Some(expected.clone()));
        assert_eq!(events(), [Event::YearClosed { meter: 0, year: 0, total: 300, sold_green: 0, quota: 300 }]);
        assert_eq!(Sent::get(), [expected]);
    });
}

#[test]
fn there_is_one_statement_of_a_meter_and_year() {
    with_year(|_| {
        assert_ok!(close(0, 0));
        assert_noop!(close(0, 0), Error::<Test>::AlreadyClosed);
        assert_ok!(close(1, 0));
        end_year(1);
        assert_ok!(close(0, 1));
        assert_noop!(close(0, 0), Error::<Test>::AlreadyClosed);
        assert_eq!(Metering::statement(0, 1).unwrap().months, [0; 12]);
    });
}

#[test]
fn a_year_is_closed_when_it_is_over_frozen_and_settled() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        assert_noop!(close(meter, 0), Error::<Test>::YearNotOver);
        set_slot(YEAR + WINDOW - 1);
        assert_noop!(close(meter, 0), Error::<Test>::YearNotOver);
        settle(YEAR - 2);
        set_slot(YEAR + WINDOW);
        assert_noop!(close(meter, 0), Error::<Test>::YearNotSettled);
        settle(YEAR - 1);
        assert_noop!(close(meter, 1), Error::<Test>::YearNotOver);
        assert_ok!(close(meter, 0));
    });
}

#[test]
fn years_that_the_calendar_does_not_have_are_never_over() {
    in_slot(0, || {
        let (_, meter) = add_plant();
        let last = CALENDAR.year_of(Slot::MAX);
        set_time(CALENDAR.end(Slot::MAX) + u64::from(WINDOW) * CALENDAR.slot_length);
        settle(Slot::MAX);
        for year in [last + 1, Year::MAX / 12, Year::MAX] {
            assert_noop!(close(meter, year), Error::<Test>::YearNotOver);
        }
        // The last one is over, though it is not whole.
        assert_ok!(close(meter, last));
        assert_ok!(close(meter, 0));
    });
}

#[test]
fn a_meter_has_statements_of_the_years_of_its_service() {
    in_slot(YEAR, || {
        let (_, meter) = add_plant();
        set_slot(2 * YEAR - 1);
        assert_ok!(Metering::retire_meter(by(OPERATOR), meter, 70));
        end_year(3);
        assert_noop!(close(meter, 0), Error::<Test>::NotMetered);
        assert_noop!(close(meter, 2), Error::<Test>::NotMetered);
        assert_noop!(close(meter + 1, 1), Error::<Test>::UnknownMeter);
        assert_ok!(close(meter, 1));
        assert_eq!(Metering::statement(meter, 1).unwrap().quota, 70);
    });
}

#[test]
fn what_is_sold_green_gets_no_quota_whichever_meter_is_closed_first() {
    for (order, first, second) in [([0, 1], (300, 0), (60, 140)), ([1, 0], (160, 140), (200, 0))] {
        with_year(|site| {
            Metering::note_green(site, 0, 350);
            Metering::note_green(site, 0, 10);
            for meter in order {
                assert_ok!(close(meter, 0));
            }
            assert_eq!((split(0), split(1)), (first, second));
            assert_eq!(Greens::<Test>::get(site, 0), Green { sold: 360, stated: 360 });
        });
    }
}

#[test]
fn only_generation_gets_quota() {
    with_year(|site| {
        Metering::note_green(site, 0, 100);
        assert_ok!(close(2, 0));
        assert_ok!(close(3, 0));
        assert_eq!((split(2), split(3)), ((0, 0), (0, 0)));
        assert_eq!(Metering::statement(2, 0).unwrap().months[2], 150);
        assert_ok!(close(0, 0));
        assert_eq!(split(0), (100, 200));
    });
}

#[test]
fn more_sold_green_than_generated_leaves_no_quota() {
    with_year(|site| {
        Metering::note_green(site, 0, Wh::MAX);
        Metering::note_green(site, 0, Wh::MAX);
        assert_ok!(close(0, 0));
        assert_ok!(close(1, 0));
        assert_eq!((split(0), split(1)), ((300, 0), (200, 0)));
        assert_eq!(Greens::<Test>::get(site, 0), Green { sold: Wh::MAX, stated: 500 });
    });
}

#[test]
fn green_sales_are_of_a_site_and_a_year() {
    with_year(|site| {
        Metering::note_green(site, 1, 100);
        Metering::note_green(site + 1, 0, 100);
        assert_ok!(close(0, 0));
        assert_eq!(split(0), (0, 300));
    });
}

#[test]
fn a_statement_is_the_owner_s_at_that_time() {
    with_year(|site| {
        assert_ok!(close(0, 0));
        assert_ok!(Metering::propose_owner(by(OWNER), site, OTHER));
        assert_ok!(Metering::confirm_owner(by(OPERATOR), site, OTHER));
        assert_ok!(close(1, 0));
        let owner = |meter| Metering::statement(meter, 0).unwrap().owner;
        assert_eq!((owner(0), owner(1)), (OWNER, OTHER));
    });
}

#[test]
fn a_statement_that_cannot_be_handed_on_can_be_made_later() {
    with_year(|site| {
        Metering::note_green(site, 0, 100);
        CanSend::set(false);
        assert_noop!(close(0, 0), DispatchError::Other("cannot send"));
        CanSend::set(true);
        assert_ok!(close(0, 0));
        assert_eq!((split(0), Sent::get().len()), ((100, 200), 1));
    });
}

#[test]
fn late_readings_are_no_way_into_a_closed_year() {
    with_year(|_| {
        assert_ok!(close(0, 0));
        let before = Metering::statement(0, 0);
        assert_eq!(read(0, YEAR - 1, 10, 310), Err(Refusal::SlotFrozen));
        // Slot 48 is in year 1: so is what it catches up.
        assert_eq!(read(0, YEAR, 10, 900), Ok(()));
        assert_eq!((month(0, 11), month(0, 12)), ((0, 0), (10, 590)));
        assert_eq!(Metering::statement(0, 0), before);
        end_year(1);
        assert_ok!(close(0, 1));
        assert_eq!(Metering::statement(0, 1).unwrap().months[0], 600);
    });
}

#[test]
fn anybody_closes_but_somebody() {
    with_year(|_| {
        assert_noop!(Metering::close_year(RuntimeOrigin::root(), 0, 0), BadOrigin);
        assert_ok!(Metering::close_year(by(OWNER), 0, 0));
        assert_ok!(Metering::close_year(by(STRANGER), 1, 0));
    });
}
