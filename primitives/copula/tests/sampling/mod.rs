//! What the tests and the benches of this crate draw their data from.
#![allow(dead_code)]

use gridpeg_copula::{pseudo_observations, Copula, Family, Native, Rotation};
use std::path::PathBuf;

/// A small generator (splitmix64): the same numbers everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in (0, 1).
    pub fn uniform(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) / (1u64 << 52) as f64
    }

    /// Uniform between two numbers.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Uniform from 0 to `count` − 1.
    pub fn below(&mut self, count: u64) -> u64 {
        self.bits() % count
    }

    /// Standard normal.
    pub fn normal(&mut self) -> f64 {
        let (radius, angle) = ((-2.0 * self.uniform().ln()).sqrt(), self.uniform() * std::f64::consts::TAU);
        radius * angle.cos()
    }
}

/// `n` pairs of a copula.
pub fn draw(copula: &Copula, n: usize, random: &mut Random) -> Vec<(f64, f64)> {
    (0..n).map(|_| copula.sample::<Native>(random.uniform(), random.uniform())).collect()
}

/// Ranks/(n + 1) of both sides.
pub fn pseudo(pairs: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    pseudo_observations(&x).into_iter().zip(pseudo_observations(&y)).collect()
}

/// Copulas of weak, middling and strong dependence from every family and rotation.
pub fn copulas() -> Vec<Copula> {
    let mut all = vec![Copula::INDEPENDENCE];
    let mut add = |family, rotation, parameters| all.push(Copula::new(family, rotation, parameters).unwrap());
    for rho in [-0.95, -0.4, 0.05, 0.6, 0.99] {
        add(Family::Gaussian, Rotation::R0, [rho, 0.0]);
        for nu in [2.5, 8.0, 40.0] {
            add(Family::Student, Rotation::R0, [rho, nu]);
        }
    }
    for theta in [-20.0, -3.0, 0.3, 5.0, 30.0] {
        add(Family::Frank, Rotation::R0, [theta, 0.0]);
    }
    for rotation in Rotation::ALL {
        for theta in [0.05, 0.8, 4.0, 20.0] {
            add(Family::Clayton, rotation, [theta, 0.0]);
            add(Family::Gumbel, rotation, [1.0 + theta, 0.0]);
            add(Family::Joe, rotation, [1.0 + theta, 0.0]);
        }
    }
    all
}

/// A file of the vectors: in the folder that GRIDPEG_DATA names, by default the one beside the workspace.
pub fn vector(name: &str) -> String {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let data = std::env::var_os("GRIDPEG_DATA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let path = data.join("vectors/copula").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The reference values.
pub fn reference() -> serde_json::Value {
    serde_json::from_str(&vector("reference.json")).unwrap()
}

/// The pairs of a vector file with a line of headings.
pub fn pairs(name: &str) -> Vec<(f64, f64)> {
    let parse = |line: &str| {
        let (u, v) = line.split_once(',').unwrap();
        (u.trim().parse().unwrap(), v.trim().parse().unwrap())
    };
    vector(name).lines().skip(1).filter(|line| !line.trim().is_empty()).map(parse).collect()
}
