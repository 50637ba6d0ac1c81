use super::*;

#[test]
fn messages_are_taken_in_order_and_acted_on_once_and_cost_nothing() {
    let theirs = counterpart_sends(&[10, 3, 30]);
    with_confirmed(&theirs, || {
        let info = take(&theirs, &theirs.all()).unwrap();
        assert_eq!(info.pays_fee, Pays::No);
        assert_eq!(received_nonces(), [1, 2, 3]);
        let outcomes: Vec<_> = ReceivedLog::get().iter().map(|(_, outcome)| *outcome).collect();
        assert_eq!(outcomes, [Outcome::Accepted, REFUSED, Outcome::Accepted]);
        for (message, outcome) in ReceivedLog::get() {
            let (nonce, hash) = (message.nonce, message.hash());
            System::assert_has_event(Event::<Test>::MessageReceived { nonce, hash, outcome }.into());
            assert_eq!(Receipts::<Test>::get(nonce), Some(Receipt { nonce, message: hash, outcome }));
        }
        assert_eq!(Lanes::state().received, 3);
        assert_eq!(Lanes::state().received_total, 43);
    });
}

#[test]
fn headers_and_leaves_come_in_one_call() {
    let theirs = counterpart_sends(&[10]);
    new_test_ext(OWN).execute_with(|| {
        assert_noop!(take(&theirs, &theirs.all()), UNKNOWN);
        let info = deliver_all(&theirs).unwrap();
        assert_eq!((info.pays_fee, received_nonces()), (Pays::No, vec![1]));
    });
}

#[test]
fn headers_alone_need_no_other_header() {
    let theirs = counterpart_sends(&[10]);
    new_test_ext(OWN).execute_with(|| {
        assert_eq!(deliver(&[&theirs], None, &[]).unwrap().pays_fee, Pays::No);
        assert_noop!(deliver(&[&theirs], None, &[]), Error::<Test>::NothingNew);
        assert_noop!(deliver(&[], None, &[]), Error::<Test>::NothingNew);
        assert_noop!(deliver(&[], None, &theirs.all()), Error::<Test>::HeaderMissing);
        assert_ok!(take(&theirs, &theirs.all()));
    });
}

#[test]
fn a_leaf_of_an_old_header_is_proven_by_a_later_one_that_is_kept() {
    let old = counterpart_sends(&[10]);
    let later = counterpart_sends(&[10, 10]);
    let proof = gridpeg_header::ancestry::AncestryProof { blocks: 1, nodes: Default::default() };
    let at = |of: &Committed| {
        Some(HeaderProof::Ancestor { header: old.header.clone(), of: of.hash(), proof: proof.clone() })
    };
    with_confirmed(&later, || {
        assert_noop!(take(&old, &old.all()), UNKNOWN);
        assert_noop!(deliver(&[], at(&old), &old.all()), UNKNOWN);
        assert_ok!(deliver(&[], at(&later), &old.all()));
        assert_eq!(received_nonces(), [1]);
    });
}

#[test]
fn a_refused_leaf_fails_the_whole_call_its_headers_too() {
    let theirs = counterpart_sends(&[10, 10]);
    let mut second = theirs.message(2);
    second.proof.siblings[0] = H256([7; 32]);
    new_test_ext(OWN).execute_with(|| {
        let leaves = [theirs.message(1), second];
        assert_noop!(deliver(&[&theirs], Some(theirs.at()), &leaves), Error::<Test>::InvalidProof);
        assert!(Roots::get(theirs.hash()).is_none());
        assert!(received_nonces().is_empty());
    });
}

#[test]
fn a_nonce_gap_is_refused() {
    let theirs = counterpart_sends(&[10, 10, 10]);
    with_confirmed(&theirs, || {
        assert_noop!(take(&theirs, &[theirs.message(2)]), Error::<Test>::MessageOutOfOrder);
        assert_noop!(take(&theirs, &[theirs.message(1), theirs.message(3)]), Error::<Test>::MessageOutOfOrder);
        assert_ok!(take(&theirs, &theirs.all()));
    });
}

