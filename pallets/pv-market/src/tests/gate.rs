//! When orders are taken, when they end, and who can trade with whom.

use super::*;

fn at(time: Millis) {
    pallet_timestamp::Now::<Test>::put(time);
}

#[test]
fn the_gate_closes_to_the_millisecond() {
    test(|| {
        let gate = CALENDAR.begin(SLOT) - LENGTH;
        assert_eq!(PvMarket::gate(SLOT), gate);
        at(gate - 1);
        let orders = [bid(1, 100, 50), bid(1, 100, 50)];
        assert_ok!(cancel(1, orders[0]));
        at(gate);
        assert_noop!(place_as(1, request(1, Side::Bid, 100, 50)), Error::<Test>::GateClosed);
        assert_noop!(cancel(1, orders[1]), Error::<Test>::GateClosed);
        assert_noop!(replace(1, orders[1], 200, 50), Error::<Test>::GateClosed);
        // Once the book is cleared the order is gone.
        clear();
        assert_noop!(cancel(1, orders[1]), Error::<Test>::UnknownOrder);
    });
}

#[test]
fn orders_are_taken_up_to_the_horizon() {
    test(|| {
        let order = |slot: Slot| OrderRequest { slot, ..request(1, Side::Bid, 100, 50) };
        assert_ok!(place_as(1, order(PRESENT + 20)));
        assert_noop!(place_as(1, order(PRESENT + 21)), Error::<Test>::TooFarAhead);
        assert_noop!(place_as(1, order(Slot::MAX)), Error::<Test>::TooFarAhead);
        for slot in [0, PRESENT, PRESENT + 1] {
            assert_noop!(place_as(1, order(slot)), Error::<Test>::GateClosed);
        }
        at(CALENDAR.begin(PRESENT + 1));
        assert_ok!(place_as(1, order(PRESENT + 21)));
    });
}

#[test]
fn before_the_calendar_begins_there_is_no_market() {
    test(|| {
        NextSlots::<Test>::kill();
        at(START - 1);
        let order = OrderRequest { slot: 2, ..request(1, Side::Bid, 100, 50) };
        assert_noop!(place_as(1, order), Error::<Test>::TooFarAhead);
        assert_eq!((PvMarket::slot_now(), PvMarket::progress().next), (None, None));
        block_at(START - 1);
        assert_eq!(PvMarket::progress().next, None);
        block_at(START);
        // The gates of the first two slots were closed from the beginning.
        assert_eq!(next(), Cursors { clear: 2, settle: 0, prune: 0 });
        assert_ok!(place_as(1, order));
    });
}

#[test]
fn an_expired_order_does_not_trade() {
    test(|| {
        let gate = PvMarket::gate(SLOT);
        let bids = [gate - 5_000, gate, gate + 1]
            .map(|time| place(OrderRequest { expires: Some(time), ..request(1, Side::Bid, 100, 50) }));
        ask(2, 1_000, 50);
        clear();
        let traded: Vec<_> = (0..).map_while(|number| PvMarket::trade(SLOT, FEEDER, number)).collect();
        assert_eq!(traded.iter().map(|trade| trade.bid).collect::<Vec<_>>(), [bids[2]]);
        assert_eq!(held(1), 519 * CENT / 100);
    });
}

#[test]
fn an_expired_order_can_be_taken_back_and_not_replaced() {
    test(|| {
        let now = CALENDAR.begin(PRESENT);
        let order = place(OrderRequest { expires: Some(now + 1), ..request(1, Side::Bid, 100, 50) });
        at(now + 1);
        assert_noop!(replace(1, order, 200, 50), Error::<Test>::Expired);
        assert_ok!(cancel(1, order));
    });
}

#[test]
fn nobody_trades_with_himself() {
    test(|| {
        for site in [2, 7] {
            change_site(site, |site| site.owner = 1);
        }
        let order = bid(1, 100, 50);
        assert_noop!(place_as(1, request(1, Side::Ask, 100, 40)), Error::<Test>::OppositeSide);
        assert_noop!(place_as(1, request(2, Side::Ask, 100, 40)), Error::<Test>::OppositeSide);
        // On the same side, on another feeder, in another slot.
        assert_ok!(place_as(1, request(2, Side::Bid, 100, 40)));
        assert_ok!(place_as(1, request(7, Side::Ask, 100, 40)));
        assert_ok!(place_as(1, OrderRequest { slot: SLOT + 1, ..request(1, Side::Ask, 100, 40) }));
        // When all are taken back the side is free.
        assert_ok!(cancel(1, order));
        assert_noop!(place_as(1, request(1, Side::Ask, 100, 40)), Error::<Test>::OppositeSide);
        assert_ok!(cancel(1, order + 1));
        assert_ok!(place_as(1, request(1, Side::Ask, 100, 40)));
    });
}

#[test]
fn feeders_do_not_trade_with_each_other() {
    test(|| {
        ask(1, 100, 20);
        bid(7, 100, 50);
        clear();
        for feeder in [FEEDER, OTHER_FEEDER] {
            assert_eq!(PvMarket::price(SLOT, feeder).map(|result| result.trades), Some(0));
        }
        assert_eq!([1, 7].map(held), [0, 0]);
    });
}
