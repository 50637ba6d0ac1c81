//! The digest items of a header, and their strict decoding.
//!
//! From block 1 on a sealed header has, in this order and nothing else:
//! `PreRuntime(pow_)`, `RuntimeEnvironmentUpdated` (only in a block that changes the runtime), `Consensus(jnt_)`,
//! `Seal(pow_)`. Every item has one encoding, so nothing but the nonce is outside R_i.

use crate::{target::effective_target, work, BlockNumber, Header, Millis, H256, U256};
use alloc::vec::Vec;
use codec::{Decode, DecodeAll, DecodeWithMemTracking, Encode, MaxEncodedLen};
pub use gridpeg_copula::claim::{Claim, MAX_OBSERVATIONS, MIN_OBSERVATIONS};
use polkadot_sdk::sp_core::ConstU32;
use polkadot_sdk::sp_runtime::{generic::DigestItem, BoundedVec, ConsensusEngineId};
use scale_info::TypeInfo;

/// Engine of the author's item and of the seal.
pub const POW_ENGINE_ID: ConsensusEngineId = *b"pow_";
/// Engine of the runtime's item.
pub const JOINT_ENGINE_ID: ConsensusEngineId = *b"jnt_";
/// Longest encoding of a sealed header, in bytes. A header of today has about 400.
pub const MAX_HEADER_LEN: usize = 1024;
/// Most subtrees that a chain commits.
pub const MAX_SUBTREES: u32 = 8;

/// `PreRuntime(pow_)`: what only the author knows.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct PreDigest {
    /// The account that fees and rewards go to. First, where polkadot-js looks for it.
    pub author: [u8; 32],
    /// The author's claim; absent if and only if there are fewer than [`MIN_OBSERVATIONS`] pairs.
    pub claim: Option<Claim>,
}

/// What the runtime found the claim to be worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Analysis {
    /// T = |D|, the pairs evaluated. In the header so that d_v can be recomputed from it alone.
    pub observations: u32,
    /// AIC in units of 2⁻²⁰, rounded up.
    pub aic: i64,
    /// G, in sixteenths of AIC above the reference and the noise floor.
    pub gain: u32,
}

/// Names a subtree of fig. 3; also the tree id in its hashes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum SubtreeId {
    /// PV trades, electricity chain.
    #[codec(index = 1)]
    PvTrading,
    /// Emissions (EOC), carbon chain.
    #[codec(index = 2)]
    Emissions,
    /// Quota trades (TOC), carbon chain.
    #[codec(index = 3)]
    QuotaTrading,
    /// Open messages and receipts, both chains.
    #[codec(index = 4)]
    CrossChain,
}

/// A subtree's root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct SubtreeRoot {
    /// Which subtree.
    pub id: SubtreeId,
    /// Its root, never zero.
    pub root: H256,
}

/// `Consensus(jnt_)`: what the runtime states about the block.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct JointDigest {
    /// The block's timestamp, Unix milliseconds; strictly above the parent's.
    pub time: Millis,
    /// d_base, the target before the analysis' bonus.
    pub target: U256,
    /// Present if and only if the author made a claim.
    pub analysis: Option<Analysis>,
    /// Σ ⌊2²⁵⁶/d_base⌋ from block 1 up to and including this block.
    pub work: U256,
    /// Root of the ancestry range over all earlier headers.
    pub ancestry: H256,
    /// Roots of the chain's subtrees, ids ascending; [`SubtreeId::CrossChain`] is always among them.
    pub subtrees: BoundedVec<SubtreeRoot, ConstU32<MAX_SUBTREES>>,
}

impl JointDigest {
    /// The root of a subtree.
    pub fn subtree(&self, id: SubtreeId) -> Option<H256> {
        self.subtrees.iter().find(|subtree| subtree.id == id).map(|subtree| subtree.root)
    }

    /// Gain of the analysis; 0 without one.
    pub fn gain(&self) -> u32 {
        self.analysis.map_or(0, |analysis| analysis.gain)
    }

