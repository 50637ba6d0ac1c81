//! Carrying messages: the open ones that the destination has not received, each with its proof.
//!
//! A header commits the whole open outbox, so one confirmed header proves every message of the batch. Each proof is
//! checked here against the root in the header itself before anything is paid for.

use crate::{engine::Link, error::Error, headers};
use codec::{Decode, Encode};
use futures::future::try_join_all;
use gridpeg_header::{SubtreeId, Tip, H256};
use gridpeg_messages::{Domain, Message, MessageProof, Nonce, OutboxLeaf, Payload};
use gridpeg_runtime_api::KnownHeader;
use tracing::{info, warn};

/// Most messages in a transaction.
const MAX_BATCH: usize = 16;

/// Delivers the messages that are confirmed, up to one transaction. Returns whether there are more.
pub(crate) async fn carry(link: &Link<'_>) -> Result<bool, Error> {
    let (source, destination) = (link.source, link.destination);
    let at = destination.best_hash().await?;
    let received: Nonce = destination.api("LanesApi_received", &[], at).await?;
    let sent: Nonce = source.api("LanesApi_sent", &[], source.best_hash().await?).await?;
    link.metrics.lane(sent, received);
    if sent <= received {
        return Ok(false);
    }

    let confirmed: Option<Tip> = destination.api("LightClientApi_confirmed", &[], at).await?;
    // Genesis commits no outbox.
    let Some(confirmed) = confirmed.filter(|tip| tip.number > 0) else { return Ok(false) };
    let outbox: Vec<Message> = source.api("LanesApi_outbox", &[], confirmed.hash).await?;
    let pending: Vec<Message> = outbox.into_iter().filter(|message| message.nonce > received).collect();
    if pending.is_empty() {
        return Ok(false);
    }
    let wanted = &pending[..pending.len().min(MAX_BATCH)];
    let proofs = try_join_all(wanted.iter().map(|m| source.message_proof(m.nonce, confirmed.hash))).await?;

    let header = headers::decode(source.name, &source.header(confirmed.hash).await?)?;
    let root = header.joint.subtree(SubtreeId::CrossChain).unwrap_or_default();
    let domain = Domain { tree: SubtreeId::CrossChain, chain: source.genesis };
    check(&domain, &root, destination.genesis, received, wanted, &proofs)
        .map_err(|reason| Error::Data(format!("{} chain, block #{}: {reason}", source.name, confirmed.number)))?;

    deliver(link, at, &confirmed, &proofs).await?;
    Ok(pending.len() > proofs.len())
}

/// Checks all that the destination checks: order, destination, place in the subtree.
fn check(
    domain: &Domain,
    root: &H256,
    destination: H256,
    received: Nonce,
    wanted: &[Message],
    proofs: &[MessageProof],
) -> Result<(), String> {
    for ((nonce, wanted), proven) in (received.saturating_add(1)..).zip(wanted).zip(proofs) {
        if wanted.nonce != nonce {
            return Err(format!("message {nonce} is not in the outbox, the next one there is {}", wanted.nonce));
        }
        if proven.message != *wanted {
            return Err(format!("the node proves another message than message {nonce}"));
        }
        if wanted.destination != destination {
            return Err(format!("message {nonce} is for the chain with genesis {:?}", wanted.destination));
        }
        let leaf = OutboxLeaf::Message(wanted.clone()).encode();
        let verified = domain.verify(root, &leaf, &proven.proof);
        verified.map_err(|error| format!("the proof of message {nonce} would be refused: {error}"))?;
    }
    Ok(())
}

