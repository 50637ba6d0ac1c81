//! Keeping connected to a node: every loss is followed by new attempts, ever more patient.

use crate::{backoff::LONGEST, chain::Chain, metrics::Metrics, names::ChainName};
use std::time::Duration;
use tracing::{info, warn};

/// Wait before the second attempt in a row; it doubles with every further one.
const FIRST_DELAY: Duration = Duration::from_secs(1);

/// One chain's node, connected or not.
pub(crate) struct Endpoint {
    /// Which chain.
    pub(crate) name: ChainName,
    url: String,
    chain: Option<Chain>,
    /// Wait before the next attempt.
    delay: Duration,
    metrics: Metrics,
}

impl Endpoint {
    /// A node that is not connected to yet.
    pub(crate) fn new(name: ChainName, url: String, metrics: Metrics) -> Self {
        metrics.connected(name, false);
        Self { name, url, chain: None, delay: Duration::ZERO, metrics }
    }

    /// The connection. Connects first if there is none, for as long as it takes.
    pub(crate) async fn connected(&mut self) -> Chain {
        loop {
            if let Some(chain) = &self.chain {
                return chain.clone();
            }
            tokio::time::sleep(self.delay).await;
            match Chain::connect(self.name, &self.url).await {
                Ok(chain) => {
                    info!(chain = %self.name, url = %self.url, genesis = ?chain.genesis, "connected");
                    self.metrics.connected(self.name, true);
                    self.chain = Some(chain);
                }
                Err(error) => {
                    self.metrics.error(&error);
                    self.drop_connection();
                    warn!(retry_in_seconds = self.delay.as_secs(), "{error}");
                }
            }
        }
    }

    /// Gives the connection up. The next attempt waits longer, until [`Endpoint::works`] is called.
    pub(crate) fn drop_connection(&mut self) {
        self.chain = None;
        self.metrics.connected(self.name, false);
        self.delay = longer(self.delay);
    }

    /// The connection is good for work: a later loss is answered at once.
    pub(crate) fn works(&mut self) {
        self.delay = Duration::ZERO;
    }
}

fn longer(delay: Duration) -> Duration {
    delay.saturating_mul(2).clamp(FIRST_DELAY, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_minute() {
        let delays = std::iter::successors(Some(Duration::ZERO), |delay| Some(longer(*delay)));
        let seconds: Vec<_> = delays.take(9).map(|delay| delay.as_secs()).collect();
        assert_eq!(seconds, [0, 1, 2, 4, 8, 16, 32, 60, 60]);
    }
}