    /// d_base + d_v: what the work hash is held against (eq. 9).
    pub fn effective_target(&self) -> U256 {
        effective_target(self.target, self.gain(), self.analysis.map_or(0, |analysis| analysis.observations))
    }
}

/// Why a header does not decode. The names say which rule it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum HeaderError {
    /// More than [`MAX_HEADER_LEN`] bytes.
    TooLong,
    /// The bytes are no header, or there are bytes after it.
    Malformed,
    /// Genesis, or a header that claims to be: it has no digest to decode.
    Genesis,
    /// The author's item is missing.
    PreDigestMissing,
    /// The author's item does not decode to the last byte.
    PreDigestMalformed,
    /// The runtime's item is missing.
    JointDigestMissing,
    /// The runtime's item does not decode to the last byte.
    JointDigestMalformed,
    /// Subtree ids are not strictly ascending, the cross-chain subtree is missing, or a root is zero.
    Subtrees,
    /// An analysis without a claim, a claim without an analysis, a claim that is no copula, or a number of pairs out of
    /// bounds.
    Analysis,
    /// The seal is missing.
    SealMissing,
    /// The seal is not exactly the 8-byte nonce.
    SealMalformed,
    /// A digest item that is doubled, foreign or out of place.
    UnexpectedItem,
}

impl core::fmt::Display for HeaderError {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str(match self {
            Self::TooLong => "header is longer than 1024 bytes",
            Self::Malformed => "bytes are not one SCALE-encoded header",
            Self::Genesis => "a genesis header has no digest",
            Self::PreDigestMissing => "digest lacks PreRuntime(pow_)",
            Self::PreDigestMalformed => "PreRuntime(pow_) does not decode to its last byte",
            Self::JointDigestMissing => "digest lacks Consensus(jnt_)",
            Self::JointDigestMalformed => "Consensus(jnt_) does not decode to its last byte",
            Self::Subtrees => "subtree roots are unordered, zero, or lack the cross-chain root",
            Self::Analysis => "claim and analysis do not go together or are out of bounds",
            Self::SealMissing => "digest lacks Seal(pow_)",
            Self::SealMalformed => "Seal(pow_) is not exactly 8 bytes",
            Self::UnexpectedItem => "digest has a doubled, foreign or misplaced item",
        })
    }
}

/// A header with its digest decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JointHeader {
    /// Height.
    pub number: BlockNumber,
    /// The parent's sealed hash.
    pub parent: H256,
    /// Hash of the sealed header: the block's hash.
    pub hash: H256,
    /// R_i, hash of the header without its seal.
    pub pre_hash: H256,
    /// The author's item.
    pub pre: PreDigest,
    /// The runtime's item.
    pub joint: JointDigest,
    /// Whether the block changed the runtime.
    pub upgraded: bool,
    /// k_i, the seal.
    pub nonce: [u8; 8],
}

impl JointHeader {
    /// Decodes a sealed header from its SCALE encoding, to the last byte.
    pub fn decode(bytes: &[u8]) -> Result<Self, HeaderError> {
        if bytes.len() > MAX_HEADER_LEN {
            return Err(HeaderError::TooLong);
        }
        let header = Header::decode_all(&mut &bytes[..]).map_err(|_| HeaderError::Malformed)?;
        Self::from_header(&header)
    }

    /// Decodes a sealed header's digest.
    pub fn from_header(header: &Header) -> Result<Self, HeaderError> {
        if header.number == 0 {
            return Err(HeaderError::Genesis);
        }
        let mut unsealed = header.clone();
        let nonce = match unsealed.digest.pop() {
            Some(DigestItem::Seal(POW_ENGINE_ID, seal)) => {
                <[u8; 8]>::try_from(&seal[..]).map_err(|_| HeaderError::SealMalformed)?
            }
            _ => return Err(HeaderError::SealMissing),
        };
        let UnsealedDigest { pre, joint, upgraded } = UnsealedDigest::from_header(&unsealed)?;
        Ok(Self {
            number: header.number,
            parent: header.parent_hash,
            hash: header.hash(),
            pre_hash: unsealed.hash(),
            pre,
            joint,
            upgraded,
            nonce,
        })
    }

