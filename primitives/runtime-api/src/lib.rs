//! # Runtime APIs
//!
//! What both runtimes answer to their node: its import and mining (`HybridPowApi`, `AnalysisApi`), its `joint_*` RPC
//! and the relayer (`LightClientApi`, `LanesApi`, `SubtreesApi`, `PegApi`). The electricity chain's alone answers
//! [`market::MarketApi`].

#![cfg_attr(not(feature = "std"), no_std)]
#![allow(missing_docs, clippy::too_many_arguments)] // the macro's output

extern crate alloc;

pub mod market;

use alloc::vec::Vec;
use codec::{Decode, Encode};
pub use gridpeg_copula::{
    claim::ClaimError,
    prices::{CarbonGuidance, Price, PricePair, WindowState},
};
use gridpeg_header::{Analysis, Claim, Millis, PowParameters, SubtreeId, Tip, H256, U256};
use gridpeg_messages::{units::Balance, LaneState, Nonce, OutboxLeaf};
use polkadot_sdk::sp_runtime::DispatchError;
use scale_info::TypeInfo;

/// What a claim is worth to a child of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Worth {
    /// What the child's header must say of it.
    pub analysis: Analysis,
    /// The most that its AIC may be, in 2⁻²⁰: that of the best claim known.
    pub least: i64,
}

impl Worth {
    /// Whether a child may carry the claim.
    pub fn is_enough(&self) -> bool {
        self.analysis.aic <= self.least
    }
}

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

/// A heavier branch has replaced headers that had been confirmed: the peg is frozen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Conflict {
    /// The highest header that had been confirmed.
    pub confirmed: (u32, H256),
    /// The highest header that both branches share.
    pub common: u32,
    /// Headers above it that left the heaviest branch.
    pub depth: u32,
}

/// Both lanes of one chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct LanesStatus {
    /// What the first leaf of the cross-chain subtree says.
    pub state: LaneState,
    /// Receipts seen of the messages sent: those up to this nonce are settled.
    pub settled: Nonce,
    /// Receipts that the counterpart has seen of the messages received: those up to this nonce are forgotten.
    pub acknowledged: Nonce,
    /// Height at which the pause ends; `None` if there is none.
    pub paused_until: Option<u32>,
    /// After a conflict: by how much more was received than the counterpart's new branch has sent, once that is proven.
    pub deficit: Option<Balance>,
}

/// How much a call takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RelayLimits {
    /// Most headers.
    pub headers: u32,
    /// Most leaves.
    pub leaves: u32,
    /// Heights of the counterpart that are kept below its heaviest header.
    pub window: u32,
    /// Age of the counterpart's heaviest header, in milliseconds, beyond which no leaf is taken.
    pub max_tip_age: Millis,
}

/// The peg's books on one chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct PegState {
    /// X: coins in escrow (electricity chain; 0 on the carbon chain).
    pub escrow: Balance,
    /// I: coins issued (carbon chain; 0 on the electricity chain).
    pub issued: Balance,
    /// X or I at genesis.
    pub genesis: Balance,
    /// All coins ever sent from here: locked, or burned.
    pub sent: Balance,
    /// All coins ever received here, refused ones included.
    pub received: Balance,
    /// Of them, refused: the counterpart takes them back.
    pub refused: Balance,
    /// Of them, paid out: released, or minted.
    pub paid: Balance,
    /// Of them, waiting in the queue for a period with room.
    pub queued: Balance,
    /// Of them, waiting to be claimed.
    pub unclaimed: Balance,
    /// Coins sent from here, refused there and given back here.
    pub returned: Balance,
    /// Coins sent from here, refused there and waiting here to be claimed.
    pub unreturned: Balance,
}

polkadot_sdk::sp_api::decl_runtime_apis! {
    /// Proof of work: what the node's import and mining need.
    pub trait HybridPowApi {
        /// The chain's genesis values; `None` in a genesis without them.
        fn parameters() -> Option<PowParameters>;
    }

    /// The analysis of electricity and carbon prices. The first four functions answer as a child of this block will
    /// find things: if this block has brought new code, its migrations are run before, and forgotten again.
    pub trait AnalysisApi {
        /// What a child of this block is analysed against: computed afresh if this block has changed the window.
        fn window() -> WindowState;
        /// What a child of this block would be worth with this claim, by the code that executes the child; the error if
        /// it may have no claim, or not this one.
        fn worth(claim: Claim) -> Result<Worth, ClaimError>;
        /// The price pairs of the window D, oldest first.
        fn prices() -> Vec<PricePair>;
        /// Where the carbon price is to be expected at this electricity price, by the best claim known; `None` while
        /// there are too few pairs for an analysis.
        fn guidance(electricity: Price) -> Option<CarbonGuidance>;
        /// AIC in 2⁻²⁰ of a claim on these u-values, by the same code that judges a block's; `None` if the claim is
        /// refused. Like the three that follow it asks nothing of the state: for tools, and for whoever wants to check.
        fn evaluate(pairs: Vec<(u32, u32)>, claim: Claim) -> Option<i64>;
        /// The reference claim on these u-values, and AIC_ref in 2⁻²⁰; independence and 0 with fewer than 30 pairs, or
        /// more than 1,024.
        fn reference(pairs: Vec<(u32, u32)>) -> (Claim, i64);
        /// The u-values of these prices (electricity, carbon); `None` if there are none, or more than 1,024.
        fn u_values(prices: Vec<(Price, Price)>) -> Option<Vec<(u32, u32)>>;
        /// Quantiles of the carbon price at an electricity price, with the marginals of these prices and the copula of
        /// this claim; `None` if the claim is refused, or there are no prices, or more than 1,024.
        fn guidance_of(prices: Vec<(Price, Price)>, claim: Claim, electricity: Price) -> Option<[Price; 5]>;
    }

    /// The counterpart's headers.
    pub trait LightClientApi {
        /// The anchored counterpart; `None` before the anchor.
        fn anchor() -> Option<Anchor>;
        /// The heaviest header known; genesis right after the anchor.
        fn best() -> Option<Tip>;
        /// One header.
        fn header(hash: H256) -> Option<KnownHeader>;
        /// The highest header that is confirmed.
        fn confirmed() -> Option<Tip>;
        /// The highest header that would be confirmed if these sealed headers were submitted now; the error if they would
        /// be refused.
        fn confirmed_after(headers: Vec<Vec<u8>>) -> Result<Option<Tip>, DispatchError>;
        /// What freezes the peg; `None` if nothing does.
        fn conflict() -> Option<Conflict>;
    }

    /// Message lanes.
    pub trait LanesApi {
        /// The leaves of the cross-chain subtree, in order.
        fn outbox() -> Vec<OutboxLeaf>;
        /// Both lanes.
        fn lanes() -> LanesStatus;
        /// How much one call takes.
        fn limits() -> RelayLimits;
    }

    /// What the header commits in its subtrees.
    pub trait SubtreesApi {
        /// The leaves of a subtree at the end of this block, in order, as they are hashed; none of a subtree that the
        /// chain does not have.
        fn leaves(tree: SubtreeId) -> Vec<Vec<u8>>;
    }

    /// The peg's books.
    pub trait PegApi {
        /// This chain's side of the books.
        fn peg_state() -> PegState;
    }
}
