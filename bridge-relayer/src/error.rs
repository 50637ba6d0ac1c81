//! What can go wrong while relaying, and what it means for the process.
//!
//! Only [`Error::Pair`] ends the daemon. [`Error::Connection`] makes it connect again. All others are logged, counted
//! by [`Error::kind`], and the next pass looks afresh; after those of which [`Error::backs_off`] says so, only when a
//! growing wait is over.

use crate::names::ChainName;

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
    /// The node answered a question with an error.
    #[error("{chain} chain: the node refuses {call}: {reason}")]
    Refused {
        /// Whose node.
        chain: ChainName,
        /// RPC method or runtime call.
        call: String,
        /// The error's JSON-RPC code.
        code: i32,
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
    /// A transaction could not be built, or the pool refuses it.
    #[error("{chain} chain: transaction {call}: {reason}")]
    Transaction {
        /// Where.
        chain: ChainName,
        /// Pallet and call.
        call: String,
        /// What happened.
        reason: String,
    },
    /// All that a transaction brings is there already.
    #[error("{chain} chain: another relayer was first with what this {call} brings")]
    Stale {
        /// Where.
        chain: ChainName,
        /// Pallet and call.
        call: String,
    },
    /// The pool has a transaction of the same signer with the same nonce.
    #[error("{chain} chain: {call} waits for an earlier transaction of the signer that is in the pool")]
    Pending {
        /// Where.
        chain: ChainName,
        /// Pallet and call.
        call: String,
    },
    /// The pool took a transaction and dropped it before it was in a block.
    #[error("{chain} chain: transaction {call} is lost: {reason}")]
    Lost {
        /// Where.
        chain: ChainName,
        /// Pallet and call.
        call: String,
        /// What the node says.
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
    /// All that [`Error::kind`] says of errors that are counted.
    pub(crate) const KINDS: [&'static str; 9] =
        ["connection", "refused", "decode", "transaction", "lost", "dispatch", "timeout", "data", "pair"];

    /// The label under which the error is counted.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Connection { .. } => "connection",
            Self::Refused { .. } => "refused",
            Self::Decode { .. } => "decode",
            Self::Transaction { .. } => "transaction",
            Self::Stale { .. } => "stale",
            Self::Pending { .. } => "pending",
            Self::Lost { .. } => "lost",
            Self::Dispatch { .. } => "dispatch",
            Self::Timeout { .. } => "timeout",
            Self::Data(_) => "data",
            Self::Pair(_) => "pair",
        }
    }

    /// All results under which transactions are counted.
    pub(crate) const RESULTS: [&'static str; 8] =
        ["included", "failed", "refused", "stale", "pending", "lost", "timeout", "unknown"];

    /// The result under which the transaction is counted.
    pub(crate) fn result(&self) -> &'static str {
        match self {
            Self::Dispatch { .. } => "failed",
            Self::Transaction { .. } => "refused",
            Self::Stale { .. } => "stale",
            Self::Pending { .. } => "pending",
            Self::Lost { .. } => "lost",
            Self::Timeout { .. } => "timeout",
            _ => "unknown",
        }
    }

    /// Whether somebody else had done the work before. Not a failure.
    pub(crate) fn is_duplicate(&self) -> bool {
        match self {
            Self::Stale { .. } => true,
            Self::Dispatch { name, .. } => name.rsplit('.').next() == Some("NothingNew"),
            _ => false,
        }
    }

    /// Whether the same transaction would most likely fail again, so that the next one has to wait.
    pub(crate) fn backs_off(&self) -> bool {
        matches!(self, Self::Dispatch { .. } | Self::Transaction { .. }) && !self.is_duplicate()
    }

    /// Whether nothing more can be done with the present connections.
    pub(crate) fn ends_session(&self) -> bool {
        matches!(self, Self::Connection { .. } | Self::Pair(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAIN: ChainName = ChainName::Carbon;

    fn dispatch(name: &str) -> Error {
        Error::Dispatch { chain: CHAIN, call: "call".into(), name: name.into() }
    }

    fn lost() -> Error {
        Error::Lost { chain: CHAIN, call: "call".into(), reason: "dropped".into() }
    }

    #[test]
    fn only_repeated_work_is_a_duplicate() {
        assert!(dispatch("Lanes.NothingNew").is_duplicate());
        assert!(Error::Stale { chain: CHAIN, call: "call".into() }.is_duplicate());
        assert!(!dispatch("Lanes.InvalidProof").is_duplicate());
        assert!(!Error::Data("NothingNew".into()).is_duplicate());
    }

    #[test]
    fn what_fails_by_itself_backs_off_and_what_was_lost_is_made_anew() {
        assert!(dispatch("Lanes.InvalidProof").backs_off());
        assert!(Error::Transaction { chain: CHAIN, call: "call".into(), reason: "no coins".into() }.backs_off());
        assert!(!dispatch("Lanes.NothingNew").backs_off());
        assert!(!lost().backs_off());
        assert!(!Error::Pending { chain: CHAIN, call: "call".into() }.backs_off());
    }

    #[test]
    fn what_is_counted_has_a_known_label() {
        for error in [dispatch("Lanes.Paused"), lost(), Error::Data(String::new()), Error::Pair(String::new())] {
            assert!(Error::KINDS.contains(&error.kind()), "{error:?}");
            assert!(Error::RESULTS.contains(&error.result()), "{error:?}");
        }
    }
}
