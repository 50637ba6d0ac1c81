//! Placing, replacing, cancelling.

use super::*;

/// Everything is wrong at first, and mended one after the other.
#[test]
fn the_first_thing_that_is_wrong_is_named() {
    test(|| {
        const WHO: u64 = 2;
        let now = CALENDAR.begin(PRESENT);
        let mut wrong = OrderRequest {
            site: 99,
            slot: SLOT - 1,
            side: Side::Bid,
            quantity: 9,
            limit: 0,
            green: true,
            expires: Some(now),
        };
        let far = PRESENT + 20;
        Grid::<Test>::kill();
        change_site(SELF_USE, |site| site.owner = WHO);
        Arrears::<Test>::insert(WHO, 1);
        OrdersOf::<Test>::insert(WHO, BoundedVec::truncate_from(vec![7; MAX_ORDERS as usize]));
        MaxBook::set(0);
        let other = Standing { side: Side::Ask, orders: 1 };
        Sides::<Test>::insert((far, FEEDER, WHO), other);
        let stake = Stake { account: 3, side: Side::Bid, orders: 1, contracted: 0, held: 0, tally: None };
        Stakes::<Test>::insert(far, 2, stake);
        leave(WHO, 100);

        assert_noop!(place_as(WHO, wrong), Error::<Test>::NoGrid);
        Grid::<Test>::put(GRID);
        assert_noop!(place_as(WHO, wrong), Error::<Test>::GateClosed);
        wrong.slot = far + 1;
        assert_noop!(place_as(WHO, wrong), Error::<Test>::TooFarAhead);
        wrong.slot = far;
        assert_noop!(place_as(WHO, wrong), Error::<Test>::UnknownSite);
        wrong.site = 1;
        assert_noop!(place_as(WHO, wrong), Error::<Test>::NotSiteOwner);
        wrong.site = SELF_USE;
        assert_noop!(place_as(WHO, wrong), Error::<Test>::WrongMode);
        wrong.site = 2;
        assert_noop!(place_as(WHO, wrong), Error::<Test>::InArrears);
        Arrears::<Test>::remove(WHO);
        assert_noop!(place_as(WHO, wrong), Error::<Test>::BelowLot);
        wrong.quantity = 0;
        assert_noop!(place_as(WHO, wrong), Error::<Test>::BelowLot);
        wrong.quantity = 10;
        assert_noop!(place_as(WHO, wrong), Error::<Test>::PriceZero);
        wrong.limit = 200 * CENT + 1;
        assert_noop!(place_as(WHO, wrong), Error::<Test>::PriceTooHigh);
        wrong.limit = 200 * CENT;
        assert_noop!(place_as(WHO, wrong), Error::<Test>::Expired);
        wrong.expires = Some(now + 1);
        assert_noop!(place_as(WHO, wrong), Error::<Test>::GreenBid);
        wrong.green = false;
        assert_noop!(place_as(WHO, wrong), Error::<Test>::TooManyOrders);
        OrdersOf::<Test>::remove(WHO);
        assert_noop!(place_as(WHO, wrong), Error::<Test>::BookFull);
        MaxBook::set(1);
        assert_noop!(place_as(WHO, wrong), Error::<Test>::OppositeSide);
        Sides::<Test>::remove((far, FEEDER, WHO));
        assert_noop!(place_as(WHO, wrong), Error::<Test>::SiteTaken);
        Stakes::<Test>::remove(far, 2);
        assert_noop!(place_as(WHO, wrong), Error::<Test>::InsufficientFunds);
        assert_ok!(<Balances as Mutate<u64>>::transfer(&10, &WHO, COIN, Preservation::Preserve));
        assert_ok!(place_as(WHO, wrong));
        assert_noop!(place_as(3, OrderRequest { site: 3, ..wrong }), Error::<Test>::BookFull);
    });
}

#[test]
fn numbers_and_products_that_are_too_large_are_refused() {
    test(|| {
        NextOrder::<Test>::put(OrderId::MAX);
        assert_noop!(place_as(1, request(1, Side::Ask, 10, 1)), Error::<Test>::Overflow);
        NextOrder::<Test>::put(0);
        // Only with terms that `check` would not let through.
        TermsAt::<Test>::mutate(0, |terms| (terms.max_price, terms.penalty) = (Price::MAX, Price::MAX));
        let most = OrderRequest { limit: Price::MAX, quantity: Wh::MAX, ..request(1, Side::Bid, 0, 0) };
        assert_noop!(place_as(1, most), Error::<Test>::Overflow);
        assert_noop!(place_as(1, OrderRequest { limit: Price::MAX / 2, ..most }), Error::<Test>::Overflow);
        assert_noop!(place_as(1, OrderRequest { side: Side::Ask, ..most }), Error::<Test>::Overflow);
        TermsAt::<Test>::insert(0, mock_terms());
    });
}

