//! What a relayer brings: headers of the other chain and leaves proven against one of them, as they should be or with a
//! fault. Packed while the destination's block is open, for what its light client and its lanes know there.

use crate::{
    chain::{Id, SimChain},
    runtimes::{Call, ChainRuntime, Lanes},
};
use gridpeg_header::H256;
use gridpeg_messages::{HeaderProof, LeafProof, Nonce, OutboxLeaf, Outcome, Payload, Refusal};
use polkadot_sdk::frame_support::dispatch::Pays;
use runtime_common::{HEADER_WINDOW, MAX_HEADERS};

/// How much to bring.
#[derive(Clone, Copy, Debug, Default)]
pub struct Order {
    /// Headers, oldest first.
    pub headers: usize,
    /// New receipts and messages.
    pub receipts: Nonce,
    pub messages: Nonce,
    /// Receipts and messages that were taken before.
    pub stale: Nonce,
    /// How many blocks below the confirmed one the leaves are proven against.
    pub back: u32,
    /// Whether to prove that block as an ancestor, not by its hash.
    pub ancestor: bool,
    /// Which come first.
    pub messages_first: bool,
}

impl Order {
    /// All that a call takes.
    pub const EVERYTHING: Self = Self {
        headers: MAX_HEADERS as usize,
        receipts: 14,
        messages: 14,
        stale: 0,
        back: 0,
        ancestor: false,
        messages_first: false,
    };

    /// Headers alone.
    pub const HEADERS: Self = Self { receipts: 0, messages: 0, ..Self::EVERYTHING };
}

/// A delivery.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// Headers that the destination does not know.
    pub headers: Vec<Vec<u8>>,
    pub at: Option<HeaderProof>,
    pub leaves: Vec<LeafProof>,
    /// Of the leaves, the receipts and messages that the destination has not taken.
    pub receipts: Nonce,
    pub messages: Nonce,
    /// The heaviest block that the destination knows with these headers.
    pub best: Id,
}

impl Parcel {
    /// The call.
    pub fn call(&self) -> Call {
        let Self { headers, at, leaves, .. } = self.clone();
        Call::Deliver { headers, at, leaves }
    }

    /// Whether there is nothing in it that the destination lacks.
    pub fn is_stale(&self) -> bool {
        self.headers.is_empty() && self.receipts == 0 && self.messages == 0
    }

    /// What has to come of it.
    pub fn expected(&self, lanes: &Lanes) -> Result<Pays, &'static str> {
        let closed = if lanes.paused {
            Some("Paused")
        } else if lanes.frozen {
            Some("Frozen")
        } else {
            None
        };
        match closed {
            Some(error) if !self.leaves.is_empty() => Err(error),
            _ if self.is_stale() => Err("NothingNew"),
            _ => Ok(Pays::No),
        }
    }
}

/// Packs for the destination `D`, whose block is open.
pub fn pack<S: ChainRuntime, D: ChainRuntime>(source: &SimChain<S>, order: &Order) -> Parcel {
    let mut headers = unknown::<S, D>(source, source.tip);
    headers.truncate(order.headers);
    let mut best = best_known::<S, D>(source);
    if let Some(last) = headers.last().filter(|last| source.blocks[**last].work > source.blocks[best].work) {
        best = *last;
    }
    let bytes = headers.iter().map(|id| source.blocks[*id].header.clone()).collect();
    let mut parcel = Parcel { headers: bytes, at: None, leaves: Vec::new(), receipts: 0, messages: 0, best };
    let Some(confirmed) = source.confirmed_below(best) else { return parcel };
    // Nothing proves a block as its own ancestor.
    let back = if order.ancestor { order.back.max(1) } else { order.back };
    let proven = source.ancestor(confirmed, back);

    let Lanes { state, settled, .. } = D::lanes();
    let wanted = |nonce: Nonce, taken: Nonce, new: Nonce| nonce + order.stale > taken && nonce <= taken + new;
    let (mut receipts, mut messages) = (Vec::new(), Vec::new());
    for (place, leaf) in source.blocks[proven].leaves.iter().enumerate() {
        match leaf {
            OutboxLeaf::Receipt(receipt) if wanted(receipt.nonce, settled, order.receipts) => {
                receipts.push(place);
                parcel.receipts += Nonce::from(receipt.nonce > settled);
            }
            OutboxLeaf::Message(message) if wanted(message.nonce, state.received, order.messages) => {
                messages.push(place);
                parcel.messages += Nonce::from(message.nonce > state.received);
            }
            _ => (),
        }
    }
    let places = if order.messages_first { [messages, receipts] } else { [receipts, messages] }.concat();
    if !places.is_empty() {
        // Importing the headers may move the window on.
        let in_window = source.blocks[proven].number + HEADER_WINDOW >= source.blocks[best].number;
        parcel.at = Some(prove_header(source, proven, confirmed, in_window && !order.ancestor));
        parcel.leaves = source.prove_leaves(proven, &places);
    }
    parcel
}

/// Names a block by its hash if it is kept; else as an ancestor of a confirmed one, unless it is that one itself.
pub fn prove_header<S: ChainRuntime>(source: &SimChain<S>, id: Id, confirmed: Id, kept: bool) -> HeaderProof {
    if kept || id == confirmed {
        HeaderProof::Kept(source.blocks[id].hash)
    } else {
        source.prove_ancestor(id, confirmed)
    }
}

/// The blocks of a branch that the destination does not know, oldest first.
fn unknown<S: ChainRuntime, D: ChainRuntime>(source: &SimChain<S>, tip: Id) -> Vec<Id> {
    source.path(|id| D::knows(&source.blocks[id].hash), tip)
}

