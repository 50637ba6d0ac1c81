//! Limits per period, and the queue of what waits for one with room.

use crate::{
    types::{Part, Payout},
    *,
};

impl<T: Config> Pallet<T> {
    /// Pays an accepted transfer now, if nothing waits before it and the period has room for all of it; else queues it.
    pub(crate) fn pay_or_queue(nonce: Nonce, recipient: Account, amount: Balance) {
        let tail = QueueTail::<T>::get();
        let period = PeriodOf::<T>::get();
        if QueueHead::<T>::get() == tail && period.room(&LimitsOf::<T>::get()) >= amount {
            PeriodOf::<T>::put(Period { paid: period.paid.saturating_add(amount), ..period });
            Self::pay_or_owe(Part::Received, nonce, recipient, amount);
        } else {
            Queue::<T>::insert(tail, Payout { nonce, recipient, amount });
            QueueTail::<T>::put(tail.saturating_add(1));
            TotalQueued::<T>::mutate(|total| *total = total.saturating_add(amount));
            Self::deposit_event(Event::Queued { nonce, recipient, amount });
        }
    }

    /// Begins the period that block `now` is in, if that has not begun yet, and pays from the queue what it has room
    /// for; nothing while the lanes are frozen, because what waits may never have been sent. Returns how many payouts
    /// that were.
    pub(crate) fn serve_queue(now: u32) -> u32 {
        let limits = LimitsOf::<T>::get();
        let before = PeriodOf::<T>::get();
        let mut period = before.at(now, limits.period);
        let mut payouts = 0u32;
        let most = if T::Lanes::frozen() { 0 } else { T::MaxPayouts::get() };
        while payouts < most {
            let amount = Self::serve_head(period.room(&limits));
            if amount == 0 {
                break;
            }
            period.paid = period.paid.saturating_add(amount);
            payouts = payouts.saturating_add(1);
        }
        if period != before {
            PeriodOf::<T>::put(period);
        }
        payouts
    }

    /// Pays the first entry as far as there is room, and returns how much that was. What is left of it stays the first.
    fn serve_head(room: Balance) -> Balance {
        if room == 0 {
            return 0;
        }
        let head = QueueHead::<T>::get();
        let Some(entry) = Queue::<T>::get(head) else { return 0 };
        let Payout { nonce, recipient, .. } = entry;
        let amount = entry.amount.min(room);
        let rest = entry.amount.saturating_sub(amount);
        if rest == 0 {
            Queue::<T>::remove(head);
            QueueHead::<T>::put(head.saturating_add(1));
        } else {
            Queue::<T>::insert(head, Payout { amount: rest, ..entry });
        }
        TotalQueued::<T>::mutate(|total| *total = total.saturating_sub(amount));
        Self::pay_or_owe(Part::Received, nonce, recipient, amount);
        amount
    }

    pub(crate) fn do_set_limits(limits: Limits) -> DispatchResult {
        ensure!(limits.are_valid(T::MinTransfer::get()), Error::<T>::LimitsInvalid);
        LimitsOf::<T>::put(limits);
        // What the period has let through stays: lowering and raising the limits again makes no room.
        Self::deposit_event(Event::LimitsSet { limits });
        Ok(())
    }
}
