//! Writes random books and what the clearing made of them, as lines of JSON: `books [COUNT]`, 200 if left out.
//!
//! The first line is the IEEE 33-bus feeder with the length of a slot, each further one a book. Every second book is
//! cleared on that feeder, the others without a network; all in lots of 1 Wh. A book is the same on every machine and
//! whatever the count is. `scripts/market/welfare` compares the trades with the best there are.
//!
//! | in a line | |
//! |---|---|
//! | order | number, Wh, limit in 10⁻¹² coin per kWh, bus |
//! | trade | ask, bid, Wh, price in 10⁻¹⁶ coin per kWh (a string, because it may be above 2⁵³) |

use gridpeg_market::{
    book::Key, feeder33, voltage::State, Book, Bus, Clearing, CopperPlate, Event, Feeder, Order, OrderId, Price,
    Pricing, Rule, Side, Trade, Voltages, Wh,
};
use serde_json::{json, Value};
use std::{
    collections::BTreeMap,
    env,
    error::Error,
    io::{self, BufWriter, Write},
    ops::Bound,
};

/// A quarter of an hour.
const SLOT_LENGTH: u64 = 900_000;
/// Most orders of a side.
const ORDERS: u64 = 25;
/// The largest order of a book, Wh: on average over the slot 80, 240 or 800 kW. The feeder's load is 3,715 kW.
const LARGEST: [Wh; 3] = [20_000, 60_000, 200_000];
/// Limits are multiples of a thousandth of a coin, so that there are ties.
const UNIT: Price = 1_000_000_000;
/// The lowest limits of asks and bids and how far they go up, in units: some pairs cross, others do not.
const LOWEST: [u64; 2] = [300, 400];
const RANGE: u64 = 400;

fn main() -> Result<(), Box<dyn Error>> {
    let count: u64 = match env::args().nth(1) {
        Some(count) => count.parse()?,
        None => 200,
    };
    let feeder = feeder33::feeder();
    let mut out = BufWriter::new(io::stdout().lock());
    writeln!(out, "{}", tables(&feeder))?;
    for number in 0..count {
        writeln!(out, "{}", Sample::draw(number, &feeder).line())?;
    }
    out.flush()?;
    Ok(())
}

fn tables(feeder: &Feeder) -> Value {
    let rows: Vec<&[i64]> = feeder.sensitivities.chunks(feeder.base.len()).collect();
    json!({
        "base": feeder.base.to_vec(),
        "sensitivities": rows,
        "lower": feeder.lower,
        "upper": feeder.upper,
        "slotLength": SLOT_LENGTH,
    })
}

/// A book, and what came of it.
struct Sample {
    number: u64,
    network: bool,
    pricing: Pricing,
    largest: Wh,
    book: MemoryBook,
    trades: Vec<Trade<u32>>,
}

impl Sample {
    fn draw(number: u64, feeder: &Feeder) -> Self {
        let mut random = Random(number);
        let rule = if random.below(2) == 0 { Rule::PayAsClear } else { Rule::Midpoint };
        let k = random.one_of([0, 1, 3_333, 5_000, 10_000]);
        let largest = random.one_of(LARGEST);
        let mut id: OrderId = 0;
        let [asks, bids] = LOWEST.map(|lowest| {
            let count = 1 + random.below(ORDERS);
            let mut side = Vec::new();
            for _ in 0..count {
                // Numbers in no order of place.
                id += 1 + random.below(3);
                let quantity = 1 + random.below(largest);
                let limit = Price::from(lowest + random.below(RANGE)) * UNIT;
                let bus = 1 + random.below(feeder.buses().into());
                side.push(Order { id: id ^ 5, account: id as u32, quantity, limit, bus: bus as Bus });
            }
            side
        });

        let book = MemoryBook::new(&asks, &bids);
        let (network, pricing) = (number % 2 == 1, Pricing { rule, k });
        let mut trades = Vec::new();
        let mut clearing = Clearing::new(pricing, 1);
        let note = |event: Event<u32>| {
            if let Event::Traded(trade) = event {
                trades.push(trade);
            }
        };
        if network {
            let mut voltages = Voltages::new(feeder, SLOT_LENGTH, State::default());
            clearing.run(&book, &mut voltages, u32::MAX, note);
        } else {
            clearing.run(&book, &mut CopperPlate, u32::MAX, note);
        }
        Self { number, network, pricing, largest, book, trades }
    }

    fn line(&self) -> Value {
        let rule = match self.pricing.rule {
            Rule::PayAsClear => "payAsClear",
            Rule::Midpoint => "midpoint",
        };
        // Limits are far below 2⁵³.
        let order = |order: &Order<u32>| json!([order.id, order.quantity, order.limit as u64, order.bus]);
        let orders = |orders: &BTreeMap<Key, Order<u32>>| orders.values().map(order).collect::<Vec<_>>();
        let trade = |trade: &Trade<u32>| json!([trade.ask, trade.bid, trade.quantity, trade.price.get().to_string()]);
        json!({
            "book": self.number,
            "network": self.network,
            "rule": rule,
            "k": self.pricing.k,
            "largest": self.largest,
            "asks": orders(&self.book.asks),
            "bids": orders(&self.book.bids),
            "trades": self.trades.iter().map(trade).collect::<Vec<_>>(),
        })
    }
}

struct MemoryBook {
    asks: BTreeMap<Key, Order<u32>>,
    bids: BTreeMap<Key, Order<u32>>,
}

impl MemoryBook {
    fn new(asks: &[Order<u32>], bids: &[Order<u32>]) -> Self {
        let sorted = |side: Side, orders: &[Order<u32>]| orders.iter().map(|o| (o.key(side), o.clone())).collect();
        Self { asks: sorted(Side::Ask, asks), bids: sorted(Side::Bid, bids) }
    }
}

impl Book<u32> for MemoryBook {
    fn orders(&self, side: Side, after: Option<Key>) -> impl Iterator<Item = Order<u32>> {
        let orders = match side {
            Side::Ask => &self.asks,
            Side::Bid => &self.bids,
        };
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        orders.range::<Key, _>((from, Bound::Unbounded)).map(|(_, order)| order.clone())
    }
}

/// SplitMix64: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `bound` − 1.
    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn one_of<const N: usize, T: Copy>(&mut self, choices: [T; N]) -> T {
        choices[self.below(N as u64) as usize]
    }
}
