//! `relay-once`: carries what can be carried now, without a daemon. Anybody can relay for themselves.

use crate::{
    chain::Chain,
    config::{Config, KeyOptions, NodeOptions},
    engine::Link,
    error::Error,
    metrics::Metrics,
    names::Direction,
    pair,
    pass::{pass, Memory},
    view::View,
    wake::Wake,
};
use clap::{value_parser, Args};
use futures::future::join_all;
use gridpeg_messages::Nonce;
use std::{
    ops::RangeInclusive,
    time::{Duration, Instant},
};
use tracing::warn;

/// A week: the longest wait.
const LONGEST_WAIT: u64 = 7 * 24 * 60 * 60;

/// The flags of `relay-once`.
#[derive(Clone, Debug, Args)]
pub(crate) struct OnceOptions {
    #[command(flatten)]
    pub(crate) nodes: NodeOptions,
    #[command(flatten)]
    pub(crate) keys: KeyOptions,
    /// Only this direction; without it both
    #[arg(long, value_enum)]
    pub(crate) direction: Option<Direction>,
    /// Wait so long for messages and receipts that are not confirmed yet
    #[arg(long, value_name = "SECONDS", default_value_t = 0, value_parser = value_parser!(u64).range(0..=LONGEST_WAIT))]
    wait: u64,
    /// Stop when the direction's message with this nonce has arrived, whatever else is left
    #[arg(long, requires = "direction")]
    nonce: Option<Nonce>,
}

/// What is to be done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Goal {
    wait: Duration,
    nonce: Option<Nonce>,
}

/// How a direction ended: why something is left, if it is.
pub(crate) type Outcome = (Direction, Option<String>);

impl OnceOptions {
    /// The directions to carry in.
    pub(crate) fn directions(&self) -> Vec<Direction> {
        self.direction.map_or(Direction::BOTH.to_vec(), |direction| vec![direction])
    }

    /// What is to be done in each of them.
    pub(crate) fn goal(&self) -> Goal {
        Goal { wait: Duration::from_secs(self.wait), nonce: self.nonce }
    }
}

/// Carries in all of these directions at the same time. Fails when the nodes are not a pair.
pub(crate) async fn run(config: &Config, directions: &[Direction], goal: Goal) -> Result<Vec<Outcome>, Error> {
    let outcomes = join_all(directions.iter().map(|direction| relay(config, *direction, goal))).await;
    directions.iter().copied().zip(outcomes).map(|(direction, left)| Ok((direction, left?))).collect()
}

async fn relay(config: &Config, direction: Direction, goal: Goal) -> Result<Option<String>, Error> {
    match carry(config, direction, goal).await {
        Err(error @ Error::Pair(_)) => Err(error),
        Err(error) => Ok(Some(error.to_string())),
        left => left,
    }
}

/// Carries in one direction. Returns why something is left, if it is.
async fn carry(config: &Config, direction: Direction, goal: Goal) -> Result<Option<String>, Error> {
    let begin = Instant::now();
    let connect = |chain| Chain::connect(chain, config.nodes.url(chain));
    let (source, destination) = tokio::try_join!(connect(direction.source()), connect(direction.destination()))?;
    let Some(pair) = pair::check(&source, &destination).await? else {
        return Ok(Some(pair::not_anchored(&destination, &source)));
    };
    let mut wake = Wake::subscribe(&source, &destination, config.settings.poll_interval).await?;
    let metrics = Metrics::unserved(direction).map_err(|error| Error::Data(error.to_string()))?;
    let signer = config.signers.on(direction.destination()).map_err(|error| Error::Data(error.to_string()))?;
    let link = Link {
        direction,
        source: &source,
        destination: &destination,
        parameters: pair.source,
        block_time: pair.block_time,
        signer,
        settings: config.settings,
        metrics: &metrics,
    };
    let mut memory = Memory::default();
    loop {
        let more = match pass(&link, &mut memory).await {
            Ok(more) => more,
            Err(error) if error.ends_session() => return Err(error),
            Err(error) => {
                warn!(%direction, "{error}");
                memory.trouble = Some(error.to_string());
                false
            }
        };
        let Some(reason) = left(&View::ask(&link).await?, goal.nonce) else { return Ok(None) };
        if more {
            wake.drain()?;
            continue;
        }
        let Some(rest) = goal.wait.checked_sub(begin.elapsed()).filter(|rest| !rest.is_zero()) else {
            return Ok(Some(memory.trouble.unwrap_or(reason)));
        };
        // When the time is over, there is one more look.
        if let Ok(woken) = tokio::time::timeout(rest, wake.next()).await {
            woken?;
        }
    }
}

