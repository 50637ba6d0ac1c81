//! That the check of the invariants finds what it looks for.

use super::*;

/// Site 0 of the owner with meter 0 (generation, readings of slots 0, 2, 49 and 50), which has replaced nothing and
/// whose year 0 is closed, meter 1 (import, retired) and its proposal; site 1 without meters.
fn finds(number: &str, damage: fn()) {
    new_test_ext().execute_with(|| {
        let (site, meter) = add_plant();
        add_meter(site, Import);
        add_site(OTHER);
        assert_ok!(Metering::set_mode(by(OWNER), site, Mode::SelfUse, 20));
        assert_ok!(Metering::propose_owner(by(OWNER), site, OTHER));
        set_slot(3);
        assert_eq!(read(meter, 0, 10, 20), Ok(()));
        assert_eq!(read(meter, 2, 10, 50), Ok(()));
        assert_ok!(Metering::retire_meter(by(OPERATOR), 1, 30));
        set_slot(51);
        Metering::note_green(site, 0, 15);
        settle(47);
        assert_ok!(Metering::close_year(by(STRANGER), meter, 0));
        assert_eq!(read(meter, 49, 10, 60), Ok(()));
        assert_eq!(read(meter, 50, 10, 70), Ok(()));
        assert_ok!(Metering::check_invariants());
        damage();
        match Metering::check_invariants() {
            Err(DispatchError::Other(error)) => assert!(error.starts_with(number), "{number} {error}"),
            other => panic!("{number} {other:?}"),
        }
    });
}

fn meter(change: fn(&mut Meter)) {
    Meters::<Test>::mutate(0, |meter| change(meter.as_mut().unwrap()));
}

fn site(change: fn(&mut SiteInfo<u64>)) {
    Sites::<Test>::mutate(0, |site| change(site.as_mut().unwrap()));
}

fn reading(slot: Slot, change: fn(&mut Reading)) {
    Readings::<Test>::mutate(slot.to_be_bytes(), 0, |counted| change(&mut counted.as_mut().unwrap().reading));
}

fn counted(slot: Slot, change: fn(&mut Counted)) {
    Readings::<Test>::mutate(slot.to_be_bytes(), 0, |counted| change(counted.as_mut().unwrap()));
}

/// A reading without energy, after which nothing is late.
fn idle(counter: Wh) -> Counted {
    Counted { reading: measured(0, counter, 0), caught_up: 0 }
}

fn statement(change: fn(&mut Statement<u64>)) {
    Statements::<Test>::mutate(0, 0, |statement| change(statement.as_mut().unwrap()));
}

#[test]
fn every_invariant_of_what_is_registered_is_found_broken() {
    let damages: [(&str, fn()); 22] = [
        ("metering 1:", || SettingsOf::<Test>::mutate(|settings| settings.owner_delay = 0)),
        ("metering 1:", || Settled::<Test>::put(48)),
        ("metering 2:", || Next::<Test>::mutate(|next| next.feeder = 2)),
        ("metering 2:", || Next::<Test>::mutate(|next| next.site = 3)),
        ("metering 2:", || Next::<Test>::mutate(|next| next.meter = 1)),
        ("metering 2:", || Meters::<Test>::insert(7, Metering::meter(0).unwrap())),
        ("metering 3:", || crate::FeederLines::<Test>::remove(0)),
        ("metering 3:", || crate::FeederVoltages::<Test>::mutate(0, |table| table.as_mut().unwrap().lower = u32::MAX)),
        ("metering 3:", || Feeders::<Test>::mutate(0, |feeder| feeder.as_mut().unwrap().buses = 34)),
        ("metering 4:", || site(|site| site.bus = 34)),
        ("metering 4:", || site(|site| site.level = 8)),
        ("metering 4:", || site(|site| site.next = Some((site.mode, 20)))),
        ("metering 5:", || site(|site| site.owner = STRANGER)),
        ("metering 5:", || SitesOf::<Test>::insert(STRANGER, 0u32.to_be_bytes(), ())),
        ("metering 6:", || Proposals::<Test>::insert(0, Proposal { to: OWNER, not_before: None })),
        ("metering 6:", || Proposals::<Test>::insert(2, Proposal { to: STRANGER, not_before: None })),
        ("metering 7:", || meter(|meter| meter.capacity = 0)),
        ("metering 7:", || meter(|meter| meter.key = [0; 32])),
        ("metering 8:", || MetersOf::<Test>::remove(0)),
        ("metering 8:", || meter(|meter| meter.since = 1)),
        ("metering 8:", || {
            let placed = Placed { meter: 0, direction: Generation, since: 0, end: None };
            MetersOf::<Test>::mutate(0, |list| list.try_push(placed).unwrap());
        }),
        ("metering 8:", || MetersOf::<Test>::insert(2, MetersOf::<Test>::get(1))),
    ];
    for (number, damage) in damages {
        finds(number, damage);
    }
}

#[test]
fn every_invariant_of_what_is_counted_is_found_broken() {
    let damages: [(&str, fn()); 22] = [
        ("metering 9:", || Journals::<Test>::remove(0)),
        ("metering 9:", || Journals::<Test>::mutate(0, |journal| journal.as_mut().unwrap().slot = Some(49))),
        ("metering 9:", || Journals::<Test>::mutate(0, |journal| journal.as_mut().unwrap().counter = 49)),
        ("metering 9:", || Readings::<Test>::remove(49u32.to_be_bytes(), 0)),
        ("metering 9:", || Readings::<Test>::insert(48u32.to_be_bytes(), 0, idle(50))),
        ("metering 10:", || Readings::<Test>::insert(48u32.to_be_bytes(), 7, idle(50))),
        ("metering 10:", || reading(49, |reading| reading.energy = 101)),
        ("metering 10:", || reading(49, |reading| reading.energy = 11)),
        ("metering 10:", || reading(50, |reading| reading.counter = 59)),
        ("metering 10:", || {
            Readings::<Test>::insert(51u32.to_be_bytes(), 0, idle(70));
            Journals::<Test>::mutate(0, |journal| assert!(journal.as_mut().unwrap().marks.set(51)));
        }),
        ("metering 11:", || {
            reading(50, |reading| reading.counter = 71);
            counted(50, |counted| counted.caught_up = 1);
        }),
        // The same sum, not of these readings.
        ("metering 11:", || {
            reading(50, |reading| reading.energy = 9);
            counted(50, |counted| counted.caught_up = 1);
        }),
        ("metering 11:", || Months::<Test>::mutate(0, 12, |month| month.caught_up += 1)),
        ("metering 11:", || Months::<Test>::mutate(0, 12, |month| (month.energy, month.caught_up) = (5, 15))),
        ("metering 12:", || statement(|statement| statement.site = 1)),
        ("metering 12:", || statement(|statement| statement.months[3] += 1)),
        ("metering 12:", || statement(|statement| statement.quota += 1)),
        ("metering 13:", || Greens::<Test>::insert(0, 0, Green { sold: 15, stated: 14 })),
        ("metering 13:", || Greens::<Test>::insert(0, 0, Green { sold: 14, stated: 15 })),
        ("metering 14:", || reading(50, |reading| reading.counter = 71)),
        ("metering 14:", || counted(49, |counted| counted.caught_up = 1)),
        ("metering 14:", || {
            Meters::<Test>::mutate(1, |meter| meter.as_mut().unwrap().end.as_mut().unwrap().caught_up = 29);
        }),
    ];
    for (number, damage) in damages {
        finds(number, damage);
    }
}
