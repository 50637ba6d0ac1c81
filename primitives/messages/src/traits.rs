//! How the pallets meet. No pallet names another's types: a runtime joins them through these traits.

use crate::{
    merkle::Domain,
    message::{HeaderProof, MaxHeaderLen, Message, Nonce, Outcome, Payload},
    prices::{Side, Summary},
    units::Balance,
};
use alloc::vec::Vec;
use gridpeg_header::{Analysis, Claim, Millis, PowParameters, SubtreeId, SubtreeRoot, H256, U256};
use polkadot_sdk::{
    sp_runtime::{BoundedVec, DispatchError, DispatchResult},
    sp_weights::Weight,
};

/// The proof of work of the block being executed.
pub trait BlockWork {
    /// d_base.
    fn target() -> U256;
    /// Timestamp set by the inherent.
    fn time() -> Millis;
    /// What the author's claim was found to be worth.
    fn analysis() -> Option<Analysis>;
}

/// The chain's proof-of-work parameters.
pub trait Parameters {
    /// Genesis values; `None` in a genesis without them.
    fn parameters() -> Option<PowParameters>;
}

/// Takes what the markets report of their clearing periods.
pub trait ObservePrices {
    /// Length of a clearing period in milliseconds: number n is from n · length to (n + 1) · length, Unix time.
    fn clearing_period() -> Millis;
    /// One side of a clearing period that is over. Each side of a period is reported once.
    fn observe(side: Side, period: u64, summary: Summary) -> DispatchResult;
    /// What it costs at most.
    fn weight() -> Weight;
}

/// The window D of price pairs, as of the end of the parent block.
///
/// The answers are those of the last [`PriceWindow::refresh`], so that pairs added within a block change nothing before
/// the next one.
pub trait PriceWindow {
    /// Brings the answers below up to date. Called once, at the start of each block. Returns what it cost.
    fn refresh() -> Weight;
    /// T = |D|.
    fn observations() -> u32;
    /// The pairs' u-values (electricity, carbon) in 2⁻³², oldest first.
    fn pairs() -> Vec<(u32, u32)>;
    /// The reference claim and AIC_ref in 2⁻²⁰; `None` if and only if there are too few pairs for an analysis.
    fn reference() -> Option<(Claim, i64)>;
    /// Changes whenever D does.
    fn revision() -> u64;
}

/// A subtree that the header commits. As provided it has no leaves.
pub trait Subtree {
    /// Its id, which is also the order of the roots.
    const ID: SubtreeId;
    /// Its leaves at the end of the block being executed, in order, as they are hashed. The block's state still tells
    /// them when the block is over.
    fn leaves() -> Vec<Vec<u8>> {
        Vec::new()
    }
    /// Its root at the end of the block being executed, for the chain with this genesis hash.
    fn root(chain: &H256) -> H256 {
        let domain = Domain { tree: Self::ID, chain: *chain };
        let leaves: Vec<_> = Self::leaves().iter().map(|leaf| domain.leaf(leaf)).collect();
        domain.root(&leaves)
    }
    /// What [`Subtree::root`] costs at most in this block.
    fn weight() -> Weight {
        // One hash.
        Weight::from_parts(4_000_000, 0)
    }
}

/// All subtrees of a chain, ids ascending.
pub trait Subtrees {
    /// Their roots.
    fn roots(chain: &H256) -> Vec<SubtreeRoot>;
    /// The leaves of one of them, see [`Subtree::leaves`]; none of a subtree that the chain does not have.
    fn leaves(tree: SubtreeId) -> Vec<Vec<u8>>;
    /// What the roots cost at most in this block.
    fn weight() -> Weight;
}

fn leaves_of<S: Subtree>(tree: SubtreeId) -> Option<Vec<Vec<u8>>> {
    (tree == S::ID).then(S::leaves)
}

impl<A: Subtree> Subtrees for (A,) {
    fn roots(chain: &H256) -> Vec<SubtreeRoot> {
        [SubtreeRoot { id: A::ID, root: A::root(chain) }].into()
    }
    fn leaves(tree: SubtreeId) -> Vec<Vec<u8>> {
        leaves_of::<A>(tree).unwrap_or_default()
    }
    fn weight() -> Weight {
        A::weight()
    }
}

