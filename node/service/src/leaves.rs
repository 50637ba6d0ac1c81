//! The leaves of the cross-chain subtree, kept after the state that they came from is pruned.
//!
//! A header commits the open outbox by its root. To prove a leaf against it takes all leaves of that outbox, and the
//! runtime tells them only for as long as it has the block's state. So when a block is imported whose root is new, its
//! leaves go to the client's auxiliary store: each by its hash, and the list of hashes by the root.
//!
//! **Forks and pruning** need no care, because everything is stored by its content: a root means the same leaves on
//! every branch, and nothing is ever changed or removed.
//!
//! **Cost**: one read per block, also in a sync. The runtime is called only if the outbox is a new one: if the block
//! sent or received a message, or dropped a receipt.
//!
//! **Crash** between a block's import and the storing of its leaves: [`Leaves::fill`] looks for such blocks at the
//! start. A block of a branch beside the best one may still lack them; then the state answers, while it is there.
//!
//! **Errors** refuse no block, for it is valid: they are logged and counted in `gridpeg_leaves_failed_total`.
//!
//! **Disk**: a message takes 0.2 kB, a receipt and a state of the lanes 0.1 kB each, and every new outbox 32 bytes for
//! each of its leaves. With few open messages that is about 1 kB on either chain for each that crosses; with a full
//! outbox (1,024 messages and as many receipts) 64 kB for each block that changes it.

use crate::{
    client::{joint_header_of, store, Block, FullClient, Hash},
    metrics::Metrics,
};
use codec::{DecodeAll, Encode};
use gridpeg_header::{JointHeader, SubtreeId};
use gridpeg_messages::{Domain, OutboxLeaf};
use gridpeg_runtime_api::LanesApi;
use log::{info, warn};
use polkadot_sdk::{
    sc_client_api::AuxStore,
    sp_api::ProvideRuntimeApi,
    sp_blockchain::{self, HeaderBackend},
    sp_consensus::BlockStatus,
};
use std::sync::Arc;

const LOG_TARGET: &str = "leaves";

/// Most blocks that [`Leaves::fill`] looks at. Without an archive it ends where the state does; in an archive the state
/// answers for what is older.
const LOOK_BACK: u32 = 4_096;

/// First part of the key of a list of leaves; the root follows.
const OUTBOX: &[u8] = b"gridpeg/outbox/";
/// First part of the key of a leaf; its hash follows.
const LEAF: &[u8] = b"gridpeg/leaf/";

/// Why leaves are not kept or not found.
#[derive(Debug, thiserror::Error)]
pub enum LeavesError {
    /// The runtime's outbox is not what the header commits.
    #[error("the outbox leads to the root {found:?}, the header commits {committed:?}")]
    OtherRoot {
        /// The root over the leaves.
        found: Hash,
        /// The root in the header.
        committed: Hash,
    },
    /// A stored list or leaf is missing or does not decode.
    #[error("the stored leaves of {0:?} are damaged")]
    Damaged(Hash),
    /// The client failed to look something up, to ask the runtime, or to store.
    #[error(transparent)]
    Client(#[from] sp_blockchain::Error),
}

/// The leaves of the cross-chain subtree.
pub struct Leaves<C = FullClient> {
    client: Arc<C>,
    domain: Domain,
    metrics: Metrics,
}

impl<C> Clone for Leaves<C> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone(), domain: self.domain, metrics: self.metrics.clone() }
    }
}

impl<C: AuxStore + HeaderBackend<Block>> Leaves<C> {
    /// The leaves of a client's chain.
    pub fn new(client: Arc<C>, metrics: Metrics) -> Self {
        let domain = Domain { tree: SubtreeId::CrossChain, chain: client.info().genesis_hash };
        Self { client, domain, metrics }
    }

    /// The domain of the chain's cross-chain subtree.
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// Whether the leaves under a root are kept.
    pub fn has(&self, root: &Hash) -> sp_blockchain::Result<bool> {
        Ok(self.client.get_aux(&key(OUTBOX, root))?.is_some())
    }

