//! Kernel marginals against the formulas written out, and against their own derivatives and inverses.

mod sampling;

use gridpeg_copula::{from_q32, to_q32, u_values, Marginal, MarginalError};
use sampling::Random;

/// Two clusters and outliers, negative values among them.
fn prices(n: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    let mut price = |i: usize| match i % 7 {
        0 => 40.0 + 15.0 * random.normal(),
        1 | 2 => -20.0 + 2.0 * random.normal(),
        _ => 5.0 + 6.0 * random.normal(),
    };
    (0..n).map(&mut price).collect()
}

/// Eq. 4 with the Epanechnikov kernel, every value taken.
fn naive_density(sample: &[f64], h: f64, x: f64) -> f64 {
    let kernel = |t: f64| if t.abs() < 1.0 { 0.75 * (1.0 - t * t) } else { 0.0 };
    sample.iter().map(|value| kernel((x - value) / h)).sum::<f64>() / (sample.len() as f64 * h)
}

/// The kernel's integral, every value taken.
fn naive_distribution(sample: &[f64], h: f64, x: f64) -> f64 {
    let integral = |t: f64| {
        let t = t.clamp(-1.0, 1.0);
        0.25 * (2.0 + 3.0 * t - t * t * t)
    };
    sample.iter().map(|value| integral((x - value) / h)).sum::<f64>() / sample.len() as f64
}

/// The bandwidth's rule with other means: powf, a sorted copy, quartiles by fractional index.
fn naive_bandwidth(sample: &[f64]) -> f64 {
    let n = sample.len() as f64;
    let mean = sample.iter().sum::<f64>() / n;
    let deviation = (sample.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    let quartile = |p: f64| {
        let position = p * (n - 1.0);
        let (low, high) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
        low + position.fract() * (high - low)
    };
    let range = (quartile(0.75) - quartile(0.25)) / 1.349;
    let spread = if range == 0.0 { deviation } else { deviation.min(range) };
    2.2138 * 0.9 * spread * n.powf(-0.2)
}

/// From beyond one end of the support to beyond the other.
fn points(sample: &[f64], h: f64, count: u32) -> Vec<f64> {
    let low = sample.iter().copied().fold(f64::INFINITY, f64::min) - 1.5 * h;
    let high = sample.iter().copied().fold(f64::NEG_INFINITY, f64::max) + 1.5 * h;
    (0..=count).map(|i| low + (high - low) * f64::from(i) / f64::from(count)).collect()
}

#[test]
fn bandwidth_is_silvermans_rule() {
    for n in [2, 3, 4, 5, 30, 101, 512, 1_024] {
        let sample = prices(n, n as u64);
        let h = Marginal::new(&sample, 1e-12).unwrap().bandwidth();
        assert!((h / naive_bandwidth(&sample) - 1.0).abs() < 1e-13, "{n}: {h}");
        assert_eq!(Marginal::new(&sample, 1e6).unwrap().bandwidth(), 1e6);
    }
    // No interquartile range: the standard deviation alone.
    let flat = [1.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 9.0];
    let h = Marginal::new(&flat, 1e-12).unwrap().bandwidth();
    assert!((h / naive_bandwidth(&flat) - 1.0).abs() < 1e-13);
}

#[test]
fn density_and_distribution_are_the_formulas() {
    for n in [1, 2, 30, 333] {
        let mut sample = prices(n, 5);
        // Ties.
        let copies: Vec<f64> = sample.iter().copied().step_by(3).collect();
        sample.extend(copies);
        for least in [0.01, 4.0, 1_000.0] {
            let marginal = Marginal::new(&sample, least).unwrap();
            let h = marginal.bandwidth();
            for x in points(&sample, h, 500).into_iter().chain(sample.iter().copied()) {
                let (f, naive) = (marginal.density(x), naive_density(&sample, h, x));
                assert!((f - naive).abs() <= 1e-12 / h, "{n} {least} {x}: {f} {naive}");
                let (f, naive) = (marginal.distribution(x), naive_distribution(&sample, h, x));
                assert!((f - naive).abs() < 1e-13, "{n} {least} {x}: {f} {naive}");
            }
        }
    }
}

#[test]
fn the_distribution_is_the_densitys_integral() {
    for n in [1, 7, 200] {
        let sample = prices(n, 11);
        let marginal = Marginal::new(&sample, 0.5).unwrap();
        // Simpson's rule on every interval; the density is a polynomial but for its kinks.
        let points = points(&sample, marginal.bandwidth(), 20_000);
        let mut integral = 0.0;
        for pair in points.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let sum = marginal.density(a) + 4.0 * marginal.density(0.5 * (a + b)) + marginal.density(b);
            integral += (b - a) * sum / 6.0;
            let difference = integral - marginal.distribution(b);
            assert!(difference.abs() < 1e-6, "{n} {b}: {difference:e}");
        }
        assert!((integral - 1.0).abs() < 1e-7, "{n}: {integral}");
    }
}

