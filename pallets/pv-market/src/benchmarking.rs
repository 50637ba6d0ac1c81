//! Benchmarks: one for each function of [`crate::WeightInfo`], at what costs most.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

use super::*;
use gridpeg_market::{
    clearing::{Clearing, Pricing, Rule},
    fee::MAX_BUSES,
    voltage::State,
};
use polkadot_sdk::{frame_benchmarking::v2::*, frame_support::traits::EnsureOrigin, frame_system::RawOrigin};

/// What benchmarks need of metering.
pub trait BenchmarkHelper<AccountId> {
    /// It is this time now, Unix ms.
    fn set_time(now: Millis);
    /// A feeder with as many buses as one can have, whose voltages let any trade through. The same one each time.
    fn feeder() -> FeederId;
    /// Registers a site in the mode `Market`, and returns its number.
    fn site(owner: &AccountId, feeder: FeederId, bus: Bus) -> SiteId;
    /// So much was metered, and as much is late: the counter has gone on by twice that since the last reading.
    fn reading(site: SiteId, slot: Slot, direction: Direction, energy: Wh);
}

/// The slot in which orders are placed, at its beginning. The gate closes one slot ahead.
const NOW: Slot = 100;
/// The slot that is traded.
const SLOT: Slot = NOW + 2;
/// When all readings of that slot are frozen.
const LATER: Slot = NOW + 2_000;
const QUANTITY: Wh = 1_000;
const LIMIT: Price = 500_000_000_000;
const MIDPOINT: Pricing = Pricing { rule: Rule::Midpoint, k: 5_000 };

fn set_slot<T: Config>(slot: Slot) {
    T::BenchmarkHelper::set_time(T::Metering::calendar().begin(slot));
}

fn grid<T: Config>() -> T::AccountId {
    let grid: T::AccountId = account("grid", 0, 0);
    T::Currency::set_balance(&grid, 1 << 90);
    grid
}

/// The market at the beginning of a slot, with terms that any order of these benchmarks fits.
fn set_up<T: Config>() {
    let gate = T::Metering::calendar().slot_length;
    let terms = Terms { pricing: MIDPOINT, gate, horizon: 200, retention: 10, ..Terms::default() };
    Pallet::<T>::found(&GenesisConfig { grid: Some(grid::<T>()), terms });
    NextSlots::<T>::put(Cursors { clear: SLOT, settle: SLOT, prune: SLOT });
    set_slot::<T>(NOW);
}

/// A rich account with a site.
fn trader<T: Config>(index: u32) -> (T::AccountId, SiteId) {
    let owner: T::AccountId = account("trader", index, 0);
    T::Currency::set_balance(&owner, 1 << 90);
    let bus = (index % MAX_BUSES + 1) as Bus;
    let site = T::BenchmarkHelper::site(&owner, T::BenchmarkHelper::feeder(), bus);
    (owner, site)
}

fn request(site: SiteId, slot: Slot, side: Side) -> OrderRequest {
    OrderRequest { site, slot, side, quantity: QUANTITY, limit: LIMIT, green: side == Side::Ask, expires: None }
}

/// Accounts that sell and as many that buy, each with one order.
fn pairs<T: Config>(slot: Slot, from: u32, count: u32) -> Vec<[(T::AccountId, SiteId); 2]> {
    let pair = |index: u32| {
        let (seller, buyer) = (trader::<T>(from + 2 * index), trader::<T>(from + 2 * index + 1));
        Pallet::<T>::do_place(seller.0.clone(), request(seller.1, slot, Side::Ask)).unwrap();
        Pallet::<T>::do_place(buyer.0.clone(), request(buyer.1, slot, Side::Bid)).unwrap();
        [seller, buyer]
    };
    (0..count).map(pair).collect()
}

/// An account with as many orders as it can have but for one, or with all of them.
fn full_list<T: Config>(all: bool) -> (T::AccountId, SiteId) {
    let (owner, site) = trader::<T>(0);
    for order in 0..T::MaxOrders::get() - u32::from(!all) {
        Pallet::<T>::do_place(owner.clone(), request(site, SLOT + order, Side::Bid)).unwrap();
    }
    (owner, site)
}

