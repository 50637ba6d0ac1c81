use super::*;

const OWN_TREE: Domain = Domain { tree: SubtreeId::CrossChain, chain: OWN };

#[test]
fn messages_are_numbered_and_chained_and_every_root_commits_the_whole_outbox() {
    new_test_ext(OWN).execute_with(|| {
        let mut previous = H256::zero();
        let mut messages = Vec::new();
        for nonce in 1..=5u64 {
            assert_eq!(send(10), Ok(nonce));
            let message = Outbox::<Test>::get(nonce).unwrap();
            assert_eq!((message.destination, message.nonce, message.previous), (COUNTERPART, nonce, previous));
            assert_eq!((message.acknowledged, &message.payload), (0, &transfer(10, 10 * Balance::from(nonce))));
            let hash = message.hash();
            System::assert_last_event(Event::<Test>::MessageSent { nonce, hash }.into());
            previous = hash;
            messages.push(OutboxLeaf::Message(message));

            let sent_total = 10 * Balance::from(nonce);
            let state = LaneState { sent: nonce, last_sent: hash, sent_total, ..Default::default() };
            let leaves = [vec![OutboxLeaf::State(state)], messages.clone()].concat();
            assert_eq!(Lanes::outbox(), leaves);
            let hashes: Vec<_> = leaves.iter().map(|leaf| OWN_TREE.leaf(&leaf.encode())).collect();
            assert_eq!(Lanes::root(&OWN), OWN_TREE.root(&hashes));
            assert_eq!(Lanes::root(&OWN), OWN_TREE.root(&hashes), "and again, from the kept root");
            assert_ok!(Lanes::check_invariants());
        }
    });
}

#[test]
fn the_state_is_the_first_leaf_even_of_an_empty_outbox() {
    new_test_ext(OWN).execute_with(|| {
        let state = OutboxLeaf::State(LaneState::default());
        assert_eq!(Lanes::outbox(), std::slice::from_ref(&state));
        assert_eq!(Lanes::root(&OWN), OWN_TREE.root(&[OWN_TREE.leaf(&state.encode())]));
    });
}

#[test]
fn receipts_come_before_messages_both_in_order_of_nonce() {
    let mut pair = Pair::new();
    pair.counterpart(|| send_all(&[10, 10, 10]));
    assert_ok!(pair.relay_in());
    pair.own(|| {
        send_all(&[20, 30]);
        let order: Vec<_> = Lanes::outbox()
            .iter()
            .map(|leaf| match leaf {
                OutboxLeaf::State(_) => ("state", 0),
                OutboxLeaf::Receipt(receipt) => ("receipt", receipt.nonce),
                OutboxLeaf::Message(message) => ("message", message.nonce),
            })
            .collect();
        let receipts = [("receipt", 1), ("receipt", 2), ("receipt", 3)];
        assert_eq!(order, [&[("state", 0)][..], &receipts, &[("message", 1), ("message", 2)]].concat());
        Committed::now();
    });
}

#[test]
fn the_root_is_computed_again_only_when_a_leaf_changed() {
    let mut pair = Pair::new();
    let sent = pair.own(|| {
        assert_ok!(send(10));
        Committed::now()
    });
    let answer = pair.counterpart(|| {
        assert_ok!(deliver_all(&sent));
        assert_ok!(send(10));
        Committed::now()
    });
    pair.own(|| {
        let marker = H256([9; 32]);
        let changed = || {
            let root = Lanes::root(&OWN);
            OutboxRoot::<Test>::put(marker);
            root != marker
        };
        changed();
        assert!(!changed());
        // Headers alone, a pause, leaves that were taken before: no leaf of this chain changes.
        assert_ok!(deliver(&[&answer], None, &[]));
        assert_ok!(Lanes::pause(RuntimeOrigin::root(), 1));
        assert_ok!(Lanes::resume(RuntimeOrigin::root()));
        assert!(!changed());
        assert_ok!(take(&answer, &[answer.receipt(1)]));
        assert!(changed());
        assert_ok!(take(&answer, &[answer.receipt(1), answer.message(1)]));
        assert!(changed());
        assert_ok!(send(10));
        assert!(changed());
        assert!(!changed());
    });
}

#[test]
fn a_full_outbox_refuses_more_until_a_receipt_is_seen() {
    let mut pair = Pair::new();
    pair.own(|| {
        send_all(&[10; MAX_OUTBOX as usize]);
        assert_noop!(send(10), Error::<Test>::OutboxFull);
    });
    assert_ok!(pair.relay_out());
    pair.own(|| {
        assert_noop!(send(10), Error::<Test>::OutboxFull);
    });
    assert_ok!(pair.relay_in());
    pair.own(|| assert_eq!(send(10), Ok(6)));
}

#[test]
fn nothing_is_sent_before_the_anchor_in_a_pause_or_in_a_conflict() {
    new_test_ext(OWN).execute_with(|| {
        NoAnchor::put(true);
        assert_noop!(send(10), Error::<Test>::NotAnchored);
        NoAnchor::put(false);
        assert_ok!(Lanes::pause(RuntimeOrigin::root(), 1));
        assert_noop!(send(10), Error::<Test>::Paused);
        assert_ok!(Lanes::resume(RuntimeOrigin::root()));
        InConflict::put(true);
        assert_noop!(send(10), Error::<Test>::Frozen);
        InConflict::put(false);
        assert_ok!(send(10));
    });
}
