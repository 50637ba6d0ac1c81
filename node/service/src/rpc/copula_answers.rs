//! What the copula methods ask and answer, as JSON.
//!
//! Prices are decimal strings of whole units of 10⁻¹² coin (per kWh, per t), rounded down; AICs of claims are integers in
//! units of 2⁻²⁰, gains in sixteenths. All other numbers are floating point.

use super::answers::ClaimAnswer;
use crate::client::Hash;
use gridpeg_analysis::report::{Candidate, FitReport};
use gridpeg_copula::{gain, Claim, Guidance, Price, PricePair, PROBABILITIES};
use serde::{Deserialize, Serialize};

/// A square coin in square units: densities are told per coin per kWh and coin per t.
const SQUARE_COIN: f64 = 1e24;

/// What both answers begin with.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answered {
    /// Hash of the block.
    pub block: Hash,
    /// Its height.
    pub number: u32,
    /// AIC of the reference, from which gains are counted.
    pub reference: i64,
    /// The best copula found here, its parameters in Q16.16, and what it is worth. Miners choose after that rounding, so in
    /// a near tie theirs may be another one.
    pub claim: WorthAnswer,
    /// The best claim that the chain knows at the block.
    pub onchain: WorthAnswer,
}

/// A claim and what it is worth to a child of the block.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorthAnswer {
    /// The claim.
    #[serde(flatten)]
    pub claim: ClaimAnswer,
    /// Its AIC.
    pub aic: i64,
    /// Its gain.
    pub gain: u32,
}

/// What `copula_fit` answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FitAnswer {
    /// Of which block, and claims.
    #[serde(flatten)]
    pub answered: Answered,
    /// As the offline tool prints it.
    #[serde(flatten)]
    pub fit: FitReport,
}

/// What `copula_guidance` may be asked for besides quantiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuidanceOptions {
    /// A simulation.
    #[serde(default)]
    pub monte_carlo: Option<Simulation>,
    /// The joint density on a grid of so many prices a side.
    #[serde(default)]
    pub density: Option<usize>,
}

/// A simulation to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    /// The generator's seed: the same seed gives the same prices.
    pub seed: u64,
    /// Prices to simulate.
    pub samples: usize,
}

/// What `copula_guidance` answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GuidanceAnswer {
    /// Of which block, and claims.
    #[serde(flatten)]
    pub answered: Answered,
    /// Pairs fitted.
    pub n: usize,
    /// The best copula. The guidance takes its parameters in Q16.16, as `claim` has them.
    pub best: Candidate,
    /// The electricity price that is given.
    pub electricity: String,
    /// Share of the pairs' electricity prices below it, by their kernel distribution.
    pub electricity_probability: f64,
    /// Whether that price is below or above all of the pairs'.
    pub outside_sample: bool,
    /// Conditional quantiles of the carbon price.
    pub quantiles: Vec<QuantileAnswer>,
    /// The simulation, if one was asked for.
    pub monte_carlo: Option<Simulated>,
    /// The joint density, if it was asked for.
    pub density: Option<Density>,
}

/// A quantile.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuantileAnswer {
    /// Its probability.
    pub probability: f64,
    /// The carbon price below which the price is with this probability.
    pub carbon: String,
}

/// Quantiles of simulated carbon prices.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Simulated {
    /// The generator's seed.
    pub seed: u64,
    /// Prices simulated.
    pub samples: usize,
    /// Their quantiles: the smallest values that at least these shares are not above.
    pub quantiles: Vec<QuantileAnswer>,
}

/// The joint density on a grid.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Density {
    /// Electricity prices, from the pairs' least to their largest in equal steps.
    pub electricity: Vec<String>,
    /// Carbon prices, likewise.
    pub carbon: Vec<String>,
    /// The density per coin per kWh and coin per t: a row for each electricity price.
    pub values: Vec<Vec<f64>>,
}

impl Answered {
    /// Of claims and their AICs: the one found here, and the best one known.
    pub(super) fn new(block: Hash, number: u32, reference: i64, found: (Claim, i64), known: (Claim, i64)) -> Self {
        let worth = |(claim, aic): (Claim, i64)| WorthAnswer {
            claim: ClaimAnswer::new(&claim),
            aic,
            gain: gain(reference, aic),
        };
        Self { block, number, reference, claim: worth(found), onchain: worth(known) }
    }
}

impl GuidanceAnswer {
    pub(super) fn new(
        answered: Answered,
        fit: &FitReport,
        guidance: &Guidance,
        (prices, electricity): (&[PricePair], Price),
        monte_carlo: Option<Simulated>,
        density: Option<Density>,
    ) -> Self {
        let price = electricity as f64;
        let below = prices.iter().all(|pair| electricity < pair.electricity);
        let above = prices.iter().all(|pair| electricity > pair.electricity);
        Self {
            answered,
            n: fit.n,
            best: fit.best.clone(),
            electricity: electricity.to_string(),
            electricity_probability: guidance.electricity.distribution(price),
            outside_sample: below || above,
            quantiles: quantiles(guidance.carbon_quantiles(price)),
            monte_carlo,
            density,
        }
    }
}

impl Simulated {
    pub(super) fn new(guidance: &Guidance, electricity: Price, asked: Simulation) -> Self {
        let Simulation { seed, samples } = asked;
        let mut prices = guidance.simulate_carbon(electricity as f64, seed, samples);
        prices.sort_by(f64::total_cmp);
        let quantile = |probability: f64| {
            let rank = (probability * prices.len() as f64).ceil() as usize;
            prices.get(rank.saturating_sub(1)).copied().unwrap_or_default()
        };
        Self { seed, samples, quantiles: quantiles(PROBABILITIES.map(quantile)) }
    }
}

