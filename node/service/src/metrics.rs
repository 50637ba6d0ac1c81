//! Prometheus metrics of the proof of work.
//!
//! | metric | unit |
//! |---|---|
//! | `gridpeg_hashrate` | hashes per second of this node |
//! | `gridpeg_mining` | 1 while the threads have a block in work, else 0 |
//! | `gridpeg_template_age_seconds` | seconds since the block in work was built; 0 without one |
//! | `gridpeg_blocks_mined_total` | own blocks that became the best block |
//! | `gridpeg_blocks_orphaned_total` | own blocks that came second, or lost their place on the best branch |
//! | `gridpeg_target_work` | hashes that the next block takes on average, without the analysis' bonus |
//! | `gridpeg_best_work` | cumulative base work of the best chain, in hashes |
//! | `gridpeg_best_block_time_seconds` | time in the best block's header, Unix seconds; 0 for genesis |
//! | `gridpeg_block_time_seconds` | block time aimed at (a constant of the chain) |
//! | `gridpeg_finality_depth` | depth in blocks at which a block is final (a constant of the chain) |
//! | `gridpeg_reorgs_total` | changes of the best branch |
//! | `gridpeg_reorg_depth` | blocks that such a change dropped (histogram) |
//! | `gridpeg_import_seconds` | checks and execution of one block (histogram) |
//! | `gridpeg_blocks_refused_total{reason}` | blocks refused, by rule |
//! | `gridpeg_leaves_failed_total` | blocks whose cross-chain leaves could not be kept |

use crate::client::{tip_of, FullClient};
use gridpeg_header::{target::work_of, BlockNumber, PowParameters, U256};
use log::debug;
use polkadot_sdk::{
    sp_blockchain::HeaderBackend,
    substrate_prometheus_endpoint::{
        prometheus::core::Collector, Counter, CounterVec, Gauge, Histogram, HistogramOpts, Opts, PrometheusError,
        Registry, F64, U64,
    },
};
use std::{sync::Arc, time::Duration};

/// How often the chain's metrics are brought up to date.
const INTERVAL: Duration = Duration::from_secs(5);

/// Upper bounds of the histogram of reorganisations, in blocks; finality bounds them at 127.
const DEPTHS: [f64; 10] = [1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 34.0, 55.0, 89.0];

/// Upper bounds of the histogram of imports, in seconds.
const IMPORTS: [f64; 12] = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];

/// The metrics. Without a registry they count and nobody looks.
#[derive(Clone)]
pub struct Metrics {
    /// `gridpeg_hashrate`.
    pub hashrate: Gauge<F64>,
    /// `gridpeg_mining`.
    pub mining: Gauge<U64>,
    /// `gridpeg_template_age_seconds`.
    pub template_age: Gauge<F64>,
    /// `gridpeg_blocks_mined_total`.
    pub blocks_mined: Counter<U64>,
    /// `gridpeg_blocks_orphaned_total`.
    pub blocks_orphaned: Counter<U64>,
    /// `gridpeg_import_seconds`.
    pub import_seconds: Histogram,
    /// `gridpeg_leaves_failed_total`.
    pub leaves_failed: Counter<U64>,
    target_work: Gauge<F64>,
    best_work: Gauge<F64>,
    best_block_time: Gauge<F64>,
    reorgs: Counter<U64>,
    reorg_depth: Histogram,
    refused: CounterVec<U64>,
}

