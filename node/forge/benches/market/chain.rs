//! The chain that the books are on: its genesis, its blocks and what they cost, its state.

use crate::book::{bus_of, LOT, SITES, SLOT_LENGTH};
use codec::{Decode, Encode};
use electricity_runtime::{AccountId, Runtime, RuntimeCall};
use gridpeg_forge::{easy_spec, Forge, BEGIN};
use gridpeg_header::{Millis, H256};
use gridpeg_market::{
    records::{BookResult, Cursors},
    Calendar, Direction, FeederId, Mode, Pricing, SiteId, Slot,
};
use gridpeg_node::client::{Block, Hash};
use pallet_metering::genesis::{FeederSpec, MeterSpec, Preset, SiteSpec};
use pallet_pv_market::{BookInClearing, Cleared, InClearing, NextSlots, Stage, Terms};
use polkadot_sdk::{
    frame_system::{self, ConsumedWeight},
    pallet_sudo,
    sc_client_api::{StorageKey, StorageProvider},
    sp_api::{Core, ProvideRuntimeApi},
    sp_core::{sr25519, Pair},
    sp_keyring::Sr25519Keyring,
    sp_runtime::{traits::Block as _, OpaqueExtrinsic, Weight},
};
use serde_json::{json, Value};
use std::{
    iter,
    time::{Duration, Instant},
};

/// The feeder of all sites.
pub const FEEDER: FeederId = 0;
/// Milliseconds between blocks, the development chain's.
pub const BLOCK_TIME: Millis = 3_000;
/// Slots of 15 minutes since 1970: the forge's first block begins one.
pub const CALENDAR: Calendar = Calendar { start: 0, slot_length: SLOT_LENGTH, slots_per_month: 2_922 };
/// How long after its end a slot's readings are taken: the shortest time there can be.
pub const WINDOW: Millis = SLOT_LENGTH;

/// The books close this long before the slot.
const GATE: Millis = 60_000;
/// A thousand coins, for fees and holds.
const ENDOWMENT: u64 = 1_000_000_000_000_000;
/// Of the meters, in W.
const CAPACITY: u64 = 1_000_000;
const AUTHOR: [u8; 32] = [1; 32];
/// Picoseconds of a second of weight.
const SECOND: f64 = 1e12;

/// The slot that is traded.
pub fn slot() -> Slot {
    // Late enough that there is time for all orders.
    present() + 2
}

/// When its books close.
pub fn gate() -> Millis {
    CALENDAR.begin(slot()) - GATE
}

fn present() -> Slot {
    CALENDAR.slot_at(BEGIN).expect("the calendar has begun")
}

/// The development chain with the sites, their meters and the terms, as a chain spec.
pub fn spec(pricing: Pricing) -> String {
    let mut spec: Value = serde_json::from_str(&easy_spec(&electricity_node::NETWORK, |_| {})).expect("JSON");
    let patch = &mut spec["genesis"]["runtimeGenesis"]["patch"];

    let traders: Vec<(SiteId, sr25519::Pair)> = (0..2 * SITES).map(|site| (site, trader(site))).collect();
    let balances = patch["balances"]["balances"].as_array_mut().expect("the preset endows accounts");
    balances.extend(traders.iter().map(|(_, pair)| json!([AccountId::from(pair.public()), ENDOWMENT])));

    let grid = Sr25519Keyring::Alice.to_account_id();
    let feeders = vec![FeederSpec { operator: grid.clone(), preset: Preset::Ieee33 }];
    let site = |(site, pair): &(SiteId, sr25519::Pair)| {
        let owner = AccountId::from(pair.public());
        SiteSpec { owner, feeder: FEEDER, bus: bus_of(*site), level: 0, mode: Mode::Market }
    };
    let meter = |(site, pair): &(SiteId, sr25519::Pair)| {
        let direction = if *site < SITES { Direction::Export } else { Direction::Import };
        let key = H256(pair.public().0);
        MeterSpec { site: *site, direction, capacity: CAPACITY, key, start: 0, since: present() }
    };
    let sites: Vec<_> = traders.iter().map(site).collect();
    let meters: Vec<_> = traders.iter().map(meter).collect();
    patch["metering"] = json!({
        "calendar": CALENDAR,
        "correctionWindow": WINDOW,
        "ownerDelay": SLOT_LENGTH,
        "feeders": feeders,
        "sites": sites,
        "meters": meters,
    });
    let terms = Terms { pricing, gate: GATE, horizon: 16, lot: LOT, ..Terms::default() };
    patch["pvMarket"] = json!({ "grid": grid, "terms": terms });
    spec.to_string()
}

/// The key of a site's owner, which its meter has too.
fn trader(site: SiteId) -> sr25519::Pair {
    let mut seed = [7; 32];
    seed[..4].copy_from_slice(&site.to_le_bytes());
    sr25519::Pair::from_seed(&seed)
}

/// A block to execute: unsealed, as the runtime sees it.
pub struct Executable {
    parent: Hash,
    block: Block,
}

/// A block of the chain.
pub struct Mined {
    /// It, to be executed again.
    pub executable: Executable,
    /// Its hash.
    pub hash: Hash,
    /// How many transactions it has.
    pub transactions: usize,
    /// Its length, in bytes.
    pub length: usize,
    /// Its weight, in seconds.
    pub weight: f64,
}

impl Mined {
    /// The block before it.
    pub fn parent(&self) -> Hash {
        self.executable.parent
    }
}

/// How far the book is.
pub enum Progress {
    /// Its gate is not closed, or was not noticed.
    Open,
    /// It is being matched.
    Matching,
    /// All trades are made, and orders leave it.
    Emptying,
    /// Nothing is left to do.
    Cleared(BookResult),
}

