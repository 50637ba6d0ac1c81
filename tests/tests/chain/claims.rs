//! Claims about the price pairs, in really mined blocks of the real runtime. Each lie is refused by its name and leaves
//! nothing behind; the best claim known is always enough, and a better one is worth more.

use electricity_runtime::RuntimeCall;
use gridpeg_copula::{best_claim, evaluate, gain, reference, Claim};
use gridpeg_forge::{decode, easy_spec, Draft, Forge};
use gridpeg_header::{digest::UnsealedDigest, Analysis, PowParameters};
use gridpeg_messages::prices::{Side, Summary};
use gridpeg_node::client::{Block, Hash};
use gridpeg_tests::spec::{price_pair, price_pairs, set_price_pairs, PricePair};
use polkadot_sdk::{
    pallet_sudo, sc_consensus::ImportResult, sp_blockchain::HeaderBackend, sp_runtime::OpaqueExtrinsic,
};
use serde_json::{json, Value};
use std::{thread::sleep, time::Duration};

pub(crate) const T: u64 = 3_000;
/// Pairs in the window. It is full, so a new pair pushes the oldest out.
pub(crate) const PAIRS: u64 = 60;
const ONE: i32 = 1 << 16;

gridpeg_forge::signs!(on_electricity, electricity_runtime);

/// A chain with so many price pairs in its genesis.
pub(crate) fn chain(pairs: u64, edit: impl FnOnce(&mut PowParameters)) -> Forge {
    chain_of(&price_pairs(pairs), edit)
}

/// A chain with these price pairs in its genesis.
pub(crate) fn chain_of(pairs: &[PricePair], edit: impl FnOnce(&mut PowParameters)) -> Forge {
    let network = &electricity_node::NETWORK;
    let mut spec: Value = serde_json::from_str(&easy_spec(network, edit)).unwrap();
    set_price_pairs(&mut spec, pairs);
    spec["genesis"]["runtimeGenesis"]["patch"]["jointPrices"]["window"] = json!(PAIRS);
    Forge::of_spec(network, spec.to_string())
}

/// A chain of two blocks or more, and a draft of the next.
pub(crate) struct Case {
    pub(crate) forge: Forge,
    draft: Draft,
    /// What the draft says, which is true.
    pub(crate) honest: UnsealedDigest,
}

impl Case {
    pub(crate) fn new() -> Self {
        Self::with(PAIRS)
    }

    pub(crate) fn with(pairs: u64) -> Self {
        let forge = chain(pairs, |_| {});
        let tip = forge.grow(forge.genesis(), 2, T);
        Self::on(forge, tip)
    }

    pub(crate) fn on(forge: Forge, parent: Hash) -> Self {
        let draft = forge.draft(parent, forge.time_after(parent, T), [1; 32], Vec::new());
        let honest = UnsealedDigest::from_header(&draft.header).unwrap();
        Self { forge, draft, honest }
    }

    /// The same, with the best claim that there is known, and gained by.
    pub(crate) fn gaining() -> Self {
        let case = Self::new();
        let (best, _) = best_claim(&case.pairs());
        let parent = case.parent();
        let draft = case.forge.draft_claiming(parent, case.forge.time_after(parent, T), [1; 32], Some(best));
        let tip = case.forge.import(draft);
        Self::on(case.forge, tip)
    }

    pub(crate) fn parent(&self) -> Hash {
        self.draft.header.parent_hash
    }

    fn pairs(&self) -> Vec<(u32, u32)> {
        self.forge.window(self.parent()).state.pairs.clone()
    }

    /// What a claim is worth in the draft's place.
    pub(crate) fn worth(&self, claim: Claim) -> Analysis {
        let window = self.forge.window(self.parent());
        let aic = evaluate(&window.state.pairs, &claim).unwrap();
        let observations = window.state.pairs.len() as u32;
        Analysis { observations, aic, gain: gain(window.state.reference, aic) }
    }

    pub(crate) fn claimed(&self) -> (Claim, Analysis) {
        (self.honest.pre.claim.unwrap(), self.honest.joint.analysis.unwrap())
    }

