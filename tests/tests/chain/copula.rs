//! What a node answers of the analysis: the same as the runtime, at any block whose state it has.

use crate::claims::chain;
use gridpeg_copula::{best_claim, CarbonGuidance, Price};
use gridpeg_forge::Forge;
use gridpeg_node::{
    client::Hash,
    rpc::{
        copula::CopulaApiServer,
        copula_answers::{GuidanceOptions, QuantileAnswer, Simulation},
    },
};
use gridpeg_runtime_api::AnalysisApi;
use gridpeg_tests::{report, spec::price_pair};
use polkadot_sdk::sp_api::ProvideRuntimeApi;
use std::{sync::Barrier, thread};

const T: u64 = 3_000;
const PAIRS: u64 = 60;

const UNKNOWN_BLOCK: i32 = -32100;
const TOO_FEW_PAIRS: i32 = -32110;
const PRUNED: i32 = -32111;
const PARAMETER: i32 = -32112;
const BUSY: i32 = -32113;

fn forge() -> Forge {
    chain(PAIRS, |parameters| {
        parameters.finality_depth = 2;
        parameters.confirmations = 2;
    })
}

/// A block on this one that claims the best copula.
fn with_best_claim(forge: &Forge, parent: Hash) -> Hash {
    let (claim, _) = best_claim(&forge.window(parent).state.pairs);
    forge.import(forge.draft_claiming(parent, forge.time_after(parent, T), [1; 32], Some(claim)))
}

fn runtimes_guidance(forge: &Forge, at: Hash, electricity: Price) -> CarbonGuidance {
    forge.client().runtime_api().guidance(at, electricity).unwrap().unwrap()
}

fn prices(quantiles: &[QuantileAnswer]) -> Vec<Price> {
    quantiles.iter().map(|quantile| quantile.carbon.parse().unwrap()).collect()
}

#[test]
fn the_fit_is_what_a_miner_claims() {
    let forge = forge();
    let before = forge.copula().fit(Some(forge.genesis())).unwrap();
    assert_eq!((before.answered.block, before.answered.number, before.fit.n), (forge.genesis(), 0, PAIRS as usize));
    assert_eq!(before.answered.onchain.aic, before.answered.reference, "nobody has claimed anything");
    assert!(before.answered.claim.aic < before.answered.reference && before.answered.claim.gain > 0);
    assert_eq!(before.fit.candidates.len(), 16);

    let tip = with_best_claim(&forge, forge.genesis());
    let after = forge.copula().fit(None).unwrap();
    assert_eq!((after.answered.block, after.answered.number), (tip, 1));
    assert_eq!(after.answered.onchain, after.answered.claim, "the miner has found the same");
    assert_eq!((after.answered.claim, after.fit), (before.answered.claim, before.fit));
}

#[test]
fn the_guidance_is_the_runtimes() {
    let forge = forge();
    let tip = with_best_claim(&forge, forge.genesis());
    // The latest price, in the middle, and beyond all.
    for (asked, price) in [(None, price_pair(PAIRS).1), (Some("100000000000"), 100_000_000_000), (Some("-5"), -5)] {
        let answer = forge.copula().guidance(asked.map(Into::into), None, None).unwrap();
        let runtimes = runtimes_guidance(&forge, tip, price);
        assert_eq!(answer.electricity, price.to_string());
        assert_eq!(prices(&answer.quantiles), runtimes.quantiles);
        let found = answer.answered.claim;
        assert_eq!((found.aic, found.claim.parameters), (runtimes.aic, runtimes.claim.parameters));
        assert_eq!(answer.outside_sample, price < 0);
        assert!((answer.electricity_probability - f64::from(runtimes.probability) / 2f64.powi(32)).abs() < 1e-9);
        assert!(answer.monte_carlo.is_none() && answer.density.is_none());
    }
}

