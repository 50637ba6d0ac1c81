//! Really mined headers for tests and benchmarks, without a runtime: branches on demand, at the easiest target.
//!
//! Every rule of [`crate::rules`] holds for them; what execution would check (state, inherents) is made up.

use crate::{
    ancestry::{Node, Range},
    digest::{joint_item, pre_runtime_item, seal_item, JointDigest, PreDigest, SubtreeId, SubtreeRoot},
    target::{work_of, MAX_TARGET},
    work::WorkFunction,
    Header, Millis, PowParameters, Tip, H256, U256,
};
use alloc::vec::Vec;
use codec::Encode;
use polkadot_sdk::sp_runtime::{Digest, DigestItem};

/// Parameters at the easiest target: a header takes sixteen hashes.
pub fn easy_parameters() -> PowParameters {
    PowParameters { block_time: 3_000, half_life: 10, initial_target: MAX_TARGET, finality_depth: 2, confirmations: 3 }
}

/// A header before it is sealed; change what a test needs changed, then [`Draft::mine`].
#[derive(Clone, Debug)]
pub struct Draft {
    /// Height, parent and made-up roots; its digest is written by [`Draft::items`].
    pub header: Header,
    /// The author's item.
    pub pre: PreDigest,
    /// The runtime's item.
    pub joint: JointDigest,
}

impl Draft {
    /// The digest items before the seal.
    pub fn items(&self) -> Vec<DigestItem> {
        [pre_runtime_item(&self.pre), joint_item(&self.joint)].into()
    }

    /// Seals it with a nonce that meets its target.
    pub fn mine(&self) -> Header {
        seal(self.header.clone(), self.items(), self.joint.effective_target())
    }
}

/// Seals a header that has these digest items with the first nonce that meets the target.
pub fn seal(mut header: Header, items: Vec<DigestItem>, target: U256) -> Header {
    header.digest = Digest { logs: items };
    let nonce = WorkFunction::new(&header.hash()).search(0, u64::MAX, target).unwrap_or_default();
    header.digest.push(seal_item(nonce));
    header
}

/// A branch of mined headers from genesis.
#[derive(Clone)]
pub struct Branch {
    parameters: PowParameters,
    tips: Vec<Tip>,
    headers: Vec<Header>,
}

impl Branch {
    /// The branch that has only this genesis block.
    pub fn new(genesis: H256, parameters: PowParameters) -> Self {
        Self { tips: [Tip::genesis(genesis, &parameters)].into(), headers: Vec::new(), parameters }
    }

    /// The last block.
    pub fn tip(&self) -> Tip {
        self.tips.last().copied().unwrap_or_else(|| Tip::genesis(H256::zero(), &self.parameters))
    }

    /// The block at a height.
    pub fn tip_at(&self, number: u32) -> Tip {
        self.tips[number as usize]
    }

    /// The headers from block 1 on.
    pub fn headers(&self) -> &[Header] {
        &self.headers
    }

    /// The encoded headers from a height on.
    pub fn encoded_from(&self, number: u32) -> Vec<Vec<u8>> {
        self.headers.iter().skip(number.saturating_sub(1) as usize).map(Encode::encode).collect()
    }

    /// A branch that shares this one's blocks up to a height.
    pub fn fork_at(&self, number: u32) -> Self {
        let mut fork = self.clone();
        fork.tips.truncate(number as usize + 1);
        fork.headers.truncate(number as usize);
        fork
    }

    /// A valid next header, unsealed. `salt` tells branches apart.
    pub fn draft(&self, solve_time: Millis, cross_root: H256, salt: u8) -> Draft {
        let tip = self.tip();
        let target = tip.next_target(&self.parameters);
        let mut range = Range::default();
        for (tip, parent) in self.tips.iter().zip([None].into_iter().chain(self.tips.iter().map(Some))) {
            let work = parent.map_or(U256::zero(), |parent| tip.work - parent.work);
            let _ = range.push(Node::leaf(&tip.hash, work));
        }
        let time = if tip.number == 0 { 1_000_000_000 } else { tip.time + solve_time };
        Draft {
            header: Header {
                parent_hash: tip.hash,
                number: tip.number + 1,
                state_root: H256::repeat_byte(salt),
                extrinsics_root: H256::repeat_byte(2),
                digest: Digest::default(),
            },
            pre: PreDigest { author: [salt; 32], claim: None },
            joint: JointDigest {
                time,
                target,
                analysis: None,
                work: tip.work + work_of(target),
                ancestry: range.root().unwrap_or_default(),
                subtrees: [SubtreeRoot { id: SubtreeId::CrossChain, root: cross_root }]
                    .to_vec()
                    .try_into()
                    .unwrap_or_default(),
            },
        }
    }

    /// Mines and appends a block.
    pub fn extend(&mut self, solve_time: Millis, cross_root: H256, salt: u8) -> Tip {
        let draft = self.draft(solve_time, cross_root, salt);
        self.append(&draft)
    }

    /// Mines and appends a draft of this branch's next header.
    pub fn append(&mut self, draft: &Draft) -> Tip {
        let header = draft.mine();
        let parent = self.tip();
        let tip = Tip {
            number: header.number,
            hash: header.hash(),
            time: draft.joint.time,
            solve_time: (parent.number > 0).then(|| draft.joint.time - parent.time),
            target: draft.joint.target,
            work: draft.joint.work,
        };
        self.tips.push(tip);
        self.headers.push(header);
        tip
    }
}
