use super::*;

/// What the counterpart commits after it has received one message, forged: its receipts in any form.
fn answer(receipts: &[Receipt]) -> Committed {
    Committed::of(COUNTERPART, receipts.iter().copied().map(OutboxLeaf::Receipt).collect())
}

fn receipt_of(nonce: Nonce) -> Receipt {
    let message = Outbox::<Test>::get(nonce).unwrap().hash();
    Receipt { nonce, message, outcome: Outcome::Accepted }
}

#[test]
fn a_receipt_settles_the_message_that_it_names() {
    let mut pair = Pair::new();
    let hashes = pair.own(|| {
        send_all(&[10, 3]);
        [1, 2].map(|nonce| receipt_of(nonce).message)
    });
    assert_ok!(pair.relay_out());
    assert_eq!(pair.relay_in().unwrap().pays_fee, Pays::No);
    pair.own(|| {
        assert_eq!(SettledLog::get(), [(1, Outcome::Accepted), (2, REFUSED)]);
        for (nonce, outcome) in SettledLog::get() {
            let hash = hashes[nonce as usize - 1];
            System::assert_has_event(Event::<Test>::MessageSettled { nonce, hash, outcome }.into());
        }
        assert_eq!(Lanes::outbox(), [OutboxLeaf::State(Lanes::state())]);
        assert_eq!((Lanes::state().sent, Lanes::state().sent_total), (2, 13), "the state is not taken back");
        assert_ok!(Lanes::check_invariants());
    });
}

#[test]
fn receipts_are_taken_in_order() {
    let mut pair = Pair::new();
    pair.own(|| send_all(&[10, 10, 10]));
    assert_ok!(pair.relay_out());
    let theirs = pair.counterpart(Committed::now);
    pair.own(|| {
        confirm(&theirs);
        let [first, second, third] = [1, 2, 3].map(|nonce| theirs.receipt(nonce));
        assert_noop!(take(&theirs, std::slice::from_ref(&second)), Error::<Test>::ReceiptOutOfOrder);
        assert_noop!(take(&theirs, &[first.clone(), third.clone()]), Error::<Test>::ReceiptOutOfOrder);
        assert_ok!(take(&theirs, &[first]));
        assert_ok!(take(&theirs, &[second, third]));
        assert_ok!(Lanes::check_invariants());
    });
}

#[test]
fn a_receipt_of_a_message_that_this_chain_did_not_send_is_refused() {
    new_test_ext(OWN).execute_with(|| {
        let unsent = Receipt { nonce: 1, message: H256([7; 32]), outcome: REFUSED };
        let theirs = answer(&[unsent]);
        confirm(&theirs);
        assert_noop!(take(&theirs, &theirs.all()), Error::<Test>::ReceiptMismatch);
        // Sent in the meantime, but another message: its sender must not get the coins back.
        assert_ok!(send(10));
        assert_noop!(take(&theirs, &theirs.all()), Error::<Test>::ReceiptMismatch);
        let theirs = answer(&[receipt_of(1)]);
        confirm(&theirs);
        assert_ok!(take(&theirs, &theirs.all()));
        // Nor beyond the last one.
        let theirs = answer(&[Receipt { nonce: 2, ..unsent }]);
        confirm(&theirs);
        assert_noop!(take(&theirs, &theirs.all()), Error::<Test>::ReceiptMismatch);
        assert_eq!(SettledLog::get(), [(1, Outcome::Accepted)]);
    });
}

#[test]
fn a_message_acknowledges_what_its_sender_has_seen_and_the_receiver_forgets_it() {
    let mut pair = Pair::new();
    pair.own(|| send_all(&[10, 10]));
    assert_ok!(pair.relay_out());
    pair.own(|| send_all(&[10]));
    assert_ok!(pair.relay_in());
    pair.own(|| send_all(&[10]));
    // Message 3 was sent before the receipts were seen, message 4 after.
    let theirs = pair.own(Committed::now);
    pair.counterpart(|| {
        assert_ok!(deliver(&[&theirs], Some(theirs.at()), &[theirs.message(3)]));
        assert_eq!((Acknowledged::<Test>::get(), Receipts::<Test>::iter().count()), (0, 3));
        assert_ok!(take(&theirs, &[theirs.message(4)]));
        assert_eq!((Acknowledged::<Test>::get(), Receipts::<Test>::iter().count()), (2, 2));
        assert!(Receipts::<Test>::get(2).is_none() && Receipts::<Test>::get(3).is_some());
        assert_ok!(Lanes::check_invariants());
    });
}

#[test]
fn receipts_are_bounded_by_the_senders_outbox() {
    let mut pair = Pair::new();
    for round in 1..=4u64 {
        pair.own(|| while send(10).is_ok() {});
        assert_ok!(pair.relay_out());
        pair.counterpart(|| {
            assert_eq!(Received::<Test>::get(), round * u64::from(MAX_OUTBOX));
            assert_eq!(ReceiptLeaves::<Test>::get().len(), MAX_OUTBOX as usize);
        });
        assert_ok!(pair.relay_in());
    }
}

#[test]
fn a_counterpart_with_a_larger_outbox_is_refused_where_the_receipts_end() {
    let theirs = forged(chained(&[10; MAX_OUTBOX as usize + 1]));
    with_confirmed(&theirs, || {
        let all = theirs.all();
        assert_noop!(take(&theirs, &all), Error::<Test>::ReceiptsFull);
        assert_ok!(take(&theirs, &all[..MAX_OUTBOX as usize]));
        assert_noop!(take(&theirs, &all[MAX_OUTBOX as usize..]), Error::<Test>::ReceiptsFull);
    });
}
