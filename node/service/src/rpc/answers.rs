//! What the joint methods answer, as JSON.
//!
//! Hashes, accounts and bytes are `0x` hex; a target or work is 32 bytes, big-endian; times are Unix milliseconds;
//! amounts are decimal strings, because they do not fit into a JavaScript number.

use super::subtree_answers::Tree;
use crate::client::Hash;
use codec::Encode;
use gridpeg_header::{ancestry::AncestryProof, Claim, Header, JointHeader, SubtreeId, U256};
use gridpeg_messages::{units::Balance, Message, Nonce, OutboxLeaf, Outcome, Payload, Receipt, Refusal};
use polkadot_sdk::sp_core::Bytes;
use serde::Serialize;

/// A sealed header with its digest decoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeaderAnswer {
    /// Height.
    pub number: u32,
    /// The block's hash: BLAKE2b-256 of `encoded`.
    pub hash: Hash,
    /// The parent's hash.
    pub parent: Hash,
    /// R_i, hash of the header without its seal.
    pub pre_hash: Hash,
    /// The author's account id, 32 bytes.
    pub author: Bytes,
    /// The copula that the author claims; `null` while there are too few price pairs.
    pub claim: Option<ClaimAnswer>,
    /// Timestamp.
    pub time: u64,
    /// d_base, the target before the analysis' bonus.
    pub target: Hash,
    /// What the claim was found to be worth; `null` without a claim.
    pub analysis: Option<AnalysisAnswer>,
    /// Cumulative base work from block 1 up to this block.
    pub work: Hash,
    /// Root of the range over all earlier headers.
    pub ancestry: Hash,
    /// Roots of the chain's subtrees, ids ascending.
    pub subtrees: Vec<SubtreeAnswer>,
    /// k_i, the 8-byte nonce.
    pub nonce: Bytes,
    /// The work hash, which is at most the target (with its bonus) as a big-endian number.
    pub work_hash: Hash,
    /// SCALE encoding of the sealed header, as `lanes.deliver` and `lightClient.submitHeaders` there take it.
    pub encoded: Bytes,
}

/// A claimed copula.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClaimAnswer {
    /// 0 independence, 1 Gaussian, 2 Student-t, 3 Clayton, 4 Gumbel, 5 Frank, 6 Joe.
    pub family: u8,
    /// Rotation in quarter turns.
    pub rotation: u8,
    /// Parameters in Q16.16.
    pub parameters: [i32; 2],
}

/// The worth of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AnalysisAnswer {
    /// Price pairs evaluated.
    pub observations: u32,
    /// AIC in units of 2⁻²⁰.
    pub aic: i64,
    /// G, in sixteenths of AIC.
    pub gain: u32,
}

/// A subtree's root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SubtreeAnswer {
    /// Tree id, as it enters the tree's hashes.
    pub id: u8,
    /// `pvTrading`, `emissions`, `quotaTrading` or `crossChain`.
    pub name: Tree,
    /// Its root.
    pub root: Hash,
}

/// A leaf of the cross-chain subtree and its proof against one header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProofAnswer {
    /// Hash of the header that commits the leaf.
    pub block: Hash,
    /// Its height.
    pub number: u32,
    /// Its cross-chain root.
    pub root: Hash,
    /// The leaf.
    pub leaf: LeafAnswer,
    /// The leaf's index, from 0.
    pub index: u32,
    /// Leaves of the tree: the state of the lanes, open receipts, open messages.
    pub count: u32,
    /// The sibling at every level that has one, from the leaf up.
    pub siblings: Vec<Hash>,
    /// SCALE encoding of leaf and proof, as `lanes.deliver` on the other chain takes it.
    pub encoded: Bytes,
}

/// A leaf of the cross-chain subtree; `kind` says which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum LeafAnswer {
    /// An open message.
    Message(MessageAnswer),
    /// What became of a message of the counterpart.
    Receipt(ReceiptAnswer),
    /// Both lanes.
    State(StateAnswer),
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageAnswer {
    /// BLAKE2b-256 of the message's encoding, which is the leaf's without its first byte.
    pub hash: Hash,
    /// Position on the lane, from 1.
    pub nonce: Nonce,
    /// Genesis hash of the chain that it is for.
    pub destination: Hash,
    /// Hash of the lane's message before it; zero for the first.
    pub previous: Hash,
    /// The receiver may forget its receipts up to this nonce.
    pub acknowledged: Nonce,
    /// What it says.
    pub transfer: TransferAnswer,
    /// SCALE encoding of the leaf: its bytes.
    pub encoded: Bytes,
}

