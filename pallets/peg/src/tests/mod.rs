use crate::{mock::*, Error, Event, Side, Unclaimed};
use gridpeg_header::H256;
use gridpeg_messages::{traits::ReceiveMessage, Message, Payload, Transfer};
use polkadot_sdk::{
    frame_support::{assert_noop, assert_ok, assert_storage_noop, traits::fungible::Inspect},
    sp_runtime::{ArithmeticError, DispatchError},
    *,
};

fn message(nonce: u64, recipient: [u8; 32], amount: u128) -> Message {
    let transfer = Transfer { sender: [1; 32], recipient, amount };
    Message { destination: H256([1; 32]), nonce, payload: Payload::Transfer(transfer) }
}

fn transfer(amount: u128) -> polkadot_sdk::sp_runtime::DispatchResult {
    // As a dispatched call: all or nothing.
    polkadot_sdk::frame_support::storage::with_storage_layer(|| {
        Peg::transfer(RuntimeOrigin::signed(account(1)), [9; 32], amount)
    })
}

#[test]
fn a_transfer_is_locked_and_sent() {
    new_test_ext(Side::Escrow).execute_with(|| {
        let issuance = Balances::total_issuance();
        assert_ok!(transfer(100));
        let books = Peg::books();
        assert_eq!((books.escrow, books.sent, books.issued), (400, 100, 0));
        assert_eq!(Balances::balance(&account(1)), 900);
        assert_eq!(Balances::total_issuance(), issuance);
        let sent = Payload::Transfer(Transfer { sender: [1; 32], recipient: [9; 32], amount: 100 });
        assert_eq!(Outgoing::get(), [sent]);
        System::assert_last_event(
            Event::<Test>::Locked { nonce: 1, sender: account(1), recipient: [9; 32], amount: 100 }.into(),
        );
        // The whole balance may go.
        assert_ok!(transfer(900));
        assert_eq!(Peg::books().escrow, 1_300);
    });
}

#[test]
fn bad_transfers_are_refused_and_change_nothing() {
    new_test_ext(Side::Escrow).execute_with(|| {
        for amount in [0, 9] {
            assert_noop!(transfer(amount), Error::<Test>::BelowMinimum);
        }
        assert_noop!(transfer(1_001), Error::<Test>::InsufficientFunds);
        assert_noop!(transfer(u128::MAX), Error::<Test>::InsufficientFunds);
        let escrow = RuntimeOrigin::signed(Peg::escrow_account());
        assert_noop!(Peg::transfer(escrow, [9; 32], 100), Error::<Test>::SenderIsEscrow);
        LaneOpen::set(false);
        assert_noop!(transfer(100), DispatchError::Other("lane closed"));
    });
    new_test_ext(Side::Issuance).execute_with(|| {
        assert_noop!(transfer(100), Error::<Test>::DirectionClosed);
    });
}

#[test]
fn only_the_issuance_side_receives() {
    new_test_ext(Side::Escrow).execute_with(|| assert!(!Peg::open()));
    new_test_ext(Side::Issuance).execute_with(|| assert!(Peg::open()));
}

#[test]
fn a_received_transfer_is_minted() {
    new_test_ext(Side::Issuance).execute_with(|| {
        Peg::receive(&message(1, [9; 32], 100));
        assert_eq!(Balances::balance(&account(9)), 100);
        let books = Peg::books();
        assert_eq!((books.issued, books.received, books.unclaimed, books.escrow), (1_100, 100, 0, 0));
        System::assert_last_event(Event::<Test>::Minted { nonce: 1, recipient: [9; 32], amount: 100 }.into());
        // An amount that no honest counterpart sends still ends well: account 8 exists by a minimal amount.
        Peg::receive(&message(2, [8; 32], 1));
        assert_eq!(Balances::balance(&account(8)), 1);
    });
}

#[test]
fn what_cannot_be_paid_out_waits_to_be_claimed_and_is_counted() {
    new_test_ext(Side::Issuance).execute_with(|| {
        // Minting this overflows the issuance.
        let too_much = u128::MAX - 500;
        Peg::receive(&message(1, [9; 32], too_much));
        assert_eq!(Balances::balance(&account(9)), 0);
        assert_eq!(Unclaimed::<Test>::get([9; 32]), too_much);
        assert_eq!(Peg::books().unclaimed, too_much);
        System::assert_last_event(
            Event::<Test>::LeftUnclaimed { nonce: 1, recipient: [9; 32], amount: too_much }.into(),
        );
        let claim = |recipient| {
            polkadot_sdk::frame_support::storage::with_storage_layer(|| {
                Peg::claim(RuntimeOrigin::signed(account(2)), recipient)
            })
        };
        assert_noop!(claim([8; 32]), Error::<Test>::NothingToClaim);
        assert_noop!(claim([9; 32]), ArithmeticError::Overflow);
        // The lane goes on.
        Peg::receive(&message(2, [8; 32], 50));
        assert_eq!(Balances::balance(&account(8)), 50);
        assert_storage_noop!(assert!(claim([9; 32]).is_err()));
        // Once there is room, anybody can have it paid out.
        pallet_balances::TotalIssuance::<Test>::put(400);
        assert_ok!(claim([9; 32]));
        assert_eq!(Balances::balance(&account(9)), too_much);
        assert_eq!(Peg::books().unclaimed, 0);
    });
}

#[test]
fn the_escrow_account_is_not_reaped_when_it_is_empty() {
    new_test_ext(Side::Escrow).execute_with(|| {
        let escrow = Peg::escrow_account();
        assert_ok!(Balances::force_transfer(RuntimeOrigin::root(), escrow.clone(), account(2), 300));
        assert_eq!(Balances::balance(&escrow), 0);
        assert!(System::providers(&escrow) > 0);
        assert_ok!(transfer(100));
        assert_eq!(Peg::books().escrow, 100);
    });
}
