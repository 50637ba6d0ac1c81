//! How the pallets meet. No pallet names another's types: a runtime joins them through these traits.

use crate::{
    merkle::Domain,
    message::{Message, Nonce, Payload},
};
use alloc::vec::Vec;
use gridpeg_header::{Analysis, Millis, PowParameters, SubtreeId, SubtreeRoot, H256, U256};
use polkadot_sdk::{sp_runtime::DispatchError, sp_weights::Weight};

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

/// A subtree that the header commits. As provided it has no leaves.
pub trait Subtree {
    /// Its id, which is also the order of the roots.
    const ID: SubtreeId;
    /// Its root at the end of the block being executed, for the chain with this genesis hash.
    fn root(chain: &H256) -> H256 {
        Domain { tree: Self::ID, chain: *chain }.root(&[])
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
    /// What they cost at most in this block.
    fn weight() -> Weight;
}

impl<A: Subtree> Subtrees for (A,) {
    fn roots(chain: &H256) -> Vec<SubtreeRoot> {
        [SubtreeRoot { id: A::ID, root: A::root(chain) }].into()
    }
    fn weight() -> Weight {
        A::weight()
    }
}

impl<A: Subtree, B: Subtree> Subtrees for (A, B) {
    fn roots(chain: &H256) -> Vec<SubtreeRoot> {
        [SubtreeRoot { id: A::ID, root: A::root(chain) }, SubtreeRoot { id: B::ID, root: B::root(chain) }].into()
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
    fn weight() -> Weight {
        A::weight().saturating_add(B::weight()).saturating_add(C::weight())
    }
}

/// The counterpart chain as the light client knows it.
pub trait Counterpart {
    /// Its genesis hash; `None` before the anchor.
    fn genesis() -> Option<H256>;
    /// The cross-chain root of one of its headers, if that header is known, on the heaviest branch, and has enough
    /// work above it.
    fn confirmed_cross_root(header: &H256) -> Result<H256, DispatchError>;
}

/// Sends messages to the counterpart.
pub trait SendMessage {
    /// Puts a payload into the outbox and returns its nonce. Fails before the anchor and when the outbox is full.
    fn send(payload: Payload) -> Result<Nonce, DispatchError>;
    /// What it costs.
    fn weight() -> Weight;
}

/// Acts on a message from the counterpart.
pub trait ReceiveMessage {
    /// Whether messages are taken at all. A closed lane refuses them unread, so that they can be received later.
    fn open() -> bool;
    /// Acts on a proven message. It cannot fail: whatever is wrong with the payload is a defined result of its own, so
    /// that nothing blocks the lane.
    fn receive(message: &Message);
    /// What it costs at most.
    fn weight() -> Weight;
}
