//! Quantiles of the margins, against values in 60 digits, and their distributions as inverses. All probabilities are
//! dyadic but one, so that they and their complements are exact.

use gridpeg_copula::{normal, Pinned, Probability, StudentT};
use proptest::prelude::*;

/// p ≤ ½ and the normal quantile.
const NORMAL: [(f64, f64); 6] = [
    (1e-16, -8.222082216130435),
    (2.3283064365386963e-10, -6.230260137989043),
    (0.0009765625, -3.0972690781987846),
    (0.0625, -1.5341205443525463),
    (0.25, -0.6744897501960817),
    (0.4999990463256836, -2.390507006295574e-6),
];

/// ν, p ≤ ½ and the quantile of Student's t.
const STUDENT: [(f64, f64, f64); 56] = [
    (2.0, 2.3283064365386963e-10, -46340.94999565719),
    (2.0, 0.0009765625, -22.594257871383014),
    (2.0, 0.01171875, -6.416587529241817),
    (2.0, 0.0625, -2.556038601690775),
    (2.0, 0.25, -0.816496580927726),
    (2.0, 0.4375, -0.1781741612749496),
    (2.0, 0.4999990463256836, -2.6973983047021247e-6),
    (2.5, 2.3283064365386963e-10, -6251.115885447397),
    (2.5, 0.0009765625, -13.955274657670998),
    (2.5, 0.01171875, -5.001257489695378),
    (2.5, 0.0625, -2.2748760673082735),
    (2.5, 0.25, -0.7850136829923011),
    (2.5, 0.4375, -0.17395941900257197),
    (2.5, 0.4999990463256836, -2.63585218672026e-6),
    (4.0, 2.3283064365386963e-10, -336.9100004435043),
    (4.0, 0.0009765625, -7.218568018972245),
    (4.0, 0.01171875, -3.5670522318486237),
    (4.0, 0.0625, -1.9356548620254177),
    (4.0, 0.25, -0.7406970841126826),
    (4.0, 0.4375, -0.16764100069663707),
    (4.0, 0.4999990463256836, -2.543131510420093e-6),
    (6.2353515625, 2.3283064365386963e-10, -64.79151508697474),
    (6.2353515625, 0.0009765625, -5.114354133441148),
    (6.2353515625, 0.01171875, -2.9827543870219255),
    (6.2353515625, 0.0625, -1.7714621396868049),
    (6.2353515625, 0.25, -0.7158544496703597),
    (6.2353515625, 0.4375, -0.1638922881651134),
    (6.2353515625, 0.4999990463256836, -2.4878839207104993e-6),
    (12.3125, 2.3283064365386963e-10, -17.464004854484962),
    (12.3125, 0.0009765625, -3.9166603358786105),
    (12.3125, 0.01171875, -2.585672101807648),
    (12.3125, 0.0625, -1.6461609883199146),
    (12.3125, 0.25, -0.6949365660078994),
    (12.3125, 0.4375, -0.16061735097975358),
    (12.3125, 0.4999990463256836, -2.4394873113225615e-6),
    (30.0, 2.3283064365386963e-10, -9.030150736270972),
    (30.0, 0.0009765625, -3.3942080827166015),
    (30.0, 0.01171875, -2.388015673239165),
    (30.0, 0.0625, -1.5782321882106298),
    (30.0, 0.25, -0.6827556933212926),
    (30.0, 0.4375, -0.1586600137792415),
    (30.0, 0.4999990463256836, -2.4105074177988895e-6),
    (50.0, 2.3283064365386963e-10, -7.7115607599237),
    (50.0, 0.0009765625, -3.2695761718992307),
    (50.0, 0.01171875, -2.3378487667107883),
    (50.0, 0.0625, -1.560286479361536),
    (50.0, 0.25, -0.679428200326346),
    (50.0, 0.4375, -0.15811888252596684),
    (50.0, 0.4999990463256836, -2.402488672083486e-6),
    (51.0, 2.3283064365386963e-10, -7.67728041146411),
    (51.0, 0.0009765625, -3.266033003116349),
    (51.0, 0.01171875, -2.3364032115078555),
    (51.0, 0.0625, -1.5597648143995624),
    (51.0, 0.25, -0.6793307584628462),
    (51.0, 0.4375, -0.15810299451093018),
    (51.0, 0.4999990463256836, -2.402253191673265e-6),
];

fn assert_close(what: &str, found: f64, expected: f64, relative: f64) {
    assert!((found - expected).abs() <= relative * expected.abs(), "{what}: {found}, expected {expected}");
}

#[test]
fn normal_quantiles() {
    for (p, expected) in NORMAL {
        assert_close(&format!("at {p}"), normal::quantile::<Pinned>(p), expected, 1e-15);
        let upper = Probability { p: 1.0 - p, q: p };
        assert_eq!(normal::quantile_of::<Pinned>(upper), -normal::quantile::<Pinned>(p));
        let back = normal::distribution::<Pinned>(expected);
        assert_close(&format!("distribution at {expected}"), back.p, p, 1e-13);
        assert_close(&format!("complement at {expected}"), back.q, 1.0 - p, 1e-15);
    }
    assert_eq!(normal::quantile::<Pinned>(0.5), 0.0);
    assert_eq!(normal::cdf::<Pinned>(0.0), 0.5);
    assert_close("density", normal::pdf::<Pinned>(1.0), 0.24197072451914337, 1e-15);
}

