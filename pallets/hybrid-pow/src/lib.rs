//! # Hybrid proof of work
//!
//! The runtime's half of the consensus: the target of each block, its author, fees and rewards. The work itself is
//! checked by the node's import (`primitives/header`, [`gridpeg_header::rules`]) before a block is executed.
//!
//! - **Parameters**: [`PowParameters`], fixed in genesis for good; the counterpart checks this chain's headers by them.
//! - **Target**: recomputed at the start of each block from its parents' times by [`gridpeg_header::target`].
//! - **Author**: taken from the block's `PreRuntime(pow_)` item. Fees go to the author.
//! - **Reward pot**: an account endowed in genesis pays [`BlockReward`] per block until it is used up; nothing is ever
//!   minted here. A reward of 0 reproduces the paper's fees only.
//! - **Analysis**: the author's claim, from the same item, evaluated on the window D of price pairs as of the parent
//!   block ([`Config::Prices`]).
//!
//! The pallet has no calls.
//!
//! ## Min\[AIC\] (Algorithm 1, line 11)
//! With T = |D| ≥ 30 every block carries a claim: a copula. Its AIC on D (eq. 10) must be no higher than
//!
//! - that of the reference, which needs no fit (eqs. 7, 8);
//! - that of the best claim of an earlier block on the same D, [`Best`].
//!
//! The same AIC is enough: a claim that was published may be copied, so a miner whose fit is not ready carries the best
//! one known, [`Pallet::least`]. A better one becomes the best. When D changes, and when the runtime does, nothing is
//! known again, and the reference alone counts. What a claim gains over the reference eases its block's target (eq. 9),
//! within the bound of [`gridpeg_header::target::bonus_target`].
//!
//! A node that asks for [`Pallet::worth`] in the state of a block knows how its children will be judged: it refuses
//! others before it executes them.
//!
//! With T < 30 no block carries a claim, d_v = 0, and "the chains run respectively" (Algorithm 1, line 18).
//!
//! ## How a block is refused
//! The runtime does not stop at a claim that breaks these rules. It writes into the header's `Consensus(jnt_)` item
//! what no valid header can have beside that claim, so that every importer refuses the header because claim and
//! analysis do not go together ([`gridpeg_header::HeaderError::Analysis`]):
//!
//! | T | claim | the runtime writes | valid |
//! |---|---|---|---|
//! | < 30 | none | no analysis | yes |
//! | < 30 | any | no analysis | no |
//! | ≥ 30 | none | an analysis with the highest AIC there is | no |
//! | ≥ 30 | no copula, no finite AIC, or one above the least | no analysis | no |
//! | ≥ 30 | any other | T, AIC, gain | yes |
//!
//! So no claim makes a block's execution panic. An author who writes another AIC or gain into the header has a header
//! that execution does not give: full nodes refuse it. A light client, which has no D, cannot tell; therefore the gain
//! is worth a quarter of the target at most.

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

pub use pallet::*;

mod analysis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod types;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use types::{BestClaim, BlockTiming};
pub use weights::WeightInfo;

use gridpeg_header::{
    digest::find_pre_digest, target::next_target, Analysis, Claim, Millis, PowParameters, PreDigest, U256,
};
use gridpeg_messages::traits::{BlockWork, Parameters, PriceWindow};
use polkadot_sdk::{
    frame_support::{
        self,
        traits::{
            fungible::{Balanced, Credit, Inspect, Mutate},
            tokens::Preservation,
            Get, OnUnbalanced, UnixTime,
        },
        weights::Weight,
        PalletId,
    },
    frame_system,
    sp_runtime::traits::{AccountIdConversion, One, SaturatedConversion, Zero},
};

const LOG_TARGET: &str = "runtime::hybrid-pow";

