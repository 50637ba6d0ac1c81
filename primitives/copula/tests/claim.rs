//! Claims: one encoding per copula, and nothing else is taken for one.

use codec::{DecodeAll, Encode, MaxEncodedLen};
use gridpeg_copula::{evaluate, Claim, ClaimError, Copula, Family, ParameterError, Rotation};
use proptest::prelude::*;

const ONE: i32 = 1 << 16;

fn claim(family: Family, rotation: u8, parameters: [i32; 2]) -> Claim {
    Claim { family: family as u8, rotation, parameters }
}

/// Every family with every rotation that it has.
fn kinds() -> Vec<(Family, Rotation)> {
    let rotations = |family: Family| Rotation::ALL.into_iter().take(if family.rotates() { 4 } else { 1 });
    Family::ALL.into_iter().flat_map(|family| rotations(family).map(move |rotation| (family, rotation))).collect()
}

/// Least and greatest Q16.16 of each parameter.
fn range(family: Family) -> [(i32, i32); 2] {
    family.bounds().map(|(low, high)| ((low * 65536.0).ceil() as i32, (high * 65536.0).floor() as i32))
}

/// A claim with each parameter at its place between its bounds.
fn placed(kind: usize, places: [f64; 2]) -> Claim {
    let kinds = kinds();
    let (family, rotation) = kinds[kind % kinds.len()];
    let mut parameters = [0; 2];
    for ((parameter, (low, high)), place) in parameters.iter_mut().zip(range(family)).zip(places) {
        *parameter = low + (f64::from(high - low) * place).round() as i32;
    }
    claim(family, rotation as u8, parameters)
}

#[test]
fn there_are_sixteen_kinds() {
    assert_eq!(kinds().len(), 16);
}

#[test]
fn bounds_are_the_stated_ones() {
    assert_eq!(range(Family::Independence), [(0, 0), (0, 0)]);
    assert_eq!(range(Family::Gaussian), [(1 - ONE, ONE - 1), (0, 0)]);
    assert_eq!(range(Family::Student), [(1 - ONE, ONE - 1), (2 * ONE, 50 * ONE)]);
    assert_eq!(range(Family::Clayton), [(1, 28 * ONE), (0, 0)]);
    assert_eq!(range(Family::Gumbel), [(ONE, 50 * ONE), (0, 0)]);
    assert_eq!(range(Family::Frank), [(-35 * ONE, 35 * ONE), (0, 0)]);
    assert_eq!(range(Family::Joe), [(ONE, 30 * ONE), (0, 0)]);
}

#[test]
fn claims_at_the_bounds_come_back_and_those_beyond_are_refused() {
    for (family, rotation) in kinds() {
        let rotation = rotation as u8;
        let [first, second] = range(family);
        for parameters in [[first.0, second.0], [first.0, second.1], [first.1, second.0], [first.1, second.1]] {
            let good = claim(family, rotation, parameters);
            assert_eq!(Claim::of(&good.copula().unwrap()), good);
        }
        let inside = [first.0, second.0];
        for beyond in [
            [first.0 - 1, inside[1]],
            [first.1 + 1, inside[1]],
            [inside[0], second.0 - 1],
            [inside[0], second.1 + 1],
            [i32::MIN, inside[1]],
            [i32::MAX, inside[1]],
            [inside[0], i32::MIN],
            [inside[0], i32::MAX],
        ] {
            assert_eq!(claim(family, rotation, beyond).copula(), Err(ClaimError::Parameters), "{family:?} {beyond:?}");
        }
    }
}

