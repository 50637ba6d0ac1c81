//! One direction of the bridge: from a source chain to a destination chain.
//!
//! The loop keeps no state of its own: every pass asks both chains afresh what the destination misses, and submits
//! that. So it may be killed at any point, run beside others, and survives reorganisations of both chains. A pass runs
//! for every new best block of either chain, and at latest after the poll interval.

use crate::{
    chain::{Chain, ChainName, Heads},
    config::Carry,
    endpoint::Endpoint,
    error::Error,
    headers, messages,
    metrics::Metrics,
    pair,
};
use futures::FutureExt;
use gridpeg_header::{Header, PowParameters};
use std::{
    convert::Infallible,
    time::{Duration, Instant},
};
use subxt::rpcs;
use subxt_signer::sr25519::Keypair;
use tracing::{debug, info, warn};

/// How often it is said that the destination is not anchored yet.
const REMINDER: Duration = Duration::from_secs(60);

/// A direction of the bridge.
pub(crate) struct Direction {
    /// Where headers and messages come from.
    pub(crate) source: Endpoint,
    /// Where they are submitted.
    pub(crate) destination: Endpoint,
    /// Signs at the destination.
    pub(crate) signer: Keypair,
    /// What to carry.
    pub(crate) carry: Carry,
    /// Longest wait between two passes.
    pub(crate) poll_interval: Duration,
    /// Longest wait for a transaction to get into a block.
    pub(crate) inclusion_timeout: Duration,
    /// Where figures go.
    pub(crate) metrics: Metrics,
}

/// A direction with both connections made: what a pass works with.
pub(crate) struct Link<'a> {
    /// Where headers and messages come from.
    pub(crate) source: &'a Chain,
    /// Where they are submitted.
    pub(crate) destination: &'a Chain,
    /// The source's proof of work, as the destination is anchored to it.
    pub(crate) parameters: PowParameters,
    /// Signs at the destination.
    pub(crate) signer: &'a Keypair,
    /// Longest wait for a transaction to get into a block.
    pub(crate) inclusion_timeout: Duration,
    /// Where figures go.
    pub(crate) metrics: &'a Metrics,
}

impl Direction {
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
            warn!("{error}; connecting again");
        }
    }

    /// Relays until something is wrong that only a new connection can heal.
    async fn session(&mut self, source: &Chain, destination: &Chain) -> Result<Infallible, Error> {
        let mut wake = Wake::subscribe(source, destination, self.poll_interval).await?;
        let parameters = wait_for_anchor(source, destination, &mut wake).await?;
        info!(from = %source.name, to = %destination.name, "relaying");
        loop {
            let link = Link {
                source,
                destination,
                parameters,
                signer: &self.signer,
                inclusion_timeout: self.inclusion_timeout,
                metrics: &self.metrics,
            };
            match pass(&link, self.carry).await {
                Ok(more) => {
                    self.source.works();
                    self.destination.works();
                    if more {
                        wake.drain()?;
                        continue;
                    }
                }
                Err(error @ (Error::Connection { .. } | Error::Pair(_))) => return Err(error),
                Err(error) => {
                    self.metrics.error(&error);
                    warn!("{error}");
                }
            }
            wake.next().await?;
        }
    }
}

/// Does what there is to do now, at most one transaction of each kind. Returns whether there is more.
async fn pass(link: &Link<'_>, carry: Carry) -> Result<bool, Error> {
    let account = link.signer.public_key().0;
    let balance = link.destination.balance(account, link.destination.best_hash().await?).await?;
    link.metrics.balance(balance);

    // Messages wait until all headers are there: the source may not have the state of an old confirmed block any more.
    if headers::carry(link).await? {
        return Ok(true);
    }
    match carry {
        Carry::Headers => Ok(false),
        Carry::All => messages::carry(link).await,
    }
}

/// Waits until the destination is anchored to the source, and returns the source's parameters.
async fn wait_for_anchor(source: &Chain, destination: &Chain, wake: &mut Wake) -> Result<PowParameters, Error> {
    let mut said: Option<Instant> = None;
    loop {
        if let Some(parameters) = pair::check(source, destination).await? {
            return Ok(parameters);
        }
        if said.is_none_or(|said| said.elapsed() >= REMINDER) {
            let (here, there, genesis) = (destination.name, source.name, source.genesis);
            info!(
                "the {here} chain is not anchored yet: waiting for an authority to call lightClient.anchor there, with \
                 genesis {genesis:?} of the {there} chain"
            );
            said = Some(Instant::now());
        }
        wake.next().await?;
    }
}

/// Says when to look for work.
struct Wake {
    source: Heads,
    destination: Heads,
    /// Names for the messages.
    names: [ChainName; 2],
    poll_interval: Duration,
}

impl Wake {
    async fn subscribe(source: &Chain, destination: &Chain, poll_interval: Duration) -> Result<Self, Error> {
        Ok(Self {
            source: source.heads().await?,
            destination: destination.heads().await?,
            names: [source.name, destination.name],
            poll_interval,
        })
    }

    /// Waits for a new best block of either chain, or for the poll interval to pass.
    async fn next(&mut self) -> Result<(), Error> {
        let [source, destination] = self.names;
        tokio::select! {
            head = self.source.next() => check(source, head)?,
            head = self.destination.next() => check(destination, head)?,
            () = tokio::time::sleep(self.poll_interval) => {}
        }
        self.drain()
    }

    /// Drops the announcements that have piled up: one pass looks at the newest state.
    fn drain(&mut self) -> Result<(), Error> {
        let [source, destination] = self.names;
        while let Some(head) = self.source.next().now_or_never() {
            check(source, head)?;
        }
        while let Some(head) = self.destination.next().now_or_never() {
            check(destination, head)?;
        }
        Ok(())
    }
}

/// A subscription that ends or fails means that the connection is gone.
fn check(chain: ChainName, head: Option<Result<Header, rpcs::Error>>) -> Result<(), Error> {
    let lost = |reason: String| Error::Connection { chain, reason };
    let head = head.ok_or_else(|| lost("the node ended the announcements of new blocks".into()))?;
    let head = head.map_err(|error| lost(format!("announcements of new blocks: {error}")))?;
    debug!(%chain, number = head.number, hash = ?head.hash(), "new best block");
    Ok(())
}
