//! Making room at full heights: which forks are kept, and which give way to a heavier one.
//!
//! What a fork weighs is the cumulative work of the heaviest header that has it as an ancestor. That takes a look at all
//! that is kept above it, so it is done once for a batch: every header from the batch's lowest height up is read one time,
//! however the forks branch. A fork that is heavier than the stored ones gets in whatever they look like.

use crate::{AtHeight, Canonical, Config, Error, Headers, Pallet, StoredHeader};
use alloc::{collections::BTreeMap, vec::Vec};
use gridpeg_header::{H256, U256};
use polkadot_sdk::{frame_support::ensure, sp_runtime::DispatchResult};

/// What a batch knows of the headers kept at its heights and above.
pub(crate) struct Room {
    /// The batch's lowest height.
    lowest: u32,
    /// Read at the first full height.
    trees: Option<BTreeMap<H256, Tree>>,
    /// Heights read.
    pub read: u32,
    /// Headers dropped.
    pub dropped: u32,
}

/// A kept header, as the root of what is kept above it.
struct Tree {
    number: u32,
    parent: H256,
    /// The most cumulative work of a header in it.
    heaviest: U256,
    children: Vec<H256>,
}

impl Room {
    /// For a batch whose lowest header has this height.
    pub(crate) fn from(lowest: u32) -> Self {
        Self { lowest, trees: None, read: 0, dropped: 0 }
    }

    /// Makes room for one header at a full height: drops the fork there that is the lightest, with all above it. It must
    /// be lighter than `work`, and off the heaviest branch.
    pub(crate) fn make<T: Config>(&mut self, number: u32, work: U256) -> DispatchResult {
        if self.trees.is_none() {
            self.read_trees::<T>();
        }
        let Some(trees) = &self.trees else { return Ok(()) };
        let canonical = Canonical::<T>::get(number);
        let forks = AtHeight::<T>::get(number).into_iter().filter(|hash| Some(*hash) != canonical);
        let mut forks: Vec<_> = forks.filter_map(|hash| Some((trees.get(&hash)?.heaviest, hash))).collect();
        // Stable: of equals the one seen first goes.
        forks.sort_by_key(|(heaviest, _)| *heaviest);
        let budget = Pallet::<T>::most_dropped().saturating_sub(self.dropped) as usize;
        for (heaviest, root) in forks {
            ensure!(heaviest < work, Error::<T>::ForkTooLight);
            let members = members(trees, root);
            // Few can be that large, and then another one goes.
            if members.len() <= budget {
                self.drop_members::<T>(&members);
                return Ok(());
            }
        }
        Err(Error::<T>::ForkTooLight.into())
    }

    /// Takes note of a header that was stored.
    pub(crate) fn note(&mut self, header: &StoredHeader) {
        let Some(trees) = &mut self.trees else { return };
        plant(trees, header);
        let mut at = header.parent;
        while let Some(tree) = trees.get_mut(&at).filter(|tree| tree.heaviest < header.tip.work) {
            tree.heaviest = header.tip.work;
            at = tree.parent;
        }
    }

    pub(crate) fn read_trees<T: Config>(&mut self) {
        let mut trees = BTreeMap::new();
        let mut order = Vec::new();
        for number in self.lowest.. {
            let stored = AtHeight::<T>::get(number);
            if stored.is_empty() {
                break;
            }
            self.read = self.read.saturating_add(1);
            for header in stored.into_iter().filter_map(Headers::<T>::get) {
                plant(&mut trees, &header);
                order.push(header.tip.hash);
            }
        }
        // From the top down, so that each is complete when its parent asks.
        for hash in order.iter().rev() {
            let Some((parent, heaviest)) = trees.get(hash).map(|tree| (tree.parent, tree.heaviest)) else { continue };
            if let Some(below) = trees.get_mut(&parent) {
                below.heaviest = below.heaviest.max(heaviest);
            }
        }
        self.trees = Some(trees);
    }

    fn drop_members<T: Config>(&mut self, members: &[(u32, H256)]) {
        for (number, hash) in members {
            Headers::<T>::remove(hash);
            AtHeight::<T>::mutate_exists(number, |hashes| {
                if let Some(kept) = hashes {
                    kept.retain(|kept| kept != hash);
                }
                if hashes.as_ref().is_some_and(|kept| kept.is_empty()) {
                    *hashes = None;
                }
            });
            if let Some(trees) = &mut self.trees {
                // What is below may keep a weight that is gone: it is then kept for longer than it deserves.
                trees.remove(hash);
            }
        }
        self.dropped = self.dropped.saturating_add(members.len() as u32);
    }
}

/// Adds a header to its parent's tree.
fn plant(trees: &mut BTreeMap<H256, Tree>, header: &StoredHeader) {
    if let Some(parent) = trees.get_mut(&header.parent) {
        parent.children.push(header.tip.hash);
    }
    let tip = header.tip;
    let tree = Tree { number: tip.number, parent: header.parent, heaviest: tip.work, children: Vec::new() };
    trees.insert(tip.hash, tree);
}

/// A tree's headers, with their heights.
fn members(trees: &BTreeMap<H256, Tree>, root: H256) -> Vec<(u32, H256)> {
    let mut members = Vec::new();
    let mut left = Vec::from([root]);
    while let Some(hash) = left.pop() {
        // A child that was dropped is not there any more.
        if let Some(tree) = trees.get(&hash) {
            members.push((tree.number, hash));
            left.extend(&tree.children);
        }
    }
    members
}