impl<A: Subtree, B: Subtree> Subtrees for (A, B) {
    fn roots(chain: &H256) -> Vec<SubtreeRoot> {
        [SubtreeRoot { id: A::ID, root: A::root(chain) }, SubtreeRoot { id: B::ID, root: B::root(chain) }].into()
    }
    fn leaves(tree: SubtreeId) -> Vec<Vec<u8>> {
        leaves_of::<A>(tree).or_else(|| leaves_of::<B>(tree)).unwrap_or_default()
    }
    fn weight() -> Weight {
        A::weight().saturating_add(B::weight())
    }
}

impl<A: Subtree, B: Subtree, C: Subtree> Subtrees for (A, B, C) {
    fn roots(chain: &H256) -> Vec<SubtreeRoot> {
        [
            SubtreeRoot { id: A::ID, root: A::root(chain) },
            SubtreeRoot { id: B::ID, root: B::root(chain) },
            SubtreeRoot { id: C::ID, root: C::root(chain) },
        ]
        .into()
    }
    fn leaves(tree: SubtreeId) -> Vec<Vec<u8>> {
        leaves_of::<A>(tree).or_else(|| leaves_of::<B>(tree)).or_else(|| leaves_of::<C>(tree)).unwrap_or_default()
    }
    fn weight() -> Weight {
        A::weight().saturating_add(B::weight()).saturating_add(C::weight())
    }
}

/// The counterpart chain as the light client knows it.
pub trait Counterpart {
    /// Its genesis hash; `None` before the anchor.
    fn genesis() -> Option<H256>;
    /// Takes sealed headers, SCALE-encoded, oldest first. Known ones are skipped; if one is refused, none is taken.
    /// Returns how many were new, and what it cost.
    fn import(headers: &[BoundedVec<u8, MaxHeaderLen>]) -> Result<(u32, Weight), DispatchError>;
    /// What [`Counterpart::import`] costs at most for this many headers.
    fn import_weight(headers: u32) -> Weight;
    /// Whether [`Counterpart::import`] of these headers would find nothing new.
    fn knows(headers: &[BoundedVec<u8, MaxHeaderLen>]) -> bool;
    /// The cross-chain root of one of its headers, if that header is on the heaviest branch, has enough work above it,
    /// and the heaviest header is not too old.
    fn confirmed_cross_root(header: &HeaderProof) -> Result<H256, DispatchError>;
    /// What [`Counterpart::confirmed_cross_root`] costs at most.
    fn proof_weight() -> Weight;
    /// Whether a heavier branch has replaced headers that had been confirmed.
    fn conflict() -> bool;
    /// The branch that is heaviest now is taken for true: what was received agrees with it.
    fn resolve_conflict();
}

/// Sends messages to the counterpart.
pub trait SendMessage {
    /// Puts a payload into the outbox and returns its nonce. Fails before the anchor, while the lanes are paused or
    /// frozen, and when the outbox is full.
    fn send(payload: Payload) -> Result<Nonce, DispatchError>;
    /// What it costs.
    fn weight() -> Weight;
    /// Whether the counterpart has taken back what was confirmed: what was received may never have been sent.
    fn frozen() -> bool;
}

/// Acts on messages from the counterpart and on what became of our own.
pub trait ReceiveMessage {
    /// Whether the books agree with what a message says of them. A message that disagrees is not taken.
    fn agrees(message: &Message) -> bool;
    /// Acts on a proven message. It cannot fail: whatever is wrong with the payload is an outcome of its own, so that
    /// nothing blocks the lane. The outcome depends on the message and on constants only, see [`Outcome`].
    fn receive(message: &Message) -> Outcome;
    /// The counterpart has acted on a message of ours.
    fn settle(message: &Message, outcome: Outcome);
    /// What either costs at most.
    fn weight() -> Weight;
    /// Sums of the amounts of all transfers sent and received.
    fn totals() -> (Balance, Balance);
}
