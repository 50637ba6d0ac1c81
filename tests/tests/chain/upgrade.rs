//! An upgrade of the runtime on a chain with an analysis: import and mining go on over it, also if its migrations change
//! the price pairs. What the first block of the new code is judged on is known before it is made.

use crate::claims::{chain, follower, sudo, Case, PAIRS, T};
use electricity_runtime::RuntimeCall;
use gridpeg_copula::{best_claim, evaluate, reference};
use gridpeg_forge::{decode, Forge};
use gridpeg_node::{client::Hash, rpc::copula::CopulaApiServer};
use gridpeg_runtime_api::{AnalysisApi, Price};
use gridpeg_tests::spec::price_pair;
use polkadot_sdk::{frame_system, sp_api::ProvideRuntimeApi, sp_runtime::OpaqueExtrinsic};

/// What replaces the runtime by the next one, whose migration changes the sign of the carbon prices.
fn upgrade(forge: &Forge) -> OpaqueExtrinsic {
    let code = next_runtime::WASM_BINARY.expect("built with its wasm").to_vec();
    sudo(forge, 0, RuntimeCall::System(frame_system::Call::set_code { code }))
}

/// A block on this one that claims the best copula.
fn with_best_claim(forge: &Forge, parent: Hash) -> Hash {
    let (claim, _) = best_claim(&forge.window(parent).state.pairs);
    forge.import(forge.draft_claiming(parent, forge.time_after(parent, T), [1; 32], Some(claim)))
}

/// A chain whose best claim is known, and its first block that has the next runtime.
fn upgraded() -> (Forge, Hash, Hash) {
    let forge = chain(PAIRS, |_| {});
    let known = with_best_claim(&forge, forge.grow(forge.genesis(), 2, T));
    let draft = forge.draft(known, forge.time_after(known, T), [1; 32], vec![upgrade(&forge)]);
    let upgraded = forge.import(draft);
    assert!(decode(&forge.block(upgraded)).upgraded, "the call failed");
    (forge, known, upgraded)
}

#[test]
fn import_and_mining_go_on_over_an_upgrade_that_changes_the_window() {
    let (forge, known, upgraded) = upgraded();
    let before = forge.window(known).state.clone();
    let (old, _) = before.least.unwrap();
    // The block itself is one of the old code.
    assert_eq!(decode(&forge.block(upgraded)).pre.claim, Some(old));

    let after = forge.window(upgraded).state.clone();
    assert_eq!(after.revision, before.revision + 1);
    assert_eq!(after.least, Some(reference(&after.pairs)), "what was known is forgotten");
    assert_ne!(after.pairs, before.pairs);
    assert!(evaluate(&after.pairs, &old).unwrap() > after.reference, "{old:?} fits still");

    let stale = decode(&forge.block(upgraded)).joint.analysis;
    let mut case = Case::on(forge, upgraded);
    assert_eq!(case.claimed().0, after.least.unwrap().0);
    // Neither what was worth something before, nor what that is worth now.
    case.refuses(Some(old), stale, "analysis-false");
    case.refuses(Some(old), Some(case.worth(old)), "claim-worse");
    case.goes_on();

    let forge = case.forge;
    let first = forge.best();
    assert_eq!(forge.window(first).state, after, "what was announced is what is stored");
    let tip = forge.grow(with_best_claim(&forge, first), 3, T);
    let header = decode(&forge.block(tip));
    assert!(header.joint.gain() > 0 && header.pre.claim == Some(best_claim(&after.pairs).0));
    // A node that has every block from its peers.
    let node = follower(&forge);
    assert_eq!(node.best(), tip);
    assert_eq!(node.window(tip).state, forge.window(tip).state);
}

#[test]
fn at_the_upgraded_block_everything_is_answered_as_its_child_will_find_it() {
    let (forge, known, upgraded) = upgraded();
    let window = forge.window(upgraded).state.clone();
    let (claim, aic) = window.least.unwrap();
    // One instance keeps what its calls write: the migrations run once all the same.
    let api = forge.client().runtime_api();
    let carbon = |at| -> Vec<Price> {
        forge.client().runtime_api().prices(at).unwrap().iter().map(|pair| pair.carbon).collect()
    };
    for _ in 0..2 {
        assert_eq!(api.window(upgraded).unwrap(), window);
        let prices: Vec<Price> = api.prices(upgraded).unwrap().iter().map(|pair| pair.carbon).collect();
        assert_eq!(prices, carbon(known).iter().map(|price| -price).collect::<Vec<_>>());
        let worth = api.worth(upgraded, claim).unwrap().unwrap();
        assert_eq!((worth.analysis.aic, worth.least, worth.analysis.gain), (aic, aic, 0));
        let guidance = api.guidance(upgraded, price_pair(PAIRS).1).unwrap().unwrap();
        assert_eq!((guidance.claim, guidance.aic), (claim, aic));
        assert!(guidance.quantiles.iter().all(|price| *price < 0), "{guidance:?}");
    }
    assert!(carbon(known).iter().all(|price| *price > 0), "the block before has its own answers");

    let fit = forge.copula().fit(Some(upgraded)).unwrap();
    assert_eq!((fit.answered.onchain.aic, fit.answered.reference), (aic, aic));
    let (best, best_aic) = best_claim(&window.pairs);
    assert_eq!((fit.answered.claim.aic, fit.answered.claim.claim.family), (best_aic, best.family));

    let child = forge.extend(upgraded, T, [1; 32]);
    assert_eq!(forge.copula().fit(Some(child)).unwrap().fit, fit.fit, "its child says the same");
    assert_eq!(carbon(child), carbon(upgraded));
}
