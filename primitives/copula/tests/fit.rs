//! The search: reference values, and never less than what trying parameters one by one finds.

mod sampling;

use gridpeg_copula::{
    fit::{fit, select, FitError, Fitted, Selection},
    Copula, Family, Native, Pinned, Rotation,
};
use sampling::{copulas, draw, pairs, pseudo, reference, Random};
use serde_json::Value;

type Pairs = Vec<(f64, f64)>;

fn family(name: &str) -> Family {
    let name = if name == "indep" { "independence" } else { name };
    Family::ALL.into_iter().find(|family| family.name() == name).unwrap()
}

fn rotation(degrees: &Value) -> Rotation {
    Rotation::ALL.into_iter().find(|rotation| u64::from(rotation.degrees()) == degrees.as_u64().unwrap()).unwrap()
}

fn candidate(selection: &Selection, family: Family, rotation: Rotation) -> Fitted {
    let is_it = |fitted: &&Fitted| fitted.copula.family == family && fitted.copula.rotation == rotation;
    *selection.candidates.iter().find(is_it).unwrap()
}

/// The reference's parameters.
fn parameters(fit: &Value) -> Vec<f64> {
    fit["params"].as_array().unwrap().iter().map(|parameter| parameter.as_f64().unwrap()).collect()
}

#[test]
fn every_fit_reaches_the_reference() {
    for (name, set) in reference()["sets"].as_object().unwrap() {
        let selection = select(&pairs(set["csv"].as_str().unwrap())).unwrap();
        for expected in set["fits"].as_array().unwrap() {
            let family = family(expected["family"].as_str().unwrap());
            let fitted = candidate(&selection, family, rotation(&expected["rotation"]));
            let what = format!("{name} {fitted:?}, reference {expected}");
            let log_likelihood = expected["loglik_mle"].as_f64().unwrap();
            assert!(fitted.log_likelihood > log_likelihood - 1e-6, "{what}");
            let bounds = family.bounds();
            let near_bound = parameters(expected)
                .iter()
                .zip(bounds)
                .any(|(value, (least, greatest))| (value - least).abs() < 1e-3 || (value - greatest).abs() < 1e-3);
            if near_bound || expected["at_bound"].as_bool().unwrap() {
                assert!((fitted.log_likelihood - log_likelihood).abs() < 1e-4, "{what}");
                continue;
            }
            // The reference is the maximum: above it would be an error of evaluation.
            assert!(fitted.log_likelihood < log_likelihood + 1e-6, "{what}");
            assert!((fitted.aic - expected["aic"].as_f64().unwrap()).abs() < 1e-5, "{what}");
            for (i, (value, found)) in parameters(expected).into_iter().zip(fitted.copula.parameters).enumerate() {
                let flat = family == Family::Student && i == 1 && value > 10.0;
                let tolerance = if flat { 2e-2 } else { 1e-4 };
                assert!((found - value).abs() <= tolerance * value.abs(), "{what}");
            }
        }
    }
}

#[test]
fn the_choice_is_the_references() {
    for (name, set) in reference()["sets"].as_object().unwrap() {
        let points = pairs(set["csv"].as_str().unwrap());
        let selection = select(&points).unwrap();
        let (best, expected) = (selection.best, &set["best"]);
        assert!((best.aic - expected["aic"].as_f64().unwrap()).abs() < 1e-5, "{name}: {best:?}");
        if set["aic_gap_to_second"].as_f64().unwrap() > 1e-3 {
            assert_eq!(best.copula.family, family(expected["family"].as_str().unwrap()), "{name}");
            assert_eq!(best.copula.rotation, rotation(&expected["rotation"]), "{name}");
        }
    }
}

/// What a selection must be in itself.
fn check(selection: &Selection, pairs: &[(f64, f64)], what: &str) {
    assert_eq!((selection.n, selection.candidates.len()), (pairs.len(), 16), "{what}");
    let order: Vec<(Family, Rotation)> =
        selection.candidates.iter().map(|fitted| (fitted.copula.family, fitted.copula.rotation)).collect();
    assert!(order.windows(2).all(|pair| pair[0] < pair[1]), "{what}: {order:?}");
    for fitted in &selection.candidates {
        let Copula { family, rotation, parameters } = fitted.copula;
        assert_eq!(Copula::new(family, rotation, parameters), Ok(fitted.copula), "{what}");
        let log_likelihood = fitted.copula.log_likelihood::<Pinned>(pairs.iter().copied());
        assert_eq!(fitted.log_likelihood.to_bits(), log_likelihood.to_bits(), "{what}");
        assert!(fitted.log_likelihood.is_finite(), "{what}: {fitted:?}");
        assert_eq!(fitted.aic, 2.0 * family.parameters() as f64 - 2.0 * log_likelihood, "{what}");
        assert!(selection.best.aic <= fitted.aic, "{what}");
    }
    assert!(selection.candidates.contains(&selection.best), "{what}");
}

