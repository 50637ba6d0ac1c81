//! # Upgrades
//!
//! Lets named authorities replace the runtime, and everybody else see it coming: a chain without a sudo key can be
//! upgraded, but not before [`Delay`] blocks have passed in which its users can read the new code and leave.
//!
//! Who holds [`Config::AuthorityOrigin`] (in the runtimes two thirds of the authorities, or root) can replace every
//! rule of execution this way. The delay is all that stands between a bad decision and the chain, so no call of this
//! pallet changes it: only an upgrade can, which itself had to wait.
//!
//! ## An upgrade's way
//!
//! | stage | held in | ends with |
//! |---|---|---|
//! | scheduled | [`Scheduled`] | block `at`, or [`Call::cancel`] |
//! | authorised | `frame_system`'s `AuthorizedUpgrade` | `system.applyAuthorizedUpgrade`, or [`Call::cancel`] |
//! | applied | `:code` | |
//!
//! At most one upgrade is on its way, so that, where nobody is root, a scheduled hash is the only code that can come
//! next: [`Call::schedule`] is refused while another one is scheduled, or authorised and not applied yet. The calls in
//! order, with polkadot-js and three authorities:
//!
//! ```js
//! // 1. Two of three authorities schedule the code's hash: `b2sum -l 256 runtime.compact.compressed.wasm`.
//! const call = api.tx.upgrades.schedule(codeHash);
//! api.tx.authorities.propose(2, call, call.method.encodedLength);   // one of them; then two vote and anybody closes
//! // 2. Everybody sees which code comes, and from which block on, and has the delay to act on it.
//! await api.query.upgrades.scheduled();                             // { codeHash, at }
//! // 3. At block `at` the chain authorises it by itself.
//! await api.query.system.authorizedUpgrade();                       // { codeHash, checkVersion: true }
//! // 4. From then on anybody hands in the code, free of charge. The next block is the first to run it.
//! await api.tx.system.applyAuthorizedUpgrade(code).send();
//! // Instead of 2 to 4, or between 3 and 4: another motion of the same majority takes it back.
//! api.tx.upgrades.cancel(codeHash);
//! ```
//!
//! `frame_system` checks the version when the code is applied: another `spec_name`, or a `spec_version` that is not
//! higher, ends the authorisation without an upgrade.
//!
//! ## Taking back an authorisation
//!
//! `frame_system` lets an authorisation be overwritten by another one, but not be removed, and it never expires: code
//! that was found to be bad, or was given up, could be applied by anybody years later. So [`Call::cancel`] removes it.
//! It takes nothing from users, because the runtime that they know stays. An authorisation that root gave by
//! `system.authorizeUpgrade` is removed by it too; root outranks the authorities and can give it again.
//!
//! ## The delay
//!
//! The genesis value `delay`, in blocks, [`MIN_DELAY`] to [`MAX_DELAY`]; where genesis has none, the runtime's constant
//! [`Config::Delay`]. Not only a constant, because one binary serves development chains, whose presets wait ten blocks,
//! and production chains, whose users need days; and because block times differ from chain to chain, and with them what
//! a number of blocks means. It counts from the block in which [`Call::schedule`] is executed.

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

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod types;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use types::ScheduledUpgrade;
pub use weights::WeightInfo;

use polkadot_sdk::{
    frame_support::{self, ensure},
    frame_system::{self, pallet_prelude::BlockNumberFor},
    sp_runtime::{
        traits::{SaturatedConversion, Saturating},
        DispatchResult,
    },
};

/// The shortest delay, in blocks.
pub const MIN_DELAY: u32 = 1;
/// The longest delay, in blocks: half a year of 15 s blocks. A longer one could as well forbid upgrades.
pub const MAX_DELAY: u32 = 1_000_000;