#[test]
fn student_quantiles() {
    for (nu, p, expected) in STUDENT {
        let t = StudentT::new::<Pinned>(nu);
        assert_eq!(t.nu(), nu);
        assert_close(&format!("nu {nu} at {p}"), t.quantile::<Pinned>(p), expected, 1e-13);
        let upper = Probability { p: 1.0 - p, q: p };
        assert_eq!(t.quantile_of::<Pinned>(upper), -t.quantile::<Pinned>(p));
        assert_eq!(t.quantile::<Pinned>(0.5), 0.0);
        let back = t.distribution::<Pinned>(expected);
        assert_close(&format!("nu {nu}, distribution at {expected}"), back.p, p, 1e-13);
        assert_close(&format!("nu {nu}, complement at {expected}"), back.q, 1.0 - p, 1e-14);
        assert_eq!(t.distribution::<Pinned>(-expected), back.complement());
    }
}

#[cfg(feature = "std")]
#[test]
fn the_fast_arithmetic_agrees() {
    use gridpeg_copula::Native;
    for (nu, p, expected) in STUDENT {
        assert_close(&format!("nu {nu} at {p}"), StudentT::new::<Native>(nu).quantile::<Native>(p), expected, 1e-13);
    }
    for (p, expected) in NORMAL {
        assert_close(&format!("at {p}"), normal::quantile::<Native>(p), expected, 1e-15);
    }
}

#[test]
fn two_degrees_of_freedom_have_a_closed_form() {
    let t = StudentT::new::<Pinned>(2.0);
    for i in 1..1024 {
        let p = f64::from(i) / 1024.0;
        let expected = (2.0 * p - 1.0) / (2.0 * p * (1.0 - p)).sqrt();
        assert_close(&format!("at {p}"), t.quantile::<Pinned>(p), expected, 1e-14);
    }
}

#[test]
fn probabilities_from_outside_are_clamped() {
    let t = StudentT::new::<Pinned>(3.0);
    for (outside, inside) in [(0.0, 1e-16), (-1.0, 1e-16), (f64::NEG_INFINITY, 1e-16), (1.0, Probability::MAX)] {
        assert_eq!(t.quantile::<Pinned>(outside), t.quantile::<Pinned>(inside));
        assert_eq!(normal::quantile::<Pinned>(outside), normal::quantile::<Pinned>(inside));
    }
    assert!(t.quantile::<Pinned>(f64::NAN).is_nan());
    let far = t.distribution::<Pinned>(f64::INFINITY);
    assert_eq!((far.p, far.q), (1.0, 0.0));
    assert_eq!(t.cdf::<Pinned>(f64::NEG_INFINITY), 0.0);
    assert_eq!(t.cdf::<Pinned>(1e200), 1.0);
}

proptest! {
    #[test]
    fn student_quantiles_invert_and_rise(nu in 2.0..=51.0_f64, exponent in 1.0..53.0_f64, other in 1.0..53.0_f64) {
        let t = StudentT::new::<Pinned>(nu);
        let (p, q) = ((-exponent).exp2(), (-other).exp2());
        let x = t.quantile::<Pinned>(p);
        // A relative error of x of 1e-13 is one of the tail of ν times as much, at the most.
        prop_assert!((t.cdf::<Pinned>(x) - p).abs() <= 1e-11 * p, "{} back to {}", x, t.cdf::<Pinned>(x));
        prop_assert!(p <= q || x >= t.quantile::<Pinned>(q));
    }

    #[test]
    fn student_tails_are_between_normal_and_two_degrees(nu in 2.0..=50.0_f64, p in 1e-9..0.4999_f64) {
        let x = StudentT::new::<Pinned>(nu).quantile::<Pinned>(p);
        prop_assert!(x <= normal::quantile::<Pinned>(p));
        prop_assert!(x >= StudentT::new::<Pinned>(2.0).quantile::<Pinned>(p) * (1.0 + 1e-13));
    }

    #[test]
    fn the_density_is_the_distributions_slope(nu in 2.0..=51.0_f64, x in -6.0..6.0_f64) {
        let t = StudentT::new::<Pinned>(nu);
        let step = 1e-4;
        let inner = t.cdf::<Pinned>(x + step) - t.cdf::<Pinned>(x - step);
        let outer = t.cdf::<Pinned>(x + 2.0 * step) - t.cdf::<Pinned>(x - 2.0 * step);
        let slope = (8.0 * inner - outer) / (12.0 * step);
        prop_assert!((slope - t.pdf::<Pinned>(x)).abs() < 1e-9, "{} at {}", slope, x);
    }
}
