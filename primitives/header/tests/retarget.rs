//! The retarget in simulated chains: 1,000 seeds through the real function at production values.
//!
//! A miner's solve time is exponential with mean T · right target / target. What the means must be was computed apart
//! from this code, by another program, with the same model.

use gridpeg_header::{forge::easy_parameters, target::next_target, Millis, PowParameters, U256};

const SEEDS: u64 = 1_000;
const BLOCKS: usize = 200;

/// A small generator (splitmix64): the same numbers everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Exponential with mean 1.
    fn exponential(&mut self) -> f64 {
        let uniform = ((self.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
        -uniform.ln()
    }
}

fn parameters(block_time: Millis, half_life: u32) -> PowParameters {
    PowParameters { block_time, half_life, ..easy_parameters() }
}

fn to_f64(value: U256) -> f64 {
    value.0.iter().rev().fold(0.0, |sum, limb| sum * 2f64.powi(64) + *limb as f64)
}

/// A chain whose miners are as fast as `right` is the right target for.
struct Chain {
    parameters: PowParameters,
    right: U256,
    target: U256,
    random: Random,
}

impl Chain {
    fn new(parameters: PowParameters, seed: u64, right: U256, target: U256) -> Self {
        Self { parameters, right, target, random: Random(seed) }
    }

    /// Mines a block; its solve time in milliseconds.
    fn mine(&mut self) -> Millis {
        let ease = to_f64(self.target) / to_f64(self.right);
        let mean = self.parameters.block_time as f64 / ease;
        let solve_time = (self.random.exponential() * mean).ceil().max(1.0) as Millis;
        self.target = next_target(self.target, solve_time, &self.parameters);
        solve_time
    }

    /// Mean solve time of blocks 100 to 200, in block times.
    fn mean_of_second_hundred(mut self) -> f64 {
        let times: Vec<_> = (0..BLOCKS).map(|_| self.mine()).collect();
        times.iter().skip(BLOCKS / 2).sum::<Millis>() as f64 / (BLOCKS / 2) as f64 / self.parameters.block_time as f64
    }
}

/// Over all seeds: from the right target, from one 16 times too easy, from one 16 times too hard.
fn means(parameters: PowParameters) -> [f64; 3] {
    let right = U256::one() << 220;
    [right, right << 4, right >> 4].map(|begin| {
        let all = (0..SEEDS).map(|seed| Chain::new(parameters, seed, right, begin).mean_of_second_hundred());
        all.sum::<f64>() / SEEDS as f64
    })
}

/// The expected means are those of a simulation with floating-point targets; the tolerance covers what 1,000 seeds
/// scatter (100 exponentials a seed: below half a percent) and more.
fn check(block_time: Millis, half_life: u32, expected: [f64; 3]) {
    let found = means(parameters(block_time, half_life));
    println!("T {block_time} ms, half-life {half_life}: right, 16 x too easy, 16 x too hard: {found:.3?}");
    for (found, expected) in found.into_iter().zip(expected) {
        assert!((found - expected).abs() < 0.01 + 0.02 * expected, "{found:.3} instead of {expected}");
    }
}

#[test]
fn short_half_lives_reach_the_block_time_within_a_hundred_blocks() {
    check(15_000, 10, [1.005, 1.003, 1.005]);
    check(60_000, 20, [1.005, 0.898, 1.016]);
}

#[test]
fn longer_half_lives_keep_the_block_time_and_take_longer_to_find_it() {
    check(15_000, 50, [1.004, 0.352, 1.236]);
    check(60_000, 288, [1.000, 0.087, 5.078]);
}

#[test]
fn a_chain_that_stood_still_for_eight_hours_does_not_flood() {
    const HOURS_8: Millis = 8 * 3_600_000;
    for (block_time, half_life) in [(3_000, 10), (15_000, 50), (60_000, 20)] {
        let parameters = parameters(block_time, half_life);
        let right = U256::one() << 220;
        let mut most = 0;
        for seed in 0..SEEDS {
            let mut chain = Chain::new(parameters, seed, right, right);
            for _ in 0..50 {
                chain.mine();
            }
            chain.target = next_target(chain.target, HOURS_8, &parameters);
            // Blocks in the next hundred block times.
            let mut left = block_time * 100;
            let mut blocks = 0;
            loop {
                let solve_time = chain.mine();
                if solve_time > left {
                    break;
                }
                left -= solve_time;
                blocks += 1;
            }
            most = most.max(blocks);
        }
        // A hundred on average; an absolute schedule would give more than 9,600 for T = 3 s.
        println!("T {block_time} ms, half-life {half_life}: at most {most} blocks in 100 block times after 8 hours");
        assert!(most < 140, "{most} blocks in 100 block times");
    }
}
