//! What `joint_leaves` and `joint_leaf` answer, as JSON. Hashes and bytes are `0x` hex.

use super::errors::Error;
use crate::client::Hash;
use gridpeg_header::{JointHeader, SubtreeId};
use gridpeg_messages::{Domain, MerkleProof};
use polkadot_sdk::sp_core::Bytes;
use serde::{Deserialize, Serialize};

/// A subtree by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Tree {
    /// What the electricity market recorded in the block.
    PvTrading,
    /// Emissions (EOC), carbon chain.
    Emissions,
    /// Quota trades (TOC), carbon chain.
    QuotaTrading,
    /// Open messages and receipts.
    CrossChain,
}

impl Tree {
    /// Its id.
    pub fn id(self) -> SubtreeId {
        match self {
            Self::PvTrading => SubtreeId::PvTrading,
            Self::Emissions => SubtreeId::Emissions,
            Self::QuotaTrading => SubtreeId::QuotaTrading,
            Self::CrossChain => SubtreeId::CrossChain,
        }
    }
}

impl From<SubtreeId> for Tree {
    fn from(id: SubtreeId) -> Self {
        match id {
            SubtreeId::PvTrading => Self::PvTrading,
            SubtreeId::Emissions => Self::Emissions,
            SubtreeId::QuotaTrading => Self::QuotaTrading,
            SubtreeId::CrossChain => Self::CrossChain,
        }
    }
}

/// All leaves of a subtree that one header commits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeavesAnswer {
    /// Hash of the header.
    pub block: Hash,
    /// Its height.
    pub number: u32,
    /// The subtree.
    pub tree: Tree,
    /// Its root in the header; `null` if the chain has no such subtree.
    pub root: Option<Hash>,
    /// The leaves' bytes, in order, as they are hashed.
    pub leaves: Vec<Bytes>,
}

/// One of them, with its proof against the root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProvenLeafAnswer {
    /// Hash of the header.
    pub block: Hash,
    /// Its height.
    pub number: u32,
    /// The subtree.
    pub tree: Tree,
    /// Its root in the header.
    pub root: Hash,
    /// The leaf's bytes, as they are hashed.
    pub leaf: Bytes,
    /// The leaf's index, from 0.
    pub index: u32,
    /// Leaves of the tree.
    pub count: u32,
    /// The sibling at every level that has one, from the leaf up.
    pub siblings: Vec<Hash>,
}

impl LeavesAnswer {
    pub(super) fn new(tree: Tree, header: &JointHeader, leaves: Vec<Vec<u8>>) -> Self {
        let leaves = leaves.into_iter().map(Bytes).collect();
        Self { block: header.hash, number: header.number, tree, root: header.joint.subtree(tree.id()), leaves }
    }
}

impl ProvenLeafAnswer {
    /// Fails if there is no such leaf, or if the leaves are not those that the header commits.
    pub(super) fn new(
        tree: Tree,
        domain: &Domain,
        header: &JointHeader,
        leaves: Vec<Vec<u8>>,
        index: u32,
    ) -> Result<Self, Error> {
        let no_leaf = Error::NoLeaf { block: header.hash, index, leaves: leaves.len() };
        let (Some(root), Some(leaf)) = (header.joint.subtree(tree.id()), leaves.get(index as usize)) else {
            return Err(no_leaf);
        };
        let hashes: Vec<Hash> = leaves.iter().map(|leaf| domain.leaf(leaf)).collect();
        let too_many = || Error::failed("the subtree has too many leaves");
        let proof: MerkleProof = domain.prove(&hashes, index).ok_or_else(too_many)?;
        domain.verify(&root, leaf, &proof).map_err(Error::failed)?;
        Ok(Self {
            block: header.hash,
            number: header.number,
            tree,
            root,
            leaf: leaf.clone().into(),
            index: proof.index,
            count: proof.count,
            siblings: proof.siblings.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::{self, domain, outbox};
    use codec::Encode;
    use jsonrpsee::types::ErrorObjectOwned;

    fn committed() -> (JointHeader, Vec<Vec<u8>>) {
        let leaves = outbox(3..6, 7..9);
        let header = JointHeader::from_header(&mock::header(&leaves)).unwrap();
        (header, leaves.iter().map(Encode::encode).collect())
    }

    #[test]
    fn trees_go_by_the_names_of_joint_header() {
        let names: Vec<_> = [Tree::PvTrading, Tree::Emissions, Tree::QuotaTrading, Tree::CrossChain]
            .map(|tree| (serde_json::to_value(tree).unwrap(), Tree::from(tree.id()) == tree))
            .to_vec();
        assert_eq!(
            names,
            ["pvTrading", "emissions", "quotaTrading", "crossChain"].map(|name| (name.into(), true)).to_vec()
        );
    }

    #[test]
    fn every_leaf_is_proven() {
        let (header, leaves) = committed();
        let all = LeavesAnswer::new(Tree::CrossChain, &header, leaves.clone());
        assert_eq!((all.root, all.leaves.len()), (header.joint.subtree(SubtreeId::CrossChain), 6));
        for index in 0..6 {
            let proven = ProvenLeafAnswer::new(Tree::CrossChain, &domain(), &header, leaves.clone(), index).unwrap();
            assert_eq!((proven.index, proven.count, &proven.leaf), (index, 6, &all.leaves[index as usize]));
            let proof = MerkleProof { index, count: 6, siblings: proven.siblings.try_into().unwrap() };
            domain().verify(&proven.root, &proven.leaf, &proof).unwrap();
        }
    }

    #[test]
    fn what_is_not_committed_is_not_proven() {
        let (header, leaves) = committed();
        let refused = |tree, leaves, index| {
            let error = ProvenLeafAnswer::new(tree, &domain(), &header, leaves, index).unwrap_err();
            ErrorObjectOwned::from(error).code()
        };
        assert_eq!(refused(Tree::CrossChain, leaves.clone(), 6), -32106);
        assert_eq!(refused(Tree::PvTrading, leaves.clone(), 0), -32106);
        assert_eq!(refused(Tree::CrossChain, leaves[1..].to_vec(), 0), -32104);
    }
}
