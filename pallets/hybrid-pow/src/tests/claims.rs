//! Claims: which are taken, what they are worth, and that a header with any other does not decode.

use super::*;
use crate::{AnalysisOf, Best, BestClaim, WeightInfo};
use gridpeg_copula::{claim::ClaimError, consensus};
use gridpeg_header::{
    forge::{easy_parameters, Branch},
    Analysis, Claim, HeaderError, JointHeader,
};
use gridpeg_messages::traits::PriceWindow;

const ONE: i32 = 1 << 16;
/// Pairs in the window of most tests.
const COUNT: u32 = 40;
const INDEPENDENCE: Claim = Claim { family: 0, rotation: 0, parameters: [0, 0] };

fn clayton(theta: i32) -> Claim {
    Claim { family: 3, rotation: 0, parameters: [theta, 0] }
}

/// Worse than the reference on the window of 40.
fn poor() -> Claim {
    clayton(ONE / 2)
}

/// Better than the reference, by more than the noise floor.
fn good() -> Claim {
    clayton(2 * ONE)
}

/// Better still.
fn better() -> Claim {
    clayton(3 * ONE)
}

fn aic(claim: Claim) -> i64 {
    consensus::evaluate(&Prices::pairs(), &claim).unwrap()
}

fn reference() -> (Claim, i64) {
    Prices::reference().unwrap()
}

fn least() -> Option<(Claim, i64)> {
    HybridPow::least(Prices::revision(), Prices::reference())
}

fn on_window(count: u32, test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        Window::set((1, clayton_pairs(count as usize)));
        test();
    });
}

/// Runs the next block with this claim. Whether a header that says what the runtime says of it decodes.
fn claim(claim: Option<Claim>) -> bool {
    let number = System::block_number() + 1;
    run_block_with(number, number * 3_000, Some(PreDigest { author: AUTHOR, claim }));
    let mut draft = Branch::new(H256::repeat_byte(1), easy_parameters()).draft(3_000, H256::repeat_byte(2), 3);
    draft.pre.claim = claim;
    draft.joint.analysis = HybridPow::analysis();
    match JointHeader::from_header(&draft.mine()) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error, HeaderError::Analysis);
            false
        }
    }
}

/// What the last block's claim was worth.
fn worth(claim: Claim) -> Analysis {
    let aic = aic(claim);
    Analysis { observations: COUNT, aic, gain: consensus::gain(reference().1, aic) }
}

#[test]
fn the_tests_claims_are_what_they_are_called() {
    on_window(COUNT, || {
        assert!(aic(poor()) > reference().1);
        assert!(worth(good()).gain > 0);
        assert!(worth(better()).gain > worth(good()).gain);
        assert!(reference().1 < 0);
    });
}

#[test]
fn with_fewer_than_thirty_pairs_there_is_no_claim() {
    on_window(29, || {
        assert!(claim(None));
        assert!(!claim(Some(better())));
        assert!(!claim(Some(INDEPENDENCE)));
        assert_eq!(HybridPow::analysis(), None);
        assert_eq!((least(), Best::<Test>::get()), (None, None));
    });
    on_window(30, || {
        assert!(!claim(None));
        assert!(claim(Some(reference().0)));
        assert_eq!(HybridPow::analysis().unwrap().observations, 30);
    });
}

#[test]
fn a_missing_claim_is_refused() {
    on_window(COUNT, || {
        assert!(!claim(None));
        assert_eq!(HybridPow::analysis(), Some(Analysis { observations: COUNT, aic: i64::MAX, gain: 0 }));
        assert_eq!(Best::<Test>::get(), None);
    });
}

#[test]
fn a_claim_that_is_no_copula_is_refused() {
    on_window(COUNT, || {
        let malformed = [
            // Family.
            Claim { family: 7, ..INDEPENDENCE },
            Claim { family: u8::MAX, ..better() },
            // Rotation.
            Claim { rotation: 4, ..better() },
            Claim { rotation: u8::MAX, ..better() },
            Claim { rotation: 1, ..INDEPENDENCE },
            Claim { family: 1, rotation: 2, parameters: [ONE / 2, 0] },
            // Parameters.
            Claim { parameters: [1, 0], ..INDEPENDENCE },
            Claim { parameters: [0, 1], ..reference().0 },
            Claim { family: 1, rotation: 0, parameters: [ONE, 0] },
            Claim { family: 2, rotation: 0, parameters: [ONE / 2, ONE] },
            Claim { family: 4, rotation: 0, parameters: [ONE - 1, 0] },
            Claim { family: 5, rotation: 0, parameters: [i32::MIN, 0] },
            clayton(0),
            clayton(-ONE),
            clayton(28 * ONE + 1),
            clayton(i32::MAX),
            Claim { parameters: [3 * ONE, 1], ..better() },
        ];
        for malformed in malformed {
            assert!(!claim(Some(malformed)), "{malformed:?}");
            assert_eq!((HybridPow::analysis(), Best::<Test>::get()), (None, None), "{malformed:?}");
        }
    });
}

