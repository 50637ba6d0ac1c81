//! The leaves of the subtrees, kept after the state that they came from is pruned.
//!
//! A header commits the leaves of each subtree by a root: the open outbox, and what the markets recorded in the block.
//! To prove a leaf against it takes all leaves under that root, and the runtime tells them only for as long as it has
//! the block's state. So when a block is imported with a root that is new, its leaves go to the client's auxiliary
//! store: each by its hash, and the list of hashes by the root.
//!
//! **Forks and pruning** need no care, because everything is stored by its content: a root means the same leaves on
//! every branch, and nothing is ever changed or removed.
//!
//! **Cost**: one read per block and subtree with leaves, also in a sync. The runtime is called only if a root is new: if
//! the block sent or received a message, dropped a receipt, or recorded something.
//!
//! **Crash** between a block's import and the storing of its leaves: [`Leaves::fill`] looks for such blocks at the
//! start. A block of a branch beside the best one may still lack them; then the state answers, while it is there.
//!
//! **Errors** refuse no block, for it is valid: they are logged and counted in `gridpeg_leaves_failed_total`.
//!
//! **Disk**: a message or a trade takes 0.2 kB, a price, a receipt and a state of the lanes 0.1 kB each, and every new
//! root 32 bytes for each of its leaves. With few open messages that is about 1 kB on either chain for each that crosses; with a full
//! outbox (1,024 messages and as many receipts) 64 kB for each block that changes it.

use crate::{
    client::{joint_header_of, store, Block, FullClient, Hash},
    metrics::Metrics,
};
use codec::{DecodeAll, Encode};
use gridpeg_header::{JointHeader, SubtreeId};
use gridpeg_messages::{Domain, OutboxLeaf};
use gridpeg_runtime_api::SubtreesApi;
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
const LIST: &[u8] = b"gridpeg/leaves/";
/// First part of the key of a leaf; its hash follows.
const LEAF: &[u8] = b"gridpeg/leaf/";

/// Why leaves are not kept or not found.
#[derive(Debug, thiserror::Error)]
pub enum LeavesError {
    /// The runtime's leaves are not what the header commits.
    #[error("the leaves of {tree:?} lead to the root {found:?}, the header commits {committed:?}")]
    OtherRoot {
        /// Whose leaves.
        tree: SubtreeId,
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

/// The leaves of all subtrees.
pub struct Leaves<C = FullClient> {
    client: Arc<C>,
    genesis: Hash,
    metrics: Metrics,
}

impl<C> Clone for Leaves<C> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone(), genesis: self.genesis, metrics: self.metrics.clone() }
    }
}

impl<C: AuxStore + HeaderBackend<Block>> Leaves<C> {
    /// The leaves of a client's chain.
    pub fn new(client: Arc<C>, metrics: Metrics) -> Self {
        let genesis = client.info().genesis_hash;
        Self { client, genesis, metrics }
    }

    /// The domain of one of the chain's subtrees.
    pub fn domain(&self, tree: SubtreeId) -> Domain {
        Domain { tree, chain: self.genesis }
    }

    /// Whether the leaves under a root are kept, or there are none.
    pub fn has(&self, tree: SubtreeId, root: &Hash) -> sp_blockchain::Result<bool> {
        Ok(self.is_empty(tree, root) || self.client.get_aux(&key(LIST, root))?.is_some())
    }

    /// The leaves under a root, in order, as they are hashed; `None` if they are not kept.
    pub fn get(&self, tree: SubtreeId, root: &Hash) -> Result<Option<Vec<Vec<u8>>>, LeavesError> {
        if self.is_empty(tree, root) {
            return Ok(Some(Vec::new()));
        }
        let Some(list) = self.client.get_aux(&key(LIST, root))? else {
            return Ok(None);
        };
        let (domain, damaged) = (self.domain(tree), || LeavesError::Damaged(*root));
        let hashes = Vec::<Hash>::decode_all(&mut &list[..]).map_err(|_| damaged())?;
        let leaf = |hash: &Hash| {
            let leaf = self.client.get_aux(&key(LEAF, hash))?.ok_or_else(damaged)?;
            if domain.leaf(&leaf) != *hash {
                return Err(damaged());
            }
            Ok(leaf)
        };
        hashes.iter().map(leaf).collect::<Result<_, _>>().map(Some)
    }