#[test]
fn every_claim_error_has_its_cause() {
    let pairs = |n: u32| (1..=n).map(|i| (i * 4_000_000, i * 4_000_000)).collect::<Vec<_>>();
    let enough = pairs(30);
    let worth = |claim: Claim| evaluate(&enough, &claim);
    assert_eq!(worth(Claim { family: 7, ..Claim::INDEPENDENCE }), Err(ClaimError::Family));
    assert_eq!(worth(Claim { family: u8::MAX, ..Claim::INDEPENDENCE }), Err(ClaimError::Family));
    assert_eq!(worth(claim(Family::Clayton, 4, [ONE, 0])), Err(ClaimError::Rotation));
    // A rotation of what does not rotate would be a second encoding.
    for (family, parameters) in [
        (Family::Independence, [0, 0]),
        (Family::Gaussian, [ONE / 2, 0]),
        (Family::Student, [ONE / 2, 4 * ONE]),
        (Family::Frank, [ONE, 0]),
    ] {
        for rotation in 1..=3 {
            assert_eq!(worth(claim(family, rotation, parameters)), Err(ClaimError::Rotation), "{family:?}");
        }
    }
    // So would a parameter that the family has not.
    assert_eq!(worth(claim(Family::Independence, 0, [1, 0])), Err(ClaimError::Parameters));
    assert_eq!(worth(claim(Family::Independence, 0, [0, 1])), Err(ClaimError::Parameters));
    assert_eq!(worth(claim(Family::Gaussian, 0, [ONE / 2, 1])), Err(ClaimError::Parameters));
    assert_eq!(worth(claim(Family::Joe, 1, [2 * ONE, -1])), Err(ClaimError::Parameters));
    assert_eq!(evaluate(&pairs(29), &Claim::INDEPENDENCE), Err(ClaimError::TooFewPairs));
    assert_eq!(evaluate(&[], &Claim::INDEPENDENCE), Err(ClaimError::TooFewPairs));
    assert_eq!(evaluate(&pairs(1025), &Claim::INDEPENDENCE), Err(ClaimError::TooManyPairs));
    assert_eq!(evaluate(&pairs(1024), &Claim::INDEPENDENCE), Ok(0));
    // No claim on any pairs is known to get there; its message must exist all the same.
    assert_eq!(ClaimError::NotFinite.to_string(), "the claim's log-likelihood is not finite");
}

#[test]
fn errors_say_different_things() {
    let errors = [
        ClaimError::Family,
        ClaimError::Rotation,
        ClaimError::Parameters,
        ClaimError::TooFewPairs,
        ClaimError::TooManyPairs,
        ClaimError::NotFinite,
    ];
    let messages: std::collections::BTreeSet<_> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(messages.len(), errors.len());
    assert_eq!(ClaimError::from(ParameterError::Rotation), ClaimError::Rotation);
    assert_eq!(ClaimError::from(ParameterError::Parameters), ClaimError::Parameters);
}

#[test]
fn any_copula_has_a_valid_claim() {
    // Rounded to the nearest, halves away from 0.
    let of = |family, first, second| {
        Claim::of(&Copula { family, rotation: Rotation::R0, parameters: [first, second] }).parameters
    };
    let step = 1.0 / 65536.0;
    assert_eq!(of(Family::Gaussian, 0.5 + 0.4 * step, 0.0), [ONE / 2, 0]);
    assert_eq!(of(Family::Gaussian, 0.5 + 0.6 * step, 0.0), [ONE / 2 + 1, 0]);
    assert_eq!(of(Family::Gaussian, -0.5 - 0.6 * step, 0.0), [-ONE / 2 - 1, 0]);
    assert_eq!(of(Family::Frank, 0.5 * step, 0.0), [1, 0]);
    assert_eq!(of(Family::Frank, -0.5 * step, 0.0), [-1, 0]);
    // Clamped.
    assert_eq!(of(Family::Gaussian, 1.0, 0.0), [ONE - 1, 0]);
    assert_eq!(of(Family::Gaussian, -1.0, 0.0), [1 - ONE, 0]);
    assert_eq!(of(Family::Clayton, 1e-10, 0.0), [1, 0]);
    assert_eq!(of(Family::Gumbel, 0.0, 0.0), [ONE, 0]);
    assert_eq!(of(Family::Student, 0.25, 1e300), [ONE / 4, 50 * ONE]);
    // What the family has not is left out, and what is no number does not get through.
    assert_eq!(of(Family::Joe, 2.0, 3.0), [2 * ONE, 0]);
    for (family, rotation) in kinds() {
        let claim = Claim::of(&Copula { family, rotation, parameters: [f64::NAN, f64::INFINITY] });
        assert!(claim.copula().is_ok(), "{claim:?}");
    }
    let turned = Copula { family: Family::Frank, rotation: Rotation::R180, parameters: [2.0, 0.0] };
    assert_eq!(Claim::of(&turned), claim(Family::Frank, 0, [2 * ONE, 0]));
}

