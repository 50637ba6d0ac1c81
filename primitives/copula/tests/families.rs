//! What makes a function a copula, and its derivatives what they are called: for every family and rotation, and up to
//! the bounds of the parameters and the edges of the unit square.

use gridpeg_copula::{Copula, Density, Family, Pinned, Probability, Rotation};
use proptest::prelude::*;

/// The least u-value, 2⁻³².
const LEAST: f64 = 1.0 / 4_294_967_296.0;
/// Inner points of either axis.
const INNER: [f64; 5] = [0.1, 0.3, 0.5, 0.8, 0.95];
/// Points up to the edges.
const ALL: [f64; 8] = [LEAST, 0.05, 0.2, 0.4, 0.5, 0.6, 0.9, 1.0 - LEAST];

fn rotations(family: Family) -> impl Iterator<Item = Rotation> {
    Rotation::ALL.into_iter().take(if family.rotates() { 4 } else { 1 })
}

/// Parameters at which the functions are smooth enough for numerical derivatives.
fn moderate(family: Family) -> Vec<[f64; 2]> {
    let single = |values: &[f64]| values.iter().map(|value| [*value, 0.0]).collect();
    match family {
        Family::Independence => single(&[0.0]),
        Family::Gaussian => single(&[-0.9, -0.3, 0.0, 0.5, 0.95]),
        Family::Student => vec![[-0.7, 2.0], [0.0, 3.5], [0.6, 8.0], [0.9, 50.0]],
        Family::Clayton => single(&[1e-10, 0.25, 2.0, 6.0]),
        Family::Gumbel => single(&[1.0, 1.25, 2.0, 6.0]),
        Family::Frank => single(&[-12.0, -1.0, 0.0, 1e-6, 4.0, 12.0]),
        Family::Joe => single(&[1.0, 1.25, 2.0, 6.0]),
    }
}

/// Every parameter at either bound, and next to independence.
fn extreme(family: Family) -> Vec<[f64; 2]> {
    let [(a, b), (c, d)] = family.bounds();
    let mut found = vec![[a, c], [a, d], [b, c], [b, d]];
    match family {
        Family::Frank => found.extend([-1e-5, -1e-12, -1e-300, 0.0, 1e-300, 1e-12, 1e-5].map(|theta| [theta, 0.0])),
        Family::Gaussian => found.extend([-1e-12, 0.0, 1e-12].map(|rho| [rho, 0.0])),
        Family::Clayton => found.extend([1e-8, 1e-4].map(|theta| [theta, 0.0])),
        Family::Gumbel | Family::Joe => found.extend([1.0 + f64::EPSILON, 1.0 + 1e-6].map(|theta| [theta, 0.0])),
        Family::Independence | Family::Student => {}
    }
    found
}

/// The copulas with these parameters, in every rotation.
fn copulas(parameters: fn(Family) -> Vec<[f64; 2]>) -> Vec<Copula> {
    let mut found = Vec::new();
    for family in Family::ALL {
        for rotation in rotations(family) {
            found.extend(parameters(family).into_iter().map(|values| Copula::new(family, rotation, values).unwrap()));
        }
    }
    found
}

fn squares(points: &[f64]) -> impl Iterator<Item = (f64, f64)> + '_ {
    points.iter().flat_map(move |u| points.iter().map(move |v| (*u, *v)))
}

/// f′(x) from five points.
fn derivative(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    const STEP: f64 = 1e-4;
    let difference = 8.0 * (f(x + STEP) - f(x - STEP)) - (f(x + 2.0 * STEP) - f(x - 2.0 * STEP));
    difference / (12.0 * STEP)
}

fn density(copula: &Copula) -> Density<Pinned> {
    copula.density::<Pinned>()
}

