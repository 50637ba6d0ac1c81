//! What a report has to have, and when a price counts.

use super::*;
use crate::{weights::most, WeightInfo};

#[test]
fn only_the_authorities_and_root_report() {
    in_block_1(|| {
        for stranger in [RuntimeOrigin::signed(STRANGER), RuntimeOrigin::none()] {
            assert_noop!(JointPrices::report(stranger, Carbon, 9, summary(Carbon, 1)), BadOrigin);
        }
        assert_ok!(JointPrices::report(RuntimeOrigin::signed(AUTHORITY), Carbon, 9, summary(Carbon, 1)));
        assert_ok!(JointPrices::report(RuntimeOrigin::root(), Electricity, 9, summary(Electricity, 2)));
        assert_eq!(JointPrices::prices(), [pair(9, 2, 1)]);
    });
}

#[test]
fn a_period_that_is_not_over_is_refused() {
    in_block_1(|| {
        for early in [10, 11, u64::MAX / PERIOD, u64::MAX - 1, u64::MAX] {
            assert_noop!(observe(Carbon, early, 1), Error::<Test>::PeriodNotOver);
        }
        pallet_timestamp::Now::<Test>::put(11 * PERIOD - 1);
        assert_noop!(observe(Carbon, 10, 1), Error::<Test>::PeriodNotOver);
        pallet_timestamp::Now::<Test>::put(11 * PERIOD);
        assert_ok!(observe(Carbon, 10, 1));
    });
}

#[test]
fn a_side_is_reported_once() {
    in_block_1(|| {
        assert_ok!(observe(Electricity, 5, 1));
        assert_noop!(observe(Electricity, 5, 1), Error::<Test>::AlreadyReported);
        assert_noop!(observe(Electricity, 5, 2), Error::<Test>::AlreadyReported);
        assert_ok!(observe(Carbon, 5, 3));
        assert_eq!(JointPrices::prices(), [pair(5, 1, 3)]);
        // Also if its price does not count.
        let nothing = Summary { quantity: 0, ..summary(Carbon, 1) };
        assert_ok!(JointPrices::observe(Carbon, 6, nothing));
        assert_noop!(observe(Carbon, 6, 1), Error::<Test>::AlreadyReported);
    });
}

#[test]
fn a_period_not_later_than_the_last_pair_is_refused() {
    in_block_1(|| {
        add(5, 1, 2);
        for closed in [0, 4, 5] {
            for side in [Electricity, Carbon] {
                assert_noop!(observe(side, closed, 1), Error::<Test>::PeriodClosed);
            }
        }
        assert_ok!(observe(Carbon, 6, 1));
    });
}

#[test]
fn both_sides_in_either_order_make_a_pair() {
    for order in [[Electricity, Carbon], [Carbon, Electricity]] {
        in_block_1(|| {
            let price = |side: Side| if side == Electricity { -3 } else { 4 };
            assert_ok!(observe(order[0], 9, price(order[0])));
            assert!(JointPrices::prices().is_empty() && !Dirty::<Test>::get());
            assert_ok!(observe(order[1], 9, price(order[1])));
            assert_eq!(JointPrices::prices(), [pair(9, -3, 4)]);
            assert!(Dirty::<Test>::get() && Open::<Test>::get().is_empty());
            assert_eq!(
                events(),
                [
                    Event::SideReported { period: 9, side: order[0], price: price(order[0]) },
                    Event::SideReported { period: 9, side: order[1], price: price(order[1]) },
                    Event::PairAdded { period: 9, electricity: -3, carbon: 4 },
                ]
            );
        });
    }
}

#[test]
fn a_price_counts_with_just_enough_and_not_with_less() {
    for side in [Electricity, Carbon] {
        let other = if side == Carbon { Electricity } else { Carbon };
        let enough = summary(side, 7);
        let plenty = Summary { quantity: u128::MAX, sellers: u32::MAX, buyers: u32::MAX, ..enough };
        let short = |shortfall, summary| (Some(shortfall), summary);
        let cases = [
            (None, enough),
            (None, plenty),
            short(Shortfall::Quantity, Summary { quantity: enough.quantity - 1, ..enough }),
            short(Shortfall::Quantity, Summary { quantity: 0, ..plenty }),
            short(Shortfall::Sellers, Summary { sellers: 1, ..enough }),
            short(Shortfall::Sellers, Summary { sellers: 0, ..plenty }),
            short(Shortfall::Buyers, Summary { buyers: 1, ..enough }),
            short(Shortfall::Buyers, Summary { buyers: 0, ..plenty }),
        ];
        for (shortfall, summary) in cases {
            in_block_1(|| {
                assert_ok!(JointPrices::observe(side, 9, summary));
                assert_ok!(observe(other, 9, 8));
                let paired = !JointPrices::prices().is_empty();
                assert_eq!(paired, shortfall.is_none(), "{side:?} {summary:?}");
                let first = match shortfall {
                    None => Event::SideReported { period: 9, side, price: 7 },
                    Some(shortfall) => Event::SideNotQualified { period: 9, side, shortfall },
                };
                assert_eq!(events().first(), Some(&first));
            });
        }
    }
}

#[test]
fn each_side_has_its_own_minimum() {
    in_block_1(|| {
        let between = (LEAST_WH + LEAST_GRAMS) / 2;
        for side in [Electricity, Carbon] {
            assert_ok!(JointPrices::observe(side, 9, Summary { quantity: between, ..summary(side, 1) }));
        }
        let period = Open::<Test>::get()[0];
        assert_eq!((period.electricity, period.carbon), (Some(Report::Qualified(1)), Some(Report::NotQualified)));
    });
}

#[test]
fn extreme_prices_are_taken() {
    in_block_1(|| {
        add(1, i64::MIN, i64::MAX);
        add(2, i64::MAX, i64::MIN);
        add(3, 0, -1);
        next_block();
        assert_eq!(UValues::<Test>::get().len(), 3);
    });
}

#[test]
fn a_report_weighs_what_it_does() {
    in_block_1(|| {
        let report = |side, period| {
            let info = JointPrices::report(RuntimeOrigin::root(), side, period, summary(side, 1)).unwrap();
            info.actual_weight.unwrap()
        };
        let paired = |pairs| <()>::observe().saturating_add(<()>::append(pairs));
        assert_eq!(report(Carbon, 1), <()>::observe());
        assert_eq!(report(Electricity, 1), paired(1));
        assert_eq!(report(Carbon, 2), <()>::observe());
        assert_eq!(report(Electricity, 2), paired(2));
        assert!(most::<()>().all_gte(paired(WINDOW)));
        assert_eq!(<JointPrices as ObservePrices>::weight(), most::<()>());
    });
}