impl Density {
    pub(super) fn new(guidance: &Guidance, prices: &[PricePair], steps: usize) -> Self {
        let electricity = grid(prices.iter().map(|pair| pair.electricity), steps);
        let carbon = grid(prices.iter().map(|pair| pair.carbon), steps);
        let prepared = guidance.prepare();
        let row = |x: &f64| carbon.iter().map(|y| prepared.joint_density(*x, *y) * SQUARE_COIN).collect();
        let values = electricity.iter().map(row).collect();
        let strings = |prices: &[f64]| prices.iter().map(|price| units(*price)).collect();
        Self { electricity: strings(&electricity), carbon: strings(&carbon), values }
    }
}

/// From the least to the largest of the prices, in equal steps that are whole units.
fn grid(prices: impl Iterator<Item = Price> + Clone, steps: usize) -> Vec<f64> {
    let (least, largest) = (prices.clone().min().unwrap_or_default(), prices.max().unwrap_or_default());
    let width = (largest as f64 - least as f64) / (steps.max(2) - 1) as f64;
    (0..steps).map(|step| (least as f64 + width * step as f64).floor()).collect()
}

fn quantiles(prices: [f64; 5]) -> Vec<QuantileAnswer> {
    let pairs = PROBABILITIES.into_iter().zip(prices);
    pairs.map(|(probability, price)| QuantileAnswer { probability, carbon: units(price) }).collect()
}

/// A price in whole units, rounded down, as the runtime rounds it.
fn units(price: f64) -> String {
    // Saturating.
    (price.floor() as Price).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridpeg_copula::{Copula, Family, Marginal, Rotation};
    use serde_json::json;

    /// Prices from 1 to 9 coins, and from 10 to 90.
    fn prices() -> Vec<PricePair> {
        const COIN: Price = 1_000_000_000_000;
        (1..=9).map(|i| PricePair { period: i as u64, electricity: i * COIN, carbon: 10 * i * COIN }).collect()
    }

    fn guidance() -> Guidance {
        let marginal = |price: fn(&PricePair) -> Price| {
            Marginal::new(&prices().iter().map(|pair| price(pair) as f64).collect::<Vec<_>>(), 1.0).unwrap()
        };
        Guidance {
            copula: Copula::new(Family::Gaussian, Rotation::R0, [0.5, 0.0]).unwrap(),
            electricity: marginal(|pair| pair.electricity),
            carbon: marginal(|pair| pair.carbon),
        }
    }

    #[test]
    fn prices_are_whole_units_rounded_down() {
        assert_eq!(units(1.9), "1");
        assert_eq!(units(-1.1), "-2");
        assert_eq!(units(5e13), "50000000000000");
        assert_eq!(units(f64::INFINITY), i64::MAX.to_string());
    }

    #[test]
    fn claims_and_their_worth_are_flat() {
        let claim = Claim { family: 3, rotation: 1, parameters: [1 << 16, 0] };
        let answered = Answered::new(Hash::repeat_byte(1), 7, 0, (claim, -(5 << 20)), (Claim::INDEPENDENCE, 0));
        assert_eq!(
            serde_json::to_value(&answered).unwrap(),
            json!({
                "block": format!("0x{}", "01".repeat(32)), "number": 7, "reference": 0,
                "claim": { "family": 3, "rotation": 1, "parameters": [65_536, 0], "aic": -5_242_880, "gain": 16 },
                "onchain": { "family": 0, "rotation": 0, "parameters": [0, 0], "aic": 0, "gain": 0 },
            })
        );
    }

    #[test]
    fn simulations_repeat_and_their_quantiles_ascend() {
        let asked = Simulation { seed: 7, samples: 500 };
        let price = prices()[4].electricity;
        let simulated = Simulated::new(&guidance(), price, asked);
        assert_eq!(simulated, Simulated::new(&guidance(), price, asked));
        let other = Simulation { seed: 8, ..asked };
        assert_ne!(simulated.quantiles, Simulated::new(&guidance(), price, other).quantiles);
        let carbon: Vec<Price> = simulated.quantiles.iter().map(|quantile| quantile.carbon.parse().unwrap()).collect();
        assert!(carbon.is_sorted() && carbon.len() == 5);
    }

    #[test]
    fn the_density_is_a_grid_over_the_prices() {
        let density = Density::new(&guidance(), &prices(), 9);
        assert_eq!(density.electricity, prices().iter().map(|pair| pair.electricity.to_string()).collect::<Vec<_>>());
        assert_eq!(density.carbon, prices().iter().map(|pair| pair.carbon.to_string()).collect::<Vec<_>>());
        assert!(density.values.len() == 9 && density.values.iter().all(|row| row.len() == 9));
        // Times a cell's area, 1 · 10 square coins, most of the probability.
        let sum: f64 = density.values.iter().flatten().sum();
        assert!((0.5..1.5).contains(&(sum * 10.0)), "{sum}");
    }

    #[test]
    fn options_are_strict() {
        let options = |text| serde_json::from_str::<GuidanceOptions>(text);
        let simulation = Simulation { seed: 1, samples: 2 };
        let asked = options(r#"{"monte_carlo": {"seed": 1, "samples": 2}}"#).unwrap();
        assert_eq!(asked, GuidanceOptions { monte_carlo: Some(simulation), density: None });
        assert_eq!(options("{}").unwrap(), GuidanceOptions::default());
        assert!(options(r#"{"montecarlo": 1}"#).is_err());
    }
}
