//! # Light client
//!
//! Follows the counterpart chain by its headers alone and answers one question: *is this header on the heaviest branch,
//! with enough work above it?*
//!
//! ## Terms
//! - **Anchor**: the counterpart's genesis hash and proof-of-work parameters. Set once, by genesis or by
//!   [`Call::anchor`], and never changed. Before it every other call fails with `NotAnchored`.
//! - **Heaviest branch**: the branch whose tip has the most cumulative base work; on equal work the one seen first.
//! - **Recent peak**: the highest base work of a block near a header, see [`types::StoredHeader::peak`].
//! - **Confirmed**: on the heaviest branch, with work above it of at least k × the best header's recent peak, k from the
//!   anchor. Measured in work, so that cheap blocks do not confirm.
//!
//! ## Headers
//! [`Call::submit_headers`] takes sealed headers, oldest first, from anybody. Each is decoded strictly and checked by
//! [`gridpeg_header::Tip::check`]: target, cumulative work, time, work hash. Headers that are known are skipped; a batch
//! with something new costs nothing.
//!
//! ## Storage
//! Bounded: [`Config::Window`] heights below and above the heaviest tip, [`Config::MaxForks`] headers at each. At a full
//! height a new header takes the place of the fork there whose heaviest header is the lightest, descendants included, if
//! that is lighter than the heaviest header of the batch. Since that costs walks over the stored forks, a call has a budget
//! for them.

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

mod branch;
pub mod types;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use types::{Anchor, StoredHeader};
pub use weights::WeightInfo;

use alloc::vec::Vec;
use gridpeg_header::{HeaderError, JointHeader, Millis, PowParameters, RuleError, Tip, H256, U256};
use gridpeg_messages::traits::Counterpart;
use polkadot_sdk::{
    frame_support::{
        self, ensure,
        traits::{Get, UnixTime},
        weights::Weight,
    },
    frame_system,
    sp_runtime::{traits::SaturatedConversion, BoundedVec, DispatchError, DispatchResult},
};

const LOG_TARGET: &str = "runtime::light-client";

