//! Books worked by hand. Quantities in kWh times 1,000, so that turnover is kWh times price.

use crate::books::{clear, order, Cleared, MemoryBook, MIDPOINT, PAY_AS_CLEAR};
use gridpeg_market::{
    units::MAX_PRICE, voltage::State, CopperPlate, Feeder, FinePrice, OrderId, Price, Pricing, Rule, Side, Voltages, Wh,
};

/// An order: number, kWh, price.
type Row = (OrderId, Wh, Price);

fn book(asks: &[Row], bids: &[Row]) -> MemoryBook {
    let orders =
        |rows: &[Row]| rows.iter().map(|&(id, kwh, price)| order(id, kwh * 1_000, price, 1)).collect::<Vec<_>>();
    MemoryBook::new(&orders(asks), &orders(bids))
}

/// Ask, bid, Wh, turnover.
fn deals(cleared: &Cleared) -> Vec<(OrderId, OrderId, Wh, u128)> {
    cleared.trades().iter().map(|trade| (trade.ask, trade.bid, trade.quantity, trade.turnover())).collect()
}

/// Cleared with lots of 1 kWh and no network.
fn plain(asks: &[Row], bids: &[Row], pricing: Pricing) -> Cleared {
    clear(&book(asks, bids), pricing, 1_000, &mut CopperPlate)
}

#[test]
fn book_1_one_pair_meets_in_the_middle() {
    let cleared = plain(&[(1, 5, 300)], &[(2, 5, 400)], MIDPOINT);
    // 5 kWh at 350.
    assert_eq!(deals(&cleared), [(1, 2, 5_000, 1_750)]);
    assert_eq!(cleared.totals.mean_price(), Some(350));
    assert_eq!(cleared.uniform, None);
}

#[test]
fn book_2_what_does_not_cross_does_not_trade() {
    for pricing in [MIDPOINT, PAY_AS_CLEAR] {
        let cleared = plain(&[(1, 5, 300)], &[(2, 5, 299)], pricing);
        assert!(cleared.events.is_empty());
        assert_eq!((cleared.uniform, cleared.totals.mean_price()), (None, None));
        // Equal prices do cross, and k has nothing to share out.
        let cleared = plain(&[(1, 5, 300)], &[(2, 5, 300)], Pricing { k: 7_777, ..pricing });
        assert_eq!(deals(&cleared), [(1, 2, 5_000, 1_500)]);
    }
    for (asks, bids) in [(&[][..], &[(2, 5, 300)][..]), (&[(1, 5, 300)][..], &[][..]), (&[][..], &[][..])] {
        assert!(plain(asks, bids, PAY_AS_CLEAR).events.is_empty());
    }
}

#[test]
fn book_3_an_order_is_filled_in_parts_and_the_rest_stays() {
    // The ask of 10 serves 2 + 3 + 4; the dearest bid first. 1 is left.
    let cleared = plain(&[(9, 10, 100)], &[(1, 3, 200), (2, 4, 150), (3, 2, 300)], MIDPOINT);
    // 2 kWh at 200, 3 at 150, 4 at 125.
    assert_eq!(deals(&cleared), [(9, 3, 2_000, 400), (9, 1, 3_000, 450), (9, 2, 4_000, 500)]);
    // 1350 / 9.
    assert_eq!(cleared.totals.mean_price(), Some(150));
}

#[test]
fn book_4_among_equal_prices_the_older_order_comes_first() {
    // Numbers are age: ask 4 before 6 before 7, bid 5 before 8.
    let asks = [(7, 1, 100), (4, 1, 100), (6, 1, 100)];
    let cleared = plain(&asks, &[(8, 2, 100), (5, 1, 100)], MIDPOINT);
    assert_eq!(deals(&cleared), [(4, 5, 1_000, 100), (6, 8, 1_000, 100), (7, 8, 1_000, 100)]);
    // A better price comes before age.
    let cleared = plain(&[(7, 1, 99), (4, 1, 100)], &[(5, 1, 100), (8, 1, 101)], MIDPOINT);
    // (99 + 101) / 2 and (100 + 100) / 2.
    assert_eq!(deals(&cleared), [(7, 8, 1_000, 100), (4, 5, 1_000, 100)]);
}

const ASKS: [Row; 4] = [(1, 3, 100), (2, 4, 200), (3, 5, 300), (4, 9, 400)];
const BIDS: [Row; 4] = [(11, 2, 500), (12, 4, 450), (13, 6, 320), (14, 8, 150)];

