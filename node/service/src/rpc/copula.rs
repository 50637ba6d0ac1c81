//! The copula methods: what the analysis of a block's price pairs says.
//!
//! | method | answers |
//! |---|---|
//! | `copula_fit(at?)` | the best copula for the pairs of a block, all candidates, correlations |
//! | `copula_guidance(electricityPrice?, at?, options?)` | where to expect the carbon price at an electricity price |
//!
//! Without `at` the best block answers, without `electricityPrice` the latest pair's price is taken. Prices are decimal
//! strings of whole units of 10⁻¹² coin (per kWh, per t). `options` may ask for more, each part bounded:
//!
//! | option | answers |
//! |---|---|
//! | `{"monte_carlo": {"seed": 1, "samples": 2000}}` | quantiles of simulated carbon prices; at most 10,000 of them |
//! | `{"density": 40}` | the joint density on a grid of so many prices a side, at most 100 |
//!
//! Both fit the block's pairs here, whatever the chain's miners have claimed; `onchain` in the answer is the best of
//! their claims. Field names and numbers are those of the offline tool (`copula fit --json`, `copula guide --json`) on
//! a file with the same prices. The block's state is needed: a pruned block has no answer.
//!
//! A fit takes a fraction of a second, and so does a simulation. Fits are made one after the other, and the last ones
//! are kept, so that most calls wait for nothing; simulations and densities have one permit between them. Who would
//! wait for longer than half a second is told that the node is busy.
//!
//! The fields are in [`copula_answers`](super::copula_answers), the errors in [`errors`](super::errors).

use super::{
    at::state_at,
    copula_answers::{Answered, Density, FitAnswer, GuidanceAnswer, GuidanceOptions, Simulated},
    errors::Error,
    in_turn::{InTurn, Turn},
};
use crate::{
    analysis::guarded,
    client::{FullClient, Hash},
};
use codec::Encode;
use gridpeg_analysis::{
    number::{Number, UNITS},
    pseudo::Series,
    report::FitReport,
    sample::{Kind, Sample},
};
use gridpeg_copula::{evaluate, Claim, Guidance, Price, PricePair, WindowState};
use gridpeg_runtime_api::AnalysisApi;
use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use polkadot_sdk::{sp_api::ProvideRuntimeApi, sp_crypto_hashing::blake2_256};
use std::{sync::Arc, time::Duration};

/// Fits kept.
const KEPT: usize = 8;
/// Most prices that one call simulates.
const MAX_SAMPLES: usize = 10_000;
/// Most prices on a side of the density's grid.
const MAX_GRID: usize = 100;
/// How long a call waits for its turn: a fit or two.
const PATIENCE: Duration = Duration::from_millis(500);

/// The copula methods.
#[rpc(server)]
pub trait CopulaApi {
    /// Fits all copulas to the price pairs of a block.
    #[method(name = "copula_fit", blocking)]
    fn fit(&self, at: Option<Hash>) -> RpcResult<FitAnswer>;

    /// The carbon price to be expected at an electricity price, by the best copula for the pairs of a block.
    #[method(name = "copula_guidance", blocking)]
    fn guidance(
        &self,
        electricity_price: Option<String>,
        at: Option<Hash>,
        options: Option<GuidanceOptions>,
    ) -> RpcResult<GuidanceAnswer>;
}

/// Answers the copula methods. Clones share what they have fitted.
#[derive(Clone)]
pub struct Copula {
    client: Arc<FullClient>,
    /// By the hash of the price pairs.
    fits: Arc<InTurn<[u8; 32], Arc<Fit>, KEPT>>,
    /// For a simulation or a density.
    simulation: Arc<Turn>,
}

/// What was found in price pairs.
struct Fit {
    report: FitReport,
    /// The best copula, as a claim carries it.
    claim: Claim,
    /// That claim's, with the pairs' marginals.
    guidance: Guidance,
}

/// A block's analysis.
struct At {
    block: Hash,
    number: u32,
    window: WindowState,
    /// The best claim known.
    least: (Claim, i64),
    prices: Vec<PricePair>,
    fit: Arc<Fit>,
}

