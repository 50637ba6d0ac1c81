//! Metrics of the electricity market. Nodes of the carbon chain do not have them.
//!
//! | metric | unit |
//! |---|---|
//! | `gridpeg_market_next_slot{stage}` | the slot that is cleared, settled, pruned next |
//! | `gridpeg_market_slots_behind` | slots that are due to be cleared, or settled: the larger number, up to 1,000 |
//! | `gridpeg_market_clearing` | 1 while a book is being cleared over several blocks, else 0 |
//! | `gridpeg_market_last_price` | mean price of the last book that traded, in coins per kWh; 0 if none did in 1,000 slots |

use super::Register;
use crate::client::{FullClient, Hash};
use gridpeg_market::records::MarketStatus;
use gridpeg_runtime_api::market::MarketApi;
use log::debug;
use polkadot_sdk::{
    sp_api::ProvideRuntimeApi,
    sp_blockchain::HeaderBackend,
    substrate_prometheus_endpoint::{Gauge, GaugeVec, Opts, PrometheusError, Registry, F64, U64},
};
use std::{sync::Arc, time::Duration};

/// How often they are brought up to date, if there is a new best block.
const INTERVAL: Duration = Duration::from_secs(5);
/// 10⁻¹² coin of a coin.
const COIN: f64 = 1e12;

/// The market's metrics.
pub struct MarketMetrics {
    next_slot: GaugeVec<U64>,
    slots_behind: Gauge<U64>,
    clearing: Gauge<U64>,
    last_price: Gauge<F64>,
}

impl MarketMetrics {
    /// Creates them, and registers them if there is a registry.
    pub fn new(registry: Option<&Registry>) -> Result<Self, PrometheusError> {
        let register = Register(registry);
        Ok(Self {
            next_slot: register.add(GaugeVec::new(
                Opts::new("gridpeg_market_next_slot", "The slot that is cleared, settled, pruned next"),
                &["stage"],
            )?)?,
            slots_behind: register
                .add(Gauge::new("gridpeg_market_slots_behind", "Slots that are due and not done")?)?,
            clearing: register
                .add(Gauge::new("gridpeg_market_clearing", "1 while a book is being cleared over several blocks")?)?,
            last_price: register.add(Gauge::new(
                "gridpeg_market_last_price",
                "Mean price of the last book that traded, in coins per kWh",
            )?)?,
        })
    }

    fn set(&self, status: &MarketStatus) {
        if let Some(next) = status.progress.next {
            for (stage, slot) in [("clear", next.clear), ("settle", next.settle), ("prune", next.prune)] {
                self.next_slot.with_label_values(&[stage]).set(slot.into());
            }
        }
        self.slots_behind.set(status.to_clear.max(status.to_settle).into());
        self.clearing.set(status.progress.clearing.is_some().into());
        self.last_price.set(status.last.map_or(0.0, |(_, _, price)| price as f64 / COIN));
    }
}

/// Keeps them up to date for as long as the node runs.
pub async fn watch(client: Arc<FullClient>, metrics: MarketMetrics) {
    let mut interval = tokio::time::interval(INTERVAL);
    let mut last = Hash::zero();
    loop {
        interval.tick().await;
        let best = client.info().best_hash;
        if best == last {
            continue;
        }
        match client.runtime_api().status(best) {
            Ok(status) => {
                metrics.set(&status);
                last = best;
            }
            Err(error) => debug!(target: "market", "No metrics of the market: {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridpeg_market::{
        calendar::Calendar,
        records::{Cursors, Progress},
    };
    use polkadot_sdk::substrate_prometheus_endpoint::prometheus::TextEncoder;

    #[test]
    fn the_market_is_exposed() {
        let registry = Registry::new();
        let metrics = MarketMetrics::new(Some(&registry)).unwrap();
        let next = Some(Cursors { clear: 8, settle: 7, prune: 1 });
        let progress = Progress { next, clearing: Some((8, 0)), settling: None };
        let (calendar, last) = (Calendar::default(), Some((6, 0, 90_000_000_000)));
        metrics.set(&MarketStatus { calendar, slot: Some(9), progress, to_clear: 1, to_settle: 2, last });
        let text = TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
        for line in [
            "gridpeg_market_next_slot{stage=\"clear\"} 8",
            "gridpeg_market_next_slot{stage=\"settle\"} 7",
            "gridpeg_market_next_slot{stage=\"prune\"} 1",
            "gridpeg_market_slots_behind 2",
            "gridpeg_market_clearing 1",
            "gridpeg_market_last_price 0.09",
        ] {
            assert!(text.lines().any(|have| have == line), "{line} is not in {text}");
        }
    }
}
