//! Guidance against numeric inversion, integration and its own random numbers.

mod sampling;

use gridpeg_copula::{from_q32, to_q32, Copula, Family, Guidance, Marginal, Native, Pinned, Rotation, PROBABILITIES};
use sampling::{copulas, Random};

/// Electricity prices of both signs and skewed carbon prices.
fn guidance(copula: Copula) -> Guidance {
    let mut random = Random::new(99);
    let electricity: Vec<f64> = (0..150).map(|_| 30.0 + 25.0 * random.normal()).collect();
    let carbon: Vec<f64> = (0..150).map(|_| 60.0 + 10.0 * (0.5 * random.normal()).exp()).collect();
    Guidance {
        copula,
        electricity: Marginal::new(&electricity, 0.01).unwrap(),
        carbon: Marginal::new(&carbon, 0.01).unwrap(),
    }
}

fn clayton() -> Guidance {
    guidance(Copula::new(Family::Clayton, Rotation::R180, [1.5, 0.0]).unwrap())
}

/// Greatest distance between the distribution of a sample and the uniform one, times √n.
fn kolmogorov(mut sample: Vec<f64>) -> f64 {
    let n = sample.len() as f64;
    sample.sort_by(f64::total_cmp);
    let distance = |(i, x): (usize, &f64)| (x - i as f64 / n).abs().max(((i as f64 + 1.0) / n - x).abs());
    n.sqrt() * sample.iter().enumerate().map(distance).fold(0.0, f64::max)
}

/// Exceeded by [`kolmogorov`] in one of 130,000 samples.
const FAR_OFF: f64 = 2.5;

#[test]
fn conditional_quantiles_agree_with_numeric_inversion() {
    for copula in copulas() {
        let guidance = guidance(copula);
        for electricity in [-60.0, 3.0, 28.0, 90.0] {
            let quantiles = guidance.carbon_quantiles(electricity);
            assert!(quantiles.windows(2).all(|pair| pair[0] <= pair[1]), "{copula:?} {quantiles:?}");
            for (p, quantile) in PROBABILITIES.into_iter().zip(quantiles) {
                assert_eq!(guidance.carbon_quantile(electricity, p), quantile);
                // The distribution of the carbon price, by bisection over prices.
                let (mut low, mut high) = (0.0, 500.0);
                for _ in 0..60 {
                    let middle = 0.5 * (low + high);
                    if guidance.conditional_distribution(electricity, middle) < p {
                        low = middle;
                    } else {
                        high = middle;
                    }
                }
                // Next to the ends, prices beyond the range of u-values are one.
                let (v, by_bisection) = (guidance.carbon.distribution(quantile), guidance.carbon.distribution(high));
                assert!((v - by_bisection).abs() < 1e-7, "{copula:?} {electricity} {p}: {quantile} {high}");
            }
        }
    }
}

#[test]
fn what_is_drawn_given_a_price_is_uniform_in_its_conditional_distribution() {
    for (i, copula) in copulas().into_iter().enumerate() {
        let guidance = guidance(copula);
        let electricity = [10.0, 31.0, 55.0][i % 3];
        let drawn = guidance.simulate_carbon(electricity, 7 + i as u64, 400);
        let levels: Vec<f64> =
            drawn.iter().map(|carbon| guidance.conditional_distribution(electricity, *carbon)).collect();
        let distance = kolmogorov(levels);
        assert!(distance < FAR_OFF, "{copula:?}: {distance}");
    }
}

#[test]
fn what_is_drawn_has_the_marginals_and_the_dependence() {
    for (i, copula) in copulas().into_iter().enumerate().step_by(4) {
        let guidance = guidance(copula);
        let pairs = guidance.simulate(1_000 + i as u64, 400);
        let distances = [
            kolmogorov(pairs.iter().map(|(x, _)| guidance.electricity.distribution(*x)).collect()),
            kolmogorov(pairs.iter().map(|(_, y)| guidance.carbon.distribution(*y)).collect()),
            kolmogorov(pairs.iter().map(|(x, y)| guidance.conditional_distribution(*x, *y)).collect()),
        ];
        assert!(distances.iter().all(|distance| *distance < FAR_OFF), "{copula:?}: {distances:?}");
    }
}

#[test]
fn a_seed_gives_the_same_numbers() {
    let guidance = clayton();
    let pairs = guidance.simulate(42, 50);
    assert_eq!(pairs, guidance.simulate(42, 50));
    assert_ne!(pairs, guidance.simulate(43, 50));
    // A shorter run is a longer one's beginning.
    assert_eq!(pairs[..20], guidance.simulate(42, 20));
    let prices = guidance.simulate_carbon(20.0, 42, 50);
    assert_eq!(prices, guidance.simulate_carbon(20.0, 42, 50));
    assert_ne!(prices, guidance.simulate_carbon(20.0, 43, 50));
    assert!(guidance.simulate(1, 0).is_empty() && guidance.simulate_carbon(20.0, 1, 0).is_empty());
}

