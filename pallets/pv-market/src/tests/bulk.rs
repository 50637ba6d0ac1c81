//! Many orders, and the greatest numbers.

use super::*;
use gridpeg_market::units::MAX_PRICE;

#[test]
fn thousands_of_orders_from_one_account_are_refused_one_by_one() {
    test(|| {
        let mut taken = 0;
        for order in 0..5_000u32 {
            let request = OrderRequest { slot: SLOT + order % 9, ..request(1, Side::Bid, 10, 50) };
            match place_as(1, request) {
                Ok(()) => taken += 1,
                Err(error) => assert_eq!(error, DispatchError::from(Error::<Test>::TooManyOrders)),
            }
        }
        assert_eq!(taken, MAX_ORDERS);
        // Others are not kept out.
        assert_ok!(place_as(2, request(2, Side::Bid, 10, 50)));
    });
}

#[test]
fn an_account_s_room_is_free_again_after_the_gate() {
    test(|| {
        let fill = |slot: Slot| {
            for _ in 0..MAX_ORDERS {
                place(OrderRequest { slot, ..request(1, Side::Bid, 10, 50) });
            }
        };
        fill(SLOT);
        clear();
        assert_eq!(OrdersOf::<Test>::get(1).len(), 0);
        fill(SLOT + 1);
    });
}

/// One account after another places as many orders as it can, takes them back, and does it again.
#[test]
fn thousands_of_orders_placed_and_taken_back_leave_nothing() {
    test(|| {
        for _ in 0..5 {
            for account in 1..=8u64 {
                let site = account as SiteId;
                let orders: Vec<_> = (0..MAX_ORDERS).map(|n| ask(site, 10 + u64::from(n), 50)).collect();
                for order in orders {
                    assert_ok!(cancel(account, order));
                }
            }
        }
        assert_eq!(NextOrder::<Test>::get(), 5 * 8 * u64::from(MAX_ORDERS));
        assert!(Books::<Test>::iter_keys().next().is_none());
    });
}

#[test]
fn a_book_of_thousands_is_cleared_over_many_blocks() {
    test(|| {
        // Sites of 40 owners each way.
        let info = Sites::get().remove(&1).unwrap();
        for site in 1_000..1_080u32 {
            let owner = u64::from(site);
            set_site(site, SiteInfo { owner, bus: 1 + site as Bus % BUSES, ..info.clone() });
            assert_ok!(<Balances as Mutate<u64>>::transfer(&8, &owner, 10 * COIN, Preservation::Preserve));
            let side = if site % 2 == 0 { Side::Ask } else { Side::Bid };
            for order in 0..u64::from(MAX_ORDERS) {
                place(request(site, side, 10 + order, 40 + Balance::from(order % 3)));
            }
        }
        assert_eq!(OpenBooks::<Test>::get(SLOT, FEEDER).total(), 80 * MAX_ORDERS);
        let mut blocks = 0;
        while next().clear <= SLOT {
            block_with(CALENDAR.begin(SLOT - 1) + blocks, Weight::zero());
            blocks += 1;
        }
        check();
        let result = PvMarket::price(SLOT, FEEDER).unwrap();
        assert!(blocks > 4 && result.trades > 1_500, "{blocks} {result:?}");
        assert_eq!(result.trades as usize, Trades::<Test>::iter_keys().count());
        while next().settle <= SLOT {
            block_with(frozen(SLOT) + blocks, Weight::zero());
            blocks += 1;
        }
        assert_eq!((1_000..1_080u64).map(held).sum::<Balance>(), 0);
    });
}

/// The greatest quantity at the highest price: no product overflows, and no coin is lost.
#[test]
fn the_greatest_numbers_are_exact() {
    let fees = gridpeg_market::fee::NetworkFee { base: MAX_PRICE / 1_000, per_ohm: 0 };
    let terms = Terms {
        max_price: MAX_PRICE,
        feed_in: MAX_PRICE,
        benchmark: MAX_PRICE,
        tariffs: vec![MAX_PRICE].try_into().unwrap(),
        network_fees: vec![fees].try_into().unwrap(),
        penalty: MAX_PRICE,
        free_band: 0,
        ..mock_terms()
    };
    new_test_ext_with(terms).execute_with(|| {
        let most = Balance::from(Wh::MAX) * (MAX_PRICE / 1_000);
        let rich = 8 * most;
        for account in [1, 3, GRID] {
            assert_ok!(Balances::mint_into(&account, rich));
        }
        let all = Balances::total_issuance();
        let order = |site: SiteId, side: Side| OrderRequest { limit: MAX_PRICE, ..request(site, side, Wh::MAX, 0) };
        place(order(1, Side::Ask));
        place(order(3, Side::Bid));
        // An order more of the same size: what a site has contracted is bounded by the greatest number.
        place(order(1, Side::Ask));
        place(order(3, Side::Bid));
        let fee = Balance::from(Wh::MAX) * (MAX_PRICE / 1_000_000);
        assert_eq!([1, 3].map(held), [2 * most, 2 * (most + fee)]);
        clear();
        assert_eq!(PvMarket::price(SLOT, FEEDER).map(|result| (result.price, result.energy)), {
            Some((Some(MAX_PRICE), 2 * u128::from(Wh::MAX)))
        });
        exported(1, Wh::MAX);
        imported(1, Wh::MAX);
        imported(3, Wh::MAX);
        settle();
        assert_ok!(PvMarket::check_invariants());
        assert_eq!(Balances::total_issuance(), all);
        assert_eq!([1, 3].map(held), [0, 0]);
        assert_eq!(trade(0).settlement.map(|settlement| settlement.settled), Some(Wh::MAX));
        let own = ENDOWMENT + rich;
        // Site 1 sold all, met half of its contracts as far as they can be counted, and imported as much.
        assert_eq!((free(1), free(3)), (own + most - most, own - most - fee));
        assert_eq!(free(GRID), own + most + fee);
    });
}

#[test]
fn the_smallest_order_at_the_lowest_price_is_exact() {
    let terms = Terms { lot: 1, ..mock_terms() };
    test_with(terms, || {
        place(OrderRequest { limit: 1, ..request(1, Side::Ask, 1, 0) });
        place(OrderRequest { limit: 1, ..request(3, Side::Bid, 1, 0) });
        assert_eq!([1, 3].map(held), [20 * CENT / 1_000; 2]);
        clear();
        exported(1, 1);
        imported(3, 1);
        settle();
        // 1 Wh at 10⁻¹² coin a kWh: nothing. The network fee is 0.012 a kWh.
        assert_eq!(PvMarket::price(SLOT, FEEDER).and_then(|result| result.price), Some(1));
        assert_eq!((free(1), free(3)), (ENDOWMENT, ENDOWMENT - 12 * CENT / 10 / 1_000));
    });
}

#[test]
fn a_full_book_takes_no_more_until_one_is_taken_back() {
    test(|| {
        MaxBook::set(3);
        let first = ask(1, 100, 50);
        ask(2, 100, 50);
        bid(3, 100, 20);
        assert_noop!(place_as(4, request(4, Side::Bid, 100, 20)), Error::<Test>::BookFull);
        assert_ok!(place_as(7, request(7, Side::Bid, 100, 20)));
        assert_ok!(replace(1, first, 100, 60));
        assert_ok!(cancel(2, first + 1));
        assert_ok!(place_as(4, request(4, Side::Bid, 100, 20)));
    });
}
