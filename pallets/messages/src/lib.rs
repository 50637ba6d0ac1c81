//! # Message lanes
//!
//! One lane each way between this chain and its counterpart. Messages go out, messages come in, and what became of each
//! travels back as a receipt. The pallet knows what a lane is and not what a message says: that is the business of
//! [`Config::Receiver`].
//!
//! ## A message's way
//!
//! | step | where | what changes |
//! |---|---|---|
//! | sent | sender | [`Outbox`] has it under the next nonce; its leaf is in every header from now on |
//! | received | receiver | [`Call::deliver`] proves the leaf; it is acted on, in order; [`Receipts`] has the outcome |
//! | settled | sender | [`Call::deliver`] proves the receipt; the message leaves the outbox, and is undone if refused |
//! | acknowledged | receiver | a later message says that its sender has seen the receipt; the receipt is forgotten |
//!
//! Each message names the one before it by hash, so a lane is a chain of messages: what two chains think of it is
//! compared by a nonce and a hash.
//!
//! ## What headers commit
//!
//! The cross-chain subtree has the whole open outbox as leaves: the state of both lanes ([`Pallet::state`]), the
//! receipts that are not acknowledged, the messages that are not settled ([`Pallet::leaves`]). So any recent header
//! proves all that is open, and the tree is never empty. Leaf hashes are kept, and the root is computed again only in a
//! block that changed a leaf.
//!
//! ## Delivering
//!
//! ```js
//! // Headers of the counterpart (here none), then leaves proven against one of them. Anybody may; what is new is free.
//! const { encoded } = await counterpart.send("joint_proof", [nonce, confirmed]);
//! await api.tx.lanes.deliver([], { Kept: confirmed }, [encoded]).signAndSend(relayer);
//! ```
//!
//! The header must be confirmed ([`Counterpart::confirmed_cross_root`]). Leaves that were taken before are skipped, so
//! that two relayers do not undo each other; any other fault fails the call as a whole. Whether a call has anything new
//! is cheap to tell beforehand: [`Pallet::is_stale`].
//!
//! ## What an outcome may depend on
//!
//! On the message and on constants, never on state. This chain's block that received a message can be reorganised away
//! after the counterpart has seen its receipt; the message is then received again on another branch, with other
//! balances, other limits, another queue. Were it refused on the first branch and accepted on the second, its coins
//! would be given back there and paid out here. So whatever depends on state (an account that cannot be paid, a limit
//! that is reached) comes after the outcome: the message is accepted, and what it brings is owed. For the same reason
//! nothing of a message can fail: a message that could not be taken would block the lane for all that come after it.
//!
//! ## Why the receipts are bounded
//!
//! By [`Config::MaxOutbox`], without a rule of their own. Take message n, sent when the receipts up to a had been seen:
//!
//! 1. its sender had n − a unsettled messages, itself included, and an outbox takes at most `MaxOutbox`;
//! 2. it says `acknowledged = a`, so the receiver forgets its receipts up to a;
//! 3. the receiver's last receipt is now n's, so a + 1 … n remain: n − a of them.
//!
//! Both chains have the same `MaxOutbox`. Against a counterpart with a larger one a message for whose receipt there is
//! no room is refused (`ReceiptsFull`).
//!
//! ## Pause
//!
//! [`Config::PauseOrigin`] can stop sending and taking for at most [`Config::MaxPause`] blocks. It ends by itself, and
//! the next one can begin only as many blocks after its end as it lasted: whoever holds the origin can slow an exit to
//! half the speed but not prevent it. Nothing is lost, messages are refused unread. Headers are taken all the time, so
//! the light client stays at the tip.
//!
//! ## Freeze
//!
//! If a heavier branch of the counterpart replaces a header that had been confirmed ([`Counterpart::conflict`]), what
//! was received may rest on messages that were never sent. Both lanes are frozen until somebody proves, with
//! [`Call::resolve`], where the branch that is heaviest now stands at the last nonce received:
//!
//! - its message there is the one received: all of the lane is the same, and the freeze ends;
//! - it is another one, or there is none: [`Deficit`] records how much more was received than that branch sent up to
//!   there. The freeze stays until the first branch is the heavier one again, or the runtime is upgraded.

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
mod inbox;
mod invariants;
mod outbox;
mod pause;
mod resolve;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use weights::WeightInfo;

use alloc::vec::Vec;
use codec::Encode;
use gridpeg_header::{SubtreeId, H256};
use gridpeg_messages::{
    message::MaxHeaderLen,
    traits::{Counterpart, ReceiveMessage, SendMessage, Subtree},
    units::Balance,
    Domain, HeaderProof, LaneState, LeafProof, Message, Nonce, OutboxLeaf, Outcome, Payload, Receipt,
};
use polkadot_sdk::{
    frame_support::{
        self,
        dispatch::{DispatchResult, Pays},
        ensure,
        traits::Get,
        weights::Weight,
    },
    frame_system::{self, pallet_prelude::BlockNumberFor},
    sp_runtime::{
        traits::{One, SaturatedConversion, Saturating, Zero},
        BoundedVec, DispatchError, TryRuntimeError,
    },
};

