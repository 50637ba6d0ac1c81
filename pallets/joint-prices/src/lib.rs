//! # Joint prices
//!
//! The data that both chains analyse: **D**, the last pairs (electricity price, carbon price), one for each clearing
//! period. Each chain has a D of its own; the two agree as far as the same periods are reported to both.
//!
//! | | unit |
//! |---|---|
//! | electricity price | 10⁻¹² coin per kWh, as i64; may be negative |
//! | carbon price | 10⁻¹² coin per t, as i64 |
//! | period | number n from n · `clearing_period` to (n + 1) · `clearing_period`, Unix time in ms |
//! | u-value | 2⁻³², as u32 from 1 to 2³² − 1 |
//!
//! ## From trades to a pair
//! A market sums a period's trades up to a [`Summary`]: the mean price weighted by quantity, the quantity, how many
//! sellers and buyers. It comes here through [`ObservePrices`] from a market on this chain, or by [`Call::report`] from
//! the authorities for one that is not. A report is taken if
//!
//! 1. the period is over by this chain's clock ([`Error::PeriodNotOver`]);
//! 2. the period is not closed: it is later than the last pair's, and was not given up ([`Error::PeriodClosed`]);
//! 3. the side was not reported before ([`Error::AlreadyReported`]);
//! 4. there is room: at most [`Config::MaxOpen`] periods are open, and a new one pushes the oldest one out, unless it
//!    is older itself ([`Error::TooManyOpen`]).
//!
//! The price **counts** if at least the side's minimum was traded, by at least [`MIN_PARTIES`](types::MIN_PARTIES)
//! sellers and as many buyers, accounts on both sides not counted: nobody makes a price alone, or with one partner. A
//! period whose two prices count is a pair. It is added to D; the oldest pair leaves if D has more than `window` then.
//! Pairs are in ascending order of their periods, so older periods that are still open are closed by it.
//!
//! | event | meaning |
//! |---|---|
//! | [`Event::SideReported`] | the price counts |
//! | [`Event::SideNotQualified`] | it does not: the period stays without a pair |
//! | [`Event::PairAdded`] | the second price counts too |
//! | [`Event::PeriodGivenUp`] | a period that waited for its other side is closed |
//!
//! Who reports is trusted to sum up right, as every pallet of the runtime is, and as the authorities are for a market
//! that is elsewhere.
//!
//! ## From D to the analysis
//! Each price is taken through the kernel distribution of its side's prices (eqs. 4 to 6, [`gridpeg_copula::marginal`];
//! the bandwidth is at least one unit of price): u = F̂(x). All that the consensus evaluates starts from these
//! integers. They are computed at most once per block: a new pair sets [`Dirty`], and the proof-of-work pallet calls
//! [`PriceWindow::refresh`] at the start of the next block, so that a block is analysed against D as of its parent,
//! whatever its transactions do. With them changes [`Revision`], and the reference of eqs. 7 and 8 is computed
//! ([`gridpeg_copula::consensus::reference`]). With fewer than 30 pairs there is none, and no analysis.
//!
//! An upgrade of the runtime sets [`Dirty`], too: new code may compute otherwise, and its migrations may change D. So
//! whatever was computed, or claimed, by the old code is forgotten with the first block of the new one.
//!
//! [`Pallet::next_window`] says at any time what the next block will be analysed against; [`Pallet::guidance`] what the
//! analysis says of the carbon price.
//!
//! ## Genesis
//! `pairs` seeds D with history, `[[period, electricity, carbon], …]`, oldest first; `window`, `clearingPeriod`,
//! `minimumElectricity` and `minimumCarbon` are fixed for good ([`Settings`]).

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
mod guidance;
mod invariants;
mod observe;
pub mod types;
pub mod weights;
mod window;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use types::{OpenPeriod, Report, Settings, Shortfall, Window};
pub use weights::WeightInfo;