/// Parameters over a family's whole range, dense towards independence.
fn grid(family: Family) -> Vec<[f64; 2]> {
    let [first, second] = family.bounds();
    let scaled = |t: f64| first.0 + (first.1 - first.0) * ((8.0 * t).exp_m1() / 8f64.exp_m1());
    let thetas = (0..=160).map(|i| scaled(f64::from(i) / 160.0).clamp(first.0, first.1));
    // Correlations, evenly in artanh.
    let correlations = (-20..=20).map(|i| (0.29 * f64::from(i)).tanh().clamp(first.0, first.1));
    match family {
        Family::Independence => vec![[0.0; 2]],
        Family::Gaussian => correlations.map(|rho| [rho, 0.0]).collect(),
        Family::Student => {
            let degrees = |i: i32| (second.0 * (second.1 / second.0).powf(f64::from(i) / 10.0)).min(second.1);
            correlations.flat_map(|rho| (0..=10).map(move |i| [rho, degrees(i)])).collect()
        }
        Family::Frank => (-80..=80).map(|i| [35.0 * (f64::from(i) / 80.0).powi(3), 0.0]).collect(),
        Family::Clayton | Family::Gumbel | Family::Joe => thetas.map(|theta| [theta, 0.0]).collect(),
    }
}

/// Fits, checks the selection, and holds every candidate against the grid of its family.
fn never_worse_than_a_grid(pairs: &[(f64, f64)], what: &str) {
    let selection = select(pairs).unwrap_or_else(|error| panic!("{what}: {error}"));
    check(&selection, pairs, what);
    for fitted in &selection.candidates {
        for parameters in grid(fitted.copula.family) {
            let other = Copula { parameters, ..fitted.copula };
            let log_likelihood = other.log_likelihood::<Native>(pairs.iter().copied());
            assert!(
                fitted.log_likelihood > log_likelihood - 1e-6,
                "{what}: {fitted:?}, but {other:?} has {log_likelihood}"
            );
        }
    }
}

#[test]
fn data_of_every_family_is_fitted_at_least_as_well_as_by_a_grid() {
    let mut random = Random::new(2024);
    for copula in copulas() {
        let drawn = draw(&copula, 120, &mut random);
        never_worse_than_a_grid(&pseudo(&drawn), &format!("ranks of {copula:?}"));
    }
    // The values themselves, as after a marginal that is known.
    for copula in copulas().into_iter().step_by(3) {
        let drawn: Pairs = draw(&copula, 60, &mut random).into_iter().map(|(u, v)| (inside(u), inside(v))).collect();
        never_worse_than_a_grid(&drawn, &format!("{copula:?}"));
    }
}

/// Into the range of u-values.
fn inside(u: f64) -> f64 {
    u.clamp(2f64.powi(-32), 1.0 - 2f64.powi(-32))
}

#[test]
fn the_generator_is_about_found() {
    let mut random = Random::new(5);
    for copula in copulas() {
        let drawn = pseudo(&draw(&copula, 1_500, &mut random));
        let fitted = fit(copula.family, copula.rotation, &drawn).unwrap();
        let truth = copula.log_likelihood::<Native>(drawn.iter().copied());
        // Twice the difference is a χ² variable of at most two degrees of freedom, ranks put aside.
        assert!(fitted.log_likelihood >= truth - 1e-6, "{copula:?} {fitted:?}");
        assert!(fitted.log_likelihood < truth + 0.05 * truth.abs() + 25.0, "{copula:?} {fitted:?} {truth}");
    }
}

/// Data that no family describes: shapes, clusters, outliers, mixtures, few distinct values.
fn strange(random: &mut Random) -> Vec<(&'static str, Pairs)> {
    let n = 100;
    let mut make = |name: &'static str, ranked: bool, point: &dyn Fn(&mut Random, usize) -> (f64, f64)| {
        let points: Pairs = (0..n).map(|i| point(random, i)).collect();
        let clamped = points.iter().map(|(u, v)| (inside(*u), inside(*v))).collect();
        (name, if ranked { pseudo(&points) } else { clamped })
    };
    let mixture = [
        Copula::new(Family::Gaussian, Rotation::R0, [0.97, 0.0]).unwrap(),
        Copula::new(Family::Clayton, Rotation::R90, [6.0, 0.0]).unwrap(),
    ];
    vec![
        make("U", true, &|random, _| {
            let x = random.uniform();
            (x, (x - 0.5).abs() + 0.05 * random.normal())
        }),
        make("X", true, &|random, i| {
            let x = random.uniform();
            (x, if i % 2 == 0 { x } else { 1.0 - x } + 0.02 * random.normal())
        }),
        make("mixture", true, &|random, i| {
            mixture[usize::from(i % 3 == 0)].sample::<Native>(random.uniform(), random.uniform())
        }),
        make("middle", false, &|random, _| (0.5 + 0.01 * random.normal(), 0.5 + 0.01 * random.normal())),
        make("corner", false, &|random, _| (0.02 * random.uniform(), 0.02 * random.uniform())),
        make("other corner", false, &|random, _| (1.0 - 0.02 * random.uniform(), 0.02 * random.uniform())),
        make("edge", false, &|random, _| (random.uniform(), 1e-9 * random.uniform())),
        make("ends", false, &|random, _| (random.below(2) as f64, random.below(2) as f64)),
        make("three values", true, &|random, _| (random.below(3) as f64, random.below(3) as f64)),
        make("one point", false, &|_, _| (0.3, 0.8)),
        make("one value", false, &|random, _| (0.5, random.uniform())),
        make("comonotone", true, &|_, i| (i as f64, i as f64)),
        make("countermonotone", true, &|_, i| (i as f64, -(i as f64))),
        make("comonotone with an outlier", true, &|_, i| (i as f64, if i == 3 { 1e3 } else { i as f64 })),
        make("comonotone with noise", true, &|random, i| {
            (i as f64, i as f64 + 1e-3 * random.normal() + random.normal())
        }),
        make("clusters", false, &|random, i| {
            let (u, v) = [(0.1, 0.8), (0.75, 0.6), (0.4, 0.05)][i % 3];
            (u + 0.02 * random.normal(), v + 0.02 * random.normal())
        }),
        make("logistic, far out", false, &|random, _| {
            let logistic = |x: f64| 1.0 / (1.0 + (-6.0 * x).exp());
            (logistic(random.normal()), logistic(random.normal()))
        }),
    ]
}

