use super::*;
use codec::DecodeAll;
use gridpeg_messages::MerkleProof;
use polkadot_sdk::sp_runtime::traits::Dispatchable;

/// Message 1 of three, with its proof changed, is refused; unchanged it is taken.
fn refuses(change: impl Fn(&mut MerkleProof)) {
    let theirs = counterpart_sends(&[10, 10, 10]);
    with_confirmed(&theirs, || {
        let mut changed = theirs.message(1);
        change(&mut changed.proof);
        assert_ne!(changed, theirs.message(1));
        assert_noop!(take(&theirs, &[changed]), Error::<Test>::InvalidProof);
        assert_ok!(take(&theirs, &[theirs.message(1)]));
    });
}

#[test]
fn a_truncated_proof_is_refused() {
    refuses(|proof| {
        proof.siblings.pop();
    });
    refuses(|proof| {
        proof.siblings.remove(0);
    });
    refuses(|proof| proof.siblings.truncate(0));
}

#[test]
fn an_over_long_proof_with_unused_nodes_is_refused() {
    for at in 0..=2 {
        for node in [H256::zero(), H256([7; 32])] {
            refuses(|proof| proof.siblings.try_insert(at, node).unwrap());
        }
    }
}

#[test]
fn another_node_in_a_proof_is_refused() {
    for at in 0..2 {
        refuses(|proof| proof.siblings[at] = H256::zero());
        refuses(|proof| proof.siblings[at].as_bytes_mut()[31] ^= 1);
    }
    refuses(|proof| {
        let second = proof.siblings.pop().unwrap();
        proof.siblings.try_insert(0, second).unwrap();
    });
}

#[test]
fn an_index_past_the_count_is_refused() {
    for index in [4, 5, 8, 1 << 16, u32::MAX] {
        refuses(|proof| proof.index = index);
    }
}

#[test]
fn another_index_or_count_is_refused() {
    for index in [0, 2, 3] {
        refuses(|proof| proof.index = index);
    }
    for count in [0, 1, 2, 3, 5, 8, u32::MAX] {
        refuses(|proof| proof.count = count);
    }
}

#[test]
fn a_last_leaf_is_not_doubled_to_prove_it_at_another_index() {
    // Three leaves, the last one without a sibling: where it is doubled instead, the same root has four.
    let theirs = counterpart_sends(&[10, 10]);
    with_confirmed(&theirs, || {
        let doubled = [&theirs.hashes[..], &theirs.hashes[2..]].concat();
        assert_ne!(theirs.domain.root(&doubled), theirs.root());
        assert_ok!(take(&theirs, &[theirs.message(1)]));
        for index in [2, 3] {
            let proof = theirs.domain.prove(&doubled, index).unwrap();
            let second = LeafProof { leaf: theirs.message(2).leaf, proof };
            assert_noop!(take(&theirs, &[second]), Error::<Test>::InvalidProof);
        }
    });
}

#[test]
fn a_zero_root_proves_nothing() {
    let theirs = counterpart_sends(&[10]);
    new_test_ext(OWN).execute_with(|| {
        Roots::insert(theirs.hash(), H256::zero());
        assert_noop!(take(&theirs, &theirs.all()), Error::<Test>::InvalidProof);
    });
}

#[test]
fn a_proof_against_a_chain_that_has_no_messages_is_refused() {
    let empty = counterpart_sends(&[]);
    let theirs = counterpart_sends(&[10]);
    with_confirmed(&empty, || {
        assert_noop!(take(&empty, &theirs.all()), Error::<Test>::InvalidProof);
        let no_proof = MerkleProof { index: 0, count: 1, siblings: Default::default() };
        let unproven = LeafProof { leaf: theirs.message(1).leaf, proof: no_proof };
        assert_noop!(take(&empty, &[unproven]), Error::<Test>::InvalidProof);
    });
}

#[test]
fn a_changed_field_of_a_leaf_is_refused() {
    let changes: [fn(&mut Message); 5] = [
        |message| message.previous = H256([7; 32]),
        |message| message.acknowledged = 1,
        |message| message.payload = transfer(11, 11),
        |message| message.payload = transfer(10, 11),
        |message| {
            let Payload::Transfer(transfer) = &mut message.payload;
            transfer.recipient = [9; 32];
        },
    ];
    let theirs = counterpart_sends(&[10]);
    with_confirmed(&theirs, || {
        for change in changes {
            let LeafProof { leaf: OutboxLeaf::Message(mut message), proof } = theirs.message(1) else { unreachable!() };
            change(&mut message);
            let changed = LeafProof { leaf: OutboxLeaf::Message(message), proof };
            assert_noop!(take(&theirs, &[changed]), Error::<Test>::InvalidProof);
        }
    });
}

#[test]
fn a_changed_outcome_of_a_receipt_is_refused() {
    let mut pair = Pair::new();
    pair.own(|| send_all(&[10]));
    assert_ok!(pair.relay_out());
    let theirs = pair.counterpart(Committed::now);
    pair.own(|| {
        confirm(&theirs);
        let LeafProof { leaf: OutboxLeaf::Receipt(receipt), proof } = theirs.receipt(1) else { unreachable!() };
        let refused = OutboxLeaf::Receipt(Receipt { outcome: REFUSED, ..receipt });
        assert_noop!(take(&theirs, &[LeafProof { leaf: refused, proof }]), Error::<Test>::InvalidProof);
    });
}

/// Decodes bytes as a call, and dispatches what decodes.
fn dispatch(bytes: &[u8]) -> Option<DispatchResultWithPostInfo> {
    let call = Call::<Test>::decode_all(&mut &bytes[..]).ok()?;
    Some(RuntimeCall::Lanes(call).dispatch(relayer()))
}

#[test]
fn every_flipped_bit_of_a_delivery_is_an_error() {
    let theirs = counterpart_sends(&[10]);
    with_confirmed(&theirs, || {
        let leaves = theirs.all().try_into().unwrap();
        let call = Call::<Test>::deliver { headers: Default::default(), at: Some(theirs.at()), leaves }.encode();
        let leaves_before = Lanes::outbox();
        let mut dispatched = 0;
        for bit in 8..call.len() * 8 {
            let mut changed = call.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            if let Some(result) = dispatch(&changed) {
                assert!(result.is_err(), "bit {bit}");
                dispatched += 1;
            }
        }
        assert!(dispatched > 1_000, "most of them do decode");
        assert_eq!(Lanes::outbox(), leaves_before);
        assert_ok!(dispatch(&call).unwrap());
    });
}

#[test]
fn random_bytes_as_a_call_are_an_error_never_a_panic() {
    new_test_ext(OWN).execute_with(|| {
        let mut state = 1u64;
        let mut next = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 56) as u8
        };
        for length in 0..400usize {
            // Any call; `deliver` without headers and with one; `resolve` with either proof of a header.
            for start in [&[0u8; 0][..], &[0, 0, 1, 0], &[0, 4], &[3, 0], &[3, 1]] {
                let bytes: Vec<u8> = start.iter().copied().chain((0..length).map(|_| next())).collect();
                if let Some(result) = dispatch(&bytes) {
                    assert!(result.is_err(), "{bytes:?}");
                }
            }
        }
    });
}
