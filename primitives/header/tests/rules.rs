//! Every rule of a header, each broken alone in a really mined header.

use codec::Encode;
use gridpeg_header::{
    digest::{seal_item, Analysis, Claim, JOINT_ENGINE_ID, POW_ENGINE_ID},
    forge::{easy_parameters, seal, Branch, Draft},
    rules::RuleError,
    target::{effective_target, MAX_TARGET},
    work::meets,
    Header, HeaderError, JointHeader, SubtreeId, SubtreeRoot, Tip, H256, U256,
};
use polkadot_sdk::sp_runtime::DigestItem;

const CROSS: H256 = H256([9; 32]);

/// A branch of three blocks, whose next target differs from its last.
fn branch() -> Branch {
    let mut branch = Branch::new(H256([1; 32]), easy_parameters());
    for _ in 0..3 {
        branch.extend(1_000, CROSS, 1);
    }
    branch
}

fn draft() -> (Tip, Draft) {
    let branch = branch();
    (branch.tip(), branch.draft(3_000, CROSS, 1))
}

fn check(tip: &Tip, header: &Header) -> Result<Tip, RuleError> {
    let header = JointHeader::decode(&header.encode()).expect("decodes");
    tip.check(&header, &easy_parameters(), header.joint.time)
}

#[test]
fn a_mined_header_passes_and_its_tip_carries_on() {
    let (tip, draft) = draft();
    let next = check(&tip, &draft.mine()).unwrap();
    assert_eq!(next.number, tip.number + 1);
    assert_eq!(next.solve_time, Some(3_000));
    assert_eq!(next.work, draft.joint.work);
}

#[test]
fn block_1_and_2_take_the_initial_target_and_block_3_follows_from_block_2() {
    let branch = branch();
    let initial = easy_parameters().initial_target;
    assert_eq!(branch.tip_at(1).target, initial);
    assert_eq!(branch.tip_at(1).solve_time, None);
    assert_eq!(branch.tip_at(2).target, initial);
    assert!(branch.tip_at(3).target < initial);
}

#[test]
fn every_rule_refuses_by_its_name() {
    type Edit = fn(&mut Draft);
    let cases: [(RuleError, Edit); 7] = [
        (RuleError::Parent, |draft| draft.header.parent_hash = H256([3; 32])),
        (RuleError::Number, |draft| draft.header.number += 1),
        (RuleError::Target, |draft| draft.joint.target += U256::one()),
        (RuleError::Target, |draft| draft.joint.target -= U256::one()),
        (RuleError::CumulativeWork, |draft| draft.joint.work += U256::one()),
        (RuleError::CumulativeWork, |draft| draft.joint.work -= U256::one()),
        (RuleError::TimeNotAboveParent, |draft| draft.joint.time -= 3_000),
    ];
    for (expected, edit) in cases {
        let (tip, mut draft) = draft();
        edit(&mut draft);
        assert_eq!(check(&tip, &draft.mine()), Err(expected));
    }
}

#[test]
fn work_just_above_the_target_is_refused_and_just_below_passes() {
    let (tip, draft) = draft();
    let target = draft.joint.target;
    let mut unsealed = draft.header.clone();
    unsealed.digest.logs = draft.items();
    let mut seen = [0, 0];
    for nonce in 0..200u64 {
        let mut header = unsealed.clone();
        header.digest.push(seal_item(nonce.to_le_bytes()));
        let decoded = JointHeader::decode(&header.encode()).unwrap();
        let good = meets(&decoded.work_hash(), target);
        let expected = if good { Ok(()) } else { Err(RuleError::WorkAboveTarget) };
        assert_eq!(check(&tip, &header).map(|_| ()), expected);
        seen[usize::from(good)] += 1;
    }
    assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
}

#[test]
fn a_hash_equal_to_the_target_meets_it_and_one_above_does_not() {
    let target = U256::from(1_000u32);
    assert!(meets(&H256::from_low_u64_be(1_000), target));
    assert!(!meets(&H256::from_low_u64_be(1_001), target));
}

#[test]
fn time_at_the_future_limit_passes_and_beyond_it_fails() {
    let (tip, draft) = draft();
    let header = JointHeader::decode(&draft.mine().encode()).unwrap();
    let parameters = easy_parameters();
    let limit = header.joint.time - parameters.max_drift();
    assert!(tip.check(&header, &parameters, limit).is_ok());
    assert_eq!(tip.check(&header, &parameters, limit - 1), Err(RuleError::TimeInFuture));
}

#[test]
fn a_header_without_work_is_refused_for_that_even_if_it_is_stamped_ahead() {
    let (tip, draft) = draft();
    let mut unsealed = draft.header.clone();
    unsealed.digest.logs = draft.items();
    let idle = (0..64u64).find_map(|nonce| {
        let mut header = unsealed.clone();
        header.digest.push(seal_item(nonce.to_le_bytes()));
        let decoded = JointHeader::decode(&header.encode()).unwrap();
        (!meets(&decoded.work_hash(), draft.joint.target)).then_some(decoded)
    });
    assert_eq!(tip.check(&idle.unwrap(), &easy_parameters(), 0), Err(RuleError::WorkAboveTarget));
}