    /// The leaves under a root, in order; `None` if they are not kept.
    pub fn get(&self, root: &Hash) -> Result<Option<Vec<OutboxLeaf>>, LeavesError> {
        let Some(list) = self.client.get_aux(&key(OUTBOX, root))? else {
            return Ok(None);
        };
        let damaged = || LeavesError::Damaged(*root);
        let hashes = Vec::<Hash>::decode_all(&mut &list[..]).map_err(|_| damaged())?;
        let leaf = |hash: &Hash| {
            let bytes = self.client.get_aux(&key(LEAF, hash))?.ok_or_else(damaged)?;
            OutboxLeaf::decode_all(&mut &bytes[..]).map_err(|_| damaged())
        };
        hashes.iter().map(leaf).collect::<Result<_, _>>().map(Some)
    }

    /// Keeps the leaves under a root, after checking that they lead to it.
    pub fn put(&self, root: &Hash, leaves: &[OutboxLeaf]) -> Result<(), LeavesError> {
        let leaves: Vec<Vec<u8>> = leaves.iter().map(Encode::encode).collect();
        let hashes: Vec<Hash> = leaves.iter().map(|leaf| self.domain.leaf(leaf)).collect();
        let found = self.domain.root(&hashes);
        if found != *root {
            return Err(LeavesError::OtherRoot { found, committed: *root });
        }
        let mut entries = vec![(key(OUTBOX, root), hashes.encode())];
        for (hash, leaf) in hashes.iter().zip(leaves) {
            let key = key(LEAF, hash);
            // Most were in the outbox before.
            if self.client.get_aux(&key)?.is_none() {
                entries.push((key, leaf));
            }
        }
        Ok(store(&*self.client, &entries)?)
    }
}

impl Leaves {
    /// The leaves that a header commits: those that are kept, else those that the block's state has; `None` if that is
    /// pruned.
    pub fn at(&self, header: &JointHeader) -> Result<Option<Vec<OutboxLeaf>>, LeavesError> {
        if let Some(root) = header.joint.subtree(SubtreeId::CrossChain) {
            if let Some(leaves) = self.get(&root)? {
                return Ok(Some(leaves));
            }
        }
        Ok(if self.has_state(header.hash)? { Some(self.ask(header.hash)?) } else { None })
    }

    /// Keeps the leaves that a block commits, unless they are kept already. Its state must be there.
    pub fn keep(&self, header: &JointHeader) {
        if let Err(error) = self.try_keep(header) {
            self.metrics.leaves_failed.inc();
            warn!(
                target: LOG_TARGET,
                "Block #{} ({:?}) is imported, but its cross-chain leaves are not kept: {error}. Nothing at that block \
                 can be proven once its state is pruned. Look after the disk and restart this node before that: it \
                 tries again then.",
                header.number,
                header.hash,
            );
        }
    }

    /// Keeps the leaves of those blocks below the best one that lack them, for as far as there is state.
    pub fn fill(&self) {
        match self.try_fill() {
            Ok(0) => {}
            Ok(filled) => info!(target: LOG_TARGET, "Kept the cross-chain leaves of {filled} earlier blocks"),
            Err(error) => {
                self.metrics.leaves_failed.inc();
                warn!(
                    target: LOG_TARGET,
                    "Cannot keep the cross-chain leaves of earlier blocks: {error}. Nothing at them can be proven once \
                     their state is pruned. Look after the disk and restart this node.",
                );
            }
        }
    }

    /// The number of outboxes that were missing.
    fn try_fill(&self) -> Result<u32, LeavesError> {
        let mut hash = self.client.info().best_hash;
        let mut filled = 0u32;
        for _ in 0..LOOK_BACK {
            // Genesis commits nothing.
            let Some(header) = joint_header_of(&*self.client, hash)? else {
                break;
            };
            if !self.has_state(hash)? {
                break;
            }
            filled = filled.saturating_add(self.try_keep(&header)?.into());
            hash = header.parent;
        }
        Ok(filled)
    }

