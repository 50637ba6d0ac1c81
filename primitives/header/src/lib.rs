//! # The joint header
//!
//! Both chains use a stock Substrate header whose *digest* carries everything that the other chain needs to check
//! work and proofs. This crate is the only place that encodes, decodes and checks it: the node's import, the
//! runtimes, the light client, the relayer and the tests all call it.
//!
//! | module | what it holds |
//! |---|---|
//! | [`digest`] | the three digest items `PreRuntime(pow_)`, `Consensus(jnt_)`, `Seal(pow_)` and their strict decoding |
//! | [`target`] | target ↔ work, the incremental retarget, the analysis' bonus d_v |
//! | [`work`] | the work function (eq. 9): SHA-256² over the unsealed header's hash and a nonce |
//! | [`ancestry`] | the Merkle mountain range over all earlier headers, whose nodes sum work |
//! | [`forge`] | really mined headers for tests and benchmarks |
//! | [`rules`] | what a header must satisfy given its parent, in import order |
//!
//! The claim that a header carries is `gridpeg-copula`'s [`Claim`]; a header whose claim is no copula does not decode.
//!
//! The byte layout is specified in `docs/protocol.md`.

#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::panic, clippy::unwrap_used))]
#![warn(missing_docs)]

extern crate alloc;

pub mod ancestry;
pub mod digest;
#[cfg(any(feature = "std", feature = "runtime-benchmarks"))]
pub mod forge;
pub mod parameters;
pub mod rules;
pub mod target;
pub mod work;

pub use digest::{Analysis, Claim, HeaderError, JointDigest, JointHeader, PreDigest, SubtreeId, SubtreeRoot};
pub use parameters::{ParametersError, PowParameters};
pub use polkadot_sdk::sp_core::{H256, U256};
pub use rules::{RuleError, Tip};

use polkadot_sdk::sp_runtime::{generic, traits::BlakeTwo256};

/// Height of a block.
pub type BlockNumber = u32;
/// The header of both chains. Its hash is BLAKE2b-256 of its SCALE encoding.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// Milliseconds: a point in time (Unix) or a length of time.
pub type Millis = u64;