#[test]
fn the_reference_may_be_claimed_and_nothing_worse() {
    on_window(COUNT, || {
        for worse in [poor(), INDEPENDENCE] {
            assert!(!claim(Some(worse)));
            assert_eq!(HybridPow::analysis(), None);
        }
        let (claimed, aic) = reference();
        assert!(claim(Some(claimed)));
        assert_eq!(HybridPow::analysis(), Some(Analysis { observations: COUNT, aic, gain: 0 }));
        assert_eq!((least(), Best::<Test>::get()), (Some(reference()), None));
    });
}

#[test]
fn a_better_claim_becomes_the_best_and_may_be_copied() {
    on_window(COUNT, || {
        assert!(claim(Some(good())));
        assert_eq!(HybridPow::analysis(), Some(worth(good())));
        let best = BestClaim { revision: 1, claim: good(), aic: aic(good()) };
        assert_eq!((least(), Best::<Test>::get()), (Some((good(), best.aic)), Some(best)));
        // A copy is worth the same, and the reference is not enough any more.
        assert!(claim(Some(good())));
        assert_eq!(HybridPow::analysis(), Some(worth(good())));
        assert!(!claim(Some(reference().0)));
        assert_eq!((HybridPow::analysis(), Best::<Test>::get()), (None, Some(best)));

        assert!(claim(Some(better())));
        assert_eq!(HybridPow::analysis(), Some(worth(better())));
        assert_eq!(least(), Some((better(), aic(better()))));
        assert!(!claim(Some(good())));
        assert!(claim(Some(better())));
        assert_eq!(Best::<Test>::get(), Some(BestClaim { revision: 1, claim: better(), aic: aic(better()) }));
    });
}

#[test]
fn on_a_new_window_nothing_is_known_but_the_reference() {
    on_window(COUNT, || {
        assert!(claim(Some(better())));
        Window::mutate(|(revision, _)| *revision = 2);
        assert_eq!(least(), Some(reference()));
        assert!(!claim(Some(poor())));
        assert!(claim(Some(reference().0)));
        assert_eq!(least(), Some(reference()));
        assert!(claim(Some(good())));
        assert_eq!(Best::<Test>::get(), Some(BestClaim { revision: 2, claim: good(), aic: aic(good()) }));
        // Also if the pairs are fewer than it takes.
        Window::set((3, clayton_pairs(3)));
        assert!(claim(None));
        assert_eq!((least(), AnalysisOf::<Test>::get()), (None, None));
    });
}

/// What a node is told of a claim on the present window before the block is executed.
fn told(claim: Claim) -> Result<(Analysis, i64), ClaimError> {
    HybridPow::worth(&claim, Prices::revision(), &Prices::pairs(), Prices::reference())
}

#[test]
fn a_node_is_told_what_the_block_finds() {
    on_window(COUNT, || {
        for claimed in [reference().0, good(), better()] {
            let known = least().unwrap().1;
            let (analysis, most) = told(claimed).unwrap();
            assert_eq!((analysis.aic, most), (aic(claimed), known));
            assert!(analysis.aic <= most && claim(Some(claimed)), "{claimed:?}");
            assert_eq!(HybridPow::analysis(), Some(analysis));
        }
        for worse in [reference().0, good(), poor(), INDEPENDENCE] {
            let (analysis, most) = told(worse).unwrap();
            assert_eq!((analysis.aic, most), (aic(worse), aic(better())));
            assert!(analysis.aic > most && !claim(Some(worse)), "{worse:?}");
        }
        // Nothing was written by asking.
        assert_eq!(Best::<Test>::get().map(|best| best.claim), Some(better()));
        assert_eq!(told(Claim { family: 7, ..INDEPENDENCE }), Err(ClaimError::Family));
        assert_eq!(told(Claim { rotation: 1, ..INDEPENDENCE }), Err(ClaimError::Rotation));
        assert_eq!(told(clayton(0)), Err(ClaimError::Parameters));
    });
    on_window(29, || {
        assert_eq!(told(better()), Err(ClaimError::TooFewPairs));
        // Whatever it names.
        assert_eq!(told(Claim { family: 7, ..INDEPENDENCE }), Err(ClaimError::TooFewPairs));
    });
}

#[test]
fn the_window_is_brought_up_to_date_once_a_block_and_weighs_what_it_cost() {
    on_window(COUNT, || {
        let pre = |claim| Some(PreDigest { author: AUTHOR, claim });
        let always = <()>::block().saturating_add(REFRESH);
        let analysed = always.saturating_add(<()>::analyse(COUNT));
        assert_eq!(run_block_with(1, 3_000, pre(Some(good()))), analysed);
        assert_eq!(run_block_with(2, 6_000, pre(None)), analysed);
        assert_eq!(run_block_with(3, 9_000, None), analysed);
        Window::set((2, clayton_pairs(29)));
        assert_eq!(run_block_with(4, 12_000, pre(None)), always);
        assert_eq!(Refreshes::get(), 4);
    });
}
