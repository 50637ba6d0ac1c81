//! The search over all families and rotations, on one thread, and the exact evaluation of a claim.
//!
//! Data: Student-t with ρ = 0.5 and ν = 4, as ranks/(n + 1).

use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion, Throughput};
use gridpeg_copula::{evaluate, fit::select, to_q32, u_values, Claim, Copula, Family, Native, Rotation};
use std::hint::black_box;

#[path = "../tests/sampling/mod.rs"]
mod sampling;

use sampling::{draw, pseudo, Random};

/// Pairs of a block's analysis in the template.
const WINDOW: usize = 512;

fn data(n: usize) -> Vec<(f64, f64)> {
    let copula = Copula { family: Family::Student, rotation: Rotation::R0, parameters: [0.5, 4.0] };
    pseudo(&draw(&copula, n, &mut Random::new(n as u64)))
}

/// pyvinecopulib 1.0.1 takes 14, 54, 171 and 914 ms for the same, on one thread of a slow machine.
fn selection(c: &mut Criterion) {
    let mut group = c.benchmark_group("select");
    group.sample_size(20);
    for n in [250, 1_000, 4_000, 16_000] {
        let pairs = data(n);
        group.throughput(Throughput::Elements(n as u64));
        group.bench_with_input(BenchmarkId::from_parameter(n), &pairs, |b, pairs| b.iter(|| select(black_box(pairs))));
    }
    group.finish();
}

fn evaluation(c: &mut Criterion) {
    let pairs: Vec<(u32, u32)> = data(WINDOW).into_iter().map(|(u, v)| (to_q32(u), to_q32(v))).collect();
    let claims = [
        Copula { family: Family::Independence, rotation: Rotation::R0, parameters: [0.0, 0.0] },
        Copula { family: Family::Gaussian, rotation: Rotation::R0, parameters: [0.5, 0.0] },
        Copula { family: Family::Student, rotation: Rotation::R0, parameters: [0.5, 4.0] },
        Copula { family: Family::Clayton, rotation: Rotation::R180, parameters: [0.9, 0.0] },
        Copula { family: Family::Gumbel, rotation: Rotation::R0, parameters: [1.5, 0.0] },
        Copula { family: Family::Frank, rotation: Rotation::R0, parameters: [3.5, 0.0] },
        Copula { family: Family::Joe, rotation: Rotation::R180, parameters: [1.7, 0.0] },
    ];
    let mut group = c.benchmark_group("evaluate");
    group.throughput(Throughput::Elements(WINDOW as u64));
    for copula in claims {
        let claim = Claim::of(&copula);
        group.bench_function(copula.family.name(), |b| b.iter(|| evaluate(black_box(&pairs), &claim)));
    }
    group.finish();
}

/// Both series of a window's u-values, as the runtime computes them when the window changes.
fn marginals(c: &mut Criterion) {
    let mut group = c.benchmark_group("u_values");
    for n in [WINDOW, 1_024] {
        let mut random = Random::new(1);
        let prices: Vec<f64> = (0..n).map(|_| 1e12 * random.normal()).collect();
        group.bench_with_input(BenchmarkId::from_parameter(n), &prices, |b, prices| {
            b.iter(|| u_values(black_box(prices), 1.0));
        });
    }
    group.finish();
    // The native path of a draw, which tests and simulations take most.
    let copula = Copula { family: Family::Gumbel, rotation: Rotation::R90, parameters: [2.0, 0.0] };
    let mut random = Random::new(2);
    c.bench_function("sample", |b| b.iter(|| copula.sample::<Native>(random.uniform(), random.uniform())));
}

criterion_group!(benches, selection, evaluation, marginals);
criterion_main!(benches);
