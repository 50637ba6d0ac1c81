//! From what flowed through a site to its bill.
//!
//! Every site has one bill for a slot, with a side as a seller and a side as a buyer:
//!
//! | line | amount | moved |
//! |---|---|---|
//! | sales, purchases | the trades' turnovers | when the trades were settled |
//! | network fees | of the purchases | now, in one movement with the grid company |
//! | penalty | of contracts that this side did not meet, beyond the free band | 〃 |
//! | surplus | exported and not sold | 〃 |
//! | residual | imported and not bought | 〃 |
//! | late surplus | exported in slots without a reading | 〃 |
//! | late residual | imported in slots without a reading, beyond what was billed as contracted | 〃 |
//!
//! Late energy shows in the counter when a meter speaks again, and is on the bill of that slot, at its prices. What was
//! billed as contracted in the meantime is in [`Assumed`], until it is set off.
//!
//! A site that traded is billed to who placed its orders, any other to its owner. Before anything is paid the account's
//! electricity credit is drawn for all debits, purchases too. Then what is held for the slot is used for what is owed,
//! and the rest of it released. A site through which nothing flowed has no bill.

use crate::*;
use gridpeg_market::settlement::{self, set_off, Billing, Item};

/// Billing a site: which it is and who owns it, what both its meters say of this slot and of earlier ones; its owner's
/// credit.
pub(crate) fn bill_weight<T: Config>() -> Weight {
    T::WeightInfo::bill_site()
        .saturating_add(T::Metering::weight().saturating_mul(6))
        .saturating_add(T::Credit::weight())
}

/// What a bill is made of.
struct Flows<A> {
    account: A,
    mode: Mode,
    level: Level,
    held: Balance,
    sold: Tally,
    bought: Tally,
    /// What of earlier slots was exported, and imported, and is billed now.
    late: (Wh, Wh),
}

impl<A> Flows<A> {
    fn is_nothing(&self) -> bool {
        let flowed = |tally: &Tally| tally.trades > 0 || tally.actual.is_some_and(|energy| energy > 0);
        !flowed(&self.sold) && !flowed(&self.bought) && self.late == (0, 0)
    }
}

impl<T: Config> Work<T> {
    /// Bills sites, after this one.
    pub(crate) fn bill_sites(
        &mut self,
        grid: &T::AccountId,
        mut at: SlotInSettlement,
        mut after: Option<SiteId>,
    ) -> bool {
        let slot = at.slot;
        let (version, terms) = Pallet::<T>::terms_of(slot);
        loop {
            if !self.take(bill_weight::<T>()) {
                InSettlement::<T>::put(SlotInSettlement { stage: SettleStage::Bills { after }, ..at });
                return false;
            }
            let next = T::Metering::next_site(after);
            // Sites do not vanish. If one did, what it has at stake would still be settled.
            let Some(site) = next.or_else(|| Stakes::<T>::iter_key_prefix(slot).next()) else { break };
            after = next.or(after);
            if self.bill_site(grid, slot, site, version, &terms) {
                at.bills = at.bills.saturating_add(1);
            }
        }
        // Taken up with the slot's weight.
        InSettlement::<T>::kill();
        NextSlots::<T>::mutate(|next| {
            if let Some(next) = next {
                next.settle = slot.saturating_add(1);
            }
        });
        T::Metering::note_settled(slot);
        Pallet::<T>::deposit_event(Event::SlotSettled { slot, bills: at.bills });
        true
    }

    /// Bills a site; whether it has a bill.
    pub(crate) fn bill_site(&self, grid: &T::AccountId, slot: Slot, site: SiteId, version: u32, terms: &Terms) -> bool {
        let Some(flows) = self.flows(slot, site) else { return false };
        if flows.is_nothing() {
            Pallet::<T>::release(&flows.account, flows.held);
            return false;
        }
        let Flows { account, mode, level, held, sold, bought, late: (late_exported, late_imported) } = flows;
        let prices = terms.of_site(mode, level);
        let mut lines = Vec::new();
        sold.billing.close(sold.actual, late_exported, &prices, &mut lines);
        bought.billing.close(bought.actual, late_imported, &prices, &mut lines);
        let sum = |credit: bool| {
            let lines = lines.iter().filter(|line| line.item.is_credit() == credit);
            lines.fold(0, |sum: Balance, line| sum.saturating_add(line.amount))
        };
        let (due, owed) = (sum(true), bought.fees.saturating_add(sum(false)));
        let (credit, debit) = (sold.turnover.saturating_add(due), bought.turnover.saturating_add(owed));

        let drawn = if debit > 0 { T::Credit::draw(&account, debit).min(debit) } else { 0 };
        let unpaid = Pallet::<T>::charge(&account, grid, owed.saturating_sub(due), held);
        Pallet::<T>::credit(&account, grid, due.saturating_sub(owed));

        let numbers = sold.numbers.or(bought.numbers);
        let trades = sold.trades.saturating_add(bought.trades);
        let bill = Bill {
            account,
            version,
            mode,
            level,
            exported: sold.actual,
            imported: bought.actual,
            late_exported,
            late_imported,
            numbers,
            trades,
            credit,
            debit,
            drawn,
            unpaid,
        };
        // What was taken to be imported: bought, and what the residual is of.
        let residual = lines.iter().filter(|line| line.item == Item::Residual);
        let taken = residual.fold(bought.settled, |sum, line| sum.saturating_add(line.quantity));
        self.add_to_month(slot, site, &bill, taken, &sold, &bought);
        Pallet::<T>::deposit_event(Event::Billed {
            slot,
            site,
            account: bill.account.clone(),
            // Never more.
            lines: BoundedVec::truncate_from(lines),
            credit,
            debit,
            drawn,
            unpaid,
        });
        Bills::<T>::insert(slot, site, bill);
        true
    }

