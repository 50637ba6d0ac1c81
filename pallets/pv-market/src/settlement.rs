//! From trades to what was delivered and paid of them.
//!
//! A slot is settled when its readings are frozen and its books cleared, in two stages ([`SettleStage`]): first its
//! trades, book by book and by number, then the bills of all sites ([`crate::billing`]).
//!
//! Each trade gets what its seller still has of what was exported, and what its buyer still takes of what was imported;
//! the smaller of the two is settled ([`gridpeg_market::settlement`]). The turnover moves from what the buyer holds to
//! the seller. That can only be too little if a root call took coins from the hold: then the buyer owes the rest to the
//! grid company, and the company to the seller.
//!
//! What is known of a site between two of its trades is in its [`Stake`].

use crate::*;
use gridpeg_market::settlement::Item;

/// Settling a trade: what both sites' meters say, the note of what was green.
pub(crate) fn trade_weight<T: Config>() -> Weight {
    T::WeightInfo::settle_trade().saturating_add(T::Metering::weight().saturating_mul(3))
}

/// Taking up a slot and closing it: whether it is frozen, and that it is settled.
pub(crate) fn slot_weight<T: Config>() -> Weight {
    T::WeightInfo::settle_slot().saturating_add(T::Metering::weight().saturating_mul(2))
}

impl<T: Config> Work<T> {
    /// Settles all slots that are cleared and frozen.
    pub fn settle(&mut self) {
        let Some(grid) = Grid::<T>::get() else { return };
        while self.settle_on(&grid) {}
    }

    fn settle_on(&mut self, grid: &T::AccountId) -> bool {
        match InSettlement::<T>::get() {
            Some(at) => match at.stage {
                SettleStage::Trades { feeder, next, trades } => self.settle_book(grid, at, feeder, next, trades),
                SettleStage::Bills { after } => self.bill_sites(grid, at, after),
            },
            None => self.take_up_slot(),
        }
    }

    pub(crate) fn take_up_slot(&mut self) -> bool {
        let Some(next) = NextSlots::<T>::get().filter(|next| next.settle < next.clear) else { return false };
        if !self.take(slot_weight::<T>()) || !T::Metering::slot_frozen(next.settle) {
            return false;
        }
        let stage = Self::next_book(next.settle, None);
        InSettlement::<T>::put(SlotInSettlement { slot: next.settle, stage, bills: 0 });
        true
    }

    /// The slot's next book that has trades; after the last one come the bills.
    fn next_book(slot: Slot, after: Option<FeederId>) -> SettleStage {
        let from = after.map(|feeder| Cleared::<T>::hashed_key_for(slot, feeder));
        let mut books = match from {
            Some(from) => Cleared::<T>::iter_prefix_from(slot, from),
            None => Cleared::<T>::iter_prefix(slot),
        };
        match books.next() {
            Some((feeder, result)) => SettleStage::Trades { feeder, next: 0, trades: result.trades },
            None => SettleStage::Bills { after: None },
        }
    }

    fn settle_book(
        &mut self,
        grid: &T::AccountId,
        at: SlotInSettlement,
        feeder: FeederId,
        next: u32,
        trades: u32,
    ) -> bool {
        for number in next..trades {
            if !self.has_room() || !self.take(trade_weight::<T>()) {
                let stage = SettleStage::Trades { feeder, next: number, trades };
                InSettlement::<T>::put(SlotInSettlement { stage, ..at });
                return false;
            }
            self.settle_trade(grid, at.slot, feeder, number);
        }
        let fits = self.take(T::WeightInfo::settle_slot());
        // If the step to the next book does not fit, it is the first one of the next time.
        let stage = if fits {
            Self::next_book(at.slot, Some(feeder))
        } else {
            SettleStage::Trades { feeder, next: trades, trades }
        };
        InSettlement::<T>::put(SlotInSettlement { stage, ..at });
        fits
    }

