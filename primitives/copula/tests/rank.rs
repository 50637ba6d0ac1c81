//! Ranks and correlations against reference values, and against counting with two loops.

mod sampling;

use gridpeg_copula::{gaussian_rho, kendall, pearson, pseudo_observations, ranks, spearman};
use proptest::prelude::*;
use sampling::{pairs, reference, Random};

/// Two values that are the same for the purpose of a test, both or neither being absent.
fn close(a: Option<f64>, b: Option<f64>, tolerance: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= tolerance,
        (a, b) => a.is_none() && b.is_none(),
    }
}

fn naive_ranks(x: &[i32]) -> Vec<f64> {
    let rank = |value: &i32| {
        let below = x.iter().filter(|other| *other < value).count() as f64;
        let equal = x.iter().filter(|other| *other == value).count() as f64;
        below + (equal + 1.0) / 2.0
    };
    x.iter().map(rank).collect()
}

fn naive_kendall(x: &[i32], y: &[i32]) -> Option<f64> {
    let (mut score, mut untied_x, mut untied_y) = (0i64, 0i64, 0i64);
    for i in 0..x.len() {
        for j in 0..i {
            let (dx, dy) = ((x[i] - x[j]).signum(), (y[i] - y[j]).signum());
            score += i64::from(dx * dy);
            untied_x += i64::from(dx != 0);
            untied_y += i64::from(dy != 0);
        }
    }
    (untied_x > 0 && untied_y > 0).then(|| score as f64 / (untied_x as f64 * untied_y as f64).sqrt())
}

fn naive_pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    let n = x.len() as f64;
    let mean = |x: &[f64]| x.iter().sum::<f64>() / n;
    let (mx, my) = (mean(x), mean(y));
    let covariance =
        |x: &[f64], mx: f64, y: &[f64], my: f64| -> f64 { x.iter().zip(y).map(|(a, b)| (a - mx) * (b - my)).sum() };
    let scale = covariance(x, mx, x, mx) * covariance(y, my, y, my);
    (scale > 0.0).then(|| covariance(x, mx, y, my) / scale.sqrt())
}

#[test]
fn correlations_match_the_reference() {
    let reference = reference();
    for (name, set) in reference["sets"].as_object().unwrap() {
        let (u, v): (Vec<f64>, Vec<f64>) = pairs(set["csv"].as_str().unwrap()).into_iter().unzip();
        let expected = |key: &str| set[key].as_f64();
        let rho = spearman(&u, &v);
        assert!(close(kendall(&u, &v), expected("kendall_tau"), 1e-12), "{name}");
        assert!(close(rho, expected("spearman_rho"), 1e-12), "{name}");
        assert!(close(rho.map(gaussian_rho), expected("gaussian_rho_from_spearman"), 1e-12), "{name}");
        // Pseudo-observations of pseudo-observations are the same again.
        assert!(pseudo_observations(&u).iter().zip(&u).all(|(a, b)| (a - b).abs() < 1e-15), "{name}");
    }
}

#[test]
fn equal_values_share_the_average_rank() {
    assert_eq!(ranks(&[3, 1, 2, 3, 3, 1]), [5.0, 1.5, 3.0, 5.0, 5.0, 1.5]);
    assert_eq!(ranks(&[0.0, -0.0, 1.0]), [1.5, 1.5, 3.0]);
    assert!(ranks::<u32>(&[]).is_empty());
    assert_eq!(pseudo_observations(&[7.0, -7.0, 0.5]), [0.75, 0.25, 0.5]);
}

#[test]
fn what_is_no_number_ranks_last() {
    let nan = f64::NAN;
    assert_eq!(ranks(&[nan, 1.0, f64::INFINITY, nan, 0.0]), [4.5, 2.0, 3.0, 4.5, 1.0]);
    // Many of them, so that a sort that relied on an order would notice.
    let mut random = Random::new(1);
    let mixed: Vec<f64> = (0..1_000).map(|_| if random.below(3) == 0 { nan } else { random.normal() }).collect();
    let ranks = ranks(&mixed);
    assert_eq!(ranks.iter().sum::<f64>(), 500_500.0);
    assert_eq!(pearson(&[1.0, nan, 2.0], &[1.0, 2.0, 3.0]), None);
    assert_eq!(pearson(&[1.0, f64::INFINITY, 2.0], &[1.0, 2.0, 3.0]), None);
}

#[test]
fn without_two_different_values_there_is_no_correlation() {
    let rising: Vec<f64> = (0..5).map(f64::from).collect();
    // 0.1 is not a binary fraction: the mean of equal values need not be one of them.
    let constant = [0.1; 5];
    for correlation in [pearson, spearman::<f64>, kendall::<f64>] {
        assert_eq!(correlation(&rising, &constant), None);
        assert_eq!(correlation(&constant, &rising), None);
        assert_eq!(correlation(&constant, &constant), None);
        assert_eq!(correlation(&[], &[]), None);
        assert_eq!(correlation(&[1.0], &[2.0]), None);
        assert_eq!(correlation(&rising, &rising[1..]), None);
        assert!(close(correlation(&[1.0, 2.0], &[5.0, 4.0]), Some(-1.0), 1e-15));
        assert!(close(correlation(&rising, &rising), Some(1.0), 1e-15));
    }
}

#[test]
fn gaussian_rho_is_equation_8_solved() {
    assert!((gaussian_rho(1.0) - 1.0).abs() < 1e-15);
    assert!((gaussian_rho(-1.0) + 1.0).abs() < 1e-15);
    assert_eq!(gaussian_rho(0.0), 0.0);
    for i in -10..=10 {
        let spearman = f64::from(i) / 10.0;
        let back = 6.0 / std::f64::consts::PI * (gaussian_rho(spearman) / 2.0).asin();
        assert!((back - spearman).abs() < 1e-14);
    }
}

#[test]
fn large_samples_agree_with_counting() {
    let mut random = Random::new(7);
    for values in [3, 50, 1_000_000] {
        let x: Vec<i32> = (0..1_500).map(|_| random.below(values) as i32).collect();
        let y: Vec<i32> = x.iter().map(|x| (x / 2) + random.below(values) as i32).collect();
        assert!(close(kendall(&x, &y), naive_kendall(&x, &y), 1e-12), "{values}");
        assert!(close(spearman(&x, &y), naive_pearson(&naive_ranks(&x), &naive_ranks(&y)), 1e-12), "{values}");
    }
}

proptest! {
    #[test]
    fn ties_agree_with_counting(pairs in prop::collection::vec((0i32..6, -3i32..4), 0..60)) {
        let (x, y): (Vec<i32>, Vec<i32>) = pairs.into_iter().unzip();
        prop_assert_eq!(ranks(&x), naive_ranks(&x));
        if x.len() >= 2 {
            prop_assert!(close(kendall(&x, &y), naive_kendall(&x, &y), 1e-12));
            prop_assert!(close(spearman(&x, &y), naive_pearson(&naive_ranks(&x), &naive_ranks(&y)), 1e-12));
        }
    }
}
