//! What the analysis says of the carbon price.

use super::*;
use crate::guidance::floor;
use gridpeg_copula::marginal::to_q32;
use gridpeg_header::Claim;

const ONE: i32 = 1 << 16;

fn gaussian(rho: i32) -> Claim {
    Claim { family: 1, rotation: 0, parameters: [rho, 0] }
}

#[test]
fn quantiles_ascend_and_follow_the_electricity_price_as_the_copula_says() {
    test_ext_of(genesis(history(32))).execute_with(|| {
        let mut prices: Vec<i64> = JointPrices::prices().iter().map(|pair| pair.electricity).collect();
        prices.sort_unstable();
        let (low, high) = (prices[2], prices[29]);
        for (rho, rises) in [(ONE / 2, true), (-ONE / 2, false)] {
            let at = |electricity| JointPrices::guidance(gaussian(rho), -5, electricity).unwrap();
            for electricity in [low, high, i64::MIN, i64::MAX, 0] {
                let guidance = at(electricity);
                assert!(guidance.quantiles.is_sorted(), "{guidance:?}");
                assert_eq!((guidance.claim, guidance.aic, guidance.electricity), (gaussian(rho), -5, electricity));
            }
            assert!(at(low).probability < at(high).probability);
            assert_eq!(at(low).quantiles[2] < at(high).quantiles[2], rises);
        }
        // Independence: the electricity price says nothing.
        let independence = Claim { family: 0, rotation: 0, parameters: [0, 0] };
        let at = |electricity| JointPrices::guidance(independence, 0, electricity).unwrap().quantiles;
        assert_eq!(at(low), at(high));
    });
}

#[test]
fn an_electricity_price_beyond_all_others_has_the_outermost_probability() {
    test_ext_of(genesis(history(32))).execute_with(|| {
        let at = |electricity| JointPrices::guidance(gaussian(0), 0, electricity).unwrap().probability;
        assert_eq!((at(i64::MIN), at(i64::MAX)), (to_q32(0.0), to_q32(1.0)));
    });
}

#[test]
fn without_a_copula_or_without_prices_there_is_no_guidance() {
    test_ext_of(genesis(history(32))).execute_with(|| {
        assert_eq!(JointPrices::guidance(gaussian(ONE), 0, 1), None);
    });
    in_block_1(|| assert_eq!(JointPrices::guidance(gaussian(0), 0, 1), None));
}

#[test]
fn prices_are_rounded_down() {
    let cases = [
        (1.5, 1),
        (1.0, 1),
        (0.5, 0),
        (-0.5, -1),
        (-1.0, -1),
        (-1.5, -2),
        (1e300, i64::MAX),
        (-1e300, i64::MIN),
        (f64::NAN, 0),
    ];
    for (x, expected) in cases {
        assert_eq!(floor(x), expected, "{x}");
    }
}
