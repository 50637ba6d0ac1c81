//! What holds of the storage after every call. An error's text begins with the number.
//!
//! 1. Settled ≤ sent. [`Outbox`] has exactly the messages between, at most [`Config::MaxOutbox`].
//! 2. They are for the counterpart, each names the one before it and acknowledges no less, and none acknowledges more
//!    than is settled. [`LastSent`] is the last one's hash; it is zero exactly if nothing was sent.
//! 3. [`MessageLeaves`] are their leaf hashes.
//! 4. Acknowledged ≤ received. [`Receipts`] has exactly the receipts between, at most [`Config::MaxOutbox`].
//! 5. [`LastReceived`] is the hash in the last one; it is zero exactly if nothing was received.
//! 6. [`ReceiptLeaves`] are their leaf hashes.
//! 7. [`OutboxRoot`], if there is one, is the root over all leaves.
//! 8. No pause may begin before the last one ends.
//! 9. No deficit is larger than what was received.

use super::*;

impl<T: Config> Pallet<T> {
    /// Checks the storage. Reads all of it: for tests and `try-runtime`.
    pub fn check_invariants() -> Result<(), TryRuntimeError> {
        Self::check_outgoing()?;
        Self::check_incoming()?;
        if let Some(root) = OutboxRoot::<T>::get() {
            ensure!(root == Self::computed_root(&Self::own_genesis()), "7: the root is not that of the leaves");
        }
        let next = NextPause::<T>::get();
        ensure!(PausedUntil::<T>::get().is_none_or(|until| until <= next), "8: a pause may begin within the last one");
        let (_, received_total) = T::Receiver::totals();
        let deficit = Deficit::<T>::get().unwrap_or_default();
        ensure!(deficit <= received_total, "9: the deficit is larger than what was received");
        Ok(())
    }

    fn check_outgoing() -> Result<(), TryRuntimeError> {
        let (settled, sent, last) = (Settled::<T>::get(), Sent::<T>::get(), LastSent::<T>::get());
        ensure!(settled <= sent, "1: more is settled than was sent");
        let open = (settled.saturating_add(1)..=sent)
            .map(Outbox::<T>::get)
            .collect::<Option<Vec<_>>>()
            .ok_or("1: an open message is missing")?;
        ensure!(open.len() <= T::MaxOutbox::get() as usize, "1: there are too many open messages");
        ensure!(Outbox::<T>::iter_keys().count() == open.len(), "1: a message is kept that is not open");

        let mut before: Option<&Message> = None;
        for (nonce, message) in (settled.saturating_add(1)..).zip(&open) {
            ensure!(message.nonce == nonce, "1: a message has another nonce than its key");
            ensure!(Some(message.destination) == T::Counterpart::genesis(), "2: an open message is for another chain");
            ensure!(message.acknowledged <= settled, "2: an open message acknowledges what is not settled");
            if let Some(before) = before {
                ensure!(message.previous == before.hash(), "2: an open message does not name the one before it");
                ensure!(message.acknowledged >= before.acknowledged, "2: an open message acknowledges less again");
            } else if nonce == 1 {
                ensure!(message.previous.is_zero(), "2: the first message names one before it");
            }
            before = Some(message);
        }
        ensure!(before.is_none_or(|before| before.hash() == last), "2: the last hash is not the last message's");
        ensure!(last.is_zero() == (sent == 0), "2: the last hash is zero, or nothing was sent");

        let leaves = Self::leaf_hashes(open.into_iter().map(OutboxLeaf::Message));
        ensure!(MessageLeaves::<T>::get().into_inner() == leaves, "3: the leaf hashes are not those of the messages");
        Ok(())
    }

    fn check_incoming() -> Result<(), TryRuntimeError> {
        let (acknowledged, received, last) = (Acknowledged::<T>::get(), Received::<T>::get(), LastReceived::<T>::get());
        ensure!(acknowledged <= received, "4: more is acknowledged than was received");
        let receipts = (acknowledged.saturating_add(1)..=received)
            .map(Receipts::<T>::get)
            .collect::<Option<Vec<_>>>()
            .ok_or("4: a receipt is missing")?;
        ensure!(receipts.len() <= T::MaxOutbox::get() as usize, "4: there are too many receipts");
        ensure!(Receipts::<T>::iter_keys().count() == receipts.len(), "4: a receipt is kept that is acknowledged");
        for (nonce, receipt) in (acknowledged.saturating_add(1)..).zip(&receipts) {
            ensure!(receipt.nonce == nonce, "4: a receipt has another nonce than its key");
        }
        ensure!(
            receipts.last().is_none_or(|receipt| receipt.message == last),
            "5: the last hash is not the last receipt's message"
        );
        ensure!(last.is_zero() == (received == 0), "5: the last hash is zero, or nothing was received");

        let leaves = Self::leaf_hashes(receipts.into_iter().map(OutboxLeaf::Receipt));
        ensure!(ReceiptLeaves::<T>::get().into_inner() == leaves, "6: the leaf hashes are not those of the receipts");
        Ok(())
    }

    fn leaf_hashes(leaves: impl Iterator<Item = OutboxLeaf>) -> Vec<H256> {
        let domain = Self::domain();
        leaves.map(|leaf| domain.leaf(&leaf.encode())).collect()
    }
}
