//! A slot from its orders to its bills, block by block. Each phase checks what has come of it: figures about something
//! else are worse than none.

use crate::{
    book::{Native, Offer, ORDERS, SITES},
    chain::{gate, slot, Chain, Executable, Mined, Progress, BLOCK_TIME, CALENDAR, FEEDER, WINDOW},
};
use electricity_runtime::{AccountId, Runtime, RuntimeCall};
use gridpeg_header::Millis;
use gridpeg_market::{
    leaf::PvLeaf,
    records::{BookResult, OrderRequest, TradeRecord},
    Slot, Wh,
};
use gridpeg_node::client::Hash;
use pallet_metering::{
    types::{signed_bytes, Quality},
    Reading, Readings, SignedReading,
};
use pallet_pv_market::{Bills, BlockLeaves, OpenBooks, Sizes, Trades};
use polkadot_sdk::{frame_system, sp_core::Pair, sp_runtime::OpaqueExtrinsic};
use std::iter;

/// More blocks than any phase takes.
const MOST_BLOCKS: usize = 240;
/// Readings in a transaction.
const BATCH: usize = 160;
/// Executions of the blocks that the rate of orders is of.
const ROUNDS: usize = 11;

/// A block that is full of orders.
pub struct Full {
    /// How many there are.
    pub orders: usize,
    /// The block's length, in bytes.
    pub length: usize,
    /// Its weight, in seconds.
    pub weight: f64,
    /// What it takes to execute beyond an empty block on the same parent, in seconds.
    pub time: f64,
}

/// All orders placed.
pub struct Placing {
    /// The blocks.
    pub blocks: Vec<Mined>,
    /// The first one: on an empty book.
    pub first: Full,
    /// The last full one: on a book that is nearly complete.
    pub last: Full,
    /// What as many remarks as the first has orders take: signatures, fees, and nothing else.
    pub remarks: f64,
}

impl Placing {
    /// Places these orders, as many in a block as fit.
    pub fn new(chain: &Chain, offers: &[Offer]) -> Self {
        let transactions = orders(chain, offers);
        let (mut tip, mut blocks, mut done) = (chain.first_block(), Vec::new(), 0);
        while done < transactions.len() {
            let mined = chain.mine(tip, BLOCK_TIME, transactions[done..].iter().cloned());
            assert!(mined.transactions > 0, "no order fits a block");
            (tip, done) = (mined.hash, done + mined.transactions);
            blocks.push(mined);
            assert!(blocks.len() < MOST_BLOCKS, "{done} orders take {MOST_BLOCKS} blocks");
        }
        assert!(chain.time(tip) < gate(), "the gate closes before all orders are placed");
        let sizes: Option<Sizes> = chain.read(tip, &OpenBooks::<Runtime>::hashed_key_for(slot(), FEEDER));
        assert_eq!(sizes, Some(Sizes { asks: ORDERS, bids: ORDERS }), "orders are missing in the book");

        // The last block is full by accident only.
        let (first, last) = (&blocks[0], &blocks[blocks.len().saturating_sub(2)]);
        let empty = [first, last].map(|block| chain.draft(block.parent(), Vec::new()));
        let remarks = chain.draft(first.parent(), remarks(chain, first.transactions));
        let measured = [&empty[0], &first.executable, &empty[1], &last.executable, &remarks];
        let times = chain.measure(&measured, ROUNDS);
        let full = |block: &Mined, time: f64| {
            let Mined { transactions: orders, length, weight, .. } = *block;
            Full { orders, length, weight, time }
        };
        let (first, last) = (full(first, times[1] - times[0]), full(last, times[3] - times[2]));
        Self { blocks, first, last, remarks: times[4] - times[0] }
    }

    /// The last block.
    pub fn tip(&self) -> Hash {
        self.blocks[self.blocks.len() - 1].hash
    }
}

/// Signed transactions that place these orders. Each account's are in the order of its nonces.
fn orders(chain: &Chain, offers: &[Offer]) -> Vec<OpaqueExtrinsic> {
    let mut nonces = vec![0; 2 * SITES as usize];
    let place = |offer: &Offer| {
        let Offer { site, side, quantity, limit } = *offer;
        let nonce: u32 = nonces[site as usize];
        nonces[site as usize] += 1;
        let order = OrderRequest { site, slot: slot(), side, quantity, limit, green: false, expires: None };
        chain.by_site(site, nonce, RuntimeCall::PvMarket(pallet_pv_market::Call::place { order }))
    };
    offers.iter().map(place).collect()
}