impl Metrics {
    /// Creates the metrics of a chain, and registers them if there is a registry.
    pub fn new(parameters: &PowParameters, registry: Option<&Registry>) -> Result<Self, PrometheusError> {
        let register = Register(registry);
        let constant = |name, help, value| register.add(Gauge::<F64>::new(name, help)?).map(|gauge| gauge.set(value));
        constant(
            "gridpeg_block_time_seconds",
            "Block time aimed at",
            Duration::from_millis(parameters.block_time).as_secs_f64(),
        )?;
        constant("gridpeg_finality_depth", "Depth at which a block is final", parameters.finality_depth.into())?;
        Ok(Self {
            hashrate: register.add(Gauge::new("gridpeg_hashrate", "Hashes per second of this node")?)?,
            mining: register.add(Gauge::new("gridpeg_mining", "1 while a block is in work")?)?,
            template_age: register
                .add(Gauge::new("gridpeg_template_age_seconds", "Seconds since the block in work was built")?)?,
            blocks_mined: register
                .add(Counter::new("gridpeg_blocks_mined_total", "Own blocks that became the best block")?)?,
            blocks_orphaned: register.add(Counter::new(
                "gridpeg_blocks_orphaned_total",
                "Own blocks that came second, or lost their place on the best branch",
            )?)?,
            import_seconds: register.add(histogram(
                "gridpeg_import_seconds",
                "Checks and execution of one block",
                &IMPORTS,
            )?)?,
            leaves_failed: register.add(Counter::new(
                "gridpeg_leaves_failed_total",
                "Blocks whose cross-chain leaves could not be kept",
            )?)?,
            target_work: register
                .add(Gauge::new("gridpeg_target_work", "Hashes that the next block takes on average")?)?,
            best_work: register
                .add(Gauge::new("gridpeg_best_work", "Cumulative base work of the best chain, in hashes")?)?,
            best_block_time: register
                .add(Gauge::new("gridpeg_best_block_time_seconds", "Time in the best block's header")?)?,
            reorgs: register.add(Counter::new("gridpeg_reorgs_total", "Changes of the best branch")?)?,
            reorg_depth: register.add(histogram(
                "gridpeg_reorg_depth",
                "Blocks that a change of the best branch dropped",
                &DEPTHS,
            )?)?,
            refused: register.add(CounterVec::new(
                Opts::new("gridpeg_blocks_refused_total", "Blocks refused, by rule"),
                &["reason"],
            )?)?,
        })
    }

    /// The best branch changed, and this many blocks of the old one are not on the new one.
    pub fn reorganised(&self, depth: BlockNumber) {
        self.reorgs.inc();
        self.reorg_depth.observe(depth.into());
    }

    /// A block was refused.
    pub fn refused(&self, reason: &str) {
        self.refused.with_label_values(&[reason]).inc();
    }

    /// How often the best branch changed.
    pub fn reorg_count(&self) -> u64 {
        self.reorgs.get()
    }
}

/// Registers metrics, if there is where.
struct Register<'a>(Option<&'a Registry>);

impl Register<'_> {
    fn add<T: Collector + Clone + 'static>(&self, metric: T) -> Result<T, PrometheusError> {
        if let Some(registry) = self.0 {
            registry.register(Box::new(metric.clone()))?;
        }
        Ok(metric)
    }
}

fn histogram(name: &str, help: &str, buckets: &[f64]) -> Result<Histogram, PrometheusError> {
    Histogram::with_opts(HistogramOpts::new(name, help).buckets(buckets.to_vec()))
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
                metrics.best_block_time.set(Duration::from_millis(tip.time).as_secs_f64());
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
    use polkadot_sdk::substrate_prometheus_endpoint::prometheus::TextEncoder;

    #[test]
    fn big_numbers_keep_their_size() {
        assert_eq!(to_f64(U256::zero()), 0.0);
        assert_eq!(to_f64(U256::from(12_345u64)), 12_345.0);
        assert_eq!(to_f64(U256::one() << 200), 2f64.powi(200));
    }

    #[test]
    fn metrics_register_once() {
        let (parameters, registry) = (gridpeg_header::forge::easy_parameters(), Registry::new());
        assert!(Metrics::new(&parameters, Some(&registry)).is_ok());
        assert!(Metrics::new(&parameters, Some(&registry)).is_err());
        assert!(Metrics::new(&parameters, None).is_ok());
    }

    #[test]
    fn constants_and_reorganisations_are_exposed() {
        let registry = Registry::new();
        let metrics = Metrics::new(&gridpeg_header::forge::easy_parameters(), Some(&registry)).unwrap();
        metrics.reorganised(4);
        metrics.refused("target");
        let text = TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
        for line in [
            "gridpeg_block_time_seconds 3",
            "gridpeg_finality_depth 2",
            "gridpeg_reorgs_total 1",
            "gridpeg_reorg_depth_bucket{le=\"3\"} 0",
            "gridpeg_reorg_depth_bucket{le=\"5\"} 1",
            "gridpeg_blocks_refused_total{reason=\"target\"} 1",
        ] {
            assert!(text.lines().any(|have| have == line), "{line} is not in {text}");
        }
    }
}