#[test]
fn every_digest_fault_is_refused_by_its_name() {
    let (_, draft) = draft();
    let items = draft.items();
    let good_seal = seal_item([0; 8]);
    let pre = items[0].clone();
    let joint = items[1].clone();
    let upgrade = DigestItem::RuntimeEnvironmentUpdated;
    let longer = |item: &DigestItem| match item.clone() {
        DigestItem::PreRuntime(id, bytes) => DigestItem::PreRuntime(id, [bytes, vec![0]].concat()),
        DigestItem::Consensus(id, bytes) => DigestItem::Consensus(id, [bytes, vec![0]].concat()),
        other => other,
    };
    let cases: Vec<(Result<(), HeaderError>, Vec<DigestItem>)> = vec![
        (Ok(()), vec![pre.clone(), joint.clone(), good_seal.clone()]),
        (Ok(()), vec![pre.clone(), upgrade.clone(), joint.clone(), good_seal.clone()]),
        (Err(HeaderError::SealMissing), vec![]),
        (Err(HeaderError::SealMissing), vec![pre.clone(), joint.clone()]),
        (Err(HeaderError::PreDigestMissing), vec![joint.clone(), good_seal.clone()]),
        (Err(HeaderError::PreDigestMissing), vec![joint.clone(), pre.clone(), good_seal.clone()]),
        (Err(HeaderError::JointDigestMissing), vec![pre.clone(), good_seal.clone()]),
        (Err(HeaderError::UnexpectedItem), vec![pre.clone(), pre.clone(), joint.clone(), good_seal.clone()]),
        (Err(HeaderError::UnexpectedItem), vec![pre.clone(), joint.clone(), joint.clone(), good_seal.clone()]),
        (Err(HeaderError::UnexpectedItem), vec![pre.clone(), joint.clone(), good_seal.clone(), good_seal.clone()]),
        (
            Err(HeaderError::UnexpectedItem),
            vec![pre.clone(), upgrade.clone(), upgrade.clone(), joint.clone(), good_seal.clone()],
        ),
        (Err(HeaderError::UnexpectedItem), vec![pre.clone(), joint.clone(), upgrade, good_seal.clone()]),
        (
            Err(HeaderError::UnexpectedItem),
            vec![pre.clone(), joint.clone(), DigestItem::Other(vec![1]), good_seal.clone()],
        ),
        (
            Err(HeaderError::UnexpectedItem),
            vec![pre.clone(), DigestItem::Consensus(*b"aura", vec![]), joint.clone(), good_seal.clone()],
        ),
        (Err(HeaderError::PreDigestMalformed), vec![longer(&pre), joint.clone(), good_seal.clone()]),
        (Err(HeaderError::JointDigestMalformed), vec![pre.clone(), longer(&joint), good_seal.clone()]),
        (
            Err(HeaderError::SealMissing),
            vec![pre.clone(), joint.clone(), DigestItem::Seal(JOINT_ENGINE_ID, vec![0; 8])],
        ),
        (
            Err(HeaderError::SealMalformed),
            vec![pre.clone(), joint.clone(), DigestItem::Seal(POW_ENGINE_ID, vec![0; 9])],
        ),
        (Err(HeaderError::SealMalformed), vec![pre, joint, DigestItem::Seal(POW_ENGINE_ID, vec![0; 7])]),
    ];
    for (expected, logs) in cases {
        let mut header = draft.header.clone();
        header.digest.logs = logs.clone();
        assert_eq!(JointHeader::decode(&header.encode()).map(|_| ()), expected, "{logs:?}");
    }
}

#[test]
fn bytes_that_are_no_header_are_refused() {
    let bytes = draft().1.mine().encode();
    assert!(JointHeader::decode(&bytes).is_ok());
    assert_eq!(JointHeader::decode(&[&bytes[..], &[0]].concat()), Err(HeaderError::Malformed));
    assert_eq!(JointHeader::decode(&bytes[..bytes.len() - 1]), Err(HeaderError::Malformed));
    assert_eq!(JointHeader::decode(&[]), Err(HeaderError::Malformed));
    assert_eq!(JointHeader::decode(&[0; 1025]), Err(HeaderError::TooLong));
}

#[test]
fn subtree_roots_must_be_ordered_nonzero_and_include_the_cross_chain_root() {
    let root = |id, root| SubtreeRoot { id, root };
    let cases = [
        (true, vec![root(SubtreeId::PvTrading, CROSS), root(SubtreeId::CrossChain, CROSS)]),
        (false, vec![root(SubtreeId::CrossChain, CROSS), root(SubtreeId::PvTrading, CROSS)]),
        (false, vec![root(SubtreeId::CrossChain, CROSS), root(SubtreeId::CrossChain, CROSS)]),
        (false, vec![root(SubtreeId::PvTrading, CROSS)]),
        (false, vec![]),
        (false, vec![root(SubtreeId::CrossChain, H256::zero())]),
    ];
    for (good, subtrees) in cases {
        let (_, mut draft) = draft();
        draft.joint.subtrees = subtrees.try_into().unwrap();
        let expected = if good { Ok(()) } else { Err(HeaderError::Subtrees) };
        assert_eq!(JointHeader::decode(&draft.mine().encode()).map(|_| ()), expected);
    }
}

