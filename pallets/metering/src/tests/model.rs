//! Random calls, slots and readings against a plain reference; every invariant after every step.

use super::*;
use proptest::{prelude::*, sample::select, test_runner::TestRunner};
use reference::{Gauge, Place, Reference};
use std::{cell::RefCell, collections::BTreeMap};

mod reference;

const STEPS: usize = 250;
/// Cases of a round. There are rounds until everything has happened often enough.
const CASES: u32 = 10;
const MAX_ROUNDS: u32 = 60;
/// How often every action must succeed.
const SUCCESSES: u32 = 200;
/// How often every refusal must happen.
const REFUSALS: u32 = 20;

const OWNERS: [u64; 3] = [10, 11, 12];
const OPERATORS: [u64; 2] = [OPERATOR, 20];

const ACTIONS: [&str; 19] = [
    "register feeder",
    "set operator",
    "register site",
    "register meter",
    "replace meter",
    "retire meter",
    "set key",
    "set mode",
    "propose owner",
    "recover owner",
    "cancel owner",
    "confirm owner",
    "new reading",
    "correction",
    "close year",
    "settle",
    "prune",
    "sell green",
    "wait",
];
const ALL_REFUSALS: [Refusal; 10] = [
    Refusal::BeforeService,
    Refusal::MeterRetired,
    Refusal::SlotNotOver,
    Refusal::SlotFrozen,
    Refusal::StaleRevision,
    Refusal::AboveCapacity,
    Refusal::BadSignature,
    Refusal::CounterBackwards,
    Refusal::EnergyAboveCounter,
    Refusal::CounterAboveCapacity,
];

/// How often what happened.
#[derive(Default)]
struct Histogram(RefCell<BTreeMap<String, u32>>);

impl Histogram {
    fn count(&self, what: impl ToString) {
        *self.0.borrow_mut().entry(what.to_string()).or_default() += 1;
    }

    fn of(&self, what: &str) -> u32 {
        self.0.borrow().get(what).copied().unwrap_or_default()
    }

    /// What has not happened often enough.
    fn lacking(&self) -> Vec<String> {
        let actions = ACTIONS.iter().filter(|action| self.of(action) < SUCCESSES).map(ToString::to_string);
        let refusals = ALL_REFUSALS.iter().map(|refusal| format!("{refusal:?}"));
        actions.chain(refusals.filter(|refusal| self.of(refusal) < REFUSALS)).collect()
    }
}

/// A reading to hand in, relative to what there is.
#[derive(Clone, Debug)]
struct Item {
    meter: usize,
    /// Slots before the present one.
    back: i64,
    energy: Wh,
    /// What the counter goes on beyond the energy.
    gap: i64,
    /// On top of the revision that there is.
    revision: u8,
    signed: bool,
}

#[derive(Clone, Debug)]
enum Step {
    Wait(u64),
    Settle { behind: Slot },
    Prune,
    Feeder,
    Operator,
    Site { owner: u64, mode: Mode },
    Meter { site: usize, direction: Direction, start: Wh, right: bool },
    Replace { meter: usize, gap: i64, start: Wh, right: bool },
    Retire { meter: usize, gap: i64, right: bool },
    Key { meter: usize, seed: u8, right: bool },
    Mode { site: usize, mode: Mode, ahead: Month, right: bool },
    Propose { site: usize, to: u64, right: bool },
    Recover { site: usize, to: u64, right: bool },
    Cancel { site: usize, by_owner: bool, right: bool },
    Confirm { site: usize, same: bool, right: bool },
    Submit(Vec<Item>),
    Green { site: usize, energy: Wh },
    Close { meter: usize, back: Year },
}

