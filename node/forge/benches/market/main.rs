//! What a slot of 10,000 asks and 10,000 bids takes in the electricity chain's runtime, compiled to wasm: placing the
//! orders, clearing the book, settling the trades and billing the sites. Blocks are mined in this process; what is
//! measured is their execution.
//!
//! | figure | is |
//! |---|---|
//! | execution | a block's time, less an empty block's. Caches are warm: it was executed when it was made |
//! | weight | what the runtime says of the block, less that of an empty one |
//! | blocks | how many there are if nobody puts in anything else |
//!
//! Execution and weight are different things: how many blocks something takes follows from the weights.
//!
//! Fails if orders are missing in the book, or if trades are others than [`gridpeg_market::Clearing`] makes of the same
//! orders. Arguments choose the books with all of these words in their names: `borders`, `random`, `one price`;
//! `midpoint`, `pay-as-clear`.

mod book;
mod chain;
mod phases;
mod report;

use book::{Case, Native};
use chain::{Chain, Mined, BLOCK_TIME};
use gridpeg_forge::Forge;
use gridpeg_market::{units::WHOLE, Pricing, Rule};
use phases::{measure, Clearing, Placing, Settling};
use report::{Outcome, Phase};
use std::{env, iter, slice, time::Instant};

/// Executions of each block of the clearing. There are many blocks, and their sum is what counts.
const ROUNDS: usize = 3;
/// Executions of an empty block.
const EMPTY_ROUNDS: usize = 21;

fn main() {
    // Cargo adds options of its own.
    let chosen: Vec<String> = env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let is_chosen = |name: &str| chosen.iter().all(|word| name.contains(word.as_str()));
    let begin = Instant::now();
    let mut outcomes = Vec::new();
    for (rule, rule_name) in [(Rule::Midpoint, "midpoint"), (Rule::PayAsClear, "pay-as-clear")] {
        let named = Case::ALL.map(|case| (case, format!("{}, {rule_name}", case.name())));
        let cases: Vec<_> = named.into_iter().filter(|(_, name)| is_chosen(name)).collect();
        if cases.is_empty() {
            continue;
        }
        let pricing = Pricing { rule, k: WHOLE / 2 };
        eprintln!("[{:>4} s] genesis, {rule_name}", begin.elapsed().as_secs());
        let genesis = Forge::of_spec(&electricity_node::NETWORK, chain::spec(pricing));
        for (case, name) in cases {
            // A chain of its own for each book, which takes its memory with it.
            let outcome = run(Chain::new(genesis.sibling()), case, pricing, &name, |what| {
                eprintln!("[{:>4} s] {name}: {what}", begin.elapsed().as_secs());
            });
            outcome.print();
            outcomes.push(outcome);
        }
    }
    assert!(!outcomes.is_empty(), "no book has all of {chosen:?} in its name");
    report::summary(&outcomes);
}

/// Takes a book from its orders to its bills. `say` gets what is being done.
fn run(chain: Chain, case: Case, pricing: Pricing, name: &str, say: impl Fn(&str)) -> Outcome {
    let offers = case.draw();
    let native = Native::clear(&offers, pricing);

    say("placing orders");
    let placing = Placing::new(&chain, &offers);
    say("clearing");
    let empty = chain.mine(placing.tip(), BLOCK_TIME, iter::empty());
    let clearing = Clearing::new(&chain, empty.hash, &native);
    say("settling");
    let settling = Settling::new(&chain, clearing.tip(), &native, &clearing.result);
    let full_blocks = (case == Case::Borders).then(|| {
        say("clearing in full blocks");
        Clearing::in_full_blocks(&chain, empty.hash).blocks.len()
    });

    say("executing it again");
    let empty_time = measure(&chain, slice::from_ref(&empty), EMPTY_ROUNDS)[0];
    let phase = |blocks: &[Mined], times: &[f64]| Phase {
        blocks: blocks.len(),
        weight: blocks.iter().map(|block| (block.weight - empty.weight).max(0.0)).sum(),
        time: times.iter().map(|time| (time - empty_time).max(0.0)).sum(),
    };
    let cleared = measure(&chain, &clearing.blocks, ROUNDS);
    let matching = clearing.matching;
    Outcome {
        name: name.into(),
        orders: offers.len(),
        trades: native.trades.len(),
        bills: settling.bills,
        native: native.time,
        empty: (empty.weight, empty_time),
        remarks: placing.remarks,
        placing: phase(&placing.blocks, &measure(&chain, &placing.blocks, 1)),
        first: placing.first,
        last: placing.last,
        matching: phase(&clearing.blocks[..matching], &cleared[..matching]),
        clearing: phase(&clearing.blocks, &cleared),
        settling: phase(&settling.blocks, &measure(&chain, &settling.blocks, 1)),
        leaves: settling.leaves,
        full_blocks,
    }
}