#[test]
fn book_5_pay_as_clear_has_the_price_of_the_marginal_pair() {
    let cleared = plain(&ASKS, &BIDS, PAY_AS_CLEAR);
    // Cumulated: asks 3, 7, 12, 21; bids 2, 6, 12, 20. They cross up to 12: the last pair is ask 3 (300), bid 13 (320).
    assert_eq!(cleared.uniform, Some(FinePrice::of(310)));
    let expected =
        [(1, 11, 2_000, 620), (1, 12, 1_000, 310), (2, 12, 3_000, 930), (2, 13, 1_000, 310), (3, 13, 5_000, 1_550)];
    assert_eq!(deals(&cleared), expected);
    assert_eq!(cleared.totals.mean_price(), Some(310));
    // Five trades and the end, twice: as ask 4 and bid 14 do not cross.
    assert_eq!(cleared.steps, 12);
}

#[test]
fn book_6_the_same_pairs_each_at_its_own_price() {
    let cleared = plain(&ASKS, &BIDS, MIDPOINT);
    let expected = [
        // 2 at 300, 1 at 275, 3 at 325, 1 at 260, 5 at 310.
        (1, 11, 2_000, 600),
        (1, 12, 1_000, 275),
        (2, 12, 3_000, 975),
        (2, 13, 1_000, 260),
        (3, 13, 5_000, 1_550),
    ];
    assert_eq!(deals(&cleared), expected);
    // 3660 / 12.
    assert_eq!((cleared.totals.mean_price(), cleared.totals.energy), (Some(305), 12_000));
    assert_eq!(cleared.steps, 6);
}

#[test]
fn book_7_k_shares_out_the_gain() {
    // One pair from 100 to 300, 1 kWh; the marginal pair of two is from 200 to 300.
    let prices = [(0, 100, 200), (2_500, 150, 225), (5_000, 200, 250), (10_000, 300, 300)];
    for (k, own, marginal) in prices {
        let cleared = plain(&[(1, 1, 100)], &[(2, 1, 300)], Pricing { rule: Rule::Midpoint, k });
        assert_eq!(deals(&cleared), [(1, 2, 1_000, own)], "{k}");
        let pricing = Pricing { rule: Rule::PayAsClear, k };
        let cleared = plain(&[(1, 1, 100), (3, 1, 200)], &[(2, 1, 400), (4, 1, 300)], pricing);
        assert_eq!(deals(&cleared), [(1, 2, 1_000, marginal), (3, 4, 1_000, marginal)], "{k}");
    }
}

#[test]
fn book_8_half_a_unit_is_kept_until_the_turnover() {
    // (3 + 4) / 2 = 3.5: 2 kWh are 7, 1 kWh is 3.5, rounded down.
    for pricing in [MIDPOINT, PAY_AS_CLEAR] {
        assert_eq!(deals(&plain(&[(1, 2, 3)], &[(2, 2, 4)], pricing)), [(1, 2, 2_000, 7)]);
        let cleared = plain(&[(1, 1, 3)], &[(2, 1, 4)], pricing);
        assert_eq!(deals(&cleared), [(1, 2, 1_000, 3)]);
        assert_eq!(cleared.totals.mean_price(), Some(3));
    }
    let cleared = plain(&[(1, 2, 3), (3, 1, 6)], &[(4, 1, 6), (2, 2, 4)], MIDPOINT);
    // Ask 1 with bid 4 at 4.5, then with bid 2 at 3.5; ask 3 is above bid 2.
    assert_eq!(deals(&cleared), [(1, 4, 1_000, 4), (1, 2, 1_000, 3)]);
    // (4.5 + 3.5) / 2, though the turnovers come to 7.
    assert_eq!(cleared.totals.mean_price(), Some(4));
}

#[test]
fn book_9_remainders_below_the_lot_trade_and_the_most_trades_there_can_be() {
    // Asks 3, 4, 5, bids 2, 4, 6 at one price: every border between two orders makes a trade. 3 + 3 − 1.
    let book = book(&[(1, 3, 100), (2, 4, 100), (3, 5, 100)], &[(4, 2, 100), (5, 4, 100), (6, 6, 100)]);
    let expected = [(1, 4, 2_000, 200), (1, 5, 1_000, 100), (2, 5, 3_000, 300), (2, 6, 1_000, 100), (3, 6, 5_000, 500)];
    // In lots of 3 kWh, too: trades of 1 and 2 are what is left of an order.
    for lot in [0, 1, 3_000] {
        assert_eq!(deals(&clear(&book, MIDPOINT, lot, &mut CopperPlate)), expected);
    }
}

