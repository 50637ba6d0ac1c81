//! What holds after every block, and after every call.

use crate::*;
use polkadot_sdk::sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks what must hold. The error begins with the number of what does not:
    ///
    /// 1. What was received is refused, paid, queued or unclaimed.
    /// 2. No more was given back, or is to be, than was sent.
    /// 3. No more has left than ever was there.
    /// 4. Escrow side: the escrow account holds at least what the counters say. Issuance side: exactly that is issued.
    /// 5. What accounts can claim adds up to what is unclaimed, and no entry is empty.
    /// 6. The queue has one entry for each place between its ends, none empty, and they add up to what is queued.
    /// 7. The period has begun.
    /// 8. The limits are valid.
    /// 9. The escrow account exists, whatever its balance.
    ///
    /// The hook `try_state` of the feature `try-runtime` calls it. Reads everything, so no block does.
    pub fn check_invariants() -> Result<(), TryRuntimeError> {
        Self::check_books(&Self::books())?;
        Self::check_unclaimed()?;
        Self::check_queue()?;
        let limits = LimitsOf::<T>::get();
        let period = PeriodOf::<T>::get();
        let now: u32 = frame_system::Pallet::<T>::block_number().saturated_into();
        ensure!(period.start <= now, "peg 7: the period has not begun");
        ensure!(limits.are_valid(T::MinTransfer::get()), "peg 8: the limits are not valid");
        let providers = frame_system::Pallet::<T>::providers(&Self::escrow_account());
        ensure!(providers > 0, "peg 9: the escrow account can be reaped");
        Ok(())
    }

    fn check_books(books: &types::Books) -> Result<(), TryRuntimeError> {
        let parts = sum([books.refused, books.paid, books.queued, books.unclaimed]);
        ensure!(parts == Some(books.received), "peg 1: received is not refused + paid + queued + unclaimed");
        let back = sum([books.returned, books.unreturned]);
        ensure!(back.is_some_and(|back| back <= books.sent), "peg 2: more was given back than sent");
        let (came, left) = match T::Side::get() {
            Side::Escrow => (sum([books.genesis, books.sent]), sum([books.paid, books.returned])),
            Side::Issuance => (sum([books.genesis, books.paid, books.returned]), Some(books.sent)),
        };
        let expected = came.zip(left).and_then(|(came, left)| came.checked_sub(left));
        let expected = expected.ok_or("peg 3: more has left than ever was there")?;
        match T::Side::get() {
            Side::Escrow => ensure!(books.escrow >= expected, "peg 4: less is in escrow than the counters say"),
            Side::Issuance => ensure!(books.issued == expected, "peg 4: more or less is issued than the counters say"),
        }
        Ok(())
    }

    fn check_unclaimed() -> Result<(), TryRuntimeError> {
        ensure!(Unclaimed::<T>::iter_values().all(|owed| !owed.is_nothing()), "peg 5: an account can claim nothing");
        let received = sum(Unclaimed::<T>::iter_values().map(|owed| owed.received));
        let returned = sum(Unclaimed::<T>::iter_values().map(|owed| owed.returned));
        ensure!(received == Some(TotalUnclaimed::<T>::get()), "peg 5: received coins to claim are not the total");
        ensure!(returned == Some(TotalUnreturned::<T>::get()), "peg 5: returned coins to claim are not the total");
        Ok(())
    }

    fn check_queue() -> Result<(), TryRuntimeError> {
        let (head, tail) = (QueueHead::<T>::get(), QueueTail::<T>::get());
        let mut places = Queue::<T>::iter_keys();
        ensure!(places.all(|place| (head..tail).contains(&place)), "peg 6: an entry is outside the queue");
        let entries = Queue::<T>::iter_keys().fold(0u64, |count, _| count.saturating_add(1));
        ensure!(tail.checked_sub(head) == Some(entries), "peg 6: the queue has gaps");
        ensure!(Queue::<T>::iter_values().all(|payout| payout.amount > 0), "peg 6: an entry is empty");
        let queued = sum(Queue::<T>::iter_values().map(|payout| payout.amount));
        ensure!(queued == Some(TotalQueued::<T>::get()), "peg 6: entries are not the total");
        Ok(())
    }
}

/// `None` if it exceeds 128 bits.
fn sum(parts: impl IntoIterator<Item = Balance>) -> Option<Balance> {
    parts.into_iter().try_fold(0, Balance::checked_add)
}
