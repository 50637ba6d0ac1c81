//! Why a block is refused.

use super::claim::ClaimFault;
use gridpeg_header::{BlockNumber, HeaderError, RuleError};
use polkadot_sdk::{
    sc_consensus::ImportResult,
    sp_blockchain,
    sp_consensus::{BlockOrigin, Error as ConsensusError},
};

/// Why a block is refused. Names the rule.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The header does not decode strictly.
    #[error("malformed header: {0}")]
    Header(HeaderError),
    /// The header breaks a rule, given its parent.
    #[error("{0}")]
    Rule(RuleError),
    /// The header's time is so far ahead of this node's clock that no honest node could have sent it.
    #[error("the time is more than an hour ahead of this clock")]
    TimeFarInFuture,
    /// The block failed before, after it had passed every rule.
    #[error("it failed before")]
    FailedBefore,
    /// The chain spec names another block at this height (`forkBlocks`), or this one as bad (`badBlocks`).
    #[error("the chain spec's checkpoints exclude it")]
    Checkpoint,
    /// The claim or the analysis is not what the price pairs allow.
    #[error(transparent)]
    Claim(#[from] ClaimFault),
    /// The inherents are not what this node's clock allows.
    #[error("inherents: {0}")]
    Inherents(String),
    /// The block came without transactions.
    #[error("the block has no body")]
    BodyMissing,
    /// The block came with a state instead of transactions to execute.
    #[error("only full sync is supported: run with --sync full")]
    NotFullSync,
    /// The block's branch leaves the chain below the finalized block.
    #[error("its branch leaves the chain at #{fork}, below the finalized #{finalized}")]
    BelowFinalized {
        /// Last block in common with the best chain.
        fork: BlockNumber,
        /// The finalized block.
        finalized: BlockNumber,
        /// Whether the branch would have become the best one.
        heavier: bool,
    },
    /// The client failed to look something up.
    #[error(transparent)]
    Client(#[from] sp_blockchain::Error),
    /// The client refused the block: execution gave another header than the author's, or failed.
    #[error(transparent)]
    Consensus(#[from] ConsensusError),
}

impl ImportError {
    /// What the import queue is told. A block that can never become valid is bad, and costs the peer that sent it its
    /// reputation; anything else is an error, and sync tries again.
    pub(super) fn into_result(self, origin: BlockOrigin) -> Result<ImportResult, ConsensusError> {
        match self {
            // Nobody to blame but us: the miner wants to know.
            error if origin == BlockOrigin::Own => Err(ConsensusError::Other(Box::new(error))),
            // Either clock may be the wrong one.
            Self::Rule(RuleError::TimeInFuture) => Err(ConsensusError::Other(Box::new(self))),
            Self::Header(_)
            | Self::Rule(_)
            | Self::TimeFarInFuture
            | Self::FailedBefore
            | Self::Checkpoint
            | Self::Claim(_)
            | Self::Inherents(_)
            | Self::BodyMissing => Ok(ImportResult::KnownBad),
            // Sync drops the branch and leaves the peer alone.
            Self::BelowFinalized { .. } => Ok(ImportResult::MissingState),
            // The block's fault or the database's: nobody is condemned before it fails again.
            Self::Consensus(error) => Err(error),
            error @ (Self::NotFullSync | Self::Client(_)) => Err(ConsensusError::Other(Box::new(error))),
        }
    }

    /// The rule's short name, a label of `gridpeg_blocks_refused_total`.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Header(_) => "malformed-header",
            Self::Rule(RuleError::Parent) => "parent",
            Self::Rule(RuleError::Number) => "number",
            Self::Rule(RuleError::Target) => "target",
            Self::Rule(RuleError::CumulativeWork) => "cumulative-work",
            Self::Rule(RuleError::TimeNotAboveParent) => "time-not-above-parent",
            Self::Rule(RuleError::TimeInFuture) | Self::TimeFarInFuture => "time-in-future",
            Self::Rule(RuleError::WorkAboveTarget) => "work-above-target",
            Self::Checkpoint => "checkpoint",
            Self::Claim(fault) => fault.reason(),
            Self::Inherents(_) => "inherents",
            Self::BodyMissing => "body-missing",
            Self::NotFullSync => "not-full-sync",
            Self::BelowFinalized { .. } => "below-finalized",
            Self::Client(_) => "node",
            Self::Consensus(_) | Self::FailedBefore => "execution",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_never_become_valid_is_bad() {
        let network = BlockOrigin::NetworkBroadcast;
        let bad = ImportError::Rule(RuleError::WorkAboveTarget).into_result(network);
        assert_eq!(bad.unwrap(), ImportResult::KnownBad);
        assert!(ImportError::Rule(RuleError::TimeInFuture).into_result(network).is_err());
        assert!(ImportError::Rule(RuleError::WorkAboveTarget).into_result(BlockOrigin::Own).is_err());
        let below = ImportError::BelowFinalized { fork: 3, finalized: 5, heavier: true };
        assert_eq!(below.into_result(network).unwrap(), ImportResult::MissingState);
        let liar = ImportError::from(ClaimFault::Worse { aic: 1, least: 0 });
        assert_eq!(liar.reason(), "claim-worse");
        assert_eq!(liar.into_result(network).unwrap(), ImportResult::KnownBad);
    }
}
