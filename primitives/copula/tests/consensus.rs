//! What claims are worth: AIC rounded up, the reference, the gain and its dead zone, the bounds of D.

use gridpeg_copula::{
    evaluate, from_q32, gain, gaussian_rho, reference, spearman, Claim, ClaimError, Copula, Family, Pinned, Rotation,
    AIC_UNIT,
};
use proptest::prelude::*;

const ONE: i32 = 1 << 16;
/// 1 in units of the AIC.
const WHOLE: i64 = 1 << 20;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// In (0, 1).
    fn unit(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }
}

fn q32(u: f64) -> u32 {
    ((u * 4_294_967_296.0) as u32).max(1)
}

/// Pairs drawn from a copula.
fn drawn(copula: Copula, n: usize, seed: u64) -> Vec<(u32, u32)> {
    let mut random = Random(seed);
    let density = copula.density::<Pinned>();
    let mut pair = || {
        let (u, v) = density.sample(random.unit(), random.unit());
        (q32(u), q32(v))
    };
    (0..n).map(|_| pair()).collect()
}

fn copula(family: Family, rotation: Rotation, first: f64, second: f64) -> Copula {
    Copula::new(family, rotation, [first, second]).unwrap()
}

fn gaussian(rho: i32) -> Claim {
    Claim { family: 1, rotation: 0, parameters: [rho, 0] }
}

fn points(pairs: &[(u32, u32)]) -> impl Iterator<Item = (f64, f64)> + '_ {
    pairs.iter().map(|(u, v)| (from_q32(*u), from_q32(*v)))
}

#[test]
fn aic_is_rounded_up() {
    let kinds = [
        copula(Family::Gaussian, Rotation::R0, 0.5, 0.0),
        copula(Family::Student, Rotation::R0, -0.25, 4.5),
        copula(Family::Clayton, Rotation::R90, 1.5, 0.0),
        copula(Family::Gumbel, Rotation::R180, 1.25, 0.0),
        copula(Family::Frank, Rotation::R0, -3.0, 0.0),
        copula(Family::Joe, Rotation::R270, 2.0, 0.0),
    ];
    for (seed, source) in kinds.iter().enumerate() {
        let pairs = drawn(*source, 100, seed as u64);
        for claimed in kinds {
            let exact =
                2.0 * claimed.family.parameters() as f64 - 2.0 * claimed.log_likelihood::<Pinned>(points(&pairs));
            let aic = evaluate(&pairs, &Claim::of(&claimed)).unwrap();
            // Both sides are exact: the unit is a power of 2.
            assert!(aic as f64 * AIC_UNIT >= exact, "{source:?}, {claimed:?}");
            assert!((aic - 1) as f64 * AIC_UNIT < exact, "{source:?}, {claimed:?}");
        }
    }
}

#[test]
fn independence_is_worth_nothing_and_its_limits_cost_their_parameters() {
    let pairs = drawn(copula(Family::Gaussian, Rotation::R0, 0.7, 0.0), 50, 1);
    assert_eq!(evaluate(&pairs, &Claim::INDEPENDENCE), Ok(0));
    assert_eq!(evaluate(&pairs, &gaussian(0)), Ok(2 * WHOLE));
    assert_eq!(evaluate(&pairs, &Claim { family: 5, rotation: 0, parameters: [0, 0] }), Ok(2 * WHOLE));
    for family in [4, 6] {
        for rotation in 0..4 {
            let aic = evaluate(&pairs, &Claim { family, rotation, parameters: [ONE, 0] }).unwrap();
            assert!((aic - 2 * WHOLE).abs() <= 1, "{family} {rotation}: {aic}");
        }
    }
}

#[test]
fn the_pairs_own_copula_is_worth_most() {
    let source = copula(Family::Clayton, Rotation::R270, 2.0, 0.0);
    let pairs = drawn(source, 500, 2);
    let own = evaluate(&pairs, &Claim::of(&source)).unwrap();
    assert!(own < -150 * WHOLE, "{own}");
    for (family, rotation, parameters) in [
        (1, 0, [-40_000, 0]),
        (2, 0, [-40_000, 6 * ONE]),
        (3, 0, [2 * ONE, 0]),
        (3, 1, [2 * ONE, 0]),
        (5, 0, [-5 * ONE, 0]),
    ] {
        assert!(evaluate(&pairs, &Claim { family, rotation, parameters }).unwrap() > own, "{family} {rotation}");
    }
    assert!(gain(reference(&pairs).1, own) > 0);
}

