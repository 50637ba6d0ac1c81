//! # Light client
//!
//! Follows the counterpart chain by its headers alone and answers one question: *what did the counterpart commit, under
//! so much work that it stays?* Whoever names a header by a [`gridpeg_messages::HeaderProof`] gets its cross-chain
//! root, or the reason why not. What the leaves under that root mean is the business of the lanes, which know this
//! pallet as [`Counterpart`].
//!
//! ## Terms
//! - **Anchor**: the counterpart's genesis hash and proof-of-work parameters. Set once, by genesis or by
//!   [`Call::anchor`], and never changed. Before it every other call fails with `NotAnchored`.
//! - **Heaviest branch**: the branch whose tip has the most cumulative base work; on equal work the one seen first.
//! - **Recent peak**: the highest base work of a block near a header, see [`types::StoredHeader::peak`].
//! - **Confirmed**: on the heaviest branch, with work above it of at least k × the best header's recent peak, k from
//!   the anchor. Measured in work, so that cheap blocks do not confirm. [`Pallet::confirmed`] is the highest header of
//!   which this holds now, the stored [`Confirmed`] the highest of which it ever held: a rising difficulty asks for more
//!   work, which takes nothing back.
//! - **Conflict**: a heavier branch has replaced the stored [`Confirmed`] header.
//!
//! ## Headers
//! [`Call::submit_headers`] takes sealed headers, oldest first, from anybody; [`Counterpart::import`] is the same for
//! other pallets. Each is decoded strictly and checked by [`gridpeg_header::Tip::check`]: target, cumulative work,
//! time, work hash. Headers that are known are skipped; a batch with something new costs nothing. Which branch is the
//! heaviest is decided once, after the whole batch.
//!
//! ## Proofs
//! [`Counterpart::confirmed_cross_root`] takes a header that is kept, or an older one as an ancestor of a kept one: the
//! kept header commits all headers before it, so a header of any age can be proven. Either way the kept header must be
//! confirmed.
//!
//! ## What stops, and how it goes on
//! Headers are taken all the time; only proofs, and the lanes with them, stop.
//!
//! | when | shows as | goes on |
//! |---|---|---|
//! | nobody has submitted headers: the heaviest is older than [`Config::MaxTipAge`] | `TipTooOld` for every proof | with newer headers, from anybody |
//! | conflict: more was undone than k blocks' work should allow | [`ConflictOf`], event `ConflictDetected`; the lanes are frozen both ways | when the confirmed header is on the heaviest branch again; or when somebody has proven to the lanes that what was received is part of the branch that is heaviest now ([`Counterpart::resolve_conflict`]) |
//!
//! In a conflict proofs against the heaviest branch are still answered, because the second way out needs one, and
//! [`Confirmed`] stays, because the first needs it; after the second it starts anew on that branch. If neither way
//! opens, coins are missing: the lanes stay frozen.
//!
//! ## Storage
//! Bounded: [`Config::Window`] heights below and above the heaviest tip, [`Config::MaxForks`] headers at each. At a
//! full height a new header takes the place of the fork there whose heaviest header is the lightest, descendants
//! included, if that is lighter than the heaviest header of the batch. Since that costs walks over the stored forks, a
//! call has a budget for them.
//!
//! ## Files
//! | | |
//! |---|---|
//! | `import.rs` | taking headers |
//! | `branch.rs` | insertion, the heaviest branch, pruning |
//! | `room.rs` | making room at full heights |
//! | `confirm.rs` | confirmation and conflicts |
//! | `counterpart.rs` | what other pallets and the runtime API ask |
//! | `invariants.rs` | what holds after every call |

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
mod branch;
mod confirm;
mod counterpart;
mod errors;
mod import;
mod invariants;
mod room;
pub mod types;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use types::{Anchor, Conflict, StoredHeader};
pub use weights::WeightInfo;

use gridpeg_header::{Millis, PowParameters, Tip, H256};
use gridpeg_messages::{message::MaxHeaderLen, traits::Counterpart};
use polkadot_sdk::{
    frame_support::{
        self, ensure,
        traits::{Get, UnixTime},
    },
    frame_system,
    sp_runtime::DispatchResult,
};

const LOG_TARGET: &str = "runtime::light-client";