    /// The draft's block says this instead, and has the work for it.
    fn saying(&mut self, claim: Option<Claim>, analysis: Option<Analysis>) -> Block {
        self.draft.say(&self.digest(claim, analysis));
        self.draft.seal()
    }

    /// The draft's digest with this instead.
    pub(crate) fn digest(&self, claim: Option<Claim>, analysis: Option<Analysis>) -> UnsealedDigest {
        let mut digest = self.honest.clone();
        digest.pre.claim = claim;
        digest.joint.analysis = analysis;
        digest
    }

    /// The block that says this is refused for this reason, and nothing of it stays.
    pub(crate) fn refuses(&mut self, claim: Option<Claim>, analysis: Option<Analysis>, reason: &str) {
        let block = self.saying(claim, analysis);
        let best = self.forge.best();
        let error = self.forge.receive(&block).unwrap_err();
        assert_eq!(error.reason(), reason, "{claim:?}, {analysis:?}: {error}");
        assert_eq!(self.forge.best(), best);
        assert!(!knows(&self.forge, &block), "{claim:?}, {analysis:?}");
    }

    /// What is true is still taken.
    pub(crate) fn goes_on(&mut self) {
        let (claim, analysis) = (self.honest.pre.claim, self.honest.joint.analysis);
        let block = self.saying(claim, analysis);
        takes(&self.forge, &block);
        assert_eq!(self.forge.best(), block.header.hash());
    }
}

pub(crate) fn knows(forge: &Forge, block: &Block) -> bool {
    HeaderBackend::<Block>::header(&**forge.client(), block.header.hash()).unwrap().is_some()
}

pub(crate) fn takes(forge: &Forge, block: &Block) {
    let result = forge.receive(block);
    assert!(matches!(result, Ok(ImportResult::Imported(_))), "{result:?}");
}

/// A node that has the blocks of this one's best branch.
pub(crate) fn follower(forge: &Forge) -> Forge {
    let node = forge.sibling();
    let height = forge.tip(forge.best()).number;
    (1..=height).for_each(|number| takes(&node, &forge.block(forge.hash_at(number))));
    node
}

/// A call by root, signed by //Alice.
pub(crate) fn sudo(forge: &Forge, nonce: u32, call: RuntimeCall) -> OpaqueExtrinsic {
    on_electricity(forge.genesis(), nonce, RuntimeCall::Sudo(pallet_sudo::Call::sudo { call: Box::new(call) }))
}

/// What reports the pair of a period, signed by //Alice.
pub(crate) fn reports(forge: &Forge, period: u64, first_nonce: u32) -> Vec<OpaqueExtrinsic> {
    let (_, electricity, carbon) = price_pair(period);
    let sides = [(Side::Electricity, electricity), (Side::Carbon, carbon)];
    let signed = sides.into_iter().zip(first_nonce..).map(|((side, price), nonce)| {
        let summary = Summary { price, quantity: 1_000_000, sellers: 2, buyers: 2 };
        sudo(forge, nonce, RuntimeCall::JointPrices(pallet_joint_prices::Call::report { side, period, summary }))
    });
    signed.collect()
}

#[test]
fn a_family_that_does_not_exist_is_refused() {
    let mut case = Case::new();
    let (claim, analysis) = case.claimed();
    for family in [7, u8::MAX] {
        case.refuses(Some(Claim { family, ..claim }), Some(analysis), "malformed-header");
    }
    case.goes_on();
}

#[test]
fn a_rotation_that_the_family_has_not_is_refused() {
    let mut case = Case::new();
    let (claim, analysis) = case.claimed();
    assert_eq!(claim.family, 1, "the reference is Gaussian");
    let clayton = Claim { family: 3, rotation: 0, parameters: [2 * ONE, 0] };
    for wrong in [Claim { rotation: 1, ..claim }, Claim { rotation: 4, ..clayton }] {
        case.refuses(Some(wrong), Some(analysis), "malformed-header");
    }
    case.goes_on();
}

