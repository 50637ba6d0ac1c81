//! Messages, and the leaves of the cross-chain subtree.

use crate::{merkle::MerkleProof, units::Balance};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_header::H256;
use polkadot_sdk::sp_crypto_hashing::blake2_256;
use scale_info::TypeInfo;

/// Number of a message on its lane, from 1.
pub type Nonce = u64;
/// An account of either chain: the 32 bytes of its id.
pub type Account = [u8; 32];

/// A message from one chain to the other.
///
/// The lane is the pair (chain that commits the leaf, destination); a lane's messages are delivered in order of nonce.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Message {
    /// Genesis hash of the chain that the message is for.
    pub destination: H256,
    /// Position on the lane, from 1, without gaps.
    pub nonce: Nonce,
    /// What it says.
    pub payload: Payload,
}

impl Message {
    /// The hash that names the message: BLAKE2b-256 of its encoding.
    pub fn hash(&self) -> H256 {
        blake2_256(&self.encode()).into()
    }
}

/// What a message can say. Data only: no payload dispatches a call.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Payload {
    /// Coins locked on the electricity chain, to be minted on the carbon chain.
    #[codec(index = 0)]
    Transfer(Transfer),
}

/// A transfer of coins.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Transfer {
    /// Who sent it, on the source chain.
    pub sender: Account,
    /// Who gets it, on the destination chain.
    pub recipient: Account,
    /// Amount, in the coin's smallest unit.
    pub amount: Balance,
}

/// A leaf of the cross-chain subtree: its encoding is the leaf's bytes. The subtree commits the whole open outbox,
/// messages by ascending nonce.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum OutboxLeaf {
    /// An open message.
    #[codec(index = 0)]
    Message(Message),
}

/// A message with its proof against the cross-chain root of one header.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct MessageProof {
    /// The message.
    pub message: Message,
    /// Its place in the subtree.
    pub proof: MerkleProof,
}
