//! The price of a clearing period, for the chain's window of price pairs.
//!
//! A slot counts for the period that it begins in. A period is reported once all books of its slots are cleared and it
//! is over by the clock, whichever comes later: books are cleared before their slots begin, and a price is taken only
//! of what is over. The price is the mean of all trades weighted by quantity, whatever is delivered of them. A period
//! without trades is not reported. Accounts that sold and bought are counted once each; those that did both do not
//! make a price.
//!
//! The storage of [`Periods`] is in the order of their numbers, by the hasher `Identity`: the keys are eight bytes of a
//! time that passes, so nobody can choose them to unbalance the trie.

use crate::*;
use gridpeg_market::{
    clearing::{Totals, Trade},
    units::WHOLE,
};
use gridpeg_messages::prices;

/// Reporting a period, with what becomes of the report.
pub(crate) fn report_weight<T: Config>() -> Weight {
    T::WeightInfo::report_period().saturating_add(T::Prices::weight())
}

impl PeriodTotals {
    /// The mean price weighted by quantity, rounded down; none without trades.
    pub fn mean_price(&self) -> Option<Price> {
        let weight = U256::from(self.energy).checked_mul(U256::from(WHOLE))?;
        Price::try_from(self.value.checked_div(weight)?).ok()
    }

    /// Counts an account that was seen on a side for the first time.
    fn count(&mut self, before: Seen, now: Seen) {
        let one = |count: &mut u32, counts: bool| *count = count.saturating_add(counts.into());
        one(&mut self.sellers, now.sold && !before.sold);
        one(&mut self.buyers, now.bought && !before.bought);
        one(&mut self.both, now.sold && now.bought && !(before.sold && before.bought));
    }
}

impl<T: Config> Work<T> {
    /// Notes who traded.
    pub(crate) fn see_parties(&self, slot: Slot, trades: &[Trade<Party<T::AccountId>>]) {
        let period = self.period_of(slot);
        let mut totals = Periods::<T>::get(period.to_be_bytes()).unwrap_or_default();
        for trade in trades {
            let sold = Seen { sold: true, bought: false };
            let bought = Seen { sold: false, bought: true };
            for (party, did) in [(&trade.seller, sold), (&trade.buyer, bought)] {
                PeriodParties::<T>::mutate(period, &party.account, |seen| {
                    let before = *seen;
                    *seen = Seen { sold: before.sold || did.sold, bought: before.bought || did.bought };
                    totals.count(before, *seen);
                });
            }
        }
        Periods::<T>::insert(period.to_be_bytes(), totals);
    }

    /// Adds what a book has traded.
    pub(crate) fn add_to_period(&self, slot: Slot, traded: &Totals) {
        if traded.trades == 0 {
            return;
        }
        Periods::<T>::mutate(self.period_of(slot).to_be_bytes(), |period| {
            let totals = period.get_or_insert_default();
            totals.energy = totals.energy.saturating_add(traded.energy);
            totals.value = totals.value.saturating_add(traded.value);
        });
    }

    /// Reports the periods that are over, and forgets who traded in them.
    pub fn report(&mut self) {
        while self.report_on() {}
    }

    pub(crate) fn report_on(&mut self) -> bool {
        // In ascending order, so it is the oldest.
        let Some((key, totals)) = Periods::<T>::iter().next() else { return false };
        let period = u64::from_be_bytes(key);
        if totals.reported {
            return self.forget_parties(period);
        }
        let cleared = NextSlots::<T>::get().is_some_and(|next| self.period_of(next.clear) > period);
        let end = period.saturating_add(1).saturating_mul(self.period);
        if !cleared || end > self.now || !self.take(report_weight::<T>()) {
            return false;
        }
        Self::report_period(period, &totals);
        Periods::<T>::insert(key, PeriodTotals { reported: true, ..totals });
        true
    }

    fn report_period(period: u64, totals: &PeriodTotals) {
        let PeriodTotals { energy, sellers, buyers, both, .. } = *totals;
        let Some(price) = totals.mean_price() else { return };
        let summary = prices::Summary {
            // At most 10¹⁸.
            price: price.saturated_into(),
            quantity: energy,
            sellers: sellers.saturating_sub(both),
            buyers: buyers.saturating_sub(both),
        };
        let observed = with_storage_layer(|| T::Prices::observe(prices::Side::Electricity, period, summary));
        Pallet::<T>::deposit_event(match observed {
            Ok(()) => Event::PeriodReported { period, price, energy },
            Err(error) => Event::PeriodNotReported { period, error },
        });
    }

    /// Forgets who traded in a period, then the period.
    pub(crate) fn forget_parties(&mut self, period: u64) -> bool {
        for account in PeriodParties::<T>::iter_key_prefix(period) {
            if !self.take(T::WeightInfo::forget_party()) {
                return false;
            }
            PeriodParties::<T>::remove(period, account);
        }
        if !self.take(T::WeightInfo::forget_party()) {
            return false;
        }
        Periods::<T>::remove(period.to_be_bytes());
        true
    }
}
