//! Why a joint, copula or market method does not answer.
//!
//! | code | error | what to do |
//! |---|---|---|
//! | −32100 | unknown block | ask for a block that this node has |
//! | −32101 | genesis has no joint digest | ask for block 1 or later |
//! | −32102 | the message or receipt is not open at that block | see `openNonces` in its data; ask at another block |
//! | −32103 | the block's leaves are not kept and its state is pruned | ask at a recent block, or another node |
//! | −32104 | the node failed | look at the message; it names the cause |
//! | −32105 | the block is not an ancestor of the other | ask for one that is on that block's branch, below it |
//! | −32106 | the subtree has no such leaf at that block | ask for one below the number that the message names, or at another block |
//! | −32110 | fewer than 30 price pairs at that block | ask again when more periods are over |
//! | −32111 | the block's state is pruned | ask at a recent block, or an archive node |
//! | −32112 | a parameter is no price, no account, or out of bounds | look at the message; it names the bounds |
//! | −32113 | another fit, or another simulation or density, is being made | ask again in a second |

use crate::{ancestry::AncestryError, client::Hash};
use gridpeg_copula::MIN_OBSERVATIONS;
use gridpeg_messages::Nonce;
use jsonrpsee::types::{ErrorObject, ErrorObjectOwned};
use serde::Serialize;

/// Why a joint, copula or market method does not answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("block {0:?} is unknown to this node; ask for one that it has, or wait until it is synced")]
    UnknownBlock(Hash),
    #[error("genesis has no joint digest; ask for block 1 or later")]
    Genesis,
    #[error(
        "{kind} {nonce} is not open at block {block:?}: it is either not there yet, or not needed any more; ask at \
         another block"
    )]
    NotOpen { kind: &'static str, nonce: Nonce, block: Hash, open: Vec<Nonce> },
    #[error(
        "the leaves of block {0:?} are not kept, and its state is pruned; ask at a recent block, or a node that had it \
         in time"
    )]
    StatePruned(Hash),
    #[error("the node failed: {0}")]
    Failed(String),
    #[error("block {block:?} is not an ancestor of {of:?}; it is not below that block, or on another branch")]
    NotAncestor { block: Hash, of: Hash },
    #[error("block {block:?} has {leaves} leaves in that subtree and none with index {index}; indices begin at 0")]
    NoLeaf { block: Hash, index: u32, leaves: usize },
    #[error("there are {pairs} price pairs at block {block:?} and an analysis takes {MIN_OBSERVATIONS}")]
    TooFewPairs { block: Hash, pairs: usize },
    #[error("the state of block {0:?} is pruned; ask at a recent block, or a node with --state-pruning archive")]
    BlockPruned(Hash),
    #[error("{0}")]
    Parameter(String),
    #[error("this node makes such an answer for somebody else; ask again in a second")]
    Busy,
}

impl Error {
    pub(super) fn failed(cause: impl ToString) -> Self {
        Self::Failed(cause.to_string())
    }

    fn code(&self) -> i32 {
        match self {
            Self::UnknownBlock(_) => -32100,
            Self::Genesis => -32101,
            Self::NotOpen { .. } => -32102,
            Self::StatePruned(_) => -32103,
            Self::Failed(_) => -32104,
            Self::NotAncestor { .. } => -32105,
            Self::NoLeaf { .. } => -32106,
            Self::TooFewPairs { .. } => -32110,
            Self::BlockPruned(_) => -32111,
            Self::Parameter(_) => -32112,
            Self::Busy => -32113,
        }
    }
}

impl From<AncestryError> for Error {
    fn from(error: AncestryError) -> Self {
        match error {
            AncestryError::NotAncestor { block, of } => Self::NotAncestor { block, of },
            other => Self::failed(other),
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

    #[test]
    fn errors_keep_their_codes() {
        let hash = Hash::zero();
        let errors = [
            Error::UnknownBlock(hash),
            Error::Genesis,
            Error::NotOpen { kind: "message", nonce: 1, block: hash, open: vec![] },
            Error::StatePruned(hash),
            Error::failed(AncestryError::Damaged),
            AncestryError::NotAncestor { block: hash, of: hash }.into(),
            Error::NoLeaf { block: hash, index: 3, leaves: 3 },
            Error::TooFewPairs { block: hash, pairs: 29 },
            Error::BlockPruned(hash),
            Error::Parameter("no price".into()),
            Error::Busy,
        ];
        let codes = errors.map(|error| ErrorObjectOwned::from(error).code());
        assert_eq!(codes, [-32100, -32101, -32102, -32103, -32104, -32105, -32106, -32110, -32111, -32112, -32113]);
    }
}