/// Longest header that a call takes, in bytes.
pub type MaxHeaderLen = polkadot_sdk::sp_core::ConstU32<{ gridpeg_header::digest::MAX_HEADER_LEN as u32 }>;

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
        /// The header has an analysis, and this chain knows of no price data yet.
        AnalysisUnexpected,
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
        #[pallet::weight(Pallet::<T>::most_weight(headers.len() as u32))]
        pub fn submit_headers(
            origin: OriginFor<T>,
            headers: BoundedVec<BoundedVec<u8, MaxHeaderLen>, T::MaxBatch>,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let (added, weight) = Self::do_submit_headers(headers.iter().map(|bytes| &bytes[..]))?;
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

    /// Takes headers and returns how many were new, and what it cost.
    fn do_submit_headers<'a>(bytes: impl Iterator<Item = &'a [u8]>) -> Result<(u32, Weight), DispatchError> {
        let anchor = AnchorOf::<T>::get().ok_or(Error::<T>::NotAnchored)?;
        let now: Millis = T::Time::now().as_millis().saturated_into();
        let headers = bytes.map(JointHeader::decode).collect::<Result<Vec<_>, _>>().map_err(Error::<T>::from)?;
        // A claim so far; but if it turns out wrong the header is refused, and the batch with it.
        let batch_work = headers.iter().map(|header| header.joint.work).max().unwrap_or_default();
        let mut budget = Self::walk_budget();
        let mut added = 0u32;
        let mut heaviest: Option<StoredHeader> = None;
        for header in &headers {
            if Headers::<T>::contains_key(header.hash) {
                continue;
            }
            let parent = Headers::<T>::get(header.parent).ok_or(Error::<T>::ParentUnknown)?;
            ensure!(header.joint.analysis.is_none(), Error::<T>::AnalysisUnexpected);
            let tip = parent.tip.check(header, &anchor.parameters, now).map_err(Error::<T>::from)?;
            let stored = parent.child(tip, header);
            Self::insert(stored, batch_work, &mut budget)?;
            added = added.saturating_add(1);
            if heaviest.is_none_or(|heaviest| stored.tip.work > heaviest.tip.work) {
                heaviest = Some(stored);
            }
        }
        // Once for the whole batch: two branches in turns would make it costly.
        let steps = heaviest.map_or(0, |header| Self::follow_heaviest(&header));
        let pruned = Self::prune();
        if added > 0 {
            if let Some(best) = Self::best() {
                Self::deposit_event(Event::HeadersImported { best: best.tip.hash, number: best.tip.number, added });
            }
        }
        let weight = T::WeightInfo::submit_headers(headers.len() as u32)
            .saturating_add(T::WeightInfo::follow(steps))
            .saturating_add(T::WeightInfo::prune(pruned, T::MaxForks::get()))
            .saturating_add(T::WeightInfo::walk(Self::walk_budget().saturating_sub(budget)));
        Ok((added, weight))
    }

    /// Headers that a call may walk to make room at full heights: as many as a full window has.
    fn walk_budget() -> u32 {
        T::Window::get().saturating_mul(T::MaxForks::get())
    }

    /// What a batch costs at most.
    fn most_weight(headers: u32) -> Weight {
        T::WeightInfo::submit_headers(headers)
            .saturating_add(T::WeightInfo::follow(T::Window::get().saturating_mul(4)))
            .saturating_add(T::WeightInfo::prune(T::MaxBatch::get(), T::MaxForks::get()))
            .saturating_add(T::WeightInfo::walk(Self::walk_budget()))
    }

    /// The heaviest header.
    pub fn best() -> Option<StoredHeader> {
        Best::<T>::get().and_then(Headers::<T>::get)
    }

    /// Base work of the blocks above a header on the heaviest branch; `None` if it is not on it.
    pub fn work_above(header: &StoredHeader) -> Option<U256> {
        let best = Self::best()?;
        if Canonical::<T>::get(header.tip.number) != Some(header.tip.hash) {
            return None;
        }
        best.tip.work.checked_sub(header.tip.work)
    }

    /// The work that confirms a header now: k × the heaviest header's recent peak.
    pub fn work_needed() -> Option<U256> {
        let confirmations = AnchorOf::<T>::get()?.parameters.confirmations;
        Some(Self::best()?.peak.saturating_mul(confirmations.into()))
    }

    /// The highest confirmed header.
    pub fn confirmed() -> Option<StoredHeader> {
        let best = Self::best()?;
        let needed = Self::work_needed()?;
        let floor = Floor::<T>::get();
        (floor.max(1)..=best.tip.number).rev().find_map(|number| {
            let header = Headers::<T>::get(Canonical::<T>::get(number)?)?;
            (best.tip.work.checked_sub(header.tip.work)? >= needed).then_some(header)
        })
    }
}

impl<T: Config> Counterpart for Pallet<T> {
    fn genesis() -> Option<H256> {
        AnchorOf::<T>::get().map(|anchor| anchor.genesis)
    }

    fn confirmed_cross_root(hash: &H256) -> Result<H256, DispatchError> {
        let needed = Self::work_needed().ok_or(Error::<T>::NotAnchored)?;
        let header = Headers::<T>::get(hash).ok_or(Error::<T>::HeaderUnknown)?;
        let above = Self::work_above(&header).ok_or(Error::<T>::NotOnHeaviestBranch)?;
        ensure!(header.tip.number > 0 && above >= needed, Error::<T>::NotConfirmed);
        Ok(header.cross_root)
    }
}

impl<T> From<HeaderError> for Error<T> {
    fn from(error: HeaderError) -> Self {
        match error {
            HeaderError::TooLong | HeaderError::Malformed | HeaderError::Genesis => Error::HeaderMalformed,
            HeaderError::SealMissing | HeaderError::SealMalformed => Error::SealMalformed,
            HeaderError::PreDigestMissing
            | HeaderError::PreDigestMalformed
            | HeaderError::JointDigestMissing
            | HeaderError::JointDigestMalformed
            | HeaderError::Subtrees
            | HeaderError::Analysis
            | HeaderError::UnexpectedItem => Error::DigestMalformed,
        }
    }
}

impl<T> From<RuleError> for Error<T> {
    fn from(error: RuleError) -> Self {
        match error {
            RuleError::Parent => Error::ParentUnknown,
            RuleError::Number => Error::WrongNumber,
            RuleError::Target => Error::WrongTarget,
            RuleError::CumulativeWork => Error::WrongCumulativeWork,
            RuleError::TimeNotAboveParent => Error::TimeNotAboveParent,
            RuleError::TimeInFuture => Error::TimeInFuture,
            RuleError::WorkAboveTarget => Error::WorkAboveTarget,
        }
    }
}
