//! Prometheus metrics of the proof of work and of the analysis.
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
//! | `gridpeg_analysis_observations` | price pairs that the best block's claim is about; 0 without a claim |
//! | `gridpeg_analysis_aic` | AIC of the best block's claim; 0 without one |
//! | `gridpeg_analysis_gain` | gain of the best block's claim, in units of AIC; 0 without one |
//! | `gridpeg_analysis_family{family,rotation}` | 1 for the copula that the best block claims, else 0 |
//! | `gridpeg_fit_seconds` | one fit of a window (histogram) |
//! | `gridpeg_fits_total` | fits that this node has done |
//! | `gridpeg_fit_pending` | 1 while the window in work has no fit (it is not ready, or failed), else 0 |
//! | `gridpeg_claims_own_total` | own blocks that became best with a claim that this node fitted |
//! | `gridpeg_claims_copied_total` | own blocks that became best with the best claim that the chain knew |
//! | `gridpeg_claim_check_seconds` | check of one block's claim in the import (histogram) |

pub mod market;

use crate::{
    analysis::Analysed,
    client::{joint_header_of, tip_of, FullClient},
};
use gridpeg_copula::{Family, Rotation};
use gridpeg_header::{target::work_of, BlockNumber, PowParameters, U256};
use log::debug;
use polkadot_sdk::{
    sp_blockchain::HeaderBackend,
    substrate_prometheus_endpoint::{
        prometheus::core::Collector, Counter, CounterVec, Gauge, GaugeVec, Histogram, HistogramOpts, Opts,
        PrometheusError, Registry, F64, U64,
    },
};
use std::{sync::Arc, time::Duration};

/// How often the chain's metrics are brought up to date.
const INTERVAL: Duration = Duration::from_secs(5);

/// Upper bounds of the histogram of reorganisations, in blocks; finality bounds them at 127.
const DEPTHS: [f64; 10] = [1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 34.0, 55.0, 89.0];

/// Upper bounds of the histogram of imports, in seconds.
const IMPORTS: [f64; 12] = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];

/// Upper bounds of the histogram of fits, in seconds.
const FITS: [f64; 11] = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];

/// Upper bounds of the histogram of claims' checks, in seconds.
const CLAIM_CHECKS: [f64; 9] = [0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05];

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
    /// `gridpeg_fit_seconds`.
    pub fit_seconds: Histogram,
    /// `gridpeg_fits_total`.
    pub fits: Counter<U64>,
    /// `gridpeg_fit_pending`.
    pub fit_pending: Gauge<U64>,
    /// `gridpeg_claims_own_total`.
    pub claims_own: Counter<U64>,
    /// `gridpeg_claims_copied_total`.
    pub claims_copied: Counter<U64>,
    /// `gridpeg_claim_check_seconds`.
    pub claim_check_seconds: Histogram,
    analysis: AnalysisMetrics,
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
            fit_seconds: register.add(histogram("gridpeg_fit_seconds", "One fit of a window", &FITS)?)?,
            fits: register.add(Counter::new("gridpeg_fits_total", "Fits that this node has done")?)?,
            fit_pending: register
                .add(Gauge::new("gridpeg_fit_pending", "1 while the window in work has no fit, else 0")?)?,
            claims_own: register.add(Counter::new(
                "gridpeg_claims_own_total",
                "Own blocks that became best with a claim that this node fitted",
            )?)?,
            claims_copied: register.add(Counter::new(
                "gridpeg_claims_copied_total",
                "Own blocks that became best with the best claim that the chain knew",
            )?)?,
            claim_check_seconds: register.add(histogram(
                "gridpeg_claim_check_seconds",
                "Check of one block's claim",
                &CLAIM_CHECKS,
            )?)?,
            analysis: AnalysisMetrics::new(&register)?,
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

    /// What the best block's claim is worth; `None` if it has none.
    pub fn analysed(&self, analysed: Option<&Analysed>) {
        self.analysis.set(analysed);
    }
}

/// The best block's analysis.
#[derive(Clone)]
struct AnalysisMetrics {
    observations: Gauge<U64>,
    aic: Gauge<F64>,
    gain: Gauge<F64>,
    family: GaugeVec<U64>,
}