/// What `frame_system` has authorised: the code's hash, and whether its version is checked. That pallet's functions
/// write and read this value but do not remove it, so this names the same storage.
#[frame_support::storage_alias]
type AuthorizedUpgrade<T: Config> = StorageValue<frame_system::Pallet<T>, (<T as frame_system::Config>::Hash, bool)>;

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
        /// Who may schedule and cancel.
        type AuthorityOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// The delay of a chain whose genesis gives none, in blocks.
        #[pallet::constant]
        type Delay: Get<BlockNumberFor<Self>>;
        /// Weights.
        type WeightInfo: WeightInfo;
    }

    /// Blocks from the call of `schedule` to the first block in which the code may be applied. Written by genesis only.
    #[pallet::storage]
    pub type Delay<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery, T::Delay>;

    /// The upgrade that waits for its block.
    #[pallet::storage]
    pub type Scheduled<T: Config> = StorageValue<_, ScheduledUpgrade<T::Hash, BlockNumberFor<T>>, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An upgrade will be authorised.
        Scheduled {
            /// Hash of the new runtime's code.
            code_hash: T::Hash,
            /// The first block in which the code may be applied.
            at: BlockNumberFor<T>,
        },
        /// An upgrade was taken back before it was applied.
        Cancelled {
            /// Hash of the code that will not be applied.
            code_hash: T::Hash,
        },
        /// From this block on anybody may apply the code, with `system.applyAuthorizedUpgrade`.
        Authorized {
            /// Hash of the new runtime's code.
            code_hash: T::Hash,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// An upgrade is scheduled already: cancel it first.
        AlreadyScheduled,
        /// An authorised upgrade is not applied yet: apply it with `system.applyAuthorizedUpgrade`, or cancel it first.
        AlreadyAuthorized,
        /// The upgrade to this code is neither scheduled nor authorised and not applied yet.
        NotScheduled,
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The delay in blocks, [`MIN_DELAY`] to [`MAX_DELAY`]; the runtime's constant if it is left out.
        pub delay: Option<BlockNumberFor<T>>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        // Genesis is built before any block exists: a panic here is an error message about the chain spec.
        #[allow(clippy::panic)]
        fn build(&self) {
            let Some(delay) = self.delay else { return };
            if !Pallet::<T>::is_within_bounds(delay) {
                panic!("chain spec, upgrades.delay: must be {MIN_DELAY} to {MAX_DELAY} blocks, is {delay:?}");
            }
            Delay::<T>::put(delay);
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            match Scheduled::<T>::get() {
                Some(upgrade) if upgrade.at <= now => {
                    Self::authorize(upgrade.code_hash);
                    T::WeightInfo::authorize()
                }
                _ => T::WeightInfo::idle(),
            }
        }

        fn integrity_test() {
            assert!(
                Self::is_within_bounds(T::Delay::get()),
                "Config::Delay must be {MIN_DELAY} to {MAX_DELAY} blocks, is {:?}",
                T::Delay::get()
            );
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Announces the runtime whose code has this hash; after the delay anybody may apply it. For the authorities.
        ///
        /// Fails with `AlreadyScheduled` or `AlreadyAuthorized` while another upgrade is on its way.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::schedule())]
        pub fn schedule(origin: OriginFor<T>, code_hash: T::Hash) -> DispatchResult {
            T::AuthorityOrigin::ensure_origin(origin)?;
            Self::do_schedule(code_hash)
        }

        /// Takes back the upgrade to the code with this hash, scheduled, or authorised and not applied yet. For the
        /// authorities. Names the hash, so that a motion that was left lying takes back nothing else.
        ///
        /// Fails with `NotScheduled` if that upgrade is not on its way.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::cancel())]
        pub fn cancel(origin: OriginFor<T>, code_hash: T::Hash) -> DispatchResult {
            T::AuthorityOrigin::ensure_origin(origin)?;
            Self::do_cancel(code_hash)
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Hash of the code that anybody may apply now.
    pub fn authorized() -> Option<T::Hash> {
        AuthorizedUpgrade::<T>::get().map(|(code_hash, _)| code_hash)
    }

    fn is_within_bounds(delay: BlockNumberFor<T>) -> bool {
        // A number beyond 32 bits saturates and is out of bounds too.
        (MIN_DELAY..=MAX_DELAY).contains(&delay.saturated_into::<u32>())
    }

    fn do_schedule(code_hash: T::Hash) -> DispatchResult {
        ensure!(!Scheduled::<T>::exists(), Error::<T>::AlreadyScheduled);
        ensure!(Self::authorized().is_none(), Error::<T>::AlreadyAuthorized);
        let at = frame_system::Pallet::<T>::block_number().saturating_add(Delay::<T>::get());
        Scheduled::<T>::put(ScheduledUpgrade { code_hash, at });
        Self::deposit_event(Event::Scheduled { code_hash, at });
        Ok(())
    }

    fn do_cancel(code_hash: T::Hash) -> DispatchResult {
        if Scheduled::<T>::get().is_some_and(|upgrade| upgrade.code_hash == code_hash) {
            Scheduled::<T>::kill();
        } else {
            ensure!(Self::authorized() == Some(code_hash), Error::<T>::NotScheduled);
            AuthorizedUpgrade::<T>::kill();
        }
        Self::deposit_event(Event::Cancelled { code_hash });
        Ok(())
    }

    /// Hands the upgrade over to `frame_system`. What root has authorised there in the meantime is replaced.
    fn authorize(code_hash: T::Hash) {
        Scheduled::<T>::kill();
        // With the check of name and version: a downgrade, or another chain's runtime, is refused when it is applied.
        frame_system::Pallet::<T>::do_authorize_upgrade(code_hash, true);
        Self::deposit_event(Event::Authorized { code_hash });
    }
}