/// The heaviest block that the destination knows.
pub fn best_known<S: ChainRuntime, D: ChainRuntime>(source: &SimChain<S>) -> Id {
    source.id(&D::best_known().expect("the destination is anchored"))
}

/// The headers of the last branch that the source has left, as many as the destination lacks.
pub fn orphaned<S: ChainRuntime, D: ChainRuntime>(source: &SimChain<S>) -> Option<Call> {
    let missing = unknown::<S, D>(source, *source.orphans.last()?);
    if missing.is_empty() || missing.len() > MAX_HEADERS as usize {
        return None;
    }
    let headers = missing.iter().map(|id| source.blocks[*id].header.clone()).collect();
    Some(Call::Deliver { headers, at: None, leaves: Vec::new() })
}

/// What can be wrong with a delivery.
#[derive(Clone, Copy, Debug)]
pub enum Mischief {
    /// Proven against a block that is not confirmed.
    TooEarly,
    /// Proven against a block that the heaviest branch has left.
    OffBranch,
    /// Proven against a block that nobody has mined.
    UnknownHeader,
    /// Leaves without a header.
    NoHeader,
    /// A leaf that is no message and no receipt.
    StateLeaf,
    /// The first of several headers is lost.
    LostHeader,
    /// The first of several messages or receipts is lost.
    LostLeaf,
    /// A message or receipt says something else than the source committed.
    Tampered,
    /// The proof of another leaf.
    OtherProof,
    /// The ancestry proof of another block.
    OtherAncestor,
}

/// A delivery with a fault, and the error that it has to meet; `None` if there is nothing now that it could be made of.
/// The lanes must be open.
pub fn spoil<S: ChainRuntime, D: ChainRuntime>(source: &SimChain<S>, how: Mischief) -> Option<(Call, &'static str)> {
    let best = best_known::<S, D>(source);
    let state_leaf_at = |id: Id, at: Option<HeaderProof>| {
        let leaves = source.prove_leaves(id, &[0]);
        Call::Deliver { headers: Vec::new(), at, leaves }
    };
    let kept = |id: Id| Some(HeaderProof::Kept(source.blocks[id].hash));
    let confirmed = source.confirmed_below(best)?;
    let mut parcel = pack::<S, D>(source, &Order { headers: 0, ..Order::EVERYTHING });
    Some(match how {
        Mischief::TooEarly => {
            let above = *source.path(|id| id == confirmed, best).first()?;
            (state_leaf_at(above, kept(above)), "NotConfirmed")
        }
        Mischief::OffBranch => {
            let on_branch = source.path(|id| source.blocks[id].number + 16 < source.blocks[best].number, best);
            let is_recent = |id: Id| source.blocks[id].number + 8 > source.blocks[best].number;
            let is_left = |id: Id| D::knows(&source.blocks[id].hash) && !on_branch.contains(&id);
            let mut orphans = source.orphans.iter().rev().take(4).copied();
            let orphan = orphans.find(|id| is_recent(*id) && is_left(*id))?;
            (state_leaf_at(orphan, kept(orphan)), "NotOnHeaviestBranch")
        }
        Mischief::UnknownHeader => {
            let nowhere = HeaderProof::Kept(H256::repeat_byte(7));
            (state_leaf_at(confirmed, Some(nowhere)), "HeaderUnknown")
        }
        Mischief::NoHeader => (state_leaf_at(confirmed, None), "HeaderMissing"),
        Mischief::StateLeaf => (state_leaf_at(confirmed, kept(confirmed)), "UnexpectedLeaf"),
        Mischief::LostHeader => {
            let missing = unknown::<S, D>(source, source.tip);
            let rest = missing.get(1..).filter(|rest| !rest.is_empty() && rest.len() <= MAX_HEADERS as usize)?;
            let headers = rest.iter().map(|id| source.blocks[*id].header.clone()).collect();
            (Call::Deliver { headers, at: None, leaves: Vec::new() }, "ParentUnknown")
        }
        Mischief::LostLeaf if parcel.messages > 1 => {
            let first = parcel.leaves.len() - parcel.messages as usize;
            parcel.leaves.remove(first);
            (parcel.call(), "MessageOutOfOrder")
        }
        Mischief::LostLeaf if parcel.receipts > 1 => {
            parcel.leaves.remove(0);
            (parcel.call(), "ReceiptOutOfOrder")
        }
        Mischief::LostLeaf => return None,
        Mischief::Tampered => {
            match &mut parcel.leaves.first_mut()?.leaf {
                OutboxLeaf::Message(message) => {
                    let Payload::Transfer(transfer) = &mut message.payload;
                    transfer.amount += 1;
                }
                OutboxLeaf::Receipt(receipt) => {
                    receipt.outcome = match receipt.outcome {
                        Outcome::Accepted => Outcome::Refused(Refusal::Recipient),
                        Outcome::Refused(_) => Outcome::Accepted,
                    };
                }
                OutboxLeaf::State(_) => return None,
            }
            (parcel.call(), "InvalidProof")
        }
        Mischief::OtherProof => {
            let [first, second, ..] = &mut parcel.leaves[..] else { return None };
            std::mem::swap(&mut first.proof, &mut second.proof);
            (parcel.call(), "InvalidProof")
        }
        Mischief::OtherAncestor => {
            let [below, other] = [1, 2].map(|blocks| source.ancestor(confirmed, blocks));
            if below == other {
                return None;
            }
            let proofs = [below, other].map(|id| source.prove_ancestor(id, confirmed));
            let [HeaderProof::Ancestor { of, proof, .. }, HeaderProof::Ancestor { header, .. }] = proofs else {
                return None;
            };
            (state_leaf_at(other, Some(HeaderProof::Ancestor { header, of, proof })), "AncestryInvalid")
        }
    })
}
