//! Which headers does the destination's light client miss, oldest first.
//!
//! The light client keeps a window of headers below its heaviest one, forks included. The newest header of the source's
//! best branch that it knows is looked for from its own heaviest header's height: downwards when that height is on a
//! branch which the source has abandoned, upwards when it knows more. Everything above it is missing.
//!
//! Every header is checked here by the same rules as at the destination, and the destination is asked beforehand what
//! it would make of the batch, so that no node can make the relayer pay for a header that breaks a rule.

use crate::{
    chain::{refused, Head},
    engine::Link,
    error::Error,
    names::ChainName,
    view::{known_header, View},
};
use codec::Encode;
use futures::future::try_join_all;
use gridpeg_header::{Header, JointHeader, Millis, PowParameters, RuleError, Tip};
use polkadot_sdk::sp_runtime::DispatchError;
use std::time::{SystemTime, UNIX_EPOCH};

/// Headers that follow on one that the destination knows. At least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Batch {
    /// SCALE-encoded, oldest first.
    pub(crate) encoded: Vec<Vec<u8>>,
    /// What the destination will know of each.
    tips: Vec<Tip>,
    /// The last of them.
    pub(crate) last: Tip,
}

impl Batch {
    /// The height of the first of them.
    pub(crate) fn first(&self) -> u32 {
        self.tips.first().map_or(self.last.number, |tip| tip.number)
    }

    /// All bytes of them.
    pub(crate) fn bytes(&self) -> usize {
        self.encoded.iter().map(Vec::len).sum()
    }

    /// Whether it may replace a confirmed header: it follows on one that has `confirmations` others above it. The
    /// destination then takes no leaves in the same call.
    pub(crate) fn is_deep(&self, known: &Tip, confirmations: u32) -> bool {
        self.first() <= known.number.saturating_sub(confirmations)
    }

    /// Those that are not stamped after this time: a clock that stands there takes them.
    fn until(&self, time: Millis) -> &[Vec<u8>] {
        let count = self.tips.iter().take_while(|tip| tip.time <= time).count();
        self.encoded.get(..count).unwrap_or_default()
    }
}

/// The headers that are missing, as many as one call takes.
pub(crate) async fn missing(link: &Link<'_>, view: &View) -> Result<Option<Batch>, Error> {
    // Also right when the source's node is still syncing: it has nothing new then.
    if view.head.work <= view.known.work {
        return Ok(None);
    }
    let common = newest_known(link, view).await?;
    let last = view.head.number.min(common.number.saturating_add(view.limits.headers.max(1)));
    let numbers = common.number.saturating_add(1)..=last;
    let headers = try_join_all(numbers.map(|number| link.source.header_at(number))).await?;
    check(link.source.name, common, &headers, &link.parameters, now())
}

/// The highest header that is confirmed once the batch is in, as the destination finds by trying it out; without a
/// batch, the one that is confirmed now.
pub(crate) async fn confirmed_after(link: &Link<'_>, view: &View, batch: Option<&Batch>) -> Result<Option<Tip>, Error> {
    // The trial's clock stands at the destination's best block, behind the clock of the block that takes the batch.
    let drift = link.parameters.max_drift();
    let headers = batch.map(|batch| batch.until(view.at.time.saturating_add(drift))).unwrap_or_default();
    if headers.is_empty() {
        return link.destination.api("LightClientApi_confirmed", &[], view.at.hash).await;
    }
    let function = "LightClientApi_confirmed_after";
    let answer: Result<Option<Tip>, DispatchError> =
        link.destination.api(function, &headers.encode(), view.at.hash).await?;
    match answer {
        Ok(confirmed) => Ok(confirmed),
        Err(error) => {
            let name = link.destination.error_name(error, view.at.hash).await;
            Err(Error::Data(format!(
                "{} chain: the light client would refuse {} headers of the {} chain from #{}: {name}",
                link.destination.name,
                headers.len(),
                link.source.name,
                batch.map_or(0, Batch::first),
            )))
        }
    }
}

/// The newest header of the source's best branch that the destination knows.
async fn newest_known(link: &Link<'_>, view: &View) -> Result<Tip, Error> {
    let start = view.known.number.min(view.head.number);
    let lowest = start.saturating_sub(view.limits.window);
    let mut number = start;
    let mut newest = loop {
        if let Some(tip) = known_at(link, &view.at, number).await? {
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
    while let Some(tip) = known_at(link, &view.at, newest.number.saturating_add(1)).await? {
        newest = tip;
    }
    Ok(newest)
}

/// The source's header at a height, if the destination knows it.
async fn known_at(link: &Link<'_>, at: &Head, number: u32) -> Result<Option<Tip>, Error> {
    let Some(hash) = link.source.hash_at(number).await? else { return Ok(None) };
    let known = known_header(link.destination, hash, at.hash).await?;
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
    let mut batch = Batch { encoded: Vec::new(), tips: Vec::new(), last: common };
    for header in headers {
        let bytes = header.encode();
        let decoded = JointHeader::decode(&bytes).map_err(|error| refused(source, header, error))?;
        match batch.last.check(&decoded, parameters, clock) {
            Ok(tip) => batch.last = tip,
            // Stamped ahead of time, or the source reorganised between two answers: the next look goes on from here.
            Err(RuleError::TimeInFuture | RuleError::Parent) => break,
            Err(error) => return Err(refused(source, header, error)),
        }
        batch.encoded.push(bytes);
        batch.tips.push(batch.last);
    }
    Ok((!batch.encoded.is_empty()).then_some(batch))
}

/// This machine's clock.
pub(crate) fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[path = "headers_tests.rs"]
mod tests;
