//! What the counters say, and what is there.

use crate::*;

impl<T: Config> Pallet<T> {
    /// What is there: X or I.
    pub(crate) fn held() -> Balance {
        match T::Side::get() {
            Side::Escrow => T::Currency::balance(&Self::escrow_account()),
            Side::Issuance => T::Currency::total_issuance(),
        }
    }

    /// What the counters say there is. The sums of all amounts that ever crossed stay far below 128 bits.
    pub(crate) fn expected() -> Balance {
        let genesis = Genesis::<T>::get();
        let sent = TotalSent::<T>::get();
        let paid = TotalPaid::<T>::get().saturating_add(TotalReturned::<T>::get());
        match T::Side::get() {
            Side::Escrow => genesis.saturating_add(sent).saturating_sub(paid),
            Side::Issuance => genesis.saturating_add(paid).saturating_sub(sent),
        }
    }

    /// Coins beyond what the counters say: sent to the escrow account directly, or destroyed on the issuance side. They
    /// back nothing, and nothing pays them out.
    pub fn surplus() -> Balance {
        match T::Side::get() {
            Side::Escrow => Self::held().saturating_sub(Self::expected()),
            Side::Issuance => Self::expected().saturating_sub(Self::held()),
        }
    }

    /// Coins that the counters do not account for: taken out of the escrow account by a root call, or issued by one on
    /// the issuance side. While there are any, nothing is sent and nothing is paid out.
    pub fn deficit() -> Balance {
        match T::Side::get() {
            Side::Escrow => Self::expected().saturating_sub(Self::held()),
            Side::Issuance => Self::held().saturating_sub(Self::expected()),
        }
    }

    /// This chain's side of the books.
    pub fn books() -> types::Books {
        let (escrow, issued) = match T::Side::get() {
            Side::Escrow => (Self::held(), 0),
            Side::Issuance => (0, Self::held()),
        };
        types::Books {
            escrow,
            issued,
            genesis: Genesis::<T>::get(),
            sent: TotalSent::<T>::get(),
            received: TotalReceived::<T>::get(),
            refused: TotalRefused::<T>::get(),
            paid: TotalPaid::<T>::get(),
            queued: TotalQueued::<T>::get(),
            unclaimed: TotalUnclaimed::<T>::get(),
            returned: TotalReturned::<T>::get(),
            unreturned: TotalUnreturned::<T>::get(),
            surplus: Self::surplus(),
            deficit: Self::deficit(),
        }
    }
}
