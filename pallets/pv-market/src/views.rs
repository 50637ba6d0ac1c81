//! What queries give.

use crate::{types::MAX_PAGE, *};

impl<T: Config> Pallet<T> {
    pub(crate) fn quotes(slot: Slot, feeder: FeederId, side: Side, most: u32) -> Vec<Quote> {
        let quote = |(key, order): (Key, BookOrder<T::AccountId>)| {
            let (limit, id) = side.read_key(&key);
            Quote { order: id, limit, quantity: order.quantity.saturating_sub(order.filled) }
        };
        Self::orders_after(slot, feeder, side, None).take(most.min(MAX_PAGE) as usize).map(quote).collect()
    }

    pub(crate) fn order_info(id: OrderId) -> Option<OrderInfo<T::AccountId>> {
        let place = Orders::<T>::get(id)?;
        let details = Books::<T>::get((place.slot, place.feeder, place.side, place.key(id)))?;
        Some(OrderInfo { order: id, place, details })
    }

    /// So many slots from one on, no more than a page.
    pub(crate) fn slots(from: Slot, most: u32) -> impl Iterator<Item = Slot> {
        (from..=Slot::MAX).take(most.min(MAX_PAGE) as usize)
    }

    pub(crate) fn account_trades(account: &T::AccountId, from: u64, most: u32) -> Vec<AccountTrade<T::AccountId>> {
        let trade = |own: u64| {
            let (slot, feeder, number) = TradesOf::<T>::get(account, own)?;
            let trade = Trades::<T>::get((slot, feeder, number))?;
            Some(AccountTrade { own, slot, feeder, number, trade })
        };
        let last = TradeCount::<T>::get(account);
        (from.max(1)..=last).take(most.min(MAX_PAGE) as usize).filter_map(trade).collect()
    }

    /// Which slot it is, how far the market is, and how far behind: for the runtime's API.
    pub fn status() -> MarketStatus {
        let (now, calendar, progress) = (Self::now(), T::Metering::calendar(), Self::how_far());
        let due = |first: Slot, is_due: &dyn Fn(&Slot) -> bool| Self::slots(first, MAX_PAGE).take_while(is_due).count();
        let versions = Versions::<T>::get();
        let gate = |slot| terms::version_of(&versions, slot).map_or(0, |version| version.gate);
        let gate_closed = |slot: &Slot| Self::gate_of(&calendar, *slot, gate(*slot)) <= now;
        let frozen = |slot: &Slot| T::Metering::slot_frozen(*slot);
        let next = progress.next;
        let cleared = next.into_iter().flat_map(|next| (0..next.clear).rev().take(MAX_PAGE as usize));
        let price = |slot| {
            let mut results = Cleared::<T>::iter_prefix(slot);
            results.find_map(|(feeder, result)| Some((slot, feeder, result.price?)))
        };
        MarketStatus {
            calendar,
            slot: calendar.slot_at(now),
            progress,
            to_clear: next.map_or(0, |next| due(next.clear, &gate_closed)).saturated_into(),
            to_settle: next.map_or(0, |next| due(next.settle, &frozen)).saturated_into(),
            last: cleared.into_iter().find_map(price),
        }
    }

    /// A book's trades from this number on; at most `most`, and no more than 1000: for the runtime's API.
    pub fn trades(slot: Slot, feeder: FeederId, from: u32, most: u32) -> Vec<(u32, TradeRecord<T::AccountId>)> {
        let numbers = (from..=u32::MAX).take(most.min(MAX_PAGE) as usize);
        numbers.map_while(|number| Some((number, Trades::<T>::get((slot, feeder, number))?))).collect()
    }

    pub(crate) fn how_far() -> Progress {
        Progress {
            next: NextSlots::<T>::get(),
            clearing: InClearing::<T>::get().map(|book| (book.slot, book.feeder)),
            settling: InSettlement::<T>::get().map(|at| at.slot),
        }
    }
}
