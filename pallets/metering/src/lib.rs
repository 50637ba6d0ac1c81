//! # Metering
//!
//! Feeders, sites, meters; what the meters say; what comes of it in a year.
//!
//! | numbered from 0 | what it is | who registers it |
//! |---|---|---|
//! | feeder | a distribution line with its tables, and an operator | the authorities |
//! | site | a customer at a bus of a feeder: an owner, a voltage level, a [`Mode`] | the feeder's operator |
//! | meter | one direction at a site: a capacity, and the key of the device that measures | the feeder's operator |
//!
//! The operator is trusted as to what hangs where and whose it is; not as to readings, which the device signs.
//!
//! ## From a reading to a statement
//! 1. When a slot is over the meter signs its energy and what the counter shows, and **anybody** hands that in
//!    ([`Call::submit_readings`]), until `correctionWindow` after the slot's end: then the slot is *frozen*.
//!    [`readings`] has the rules, [`Refusal`] names them.
//! 2. The market settles frozen slots. A reading that is **missing** then counts 0 for generation and export; for
//!    import the market counts what was contracted. Readings of settled slots are pruned.
//! 3. The counter has gone on all the same, so a **late** reading's energy is in the next one: the gap counts in the
//!    month in which that comes (*caught up*, [`types::MonthTotal`]), and the market bills it with the slot of that
//!    reading, or with the last slot of a meter that ends; never with a settled slot.
//! 4. When a year is settled **anybody** closes it for a meter ([`Call::close_year`]): a [`Statement`], for good. A Wh
//!    counts once: what was sold green gets no quota ([`statements`]).
//!
//! Modes and owners change by the rules of [`owners`], devices and their keys by those of [`meters`].
//!
//! ## What others see
//! Owners, places, modes, every reading until its slot is settled; then months and years. Who keeps the blocks keeps
//! the load profile too. Do not use an account whose name is known elsewhere.

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
mod benchmarking;
pub mod genesis;
mod invariants;
pub mod journal;
mod market;
pub mod meters;
pub mod owners;
mod prune;
pub mod readings;
mod registry;
pub mod statements;
pub mod types;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use types::{Device, Meter, Reading, Refusal, Settings, SignedReading, Tables};
pub use weights::WeightInfo;