#[test]
fn under_independence_the_carbon_price_knows_nothing_of_the_electricity_price() {
    let guidance = guidance(Copula::INDEPENDENCE);
    for electricity in [-1e6, 0.0, 30.0, 1e6] {
        for (p, quantile) in PROBABILITIES.into_iter().zip(guidance.carbon_quantiles(electricity)) {
            assert!((quantile - guidance.carbon.quantile(p)).abs() < 1e-9);
        }
        for carbon in [65.0, 70.0, 75.0] {
            let level = guidance.conditional_distribution(electricity, carbon);
            assert!((level - guidance.carbon.distribution(carbon)).abs() < 1e-15);
            let density = guidance.joint_density(electricity, carbon);
            let product = guidance.electricity.density(electricity) * guidance.carbon.density(carbon);
            assert!((density - product).abs() <= 1e-15 * product);
        }
    }
}

#[test]
fn a_rising_dependence_raises_the_quantiles() {
    let rising = guidance(Copula::new(Family::Gaussian, Rotation::R0, [0.7, 0.0]).unwrap());
    let falling = guidance(Copula::new(Family::Frank, Rotation::R0, [-6.0, 0.0]).unwrap());
    for p in PROBABILITIES {
        assert!(rising.carbon_quantile(10.0, p) < rising.carbon_quantile(50.0, p));
        assert!(falling.carbon_quantile(10.0, p) > falling.carbon_quantile(50.0, p));
    }
}

#[test]
fn the_joint_density_integrates_to_the_joint_distribution() {
    let guidance = guidance(Copula::new(Family::Frank, Rotation::R0, [4.0, 0.0]).unwrap());
    // Midpoints over the lower left part of the support.
    let (to_x, to_y) = (35.0, 75.0);
    let (from_x, from_y) = (guidance.electricity.quantile(0.0) - 1.0, guidance.carbon.quantile(0.0) - 1.0);
    let count = 400;
    let (dx, dy) = ((to_x - from_x) / f64::from(count), (to_y - from_y) / f64::from(count));
    let mut integral = 0.0;
    for i in 0..count {
        for j in 0..count {
            let (x, y) = (from_x + dx * (f64::from(i) + 0.5), from_y + dy * (f64::from(j) + 0.5));
            integral += guidance.joint_density(x, y) * dx * dy;
        }
    }
    let (u, v) = (guidance.electricity.distribution(to_x), guidance.carbon.distribution(to_y));
    let expected = guidance.copula.distribution::<Native>(u, v);
    assert!((integral - expected).abs() < 1e-4, "{integral} {expected}");
    // Outside the support of either price there is none.
    assert_eq!(guidance.joint_density(1e6, 70.0), 0.0);
    assert_eq!(guidance.joint_density(30.0, -1e6), 0.0);
}

#[test]
fn guidance_is_the_copula_between_two_marginals() {
    let guidance = clayton();
    let (electricity, carbon) = (22.0, 71.0);
    let (u, v) = (guidance.electricity.distribution(electricity), guidance.carbon.distribution(carbon));
    let level = guidance.copula.h1::<Pinned>(u, v);
    assert_eq!(guidance.conditional_distribution(electricity, carbon).to_bits(), level.to_bits());
    let back = guidance.carbon_quantile(electricity, level);
    assert!((back - carbon).abs() < 1e-7, "{back}");
}

#[test]
fn prepared_guidance_answers_the_same_to_the_bit() {
    for copula in copulas() {
        let guidance = guidance(copula);
        let prepared = guidance.prepare();
        for (electricity, carbon) in [(-60.0, 62.0), (3.0, 70.0), (28.0, 65.0), (90.0, 1e6)] {
            let level = guidance.conditional_distribution(electricity, carbon);
            assert_eq!(prepared.conditional_distribution(electricity, carbon).to_bits(), level.to_bits(), "{copula:?}");
            let density = guidance.joint_density(electricity, carbon);
            assert_eq!(prepared.joint_density(electricity, carbon).to_bits(), density.to_bits(), "{copula:?}");
        }
    }
}

#[test]
fn prices_beyond_all_that_was_seen_are_answered_like_the_outermost() {
    for copula in copulas() {
        let guidance = guidance(copula);
        for electricity in [-1e300, -1e9, 1e9, 1e300, f64::INFINITY, f64::NEG_INFINITY] {
            let quantiles = guidance.carbon_quantiles(electricity);
            assert!(quantiles.iter().all(|price| price.is_finite()), "{copula:?} {electricity}");
            assert!(quantiles.windows(2).all(|pair| pair[0] <= pair[1]), "{copula:?} {electricity}");
            for carbon in [-1e300, 70.0, 1e300] {
                let level = guidance.conditional_distribution(electricity, carbon);
                assert!((0.0..=1.0).contains(&level), "{copula:?} {electricity} {carbon}: {level}");
            }
        }
    }
    // The outermost u-value is that of consensus.
    let guidance = clayton();
    let q = to_q32(guidance.electricity.distribution(-1e9));
    assert_eq!(q, 1);
    let v = guidance.copula.h1_inverse::<Pinned>(from_q32(q), 0.5);
    assert_eq!(guidance.carbon_quantile(-1e9, 0.5), guidance.carbon.quantile(v));
}