#[test]
fn h_functions_are_the_derivatives_of_the_distribution() {
    for copula in copulas(moderate) {
        let c = density(&copula);
        for (u, v) in squares(&INNER) {
            let by_u = derivative(|x| c.distribution(x, v), u);
            let by_v = derivative(|x| c.distribution(u, x), v);
            assert!((by_u - c.h1(u, v)).abs() < 1e-8, "{copula:?} at {u}, {v}: {by_u}, {}", c.h1(u, v));
            assert!((by_v - c.h2(u, v)).abs() < 1e-8, "{copula:?} at {u}, {v}: {by_v}, {}", c.h2(u, v));
        }
    }
}

#[test]
fn the_density_is_the_derivative_of_both_h_functions() {
    for copula in copulas(moderate) {
        let c = density(&copula);
        for (u, v) in squares(&INNER) {
            let expected = c.ln(u, v).exp();
            let by_v = derivative(|x| c.h1(u, x), v);
            let by_u = derivative(|x| c.h2(x, v), u);
            assert!((by_v - expected).abs() < 1e-8 * (1.0 + expected), "{copula:?} at {u}, {v}: {by_v}, {expected}");
            assert!((by_u - expected).abs() < 1e-8 * (1.0 + expected), "{copula:?} at {u}, {v}: {by_u}, {expected}");
        }
    }
}

#[test]
fn inverses_invert_also_at_the_bounds() {
    for copula in copulas(moderate).into_iter().chain(copulas(extreme)) {
        let c = density(&copula);
        for (u, p) in squares(&ALL) {
            // The last digit of v alone moves p by this much.
            let error = |v: f64| 1e-11 + 16.0 * f64::EPSILON * c.ln(u, v).min(700.0).exp();
            let v = c.h1_inverse(u, p);
            assert!(v > 0.0 && v < 1.0, "{copula:?} at {u}, {p}: {v}");
            let edge = v <= 2.0 * Probability::MIN || v >= 1.0 - 2.0 * f64::EPSILON;
            let back = c.h1(u, v);
            assert!(edge || (back - p).abs() <= error(v), "{copula:?} at {u}, {p}: {v}, {back}");
            // The other inverse is this one of the transposed copula.
            let transposed = match copula.rotation {
                Rotation::R90 => Copula { rotation: Rotation::R270, ..copula },
                Rotation::R270 => Copula { rotation: Rotation::R90, ..copula },
                _ => copula,
            };
            assert_eq!(transposed.h2_inverse::<Pinned>(p, u), v, "{copula:?} at {u}, {p}");
        }
    }
}

#[test]
fn conditional_quantiles_rise_with_the_probability() {
    for copula in copulas(moderate).into_iter().chain(copulas(extreme)) {
        let c = density(&copula);
        for u in ALL {
            let quantiles = [0.05, 0.25, 0.5, 0.75, 0.95].map(|p| c.h1_inverse(u, p));
            assert!(quantiles.is_sorted(), "{copula:?} at {u}: {quantiles:?}");
        }
    }
}

#[test]
fn distributions_are_within_the_bounds_of_frechet_and_give_no_rectangle_less_than_nothing() {
    for copula in copulas(moderate).into_iter().chain(copulas(extreme)) {
        let c = density(&copula);
        let values = ALL.map(|u| ALL.map(|v| c.distribution(u, v)));
        for (row, u) in values.iter().zip(ALL) {
            for (value, v) in row.iter().zip(ALL) {
                let least = (u + v - 1.0).max(0.0) - 1e-15;
                assert!(least <= *value && *value <= u.min(v), "{copula:?} at {u}, {v}: {value}");
            }
        }
        for rows in values.windows(2) {
            for (low, high) in rows[0].windows(2).zip(rows[1].windows(2)) {
                let volume = (high[1] - high[0]) - (low[1] - low[0]);
                assert!(volume >= -1e-14, "{copula:?}: {volume}");
            }
        }
    }
}