#[test]
fn simulations_and_the_density_are_for_those_who_ask() {
    let forge = forge();
    let simulation = Simulation { seed: 5, samples: 4_000 };
    let options = GuidanceOptions { monte_carlo: Some(simulation), density: Some(30) };
    let ask = || forge.copula().guidance(None, None, Some(options)).unwrap();
    let answer = ask();
    assert_eq!(answer, ask(), "the same seed gives the same prices");
    let simulated = answer.monte_carlo.unwrap();
    assert_eq!((simulated.seed, simulated.samples), (5, 4_000));
    // The spread of simulated quantiles is a few percent of that of the prices.
    let spread = (price_spread(&prices(&answer.quantiles)) / 10).max(1);
    for (simulated, exact) in prices(&simulated.quantiles).into_iter().zip(prices(&answer.quantiles)) {
        assert!(simulated.abs_diff(exact) < spread, "{simulated} instead of {exact}, ±{spread}");
    }
    let density = answer.density.unwrap();
    assert_eq!((density.electricity.len(), density.carbon.len(), density.values.len()), (30, 30, 30));
    assert!(density.values.iter().flatten().all(|value| value.is_finite() && *value >= 0.0));
}

#[test]
fn simulations_asked_for_at_once_are_answered_or_told_to_ask_again() {
    const CALLERS: usize = 8;
    const ROUNDS: usize = 5;
    let forge = forge();
    let copula = forge.copula();
    let simulation = GuidanceOptions { monte_carlo: Some(Simulation { seed: 1, samples: 10_000 }), density: Some(100) };
    // Fitted, so that nobody waits for that.
    let expected = copula.guidance(None, None, Some(simulation)).unwrap();
    let barrier = Barrier::new(CALLERS);
    let ask = || {
        barrier.wait();
        // What needs no simulation is answered in between.
        assert!(copula.guidance(None, None, None).is_ok());
        copula.guidance(None, None, Some(simulation))
    };
    let (mut answered, mut busy) = (0, 0);
    for _ in 0..ROUNDS {
        let answers: Vec<_> = thread::scope(|scope| {
            let callers: Vec<_> = (0..CALLERS).map(|_| scope.spawn(ask)).collect();
            callers.into_iter().map(|caller| caller.join().unwrap()).collect()
        });
        for answer in answers {
            match answer {
                Ok(answer) => {
                    assert_eq!(answer, expected);
                    answered += 1;
                }
                Err(error) => {
                    assert_eq!(error.code(), BUSY, "{error}");
                    busy += 1;
                }
            }
        }
        if busy > 0 {
            break;
        }
    }
    assert!(answered > 0, "everybody was told to wait");
    // On a machine that makes eight of them in half a second nobody has to ask again.
    report(&format!("simulations asked for at once: {answered} answered, {busy} told to ask again"));
    assert!(copula.guidance(None, None, Some(simulation)).is_ok(), "the permit came back");
}

fn price_spread(prices: &[Price]) -> u64 {
    prices[0].abs_diff(prices[prices.len() - 1])
}

#[test]
fn what_cannot_be_answered_has_a_code() {
    let forge = forge();
    let fit = |at| forge.copula().fit(Some(at)).unwrap_err().code();
    assert_eq!(fit(Hash::repeat_byte(7)), UNKNOWN_BLOCK);
    let few = chain(29, |_| {});
    assert_eq!(few.copula().fit(None).unwrap_err().code(), TOO_FEW_PAIRS);
    assert_eq!(few.copula().guidance(None, None, None).unwrap_err().code(), TOO_FEW_PAIRS);

    let guidance = |price: Option<&str>, options| {
        let answer = forge.copula().guidance(price.map(Into::into), None, options);
        answer.map_or_else(|error| error.code(), |_| 0)
    };
    for price in ["", "0.5", "1e9", "0x10", "9223372036854775808"] {
        assert_eq!(guidance(Some(price), None), PARAMETER, "{price}");
    }
    let simulate = |samples| GuidanceOptions { monte_carlo: Some(Simulation { seed: 0, samples }), density: None };
    let density = |steps| GuidanceOptions { monte_carlo: None, density: Some(steps) };
    for too_much in [simulate(0), simulate(10_001), density(1), density(101)] {
        assert_eq!(guidance(None, Some(too_much)), PARAMETER, "{too_much:?}");
    }
    for most in [simulate(10_000), density(100)] {
        assert_eq!(guidance(None, Some(most)), 0, "{most:?}");
    }

    forge.grow(forge.genesis(), 300, T);
    forge.finalize();
    assert_eq!(fit(forge.hash_at(1)), PRUNED);
    assert!(forge.copula().fit(None).is_ok());
}
