//! Books in memory, and what came of clearing one.

use codec::{Decode, Encode};
use gridpeg_market::{
    book::Key, clearing::Totals, Book, Bus, Clearing, Event, FinePrice, Grid, Order, OrderId, Price, Pricing, Rule,
    Side, Trade, Wh,
};
use std::{collections::BTreeMap, ops::Bound};

/// The middle, by either rule.
pub const MIDPOINT: Pricing = Pricing { rule: Rule::Midpoint, k: 5_000 };
pub const PAY_AS_CLEAR: Pricing = Pricing { rule: Rule::PayAsClear, k: 5_000 };

/// An order of the account that has the order's number.
pub fn order(id: OrderId, quantity: Wh, limit: Price, bus: Bus) -> Order<u32> {
    Order { id, account: id as u32, quantity, limit, bus }
}

#[derive(Clone)]
pub struct MemoryBook {
    asks: BTreeMap<Key, Order<u32>>,
    bids: BTreeMap<Key, Order<u32>>,
}

impl MemoryBook {
    pub fn new(asks: &[Order<u32>], bids: &[Order<u32>]) -> Self {
        let sorted = |side: Side, orders: &[Order<u32>]| orders.iter().map(|o| (o.key(side), o.clone())).collect();
        Self { asks: sorted(Side::Ask, asks), bids: sorted(Side::Bid, bids) }
    }

    fn side(&self, side: Side) -> &BTreeMap<Key, Order<u32>> {
        match side {
            Side::Ask => &self.asks,
            Side::Bid => &self.bids,
        }
    }

    /// What is traded leaves the book, as in a chain's storage.
    pub fn use_up(&mut self, trade: &Trade<u32>) {
        for (orders, id) in [(&mut self.asks, trade.ask), (&mut self.bids, trade.bid)] {
            orders.values_mut().filter(|order| order.id == id).for_each(|order| order.quantity -= trade.quantity);
            orders.retain(|_, order| order.id != id || order.quantity > 0);
        }
    }
}

impl Book<u32> for MemoryBook {
    fn orders(&self, side: Side, after: Option<Key>) -> impl Iterator<Item = Order<u32>> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.side(side).range::<Key, _>((from, Bound::Unbounded)).map(|(_, order)| order.clone())
    }
}

/// All that came of a clearing.
#[derive(Debug, PartialEq)]
pub struct Cleared {
    pub events: Vec<Event<u32>>,
    pub uniform: Option<FinePrice>,
    pub totals: Totals,
    pub steps: u64,
}

impl Cleared {
    pub fn trades(&self) -> Vec<&Trade<u32>> {
        self.events
            .iter()
            .filter_map(|event| match event {
                Event::Traded(trade) => Some(trade),
                Event::PassedOver { .. } | Event::Uncrossed { .. } => None,
            })
            .collect()
    }

    pub fn passed_over(&self) -> Vec<(Side, OrderId)> {
        self.events
            .iter()
            .filter_map(|event| match event {
                Event::PassedOver { side, order, .. } => Some((*side, *order)),
                Event::Traded(_) | Event::Uncrossed { .. } => None,
            })
            .collect()
    }
}

/// Clears a book in one go.
pub fn clear(book: &MemoryBook, pricing: Pricing, lot: Wh, grid: &mut impl Grid) -> Cleared {
    let mut clearing = Clearing::new(pricing, lot);
    let mut events = Vec::new();
    let steps = clearing.run(book, grid, u32::MAX, |event| events.push(event));
    assert!(clearing.is_done());
    finished(clearing, events, steps.into())
}

/// Clears a book in calls of so many steps each, then in calls of one. Between two calls only encodings are kept, and
/// what is traded leaves the book; `keep` does the same to the grid.
pub fn clear_in_parts<G: Grid>(
    mut book: MemoryBook,
    pricing: Pricing,
    lot: Wh,
    mut grid: G,
    parts: &[u32],
    mut keep: impl FnMut(G) -> G,
) -> Cleared {
    let mut clearing = Clearing::new(pricing, lot);
    let mut events = Vec::new();
    let mut steps = 0u64;
    let mut parts = parts.iter().copied().chain(std::iter::repeat(1));
    while !clearing.is_done() {
        let most = parts.next().unwrap();
        let before = events.len();
        let taken = clearing.run(&book, &mut grid, most, |event| events.push(event));
        assert!(taken == most || clearing.is_done());
        steps += u64::from(taken);
        for event in &events[before..] {
            if let Event::Traded(trade) = event {
                book.use_up(trade);
            }
        }
        clearing = Clearing::decode(&mut &clearing.encode()[..]).unwrap();
        grid = keep(grid);
    }
    finished(clearing, events, steps)
}

fn finished(clearing: Clearing<u32>, events: Vec<Event<u32>>, steps: u64) -> Cleared {
    Cleared { events, uniform: clearing.uniform_price(), totals: clearing.totals().clone(), steps }
}