#[test]
fn the_distribution_rises_from_0_to_1() {
    let sample = prices(300, 3);
    let marginal = Marginal::new(&sample, 0.5).unwrap();
    let values: Vec<f64> =
        points(&sample, marginal.bandwidth(), 5_000).into_iter().map(|x| marginal.distribution(x)).collect();
    // Rounding may take back what the flattest parts rise.
    assert!(values.windows(2).all(|pair| pair[1] >= pair[0] - 1e-14));
    assert_eq!((values[0], values[5_000]), (0.0, 1.0));
    assert_eq!((marginal.distribution(f64::NEG_INFINITY), marginal.distribution(f64::INFINITY)), (0.0, 1.0));
}

#[test]
fn the_quantile_inverts_the_distribution_and_is_monotone() {
    for n in [1, 2, 30, 512] {
        let sample = prices(n, 17);
        let marginal = Marginal::new(&sample, 0.25).unwrap();
        let levels: Vec<f64> = (1..2_000).map(|i| f64::from(i) / 2_000.0).chain([1e-9, 1.0 - 1e-9]).collect();
        for p in &levels {
            let x = marginal.quantile(*p);
            assert!((marginal.distribution(x) - p).abs() < 1e-12, "{n} {p}");
        }
        let mut ascending = levels.clone();
        // Levels that differ in the last bits.
        ascending.extend(levels.iter().map(|p| p * (1.0 + f64::EPSILON)));
        ascending.sort_by(f64::total_cmp);
        let quantiles: Vec<f64> = ascending.into_iter().map(|p| marginal.quantile(p)).collect();
        assert!(quantiles.windows(2).all(|pair| pair[0] <= pair[1]), "{n}");
        // Where the distribution rises, it is inverted the other way round as well.
        let x = sample[0];
        let back = marginal.quantile(marginal.distribution(x));
        assert!((back - x).abs() < 1e-9, "{n}: {back} {x}");
    }
}

#[test]
fn a_level_that_holds_over_a_gap_has_its_left_end_as_quantile() {
    // Seven eighths close together, the others far away: the distribution is 7/8 in between.
    let sample: Vec<f64> = (0..80).map(|i| if i < 70 { 1e-3 * f64::from(i) } else { 100.0 + f64::from(i) }).collect();
    let marginal = Marginal::new(&sample, 1e-3).unwrap();
    let end = 0.069 + marginal.bandwidth();
    assert!(end < 1.0, "{end}");
    assert_eq!((marginal.distribution(1.0), marginal.distribution(99.0)), (0.875, 0.875));
    let x = marginal.quantile(0.875);
    assert!(x > 0.069 && x < end + 1e-9, "{x} {end}");
    assert!(marginal.quantile(0.876) > 99.0);
}

#[test]
fn out_of_range_levels_give_the_ends_of_the_support() {
    let sample = prices(50, 2);
    let marginal = Marginal::new(&sample, 0.5).unwrap();
    let low = sample.iter().copied().fold(f64::INFINITY, f64::min) - marginal.bandwidth();
    let high = sample.iter().copied().fold(f64::NEG_INFINITY, f64::max) + marginal.bandwidth();
    for (p, end) in [(0.0, low), (-1.0, low), (f64::NAN, low), (1.0, high), (2.0, high)] {
        assert!((marginal.quantile(p) - end).abs() < 1e-4, "{p}");
    }
}

