//! # Message lanes
//!
//! One lane each way between this chain and its counterpart.
//!
//! - **Outbox**: messages sent and not yet acknowledged, numbered from 1 without gaps. The cross-chain subtree commits
//!   the whole of it in every header, so any recent header proves any open message.
//! - **Inbox**: only the last nonce received. A message is received once, in order, with a proof against a header that
//!   the light client calls confirmed ([`Counterpart::confirmed_cross_root`]).
//! - What a message does is the business of [`Config::Receiver`], which cannot fail: nothing blocks a lane.
//!
//! Nothing acknowledges messages yet, so the outbox takes [`Config::MaxOutbox`] messages in all and then refuses more
//! with `OutboxFull`.

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

pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use weights::WeightInfo;

use alloc::vec::Vec;
use codec::Encode;
use gridpeg_header::{SubtreeId, H256};
use gridpeg_messages::{
    traits::{Counterpart, ReceiveMessage, SendMessage, Subtree},
    Domain, Message, MessageProof, Nonce, OutboxLeaf, Payload,
};
use polkadot_sdk::{
    frame_support::{self, ensure, traits::Get, weights::Weight},
    frame_system,
    sp_runtime::{BoundedVec, DispatchError, DispatchResult},
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
        /// Acts on messages.
        type Receiver: ReceiveMessage;
        /// Most messages in the outbox.
        #[pallet::constant]
        type MaxOutbox: Get<u32>;
        /// Most messages in a call.
        #[pallet::constant]
        type MaxBatch: Get<u32>;
        /// Weights.
        type WeightInfo: WeightInfo;
    }

    /// Open messages.
    #[pallet::storage]
    pub type Outbox<T> = StorageMap<_, Twox64Concat, Nonce, Message, OptionQuery>;

    /// Leaf hashes of the open messages, in order of nonce.
    #[pallet::storage]
    pub type OutboxLeaves<T: Config> = StorageValue<_, BoundedVec<H256, T::MaxOutbox>, ValueQuery>;

    /// Root of the cross-chain subtree; `None` when the outbox has changed since it was computed.
    #[pallet::storage]
    pub type OutboxRoot<T> = StorageValue<_, H256, OptionQuery>;

    /// Nonce of the last message sent.
    #[pallet::storage]
    pub type Sent<T> = StorageValue<_, Nonce, ValueQuery>;

    /// Nonce of the last message received.
    #[pallet::storage]
    pub type Received<T> = StorageValue<_, Nonce, ValueQuery>;

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
        /// A message was proven and acted on.
        MessageReceived {
            /// Its number.
            nonce: Nonce,
            /// Its hash.
            hash: H256,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The counterpart is not known yet: an authority calls `lightClient.anchor` first.
        NotAnchored,
        /// The outbox has all the messages it takes.
        OutboxFull,
        /// This chain receives no messages yet: transfers go from the electricity chain to the carbon chain only.
        LaneClosed,
        /// The batch has no message.
        NoMessages,
        /// The message was received before.
        AlreadyReceived,
        /// A message before this one has not been received yet: deliver in order of nonce.
        MessageOutOfOrder,
        /// The message is for another chain.
        WrongDestination,
        /// The proof does not lead from the message to the header's cross-chain root.
        InvalidProof,
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Receives messages in order of nonce, each proven against the cross-chain root of one confirmed header.
        /// If one is refused, none is received.
        ///
        /// Costs nothing when it succeeds.
        #[pallet::call_index(0)]
        #[pallet::weight(
            T::WeightInfo::receive_messages(proofs.len() as u32)
                .saturating_add(T::Receiver::weight().saturating_mul(proofs.len() as u64))
        )]
        pub fn receive_messages(
            origin: OriginFor<T>,
            header: H256,
            proofs: BoundedVec<MessageProof, T::MaxBatch>,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            ensure!(T::Receiver::open(), Error::<T>::LaneClosed);
            ensure!(!proofs.is_empty(), Error::<T>::NoMessages);
            let chain = T::Counterpart::genesis().ok_or(Error::<T>::NotAnchored)?;
            let root = T::Counterpart::confirmed_cross_root(&header)?;
            let domain = Domain { tree: SubtreeId::CrossChain, chain };
            for proof in proofs {
                Self::do_receive(&domain, &root, proof)?;
            }
            Ok(PostDispatchInfo { actual_weight: None, pays_fee: Pays::No })
        }
    }
}

impl<T: Config> Pallet<T> {
    fn own_genesis() -> H256 {
        frame_system::Pallet::<T>::block_hash(frame_system::pallet_prelude::BlockNumberFor::<T>::default())
    }

    fn domain() -> Domain {
        Domain { tree: SubtreeId::CrossChain, chain: Self::own_genesis() }
    }

    /// The open messages, in order of nonce: the leaves of the cross-chain subtree.
    pub fn outbox() -> Vec<Message> {
        (1..=Sent::<T>::get()).filter_map(Outbox::<T>::get).collect()
    }

    fn do_receive(domain: &Domain, root: &H256, proven: MessageProof) -> DispatchResult {
        let MessageProof { message, proof } = proven;
        let received = Received::<T>::get();
        ensure!(message.nonce > received, Error::<T>::AlreadyReceived);
        ensure!(Some(message.nonce) == received.checked_add(1), Error::<T>::MessageOutOfOrder);
        ensure!(message.destination == Self::own_genesis(), Error::<T>::WrongDestination);
        let hash = message.hash();
        let leaf = OutboxLeaf::Message(message.clone()).encode();
        domain.verify(root, &leaf, &proof).map_err(|_| Error::<T>::InvalidProof)?;
        Received::<T>::put(message.nonce);
        T::Receiver::receive(&message);
        Self::deposit_event(Event::MessageReceived { nonce: message.nonce, hash });
        Ok(())
    }
}

impl<T: Config> SendMessage for Pallet<T> {
    fn send(payload: Payload) -> Result<Nonce, DispatchError> {
        let destination = T::Counterpart::genesis().ok_or(Error::<T>::NotAnchored)?;
        let nonce = Sent::<T>::get().checked_add(1).ok_or(Error::<T>::OutboxFull)?;
        let message = Message { destination, nonce, payload };
        let hash = message.hash();
        let leaf = Self::domain().leaf(&OutboxLeaf::Message(message.clone()).encode());
        OutboxLeaves::<T>::try_mutate(|leaves| leaves.try_push(leaf)).map_err(|_| Error::<T>::OutboxFull)?;
        Outbox::<T>::insert(nonce, message);
        OutboxRoot::<T>::kill();
        Sent::<T>::put(nonce);
        Self::deposit_event(Event::MessageSent { nonce, hash });
        Ok(nonce)
    }

    fn weight() -> Weight {
        T::WeightInfo::send()
    }
}

impl<T: Config> Subtree for Pallet<T> {
    const ID: SubtreeId = SubtreeId::CrossChain;

    fn root(chain: &H256) -> H256 {
        if let Some(root) = OutboxRoot::<T>::get() {
            return root;
        }
        let root = Domain { tree: Self::ID, chain: *chain }.root(&OutboxLeaves::<T>::get());
        OutboxRoot::<T>::put(root);
        root
    }

    fn weight() -> Weight {
        T::WeightInfo::outbox_root(T::MaxOutbox::get())
    }
}
