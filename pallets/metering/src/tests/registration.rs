//! Feeders, sites and meters: who registers them, and what is refused.

use super::*;
use gridpeg_market::{
    fee::{Branch, Lines},
    voltage::Feeder,
};

/// Two buses, and what is to be wrong about them.
fn given(change: impl FnOnce(&mut Feeder, &mut Vec<Branch>)) -> Tables {
    let mut voltages = Feeder {
        base: vec![1_000_000_000; 2].try_into().unwrap(),
        sensitivities: vec![0, 0, 0, 10].try_into().unwrap(),
        lower: 900_000_000,
        upper: 1_100_000_000,
    };
    let mut branches = vec![Branch { from: 1, impedance: 5 }];
    change(&mut voltages, &mut branches);
    Tables::Given { voltages, lines: Lines { branches: branches.try_into().unwrap() } }
}

fn register(tables: Tables) -> DispatchResult {
    Metering::register_feeder(by(AUTHORITY), OTHER, tables)
}

#[test]
fn a_feeder_has_tables_and_an_operator() {
    in_slot(0, || {
        assert_ok!(register(Tables::Ieee33));
        assert_eq!(events(), [Event::FeederRegistered { feeder: 1, operator: OTHER, buses: 33 }]);
        assert_eq!((Metering::feeder(1), Metering::lines(1)), (Some(feeder33::feeder()), Some(feeder33::lines())));
        assert_ok!(Metering::register_feeder(RuntimeOrigin::root(), STRANGER, given(|_, _| ())));
        assert_eq!(Feeders::<Test>::get(2), Some(FeederInfo { operator: STRANGER, buses: 2 }));
        assert_eq!(Metering::lines(2).unwrap().distance(1, 2), Some(5));
        assert_eq!((Metering::feeder(3), Metering::lines(3)), (None, None));
    });
}

type Damage = fn(&mut Feeder, &mut Vec<Branch>);

#[test]
fn tables_that_do_not_fit_are_refused() {
    in_slot(0, || {
        let damages: [(Damage, Error<Test>); 7] = [
            (|voltages, _| voltages.base = Default::default(), Error::BadVoltages),
            (|voltages, _| voltages.sensitivities = vec![0; 3].try_into().unwrap(), Error::BadVoltages),
            (|voltages, _| voltages.sensitivities = vec![i64::MIN; 4].try_into().unwrap(), Error::BadVoltages),
            (|voltages, _| voltages.upper = voltages.lower, Error::BadVoltages),
            (|_, branches| branches[0].from = 2, Error::BadLines),
            (|_, branches| branches.clear(), Error::TablesDiffer),
            (|_, branches| branches.push(Branch { from: 2, impedance: 1 }), Error::TablesDiffer),
        ];
        for (damage, error) in damages {
            assert_noop!(register(given(damage)), error);
        }
        let chain = |_: &mut Feeder, branches: &mut Vec<Branch>| {
            *branches = (1..=128).map(|from| Branch { from, impedance: 1 }).collect();
        };
        assert_noop!(register(given(chain)), Error::<Test>::BadLines);
    });
}

#[test]
fn only_authorities_register_feeders_and_set_operators() {
    in_slot(0, || {
        assert_noop!(Metering::register_feeder(by(OPERATOR), OPERATOR, Tables::Ieee33), BadOrigin);
        assert_noop!(Metering::set_operator(by(OPERATOR), 0, OTHER), BadOrigin);
        assert_noop!(Metering::set_operator(by(AUTHORITY), 1, OTHER), Error::<Test>::UnknownFeeder);
        add_site(OWNER);
        System::reset_events();
        assert_ok!(Metering::set_operator(by(AUTHORITY), 0, OTHER));
        assert_eq!(events(), [Event::OperatorSet { feeder: 0, operator: OTHER }]);
        // The new one goes on where the old one is no longer asked.
        let register = |who| Metering::register_meter(by(who), 0, Import, gadget(1, 0));
        assert_noop!(register(OPERATOR), Error::<Test>::NotOperator);
        assert_ok!(register(OTHER));
    });
}

#[test]
fn a_site_is_at_a_bus_of_a_feeder() {
    in_slot(0, || {
        let register =
            |who, feeder, bus, level| Metering::register_site(by(who), OWNER, feeder, bus, level, Mode::SelfUse);
        assert_noop!(register(STRANGER, 0, 18, 0), Error::<Test>::NotOperator);
        assert_noop!(register(OWNER, 0, 18, 0), Error::<Test>::NotOperator);
        assert_noop!(register(OPERATOR, 1, 18, 0), Error::<Test>::UnknownFeeder);
        assert_noop!(register(OPERATOR, 0, 0, 0), Error::<Test>::UnknownBus);
        assert_noop!(register(OPERATOR, 0, 34, 0), Error::<Test>::UnknownBus);
        assert_noop!(register(OPERATOR, 0, 18, 8), Error::<Test>::UnknownLevel);
        let by_root = || Metering::register_site(RuntimeOrigin::root(), OWNER, 0, 18, 0, Mode::SelfUse);
        assert_noop!(by_root(), BadOrigin);
        assert_ok!(register(OPERATOR, 0, 1, 7));
        assert_ok!(register(OPERATOR, 0, 33, 0));
        let expected = SiteInfo { owner: OWNER, feeder: 0, bus: 1, level: 7, mode: Mode::SelfUse, next: None };
        assert_eq!(Metering::site(0), Some(expected));
        let registered =
            |site, bus, level| Event::SiteRegistered { site, owner: OWNER, feeder: 0, bus, level, mode: Mode::SelfUse };
        assert_eq!(events(), [registered(0, 1, 7), registered(1, 33, 0)]);
    });
}

