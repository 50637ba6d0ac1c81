//! The bytes of messages, receipts and their proofs, fixed by the document.

use codec::{Decode, DecodeAll, Encode};
use gridpeg_header::{
    ancestry::{AncestryProof, Node, MAX_PROOF_NODES},
    digest::MAX_HEADER_LEN,
    H256, U256,
};
use gridpeg_messages::{
    merkle::MAX_SIBLINGS, HeaderProof, LaneState, LeafProof, MerkleProof, Message, OutboxLeaf, Outcome, Payload,
    Receipt, Refusal, Transfer,
};

fn message() -> Message {
    let transfer = Transfer { sender: [1; 32], recipient: [2; 32], amount: 0x0102, total: 0x0304 };
    Message {
        destination: H256([3; 32]),
        nonce: 7,
        previous: H256([4; 32]),
        acknowledged: 5,
        payload: Payload::Transfer(transfer),
    }
}

fn message_bytes() -> Vec<u8> {
    let amounts = [&[2, 1][..], &[0; 14], &[4, 3], &[0; 14]].concat();
    let head = [&[3; 32][..], &[7, 0, 0, 0, 0, 0, 0, 0], &[4; 32], &[5, 0, 0, 0, 0, 0, 0, 0]].concat();
    [&head[..], &[0], &[1; 32], &[2; 32], &amounts].concat()
}

fn leaf_proof() -> LeafProof {
    let siblings = vec![H256([8; 32]), H256([9; 32])].try_into().unwrap();
    LeafProof { leaf: OutboxLeaf::Message(message()), proof: MerkleProof { index: 2, count: 4, siblings } }
}

fn ancestor() -> HeaderProof {
    let nodes = vec![Node { hash: H256([8; 32]), work: U256::from(9) }].try_into().unwrap();
    let header = vec![1, 2, 3].try_into().unwrap();
    HeaderProof::Ancestor { header, of: H256([7; 32]), proof: AncestryProof { blocks: 6, nodes } }
}

fn has_bytes<T: Decode + Encode + PartialEq + std::fmt::Debug>(value: T, bytes: &[u8]) {
    assert_eq!(value.encode(), bytes);
    assert_eq!(T::decode_all(&mut &bytes[..]).unwrap(), value);
    for length in 0..bytes.len() {
        assert!(T::decode_all(&mut &bytes[..length]).is_err(), "cut to {length} bytes");
    }
    assert!(T::decode_all(&mut &[bytes, &[0]].concat()[..]).is_err(), "one byte more");
}

#[test]
fn a_messages_bytes_are_those_of_the_document() {
    has_bytes(message(), &message_bytes());
    has_bytes(OutboxLeaf::Message(message()), &[&[0][..], &message_bytes()].concat());
}

#[test]
fn a_receipts_bytes_are_those_of_the_document() {
    let outcomes: [(Outcome, &[u8]); 3] = [
        (Outcome::Accepted, &[0]),
        (Outcome::Refused(Refusal::Recipient), &[1, 0]),
        (Outcome::Refused(Refusal::Amount), &[1, 1]),
    ];
    for (outcome, bytes) in outcomes {
        let receipt = Receipt { nonce: 7, message: H256([4; 32]), outcome };
        let expected = [&[1, 7, 0, 0, 0, 0, 0, 0, 0][..], &[4; 32], bytes].concat();
        has_bytes(OutboxLeaf::Receipt(receipt), &expected);
    }
}

#[test]
fn a_lane_states_bytes_are_those_of_the_document() {
    let state = LaneState {
        sent: 1,
        last_sent: H256([2; 32]),
        sent_total: 3,
        received: 4,
        last_received: H256([5; 32]),
        received_total: 6,
    };
    let one_lane =
        |nonce: u8, hash: u8, total: u8| [&[nonce, 0, 0, 0, 0, 0, 0, 0][..], &[hash; 32], &[total], &[0; 15]].concat();
    let expected = [vec![2], one_lane(1, 2, 3), one_lane(4, 5, 6)].concat();
    has_bytes(OutboxLeaf::State(state), &expected);
}

#[test]
fn a_proofs_bytes_are_those_of_the_document() {
    let leaf = [&[0][..], &message_bytes()].concat();
    let proof = [&[2, 0, 0, 0, 4, 0, 0, 0, 2 << 2][..], &[8; 32], &[9; 32]].concat();
    has_bytes(leaf_proof(), &[leaf, proof].concat());
    has_bytes(HeaderProof::Kept(H256([7; 32])), &[&[0][..], &[7; 32]].concat());
    let node = [&[8; 32][..], &[9], &[0; 31]].concat();
    let expected = [&[1, 3 << 2, 1, 2, 3][..], &[7; 32], &[6, 0, 0, 0, 1 << 2], &node].concat();
    has_bytes(ancestor(), &expected);
}

#[test]
fn a_messages_hash_covers_every_field() {
    let hash = message().hash();
    let bytes = message_bytes();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x80;
        if let Ok(changed) = Message::decode_all(&mut &changed[..]) {
            assert_ne!(changed.hash(), hash, "byte {at}");
        }
    }
}

#[test]
fn a_payload_is_a_transfer_and_nothing_else() {
    let bytes = message_bytes();
    let payload = 32 + 8 + 32 + 8;
    for tag in 1..=u8::MAX {
        let mut changed = bytes.clone();
        changed[payload] = tag;
        assert!(Message::decode_all(&mut &changed[..]).is_err());
    }
}

#[test]
fn an_over_long_proof_does_not_decode() {
    let siblings = |count: u32| (2u32, 4u32, vec![H256::zero(); count as usize]).encode();
    assert!(MerkleProof::decode_all(&mut &siblings(MAX_SIBLINGS)[..]).is_ok());
    assert!(MerkleProof::decode_all(&mut &siblings(MAX_SIBLINGS + 1)[..]).is_err());
    let ancestor = |length: usize, nodes: u32| {
        let nodes = vec![Node::default(); nodes as usize];
        (1u8, vec![0u8; length], H256::zero(), 6u32, nodes).encode()
    };
    assert!(HeaderProof::decode_all(&mut &ancestor(MAX_HEADER_LEN, MAX_PROOF_NODES)[..]).is_ok());
    assert!(HeaderProof::decode_all(&mut &ancestor(MAX_HEADER_LEN + 1, 1)[..]).is_err());
    assert!(HeaderProof::decode_all(&mut &ancestor(1, MAX_PROOF_NODES + 1)[..]).is_err());
}

#[test]
fn random_bytes_are_an_error_never_a_panic() {
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 56) as u8
    };
    for length in 0..600usize {
        for tag in 0..4 {
            let bytes: Vec<u8> = std::iter::once(tag).chain((0..length).map(|_| next())).collect();
            let _ = LeafProof::decode(&mut &bytes[..]);
            let _ = HeaderProof::decode(&mut &bytes[..]);
            let _ = OutboxLeaf::decode_all(&mut &bytes[..]);
        }
    }
}
