//! A chain in memory, and what it may commit: for the tests of what is stored next to a chain and answered from it.

use crate::client::{Block, Hash};
use codec::Encode;
use gridpeg_header::{
    digest::{joint_item, pre_runtime_item, seal_item},
    Header, JointDigest, PreDigest, SubtreeId, SubtreeRoot, U256,
};
use gridpeg_messages::{Domain, LaneState, Message, Nonce, OutboxLeaf, Outcome, Payload, Receipt, Refusal, Transfer};
use parking_lot::Mutex;
use polkadot_sdk::{
    sc_client_api::AuxStore,
    sp_blockchain::{BlockStatus, HeaderBackend, Info, Result},
    sp_runtime::Digest,
};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, AtomicUsize, Ordering},
};

/// Headers, finality and auxiliary data.
pub(crate) struct Chain {
    headers: Mutex<BTreeMap<Hash, Header>>,
    /// The best branch, by height.
    best: Mutex<Vec<Hash>>,
    finalized: AtomicU32,
    aux: Mutex<BTreeMap<Vec<u8>, Vec<u8>>>,
    /// Reads of auxiliary data.
    pub(crate) reads: AtomicUsize,
}

impl Default for Chain {
    fn default() -> Self {
        let chain = Self {
            headers: Mutex::default(),
            best: Mutex::default(),
            finalized: AtomicU32::new(0),
            aux: Mutex::default(),
            reads: AtomicUsize::new(0),
        };
        chain.adopt(&[Self::genesis()]);
        chain
    }
}

impl Chain {
    pub(crate) fn genesis() -> Header {
        Header {
            parent_hash: Hash::zero(),
            number: 0,
            state_root: Hash::zero(),
            extrinsics_root: Hash::zero(),
            digest: Digest::default(),
        }
    }

    /// Adds headers of any branch.
    pub(crate) fn add(&self, headers: &[Header]) {
        self.headers.lock().extend(headers.iter().map(|header| (header.hash(), header.clone())));
    }

    /// Adds headers, lowest first; the last one is best then.
    pub(crate) fn adopt(&self, headers: &[Header]) {
        self.add(headers);
        let mut best = self.best.lock();
        for header in headers {
            best.truncate(header.number as usize);
            best.push(header.hash());
        }
    }

    pub(crate) fn finalize(&self, number: u32) {
        self.finalized.store(number, Ordering::Relaxed);
    }

    /// All auxiliary data.
    pub(crate) fn aux(&self) -> BTreeMap<Vec<u8>, Vec<u8>> {
        self.aux.lock().clone()
    }

    /// Damages auxiliary data.
    pub(crate) fn set_aux(&self, key: &[u8], value: Option<Vec<u8>>) {
        let mut aux = self.aux.lock();
        match value {
            Some(value) => aux.insert(key.to_vec(), value),
            None => aux.remove(key),
        };
    }
}

impl HeaderBackend<Block> for Chain {
    fn header(&self, hash: Hash) -> Result<Option<Header>> {
        Ok(self.headers.lock().get(&hash).cloned())
    }

    fn info(&self) -> Info<Block> {
        let best = self.best.lock();
        let finalized = self.finalized.load(Ordering::Relaxed);
        Info {
            best_hash: best[best.len() - 1],
            best_number: best.len() as u32 - 1,
            genesis_hash: best[0],
            finalized_hash: best[finalized as usize],
            finalized_number: finalized,
            finalized_state: None,
            number_leaves: 1,
            block_gap: None,
        }
    }

    fn status(&self, hash: Hash) -> Result<BlockStatus> {
        let known = self.headers.lock().contains_key(&hash);
        Ok(if known { BlockStatus::InChain } else { BlockStatus::Unknown })
    }

    fn number(&self, hash: Hash) -> Result<Option<u32>> {
        Ok(self.headers.lock().get(&hash).map(|header| header.number))
    }

    fn hash(&self, number: u32) -> Result<Option<Hash>> {
        Ok(self.best.lock().get(number as usize).copied())
    }
}

impl AuxStore for Chain {
    fn insert_aux<
        'a,
        'b: 'a,
        'c: 'a,
        I: IntoIterator<Item = &'a (&'c [u8], &'c [u8])>,
        D: IntoIterator<Item = &'a &'b [u8]>,
    >(
        &self,
        insert: I,
        delete: D,
    ) -> Result<()> {
        let mut aux = self.aux.lock();
        aux.extend(insert.into_iter().map(|(key, value)| (key.to_vec(), value.to_vec())));
        for key in delete {
            aux.remove(*key);
        }
        Ok(())
    }

    fn get_aux(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        Ok(self.aux.lock().get(key).cloned())
    }
}

/// The domain of this chain's cross-chain subtree.
pub(crate) fn domain() -> Domain {
    Domain { tree: SubtreeId::CrossChain, chain: Chain::genesis().hash() }
}

pub(crate) fn message(nonce: Nonce) -> Message {
    let transfer = Transfer { sender: [1; 32], recipient: [2; 32], amount: 10, total: 10 * u128::from(nonce) };
    Message {
        destination: Hash::repeat_byte(9),
        nonce,
        previous: Hash::repeat_byte(8),
        acknowledged: 2,
        payload: Payload::Transfer(transfer),
    }
}

pub(crate) fn receipt(nonce: Nonce) -> Receipt {
    let outcome = if nonce.is_multiple_of(2) { Outcome::Accepted } else { Outcome::Refused(Refusal::Amount) };
    Receipt { nonce, message: Hash::repeat_byte(7), outcome }
}

/// An outbox: the state, then receipts and messages with these nonces.
pub(crate) fn outbox(
    receipts: impl IntoIterator<Item = Nonce>,
    messages: impl IntoIterator<Item = Nonce>,
) -> Vec<OutboxLeaf> {
    let state = LaneState { sent: 7, last_sent: Hash::repeat_byte(6), sent_total: 1 << 100, ..Default::default() };
    [OutboxLeaf::State(state)]
        .into_iter()
        .chain(receipts.into_iter().map(|nonce| OutboxLeaf::Receipt(receipt(nonce))))
        .chain(messages.into_iter().map(|nonce| OutboxLeaf::Message(message(nonce))))
        .collect()
}

/// The cross-chain root over these leaves.
pub(crate) fn root(leaves: &[OutboxLeaf]) -> Hash {
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| domain().leaf(&leaf.encode())).collect();
    domain().root(&hashes)
}

/// A header that commits these leaves.
pub(crate) fn header(leaves: &[OutboxLeaf]) -> Header {
    let joint = JointDigest {
        time: 1_000,
        target: U256::one() << 240,
        analysis: None,
        work: U256::from(65_536u32),
        ancestry: Hash::repeat_byte(4),
        subtrees: vec![SubtreeRoot { id: SubtreeId::CrossChain, root: root(leaves) }].try_into().unwrap(),
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
