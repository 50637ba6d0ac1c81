//! Messages, and the leaves of the cross-chain subtree.

use crate::{merkle::MerkleProof, units::Balance};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_header::{ancestry::AncestryProof, H256};
use polkadot_sdk::{sp_core::ConstU32, sp_crypto_hashing::blake2_256, sp_runtime::BoundedVec};
use scale_info::TypeInfo;

/// Number of a message on its lane, from 1.
pub type Nonce = u64;
/// An account of either chain: the 32 bytes of its id.
pub type Account = [u8; 32];

/// A message from one chain to the other.
///
/// The lane is the pair (chain that commits the leaf, destination); a lane's messages are delivered in order of nonce,
/// and each names the one before it, so that what a receiver has taken and what a sender has sent can be compared by one
/// hash.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Message {
    /// Genesis hash of the chain that the message is for.
    pub destination: H256,
    /// Position on the lane, from 1, without gaps.
    pub nonce: Nonce,
    /// [`Message::hash`] of the lane's message before this one; zero for the first.
    pub previous: H256,
    /// The sender has seen the receipts of its messages up to this nonce: the receiver may forget them.
    pub acknowledged: Nonce,
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
    /// Coins that leave the sending chain (locked or burned there) for the receiving one (minted or released).
    #[codec(index = 0)]
    Transfer(Transfer),
}

/// A transfer of coins.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Transfer {
    /// Who sent it, on the source chain. Gets the coins back if the destination refuses them.
    pub sender: Account,
    /// Who gets it, on the destination chain.
    pub recipient: Account,
    /// Amount, in the coin's smallest unit.
    pub amount: Balance,
    /// Sum of the amounts of all the lane's transfers up to this one, itself included.
    pub total: Balance,
}

/// What became of a message. The answer travels back as a leaf of the receiver's cross-chain subtree until the sender
/// acknowledges it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Receipt {
    /// The message's nonce.
    pub nonce: Nonce,
    /// The message's hash.
    pub message: H256,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a message.
///
/// Depends on the message and on constants only, never on state: should the receiver's block be reorganised away, the
/// message gets the same outcome on the other branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Outcome {
    /// The receiver stands in for it: coins are paid out, or owed.
    #[codec(index = 0)]
    Accepted,
    /// The receiver did nothing; the sender takes the coins back.
    #[codec(index = 1)]
    Refused(Refusal),
}

/// Why a message is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Refusal {
    /// The recipient is one of the receiving chain's own accounts, such as its escrow.
    #[codec(index = 0)]
    Recipient,
    /// The amount is below the least amount of a transfer.
    #[codec(index = 1)]
    Amount,
}

/// Both lanes as one chain sees them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct LaneState {
    /// Nonce of the last message sent; 0 before the first.
    pub sent: Nonce,
    /// Its hash; zero before the first.
    pub last_sent: H256,
    /// Sum of the amounts of all transfers sent.
    pub sent_total: Balance,
    /// Nonce of the last message received; 0 before the first.
    pub received: Nonce,
    /// Its hash; zero before the first.
    pub last_received: H256,
    /// Sum of the amounts of all transfers received, refused ones included.
    pub received_total: Balance,
}

/// A leaf of the cross-chain subtree: its encoding is the leaf's bytes. The subtree commits the whole open outbox: first
/// the state of the lanes, then the receipts that are not acknowledged, then the messages without a receipt, both by
/// ascending nonce.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum OutboxLeaf {
    /// An open message.
    #[codec(index = 0)]
    Message(Message),
    /// What became of a message of the opposite lane.
    #[codec(index = 1)]
    Receipt(Receipt),
    /// Both lanes; always the first leaf.
    #[codec(index = 2)]
    State(LaneState),
}

/// A leaf with its proof against the cross-chain root of one header.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct LeafProof {
    /// The leaf.
    pub leaf: OutboxLeaf,
    /// Its place in the subtree.
    pub proof: MerkleProof,
}

/// Longest sealed header that a proof holds, in bytes.
pub type MaxHeaderLen = ConstU32<{ gridpeg_header::digest::MAX_HEADER_LEN as u32 }>;

/// Names the header that leaves are proven against.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum HeaderProof {
    /// A header that the light client keeps, by its hash.
    #[codec(index = 0)]
    Kept(H256),
    /// A header of any age, as an ancestor of one that the light client keeps.
    #[codec(index = 1)]
    Ancestor {
        /// The sealed header, SCALE-encoded.
        header: BoundedVec<u8, MaxHeaderLen>,
        /// Hash of a later header that the light client keeps.
        of: H256,
        /// Places the first in the ancestry range of the second.
        proof: AncestryProof,
    },
}