#[test]
fn the_reference_is_the_gaussian_of_spearmans_rho() {
    for (seed, rho) in [(3, 0.6), (4, -0.8), (5, 0.95)] {
        let pairs = drawn(copula(Family::Gaussian, Rotation::R0, rho, 0.0), 200, seed);
        let (claim, aic) = reference(&pairs);
        let (x, y): (Vec<u32>, Vec<u32>) = pairs.iter().copied().unzip();
        let expected = gaussian_rho(spearman(&x, &y).unwrap());
        assert_eq!(claim, gaussian((expected * 65536.0).round() as i32));
        assert!((f64::from(claim.parameters[0]) / 65536.0 - rho).abs() < 0.15, "{claim:?}");
        assert_eq!(evaluate(&pairs, &claim), Ok(aic));
        assert!(aic < 0);
    }
}

#[test]
fn the_reference_stays_away_from_perfect_dependence() {
    let least = -(ONE - 64);
    // i/101 of 2³², so that i and 101 − i are as far from either end.
    let up: Vec<(u32, u32)> = (1..=100).map(|i| (i * 42_524_428, i * 42_524_428)).collect();
    let down: Vec<(u32, u32)> = (1..=100).map(|i| (i * 42_524_428, (101 - i) * 42_524_428)).collect();
    assert_eq!(reference(&up).0, gaussian(ONE - 64));
    assert_eq!(reference(&down).0, gaussian(least));
    assert_eq!(evaluate(&up, &reference(&up).0), Ok(reference(&up).1));
    // A claim may go on to the bound.
    assert!(evaluate(&up, &gaussian(ONE - 1)).unwrap() < reference(&up).1);
}

#[test]
fn without_dependence_the_reference_is_independence() {
    let independence = (Claim::INDEPENDENCE, 0);
    // A grid: rho_S = 0.
    let grid: Vec<(u32, u32)> =
        (1..=6).flat_map(|i| (1..=6).map(move |j| (i * 600_000_000, j * 600_000_000))).collect();
    assert_eq!(reference(&grid), independence);
    let constant: Vec<(u32, u32)> = (1..=40).map(|i| (i * 100_000_000, 1 << 31)).collect();
    assert_eq!(reference(&constant), independence);
    assert_eq!(reference(&[(7, 7); 40]), independence);
    // Too few or too many to analyse.
    let line = |n: u32| (1..=n).map(|i| (i * 4_000_000, i * 4_000_000)).collect::<Vec<_>>();
    assert_eq!(reference(&[]), independence);
    assert_eq!(reference(&line(1)), independence);
    assert_eq!(reference(&line(29)), independence);
    assert!(reference(&line(30)).1 < 0);
    assert!(reference(&line(1024)).1 < 0);
    assert_eq!(reference(&line(1025)), independence);
}

#[test]
fn pairs_that_nobody_can_claim_anything_about_have_no_reference_however_many_they_are() {
    let independence = (Claim::INDEPENDENCE, 0);
    // They would depend as strongly as can be.
    let line: Vec<(u32, u32)> = (1..=1 << 22).map(|i| (i, i)).collect();
    for count in [0, 1, 2, 29, 1025, 4_000, line.len()] {
        assert_eq!(reference(&line[..count]), independence, "{count} pairs");
    }
    for count in [30, 1024] {
        assert!(reference(&line[..count]).1 < 0, "{count} pairs");
    }
}

#[test]
fn too_few_and_too_many_pairs_are_refused() {
    let pairs = drawn(copula(Family::Frank, Rotation::R0, 4.0, 0.0), 1025, 6);
    let claim = Claim { family: 5, rotation: 0, parameters: [4 * ONE, 0] };
    assert_eq!(evaluate(&pairs, &claim), Err(ClaimError::TooManyPairs));
    assert_eq!(evaluate(&pairs[..29], &claim), Err(ClaimError::TooFewPairs));
    assert!(evaluate(&pairs[..30], &claim).is_ok());
    assert!(evaluate(&pairs[..1024], &claim).unwrap() < evaluate(&pairs[..30], &claim).unwrap());
}

