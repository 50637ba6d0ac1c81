//! Who pays when coins are missing.

use super::*;
use polkadot_sdk::frame_support::traits::tokens::{Fortitude, Precision, Restriction};

/// A block in which the slot after [`SLOT`] is settled, with one reading of site 5.
fn settle_next(direction: Direction, energy: Wh) {
    Readings::insert((5, SLOT + 1, direction), energy);
    block_at(frozen(SLOT + 1));
}

/// Account 5 owes 0.60 and pays 0.10 of it.
fn fall_into_arrears() {
    leave(5, 10 * CENT + 1);
    imported(5, 1_000);
    settle();
    assert_eq!((Arrears::<Test>::get(5), free(5)), (50 * CENT, 1));
    assert_eq!(Bills::<Test>::get(SLOT, 5).unwrap().unpaid, 50 * CENT);
}

#[test]
fn what_an_account_cannot_pay_is_in_arrears() {
    test(|| {
        fall_into_arrears();
        assert_eq!((PvMarket::arrears(5), TotalArrears::<Test>::get()), (50 * CENT, 50 * CENT));
        assert_eq!(free(GRID), ENDOWMENT + 10 * CENT);
        let order = OrderRequest { slot: SLOT + 5, ..request(5, Side::Bid, 10, 50) };
        assert_noop!(place_as(5, order), Error::<Test>::InArrears);
        // In two parts.
        assert_noop!(pay_arrears(5, 20 * CENT), Error::<Test>::InsufficientFunds);
        assert_ok!(<Balances as Mutate<u64>>::transfer(&10, &5, COIN, Preservation::Preserve));
        assert_noop!(pay_arrears(5, 0), Error::<Test>::NothingToPay);
        assert_ok!(pay_arrears(5, 20 * CENT));
        let paid = |cents: Balance, left: Balance| Event::ArrearsPaid { account: 5, amount: cents * CENT, left };
        assert_eq!(events().pop(), Some(paid(20, 30 * CENT)));
        assert_noop!(place_as(5, order), Error::<Test>::InArrears);
        assert_ok!(pay_arrears(5, Balance::MAX));
        assert_eq!(events().pop(), Some(paid(30, 0)));
        assert_noop!(pay_arrears(5, 1), Error::<Test>::NothingToPay);
        assert_ok!(place_as(5, order));
        assert_eq!(free(GRID), ENDOWMENT + 60 * CENT);
    });
}

#[test]
fn later_credits_pay_arrears_first() {
    test(|| {
        fall_into_arrears();
        settle_next(Direction::Export, 1_000);
        assert_eq!((Arrears::<Test>::get(5), free(5)), (20 * CENT, 1));
        assert!(events().contains(&Event::ArrearsPaid { account: 5, amount: 30 * CENT, left: 20 * CENT }));
        Readings::insert((5, SLOT + 2, Direction::Export), 1_000);
        block_at(frozen(SLOT + 2));
        assert_eq!((Arrears::<Test>::contains_key(5), free(5)), (false, 10 * CENT + 1));
    });
}

#[test]
fn arrears_grow_with_the_next_bill() {
    test(|| {
        fall_into_arrears();
        settle_next(Direction::Import, 500);
        assert_eq!((Arrears::<Test>::get(5), free(5)), (80 * CENT, 1));
    });
}

#[test]
fn what_the_grid_company_cannot_pay_is_collected_later() {
    test(|| {
        leave(GRID, 5 * CENT + 1);
        exported(1, 1_000);
        settle();
        assert_eq!((free(1), free(GRID)), (ENDOWMENT + 5 * CENT, 1));
        assert_eq!((PvMarket::grid_debt(1), TotalGridDebt::<Test>::get()), (25 * CENT, 25 * CENT));
        assert!(events().contains(&Event::GridShort { account: 1, amount: 25 * CENT }));
        assert_noop!(collect(2), Error::<Test>::NothingToCollect);
        assert_noop!(collect(1), Error::<Test>::GridWithoutCoins);
        assert_ok!(<Balances as Mutate<u64>>::transfer(&10, &GRID, 10 * CENT, Preservation::Preserve));
        assert_ok!(collect(1));
        assert_eq!(events().pop(), Some(Event::DebtPaid { account: 1, amount: 10 * CENT, left: 15 * CENT }));
        // Who is owed can trade.
        assert_ok!(place_as(1, OrderRequest { slot: SLOT + 5, ..request(1, Side::Ask, 10, 50) }));
    });
}

#[test]
fn what_is_owed_both_ways_is_set_off() {
    test(|| {
        leave(GRID, 0);
        exported(5, 1_000);
        settle();
        let before = free(5);
        assert_eq!(GridDebt::<Test>::get(5), 30 * CENT);
        settle_next(Direction::Import, 200);
        assert_eq!((GridDebt::<Test>::get(5), free(5)), (18 * CENT, before));
        Readings::insert((5, SLOT + 2, Direction::Import), 500);
        block_at(frozen(SLOT + 2));
        assert_eq!((GridDebt::<Test>::contains_key(5), free(5)), (false, before - 12 * CENT));
    });
}

#[test]
fn another_grid_account_takes_over() {
    test(|| {
        leave(GRID, 0);
        exported(1, 1_000);
        settle();
        let by_anybody = PvMarket::set_grid(RuntimeOrigin::signed(1), 8);
        assert_noop!(by_anybody, sp_runtime::traits::BadOrigin);
        assert_ok!(PvMarket::set_grid(RuntimeOrigin::root(), 8));
        assert_eq!(events().pop(), Some(Event::GridSet { account: 8 }));
        assert_ok!(collect(1));
        assert_eq!((free(1), free(8)), (ENDOWMENT + 30 * CENT, ENDOWMENT - 30 * CENT));
    });
}

