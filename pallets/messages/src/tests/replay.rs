use super::*;
use std::slice::from_ref;

/// Everything that a replay must not change.
#[derive(Debug, PartialEq)]
struct Effects {
    received: Vec<(Message, Outcome)>,
    settled: Vec<(Nonce, Outcome)>,
    leaves: Vec<OutboxLeaf>,
}

fn effects() -> Effects {
    Effects { received: ReceivedLog::get(), settled: SettledLog::get(), leaves: Lanes::outbox() }
}

#[test]
fn the_same_call_again_brings_nothing_new() {
    let theirs = counterpart_sends(&[10, 10]);
    new_test_ext(OWN).execute_with(|| {
        assert_ok!(deliver_all(&theirs));
        assert!(Lanes::is_stale(from_ref(&theirs.header), &theirs.all()));
        assert_noop!(deliver_all(&theirs), Error::<Test>::NothingNew);
        assert_noop!(take(&theirs, &theirs.all()), Error::<Test>::NothingNew);
    });
}

#[test]
fn after_a_runtime_upgrade_the_same_call_brings_nothing_new() {
    let theirs = counterpart_sends(&[10, 10]);
    new_test_ext(OWN).execute_with(|| {
        assert_ok!(deliver_all(&theirs));
        let before = effects();
        // All that a new runtime without migrations does to the state.
        <AllPalletsWithSystem as polkadot_sdk::frame_support::traits::OnRuntimeUpgrade>::on_runtime_upgrade();
        assert_noop!(deliver_all(&theirs), Error::<Test>::NothingNew);
        assert_eq!(effects(), before);
    });
}

#[test]
fn what_was_taken_is_skipped_in_a_batch_that_has_more() {
    let theirs = counterpart_sends(&[10, 10, 10]);
    with_confirmed(&theirs, || {
        assert_ok!(take(&theirs, &[theirs.message(1), theirs.message(2)]));
        assert_ok!(take(&theirs, &theirs.all()));
        assert_eq!(received_nonces(), [1, 2, 3]);
        assert_eq!(Totals::get().1, 30);
    });
}

#[test]
fn a_message_is_not_taken_twice_under_another_header_or_index() {
    // The counterpart settles the first of three, so that the others move up in its tree.
    let mut pair = Pair::new();
    let before = pair.counterpart(|| {
        send_all(&[10, 10, 10]);
        Committed::now()
    });
    pair.own(|| {
        assert_ok!(deliver(&[&before], Some(before.at()), &[before.message(1)]));
    });
    assert_ok!(pair.relay_out());
    pair.own(|| {
        assert_ok!(take(&before, &before.all()));
    });
    let after = pair.counterpart(Committed::now);
    assert_ne!(before.message(2).proof, after.message(2).proof);
    pair.own(|| {
        confirm(&after);
        let effects_before = effects();
        assert_noop!(take(&after, &after.all()), Error::<Test>::NothingNew);
        assert_eq!(effects(), effects_before);
    });
}

#[test]
fn a_message_is_not_acted_on_through_another_entry() {
    let theirs = counterpart_sends(&[10]);
    with_confirmed(&theirs, || {
        let resolve = || Lanes::resolve(relayer(), theirs.at(), theirs.message(1));
        assert_noop!(resolve(), Error::<Test>::NoConflict);
        InConflict::put(true);
        assert_noop!(resolve(), Error::<Test>::UnexpectedLeaf);
        InConflict::put(false);
        assert_ok!(take(&theirs, &theirs.all()));
        let effects_before = effects();
        InConflict::put(true);
        assert_ok!(resolve());
        assert_eq!(effects(), effects_before);
    });
}

#[test]
fn after_a_reorganisation_the_same_call_has_the_same_outcomes() {
    let theirs = counterpart_sends(&[10, 3, 30]);
    new_test_ext(OWN).execute_with(|| {
        let first = reorganised_away(|| {
            assert_ok!(deliver_all(&theirs));
            effects()
        });
        assert!(received_nonces().is_empty());
        assert!(!Lanes::is_stale(from_ref(&theirs.header), &theirs.all()));
        // The other branch has other balances, and brings the messages in other batches.
        assert_ok!(send(1_000));
        assert_ok!(deliver(&[&theirs], Some(theirs.at()), &[theirs.message(1)]));
        assert_ok!(take(&theirs, &theirs.all()));
        let second = effects();
        assert_eq!(second.received, first.received);
        assert_eq!(second.leaves[1..4], first.leaves[1..4], "the receipts are the same");
        assert_noop!(deliver_all(&theirs), Error::<Test>::NothingNew);
    });
}

#[test]
fn after_a_reorganisation_a_message_may_acknowledge_a_receipt_that_is_written_again() {
    // The counterpart has seen the receipt of message 1 on a branch that is gone when message 2 arrives.
    let mut pair = Pair::new();
    let first = pair.counterpart(|| {
        send_all(&[10]);
        Committed::now()
    });
    let receipt = pair.own(|| {
        reorganised_away(|| {
            assert_ok!(deliver_all(&first));
            Committed::now()
        })
    });
    let second = pair.counterpart(|| {
        assert_ok!(deliver_all(&receipt));
        send_all(&[10]);
        Committed::now()
    });
    pair.own(|| {
        assert_ok!(deliver(&[&first, &second], Some(first.at()), &[first.message(1)]));
        assert_ok!(take(&second, &[second.message(2)]));
        assert_eq!((received_nonces(), Acknowledged::<Test>::get()), (vec![1, 2], 1));
        assert_ok!(Lanes::check_invariants());
    });
}

#[test]
fn a_receipt_gives_nothing_back_twice() {
    let mut pair = Pair::new();
    pair.own(|| send_all(&[3, 10]));
    assert_ok!(pair.relay_out());
    let receipts = pair.counterpart(Committed::now);
    pair.own(|| {
        let [first, second] = [1, 2].map(|nonce| receipts.receipt(nonce));
        assert_ok!(deliver(&[&receipts], Some(receipts.at()), &[first.clone(), first.clone(), second.clone()]));
        assert_noop!(take(&receipts, &[first, second]), Error::<Test>::NothingNew);
        assert_eq!(SettledLog::get(), [(1, REFUSED), (2, Outcome::Accepted)]);
    });
}
