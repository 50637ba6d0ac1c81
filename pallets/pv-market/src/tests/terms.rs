//! Changes of the terms.

use super::*;
use crate::terms::MAX_VERSIONS;

/// The first slot that no order can be open for.
const BEYOND: Slot = PRESENT + 21;

fn set(from: Slot, terms: &Terms) -> DispatchResult {
    with_storage_layer(|| PvMarket::set_terms(RuntimeOrigin::root(), from, terms.clone()))
}

fn other() -> Terms {
    Terms { lot: 1_000, penalty: 40 * CENT, ..mock_terms() }
}

#[test]
fn terms_hold_from_beyond_the_horizon_on() {
    test(|| {
        let by_anybody = PvMarket::set_terms(RuntimeOrigin::signed(1), BEYOND, other());
        assert_noop!(by_anybody, sp_runtime::traits::BadOrigin);
        assert_noop!(set(BEYOND, &Terms { lot: 0, ..other() }), Error::<Test>::TermsInvalid);
        assert_noop!(set(BEYOND - 1, &other()), Error::<Test>::TermsTooSoon);
        assert_ok!(set(BEYOND, &other()));
        assert_eq!(events().pop(), Some(Event::TermsSet { version: 1, from: BEYOND, terms: other() }));
        assert_eq!([BEYOND - 1, BEYOND, Slot::MAX].map(|slot| PvMarket::terms_of(slot).0), [0, 1, 1]);
        assert_eq!((PvMarket::terms(BEYOND - 1), PvMarket::terms(BEYOND)), (mock_terms(), other()));
    });
}

#[test]
fn an_order_its_trade_and_its_bill_go_by_one_version() {
    test(|| {
        assert_ok!(set(BEYOND, &other()));
        block_at(CALENDAR.begin(PRESENT + 5));
        let order = |slot: Slot, quantity: Wh| OrderRequest { slot, ..request(1, Side::Ask, quantity, 20) };
        assert_ok!(place_as(1, order(BEYOND - 1, 999)));
        assert_noop!(place_as(1, order(BEYOND, 999)), Error::<Test>::BelowLot);
        assert_ok!(place_as(1, order(BEYOND, 1_000)));
        assert_eq!(held(1), (999 * 20 + 1_000 * 40) * CENT / 1_000);
        for slot in [BEYOND - 1, BEYOND] {
            place(OrderRequest { slot, ..request(3, Side::Bid, 1_000, 50) });
        }
        block_at(frozen(BEYOND));
        let made = [BEYOND - 1, BEYOND].map(|slot| PvMarket::price(slot, FEEDER).unwrap());
        assert_eq!(made.map(|result| (result.trades, result.version)), [(1, 0), (1, 1)]);
        let bills = [BEYOND - 1, BEYOND].map(|slot| PvMarket::bill(1, slot).unwrap());
        // Nothing was exported: the penalty is for 900 Wh each time.
        assert_eq!(bills.clone().map(|bill| bill.bill.version), [0, 1]);
        assert_eq!(bills.map(|bill| bill.lines[0].price), [20 * CENT, 40 * CENT].map(FinePrice::of));
    });
}

#[test]
fn what_no_order_can_be_for_is_replaced() {
    test(|| {
        assert_ok!(set(BEYOND + 5, &other()));
        // Even by an earlier slot.
        let third = Terms { lot: 20, ..mock_terms() };
        assert_ok!(set(BEYOND, &third));
        assert_eq!(
            Versions::<Test>::get().iter().map(|v| (v.number, v.from)).collect::<Vec<_>>(),
            [(0, 0), (1, BEYOND)]
        );
        assert_eq!(PvMarket::terms(BEYOND + 9), third);
        check();
        // One slot later orders can be for it: it stays, and what comes next begins later.
        block_at(CALENDAR.begin(PRESENT + 1));
        assert_noop!(set(BEYOND, &other()), Error::<Test>::TermsTooSoon);
        assert_ok!(set(BEYOND + 1, &other()));
        assert_eq!([BEYOND, BEYOND + 1].map(|slot| PvMarket::terms_of(slot).0), [1, 2]);
    });
}

#[test]
fn the_longest_horizon_counts() {
    test(|| {
        let far = Terms { horizon: 100, ..mock_terms() };
        assert_ok!(set(BEYOND, &far));
        assert_noop!(set(PRESENT + 100, &other()), Error::<Test>::TermsTooSoon);
        assert_ok!(set(PRESENT + 101, &other()));
        assert_eq!(Versions::<Test>::get().len(), 3);
    });
}

#[test]
fn another_gate_and_another_price_rule_hold_from_their_slot_on() {
    use gridpeg_market::clearing::{Pricing, Rule};
    test(|| {
        let pricing = Pricing { rule: Rule::PayAsClear, k: 10_000 };
        assert_ok!(set(BEYOND, &Terms { gate: 3 * LENGTH, pricing, ..mock_terms() }));
        assert_eq!(PvMarket::gate(BEYOND - 1), CALENDAR.begin(BEYOND - 2));
        assert_eq!(PvMarket::gate(BEYOND), CALENDAR.begin(BEYOND - 3));
        block_at(CALENDAR.begin(PRESENT + 5));
        for slot in [BEYOND - 1, BEYOND] {
            place(OrderRequest { slot, ..request(1, Side::Ask, 100, 20) });
            place(OrderRequest { slot, ..request(3, Side::Bid, 100, 50) });
        }
        // The later slot's gate closes first, but slots are cleared in order.
        block_at(CALENDAR.begin(BEYOND - 3));
        assert_noop!(cancel(1, 2), Error::<Test>::GateClosed);
        assert_eq!((PvMarket::price(BEYOND, FEEDER), next().clear), (None, BEYOND - 1));
        block_at(CALENDAR.begin(BEYOND - 2));
        let prices = [BEYOND - 1, BEYOND].map(|slot| PvMarket::price(slot, FEEDER).unwrap().price);
        assert_eq!(prices, [Some(35 * CENT), Some(50 * CENT)]);
    });
}

#[test]
fn versions_of_forgotten_slots_are_forgotten() {
    test_with(Terms { retention: 1, ..mock_terms() }, || {
        let mut from = BEYOND;
        for _ in 0..2 * MAX_VERSIONS {
            assert_ok!(set(from, &Terms { retention: 1, ..mock_terms() }));
            block_at(frozen(from + 3));
            check();
            from += 30;
        }
        assert!(Versions::<Test>::get().len() <= 3);
        assert_eq!(TermsAt::<Test>::iter_keys().count(), Versions::<Test>::get().len());
    });
}

#[test]
fn there_are_not_too_many_versions_at_a_time() {
    test(|| {
        for more in 0..MAX_VERSIONS - 1 {
            assert_ok!(set(BEYOND + more, &other()));
            block_at(CALENDAR.begin(PRESENT + more + 1));
        }
        assert_noop!(set(BEYOND + MAX_VERSIONS, &other()), Error::<Test>::TooManyTerms);
    });
}
