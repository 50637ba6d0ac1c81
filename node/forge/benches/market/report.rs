//! What is printed.

use crate::phases::Full;
use std::time::Duration;

/// Trades a second of gsy-node, by its declared weights.
const PEER: f64 = 810.0;
/// How many times as many the market is to make.
const GOAL: f64 = 10.0;
/// Block times in seconds: of the development chain, and of the production template.
const BLOCK_TIMES: [f64; 2] = [3.0, 15.0];

/// Some blocks, and what they take beyond as many empty ones.
#[derive(Clone, Copy)]
pub struct Phase {
    /// How many there are.
    pub blocks: usize,
    /// Their weight, in seconds.
    pub weight: f64,
    /// What it takes to execute them, in seconds.
    pub time: f64,
}

impl Phase {
    fn and(self, other: Self) -> Self {
        Self { blocks: self.blocks + other.blocks, weight: self.weight + other.weight, time: self.time + other.time }
    }

    fn line(&self, name: &str) {
        let Self { blocks, weight, time } = *self;
        let [development, template] = BLOCK_TIMES.map(|block_time| blocks as f64 * block_time);
        println!("  {name:<22} {blocks:>6} {weight:>10.3} {time:>12.3} {development:>12.0} {template:>12.0}");
    }
}

/// What has come of a book.
pub struct Outcome {
    /// Book and pricing.
    pub name: String,
    /// How many orders there were.
    pub orders: usize,
    /// How many trades they made.
    pub trades: usize,
    /// Bills of the slot.
    pub bills: usize,
    /// What the pure function takes, natively.
    pub native: Duration,
    /// An empty block: weight and execution, in seconds.
    pub empty: (f64, f64),
    /// A block full of orders on an empty book.
    pub first: Full,
    /// A block full of orders on a book that is nearly complete.
    pub last: Full,
    /// What as many remarks as the first has orders take, in seconds.
    pub remarks: f64,
    /// All orders placed.
    pub placing: Phase,
    /// All trades made.
    pub matching: Phase,
    /// The same, and all orders out of the book.
    pub clearing: Phase,
    /// All trades settled and all sites billed.
    pub settling: Phase,
    /// The most leaves of a block.
    pub leaves: usize,
    /// Blocks that the clearing takes if all blocks are full.
    pub full_blocks: Option<usize>,
}

impl Outcome {
    /// Orders accepted in a second of execution: on a book that is nearly complete.
    fn order_rate(&self) -> f64 {
        rate(self.last.orders, self.last.time)
    }

    /// Trades in a second of execution, with their orders leaving the book.
    fn trade_rate(&self) -> f64 {
        rate(self.trades, self.clearing.time)
    }

    /// Prints it.
    pub fn print(&self) {
        let Self { name, orders, trades, bills, native, empty, .. } = self;
        println!("\n{name}: {orders} orders, {trades} trades, {bills} bills");
        let native = native.as_secs_f64() * 1e3;
        println!("  the trades are those of the pure function, which makes them in {native:.1} ms");
        println!("  an empty block: weight {:.4} s, execution {:.2} ms; left out below", empty.0, empty.1 * 1e3);
        println!(
            "  {:<22} {:>6} {:>10} {:>12} {:>12} {:>12}",
            "the slot", "blocks", "weight, s", "execution, s", "at 3 s, s", "at 15 s, s"
        );
        self.placing.line("orders placed");
        self.matching.line("cleared: trades made");
        self.clearing.line("cleared: all");
        self.settling.line("settled and billed");
        self.placing.and(self.clearing).and(self.settling).line("all");
        println!("  a slot of a quarter of an hour is 900 s; most leaves of a block: {}", self.leaves);
        if let Some(blocks) = self.full_blocks {
            println!("  if all blocks are full of other transactions the clearing takes {blocks} blocks");
        }

        println!("  orders accepted");
        for (book, full) in [("an empty book", &self.first), ("a full book", &self.last)] {
            let Full { orders, length, weight, time } = *full;
            println!(
                "    block on {book}: {orders} orders, {length} bytes, weight {weight:.3} s; execution {:.1} ms: {:.0} \
                 a second",
                time * 1e3,
                rate(orders, time),
            );
        }
        println!(
            "    as many remarks: {:.1} ms, {:.0} % of the first",
            self.remarks * 1e3,
            self.remarks / self.first.time * 100.0
        );
        println!(
            "    {:.0} a second of weight; in full blocks {:.0} a second at 3 s, {:.0} at 15 s",
            rate(self.first.orders, self.first.weight - empty.0),
            self.first.orders as f64 / BLOCK_TIMES[0],
            self.first.orders as f64 / BLOCK_TIMES[1],
        );

        println!("  trades matched                                   a second   × {PEER} of gsy-node");
        let per_block = *trades as f64 / self.clearing.blocks as f64;
        let rates = [
            ("of execution", self.trade_rate()),
            ("of execution, until all trades are made", rate(*trades, self.matching.time)),
            ("of declared weight", rate(*trades, self.clearing.weight)),
            ("sustained, a block each 3 s", per_block / BLOCK_TIMES[0]),
            ("sustained, a block each 15 s", per_block / BLOCK_TIMES[1]),
        ];
        for (name, rate) in rates {
            println!("    {name:<42} {rate:>12.0} {:>8.1}", rate / PEER);
        }
    }
}

/// So many of something in so many seconds.
fn rate(count: usize, seconds: f64) -> f64 {
    count as f64 / seconds
}

/// Prints what counts of all books.
pub fn summary(outcomes: &[Outcome]) {
    println!("\nin a second of execution, compiled runtime, caches warm; the peer's {PEER} trades are by its declared");
    println!("weights, without storing prices, holds or network");
    println!(
        "  {:<26} {:>12} {:>12} {:>10} {:>8} {:>16}",
        "book", "orders", "trades", "× peer", "goal", "blocks of a slot"
    );
    for outcome in outcomes {
        let ratio = outcome.trade_rate() / PEER;
        let goal = if ratio >= GOAL { "reached" } else { "missed" };
        let blocks = outcome.placing.blocks + outcome.clearing.blocks + outcome.settling.blocks;
        println!(
            "  {:<26} {:>12.0} {:>12.0} {ratio:>10.1} {goal:>8} {blocks:>16}",
            outcome.name,
            outcome.order_rate(),
            outcome.trade_rate(),
        );
    }
}