// The macro puts `expect` into what it writes; our own code in here only calls what is outside.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::{dispatch::PostDispatchInfo, pallet_prelude::*};
    use frame_system::pallet_prelude::*;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: polkadot_sdk::frame_system::Config<Hash = H256, RuntimeEvent: From<Event<Self>>> {
        /// The counterpart's headers.
        type Counterpart: Counterpart;
        /// Acts on messages, and on what became of our own.
        type Receiver: ReceiveMessage;
        /// Who may pause the lanes.
        type PauseOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Most messages in the outbox, and most receipts. The same on both chains.
        #[pallet::constant]
        type MaxOutbox: Get<u32>;
        /// Most leaves in a call.
        #[pallet::constant]
        type MaxBatch: Get<u32>;
        /// Most headers in a call.
        #[pallet::constant]
        type MaxHeaders: Get<u32>;
        /// Longest pause, in blocks.
        #[pallet::constant]
        type MaxPause: Get<BlockNumberFor<Self>>;
        /// Weights.
        type WeightInfo: WeightInfo;
        /// Sets up the counterpart for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper;
    }

    /// Messages sent and not settled: [`Settled`] + 1 to [`Sent`].
    #[pallet::storage]
    pub type Outbox<T> = StorageMap<_, Twox64Concat, Nonce, Message, OptionQuery>;

    /// Their leaf hashes, in order of nonce.
    #[pallet::storage]
    pub type MessageLeaves<T: Config> = StorageValue<_, BoundedVec<H256, T::MaxOutbox>, ValueQuery>;

    /// Receipts of messages received that are not acknowledged: [`Acknowledged`] + 1 to [`Received`].
    #[pallet::storage]
    pub type Receipts<T> = StorageMap<_, Twox64Concat, Nonce, Receipt, OptionQuery>;

    /// Their leaf hashes, in order of nonce.
    #[pallet::storage]
    pub type ReceiptLeaves<T: Config> = StorageValue<_, BoundedVec<H256, T::MaxOutbox>, ValueQuery>;

    /// Root of the cross-chain subtree; `None` when a leaf has changed since it was computed.
    #[pallet::storage]
    pub type OutboxRoot<T> = StorageValue<_, H256, OptionQuery>;

    /// Nonce of the last message sent.
    #[pallet::storage]
    pub type Sent<T> = StorageValue<_, Nonce, ValueQuery>;

    /// Its hash; zero before the first.
    #[pallet::storage]
    pub type LastSent<T> = StorageValue<_, H256, ValueQuery>;

    /// Nonce of the last message sent whose receipt was seen.
    #[pallet::storage]
    pub type Settled<T> = StorageValue<_, Nonce, ValueQuery>;

    /// Nonce of the last message received.
    #[pallet::storage]
    pub type Received<T> = StorageValue<_, Nonce, ValueQuery>;

    /// Its hash; zero before the first.
    #[pallet::storage]
    pub type LastReceived<T> = StorageValue<_, H256, ValueQuery>;

    /// Nonce of the last message received whose receipt the counterpart has seen, as far as its messages say.
    #[pallet::storage]
    pub type Acknowledged<T> = StorageValue<_, Nonce, ValueQuery>;

    /// The block in which the last pause ends; `None` if it was ended early. See [`Pallet::paused_until`].
    #[pallet::storage]
    pub type PausedUntil<T: Config> = StorageValue<_, BlockNumberFor<T>, OptionQuery>;

    /// The first block in which another pause may begin.
    #[pallet::storage]
    pub type NextPause<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

    /// What a conflict was last proven to have cost. See [`Pallet::deficit`].
    #[pallet::storage]
    pub type Deficit<T> = StorageValue<_, Balance, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A message entered the outbox.
        MessageSent {
            /// Its number.
            nonce: Nonce,
            /// Its hash.
            hash: H256,
        },
        /// A message of the counterpart was proven and acted on.
        MessageReceived {
            /// Its number.
            nonce: Nonce,
            /// Its hash.
            hash: H256,
            /// What became of it.
            outcome: Outcome,
        },
        /// The receipt of a message of ours was proven: the message left the outbox.
        MessageSettled {
            /// Its number.
            nonce: Nonce,
            /// Its hash.
            hash: H256,
            /// What became of it.
            outcome: Outcome,
        },
        /// The lanes are paused.
        Paused {
            /// The block in which they open again by themselves.
            until: BlockNumberFor<T>,
        },
        /// A pause was ended early.
        Resumed,
        /// What was received is part of the counterpart's heaviest branch: the lanes are open again.
        ConflictResolved,
        /// What was received is not part of the counterpart's heaviest branch: the lanes stay frozen.
        DeficitFound {
            /// By how much more was received than that branch has sent up to there.
            deficit: Balance,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The counterpart is not known yet: an authority calls `lightClient.anchor` first.
        NotAnchored,
        /// The lanes are paused: try again when the pause has ended. Headers alone are taken.
        Paused,
        /// The counterpart has taken back confirmed headers: see `resolve`. Headers alone are taken.
        Frozen,
        /// The outbox has all the messages it takes: deliver the counterpart's receipts first.
        OutboxFull,
        /// All of it was taken before.
        NothingNew,
        /// Leaves need the header that they are proven against.
        HeaderMissing,
        /// This call does not take such a leaf: `deliver` takes messages and receipts, `resolve` what it says there.
        UnexpectedLeaf,
        /// The proof does not lead from the leaf to the header's cross-chain root.
        InvalidProof,
        /// A message before this one has not been received yet: deliver in order of nonce.
        MessageOutOfOrder,
        /// The message is for another chain.
        WrongDestination,
        /// The message follows another one than was received last: the counterpart is on another branch.
        ChainBroken,
        /// The message acknowledges less than the one before it.
        AcknowledgedTooLittle,
        /// The message acknowledges receipts that were never written.
        AcknowledgedTooMuch,
        /// The sum that the message states is not the sum of what was received.
        BooksDisagree,
        /// There is no room for the message's receipt: the counterpart's outbox is larger than this chain's.
        ReceiptsFull,
        /// The message before this receipt's has no receipt yet: deliver in order of nonce.
        ReceiptOutOfOrder,
        /// The receipt is for a message that this chain did not send.
        ReceiptMismatch,
        /// A pause lasts at least one block and at most `MaxPause`.
        PauseTooLong,
        /// The lanes are paused already.
        AlreadyPaused,
        /// The last pause ended less long ago than it lasted.
        PauseTooSoon,
        /// The lanes are not paused.
        NotPaused,
        /// The counterpart has not taken back confirmed headers: there is nothing to resolve.
        NoConflict,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), TryRuntimeError> {
            Self::check_invariants()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Takes headers of the counterpart, oldest first, and then messages and receipts, each in order of nonce and
        /// proven against the cross-chain root of the header `at`. What was taken before is skipped; if anything else
        /// is refused, nothing is taken. `at` may be left out if there are no leaves.
        ///
        /// Costs nothing when it brings something new. Headers that bring a conflict to light must come alone, because
        /// leaves are then refused and the headers with them.
        #[pallet::call_index(0)]
        #[pallet::weight(Pallet::<T>::deliver_weight(headers.len() as u32, leaves.len() as u32))]
        pub fn deliver(
            origin: OriginFor<T>,
            headers: BoundedVec<BoundedVec<u8, MaxHeaderLen>, T::MaxHeaders>,
            at: Option<HeaderProof>,
            leaves: BoundedVec<LeafProof, T::MaxBatch>,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let (added, import_weight) =
                if headers.is_empty() { (0, Weight::zero()) } else { T::Counterpart::import(&headers)? };
            let taken = Self::take_leaves(at.as_ref(), &leaves)?;
            ensure!(added > 0 || taken.leaves > 0, Error::<T>::NothingNew);
            let weight = import_weight.saturating_add(Self::leaves_weight(leaves.len() as u32, &taken));
            Ok(PostDispatchInfo { actual_weight: Some(weight), pays_fee: Pays::No })
        }

        /// Stops both lanes for `duration` blocks, this one included.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::pause())]
        pub fn pause(origin: OriginFor<T>, duration: BlockNumberFor<T>) -> DispatchResult {
            T::PauseOrigin::ensure_origin(origin)?;
            Self::do_pause(duration)
        }

        /// Ends a pause early.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::resume())]
        pub fn resume(origin: OriginFor<T>) -> DispatchResult {
            T::PauseOrigin::ensure_origin(origin)?;
            Self::do_resume()
        }

        /// In a conflict: shows what the counterpart's heaviest branch has sent up to the last nonce received here. The
        /// leaf is proven against a confirmed header of that branch and is its message of that nonce, or a state of its
        /// lanes in which no later message was sent.
        ///
        /// If it is what was received, the lanes open again. Otherwise the deficit is recorded. Costs nothing when it
        /// opens the lanes, finds the deficit or finds a lower one. A higher one is paid for: any earlier header of the
        /// same branch shows one.
        #[pallet::call_index(3)]
        #[pallet::weight(Pallet::<T>::resolve_weight())]
        pub fn resolve(origin: OriginFor<T>, at: HeaderProof, proof: LeafProof) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let pays_fee = Self::do_resolve(&at, &proof)?;
            Ok(PostDispatchInfo { actual_weight: None, pays_fee })
        }
    }
}