    /// Keeps the leaves under a root, after checking that they lead to it.
    pub fn put(&self, tree: SubtreeId, root: &Hash, leaves: Vec<Vec<u8>>) -> Result<(), LeavesError> {
        let domain = self.domain(tree);
        let hashes: Vec<Hash> = leaves.iter().map(|leaf| domain.leaf(leaf)).collect();
        let found = domain.root(&hashes);
        if found != *root {
            return Err(LeavesError::OtherRoot { tree, found, committed: *root });
        }
        let mut entries = vec![(key(LIST, root), hashes.encode())];
        for (hash, leaf) in hashes.iter().zip(leaves) {
            let key = key(LEAF, hash);
            // Most were in the outbox before.
            if self.client.get_aux(&key)?.is_none() {
                entries.push((key, leaf));
            }
        }
        Ok(store(&*self.client, &entries)?)
    }

    fn is_empty(&self, tree: SubtreeId, root: &Hash) -> bool {
        *root == self.domain(tree).root(&[])
    }
}

impl Leaves {
    /// The leaves that a header commits in a subtree: those that are kept, else those that the block's state has; `None`
    /// if that is pruned. Of a subtree that the chain does not have there are none.
    pub fn at(&self, header: &JointHeader, tree: SubtreeId) -> Result<Option<Vec<Vec<u8>>>, LeavesError> {
        let Some(root) = header.joint.subtree(tree) else {
            return Ok(Some(Vec::new()));
        };
        if let Some(leaves) = self.get(tree, &root)? {
            return Ok(Some(leaves));
        }
        Ok(if self.has_state(header.hash)? { Some(self.ask(header.hash, tree)?) } else { None })
    }

    /// The open outbox that a header commits; `None` if it is neither kept nor in a state.
    pub fn outbox_at(&self, header: &JointHeader) -> Result<Option<Vec<OutboxLeaf>>, LeavesError> {
        let Some(leaves) = self.at(header, SubtreeId::CrossChain)? else {
            return Ok(None);
        };
        let damaged = |_| LeavesError::Damaged(header.joint.subtree(SubtreeId::CrossChain).unwrap_or_default());
        let decode = |leaf: Vec<u8>| OutboxLeaf::decode_all(&mut &leaf[..]).map_err(damaged);
        leaves.into_iter().map(decode).collect::<Result<_, _>>().map(Some)
    }

