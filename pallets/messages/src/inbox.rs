//! Taking leaves of the counterpart's cross-chain subtree: messages of its lane, and receipts of ours.

use super::*;

/// What the leaves of a call have changed.
#[derive(Default)]
pub(super) struct Taken {
    /// Leaves that were new.
    pub leaves: u32,
    /// Receipts that were forgotten.
    pub forgotten: u32,
}

/// The counterpart's cross-chain subtree, as one confirmed header commits it.
pub(super) struct Theirs {
    domain: Domain,
    root: H256,
}

impl Theirs {
    pub(super) fn at<T: Config>(chain: H256, header: &HeaderProof) -> Result<Self, DispatchError> {
        let root = T::Counterpart::confirmed_cross_root(header)?;
        Ok(Self { domain: Domain { tree: SubtreeId::CrossChain, chain }, root })
    }

    pub(super) fn verify<T: Config>(&self, proven: &LeafProof) -> DispatchResult {
        self.domain.verify(&self.root, &proven.leaf.encode(), &proven.proof).map_err(|_| Error::<T>::InvalidProof)?;
        Ok(())
    }
}

impl<T: Config> Pallet<T> {
    /// Whether [`Call::deliver`] of these would find nothing new. Looks at no proof and at no pause.
    pub fn is_stale(headers: &[BoundedVec<u8, MaxHeaderLen>], leaves: &[LeafProof]) -> bool {
        leaves.iter().all(|proven| Self::is_taken(&proven.leaf))
            && (headers.is_empty() || T::Counterpart::knows(headers))
    }

    /// Whether a leaf with this nonce was taken before. Its content is not looked at: without a proof it means nothing.
    fn is_taken(leaf: &OutboxLeaf) -> bool {
        match leaf {
            OutboxLeaf::Message(message) => message.nonce <= Received::<T>::get(),
            OutboxLeaf::Receipt(receipt) => receipt.nonce <= Settled::<T>::get(),
            OutboxLeaf::State(_) => false,
        }
    }

    /// What [`Call::deliver`] costs at most.
    pub(super) fn deliver_weight(headers: u32, leaves: u32) -> Weight {
        let import = if headers == 0 { Weight::zero() } else { T::Counterpart::import_weight(headers) };
        // Whatever the counterpart commits: all that were kept, and all that the batch itself writes.
        let forgotten = T::MaxOutbox::get().saturating_add(leaves);
        import.saturating_add(Self::leaves_weight(leaves, &Taken { leaves, forgotten }))
    }

    /// What a call with this many leaves costs without its headers, if it changes this.
    pub(super) fn leaves_weight(given: u32, taken: &Taken) -> Weight {
        let base = T::WeightInfo::deliver(given);
        if given == 0 {
            return base;
        }
        base.saturating_add(T::Counterpart::proof_weight())
            .saturating_add(T::Receiver::weight().saturating_mul(taken.leaves.into()))
            .saturating_add(T::WeightInfo::forget(taken.forgotten))
    }

    /// The counterpart's genesis hash, if messages may pass now.
    pub(super) fn ensure_open() -> Result<H256, DispatchError> {
        let chain = T::Counterpart::genesis().ok_or(Error::<T>::NotAnchored)?;
        ensure!(Self::paused_until().is_none(), Error::<T>::Paused);
        ensure!(!T::Counterpart::conflict(), Error::<T>::Frozen);
        Ok(chain)
    }

    pub(super) fn take_leaves(at: Option<&HeaderProof>, leaves: &[LeafProof]) -> Result<Taken, DispatchError> {
        let mut taken = Taken::default();
        if leaves.is_empty() {
            return Ok(taken);
        }
        let at = at.ok_or(Error::<T>::HeaderMissing)?;
        let theirs = Theirs::at::<T>(Self::ensure_open()?, at)?;
        // The light client can find a conflict over by itself; what was proven lost then is not.
        if Deficit::<T>::exists() {
            Deficit::<T>::kill();
        }
        for proven in leaves {
            if Self::is_taken(&proven.leaf) {
                continue;
            }
            match &proven.leaf {
                OutboxLeaf::Message(message) => {
                    let forgotten = Self::take_message(&theirs, proven, message)?;
                    taken.forgotten = taken.forgotten.saturating_add(forgotten);
                }
                OutboxLeaf::Receipt(receipt) => Self::take_receipt(&theirs, proven, receipt)?,
                OutboxLeaf::State(_) => return Err(Error::<T>::UnexpectedLeaf.into()),
            }
            taken.leaves = taken.leaves.saturating_add(1);
        }
        Ok(taken)
    }

