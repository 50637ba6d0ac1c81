use super::*;

fn resolve(committed: &Committed, leaf: LeafProof) -> DispatchResultWithPostInfo {
    Lanes::resolve(relayer(), committed.at(), leaf)
}

/// A header of the branch that is heaviest now, which says this of its lanes.
fn state(sent: Nonce, last_sent: H256, sent_total: Balance) -> Committed {
    let state = LaneState { sent, last_sent, sent_total, ..Default::default() };
    let committed = Committed::of(COUNTERPART, vec![OutboxLeaf::State(state)]);
    confirm(&committed);
    committed
}

/// This chain has received messages of 10, 20 and 30 when their branch is replaced.
fn in_conflict(test: impl FnOnce(&Committed)) {
    let theirs = counterpart_sends(&[10, 20, 30]);
    with_confirmed(&theirs, || {
        assert_ok!(take(&theirs, &theirs.all()));
        InConflict::put(true);
        test(&theirs);
    });
}

fn deficit_found(deficit: Balance) {
    assert_eq!(Lanes::deficit(), Some(deficit));
    assert!(InConflict::get(), "the lanes stay frozen");
    System::assert_last_event(Event::<Test>::DeficitFound { deficit }.into());
}

#[test]
fn a_conflict_freezes_both_lanes_but_headers_are_taken() {
    let theirs = counterpart_sends(&[10]);
    new_test_ext(OWN).execute_with(|| {
        InConflict::put(true);
        assert_noop!(send(10), Error::<Test>::Frozen);
        assert_noop!(deliver_all(&theirs), Error::<Test>::Frozen);
        assert_ok!(deliver(&[&theirs], None, &[]));
        assert_noop!(take(&theirs, &theirs.all()), Error::<Test>::Frozen);
    });
}

#[test]
fn headers_that_bring_a_conflict_to_light_must_come_alone() {
    let theirs = counterpart_sends(&[10]);
    let mut other_branch = counterpart_sends(&[20]);
    other_branch.header = MockHeader { number: 2, root: other_branch.root(), conflict: true }.bytes();
    new_test_ext(OWN).execute_with(|| {
        assert_ok!(deliver_all(&theirs));
        assert_noop!(deliver_all(&other_branch), Error::<Test>::Frozen);
        assert_ok!(deliver(&[&other_branch], None, &[]));
        assert!(InConflict::get());
    });
}

#[test]
fn without_a_conflict_there_is_nothing_to_resolve() {
    let theirs = counterpart_sends(&[10]);
    with_confirmed(&theirs, || {
        assert_noop!(resolve(&theirs, theirs.state()), Error::<Test>::NoConflict);
        NoAnchor::put(true);
        assert_noop!(resolve(&theirs, theirs.state()), Error::<Test>::NotAnchored);
        NoAnchor::put(false);
    });
}

#[test]
fn the_same_last_message_ends_the_conflict() {
    in_conflict(|theirs| {
        assert_eq!(resolve(theirs, theirs.message(3)).unwrap().pays_fee, Pays::No);
        System::assert_last_event(Event::<Test>::ConflictResolved.into());
        assert!(!InConflict::get());
        assert_ok!(send(10));
    });
}

#[test]
fn a_state_with_the_same_last_message_ends_the_conflict_and_the_deficit() {
    in_conflict(|theirs| {
        let lost = state(2, chained(&[10, 20])[1].hash(), 30);
        assert_ok!(resolve(&lost, lost.state()));
        deficit_found(30);
        assert_eq!(resolve(theirs, theirs.state()).unwrap().pays_fee, Pays::No);
        assert!(!InConflict::get() && Deficit::<Test>::get().is_none());
    });
}

#[test]
fn what_was_received_and_is_no_longer_sent_is_the_deficit() {
    in_conflict(|_| {
        // The branch has sent the first message only: 20 and 30 have nothing behind them.
        let lost = state(1, chained(&[10])[0].hash(), 10);
        assert_eq!(resolve(&lost, lost.state()).unwrap().pays_fee, Pays::No);
        deficit_found(50);
        assert_noop!(resolve(&lost, lost.state()), Error::<Test>::NothingNew);
        assert_noop!(send(10), Error::<Test>::Frozen);
    });
    in_conflict(|_| {
        // Three messages, the third another one: the branch has sent 10 + 20 + 5 up to there.
        let lost = forged(chained(&[10, 20, 5, 100]));
        confirm(&lost);
        assert_ok!(resolve(&lost, lost.message(3)));
        deficit_found(25);
    });
}

