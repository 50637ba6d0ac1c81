//! Paying out: at once, or later by a claim.

use crate::{types::Part, *};

impl<T: Config> Pallet<T> {
    /// The account with these bytes; `None` if they are no account.
    pub(crate) fn account_of(bytes: &Account) -> Option<T::AccountId> {
        T::AccountId::decode(&mut &bytes[..]).ok()
    }

    /// Releases or mints coins. If it fails, nothing has changed.
    fn pay(recipient: &Account, amount: Balance) -> DispatchResult {
        with_storage_layer(|| -> DispatchResult {
            let account = Self::account_of(recipient).ok_or(Error::<T>::RecipientIsNoAccount)?;
            // First come, first served would leave the last ones with nothing.
            ensure!(Self::deficit() == 0, Error::<T>::Deficit);
            match T::Side::get() {
                Side::Escrow => {
                    // A surplus backs nothing, so it is not paid out either.
                    ensure!(Self::expected() >= amount, Error::<T>::NotBacked);
                    T::Currency::transfer(&Self::escrow_account(), &account, amount, Preservation::Expendable)?;
                }
                Side::Issuance => {
                    T::Currency::mint_into(&account, amount)?;
                }
            }
            Ok(())
        })
    }

    /// Pays and counts it. The two go together: between them the books would show a deficit.
    fn pay_and_count(part: Part, recipient: &Account, amount: Balance) -> DispatchResult {
        Self::pay(recipient, amount)?;
        match part {
            Part::Received => TotalPaid::<T>::mutate(|total| *total = total.saturating_add(amount)),
            Part::Returned => TotalReturned::<T>::mutate(|total| *total = total.saturating_add(amount)),
        }
        Ok(())
    }

    /// Changes the sum of a part of what is unclaimed.
    fn count_unclaimed(part: Part, change: impl FnOnce(Balance) -> Balance) {
        match part {
            Part::Received => TotalUnclaimed::<T>::mutate(|total| *total = change(*total)),
            Part::Returned => TotalUnreturned::<T>::mutate(|total| *total = change(*total)),
        }
    }

    /// Pays what a message brought, or gave back; what cannot be paid waits to be claimed.
    pub(crate) fn pay_or_owe(part: Part, nonce: Nonce, recipient: Account, amount: Balance) {
        match Self::pay_and_count(part, &recipient, amount) {
            Ok(()) => Self::deposit_event(match (part, T::Side::get()) {
                (Part::Received, Side::Escrow) => Event::Released { nonce, recipient, amount },
                (Part::Received, Side::Issuance) => Event::Minted { nonce, recipient, amount },
                (Part::Returned, _) => Event::Returned { nonce, sender: recipient, amount },
            }),
            Err(error) => {
                log::warn!(target: LOG_TARGET, "message {nonce}: {amount} units stay unclaimed: {error:?}");
                Unclaimed::<T>::mutate(recipient, |owed| {
                    let owed = owed.part(part);
                    *owed = owed.saturating_add(amount);
                });
                Self::count_unclaimed(part, |total| total.saturating_add(amount));
                let returned = part == Part::Returned;
                Self::deposit_event(Event::LeftUnclaimed { nonce, recipient, amount, returned });
            }
        }
    }

    /// Pays one part of what is owed, and returns how much that was.
    fn claim_part(part: Part, recipient: &Account, owed: &mut Owed) -> Result<Balance, DispatchError> {
        let amount = core::mem::take(owed.part(part));
        if amount == 0 {
            return Ok(0);
        }
        if let Err(error) = Self::pay_and_count(part, recipient, amount) {
            *owed.part(part) = amount;
            return Err(error);
        }
        Self::count_unclaimed(part, |total| total.saturating_sub(amount));
        Ok(amount)
    }

    pub(crate) fn do_claim(recipient: Account) -> DispatchResult {
        ensure!(!T::Lanes::frozen(), Error::<T>::Frozen);
        let mut owed = Unclaimed::<T>::get(recipient);
        ensure!(!owed.is_nothing(), Error::<T>::NothingToClaim);
        let returned = Self::claim_part(Part::Returned, &recipient, &mut owed);
        let received = Self::claim_part(Part::Received, &recipient, &mut owed);
        let (returned, received) = match (returned, received) {
            // One part is paid even if the other has to wait.
            (Ok(returned), Err(_)) if returned > 0 => (returned, 0),
            (Err(_), Ok(received)) if received > 0 => (0, received),
            (returned, received) => (returned?, received?),
        };
        if owed.is_nothing() {
            Unclaimed::<T>::remove(recipient);
        } else {
            Unclaimed::<T>::insert(recipient, owed);
        }
        Self::deposit_event(Event::Claimed { recipient, received, returned });
        Ok(())
    }
}
