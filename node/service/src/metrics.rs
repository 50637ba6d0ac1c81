//! Prometheus metrics of the proof of work.
//!
//! | metric | unit |
//! |---|---|
//! | `gridpeg_hashrate` | hashes per second of this node |
//! | `gridpeg_target_work` | hashes that the next block takes on average, without the analysis' bonus |
//! | `gridpeg_blocks_mined_total` | own blocks that became the best block |
//! | `gridpeg_best_work` | cumulative base work of the best chain, in hashes |

use crate::client::{tip_of, FullClient};
use gridpeg_header::{target::work_of, PowParameters, U256};
use log::debug;
use polkadot_sdk::{
    sp_blockchain::HeaderBackend,
    substrate_prometheus_endpoint::{register, Counter, Gauge, PrometheusError, Registry, F64, U64},
};
use std::{sync::Arc, time::Duration};

/// How often the chain's metrics are brought up to date.
const INTERVAL: Duration = Duration::from_secs(5);

/// The metrics. Without a registry they count and nobody looks.
#[derive(Clone)]
pub struct Metrics {
    /// `gridpeg_hashrate`.
    pub hashrate: Gauge<F64>,
    /// `gridpeg_target_work`.
    pub target_work: Gauge<F64>,
    /// `gridpeg_blocks_mined_total`.
    pub blocks_mined: Counter<U64>,
    /// `gridpeg_best_work`.
    pub best_work: Gauge<F64>,
}

impl Metrics {
    /// Creates the metrics, and registers them if there is a registry.
    pub fn new(registry: Option<&Registry>) -> Result<Self, PrometheusError> {
        let metrics = Self {
            hashrate: Gauge::new("gridpeg_hashrate", "Hashes per second of this node")?,
            target_work: Gauge::new("gridpeg_target_work", "Hashes that the next block takes on average")?,
            blocks_mined: Counter::new("gridpeg_blocks_mined_total", "Own blocks that became the best block")?,
            best_work: Gauge::new("gridpeg_best_work", "Cumulative base work of the best chain, in hashes")?,
        };
        if let Some(registry) = registry {
            register(metrics.hashrate.clone(), registry)?;
            register(metrics.target_work.clone(), registry)?;
            register(metrics.blocks_mined.clone(), registry)?;
            register(metrics.best_work.clone(), registry)?;
        }
        Ok(metrics)
    }
}

/// Keeps the chain's metrics up to date for as long as the node runs.
pub async fn watch(client: Arc<FullClient>, parameters: PowParameters, metrics: Metrics) {
    let mut interval = tokio::time::interval(INTERVAL);
    loop {
        interval.tick().await;
        match tip_of(&*client, &parameters, client.info().best_hash) {
            Ok(tip) => {
                metrics.target_work.set(to_f64(work_of(tip.next_target(&parameters))));
                metrics.best_work.set(to_f64(tip.work));
            }
            Err(error) => debug!(target: "pow", "No metrics of the best block: {error}"),
        }
    }
}

/// A big number, to the 53 bits that metrics and logs have.
pub fn to_f64(value: U256) -> f64 {
    value.0.iter().rev().fold(0.0, |sum, limb| sum * 2f64.powi(64) + *limb as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn big_numbers_keep_their_size() {
        assert_eq!(to_f64(U256::zero()), 0.0);
        assert_eq!(to_f64(U256::from(12_345u64)), 12_345.0);
        assert_eq!(to_f64(U256::one() << 200), 2f64.powi(200));
    }

    #[test]
    fn metrics_register_once() {
        let registry = Registry::new();
        assert!(Metrics::new(Some(&registry)).is_ok());
        assert!(Metrics::new(Some(&registry)).is_err());
        assert!(Metrics::new(None).is_ok());
    }
}