fn begin<T: Config>(limit: Weight) -> Work<T> {
    Work::begin(WeightMeter::with_limit(limit)).unwrap()
}

/// Work that can take so many steps of the matching.
fn steps<T: Config>(count: u32) -> Work<T> {
    let (fixed, each) = clearing::portion_parts::<T>();
    begin(fixed.saturating_add(each.saturating_mul(count.into())))
}

/// The slot is cleared, with one trade, and its readings are frozen: half of what was sold, and more than was bought.
/// Returns the seller's and the buyer's site.
fn traded<T: Config>() -> [SiteId; 2] {
    let [(_, seller), (buyer, site)] = pairs::<T>(SLOT, 0, 1).remove(0);
    T::BenchmarkHelper::reading(seller, SLOT, Direction::Export, QUANTITY / 2);
    T::BenchmarkHelper::reading(site, SLOT, Direction::Import, QUANTITY * 1_000);
    set_slot::<T>(SLOT);
    let mut job = begin::<T>(Weight::MAX);
    job.clear();
    job.end();
    assert!(Trades::<T>::contains_key((SLOT, T::BenchmarkHelper::feeder(), 0)));
    // The residual cannot be paid.
    T::Currency::set_balance(&buyer, 1_000);
    set_slot::<T>(LATER);
    [seller, site]
}

/// The same, with the trade settled.
fn settled<T: Config>() -> [SiteId; 2] {
    let sites = traded::<T>();
    let mut job = begin::<T>(Weight::MAX);
    job.settle_trade(&grid::<T>(), SLOT, T::BenchmarkHelper::feeder(), 0);
    job.end();
    sites
}