/// Why something is left to be carried; `None` if nothing is.
fn left(view: &View, goal: Option<Nonce>) -> Option<String> {
    let received = view.lanes.state.received;
    if let Some(goal) = goal {
        if received >= goal {
            return None;
        }
        if view.source.state.sent < goal {
            return Some(format!("message {goal} has not been sent: the last one is {}", view.source.state.sent));
        }
    }
    let messages = received.saturating_add(1)..=view.source.state.sent;
    let receipts = view.lanes.settled.saturating_add(1)..=view.source.state.received;
    let what = match (range("messages", &messages), range("receipts", &receipts)) {
        (None, None) => return None,
        (Some(messages), Some(receipts)) => format!("{messages} and {receipts}"),
        (messages, receipts) => messages.or(receipts).unwrap_or_default(),
    };
    let why = view.obstacle().unwrap_or_else(|| {
        format!(
            "not enough work is above them yet (the destination knows the source up to #{}, its head is #{}); try again \
             later, or wait with --wait",
            view.known.number, view.head.number,
        )
    });
    Some(format!("{what} are left: {why}"))
}

fn range(name: &str, nonces: &RangeInclusive<Nonce>) -> Option<String> {
    (!nonces.is_empty()).then(|| format!("{name} {} to {}", nonces.start(), nonces.end()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Head;
    use clap::Parser;
    use gridpeg_header::{forge::easy_parameters, Tip, H256, U256};
    use gridpeg_messages::LaneState;
    use gridpeg_runtime_api::{LanesStatus, RelayLimits};

    /// Sent and received at the source, received and settled at the destination.
    fn view(sent: Nonce, source_received: Nonce, received: Nonce, settled: Nonce) -> View {
        let status = |sent, received, settled| LanesStatus {
            state: LaneState { sent, received, ..Default::default() },
            settled,
            acknowledged: 0,
            paused_until: None,
            deficit: None,
        };
        let head = Head { number: 40, hash: H256::zero(), time: 0, work: U256::zero() };
        View {
            at: head,
            known: Tip { number: 38, ..Tip::genesis(H256::zero(), &easy_parameters()) },
            lanes: status(0, received, settled),
            conflict: None,
            limits: RelayLimits { headers: 64, leaves: 32, window: 256, max_tip_age: 86_400_000 },
            balance: 0,
            head,
            source: status(sent, source_received, 0),
        }
    }

    #[track_caller]
    fn assert_left(view: &View, goal: Option<Nonce>, reason: &str) {
        let left = left(view, goal).unwrap();
        assert!(left.contains(reason), "{left}");
    }

    #[test]
    fn nothing_is_left_when_the_destination_has_all() {
        assert_eq!(left(&view(5, 2, 5, 2), None), None);
    }

    #[test]
    fn messages_and_receipts_that_are_left_are_named() {
        assert_left(&view(5, 2, 3, 2), None, "messages 4 to 5 are left: not enough work");
        assert_left(&view(5, 2, 5, 0), None, "receipts 1 to 2 are left");
        assert_left(&view(5, 2, 3, 1), None, "messages 4 to 5 and receipts 2 to 2 are left");
        let mut paused = view(5, 2, 3, 2);
        paused.lanes.paused_until = Some(90);
        assert_left(&paused, None, "paused until its block #90");
    }

    #[test]
    fn a_goal_is_reached_when_its_message_has_arrived() {
        assert_eq!(left(&view(5, 2, 4, 0), Some(4)), None);
        assert_left(&view(5, 2, 4, 2), Some(5), "messages 5 to 5 are left");
        assert_left(&view(5, 2, 5, 2), Some(6), "message 6 has not been sent: the last one is 5");
    }

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        options: OnceOptions,
    }

    #[test]
    fn a_nonce_needs_a_direction() {
        let parse = |flags: &[&str]| Cli::try_parse_from(["relay-once"].iter().chain(flags));
        assert!(parse(&["--nonce", "3"]).is_err());
        let one = parse(&["--nonce", "3", "--direction", "carbon-to-electricity", "--wait", "60"]).ok().unwrap();
        assert_eq!(one.options.directions(), [Direction::CarbonToElectricity]);
        assert_eq!(one.options.goal().wait, Duration::from_secs(60));
        let both = parse(&[]).ok().unwrap();
        assert_eq!(both.options.directions(), Direction::BOTH);
        assert!(both.options.goal().wait.is_zero());
    }
}
