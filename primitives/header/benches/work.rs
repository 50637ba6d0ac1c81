//! The work function beside the raw compression rate of the same library, in one run.
//!
//! A work hash is two compressions: the share printed at the end is of what two compressions allow.

use criterion::{criterion_group, criterion_main, Criterion, Throughput};
use gridpeg_header::{work::WorkFunction, H256, U256};
use sha2::digest::generic_array::GenericArray;
use std::{hint::black_box, time::Instant};

const BATCH: u64 = 10_000;

fn compressions(count: u64) {
    let mut state = [0x6a09e667u32; 8];
    let block = GenericArray::default();
    for _ in 0..count {
        sha2::compress256(&mut state, core::slice::from_ref(black_box(&block)));
    }
    black_box(state);
}

fn hashes(work: &mut WorkFunction, count: u64) {
    // No hash is as small as 0, so it tries them all.
    black_box(work.search(0, count, U256::zero()));
}

fn rates(c: &mut Criterion) {
    let mut group = c.benchmark_group("sha256");
    group.throughput(Throughput::Elements(BATCH));
    group.bench_function("raw compression", |b| b.iter(|| compressions(BATCH)));
    let mut work = WorkFunction::new(&H256([1; 32]));
    group.bench_function("work hash (two compressions)", |b| b.iter(|| hashes(&mut work, BATCH)));
    group.finish();
}

/// The ratio in one run: both rates taken in turns, the best of each.
fn ratio(_: &mut Criterion) {
    let mut work = WorkFunction::new(&H256([1; 32]));
    let (mut raw, mut hash) = (f64::MAX, f64::MAX);
    for _ in 0..50 {
        let start = Instant::now();
        compressions(100 * BATCH);
        raw = raw.min(start.elapsed().as_secs_f64());
        let start = Instant::now();
        hashes(&mut work, 50 * BATCH);
        hash = hash.min(start.elapsed().as_secs_f64());
    }
    let (raw, hash) = (100.0 * BATCH as f64 / raw, 50.0 * BATCH as f64 / hash);
    println!("raw compressions per second and thread: {:.2} M", raw / 1e6);
    println!("SHA-256² per second and thread:         {:.2} M", hash / 1e6);
    println!("share of what two compressions allow:   {:.1} %", 100.0 * hash / (raw / 2.0));
}

criterion_group!(benches, rates, ratio);
criterion_main!(benches);
