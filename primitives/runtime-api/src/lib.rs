//! # Runtime APIs
//!
//! What both runtimes answer to their node: its import and mining (`HybridPowApi`), its `joint_*` RPC and the relayer
//! (`LightClientApi`, `LanesApi`, `PegApi`).

#![cfg_attr(not(feature = "std"), no_std)]
#![allow(missing_docs, clippy::too_many_arguments)] // the macro's output

extern crate alloc;

use alloc::vec::Vec;
use codec::{Decode, Encode};
use gridpeg_header::{PowParameters, Tip, H256, U256};
use gridpeg_messages::{units::Balance, Message, Nonce};
use scale_info::TypeInfo;

/// The counterpart chain, as anchored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Anchor {
    /// The counterpart's genesis hash.
    pub genesis: H256,
    /// The counterpart's proof-of-work parameters.
    pub parameters: PowParameters,
}

/// What the light client knows of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct KnownHeader {
    /// Number, hash, time, target and cumulative work.
    pub tip: Tip,
    /// Base work of the blocks above it on the heaviest branch; `None` if it is on another branch.
    pub work_above: Option<U256>,
    /// The work above it that makes it confirmed.
    pub work_needed: U256,
}

/// The peg's books on one chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct PegState {
    /// X: coins in escrow (electricity chain; 0 on the carbon chain).
    pub escrow: Balance,
    /// I: coins issued (carbon chain; 0 on the electricity chain).
    pub issued: Balance,
    /// All coins ever sent through the peg from here.
    pub sent: Balance,
    /// All coins ever received through the peg here, unclaimed ones included.
    pub received: Balance,
    /// Received coins that could not be paid out and wait to be claimed.
    pub unclaimed: Balance,
}

polkadot_sdk::sp_api::decl_runtime_apis! {
    /// Proof of work: what the node's import and mining need.
    pub trait HybridPowApi {
        /// The chain's genesis values; `None` in a genesis without them.
        fn parameters() -> Option<PowParameters>;
    }

    /// The counterpart's headers.
    pub trait LightClientApi {
        /// The anchored counterpart; `None` before the anchor.
        fn anchor() -> Option<Anchor>;
        /// The heaviest header known; genesis right after the anchor.
        fn best() -> Option<Tip>;
        /// One header.
        fn header(hash: H256) -> Option<KnownHeader>;
        /// The header at this height on the heaviest branch, while it is kept.
        fn canonical(number: u32) -> Option<H256>;
        /// The highest header that is confirmed.
        fn confirmed() -> Option<Tip>;
    }

    /// Message lanes.
    pub trait LanesApi {
        /// The open outbox: the leaves of the cross-chain subtree, in order.
        fn outbox() -> Vec<Message>;
        /// Nonce of the last message sent; 0 before the first.
        fn sent() -> Nonce;
        /// Nonce of the last message received; 0 before the first.
        fn received() -> Nonce;
    }

    /// The peg's books.
    pub trait PegApi {
        /// This chain's side of the books.
        fn peg_state() -> PegState;
    }
}
