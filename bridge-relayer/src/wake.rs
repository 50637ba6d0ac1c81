//! Says when to look for work, and notices a node that has fallen silent.

use crate::{
    chain::{Chain, Heads},
    error::Error,
    names::ChainName,
};
use futures::FutureExt;
use gridpeg_header::{Header, Millis};
use std::time::{Duration, Instant};
use subxt::rpcs;
use tracing::debug;

/// A node may be silent for at least this long.
const SHORTEST_PATIENCE: Duration = Duration::from_secs(60);
/// And for so many polls, and block times of its chain: one in 22,000 blocks takes longer by chance.
const PATIENCE: u32 = 10;

/// Waits for new best blocks of both chains.
pub(crate) struct Wake {
    source: Feed,
    destination: Feed,
    poll_interval: Duration,
}

impl Wake {
    /// Subscribes to both nodes' announcements.
    pub(crate) async fn subscribe(source: &Chain, destination: &Chain, poll_interval: Duration) -> Result<Self, Error> {
        Ok(Self {
            source: Feed::subscribe(source, poll_interval).await?,
            destination: Feed::subscribe(destination, poll_interval).await?,
            poll_interval,
        })
    }

    /// Waits for a new best block of either chain, or for the poll interval to pass.
    pub(crate) async fn next(&mut self) -> Result<(), Error> {
        tokio::select! {
            head = self.source.heads.next() => self.source.take(head)?,
            head = self.destination.heads.next() => self.destination.take(head)?,
            () = tokio::time::sleep(self.poll_interval) => {}
        }
        self.drain()
    }

    /// Fails when a node has been silent for too long. For a daemon: a node that has no miner is silent too.
    pub(crate) fn check_heard(&self) -> Result<(), Error> {
        let now = Instant::now();
        self.source.check(now)?;
        self.destination.check(now)
    }

    /// Drops the announcements that have piled up: one pass looks at the newest state.
    pub(crate) fn drain(&mut self) -> Result<(), Error> {
        self.source.drain()?;
        self.destination.drain()
    }
}

/// One node's announcements.
struct Feed {
    chain: ChainName,
    heads: Heads,
    /// When the last one came.
    heard: Instant,
    patience: Duration,
}

impl Feed {
    async fn subscribe(chain: &Chain, poll_interval: Duration) -> Result<Self, Error> {
        let heads = chain.heads().await?;
        let parameters = chain.parameters(chain.best_hash().await?).await?;
        let block_time = parameters.map_or(0, |parameters| parameters.block_time);
        Ok(Self { chain: chain.name, heads, heard: Instant::now(), patience: patience(poll_interval, block_time) })
    }

    /// A subscription that ends or fails means that the connection is gone.
    fn take(&mut self, head: Option<Result<Header, rpcs::Error>>) -> Result<(), Error> {
        let head = head.ok_or_else(|| self.lost("the node ended the announcements of new blocks".into()))?;
        let head = head.map_err(|error| self.lost(format!("announcements of new blocks: {error}")))?;
        self.heard = Instant::now();
        debug!(chain = %self.chain, number = head.number, hash = ?head.hash(), "new best block");
        Ok(())
    }

    fn drain(&mut self) -> Result<(), Error> {
        while let Some(head) = self.heads.next().now_or_never() {
            self.take(head)?;
        }
        Ok(())
    }

    fn check(&self, now: Instant) -> Result<(), Error> {
        if now.saturating_duration_since(self.heard) <= self.patience {
            return Ok(());
        }
        Err(self.lost(format!("the node has announced no block for {} s", self.patience.as_secs())))
    }

    fn lost(&self, reason: String) -> Error {
        Error::Connection { chain: self.chain, reason }
    }
}

/// How long a node may announce nothing.
fn patience(poll_interval: Duration, block_time: Millis) -> Duration {
    let polls = poll_interval.saturating_mul(PATIENCE);
    let blocks = Duration::from_millis(block_time).saturating_mul(PATIENCE);
    polls.max(blocks).max(SHORTEST_PATIENCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_silent_for_ten_polls_a_minute_and_ten_block_times() {
        let patience = |poll, block| patience(Duration::from_secs(poll), block).as_secs();
        assert_eq!(patience(2, 3_000), 60);
        assert_eq!(patience(30, 3_000), 300);
        // Blocks of a minute are often further apart than a minute.
        assert_eq!(patience(6, 60_000), 600);
    }
}
