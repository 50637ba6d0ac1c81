use crate::{mock::*, Error, Event, Outbox, Received, Sent};
use codec::Encode;
use gridpeg_header::{SubtreeId, H256};
use gridpeg_messages::{
    traits::{SendMessage, Subtree},
    Domain, Message, MessageProof, OutboxLeaf, Payload, Transfer,
};
use polkadot_sdk::{
    frame_support::{assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo, dispatch::Pays},
    sp_runtime::DispatchError,
};

const HEADER: H256 = H256([7; 32]);
const THEIRS: Domain = Domain { tree: SubtreeId::CrossChain, chain: COUNTERPART };

fn payload(amount: u128) -> Payload {
    Payload::Transfer(Transfer { sender: [1; 32], recipient: [2; 32], amount })
}

/// Messages 1 to `count` of the counterpart's outbox, proven, with the root that commits them.
fn proven(count: u64, destination: H256) -> (H256, Vec<MessageProof>) {
    let messages: Vec<_> =
        (1..=count).map(|nonce| Message { destination, nonce, payload: payload(nonce.into()) }).collect();
    let leaves: Vec<_> =
        messages.iter().map(|message| THEIRS.leaf(&OutboxLeaf::Message(message.clone()).encode())).collect();
    let proofs = (0u32..)
        .zip(messages)
        .map(|(index, message)| MessageProof { message, proof: THEIRS.prove(&leaves, index).unwrap() })
        .collect();
    (THEIRS.root(&leaves), proofs)
}

fn receive(proofs: &[MessageProof]) -> DispatchResultWithPostInfo {
    Lanes::receive_messages(RuntimeOrigin::signed(1), HEADER, proofs.to_vec().try_into().expect("fits a batch"))
}

#[test]
fn messages_are_numbered_and_the_root_commits_the_whole_outbox() {
    new_test_ext().execute_with(|| {
        let own = Domain { tree: SubtreeId::CrossChain, chain: OWN };
        assert_eq!(Lanes::root(&OWN), own.root(&[]));
        let mut leaves = Vec::new();
        for nonce in 1..=5u64 {
            assert_eq!(Lanes::send(payload(nonce.into())), Ok(nonce));
            let message = Outbox::<Test>::get(nonce).unwrap();
            assert_eq!((message.destination, message.nonce), (COUNTERPART, nonce));
            System::assert_last_event(Event::<Test>::MessageSent { nonce, hash: message.hash() }.into());
            leaves.push(own.leaf(&OutboxLeaf::Message(message).encode()));
            assert_eq!(Lanes::root(&OWN), own.root(&leaves));
            assert_eq!(Lanes::root(&OWN), own.root(&leaves), "and again, from the kept root");
        }
        assert_eq!(Lanes::outbox().len(), 5);
        assert_noop!(Lanes::send(payload(6)), Error::<Test>::OutboxFull);
        assert_eq!(Sent::<Test>::get(), 5);
    });
}

#[test]
fn nothing_is_sent_or_received_before_the_anchor() {
    new_test_ext().execute_with(|| {
        Anchored::set(None);
        assert_noop!(Lanes::send(payload(1)), Error::<Test>::NotAnchored);
        let (root, proofs) = proven(1, OWN);
        ConfirmedRoot::set(Some(root));
        assert_noop!(receive(&proofs), Error::<Test>::NotAnchored);
    });
}

#[test]
fn a_closed_lane_refuses_messages_unread_and_takes_them_once_it_is_open() {
    new_test_ext().execute_with(|| {
        let (root, proofs) = proven(1, OWN);
        ConfirmedRoot::set(Some(root));
        Open::set(false);
        assert_noop!(receive(&proofs), Error::<Test>::LaneClosed);
        Open::set(true);
        assert_ok!(receive(&proofs));
    });
}

#[test]
fn proven_messages_are_received_once_in_order_and_cost_nothing() {
    new_test_ext().execute_with(|| {
        let (root, proofs) = proven(4, OWN);
        ConfirmedRoot::set(Some(root));
        assert_noop!(receive(&proofs[1..]), Error::<Test>::MessageOutOfOrder);
        let info = receive(&proofs[..2]).unwrap();
        assert_eq!(info.pays_fee, Pays::No);
        assert_noop!(receive(&proofs[..2]), Error::<Test>::AlreadyReceived);
        assert_noop!(receive(&proofs[1..3]), Error::<Test>::AlreadyReceived);
        assert_noop!(receive(&proofs[3..]), Error::<Test>::MessageOutOfOrder);
        // Doubled in one batch: the second is refused, and so is the batch.
        let doubled = [proofs[2].clone(), proofs[2].clone()];
        assert_eq!(
            polkadot_sdk::frame_support::storage::with_storage_layer(|| receive(&doubled).map_err(|e| e.error)),
            Err(Error::<Test>::AlreadyReceived.into())
        );
        Inbox::mutate(|inbox| inbox.truncate(2));
        assert_ok!(receive(&proofs[2..]));
        assert_eq!(Received::<Test>::get(), 4);
        let nonces: Vec<_> = Inbox::get().iter().map(|message| message.nonce).collect();
        assert_eq!(nonces, [1, 2, 3, 4]);
    });
}

#[test]
fn unproven_and_misdirected_messages_are_refused_by_name() {
    new_test_ext().execute_with(|| {
        let (root, proofs) = proven(3, OWN);
        assert_noop!(receive(&proofs[..1]), DispatchError::Other("not confirmed"));
        ConfirmedRoot::set(Some(root));
        assert_noop!(receive(&[]), Error::<Test>::NoMessages);

        let mut forged = proofs[0].clone();
        forged.message.payload = payload(1_000);
        assert_noop!(receive(&[forged]), Error::<Test>::InvalidProof);

        let mut flipped = proofs[0].clone();
        flipped.proof.siblings[0].as_bytes_mut()[5] ^= 1;
        assert_noop!(receive(&[flipped]), Error::<Test>::InvalidProof);

        let mut misplaced = proofs[0].clone();
        misplaced.proof = proofs[1].proof.clone();
        assert_noop!(receive(&[misplaced]), Error::<Test>::InvalidProof);

        // A message of this chain's own outbox, fed back to it.
        let own = Domain { tree: SubtreeId::CrossChain, chain: OWN };
        let leaf = own.leaf(&OutboxLeaf::Message(proofs[0].message.clone()).encode());
        ConfirmedRoot::set(Some(own.root(&[leaf])));
        let proof = own.prove(&[leaf], 0).unwrap();
        let reflected = MessageProof { message: proofs[0].message.clone(), proof };
        assert_noop!(receive(&[reflected]), Error::<Test>::InvalidProof);

        let (root, elsewhere) = proven(1, H256([3; 32]));
        ConfirmedRoot::set(Some(root));
        assert_noop!(receive(&elsewhere), Error::<Test>::WrongDestination);

        ConfirmedRoot::set(Some(H256::zero()));
        assert_noop!(receive(&proofs[..1]), Error::<Test>::InvalidProof);
        assert!(Inbox::get().is_empty());
    });
}
