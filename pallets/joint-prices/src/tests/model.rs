//! Random reports, against a model that keeps everything; every invariant after every step.

use super::*;
use crate::Window;
use proptest::{prelude::*, test_runner::TestRunner};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

const CASES: u32 = 40;
const STEPS: usize = 500;

/// How often what happened.
#[derive(Default)]
struct Histogram(RefCell<BTreeMap<&'static str, u32>>);

impl Histogram {
    fn count(&self, what: &'static str) {
        *self.0.borrow_mut().entry(what).or_default() += 1;
    }

    fn assert_at_least(&self, least: &[(&str, u32)]) {
        println!("{:?}", self.0.borrow());
        for (what, least) in least {
            let count = self.0.borrow().get(*what).copied().unwrap_or_default();
            assert!(count >= *least, "too few: {what}");
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// Report a side of a period this far from the present one: negative ones are over.
    Report { side: Side, ahead: i64, price: i64, qualifies: bool },
    /// Report both sides of the last period that is over.
    Pair { electricity: i64, carbon: i64 },
    /// Let periods pass.
    Wait { periods: u64 },
    /// Begin the next block.
    Block,
}

/// Mostly prices as they are, some equal, some negative, a few extreme.
fn price() -> impl Strategy<Value = i64> {
    prop_oneof![
        8 => 50_000_000_000i64..150_000_000_000,
        2 => Just(90_000_000_000),
        2 => -20_000_000_000i64..0,
        1 => prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(0), any::<i64>()],
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let side = || any::<bool>().prop_map(|first| if first { Electricity } else { Carbon });
    prop_oneof![
        12 => (side(), -10i64..2, price(), prop::bool::weighted(0.85))
            .prop_map(|(side, ahead, price, qualifies)| Step::Report { side, ahead, price, qualifies }),
        2 => (price(), price()).prop_map(|(electricity, carbon)| Step::Pair { electricity, carbon }),
        4 => (1u64..4).prop_map(|periods| Step::Wait { periods }),
        4 => Just(Step::Block),
    ]
}

/// Everything that was ever reported, and the pairs in order.
struct Model {
    period: u64,
    reported: BTreeMap<(u64, Side), Option<i64>>,
    pairs: Vec<PricePair>,
    given_up: BTreeSet<u64>,
}

impl Default for Model {
    fn default() -> Self {
        Self { period: 10, reported: BTreeMap::new(), pairs: Vec::new(), given_up: BTreeSet::new() }
    }
}

impl Model {
    /// Takes a step and names what came of it.
    fn apply(&mut self, step: &Step) -> &'static str {
        match *step {
            Step::Report { side, ahead, price, qualifies } => {
                let period = (self.period as i64 + ahead).max(0) as u64;
                self.report(side, period, price, qualifies)
            }
            Step::Pair { electricity, carbon } => {
                let period = self.period - 1;
                self.report(Electricity, period, electricity, true);
                self.report(Carbon, period, carbon, true)
            }
            Step::Wait { periods } => {
                self.period += periods;
                set_period(self.period);
                "waited"
            }
            Step::Block => {
                let announced = JointPrices::next_window();
                let dirty = Dirty::<Test>::get();
                next_block();
                let Window { revision, pairs, reference } = announced;
                assert_eq!(
                    (revision, pairs, reference),
                    (JointPrices::revision(), JointPrices::pairs(), JointPrices::reference())
                );
                match (dirty, reference.is_some()) {
                    (false, _) => "block",
                    (true, false) => "block with new pairs",
                    (true, true) => "block with a new reference",
                }
            }
        }
    }

    fn report(&mut self, side: Side, period: u64, price: i64, qualifies: bool) -> &'static str {
        let summary = Summary { sellers: if qualifies { 2 } else { 1 }, ..summary(side, price) };
        System::reset_events();
        let result = with_storage_layer(|| JointPrices::observe(side, period, summary));
        if let Err(error) = result {
            return self.refused(side, period, error);
        }
        assert!(period < self.period && !self.is_closed(period));
        self.reported.insert((period, side), qualifies.then_some(price));
        let events = events();
        let given_up: BTreeSet<u64> = events
            .iter()
            .filter_map(|event| if let Event::PeriodGivenUp { period } = event { Some(*period) } else { None })
            .collect();
        assert!(self.given_up.is_disjoint(&given_up), "given up twice");
        self.given_up.extend(&given_up);
        let [electricity, carbon] = [Electricity, Carbon].map(|side| self.reported.get(&(period, side)).copied());
        match (electricity.flatten(), carbon.flatten()) {
            (Some(electricity), Some(carbon)) => {
                self.pairs.push(pair(period, electricity, carbon));
                "pair"
            }
            _ if !given_up.is_empty() => "pushed another out",
            _ if !qualifies => "not qualified",
            _ => "reported",
        }
    }

    /// Whether the error is the one to be expected.
    fn refused(&self, side: Side, period: u64, error: DispatchError) -> &'static str {
        let expect = |expected: Error<Test>, what| {
            assert_eq!(error, DispatchError::from(expected));
            what
        };
        if period >= self.period {
            expect(Error::PeriodNotOver, "not over")
        } else if self.is_closed(period) {
            expect(Error::PeriodClosed, "closed")
        } else if self.reported.contains_key(&(period, side)) {
            // A period without a pair may have been pushed out since.
            let open = Open::<Test>::get().iter().any(|entry| entry.period == period);
            if open {
                expect(Error::AlreadyReported, "reported before")
            } else {
                expect(Error::PeriodClosed, "closed")
            }
        } else if period < Floor::<Test>::get() {
            expect(Error::PeriodClosed, "closed")
        } else {
            let open = Open::<Test>::get();
            assert!(open.len() as u32 == MAX_OPEN && open.iter().all(|entry| entry.period > period));
            expect(Error::TooManyOpen, "too many open")
        }
    }

    fn is_closed(&self, period: u64) -> bool {
        self.pairs.last().is_some_and(|last| period <= last.period) || self.given_up.contains(&period)
    }

    fn check(&self) {
        assert_ok!(JointPrices::check_invariants());
        let first = self.pairs.len().saturating_sub(WINDOW as usize);
        assert_eq!(JointPrices::prices(), self.pairs[first..]);
        for entry in Open::<Test>::get() {
            for (side, report) in [(Electricity, entry.electricity), (Carbon, entry.carbon)] {
                let expected = self.reported.get(&(entry.period, side)).map(|price| match price {
                    Some(price) => Report::Qualified(*price),
                    None => Report::NotQualified,
                });
                assert_eq!(report, expected);
            }
        }
    }
}

#[test]
fn every_invariant_holds_after_every_step() {
    let histogram = Histogram::default();
    TestRunner::new(ProptestConfig { cases: CASES, failure_persistence: None, ..Default::default() })
        .run(&proptest::collection::vec(step(), STEPS), |steps| {
            new_test_ext().execute_with(|| {
                let mut model = Model::default();
                for step in &steps {
                    histogram.count(model.apply(step));
                    model.check();
                }
            });
            Ok(())
        })
        .unwrap();
    // About a third of what is to be expected, or less.
    histogram.assert_at_least(&[
        ("pair", 450),
        ("reported", 500),
        ("not qualified", 80),
        ("pushed another out", 80),
        ("reported before", 100),
        ("closed", 1_500),
        ("not over", 500),
        ("too many open", 6),
        ("waited", 1_000),
        ("block", 700),
        ("block with new pairs", 250),
        ("block with a new reference", 60),
    ]);
}
