//! Many random plans, run until everything that the test is about has happened often enough.
//!
//! How often something happens in one run is luck. A fixed number of plans with a least count for each success would
//! fail now and then though nothing is wrong; so a run that came short goes on with more plans, and fails only if what
//! is missing does not happen in [`ROUNDS`] times as many either. Counts are never cut, so a test in which nothing
//! succeeds cannot pass.

use crate::{acting::Counts, world::World};
use gridpeg_tests::report;
use proptest::{
    strategy::Strategy,
    test_runner::{Config, RngSeed, TestRunner},
};
use std::{
    cell::RefCell,
    fmt::Debug,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

/// How often a run goes on with as many plans again.
const ROUNDS: u64 = 4;

/// A property test over random plans.
pub struct Campaign {
    pub name: &'static str,
    /// Plans in a round.
    pub cases: u32,
    /// Runs a failed plan is made smaller in.
    pub shrink: u32,
    /// What has to have happened, at least so often. Where no chain is named, on both together.
    pub least: &'static [(&'static str, u32)],
}

impl Campaign {
    /// Runs each plan on new chains. Panics with the seed if a plan fails, and if something came about too seldom.
    pub fn run<P: Debug>(&self, plans: impl Strategy<Value = P>, run: impl Fn(&mut World, &P)) {
        let seed = seed();
        let begin = Instant::now();
        let counts = RefCell::new(Counts::default());
        let mut rounds = 0;
        while rounds == 0 || (rounds < ROUNDS && !counts.borrow().missed(self.least).is_empty()) {
            let config = Config {
                cases: self.cases,
                failure_persistence: None,
                max_shrink_iters: self.shrink,
                rng_seed: RngSeed::Fixed(seed.wrapping_add(rounds)),
                ..Config::default()
            };
            let result = TestRunner::new(config).run(&plans, |plan| {
                let mut world = World::new();
                run(&mut world, &plan);
                counts.borrow_mut().merge(world.counts);
                Ok(())
            });
            if let Err(error) = result {
                panic!("GRIDPEG_SEED={}: {error}", seed.wrapping_add(rounds));
            }
            rounds += 1;
        }
        let counts = counts.into_inner();
        let plans = rounds * u64::from(self.cases);
        let took = begin.elapsed().as_secs_f64();
        report(&format!("{}, {plans} plans with GRIDPEG_SEED={seed}, {took:.1} s: {counts}", self.name));
        let missed = counts.missed(self.least);
        assert!(missed.is_empty(), "too seldom: {missed:?} in {counts}");
    }
}

/// The seed that the environment names, to repeat a run; else another one each time.
fn seed() -> u64 {
    let given = std::env::var("GRIDPEG_SEED").ok().map(|seed| seed.parse().expect("GRIDPEG_SEED is a number"));
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos() as u64);
    given.unwrap_or_else(clock)
}