/// An amount of the chain's coin.
pub type BalanceOf<T> = <<T as Config>::Currency as Inspect<<T as frame_system::Config>::AccountId>>::Balance;

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
        /// The chain's coin.
        type Currency: Mutate<Self::AccountId> + Balanced<Self::AccountId>;
        /// The block's timestamp.
        type Time: UnixTime;
        /// The window D of price pairs.
        type Prices: PriceWindow;
        /// Names the reward pot's account.
        #[pallet::constant]
        type PotId: Get<PalletId>;
        /// Weights.
        type WeightInfo: WeightInfo;
        /// Sets the window of price pairs for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper;
    }

    /// The chain's proof-of-work parameters. Written by genesis only.
    #[pallet::storage]
    pub type PowParametersOf<T> = StorageValue<_, PowParameters, OptionQuery>;

    /// What the pot pays an author per block.
    #[pallet::storage]
    pub type BlockReward<T: Config> = StorageValue<_, BalanceOf<T>, ValueQuery>;

    /// d_base of the block being executed.
    #[pallet::storage]
    pub type Target<T> = StorageValue<_, U256, ValueQuery>;

    /// Time and target of the last finished block; `None` before block 1 is finished.
    #[pallet::storage]
    pub type LastBlock<T> = StorageValue<_, BlockTiming, OptionQuery>;

    /// Author of the block being executed.
    #[pallet::storage]
    pub type Author<T: Config> = StorageValue<_, T::AccountId, OptionQuery>;

    /// The best claim on the window of its revision, if one was better than the reference.
    #[pallet::storage]
    pub type Best<T> = StorageValue<_, BestClaim, OptionQuery>;

    /// What the claim of the block being executed is worth, or that of the last finished one between blocks.
    #[pallet::storage]
    pub type AnalysisOf<T> = StorageValue<_, Analysis, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// The pot paid the block's author.
        RewardPaid {
            /// Who mined the block.
            author: T::AccountId,
            /// How much the pot paid.
            amount: BalanceOf<T>,
        },
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The chain's proof-of-work parameters; required.
        pub parameters: Option<PowParameters>,
        /// What the pot pays an author per block.
        pub block_reward: BalanceOf<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        // Genesis is built before any block exists: a panic here is an error message about the chain spec.
        #[allow(clippy::panic)]
        fn build(&self) {
            let Some(parameters) = self.parameters else { return };
            if let Err(error) = parameters.check() {
                panic!("chain spec, hybridPow.parameters: {error}");
            }
            PowParametersOf::<T>::put(parameters);
            BlockReward::<T>::put(self.block_reward);
            // The pot's account outlives its balance, so that a late fee can always be paid into it.
            frame_system::Pallet::<T>::inc_providers(&Pallet::<T>::pot());
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Target::<T>::put(Self::target_of_this_block());
            let pre = Self::pre_digest_of_this_block();
            Author::<T>::set(pre.as_ref().and_then(|pre| codec::Decode::decode(&mut &pre.author[..]).ok()));
            let refreshed = T::Prices::refresh();
            let analysed = Self::analyse(pre.and_then(|pre| pre.claim));
            T::WeightInfo::block().saturating_add(refreshed).saturating_add(analysed)
        }

        fn on_finalize(number: BlockNumberFor<T>) {
            let time = Self::time();
            let solve_time = match LastBlock::<T>::get() {
                Some(last) if number > One::one() => Some(time.saturating_sub(last.time)),
                _ => None,
            };
            LastBlock::<T>::put(BlockTiming { time, solve_time, target: Target::<T>::get() });
            Self::pay_reward();
        }
    }
}

impl<T: Config> Pallet<T> {
    /// The reward pot's account.
    pub fn pot() -> T::AccountId {
        T::PotId::get().into_account_truncating()
    }

    fn target_of_this_block() -> U256 {
        let Some(parameters) = PowParametersOf::<T>::get() else { return U256::zero() };
        match LastBlock::<T>::get() {
            Some(BlockTiming { solve_time: Some(solve_time), target, .. }) => {
                next_target(target, solve_time, &parameters)
            }
            Some(BlockTiming { target, .. }) => target,
            None => parameters.initial_target,
        }
    }

    fn pre_digest_of_this_block() -> Option<PreDigest> {
        let digest = frame_system::Pallet::<T>::digest();
        // Every importer refuses a block without it; here it only means that nobody is paid and nothing is claimed.
        find_pre_digest(digest.logs())
            .inspect_err(|error| log::debug!(target: LOG_TARGET, "block without an author: {error}"))
            .ok()
    }

    fn pay_reward() {
        let Some(author) = Author::<T>::get() else { return };
        let pot = Self::pot();
        let available = T::Currency::reducible_balance(
            &pot,
            Preservation::Expendable,
            frame_support::traits::tokens::Fortitude::Polite,
        );
        let amount = BlockReward::<T>::get().min(available);
        if amount.is_zero() {
            return;
        }
        match T::Currency::transfer(&pot, &author, amount, Preservation::Expendable) {
            Ok(_) => Self::deposit_event(Event::RewardPaid { author, amount }),
            Err(error) => log::warn!(target: LOG_TARGET, "reward stays in the pot: {error:?}"),
        }
    }
}

impl<T: Config> BlockWork for Pallet<T> {
    fn target() -> U256 {
        Target::<T>::get()
    }

    fn time() -> Millis {
        T::Time::now().as_millis().saturated_into()
    }

    fn analysis() -> Option<Analysis> {
        AnalysisOf::<T>::get()
    }
}

impl<T: Config> Parameters for Pallet<T> {
    fn parameters() -> Option<PowParameters> {
        PowParametersOf::<T>::get()
    }
}

/// Fees and tips go to the author; what cannot be paid to the author goes to the pot.
impl<T: Config> OnUnbalanced<Credit<T::AccountId, T::Currency>> for Pallet<T> {
    fn on_nonzero_unbalanced(fee: Credit<T::AccountId, T::Currency>) {
        let unpaid = match Author::<T>::get() {
            Some(author) => T::Currency::resolve(&author, fee).err(),
            None => Some(fee),
        };
        if let Some(fee) = unpaid {
            if T::Currency::resolve(&Self::pot(), fee).is_err() {
                log::error!(target: LOG_TARGET, "a fee could be paid neither to the author nor to the pot");
            }
        }
    }
}
