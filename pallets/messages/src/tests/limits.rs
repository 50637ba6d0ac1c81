use super::*;
use codec::DecodeAll;
use gridpeg_messages::merkle::MAX_SIBLINGS;
use polkadot_sdk::frame_support::dispatch::GetDispatchInfo;

/// The call's bytes without its types' bounds.
fn delivery(headers: Vec<Vec<u8>>, at: Option<HeaderProof>, leaves: Vec<LeafProof>) -> Vec<u8> {
    (0u8, headers, at, leaves).encode()
}

fn decodes(bytes: &[u8]) -> bool {
    Call::<Test>::decode_all(&mut &bytes[..]).is_ok()
}

#[test]
fn an_oversized_batch_does_not_decode() {
    let theirs = counterpart_sends(&[10]);
    let at = Some(theirs.at());
    let leaves = |count: u32| vec![theirs.message(1); count as usize];
    let headers = |count: u32, length: usize| vec![vec![0; length]; count as usize];
    assert!(decodes(&delivery(headers(MAX_HEADERS, 1_024), at.clone(), leaves(MAX_BATCH))));
    assert!(!decodes(&delivery(headers(MAX_HEADERS, 1_024), at.clone(), leaves(MAX_BATCH + 1))));
    assert!(!decodes(&delivery(headers(MAX_HEADERS + 1, 1), at.clone(), leaves(1))));
    assert!(!decodes(&delivery(headers(1, 1_025), at.clone(), leaves(1))));
}

#[test]
fn an_oversized_proof_does_not_decode() {
    let theirs = counterpart_sends(&[10]);
    let proof = |siblings: u32| {
        let proof = (0u32, 1u32, vec![H256::zero(); siblings as usize]);
        (0u8, 0u8, Some(theirs.at()), vec![(theirs.message(1).leaf, proof)]).encode()
    };
    assert!(decodes(&proof(MAX_SIBLINGS)));
    assert!(!decodes(&proof(MAX_SIBLINGS + 1)));
    let ancestor = |length: usize| {
        let at = (1u8, vec![0u8; length], H256::zero(), 1u32, Vec::<H256>::new());
        (0u8, 0u8, Some(at), vec![theirs.message(1)]).encode()
    };
    assert!(decodes(&ancestor(1_024)));
    assert!(!decodes(&ancestor(1_025)));
}

fn declared(headers: u32, leaves: u32) -> Weight {
    let theirs = counterpart_sends(&[10]);
    let leaves = vec![theirs.message(1); leaves as usize].try_into().unwrap();
    let headers = vec![HeaderBytes::default(); headers as usize].try_into().unwrap();
    RuntimeCall::Lanes(Call::deliver { headers, at: Some(theirs.at()), leaves }).get_dispatch_info().call_weight
}

#[test]
fn what_a_delivery_costs_follows_its_lengths() {
    assert_eq!(declared(0, 0), <()>::deliver(0), "neither headers nor a header to look up");
    assert_eq!(declared(2, 0), <()>::deliver(0) + PER_HEADER.saturating_mul(2));
    for leaves in [1, 2, MAX_BATCH] {
        let done = PER_MESSAGE.saturating_mul(leaves.into()) + <()>::forget(MAX_OUTBOX + leaves);
        let of_leaves = <()>::deliver(leaves) + PER_PROOF + done;
        assert_eq!(declared(0, leaves), of_leaves);
        assert_eq!(declared(3, leaves), of_leaves + PER_HEADER.saturating_mul(3));
    }
}

#[test]
fn what_was_not_done_is_given_back() {
    let known = counterpart_sends(&[77]);
    let most = declared(2, 2);
    let mut pair = Pair::new();
    pair.own(|| send_all(&[10, 10]));
    assert_ok!(pair.relay_out());
    assert_ok!(pair.relay_in());
    let theirs = pair.own(|| {
        send_all(&[10]);
        Committed::now()
    });
    pair.counterpart(|| {
        // One header is known, one new; one message is new and makes this chain forget two receipts.
        confirm(&known);
        let leaves = [theirs.message(3), theirs.message(3)];
        let info = deliver(&[&known, &theirs], Some(theirs.at()), &leaves).unwrap();
        let used = <()>::deliver(2) + <()>::forget(2) + PER_MESSAGE + PER_PROOF + PER_HEADER;
        assert_eq!(info.actual_weight, Some(used));
        assert!(used.ref_time() < most.ref_time());
    });
}

#[test]
fn a_call_is_stale_if_all_that_it_brings_is_known() {
    let theirs = counterpart_sends(&[10, 10]);
    let later = [counterpart_sends(&[10, 10, 10]).header];
    new_test_ext(OWN).execute_with(|| {
        let header = [theirs.header.clone()];
        let all = theirs.all();
        assert!(Lanes::is_stale(&[], &[]));
        assert!(!Lanes::is_stale(&header, &[]));
        assert!(!Lanes::is_stale(&[], &all));
        assert_ok!(deliver(&[&theirs], Some(theirs.at()), &all[..1]));
        assert!(Lanes::is_stale(&header, &all[..1]));
        assert!(!Lanes::is_stale(&header, &all));
        assert!(!Lanes::is_stale(&[], &all[1..]));
        assert!(!Lanes::is_stale(&[], &[theirs.state()]), "it fails, and pays for that");
        assert_ok!(take(&theirs, &all));
        assert!(Lanes::is_stale(&[], &all));
        assert!(!Lanes::is_stale(&later, &all), "a header is new");
    });
}

#[test]
fn a_payload_is_data_and_dispatches_nothing() {
    // No other payload than a transfer decodes.
    for tag in 1..=u8::MAX {
        assert!(Payload::decode_all(&mut &[vec![tag], vec![0; 96]].concat()[..]).is_err());
    }
    // A transfer may have a call in its fields: it stays bytes.
    let call = RuntimeCall::System(frame_system::Call::remark_with_event { remark: vec![7; 30] }).encode();
    let recipient = call[..32].try_into().unwrap();
    let mut messages = chained(&[10]);
    messages[0].payload = Payload::Transfer(Transfer { sender: [0; 32], recipient, amount: 10, total: 10 });
    let theirs = forged(messages.clone());
    with_confirmed(&theirs, || {
        assert_ok!(take(&theirs, &theirs.all()));
        assert_eq!(ReceivedLog::get(), [(messages[0].clone(), Outcome::Accepted)]);
        let (hash, outcome) = (messages[0].hash(), Outcome::Accepted);
        let events: Vec<_> = System::events().into_iter().map(|record| record.event).collect();
        assert_eq!(events, [RuntimeEvent::Lanes(Event::MessageReceived { nonce: 1, hash, outcome })]);
    });
}
