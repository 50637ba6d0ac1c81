//! The books that are measured, and what the rules make of them natively.

use gridpeg_market::{
    feeder33, voltage::State, Book, Bus, Clearing, Event, Key, Order, OrderId, Price, Pricing, Side, SiteId, Trade,
    Voltages, Wh,
};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// Orders of each side.
pub const ORDERS: u32 = 10_000;
/// Sites of each side, each of an account of its own: sellers have the numbers from 0, buyers those after them.
pub const SITES: u32 = 160;
/// Length of a slot, in ms.
pub const SLOT_LENGTH: u64 = 900_000;
/// The minimum lot, in Wh.
pub const LOT: Wh = 1;

/// A thousandth of a coin per kWh.
const UNIT: Price = 1_000_000_000;

/// A book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Each order but the first bid meets two of the other side: as many trades as so many orders can make.
    Borders,
    /// Quantities and limits are drawn; a part does not cross.
    Random,
    /// As the first, all at one limit: order by number alone.
    OnePrice,
}

impl Case {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Borders, Self::Random, Self::OnePrice];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Borders => "borders",
            Self::Random => "random",
            Self::OnePrice => "one price",
        }
    }

    /// Its orders, in the order in which they are placed. The same on every machine.
    pub fn draw(self) -> Vec<Offer> {
        let mut random = Random(1);
        let mut offers = Vec::new();
        for side in [Side::Ask, Side::Bid] {
            for number in 0..ORDERS {
                offers.push(self.offer(side, number, &mut random));
            }
        }
        for last in (1..offers.len()).rev() {
            let other = random.below(last as u64 + 1) as usize;
            offers.swap(last, other);
        }
        if self != Self::Random {
            // All orders are of 2 Wh, and this shifts one side against the other.
            let first = offers.iter_mut().find(|offer| offer.side == Side::Bid).expect("there are bids");
            first.quantity = 1;
        }
        offers
    }

    fn offer(self, side: Side, number: u32, random: &mut Random) -> Offer {
        let (quantity, units) = match (self, side) {
            (Self::Borders, Side::Ask) => (2, 400),
            (Self::Borders, Side::Bid) => (2, 600),
            (Self::OnePrice, _) => (2, 500),
            (Self::Random, Side::Ask) => (1 + random.below(20), 300 + random.below(401)),
            (Self::Random, Side::Bid) => (1 + random.below(20), 400 + random.below(401)),
        };
        let first = match side {
            Side::Ask => 0,
            Side::Bid => SITES,
        };
        Offer { site: first + number % SITES, side, quantity, limit: Price::from(units) * UNIT }
    }
}

/// The bus of a site: sellers and buyers at the same ones, the substation left out.
pub fn bus_of(site: SiteId) -> Bus {
    2 + (site % (feeder33::BUSES - 1)) as Bus
}

/// An order before it is placed.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    /// For which site.
    pub site: SiteId,
    /// On which side.
    pub side: Side,
    /// How much.
    pub quantity: Wh,
    /// At which limit.
    pub limit: Price,
}

/// What the pure function makes of a book, without a chain.
pub struct Native {
    /// The trades, by number. Accounts are sites.
    pub trades: Vec<Trade<SiteId>>,
    /// How long that took.
    pub time: Duration,
}

impl Native {
    /// Clears these orders, numbered as they are placed. The voltages must let all of it through: otherwise figures
    /// would be about them.
    pub fn clear(offers: &[Offer], pricing: Pricing) -> Self {
        let book = MemoryBook::new(offers);
        let feeder = feeder33::feeder();
        let mut voltages = Voltages::new(&feeder, SLOT_LENGTH, State::default());
        let mut clearing = Clearing::new(pricing, LOT);
        let mut events = Vec::new();
        let begin = Instant::now();
        clearing.run(&book, &mut voltages, u32::MAX, |event| events.push(event));
        let time = begin.elapsed();
        assert!(clearing.is_done());
        let trade = |event: Event<SiteId>| match event {
            Event::Traded(trade) => trade,
            other => panic!("the voltages are in the way: {other:?}"),
        };
        let trades: Vec<Trade<SiteId>> = events.into_iter().map(trade).collect();
        assert!(trades.iter().all(|trade| trade.limited_by.is_none()), "the voltages are in the way");
        Self { trades, time }
    }

    /// What each site has sold or bought.
    pub fn energy(&self) -> BTreeMap<SiteId, Wh> {
        let mut energy = BTreeMap::new();
        for trade in &self.trades {
            for site in [trade.seller, trade.buyer] {
                *energy.entry(site).or_default() += trade.quantity;
            }
        }
        energy
    }
}

/// Both sides, in order of priority.
struct MemoryBook {
    asks: Vec<(Key, Order<SiteId>)>,
    bids: Vec<(Key, Order<SiteId>)>,
}

impl MemoryBook {
    fn new(offers: &[Offer]) -> Self {
        let sorted = |side: Side| {
            let numbered = (0..).zip(offers).filter(|(_, offer)| offer.side == side);
            let mut orders: Vec<(Key, Order<SiteId>)> = numbered
                .map(|(id, offer): (OrderId, &Offer)| {
                    let Offer { site, quantity, limit, .. } = *offer;
                    let order = Order { id, account: site, quantity, limit, bus: bus_of(site) };
                    (order.key(side), order)
                })
                .collect();
            orders.sort_by_key(|(key, _)| *key);
            orders
        };
        Self { asks: sorted(Side::Ask), bids: sorted(Side::Bid) }
    }
}

impl Book<SiteId> for MemoryBook {
    fn orders(&self, side: Side, after: Option<Key>) -> impl Iterator<Item = Order<SiteId>> {
        let orders = match side {
            Side::Ask => &self.asks,
            Side::Bid => &self.bids,
        };
        let from = after.map_or(0, |after| orders.partition_point(|(key, _)| *key <= after));
        orders.iter().skip(from).map(|(_, order)| order.clone())
    }
}

/// SplitMix64: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `bound` − 1.
    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}
