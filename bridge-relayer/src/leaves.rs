//! Receipts and messages with their proofs against one header: fetching them, and checking each before it is paid for.
//!
//! A header commits the whole open outbox: first the state of the lanes, then receipts, then messages. The state says
//! which of them there are, so one confirmed header proves all that was sent before it.

use crate::{
    chain::Chain,
    engine::Link,
    error::Error,
    plan::{wanted, Wanted},
    view::View,
};
use codec::Encode;
use futures::future::try_join_all;
use gridpeg_header::{SubtreeId, Tip, H256};
use gridpeg_messages::{Domain, LaneState, LeafProof, Message, Nonce, OutboxLeaf};
use gridpeg_runtime_api::LanesStatus;
use std::collections::BTreeMap;

/// Proven receipts and messages. At least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// The header that they are proven against.
    pub(crate) header: Tip,
    /// First receipts, then messages, each by ascending nonce.
    pub(crate) leaves: Vec<LeafProof>,
    /// There are more than one call takes.
    pub(crate) more: bool,
}

impl Evidence {
    /// Nonces of the last receipt and of the last message; 0 for none.
    pub(crate) fn last(&self) -> (Nonce, Nonce) {
        self.leaves.iter().fold((0, 0), |(receipt, message), proof| match &proof.leaf {
            OutboxLeaf::Receipt(found) => (found.nonce, message),
            OutboxLeaf::Message(found) => (receipt, found.nonce),
            OutboxLeaf::State(_) => (receipt, message),
        })
    }
}

/// The cross-chain subtree of one source block.
pub(crate) struct Tree<'a> {
    source: &'a Chain,
    domain: Domain,
    block: H256,
    root: H256,
}

impl<'a> Tree<'a> {
    /// The tree that a header commits.
    pub(crate) async fn of(source: &'a Chain, header: &Tip) -> Result<Self, Error> {
        let decoded = source.decode(&source.header(header.hash).await?)?;
        let root = decoded.joint.subtree(SubtreeId::CrossChain).unwrap_or_default();
        let domain = Domain { tree: SubtreeId::CrossChain, chain: source.genesis };
        Ok(Self { source, domain, block: header.hash, root })
    }

    /// The state of the lanes, proven.
    pub(crate) async fn state(&self) -> Result<(LaneState, LeafProof), Error> {
        let proof = self.check(self.source.state_proof(self.block).await?)?;
        let state = match &proof.leaf {
            OutboxLeaf::State(state) => *state,
            other => return Err(self.wrong(format!("the node proves {} instead of the lanes' state", name(other)))),
        };
        Ok((state, proof))
    }

    /// The receipts of the messages with these nonces, proven.
    async fn receipts(&self, nonces: &[Nonce]) -> Result<Vec<LeafProof>, Error> {
        let proofs = nonces.iter().map(|nonce| self.source.receipt_proof(*nonce, self.block));
        try_join_all(proofs).await?.into_iter().map(|proof| self.check(proof)).collect()
    }

    /// The messages with these nonces, proven.
    pub(crate) async fn messages(&self, nonces: &[Nonce]) -> Result<Vec<LeafProof>, Error> {
        let proofs = nonces.iter().map(|nonce| self.source.message_proof(*nonce, self.block));
        try_join_all(proofs).await?.into_iter().map(|proof| self.check(proof)).collect()
    }

    /// Lets a proof through that leads to the header's root.
    fn check(&self, proof: LeafProof) -> Result<LeafProof, Error> {
        proven(&self.domain, &self.root, &proof).map_err(|reason| self.wrong(reason))?;
        Ok(proof)
    }

    fn wrong(&self, reason: String) -> Error {
        Error::Data(format!("{} chain, block {:?}: {reason}", self.source.name, self.block))
    }
}

