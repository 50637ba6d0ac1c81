//! A runtime with balances, timestamp and this pallet, among stand-ins for metering, electricity credit and the window
//! of prices. What they know is in storage, so that it is rolled back with everything else.

use crate::{self as pallet_pv_market, Terms};
use gridpeg_header::Millis;
use gridpeg_market::{
    calendar::{Calendar, Slot, Year},
    clearing::{Pricing, Rule},
    fee::{Branch, Lines, NetworkFee},
    traits::{Bus, Direction, ElectricityCredit, FeederId, Feeders, Metering, Mode, SiteId, SiteInfo},
    units::Wh,
    voltage::Feeder,
};
use gridpeg_messages::{
    prices::{Side as PriceSide, Summary},
    traits::ObservePrices,
    units::{Balance, COIN},
};
use polkadot_sdk::{
    frame_support::{
        derive_impl,
        pallet_prelude::ValueQuery,
        parameter_types,
        traits::{fungible::Mutate, tokens::Preservation, ConstU32, Hooks},
        weights::Weight,
        Identity,
    },
    frame_system::EnsureRoot,
    sp_runtime::{BuildStorage, DispatchError, DispatchResult, Perbill},
    *,
};
use std::collections::BTreeMap;

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Balances: pallet_balances,
        PvMarket: pallet_pv_market,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type ExistentialDeposit = frame_support::traits::ConstU128<1>;
    type AccountStore = System;
}

pub const MAX_ORDERS: u32 = 64;

parameter_types! {
    pub static MaxBook: u32 = 100_000;
    pub static MaxLeaves: u32 = 512;
    pub static WorkShare: Perbill = Perbill::from_percent(25);
}

impl pallet_pv_market::Config for Test {
    type RuntimeHoldReason = RuntimeHoldReason;
    type Currency = Balances;
    type Time = Timestamp;
    type Metering = StandIn;
    type Feeders = StandIn;
    type Credit = StandIn;
    type Prices = StandIn;
    type AuthorityOrigin = EnsureRoot<u64>;
    type MaxOrders = ConstU32<MAX_ORDERS>;
    type MaxBook = MaxBook;
    type MaxLeaves = MaxLeaves;
    type WorkShare = WorkShare;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = StandIn;
}

/// When slot 0 begins.
pub const START: Millis = 1_000_000;
/// Length of a slot.
pub const LENGTH: Millis = 10_000;
pub const SLOTS_PER_MONTH: u32 = 40;
/// Readings are taken for so long after a slot.
pub const WINDOW: Millis = 15_000;
/// Four slots.
pub const PERIOD: Millis = 40_000;
/// The slot in which tests begin.
pub const PRESENT: Slot = 10;
/// The first slot whose gate is open then: gates close a slot ahead.
pub const SLOT: Slot = PRESENT + 2;
/// Feeder of all sites but the last two.
pub const FEEDER: FeederId = 0;
pub const OTHER_FEEDER: FeederId = 1;
/// An Ω of each line's impedance, and how many buses in a row a feeder has.
pub const BUSES: u16 = 10;

pub const GRID: u64 = 100;
/// Has the electricity credit.
pub const ESCROW: u64 = 101;
/// What the grid company, the escrow and accounts 1 to 10 have at genesis.
pub const ENDOWMENT: Balance = 1_000 * COIN;
pub const ACCOUNTS: std::ops::RangeInclusive<u64> = 1..=10;

/// Sites have their owners' numbers. 1 to 6 trade on one feeder, 7 and 8 on the other.
pub const SELF_USE: SiteId = 9;
pub const ALL_TO_GRID: SiteId = 10;

/// A hundredth of a coin: prices are so many of these.
pub const CENT: Balance = COIN / 100;

pub const CALENDAR: Calendar = Calendar { start: START, slot_length: LENGTH, slots_per_month: SLOTS_PER_MONTH };

#[frame_support::storage_alias]
pub type Sites = StorageValue<StandIn, BTreeMap<SiteId, SiteInfo<u64>>, ValueQuery>;
#[frame_support::storage_alias]
pub type Readings = StorageMap<StandIn, Identity, (SiteId, Slot, Direction), Wh>;
/// What counters show of slots without a reading.
#[frame_support::storage_alias]
pub type CaughtUp = StorageMap<StandIn, Identity, (SiteId, Slot, Direction), Wh, ValueQuery>;
/// What was noted as green, and up to which slot all is settled.
#[frame_support::storage_alias]
pub type Greens = StorageMap<StandIn, Identity, (SiteId, Year), Wh, ValueQuery>;
#[frame_support::storage_alias]
pub type LastSettled = StorageValue<StandIn, Slot>;
#[frame_support::storage_alias]
pub type Credits = StorageMap<StandIn, Identity, u64, Balance, ValueQuery>;
#[frame_support::storage_alias]
pub type Observed = StorageValue<StandIn, Vec<(u64, i64, u128, u32, u32)>, ValueQuery>;
/// The window of prices takes nothing.
#[frame_support::storage_alias]
pub type WindowClosed = StorageValue<StandIn, bool, ValueQuery>;
/// Voltages let no more through than so many Wh from any bus to the next one.
#[frame_support::storage_alias]
pub type Tight = StorageValue<StandIn, Wh>;