#[test]
fn margins_are_uniform() {
    for copula in copulas(moderate).into_iter().chain(copulas(extreme)) {
        let c = density(&copula);
        for u in ALL {
            assert!((c.distribution(u, 1.0) - u).abs() < 1e-14, "{copula:?} at {u}");
            assert!((c.distribution(1.0, u) - u).abs() < 1e-14, "{copula:?} at {u}");
            assert!(c.distribution(u, 0.0) < 1e-15, "{copula:?} at {u}");
            assert!(c.distribution(0.0, u) < 1e-15, "{copula:?} at {u}");
        }
    }
}

#[test]
fn rotations_turn_the_unit_square() {
    // Points with exact complements.
    let points = [LEAST, 0.125, 0.25, 0.5, 0.6875, 0.9375, 1.0 - LEAST];
    for family in [Family::Clayton, Family::Gumbel, Family::Joe] {
        for parameters in moderate(family).into_iter().chain(extreme(family)) {
            let turned = |rotation| density(&Copula::new(family, rotation, parameters).unwrap());
            let [c0, c90, c180, c270] = Rotation::ALL.map(turned);
            for (u, v) in squares(&points) {
                assert_eq!(c90.ln(u, v), c0.ln(1.0 - u, v));
                assert_eq!(c180.ln(u, v), c0.ln(1.0 - u, 1.0 - v));
                assert_eq!(c270.ln(u, v), c0.ln(u, 1.0 - v));
                let close = |a: f64, b: f64| {
                    assert!((a - b).abs() < 1e-14, "{family:?} {parameters:?} at {u}, {v}: {a}, {b}");
                };
                close(c90.distribution(u, v), v - c0.distribution(1.0 - u, v));
                close(c180.distribution(u, v), u + v - 1.0 + c0.distribution(1.0 - u, 1.0 - v));
                close(c270.distribution(u, v), u - c0.distribution(u, 1.0 - v));
                close(c90.h1(u, v), c0.h1(1.0 - u, v));
                close(c180.h1(u, v), 1.0 - c0.h1(1.0 - u, 1.0 - v));
                close(c270.h1(u, v), 1.0 - c0.h1(u, 1.0 - v));
                close(c90.h2(u, v), 1.0 - c0.h2(1.0 - u, v));
                close(c180.h2(u, v), 1.0 - c0.h2(1.0 - u, 1.0 - v));
                close(c270.h2(u, v), c0.h2(u, 1.0 - v));
            }
        }
    }
}

#[test]
fn families_that_do_not_rotate_have_their_symmetries() {
    let points = [0.125, 0.25, 0.5, 0.6875, 0.9375];
    for family in [Family::Gaussian, Family::Student, Family::Frank] {
        for [first, second] in moderate(family).into_iter().chain(extreme(family)) {
            let c = density(&Copula::new(family, Rotation::R0, [first, second]).unwrap());
            let opposite = density(&Copula::new(family, Rotation::R0, [-first, second]).unwrap());
            for (u, v) in squares(&points) {
                let close = |a: f64, b: f64| {
                    let scale = 1.0 + a.abs();
                    assert!((a - b).abs() < 1e-9 * scale, "{family:?} {first} {second} at {u}, {v}: {a}, {b}");
                };
                close(c.ln(u, v), c.ln(v, u));
                close(c.ln(u, v), c.ln(1.0 - u, 1.0 - v));
                close(c.ln(u, v), opposite.ln(1.0 - u, v));
                close(c.distribution(u, v), u - opposite.distribution(u, 1.0 - v));
            }
        }
    }
}

#[test]
fn densities_are_finite_up_to_the_edges_and_beyond() {
    let outside = [f64::NEG_INFINITY, -1.0, 0.0, 1e-300, 1e-16, LEAST];
    let points: Vec<f64> = outside.into_iter().chain([1e-6, 0.5]).chain(outside.map(|x| 1.0 - x)).collect();
    for copula in copulas(extreme).into_iter().chain(copulas(moderate)) {
        let c = density(&copula);
        for (u, v) in squares(&points) {
            let value = c.ln(u, v);
            assert!(value.is_finite() && value < 64.0, "{copula:?} at {u}, {v}: {value}");
            for h in [c.h1(u, v), c.h2(u, v)] {
                assert!((0.0..=1.0).contains(&h), "{copula:?} at {u}, {v}: {h}");
            }
        }
        assert_eq!(c.ln(0.0, 2.0), c.ln(Probability::MIN, Probability::MAX));
    }
}

