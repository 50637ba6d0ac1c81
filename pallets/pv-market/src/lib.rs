#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

extern crate alloc;

pub use pallet::*;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
pub mod billing;
pub mod clearing;
mod invariants;
pub mod leaves;
pub mod money;
pub mod orders;
pub mod periods;
mod prelude;
mod prune;
pub mod settlement;
pub mod terms;
pub mod types;
pub mod views;
pub mod weights;
pub mod work;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use prelude::*;

use polkadot_sdk::{frame_support, frame_system};

// The macro puts `expect` into what it writes; our own code in here only calls what is outside.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use polkadot_sdk::sp_runtime::DispatchResult;

    /// Layout of the storage. A migration raises it.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: polkadot_sdk::frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Why the runtime holds coins.
        type RuntimeHoldReason: From<HoldReason>;
        /// The coin.
        type Currency: Mutate<Self::AccountId, Balance = Balance>
            + MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;
        /// The block's timestamp.
        type Time: Time<Moment = Millis>;
        /// Sites, and what their meters say.
        type Metering: Metering<Self::AccountId>;
        /// The feeders' tables.
        type Feeders: Feeders;
        /// Credit that bills draw on first.
        type Credit: ElectricityCredit<Self::AccountId>;
        /// Gets the price of each clearing period.
        type Prices: ObservePrices;
        /// Who sets terms and the grid company's account.
        type AuthorityOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Most open orders of an account.
        #[pallet::constant]
        type MaxOrders: Get<u32>;
        /// Most orders in a book, both sides together.
        #[pallet::constant]
        type MaxBook: Get<u32>;
        /// Most leaves that a block makes.
        #[pallet::constant]
        type MaxLeaves: Get<u32>;
        /// The share of a block that clearing and settlement have at its start. At its end they have what is left.
        #[pallet::constant]
        type WorkShare: Get<Perbill>;
        /// Weights.
        type WeightInfo: WeightInfo;
        /// Makes sites for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: benchmarking::BenchmarkHelper<Self::AccountId>;
    }

    /// Why coins are held.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// For open orders, and for trades until they are settled.
        Orders,
    }

    /// The grid company's account. Without one there is no market, and nothing is settled.
    #[pallet::storage]
    pub type Grid<T: Config> = StorageValue<_, T::AccountId, OptionQuery>;

    /// Which version of the terms holds from which slot on, ascending.
    #[pallet::storage]
    pub type Versions<T> = StorageValue<_, BoundedVec<Version, ConstU32<{ terms::MAX_VERSIONS }>>, ValueQuery>;
    /// The terms by version.
    #[pallet::storage]
    pub type TermsAt<T> = StorageMap<_, Twox64Concat, u32, Terms, ValueQuery>;

    /// Number that the next order gets.
    #[pallet::storage]
    pub type NextOrder<T> = StorageValue<_, OrderId, ValueQuery>;
    /// Where open orders are.
    #[pallet::storage]
    pub type Orders<T> = StorageMap<_, Twox64Concat, OrderId, Place, OptionQuery>;
    /// Open orders by slot, feeder, side, and in order of priority.
    #[pallet::storage]
    pub type Books<T: Config> = StorageNMap<
        _,
        (
            NMapKey<Twox64Concat, Slot>,
            NMapKey<Twox64Concat, FeederId>,
            NMapKey<Twox64Concat, Side>,
            NMapKey<Identity, Key>,
        ),
        BookOrder<T::AccountId>,
        OptionQuery,
    >;
    /// Books that have orders, with their sizes. While orders leave a cleared book its size stays what it was.
    #[pallet::storage]
    pub type OpenBooks<T> = StorageDoubleMap<_, Twox64Concat, Slot, Twox64Concat, FeederId, Sizes, ValueQuery>;

    /// An account's open orders, the oldest first.
    #[pallet::storage]
    pub type OrdersOf<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, BoundedVec<OrderId, T::MaxOrders>, ValueQuery>;

    /// On which side of a book an account is.
    #[pallet::storage]
    pub type Sides<T: Config> = StorageNMap<
        _,
        (NMapKey<Twox64Concat, Slot>, NMapKey<Twox64Concat, FeederId>, NMapKey<Blake2_128Concat, T::AccountId>),
        Standing,
        OptionQuery,
    >;

    /// What sites have at stake, by slot and site, until they are billed.
    #[pallet::storage]
    pub type Stakes<T: Config> =
        StorageDoubleMap<_, Twox64Concat, Slot, Twox64Concat, SiteId, Stake<T::AccountId>, OptionQuery>;

    /// Which slots come next. None before the calendar begins.
    #[pallet::storage]
    pub type NextSlots<T> = StorageValue<_, Cursors, OptionQuery>;

    /// The book that is being cleared.
    #[pallet::storage]
    pub type InClearing<T: Config> = StorageValue<_, BookInClearing<T::AccountId>, OptionQuery>;
    /// The slot that is being settled.
    #[pallet::storage]
    pub type InSettlement<T> = StorageValue<_, SlotInSettlement, OptionQuery>;

    /// What has come of books, by slot and feeder.
    #[pallet::storage]
    pub type Cleared<T> = StorageDoubleMap<_, Twox64Concat, Slot, Twox64Concat, FeederId, BookResult, OptionQuery>;
    /// Trades, by slot, feeder and number from 0.
    #[pallet::storage]
    pub type Trades<T: Config> = StorageNMap<
        _,
        (NMapKey<Twox64Concat, Slot>, NMapKey<Twox64Concat, FeederId>, NMapKey<Twox64Concat, u32>),
        TradeRecord<T::AccountId>,
        OptionQuery,
    >;

    /// How many of an account's trades were ever settled: its trades are numbered from 1 to this.
    #[pallet::storage]
    pub type TradeCount<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, u64, ValueQuery>;
    /// An account's settled trades by its own numbers: slot, feeder, number in the book.
    #[pallet::storage]
    pub type TradesOf<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, u64, (Slot, FeederId, u32), OptionQuery>;

    /// Bills by slot and site. A site through which nothing flowed has none.
    #[pallet::storage]
    pub type Bills<T: Config> =
        StorageDoubleMap<_, Twox64Concat, Slot, Twox64Concat, SiteId, Bill<T::AccountId>, OptionQuery>;
    /// Sites' bills added up by month.
    #[pallet::storage]
    pub type MonthlyBills<T> = StorageDoubleMap<_, Twox64Concat, SiteId, Twox64Concat, Month, MonthSums, ValueQuery>;

    /// What was billed to sites as contracted without an import reading, and is not set off yet, in Wh.
    #[pallet::storage]
    pub type Assumed<T> = StorageMap<_, Twox64Concat, SiteId, Wh, ValueQuery>;

    /// What accounts owe to the grid company.
    #[pallet::storage]
    pub type Arrears<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Balance, ValueQuery>;
    /// Sum of [`Arrears`].
    #[pallet::storage]
    pub type TotalArrears<T> = StorageValue<_, Balance, ValueQuery>;

    /// What the grid company owes to accounts.
    #[pallet::storage]
    pub type GridDebt<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Balance, ValueQuery>;
    /// Sum of [`GridDebt`].
    #[pallet::storage]
    pub type TotalGridDebt<T> = StorageValue<_, Balance, ValueQuery>;

    /// Clearing periods in which something traded, by their numbers as big-endian bytes: in ascending order.
    #[pallet::storage]
    pub type Periods<T> = StorageMap<_, Identity, [u8; 8], PeriodTotals, OptionQuery>;
    /// Who traded in them.
    #[pallet::storage]
    pub type PeriodParties<T: Config> =
        StorageDoubleMap<_, Twox64Concat, u64, Blake2_128Concat, T::AccountId, Seen, ValueQuery>;

    /// The leaves made in this block, in order.
    #[pallet::storage]
    pub type BlockLeaves<T: Config> = StorageValue<_, BoundedVec<PvLeaf<T::AccountId>, T::MaxLeaves>, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An order is in its book, and `hold` on hold for it.
        OrderPlaced { order: OrderId, account: T::AccountId, request: OrderRequest, hold: Balance },
        /// An order stands in for another, of which nothing is left. It is younger than all others now.
        OrderReplaced { order: OrderId, replaces: OrderId, quantity: Wh, limit: Price, hold: Balance },
        /// An order was taken back.
        OrderCancelled { order: OrderId },
        /// Two orders traded.
        Traded { slot: Slot, feeder: FeederId, number: u32, ask: OrderId, bid: OrderId, quantity: Wh, price: FinePrice },
        /// An order has left its cleared book: so much of it traded, and `kept` stays on hold for that.
        OrderClosed { order: OrderId, filled: Wh, kept: Balance },
        /// A book is cleared. Without trades there is no price.
        SlotCleared { slot: Slot, feeder: FeederId, price: Option<Price>, energy: u128, trades: u32 },
        /// A trade is settled: the buyer has paid the turnover, the network fee is in the bill.
        TradeSettled { slot: Slot, feeder: FeederId, number: u32, settled: Wh, turnover: Balance, fee: Balance },
        /// A site's bill: its lines that are about no trade, the sums of all lines, how much was paid from electricity
        /// credit, how much could not be paid.
        Billed {
            slot: Slot,
            site: SiteId,
            account: T::AccountId,
            lines: BoundedVec<Line, ConstU32<{ types::MAX_LINES }>>,
            credit: Balance,
            debit: Balance,
            drawn: Balance,
            unpaid: Balance,
        },
        /// The grid company could not pay all that a bill says: it owes this much more to the account.
        GridShort { account: T::AccountId, amount: Balance },
        /// All of a slot is settled and billed, and nothing held for it any more.
        SlotSettled { slot: Slot, bills: u32 },
        /// An account has paid arrears, by itself or by a credit.
        ArrearsPaid { account: T::AccountId, amount: Balance, left: Balance },
        /// The grid company has paid what it owed.
        DebtPaid { account: T::AccountId, amount: Balance, left: Balance },
        /// The price of a clearing period is reported.
        PeriodReported { period: u64, price: Price, energy: u128 },
        /// The price of a clearing period was not taken: there was one already, or the period is closed.
        PeriodNotReported { period: u64, error: DispatchError },
        /// These terms hold from a slot on.
        TermsSet { version: u32, from: Slot, terms: Terms },
        /// This is the grid company's account from now on.
        GridSet { account: T::AccountId },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The grid company has no account yet: the authorities set it first.
        NoGrid,
        /// The slot's gate is closed: choose a later slot.
        GateClosed,
        /// The slot is further ahead than orders are taken for, or the calendar does not run.
        TooFarAhead,
        /// There is no such site.
        UnknownSite,
        /// Only the owner of the site may place orders for it.
        NotSiteOwner,
        /// The site is not in the mode `market` in that slot's month.
        WrongMode,
        /// The account is in arrears: pay them first.
        InArrears,
        /// The quantity is below the minimum lot.
        BelowLot,
        /// The limit is 0.
        PriceZero,
        /// The limit is above the highest price.
        PriceTooHigh,
        /// The order has expired already.
        Expired,
        /// Only asks are green.
        GreenBid,
        /// The account has as many open orders as it can have.
        TooManyOrders,
        /// The book has as many orders as it can have.
        BookFull,
        /// The account has orders on the other side of this book.
        OppositeSide,
        /// The site's former owner has orders or trades in that slot.
        SiteTaken,
        /// A number would be too large.
        Overflow,
        /// The account has less than is needed, or has it reserved.
        InsufficientFunds,
        /// There is no such open order: it was taken back, or its book is cleared.
        UnknownOrder,
        /// Only who placed the order may do this.
        NotOrderOwner,
        /// There is nothing to pay.
        NothingToPay,
        /// The grid company owes this account nothing.
        NothingToCollect,
        /// The grid company has no coins: collect later.
        GridWithoutCoins,
        /// A value of the terms is out of its bounds; the documentation of `Terms` has them.
        TermsInvalid,
        /// There can be orders for that slot: choose one beyond the horizon.
        TermsTooSoon,
        /// Too many versions of the terms hold for slots that are kept: wait until some are forgotten.
        TooManyTerms,
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The grid company's account. Without one there is no market until the authorities set it.
        pub grid: Option<T::AccountId>,
        /// The terms of all slots until others are set.
        pub terms: Terms,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            Pallet::<T>::found(self);
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Self::begin_block()
        }

        fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
            Self::work(remaining)
        }

        fn integrity_test() {
            work::check_config::<T>();
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), polkadot_sdk::sp_runtime::TryRuntimeError> {
            Self::check_invariants()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Places an order for a site in the mode `market`. For its owner.
        #[pallet::call_index(0)]
        #[pallet::weight(orders::place_weight::<T>())]
        pub fn place(origin: OriginFor<T>, order: OrderRequest) -> DispatchResult {
            Self::do_place(ensure_signed(origin)?, order)
        }

        /// Puts another order in the place of one: the same but for quantity and limit, as if placed now.
        #[pallet::call_index(1)]
        #[pallet::weight(orders::replace_weight::<T>())]
        pub fn replace(
            origin: OriginFor<T>,
            order: OrderId,
            #[pallet::compact] quantity: Wh,
            #[pallet::compact] limit: Price,
        ) -> DispatchResult {
            Self::do_replace(ensure_signed(origin)?, order, quantity, limit)
        }

        /// Takes an order back, until the gate closes.
        #[pallet::call_index(2)]
        #[pallet::weight(orders::cancel_weight::<T>())]
        pub fn cancel(origin: OriginFor<T>, order: OrderId) -> DispatchResult {
            Self::do_cancel(ensure_signed(origin)?, order)
        }

        /// Pays what the caller owes to the grid company, up to `amount`.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::pay_arrears())]
        pub fn pay_arrears(origin: OriginFor<T>, #[pallet::compact] amount: Balance) -> DispatchResult {
            Self::do_pay_arrears(ensure_signed(origin)?, amount)
        }

        /// Has the grid company pay what it owes to an account, as far as it can. Anybody may call it.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::collect())]
        pub fn collect(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_collect(account)
        }

        /// Sets the terms from a slot on that is further ahead than orders are taken for. Terms set before for such
        /// slots are replaced. For the authorities.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::set_terms().saturating_add(T::Metering::weight()))]
        pub fn set_terms(origin: OriginFor<T>, from: Slot, terms: Terms) -> DispatchResult {
            T::AuthorityOrigin::ensure_origin(origin)?;
            Self::do_set_terms(from, terms)
        }

        /// Sets the grid company's account. It takes over what is owed to and by the company. For the authorities.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::set_grid())]
        pub fn set_grid(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            T::AuthorityOrigin::ensure_origin(origin)?;
            Self::do_set_grid(account)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The terms of a slot.
        pub fn terms(slot: Slot) -> Terms {
            Self::terms_of(slot).1
        }
        /// The present slot; none before the calendar begins and after it ends.
        pub fn slot_now() -> Option<Slot> {
            T::Metering::calendar().slot_at(Self::now())
        }
        /// When a slot's gate closes, Unix ms.
        pub fn gate(slot: Slot) -> Millis {
            Self::gate_of(&T::Metering::calendar(), slot, Self::terms_of(slot).1.gate)
        }
        /// Asks and bids of a book, the best first; at most `most` of each, and no more than 1000.
        pub fn book(slot: Slot, feeder: FeederId, most: u32) -> (Vec<Quote>, Vec<Quote>) {
            (Self::quotes(slot, feeder, Side::Ask, most), Self::quotes(slot, feeder, Side::Bid, most))
        }
        /// An account's open orders, the oldest first.
        pub fn orders_of(account: T::AccountId) -> Vec<OrderInfo<T::AccountId>> {
            OrdersOf::<T>::get(account).into_iter().filter_map(Self::order_info).collect()
        }
        /// An open order.
        pub fn order(id: OrderId) -> Option<OrderInfo<T::AccountId>> {
            Self::order_info(id)
        }
        /// A site's bill of a slot, with all its lines.
        pub fn bill(site: SiteId, slot: Slot) -> Option<ItemisedBill<T::AccountId>> {
            Self::itemised(site, slot)
        }
        /// A site's bills of `most` slots from one on, no more than 1000.
        pub fn bills(site: SiteId, from: Slot, most: u32) -> Vec<(Slot, Bill<T::AccountId>)> {
            Self::slots(from, most).filter_map(|slot| Some((slot, Bills::<T>::get(slot, site)?))).collect()
        }
        /// A site's bills of a month, added up.
        pub fn month(site: SiteId, month: Month) -> MonthSums {
            MonthlyBills::<T>::get(site, month)
        }
        /// What was billed to a site as contracted while its import meter was silent, and will be set off, in Wh.
        pub fn assumed(site: SiteId) -> Wh {
            Assumed::<T>::get(site)
        }
        /// What has come of a book.
        pub fn price(slot: Slot, feeder: FeederId) -> Option<BookResult> {
            Cleared::<T>::get(slot, feeder)
        }
        /// What has come of a feeder's books of `most` slots from one on, no more than 1000.
        pub fn prices(feeder: FeederId, from: Slot, most: u32) -> Vec<(Slot, BookResult)> {
            Self::slots(from, most).filter_map(|slot| Some((slot, Cleared::<T>::get(slot, feeder)?))).collect()
        }
        /// A trade by its number in the book.
        pub fn trade(slot: Slot, feeder: FeederId, number: u32) -> Option<TradeRecord<T::AccountId>> {
            Trades::<T>::get((slot, feeder, number))
        }
        /// An account's settled trades from this number of its own on; at most `most`, and no more than 1000.
        pub fn trades_of(account: T::AccountId, from: u64, most: u32) -> Vec<AccountTrade<T::AccountId>> {
            Self::account_trades(&account, from, most)
        }
        /// What an account owes to the grid company.
        pub fn arrears(account: T::AccountId) -> Balance {
            Arrears::<T>::get(account)
        }
        /// What the grid company owes to an account.
        pub fn grid_debt(account: T::AccountId) -> Balance {
            GridDebt::<T>::get(account)
        }
        /// How far clearing and settlement are.
        pub fn progress() -> Progress {
            Self::how_far()
        }
    }
}
