//! Carrying headers: what does the destination's light client miss, oldest first.
//!
//! The light client keeps a window of headers below its heaviest one, forks included. The newest header of the source's
//! best branch that it knows is looked for from its own heaviest header's height: downwards when that height is on a
//! branch which the source has abandoned, upwards when it knows more. Everything above it is missing.
//!
//! Every header is checked here by the same rules as at the destination, so that no node can make the relayer pay for a
//! header that breaks one.

use crate::{chain::ChainName, engine::Link, error::Error};
use codec::{Decode, Encode};
use futures::future::try_join_all;
use gridpeg_header::{Header, JointHeader, Millis, PowParameters, RuleError, Tip, H256};
use gridpeg_runtime_api::KnownHeader;
use std::time::{SystemTime, UNIX_EPOCH};
use tracing::info;

/// Most headers in a transaction.
const MAX_BATCH: u32 = 64;
/// How far down a common header is looked for. The light client keeps no more heights below its heaviest header.
const MAX_FORK: u32 = 256;

/// Headers that follow on one that the destination knows.
#[derive(Debug, PartialEq, Eq)]
struct Batch {
    /// SCALE-encoded, oldest first.
    encoded: Vec<Vec<u8>>,
    /// The last of them.
    last: Tip,
}

/// Submits the headers that are missing, up to one transaction. Returns whether there are more.
pub(crate) async fn carry(link: &Link<'_>) -> Result<bool, Error> {
    let (source, destination) = (link.source, link.destination);
    let head = source.header(source.best_hash().await?).await?;
    let at = destination.best_hash().await?;
    let known: Option<Tip> = destination.api("LightClientApi_best", &[], at).await?;
    let known = known.ok_or_else(|| Error::Data(format!("{} chain: the light client is empty", destination.name)))?;
    link.metrics.heights(head.number, known.number);
    // Also right when the source's node is still syncing: it has nothing new then.
    if head.number == 0 || decode(source.name, &head)?.joint.work <= known.work {
        return Ok(false);
    }

    let common = newest_known(link, at, known.number.min(head.number)).await?;
    let last = head.number.min(common.number.saturating_add(MAX_BATCH));
    let numbers = common.number.saturating_add(1)..=last;
    let headers = try_join_all(numbers.map(|number| source.header_at(number))).await?;
    let batch = check(source.name, common, &headers, &link.parameters, now())?;
    let Some(batch) = batch else { return Ok(false) };

    let bytes: usize = batch.encoded.iter().map(Vec::len).sum();
    let call = ("LightClient", "submit_headers");
    let result = destination.submit(link.signer, call.0, call.1, &batch.encoded, link.inclusion_timeout).await;
    let included = match result {
        Err(error) if error.is_duplicate() => {
            info!(last = batch.last.number, "another relayer was first with these headers");
            return Ok(false);
        }
        result => result?,
    };
    let event = included.events.iter().find_map(|event| event.fields_of(call.0, "HeadersImported"));
    let event = event.and_then(|mut fields| <(H256, u32, u32)>::decode(&mut fields).ok());
    let (_, best, added) = event.ok_or_else(|| {
        Error::Data(format!("{} chain: {}.{} gave no HeadersImported event", destination.name, call.0, call.1))
    })?;
    link.metrics.headers(added);
    link.metrics.heights(head.number, best);
    info!(
        from = common.number.saturating_add(1),
        to = batch.last.number,
        hash = ?batch.last.hash,
        added,
        bytes,
        block = included.number,
        block_hash = ?included.block,
        "headers: {} -> {}", source.name, destination.name,
    );
    Ok(batch.last.number < head.number)
}

/// The newest header of the source's best branch that the destination knows at its block `at`, looked for from height
/// `start`.
async fn newest_known(link: &Link<'_>, at: H256, start: u32) -> Result<Tip, Error> {
    let mut number = start;
    let lowest = start.saturating_sub(MAX_FORK);
    let mut newest = loop {
        if let Some(tip) = known_at(link, at, number).await? {
            break tip;
        }
        if number == lowest {
            return Err(Error::Data(format!(
                "the {} chain knows no header of the {} chain's best branch from #{lowest} to #{start}: its light \
                 client fell behind or the chain reorganised deeper than what it keeps",
                link.destination.name, link.source.name,
            )));
        }
        number = number.saturating_sub(1);
    };
    while let Some(tip) = known_at(link, at, newest.number.saturating_add(1)).await? {
        newest = tip;
    }
    Ok(newest)
}

/// The source's header at a height, if the destination knows it.
async fn known_at(link: &Link<'_>, at: H256, number: u32) -> Result<Option<Tip>, Error> {
    let Some(hash) = link.source.hash_at(number).await? else { return Ok(None) };
    let known: Option<KnownHeader> = link.destination.api("LightClientApi_header", hash.as_bytes(), at).await?;
    Ok(known.map(|known| known.tip))
}

/// Checks headers that follow on `common`. `None` if none of them can be submitted now.
fn check(
    source: ChainName,
    common: Tip,
    headers: &[Header],
    parameters: &PowParameters,
    now: Millis,
) -> Result<Option<Batch>, Error> {
    // The destination judges by the time of the block that takes the headers, which may be a little older than now.
    let clock = now.saturating_sub(parameters.max_drift());
    let mut last = common;
    let mut encoded = Vec::new();
    for header in headers {
        let bytes = header.encode();
        let decoded = JointHeader::decode(&bytes).map_err(|error| refused(source, header, error))?;
        match last.check(&decoded, parameters, clock) {
            Ok(tip) => last = tip,
            // Stamped ahead of time, or the source reorganised between two answers: the next look goes on from here.
            Err(RuleError::TimeInFuture | RuleError::Parent) => break,
            Err(error) => return Err(refused(source, header, error)),
        }
        encoded.push(bytes);
    }
    Ok((!encoded.is_empty()).then_some(Batch { encoded, last }))
}

/// Decodes a header of the source.
pub(crate) fn decode(source: ChainName, header: &Header) -> Result<JointHeader, Error> {
    JointHeader::decode(&header.encode()).map_err(|error| refused(source, header, error))
}

fn refused(source: ChainName, header: &Header, error: impl std::fmt::Display) -> Error {
    let (number, hash) = (header.number, header.hash());
    Error::Data(format!("{source} chain: header #{number} {hash:?} would be refused: {error}"))
}

fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[path = "headers_tests.rs"]
mod tests;