#[test]
fn another_last_message_of_the_same_sum_keeps_the_lanes_frozen() {
    in_conflict(|_| {
        let other = state(3, H256([7; 32]), 60);
        assert_ok!(resolve(&other, other.state()));
        deficit_found(0);
        let richer = state(3, H256([7; 32]), 1_000);
        assert_noop!(resolve(&richer, richer.state()), Error::<Test>::NothingNew);
    });
}

#[test]
fn a_lower_deficit_is_free_to_show_and_a_higher_one_is_not() {
    in_conflict(|_| {
        let [none, first, second] = [(0, 0), (1, 10), (2, 30)].map(|(sent, total)| state(sent, H256([7; 32]), total));
        assert_eq!(resolve(&first, first.state()).unwrap().pays_fee, Pays::No);
        assert_eq!(resolve(&none, none.state()).unwrap().pays_fee, Pays::Yes);
        deficit_found(60);
        assert_eq!(resolve(&second, second.state()).unwrap().pays_fee, Pays::No);
        deficit_found(30);
    });
}

#[test]
fn where_nothing_was_received_nothing_is_lost() {
    new_test_ext(OWN).execute_with(|| {
        InConflict::put(true);
        let any = state(7, H256([7; 32]), 1_000);
        assert_ok!(resolve(&any, any.state()));
        assert!(!InConflict::get());
    });
}

#[test]
fn only_the_branchs_standing_at_the_last_nonce_resolves() {
    in_conflict(|theirs| {
        for nonce in [1, 2] {
            assert_noop!(resolve(theirs, theirs.message(nonce)), Error::<Test>::UnexpectedLeaf);
        }
        let further = state(4, H256([7; 32]), 100);
        assert_noop!(resolve(&further, further.state()), Error::<Test>::UnexpectedLeaf);

        let mut elsewhere = chained(&[10, 20, 30]);
        elsewhere[2].destination = H256([3; 32]);
        let elsewhere = forged(elsewhere);
        confirm(&elsewhere);
        assert_noop!(resolve(&elsewhere, elsewhere.message(3)), Error::<Test>::UnexpectedLeaf);

        let receipt = Receipt { nonce: 3, message: H256([7; 32]), outcome: REFUSED };
        let receipt = Committed::of(COUNTERPART, vec![OutboxLeaf::Receipt(receipt)]);
        confirm(&receipt);
        assert_noop!(resolve(&receipt, receipt.receipt(3)), Error::<Test>::UnexpectedLeaf);
    });
}

#[test]
fn a_leaf_that_is_not_proven_resolves_nothing() {
    in_conflict(|theirs| {
        let lost = state(0, H256::zero(), 0);
        let swapped = LeafProof { leaf: theirs.state().leaf, proof: lost.state().proof };
        assert_noop!(resolve(&lost, swapped), Error::<Test>::InvalidProof);

        let mut own = theirs.clone();
        own.domain.chain = OWN;
        own.header = MockHeader { number: 1, root: own.root(), conflict: false }.bytes();
        assert_noop!(resolve(&own, own.state()), UNKNOWN);
        confirm(&own);
        assert_noop!(resolve(&own, own.state()), Error::<Test>::InvalidProof);
    });
}

#[test]
fn a_deficit_ends_with_the_conflict_even_if_the_light_client_ends_it() {
    let next = counterpart_sends(&[10, 20, 30, 40]);
    in_conflict(|_| {
        let lost = state(0, H256::zero(), 0);
        assert_ok!(resolve(&lost, lost.state()));
        deficit_found(60);
        // The first branch is the heaviest again.
        InConflict::put(false);
        assert_eq!(Lanes::deficit(), None);
        confirm(&next);
        assert_ok!(take(&next, &[next.message(4)]));
        assert_eq!(Deficit::<Test>::get(), None);
    });
}
