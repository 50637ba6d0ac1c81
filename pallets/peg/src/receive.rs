//! What comes from the counterpart: transfers, and what became of our own.

use crate::{types::Part, *};

impl<T: Config> Pallet<T> {
    /// Why a transfer is refused. By the message and constants only, see [`Outcome`].
    fn refusal(recipient: &Account, amount: Balance) -> Option<Refusal> {
        if Self::account_of(recipient) == Some(Self::escrow_account()) {
            Some(Refusal::Recipient)
        } else if amount < T::MinTransfer::get() {
            Some(Refusal::Amount)
        } else {
            None
        }
    }
}

impl<T: Config> ReceiveMessage for Pallet<T> {
    fn agrees(message: &Message) -> bool {
        let Payload::Transfer(Transfer { amount, total, .. }) = &message.payload;
        TotalReceived::<T>::get().checked_add(*amount) == Some(*total)
    }

    fn receive(message: &Message) -> Outcome {
        let Payload::Transfer(Transfer { recipient, amount, .. }) = &message.payload;
        let (nonce, recipient, amount) = (message.nonce, *recipient, *amount);
        // Does not saturate: a message that agrees with the books brings a sum that fits. All other counters are parts.
        TotalReceived::<T>::mutate(|total| *total = total.saturating_add(amount));
        match Self::refusal(&recipient, amount) {
            Some(reason) => {
                TotalRefused::<T>::mutate(|total| *total = total.saturating_add(amount));
                Self::deposit_event(Event::Refused { nonce, recipient, amount, reason });
                Outcome::Refused(reason)
            }
            None => {
                Self::pay_or_queue(nonce, recipient, amount);
                Outcome::Accepted
            }
        }
    }

    fn settle(message: &Message, outcome: Outcome) {
        let Payload::Transfer(Transfer { sender, amount, .. }) = &message.payload;
        match outcome {
            Outcome::Accepted => (),
            // Not limited: the coins were here before.
            Outcome::Refused(_) => Self::pay_or_owe(Part::Returned, message.nonce, *sender, *amount),
        }
    }

    fn weight() -> Weight {
        T::WeightInfo::receive_transfer().max(T::WeightInfo::settle_transfer())
    }

    fn totals() -> (Balance, Balance) {
        (TotalSent::<T>::get(), TotalReceived::<T>::get())
    }
}
