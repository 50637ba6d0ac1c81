//! Which orders trade, and what is left of them.

use super::*;
use gridpeg_market::clearing::{Pricing, Rule};

fn with_rule(rule: Rule) -> Terms {
    Terms { pricing: Pricing { rule, k: 5_000 }, ..mock_terms() }
}

/// Two asks and two bids: the first ask goes to the first bid, which takes half of the second ask, too.
fn four_orders() -> [OrderId; 4] {
    [ask(1, 1_000, 20), ask(2, 1_000, 30), bid(3, 1_500, 50), bid(4, 1_000, 25)]
}

#[test]
fn each_pair_trades_in_the_middle() {
    test(|| {
        let [first, second, third, fourth] = four_orders();
        clear();
        assert_eq!(trades(), [(1, 3, 1_000, 3_500), (2, 3, 500, 4_000)]);
        let trade = trade(1);
        assert_eq!((trade.ask, trade.bid, trade.seller, trade.buyer), (second, third, 2, 3));
        assert_eq!((trade.limits, trade.green, trade.settlement), ((30 * CENT, 50 * CENT), false, None));
        // (1,000 · 35 + 500 · 40) / 1,500, rounded down.
        let price = 55_000 * CENT / 1_500;
        let result = BookResult { price: Some(price), uniform: None, energy: 1_500, trades: 2, version: 0 };
        assert_eq!(PvMarket::price(SLOT, FEEDER), Some(result));
        let own = events();
        let cleared = Event::SlotCleared { slot: SLOT, feeder: FEEDER, price: Some(price), energy: 1_500, trades: 2 };
        assert_eq!(own.last(), Some(&cleared));
        let (quantity, price) = (500, FinePrice::of(40 * CENT));
        assert!(own.contains(&Event::Traded {
            slot: SLOT,
            feeder: FEEDER,
            number: 1,
            ask: second,
            bid: third,
            quantity,
            price,
        }));
        // What traded stays on hold, and nothing else.
        let kept = [20 * CENT, 10 * CENT, 15 * 519 * CENT / 100, 0];
        assert_eq!([1, 2, 3, 4].map(held), kept);
        for (order, filled, kept) in
            [(first, 1_000, kept[0]), (second, 500, kept[1]), (third, 1_500, kept[2]), (fourth, 0, 0)]
        {
            assert!(own.contains(&Event::OrderClosed { order, filled, kept }));
        }
        assert_eq!(Stakes::<Test>::iter_key_prefix(SLOT).count(), 3);
        assert_eq!(next(), Cursors { clear: SLOT + 1, settle: PRESENT, prune: PRESENT });
    });
}

#[test]
fn all_trade_at_the_marginal_pair_s_price() {
    test_with(with_rule(Rule::PayAsClear), || {
        four_orders();
        clear();
        assert_eq!(trades(), [(1, 3, 1_000, 4_000), (2, 3, 500, 4_000)]);
        let result = PvMarket::price(SLOT, FEEDER).unwrap();
        assert_eq!((result.price, result.uniform), (Some(40 * CENT), Some(FinePrice::of(40 * CENT))));
    });
}

#[test]
fn the_network_fee_is_by_level_and_distance() {
    test(|| {
        change_site(4, |site| site.level = 1);
        change_site(5, |site| site.level = 7);
        ask(1, 3_000, 20);
        for site in [3, 4, 5] {
            bid(site, 1_000, 50 - Balance::from(site));
        }
        clear();
        // 0.01 and 0.001 an Ω; 0.005 at level 1, and at those beyond.
        let fees = [0, 1, 2].map(|number| trade(number).fee * 10 / CENT);
        assert_eq!(fees, [12, 8, 9]);
    });
}

#[test]
fn nothing_trades_that_would_spoil_a_voltage() {
    test(|| {
        Tight::put(1_000);
        ask(1, 5_000, 20);
        ask(2, 1_000, 25);
        bid(3, 5_000, 50);
        bid(4, 800, 45);
        clear();
        // 1 kWh makes bus 1 as high and bus 3 as low as they may be.
        assert_eq!(trades(), [(1, 3, 1_000, 3_500), (2, 4, 800, 3_500)]);
        assert_eq!([1, 3].map(held), [20 * CENT, 519 * CENT / 10]);
    });
}

#[test]
fn a_feeder_without_tables_trades_nothing() {
    test(|| {
        ask(1, 100, 20);
        bid(2, 100, 50);
        // As if it had been forgotten.
        let sizes = OpenBooks::<Test>::take(SLOT, FEEDER);
        OpenBooks::<Test>::insert(SLOT, 9, sizes);
        for ((slot, feeder, side, key), order) in Books::<Test>::iter().collect::<Vec<_>>() {
            Books::<Test>::remove((slot, feeder, side, key));
            Books::<Test>::insert((slot, 9, side, key), &order);
            let id = side.read_key(&key).1;
            Orders::<Test>::mutate(id, |place| place.as_mut().unwrap().feeder = 9);
            let standing = Sides::<Test>::take((slot, feeder, order.owner)).unwrap();
            Sides::<Test>::insert((slot, 9, order.owner), standing);
        }
        check();
        clear();
        assert_eq!(PvMarket::price(SLOT, 9).map(|result| result.trades), Some(0));
        assert_eq!([1, 2].map(held), [0, 0]);
    });
}

#[test]
fn every_slot_and_feeder_has_a_book_of_its_own() {
    test(|| {
        for slot in [SLOT, SLOT + 1] {
            for (seller, buyer) in [(1, 2), (7, 8)] {
                place(OrderRequest { slot, ..request(seller, Side::Ask, 100, 20) });
                place(OrderRequest { slot, ..request(buyer, Side::Bid, 100, 50) });
            }
        }
        clear();
        let made = |slot: Slot, feeder: FeederId| PvMarket::price(slot, feeder).map(|result| result.trades);
        assert_eq!([made(SLOT, FEEDER), made(SLOT, OTHER_FEEDER)], [Some(1); 2]);
        assert_eq!([made(SLOT + 1, FEEDER), made(SLOT + 1, OTHER_FEEDER)], [None; 2]);
        block_at(CALENDAR.begin(SLOT));
        assert_eq!([made(SLOT + 1, FEEDER), made(SLOT + 1, OTHER_FEEDER)], [Some(1); 2]);
    });
}

#[test]
fn a_partly_filled_order_keeps_its_share_rounded_up() {
    let order = |quantity: Wh, filled: Wh, hold: Balance| BookOrder {
        owner: 1u64,
        site: 1,
        bus: 1,
        level: 0,
        quantity,
        filled,
        hold,
        green: false,
        expires: None,
    };
    assert_eq!(order(3, 1, 100).kept(), 34);
    assert_eq!(order(3, 2, 100).kept(), 67);
    assert_eq!((order(3, 0, 100).kept(), order(3, 3, 100).kept()), (0, 100));
    assert_eq!(order(Wh::MAX, Wh::MAX - 1, Balance::MAX).kept(), {
        // MAX · (1 − 1/(2⁶⁴ − 1)), and 2¹²⁸ − 1 is a multiple of 2⁶⁴ − 1.
        Balance::MAX - Balance::MAX / u128::from(u64::MAX)
    });
    // No less than an order of what traded would hold.
    let hold = |quantity: u128| (quantity * 777).div_ceil(1_000);
    for filled in 0..=1_000u64 {
        assert!(order(1_000, filled, hold(1_000)).kept() >= hold(filled.into()));
    }
}