#[test]
fn claim_and_analysis_go_together_and_the_gain_eases_the_target_by_a_quarter_at_most() {
    let claim = Claim { family: 1, rotation: 0, parameters: [0, 0] };
    let analysis = Analysis { observations: 500, aic: 0, gain: 160 };
    let cases = [
        (true, Some(claim), Some(analysis)),
        (false, Some(claim), None),
        (false, None, Some(analysis)),
        (false, Some(claim), Some(Analysis { observations: 29, ..analysis })),
        (false, Some(claim), Some(Analysis { observations: 1_025, ..analysis })),
        (false, Some(Claim { family: 7, ..claim }), Some(analysis)),
        (false, Some(Claim { rotation: 4, ..claim }), Some(analysis)),
    ];
    for (good, claim, analysis) in cases {
        let (tip, mut draft) = draft();
        draft.pre.claim = claim;
        draft.joint.analysis = analysis;
        let header = draft.mine();
        let decoded = JointHeader::decode(&header.encode());
        assert_eq!(decoded.is_ok(), good, "{claim:?} {analysis:?}");
        if good {
            check(&tip, &header).unwrap();
        }
    }
    // G = 8T/25 halves the way to κ; a boundless gain never passes it.
    let base = MAX_TARGET;
    assert_eq!(effective_target(base, 160, 500), base + base / 8);
    assert!(effective_target(base, u32::MAX, 500) <= base + base / 4);
    assert_eq!(effective_target(base, 0, 500), base);
}

#[test]
fn a_claim_must_be_a_copula_in_its_one_encoding() {
    const ONE: i32 = 1 << 16;
    let cases = [
        // Independence: no parameters, no rotation.
        (true, 0, 0, [0, 0]),
        (false, 0, 0, [1, 0]),
        (false, 0, 1, [0, 0]),
        // Gaussian: |ρ| < 1.
        (true, 1, 0, [1 - ONE, 0]),
        (false, 1, 0, [ONE, 0]),
        (false, 1, 0, [-ONE, 0]),
        (false, 1, 2, [0, 0]),
        (false, 1, 0, [0, 1]),
        // Student-t: ν from 2 to 50.
        (true, 2, 0, [ONE / 2, 4 * ONE]),
        (false, 2, 0, [ONE / 2, 2 * ONE - 1]),
        (false, 2, 0, [ONE / 2, 50 * ONE + 1]),
        // Clayton, Gumbel and Joe have rotations.
        (true, 3, 3, [28 * ONE, 0]),
        (false, 3, 0, [28 * ONE + 1, 0]),
        (false, 3, 0, [0, 0]),
        (true, 4, 1, [50 * ONE, 0]),
        (false, 4, 0, [ONE - 1, 0]),
        (true, 6, 2, [30 * ONE, 0]),
        (false, 6, 2, [30 * ONE, ONE]),
        // Frank: −35 to 35.
        (true, 5, 0, [-35 * ONE, 0]),
        (false, 5, 0, [-35 * ONE - 1, 0]),
        (false, 7, 0, [0, 0]),
        (false, 4, 4, [2 * ONE, 0]),
        (false, u8::MAX, u8::MAX, [i32::MIN, i32::MAX]),
    ];
    for (good, family, rotation, parameters) in cases {
        let (_, mut draft) = draft();
        draft.pre.claim = Some(Claim { family, rotation, parameters });
        draft.joint.analysis = Some(Analysis { observations: 30, aic: 0, gain: 0 });
        let expected = if good { Ok(()) } else { Err(HeaderError::Analysis) };
        let decoded = JointHeader::decode(&draft.mine().encode()).map(|_| ());
        assert_eq!(decoded, expected, "{family} {rotation} {parameters:?}");
    }
}

#[test]
fn the_gain_lets_work_above_the_base_target_pass() {
    let (tip, mut draft) = draft();
    draft.pre.claim = Some(Claim { family: 1, rotation: 0, parameters: [0, 0] });
    draft.joint.analysis = Some(Analysis { observations: 30, aic: 0, gain: 1_000_000 });
    let base = draft.joint.target;
    let mut passed_above_base = 0;
    for salt in 0..64u8 {
        draft.header.state_root = H256([salt; 32]);
        let header = seal(draft.header.clone(), draft.items(), effective_target(base, 1_000_000, 30));
        check(&tip, &header).unwrap();
        let decoded = JointHeader::decode(&header.encode()).unwrap();
        passed_above_base += u32::from(!meets(&decoded.work_hash(), base));
    }
    assert!(passed_above_base > 0);
}
