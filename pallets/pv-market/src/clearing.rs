//! From books to trades.
//!
//! When a slot's gate has closed its books are cleared one after the other, in the order in which storage has them.
//! Each goes through two stages ([`Stage`]):
//!
//! 1. **Matching**, in portions of as many steps as there is weight for: [`gridpeg_market::clearing`] on the book as it
//!    was at the gate. An order that had expired by then is passed over. A trade is written at once, with the network
//!    fee that its buyer will pay; what an order has traded is noted in the order.
//! 2. **Emptying**: every order leaves the book. Of its hold it keeps the share that traded ([`BookOrder::kept`]) until
//!    the slot is settled; the rest is released.
//!
//! Then the result is written and the price becomes a leaf. Between two portions nobody can change the book: the gate
//! is closed.

use crate::{work::MAX_PORTION, *};
use gridpeg_market::{
    book::{Book, Order},
    clearing::{Clearing, Event as Step, Trade},
    fee::Lines,
    voltage::{Feeder, State, Voltages},
};

/// What a portion of the matching costs: so many steps that made a trade, so many that made none.
fn portion_weight<T: Config>(trades: u32, others: u32) -> Weight {
    T::WeightInfo::clear(trades, others).saturating_add(T::Feeders::weight().saturating_mul(2))
}

/// What a portion costs without steps, and each step at most.
pub(crate) fn portion_parts<T: Config>() -> (Weight, Weight) {
    let fixed = portion_weight::<T>(0, 0);
    (fixed, portion_weight::<T>(1, 0).max(portion_weight::<T>(0, 1)).saturating_sub(fixed))
}

/// What the smallest portion costs.
pub(crate) fn smallest_portion<T: Config>() -> Weight {
    let (fixed, each) = portion_parts::<T>();
    fixed.saturating_add(each)
}

/// A book as the clearing reads it.
struct StoredBook<T> {
    slot: Slot,
    feeder: FeederId,
    /// When its gate closed.
    gate: Millis,
    _config: core::marker::PhantomData<T>,
}

impl<T: Config> Book<Party<T::AccountId>> for StoredBook<T> {
    fn orders(&self, side: Side, after: Option<Key>) -> impl Iterator<Item = Order<Party<T::AccountId>>> {
        let gate = self.gate;
        Pallet::<T>::orders_after(self.slot, self.feeder, side, after).map(move |(key, order)| {
            let (limit, id) = side.read_key(&key);
            let BookOrder { owner: account, site, bus, level, green, .. } = order;
            // An expired order is passed over in a step of its own, so that no step reads more than one of a side.
            let expired = order.expires.is_some_and(|time| time <= gate);
            let quantity = if expired { 0 } else { order.quantity };
            Order { id, account: Party { account, site, bus, level, limit, green }, quantity, limit, bus }
        })
    }
}

impl<T: Config> Pallet<T> {
    /// The orders of a side of a book after this key, or all, the best first.
    pub(crate) fn orders_after(
        slot: Slot,
        feeder: FeederId,
        side: Side,
        after: Option<Key>,
    ) -> impl Iterator<Item = (Key, BookOrder<T::AccountId>)> {
        match after {
            Some(key) => {
                let from = Books::<T>::hashed_key_for((slot, feeder, side, key));
                Books::<T>::iter_prefix_from((slot, feeder, side), from)
            }
            None => Books::<T>::iter_prefix((slot, feeder, side)),
        }
    }
}

/// A feeder without tables: nothing trades on it.
fn no_feeder() -> (Feeder, Lines) {
    let feeder = Feeder { base: BoundedVec::new(), sensitivities: BoundedVec::new(), lower: 0, upper: 0 };
    (feeder, Lines { branches: BoundedVec::new() })
}

impl<T: Config> Work<T> {
    /// Clears the books of all slots whose gates have closed.
    pub fn clear(&mut self) {
        while self.clear_on() {}
    }

    /// One thing to clear; whether there can be more.
    fn clear_on(&mut self) -> bool {
        match InClearing::<T>::get() {
            Some(book) => match book.stage {
                Stage::Matching { clearing, voltages } => {
                    self.match_orders(book.slot, book.feeder, book.version, clearing, voltages)
                }
                Stage::Emptying { side, after, result } => self.empty(book.slot, book.feeder, side, after, result),
            },
            None => self.open(),
        }
    }

    /// Takes up the next book, or goes on to the next slot.
    pub(crate) fn open(&mut self) -> bool {
        let Some(next) = NextSlots::<T>::get() else { return false };
        let slot = next.clear;
        if self.gate(slot) > self.now || !self.take(T::WeightInfo::pass_slot()) {
            return false;
        }
        let Some(feeder) = OpenBooks::<T>::iter_key_prefix(slot).next() else {
            let Some(clear) = slot.checked_add(1) else { return false };
            NextSlots::<T>::put(Cursors { clear, ..next });
            return true;
        };
        let (version, terms) = Pallet::<T>::terms_of(slot);
        let clearing = Clearing::new(terms.pricing, terms.lot);
        let stage = Stage::Matching { clearing, voltages: State::default() };
        InClearing::<T>::put(BookInClearing { slot, feeder, version, stage });
        true
    }