#[test]
fn copulas_out_of_bounds_are_no_copulas() {
    let new = |family, rotation, first, second| Copula::new(family, rotation, [first, second]);
    assert_eq!(new(Family::Gaussian, Rotation::R90, 0.5, 0.0), Err(ParameterError::Rotation));
    assert_eq!(new(Family::Gaussian, Rotation::R0, 1.0, 0.0), Err(ParameterError::Parameters));
    assert_eq!(new(Family::Gaussian, Rotation::R0, f64::NAN, 0.0), Err(ParameterError::Parameters));
    assert_eq!(new(Family::Gaussian, Rotation::R0, 0.5, 1.0), Err(ParameterError::Parameters));
    assert_eq!(new(Family::Student, Rotation::R0, 0.5, 1.9), Err(ParameterError::Parameters));
    assert_eq!(new(Family::Clayton, Rotation::R270, 0.0, 0.0), Err(ParameterError::Parameters));
    assert!(new(Family::Clayton, Rotation::R270, 1e-10, 0.0).is_ok());
    assert_eq!(new(Family::Independence, Rotation::R0, 0.0, 0.0), Ok(Copula::INDEPENDENCE));
}

#[test]
fn the_encoding_is_the_headers() {
    let claim = claim(Family::Clayton, 3, [ONE + 2, 0]);
    assert_eq!(claim.encode(), [3, 3, 2, 0, 1, 0, 0, 0, 0, 0]);
    assert_eq!(Claim::max_encoded_len(), 10);
}

proptest! {
    #[test]
    fn a_claim_is_its_copulas_claim(kind in 0_usize..16, first in 0.0..=1.0, second in 0.0..=1.0) {
        let claim = placed(kind, [first, second]);
        let copula = claim.copula().unwrap();
        prop_assert_eq!(Claim::of(&copula), claim);
        prop_assert_eq!(Claim::decode_all(&mut &claim.encode()[..]), Ok(claim));
    }

    #[test]
    fn whatever_is_accepted_is_the_only_encoding(
        family in 0_u8..9,
        rotation in 0_u8..6,
        first in prop_oneof![any::<i32>(), -3 * ONE..60 * ONE, Just(0)],
        second in prop_oneof![any::<i32>(), -3 * ONE..60 * ONE, Just(0)],
    ) {
        let claim = Claim { family, rotation, parameters: [first, second] };
        if let Ok(copula) = claim.copula() {
            prop_assert_eq!(Claim::of(&copula), claim);
        }
    }

    #[test]
    fn a_copula_is_near_its_claim(kind in 0_usize..16, first in 0.0..=1.0, second in 0.0..=1.0) {
        let (family, rotation) = kinds()[kind];
        let [a, b] = family.bounds();
        let at = |(low, high): (f64, f64), place: f64| (low + (high - low) * place).clamp(low, high);
        let copula = Copula::new(family, rotation, [at(a, first), at(b, second)]).unwrap();
        let claimed = Claim::of(&copula).copula().unwrap();
        prop_assert_eq!((claimed.family, claimed.rotation), (copula.family, copula.rotation));
        for (ours, theirs) in copula.parameters.into_iter().zip(claimed.parameters) {
            // Half a step; a whole one where the bound is not on the grid.
            prop_assert!((ours - theirs).abs() <= 1.0 / 65536.0);
        }
    }
}
