//! Against `scripts/vectors/copula.py`, which computes in 50 digits and shares no code with this crate: log densities,
//! h-functions and distributions at inner points and edges; log-likelihoods, AIC, gain, reference and correlations of
//! sets, with ties too.

use gridpeg_copula::{
    claim::Claim,
    consensus::{evaluate, gain, reference},
    family::{Copula, Family, Rotation},
    marginal::from_q32,
    math::Pinned,
    rank::{gaussian_rho, kendall, pearson, spearman},
};
use serde_json::Value;

const POINTWISE: &str = include_str!("vectors/pointwise.json");
const SETS: &str = include_str!("vectors/sets.json");

/// u nearer than this to 0 or 1 is an edge, in 2⁻³².
const EDGE: u32 = u32::MAX / 1_000;

fn entries(text: &str, list: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(text).unwrap();
    file[list].as_array().unwrap().clone()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn q32(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

fn i32_of(value: &Value) -> i32 {
    i32::try_from(value.as_i64().unwrap()).unwrap()
}

fn family(entry: &Value) -> Family {
    Family::ALL.into_iter().find(|family| entry["family"].as_str() == Some(family.name())).unwrap()
}

fn rotation(entry: &Value) -> Rotation {
    Rotation::from_index((entry["rotation"].as_u64().unwrap() / 90) as u8).unwrap()
}

fn is_edge(q: u32) -> bool {
    !(EDGE..=u32::MAX - EDGE).contains(&q)
}

fn close(what: &str, ours: f64, theirs: f64, tolerance: f64) {
    assert!(ours.is_finite() && (ours - theirs).abs() <= tolerance, "{what}: {ours}, expected {theirs}");
}

fn copula(entry: &Value) -> Copula {
    let bounds = family(entry).bounds();
    let mut parameters = [0.0; 2];
    for ((parameter, value), (low, high)) in parameters.iter_mut().zip(numbers(&entry["parameters"])).zip(bounds) {
        // The reader of JSON may be one bit off, and so out of bounds at a bound.
        *parameter = value.clamp(low, high);
    }
    Copula::new(family(entry), rotation(entry), parameters).unwrap()
}

fn claim(entry: &Value) -> Claim {
    let mut parameters = [0; 2];
    for (parameter, value) in parameters.iter_mut().zip(entry["claim"].as_array().unwrap()) {
        *parameter = i32_of(value);
    }
    Claim { family: family(entry) as u8, rotation: rotation(entry) as u8, parameters }
}

fn pairs(set: &Value) -> Vec<(u32, u32)> {
    set["pairs"].as_array().unwrap().iter().map(|pair| (q32(&pair[0]), q32(&pair[1]))).collect()
}

#[test]
fn log_densities() {
    let (mut inner, mut edges) = (0, 0);
    for entry in entries(POINTWISE, "copulas") {
        let copula = copula(&entry);
        let density = copula.density::<Pinned>();
        for point in entry["log_density"].as_array().unwrap() {
            let (u, v, expected) = (q32(&point[0]), q32(&point[1]), point[2].as_f64().unwrap());
            let relative = if is_edge(u) || is_edge(v) {
                edges += 1;
                1e-6
            } else {
                inner += 1;
                1e-9
            };
            let what = format!("{copula:?} at {u}, {v}");
            close(&what, density.ln(from_q32(u), from_q32(v)), expected, relative * (1.0 + expected.abs()));
        }
    }
    assert!(inner > 400 && edges > 400, "{inner} inner points, {edges} at edges");
}

#[test]
fn h_functions_and_distributions() {
    for entry in entries(POINTWISE, "copulas") {
        let copula = copula(&entry);
        for point in entry["h1_h2_distribution"].as_array().unwrap() {
            let (u, v) = (from_q32(q32(&point[0])), from_q32(q32(&point[1])));
            let expected = numbers(point);
            let what = format!("{copula:?} at {u}, {v}");
            close(&format!("h1 of {what}"), copula.h1::<Pinned>(u, v), expected[2], 1e-9);
            close(&format!("h2 of {what}"), copula.h2::<Pinned>(u, v), expected[3], 1e-9);
            close(&format!("C of {what}"), copula.distribution::<Pinned>(u, v), expected[4], 1e-9);
        }
    }
}

#[test]
fn log_likelihoods_and_aic_of_sets() {
    let mut evaluated = 0;
    for set in entries(SETS, "sets") {
        let pairs = pairs(&set);
        let exact = || pairs.iter().map(|(u, v)| (from_q32(*u), from_q32(*v)));
        let least = set["reference"]["aic"].as_i64().unwrap();
        for entry in set["given"].as_array().unwrap() {
            let claim = claim(entry);
            let what = format!("{claim:?} on {}", set["name"]);
            let expected = entry["log_likelihood"].as_f64().unwrap();
            let ours = claim.copula().unwrap().log_likelihood::<Pinned>(exact());
            close(&what, ours, expected, 1e-9 * (1.0 + expected.abs()));
            // Exact: the script refuses sets whose AIC is near a step of the grid.
            let aic = evaluate(&pairs, &claim).unwrap();
            assert_eq!(Some(aic), entry["aic"].as_i64(), "{what}");
            assert_eq!(Some(u64::from(gain(least, aic))), entry["gain"].as_u64(), "{what}");
            evaluated += 1;
        }
    }
    assert!(evaluated > 100, "{evaluated}");
}

#[test]
fn references_and_correlations_of_sets() {
    for set in entries(SETS, "sets") {
        let (u, v): (Vec<u32>, Vec<u32>) = pairs(&set).into_iter().unzip();
        let floats = |q: &[u32]| q.iter().copied().map(from_q32).collect::<Vec<_>>();
        let expected = |name: &str| set[name].as_f64().unwrap();
        let rho_s = spearman(&u, &v).unwrap();
        close("Spearman", rho_s, expected("spearman"), 1e-12);
        close("Kendall", kendall(&u, &v).unwrap(), expected("kendall"), 1e-12);
        close("Pearson", pearson(&floats(&u), &floats(&v)).unwrap(), expected("pearson"), 1e-12);
        close("Gaussian rho", gaussian_rho(rho_s), expected("gaussian_rho"), 1e-12);

        let least = &set["reference"];
        let claim = Claim { family: family(least) as u8, rotation: 0, parameters: [i32_of(&least["rho"]), 0] };
        assert_eq!(reference(&pairs(&set)), (claim, least["aic"].as_i64().unwrap()), "{}", set["name"]);
    }
}
