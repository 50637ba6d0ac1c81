//! The escrow account, and coins that move past the books.

use super::*;

/// A plain transfer to the escrow account.
fn give_to_escrow(from: u8, amount: u128) {
    assert_ok!(Balances::transfer_allow_death(RuntimeOrigin::signed(account(from)), Peg::escrow_account(), amount));
}

#[test]
fn genesis_backing_is_in_the_books() {
    on(Side::Escrow, || {
        let books = Peg::books();
        assert_eq!((books.genesis, books.escrow, books.issued), (GENESIS, GENESIS, 0));
        assert_eq!((books.surplus, books.deficit), (0, 0));
    });
    on(Side::Issuance, || {
        let books = Peg::books();
        assert_eq!((books.genesis, books.escrow, books.issued), (GENESIS, 0, GENESIS));
        assert_eq!((books.surplus, books.deficit), (0, 0));
    });
}

#[test]
fn nothing_is_sent_from_the_escrow_account() {
    for side in BOTH {
        on(side, || {
            let escrow = RuntimeOrigin::signed(Peg::escrow_account());
            assert_noop!(Peg::transfer(escrow, [9; 32], 100), Error::<Test>::SenderIsEscrow);
        });
    }
}

#[test]
fn coins_given_to_the_escrow_account_are_a_surplus_and_are_never_paid_out() {
    on(Side::Escrow, || {
        give_to_escrow(1, 1);
        give_to_escrow(1, 49);
        let books = Peg::books();
        assert_eq!((books.escrow, books.sent, books.surplus, books.deficit), (GENESIS + 50, 0, 50, 0));
        lift_limits();
        receive(1, 9, GENESIS);
        assert_eq!(Peg::books().escrow, 50);
        // Fifty are there, but not for this.
        receive(2, 8, 10);
        assert_noop!(claim(8), Error::<Test>::NotBacked);
        assert_eq!((balance(8), Peg::books().escrow, Peg::surplus()), (0, 50, 50));
        // Locked ones are.
        assert_ok!(transfer(1, 3, 10));
        assert_ok!(claim(8));
        assert_eq!((balance(8), Peg::books().escrow, Peg::surplus()), (10, 50, 50));
    });
}

#[test]
fn coins_given_to_the_account_of_that_name_on_the_issuance_side_stay_issued() {
    on(Side::Issuance, || {
        give_to_escrow(1, 50);
        let books = Peg::books();
        assert_eq!((books.escrow, books.issued, books.surplus, books.deficit), (0, GENESIS, 0, 0));
    });
}

#[test]
fn the_escrow_account_is_not_reaped_when_it_is_empty() {
    on(Side::Escrow, || {
        let escrow = Peg::escrow_account();
        lift_limits();
        receive(1, 9, GENESIS);
        assert_eq!(Peg::books().escrow, 0);
        assert!(System::account_exists(&escrow));
        assert_eq!(System::providers(&escrow), 1);
        assert_ok!(transfer(1, 9, 100));
        receive(2, 9, 100);
        assert!(System::account_exists(&escrow));
    });
}

#[test]
fn a_drained_escrow_halts_the_peg_but_not_the_lane_until_it_is_made_good() {
    on(Side::Escrow, || {
        assert_ok!(transfer(1, 9, 100));
        let stolen = 1_800;
        let escrow = Peg::escrow_account();
        assert_ok!(Balances::force_transfer(RuntimeOrigin::root(), escrow, account(3), stolen));
        let books = Peg::books();
        assert_eq!((books.escrow, books.surplus, books.deficit), (GENESIS + 100 - stolen, 0, stolen));
        let error = DispatchError::Other("peg 4: less is in escrow than the counters say");
        assert_eq!(Peg::check_invariants(), Err(error));
        assert_noop!(transfer(1, 9, 100), Error::<Test>::Deficit);
        // Enough would be there for each of these alone. The third is queued, and fails from there.
        receive(1, 9, 200);
        settle(1, REFUSED);
        receive(2, 8, LIMITS.per_period);
        run_blocks(1);
        let books = Peg::books();
        assert_eq!((books.paid, books.returned), (0, 0));
        assert_eq!((books.queued, books.unclaimed, books.unreturned), (200, LIMITS.per_period, 100));
        assert_noop!(claim(9), Error::<Test>::Deficit);
        assert_noop!(claim(1), Error::<Test>::Deficit);
        give_to_escrow(3, stolen);
        assert_eq!((Peg::surplus(), Peg::deficit()), (0, 0));
        for who in [9, 1, 8] {
            assert_ok!(claim(who));
        }
        assert_eq!((balance(9), balance(1), balance(8)), (200, ENDOWMENT, LIMITS.per_period - 200));
        run_blocks(8);
        assert_eq!(balance(8), LIMITS.per_period);
    });
}

#[test]
fn coins_issued_past_the_books_halt_the_peg_until_they_are_gone() {
    on(Side::Issuance, || {
        set_balance(&account(3), 500);
        assert_eq!((Peg::surplus(), Peg::deficit()), (0, 500));
        let error = DispatchError::Other("peg 4: more or less is issued than the counters say");
        assert_eq!(Peg::check_invariants(), Err(error));
        // What nothing backs cannot be burned for what is in escrow.
        assert_noop!(transfer(3, 9, 500), Error::<Test>::Deficit);
        receive(1, 9, 100);
        assert_noop!(claim(9), Error::<Test>::Deficit);
        set_balance(&account(3), 0);
        assert_ok!(claim(9));
        assert_ok!(transfer(1, 9, 100));
    });
}

#[test]
fn coins_destroyed_past_the_books_are_a_surplus_of_the_escrow() {
    on(Side::Issuance, || {
        set_balance(&account(2), ENDOWMENT - 10);
        assert_eq!((Peg::surplus(), Peg::deficit()), (10, 0));
        assert!(Peg::check_invariants().is_err());
        assert_ok!(transfer(1, 9, 100));
        receive(1, 9, 100);
        assert_eq!((balance(9), Peg::surplus()), (100, 10));
        set_balance(&account(2), ENDOWMENT);
    });
}