    /// The work hash (eq. 9).
    pub fn work_hash(&self) -> H256 {
        work::work_hash(&self.pre_hash, self.nonce)
    }
}

/// The digest of a header before it is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsealedDigest {
    /// The author's item.
    pub pre: PreDigest,
    /// The runtime's item.
    pub joint: JointDigest,
    /// Whether the block changed the runtime.
    pub upgraded: bool,
}

impl UnsealedDigest {
    /// Decodes an unsealed header's digest: the header of a proposal, or a sealed one with its seal popped.
    pub fn from_header(header: &Header) -> Result<Self, HeaderError> {
        let mut items = header.digest.logs().iter().peekable();
        let pre = match items.next() {
            Some(DigestItem::PreRuntime(POW_ENGINE_ID, bytes)) => {
                PreDigest::decode_all(&mut &bytes[..]).map_err(|_| HeaderError::PreDigestMalformed)?
            }
            _ => return Err(HeaderError::PreDigestMissing),
        };
        let upgraded = items.next_if(|item| matches!(item, DigestItem::RuntimeEnvironmentUpdated)).is_some();
        let joint = match items.next() {
            Some(DigestItem::Consensus(JOINT_ENGINE_ID, bytes)) => {
                JointDigest::decode_all(&mut &bytes[..]).map_err(|_| HeaderError::JointDigestMalformed)?
            }
            None => return Err(HeaderError::JointDigestMissing),
            Some(_) => return Err(HeaderError::UnexpectedItem),
        };
        if items.next().is_some() {
            return Err(HeaderError::UnexpectedItem);
        }
        check_subtrees(&joint)?;
        check_analysis(&pre, &joint)?;
        Ok(Self { pre, joint, upgraded })
    }
}

fn check_subtrees(joint: &JointDigest) -> Result<(), HeaderError> {
    let ascending = joint.subtrees.windows(2).all(|pair| matches!(pair, [a, b] if a.id < b.id));
    let zero = joint.subtrees.iter().any(|subtree| subtree.root.is_zero()) || joint.ancestry.is_zero();
    if !ascending || zero || joint.subtree(SubtreeId::CrossChain).is_none() {
        return Err(HeaderError::Subtrees);
    }
    Ok(())
}

fn check_analysis(pre: &PreDigest, joint: &JointDigest) -> Result<(), HeaderError> {
    match (&pre.claim, &joint.analysis) {
        (None, None) => Ok(()),
        // Of the claim only family, rotation and bounds: what it is worth takes the price pairs, and so execution.
        (Some(claim), Some(analysis))
            if (MIN_OBSERVATIONS..=MAX_OBSERVATIONS).contains(&analysis.observations) && claim.copula().is_ok() =>
        {
            Ok(())
        }
        _ => Err(HeaderError::Analysis),
    }
}

/// The author's digest item.
pub fn pre_runtime_item(pre: &PreDigest) -> DigestItem {
    DigestItem::PreRuntime(POW_ENGINE_ID, pre.encode())
}

/// The runtime's digest item.
pub fn joint_item(joint: &JointDigest) -> DigestItem {
    DigestItem::Consensus(JOINT_ENGINE_ID, joint.encode())
}

/// The seal's digest item.
pub fn seal_item(nonce: [u8; 8]) -> DigestItem {
    DigestItem::Seal(POW_ENGINE_ID, Vec::from(nonce))
}

/// The author's item of a block being executed, from its pre-runtime digest.
pub fn find_pre_digest<'a>(items: impl IntoIterator<Item = &'a DigestItem>) -> Result<PreDigest, HeaderError> {
    let mut found = None;
    for item in items {
        if let DigestItem::PreRuntime(engine, bytes) = item {
            if *engine != POW_ENGINE_ID || found.is_some() {
                return Err(HeaderError::UnexpectedItem);
            }
            let pre = PreDigest::decode_all(&mut &bytes[..]).map_err(|_| HeaderError::PreDigestMalformed)?;
            found = Some(pre);
        }
    }
    found.ok_or(HeaderError::PreDigestMissing)
}
