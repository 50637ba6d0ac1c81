use super::*;

#[test]
fn a_message_for_another_chain_is_refused() {
    let mut messages = chained(&[10]);
    messages[0].destination = H256([3; 32]);
    let elsewhere = forged(messages);
    with_confirmed(&elsewhere, || {
        assert_noop!(take(&elsewhere, &elsewhere.all()), Error::<Test>::WrongDestination);
    });
}

#[test]
fn this_chains_own_messages_are_not_fed_back_to_it() {
    new_test_ext(OWN).execute_with(|| {
        assert_ok!(send(10));
        let own = Committed::now();
        confirm(&own);
        assert_noop!(take(&own, &own.all()), Error::<Test>::WrongDestination);
        // Nor if they say that they are for this chain: its own tree is not the counterpart's.
        let messages = chained(&[10]).into_iter().map(OutboxLeaf::Message).collect();
        let own = Committed::of(OWN, messages);
        confirm(&own);
        assert_noop!(take(&own, &own.all()), Error::<Test>::InvalidProof);
    });
}

#[test]
fn this_chains_own_receipts_do_not_settle_its_messages() {
    let mut pair = Pair::new();
    pair.own(|| send_all(&[10]));
    pair.counterpart(|| send_all(&[10]));
    assert_ok!(pair.relay_in());
    pair.own(|| {
        let own = Committed::now();
        confirm(&own);
        assert_noop!(take(&own, &[own.receipt(1)]), Error::<Test>::InvalidProof);
    });
}

#[test]
fn a_receipt_is_not_taken_for_a_message_nor_a_message_for_a_receipt() {
    let mut pair = Pair::new();
    pair.own(|| send_all(&[10]));
    assert_ok!(pair.relay_out());
    let theirs = pair.counterpart(|| {
        send_all(&[10]);
        Committed::now()
    });
    pair.own(|| {
        confirm(&theirs);
        let (message, receipt) = (theirs.message(1), theirs.receipt(1));
        let swapped = LeafProof { leaf: message.leaf.clone(), proof: receipt.proof.clone() };
        assert_noop!(take(&theirs, &[swapped]), Error::<Test>::InvalidProof);
        let swapped = LeafProof { leaf: receipt.leaf, proof: message.proof };
        assert_noop!(take(&theirs, &[swapped]), Error::<Test>::InvalidProof);
    });
}

#[test]
fn a_leaf_of_another_tree_or_of_a_third_chain_is_refused() {
    let other_tree = Domain { tree: SubtreeId::PvTrading, chain: COUNTERPART };
    let third_chain = Domain { tree: SubtreeId::CrossChain, chain: H256([3; 32]) };
    for domain in [other_tree, third_chain] {
        let messages = chained(&[10]).into_iter().map(OutboxLeaf::Message).collect();
        let foreign = Committed::in_domain(domain, messages);
        with_confirmed(&foreign, || {
            assert_noop!(take(&foreign, &foreign.all()), Error::<Test>::InvalidProof);
        });
    }
}
