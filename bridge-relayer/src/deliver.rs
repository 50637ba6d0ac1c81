//! One call that brings headers, receipts and messages, and what became of each.

use crate::{
    chain::Chain,
    engine::Link,
    error::Error,
    headers::Batch,
    leaves::Evidence,
    transaction::{Call, Included},
    view::{known_header, lanes, View},
};
use codec::{Decode, Encode};
use gridpeg_header::H256;
use gridpeg_messages::{HeaderProof, Nonce, OutboxLeaf, Outcome, Payload};
use gridpeg_runtime_api::LanesStatus;
use std::collections::BTreeMap;
use tracing::{debug, info};

const DELIVER: Call = Call { pallet: "Lanes", name: "deliver" };

/// Submits headers and leaves in one call, and logs what the destination took.
pub(crate) async fn deliver(
    link: &Link<'_>,
    view: &View,
    batch: Option<&Batch>,
    evidence: Option<&Evidence>,
) -> Result<(), Error> {
    let headers = batch.map(|batch| &batch.encoded[..]).unwrap_or_default();
    let at = evidence.map(|evidence| HeaderProof::Kept(evidence.header.hash));
    let leaves = evidence.map(|evidence| &evidence.leaves[..]).unwrap_or_default();
    let arguments = (headers, at, leaves);
    let timeout = link.settings.inclusion_timeout;
    let mut result = link.destination.submit(link.direction, link.signer, DELIVER, &arguments, timeout).await;
    // The pool says of a transaction that it dropped nothing but that it is invalid.
    if let Err(Error::Lost { chain, call, .. }) = &result {
        if is_there(link.destination, batch, evidence).await? {
            result = Err(Error::Stale { chain: *chain, call: call.clone() });
        }
    }
    link.metrics.transaction(&result);
    let included = result?;
    if let Some(batch) = batch {
        report_headers(link, view, batch, &included);
    }
    if let Some(evidence) = evidence {
        report_leaves(link, evidence, &included).await;
    }
    Ok(())
}

/// Whether the destination has all that a call brings.
async fn is_there(destination: &Chain, batch: Option<&Batch>, evidence: Option<&Evidence>) -> Result<bool, Error> {
    let at = destination.best_hash().await?;
    if let Some(batch) = batch {
        if known_header(destination, batch.last.hash, at).await?.is_none() {
            return Ok(false);
        }
    }
    match evidence {
        Some(evidence) => Ok(has_all(&lanes(destination, at).await?, evidence.last())),
        None => Ok(true),
    }
}

/// Whether the destination has the receipts and the messages up to these nonces.
fn has_all(lanes: &LanesStatus, (receipt, message): (Nonce, Nonce)) -> bool {
    lanes.settled >= receipt && lanes.state.received >= message
}

fn report_headers(link: &Link<'_>, view: &View, batch: &Batch, included: &Included) {
    let event = included.events.iter().find_map(|event| event.fields_of("LightClient", "HeadersImported"));
    let event = event.and_then(|mut fields| <(H256, u32, u32)>::decode(&mut fields).ok());
    // Without the event others brought all of them in the meantime.
    let (best, added) = event.map_or((batch.last.number, 0), |(_, best, added)| (best, added));
    link.metrics.headers(added);
    link.metrics.heights(&view.head, best);
    info!(
        direction = %link.direction,
        from = batch.first(),
        to = batch.last.number,
        hash = ?batch.last.hash,
        added,
        bytes = batch.bytes(),
        block = included.number,
        block_hash = ?included.block,
        "headers",
    );
}

async fn report_leaves(link: &Link<'_>, evidence: &Evidence, included: &Included) {
    let known = known_header(link.destination, evidence.header.hash, included.block).await;
    let work_above = known.ok().flatten().and_then(|known| known.work_above).unwrap_or_default();
    let received = outcomes(included, "MessageReceived");
    let settled = outcomes(included, "MessageSettled");
    let header = evidence.header;
    for proof in &evidence.leaves {
        match &proof.leaf {
            OutboxLeaf::Message(message) => {
                let Some(outcome) = received.get(&message.nonce) else {
                    debug!(direction = %link.direction, nonce = message.nonce, "message was there already");
                    continue;
                };
                let Payload::Transfer(transfer) = &message.payload;
                link.metrics.message();
                info!(
                    direction = %link.direction,
                    nonce = message.nonce,
                    amount = %transfer.amount,
                    outcome = describe(outcome),
                    header = header.number,
                    header_hash = ?header.hash,
                    %work_above,
                    proof_bytes = proof.encoded_size(),
                    block = included.number,
                    block_hash = ?included.block,
                    "message delivered",
                );
            }
            OutboxLeaf::Receipt(receipt) => {
                let Some(outcome) = settled.get(&receipt.nonce) else {
                    debug!(direction = %link.direction, nonce = receipt.nonce, "receipt was there already");
                    continue;
                };
                link.metrics.receipt();
                info!(
                    direction = %link.direction,
                    nonce = receipt.nonce,
                    outcome = describe(outcome),
                    header = header.number,
                    header_hash = ?header.hash,
                    %work_above,
                    proof_bytes = proof.encoded_size(),
                    block = included.number,
                    block_hash = ?included.block,
                    "receipt delivered",
                );
            }
            OutboxLeaf::State(_) => {}
        }
    }
}

/// What became of the messages that a transaction's events name.
fn outcomes(included: &Included, event: &str) -> BTreeMap<Nonce, Outcome> {
    let fields = included.events.iter().filter_map(|emitted| emitted.fields_of(DELIVER.pallet, event));
    let decoded = fields.filter_map(|mut fields| <(Nonce, H256, Outcome)>::decode(&mut fields).ok());
    decoded.map(|(nonce, _, outcome)| (nonce, outcome)).collect()
}

fn describe(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted => "accepted",
        Outcome::Refused(_) => "refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridpeg_messages::LaneState;

    #[test]
    fn a_lost_call_was_a_duplicate_when_all_of_it_is_there() {
        let lanes = LanesStatus {
            state: LaneState { received: 4, ..Default::default() },
            settled: 2,
            acknowledged: 0,
            paused_until: None,
            deficit: None,
        };
        assert!(has_all(&lanes, (2, 4)));
        assert!(has_all(&lanes, (0, 3)));
        assert!(!has_all(&lanes, (3, 0)));
        assert!(!has_all(&lanes, (0, 5)));
    }
}
