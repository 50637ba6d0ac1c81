//! Public vectors: log-likelihoods of sets of 500 pairs and log densities at single points, both computed in 40 digits
//! or more. Read from the folder `vectors/copula` of the data, never copied.

use gridpeg_copula::{Copula, Family, Pinned, Rotation};
use serde_json::Value;
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Largest error of a log-likelihood.
const LOG_LIKELIHOOD: f64 = 1e-8;
/// Nearer than this to 0 or 1 is an edge: the file takes 1 − u for exact, which `f64` cannot have there.
const EDGE: f64 = 1e-3;

/// The folder with the vectors: below the environment's `GRIDPEG_DATA`, by default the folder `shared` beside the
/// checkout. `None`, with a line that says so, if it is not there; panics if it must be: `GRIDPEG_DATA` is set, or `CI`
/// is true.
fn folder() -> Option<PathBuf> {
    let given = env::var_os("GRIDPEG_DATA").filter(|folder| !folder.is_empty());
    let demanded = given.is_some() || env::var_os("CI").is_some_and(|value| value == "true");
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let path = given.map_or_else(beside, PathBuf::from).join("vectors/copula");
    if path.exists() {
        return Some(path);
    }
    assert!(!demanded, "{} is missing: set GRIDPEG_DATA to the folder with the public data", path.display());
    println!("skipped what needs {}: set GRIDPEG_DATA to the folder with the public data", path.display());
    None
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rows `u,v` below the heading.
fn pairs(path: &Path) -> Vec<(f64, f64)> {
    let number = |text: &str| text.trim().parse::<f64>().unwrap();
    let row = |line: &str| line.split_once(',').map(|(u, v)| (number(u), number(v)));
    read(path).lines().skip(1).filter_map(row).collect()
}

/// The copula that an entry names.
fn copula(entry: &Value) -> Copula {
    let name = match entry["family"].as_str().unwrap() {
        "indep" => "independence",
        name => name,
    };
    let family = Family::ALL.into_iter().find(|family| family.name() == name).unwrap();
    let rotation = Rotation::from_index((entry["rotation"].as_u64().unwrap() / 90) as u8).unwrap();
    let given = entry["params"].as_array().unwrap();
    assert_eq!(given.len(), family.parameters(), "{entry}");
    let mut parameters = [0.0; 2];
    for (parameter, value) in parameters.iter_mut().zip(given) {
        *parameter = value.as_f64().unwrap();
    }
    Copula::new(family, rotation, parameters).unwrap()
}

/// A number that stands in the file with more digits than `f64` has.
fn exact(value: &Value) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn log_likelihoods_of_the_sets() {
    let Some(folder) = folder() else { return };
    let expected = json(&folder.join("reference.json"));
    let mut families = [0; Family::ALL.len()];
    let mut worst = 0.0_f64;
    for (name, set) in expected["sets"].as_object().unwrap() {
        let pairs = pairs(&folder.join(set["csv"].as_str().unwrap()));
        assert_eq!(Some(pairs.len() as u64), set["n"].as_u64(), "{name}");
        for entry in set["given"].as_array().unwrap() {
            let copula = copula(entry);
            let found = copula.log_likelihood::<Pinned>(pairs.iter().copied());
            let expected = exact(&entry["loglik_mp"]);
            let error = (found - expected).abs();
            assert!(error <= LOG_LIKELIHOOD, "{name}, {copula:?}: {found}, expected {expected}");
            worst = worst.max(error);
            families[copula.family as usize] += 1;
        }
    }
    println!("largest error {worst:e}");
    assert!(families.iter().all(|&count| count > 0), "{families:?}");
}

#[cfg(feature = "std")]
#[test]
fn the_fast_arithmetic_agrees() {
    let Some(folder) = folder() else { return };
    let expected = json(&folder.join("reference.json"));
    for (name, set) in expected["sets"].as_object().unwrap() {
        let pairs = pairs(&folder.join(set["csv"].as_str().unwrap()));
        for entry in set["given"].as_array().unwrap() {
            let copula = copula(entry);
            let exact = copula.log_likelihood::<Pinned>(pairs.iter().copied());
            let fast = copula.log_likelihood::<gridpeg_copula::Native>(pairs.iter().copied());
            assert!((fast - exact).abs() <= LOG_LIKELIHOOD, "{name}, {copula:?}: {fast}, {exact}");
        }
    }
}

#[test]
fn log_densities_at_points() {
    let Some(folder) = folder() else { return };
    let file = json(&folder.join("pointwise.json"));
    let points = file["points"].as_array().unwrap();
    let (mut inner, mut edges) = (0, 0);
    for point in points {
        let copula = copula(point);
        let (u, v) = (point["u"].as_f64().unwrap(), point["v"].as_f64().unwrap());
        let near_an_edge = [u, 1.0 - u, v, 1.0 - v].into_iter().any(|distance| distance < EDGE);
        let relative = if near_an_edge { 1e-6 } else { 1e-9 };
        *(if near_an_edge { &mut edges } else { &mut inner }) += 1;
        let expected = exact(&point["logpdf_mp"]);
        let found = copula.density::<Pinned>().ln(u, v);
        let error = (found - expected).abs();
        assert!(error <= relative * (1.0 + expected.abs()), "{copula:?} at {u}, {v}: {found}, expected {expected}");
    }
    assert!(inner > 100 && edges > 100, "{inner} inner points, {edges} at edges");
}
