//! What the import refuses of an analysis, execution refuses, too: blocks whose header lies, taken past all rules. Each has
//! the state that its claim gives, so that nothing but the analysis is false.

use crate::claims::{chain, knows, Case, PAIRS, T};
use gridpeg_copula::Claim;
use gridpeg_header::Analysis;
use gridpeg_node::{client::Block, import::ImportError};
use polkadot_sdk::sc_consensus::ImportResult;

/// The draft's block with this claim, saying this of it.
fn lie(case: &Case, claim: Option<Claim>, analysis: Option<Analysis>) -> Block {
    let (author, time) = (case.honest.pre.author, case.honest.joint.time);
    let mut draft = case.forge.draft_refused(case.parent(), time, author, claim);
    draft.say(&case.digest(claim, analysis));
    draft.seal()
}

/// The import refuses the block by this name, and execution does where the import does not look; nothing of it stays.
fn is_refused(case: &Case, claim: Option<Claim>, analysis: Option<Analysis>, reason: &str) {
    let what = format!("{claim:?}, {analysis:?}");
    let (block, best) = (lie(case, claim, analysis), case.forge.best());
    let error = case.forge.receive(&block).unwrap_err();
    assert_eq!(error.reason(), reason, "{what}: {error}");

    let error = case.forge.try_receive_unchecked(&block).unwrap_err();
    assert_eq!(error.reason(), "execution", "{what}: {error}");
    assert!(matches!(error, ImportError::Consensus(_)), "{what}: {error}");
    // The runtime compares its digest with the header's before the client compares anything.
    let text = error.to_string();
    assert!(text.contains("Execution aborted"), "{what}: {text}");
    assert_eq!(case.forge.best(), best, "{what}");
    assert!(!knows(&case.forge, &block), "{what}");
}

#[test]
fn execution_takes_what_is_true() {
    let case = Case::gaining();
    let (claim, analysis) = (case.honest.pre.claim, case.honest.joint.analysis);
    let block = lie(&case, claim, analysis);
    assert!(matches!(case.forge.try_receive_unchecked(&block), Ok(ImportResult::Imported(_))));
    assert_eq!(case.forge.best(), block.header.hash());
}

#[test]
fn execution_refuses_an_analysis_that_is_off_by_one() {
    let case = Case::gaining();
    let (claim, analysis) = case.claimed();
    assert!(analysis.gain > 0);
    for wrong in [
        Analysis { gain: analysis.gain - 1, ..analysis },
        Analysis { gain: analysis.gain + 1, ..analysis },
        Analysis { gain: u32::MAX, ..analysis },
        Analysis { aic: analysis.aic - 1, ..analysis },
        Analysis { aic: analysis.aic + 1, ..analysis },
        Analysis { observations: analysis.observations - 1, ..analysis },
        Analysis { observations: analysis.observations + 1, ..analysis },
    ] {
        is_refused(&case, Some(claim), Some(wrong), "analysis-false");
    }
}

#[test]
fn execution_refuses_a_claim_that_is_worse() {
    // Than the reference, and than the best one known.
    for case in [Case::new(), Case::gaining()] {
        let worth = case.worth(Claim::INDEPENDENCE);
        is_refused(&case, Some(Claim::INDEPENDENCE), Some(worth), "claim-worse");
    }
    let case = Case::gaining();
    let (reference, _) = gridpeg_copula::reference(&case.forge.window(case.parent()).state.pairs);
    is_refused(&case, Some(reference), Some(case.worth(reference)), "claim-worse");
}

#[test]
fn execution_refuses_a_missing_claim() {
    is_refused(&Case::new(), None, None, "claim-missing");
}

#[test]
fn execution_refuses_a_claim_on_too_few_pairs() {
    let case = Case::with(29);
    let analysis = Analysis { observations: 30, aic: 0, gain: 0 };
    for said in [analysis, Analysis { gain: 1_000, ..analysis }] {
        is_refused(&case, Some(Claim::INDEPENDENCE), Some(said), "claim-unexpected");
    }
}

#[test]
fn what_is_written_beside_a_claim_that_breaks_a_rule_is_no_header() {
    // As pallet-hybrid-pow's table has it: a lazy author who takes the runtime's word has a malformed header.
    let few = chain(29, |_| {});
    let enough = chain(PAIRS, |_| {});
    for (forge, claim) in [(&few, Some(Claim::INDEPENDENCE)), (&enough, Some(Claim::INDEPENDENCE)), (&enough, None)] {
        let parent = forge.genesis();
        let block = forge.draft_refused(parent, forge.time_after(parent, T), [1; 32], claim).seal();
        let error = forge.receive(&block).unwrap_err();
        assert_eq!(error.reason(), "malformed-header", "{claim:?}: {error}");
    }
}