#[test]
fn without_a_grid_account_settlement_waits() {
    test(|| {
        Grid::<Test>::kill();
        exported(1, 1_000);
        settle();
        assert_eq!((next().settle, free(1)), (PRESENT, ENDOWMENT));
        assert_noop!(pay_arrears(1, 1), Error::<Test>::NoGrid);
        assert_noop!(collect(1), Error::<Test>::NoGrid);
        Grid::<Test>::put(GRID);
        settle();
        assert_eq!((next().settle, free(1)), (SLOT + 1, ENDOWMENT + 30 * CENT));
    });
}

#[test]
fn credit_is_drawn_before_the_account_pays() {
    test(|| {
        Credits::insert(3, 40 * CENT);
        Credits::insert(5, COIN);
        ask(1, 1_000, 20);
        bid(3, 1_000, 50);
        clear();
        exported(1, 1_000);
        imported(3, 1_100);
        imported(5, 100);
        settle();
        // 0.35 for the trade, 0.012 for the network, 0.06 for the rest: 0.40 of it is drawn.
        let bill = Bills::<Test>::get(SLOT, 3).unwrap();
        assert_eq!((bill.debit, bill.drawn, bill.unpaid), (422 * CENT / 10, 40 * CENT, 0));
        assert_eq!(free(3), ENDOWMENT - 22 * CENT / 10);
        // No more than the bill.
        assert_eq!((Bills::<Test>::get(SLOT, 5).unwrap().drawn, Credits::get(5)), (6 * CENT, COIN - 6 * CENT));
        assert_eq!((free(5), free(ESCROW)), (ENDOWMENT, ENDOWMENT - 46 * CENT));
        // Nothing is drawn for what an account gets.
        assert_eq!(Bills::<Test>::get(SLOT, 1).unwrap().drawn, 0);
    });
}

#[test]
fn credit_keeps_an_account_without_coins_out_of_arrears() {
    test(|| {
        leave(5, 1);
        Credits::insert(5, 25 * CENT);
        imported(5, 1_000);
        settle();
        let bill = Bills::<Test>::get(SLOT, 5).unwrap();
        assert_eq!((bill.drawn, bill.unpaid, free(5)), (25 * CENT, 35 * CENT, 1));
    });
}

#[test]
fn the_grid_company_s_own_sites_move_nothing() {
    test(|| {
        change_site(4, |site| site.owner = GRID);
        change_site(5, |site| site.owner = GRID);
        exported(4, 1_000);
        imported(5, 1_000);
        leave(GRID, 1);
        settle();
        assert_eq!((free(GRID), PvMarket::arrears(GRID), PvMarket::grid_debt(GRID)), (1, 0, 0));
        assert_eq!(Bills::<Test>::get(SLOT, 5).unwrap().debit, 60 * CENT);
    });
}

#[test]
fn a_seller_whose_account_is_gone_gets_what_he_sold() {
    let terms = Terms { penalty: 0, ..mock_terms() };
    test_with(terms, || {
        // Without a penalty an ask holds nothing, so nothing keeps the account.
        ask(1, 1_000, 20);
        bid(3, 1_000, 50);
        clear();
        leave(1, 0);
        assert!(!System::account_exists(&1));
        exported(1, 1_000);
        imported(3, 1_000);
        settle();
        assert_eq!(free(1), 35 * CENT);
    });
}

#[test]
fn an_account_with_orders_cannot_leave() {
    test(|| {
        bid(3, 1_000, 50);
        let all = free(3);
        assert!(<Balances as Mutate<u64>>::transfer(&3, &10, all, Preservation::Expendable).is_err());
        leave(3, 1);
        ask(1, 1_000, 20);
        clear();
        exported(1, 1_000);
        imported(3, 2_000);
        settle();
        // Trade and fee come from the hold: 51.9 of it less 35 and 1.2. The residual takes the rest.
        assert_eq!((free(3), Arrears::<Test>::get(3)), (1, 60 * CENT - 157 * CENT / 10));
        assert_eq!(free(1), ENDOWMENT + 35 * CENT);
    });
}

#[test]
fn a_hold_that_a_root_call_has_emptied_is_made_good() {
    test(|| {
        ask(1, 1_000, 20);
        bid(3, 1_000, 50);
        clear();
        let reason = HoldReason::Orders.into();
        let (precision, mode) = (Precision::Exact, Restriction::Free);
        let taken = 20 * CENT;
        assert_ok!(Balances::transfer_on_hold(&reason, &3, &9, taken, precision, mode, Fortitude::Force));
        leave(3, 1);
        exported(1, 1_000);
        imported(3, 1_000);
        settle();
        // 31.9 of 35 were there. The company pays the rest, and is owed it and the network fee.
        assert_eq!((free(1), free(3), held(3)), (ENDOWMENT + 35 * CENT, 1, 0));
        assert_eq!(Arrears::<Test>::get(3), (31 + 12) * CENT / 10);
        assert_eq!(free(GRID), ENDOWMENT - 31 * CENT / 10);
    });
}

#[test]
fn a_freeze_does_not_keep_what_was_held() {
    use polkadot_sdk::frame_support::traits::{LockableCurrency, WithdrawReasons};
    test(|| {
        ask(1, 1_000, 20);
        bid(3, 1_000, 50);
        clear();
        Balances::set_lock(*b"test    ", &3, Balance::MAX, WithdrawReasons::all());
        exported(1, 1_000);
        imported(3, 2_000);
        settle();
        // What is not on hold stays: it is frozen.
        assert_eq!(free(1), ENDOWMENT + 35 * CENT);
        assert_eq!(Arrears::<Test>::get(3), 60 * CENT - 157 * CENT / 10);
        assert_eq!(free(3), ENDOWMENT - 519 * CENT / 10);
    });
}
