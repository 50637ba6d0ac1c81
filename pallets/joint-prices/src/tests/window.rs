//! D, its u-values and its reference.

use super::*;
use crate::{WeightInfo, Window, LEAST_BANDWIDTH};
use gridpeg_copula::{consensus, marginal};
use polkadot_sdk::frame_support::traits::OnRuntimeUpgrade;

/// The u-values of these pairs by the statistics' own function.
fn u_values(pairs: &[PricePair]) -> Vec<(u32, u32)> {
    let of = |price: fn(&PricePair) -> i64| {
        let sample: Vec<f64> = pairs.iter().map(|pair| price(pair) as f64).collect();
        marginal::u_values(&sample, LEAST_BANDWIDTH).unwrap()
    };
    of(|pair| pair.electricity).into_iter().zip(of(|pair| pair.carbon)).collect()
}

/// Adds the pair of this period, with its own prices.
fn add_next(period: u64) {
    let (electricity, carbon) = prices_of(period);
    set_period(period + 1);
    add(period, electricity, carbon);
}

#[test]
fn the_window_slides() {
    in_block_1(|| {
        let total = u64::from(WINDOW) + 5;
        for period in 0..total {
            add_next(period);
        }
        let periods: Vec<u64> = JointPrices::prices().iter().map(|pair| pair.period).collect();
        assert_eq!(periods, (5..total).collect::<Vec<_>>());
        next_block();
        assert_eq!(JointPrices::observations(), WINDOW);
    });
}

#[test]
fn u_values_are_those_of_the_statistics_and_in_the_pairs_order() {
    in_block_1(|| {
        for period in 0..12 {
            add_next(period);
        }
        next_block();
        let expected = u_values(&JointPrices::prices());
        assert_eq!(JointPrices::pairs(), expected);
        assert_eq!(UValues::<Test>::get().into_inner(), expected);
        // The order of prices is the order of u-values.
        let pairs = JointPrices::prices();
        for (a, (u, _)) in pairs.iter().zip(&expected) {
            for (b, (v, _)) in pairs.iter().zip(&expected) {
                assert!(a.electricity <= b.electricity || u >= v);
            }
        }
    });
}

#[test]
fn an_upgrade_of_the_runtime_has_the_window_computed_afresh() {
    test_ext_of(genesis(history(WINDOW.into()))).execute_with(|| {
        next_block();
        let before = JointPrices::next_window();
        assert_eq!(before.revision, 1);
        // Whatever code computed these: they are not what this code finds.
        UValues::<Test>::mutate(|values| values.iter_mut().for_each(|(u, v)| (*u, *v) = (1, 1)));
        assert_ne!(JointPrices::next_window(), before);
        <JointPrices as OnRuntimeUpgrade>::on_runtime_upgrade();
        let announced = JointPrices::next_window();
        assert_eq!(announced, Window { revision: 2, ..before.clone() });
        assert_eq!(next_block(), <()>::refresh(WINDOW));
        assert_eq!(JointPrices::next_window(), announced);
        assert_eq!((JointPrices::revision(), JointPrices::pairs()), (2, before.pairs));
        assert_ok!(JointPrices::check_invariants());
        // Once.
        assert_eq!(next_block(), <()>::keep());
        assert_eq!(JointPrices::revision(), 2);
    });
    // Without pairs there is nothing to find, and nothing goes wrong.
    in_block_1(|| {
        <JointPrices as OnRuntimeUpgrade>::on_runtime_upgrade();
        next_block();
        assert_eq!((JointPrices::observations(), JointPrices::reference()), (0, None));
    });
}

#[test]
fn pairs_added_in_a_block_count_from_the_next_one_on() {
    in_block_1(|| {
        add(1, 5, 6);
        next_block();
        let before = (JointPrices::observations(), JointPrices::pairs(), JointPrices::revision());
        assert_eq!((before.0, before.2), (1, 1));
        add(2, 7, 8);
        add(3, 1, 2);
        assert_eq!((JointPrices::observations(), JointPrices::pairs(), JointPrices::revision()), before);
        next_block();
        assert_eq!((JointPrices::observations(), JointPrices::revision()), (3, 2));
    });
}

#[test]
fn the_window_is_computed_once_and_only_when_it_has_changed() {
    in_block_1(|| {
        assert_eq!(next_block(), <()>::keep());
        assert_eq!(Revision::<Test>::get(), 0);
        for period in 0..7 {
            add_next(period);
        }
        assert!(Dirty::<Test>::get());
        assert_eq!(next_block(), <()>::refresh(7));
        assert!(!Dirty::<Test>::get());
        for _ in 0..3 {
            assert_eq!(next_block(), <()>::keep());
        }
        assert_eq!(Revision::<Test>::get(), 1);
        // What does not change D does not either.
        set_period(9);
        assert_ok!(observe(Carbon, 7, 1));
        assert_eq!(next_block(), <()>::keep());
        assert_eq!(Revision::<Test>::get(), 1);
    });
}

#[test]
fn the_next_window_is_what_the_next_block_sees() {
    in_block_1(|| {
        for period in 0..60 {
            if period % 3 > 0 {
                add_next(period);
            }
            let announced = JointPrices::next_window();
            // To ask does not change it.
            assert_eq!(JointPrices::next_window(), announced);
            next_block();
            let Window { revision, pairs, reference } = announced;
            assert_eq!(revision, JointPrices::revision());
            assert_eq!(pairs, JointPrices::pairs());
            assert_eq!(reference, JointPrices::reference());
        }
    });
}

#[test]
fn there_is_a_reference_from_thirty_pairs_on() {
    in_block_1(|| {
        for period in 0..32 {
            add_next(period);
            next_block();
            let pairs = JointPrices::pairs();
            let expected = (pairs.len() >= 30).then(|| consensus::reference(&pairs));
            assert_eq!(JointPrices::reference(), expected);
            assert_eq!(Reference::<Test>::get(), expected);
            assert_eq!(expected.is_some(), period >= 29);
        }
    });
}

#[test]
fn negative_prices_are_prices() {
    in_block_1(|| {
        for (period, electricity) in [(1, -40), (2, 30), (3, -10), (4, 0)] {
            add(period, electricity, -electricity);
        }
        next_block();
        let pairs = JointPrices::pairs();
        let u: Vec<u32> = pairs.iter().map(|(u, _)| *u).collect();
        let v: Vec<u32> = pairs.iter().map(|(_, v)| *v).collect();
        assert!(u[0] < u[2] && u[2] < u[3] && u[3] < u[1], "{u:?}");
        assert!(v[0] > v[2] && v[2] > v[3] && v[3] > v[1], "{v:?}");
    });
}

#[test]
fn constant_prices_have_equal_u_values_and_independence_for_reference() {
    in_block_1(|| {
        for period in 0..31 {
            set_period(period + 1);
            add(period, 90_000_000_000, prices_of(period).1);
        }
        next_block();
        let pairs = JointPrices::pairs();
        // The kernel is symmetric, so half of it is below the only price there is.
        assert!(pairs.iter().all(|(u, _)| u.abs_diff(1 << 31) <= 1), "{pairs:?}");
        let (claim, aic) = JointPrices::reference().unwrap();
        assert_eq!((claim.family, claim.parameters, aic), (0, [0, 0], 0));
    });
}