#[test]
fn data_of_no_family_is_fitted_at_least_as_well_as_by_a_grid() {
    let mut random = Random::new(77);
    for _ in 0..3 {
        for (name, pairs) in strange(&mut random) {
            never_worse_than_a_grid(&pairs, name);
        }
    }
}

#[test]
fn no_parameters_nearby_are_better() {
    // Steps around the maximum, much finer than any grid.
    let mut random = Random::new(31);
    for copula in copulas().into_iter().step_by(5) {
        let drawn = pseudo(&draw(&copula, 300, &mut random));
        for fitted in select(&drawn).unwrap().candidates {
            let bounds = fitted.copula.family.bounds();
            for exponent in [-5, -4, -3, -2] {
                for (a, b) in [(-1.0, 0.0), (1.0, 0.0), (0.0, -1.0), (0.0, 1.0), (1.0, 1.0), (1.0, -1.0)] {
                    let step = 10f64.powi(exponent);
                    let [first, second] = fitted.copula.parameters;
                    let moved = [first * (1.0 + a * step), second * (1.0 + b * step)];
                    let parameters =
                        [moved[0].clamp(bounds[0].0, bounds[0].1), moved[1].clamp(bounds[1].0, bounds[1].1)];
                    let other = Copula { parameters, ..fitted.copula };
                    let log_likelihood = other.log_likelihood::<Native>(drawn.iter().copied());
                    assert!(fitted.log_likelihood > log_likelihood - 1e-7, "{copula:?}: {fitted:?} {other:?}");
                }
            }
        }
    }
}

#[test]
fn one_family_is_fitted_as_among_all() {
    let mut random = Random::new(3);
    let drawn = pseudo(&draw(&copulas()[9], 80, &mut random));
    let selection = select(&drawn).unwrap();
    for fitted in &selection.candidates {
        assert_eq!(fit(fitted.copula.family, fitted.copula.rotation, &drawn), Ok(*fitted));
    }
    for family in [Family::Independence, Family::Gaussian, Family::Student, Family::Frank] {
        let upright = fit(family, Rotation::R0, &drawn);
        assert_eq!(fit(family, Rotation::R270, &drawn), upright);
    }
}

#[test]
fn independent_data_is_worth_little() {
    let mut random = Random::new(8);
    for _ in 0..20 {
        let drawn = pseudo(&draw(&Copula::INDEPENDENCE, 400, &mut random));
        let best = select(&drawn).unwrap().best;
        assert!(best.aic <= 0.0 && best.aic > -25.0, "{best:?}");
    }
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let good: Pairs = (1..=30).map(|i| (f64::from(i) / 31.0, f64::from(i * 7 % 31) / 31.0)).collect();
    assert!(select(&good).is_ok());
    let refused = |pairs: &[(f64, f64)], error: FitError| {
        assert_eq!(select(pairs), Err(error));
        assert_eq!(fit(Family::Frank, Rotation::R0, pairs), Err(error));
    };
    refused(&[], FitError::TooFewPairs { n: 0 });
    refused(&good[..29], FitError::TooFewPairs { n: 29 });
    for (bad, error) in [
        (f64::NAN, FitError::NotFinite),
        (f64::INFINITY, FitError::NotFinite),
        (0.0, FitError::OutOfRange),
        (1.0, FitError::OutOfRange),
        (-0.5, FitError::OutOfRange),
    ] {
        let mut pairs = good.clone();
        pairs[17].0 = bad;
        refused(&pairs, error);
        pairs[17] = (0.5, bad);
        refused(&pairs, error);
    }
    // The outermost numbers that are inside.
    let mut pairs = good;
    pairs[0] = (f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0);
    check(&select(&pairs).unwrap(), &pairs, "outermost");
}
