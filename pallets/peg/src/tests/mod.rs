//! One file for each subject. What holds on both sides is tested on both.

use crate::{mock::*, Error, Event, Limits, LimitsOf, Owed, Period, PeriodOf, Queue, QueueHead, Side, Unclaimed};
use gridpeg_header::H256;
use gridpeg_messages::{traits::ReceiveMessage, Message, Outcome, Payload, Refusal, Transfer};
use polkadot_sdk::{
    frame_support::{assert_noop, assert_ok, storage::with_storage_layer},
    sp_runtime::{traits::BadOrigin, DispatchError, DispatchResult, TokenError},
    *,
};

mod escrow;
mod invariants;
mod limits;
mod model;
mod pair;
mod receiving;
mod returning;
mod sending;
mod unclaimed;

const BOTH: [Side; 2] = [Side::Escrow, Side::Issuance];

/// Runs a test on one side; the books must be in order at its end.
fn on(side: Side, test: impl FnOnce()) {
    new_test_ext(side).execute_with(|| {
        test();
        assert_ok!(Peg::check_invariants());
    });
}

/// Sends as a dispatched call does: all or nothing.
fn transfer(from: u8, recipient: u8, amount: u128) -> DispatchResult {
    with_storage_layer(|| Peg::transfer(RuntimeOrigin::signed(account(from)), [recipient; 32], amount))
}

/// Claims as a dispatched call does. Account 7 has nothing to do with it.
fn claim(recipient: u8) -> DispatchResult {
    with_storage_layer(|| Peg::claim(RuntimeOrigin::signed(account(7)), [recipient; 32]))
}

fn set_limits(limits: Limits) {
    assert_ok!(Peg::set_limits(RuntimeOrigin::root(), limits));
}

/// No limit.
fn lift_limits() {
    set_limits(Limits { per_transfer: u128::MAX, per_period: u128::MAX, period: 1 });
}

fn message(nonce: u64, transfer: Transfer) -> Message {
    Message {
        destination: H256([1; 32]),
        nonce,
        previous: H256::zero(),
        acknowledged: 0,
        payload: Payload::Transfer(transfer),
    }
}

/// The next message from the other chain, in agreement with the books.
fn incoming(nonce: u64, recipient: [u8; 32], amount: u128) -> Message {
    let total = Peg::books().received + amount;
    message(nonce, Transfer { sender: [200; 32], recipient, amount, total })
}

/// Receives as the lane does.
fn receive_at(nonce: u64, recipient: [u8; 32], amount: u128) -> Outcome {
    receive_and_name(&incoming(nonce, recipient, amount)).0
}

/// Receives as the lane does, and names what came of it.
fn receive_and_name(message: &Message) -> (Outcome, &'static str) {
    assert!(Peg::agrees(message));
    let before = Peg::books();
    let outcome = Peg::receive(message);
    let after = Peg::books();
    let what = if outcome != Outcome::Accepted {
        "refused"
    } else if after.paid > before.paid {
        "paid at once"
    } else if after.queued > before.queued {
        "queued"
    } else {
        assert!(after.unclaimed > before.unclaimed);
        "left unclaimed"
    };
    (outcome, what)
}

fn receive(nonce: u64, recipient: u8, amount: u128) {
    assert_eq!(receive_at(nonce, [recipient; 32], amount), Outcome::Accepted);
}

/// The receipt of our message with this nonce arrives.
fn settle(nonce: u64, outcome: Outcome) {
    let payload = Outgoing::get().swap_remove(nonce as usize - 1);
    let Payload::Transfer(transfer) = payload;
    Peg::settle(&message(nonce, transfer), outcome);
}

const REFUSED: Outcome = Outcome::Refused(Refusal::Recipient);

/// Puts coins into an account or takes them out of it, past the books, as a root call could.
fn set_balance(who: &sp_runtime::AccountId32, balance: u128) {
    assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), who.clone(), balance));
}

/// What a root call can do that breaks the books.
fn make_deficit() {
    match ThisSide::get() {
        Side::Escrow => set_balance(&Peg::escrow_account(), GENESIS - 1),
        Side::Issuance => set_balance(&account(200), 1),
    }
}

fn balance(byte: u8) -> u128 {
    Balances::free_balance(account(byte))
}

/// The event that a payout ends with.
fn paid_event(nonce: u64, recipient: u8, amount: u128) -> RuntimeEvent {
    let recipient = [recipient; 32];
    match ThisSide::get() {
        Side::Escrow => Event::<Test>::Released { nonce, recipient, amount },
        Side::Issuance => Event::<Test>::Minted { nonce, recipient, amount },
    }
    .into()
}