/// A transfer of coins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TransferAnswer {
    /// Account id, 32 bytes, on the chain that sent it.
    pub sender: Bytes,
    /// Account id, 32 bytes, on the chain that it is for.
    pub recipient: Bytes,
    /// Amount.
    pub amount: String,
    /// Sum of the lane's transfers up to this one.
    pub total: String,
}

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptAnswer {
    /// Nonce of the counterpart's message.
    pub nonce: Nonce,
    /// Its hash.
    pub message: Hash,
    /// `accepted` or `refused`.
    pub outcome: &'static str,
    /// `null`, or why it is refused: `recipient` or `amount`.
    pub refusal: Option<&'static str>,
    /// SCALE encoding of the leaf: its bytes.
    pub encoded: Bytes,
}

/// Both lanes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StateAnswer {
    /// Nonce of the last message sent.
    pub sent: Nonce,
    /// Its hash; zero before the first.
    pub last_sent: Hash,
    /// Sum of all transfers sent.
    pub sent_total: String,
    /// Nonce of the last message received.
    pub received: Nonce,
    /// Its hash; zero before the first.
    pub last_received: Hash,
    /// Sum of all transfers received.
    pub received_total: String,
    /// SCALE encoding of the leaf: its bytes.
    pub encoded: Bytes,
}

/// A block and the proof that it is an ancestor of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AncestorAnswer {
    /// Hash of the block.
    pub block: Hash,
    /// Its height.
    pub number: u32,
    /// Hash of the later block, whose header commits it.
    pub of: Hash,
    /// Its height.
    pub of_number: u32,
    /// SCALE encoding of the block's sealed header.
    pub header: Bytes,
    /// Blocks that the later header commits.
    pub blocks: u32,
    /// The proof's nodes.
    pub nodes: Vec<NodeAnswer>,
    /// SCALE encoding of the header proof `Ancestor`, as `lanes.deliver` on the other chain takes it.
    pub encoded: Bytes,
}

/// A node of the ancestry range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeAnswer {
    /// Hash of the subtree.
    pub hash: Hash,
    /// Base work of all blocks in it.
    pub work: Hash,
}

impl HeaderAnswer {
    pub(super) fn new(header: &Header, joint: &JointHeader) -> Self {
        let digest = &joint.joint;
        Self {
            number: joint.number,
            hash: joint.hash,
            parent: joint.parent,
            pre_hash: joint.pre_hash,
            author: joint.pre.author.to_vec().into(),
            claim: joint.pre.claim.as_ref().map(ClaimAnswer::new),
            time: digest.time,
            target: big_endian(digest.target),
            analysis: digest.analysis.map(|analysis| AnalysisAnswer {
                observations: analysis.observations,
                aic: analysis.aic,
                gain: analysis.gain,
            }),
            work: big_endian(digest.work),
            ancestry: digest.ancestry,
            subtrees: digest
                .subtrees
                .iter()
                .map(|subtree| SubtreeAnswer { id: tree_id(subtree.id), name: subtree.id.into(), root: subtree.root })
                .collect(),
            nonce: joint.nonce.to_vec().into(),
            work_hash: joint.work_hash(),
            encoded: header.encode().into(),
        }
    }
}

impl ClaimAnswer {
    pub(super) fn new(claim: &Claim) -> Self {
        Self { family: claim.family, rotation: claim.rotation, parameters: claim.parameters }
    }
}

impl LeafAnswer {
    pub(super) fn new(leaf: &OutboxLeaf) -> Self {
        let encoded = leaf.encode().into();
        match leaf {
            OutboxLeaf::Message(message) => Self::Message(MessageAnswer::new(message, encoded)),
            OutboxLeaf::Receipt(receipt) => Self::Receipt(ReceiptAnswer::new(receipt, encoded)),
            OutboxLeaf::State(state) => Self::State(StateAnswer {
                sent: state.sent,
                last_sent: state.last_sent,
                sent_total: decimal(state.sent_total),
                received: state.received,
                last_received: state.last_received,
                received_total: decimal(state.received_total),
                encoded,
            }),
        }
    }
}

