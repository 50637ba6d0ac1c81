//! Placing, replacing and taking back orders.
//!
//! An order is checked in this order, so that the error names the first thing that is wrong: whether it comes in time,
//! whose site it is and what that may do, what the order says, what room there is, what it must hold.

use crate::*;
use gridpeg_market::settlement::{hold_of_ask, hold_of_bid};

/// [`Call::place`]: calendar and site, and the feeder's lines.
pub(crate) fn place_weight<T: Config>() -> Weight {
    T::WeightInfo::place().saturating_add(T::Metering::weight().saturating_mul(2)).saturating_add(T::Feeders::weight())
}

/// [`Call::replace`]: the calendar once more.
pub(crate) fn replace_weight<T: Config>() -> Weight {
    T::WeightInfo::replace()
        .saturating_add(T::Metering::weight().saturating_mul(3))
        .saturating_add(T::Feeders::weight())
}

/// [`Call::cancel`]: the calendar.
pub(crate) fn cancel_weight<T: Config>() -> Weight {
    T::WeightInfo::cancel().saturating_add(T::Metering::weight())
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_place(who: T::AccountId, request: OrderRequest) -> DispatchResult {
        let (order, hold) = Self::enter(&who, &request)?;
        Self::deposit_event(Event::OrderPlaced { order, account: who, request, hold });
        Ok(())
    }

    pub(crate) fn do_replace(who: T::AccountId, old: OrderId, quantity: Wh, limit: Price) -> DispatchResult {
        let (place, order) = Self::take_back(&who, old)?;
        let BookOrder { site, green, expires, .. } = order;
        let request = OrderRequest { site, slot: place.slot, side: place.side, quantity, limit, green, expires };
        let (order, hold) = Self::enter(&who, &request)?;
        Self::deposit_event(Event::OrderReplaced { order, replaces: old, quantity, limit, hold });
        Ok(())
    }

    pub(crate) fn do_cancel(who: T::AccountId, order: OrderId) -> DispatchResult {
        Self::take_back(&who, order)?;
        Self::deposit_event(Event::OrderCancelled { order });
        Ok(())
    }

    /// Puts an order into its book, and returns its number and what it holds.
    fn enter(who: &T::AccountId, request: &OrderRequest) -> Result<(OrderId, Balance), DispatchError> {
        let OrderRequest { site: site_id, slot, side, quantity, limit, green, expires } = *request;
        let (now, calendar) = (Self::now(), T::Metering::calendar());
        let (_, terms) = Self::terms_of(slot);
        ensure!(Grid::<T>::exists(), Error::<T>::NoGrid);

        ensure!(now < Self::gate_of(&calendar, slot, terms.gate), Error::<T>::GateClosed);
        let present = calendar.slot_at(now).ok_or(Error::<T>::TooFarAhead)?;
        ensure!(slot <= present.saturating_add(terms.horizon), Error::<T>::TooFarAhead);

        let site = T::Metering::site(site_id).ok_or(Error::<T>::UnknownSite)?;
        ensure!(site.owner == *who, Error::<T>::NotSiteOwner);
        ensure!(site.mode_in(calendar.month_of(slot)) == Mode::Market, Error::<T>::WrongMode);
        ensure!(!Arrears::<T>::contains_key(who), Error::<T>::InArrears);

        ensure!(quantity > 0 && quantity >= terms.lot, Error::<T>::BelowLot);
        ensure!(limit > 0, Error::<T>::PriceZero);
        ensure!(limit <= terms.max_price, Error::<T>::PriceTooHigh);
        ensure!(expires.is_none_or(|time| time > now), Error::<T>::Expired);
        ensure!(!green || side == Side::Ask, Error::<T>::GreenBid);

        let feeder = site.feeder;
        let id = NextOrder::<T>::get();
        OrdersOf::<T>::try_append(who, id).map_err(|()| Error::<T>::TooManyOrders)?;
        let mut sizes = OpenBooks::<T>::get(slot, feeder);
        ensure!(sizes.total() < T::MaxBook::get(), Error::<T>::BookFull);
        let mut standing = Sides::<T>::get((slot, feeder, who)).unwrap_or(Standing { side, orders: 0 });
        ensure!(standing.side == side, Error::<T>::OppositeSide);
        let mut stake = Stakes::<T>::get(slot, site_id).unwrap_or_else(|| Stake {
            account: who.clone(),
            side,
            orders: 0,
            contracted: 0,
            held: 0,
            tally: None,
        });
        ensure!(stake.account == *who, Error::<T>::SiteTaken);

        let hold = match side {
            Side::Ask => hold_of_ask(quantity, terms.penalty),
            Side::Bid => {
                let lines = T::Feeders::lines(feeder).ok_or(Error::<T>::UnknownSite)?;
                let fee = terms.highest_fee(lines.longest()).ok_or(Error::<T>::Overflow)?;
                hold_of_bid(quantity, limit, fee, terms.penalty)
            }
        };
        let hold = hold.ok_or(Error::<T>::Overflow)?;
        T::Currency::hold(&HoldReason::Orders.into(), who, hold).map_err(|_| Error::<T>::InsufficientFunds)?;

        NextOrder::<T>::put(id.checked_add(1).ok_or(Error::<T>::Overflow)?);
        let count = |orders: &mut u32| *orders = orders.saturating_add(1);
        count(sizes.of(side));
        count(&mut standing.orders);
        count(&mut stake.orders);
        OpenBooks::<T>::insert(slot, feeder, sizes);
        Sides::<T>::insert((slot, feeder, who), standing);
        Stakes::<T>::insert(slot, site_id, stake);
        let SiteInfo { bus, level, .. } = site;
        let owner = who.clone();
        let order = BookOrder { owner, site: site_id, bus, level, quantity, filled: 0, hold, green, expires };
        Books::<T>::insert((slot, feeder, side, side.key(limit, id)), order);
        Orders::<T>::insert(id, Place { slot, feeder, side, limit });
        Ok((id, hold))
    }

    /// Takes an order out of its book, with all that it holds.
    fn take_back(who: &T::AccountId, id: OrderId) -> Result<(Place, BookOrder<T::AccountId>), DispatchError> {
        let place = Orders::<T>::get(id).ok_or(Error::<T>::UnknownOrder)?;
        let Place { slot, feeder, side, .. } = place;
        let key = (slot, feeder, side, place.key(id));
        let order = Books::<T>::get(key).ok_or(Error::<T>::UnknownOrder)?;
        ensure!(order.owner == *who, Error::<T>::NotOrderOwner);
        let gate = Self::gate_of(&T::Metering::calendar(), slot, Self::terms_of(slot).1.gate);
        ensure!(Self::now() < gate, Error::<T>::GateClosed);

        Books::<T>::remove(key);
        OpenBooks::<T>::mutate_exists(slot, feeder, |sizes| {
            let mut left = sizes.unwrap_or_default();
            let count = left.of(side);
            *count = count.saturating_sub(1);
            *sizes = Some(left).filter(|sizes| sizes.total() > 0);
        });
        Self::strike(id, &place, &order, 0);
        Self::release(who, order.hold);
        Ok((place, order))
    }

    /// Takes an order that has left its book out of all indexes. `kept` of its hold is now held for what it traded.
    pub(crate) fn strike(id: OrderId, place: &Place, order: &BookOrder<T::AccountId>, kept: Balance) {
        let Place { slot, feeder, .. } = *place;
        Orders::<T>::remove(id);
        OrdersOf::<T>::mutate_exists(&order.owner, |orders| {
            if let Some(all) = orders {
                all.retain(|other| *other != id);
            }
            *orders = orders.take().filter(|all| !all.is_empty());
        });
        Sides::<T>::mutate_exists((slot, feeder, &order.owner), |standing| {
            *standing = standing
                .map(|standing| Standing { orders: standing.orders.saturating_sub(1), ..standing })
                .filter(|standing| standing.orders > 0);
        });
        Stakes::<T>::mutate_exists(slot, order.site, |stake| {
            if let Some(left) = stake {
                left.orders = left.orders.saturating_sub(1);
                left.contracted = left.contracted.saturating_add(order.filled);
                left.held = left.held.saturating_add(kept);
            }
            *stake = stake.take().filter(|stake| !stake.is_idle());
        });
    }
}