    /// How many steps of the matching there is weight for, whatever comes of them.
    fn portion(&self) -> u32 {
        let (fixed, each) = portion_parts::<T>();
        let Some(left) = self.left().checked_sub(&fixed) else { return 0 };
        let steps = left.checked_div_per_component(&each).unwrap_or(u64::MAX);
        u32::try_from(steps).unwrap_or(u32::MAX).min(MAX_PORTION)
    }

    pub(crate) fn match_orders(
        &mut self,
        slot: Slot,
        feeder: FeederId,
        version: u32,
        mut clearing: Clearing<Party<T::AccountId>>,
        voltages: State,
    ) -> bool {
        let most = self.portion();
        if most == 0 {
            return false;
        }
        let tables = T::Feeders::feeder(feeder).zip(T::Feeders::lines(feeder)).unwrap_or_else(no_feeder);
        let book = StoredBook::<T> { slot, feeder, gate: self.gate(slot), _config: Default::default() };
        let mut grid = Voltages::new(&tables.0, self.calendar.slot_length, voltages);
        let mut trades = Vec::new();
        let steps = clearing.run(&book, &mut grid, most, |step| {
            if let Step::Traded(trade) = step {
                trades.push(trade);
            }
        });
        let voltages = grid.into_state();
        let made = trades.len() as u32;
        // It fits: so many steps do, whatever comes of them.
        self.take(portion_weight::<T>(made, steps.saturating_sub(made)));
        self.write_trades(slot, feeder, version, &tables.1, trades);

        let stage = if clearing.is_done() {
            let totals = clearing.totals();
            let uniform = clearing.uniform_price();
            let (energy, trades, price) = (totals.energy, totals.trades, totals.mean_price());
            self.add_to_period(slot, totals);
            let result = BookResult { price, uniform, energy, trades, version };
            Stage::Emptying { side: Side::Ask, after: None, result }
        } else {
            Stage::Matching { clearing, voltages }
        };
        InClearing::<T>::put(BookInClearing { slot, feeder, version, stage });
        true
    }

    fn write_trades(
        &mut self,
        slot: Slot,
        feeder: FeederId,
        version: u32,
        lines: &Lines,
        trades: Vec<Trade<Party<T::AccountId>>>,
    ) {
        if trades.is_empty() {
            return;
        }
        let terms = TermsAt::<T>::get(version);
        let longest = lines.longest();
        self.see_parties(slot, &trades);
        for Trade { number, ask, bid, seller, buyer, quantity, price, .. } in trades {
            let fee = terms.fee(buyer.level, lines.distance(seller.bus, buyer.bus), longest);
            for (side, limit, id) in [(Side::Ask, seller.limit, ask), (Side::Bid, buyer.limit, bid)] {
                Books::<T>::mutate((slot, feeder, side, side.key(limit, id)), |order| {
                    if let Some(order) = order {
                        order.filled = order.filled.saturating_add(quantity);
                    }
                });
            }
            let record = TradeRecord {
                ask,
                bid,
                seller: seller.account,
                seller_site: seller.site,
                buyer: buyer.account,
                buyer_site: buyer.site,
                quantity,
                price,
                fee,
                green: seller.green,
                limits: (seller.limit, buyer.limit),
                settlement: None,
            };
            Trades::<T>::insert((slot, feeder, number), record);
            Pallet::<T>::deposit_event(Event::Traded { slot, feeder, number, ask, bid, quantity, price });
        }
    }

    /// Lets orders leave the book; whether all have.
    pub(crate) fn empty(
        &mut self,
        slot: Slot,
        feeder: FeederId,
        mut side: Side,
        mut after: Option<Key>,
        result: BookResult,
    ) -> bool {
        let version = result.version;
        let keep = |side: Side, after: Option<Key>| {
            let stage = Stage::Emptying { side, after, result };
            InClearing::<T>::put(BookInClearing { slot, feeder, version, stage });
            false
        };
        loop {
            let mut orders = Pallet::<T>::orders_after(slot, feeder, side, after);
            loop {
                if !self.take(T::WeightInfo::empty_order()) {
                    return keep(side, after);
                }
                let Some((key, order)) = orders.next() else { break };
                Self::close_order(slot, feeder, side, key, order);
                after = Some(key);
            }
            if side == Side::Bid {
                break;
            }
            (side, after) = (Side::Bid, None);
        }
        let is_leaf = result.price.is_some();
        if (is_leaf && !self.has_room()) || !self.take(T::WeightInfo::close_book()) {
            return keep(side, after);
        }
        OpenBooks::<T>::remove(slot, feeder);
        Cleared::<T>::insert(slot, feeder, result);
        InClearing::<T>::kill();
        let BookResult { price, uniform, energy, trades, .. } = result;
        if let Some(price) = price {
            self.leaf(PvLeaf::Price { slot, feeder, price, uniform, energy });
        }
        Pallet::<T>::deposit_event(Event::SlotCleared { slot, feeder, price, energy, trades });
        true
    }

    pub(crate) fn close_order(slot: Slot, feeder: FeederId, side: Side, key: Key, order: BookOrder<T::AccountId>) {
        let (limit, id) = side.read_key(&key);
        let kept = order.kept();
        Books::<T>::remove((slot, feeder, side, key));
        Pallet::<T>::strike(id, &Place { slot, feeder, side, limit }, &order, kept);
        Pallet::<T>::release(&order.owner, order.hold.saturating_sub(kept));
        Pallet::<T>::deposit_event(Event::OrderClosed { order: id, filled: order.filled, kept });
    }
}