impl MessageAnswer {
    fn new(message: &Message, encoded: Bytes) -> Self {
        let Payload::Transfer(transfer) = &message.payload;
        Self {
            hash: message.hash(),
            nonce: message.nonce,
            destination: message.destination,
            previous: message.previous,
            acknowledged: message.acknowledged,
            transfer: TransferAnswer {
                sender: transfer.sender.to_vec().into(),
                recipient: transfer.recipient.to_vec().into(),
                amount: decimal(transfer.amount),
                total: decimal(transfer.total),
            },
            encoded,
        }
    }
}

impl ReceiptAnswer {
    fn new(receipt: &Receipt, encoded: Bytes) -> Self {
        let (outcome, refusal) = match receipt.outcome {
            Outcome::Accepted => ("accepted", None),
            Outcome::Refused(Refusal::Recipient) => ("refused", Some("recipient")),
            Outcome::Refused(Refusal::Amount) => ("refused", Some("amount")),
        };
        Self { nonce: receipt.nonce, message: receipt.message, outcome, refusal, encoded }
    }
}

impl NodeAnswer {
    pub(super) fn list(proof: &AncestryProof) -> Vec<Self> {
        proof.nodes.iter().map(|node| Self { hash: node.hash, work: big_endian(node.work) }).collect()
    }
}

fn big_endian(value: U256) -> Hash {
    value.to_big_endian().into()
}

fn decimal(amount: Balance) -> String {
    amount.to_string()
}

/// The id as its encoding's one byte: what enters the tree's hashes.
fn tree_id(id: SubtreeId) -> u8 {
    id.encode().first().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock;
    use gridpeg_header::ancestry::Node;
    use serde_json::{json, Value};

    fn repeated(byte: &str) -> String {
        format!("0x{}", byte.repeat(32))
    }

    #[test]
    fn headers_are_described_in_hex() {
        let header = mock::header(&[]);
        let answer = HeaderAnswer::new(&header, &JointHeader::from_header(&header).unwrap());
        let json = serde_json::to_value(&answer).unwrap();
        assert_eq!(json["number"], 1);
        assert_eq!(json["hash"], format!("{:?}", header.hash()));
        assert_eq!(json["author"], repeated("05"));
        assert_eq!(json["target"], format!("0x0001{}", "00".repeat(30)));
        assert_eq!(json["nonce"], "0x0808080808080808");
        assert_eq!(json["claim"], Value::Null);
        assert_eq!(json["subtrees"][0]["id"], 4);
        assert_eq!(json["subtrees"][0]["name"], "crossChain");
        assert_eq!(answer.encoded.0, header.encode());
    }

    #[test]
    fn leaves_say_of_which_kind_they_are() {
        let leaves = mock::outbox([3, 4], [7]);
        let described: Vec<Value> =
            leaves.iter().map(|leaf| serde_json::to_value(LeafAnswer::new(leaf)).unwrap()).collect();
        let encoded: Vec<String> = leaves.iter().map(|leaf| format!("0x{}", hex::encode(leaf.encode()))).collect();
        assert_eq!(
            described,
            [
                json!({
                    "kind": "state", "sent": 7, "lastSent": repeated("06"),
                    "sentTotal": "1267650600228229401496703205376", "received": 0, "lastReceived": repeated("00"),
                    "receivedTotal": "0", "encoded": encoded[0],
                }),
                json!({
                    "kind": "receipt", "nonce": 3, "message": repeated("07"), "outcome": "refused", "refusal": "amount",
                    "encoded": encoded[1],
                }),
                json!({
                    "kind": "receipt", "nonce": 4, "message": repeated("07"), "outcome": "accepted", "refusal": null,
                    "encoded": encoded[2],
                }),
                json!({
                    "kind": "message", "hash": mock::message(7).hash(), "nonce": 7, "destination": repeated("09"),
                    "previous": repeated("08"), "acknowledged": 2,
                    "transfer": {
                        "sender": repeated("01"), "recipient": repeated("02"), "amount": "10", "total": "70",
                    },
                    "encoded": encoded[3],
                }),
            ]
        );
    }

    #[test]
    fn nodes_carry_their_work_big_endian() {
        let node = Node { hash: Hash::repeat_byte(3), work: U256::from(258u32) };
        let proof = AncestryProof { blocks: 2, nodes: vec![node].try_into().unwrap() };
        let json = serde_json::to_value(NodeAnswer::list(&proof)).unwrap();
        assert_eq!(json, json!([{ "hash": repeated("03"), "work": format!("0x{}0102", "00".repeat(30)) }]));
    }
}