    /// Acts on a message and writes its receipt. Returns how many receipts it made this chain forget.
    fn take_message(theirs: &Theirs, proven: &LeafProof, message: &Message) -> Result<u32, DispatchError> {
        let received = Received::<T>::get();
        ensure!(received.checked_add(1) == Some(message.nonce), Error::<T>::MessageOutOfOrder);
        ensure!(message.destination == Self::own_genesis(), Error::<T>::WrongDestination);
        theirs.verify::<T>(proven)?;
        ensure!(message.previous == LastReceived::<T>::get(), Error::<T>::ChainBroken);
        ensure!(message.acknowledged >= Acknowledged::<T>::get(), Error::<T>::AcknowledgedTooLittle);
        ensure!(message.acknowledged <= received, Error::<T>::AcknowledgedTooMuch);
        ensure!(T::Receiver::agrees(message), Error::<T>::BooksDisagree);
        let forgotten = Self::forget_receipts(message.acknowledged);
        let kept = ReceiptLeaves::<T>::decode_len().unwrap_or_default();
        ensure!(kept < T::MaxOutbox::get() as usize, Error::<T>::ReceiptsFull);

        let (nonce, hash) = (message.nonce, message.hash());
        let outcome = T::Receiver::receive(message);
        let receipt = Receipt { nonce, message: hash, outcome };
        let leaf = Self::domain().leaf(&OutboxLeaf::Receipt(receipt).encode());
        ReceiptLeaves::<T>::try_append(leaf).map_err(|()| Error::<T>::ReceiptsFull)?;
        Receipts::<T>::insert(nonce, receipt);
        Received::<T>::put(nonce);
        LastReceived::<T>::put(hash);
        OutboxRoot::<T>::kill();
        Self::deposit_event(Event::MessageReceived { nonce, hash, outcome });
        Ok(forgotten)
    }

    /// Forgets the receipts up to this nonce and returns how many they were.
    fn forget_receipts(up_to: Nonce) -> u32 {
        let first = Acknowledged::<T>::get().saturating_add(1);
        if up_to < first {
            return 0;
        }
        Self::remove_receipts(first, up_to);
        let forgotten = up_to.saturating_sub(first).saturating_add(1);
        ReceiptLeaves::<T>::mutate(|leaves| drop_first(leaves, forgotten));
        Acknowledged::<T>::put(up_to);
        forgotten.saturated_into()
    }

    pub(super) fn remove_receipts(first: Nonce, last: Nonce) {
        for nonce in first..=last {
            Receipts::<T>::remove(nonce);
        }
    }

    /// Takes the message that a receipt names out of the outbox.
    fn take_receipt(theirs: &Theirs, proven: &LeafProof, receipt: &Receipt) -> DispatchResult {
        let Receipt { nonce, message: hash, outcome } = *receipt;
        ensure!(Settled::<T>::get().checked_add(1) == Some(nonce), Error::<T>::ReceiptOutOfOrder);
        theirs.verify::<T>(proven)?;
        let message = Outbox::<T>::take(nonce).ok_or(Error::<T>::ReceiptMismatch)?;
        ensure!(message.hash() == hash, Error::<T>::ReceiptMismatch);
        MessageLeaves::<T>::mutate(|leaves| drop_first(leaves, 1));
        Settled::<T>::put(nonce);
        OutboxRoot::<T>::kill();
        T::Receiver::settle(&message, outcome);
        Self::deposit_event(Event::MessageSettled { nonce, hash, outcome });
        Ok(())
    }
}

fn drop_first<S: Get<u32>>(leaves: &mut BoundedVec<H256, S>, count: u64) {
    let count = count.saturated_into::<usize>().min(leaves.len());
    leaves.drain(..count);
}