/// The chain.
pub struct Chain {
    forge: Forge,
    traders: Vec<sr25519::Pair>,
}

impl Chain {
    /// Takes over a chain of [`spec`] that has its genesis block only.
    pub fn new(forge: Forge) -> Self {
        Self { forge, traders: (0..2 * SITES).map(trader).collect() }
    }

    /// Its first block, which is empty.
    pub fn first_block(&self) -> Hash {
        self.mine(self.genesis(), BLOCK_TIME, iter::empty()).hash
    }

    /// Hash of the genesis block.
    pub fn genesis(&self) -> Hash {
        self.forge.genesis()
    }

    /// A block's time.
    pub fn time(&self, hash: Hash) -> Millis {
        self.forge.tip(hash).time
    }

    /// A transaction of a site's owner.
    pub fn by_site(&self, site: SiteId, nonce: u32, call: RuntimeCall) -> OpaqueExtrinsic {
        signed(self.pair(site), self.genesis(), nonce, call)
    }

    /// The key of a site's owner and meter.
    pub fn pair(&self, site: SiteId) -> &sr25519::Pair {
        &self.traders[site as usize]
    }

    /// Transactions of //Alice that do nothing, and are declared to take a hundredth of a block each.
    pub fn fillers(&self, nonce: u32) -> impl Iterator<Item = OpaqueExtrinsic> + '_ {
        (nonce..).map(move |nonce| {
            let remark = RuntimeCall::System(frame_system::Call::remark { remark: Vec::new() });
            let weight = Weight::from_parts(10_000_000_000, 0);
            let filler = pallet_sudo::Call::sudo_unchecked_weight { call: Box::new(remark), weight };
            self.by_alice(nonce, RuntimeCall::Sudo(filler))
        })
    }

    /// A transaction of //Alice.
    pub fn by_alice(&self, nonce: u32, call: RuntimeCall) -> OpaqueExtrinsic {
        signed(&Sr25519Keyring::Alice.pair(), self.genesis(), nonce, call)
    }

    /// Mines a block with as many of these transactions as fit, and imports it.
    pub fn mine(&self, parent: Hash, solve_time: Millis, transactions: impl Iterator<Item = OpaqueExtrinsic>) -> Mined {
        let time = self.forge.time_after(parent, solve_time);
        let (draft, transactions) = self.forge.fill(parent, time, AUTHOR, transactions);
        let block = Block::new(draft.header.clone(), draft.body.clone());
        let length = block.encoded_size();
        let hash = self.forge.import(draft);
        let key = frame_system::BlockWeight::<Runtime>::hashed_key();
        let weight: ConsumedWeight = self.read(hash, &key).expect("every block has a weight");
        let weight = weight.total().ref_time() as f64 / SECOND;
        Mined { executable: Executable { parent, block }, hash, transactions, length, weight }
    }

    /// A block with these transactions, all of which fit, to be executed only.
    pub fn draft(&self, parent: Hash, transactions: Vec<OpaqueExtrinsic>) -> Executable {
        let draft = self.forge.draft(parent, self.forge.time_after(parent, BLOCK_TIME), AUTHOR, transactions);
        Executable { parent, block: Block::new(draft.header, draft.body) }
    }

    /// Executes a block in the compiled runtime, and says how long that took.
    fn execute(&self, executable: &Executable) -> Duration {
        let block = executable.block.clone();
        let begin = Instant::now();
        let result = self.forge.client().runtime_api().execute_block(executable.parent, block.into());
        let time = begin.elapsed();
        result.unwrap_or_else(|error| panic!("on {:?}: {error}", executable.parent));
        time
    }

    /// The median of so many executions of each block, in seconds. They are executed in turns, another one first each
    /// time.
    pub fn measure(&self, blocks: &[&Executable], rounds: usize) -> Vec<f64> {
        let mut times = vec![Vec::new(); blocks.len()];
        for round in 0..rounds {
            for turn in 0..blocks.len() {
                let number = (round + turn) % blocks.len();
                times[number].push(self.execute(blocks[number]));
            }
        }
        let median = |mut times: Vec<Duration>| {
            times.sort();
            times[times.len() / 2].as_secs_f64()
        };
        times.into_iter().map(median).collect()
    }

    /// A value of the state after a block.
    pub fn read<T: Decode>(&self, at: Hash, key: &[u8]) -> Option<T> {
        let data = self.forge.client().storage(at, &StorageKey(key.to_vec()));
        let data = data.unwrap_or_else(|error| panic!("{at:?}: {error}"))?;
        Some(T::decode(&mut &data.0[..]).unwrap_or_else(|error| panic!("{at:?}: {error}")))
    }

    /// How far the book is after a block.
    pub fn progress(&self, at: Hash) -> Progress {
        match self.read::<BookInClearing<AccountId>>(at, &InClearing::<Runtime>::hashed_key()) {
            Some(BookInClearing { stage: Stage::Matching { .. }, .. }) => Progress::Matching,
            Some(BookInClearing { stage: Stage::Emptying { .. }, .. }) => Progress::Emptying,
            None => {
                let result = self.read(at, &Cleared::<Runtime>::hashed_key_for(slot(), FEEDER));
                result.map_or(Progress::Open, Progress::Cleared)
            }
        }
    }

    /// The slot that is settled next after a block.
    pub fn settles(&self, at: Hash) -> Slot {
        let next: Cursors = self.read(at, &NextSlots::<Runtime>::hashed_key()).expect("the calendar has begun");
        next.settle
    }
}

gridpeg_forge::signs!(signed, electricity_runtime, by);