pub const WINDOW_CLOSED: DispatchError = DispatchError::Unavailable;

pub struct StandIn;

impl Metering<u64> for StandIn {
    fn calendar() -> Calendar {
        CALENDAR
    }
    fn slot_frozen(slot: Slot) -> bool {
        pallet_timestamp::Now::<Test>::get() >= CALENDAR.end(slot) + WINDOW
    }
    fn site(site: SiteId) -> Option<SiteInfo<u64>> {
        Sites::get().remove(&site)
    }
    fn next_site(after: Option<SiteId>) -> Option<SiteId> {
        Sites::get().into_keys().find(|site| after.is_none_or(|after| *site > after))
    }
    fn actual(site: SiteId, slot: Slot, direction: Direction) -> Option<Wh> {
        let reading = Readings::get((site, slot, direction));
        if direction == Direction::Import {
            reading
        } else {
            Some(reading.unwrap_or(0))
        }
    }
    fn caught_up(site: SiteId, slot: Slot, direction: Direction) -> Wh {
        CaughtUp::get((site, slot, direction))
    }
    fn note_green(site: SiteId, year: Year, energy: Wh) {
        Greens::mutate((site, year), |sold| *sold = sold.saturating_add(energy));
    }
    fn note_settled(slot: Slot) {
        LastSettled::put(slot);
    }
    fn weight() -> Weight {
        Weight::from_parts(1_000_000, 100)
    }
}

impl Feeders for StandIn {
    fn feeder(feeder: FeederId) -> Option<Feeder> {
        if feeder > OTHER_FEEDER {
            return None;
        }
        // A W from one bus to the next moves the voltage of the first alone; the limits are ±10 %.
        let n = usize::from(BUSES);
        let each = Tight::get().map_or(0, |most| 100_000_000_000 / (most * 3_600_000 / LENGTH));
        let diagonal = |entry: usize| if entry.is_multiple_of(n + 1) { each as i64 } else { 0 };
        Some(Feeder {
            base: vec![1_000_000_000; n].try_into().unwrap(),
            sensitivities: (0..n * n).map(diagonal).collect::<Vec<_>>().try_into().unwrap(),
            lower: 900_000_000,
            upper: 1_100_000_000,
        })
    }
    fn lines(feeder: FeederId) -> Option<Lines> {
        let branches: Vec<_> = (1..BUSES).map(|from| Branch { from, impedance: 1_000_000 }).collect();
        (feeder <= OTHER_FEEDER).then(|| Lines { branches: branches.try_into().unwrap() })
    }
    fn weight() -> Weight {
        Weight::from_parts(1_000_000, 100)
    }
}

impl ElectricityCredit<u64> for StandIn {
    fn draw(account: &u64, most: Balance) -> Balance {
        let drawn = Credits::get(account).min(most);
        if drawn == 0 || Balances::transfer(&ESCROW, account, drawn, Preservation::Preserve).is_err() {
            return 0;
        }
        Credits::mutate(account, |credit| *credit -= drawn);
        drawn
    }
    fn weight() -> Weight {
        Weight::from_parts(1_000_000, 100)
    }
}