impl AnalysisMetrics {
    fn new(register: &Register) -> Result<Self, PrometheusError> {
        let metrics = Self {
            observations: register.add(Gauge::new(
                "gridpeg_analysis_observations",
                "Price pairs that the best block's claim is about",
            )?)?,
            aic: register.add(Gauge::new("gridpeg_analysis_aic", "AIC of the best block's claim")?)?,
            gain: register
                .add(Gauge::new("gridpeg_analysis_gain", "Gain of the best block's claim, in units of AIC")?)?,
            family: register.add(GaugeVec::new(
                Opts::new("gridpeg_analysis_family", "1 for the copula that the best block claims"),
                &["family", "rotation"],
            )?)?,
        };
        // Every copula has its series from the start, so that "no claim" is not "no data".
        metrics.set(None);
        Ok(metrics)
    }

    fn set(&self, analysed: Option<&Analysed>) {
        self.observations.set(analysed.map_or(0, |analysed| analysed.analysis.observations.into()));
        self.aic.set(analysed.map_or(0.0, Analysed::aic));
        self.gain.set(analysed.map_or(0.0, Analysed::gain));
        let claimed = analysed.map(Analysed::copula);
        for copula in copulas() {
            let (family, rotation) = (copula.0, copula.1.to_string());
            let gauge = self.family.with_label_values(&[family, rotation.as_str()]);
            gauge.set((claimed == Some(copula)).into());
        }
    }
}

/// Names and rotations in degrees of all copulas that may be claimed.
fn copulas() -> impl Iterator<Item = (&'static str, u32)> {
    Family::ALL.into_iter().flat_map(|family| {
        let rotations = if family.rotates() { 4 } else { 1 };
        (0..rotations)
            .filter_map(Rotation::from_index)
            .map(move |rotation| (family.name(), u32::from(rotation.degrees())))
    })
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
        match joint_header_of(&*client, client.info().best_hash) {
            Ok(header) => {
                let analysed = header.and_then(|header| Analysed::of(&header.pre, &header.joint));
                metrics.analysed(analysed.as_ref());
            }
            Err(error) => debug!(target: "pow", "No metrics of the best block's analysis: {error}"),
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
    use gridpeg_copula::Claim;
    use gridpeg_header::Analysis;
    use polkadot_sdk::substrate_prometheus_endpoint::prometheus::TextEncoder;

    fn exposed(registry: &Registry) -> String {
        TextEncoder::new().encode_to_string(&registry.gather()).unwrap()
    }

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
        let text = exposed(&registry);
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

    #[test]
    fn one_copula_at_a_time_is_claimed() {
        let registry = Registry::new();
        let metrics = Metrics::new(&gridpeg_header::forge::easy_parameters(), Some(&registry)).unwrap();
        let claimed = || {
            let text = exposed(&registry);
            let series: Vec<_> = text.lines().filter(|line| line.starts_with("gridpeg_analysis_family{")).collect();
            assert_eq!(series.len(), 16);
            series.into_iter().filter_map(|line| line.strip_suffix(" 1")).map(String::from).collect::<Vec<_>>()
        };
        assert!(claimed().is_empty());
        let analysis = Analysis { observations: 500, aic: -(3 << 19), gain: 25 };
        let claim = Claim { family: 3, rotation: 1, parameters: [1 << 16, 0] };
        metrics.analysed(Some(&Analysed { claim, analysis }));
        assert_eq!(claimed(), ["gridpeg_analysis_family{family=\"clayton\",rotation=\"90\"}"]);
        let text = exposed(&registry);
        for line in ["gridpeg_analysis_observations 500", "gridpeg_analysis_aic -1.5", "gridpeg_analysis_gain 1.5625"] {
            assert!(text.lines().any(|have| have == line), "{line} is not in {text}");
        }
        metrics.analysed(Some(&Analysed { claim: Claim::INDEPENDENCE, analysis }));
        assert_eq!(claimed(), ["gridpeg_analysis_family{family=\"independence\",rotation=\"0\"}"]);
        metrics.analysed(None);
        assert!(claimed().is_empty());
    }
}
