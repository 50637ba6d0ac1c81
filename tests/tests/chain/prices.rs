//! Price pairs that are out of the ordinary: other ones on another branch, the same ones all the time.

use crate::claims::{chain, chain_of, follower, reports, takes, PAIRS, T};
use gridpeg_copula::{best_claim, evaluate, gain, reference, CarbonGuidance, Claim, PricePair, WindowState};
use gridpeg_forge::{decode, Forge};
use gridpeg_node::{
    client::{Block, Hash},
    rpc::{
        copula::CopulaApiServer,
        copula_answers::{FitAnswer, GuidanceAnswer},
    },
};
use gridpeg_runtime_api::AnalysisApi;
use gridpeg_tests::spec;
use polkadot_sdk::sp_api::ProvideRuntimeApi;
use std::collections::HashMap;

/// An electricity price to ask guidance for: within those of the pairs.
const ELECTRICITY: i64 = 100_000_000_000;

/// All that a node says of the analysis at a block.
#[derive(Debug, PartialEq)]
struct Answers {
    window: WindowState,
    prices: Vec<PricePair>,
    guidance: CarbonGuidance,
    fit: FitAnswer,
    bid: GuidanceAnswer,
}

/// At this block, or at the best one.
fn answers(node: &Forge, at: Option<Hash>) -> Answers {
    let (api, block) = (node.client().runtime_api(), at.unwrap_or_else(|| node.best()));
    let window = api.window(block).unwrap();
    assert_eq!(node.window(block).state, window, "what the miner is told");
    Answers {
        window,
        prices: api.prices(block).unwrap(),
        guidance: api.guidance(block, ELECTRICITY).unwrap().unwrap(),
        fit: node.copula().fit(at).unwrap(),
        bid: node.copula().guidance(Some(ELECTRICITY.to_string()), at, None).unwrap(),
    }
}

/// A branch on this block whose first block brings the pair of a period. Its third one claims the best copula.
fn branch(forge: &Forge, parent: Hash, period: u64, author: [u8; 32], solve_time: u64) -> Hash {
    let time = |parent| forge.time_after(parent, solve_time);
    let reporting = forge.import(forge.draft(parent, time(parent), author, reports(forge, period, 0)));
    let second = forge.extend(reporting, solve_time, author);
    let (claim, _) = best_claim(&forge.window(second).state.pairs);
    let third = forge.import(forge.draft_claiming(second, time(second), author, Some(claim)));
    forge.extend(third, solve_time, author)
}

/// The blocks of a branch above a height, lowest first.
fn above(forge: &Forge, tip: Hash, number: u32) -> Vec<Block> {
    let below = |block: &Block| (block.header.number > 0).then(|| forge.block(block.header.parent_hash));
    let branch = std::iter::successors(Some(forge.block(tip)), below);
    let mut blocks: Vec<Block> = branch.take_while(|block| block.header.number > number).collect();
    blocks.reverse();
    blocks
}

#[test]
fn after_a_reorganisation_the_answers_are_those_of_the_new_branch() {
    let forge = chain(PAIRS, |_| {});
    let trunk = forge.grow(forge.genesis(), 2, T);
    let light = branch(&forge, trunk, PAIRS + 1, [1; 32], T);
    // Its blocks come early, so that more work goes into them.
    let heavy = branch(&forge, trunk, PAIRS + 2, [2; 32], T / 3);
    assert!(forge.tip(heavy).work > forge.tip(light).work);

    let node = forge.sibling();
    above(&forge, light, 0).iter().for_each(|block| takes(&node, block));
    assert_eq!(node.best(), light);
    let before = answers(&node, None);
    let late = above(&forge, heavy, 2);
    late.iter().for_each(|block| takes(&node, block));
    assert_eq!(node.best(), heavy);
    let after = answers(&node, None);

    // One number of two windows, whose pairs differ, and with them all that follows.
    assert_eq!(after.window.revision, before.window.revision);
    assert_eq!((after.prices.len(), before.prices.len()), (PAIRS as usize, PAIRS as usize));
    assert_eq!(after.prices.last().map(|pair| pair.period), Some(PAIRS + 2));
    assert_ne!(after.window.pairs, before.window.pairs);
    assert_ne!(after.guidance.quantiles, before.guidance.quantiles);
    assert_ne!(after.fit.fit, before.fit.fit);
    assert_eq!(after.fit.answered.block, heavy);
    // The best claim of this branch, not of the other.
    assert_eq!(after.window.least, Some(best_claim(&after.window.pairs)));
    assert_ne!(after.window.least, before.window.least);

    // A node that has never seen the light branch says the same of it all.
    let other = forge.sibling();
    above(&forge, heavy, 0).iter().for_each(|block| takes(&other, block));
    assert_eq!(answers(&other, None), after);
    // Of the light branch's blocks the node says what it said.
    assert_eq!(answers(&node, Some(light)), before);
    // It mines on, on the new window.
    let next = node.extend(heavy, T, [3; 32]);
    assert_eq!(decode(&node.block(next)).pre.claim, after.window.least.map(|(claim, _)| claim));
    takes(&other, &node.block(next));
}