#[test]
fn an_order_holds_what_it_can_cost() {
    test(|| {
        // 1.5 kWh at 0.50 and the highest network fee, 0.01 + 9 · 0.001.
        let order = bid(1, 1_500, 50);
        let hold = 15 * (500 + 19) * CENT / 100;
        assert_eq!((held(1), free(1)), (hold, ENDOWMENT - hold));
        let placed = Event::OrderPlaced { order, account: 1, request: request(1, Side::Bid, 1_500, 50), hold };
        assert_eq!(events().pop(), Some(placed));
        // A cheap bid holds the penalty, as an ask does: 0.20.
        bid(2, 1_000, 1);
        ask(3, 1_000, 150);
        assert_eq!([2, 3].map(held), [20 * CENT; 2]);
        // Rounded up.
        place(OrderRequest { limit: 30 * CENT + 1, ..request(4, Side::Bid, 11, 0) });
        let exact = 11 * (30 * CENT + 1 + 19 * CENT / 10);
        assert_eq!(held(4), exact.div_ceil(1_000));
    });
}

#[test]
fn a_book_is_in_order_of_price_then_time() {
    test(|| {
        let asks = [ask(1, 100, 30), ask(2, 200, 20), ask(3, 300, 30), ask(2, 400, 25)];
        let bids = [bid(4, 100, 10), bid(5, 200, 12), bid(6, 300, 10)];
        let numbers = |quotes: Vec<Quote>| quotes.iter().map(|quote| quote.order).collect::<Vec<_>>();
        let (asked, wanted) = PvMarket::book(SLOT, FEEDER, 10);
        assert_eq!(numbers(asked), [asks[1], asks[3], asks[0], asks[2]]);
        assert_eq!(numbers(wanted), [bids[1], bids[0], bids[2]]);
        assert_eq!(OpenBooks::<Test>::get(SLOT, FEEDER), Sizes { asks: 4, bids: 3 });
    });
}

#[test]
fn a_cancelled_order_gives_back_all_that_it_held() {
    test(|| {
        let (first, second) = (bid(1, 1_000, 50), bid(1, 2_000, 40));
        assert_noop!(cancel(2, first), Error::<Test>::NotOrderOwner);
        assert_noop!(cancel(1, 99), Error::<Test>::UnknownOrder);
        assert_ok!(cancel(1, first));
        assert_eq!(events().pop(), Some(Event::OrderCancelled { order: first }));
        assert_noop!(cancel(1, first), Error::<Test>::UnknownOrder);
        assert_eq!(OrdersOf::<Test>::get(1).into_inner(), [second]);
        check();
        assert_ok!(cancel(1, second));
        assert_eq!((held(1), free(1)), (0, ENDOWMENT));
        // Nothing is left of either.
        assert!(Books::<Test>::iter_keys().next().is_none() && Orders::<Test>::iter_keys().next().is_none());
        assert!(OpenBooks::<Test>::iter_keys().next().is_none() && OrdersOf::<Test>::iter_keys().next().is_none());
        assert!(Sides::<Test>::iter_keys().next().is_none() && Stakes::<Test>::iter_keys().next().is_none());
    });
}

#[test]
fn a_replaced_order_keeps_all_but_quantity_limit_and_place() {
    test(|| {
        let expires = Some(CALENDAR.begin(PRESENT) + 5_000);
        let old = place(OrderRequest { green: true, expires, ..request(1, Side::Ask, 1_000, 50) });
        let rival = ask(2, 1_000, 40);
        assert_noop!(replace(2, old, 500, 40), Error::<Test>::NotOrderOwner);
        assert_noop!(replace(1, old, 9, 40), Error::<Test>::BelowLot);
        assert_ok!(replace(1, old, 500, 40));
        let new = rival + 1;
        let replaced =
            Event::OrderReplaced { order: new, replaces: old, quantity: 500, limit: 40 * CENT, hold: 10 * CENT };
        assert_eq!(events().pop(), Some(replaced));
        let info = PvMarket::order(new).unwrap();
        assert_eq!(info.place, Place { slot: SLOT, feeder: FEEDER, side: Side::Ask, limit: 40 * CENT });
        assert_eq!((info.details.green, info.details.expires, info.details.quantity), (true, expires, 500));
        assert_eq!((PvMarket::order(old), held(1)), (None, 10 * CENT));
        // It has lost its place in time.
        let first = PvMarket::book(SLOT, FEEDER, 1).0;
        assert_eq!(first[0].order, rival);
    });
}