    /// Whether they were missing.
    fn try_keep(&self, header: &JointHeader) -> Result<bool, LeavesError> {
        let Some(root) = header.joint.subtree(SubtreeId::CrossChain) else {
            return Ok(false);
        };
        if self.has(&root)? {
            return Ok(false);
        }
        self.put(&root, &self.ask(header.hash)?)?;
        Ok(true)
    }

    fn has_state(&self, hash: Hash) -> sp_blockchain::Result<bool> {
        Ok(self.client.block_status(hash)? == BlockStatus::InChainWithState)
    }

    fn ask(&self, hash: Hash) -> sp_blockchain::Result<Vec<OutboxLeaf>> {
        Ok(self.client.runtime_api().outbox(hash)?)
    }
}

fn key(kind: &[u8], hash: &Hash) -> Vec<u8> {
    [kind, hash.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::{outbox, root, Chain};

    fn leaves() -> Leaves<Chain> {
        let metrics = Metrics::new(&gridpeg_header::forge::easy_parameters(), None).unwrap();
        Leaves::new(Arc::new(Chain::default()), metrics)
    }

    #[test]
    fn leaves_are_found_by_the_root_that_they_lead_to() {
        let kept = leaves();
        let (first, second) = (outbox(3..6, 7..9), outbox([], []));
        for outbox in [&first, &second] {
            assert_eq!(kept.get(&root(outbox)).unwrap(), None);
            assert!(!kept.has(&root(outbox)).unwrap());
            kept.put(&root(outbox), outbox).unwrap();
            assert!(kept.has(&root(outbox)).unwrap());
        }
        // Another process.
        let kept = Leaves::new(kept.client.clone(), kept.metrics.clone());
        assert_eq!(kept.get(&root(&first)).unwrap(), Some(first));
        assert_eq!(kept.get(&root(&second)).unwrap(), Some(second));
    }

    #[test]
    fn leaves_that_lead_to_another_root_are_not_kept() {
        let kept = leaves();
        let outbox = outbox(3..6, 7..9);
        for wrong in [&outbox[1..], &[]] {
            assert!(matches!(kept.put(&root(&outbox), wrong), Err(LeavesError::OtherRoot { .. })));
        }
        assert!(kept.client.aux().is_empty());
    }

    #[test]
    fn a_leaf_of_several_outboxes_is_stored_once() {
        let kept = leaves();
        for last in 8..12 {
            let outbox = outbox(3..6, 7..last);
            kept.put(&root(&outbox), &outbox).unwrap();
        }
        // Four lists, the state, three receipts, four messages.
        assert_eq!(kept.client.aux().len(), 4 + 1 + 3 + 4);
        let before = kept.client.aux();
        let outbox = outbox(3..6, 7..9);
        kept.put(&root(&outbox), &outbox).unwrap();
        assert_eq!(kept.client.aux(), before);
    }

    #[test]
    fn damaged_leaves_are_an_error_and_not_an_answer() {
        let kept = leaves();
        let outbox = outbox(3..6, 7..9);
        kept.put(&root(&outbox), &outbox).unwrap();
        for key in kept.client.aux().into_keys() {
            for damage in [None, Some(vec![9, 9])] {
                // Without its list an outbox is simply not kept.
                let unknown = damage.is_none() && key.starts_with(OUTBOX);
                let good = kept.client.aux().remove(&key);
                kept.client.set_aux(&key, damage);
                match kept.get(&root(&outbox)) {
                    Ok(None) => assert!(unknown),
                    other => assert!(matches!(other, Err(LeavesError::Damaged(_))), "{other:?}"),
                }
                kept.client.set_aux(&key, good);
            }
        }
        assert_eq!(kept.get(&root(&outbox)).unwrap(), Some(outbox));
    }
}
