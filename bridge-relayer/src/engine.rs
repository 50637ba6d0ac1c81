//! One direction of the bridge: from a source chain to a destination chain.
//!
//! The loop keeps nothing that matters: every pass asks both chains afresh what the destination misses, and submits
//! that. So it may be killed at any point, run beside others, and survives reorganisations of both chains. A pass runs
//! for every new best block of either chain, and at latest after the poll interval. The two directions sign on
//! different chains, each with a key of its own, and wait for a transaction's end before they make the next: at most
//! one of a signer is under way.

use crate::{
    backoff::Reminder,
    chain::Chain,
    config::{Config, ConfigError, Settings},
    endpoint::Endpoint,
    error::Error,
    metrics::Metrics,
    names::Direction,
    pair::{self, Pair},
    pass::{pass, Memory},
    wake::Wake,
};
use gridpeg_header::PowParameters;
use std::{
    convert::Infallible,
    time::{Duration, Instant},
};
use subxt_signer::sr25519::Keypair;
use tracing::{info, warn};

/// How often it is said that the destination is not anchored yet.
const REMINDER: Duration = Duration::from_secs(60);

/// The relayer of a direction.
pub(crate) struct Relay {
    direction: Direction,
    source: Endpoint,
    destination: Endpoint,
    signer: Keypair,
    settings: Settings,
    metrics: Metrics,
    memory: Memory,
}

/// A direction with both connections made: what a pass works with.
pub(crate) struct Link<'a> {
    /// Which direction.
    pub(crate) direction: Direction,
    /// Where headers, messages and receipts come from.
    pub(crate) source: &'a Chain,
    /// Where they are submitted.
    pub(crate) destination: &'a Chain,
    /// The source's proof of work, as the destination is anchored to it.
    pub(crate) parameters: PowParameters,
    /// The destination's block time.
    pub(crate) block_time: Duration,
    /// Signs at the destination.
    pub(crate) signer: &'a Keypair,
    /// How to relay.
    pub(crate) settings: Settings,
    /// Where figures go.
    pub(crate) metrics: &'a Metrics,
}

impl Link<'_> {
    /// Counts and logs what went wrong.
    pub(crate) fn report(&self, error: &Error) {
        self.metrics.error(error);
        warn!(direction = %self.direction, "{error}");
    }

    /// What was found; nothing, with a report, if that failed in a way that other work can go on after.
    pub(crate) fn or_nothing<T: Default>(&self, found: Result<T, Error>) -> Result<T, Error> {
        match found {
            Err(error) if !error.ends_session() => {
                self.report(&error);
                Ok(T::default())
            }
            found => found,
        }
    }
}

impl Relay {
    /// A relayer that has not begun.
    pub(crate) fn new(direction: Direction, config: &Config, metrics: Metrics) -> Result<Self, ConfigError> {
        let endpoint = |chain| Endpoint::new(chain, config.nodes.url(chain).into(), metrics.clone());
        Ok(Self {
            direction,
            source: endpoint(direction.source()),
            destination: endpoint(direction.destination()),
            signer: config.signers.on(direction.destination())?.clone(),
            settings: config.settings,
            memory: Memory::default(),
            metrics,
        })
    }

    /// Relays for ever. Returns only when the two nodes turn out not to be a pair, with the reason.
    pub(crate) async fn run(&mut self) -> Error {
        loop {
            let (source, destination) = tokio::join!(self.source.connected(), self.destination.connected());
            let Err(error) = self.session(&source, &destination).await;
            self.metrics.error(&error);
            if matches!(error, Error::Pair(_)) {
                return error;
            }
            match &error {
                Error::Connection { chain, .. } if *chain == self.source.name => self.source.drop_connection(),
                Error::Connection { .. } => self.destination.drop_connection(),
                // Without a connection at fault it is not known which node is: start over with both.
                _ => {
                    self.source.drop_connection();
                    self.destination.drop_connection();
                }
            }
            warn!(direction = %self.direction, "{error}; connecting again");
        }
    }

    /// Relays until something is wrong that only a new connection can heal.
    async fn session(&mut self, source: &Chain, destination: &Chain) -> Result<Infallible, Error> {
        let mut wake = Wake::subscribe(source, destination, self.settings.poll_interval).await?;
        let pair = wait_for_anchor(source, destination, &mut wake).await?;
        info!(direction = %self.direction, "relaying");
        loop {
            let link = Link {
                direction: self.direction,
                source,
                destination,
                parameters: pair.source,
                block_time: pair.block_time,
                signer: &self.signer,
                settings: self.settings,
                metrics: &self.metrics,
            };
            match pass(&link, &mut self.memory).await {
                Ok(more) => {
                    self.source.works();
                    self.destination.works();
                    if more {
                        wake.drain()?;
                        continue;
                    }
                }
                Err(error) if error.ends_session() => return Err(error),
                Err(error) => link.report(&error),
            }
            wake.next().await?;
            wake.check_heard()?;
        }
    }
}

/// Waits until the destination is anchored to the source.
async fn wait_for_anchor(source: &Chain, destination: &Chain, wake: &mut Wake) -> Result<Pair, Error> {
    let mut reminder = Reminder::default();
    loop {
        if let Some(pair) = pair::check(source, destination).await? {
            return Ok(pair);
        }
        if reminder.due(Instant::now(), REMINDER) {
            info!("{}", pair::not_anchored(destination, source));
        }
        wake.next().await?;
        wake.check_heard()?;
    }
}
