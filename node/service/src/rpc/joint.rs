//! `joint_header` and `joint_proof`: what the other chain needs to check this one.
//!
//! Both take an optional block hash and answer at the best block without one. Hashes, accounts, targets and bytes are
//! `0x` hex; a target or work is 32 bytes, big-endian; times are Unix milliseconds.
//!
//! | code | error | what to do |
//! |---|---|---|
//! | −32100 | unknown block | ask for a block that this node has |
//! | −32101 | genesis has no joint digest | ask for block 1 or later |
//! | −32102 | the message is not open at that block | see `openNonces` in the error's data; ask at another block |
//! | −32103 | the block's state is pruned | ask at a recent block, or a node with `--state-pruning archive` |
//! | −32104 | the node failed | look at the message; it names the cause |

use crate::client::{Block, FullClient, Hash};
use codec::Encode;
use gridpeg_header::{Header, HeaderError, JointHeader, SubtreeId, U256};
use gridpeg_messages::{Domain, Message, MessageProof, Nonce, OutboxLeaf};
use gridpeg_runtime_api::LanesApi;
use jsonrpsee::{
    core::RpcResult,
    proc_macros::rpc,
    types::{ErrorObject, ErrorObjectOwned},
};
use polkadot_sdk::{
    sp_api::ProvideRuntimeApi, sp_blockchain::HeaderBackend, sp_consensus::BlockStatus, sp_core::Bytes,
};
use serde::Serialize;
use std::sync::Arc;

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
    /// SCALE encoding of the sealed header, as `lightClient.submitHeaders` on the other chain takes it.
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
    pub name: &'static str,
    /// Its root.
    pub root: Hash,
}

/// An open message and its proof against one header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProofAnswer {
    /// Hash of the header that commits the message.
    pub block: Hash,
    /// Its height.
    pub number: u32,
    /// Its cross-chain root.
    pub root: Hash,
    /// The message.
    pub message: MessageAnswer,
    /// The leaf's index, from 0.
    pub index: u32,
    /// Leaves of the tree: the open messages.
    pub count: u32,
    /// The sibling at every level that has one, from the leaf up.
    pub siblings: Vec<Hash>,
    /// The leaf's bytes.
    pub leaf: Bytes,
    /// SCALE encoding of message and proof, as `lanes.receiveMessages` on the other chain takes it.
    pub encoded: Bytes,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageAnswer {
    /// BLAKE2b-256 of `encoded`.
    pub hash: Hash,
    /// Position on the lane, from 1.
    pub nonce: Nonce,
    /// Genesis hash of the chain that it is for.
    pub destination: Hash,
    /// SCALE encoding.
    pub encoded: Bytes,
}

/// The joint methods.
#[rpc(server)]
pub trait JointApi {
    /// The sealed header of a block, decoded.
    #[method(name = "joint_header", blocking)]
    fn header(&self, at: Option<Hash>) -> RpcResult<HeaderAnswer>;

    /// Proves the open message with this nonce against the cross-chain root of a block. Needs the block's state.
    #[method(name = "joint_proof", blocking)]
    fn proof(&self, nonce: Nonce, at: Option<Hash>) -> RpcResult<ProofAnswer>;
}

/// Answers the joint methods.
pub struct Joint {
    client: Arc<FullClient>,
}

impl Joint {
    /// Answers from this client's chain.
    pub fn new(client: Arc<FullClient>) -> Self {
        Self { client }
    }

    /// The header to answer at, raw and decoded.
    fn header_at(&self, at: Option<Hash>) -> Result<(Header, JointHeader), Error> {
        let hash = at.unwrap_or_else(|| self.client.info().best_hash);
        let header = HeaderBackend::<Block>::header(&*self.client, hash)
            .map_err(Error::failed)?
            .ok_or(Error::UnknownBlock(hash))?;
        let joint = JointHeader::from_header(&header).map_err(|error| match error {
            HeaderError::Genesis => Error::Genesis,
            error => Error::failed(error),
        })?;
        Ok((header, joint))
    }

    /// The open outbox at a block.
    fn outbox(&self, at: Hash) -> Result<Vec<Message>, Error> {
        match self.client.block_status(at).map_err(Error::failed)? {
            BlockStatus::InChainWithState => self.client.runtime_api().outbox(at).map_err(Error::failed),
            _ => Err(Error::StatePruned(at)),
        }
    }
}

impl JointApiServer for Joint {
    fn header(&self, at: Option<Hash>) -> RpcResult<HeaderAnswer> {
        let (header, joint) = self.header_at(at)?;
        Ok(describe(&header, &joint))
    }

