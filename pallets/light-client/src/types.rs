//! Storage forms.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_header::{target::work_of, JointHeader, PowParameters, SubtreeId, Tip, H256, U256};
use scale_info::TypeInfo;

/// The counterpart chain.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Anchor {
    /// Its genesis hash.
    pub genesis: H256,
    /// Its proof-of-work parameters.
    pub parameters: PowParameters,
}

/// A heavier branch has replaced a confirmed header, as it was detected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Conflict {
    /// Height and hash of the highest header that had been confirmed.
    pub confirmed: (u32, H256),
    /// The highest header that both branches share; the height below the floor if they share none that is kept.
    pub common: u32,
    /// Headers above it that left the heaviest branch.
    pub depth: u32,
}

/// What is kept of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct StoredHeader {
    /// What its children are checked by.
    pub tip: Tip,
    /// Its parent's hash.
    pub parent: H256,
    /// Root of its cross-chain subtree; zero for genesis, against which nothing can be proven.
    pub cross_root: H256,
    /// Root of its ancestry range; zero for genesis.
    pub ancestry: H256,
    /// The recent peak: max(own base work, the parent's recent peak less 1/256 of it). Follows a rising difficulty at
    /// once and a falling one slowly, so that a branch cannot lower the work that confirms by lowering its difficulty.
    pub peak: U256,
}

/// One block forgets this part of the recent peak.
const PEAK_DECAY: u32 = 256;

impl StoredHeader {
    /// The counterpart's genesis.
    pub fn genesis(tip: Tip) -> Self {
        Self { tip, parent: H256::zero(), cross_root: H256::zero(), ancestry: H256::zero(), peak: U256::zero() }
    }

    /// A checked child of this header; `tip` is what the check returned.
    pub fn child(&self, tip: Tip, header: &JointHeader) -> Self {
        let faded = self.peak.saturating_sub(self.peak.checked_div(PEAK_DECAY.into()).unwrap_or_default());
        Self {
            tip,
            parent: header.parent,
            // Decoding made sure that it is there and not zero.
            cross_root: header.joint.subtree(SubtreeId::CrossChain).unwrap_or_default(),
            ancestry: header.joint.ancestry,
            peak: work_of(tip.target).max(faded),
        }
    }
}