#[test]
fn gain_has_a_dead_zone_of_4_and_a_grain_of_a_sixteenth() {
    let sixteenth = WHOLE / 16;
    for reference in [0, -WHOLE, -123_456_789] {
        assert_eq!(gain(reference, reference + 5 * WHOLE), 0);
        assert_eq!(gain(reference, reference), 0);
        assert_eq!(gain(reference, reference - 4 * WHOLE), 0);
        assert_eq!(gain(reference, reference - 4 * WHOLE - sixteenth + 1), 0);
        assert_eq!(gain(reference, reference - 4 * WHOLE - sixteenth), 1);
        assert_eq!(gain(reference, reference - 4 * WHOLE - 2 * sixteenth + 1), 1);
        assert_eq!(gain(reference, reference - 5 * WHOLE), 16);
        assert_eq!(gain(reference, reference - 104 * WHOLE), 1600);
    }
    assert_eq!(gain(i64::MAX, i64::MIN), u32::MAX);
    assert_eq!(gain(0, i64::MIN), u32::MAX);
    assert_eq!(gain(i64::MIN, i64::MAX), 0);
    assert_eq!(gain(i64::MIN, i64::MIN), 0);
}

#[test]
fn the_worst_claim_on_the_worst_pairs_has_an_aic() {
    let edges = [1, u32::MAX];
    for (u, v) in edges.into_iter().flat_map(|u| edges.map(|v| (u, v))) {
        let pairs = [(u, v); 1024];
        for family in Family::ALL {
            let [first, second] = family.bounds();
            for rotation in Rotation::ALL.into_iter().take(if family.rotates() { 4 } else { 1 }) {
                for parameters in [[first.0, second.0], [first.0, second.1], [first.1, second.0], [first.1, second.1]] {
                    let claim = Claim::of(&Copula { family, rotation, parameters });
                    let aic = evaluate(&pairs, &claim).unwrap();
                    // Far from where integers would saturate.
                    assert!(aic.abs() < 1 << 56, "{claim:?}: {aic}");
                }
            }
        }
    }
}

#[cfg(feature = "std")]
#[test]
fn the_best_claim_is_worth_what_it_says_and_never_less_than_the_reference() {
    use gridpeg_copula::best_claim;
    for (seed, source) in [
        copula(Family::Gaussian, Rotation::R0, 0.6, 0.0),
        copula(Family::Student, Rotation::R0, 0.4, 3.0),
        copula(Family::Clayton, Rotation::R90, 2.0, 0.0),
        copula(Family::Gumbel, Rotation::R180, 2.0, 0.0),
        copula(Family::Frank, Rotation::R0, 6.0, 0.0),
        copula(Family::Joe, Rotation::R270, 2.5, 0.0),
        Copula::INDEPENDENCE,
    ]
    .into_iter()
    .enumerate()
    {
        let pairs = drawn(source, 300, 100 + seed as u64);
        let (claim, aic) = best_claim(&pairs);
        assert_eq!(evaluate(&pairs, &claim), Ok(aic), "{source:?}");
        assert!(aic <= reference(&pairs).1, "{source:?}");
        assert!(aic <= evaluate(&pairs, &Claim::of(&source)).unwrap(), "{source:?}: {claim:?} {aic}");
    }
    // Where nothing can be fitted.
    assert_eq!(best_claim(&[]), (Claim::INDEPENDENCE, 0));
    assert_eq!(best_claim(&[(1 << 31, 1 << 31); 29]), (Claim::INDEPENDENCE, 0));
    let ties = [(1 << 30, 3 << 30); 64];
    let (claim, aic) = best_claim(&ties);
    assert_eq!(evaluate(&ties, &claim), Ok(aic));
    assert!(aic <= 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_reference_can_always_be_claimed(
        pairs in prop::collection::vec((1..=u32::MAX, 1..=u32::MAX), 30..120),
        ties in 0_u32..31,
    ) {
        let pairs: Vec<(u32, u32)> = pairs.into_iter().map(|(u, v)| ((u >> ties).max(1), (v >> ties).max(1))).collect();
        let (claim, aic) = reference(&pairs);
        prop_assert_eq!(evaluate(&pairs, &claim), Ok(aic));
        prop_assert!(aic <= 0);
        prop_assert_eq!(gain(aic, aic), 0);
        prop_assert!(claim == Claim::INDEPENDENCE || claim.family == 1);
    }

    #[test]
    fn gain_is_floored(reference in -1_i64 << 40..=0, better in 0_i64..1 << 40) {
        let exact = 16.0 * (better as f64 * AIC_UNIT - 4.0).max(0.0);
        prop_assert_eq!(f64::from(gain(reference, reference - better)), exact.floor());
    }
}
