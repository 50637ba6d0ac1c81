//! Random plans, run until everything that the test is about has happened often enough: see [`super::model`].

use super::*;
use proptest::{
    prelude::*,
    test_runner::{RngSeed, TestRunner},
};
use std::{cell::RefCell, collections::BTreeMap};

/// Steps of a plan.
const STEPS: usize = 240;
/// Plans in a round.
const CASES: u32 = 12;
/// How many rounds a run has at most to come to all that it must see.
const ROUNDS: u64 = 20;

/// What can happen.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// An order for a site, by its owner or by somebody else.
    Place {
        site: SiteId,
        stranger: bool,
        ahead: Slot,
        side: Side,
        quantity: Wh,
        cents: Balance,
        green: bool,
        expires: Option<Millis>,
    },
    /// Another order in the place of one of the open ones.
    Replace { which: usize, quantity: Wh, cents: Balance },
    /// One of the open orders is taken back.
    Cancel { which: usize },
    /// A block so much later. At its end it has so many per mille of a block left.
    Block { later: Millis, idle: u64 },
    /// An hour without blocks: so many slots.
    Hour { slots: Slot },
    /// Other terms, some slots beyond the horizon.
    Terms { beyond: Slot, kind: u8 },
    /// A site has another owner.
    Owner { site: SiteId, to: u64 },
    /// An account has credit.
    Credit { account: u64, amount: Balance },
    /// An account gives nearly all its coins to another one, or the grid company does.
    Give { from: u64, to: u64 },
    /// One of the accounts in arrears pays so many per cent of them.
    PayArrears { which: usize, share: u128 },
    /// The grid company pays one of those it owes to.
    Collect { which: usize },
    /// The window of prices takes nothing, or everything.
    Window { closed: bool },
    /// A share of the block for the work at its start.
    Share { small: bool },
    /// How much the network lets through.
    Tight { most: Option<Wh> },
}

fn quantity() -> impl Strategy<Value = Wh> {
    prop_oneof![1 => 0..10u64, 12 => 10..3_000u64, 1 => Just(Wh::MAX)]
}

fn order() -> impl Strategy<Value = Step> {
    let price = prop_oneof![1 => Just(0u128), 20 => 15..70u128, 1 => 190..210u128];
    let ahead = prop_oneof![6 => 2..4u32, 1 => 1..8u32];
    let expires = prop_oneof![12 => Just(None), 1 => (0..LENGTH * 3).prop_map(Some)];
    (1..=10u32, proptest::bool::weighted(0.05), ahead, quantity(), price, proptest::bool::weighted(0.3), expires)
        .prop_map(|(site, stranger, ahead, quantity, cents, green, expires)| {
            // Odd sites mostly sell, even ones mostly buy; sometimes they change sides.
            let is_ask = (site % 2 == 1) != (quantity % 13 == 5);
            let side = if is_ask { Side::Ask } else { Side::Bid };
            let green = green && (is_ask || quantity % 11 == 3);
            Step::Place { site, stranger, ahead, side, quantity, cents, green, expires }
        })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        100 => order(),
        8 => (any::<usize>(), quantity(), 15..70u128)
            .prop_map(|(which, quantity, cents)| Step::Replace { which, quantity, cents }),
        6 => any::<usize>().prop_map(|which| Step::Cancel { which }),
        20 => (100..LENGTH, prop_oneof![2 => 0..4u64, 1 => 0..400u64])
            .prop_map(|(later, idle)| Step::Block { later, idle }),
        2 => (2..8u32).prop_map(|slots| Step::Hour { slots }),
        3 => (1..4u32, any::<u8>()).prop_map(|(beyond, kind)| Step::Terms { beyond, kind }),
        4 => (1..=8u32, 1..=10u64).prop_map(|(site, to)| Step::Owner { site, to }),
        4 => (1..=10u64, 1..200u128).prop_map(|(account, cents)| Step::Credit { account, amount: cents * CENT }),
        5 => (prop_oneof![3 => 1..=10u64, 2 => Just(GRID)], prop_oneof![3 => 1..=10u64, 2 => Just(GRID)])
            .prop_map(|(from, to)| Step::Give { from, to }),
        8 => (any::<usize>(), 1..=200u128).prop_map(|(which, share)| Step::PayArrears { which, share }),
        16 => any::<usize>().prop_map(|which| Step::Collect { which }),
        1 => any::<bool>().prop_map(|closed| Step::Window { closed }),
        2 => any::<bool>().prop_map(|small| Step::Share { small }),
        2 => proptest::option::weighted(0.3, 200..3_000u64).prop_map(|most| Step::Tight { most }),
    ]
}

/// How often what happened.
#[derive(Default)]
pub(super) struct Histogram(RefCell<BTreeMap<&'static str, u32>>);

impl Histogram {
    pub(super) fn count(&self, what: &'static str) {
        *self.0.borrow_mut().entry(what).or_default() += 1;
    }

    fn missed(&self, least: &[(&'static str, u32)]) -> Vec<(&'static str, u32)> {
        let seen = self.0.borrow();
        let short = |(what, least): &(&'static str, u32)| {
            let times = seen.get(what).copied().unwrap_or_default();
            (times < *least).then_some((*what, times))
        };
        least.iter().filter_map(short).collect()
    }
}

/// The seed that the environment names, to repeat a run; else another one each time.
fn seed() -> u64 {
    let given = std::env::var("GRIDPEG_SEED").ok().map(|seed| seed.parse().expect("GRIDPEG_SEED is a number"));
    let clock = || std::time::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_nanos() as u64);
    given.unwrap_or_else(clock)
}

/// Runs each plan on a new chain; goes on with more plans while something has happened too seldom. Counts are never
/// cut, so a test in which nothing succeeds cannot pass.
pub(super) fn campaign(least: &[(&'static str, u32)], run: impl Fn(&Histogram, &[Step])) {
    let (seed, histogram) = (seed(), Histogram::default());
    let mut rounds = 0;
    while rounds == 0 || (rounds < ROUNDS && !histogram.missed(least).is_empty()) {
        let config = ProptestConfig {
            cases: CASES,
            failure_persistence: None,
            max_shrink_iters: 400,
            rng_seed: RngSeed::Fixed(seed.wrapping_add(rounds)),
            ..ProptestConfig::default()
        };
        let result = TestRunner::new(config).run(&proptest::collection::vec(step(), STEPS), |steps| {
            run(&histogram, &steps);
            Ok(())
        });
        if let Err(error) = result {
            panic!("GRIDPEG_SEED={}: {error}", seed.wrapping_add(rounds));
        }
        rounds += 1;
    }
    println!("{} plans with GRIDPEG_SEED={seed}:", rounds * u64::from(CASES));
    for (what, times) in histogram.0.borrow().iter() {
        println!("{times:>8}  {what}");
    }
    let missed = histogram.missed(least);
    assert!(missed.is_empty(), "too seldom: {missed:?}");
}