fn item() -> impl Strategy<Value = Item> {
    let energy = prop_oneof![12 => 0..=40u64, 3 => 40..=MOST, 1 => MOST..=MOST + 20];
    let gap = prop_oneof![8 => Just(0i64), 4 => 0..40i64, 1 => -20..0i64, 1 => 100..900i64];
    let revision = prop_oneof![1 => Just(0u8), 6 => 1..3u8];
    (any::<usize>(), -1..5i64, energy, gap, revision, prop::bool::weighted(0.95))
        .prop_map(|(meter, back, energy, gap, revision, signed)| Item { meter, back, energy, gap, revision, signed })
}

fn step() -> impl Strategy<Value = Step> {
    let pick = any::<usize>;
    let right = || prop::bool::weighted(0.9);
    let mode = || select(vec![Mode::SelfUse, Mode::AllToGrid, Mode::Market]);
    let direction = select(vec![Generation, Generation, Import, Export]);
    let owner = || select(OWNERS.to_vec());
    let gap = || prop_oneof![6 => 0..100i64, 1 => -30..0i64, 1 => 500..50_000i64];
    prop_oneof![
        16 => (1..15_000u64).prop_map(Step::Wait),
        3 => (40_000..300_000u64).prop_map(Step::Wait),
        7 => (0..4u32).prop_map(|behind| Step::Settle { behind }),
        4 => Just(Step::Prune),
        2 => Just(Step::Feeder),
        2 => Just(Step::Operator),
        2 => (owner(), mode()).prop_map(|(owner, mode)| Step::Site { owner, mode }),
        4 => (pick(), direction, 0..1_000u64, right())
            .prop_map(|(site, direction, start, right)| Step::Meter { site, direction, start, right }),
        3 => (pick(), gap(), 0..1_000u64, right())
            .prop_map(|(meter, gap, start, right)| Step::Replace { meter, gap, start, right }),
        2 => (pick(), gap(), right()).prop_map(|(meter, gap, right)| Step::Retire { meter, gap, right }),
        3 => (pick(), 1..4u8, right()).prop_map(|(meter, seed, right)| Step::Key { meter, seed, right }),
        6 => (pick(), mode(), 0..4u32, right())
            .prop_map(|(site, mode, ahead, right)| Step::Mode { site, mode, ahead, right }),
        4 => (pick(), owner(), right()).prop_map(|(site, to, right)| Step::Propose { site, to, right }),
        4 => (pick(), owner(), right()).prop_map(|(site, to, right)| Step::Recover { site, to, right }),
        3 => (pick(), any::<bool>(), right())
            .prop_map(|(site, by_owner, right)| Step::Cancel { site, by_owner, right }),
        6 => (pick(), right(), right()).prop_map(|(site, same, right)| Step::Confirm { site, same, right }),
        26 => proptest::collection::vec(item(), 0..5).prop_map(Step::Submit),
        3 => (pick(), 0..200u64).prop_map(|(site, energy)| Step::Green { site, energy }),
        8 => (pick(), 0..3u32).prop_map(|(meter, back)| Step::Close { meter, back }),
    ]
}

/// Mostly one that is in service.
fn pick_meter(model: &Reference, pick: usize) -> Option<MeterId> {
    let all = 0..model.meters.len() as MeterId;
    let running: Vec<MeterId> = all.clone().filter(|id| model.meters[*id as usize].end.is_none()).collect();
    let from = if running.is_empty() || pick.is_multiple_of(7) { all.collect() } else { running };
    (!from.is_empty()).then(|| from[pick % from.len()])
}

fn pick_site(model: &Reference, pick: usize) -> Option<SiteId> {
    (!model.sites.is_empty()).then(|| (pick % model.sites.len()) as SiteId)
}

/// Mostly one of which somebody is proposed as owner.
fn pick_proposed(model: &Reference, pick: usize) -> Option<SiteId> {
    let proposed: Vec<SiteId> = model.proposals.keys().copied().collect();
    if proposed.is_empty() || pick.is_multiple_of(5) {
        return pick_site(model, pick);
    }
    Some(proposed[pick % proposed.len()])
}

