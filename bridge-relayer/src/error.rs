//! What can go wrong while relaying, and what it means for the process.
//!
//! Only [`Error::Pair`] ends the process. [`Error::Connection`] makes the relayer connect again; all others are logged,
//! counted by [`Error::kind`], and the work is tried again with the next block.

use crate::chain::ChainName;

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The connection is lost, or was never made.
    #[error("{chain} chain: no connection: {reason}")]
    Connection {
        /// Whose connection.
        chain: ChainName,
        /// What the transport says.
        reason: String,
    },
    /// The node answered with an error.
    #[error("{chain} chain: the node refuses {call}: {reason}")]
    Refused {
        /// Whose node.
        chain: ChainName,
        /// RPC method, runtime call or transaction.
        call: String,
        /// The node's message.
        reason: String,
    },
    /// An answer is not what this relayer understands.
    #[error(
        "{chain} chain: the answer to {call} is not understood ({reason}): node and relayer are of different versions"
    )]
    Decode {
        /// Whose node.
        chain: ChainName,
        /// RPC method or runtime call.
        call: String,
        /// The decoder's message.
        reason: String,
    },
    /// A transaction could not be built, or did not get into a block.
    #[error("{chain} chain: transaction {call}: {reason}")]
    Transaction {
        /// Where.
        chain: ChainName,
        /// Pallet and call.
        call: String,
        /// What happened.
        reason: String,
    },
    /// A transaction is in a block and failed there.
    #[error("{chain} chain: {call} failed with {name}")]
    Dispatch {
        /// Where.
        chain: ChainName,
        /// Pallet and call.
        call: String,
        /// `Pallet.Error`, or the description of an error that is no pallet's.
        name: String,
    },
    /// A transaction was not in a block in time.
    #[error("{chain} chain: {call} was not in a block after {seconds} s")]
    Timeout {
        /// Where.
        chain: ChainName,
        /// Pallet and call.
        call: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// A node gave data that the destination would refuse. Nothing was submitted.
    #[error("{0}")]
    Data(String),
    /// The two nodes do not belong to a pair of chains that know each other.
    #[error("{0}")]
    Pair(String),
}

impl Error {
    /// The label under which the error is counted.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Connection { .. } => "connection",
            Self::Refused { .. } => "refused",
            Self::Decode { .. } => "decode",
            Self::Transaction { .. } => "transaction",
            Self::Dispatch { .. } => "dispatch",
            Self::Timeout { .. } => "timeout",
            Self::Data(_) => "data",
            Self::Pair(_) => "pair",
        }
    }

    /// Whether the transaction failed only because somebody else had done the work before.
    pub(crate) fn is_duplicate(&self) -> bool {
        match self {
            Self::Dispatch { name, .. } => {
                matches!(name.rsplit('.').next(), Some("NothingNew" | "AlreadyReceived"))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dispatch(name: &str) -> Error {
        Error::Dispatch { chain: ChainName::Carbon, call: "call".into(), name: name.into() }
    }

    #[test]
    fn only_repeated_work_is_a_duplicate() {
        assert!(dispatch("LightClient.NothingNew").is_duplicate());
        assert!(dispatch("Lanes.AlreadyReceived").is_duplicate());
        assert!(!dispatch("Lanes.NotConfirmed").is_duplicate());
        assert!(!Error::Data("NothingNew".into()).is_duplicate());
    }
}
