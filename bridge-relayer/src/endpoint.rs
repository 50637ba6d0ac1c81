//! Keeping connected to a node: every loss is followed by new attempts, ever more patient.

use crate::{
    backoff::{Backoff, SHORTEST},
    chain::Chain,
    metrics::Metrics,
    names::ChainName,
};
use std::time::Instant;
use tracing::{info, warn};

/// One chain's node, connected or not.
pub(crate) struct Endpoint {
    /// Which chain.
    pub(crate) name: ChainName,
    url: String,
    chain: Option<Chain>,
    /// Wait before the next attempt.
    backoff: Backoff,
    metrics: Metrics,
}

impl Endpoint {
    /// A node that is not connected to yet.
    pub(crate) fn new(name: ChainName, url: String, metrics: Metrics) -> Self {
        metrics.connected(name, false);
        Self { name, url, chain: None, backoff: Backoff::default(), metrics }
    }

    /// The connection. Connects first if there is none, for as long as it takes.
    pub(crate) async fn connected(&mut self) -> Chain {
        loop {
            if let Some(chain) = &self.chain {
                return chain.clone();
            }
            tokio::time::sleep(self.backoff.delay()).await;
            match Chain::connect(self.name, &self.url).await {
                Ok(chain) => {
                    info!(chain = %self.name, url = %self.url, genesis = ?chain.genesis, "connected");
                    self.metrics.connected(self.name, true);
                    self.chain = Some(chain);
                }
                Err(error) => {
                    self.metrics.error(&error);
                    self.drop_connection();
                    warn!(retry_in_seconds = self.backoff.delay().as_secs(), "{error}");
                }
            }
        }
    }

    /// Gives the connection up. The next attempt waits longer, until [`Endpoint::works`] is called.
    pub(crate) fn drop_connection(&mut self) {
        self.chain = None;
        self.metrics.connected(self.name, false);
        self.backoff.failed(Instant::now(), SHORTEST);
    }

    /// The connection is good for work: a later loss is answered at once.
    pub(crate) fn works(&mut self) {
        self.backoff.worked();
    }
}