    fn proof(&self, nonce: Nonce, at: Option<Hash>) -> RpcResult<ProofAnswer> {
        let (_, header) = self.header_at(at)?;
        let messages = self.outbox(header.hash)?;
        let domain = Domain { tree: SubtreeId::CrossChain, chain: self.client.info().genesis_hash };
        Ok(prove(&domain, &header, messages, nonce)?)
    }
}

fn describe(header: &Header, joint: &JointHeader) -> HeaderAnswer {
    let digest = &joint.joint;
    HeaderAnswer {
        number: joint.number,
        hash: joint.hash,
        parent: joint.parent,
        pre_hash: joint.pre_hash,
        author: joint.pre.author.to_vec().into(),
        claim: joint.pre.claim.map(|claim| ClaimAnswer {
            family: claim.family,
            rotation: claim.rotation,
            parameters: claim.parameters,
        }),
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
            .map(|subtree| SubtreeAnswer { id: tree_id(subtree.id), name: name(subtree.id), root: subtree.root })
            .collect(),
        nonce: joint.nonce.to_vec().into(),
        work_hash: joint.work_hash(),
        encoded: header.encode().into(),
    }
}

/// Proves a message, and makes sure that the proof leads to the root that the header commits.
fn prove(domain: &Domain, header: &JointHeader, messages: Vec<Message>, nonce: Nonce) -> Result<ProofAnswer, Error> {
    let open: Vec<Nonce> = messages.iter().map(|message| message.nonce).collect();
    let leaves: Vec<Vec<u8>> = messages.iter().map(|message| OutboxLeaf::Message(message.clone()).encode()).collect();
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| domain.leaf(leaf)).collect();
    let found = messages.into_iter().zip(leaves).zip(0u32..).find(|((message, _), _)| message.nonce == nonce);
    let Some(((message, leaf), index)) = found else {
        return Err(Error::NotOpen { nonce, block: header.hash, open });
    };
    let proof = domain.prove(&hashes, index).ok_or_else(|| Error::failed("the outbox has too many messages"))?;
    let root = domain.root(&hashes);
    if header.joint.subtree(SubtreeId::CrossChain) != Some(root) {
        return Err(Error::failed("the outbox does not lead to the root that the header commits"));
    }
    Ok(ProofAnswer {
        block: header.hash,
        number: header.number,
        root,
        message: MessageAnswer {
            hash: message.hash(),
            nonce: message.nonce,
            destination: message.destination,
            encoded: message.encode().into(),
        },
        index: proof.index,
        count: proof.count,
        siblings: proof.siblings.to_vec(),
        leaf: leaf.into(),
        encoded: MessageProof { message, proof }.encode().into(),
    })
}

fn big_endian(value: U256) -> Hash {
    value.to_big_endian().into()
}

/// The id as its encoding's one byte: what enters the tree's hashes.
fn tree_id(id: SubtreeId) -> u8 {
    id.encode().first().copied().unwrap_or_default()
}

fn name(id: SubtreeId) -> &'static str {
    match id {
        SubtreeId::PvTrading => "pvTrading",
        SubtreeId::Emissions => "emissions",
        SubtreeId::QuotaTrading => "quotaTrading",
        SubtreeId::CrossChain => "crossChain",
    }
}

/// Why a joint method does not answer.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("block {0:?} is unknown to this node; ask for one that it has, or wait until it is synced")]
    UnknownBlock(Hash),
    #[error("genesis has no joint digest; ask for block 1 or later")]
    Genesis,
    #[error("message {nonce} is not open at block {block:?}; ask where it was sent and not yet acknowledged")]
    NotOpen { nonce: Nonce, block: Hash, open: Vec<Nonce> },
    #[error("the state of block {0:?} is pruned; ask at a recent block, or a node with --state-pruning archive")]
    StatePruned(Hash),
    #[error("the node failed: {0}")]
    Failed(String),
}

impl Error {
    fn failed(cause: impl ToString) -> Self {
        Self::Failed(cause.to_string())
    }

    fn code(&self) -> i32 {
        match self {
            Self::UnknownBlock(_) => -32100,
            Self::Genesis => -32101,
            Self::NotOpen { .. } => -32102,
            Self::StatePruned(_) => -32103,
            Self::Failed(_) => -32104,
        }
    }
}

/// The error's data: `{"openNonces": [first, last]}`, `[]` if none is open.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OpenNonces {
    open_nonces: Vec<Nonce>,
}