    /// What flowed through a site, now and late. `None` if there is nothing to say of it. Sets off what was assumed.
    fn flows(&self, slot: Slot, site: SiteId) -> Option<Flows<T::AccountId>> {
        let stake = Stakes::<T>::take(slot, site);
        let info = T::Metering::site(site);
        let (mode, level) = match &info {
            Some(info) => (info.mode_in(self.calendar.month_of(slot)), info.level),
            None => (Mode::Market, Level::MAX),
        };
        let (traded, held) = stake.as_ref().map_or((None, 0), |stake| (stake.tally.zip(Some(stake.side)), stake.held));
        let account = stake.map(|stake| stake.account).or(info.map(|info| info.owner))?;
        let tally = |side: Side, direction: Direction| match traded {
            Some((tally, of)) if of == side => tally,
            _ => Tally::new(side, T::Metering::actual(site, slot, direction)),
        };
        let (sold, bought) = (tally(Side::Ask, Direction::Export), tally(Side::Bid, Direction::Import));
        let late = (T::Metering::caught_up(site, slot, Direction::Export), Self::late_imported(slot, site, &bought));
        Some(Flows { account, mode, level, held, sold, bought, late })
    }

    /// What was imported in earlier slots and is not billed yet. If the meter is silent now, what is contracted now is
    /// assumed.
    fn late_imported(slot: Slot, site: SiteId, bought: &Tally) -> Wh {
        let caught_up = T::Metering::caught_up(site, slot, Direction::Import);
        let contracted = if bought.actual.is_none() { bought.billing.contracted() } else { 0 };
        // Most bills have neither, and write nothing.
        if caught_up == 0 && contracted == 0 {
            return 0;
        }
        let (late, assumed) = set_off(caught_up, Assumed::<T>::get(site).saturating_add(contracted));
        if assumed > 0 {
            Assumed::<T>::insert(site, assumed);
        } else {
            Assumed::<T>::remove(site);
        }
        late
    }

    fn add_to_month(
        &self,
        slot: Slot,
        site: SiteId,
        bill: &Bill<T::AccountId>,
        taken: Wh,
        sold: &Tally,
        bought: &Tally,
    ) {
        MonthlyBills::<T>::mutate(site, self.calendar.month_of(slot), |sums| {
            let add = |sum: &mut u128, amount: u128| *sum = sum.saturating_add(amount);
            sums.bills = sums.bills.saturating_add(1);
            add(&mut sums.exported, bill.exported.unwrap_or_default().into());
            add(&mut sums.imported, taken.into());
            add(&mut sums.late_exported, bill.late_exported.into());
            add(&mut sums.late_imported, bill.late_imported.into());
            add(&mut sums.sold, sold.settled.into());
            add(&mut sums.bought, bought.settled.into());
            add(&mut sums.credit, bill.credit);
            add(&mut sums.debit, bill.debit);
            add(&mut sums.drawn, bill.drawn);
            add(&mut sums.unpaid, bill.unpaid);
        });
    }
}

impl<T: Config> Pallet<T> {
    /// A bill with all its lines, worked out again from its trades.
    pub(crate) fn itemised(site: SiteId, slot: Slot) -> Option<ItemisedBill<T::AccountId>> {
        let bill = Bills::<T>::get(slot, site)?;
        let terms: settlement::Terms = TermsAt::<T>::get(bill.version).of_site(bill.mode, bill.level);
        let (mut sold, mut bought, mut lines) = (Billing::new(Side::Ask), Billing::new(Side::Bid), Vec::new());
        // An account with several sites has trades of the others between these.
        for own in bill.numbers.into_iter().flat_map(|(first, last)| first..=last) {
            let Some((of, feeder, number)) = TradesOf::<T>::get(&bill.account, own) else { continue };
            let Some(record) = Trades::<T>::get((of, feeder, number)).filter(|_| of == slot) else { continue };
            let Some(settlement) = record.settlement else { continue };
            if record.seller_site == site {
                sold.trade(&record.contract(number, Side::Ask, &settlement), &mut lines);
            } else if record.buyer_site == site {
                bought.trade(&record.contract(number, Side::Bid, &settlement), &mut lines);
            }
        }
        sold.close(bill.exported, bill.late_exported, &terms, &mut lines);
        bought.close(bill.imported, bill.late_imported, &terms, &mut lines);
        Some(ItemisedBill { bill, lines })
    }
}