/// Applies a step to both; what came of it is the same.
fn apply(model: &mut Reference, step: &Step, histogram: &Histogram) -> Option<()> {
    let operator = model.operator;
    let operator_if = |right: bool| if right { operator } else { STRANGER };
    let same = |what: &str, found: DispatchResult, expected: Result<(), Error<Test>>| {
        assert_eq!(found, expected.map_err(DispatchError::from), "{what}");
        match expected_name(found) {
            None => histogram.count(what),
            Some(error) => histogram.count(error),
        }
    };
    match *step {
        Step::Wait(millis) => {
            model.now += millis;
            set_time(model.now);
            histogram.count("wait");
        }
        Step::Settle { behind } => {
            let slot = model.slot().checked_sub(WINDOW + 1 + behind)?;
            assert!(model.is_frozen(slot));
            Metering::note_settled(slot);
            if model.settled < Some(slot) {
                model.settled = Some(slot);
                histogram.count("settle");
            }
        }
        Step::Prune => {
            let before = Readings::<Test>::iter_keys().count();
            prune();
            model.pruned = model.settled;
            if Readings::<Test>::iter_keys().count() < before {
                histogram.count("prune");
            }
        }
        Step::Feeder => {
            let tables = Tables::Given {
                voltages: gridpeg_market::voltage::Feeder {
                    base: vec![1_000_000_000].try_into().unwrap(),
                    sensitivities: vec![0].try_into().unwrap(),
                    lower: 1,
                    upper: 2,
                },
                lines: gridpeg_market::fee::Lines { branches: Default::default() },
            };
            same("register feeder", Metering::register_feeder(by(AUTHORITY), OTHER, tables), Ok(()));
            model.feeders += 1;
        }
        Step::Operator => {
            model.operator = OPERATORS[usize::from(operator == OPERATORS[0])];
            same("set operator", Metering::set_operator(by(AUTHORITY), 0, model.operator), Ok(()));
        }
        Step::Site { owner, mode } => {
            let found = Metering::register_site(by(operator), owner, 0, 18, 0, mode);
            same("register site", found, Ok(()));
            model.sites.push(Place { owner, modes: vec![(0, mode)] });
        }
        Step::Meter { site, direction, start, right } => {
            let (site, who, since) = (pick_site(model, site)?, operator_if(right), model.slot());
            let call = || Metering::register_meter(by(who), site, direction, gadget(1, start));
            let gauge = Gauge { site, direction, seed: 1, since, start, end: None, readings: BTreeMap::new() };
            same("register meter", dispatched(call), model.register_meter(who, gauge));
        }
        Step::Replace { meter, gap, start, right } => {
            let (id, who) = (pick_meter(model, meter)?, operator_if(right));
            let counter = model.meters[id as usize].last().saturating_add_signed(gap);
            let call = || Metering::replace_meter(by(who), id, counter, gadget(2, start));
            same("replace meter", dispatched(call), model.replace_meter(who, id, counter, 2, start));
        }
        Step::Retire { meter, gap, right } => {
            let (id, who) = (pick_meter(model, meter)?, operator_if(right));
            let counter = model.meters[id as usize].last().saturating_add_signed(gap);
            let call = || Metering::retire_meter(by(who), id, counter);
            same("retire meter", dispatched(call), model.retire_meter(who, id, counter));
        }
        Step::Key { meter, seed, right } => {
            let (id, who) = (pick_meter(model, meter)?, operator_if(right));
            let call = || Metering::set_key(by(who), id, device(seed).public().0);
            same("set key", dispatched(call), model.set_key(who, id, seed));
        }
        Step::Mode { site, mode, ahead, right } => {
            let site = pick_site(model, site)?;
            let who = if right { model.sites[site as usize].owner } else { operator };
            let from = model.month() + ahead;
            let call = || Metering::set_mode(by(who), site, mode, from);
            same("set mode", dispatched(call), model.set_mode(who, site, mode, from));
        }
        Step::Propose { site, to, right } => {
            let site = pick_site(model, site)?;
            let who = if right { model.sites[site as usize].owner } else { operator };
            let call = || Metering::propose_owner(by(who), site, to);
            same("propose owner", dispatched(call), model.propose_owner(who, site, to));
        }
        Step::Recover { site, to, right } => {
            let (site, who) = (pick_site(model, site)?, operator_if(right));
            let call = || Metering::recover_owner(by(who), site, to);
            same("recover owner", dispatched(call), model.recover_owner(who, site, to));
        }
        Step::Cancel { site, by_owner, right } => {
            let site = pick_proposed(model, site)?;
            let owner = model.sites[site as usize].owner;
            let who = if by_owner { owner } else { operator_if(right) };
            let call = || Metering::cancel_owner(by(who), site);
            same("cancel owner", dispatched(call), model.cancel_owner(who, site));
        }
        Step::Confirm { site, same: is_same, right } => {
            let (site, who) = (pick_proposed(model, site)?, operator_if(right));
            let proposed = model.proposals.get(&site).map(|(to, _)| *to);
            let to = proposed.filter(|_| is_same).unwrap_or(STRANGER);
            let call = || Metering::confirm_owner(by(who), site, to);
            same("confirm owner", dispatched(call), model.confirm_owner(who, site, to));
        }
        Step::Submit(ref items) => submit_items(model, items, histogram),
        Step::Green { site, energy } => {
            let (site, year) = (pick_site(model, site)?, model.month() / 12);
            Metering::note_green(site, year, energy);
            model.green.entry((site, year)).or_default().sold += energy;
            histogram.count("sell green");
        }
        Step::Close { meter, back } => {
            let (id, year) = (pick_meter(model, meter)?, (model.month() / 12).saturating_sub(back));
            let call = || Metering::close_year(by(STRANGER), id, year);
            same("close year", dispatched(call), model.close_year(id, year));
        }
    }
    Some(())
}

