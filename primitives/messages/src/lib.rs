//! # What crosses between the chains
//!
//! | module | what it holds |
//! |---|---|
//! | [`merkle`] | the domain-separated trees whose roots the headers commit, and proofs against them |
//! | [`message`] | messages, receipts, the leaves of the cross-chain subtree and their proofs |
//! | [`prices`] | what a market's clearing period is summed up to |
//! | [`traits`] | how the pallets meet: subtrees, messages sent and received, headers looked up, prices |
//! | [`units`] | money and its rounding |
//!
//! The byte layout is specified in `docs/protocol.md`.

#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::panic, clippy::unwrap_used))]
#![warn(missing_docs)]

extern crate alloc;

pub mod merkle;
pub mod message;
pub mod prices;
pub mod traits;
pub mod units;

pub use merkle::{Domain, MerkleProof, ProofError};
pub use message::{
    HeaderProof, LaneState, LeafProof, Message, Nonce, OutboxLeaf, Outcome, Payload, Receipt, Refusal, Transfer,
};