#[test]
fn a_parameter_out_of_bounds_is_refused() {
    let mut case = Case::new();
    let (_, analysis) = case.claimed();
    for (family, parameters) in [
        (1, [ONE, 0]),
        (1, [i32::MIN, 0]),
        (2, [0, 2 * ONE - 1]),
        (3, [0, 0]),
        (3, [28 * ONE + 1, 0]),
        (4, [ONE - 1, 0]),
        (5, [35 * ONE + 1, 0]),
        (6, [i32::MAX, 0]),
    ] {
        let claim = Claim { family, rotation: 0, parameters };
        case.refuses(Some(claim), Some(analysis), "malformed-header");
    }
    case.goes_on();
}

#[test]
fn a_parameter_that_the_family_has_not_must_be_zero() {
    let mut case = Case::new();
    let (claim, analysis) = case.claimed();
    for wrong in [
        Claim { parameters: [claim.parameters[0], 1], ..claim },
        Claim { parameters: [1, 0], ..Claim::INDEPENDENCE },
        Claim { family: 3, rotation: 0, parameters: [2 * ONE, -1] },
    ] {
        case.refuses(Some(wrong), Some(analysis), "malformed-header");
    }
    case.goes_on();
}

#[test]
fn a_claim_worse_than_the_reference_is_refused() {
    let mut case = Case::new();
    let (reference, analysis) = case.claimed();
    assert!(analysis.aic < 0 && analysis.gain == 0);
    // Far worse, and by as little as can be claimed.
    let near = Claim { parameters: [reference.parameters[0] - 1, 0], ..reference };
    assert!(case.worth(near).aic > analysis.aic, "the pairs depend more than the reference says");
    for worse in [Claim::INDEPENDENCE, near] {
        let worth = case.worth(worse);
        case.refuses(Some(worse), Some(worth), "claim-worse");
    }
    case.goes_on();
}

#[test]
fn a_claim_worse_than_the_best_one_known_is_refused() {
    let mut case = Case::gaining();
    let (reference, _) = reference(&case.pairs());
    let (best, known) = case.claimed();
    assert_eq!(best, best_claim(&case.pairs()).0, "copied");
    let worth = case.worth(reference);
    assert!(worth.aic > known.aic);
    case.refuses(Some(reference), Some(worth), "claim-worse");
    case.goes_on();
}

#[test]
fn the_analysis_of_another_parents_pairs_is_refused() {
    let case = Case::new();
    let (old, parent) = (case.claimed(), case.parent());
    let time = case.forge.time_after(parent, T);
    let reporting = case.forge.draft(parent, time, [1; 32], reports(&case.forge, PAIRS + 1, 0));
    // This block itself is still analysed on the pairs of its parent.
    assert_eq!(UnsealedDigest::from_header(&reporting.header).unwrap().joint.analysis, Some(old.1));
    let tip = case.forge.import(reporting);
    let mut case = Case::on(case.forge, tip);
    let new = case.claimed();
    assert_eq!(new.1.observations, old.1.observations);
    assert_ne!(new.1.aic, old.1.aic);
    case.refuses(Some(old.0), Some(old.1), "analysis-false");
    case.refuses(Some(new.0), Some(old.1), "analysis-false");
    // A sibling on the old pairs may say so.
    let beside = case.forge.draft(parent, time, [2; 32], Vec::new()).seal();
    takes(&case.forge, &beside);
    case.goes_on();
}

#[test]
fn more_gain_than_execution_gives_is_refused() {
    let mut case = Case::new();
    let (claim, analysis) = case.claimed();
    for gain in [1, 16, u32::MAX] {
        case.refuses(Some(claim), Some(Analysis { gain, ..analysis }), "analysis-false");
    }
    case.goes_on();
}

#[test]
fn an_aic_off_by_one_unit_is_refused() {
    let mut case = Case::new();
    let (claim, analysis) = case.claimed();
    for aic in [analysis.aic - 1, analysis.aic + 1, i64::MIN] {
        case.refuses(Some(claim), Some(Analysis { aic, ..analysis }), "analysis-false");
    }
    case.goes_on();
}