#[test]
fn u_values_are_the_distribution_in_the_samples_order() {
    for n in [1, 2, 29, 512, 1_024] {
        let mut sample = prices(n, 23);
        // Prices are integers of some unit: some are equal.
        for price in &mut sample {
            *price = price.round();
        }
        let marginal = Marginal::new(&sample, 1.0).unwrap();
        let values = u_values(&sample, 1.0).unwrap();
        assert_eq!(values.len(), n);
        for (x, u) in sample.iter().zip(&values) {
            assert_eq!(*u, to_q32(marginal.distribution(*x)));
            let naive = naive_distribution(&sample, marginal.bandwidth(), *x);
            assert!((from_q32(*u) - naive).abs() < 1.0 / 4_294_967_296.0 + 1e-13, "{n} {x}");
        }
        for (x, u) in sample.iter().zip(&values) {
            for (y, v) in sample.iter().zip(&values) {
                // Equal prices are equal; a greater one is at most a rounding below.
                assert!(if x == y { u == v } else { x > y || *u <= v.saturating_add(1) });
            }
        }
        // The order of the sample changes nothing.
        let mut reversed = sample.clone();
        reversed.reverse();
        let mut values_reversed = u_values(&reversed, 1.0).unwrap();
        values_reversed.reverse();
        assert_eq!(values_reversed, values);
    }
}

#[test]
fn equal_prices_are_all_in_the_middle() {
    for price in [0.0, -3.5, 1e18] {
        for n in [1, 2, 500] {
            assert_eq!(u_values(&vec![price; n], 1.0).unwrap(), vec![1 << 31; n]);
        }
    }
    // Zero has two signs and is one price.
    let values = u_values(&[0.0, -0.0, 1.0, -1.0], 0.1).unwrap();
    assert_eq!(values[0], values[1]);
}

#[test]
fn prices_of_any_size_have_u_values() {
    let small = u_values(&[1.0, 2.0, 3.0], 1e-300).unwrap();
    for scale in [1e-100, 1e-6, 1e12, 1e100] {
        let sample = [scale, 2.0 * scale, 3.0 * scale];
        let values = u_values(&sample, 1e-300).unwrap();
        for (a, b) in values.iter().zip(&small) {
            assert!(a.abs_diff(*b) <= 1, "{scale}");
        }
    }
}

#[test]
fn what_is_no_sample_is_refused() {
    assert_eq!(Marginal::new(&[], 1.0), Err(MarginalError::Empty));
    assert_eq!(u_values(&[], 1.0), Err(MarginalError::Empty));
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(Marginal::new(&[1.0, value], 1.0), Err(MarginalError::NotFinite));
        assert_eq!(Marginal::new(&[1.0, 2.0], value), Err(MarginalError::NotFinite));
    }
    for least in [0.0, -1.0, 1e-320] {
        assert_eq!(Marginal::new(&[1.0, 1.0], least), Err(MarginalError::NotFinite));
    }
    assert_eq!(Marginal::new(&[-f64::MAX, f64::MAX, 0.0], 1.0), Err(MarginalError::NotFinite));
}

#[test]
fn q32_has_no_ends() {
    assert_eq!([to_q32(0.0), to_q32(-1.0), to_q32(f64::NAN), to_q32(1e-12)], [1; 4]);
    assert_eq!([to_q32(1.0), to_q32(7.0), to_q32(f64::INFINITY), to_q32(1.0 - 1e-16)], [u32::MAX; 4]);
    assert_eq!((to_q32(0.5), from_q32(1 << 31)), (1 << 31, 0.5));
    for q in [1, 2, 12_345, 1 << 31, u32::MAX - 1, u32::MAX] {
        assert_eq!(to_q32(from_q32(q)), q);
        // Rounded down.
        assert_eq!(to_q32(from_q32(q) + 0.9 / 4_294_967_296.0), q);
    }
}
