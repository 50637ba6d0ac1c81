//! Sending.

use crate::*;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_transfer(sender: T::AccountId, recipient: Account, amount: Balance) -> DispatchResult {
        let transfer = Self::take(&sender, recipient, amount)?;
        let nonce = T::Lanes::send(Payload::Transfer(transfer))?;
        Self::deposit_event(Self::sent(nonce, sender, recipient, amount));
        Ok(())
    }

    /// Locks or burns the coins, and counts them: all but the message.
    pub(crate) fn take(sender: &T::AccountId, recipient: Account, amount: Balance) -> Result<Transfer, DispatchError> {
        ensure!(amount >= T::MinTransfer::get(), Error::<T>::BelowMinimum);
        ensure!(amount <= LimitsOf::<T>::get().per_transfer, Error::<T>::AboveMaximum);
        let escrow = Self::escrow_account();
        ensure!(*sender != escrow, Error::<T>::SenderIsEscrow);
        let available = T::Currency::reducible_balance(sender, Preservation::Expendable, Fortitude::Polite);
        ensure!(available >= amount, Error::<T>::InsufficientFunds);
        ensure!(Self::deficit() == 0, Error::<T>::Deficit);
        let total = TotalSent::<T>::get().checked_add(amount).ok_or(Error::<T>::Overflow)?;
        match T::Side::get() {
            Side::Escrow => T::Currency::transfer(sender, &escrow, amount, Preservation::Expendable)?,
            Side::Issuance => {
                T::Currency::burn_from(sender, amount, Preservation::Expendable, Precision::Exact, Fortitude::Polite)?
            }
        };
        // Before the message is sent: the lane commits the total with it.
        TotalSent::<T>::put(total);
        Ok(Transfer { sender: bytes_of(sender), recipient, amount, total })
    }

    /// What tells of it.
    pub(crate) fn sent(nonce: Nonce, sender: T::AccountId, recipient: Account, amount: Balance) -> Event<T> {
        match T::Side::get() {
            Side::Escrow => Event::Locked { nonce, sender, recipient, amount },
            Side::Issuance => Event::Burned { nonce, sender, recipient, amount },
        }
    }
}

/// An account's 32 bytes; a shorter id is padded with zeros.
fn bytes_of(account: &impl Encode) -> Account {
    let mut bytes = Account::default();
    account.using_encoded(|encoded| {
        for (to, from) in bytes.iter_mut().zip(encoded) {
            *to = *from;
        }
    });
    bytes
}
