use super::*;
use gridpeg_messages::{Outcome, Payload, Receipt, Transfer};

const DESTINATION: H256 = H256::repeat_byte(2);

fn domain() -> Domain {
    Domain { tree: SubtreeId::CrossChain, chain: H256::repeat_byte(1) }
}

/// The lane's messages 1 to `count`.
fn lane(count: Nonce) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    for nonce in 1..=count {
        let total = u128::from(nonce) * 5;
        let transfer = Transfer { sender: [3; 32], recipient: [4; 32], amount: 5, total };
        messages.push(Message {
            destination: DESTINATION,
            nonce,
            previous: messages.last().map(Message::hash).unwrap_or_default(),
            acknowledged: 0,
            payload: Payload::Transfer(transfer),
        });
    }
    messages
}

fn receipt(nonce: Nonce) -> Receipt {
    Receipt { nonce, message: H256::repeat_byte(nonce as u8), outcome: Outcome::Accepted }
}

/// What the destination knows when it has received messages 1 and 2.
fn destination() -> LanesStatus {
    let last_received = lane(2)[1].hash();
    LanesStatus {
        state: LaneState { received: 2, last_received, ..Default::default() },
        settled: 0,
        acknowledged: 0,
        paused_until: None,
        deficit: None,
    }
}

/// A tree of the lanes' state, receipts 1 and 2, and messages 1 to 5, with all proofs in this order.
fn tree() -> (H256, Vec<LeafProof>) {
    let mut all = vec![OutboxLeaf::State(LaneState { sent: 5, received: 2, ..Default::default() })];
    all.extend([receipt(1), receipt(2)].map(OutboxLeaf::Receipt));
    all.extend(lane(5).into_iter().map(OutboxLeaf::Message));
    let hashes: Vec<_> = all.iter().map(|leaf| domain().leaf(&leaf.encode())).collect();
    let proofs = all
        .into_iter()
        .zip(0..)
        .map(|(leaf, index)| LeafProof { leaf, proof: domain().prove(&hashes, index).unwrap() });
    (domain().root(&hashes), proofs.collect())
}

fn messages(range: std::ops::RangeInclusive<usize>) -> Vec<LeafProof> {
    tree().1[*range.start() + 2..=*range.end() + 2].to_vec()
}

#[track_caller]
fn assert_refused(result: Result<(), String>, reason: &str) {
    let error = result.unwrap_err();
    assert!(error.contains(reason), "{error}");
}

#[test]
fn every_leaf_of_the_tree_is_proven_and_no_changed_one() {
    let (root, proofs) = tree();
    for proof in &proofs {
        assert_eq!(proven(&domain(), &root, proof), Ok(()));
    }
    let mut changed = proofs[4].clone();
    let OutboxLeaf::Message(message) = &mut changed.leaf else { panic!("a message is expected") };
    let Payload::Transfer(transfer) = &mut message.payload;
    transfer.amount += 1;
    assert_refused(proven(&domain(), &root, &changed), "the proof of message 2 would be refused");
}

#[test]
fn another_root_proves_nothing() {
    let (_, proofs) = tree();
    assert_refused(proven(&domain(), &H256::zero(), &proofs[0]), "the root is zero");
    assert_refused(proven(&domain(), &H256::repeat_byte(6), &proofs[1]), "leads to another root");
}

#[test]
fn messages_that_follow_on_the_last_received_pass() {
    let leaves = messages(3..=5);
    assert_eq!(check_messages(&destination(), DESTINATION, &[3, 4, 5], &leaves), Ok(()));
}

#[test]
fn another_message_than_asked_for_is_refused() {
    let leaves = messages(4..=5);
    let result = check_messages(&destination(), DESTINATION, &[3, 4], &leaves);
    assert_refused(result, "proves message 4 instead of message 3");
    let result = check_messages(&destination(), DESTINATION, &[3], &tree().1[1..2]);
    assert_refused(result, "proves the receipt of message 1 instead of message 3");
}

#[test]
fn another_destination_is_refused() {
    let result = check_messages(&destination(), H256::zero(), &[3], &messages(3..=3));
    assert_refused(result, "message 3 is for the chain");
}

#[test]
fn a_message_of_another_branch_is_refused() {
    let mut other = destination();
    other.state.last_received = H256::repeat_byte(8);
    let result = check_messages(&other, DESTINATION, &[3], &messages(3..=3));
    assert_refused(result, "message 3 follows on");
}

#[test]
fn receipts_of_own_messages_pass() {
    let leaves = &tree().1[1..3];
    let own = BTreeMap::from([(1, receipt(1).message), (2, receipt(2).message)]);
    assert_eq!(check_receipts(&own, &[1, 2], leaves), Ok(()));
}

#[test]
fn a_receipt_of_another_message_is_refused() {
    let leaves = &tree().1[1..3];
    let own = BTreeMap::from([(1, receipt(1).message), (2, receipt(7).message)]);
    assert_refused(check_receipts(&own, &[1, 2], leaves), "the receipt of message 2 is for another message");
    assert_refused(check_receipts(&BTreeMap::new(), &[1], leaves), "the receipt of message 1 is for another");
    assert_refused(check_receipts(&own, &[2], leaves), "the receipt of message 1 instead of the receipt of message 2");
}

#[test]
fn own_messages_are_known_by_their_hashes() {
    let leaves: Vec<_> = tree().1.into_iter().map(|proof| proof.leaf).collect();
    let known = hashes(&leaves);
    assert_eq!(known.len(), 5);
    assert_eq!(known.get(&4), Some(&lane(4)[3].hash()));
}

#[test]
fn the_last_nonces_are_those_of_the_leaves() {
    let header = Tip::genesis(H256::zero(), &gridpeg_header::forge::easy_parameters());
    let evidence = |leaves: &[LeafProof]| Evidence { header, leaves: leaves.to_vec(), more: false };
    let all = tree().1;
    assert_eq!(evidence(&all[1..]).last(), (2, 5));
    assert_eq!(evidence(&all[3..5]).last(), (0, 2));
}