#[test]
fn book_10_nothing_of_no_quantity_and_nothing_absurd_sets_a_price() {
    // An empty ask and an empty bid that would be the marginal pair, and a bid beyond all prices.
    let asks = [(1, 2, 100), (2, 0, 250), (3, 0, 50)];
    let bids = [(4, 2, 300), (5, 0, 260), (6, 1, MAX_PRICE + 1)];
    let cleared = plain(&asks, &bids, PAY_AS_CLEAR);
    assert_eq!(cleared.uniform, Some(FinePrice::of(200)));
    assert_eq!(deals(&cleared), [(1, 4, 2_000, 400)]);
    // In the order in which they are met; bid 5 is not looked at any more once the asks are at an end.
    assert_eq!(cleared.passed_over(), [(Side::Ask, 3), (Side::Bid, 6), (Side::Ask, 2)]);
}

/// The substation, then two buses in a row, whose voltages move by 10 and 30 · 10⁻¹² pu a W at their own injection;
/// limits ±10 %.
fn feeder(far_end: u32) -> Feeder {
    Feeder {
        base: vec![1_000_000_000, 990_000_000, far_end].try_into().unwrap(),
        sensitivities: vec![0, 0, 0, 0, 10, 10, 0, 10, 30].try_into().unwrap(),
        lower: 900_000_000,
        upper: 1_100_000_000,
    }
}

/// Clears orders (number, MWh, price, bus) in slots of an hour, where Wh and W are the same number.
fn on_feeder(far_end: u32, asks: &[(OrderId, Wh, Price, u16)], bids: &[(OrderId, Wh, Price, u16)], lot: Wh) -> Cleared {
    let orders = |rows: &[(OrderId, Wh, Price, u16)]| {
        rows.iter().map(|&(id, mwh, price, bus)| order(id, mwh * 1_000_000, price, bus)).collect::<Vec<_>>()
    };
    let feeder = feeder(far_end);
    let mut voltages = Voltages::new(&feeder, 3_600_000, State::default());
    clear(&MemoryBook::new(&orders(asks), &orders(bids)), MIDPOINT, lot, &mut voltages)
}

#[test]
fn book_11_a_bid_at_a_weak_bus_does_not_stop_the_others() {
    // Bus 3 is 0.00009 pu above its limit: 3 MWh may come from bus 1, 4.5 from bus 2, 9 may go from bus 1 to bus 2.
    // Bid 3 is the best. With 3 MWh it is over for bid 3, and bus 3 bears nothing more.
    let asks = [(1, 5, 100, 1), (2, 5, 110, 2)];
    let bids = [(3, 9, 400, 3), (4, 6, 200, 2), (5, 7, 150, 1)];
    let cleared = on_feeder(900_090_000, &asks, &bids, 1_000);
    // 3 MWh at 250. From bus 1 to bus 2 bus 3 would fall too: bid 4 is in the way. Bid 5 is at ask 1's own bus: 2 MWh
    // at 125; then 5 MWh from bus 2, which lifts bus 3, at 130.
    let expected = [(1, 3, 3_000_000, 750_000), (1, 5, 2_000_000, 250_000), (2, 5, 5_000_000, 650_000)];
    assert_eq!(deals(&cleared), expected);
    let limits: Vec<_> = cleared.trades().iter().map(|trade| trade.limited_by).collect();
    assert_eq!(limits, [Some(Side::Bid), None, None]);
    assert_eq!(cleared.passed_over(), [(Side::Bid, 4)]);
}

#[test]
fn book_12_less_than_a_lot_is_not_worth_a_trade() {
    // As before, but in lots of 4 MWh: bid 3 gets nothing, so there is room for 9 MWh from bus 1 to bus 2.
    let asks = [(1, 5, 100, 1), (2, 5, 110, 2)];
    let bids = [(3, 9, 400, 3), (4, 6, 200, 2)];
    let cleared = on_feeder(900_090_000, &asks, &bids, 4_000_000);
    // 5 MWh at 150; the last MWh of bid 4 at its own bus, at 155.
    assert_eq!(deals(&cleared), [(1, 4, 5_000_000, 750_000), (2, 4, 1_000_000, 155_000)]);
    assert_eq!(cleared.passed_over(), [(Side::Bid, 3)]);
}

#[test]
fn book_13_a_plant_at_the_end_of_the_line_sells_what_the_line_bears() {
    // Bus 3 is 0.00009 pu below its upper limit: it may give 3 MWh to bus 1.
    let asks = [(1, 5, 100, 3), (2, 1, 105, 3), (3, 5, 110, 1)];
    let cleared = on_feeder(1_099_910_000, &asks, &[(4, 9, 200, 1)], 1_000);
    // 3 MWh at 150, then the plant beside it is in the way, too; 5 MWh at 155 from the substation. 1 MWh is missing.
    assert_eq!(deals(&cleared), [(1, 4, 3_000_000, 450_000), (3, 4, 5_000_000, 775_000)]);
    assert_eq!(cleared.trades()[0].limited_by, Some(Side::Ask));
    assert_eq!(cleared.passed_over(), [(Side::Ask, 2)]);
}