/// Collects the receipts and messages that the destination lacks and the header proves, up to one call. If one kind
/// cannot be had, the other is carried all the same.
pub(crate) async fn collect(link: &Link<'_>, view: &View, header: Tip) -> Result<Option<Evidence>, Error> {
    let tree = Tree::of(link.source, &header).await?;
    let (state, _) = tree.state().await?;
    let Wanted { receipts, messages, more } = wanted(&view.lanes, &state, view.limits.leaves);
    let mut leaves = Vec::new();
    if !receipts.is_empty() {
        leaves.extend(link.or_nothing(collect_receipts(link, view, &tree, &receipts).await)?);
    }
    if !messages.is_empty() {
        leaves.extend(link.or_nothing(collect_messages(link, view, &tree, &messages).await)?);
    }
    Ok((!leaves.is_empty()).then_some(Evidence { header, leaves, more }))
}

async fn collect_receipts(
    link: &Link<'_>,
    view: &View,
    tree: &Tree<'_>,
    nonces: &[Nonce],
) -> Result<Vec<LeafProof>, Error> {
    let outbox: Vec<OutboxLeaf> = link.destination.api("LanesApi_outbox", &[], view.at.hash).await?;
    let leaves = tree.receipts(nonces).await?;
    check_receipts(&hashes(&outbox), nonces, &leaves).map_err(|reason| tree.wrong(reason))?;
    Ok(leaves)
}

async fn collect_messages(
    link: &Link<'_>,
    view: &View,
    tree: &Tree<'_>,
    nonces: &[Nonce],
) -> Result<Vec<LeafProof>, Error> {
    let leaves = tree.messages(nonces).await?;
    check_messages(&view.lanes, link.destination.genesis, nonces, &leaves).map_err(|reason| tree.wrong(reason))?;
    Ok(leaves)
}

/// The hashes of the open messages among a chain's leaves.
fn hashes(outbox: &[OutboxLeaf]) -> BTreeMap<Nonce, H256> {
    let messages = outbox.iter().filter_map(|leaf| match leaf {
        OutboxLeaf::Message(message) => Some((message.nonce, message.hash())),
        _ => None,
    });
    messages.collect()
}

/// Checks a leaf's place in the tree with this root.
fn proven(domain: &Domain, root: &H256, proof: &LeafProof) -> Result<(), String> {
    let verified = domain.verify(root, &proof.leaf.encode(), &proof.proof);
    verified.map_err(|error| format!("the proof of {} would be refused: {error}", name(&proof.leaf)))
}

fn name(leaf: &OutboxLeaf) -> String {
    match leaf {
        OutboxLeaf::Message(message) => format!("message {}", message.nonce),
        OutboxLeaf::Receipt(receipt) => format!("the receipt of message {}", receipt.nonce),
        OutboxLeaf::State(_) => "the lanes' state".into(),
    }
}

/// Checks that the leaves are the receipts asked for, each of a message that the destination has sent.
fn check_receipts(own: &BTreeMap<Nonce, H256>, nonces: &[Nonce], leaves: &[LeafProof]) -> Result<(), String> {
    for (nonce, proof) in nonces.iter().zip(leaves) {
        let receipt = match &proof.leaf {
            OutboxLeaf::Receipt(receipt) if receipt.nonce == *nonce => receipt,
            other => return Err(format!("the node proves {} instead of the receipt of message {nonce}", name(other))),
        };
        if own.get(nonce) != Some(&receipt.message) {
            return Err(format!("the receipt of message {nonce} is for another message than the destination has sent"));
        }
    }
    Ok(())
}

/// Checks that the leaves are the messages asked for, for this destination, and follow on the last one that it
/// received.
fn check_messages(
    destination: &LanesStatus,
    genesis: H256,
    nonces: &[Nonce],
    leaves: &[LeafProof],
) -> Result<(), String> {
    let mut previous = destination.state.last_received;
    for (nonce, proof) in nonces.iter().zip(leaves) {
        let message: &Message = match &proof.leaf {
            OutboxLeaf::Message(message) if message.nonce == *nonce => message,
            other => return Err(format!("the node proves {} instead of message {nonce}", name(other))),
        };
        if message.destination != genesis {
            return Err(format!("message {nonce} is for the chain with genesis {:?}", message.destination));
        }
        if message.previous != previous {
            return Err(format!(
                "message {nonce} follows on message {:?}, but the destination's last one is {previous:?}",
                message.previous,
            ));
        }
        previous = message.hash();
    }
    Ok(())
}

#[cfg(test)]
#[path = "leaves_tests.rs"]
mod tests;