#[test]
fn another_number_of_pairs_is_refused() {
    let mut case = Case::new();
    let (claim, analysis) = case.claimed();
    // Fewer pairs would make the same gain ease the work more.
    for observations in [30, analysis.observations - 1, analysis.observations + 1] {
        case.refuses(Some(claim), Some(Analysis { observations, ..analysis }), "analysis-false");
    }
    case.goes_on();
}

#[test]
fn a_missing_claim_is_refused() {
    let mut case = Case::new();
    case.refuses(None, None, "claim-missing");
    let (claim, analysis) = case.claimed();
    case.refuses(Some(claim), None, "malformed-header");
    case.refuses(None, Some(analysis), "malformed-header");
    case.goes_on();
}

#[test]
fn a_claim_about_too_few_pairs_is_refused() {
    for pairs in [0, 29] {
        let mut case = Case::with(pairs);
        assert_eq!((case.honest.pre.claim, case.honest.joint.analysis), (None, None));
        let analysis = Analysis { observations: 30, aic: 0, gain: 0 };
        case.refuses(Some(Claim::INDEPENDENCE), Some(analysis), "claim-unexpected");
        let eased = Analysis { gain: 1_000, ..analysis };
        case.refuses(Some(Claim::INDEPENDENCE), Some(eased), "claim-unexpected");
        case.goes_on();
    }
    assert_eq!(Case::with(30).claimed().1.observations, 30);
}

#[test]
fn a_better_claim_is_taken_and_makes_the_work_easier() {
    let case = Case::new();
    let (forge, parent) = (&case.forge, case.parent());
    let (best, aic) = best_claim(&case.pairs());
    let worth = case.worth(best);
    assert_eq!(worth.aic, aic);
    assert!(worth.gain > 0, "{best:?} gains nothing");
    let block = forge.draft_claiming(parent, forge.time_after(parent, T), [1; 32], Some(best)).seal();
    takes(forge, &block);
    let hash = block.header.hash();
    assert_eq!(forge.best(), hash);
    let header = decode(&block);
    assert_eq!((header.pre.claim, header.joint.analysis), (Some(best), Some(worth)));
    assert!(header.joint.effective_target() > header.joint.target);
    // The next ones carry it too, until somebody knows better.
    assert_eq!(forge.window(hash).state.least, Some((best, aic)));
    let next = forge.extend(hash, T, [2; 32]);
    assert_eq!(decode(&forge.block(next)).pre.claim, Some(best));
}

#[test]
fn of_blocks_with_equal_work_that_come_together_the_one_with_the_larger_gain_is_best() {
    // A tie window of two seconds.
    let forge = chain(PAIRS, |parameters| parameters.block_time = 40_000);
    let tip = forge.grow(forge.genesis(), 2, 40_000);
    let time = forge.time_after(tip, 40_000);
    let (claim, _) = best_claim(&forge.window(tip).state.pairs);
    let small = forge.draft(tip, time, [1; 32], Vec::new()).seal();
    let large = forge.draft_claiming(tip, time, [2; 32], Some(claim)).seal();
    let also_large = forge.draft_claiming(tip, time, [3; 32], Some(claim)).seal();
    assert_eq!(decode(&small).joint.work, decode(&large).joint.work);
    assert!(decode(&small).joint.gain() < decode(&large).joint.gain());
    for order in [[&small, &large, &also_large], [&large, &also_large, &small]] {
        let node = follower(&forge);
        order.into_iter().for_each(|block| takes(&node, block));
        assert_eq!(node.best(), large.header.hash(), "the first of those with the larger gain");
    }
}

#[test]
fn of_blocks_with_equal_work_that_come_apart_the_first_stays() {
    // A tie window of 150 ms.
    let case = Case::new();
    let (forge, tip) = (&case.forge, case.parent());
    let time = forge.time_after(tip, T);
    let (claim, _) = best_claim(&case.pairs());
    let small = case.draft.seal();
    takes(forge, &small);
    sleep(Duration::from_millis(400));
    takes(forge, &forge.draft_claiming(tip, time, [2; 32], Some(claim)).seal());
    assert_eq!(forge.best(), small.header.hash());
}
