//! What queries give.

use super::*;

#[test]
fn a_book_shows_no_accounts_and_no_more_than_asked_for() {
    test(|| {
        let orders = [ask(1, 100, 30), ask(2, 200, 20), ask(1, 300, 40)];
        let quote = |order: OrderId, cents: Balance, quantity: Wh| Quote { order, limit: cents * CENT, quantity };
        let (asks, bids) = PvMarket::book(SLOT, FEEDER, 2);
        assert_eq!(asks, [quote(orders[1], 20, 200), quote(orders[0], 30, 100)]);
        assert_eq!(bids, []);
        assert_eq!(PvMarket::book(SLOT, FEEDER, 0), (vec![], vec![]));
        assert_eq!(PvMarket::book(SLOT, FEEDER, u32::MAX).0.len(), 3);
        assert_eq!(PvMarket::book(SLOT + 1, FEEDER, 9), (vec![], vec![]));
    });
}

#[test]
fn an_account_sees_its_orders() {
    test(|| {
        let orders = [ask(1, 100, 30), ask(1, 300, 20)];
        ask(2, 100, 30);
        let own = PvMarket::orders_of(1);
        assert_eq!(own.iter().map(|info| info.order).collect::<Vec<_>>(), orders);
        assert_eq!(PvMarket::order(orders[1]), Some(own[1].clone()));
        assert_eq!((own[1].details.quantity, own[1].details.filled, own[1].place.limit), (300, 0, 20 * CENT));
        assert_eq!((PvMarket::order(99), PvMarket::orders_of(4)), (None, vec![]));
    });
}

#[test]
fn prices_and_bills_come_by_the_page() {
    test(|| {
        for slot in SLOT..SLOT + 4 {
            place(OrderRequest { slot, ..request(1, Side::Ask, 100, 20) });
            place(OrderRequest { slot, ..request(3, Side::Bid, 100, 50) });
            Readings::insert((1, slot, Direction::Export), 100);
        }
        block_at(frozen(SLOT + 3));
        let slots = |from: Slot, most: u32| -> Vec<Slot> {
            let prices: Vec<_> = PvMarket::prices(FEEDER, from, most).into_iter().map(|(slot, _)| slot).collect();
            let bills: Vec<_> = PvMarket::bills(1, from, most).into_iter().map(|(slot, _)| slot).collect();
            assert_eq!(prices, bills);
            prices
        };
        assert_eq!(slots(0, 1_000), [12, 13, 14, 15]);
        assert_eq!(slots(13, 2), [13, 14]);
        assert_eq!(slots(0, 12), [0; 0]);
        assert_eq!(slots(Slot::MAX, u32::MAX), [0; 0]);
        assert_eq!(PvMarket::price(13, FEEDER), Some(PvMarket::prices(FEEDER, 13, 1)[0].1));
        assert_eq!(PvMarket::bill(1, 13).map(|itemised| itemised.bill), Some(PvMarket::bills(1, 13, 1)[0].1.clone()));
        assert_eq!((PvMarket::price(11, FEEDER), PvMarket::bill(2, 13)), (None, None));
    });
}

#[test]
fn an_account_s_trades_come_by_the_page() {
    test(|| {
        for _ in 0..4 {
            ask(1, 100, 20);
        }
        bid(3, 400, 50);
        clear();
        assert_eq!(PvMarket::trades_of(1, 1, 10), vec![], "none is settled");
        settle();
        let own = |from: u64, most: u32| -> Vec<u64> {
            PvMarket::trades_of(1, from, most).iter().map(|trade| trade.own).collect()
        };
        assert_eq!(own(0, 10), [1, 2, 3, 4]);
        assert_eq!(own(2, 2), [2, 3]);
        assert_eq!((own(5, 10), own(1, 0), own(u64::MAX, 10)), (vec![], vec![], vec![]));
        let trade = &PvMarket::trades_of(3, 4, 1)[0];
        assert_eq!(PvMarket::trade(trade.slot, trade.feeder, trade.number).as_ref(), Some(&trade.trade));
    });
}

#[test]
fn an_account_with_two_sites_has_a_bill_for_each() {
    test(|| {
        change_site(2, |site| site.owner = 1);
        // Its trades alternate between the sites.
        for (site, cents) in [(1, 20), (2, 21), (1, 22), (2, 23)] {
            assert_ok!(place_as(1, request(site, Side::Ask, 100, cents)));
        }
        bid(3, 400, 50);
        clear();
        exported(1, 200);
        exported(2, 150);
        settle();
        let trades = |site: SiteId| -> Vec<(Option<u32>, Wh)> {
            PvMarket::bill(site, SLOT).unwrap().lines.iter().map(|line| (line.trade, line.quantity)).collect()
        };
        assert_eq!(trades(1), [(Some(0), 100), (Some(2), 100)]);
        // The last one is half met: 50 less the band of 20 is beyond.
        assert_eq!(trades(2), [(Some(1), 100), (Some(3), 50), (None, 30)]);
        assert_eq!([1, 2].map(|site| Bills::<Test>::get(SLOT, site).unwrap().numbers), [Some((1, 3)), Some((2, 4))]);
    });
}

#[test]
fn the_calendar_and_the_terms_can_be_asked_for() {
    test(|| {
        assert_eq!((PvMarket::slot_now(), PvMarket::terms(SLOT)), (Some(PRESENT), mock_terms()));
        assert_eq!(PvMarket::gate(SLOT), CALENDAR.begin(SLOT - 1));
        let cursors = Cursors { clear: SLOT, settle: PRESENT, prune: PRESENT };
        let progress = Progress { next: Some(cursors), clearing: None, settling: None };
        assert_eq!(PvMarket::progress(), progress);
    });
}

/// As wallets call them: by the id that the metadata names.
#[test]
fn queries_are_found_by_their_ids() {
    use polkadot_sdk::frame_support::view_functions::{DispatchViewFunction, ViewFunction, ViewFunctionIdSuffix};
    test(|| {
        let id = <pallet::SlotNowViewFunction<Test> as ViewFunction>::id();
        assert_eq!(id.suffix, <pallet::SlotNowViewFunction<Test> as ViewFunctionIdSuffix>::SUFFIX);
        let mut output = Vec::new();
        assert!(PvMarket::dispatch_view_function(&id, &mut &[][..], &mut output).is_ok());
        assert_eq!(output, Some(PRESENT).encode());
    });
}