use alloc::vec::Vec;
use gridpeg_copula::{
    claim::{MAX_OBSERVATIONS, MIN_OBSERVATIONS},
    prices::{CarbonGuidance, Price, PricePair},
};
use gridpeg_header::{Claim, Millis};
use gridpeg_messages::{
    prices::{Side, Summary},
    traits::{ObservePrices, PriceWindow},
};
use polkadot_sdk::{
    frame_support::{
        self, ensure,
        traits::{Get, UnixTime},
        weights::Weight,
    },
    frame_system,
    sp_runtime::{traits::SaturatedConversion, BoundedVec, DispatchError, DispatchResult},
};

/// The least bandwidth of a kernel distribution: one unit of price. Without it a constant series has none.
pub const LEAST_BANDWIDTH: f64 = 1.0;

// The macro puts `expect` into what it writes; our own code in here only calls what is outside.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    /// Layout of the storage. A migration raises it.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: polkadot_sdk::frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The block's timestamp.
        type Time: UnixTime;
        /// Who may report prices of a market that is not on this chain.
        type AuthorityOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Most open periods.
        #[pallet::constant]
        type MaxOpen: Get<u32>;
        /// Weights.
        type WeightInfo: WeightInfo;
    }

    /// Clearing period, length of the window, minimum quantities. Written by genesis only.
    #[pallet::storage]
    pub type SettingsOf<T> = StorageValue<_, Settings, ValueQuery>;

    /// D: the pairs, their periods ascending; at most as many as the settings say.
    #[pallet::storage]
    pub type Pairs<T> = StorageValue<_, BoundedVec<PricePair, ConstU32<MAX_OBSERVATIONS>>, ValueQuery>;

    /// Periods of which a side was reported, and which are no pair; ascending.
    #[pallet::storage]
    pub type Open<T: Config> = StorageValue<_, BoundedVec<OpenPeriod, T::MaxOpen>, ValueQuery>;

    /// The lowest period that is not closed.
    #[pallet::storage]
    pub type Floor<T> = StorageValue<_, u64, ValueQuery>;

    /// Whether D, or the code, has changed since the u-values were computed.
    #[pallet::storage]
    pub type Dirty<T> = StorageValue<_, bool, ValueQuery>;

    /// How often the u-values were computed: the number of the window that they, and the reference, are of.
    #[pallet::storage]
    pub type Revision<T> = StorageValue<_, u64, ValueQuery>;

    /// The pairs' u-values (electricity, carbon) in 2⁻³², in the order of the pairs.
    #[pallet::storage]
    pub type UValues<T> = StorageValue<_, BoundedVec<(u32, u32), ConstU32<MAX_OBSERVATIONS>>, ValueQuery>;

    /// The reference claim and AIC_ref in 2⁻²⁰.
    #[pallet::storage]
    pub type Reference<T> = StorageValue<_, (Claim, i64), OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A side of a period was reported, and its price counts.
        SideReported {
            /// Number of the period.
            period: u64,
            /// Which price.
            side: Side,
            /// The price.
            price: Price,
        },
        /// A side of a period was reported, and its price does not count: the period stays without a pair.
        SideNotQualified {
            /// Number of the period.
            period: u64,
            /// Which price.
            side: Side,
            /// What it lacks.
            shortfall: Shortfall,
        },
        /// Both prices of a period count: the pair is analysed from the next block on.
        PairAdded {
            /// Number of the period.
            period: u64,
            /// The electricity price.
            electricity: Price,
            /// The carbon price.
            carbon: Price,
        },
        /// A period that waited for its other side is closed: a later one is a pair, or too many are open.
        PeriodGivenUp {
            /// Number of the period.
            period: u64,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The period is not over yet: report it when it is.
        PeriodNotOver,
        /// The period is not later than that of the last pair, or was given up.
        PeriodClosed,
        /// This side of the period was reported before.
        AlreadyReported,
        /// As many periods are open as can be, all later than this one.
        TooManyOpen,
    }

    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// History: (period, electricity price, carbon price), periods strictly ascending, at most `window` of them.
        pub pairs: Vec<(u64, Price, Price)>,
        /// Length of a clearing period in milliseconds.
        pub clearing_period: Millis,
        /// Most pairs in the window, 30 to 1024.
        pub window: u32,
        /// Least Wh that a period's electricity price needs behind it.
        pub minimum_electricity: u128,
        /// Least grams that a period's carbon price needs behind it.
        pub minimum_carbon: u128,
        #[doc(hidden)]
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            let Settings { clearing_period, window, minimum_electricity, minimum_carbon } = Settings::DEFAULT;
            Self {
                pairs: Vec::new(),
                clearing_period,
                window,
                minimum_electricity,
                minimum_carbon,
                _config: Default::default(),
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        // Genesis is built before any block exists: a panic here is an error message about the chain spec.
        #[allow(clippy::panic)]
        fn build(&self) {
            let settings = Settings {
                clearing_period: self.clearing_period,
                window: self.window,
                minimum_electricity: self.minimum_electricity,
                minimum_carbon: self.minimum_carbon,
            };
            if let Err(error) = settings.check() {
                panic!("chain spec, jointPrices: {error}");
            }
            SettingsOf::<T>::put(settings);
            if let Err(error) = Pallet::<T>::seed(&self.pairs, &settings) {
                panic!("chain spec, jointPrices.pairs: {error}");
            }
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_runtime_upgrade() -> Weight {
            Dirty::<T>::put(true);
            T::DbWeight::get().writes(1)
        }

        fn integrity_test() {
            assert!(T::MaxOpen::get() > 0, "Config::MaxOpen: a period is open until both sides are reported");
            assert!(Settings::DEFAULT.check().is_ok(), "the default settings are out of bounds");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), polkadot_sdk::sp_runtime::TryRuntimeError> {
            Self::check_invariants()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Reports one side of a clearing period that is over. For the authorities, as long as that side's market is
        /// not on this chain.
        ///
        /// Fails with `PeriodNotOver`, `PeriodClosed`, `AlreadyReported` or `TooManyOpen`. A price that does not count
        /// is no error: the event `SideNotQualified`.
        #[pallet::call_index(0)]
        #[pallet::weight(crate::weights::most::<T::WeightInfo>())]
        pub fn report(origin: OriginFor<T>, side: Side, period: u64, summary: Summary) -> DispatchResultWithPostInfo {
            T::AuthorityOrigin::ensure_origin(origin)?;
            let weight = Self::do_observe(side, period, &summary)?;
            Ok(Some(weight).into())
        }
    }
}

impl<T: Config> Pallet<T> {
    /// D, oldest pair first.
    pub fn prices() -> Vec<PricePair> {
        Pairs::<T>::get().into_inner()
    }

    fn now() -> Millis {
        T::Time::now().as_millis().saturated_into()
    }

    /// Puts history into D, at genesis.
    fn seed(pairs: &[(u64, Price, Price)], settings: &Settings) -> Result<(), &'static str> {
        ensure!(pairs.len() <= settings.window as usize, "more than the window takes");
        let ascending = pairs.windows(2).all(|two| matches!(two, [a, b] if a.0 < b.0));
        ensure!(ascending, "periods must be strictly ascending");
        let Some((last, ..)) = pairs.last() else { return Ok(()) };
        // There is no clock yet that could say whether it is over; one that has no end never is.
        ensure!(settings.end_of(*last).is_some(), "the last period's end, (period + 1) * clearingPeriod, is no u64");
        let all: Vec<PricePair> =
            pairs.iter().map(|&(period, electricity, carbon)| PricePair { period, electricity, carbon }).collect();
        Pairs::<T>::set(BoundedVec::truncate_from(all));
        Floor::<T>::put(last.saturating_add(1));
        Dirty::<T>::put(true);
        Ok(())
    }
}