#[test]
fn a_replacement_can_use_what_the_old_order_held() {
    test(|| {
        leave(1, 60 * CENT);
        let order = bid(1, 1_000, 50);
        // 51.9 of 60 cents are held: another like it could not be placed.
        assert_noop!(place_as(1, request(1, Side::Bid, 1_000, 50)), Error::<Test>::InsufficientFunds);
        assert_ok!(replace(1, order, 1_000, 55));
        // If it fails the old one stays.
        assert_noop!(replace(1, order + 1, 1_000, 60), Error::<Test>::InsufficientFunds);
        assert!(PvMarket::order(order + 1).is_some());
    });
}

#[test]
fn an_account_in_arrears_can_only_take_back() {
    test(|| {
        let orders = [bid(1, 1_000, 50), bid(1, 1_000, 51)];
        Arrears::<Test>::insert(1, 5);
        TotalArrears::<Test>::put(5);
        assert_noop!(place_as(1, request(1, Side::Bid, 1_000, 50)), Error::<Test>::InArrears);
        assert_noop!(replace(1, orders[0], 500, 50), Error::<Test>::InArrears);
        assert_ok!(cancel(1, orders[0]));
        assert_ok!(pay_arrears(1, 5));
        assert_ok!(replace(1, orders[1], 500, 50));
    });
}

#[test]
fn an_account_has_so_many_orders_in_all_slots_together() {
    test(|| {
        for order in 0..MAX_ORDERS {
            place(OrderRequest { slot: SLOT + order % 5, ..request(1, Side::Ask, 10, 50) });
        }
        assert_noop!(place_as(1, request(1, Side::Ask, 10, 50)), Error::<Test>::TooManyOrders);
        // A replacement takes the place of one.
        assert_ok!(replace(1, 0, 20, 50));
        assert_ok!(cancel(1, 1));
        assert_ok!(place_as(1, request(1, Side::Ask, 10, 50)));
    });
}

#[test]
fn the_mode_counts_that_the_site_has_in_the_slot_s_month() {
    test(|| {
        // Slots 0 to 39 are of month 0.
        change_site(1, |site| site.next = Some((Mode::AllToGrid, 0)));
        assert_noop!(place_as(1, request(1, Side::Ask, 10, 50)), Error::<Test>::WrongMode);
        change_site(SELF_USE, |site| site.next = Some((Mode::Market, 1)));
        let site = SELF_USE;
        assert_noop!(place_as(9, request(site, Side::Bid, 10, 50)), Error::<Test>::WrongMode);
        block_at(CALENDAR.begin(30));
        let order = |slot: Slot| OrderRequest { slot, ..request(site, Side::Bid, 10, 50) };
        assert_noop!(place_as(9, order(39)), Error::<Test>::WrongMode);
        assert_ok!(place_as(9, order(40)));
    });
}

#[test]
fn a_site_s_new_owner_waits_until_the_former_one_has_nothing_at_stake() {
    test(|| {
        let old = bid(1, 1_000, 50);
        change_site(1, |site| site.owner = 2);
        assert_noop!(place_as(1, request(1, Side::Bid, 10, 50)), Error::<Test>::NotSiteOwner);
        assert_noop!(place_as(2, request(1, Side::Bid, 10, 50)), Error::<Test>::SiteTaken);
        assert_ok!(place_as(2, OrderRequest { slot: SLOT + 1, ..request(1, Side::Bid, 10, 50) }));
        // The former owner can take the order back, not replace it.
        assert_noop!(replace(1, old, 500, 50), Error::<Test>::NotSiteOwner);
        assert_ok!(cancel(1, old));
        assert_ok!(place_as(2, request(1, Side::Bid, 10, 50)));
    });
}