use alloc::vec::Vec;
use genesis::{FeederSpec, MeterSpec, SiteSpec};
use gridpeg_header::Millis;
use gridpeg_market::{
    calendar::{Calendar, Month, Slot, Year},
    fee::Lines,
    traits::{Bus, Direction, FeederId, Level, MeterId, Mode, OnStatement, SiteId, SiteInfo},
    units::Wh,
    voltage::Feeder,
};
use journal::Journal;
use polkadot_sdk::{
    frame_support::{
        self, ensure,
        traits::{Get, Time},
        weights::Weight,
    },
    frame_system,
    sp_runtime::{BoundedVec, DispatchError, DispatchResult},
};
use types::{Counted, FeederInfo, Green, MonthTotal, Numbers, Placed, Proposal, Statement, MAX_METERS};

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
        /// The block's timestamp.
        type Time: Time<Moment = Millis>;
        /// Who registers feeders and sets their operators.
        type AuthorityOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Takes the yearly statements.
        type OnStatement: OnStatement<Self::AccountId>;
        /// Most readings in a call.
        #[pallet::constant]
        type MaxBatch: Get<u32>;
        /// Weights.
        type WeightInfo: WeightInfo;
        /// Sets the clock for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: types::BenchmarkHelper;
    }

    /// Calendar, correction window, delay. Written by genesis only.
    #[pallet::storage]
    pub type SettingsOf<T> = StorageValue<_, Settings, ValueQuery>;

    /// Numbers of the next feeder, site and meter.
    #[pallet::storage]
    pub type Next<T> = StorageValue<_, Numbers, ValueQuery>;

    /// Feeders, without their tables.
    #[pallet::storage]
    pub type Feeders<T: Config> = StorageMap<_, Twox64Concat, FeederId, FeederInfo<T::AccountId>, OptionQuery>;

    /// What trades do to a feeder's voltages.
    #[pallet::storage]
    pub type FeederVoltages<T> = StorageMap<_, Twox64Concat, FeederId, Feeder, OptionQuery>;

    /// How far apart a feeder's buses are.
    #[pallet::storage]
    pub type FeederLines<T> = StorageMap<_, Twox64Concat, FeederId, Lines, OptionQuery>;

    /// Sites.
    #[pallet::storage]
    pub type Sites<T: Config> = StorageMap<_, Twox64Concat, SiteId, SiteInfo<T::AccountId>, OptionQuery>;

    /// An owner's sites, by their numbers as big-endian bytes: in ascending order.
    #[pallet::storage]
    pub type SitesOf<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Identity, [u8; 4], (), OptionQuery>;

    /// Sites' next owners.
    #[pallet::storage]
    pub type Proposals<T: Config> = StorageMap<_, Twox64Concat, SiteId, Proposal<T::AccountId>, OptionQuery>;

    /// Meters.
    #[pallet::storage]
    pub type Meters<T> = StorageMap<_, Twox64Concat, MeterId, Meter, OptionQuery>;

    /// A site's meters, but for those that ended in slots that are settled.
    #[pallet::storage]
    pub type MetersOf<T> = StorageMap<_, Twox64Concat, SiteId, BoundedVec<Placed, ConstU32<MAX_METERS>>, ValueQuery>;

    /// What a meter's next reading is measured against.
    #[pallet::storage]
    pub type Journals<T> = StorageMap<_, Twox64Concat, MeterId, Journal, OptionQuery>;

    /// Readings by slot, as big-endian bytes, and meter, until their slot is settled and pruned. So they lie in the
    /// order of slots, the next to prune first; the keys are four bytes of slots that are over, so nobody can choose
    /// them to unbalance the trie.
    #[pallet::storage]
    pub type Readings<T> = StorageDoubleMap<_, Identity, [u8; 4], Twox64Concat, MeterId, Counted, OptionQuery>;

    /// What meters have counted in months.
    #[pallet::storage]
    pub type Months<T> = StorageDoubleMap<_, Twox64Concat, MeterId, Twox64Concat, Month, MonthTotal, ValueQuery>;

    /// The last settled slot: all up to it are settled too.
    #[pallet::storage]
    pub type Settled<T> = StorageValue<_, Slot, OptionQuery>;

    /// What sites have sold green of years.
    #[pallet::storage]
    pub type Greens<T> = StorageDoubleMap<_, Twox64Concat, SiteId, Twox64Concat, Year, Green, ValueQuery>;

    /// Statements of meters and years.
    #[pallet::storage]
    pub type Statements<T: Config> =
        StorageDoubleMap<_, Twox64Concat, MeterId, Twox64Concat, Year, Statement<T::AccountId>, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A feeder with this many buses can have sites now.
        FeederRegistered { feeder: FeederId, operator: T::AccountId, buses: u32 },
        /// A feeder has this operator from now on.
        OperatorSet { feeder: FeederId, operator: T::AccountId },
        /// A site can have meters now.
        SiteRegistered { site: SiteId, owner: T::AccountId, feeder: FeederId, bus: Bus, level: Level, mode: Mode },
        /// The mode of a site from a month on. If it was its mode before, a change that was to come is called off.
        ModeSet { site: SiteId, mode: Mode, from: Month },
        /// A site's owner wants it to be owned by `to`: the operator confirms it.
        OwnerProposed { site: SiteId, to: T::AccountId },
        /// The operator says that `to` owns the site. The owner has until `not_before`, in Unix ms, to object.
        RecoveryBegun { site: SiteId, to: T::AccountId, not_before: Millis },
        /// What was proposed for a site is called off: it keeps its owner.
        OwnerKept { site: SiteId, by: T::AccountId },
        /// A site is owned by `to` now, and no longer by `from`.
        OwnerChanged { site: SiteId, from: T::AccountId, to: T::AccountId },
        /// Readings of a meter are taken from the slot `since` on.
        MeterRegistered { meter: MeterId, site: SiteId, since: Slot, replaces: Option<MeterId> },
        /// A meter ends with this slot, its counter with this number.
        MeterRetired { meter: MeterId, slot: Slot, counter: Wh },
        /// A meter's readings are signed with another key from now on.
        KeySet { meter: MeterId },
        /// The reading at this place of the batch is not taken: `refusal` says why, and what to do.
        ReadingRefused { index: u32, meter: MeterId, slot: Slot, refusal: Refusal },
        /// The end of a batch: how many readings were taken and how many refused. All others were taken.
        ReadingsTaken { new: u32, corrected: u32, refused: u32 },
        /// A meter's year is closed: its statement is final.
        YearClosed { meter: MeterId, year: Year, total: Wh, sold_green: Wh, quota: Wh },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// There is no such feeder: the authorities register it first.
        UnknownFeeder,
        /// There is no such site: the feeder's operator registers it first.
        UnknownSite,
        /// There is no such meter: the feeder's operator registers it first.
        UnknownMeter,
        /// The feeder has no such bus; they are numbered from 1.
        UnknownBus,
        /// There are the voltage levels 0 to 7.
        UnknownLevel,
        /// Only the operator of the feeder may do this.
        NotOperator,
        /// Only the owner of the site may do this.
        NotOwner,
        /// All numbers are given away.
        NumbersUsedUp,
        /// Voltages need at least one bus, a row and a column of sensitivities for each, none beyond 0.001 pu/W, and
        /// the lower limit below the upper one.
        BadVoltages,
        /// Lines need at most 128 buses, each fed from one with a lower number, from bus 1 on.
        BadLines,
        /// Voltages and lines must be of the same buses.
        TablesDiffer,
        /// The calendar has not begun, or has no more slots: no meter can begin or end, and no mode be chosen.
        CalendarNotRunning,
        /// A meter's capacity must be 1 to 1,000,000,000,000 W.
        BadCapacity,
        /// Anybody could sign for this key: take the device's own.
        WeakKey,
        /// The site has eight meters that are in service, or ended in slots that are not settled. Wait, or register
        /// another site at the bus.
        TooManyMeters,
        /// The meter is retired.
        MeterEnded,
        /// The meter's first slot in service has not begun.
        NotInService,
        /// The counter must be at least what the last reading shows.
        CounterBackwards,
        /// The counter has gone on by more than the meter's capacity allows: look at it again.
        CounterAboveCapacity,
        /// A mode can be chosen from the next month on.
        MonthNotLater,
        /// The month before the last change of the mode is not settled: choose again when it is.
        ModeTooSoon,
        /// That is the site's owner already.
        SameOwner,
        /// Nobody is proposed: the owner proposes, or the operator begins a recovery.
        NoProposal,
        /// Somebody else is proposed by now.
        ProposalChanged,
        /// The owner still has time to object.
        RecoveryTooSoon,
        /// The last slot of the year is not frozen.
        YearNotOver,
        /// The last slot of the year is not settled: the market is behind, wait for it.
        YearNotSettled,
        /// The meter was not in service in that year.
        NotMetered,
        /// There is a statement of that meter and year.
        AlreadyClosed,
    }

    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Slots, months, years.
        pub calendar: Calendar,
        /// How long after its end a slot's readings are taken, in ms: 1 to 1024 slots.
        pub correction_window: Millis,
        /// How long an operator alone waits to set a site's owner, in ms.
        pub owner_delay: Millis,
        /// Feeders: numbers 0, 1, …
        #[serde(default)]
        pub feeders: Vec<FeederSpec<T::AccountId>>,
        /// Sites: numbers 0, 1, …
        #[serde(default)]
        pub sites: Vec<SiteSpec<T::AccountId>>,
        /// Meters: numbers 0, 1, …
        #[serde(default)]
        pub meters: Vec<MeterSpec>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        // Genesis is built before any block exists: a panic here is an error message about the chain spec.
        #[allow(clippy::panic)]
        fn build(&self) {
            if let Err(error) = Pallet::<T>::found(self) {
                panic!("chain spec, metering: {error}");
            }
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
            Self::prune(remaining)
        }

        fn integrity_test() {
            assert!(T::MaxBatch::get() > 0, "Config::MaxBatch: no reading could be handed in");
            assert!(Settings::default().check().is_ok(), "the default settings are out of bounds");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), polkadot_sdk::sp_runtime::TryRuntimeError> {
            Self::check_invariants()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers a feeder and its operator. For the authorities.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register_feeder(tables.buses()))]
        pub fn register_feeder(origin: OriginFor<T>, operator: T::AccountId, tables: Tables) -> DispatchResult {
            T::AuthorityOrigin::ensure_origin(origin)?;
            Self::do_register_feeder(operator, tables)
        }

        /// Sets who registers a feeder's sites and meters. For the authorities.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::set_operator())]
        pub fn set_operator(origin: OriginFor<T>, feeder: FeederId, operator: T::AccountId) -> DispatchResult {
            T::AuthorityOrigin::ensure_origin(origin)?;
            Self::do_set_operator(feeder, operator)
        }

        /// Registers a site, with the mode that it begins in. For the operator, as all that follows up to `set_key`.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::register_site())]
        pub fn register_site(
            origin: OriginFor<T>,
            owner: T::AccountId,
            feeder: FeederId,
            bus: Bus,
            level: Level,
            mode: Mode,
        ) -> DispatchResult {
            let site = SiteInfo { owner, feeder, bus, level, mode, next: None };
            Self::do_register_site(ensure_signed(origin)?, site)
        }

        /// Registers a meter: in service from the present slot on.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::register_meter())]
        pub fn register_meter(
            origin: OriginFor<T>,
            site: SiteId,
            direction: Direction,
            device: Device,
        ) -> DispatchResult {
            Self::do_register_meter(ensure_signed(origin)?, site, direction, device)
        }

        /// Ends a meter with the present slot, its counter at `counter`, and begins another in its place.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::replace_meter())]
        pub fn replace_meter(origin: OriginFor<T>, meter: MeterId, counter: Wh, device: Device) -> DispatchResult {
            Self::do_replace_meter(ensure_signed(origin)?, meter, counter, device)
        }

        /// Ends a meter with the present slot, its counter at `counter`. If that cannot be read: what it showed last.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::retire_meter())]
        pub fn retire_meter(origin: OriginFor<T>, meter: MeterId, counter: Wh) -> DispatchResult {
            Self::do_retire_meter(ensure_signed(origin)?, meter, counter)
        }

        /// Gives a meter another key, from now on.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::set_key())]
        pub fn set_key(origin: OriginFor<T>, meter: MeterId, key: [u8; 32]) -> DispatchResult {
            Self::do_set_key(ensure_signed(origin)?, meter, key)
        }

        /// Chooses a site's mode from a later month on. For its owner.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::set_mode())]
        pub fn set_mode(origin: OriginFor<T>, site: SiteId, mode: Mode, from: Month) -> DispatchResult {
            Self::do_set_mode(ensure_signed(origin)?, site, mode, from)
        }

        /// Proposes the site's next owner, for the operator to confirm. For its owner.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::propose_owner())]
        pub fn propose_owner(origin: OriginFor<T>, site: SiteId, to: T::AccountId) -> DispatchResult {
            Self::do_propose_owner(ensure_signed(origin)?, site, to)
        }

        /// Begins to set a site's owner without the owner: `confirm_owner` ends it, after the delay. For the operator.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::recover_owner())]
        pub fn recover_owner(origin: OriginFor<T>, site: SiteId, to: T::AccountId) -> DispatchResult {
            Self::do_recover_owner(ensure_signed(origin)?, site, to)
        }

        /// Calls off what is proposed: the owner objects, or changes their mind. For the owner and the operator.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::cancel_owner())]
        pub fn cancel_owner(origin: OriginFor<T>, site: SiteId) -> DispatchResult {
            Self::do_cancel_owner(ensure_signed(origin)?, site)
        }

        /// Makes who is proposed the site's owner. For the operator.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::confirm_owner())]
        pub fn confirm_owner(origin: OriginFor<T>, site: SiteId, to: T::AccountId) -> DispatchResult {
            Self::do_confirm_owner(ensure_signed(origin)?, site, to)
        }

        /// Hands in readings. Each stands alone: an event for each that is refused, and no error. The fee comes back if
        /// all are taken and one of them is not a correction.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::submit_readings(readings.len() as u32))]
        pub fn submit_readings(
            origin: OriginFor<T>,
            readings: BoundedVec<SignedReading, T::MaxBatch>,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            Ok(Self::do_submit_readings(&readings))
        }

        /// Writes a meter's statement of a year that is settled. Anybody may call it.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::close_year().saturating_add(T::OnStatement::weight()))]
        pub fn close_year(origin: OriginFor<T>, meter: MeterId, year: Year) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_close_year(meter, year)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// A site.
        pub fn site(id: SiteId) -> Option<SiteInfo<T::AccountId>> {
            Sites::<T>::get(id)
        }
        /// An owner's sites above this number, ascending; at most 100. Ask again after the last one.
        pub fn sites_of(owner: T::AccountId, after: Option<SiteId>) -> Vec<SiteId> {
            Self::page_of(&owner, after)
        }
        /// A site's meters, but for those that ended in slots that are settled.
        pub fn meters_of(site: SiteId) -> Vec<MeterId> {
            MetersOf::<T>::get(site).iter().map(|placed| placed.meter).collect()
        }
        /// A meter.
        pub fn meter(id: MeterId) -> Option<Meter> {
            Meters::<T>::get(id)
        }
        /// What a meter said of a slot, until that is pruned.
        pub fn reading(meter: MeterId, slot: Slot) -> Option<Reading> {
            Readings::<T>::get(slot.to_be_bytes(), meter).map(|counted| counted.reading)
        }
        /// What a meter has counted in a month so far.
        pub fn month(meter: MeterId, month: Month) -> MonthTotal {
            Months::<T>::get(meter, month)
        }
        /// What a meter has counted in a year, once that is closed.
        pub fn statement(meter: MeterId, year: Year) -> Option<Statement<T::AccountId>> {
            Statements::<T>::get(meter, year)
        }
        /// Slots, months, years.
        pub fn calendar() -> Calendar {
            SettingsOf::<T>::get().calendar
        }
        /// The present slot; none before the calendar begins and after it ends.
        pub fn slot_now() -> Option<Slot> {
            Self::calendar().slot_at(Self::now())
        }
    }
}
