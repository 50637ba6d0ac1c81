//! Coins: what is held, what is paid, what is owed.
//!
//! The other party of all that is not a trade is the grid company. What one of the two cannot pay is written down and
//! paid later:
//!
//! | | paid by |
//! |---|---|
//! | [`Arrears`]: an account owes | later credits of its bills, before it gets any of them; [`Call::pay_arrears`] |
//! | [`GridDebt`]: the company owes | later charges of its bills, before it pays any of them; [`Call::collect`] |
//!
//! So no account has both. An account is never emptied by a bill: it keeps the least balance that keeps it alive. What
//! was held is taken whatever freezes lie on it, anything else is not.
//!
//! Nothing here fails. What cannot be moved for whatever reason is owed: so a bill has the same sums whether the coins
//! were there or not, and nobody can stop the settlement of others.

use crate::*;
use polkadot_sdk::frame_support::traits::tokens::{Fortitude, Precision, Preservation, Restriction};

impl<T: Config> Pallet<T> {
    /// Releases what is held.
    pub(crate) fn release(account: &T::AccountId, amount: Balance) {
        if amount == 0 {
            return;
        }
        let reason = HoldReason::Orders.into();
        match T::Currency::release(&reason, account, amount, Precision::BestEffort) {
            Ok(released) if released == amount => {}
            // Only a root call can take coins from a hold.
            other => log::error!(target: LOG_TARGET, "{amount} units of {account:?} were to be released: {other:?}"),
        }
    }

    /// Moves what is held to another account's free balance, and returns how much that was.
    pub(crate) fn pay_from_hold(from: &T::AccountId, to: &T::AccountId, amount: Balance) -> Balance {
        if amount == 0 {
            return 0;
        }
        let reason = HoldReason::Orders.into();
        let moved = with_storage_layer(|| {
            T::Currency::transfer_on_hold(
                &reason,
                from,
                to,
                amount,
                Precision::BestEffort,
                Restriction::Free,
                Fortitude::Force,
            )
        });
        moved.unwrap_or_else(|error: DispatchError| {
            log::error!(target: LOG_TARGET, "{amount} units held by {from:?} do not move: {error:?}");
            0
        })
    }

    /// Moves free coins as far as there are any, and returns how much that was.
    fn pay(from: &T::AccountId, to: &T::AccountId, amount: Balance) -> Balance {
        let amount = amount.min(T::Currency::reducible_balance(from, Preservation::Preserve, Fortitude::Polite));
        if amount == 0 {
            return 0;
        }
        with_storage_layer(|| T::Currency::transfer(from, to, amount, Preservation::Preserve)).unwrap_or_else(
            |error: DispatchError| {
                log::warn!(target: LOG_TARGET, "{from:?} does not pay {amount} units: {error:?}");
                0
            },
        )
    }

    /// Changes what an account owes.
    fn set_arrears(account: &T::AccountId, before: Balance, after: Balance) {
        if before == after {
            return;
        }
        if after > 0 {
            Arrears::<T>::insert(account, after);
        } else {
            Arrears::<T>::remove(account);
        }
        TotalArrears::<T>::mutate(|total| *total = total.saturating_sub(before).saturating_add(after));
    }

    /// Changes what the company owes to an account.
    fn set_debt(account: &T::AccountId, before: Balance, after: Balance) {
        if before == after {
            return;
        }
        if after > 0 {
            GridDebt::<T>::insert(account, after);
        } else {
            GridDebt::<T>::remove(account);
        }
        TotalGridDebt::<T>::mutate(|total| *total = total.saturating_sub(before).saturating_add(after));
    }

    /// An account owes this to the company, and has this on hold for it, which is released as far as it is not needed.
    /// Returns what is left unpaid: it is in arrears.
    pub(crate) fn charge(account: &T::AccountId, grid: &T::AccountId, owed: Balance, held: Balance) -> Balance {
        if account == grid {
            Self::release(account, held);
            return 0;
        }
        let debt = GridDebt::<T>::get(account);
        let set_off = owed.min(debt);
        Self::set_debt(account, debt, debt.saturating_sub(set_off));
        let owed = owed.saturating_sub(set_off);

        let paid = Self::pay_from_hold(account, grid, owed.min(held));
        Self::release(account, held.saturating_sub(paid));
        let owed = owed.saturating_sub(paid);
        let unpaid = owed.saturating_sub(Self::pay(account, grid, owed));
        let arrears = Arrears::<T>::get(account);
        Self::set_arrears(account, arrears, arrears.saturating_add(unpaid));
        unpaid
    }

    /// The company owes this to an account.
    pub(crate) fn credit(account: &T::AccountId, grid: &T::AccountId, due: Balance) {
        if account == grid || due == 0 {
            return;
        }
        let arrears = Arrears::<T>::get(account);
        let set_off = due.min(arrears);
        if set_off > 0 {
            let left = arrears.saturating_sub(set_off);
            Self::set_arrears(account, arrears, left);
            Self::deposit_event(Event::ArrearsPaid { account: account.clone(), amount: set_off, left });
        }
        let due = due.saturating_sub(set_off);
        let short = due.saturating_sub(Self::pay(grid, account, due));
        if short > 0 {
            let debt = GridDebt::<T>::get(account);
            Self::set_debt(account, debt, debt.saturating_add(short));
            Self::deposit_event(Event::GridShort { account: account.clone(), amount: short });
        }
    }

    pub(crate) fn do_pay_arrears(who: T::AccountId, amount: Balance) -> DispatchResult {
        let grid = Grid::<T>::get().ok_or(Error::<T>::NoGrid)?;
        let arrears = Arrears::<T>::get(&who);
        let amount = amount.min(arrears);
        ensure!(amount > 0, Error::<T>::NothingToPay);
        T::Currency::transfer(&who, &grid, amount, Preservation::Preserve)
            .map_err(|_| Error::<T>::InsufficientFunds)?;
        let left = arrears.saturating_sub(amount);
        Self::set_arrears(&who, arrears, left);
        Self::deposit_event(Event::ArrearsPaid { account: who, amount, left });
        Ok(())
    }

    pub(crate) fn do_collect(account: T::AccountId) -> DispatchResult {
        let grid = Grid::<T>::get().ok_or(Error::<T>::NoGrid)?;
        let debt = GridDebt::<T>::get(&account);
        ensure!(debt > 0, Error::<T>::NothingToCollect);
        let amount = Self::pay(&grid, &account, debt);
        ensure!(amount > 0, Error::<T>::GridWithoutCoins);
        let left = debt.saturating_sub(amount);
        Self::set_debt(&account, debt, left);
        Self::deposit_event(Event::DebtPaid { account, amount, left });
        Ok(())
    }
}