fn result() -> BookResult {
    BookResult { price: Some(LIMIT), uniform: None, energy: 1, trades: 1, version: 0 }
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn place() {
        set_up::<T>();
        let (owner, site) = full_list::<T>(false);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), request(site, SLOT, Side::Bid));
        assert_eq!(OrdersOf::<T>::get(&owner).len() as u32, T::MaxOrders::get());
    }

    #[benchmark]
    fn replace() {
        set_up::<T>();
        let (owner, _) = full_list::<T>(true);
        let order = NextOrder::<T>::get() - 1;
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), order, QUANTITY * 2, LIMIT);
        assert!(!Orders::<T>::contains_key(order) && Orders::<T>::contains_key(order + 1));
    }

    #[benchmark]
    fn cancel() {
        set_up::<T>();
        let (owner, _) = full_list::<T>(true);
        let order = NextOrder::<T>::get() - 1;
        #[extrinsic_call]
        _(RawOrigin::Signed(owner), order);
        assert!(!Orders::<T>::contains_key(order));
    }

    #[benchmark]
    fn pay_arrears() {
        set_up::<T>();
        let (owner, _) = trader::<T>(0);
        Arrears::<T>::insert(&owner, 1_000);
        TotalArrears::<T>::put(1_000);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), 999);
        assert_eq!(Arrears::<T>::get(&owner), 1);
    }

    #[benchmark]
    fn collect() {
        set_up::<T>();
        let (owner, _) = trader::<T>(0);
        GridDebt::<T>::insert(&owner, 1_000);
        TotalGridDebt::<T>::put(1_000);
        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), owner.clone());
        assert_eq!(GridDebt::<T>::get(&owner), 0);
    }

    #[benchmark]
    fn set_terms() -> Result<(), BenchmarkError> {
        set_up::<T>();
        let terms = TermsAt::<T>::get(0);
        let versions: Vec<_> = (0..terms::MAX_VERSIONS)
            .map(|number| Version { number, from: number, ..Versions::<T>::get()[0] })
            .collect();
        versions.iter().for_each(|version| TermsAt::<T>::insert(version.number, &terms));
        Versions::<T>::put(BoundedVec::truncate_from(versions));
        let origin = T::AuthorityOrigin::try_successful_origin().map_err(|_| BenchmarkError::Stop("no authority"))?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, LATER, terms);
        assert_eq!(Versions::<T>::get().len(), 2);
        Ok(())
    }

    #[benchmark]
    fn set_grid() -> Result<(), BenchmarkError> {
        let (owner, _) = trader::<T>(0);
        let origin = T::AuthorityOrigin::try_successful_origin().map_err(|_| BenchmarkError::Stop("no authority"))?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, owner.clone());
        assert_eq!(Grid::<T>::get(), Some(owner));
        Ok(())
    }

    #[benchmark]
    fn work() {
        set_up::<T>();
        // All the versions that there can be, and nothing that is due.
        let version = Versions::<T>::get()[0];
        let versions = (0..terms::MAX_VERSIONS).map(|number| Version { number, from: number, ..version }).collect();
        Versions::<T>::put(BoundedVec::truncate_from(versions));
        #[block]
        {
            Pallet::<T>::work(Weight::MAX);
        }
        assert_eq!(NextSlots::<T>::get().map(|next| next.clear), Some(SLOT));
    }

    #[benchmark]
    fn pass_slot() {
        set_up::<T>();
        pairs::<T>(SLOT, 0, 1);
        set_slot::<T>(SLOT);
        let mut job = begin::<T>(Weight::MAX);
        #[block]
        {
            job.open();
        }
        assert!(InClearing::<T>::exists());
    }

    #[benchmark]
    fn clear(t: Linear<0, 100>, o: Linear<0, 100>) {
        set_up::<T>();
        pairs::<T>(SLOT, 0, t);
        pairs::<T>(SLOT + 1, 1_000, o);
        set_slot::<T>(SLOT + 1);
        let feeder = T::BenchmarkHelper::feeder();
        // One step more finds the end of the book. The other clearing only looks for its marginal pair.
        let (mut trading, mut looking) = (steps::<T>(t + 1), steps::<T>(o + 1));
        let pay_as_clear = Pricing { rule: Rule::PayAsClear, ..MIDPOINT };
        let (traded, looked) = (Clearing::new(MIDPOINT, 1), Clearing::new(pay_as_clear, 1));
        #[block]
        {
            looking.match_orders(SLOT + 1, feeder, 0, looked, State::default());
            trading.match_orders(SLOT, feeder, 0, traded, State::default());
        }
        assert_eq!(Trades::<T>::iter_keys().count() as u32, t);
    }

    #[benchmark]
    fn empty_order() {
        set_up::<T>();
        full_list::<T>(true);
        let feeder = T::BenchmarkHelper::feeder();
        let (key, order) = Pallet::<T>::orders_after(SLOT, feeder, Side::Bid, None).next().unwrap();
        Books::<T>::insert((SLOT, feeder, Side::Bid, key), BookOrder { filled: QUANTITY / 3, ..order });
        #[block]
        {
            let (key, order) = Pallet::<T>::orders_after(SLOT, feeder, Side::Bid, None).next().unwrap();
            Work::<T>::close_order(SLOT, feeder, Side::Bid, key, order);
        }
        assert!(Stakes::<T>::iter_values().any(|stake| stake.held > 0));
    }

    #[benchmark]
    fn close_book() {
        set_up::<T>();
        let feeder = T::BenchmarkHelper::feeder();
        OpenBooks::<T>::insert(SLOT, feeder, Sizes { asks: 1, bids: 1 });
        let mut job = begin::<T>(Weight::MAX);
        #[block]
        {
            job.empty(SLOT, feeder, Side::Ask, None, result());
            job.end();
        }
        assert_eq!(BlockLeaves::<T>::get().len(), 1);
    }

    #[benchmark]
    fn report_period() {
        set_up::<T>();
        let totals = PeriodTotals { energy: 1_000, value: 1_000_000u32.into(), ..Default::default() };
        let key = 0u64.to_be_bytes();
        Periods::<T>::insert(key, totals);
        set_slot::<T>(LATER);
        let mut job = begin::<T>(Weight::MAX);
        #[block]
        {
            job.report_on();
        }
        assert!(Periods::<T>::get(key).is_some_and(|totals| totals.reported));
    }

    #[benchmark]
    fn forget_party() {
        set_up::<T>();
        let (owner, _) = trader::<T>(0);
        Periods::<T>::insert(1u64.to_be_bytes(), PeriodTotals { reported: true, ..Default::default() });
        PeriodParties::<T>::insert(1, owner, Seen { sold: true, bought: true });
        let mut job = begin::<T>(Weight::MAX);
        #[block]
        {
            job.forget_parties(1);
        }
        assert_eq!(PeriodParties::<T>::iter_keys().count(), 0);
    }

    #[benchmark]
    fn settle_slot() {
        set_up::<T>();
        traded::<T>();
        let mut job = begin::<T>(Weight::MAX);
        #[block]
        {
            job.take_up_slot();
        }
        assert!(InSettlement::<T>::exists());
    }

    #[benchmark]
    fn settle_trade() {
        set_up::<T>();
        traded::<T>();
        let (grid, feeder) = (grid::<T>(), T::BenchmarkHelper::feeder());
        let mut job = begin::<T>(Weight::MAX);
        #[block]
        {
            job.settle_trade(&grid, SLOT, feeder, 0);
            job.end();
        }
        assert!(Trades::<T>::get((SLOT, feeder, 0)).is_some_and(|trade| trade.settlement.is_some()));
    }

    #[benchmark]
    fn bill_site() {
        set_up::<T>();
        let [_, site] = settled::<T>();
        let grid = grid::<T>();
        // Some of the late energy is billed already.
        Assumed::<T>::insert(site, QUANTITY);
        let job = begin::<T>(Weight::MAX);
        #[block]
        {
            let (version, terms) = Pallet::<T>::terms_of(SLOT);
            T::Metering::next_site(None);
            job.bill_site(&grid, SLOT, site, version, &terms);
        }
        assert!(Bills::<T>::get(SLOT, site).is_some_and(|bill| bill.unpaid > 0 && bill.late_imported > 0));
        assert_eq!(Assumed::<T>::get(site), 0);
    }

    #[benchmark]
    fn prune_trade() {
        set_up::<T>();
        settled::<T>();
        let mut job = begin::<T>(Weight::MAX);
        #[block]
        {
            job.prune_trades(SLOT);
        }
        assert_eq!(TradesOf::<T>::iter_keys().count(), 0);
    }

    #[benchmark]
    fn prune_bill() {
        set_up::<T>();
        let [_, site] = settled::<T>();
        let (version, terms) = Pallet::<T>::terms_of(SLOT);
        let mut job = begin::<T>(Weight::MAX);
        job.bill_site(&grid::<T>(), SLOT, site, version, &terms);
        #[block]
        {
            job.prune_bills(SLOT);
        }
        assert_eq!(Bills::<T>::iter_keys().count(), 0);
    }

    #[benchmark]
    fn prune_slot() {
        set_up::<T>();
        NextSlots::<T>::put(Cursors { clear: LATER, settle: LATER, prune: SLOT });
        let mut job = begin::<T>(Weight::MAX);
        #[block]
        {
            job.prune_on();
        }
        assert_eq!(NextSlots::<T>::get().map(|next| next.prune), Some(SLOT + 1));
    }

    #[benchmark]
    fn root(l: Linear<0, 256>) {
        let account: T::AccountId = account("trader", 0, 0);
        let leaf = |number: u32| PvLeaf::Trade {
            slot: SLOT,
            feeder: 0,
            number,
            seller: account.clone(),
            seller_no: 1,
            buyer: account.clone(),
            buyer_no: 1,
            contracted: QUANTITY,
            settled: QUANTITY,
            price: FinePrice::of(LIMIT),
            green: true,
        };
        BlockLeaves::<T>::put(BoundedVec::truncate_from((0..l).map(leaf).collect()));
        #[block]
        {
            <Pallet<T> as gridpeg_messages::traits::Subtree>::root(&gridpeg_header::H256::zero());
        }
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