#[test]
fn back_on_the_first_branch_its_claims_count_again() {
    let forge = chain(PAIRS, |_| {});
    let trunk = forge.grow(forge.genesis(), 2, T);
    let first = branch(&forge, trunk, PAIRS + 1, [1; 32], T);
    let second = branch(&forge, trunk, PAIRS + 2, [2; 32], T / 3);
    // The first branch goes on until it is the heavier one.
    let mut tip = first;
    while forge.tip(tip).work <= forge.tip(second).work {
        tip = forge.extend(tip, T / 3, [1; 32]);
    }
    let node = forge.sibling();
    let mut bests = Vec::new();
    for block in above(&forge, first, 0).iter().chain(&above(&forge, second, 2)).chain(&above(&forge, tip, 6)) {
        takes(&node, block);
        bests.push(node.best());
    }
    let place = |hash| bests.iter().position(|best| *best == hash).unwrap();
    assert!(place(first) < place(second) && place(second) < place(tip), "{bests:?}");
    assert_eq!(node.window(node.best()).state.least, forge.window(first).state.least);
    assert_eq!(answers(&node, None), answers(&forge, Some(tip)));
}

/// A chain on these prices, of which every rule holds: the reference can be claimed and the best claim found, both are
/// worth the same natively and in the runtime, other nodes take the blocks and everybody is answered.
fn goes_on(name: &str, price: impl Fn(u64) -> (i64, i64)) -> Forge {
    let prices: Vec<spec::PricePair> = (1..=PAIRS)
        .map(|period| {
            let (electricity, carbon) = price(period);
            (period, electricity, carbon)
        })
        .collect();
    let forge = chain_of(&prices, |_| {});
    let first = forge.extend(forge.genesis(), T, [1; 32]);
    let window = forge.window(first).state.clone();
    assert_eq!(window.least, Some(reference(&window.pairs)), "{name}");
    assert_eq!(decode(&forge.block(first)).joint.gain(), 0, "{name}");
    equal_prices_have_equal_u(&prices, &window);

    let (claim, aic) = best_claim(&window.pairs);
    let worth = forge.client().runtime_api().worth(first, claim).unwrap().unwrap();
    assert_eq!((worth.analysis.aic, evaluate(&window.pairs, &claim)), (aic, Ok(aic)), "{name}: {claim:?}");
    assert_eq!((worth.analysis.gain, worth.is_enough()), (gain(window.reference, aic), true), "{name}: {claim:?}");
    let second = forge.import(forge.draft_claiming(first, forge.time_after(first, T), [1; 32], Some(claim)));
    let tip = forge.grow(second, 2, T);
    assert_eq!(decode(&forge.block(tip)).pre.claim, forge.window(tip).state.least.map(|(claim, _)| claim), "{name}");

    let node = follower(&forge);
    let said = answers(&node, None);
    assert_eq!(said, answers(&forge, Some(tip)), "{name}");
    assert!(said.guidance.quantiles.is_sorted(), "{name}: {said:?}");
    // The kernels reach a little beyond the prices.
    let carbon = prices.iter().map(|pair| pair.2);
    let (least, most) = (carbon.clone().min().unwrap(), carbon.max().unwrap());
    let reach = 2 + (most - least);
    let reached = said.guidance.quantiles.iter().all(|price| (least - reach..=most + reach).contains(price));
    assert!(reached, "{name}: {said:?}");
    node
}

fn equal_prices_have_equal_u(prices: &[spec::PricePair], window: &WindowState) {
    let mut of: [HashMap<i64, u32>; 2] = Default::default();
    for ((_, electricity, carbon), (u, v)) in prices.iter().zip(&window.pairs) {
        assert_eq!(*of[0].entry(*electricity).or_insert(*u), *u);
        assert_eq!(*of[1].entry(*carbon).or_insert(*v), *v);
    }
}

#[test]
fn a_chain_with_constant_prices_goes_on() {
    let node = goes_on("constant", |_| (90_000_000_000, 70_000_000_000_000));
    let answers = answers(&node, None);
    assert!(answers.window.pairs.iter().all(|pair| *pair == (1 << 31, 1 << 31)));
    // Nothing to compare with, and some copula fits it as well as its bounds allow: see what the analysis does not do.
    assert_eq!(answers.window.reference, 0);
    assert_eq!(decode(&node.block(node.hash_at(1))).pre.claim, Some(Claim::INDEPENDENCE));
    assert!(decode(&node.block(node.best())).joint.gain() > 0);
    assert!(answers.fit.fit.kendall_tau.is_none() && answers.fit.fit.spearman_rho.is_none());
    // And yet no more than a quarter of the target.
    let header = decode(&node.block(node.best()));
    assert!(header.joint.effective_target() <= header.joint.target + header.joint.target / 4);
}

#[test]
fn a_chain_with_one_constant_price_goes_on() {
    let carbon = |period: u64| 70_000_000_000_000 + (period * 7 % 60) as i64 * 1_000_000_000;
    goes_on("constant electricity price", |period| (90_000_000_000, carbon(period)));
    goes_on("constant carbon price", |period| (carbon(period) / 700, 70_000_000_000_000));
}

#[test]
fn a_chain_with_tied_prices_on_both_sides_goes_on() {
    // Of three values and of four, that rise together now and then.
    goes_on("tied", |period| {
        let (low, high) = (period * 7 % 3, period * 11 % 2);
        (-5 + 10 * low as i64, 1_000_000 * (low + high) as i64)
    });
    // Of two values, always together: as dependent as can be.
    goes_on("tied and together", |period| {
        let high = (period * 5 % 2) as i64;
        (80_000_000_000 + high, 60_000_000_000_000 + high)
    });
    goes_on("tied and opposed", |period| {
        let high = (period * 5 % 2) as i64;
        (80_000_000_000 + 1_000_000 * high, 60_000_000_000_000 - 1_000_000 * high)
    });
}