#[test]
fn a_meter_is_in_service_from_the_present_slot_on() {
    in_slot(7, || {
        let site = add_site(OWNER);
        System::reset_events();
        assert_ok!(Metering::register_meter(by(OPERATOR), site, Export, gadget(3, 500)));
        assert_eq!(events(), [Event::MeterRegistered { meter: 0, site, since: 7, replaces: None }]);
        let expected = Meter {
            site,
            direction: Export,
            capacity: CAPACITY,
            key: device(3).public().0,
            since: 7,
            start: 500,
            end: None,
            replaces: None,
        };
        assert_eq!(Metering::meter(0), Some(expected));
        assert_eq!(Metering::meters_of(site), [0]);
    });
}

#[test]
fn a_meter_is_checked() {
    in_slot(0, || {
        let site = add_site(OWNER);
        let register = |who, site, device| Metering::register_meter(by(who), site, Import, device);
        assert_noop!(register(STRANGER, site, gadget(1, 0)), Error::<Test>::NotOperator);
        assert_noop!(register(OWNER, site, gadget(1, 0)), Error::<Test>::NotOperator);
        assert_noop!(register(OPERATOR, 1, gadget(1, 0)), Error::<Test>::UnknownSite);
        let of = |capacity| Device { capacity, ..gadget(1, 0) };
        assert_noop!(register(OPERATOR, site, of(0)), Error::<Test>::BadCapacity);
        assert_noop!(register(OPERATOR, site, of(1_000_000_000_001)), Error::<Test>::BadCapacity);
        assert_noop!(register(OPERATOR, site, of(u64::MAX)), Error::<Test>::BadCapacity);
        let weak = Device { key: [0; 32], ..gadget(1, 0) };
        assert_noop!(register(OPERATOR, site, weak), Error::<Test>::WeakKey);
        assert_ok!(register(OPERATOR, site, of(1)));
        assert_ok!(register(OPERATOR, site, of(1_000_000_000_000)));
        assert_ok!(register(OPERATOR, site, gadget(1, Wh::MAX)));
    });
}

#[test]
fn a_site_has_at_most_eight_meters_and_forgets_those_that_are_settled() {
    in_slot(0, || {
        let site = add_site(OWNER);
        let register = || dispatched(|| Metering::register_meter(by(OPERATOR), site, Import, gadget(1, 0)));
        for _ in 0..8 {
            assert_ok!(register());
        }
        assert_noop!(register(), Error::<Test>::TooManyMeters);
        set_slot(5);
        assert_ok!(Metering::retire_meter(by(OPERATOR), 3, 0));
        assert_noop!(register(), Error::<Test>::TooManyMeters);
        let replace = || dispatched(|| Metering::replace_meter(by(OPERATOR), 4, 0, gadget(2, 0)));
        assert_noop!(replace(), Error::<Test>::TooManyMeters);
        set_slot(9);
        settle(4);
        assert_noop!(register(), Error::<Test>::TooManyMeters);
        settle(5);
        assert_ok!(register());
        assert_eq!(Metering::meters_of(site), [0, 1, 2, 4, 5, 6, 7, 8]);
        assert!(Metering::meter(3).is_some());
    });
}

#[test]
fn without_a_slot_no_meter_begins_or_ends() {
    in_slot(0, || {
        let (site, meter) = add_plant();
        for time in [CALENDAR.start - 1, CALENDAR.end(Slot::MAX)] {
            set_time(time);
            assert_eq!(Metering::slot_now(), None);
            let register = || Metering::register_meter(by(OPERATOR), site, Import, gadget(1, 0));
            assert_noop!(register(), Error::<Test>::CalendarNotRunning);
            assert_noop!(Metering::retire_meter(by(OPERATOR), meter, 0), Error::<Test>::CalendarNotRunning);
            let replace = || Metering::replace_meter(by(OPERATOR), meter, 0, gadget(1, 0));
            assert_noop!(replace(), Error::<Test>::CalendarNotRunning);
        }
        // In the last slot of all it still works.
        set_slot(Slot::MAX);
        assert_ok!(Metering::retire_meter(by(OPERATOR), meter, 5));
        assert_eq!(Metering::meter(meter).unwrap().end, Some(End { slot: Slot::MAX, counter: 5, caught_up: 5 }));
    });
}

#[test]
fn numbers_run_out() {
    new_test_ext().execute_with(|| {
        add_site(OWNER);
        Next::<Test>::mutate(|next| (next.feeder, next.site, next.meter) = (u32::MAX, u32::MAX, u32::MAX));
        assert_noop!(register(Tables::Ieee33), Error::<Test>::NumbersUsedUp);
        let site = || Metering::register_site(by(OPERATOR), OWNER, 0, 18, 0, Mode::Market);
        assert_noop!(site(), Error::<Test>::NumbersUsedUp);
        let meter = || Metering::register_meter(by(OPERATOR), 0, Import, gadget(1, 0));
        assert_noop!(meter(), Error::<Test>::NumbersUsedUp);
    });
}
