//! The work function beside the raw compression rate of the same library, and two streams beside one, in one run.
//!
//! A work hash is two compressions: the share printed at the end is of what two compressions allow.

use criterion::{criterion_group, criterion_main, Criterion, Throughput};
use gridpeg_header::{work::WorkFunction, H256, U256};
use sha2::digest::generic_array::GenericArray;
use std::{hint::black_box, time::Instant};

const BATCH: u64 = 10_000;
/// Turns of the measurement behind the ratios.
const ROUNDS: usize = 51;
/// What two interleaved streams should reach at least, as a multiple of one stream's rate.
const GOAL: f64 = 1.7;

fn compressions(count: u64) {
    let mut state = [0x6a09e667u32; 8];
    let block = GenericArray::default();
    for _ in 0..count {
        sha2::compress256(&mut state, core::slice::from_ref(black_box(&block)));
    }
    black_box(state);
}

// No hash is as small as 0, so both searches try all nonces.

fn one_stream(work: &mut WorkFunction, count: u64) {
    black_box(work.search_single(0, count, U256::zero()));
}

fn search(work: &mut WorkFunction, count: u64) {
    black_box(work.search(0, count, U256::zero()));
}

fn rates(c: &mut Criterion) {
    let mut group = c.benchmark_group("sha256");
    group.throughput(Throughput::Elements(BATCH));
    group.bench_function("raw compression", |b| b.iter(|| compressions(BATCH)));
    let mut work = WorkFunction::new(&H256([1; 32]));
    group.bench_function("work hash (two compressions)", |b| b.iter(|| one_stream(&mut work, BATCH)));
    let name = format!("work hash, streams: {}", work.streams());
    group.bench_function(name, |b| b.iter(|| search(&mut work, BATCH)));
    group.finish();
}

/// Seconds that a call takes.
fn seconds(call: impl FnOnce()) -> f64 {
    let start = Instant::now();
    call();
    start.elapsed().as_secs_f64()
}

fn best(times: &[f64]) -> f64 {
    times.iter().copied().fold(f64::MAX, f64::min)
}

/// The ratios in one run: all rates taken in turns, the best of each; two streams to one as the median over the turns
/// as well, which other load on the machine moves least.
fn ratio(_: &mut Criterion) {
    let mut work = WorkFunction::new(&H256([1; 32]));
    let (mut raw, mut one, mut all, mut ratios) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        raw.push(seconds(|| compressions(100 * BATCH)));
        let single = seconds(|| one_stream(&mut work, 50 * BATCH));
        let interleaved = seconds(|| search(&mut work, 50 * BATCH));
        one.push(single);
        all.push(interleaved);
        ratios.push(single / interleaved);
    }
    ratios.sort_by(f64::total_cmp);
    let median = ratios[ROUNDS / 2];
    let batch = BATCH as f64;
    let (raw, one, all) = (100.0 * batch / best(&raw), 50.0 * batch / best(&one), 50.0 * batch / best(&all));
    println!("raw compressions per second and thread: {:.2} M", raw / 1e6);
    println!("SHA-256² per second and thread:         {:.2} M", one / 1e6);
    println!("share of what two compressions allow:   {:.1} %", 100.0 * one / (raw / 2.0));
    if work.streams() == 1 {
        println!("two interleaved streams:                not on this CPU: it has no x86 SHA extensions");
        return;
    }
    println!("SHA-256² in two interleaved streams:    {:.2} M", all / 1e6);
    println!("two streams to one, best of each:       {:.2}", all / one);
    println!("two streams to one, median of {ROUNDS} turns: {median:.2} (goal: {GOAL})");
}

criterion_group!(benches, rates, ratio);
criterion_main!(benches);
