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
//!
//! Nothing is claimed yet, so the analysis is absent, its bonus d_v is 0, and "the chains run respectively"
//! (Algorithm 1, line 18). The pallet has no calls.

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

mod types;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use types::BlockTiming;
pub use weights::WeightInfo;

use gridpeg_header::{digest::find_pre_digest, target::next_target, Analysis, Millis, PowParameters, U256};
use gridpeg_messages::traits::{BlockWork, Parameters};
use polkadot_sdk::{
    frame_support::{
        self,
        traits::{
            fungible::{Balanced, Credit, Inspect, Mutate},
            tokens::Preservation,
            Get, OnUnbalanced, UnixTime,
        },
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
        /// Names the reward pot's account.
        #[pallet::constant]
        type PotId: Get<PalletId>;
        /// Weights.
        type WeightInfo: WeightInfo;
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
            match Self::author_of_this_block() {
                Some(author) => Author::<T>::put(author),
                None => Author::<T>::kill(),
            }
            T::WeightInfo::block()
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

    fn author_of_this_block() -> Option<T::AccountId> {
        let digest = frame_system::Pallet::<T>::digest();
        match find_pre_digest(digest.logs()) {
            Ok(pre) => codec::Decode::decode(&mut &pre.author[..]).ok(),
            Err(error) => {
                // Every importer refuses such a block; here it only means that nobody is paid.
                log::debug!(target: LOG_TARGET, "block without an author: {error}");
                None
            }
        }
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
        None
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