/// Submits proven messages and logs what was delivered.
async fn deliver(link: &Link<'_>, at: H256, confirmed: &Tip, proofs: &[MessageProof]) -> Result<(), Error> {
    let (source, destination) = (link.source, link.destination);
    let known: Option<KnownHeader> = destination.api("LightClientApi_header", confirmed.hash.as_bytes(), at).await?;
    let work_above = known.and_then(|known| known.work_above).unwrap_or_default();

    let call = ("Lanes", "receive_messages");
    let arguments = (confirmed.hash, proofs);
    let result = destination.submit(link.signer, call.0, call.1, &arguments, link.inclusion_timeout).await;
    let included = match result {
        Err(error) if error.is_duplicate() => {
            info!("another relayer was first with these messages");
            return Ok(());
        }
        result => result?,
    };
    let received: Vec<Nonce> = included
        .events
        .iter()
        .filter_map(|event| event.fields_of(call.0, "MessageReceived"))
        .filter_map(|mut fields| <(Nonce, H256)>::decode(&mut fields).ok())
        .map(|(nonce, _)| nonce)
        .collect();
    for proof in proofs {
        let nonce = proof.message.nonce;
        if !received.contains(&nonce) {
            warn!(nonce, block = included.number, "the transaction succeeded but did not deliver the message");
            continue;
        }
        let Payload::Transfer(transfer) = &proof.message.payload;
        link.metrics.message();
        info!(
            nonce,
            amount = %transfer.amount,
            header = confirmed.number,
            header_hash = ?confirmed.hash,
            %work_above,
            proof_bytes = proof.encoded_size(),
            block = included.number,
            block_hash = ?included.block,
            "message: {} -> {}", source.name, destination.name,
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridpeg_messages::Transfer;

    const DESTINATION: H256 = H256::repeat_byte(2);

    fn domain() -> Domain {
        Domain { tree: SubtreeId::CrossChain, chain: H256::repeat_byte(1) }
    }

    fn message(nonce: Nonce) -> Message {
        let transfer = Transfer { sender: [3; 32], recipient: [4; 32], amount: 5 };
        Message { destination: DESTINATION, nonce, payload: Payload::Transfer(transfer) }
    }

    /// An outbox of the messages 1 to 5, its root, and the proofs of the messages 3 to 5.
    fn outbox() -> (H256, Vec<Message>, Vec<MessageProof>) {
        let all: Vec<_> = (1..=5).map(message).collect();
        let leaves: Vec<_> =
            all.iter().map(|message| domain().leaf(&OutboxLeaf::Message(message.clone()).encode())).collect();
        let proofs = (2..5)
            .map(|index| MessageProof {
                message: all[index].clone(),
                proof: domain().prove(&leaves, index as u32).unwrap(),
            })
            .collect();
        (domain().root(&leaves), all[2..].to_vec(), proofs)
    }

    #[track_caller]
    fn assert_refused(result: Result<(), String>, reason: &str) {
        let error = result.unwrap_err();
        assert!(error.contains(reason), "{error}");
    }

    #[test]
    fn proven_messages_pass() {
        let (root, wanted, proofs) = outbox();
        assert_eq!(check(&domain(), &root, DESTINATION, 2, &wanted, &proofs), Ok(()));
    }

    #[test]
    fn a_gap_is_refused() {
        let (root, wanted, proofs) = outbox();
        assert_refused(check(&domain(), &root, DESTINATION, 1, &wanted, &proofs), "message 2 is not in the outbox");
    }

    #[test]
    fn another_destination_is_refused() {
        let (root, wanted, proofs) = outbox();
        assert_refused(check(&domain(), &root, H256::zero(), 2, &wanted, &proofs), "is for the chain");
    }

    #[test]
    fn a_changed_message_is_refused() {
        let (root, mut wanted, mut proofs) = outbox();
        let Payload::Transfer(transfer) = &mut proofs[1].message.payload;
        transfer.amount += 1;
        assert_refused(check(&domain(), &root, DESTINATION, 2, &wanted, &proofs), "another message than message 4");
        wanted[1] = proofs[1].message.clone();
        assert_refused(check(&domain(), &root, DESTINATION, 2, &wanted, &proofs), "leads to another root");
    }

    #[test]
    fn another_root_is_refused() {
        let (_, wanted, proofs) = outbox();
        assert_refused(check(&domain(), &H256::zero(), DESTINATION, 2, &wanted, &proofs), "the root is zero");
        assert_refused(
            check(&domain(), &H256::repeat_byte(6), DESTINATION, 2, &wanted, &proofs),
            "leads to another root",
        );
    }
}