/// So many remarks, of all accounts in turns.
fn remarks(chain: &Chain, count: usize) -> Vec<OpaqueExtrinsic> {
    let remark = |number: u32| {
        let call = frame_system::Call::remark { remark: Vec::new() };
        chain.by_site(number % (2 * SITES), number / (2 * SITES), RuntimeCall::System(call))
    };
    (0..count as u32).map(remark).collect()
}

/// A book cleared.
pub struct Clearing {
    /// The blocks from the one in which the gate closes.
    pub blocks: Vec<Mined>,
    /// How many of them it takes until all trades are made; in the rest orders leave the book.
    pub matching: usize,
    /// What has come of the book.
    pub result: BookResult,
}

impl Clearing {
    /// Clears the book in blocks that nobody has put anything into, and holds the trades against the native ones.
    pub fn new(chain: &Chain, tip: Hash, native: &Native) -> Self {
        let cleared = Self::by(chain, tip, |parent, solve_time| chain.mine(parent, solve_time, iter::empty()));
        let Self { result, .. } = &cleared;
        assert_eq!(result.trades as usize, native.trades.len(), "other trades than the rules make");
        for (record, trade) in records(chain, cleared.tip(), result).iter().zip(&native.trades) {
            let made = (record.ask, record.bid, record.quantity, record.price, record.seller_site, record.buyer_site);
            let due = (trade.ask, trade.bid, trade.quantity, trade.price, trade.seller, trade.buyer);
            assert_eq!(made, due, "trade {} is another than the rules make", trade.number);
        }
        cleared
    }

    /// Clears the book in blocks that are full of other transactions.
    pub fn in_full_blocks(chain: &Chain, tip: Hash) -> Self {
        let mut nonce = 0;
        Self::by(chain, tip, |parent, solve_time| {
            let mined = chain.mine(parent, solve_time, chain.fillers(nonce));
            nonce += mined.transactions as u32;
            mined
        })
    }

    fn by(chain: &Chain, mut tip: Hash, mut mine: impl FnMut(Hash, Millis) -> Mined) -> Self {
        let mut solve_time = gate() - chain.time(tip) + 1;
        let (mut blocks, mut matching) = (Vec::new(), None);
        loop {
            let mined = mine(tip, solve_time);
            (tip, solve_time) = (mined.hash, BLOCK_TIME);
            blocks.push(mined);
            match chain.progress(tip) {
                Progress::Open | Progress::Matching => {}
                Progress::Emptying => {
                    matching.get_or_insert(blocks.len());
                }
                Progress::Cleared(result) => {
                    let matching = matching.unwrap_or(blocks.len());
                    return Self { blocks, matching, result };
                }
            }
            assert!(blocks.len() < MOST_BLOCKS, "the book is not cleared in {MOST_BLOCKS} blocks");
        }
    }

    /// The last block.
    pub fn tip(&self) -> Hash {
        self.blocks[self.blocks.len() - 1].hash
    }
}

/// All trades of the book.
fn records(chain: &Chain, at: Hash, result: &BookResult) -> Vec<TradeRecord<AccountId>> {
    let record = |number: u32| {
        let record = chain.read(at, &Trades::<Runtime>::hashed_key_for((slot(), FEEDER, number)));
        record.unwrap_or_else(|| panic!("trade {number} is missing"))
    };
    (0..result.trades).map(record).collect()
}

/// A slot settled.
pub struct Settling {
    /// The blocks from the one in which the readings are frozen.
    pub blocks: Vec<Mined>,
    /// How many bills were written.
    pub bills: usize,
    /// The most leaves of a block.
    pub leaves: usize,
}

