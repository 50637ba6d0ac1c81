//! Where the carbon price is to be expected, given the electricity price.

use crate::{
    error::Error,
    number::Number,
    pseudo::Series,
    report::{Candidate, FitReport},
    sample::{scaled, Kind, Sample},
};
use gridpeg_copula::{
    claim::Claim,
    guidance::{Guidance, PROBABILITIES},
};
use serde::Serialize;
use std::fmt;

/// What the copula says of the carbon price.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GuidanceReport {
    /// Rows fitted.
    pub n: usize,
    /// The best copula. The guidance takes its parameters in Q16.16, as a claim carries them.
    pub best: Candidate,
    /// The electricity price that is given.
    pub electricity: f64,
    /// Whether that price is below or above all of the sample's.
    pub outside_sample: bool,
    /// Conditional quantiles of the carbon price.
    pub quantiles: Vec<Quantile>,
    /// The same from simulated prices.
    pub monte_carlo: MonteCarlo,
    /// The check on the rows held back, if any are.
    pub hold_out: Option<HoldOut>,
}

/// A quantile.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quantile {
    /// Its probability.
    pub probability: f64,
    /// The carbon price below which the price is with this probability.
    pub carbon: f64,
}

/// Quantiles of simulated carbon prices.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MonteCarlo {
    /// The generator's seed: the same seed gives the same prices.
    pub seed: u64,
    /// Prices simulated.
    pub samples: usize,
    /// Their quantiles.
    pub quantiles: Vec<Quantile>,
}

/// How well the rows that the fit has not seen are predicted. Under a model that is right the transforms are uniform and
/// the statistic is near 0.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HoldOut {
    /// Rows held back: the last ones.
    pub rows: usize,
    /// Kolmogorov–Smirnov statistic of the conditional distribution function at the carbon prices, given the electricity
    /// prices.
    pub ks_conditional: f64,
    /// The same of the carbon price's own distribution, which knows no electricity price.
    pub ks_unconditional: f64,
}

/// How a guidance is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The electricity price.
    pub electricity: Number,
    /// Seed of the simulation.
    pub seed: u64,
    /// Prices to simulate.
    pub samples: usize,
    /// Share of the rows to hold back from the fit, in (0, 1).
    pub hold_out: Option<f64>,
}

impl GuidanceReport {
    /// Fits the sample, whose first series is the electricity price, and asks.
    pub fn new(sample: Sample, question: &Question) -> Result<Self, Error> {
        let rows = sample.rows.len();
        let held = question.hold_out.map_or(0, |share| ((rows as f64 * share).round() as usize).max(1).min(rows));
        // All rows decide, so that both parts are in the same units.
        let scale = sample.scale();
        let (fitted, held) = sample.split_at(rows - held);
        fitted.check()?;
        let series = Series::scaled(&fitted, Kind::Prices, scale);
        let (report, selection) = FitReport::new(&series)?;
        let claim = Claim::of(&selection.best.copula);
        let copula = claim.copula().map_err(|error| Error::Fit(error.to_string()))?;
        let guidance = series.guidance(copula)?;

        let electricity = scaled(&question.electricity, scale);
        let below = series.first.iter().all(|price| electricity < *price);
        let above = series.first.iter().all(|price| electricity > *price);
        let simulated = guidance.simulate_carbon(electricity, question.seed, question.samples);
        Ok(Self {
            n: report.n,
            best: report.best,
            electricity: question.electricity.value,
            outside_sample: below || above,
            quantiles: quantiles(guidance.carbon_quantiles(electricity), scale),
            monte_carlo: MonteCarlo {
                seed: question.seed,
                samples: question.samples,
                quantiles: quantiles(empirical_quantiles(simulated), scale),
            },
            hold_out: (!held.rows.is_empty()).then(|| HoldOut::new(&guidance, &held, scale)),
        })
    }
}

impl HoldOut {
    fn new(guidance: &Guidance, held: &Sample, scale: f64) -> Self {
        let prices =
            || held.rows.iter().map(move |[electricity, carbon]| (scaled(electricity, scale), scaled(carbon, scale)));
        let prepared = guidance.prepare();
        Self {
            rows: held.rows.len(),
            ks_conditional: ks_uniform(prices().map(|(x, y)| prepared.conditional_distribution(x, y)).collect()),
            ks_unconditional: ks_uniform(prices().map(|(_, y)| guidance.carbon.distribution(y)).collect()),
        }
    }
}

fn quantiles(prices: [f64; 5], scale: f64) -> Vec<Quantile> {
    let pairs = PROBABILITIES.into_iter().zip(prices);
    pairs.map(|(probability, price)| Quantile { probability, carbon: price / scale }).collect()
}

/// The smallest values that at least the shares [`PROBABILITIES`] of all are not above; NaN without values.
fn empirical_quantiles(mut values: Vec<f64>) -> [f64; 5] {
    values.sort_by(f64::total_cmp);
    PROBABILITIES.map(|probability| {
        let rank = (probability * values.len() as f64).ceil() as usize;
        values.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    })
}

/// The Kolmogorov–Smirnov statistic against the uniform distribution on [0, 1]: the largest distance between the empirical
/// distribution function and the diagonal. 0 without values.
pub fn ks_uniform(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    let distances = values.iter().enumerate().map(|(i, value)| {
        let below = value - i as f64 / n;
        let above = (i + 1) as f64 / n - value;
        below.max(above)
    });
    distances.fold(0.0, f64::max)
}

impl fmt::Display for GuidanceReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Candidate { family, rotation, parameters, aic, .. } = &self.best;
        let parameters = parameters.iter().map(|value| format!(" {value:.6}")).collect::<String>();
        writeln!(f, "best copula of {} rows: {family}, rotation {rotation},{parameters} AIC {aic:.6}", self.n)?;
        writeln!(f, "electricity price {}", self.electricity)?;
        if self.outside_sample {
            writeln!(f, "that is outside of the sample's prices: the guidance is that at the sample's edge")?;
        }
        writeln!(f)?;
        let MonteCarlo { seed, samples, quantiles } = &self.monte_carlo;
        let simulated = format!("of {samples} simulated, seed {seed}");
        writeln!(f, "{:>11}  {:>18}  {simulated}", "probability", "carbon price")?;
        for (exact, simulated) in self.quantiles.iter().zip(quantiles) {
            let Quantile { probability, carbon } = exact;
            writeln!(f, "{probability:>11}  {carbon:>18.6}  {:.6}", simulated.carbon)?;
        }
        if let Some(HoldOut { rows, ks_conditional, ks_unconditional }) = &self.hold_out {
            writeln!(f)?;
            writeln!(f, "{rows} rows held back; Kolmogorov-Smirnov statistic of their carbon prices' transform")?;
            writeln!(f, "given the electricity price {ks_conditional:.6}")?;
            writeln!(f, "without it {ks_unconditional:.6}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ks_of_a_grid_is_half_a_step() {
        let grid = (0..10).map(|i| (f64::from(i) + 0.5) / 10.0).collect();
        assert!((ks_uniform(grid) - 0.05).abs() < 1e-12);
        assert!((ks_uniform(vec![0.0; 4]) - 1.0).abs() < 1e-12);
        assert_eq!(ks_uniform(Vec::new()), 0.0);
    }

    #[test]
    fn empirical_quantiles_are_values() {
        let values = (1..=100).rev().map(f64::from).collect();
        assert_eq!(empirical_quantiles(values), [5.0, 25.0, 50.0, 75.0, 95.0]);
        assert_eq!(empirical_quantiles(vec![3.0]), [3.0; 5]);
    }
}