#[test]
fn limits_are_independence() {
    for (family, theta, error) in [
        (Family::Gaussian, 0.0, 0.0),
        (Family::Gaussian, 1e-12, 1e-10),
        (Family::Clayton, 1e-10, 1e-7),
        (Family::Gumbel, 1.0, 1e-13),
        // The upper corner feels even this.
        (Family::Gumbel, 1.0 + f64::EPSILON, 1e-6),
        (Family::Frank, 0.0, 0.0),
        (Family::Frank, 1e-300, 1e-13),
        (Family::Frank, -1e-12, 1e-11),
        (Family::Joe, 1.0, 1e-13),
    ] {
        for rotation in rotations(family) {
            let c = density(&Copula::new(family, rotation, [theta, 0.0]).unwrap());
            for (u, v) in squares(&ALL) {
                assert!(c.ln(u, v).abs() <= error, "{family:?} {theta} at {u}, {v}: {}", c.ln(u, v));
                assert!((c.distribution(u, v) - u * v).abs() <= error + 1e-14, "{family:?} {theta} at {u}, {v}");
                assert!((c.h1(u, v) - v).abs() <= error + 1e-14, "{family:?} {theta} at {u}, {v}");
                assert!((c.h1_inverse(u, v) - v).abs() <= error + 1e-14, "{family:?} {theta} at {u}, {v}");
            }
        }
    }
}

#[test]
fn a_density_is_the_copulas() {
    for copula in copulas(moderate) {
        let c = density(&copula);
        assert_eq!(copula.distribution::<Pinned>(0.3, 0.6), c.distribution(0.3, 0.6));
        assert_eq!(copula.h1::<Pinned>(0.3, 0.6), c.h1(0.3, 0.6));
        assert_eq!(copula.h2::<Pinned>(0.3, 0.6), c.h2(0.3, 0.6));
        assert_eq!(copula.h1_inverse::<Pinned>(0.3, 0.6), c.h1_inverse(0.3, 0.6));
        assert_eq!(copula.h2_inverse::<Pinned>(0.3, 0.6), c.h2_inverse(0.3, 0.6));
        assert_eq!(copula.sample::<Pinned>(0.3, 0.6), (0.3, c.h1_inverse(0.3, 0.6)));
        let pairs = [(0.3, 0.6), (0.9, 0.2), (0.5, 0.5)];
        let sum = c.ln(0.3, 0.6) + c.ln(0.9, 0.2) + c.ln(0.5, 0.5);
        assert_eq!(copula.log_likelihood::<Pinned>(pairs), sum);
        assert_eq!(copula.log_likelihood::<Pinned>([]), 0.0);
    }
}

#[test]
fn names_and_numbers() {
    for (index, family) in Family::ALL.into_iter().enumerate() {
        assert_eq!(family as usize, index);
        assert_eq!(Family::from_index(index as u8), Some(family));
        let given = family.bounds().into_iter().filter(|(low, high)| low < high).count();
        assert_eq!(given, family.parameters());
    }
    assert_eq!(Family::from_index(7), None);
    for (index, rotation) in Rotation::ALL.into_iter().enumerate() {
        assert_eq!(rotation as usize, index);
        assert_eq!(Rotation::from_index(index as u8), Some(rotation));
        assert_eq!(usize::from(rotation.degrees()), 90 * index);
    }
    assert_eq!(Rotation::from_index(4), None);
}