impl ObservePrices for StandIn {
    fn clearing_period() -> Millis {
        PERIOD
    }
    fn observe(side: PriceSide, period: u64, summary: Summary) -> DispatchResult {
        assert_eq!(side, PriceSide::Electricity);
        assert!((period + 1) * PERIOD <= pallet_timestamp::Now::<Test>::get(), "not over");
        let Summary { price, quantity, sellers, buyers } = summary;
        Observed::append((period, price, quantity, sellers, buyers));
        // Late, so that there is something to roll back.
        if WindowClosed::get() {
            return Err(WINDOW_CLOSED);
        }
        Ok(())
    }
    fn weight() -> Weight {
        Weight::from_parts(1_000_000, 100)
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper<u64> for StandIn {
    fn set_time(now: Millis) {
        pallet_timestamp::Now::<Test>::put(now);
    }
    fn feeder() -> FeederId {
        FEEDER
    }
    fn site(owner: &u64, feeder: FeederId, bus: Bus) -> SiteId {
        let site = Sites::get().into_keys().max().unwrap_or(0) + 1;
        set_site(site, SiteInfo { owner: *owner, bus: 1 + bus % BUSES, ..info(site, feeder, Mode::Market) });
        site
    }
    fn reading(site: SiteId, slot: Slot, direction: Direction, energy: Wh) {
        Readings::insert((site, slot, direction), energy);
        CaughtUp::insert((site, slot, direction), energy);
    }
}

/// A site of the account with its number, at the bus with its number, at level 0.
fn info(site: SiteId, feeder: FeederId, mode: Mode) -> SiteInfo<u64> {
    let bus = 1 + (site as Bus - 1) % BUSES;
    SiteInfo { owner: site.into(), feeder, bus, level: 0, mode, next: None }
}

pub fn set_site(site: SiteId, info: SiteInfo<u64>) {
    Sites::mutate(|sites| sites.insert(site, info));
}

pub fn change_site(site: SiteId, change: impl FnOnce(&mut SiteInfo<u64>)) {
    Sites::mutate(|sites| change(sites.get_mut(&site).unwrap()));
}

/// The middle of each pair; a slot's gate; 20 slots ahead; 10 Wh; at most two coins; network 0.01 and 0.001 an Ω;
/// surplus 0.30, all to the grid 0.40, residual 0.60, penalty 0.20 beyond 10 %; kept for 50 slots.
pub fn mock_terms() -> Terms {
    let fee = |base: Balance| NetworkFee { base, per_ohm: CENT / 10 };
    Terms {
        pricing: Pricing { rule: Rule::Midpoint, k: 5_000 },
        gate: LENGTH,
        horizon: 20,
        lot: 10,
        max_price: 200 * CENT,
        feed_in: 30 * CENT,
        benchmark: 40 * CENT,
        tariffs: vec![60 * CENT, 50 * CENT].try_into().unwrap(),
        network_fees: vec![fee(CENT), fee(CENT / 2)].try_into().unwrap(),
        free_band: 1_000,
        penalty: 20 * CENT,
        retention: 50,
    }
}

/// The beginning of slot [`PRESENT`] on a chain with these terms.
pub fn new_test_ext_with(terms: Terms) -> sp_io::TestExternalities {
    MaxBook::set(100_000);
    MaxLeaves::set(512);
    WorkShare::set(Perbill::from_percent(25));
    let accounts = ACCOUNTS.chain([GRID, ESCROW]);
    let mut ext: sp_io::TestExternalities = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: accounts.map(|account| (account, ENDOWMENT)).collect(),
            ..Default::default()
        },
        pv_market: pallet_pv_market::GenesisConfig { grid: Some(GRID), terms },
        ..Default::default()
    }
    .build_storage()
    .unwrap()
    .into();
    ext.execute_with(|| {
        for site in 1..=8 {
            let feeder = if site <= 6 { FEEDER } else { OTHER_FEEDER };
            set_site(site, info(site, feeder, Mode::Market));
        }
        set_site(SELF_USE, info(SELF_USE, FEEDER, Mode::SelfUse));
        set_site(ALL_TO_GRID, info(ALL_TO_GRID, FEEDER, Mode::AllToGrid));
        block_at(CALENDAR.begin(PRESENT));
    });
    ext
}

pub fn new_test_ext() -> sp_io::TestExternalities {
    new_test_ext_with(mock_terms())
}

/// What is left of a block at its end, unless a test says so.
pub const IDLE: Weight = Weight::from_parts(1_000_000_000_000, u64::MAX);

/// A block with this time and nothing else in it, with so much weight left at its end.
pub fn block_with(time: Millis, idle: Weight) {
    let number = System::block_number() + 1;
    System::set_block_number(number);
    let used = PvMarket::on_initialize(number);
    assert!(used.all_lte(PvMarket::share()), "{used:?}");
    assert!(time >= pallet_timestamp::Now::<Test>::get(), "the clock goes backwards");
    pallet_timestamp::Now::<Test>::put(time);
    let used = PvMarket::on_idle(number, idle);
    assert!(used.all_lte(idle), "{used:?} of {idle:?}");
}

pub fn block_at(time: Millis) {
    block_with(time, IDLE);
}

/// Hardly more of a block than the largest step takes.
pub fn small_share() -> Perbill {
    let block = <<Test as frame_system::Config>::BlockWeights as frame_support::traits::Get<
        frame_system::limits::BlockWeights,
    >>::get()
    .max_block;
    Perbill::from_rational(crate::work::largest_step::<Test>().ref_time() * 11 / 10, block.ref_time())
}