    pub(crate) fn settle_trade(&mut self, grid: &T::AccountId, slot: Slot, feeder: FeederId, number: u32) {
        let Some(mut record) = Trades::<T>::get((slot, feeder, number)) else { return };
        let seller = Stakes::<T>::get(slot, record.seller_site);
        let buyer = Stakes::<T>::get(slot, record.buyer_site);
        let Some((mut seller, mut buyer)) = seller.zip(buyer) else {
            log::error!(target: LOG_TARGET, "trade {number} of slot {slot} on feeder {feeder} has nothing at stake");
            return;
        };
        let mut sold = Self::tally(slot, record.seller_site, &seller);
        let mut bought = Self::tally(slot, record.buyer_site, &buyer);
        let allocated_seller = sold.allocation.take(record.quantity);
        let allocated_buyer = bought.allocation.take(record.quantity);
        let settled = allocated_seller.min(allocated_buyer);
        let seller_no = Self::number(&record.seller, &mut sold, (slot, feeder, number));
        let buyer_no = Self::number(&record.buyer, &mut bought, (slot, feeder, number));
        let settlement = Settlement { allocated_seller, allocated_buyer, settled, seller_no, buyer_no };

        let (turnover, _) = Self::bill_trade(&mut sold, &record, number, Side::Ask, &settlement);
        let (_, fee) = Self::bill_trade(&mut bought, &record, number, Side::Bid, &settlement);
        let moved = Pallet::<T>::pay_from_hold(&record.buyer, &record.seller, turnover.min(buyer.held));
        buyer.held = buyer.held.saturating_sub(moved);
        let short = turnover.saturating_sub(moved);
        if short > 0 {
            Pallet::<T>::charge(&record.buyer, grid, short, 0);
            Pallet::<T>::credit(&record.seller, grid, short);
        }
        if record.green && settled > 0 {
            T::Metering::note_green(record.seller_site, self.calendar.year_of(slot), settled);
        }

        (seller.tally, buyer.tally) = (Some(sold), Some(bought));
        Stakes::<T>::insert(slot, record.seller_site, seller);
        Stakes::<T>::insert(slot, record.buyer_site, buyer);
        record.settlement = Some(settlement);
        Trades::<T>::insert((slot, feeder, number), &record);
        let TradeRecord { seller, buyer, quantity: contracted, price, green, .. } = record;
        self.leaf(PvLeaf::Trade {
            slot,
            feeder,
            number,
            seller,
            seller_no,
            buyer,
            buyer_no,
            contracted,
            settled,
            price,
            green,
        });
        Pallet::<T>::deposit_event(Event::TradeSettled { slot, feeder, number, settled, turnover, fee });
    }

    /// What has been settled of a site's trades, or the beginning.
    fn tally(slot: Slot, site: SiteId, stake: &Stake<T::AccountId>) -> Tally {
        stake.tally.unwrap_or_else(|| {
            let direction = match stake.side {
                Side::Ask => Direction::Export,
                Side::Bid => Direction::Import,
            };
            Tally::new(stake.side, T::Metering::actual(site, slot, direction))
        })
    }

    /// The trade's number among the account's.
    fn number(account: &T::AccountId, tally: &mut Tally, trade: (Slot, FeederId, u32)) -> u64 {
        let number = TradeCount::<T>::mutate(account, |count| {
            *count = count.saturating_add(1);
            *count
        });
        TradesOf::<T>::insert(account, number, trade);
        tally.numbers = Some((tally.numbers.map_or(number, |(first, _)| first), number));
        tally.trades = tally.trades.saturating_add(1);
        number
    }

    /// Adds a trade to a side's bill, and returns turnover and network fee.
    fn bill_trade(
        tally: &mut Tally,
        record: &TradeRecord<T::AccountId>,
        number: u32,
        side: Side,
        settlement: &Settlement,
    ) -> (Balance, Balance) {
        let mut lines = Vec::new();
        tally.billing.trade(&record.contract(number, side, settlement), &mut lines);
        let amount = |is_fee: bool| {
            let lines = lines.iter().filter(|line| (line.item == Item::NetworkFee) == is_fee);
            lines.fold(0, |sum: Balance, line| sum.saturating_add(line.amount))
        };
        let (turnover, fee) = (amount(false), amount(true));
        tally.settled = tally.settled.saturating_add(settlement.settled);
        tally.turnover = tally.turnover.saturating_add(turnover);
        tally.fees = tally.fees.saturating_add(fee);
        (turnover, fee)
    }
}
