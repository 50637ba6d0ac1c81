//! The bytes of messages, fixed by the document.

use codec::{Decode, DecodeAll, Encode};
use gridpeg_header::H256;
use gridpeg_messages::{Message, MessageProof, OutboxLeaf, Payload, Transfer};

fn message() -> Message {
    let transfer = Transfer { sender: [1; 32], recipient: [2; 32], amount: 0x0102 };
    Message { destination: H256([3; 32]), nonce: 7, payload: Payload::Transfer(transfer) }
}

#[test]
fn a_leafs_bytes_are_those_of_the_document() {
    let expected = [
        &[0u8][..],
        &[3; 32],
        &[7, 0, 0, 0, 0, 0, 0, 0],
        &[0],
        &[1; 32],
        &[2; 32],
        &[2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    let leaf = OutboxLeaf::Message(message());
    assert_eq!(leaf.encode(), expected);
    assert_eq!(OutboxLeaf::decode_all(&mut &expected[..]).unwrap(), leaf);
    assert_eq!(message().encode(), expected[1..]);
}

#[test]
fn random_bytes_are_an_error_never_a_panic() {
    let mut state = 1u64;
    for length in 0..600usize {
        let bytes: Vec<u8> = (0..length)
            .map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                (state >> 56) as u8
            })
            .collect();
        let _ = MessageProof::decode(&mut &bytes[..]);
        let _ = OutboxLeaf::decode_all(&mut &bytes[..]);
    }
}
