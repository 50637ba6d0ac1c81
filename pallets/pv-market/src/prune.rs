//! Forgetting settled slots when their retention is over: trades, bills, results of books. Sums of months stay.

use crate::*;

impl<T: Config> Work<T> {
    /// Forgets all slots whose time has come.
    pub fn prune(&mut self) {
        while self.prune_on() {}
    }

    pub(crate) fn prune_on(&mut self) -> bool {
        let Some(next) = NextSlots::<T>::get() else { return false };
        let slot = next.prune;
        let retention = self.version(slot).map_or(0, |version| version.retention);
        if slot.saturating_add(retention) >= next.settle {
            return false;
        }
        if !self.prune_bills(slot) || !self.prune_trades(slot) || !self.take(T::WeightInfo::prune_slot()) {
            return false;
        }
        NextSlots::<T>::put(Cursors { prune: slot.saturating_add(1), ..next });
        true
    }

    /// Whether none is left.
    pub(crate) fn prune_bills(&mut self, slot: Slot) -> bool {
        for site in Bills::<T>::iter_key_prefix(slot) {
            if !self.take(T::WeightInfo::prune_bill()) {
                return false;
            }
            Bills::<T>::remove(slot, site);
        }
        true
    }

    /// Whether none is left. A book's result goes after its trades.
    pub(crate) fn prune_trades(&mut self, slot: Slot) -> bool {
        for feeder in Cleared::<T>::iter_key_prefix(slot) {
            for (number, record) in Trades::<T>::iter_prefix((slot, feeder)) {
                if !self.take(T::WeightInfo::prune_trade()) {
                    return false;
                }
                Trades::<T>::remove((slot, feeder, number));
                if let Some(Settlement { seller_no, buyer_no, .. }) = record.settlement {
                    TradesOf::<T>::remove(record.seller, seller_no);
                    TradesOf::<T>::remove(record.buyer, buyer_no);
                }
            }
            if !self.take(T::WeightInfo::prune_trade()) {
                return false;
            }
            Cleared::<T>::remove(slot, feeder);
        }
        true
    }
}
