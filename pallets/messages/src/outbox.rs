//! The outgoing lane, and the leaves that this chain's headers commit.

use super::*;

impl<T: Config> Pallet<T> {
    pub(super) fn own_genesis() -> H256 {
        frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero())
    }

    pub(super) fn domain() -> Domain {
        Domain { tree: SubtreeId::CrossChain, chain: Self::own_genesis() }
    }

    /// Both lanes as this chain sees them: the first leaf of the cross-chain subtree.
    pub fn state() -> LaneState {
        let (sent_total, received_total) = T::Receiver::totals();
        LaneState {
            sent: Sent::<T>::get(),
            last_sent: LastSent::<T>::get(),
            sent_total,
            received: Received::<T>::get(),
            last_received: LastReceived::<T>::get(),
            received_total,
        }
    }

    /// The leaves of the cross-chain subtree, in order.
    pub fn outbox() -> Vec<OutboxLeaf> {
        let receipts = Acknowledged::<T>::get().saturating_add(1)..=Received::<T>::get();
        let messages = Settled::<T>::get().saturating_add(1)..=Sent::<T>::get();
        core::iter::once(OutboxLeaf::State(Self::state()))
            .chain(receipts.filter_map(Receipts::<T>::get).map(OutboxLeaf::Receipt))
            .chain(messages.filter_map(Outbox::<T>::get).map(OutboxLeaf::Message))
            .collect()
    }

    /// The root over all leaves, from the leaf hashes that are kept.
    pub(super) fn computed_root(chain: &H256) -> H256 {
        let domain = Domain { tree: SubtreeId::CrossChain, chain: *chain };
        let state = domain.leaf(&OutboxLeaf::State(Self::state()).encode());
        let leaves: Vec<_> =
            core::iter::once(state).chain(ReceiptLeaves::<T>::get()).chain(MessageLeaves::<T>::get()).collect();
        domain.root(&leaves)
    }
}

impl<T: Config> SendMessage for Pallet<T> {
    fn send(payload: Payload) -> Result<Nonce, DispatchError> {
        let destination = Self::ensure_open()?;
        let nonce = Sent::<T>::get().checked_add(1).ok_or(Error::<T>::OutboxFull)?;
        let previous = LastSent::<T>::get();
        let message = Message { destination, nonce, previous, acknowledged: Settled::<T>::get(), payload };
        let hash = message.hash();
        let leaf = Self::domain().leaf(&OutboxLeaf::Message(message.clone()).encode());
        MessageLeaves::<T>::try_append(leaf).map_err(|()| Error::<T>::OutboxFull)?;
        Outbox::<T>::insert(nonce, message);
        Sent::<T>::put(nonce);
        LastSent::<T>::put(hash);
        OutboxRoot::<T>::kill();
        Self::deposit_event(Event::MessageSent { nonce, hash });
        Ok(nonce)
    }

    fn weight() -> Weight {
        T::WeightInfo::send()
    }

    fn frozen() -> bool {
        T::Counterpart::conflict()
    }
}

impl<T: Config> Subtree for Pallet<T> {
    const ID: SubtreeId = SubtreeId::CrossChain;

    fn leaves() -> Vec<Vec<u8>> {
        Self::outbox().iter().map(Encode::encode).collect()
    }

    /// From the leaf hashes that are kept, and those again only if they have changed.
    fn root(chain: &H256) -> H256 {
        if let Some(root) = OutboxRoot::<T>::get() {
            return root;
        }
        let root = Self::computed_root(chain);
        OutboxRoot::<T>::put(root);
        root
    }

    fn weight() -> Weight {
        // Full: the state, all receipts, all messages.
        T::WeightInfo::root(T::MaxOutbox::get().saturating_mul(2).saturating_add(1))
    }
}
