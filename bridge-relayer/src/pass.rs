//! One look for work in a direction, and doing what there is: one call with headers, receipts and messages.

use crate::{
    age,
    backoff::{Backoff, Reminder},
    deliver::deliver,
    engine::Link,
    error::Error,
    headers::{self, Batch},
    leaves::{self, Evidence},
    plan,
    resolve::{self, Attempts},
    view::View,
};
use gridpeg_header::{Millis, Tip};
use gridpeg_messages::{units::COIN, Nonce};
use std::time::{Duration, Instant};
use tracing::{debug, info, warn};

/// How often a low balance and an obstacle are warned of.
const REMINDER: Duration = Duration::from_secs(600);

/// What a pass remembers of those before it. Nothing is lost with it but patience.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// After calls that failed.
    calls: Backoff,
    /// After calls that failed and brought receipts or messages: headers go on without them.
    leaves: Backoff,
    attempts: Attempts,
    oldest: Option<Oldest>,
    low_balance: Reminder,
    obstacle: Reminder,
    /// Why the last call was not made or not taken.
    pub(crate) trouble: Option<String>,
}

impl Memory {
    /// Whether something that failed is not tried again yet.
    fn waits(&self, now: Instant) -> bool {
        self.calls.waits(now) || self.leaves.waits(now)
    }
}

/// The oldest message that is not delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Oldest {
    nonce: Nonce,
    /// When it was sent; when it was first seen, if the node cannot say.
    since: Millis,
}

/// Does what there is to do now. Returns whether there is more that need not wait for a block.
pub(crate) async fn pass(link: &Link<'_>, memory: &mut Memory) -> Result<bool, Error> {
    let view = View::ask(link).await?;
    look(link, &view, memory).await?;
    let now = Instant::now();
    if !memory.waits(now) {
        memory.trouble = None;
    }
    if memory.calls.waits(now) {
        return Ok(false);
    }
    let due = plan::takes_leaves(&view, link.settings.carry) && plan::is_due(&view) && !memory.leaves.waits(now);
    let (batch, confirmed) = next_headers(link, &view, due).await?;
    let deep = batch.as_ref().is_some_and(|batch| batch.is_deep(&view.known, link.parameters.confirmations));
    let recent = plan::is_recent(&view, batch.as_ref().map_or(view.known.time, |batch| batch.last.time));
    let evidence = match confirmed {
        // Genesis commits no outbox.
        // If they cannot be had, headers go without them.
        Some(confirmed) if due && recent && !deep && confirmed.number > 0 => {
            link.or_nothing(leaves::collect(link, &view, confirmed).await)?
        }
        _ => None,
    };
    let mut more = false;
    if batch.is_some() || evidence.is_some() {
        more = carry(link, &view, memory, batch.as_ref(), evidence.as_ref()).await?;
    }
    if view.conflict.is_some() {
        let view = if batch.is_some() { View::ask(link).await? } else { view };
        if view.conflict.is_some() {
            settle(link, &view, memory).await?;
        }
    }
    Ok(more)
}

/// Reports where both chains are, and warns of what an operator should know.
async fn look(link: &Link<'_>, view: &View, memory: &mut Memory) -> Result<(), Error> {
    let metrics = link.metrics;
    metrics.heights(&view.head, view.known.number);
    metrics.lanes(&view.source, &view.lanes);
    metrics.conflict(view.conflict.is_some());
    let low = view.balance < link.settings.low_balance;
    metrics.balance(view.balance, low);
    if low && memory.low_balance.due(Instant::now(), REMINDER) {
        warn!(
            direction = %link.direction,
            chain = %link.destination.name,
            coins = view.balance as f64 / COIN as f64,
            "low balance: send coins to the signing account",
        );
    }
    if let Some(obstacle) = view.obstacle() {
        if memory.obstacle.due(Instant::now(), REMINDER) {
            warn!(direction = %link.direction, "only headers are carried: {obstacle}");
        }
    } else {
        memory.obstacle = Reminder::default();
    }
    memory.oldest = oldest(link, view, memory.oldest).await?;
    metrics.oldest_age(memory.oldest.map_or(0, |oldest| headers::now().saturating_sub(oldest.since)));
    Ok(())
}

