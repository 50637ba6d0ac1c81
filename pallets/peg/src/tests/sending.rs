//! Coins leave: locked on the one side, burned on the other.

use super::*;
use polkadot_sdk::frame_support::traits::ReservableCurrency;

#[test]
fn sent_coins_are_locked_on_the_escrow_side() {
    on(Side::Escrow, || {
        let issuance = Balances::total_issuance();
        assert_ok!(transfer(1, 9, 100));
        let books = Peg::books();
        assert_eq!((books.escrow, books.sent, books.issued), (GENESIS + 100, 100, 0));
        assert_eq!(balance(1), ENDOWMENT - 100);
        assert_eq!(Balances::total_issuance(), issuance);
        System::assert_last_event(
            Event::<Test>::Locked { nonce: 1, sender: account(1), recipient: [9; 32], amount: 100 }.into(),
        );
    });
}

#[test]
fn sent_coins_are_burned_on_the_issuance_side() {
    on(Side::Issuance, || {
        assert_ok!(transfer(1, 9, 100));
        let books = Peg::books();
        assert_eq!((books.escrow, books.sent, books.issued), (0, 100, GENESIS - 100));
        assert_eq!(balance(1), ENDOWMENT - 100);
        assert_eq!(Balances::total_issuance(), GENESIS - 100);
        System::assert_last_event(
            Event::<Test>::Burned { nonce: 1, sender: account(1), recipient: [9; 32], amount: 100 }.into(),
        );
    });
}

#[test]
fn each_message_says_how_much_was_ever_sent() {
    for side in BOTH {
        on(side, || {
            assert_ok!(transfer(1, 9, 100));
            assert_ok!(transfer(2, 8, 50));
            let sent = |sender: u8, recipient: u8, amount, total| {
                Payload::Transfer(Transfer { sender: [sender; 32], recipient: [recipient; 32], amount, total })
            };
            assert_eq!(Outgoing::get(), [sent(1, 9, 100, 100), sent(2, 8, 50, 150)]);
            assert_eq!(Peg::totals(), (150, 0));
        });
    }
}

#[test]
fn all_of_a_balance_can_be_sent() {
    for side in BOTH {
        on(side, || {
            assert_ok!(transfer(1, 9, ENDOWMENT));
            assert!(!System::account_exists(&account(1)));
            assert_eq!(Peg::books().sent, ENDOWMENT);
        });
    }
}

#[test]
fn bad_transfers_are_refused_and_change_nothing() {
    for side in BOTH {
        on(side, || {
            for amount in [0, 1, 9] {
                assert_noop!(transfer(1, 9, amount), Error::<Test>::BelowMinimum);
            }
            for amount in [LIMITS.per_transfer + 1, u128::MAX] {
                assert_noop!(transfer(1, 9, amount), Error::<Test>::AboveMaximum);
            }
            lift_limits();
            for amount in [ENDOWMENT + 1, u128::MAX] {
                assert_noop!(transfer(1, 9, amount), Error::<Test>::InsufficientFunds);
            }
            // Reserved coins are not the sender's to send.
            assert_ok!(<Balances as ReservableCurrency<_>>::reserve(&account(2), 900));
            assert_noop!(transfer(2, 9, 200), Error::<Test>::InsufficientFunds);
            assert_noop!(Peg::transfer(RuntimeOrigin::none(), [9; 32], 100), BadOrigin);
            LaneOpen::set(false);
            assert_noop!(transfer(1, 9, 100), DispatchError::Other("lane closed"));
        });
    }
}

#[test]
fn the_limit_of_a_transfer_is_the_most_that_one_sends() {
    for side in BOTH {
        on(side, || {
            set_limits(Limits { per_transfer: 100, ..LIMITS });
            assert_noop!(transfer(1, 9, 101), Error::<Test>::AboveMaximum);
            assert_ok!(transfer(1, 9, 100));
            assert_ok!(transfer(1, 9, 100));
        });
    }
}

#[test]
fn a_transfer_whose_extrinsic_is_rolled_back_leaves_neither_message_nor_counters() {
    for side in BOTH {
        on(side, || {
            let before = Peg::books();
            let batch: DispatchResult = with_storage_layer(|| {
                transfer(1, 9, 100)?;
                assert_eq!(Outgoing::get().len(), 1);
                assert_eq!(Peg::books().sent, 100);
                // The batch's second call fails.
                transfer(1, 9, ENDOWMENT)
            });
            assert_eq!(batch, Err(Error::<Test>::InsufficientFunds.into()));
            assert_eq!(Peg::books(), before);
            assert_eq!(balance(1), ENDOWMENT);
            assert!(Outgoing::get().is_empty());
            assert!(System::events().is_empty());
            assert_eq!(Peg::totals(), (0, 0));
        });
    }
}