impl Copula {
    /// Answers from this client's chain.
    pub fn new(client: Arc<FullClient>) -> Self {
        Self { client, fits: Arc::default(), simulation: Arc::default() }
    }

    fn at(&self, at: Option<Hash>) -> Result<At, Error> {
        let (block, number) = state_at(&self.client, at)?;
        let api = self.client.runtime_api();
        let window = api.window(block).map_err(Error::failed)?;
        let prices = api.prices(block).map_err(Error::failed)?;
        let least = window.least.ok_or(Error::TooFewPairs { block, pairs: prices.len() })?;
        let fit = self.fit_of(&prices)?;
        Ok(At { block, number, window, least, prices, fit })
    }

    fn fit_of(&self, prices: &[PricePair]) -> Result<Arc<Fit>, Error> {
        self.fits.answer(prices.using_encoded(blake2_256), PATIENCE, || {
            // A bug in the fit is an error of this call, and not the end of the node.
            let fit = guarded(|| Fit::of(prices));
            fit.ok_or_else(|| Error::failed("the fit ended with a bug; see the log"))?.map(Arc::new)
        })
    }
}

impl Fit {
    fn of(prices: &[PricePair]) -> Result<Self, Error> {
        let number = |units: Price| Number { value: units as f64 / UNITS, units: Some(units) };
        let sample = Sample {
            names: ["electricity", "carbon"].map(String::from),
            rows: prices.iter().map(|pair| [number(pair.electricity), number(pair.carbon)]).collect(),
            joined: None,
        };
        let series = Series::of(&sample, Kind::Prices);
        let (report, selection) = FitReport::new(&series).map_err(Error::failed)?;
        let claim = Claim::of(&selection.best.copula);
        let copula = claim.copula().map_err(Error::failed)?;
        Ok(Self { report, claim, guidance: series.guidance(copula).map_err(Error::failed)? })
    }
}

impl At {
    /// What both answers begin with.
    fn answered(&self) -> Result<Answered, Error> {
        let aic = evaluate(&self.window.pairs, &self.fit.claim).map_err(Error::failed)?;
        let (found, known) = ((self.fit.claim, aic), self.least);
        Ok(Answered::new(self.block, self.number, self.window.reference, found, known))
    }
}

impl CopulaApiServer for Copula {
    fn fit(&self, at: Option<Hash>) -> RpcResult<FitAnswer> {
        let at = self.at(at)?;
        Ok(FitAnswer { answered: at.answered()?, fit: at.fit.report.clone() })
    }

    fn guidance(
        &self,
        electricity_price: Option<String>,
        at: Option<Hash>,
        options: Option<GuidanceOptions>,
    ) -> RpcResult<GuidanceAnswer> {
        let asked = electricity_price.map(|price| parse(&price)).transpose()?;
        let options = options.unwrap_or_default();
        if options.monte_carlo.is_some_and(|asked| asked.samples == 0 || asked.samples > MAX_SAMPLES) {
            return Err(Error::Parameter(format!("`samples` must be 1 to {MAX_SAMPLES}")).into());
        }
        if options.density.is_some_and(|steps| !(2..=MAX_GRID).contains(&steps)) {
            return Err(Error::Parameter(format!("`density` must be 2 to {MAX_GRID}")).into());
        }
        let at = self.at(at)?;
        let electricity = asked.or(at.prices.last().map(|pair| pair.electricity)).unwrap_or_default();
        let guidance = &at.fit.guidance;
        let more = options.monte_carlo.is_some() || options.density.is_some();
        let _turn = more.then(|| self.simulation.take(PATIENCE)).transpose()?;
        let monte_carlo = options.monte_carlo.map(|asked| Simulated::new(guidance, electricity, asked));
        let density = options.density.map(|steps| Density::new(guidance, &at.prices, steps));
        let given = (at.prices.as_slice(), electricity);
        Ok(GuidanceAnswer::new(at.answered()?, &at.fit.report, guidance, given, monte_carlo, density))
    }
}

/// A price in a parameter.
fn parse(price: &str) -> Result<Price, Error> {
    price.parse().map_err(|_| {
        Error::Parameter(format!("`{price}` is no price: give whole units of 10⁻¹² coin, for example \"90000000000\""))
    })
}