/// Any copula: half of the parameters near the lower bound, where most fits are.
fn any_copula() -> impl Strategy<Value = Copula> {
    let place = || prop_oneof![0.0..=1.0_f64, (0.0..=1.0_f64).prop_map(|x| x * x * x * x)];
    (0..Family::ALL.len(), 0..4_usize, place(), place()).prop_map(|(family, rotation, first, second)| {
        let family = Family::ALL[family];
        let rotation = if family.rotates() { Rotation::ALL[rotation] } else { Rotation::R0 };
        let [a, b] = family.bounds();
        let at = |(low, high): (f64, f64), place: f64| (low + (high - low) * place).clamp(low, high);
        Copula::new(family, rotation, [at(a, first), at(b, second)]).unwrap()
    })
}

/// Any u-value; a quarter of them near either edge.
fn any_u() -> impl Strategy<Value = f64> {
    prop_oneof![
        2 => 0.001..0.999_f64,
        1 => (0.0..22.0_f64).prop_map(|x| (-x).exp().clamp(LEAST, 1.0 - LEAST)),
        1 => (0.0..22.0_f64).prop_map(|x| (1.0 - (-x).exp()).clamp(LEAST, 1.0 - LEAST)),
    ]
}

proptest! {
    #[test]
    fn densities_are_finite(copula in any_copula(), u in any_u(), v in any_u()) {
        let value = density(&copula).ln(u, v);
        prop_assert!(value.is_finite() && value < 64.0, "{}", value);
    }

    #[test]
    fn exchanging_the_arguments_turns_the_rotation(copula in any_copula(), u in any_u(), v in any_u()) {
        let rotation = match copula.rotation {
            Rotation::R90 => Rotation::R270,
            Rotation::R270 => Rotation::R90,
            same => same,
        };
        let (c, transposed) = (density(&copula), density(&Copula { rotation, ..copula }));
        prop_assert!((c.ln(u, v) - transposed.ln(v, u)).abs() <= 1e-9 * (1.0 + c.ln(u, v).abs()));
        prop_assert_eq!(c.h1(u, v), transposed.h2(v, u));
        prop_assert!((c.distribution(u, v) - transposed.distribution(v, u)).abs() <= 1e-14);
    }

    #[test]
    fn h_functions_rise_and_their_inverses_invert(copula in any_copula(), u in any_u(), v in any_u(), w in any_u()) {
        let c = density(&copula);
        let (low, high) = (v.min(w), v.max(w));
        prop_assert!(c.h1(u, low) <= c.h1(u, high) + 1e-14);
        let p = v;
        let v = c.h1_inverse(u, p);
        let edge = v <= 2.0 * Probability::MIN || v >= 1.0 - 2.0 * f64::EPSILON;
        let error = 1e-10 + 16.0 * f64::EPSILON * c.ln(u, v).min(700.0).exp();
        prop_assert!(edge || (c.h1(u, v) - p).abs() <= error, "{} back to {}", v, c.h1(u, v));
    }

    #[test]
    fn rectangles_have_no_negative_volume(
        copula in any_copula(), a in any_u(), b in any_u(), x in any_u(), y in any_u(),
    ) {
        let c = density(&copula);
        let (low, high, left, right) = (a.min(b), a.max(b), x.min(y), x.max(y));
        let volume = (c.distribution(high, right) - c.distribution(low, right))
            - (c.distribution(high, left) - c.distribution(low, left));
        prop_assert!(volume >= -1e-13, "{}", volume);
        prop_assert!(volume <= (high - low).min(right - left) + 1e-13, "{}", volume);
    }

    #[test]
    fn the_sum_is_in_the_order_given(
        copula in any_copula(), pairs in prop::collection::vec((any_u(), any_u()), 0..20),
    ) {
        let c = density(&copula);
        let sum = pairs.iter().fold(0.0, |sum, (u, v)| sum + c.ln(*u, *v));
        prop_assert_eq!(copula.log_likelihood::<Pinned>(pairs), sum);
    }
}