// The macro puts `expect` into what it writes; our own code in here only calls what is outside.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::{dispatch::PostDispatchInfo, pallet_prelude::*};
    use frame_system::pallet_prelude::*;
    use polkadot_sdk::sp_runtime::DispatchResult;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: polkadot_sdk::frame_system::Config<Hash = H256, RuntimeEvent: From<Event<Self>>> {
        /// Who may anchor.
        type AnchorOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// This chain's clock.
        type Time: UnixTime;
        /// Most headers in a call.
        #[pallet::constant]
        type MaxBatch: Get<u32>;
        /// Heights kept below the heaviest tip.
        #[pallet::constant]
        type Window: Get<u32>;
        /// Headers kept at a height.
        #[pallet::constant]
        type MaxForks: Get<u32>;
        /// Age of the heaviest header, in milliseconds by this chain's clock, beyond which nothing is proven: a light
        /// client that was cut off may not know the chain any more.
        #[pallet::constant]
        type MaxTipAge: Get<Millis>;
        /// Weights.
        type WeightInfo: WeightInfo;
    }

    /// The counterpart.
    #[pallet::storage]
    pub type AnchorOf<T> = StorageValue<_, Anchor, OptionQuery>;

    /// Headers by hash; the counterpart's genesis among them until it falls out of the window.
    #[pallet::storage]
    pub type Headers<T> = StorageMap<_, Identity, H256, StoredHeader, OptionQuery>;

    /// Hashes of the headers kept at a height.
    #[pallet::storage]
    pub type AtHeight<T: Config> = StorageMap<_, Twox64Concat, u32, BoundedVec<H256, T::MaxForks>, ValueQuery>;

    /// The heaviest branch, by height.
    #[pallet::storage]
    pub type Canonical<T> = StorageMap<_, Twox64Concat, u32, H256, OptionQuery>;

    /// Hash of the heaviest header.
    #[pallet::storage]
    pub type Best<T> = StorageValue<_, H256, OptionQuery>;

    /// The lowest height kept.
    #[pallet::storage]
    pub type Floor<T> = StorageValue<_, u32, ValueQuery>;

    /// Height and hash of the highest header that was ever confirmed on the heaviest branch; never genesis. Stays
    /// during a conflict.
    #[pallet::storage]
    pub type Confirmed<T> = StorageValue<_, (u32, H256), OptionQuery>;

    /// Set while the confirmed header is not on the heaviest branch.
    #[pallet::storage]
    pub type ConflictOf<T> = StorageValue<_, Conflict, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// The counterpart is anchored, for good.
        Anchored {
            /// The counterpart's genesis hash.
            genesis: H256,
        },
        /// New headers were taken.
        HeadersImported {
            /// The heaviest header afterwards.
            best: H256,
            /// Its height.
            number: u32,
            /// How many were new.
            added: u32,
        },
        /// The heaviest branch changed.
        Reorganised {
            /// The highest header that both branches share.
            common: u32,
            /// Headers that are no longer on the heaviest branch.
            depth: u32,
        },
        /// A heavier branch has replaced a confirmed header: the lanes are frozen.
        ConflictDetected {
            /// Height of the highest header that had been confirmed.
            confirmed_number: u32,
            /// The highest header that both branches share.
            common: u32,
            /// Headers above it that left the heaviest branch.
            depth: u32,
        },
        /// The confirmed header is on the heaviest branch again, or nothing that was received depends on it.
        ConflictOver,
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The counterpart is not known yet: an authority calls `anchor` first.
        NotAnchored,
        /// The anchor is set and cannot be changed.
        AlreadyAnchored,
        /// The anchor's parameters are out of bounds, its confirmations more than a quarter of the window, or its genesis
        /// hash zero or this chain's own.
        AnchorInvalid,
        /// The batch has no header that is not known already.
        NothingNew,
        /// The header's parent is not known, or no longer kept: submit the headers before it.
        ParentUnknown,
        /// The height has all the forks that are kept, and the batch is not heavier than they are: submit it together with
        /// the headers above it.
        ForkTooLight,
        /// The header is too far above the heaviest one: submit the heaviest branch first.
        TooFarAhead,
        /// The header is not known, or no longer kept: submit it, or prove against a newer one.
        HeaderUnknown,
        /// The header is known but not on the heaviest branch.
        NotOnHeaviestBranch,
        /// The header needs more work above it.
        NotConfirmed,
        /// The bytes are not one SCALE-encoded header of at most 1024 bytes, or they are genesis.
        HeaderMalformed,
        /// A digest item is missing, doubled, foreign, misplaced or does not decode to its last byte.
        DigestMalformed,
        /// The seal is missing or not exactly the 8-byte nonce.
        SealMalformed,
        /// The header's number is not its parent's plus one.
        WrongNumber,
        /// The header's target is not the one that its parents' times give.
        WrongTarget,
        /// The header's cumulative work is not its parent's plus its own.
        WrongCumulativeWork,
        /// The header's time is not above its parent's.
        TimeNotAboveParent,
        /// The header's time is too far ahead of this chain's clock: submit it later.
        TimeInFuture,
        /// The header's work hash is above its target.
        WorkAboveTarget,
        /// The heaviest header is too old to prove anything against: submit newer headers.
        TipTooOld,
        /// The proof does not show the header among the ancestors of the kept one.
        AncestryInvalid,
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The counterpart, where it is known before this chain starts.
        pub anchor: Option<Anchor>,
        #[doc(hidden)]
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        // Genesis is built before any block exists: a panic here is an error message about the chain spec.
        #[allow(clippy::panic)]
        fn build(&self) {
            if let Some(anchor) = self.anchor {
                if Pallet::<T>::do_anchor(anchor).is_err() {
                    panic!("chain spec, lightClient.anchor: zero genesis hash, parameters out of bounds, or too many confirmations");
                }
            }
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), polkadot_sdk::sp_runtime::TryRuntimeError> {
            Self::check_invariants()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Names the counterpart by its genesis hash and proof-of-work parameters. Irrevocable.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::anchor())]
        pub fn anchor(origin: OriginFor<T>, genesis: H256, parameters: PowParameters) -> DispatchResult {
            T::AnchorOrigin::ensure_origin(origin)?;
            ensure!(!AnchorOf::<T>::exists(), Error::<T>::AlreadyAnchored);
            let own = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::default());
            ensure!(genesis != own, Error::<T>::AnchorInvalid);
            Self::do_anchor(Anchor { genesis, parameters })?;
            Self::deposit_event(Event::Anchored { genesis });
            Ok(())
        }

        /// Takes sealed headers, SCALE-encoded, oldest first. Known ones are skipped. If one is refused, none is taken.
        ///
        /// Costs nothing when at least one header was new.
        #[pallet::call_index(1)]
        #[pallet::weight(<Pallet<T> as Counterpart>::import_weight(headers.len() as u32))]
        pub fn submit_headers(
            origin: OriginFor<T>,
            headers: BoundedVec<BoundedVec<u8, MaxHeaderLen>, T::MaxBatch>,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let (added, weight) = Self::import(&headers)?;
            ensure!(added > 0, Error::<T>::NothingNew);
            Ok(PostDispatchInfo { actual_weight: Some(weight), pays_fee: Pays::No })
        }
    }
}

impl<T: Config> Pallet<T> {
    fn do_anchor(anchor: Anchor) -> DispatchResult {
        ensure!(!anchor.genesis.is_zero(), Error::<T>::AnchorInvalid);
        ensure!(anchor.parameters.check().is_ok(), Error::<T>::AnchorInvalid);
        // With more a header could leave the window before it is confirmed.
        let most = T::Window::get().checked_div(4).unwrap_or_default();
        ensure!(anchor.parameters.confirmations <= most, Error::<T>::AnchorInvalid);
        AnchorOf::<T>::put(anchor);
        let tip = Tip::genesis(anchor.genesis, &anchor.parameters);
        Headers::<T>::insert(anchor.genesis, StoredHeader::genesis(tip));
        Canonical::<T>::insert(0, anchor.genesis);
        AtHeight::<T>::mutate(0, |hashes| hashes.try_push(anchor.genesis)).map_err(|_| Error::<T>::ForkTooLight)?;
        Best::<T>::put(anchor.genesis);
        Ok(())
    }

    /// The heaviest header.
    pub fn best() -> Option<StoredHeader> {
        Best::<T>::get().and_then(Headers::<T>::get)
    }
}
