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

    pub(crate) fn how_far() -> Progress {
        Progress {
            next: NextSlots::<T>::get(),
            clearing: InClearing::<T>::get().map(|book| (book.slot, book.feeder)),
            settling: InSettlement::<T>::get().map(|at| at.slot),
        }
    }
}