impl Settling {
    /// Settles the slot, in which all sites deliver and take what they have agreed on, in empty blocks.
    pub fn new(chain: &Chain, tip: Hash, native: &Native, result: &BookResult) -> Self {
        let traded = slot();
        let read = hand_in(chain, tip, native);
        // What earlier slots cost is not this one's.
        let waiting = settle_up_to(chain, read, BLOCK_TIME, traded);
        let tip = waiting.last().map_or(read, |block| block.hash);
        let frozen = CALENDAR.end(traded) + WINDOW;
        let blocks = settle_up_to(chain, tip, frozen - chain.time(tip), traded + 1);
        let tip = blocks.last().expect("it is not settled before").hash;

        for (number, record) in (0u32..).zip(records(chain, tip, result)) {
            let settled = record.settlement.map(|settlement| settlement.settled);
            assert_eq!(settled, Some(record.quantity), "trade {number} is not settled as agreed");
        }
        let energy = native.energy();
        for site in energy.keys() {
            let bill: Option<pallet_pv_market::Bill<AccountId>> =
                chain.read(tip, &Bills::<Runtime>::hashed_key_for(traded, *site));
            assert!(bill.is_some_and(|bill| bill.unpaid == 0), "site {site} has no bill, or did not pay it");
        }
        let leaves = |block: &Mined| {
            let leaves: Option<Vec<PvLeaf<AccountId>>> = chain.read(block.hash, &BlockLeaves::<Runtime>::hashed_key());
            leaves.map_or(0, |leaves| leaves.len())
        };
        let leaves = blocks.iter().map(leaves).max().unwrap_or_default();
        Self { blocks, bills: energy.len(), leaves }
    }
}

/// Hands the readings of all sites in when the slot is over, and returns the last block.
fn hand_in(chain: &Chain, mut tip: Hash, native: &Native) -> Hash {
    let energy = native.energy();
    let sign = |meter: u32| {
        let energy: Wh = energy.get(&meter).copied().unwrap_or_default();
        let reading = Reading { energy, counter: energy, quality: Quality::Measured, revision: 0 };
        let bytes = signed_bytes(chain.genesis(), meter, slot(), &reading);
        SignedReading { meter, slot: slot(), reading, signature: chain.pair(meter).sign(&bytes).0 }
    };
    // Sites and meters have the same numbers.
    let signed: Vec<SignedReading> = (0..2 * SITES).map(sign).collect();
    let submit = |(nonce, batch): (u32, &[SignedReading])| {
        let readings = batch.to_vec().try_into().expect("a batch");
        chain.by_alice(nonce, RuntimeCall::Metering(pallet_metering::Call::submit_readings { readings }))
    };
    let transactions: Vec<_> = (0..).zip(signed.chunks(BATCH)).map(submit).collect();
    let (mut solve_time, mut done) = (CALENDAR.end(slot()) - chain.time(tip), 0);
    while done < transactions.len() {
        let mined = chain.mine(tip, solve_time, transactions[done..].iter().cloned());
        assert!(mined.transactions > 0, "no batch of readings fits a block");
        (tip, solve_time, done) = (mined.hash, BLOCK_TIME, done + mined.transactions);
    }
    for meter in 0..2 * SITES {
        let stored: Option<pallet_metering::types::Counted> =
            chain.read(tip, &Readings::<Runtime>::hashed_key_for(slot().to_be_bytes(), meter));
        assert!(stored.is_some(), "the reading of meter {meter} is missing");
    }
    tip
}

/// Mines empty blocks until all slots before this one are settled, the first after `solve_time`.
fn settle_up_to(chain: &Chain, mut tip: Hash, mut solve_time: Millis, until: Slot) -> Vec<Mined> {
    let mut blocks: Vec<Mined> = Vec::new();
    while chain.settles(tip) < until {
        let mined = chain.mine(tip, solve_time, iter::empty());
        (tip, solve_time) = (mined.hash, BLOCK_TIME);
        blocks.push(mined);
        assert!(blocks.len() < MOST_BLOCKS, "slot {} is not settled in {MOST_BLOCKS} blocks", until - 1);
    }
    blocks
}

/// What executing these blocks takes: so many executions each, medians, in seconds.
pub fn measure(chain: &Chain, blocks: &[Mined], rounds: usize) -> Vec<f64> {
    let blocks: Vec<&Executable> = blocks.iter().map(|block| &block.executable).collect();
    chain.measure(&blocks, rounds)
}