/// The name of an error.
fn expected_name(found: DispatchResult) -> Option<&'static str> {
    found.err().map(<&'static str>::from)
}

/// Hands in a batch; every reading, every event and the fee are as the reference says.
fn submit_items(model: &mut Reference, items: &[Item], histogram: &Histogram) {
    let mut batch = Vec::new();
    let mut expected = Vec::new();
    let (mut new, mut corrected, mut refused) = (0, 0, 0);
    for item in items {
        let id = (item.meter % (model.meters.len() + 1)) as MeterId;
        let gauge = model.meters.get(id as usize);
        let slot = (i64::from(model.slot()) - item.back).max(0) as Slot;
        let before = gauge.map_or(0, |gauge| gauge.before(slot));
        let counter = (before + item.energy).saturating_add_signed(item.gap);
        let old = gauge.and_then(|gauge| gauge.readings.get(&slot)).map(|old| old.revision);
        let revision = old.unwrap_or(0).saturating_add(item.revision);
        let reading = measured(item.energy, counter, revision);
        let seed = gauge.map_or(1, |gauge| gauge.seed);
        let index = batch.len() as u32;
        batch.push(signed(&device(if item.signed { seed } else { 9 }), id, slot, reading));
        match model.take(id, slot, reading, item.signed) {
            Ok(()) if old.is_none() => new += 1,
            Ok(()) => corrected += 1,
            Err(refusal) => {
                refused += 1;
                histogram.count(format!("{refusal:?}"));
                expected.push(Event::ReadingRefused { index, meter: id, slot, refusal });
            }
        }
    }
    expected.push(Event::ReadingsTaken { new, corrected, refused });
    System::reset_events();
    let pays = submit(&batch).pays_fee;
    assert_eq!(events(), expected);
    assert_eq!(pays == Pays::No, new > 0 && refused == 0);
    (0..new).for_each(|_| histogram.count("new reading"));
    (0..corrected).for_each(|_| histogram.count("correction"));
}