    /// Keeps the leaves that a block commits, unless they are kept already. Its state must be there.
    pub fn keep(&self, header: &JointHeader) {
        if let Err(error) = self.try_keep(header) {
            self.metrics.leaves_failed.inc();
            warn!(
                target: LOG_TARGET,
                "Block #{} ({:?}) is imported, but its leaves are not kept: {error}. Nothing at that block \
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
            Ok(filled) => info!(target: LOG_TARGET, "Kept the leaves under {filled} roots of earlier blocks"),
            Err(error) => {
                self.metrics.leaves_failed.inc();
                warn!(
                    target: LOG_TARGET,
                    "Cannot keep the leaves of earlier blocks: {error}. Nothing at them can be proven once \
                     their state is pruned. Look after the disk and restart this node.",
                );
            }
        }
    }

    /// The number of roots whose leaves were missing.
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
            filled = filled.saturating_add(self.try_keep(&header)?);
            hash = header.parent;
        }
        Ok(filled)
    }

    /// The number of roots whose leaves were missing.
    fn try_keep(&self, header: &JointHeader) -> Result<u32, LeavesError> {
        let mut missing = 0u32;
        for subtree in &header.joint.subtrees {
            if !self.has(subtree.id, &subtree.root)? {
                self.put(subtree.id, &subtree.root, self.ask(header.hash, subtree.id)?)?;
                missing = missing.saturating_add(1);
            }
        }
        Ok(missing)
    }

    fn has_state(&self, hash: Hash) -> sp_blockchain::Result<bool> {
        Ok(self.client.block_status(hash)? == BlockStatus::InChainWithState)
    }

    fn ask(&self, hash: Hash, tree: SubtreeId) -> sp_blockchain::Result<Vec<Vec<u8>>> {
        Ok(self.client.runtime_api().leaves(hash, tree)?)
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

    /// An outbox as it is hashed.
    fn encoded(receipts: std::ops::Range<u64>, messages: std::ops::Range<u64>) -> (Hash, Vec<Vec<u8>>) {
        let outbox = outbox(receipts, messages);
        (root(&outbox), outbox.iter().map(Encode::encode).collect())
    }

    const TREE: SubtreeId = SubtreeId::CrossChain;

    #[test]
    fn leaves_are_found_by_the_root_that_they_lead_to() {
        let kept = leaves();
        let (first, second) = (encoded(3..6, 7..9), encoded(0..0, 0..0));
        for (root, leaves) in [&first, &second] {
            assert_eq!(kept.get(TREE, root).unwrap(), None);
            assert!(!kept.has(TREE, root).unwrap());
            kept.put(TREE, root, leaves.clone()).unwrap();
            assert!(kept.has(TREE, root).unwrap());
        }
        // Another process.
        let kept = Leaves::new(kept.client.clone(), kept.metrics.clone());
        assert_eq!(kept.get(TREE, &first.0).unwrap(), Some(first.1));
        assert_eq!(kept.get(TREE, &second.0).unwrap(), Some(second.1));
    }

    #[test]
    fn a_subtree_without_leaves_needs_no_store() {
        let kept = leaves();
        for tree in [SubtreeId::PvTrading, SubtreeId::Emissions, SubtreeId::QuotaTrading, TREE] {
            let root = kept.domain(tree).root(&[]);
            assert!(kept.has(tree, &root).unwrap());
            assert_eq!(kept.get(tree, &root).unwrap(), Some(vec![]));
        }
        // It is empty in its own tree only.
        assert!(!kept.has(TREE, &kept.domain(SubtreeId::PvTrading).root(&[])).unwrap());
        assert!(kept.client.aux().is_empty());
    }

    #[test]
    fn leaves_that_lead_to_another_root_are_not_kept() {
        let kept = leaves();
        let (root, leaves) = encoded(3..6, 7..9);
        for wrong in [&leaves[1..], &[]] {
            assert!(matches!(kept.put(TREE, &root, wrong.to_vec()), Err(LeavesError::OtherRoot { .. })));
        }
        assert!(matches!(kept.put(SubtreeId::PvTrading, &root, leaves), Err(LeavesError::OtherRoot { .. })));
        assert!(kept.client.aux().is_empty());
    }

    #[test]
    fn a_leaf_of_several_outboxes_is_stored_once() {
        let kept = leaves();
        for last in 8..12 {
            let (root, leaves) = encoded(3..6, 7..last);
            kept.put(TREE, &root, leaves).unwrap();
        }
        // Four lists, the state, three receipts, four messages.
        assert_eq!(kept.client.aux().len(), 4 + 1 + 3 + 4);
        let before = kept.client.aux();
        let (root, leaves) = encoded(3..6, 7..9);
        kept.put(TREE, &root, leaves).unwrap();
        assert_eq!(kept.client.aux(), before);
    }

    #[test]
    fn damaged_leaves_are_an_error_and_not_an_answer() {
        let kept = leaves();
        let (root, leaves) = encoded(3..6, 7..9);
        kept.put(TREE, &root, leaves.clone()).unwrap();
        for key in kept.client.aux().into_keys() {
            for damage in [None, Some(vec![9, 9])] {
                // Without its list an outbox is simply not kept.
                let unknown = damage.is_none() && key.starts_with(LIST);
                let good = kept.client.aux().remove(&key);
                kept.client.set_aux(&key, damage);
                match kept.get(TREE, &root) {
                    Ok(None) => assert!(unknown),
                    other => assert!(matches!(other, Err(LeavesError::Damaged(_))), "{other:?}"),
                }
                kept.client.set_aux(&key, good);
            }
        }
        assert_eq!(kept.get(TREE, &root).unwrap(), Some(leaves));
    }
}