#[test]
fn a_batch_in_another_order_is_refused() {
    let theirs = counterpart_sends(&[10, 10, 10]);
    with_confirmed(&theirs, || {
        let [first, second, third] = [1, 2, 3].map(|nonce| theirs.message(nonce));
        for batch in [[&second, &first, &third], [&first, &third, &second], [&third, &second, &first]] {
            assert_noop!(take(&theirs, &batch.map(Clone::clone)), Error::<Test>::MessageOutOfOrder);
        }
        assert_ok!(take(&theirs, &[first, second, third]));
    });
}

#[test]
fn a_duplicate_in_a_batch_is_taken_once() {
    let theirs = counterpart_sends(&[10, 10]);
    with_confirmed(&theirs, || {
        let [first, second] = [1, 2].map(|nonce| theirs.message(nonce));
        assert_ok!(take(&theirs, &[first.clone(), first.clone(), second.clone(), first, second]));
        assert_eq!(received_nonces(), [1, 2]);
        assert_eq!(Totals::get().1, 20);
    });
}

#[test]
fn a_state_is_nothing_to_deliver() {
    let theirs = counterpart_sends(&[10]);
    with_confirmed(&theirs, || {
        assert_noop!(take(&theirs, &[theirs.state()]), Error::<Test>::UnexpectedLeaf);
        assert_noop!(take(&theirs, &[theirs.message(1), theirs.state()]), Error::<Test>::UnexpectedLeaf);
    });
}

#[test]
fn a_message_must_name_the_one_received_before_it() {
    let mut messages = chained(&[10, 10]);
    messages[1].previous = H256([7; 32]);
    let broken = forged(messages);
    let mut messages = chained(&[10]);
    messages[0].previous = H256([7; 32]);
    let not_the_first = forged(messages);
    with_confirmed(&broken, || {
        confirm(&not_the_first);
        assert_noop!(take(&not_the_first, &not_the_first.all()), Error::<Test>::ChainBroken);
        assert_ok!(take(&broken, &[broken.message(1)]));
        assert_noop!(take(&broken, &[broken.message(2)]), Error::<Test>::ChainBroken);
    });
}

#[test]
fn a_message_must_state_the_sum_of_all_that_was_received() {
    for total in [9, 11, Balance::MAX] {
        let mut messages = chained(&[10]);
        messages[0].payload = transfer(10, total);
        let theirs = forged(messages);
        with_confirmed(&theirs, || {
            assert_noop!(take(&theirs, &theirs.all()), Error::<Test>::BooksDisagree);
        });
    }
}

#[test]
fn a_message_acknowledges_no_less_than_before_and_no_more_than_was_received() {
    let mut messages = chained(&[10, 10, 10]);
    messages[1].acknowledged = 1;
    messages[2].previous = messages[1].hash();
    let takes_it_back = forged(messages);
    with_confirmed(&takes_it_back, || {
        assert_ok!(take(&takes_it_back, &[takes_it_back.message(1), takes_it_back.message(2)]));
        assert_eq!((Acknowledged::<Test>::get(), Receipts::<Test>::iter().count()), (1, 1));
        assert_noop!(take(&takes_it_back, &[takes_it_back.message(3)]), Error::<Test>::AcknowledgedTooLittle);
    });

    for acknowledged in [1, 2, Nonce::MAX] {
        let mut messages = chained(&[10]);
        messages[0].acknowledged = acknowledged;
        let its_own_receipt = forged(messages);
        with_confirmed(&its_own_receipt, || {
            let all = its_own_receipt.all();
            assert_noop!(take(&its_own_receipt, &all), Error::<Test>::AcknowledgedTooMuch);
        });
    }
}

#[test]
fn nothing_is_taken_before_the_anchor() {
    let theirs = counterpart_sends(&[10]);
    with_confirmed(&theirs, || {
        NoAnchor::put(true);
        assert_noop!(take(&theirs, &theirs.all()), Error::<Test>::NotAnchored);
        NoAnchor::put(false);
    });
}
