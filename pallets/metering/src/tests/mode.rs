//! A site's mode: from a month on, and not before the last change is settled.

use super::*;

fn set_mode(mode: Mode, from: Month) -> DispatchResult {
    Metering::set_mode(by(OWNER), 0, mode, from)
}

fn modes(months: std::ops::Range<Month>) -> Vec<Mode> {
    let site = Metering::site(0).unwrap();
    months.map(|month| site.mode_in(month)).collect()
}

/// At the beginning of this slot, with a site on the market.
fn with_site(slot: Slot, test: impl FnOnce()) {
    in_slot(slot, || {
        add_site(OWNER);
        System::reset_events();
        test();
    });
}

#[test]
fn a_mode_holds_from_its_month_on() {
    with_site(2, || {
        assert_ok!(set_mode(Mode::AllToGrid, 2));
        assert_eq!(events(), [Event::ModeSet { site: 0, mode: Mode::AllToGrid, from: 2 }]);
        assert_eq!(modes(0..4), [Mode::Market, Mode::Market, Mode::AllToGrid, Mode::AllToGrid]);
        // Nothing has to be called when the month comes.
        set_slot(8);
        assert_eq!(modes(0..4), [Mode::Market, Mode::Market, Mode::AllToGrid, Mode::AllToGrid]);
    });
}

#[test]
fn the_present_month_is_too_early() {
    with_site(3, || {
        assert_noop!(set_mode(Mode::SelfUse, 0), Error::<Test>::MonthNotLater);
        assert_ok!(set_mode(Mode::SelfUse, 1));
        set_slot(7);
        assert_noop!(set_mode(Mode::AllToGrid, 0), Error::<Test>::MonthNotLater);
        assert_noop!(set_mode(Mode::AllToGrid, 1), Error::<Test>::MonthNotLater);
        set_time(CALENDAR.start - 1);
        assert_noop!(set_mode(Mode::AllToGrid, 1), Error::<Test>::CalendarNotRunning);
        set_slot(7);
    });
}

#[test]
fn a_change_to_come_can_be_changed_and_called_off() {
    with_site(0, || {
        assert_ok!(set_mode(Mode::AllToGrid, 1));
        assert_ok!(set_mode(Mode::SelfUse, 3));
        assert_eq!(modes(0..4), [Mode::Market, Mode::Market, Mode::Market, Mode::SelfUse]);
        assert_ok!(set_mode(Mode::Market, 2));
        assert_eq!(Metering::site(0).unwrap().next, None);
        assert_ok!(set_mode(Mode::SelfUse, Month::MAX));
        assert_eq!(modes(0..2), [Mode::Market, Mode::Market]);
    });
}

#[test]
fn the_next_change_waits_until_the_month_before_the_last_is_settled() {
    with_site(0, || {
        assert_ok!(set_mode(Mode::AllToGrid, 1));
        set_slot(4);
        assert_noop!(set_mode(Mode::SelfUse, 2), Error::<Test>::ModeTooSoon);
        // Calling a change off is no way around it.
        assert_noop!(set_mode(Mode::Market, 2), Error::<Test>::ModeTooSoon);
        set_slot(7);
        settle(2);
        assert_noop!(set_mode(Mode::SelfUse, 2), Error::<Test>::ModeTooSoon);
        // Until then month 0 is what it was.
        assert_eq!(modes(0..3), [Mode::Market, Mode::AllToGrid, Mode::AllToGrid]);
        settle(3);
        assert_ok!(set_mode(Mode::SelfUse, 2));
        assert_eq!(modes(1..4), [Mode::AllToGrid, Mode::SelfUse, Mode::SelfUse]);
        // The one to come can be changed at once.
        assert_ok!(set_mode(Mode::Market, 3));
        assert_eq!(modes(1..4), [Mode::AllToGrid, Mode::AllToGrid, Mode::Market]);
    });
}

#[test]
fn only_the_owner_chooses() {
    with_site(0, || {
        for who in [OPERATOR, OTHER, AUTHORITY] {
            assert_noop!(Metering::set_mode(by(who), 0, Mode::SelfUse, 1), Error::<Test>::NotOwner);
        }
        assert_noop!(Metering::set_mode(by(OWNER), 1, Mode::SelfUse, 1), Error::<Test>::UnknownSite);
        assert_noop!(Metering::set_mode(RuntimeOrigin::root(), 0, Mode::SelfUse, 1), BadOrigin);
    });
}