/// The oldest message that is not delivered. Its block is looked for only once.
async fn oldest(link: &Link<'_>, view: &View, known: Option<Oldest>) -> Result<Option<Oldest>, Error> {
    if view.source.state.sent <= view.lanes.state.received {
        return Ok(None);
    }
    let nonce = view.lanes.state.received.saturating_add(1);
    if let Some(known) = known.filter(|known| known.nonce == nonce) {
        return Ok(Some(known));
    }
    let since = age::sent_at(link.source, &view.head, nonce).await?.unwrap_or(view.head.time);
    Ok(Some(Oldest { nonce, since }))
}

/// The headers that are missing, and the one that is confirmed once they are in. Headers that the destination would
/// refuse are left out; what is confirmed already can be delivered without them.
async fn next_headers(link: &Link<'_>, view: &View, due: bool) -> Result<(Option<Batch>, Option<Tip>), Error> {
    let tried = match headers::missing(link, view).await {
        Ok(Some(batch)) => {
            headers::confirmed_after(link, view, Some(&batch)).await.map(|confirmed| (Some(batch), confirmed))
        }
        Ok(None) => Ok((None, None)),
        Err(error) => Err(error),
    };
    match tried {
        Ok((None, _)) if !due => Ok((None, None)),
        Ok((None, _)) => Ok((None, headers::confirmed_after(link, view, None).await?)),
        // A conflict is to be ended, whatever keeps new headers away.
        Err(error) if (due || view.conflict.is_some()) && !error.ends_session() => {
            link.report(&error);
            Ok((None, headers::confirmed_after(link, view, None).await?))
        }
        tried => tried,
    }
}

/// Submits headers and leaves. Returns whether there is more of them.
async fn carry(
    link: &Link<'_>,
    view: &View,
    memory: &mut Memory,
    batch: Option<&Batch>,
    evidence: Option<&Evidence>,
) -> Result<bool, Error> {
    match deliver(link, view, batch, evidence).await {
        Ok(()) => {
            memory.calls.worked();
            if evidence.is_some() {
                memory.leaves.worked();
            }
            let more_headers = batch.is_some_and(|batch| batch.last.number < view.head.number);
            Ok(more_headers || evidence.is_some_and(|evidence| evidence.more))
        }
        Err(error) => {
            // What failed may be the leaves: the headers are tried without them before they wait, too.
            let Memory { calls, leaves, trouble, .. } = memory;
            forgive(link, error, if evidence.is_some() { leaves } else { calls }, trouble)?;
            Ok(false)
        }
    }
}

/// Tries to end a conflict.
async fn settle(link: &Link<'_>, view: &View, memory: &mut Memory) -> Result<(), Error> {
    match resolve::attempt(link, view, &mut memory.attempts).await {
        Ok(()) => Ok(()),
        Err(error) => forgive(link, error, &mut memory.calls, &mut memory.trouble),
    }
}

/// What is no failure ends here; what would fail again has to wait.
fn forgive(link: &Link<'_>, error: Error, backoff: &mut Backoff, trouble: &mut Option<String>) -> Result<(), Error> {
    if error.is_duplicate() {
        link.metrics.duplicate();
        info!(direction = %link.direction, "duplicate: {error}");
        return Ok(());
    }
    *trouble = Some(error.to_string());
    if let Error::Pending { .. } = error {
        debug!(direction = %link.direction, "{error}");
        return Ok(());
    }
    if error.backs_off() {
        let delay = backoff.failed(Instant::now(), link.block_time);
        debug!(direction = %link.direction, seconds = delay.as_secs_f64(), "backing off");
    }
    Err(error)
}