impl From<Error> for ErrorObjectOwned {
    fn from(error: Error) -> Self {
        let data = match &error {
            Error::NotOpen { open, .. } => {
                Some(OpenNonces { open_nonces: open.first().into_iter().chain(open.last()).copied().collect() })
            }
            _ => None,
        };
        ErrorObject::owned(error.code(), error.to_string(), data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridpeg_header::{
        digest::{joint_item, pre_runtime_item, seal_item},
        JointDigest, PreDigest, SubtreeRoot,
    };
    use gridpeg_messages::{Payload, Transfer};
    use polkadot_sdk::sp_runtime::Digest;

    fn message(nonce: Nonce) -> Message {
        let transfer = Transfer { sender: [1; 32], recipient: [2; 32], amount: nonce.into() };
        Message { destination: Hash::repeat_byte(9), nonce, payload: Payload::Transfer(transfer) }
    }

    /// A header that commits these messages.
    fn header(domain: &Domain, messages: &[Message]) -> Header {
        let leaves: Vec<Hash> =
            messages.iter().map(|message| domain.leaf(&OutboxLeaf::Message(message.clone()).encode())).collect();
        let joint = JointDigest {
            time: 1_000,
            target: U256::one() << 240,
            analysis: None,
            work: U256::from(65_536u32),
            ancestry: Hash::repeat_byte(4),
            subtrees: vec![SubtreeRoot { id: SubtreeId::CrossChain, root: domain.root(&leaves) }].try_into().unwrap(),
        };
        let pre = PreDigest { author: [5; 32], claim: None };
        Header {
            parent_hash: Hash::repeat_byte(6),
            number: 1,
            state_root: Hash::zero(),
            extrinsics_root: Hash::zero(),
            digest: Digest { logs: vec![pre_runtime_item(&pre), joint_item(&joint), seal_item([8; 8])] },
        }
    }

    #[test]
    fn headers_are_described_in_hex() {
        let domain = Domain { tree: SubtreeId::CrossChain, chain: Hash::repeat_byte(7) };
        let header = header(&domain, &[]);
        let answer = describe(&header, &JointHeader::from_header(&header).unwrap());
        let json = serde_json::to_value(&answer).unwrap();
        assert_eq!(json["number"], 1);
        assert_eq!(json["hash"], format!("{:?}", header.hash()));
        assert_eq!(json["author"], format!("0x{}", "05".repeat(32)));
        assert_eq!(json["target"], format!("0x0001{}", "00".repeat(30)));
        assert_eq!(json["nonce"], "0x0808080808080808");
        assert_eq!(json["claim"], serde_json::Value::Null);
        assert_eq!(json["subtrees"][0]["id"], 4);
        assert_eq!(json["subtrees"][0]["name"], "crossChain");
        assert_eq!(answer.encoded.0, header.encode());
    }

    #[test]
    fn proofs_verify_and_name_their_message() {
        let domain = Domain { tree: SubtreeId::CrossChain, chain: Hash::repeat_byte(7) };
        let messages: Vec<Message> = (3..8).map(message).collect();
        let header = JointHeader::from_header(&header(&domain, &messages)).unwrap();
        for (index, sent) in messages.iter().enumerate() {
            let answer = prove(&domain, &header, messages.clone(), sent.nonce).unwrap();
            let proof = MessageProof { message: sent.clone(), proof: domain_proof(&answer) };
            assert_eq!((answer.index, answer.count), (index as u32, 5));
            assert_eq!(answer.encoded.0, proof.encode());
            domain.verify(&answer.root, &answer.leaf, &proof.proof).unwrap();
        }
    }

    fn domain_proof(answer: &ProofAnswer) -> gridpeg_messages::MerkleProof {
        gridpeg_messages::MerkleProof {
            index: answer.index,
            count: answer.count,
            siblings: answer.siblings.clone().try_into().unwrap(),
        }
    }

    #[test]
    fn a_message_that_is_not_open_is_not_proven() {
        let domain = Domain { tree: SubtreeId::CrossChain, chain: Hash::repeat_byte(7) };
        let messages: Vec<Message> = (3..8).map(message).collect();
        let header = JointHeader::from_header(&header(&domain, &messages)).unwrap();
        let error = ErrorObjectOwned::from(prove(&domain, &header, messages.clone(), 8).unwrap_err());
        assert_eq!(error.code(), -32102);
        assert_eq!(error.data().unwrap().get(), r#"{"openNonces":[3,7]}"#);
        // Nor is one against a header that commits another outbox.
        let error = ErrorObjectOwned::from(prove(&domain, &header, messages[1..].to_vec(), 7).unwrap_err());
        assert_eq!(error.code(), -32104);
    }
}