/// Everything is as the reference says.
fn check(model: &Reference) {
    assert_ok!(Metering::check_invariants());
    let numbers = Next::<Test>::get();
    let expected = (model.feeders, model.sites.len() as u32, model.meters.len() as u32);
    assert_eq!((numbers.feeder, numbers.site, numbers.meter), expected);
    let mut stored = BTreeMap::new();
    for (id, gauge) in (0..).zip(&model.meters) {
        let meter = Metering::meter(id).unwrap();
        let expected = (gauge.site, gauge.direction, gauge.since, gauge.ended());
        assert_eq!((meter.site, meter.direction, meter.since, meter.end), expected);
        let months = Months::<Test>::iter_prefix(id).map(|(month, total)| (month, (total.energy, total.caught_up)));
        assert_eq!(months.filter(|(_, month)| *month != (0, 0)).collect::<BTreeMap<_, _>>(), gauge.months());
        let kept = gauge.readings.iter().filter(|(slot, _)| Some(**slot) > model.pruned);
        stored.extend(kept.map(|(slot, reading)| ((*slot, id), *reading)));
    }
    let found = Readings::<Test>::iter().map(|(slot, id, counted)| ((Slot::from_be_bytes(slot), id), counted.reading));
    assert_eq!(found.collect::<BTreeMap<_, _>>(), stored);
    let first = model.settled.map_or(0, |settled| settled + 1);
    let slots = first.max(model.slot().saturating_sub(5))..=model.slot();
    for (number, place) in (0..).zip(&model.sites) {
        let site = Metering::site(number).unwrap();
        assert_eq!(site.owner, place.owner);
        for month in first / CALENDAR.slots_per_month..model.month() + 4 {
            assert_eq!(site.mode_in(month), place.mode_in(month));
        }
        for slot in slots.clone() {
            for direction in [Generation, Import, Export] {
                assert_eq!(Metering::actual(number, slot, direction), model.actual(number, slot, direction));
                assert_eq!(Metering::caught_up(number, slot, direction), model.caught_up(number, slot, direction));
            }
        }
    }
    let statements = Statements::<Test>::iter().map(|(id, year, statement)| ((id, year), statement));
    assert_eq!(statements.collect::<BTreeMap<_, _>>(), model.statements);
    // A Wh counts once.
    for ((site, year), green) in &model.green {
        let of = model.statements.values().filter(|one| (one.site, one.year) == (*site, *year));
        let generation = of.filter(|one| one.direction == Generation);
        let (quota, total) =
            generation.fold((0, 0), |(quota, total), one| (quota + one.quota, total + one.months.iter().sum::<Wh>()));
        assert_eq!(quota + green.stated, total);
        assert!(green.stated <= green.sold);
    }
}

#[test]
fn every_invariant_holds_after_every_step() {
    let histogram = Histogram::default();
    for _ in 0..MAX_ROUNDS {
        TestRunner::new(ProptestConfig { cases: CASES, failure_persistence: None, ..Default::default() })
            .run(&proptest::collection::vec(step(), STEPS), |steps| {
                new_test_ext().execute_with(|| {
                    let mut model = Reference::new();
                    let begin = [
                        Step::Site { owner: OWNERS[0], mode: Mode::Market },
                        Step::Meter { site: 0, direction: Generation, start: 0, right: true },
                        Step::Meter { site: 0, direction: Import, start: 7, right: true },
                    ];
                    for step in begin.iter().chain(&steps) {
                        apply(&mut model, step, &histogram);
                        check(&model);
                    }
                });
                Ok(())
            })
            .unwrap();
        if histogram.lacking().is_empty() {
            break;
        }
    }
    println!("{:#?}", histogram.0.borrow());
    assert!(histogram.lacking().is_empty(), "too few: {:?}", histogram.lacking());
}
