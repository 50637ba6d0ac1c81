//! Clearing as one would explain it, without regard to cost: look for the best pair among all orders, try every
//! quantity, count every voltage anew from all trades made so far.

use gridpeg_header::Millis;
use gridpeg_market::{units::MAX_PRICE, Bus, Feeder, Order, OrderId, Pricing, Rule, Side, Wh};

/// A trade, as far as the rules say how it must be.
#[derive(Debug, PartialEq)]
pub struct Deal {
    pub ask: OrderId,
    pub bid: OrderId,
    pub quantity: Wh,
    /// Times 10,000.
    pub price: u128,
    pub turnover: u128,
    pub limited_by: Option<Side>,
}

/// Ask, bid, quantity, and whose order the voltages stopped.
type Pair = (Order<u32>, Order<u32>, Wh, Option<Side>);

/// A feeder and the length of a slot.
pub type Network<'a> = Option<(&'a Feeder, Millis)>;

/// The deals in order, and which orders the voltages excluded without a deal.
pub fn clear(
    asks: &[Order<u32>],
    bids: &[Order<u32>],
    pricing: Pricing,
    lot: Wh,
    network: Network<'_>,
) -> (Vec<Deal>, Vec<(Side, OrderId)>) {
    let valid = |order: &&Order<u32>| order.quantity > 0 && order.limit <= MAX_PRICE;
    let mut asks: Vec<Order<u32>> = asks.iter().filter(valid).cloned().collect();
    let mut bids: Vec<Order<u32>> = bids.iter().filter(valid).cloned().collect();
    let mut pairs: Vec<Pair> = Vec::new();
    let mut excluded = Vec::new();
    loop {
        let best_ask = (0..asks.len()).min_by_key(|i| (asks[*i].limit, asks[*i].id));
        let best_bid = (0..bids.len()).min_by_key(|i| (u128::MAX - bids[*i].limit, bids[*i].id));
        let (Some(a), Some(b)) = (best_ask, best_bid) else { break };
        let (ask, bid) = (asks[a].clone(), bids[b].clone());
        if bid.limit < ask.limit {
            break;
        }
        let moved: Vec<(Bus, Bus, Wh)> =
            pairs.iter().map(|(ask, bid, quantity, _)| (ask.bus, bid.bus, *quantity)).collect();
        let in_the_way = |quantity: Wh| obstacle(network, &moved, (ask.bus, bid.bus, quantity));
        let wanted = ask.quantity.min(bid.quantity);
        let quantity = (0..=wanted).rev().find(|quantity| in_the_way(*quantity).is_none()).unwrap();
        let limited_by = if quantity < wanted { in_the_way(quantity + 1) } else { None };
        if limited_by.is_none() || quantity >= lot.max(1) {
            asks[a].quantity -= quantity;
            bids[b].quantity -= quantity;
            pairs.push((ask, bid, quantity, limited_by));
        } else {
            excluded.extend(limited_by.map(|side| (side, if side == Side::Ask { ask.id } else { bid.id })));
        }
        if asks[a].quantity == 0 || limited_by == Some(Side::Ask) {
            asks.remove(a);
        }
        if bids[b].quantity == 0 || limited_by == Some(Side::Bid) {
            bids.remove(b);
        }
    }
    let between = |ask: u128, bid: u128| ask * (10_000 - u128::from(pricing.k)) + bid * u128::from(pricing.k);
    let marginal = pairs.last().map(|(ask, bid, ..)| between(ask.limit, bid.limit));
    let deal = |(ask, bid, quantity, limited_by): &(Order<u32>, Order<u32>, Wh, Option<Side>)| {
        let price = match pricing.rule {
            Rule::PayAsClear => marginal.unwrap(),
            Rule::Midpoint => between(ask.limit, bid.limit),
        };
        let turnover = u128::from(*quantity) * price / 10_000_000;
        Deal { ask: ask.id, bid: bid.id, quantity: *quantity, price, turnover, limited_by: *limited_by }
    };
    (pairs.iter().map(deal).collect(), excluded)
}

/// Whose order is in the way of one more trade on top of others: the ask where a voltage rises out of its limits or
/// further out of them, the bid where one falls so.
fn obstacle(network: Network<'_>, moved: &[(Bus, Bus, Wh)], trade: (Bus, Bus, Wh)) -> Option<Side> {
    let (feeder, length) = network?;
    if trade.2 == 0 {
        return None;
    }
    let known = |bus: Bus| bus >= 1 && usize::from(bus) <= feeder.base.len();
    if !known(trade.0) {
        return Some(Side::Ask);
    }
    if !known(trade.1) {
        return Some(Side::Bid);
    }
    let before = voltages(feeder, length, moved);
    let after = voltages(feeder, length, &[moved, &[trade]].concat());
    let limit = |voltage: u32| i128::from(voltage) * 1_000 * i128::from(length);
    let both = || before.iter().zip(&after);
    if both().any(|(was, is)| is > was && *is > limit(feeder.upper)) {
        return Some(Side::Ask);
    }
    both().any(|(was, is)| is < was && *is < limit(feeder.lower)).then_some(Side::Bid)
}

/// Each bus's voltage after these trades, in 10⁻¹² pu times the slot's length in ms.
pub fn voltages(feeder: &Feeder, length: Millis, moved: &[(Bus, Bus, Wh)]) -> Vec<i128> {
    let buses = feeder.base.len();
    let sensitivity = |j: usize, bus: Bus| i128::from(feeder.sensitivities[j * buses + usize::from(bus) - 1]);
    let voltage = |j: usize| {
        let rise: i128 = moved
            .iter()
            .map(|&(seller, buyer, quantity)| {
                (sensitivity(j, seller) - sensitivity(j, buyer)) * i128::from(quantity) * 3_600_000
            })
            .sum();
        i128::from(feeder.base[j]) * 1_000 * i128::from(length) + rise
    };
    (0..buses).map(voltage).collect()
}
