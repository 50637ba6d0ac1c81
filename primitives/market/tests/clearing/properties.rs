//! What holds for every book, on the IEEE 33-bus feeder.

use crate::{
    books::{clear, clear_in_parts, order, Cleared, MemoryBook},
    reference,
};
use codec::{Decode, Encode, MaxEncodedLen};
use gridpeg_market::{
    feeder33, units::turnover, voltage::State, Bus, Clearing, CopperPlate, FinePrice, Order, Price, Pricing, Rule,
    Side, Trade, Voltages, Wh,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A quarter of an hour.
const SLOT: u64 = 900_000;

#[derive(Clone, Debug)]
struct Sample {
    asks: Vec<Order<u32>>,
    bids: Vec<Order<u32>>,
    pricing: Pricing,
    lot: Wh,
}

impl Sample {
    fn book(&self) -> MemoryBook {
        MemoryBook::new(&self.asks, &self.bids)
    }

    fn clear(&self) -> Cleared {
        let feeder = feeder33::feeder();
        clear(&self.book(), self.pricing, self.lot, &mut Voltages::new(&feeder, SLOT, State::default()))
    }

    fn order(&self, side: Side, id: u64) -> &Order<u32> {
        let orders = if side == Side::Ask { &self.asks } else { &self.bids };
        orders.iter().find(|order| order.id == id).unwrap()
    }
}

/// Up to 60 kWh each, that is 240 kW: bus 18 bears 41 kWh from the substation.
fn samples() -> impl Strategy<Value = Sample> {
    let row = || (0..60_000u64, 0..1_000u128, 1..=33u16);
    let rows = || proptest::collection::vec(row(), 0..25);
    let rule = prop_oneof![Just(Rule::PayAsClear), Just(Rule::Midpoint)];
    (rows(), rows(), rule, 0..=10_000u32, 0..20_000u64).prop_map(|(asks, bids, rule, k, lot)| {
        let mut ids = 1u64..;
        let mut orders = |rows: Vec<(Wh, Price, Bus)>, above: Price| -> Vec<Order<u32>> {
            rows.into_iter()
                .zip(&mut ids)
                .map(|((quantity, limit, bus), id)| order(id, quantity, limit + above, bus))
                .collect()
        };
        let (asks, bids) = (orders(asks, 0), orders(bids, 300));
        Sample { asks, bids, pricing: Pricing { rule, k }, lot }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn nobody_trades_more_than_the_order_or_at_a_worse_price(sample in samples()) {
        let cleared = sample.clear();
        let mut left: BTreeMap<(Side, u64), Wh> = BTreeMap::new();
        left.extend(sample.asks.iter().map(|ask| ((Side::Ask, ask.id), ask.quantity)));
        left.extend(sample.bids.iter().map(|bid| ((Side::Bid, bid.id), bid.quantity)));
        for trade in cleared.trades() {
            let (ask, bid) = (sample.order(Side::Ask, trade.ask), sample.order(Side::Bid, trade.bid));
            let (before_ask, before_bid) = (left[&(Side::Ask, ask.id)], left[&(Side::Bid, bid.id)]);
            prop_assert!(trade.quantity > 0 && trade.quantity <= before_ask && trade.quantity <= before_bid);
            // Less than a lot only if it is the rest of an order.
            let rest = trade.quantity == before_ask || trade.quantity == before_bid;
            prop_assert!(trade.quantity >= sample.lot || rest);
            prop_assert!(rest || trade.limited_by.is_some());
            left.insert((Side::Ask, ask.id), before_ask - trade.quantity);
            left.insert((Side::Bid, bid.id), before_bid - trade.quantity);
            prop_assert!(FinePrice::of(ask.limit) <= trade.price && trade.price <= FinePrice::of(bid.limit));
            // What the buyer has held for it is enough, and the seller gets no less than asked.
            prop_assert!(trade.turnover() <= turnover(trade.quantity, bid.limit).unwrap());
            prop_assert!(trade.turnover() >= turnover(trade.quantity, ask.limit).unwrap());
        }
        // Nothing is lost: what left the asks is what left the bids.
        let sum = |side: Side| -> u128 {
            let orders = if side == Side::Ask { &sample.asks } else { &sample.bids };
            orders.iter().map(|order| u128::from(order.quantity - left[&(side, order.id)])).sum()
        };
        prop_assert_eq!(sum(Side::Ask), cleared.totals.energy);
        prop_assert_eq!(sum(Side::Bid), cleared.totals.energy);
    }

    #[test]
    fn trades_are_few_and_in_order(sample in samples()) {
        let cleared = sample.clear();
        let trades = cleared.trades();
        let (asks, bids) = (sample.asks.len(), sample.bids.len());
        prop_assert!(trades.len() <= (asks + bids).saturating_sub(1));
        prop_assert!(cleared.steps <= Clearing::<u32>::most_steps(sample.pricing.rule, asks as u32, bids as u32));
        let key = |side: Side, id: u64| sample.order(side, id).key(side);
        prop_assert!(trades.iter().map(|trade| key(Side::Ask, trade.ask)).is_sorted());
        prop_assert!(trades.iter().map(|trade| key(Side::Bid, trade.bid)).is_sorted());
        prop_assert!((0..).zip(&trades).all(|(number, trade)| trade.number == number));
        if sample.pricing.rule == Rule::PayAsClear {
            prop_assert!(trades.iter().all(|trade| Some(trade.price) == cleared.uniform));
            prop_assert_eq!(cleared.uniform.is_some(), !trades.is_empty());
        }
        // Nobody trades after being passed over.
        for (number, trade) in trades.iter().enumerate() {
            let later = &trades[number + 1..];
            match trade.limited_by {
                Some(Side::Ask) => prop_assert!(later.iter().all(|other| other.ask != trade.ask)),
                Some(Side::Bid) => prop_assert!(later.iter().all(|other| other.bid != trade.bid)),
                None => {}
            }
        }
        for (side, id) in cleared.passed_over() {
            let of = |trade: &Trade<u32>| if side == Side::Ask { trade.ask } else { trade.bid };
            prop_assert!(trades.iter().all(|trade| trade.limited_by != Some(side) || of(trade) != id));
        }
    }

    #[test]
    fn the_mean_price_is_that_of_the_trades(sample in samples()) {
        let cleared = sample.clear();
        let trades = cleared.trades();
        let value: u128 = trades.iter().map(|trade| u128::from(trade.quantity) * trade.price.get()).sum();
        let energy: u128 = trades.iter().map(|trade| u128::from(trade.quantity)).sum();
        prop_assert_eq!(cleared.totals.mean_price(), (energy > 0).then(|| value / (energy * 10_000)));
        prop_assert_eq!(cleared.totals.trades as usize, trades.len());
    }

    #[test]
    fn no_trade_makes_a_voltage_worse(sample in samples()) {
        let feeder = feeder33::feeder();
        let limit = |voltage: u32| i128::from(voltage) * 1_000 * i128::from(SLOT);
        let mut moved = Vec::new();
        let mut before = reference::voltages(&feeder, SLOT, &moved);
        let first = before.clone();
        for trade in sample.clear().trades() {
            let (seller, buyer) = (sample.order(Side::Ask, trade.ask).bus, sample.order(Side::Bid, trade.bid).bus);
            moved.push((seller, buyer, trade.quantity));
            let after = reference::voltages(&feeder, SLOT, &moved);
            for (was, is) in before.iter().zip(&after) {
                prop_assert!(*is >= limit(feeder.lower).min(*was) && *is <= limit(feeder.upper).max(*was));
            }
            before = after;
        }
        for (was, is) in first.iter().zip(&before) {
            prop_assert!(*is >= limit(feeder.lower).min(*was) && *is <= limit(feeder.upper).max(*was));
        }
    }

    #[test]
    fn it_may_stop_and_go_on_anywhere(sample in samples(), parts in proptest::collection::vec(0..6u32, 0..20)) {
        let feeder = feeder33::feeder();
        let grid = Voltages::new(&feeder, SLOT, State::default());
        let keep = |grid: Voltages| {
            let kept = grid.into_state().encode();
            assert!(kept.len() <= State::max_encoded_len());
            Voltages::new(&feeder, SLOT, State::decode(&mut &kept[..]).unwrap())
        };
        let parted = clear_in_parts(sample.book(), sample.pricing, sample.lot, grid, &parts, keep);
        prop_assert_eq!(parted, sample.clear());
    }

    #[test]
    fn without_a_network_as_much_is_traded_as_can_be(sample in samples()) {
        let cleared = clear(&sample.book(), sample.pricing, sample.lot, &mut CopperPlate);
        // At any price no more is traded than is offered up to it or asked for from it on.
        let offered = |price: Price| -> u128 {
            sample.asks.iter().filter(|ask| ask.limit <= price).map(|ask| u128::from(ask.quantity)).sum()
        };
        let wanted = |price: Price| -> u128 {
            sample.bids.iter().filter(|bid| bid.limit >= price).map(|bid| u128::from(bid.quantity)).sum()
        };
        let prices = sample.asks.iter().chain(&sample.bids).map(|order| order.limit);
        let most = prices.map(|price| offered(price).min(wanted(price))).max().unwrap_or(0);
        prop_assert_eq!(cleared.totals.energy, most);
        prop_assert!(cleared.trades().iter().all(|trade| trade.limited_by.is_none()));
        // Copper or not, the same orders are not allowed to trade more.
        prop_assert!(sample.clear().totals.energy <= most);
    }

    #[test]
    fn who_trades_how_much_does_not_depend_on_the_price(sample in samples(), k in 0..=10_000u32) {
        let pairs = |pricing: Pricing| -> Vec<_> {
            let cleared = Sample { pricing, ..sample.clone() }.clear();
            cleared.trades().iter().map(|trade| (trade.ask, trade.bid, trade.quantity, trade.limited_by)).collect()
        };
        let expected = pairs(sample.pricing);
        prop_assert_eq!(&pairs(Pricing { rule: Rule::Midpoint, k }), &expected);
        prop_assert_eq!(&pairs(Pricing { rule: Rule::PayAsClear, k }), &expected);
    }
}

#[test]
fn what_is_kept_between_blocks_is_bounded() {
    assert!(Clearing::<u32>::max_encoded_len() < 400, "{}", Clearing::<u32>::max_encoded_len());
    assert!(Clearing::<[u8; 32]>::max_encoded_len() < 450, "{}", Clearing::<[u8; 32]>::max_encoded_len());
    assert!(State::max_encoded_len() < 2_100);
}
