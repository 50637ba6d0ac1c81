//! Single headers: each rule broken alone, in a really mined header.

use super::*;
use crate::{Call, StoredHeader};
use gridpeg_header::{
    ancestry::{AncestryProof, Node, MAX_PROOF_NODES},
    digest::{seal_item, Analysis, Claim, POW_ENGINE_ID},
    forge::seal,
    target::{MAX_TARGET, MIN_TARGET},
    work::meets,
    Header, JointHeader, Tip,
};
use polkadot_sdk::sp_runtime::DigestItem;
use proptest::{prelude::*, test_runner::TestRunner};

/// A batch of the branch and these bytes is refused, and nothing of it is kept.
fn refused_bytes(good: &Branch, error: Error<Test>, bytes: Vec<u8>) {
    let batch = [good.encoded_from(1), vec![bytes]].concat();
    assert_noop!(submit_bytes(batch), error);
}

/// The same for the branch's next header, edited before it is mined.
fn refused(good: &Branch, error: Error<Test>, edit: impl FnOnce(&mut Draft)) {
    let mut draft = good.draft(3_000, CROSS, 1);
    edit(&mut draft);
    refused_bytes(good, error, draft.mine().encode());
}

/// The same for the branch's next header with these digest items.
fn refused_digest(good: &Branch, error: Error<Test>, items: Vec<DigestItem>) {
    let mut header = good.draft(3_000, CROSS, 1).header;
    header.digest.logs = items;
    refused_bytes(good, error, header.encode());
}

/// The first seal that meets the header's target, or that misses it.
fn sealed(draft: &Draft, met: bool) -> Header {
    let mut unsealed = draft.header.clone();
    unsealed.digest.logs = draft.items();
    let mut headers = (0u64..).map(|nonce| {
        let mut header = unsealed.clone();
        header.digest.push(seal_item(nonce.to_le_bytes()));
        header
    });
    let has_work = |header: &Header| {
        let decoded = JointHeader::from_header(header).unwrap();
        meets(&decoded.work_hash(), decoded.joint.effective_target())
    };
    headers.find(|header| has_work(header) == met).unwrap()
}

#[test]
fn number_parent_and_digest_are_checked() {
    new_test_ext().execute_with(|| {
        let good = branch(3);
        refused(&good, Error::ParentUnknown, |draft| draft.header.parent_hash = H256([7; 32]));
        refused(&good, Error::WrongNumber, |draft| draft.header.number = 9);
        refused(&good, Error::WrongNumber, |draft| draft.header.number -= 1);
        refused(&good, Error::DigestMalformed, |draft| draft.joint.subtrees = Default::default());
        refused(&good, Error::DigestMalformed, |draft| draft.pre.claim = Some(INDEPENDENCE));
        assert_eq!(Best::<Test>::get(), Some(GENESIS));
        assert_ok!(submit(&good, 1));
    });
}

const INDEPENDENCE: Claim = Claim { family: 0, rotation: 0, parameters: [0, 0] };

#[test]
fn a_header_with_an_analysis_is_taken_and_its_gain_eases_the_work_by_a_quarter_at_most() {
    new_test_ext().execute_with(|| {
        let good = branch(3);
        submit(&good, 1).unwrap();
        let mut draft = good.draft(3_000, CROSS, 1);
        draft.pre.claim = Some(INDEPENDENCE);
        draft.joint.analysis = Some(Analysis { observations: 30, aic: 0, gain: u32::MAX });
        let (base, eased) = (draft.joint.target, draft.joint.effective_target());
        assert!(eased > base && eased <= base + base / 4);
        refused_bytes(&good, Error::WorkAboveTarget, sealed(&draft, false).encode());
        assert_ok!(submit_bytes(vec![sealed(&draft, true).encode()]));
        assert_eq!(LightClient::best().map(|best| best.tip.number), Some(4));
    });
}

#[test]
fn a_work_hash_above_the_target_is_refused() {
    new_test_ext().execute_with(|| {
        let good = branch(3);
        let draft = good.draft(3_000, CROSS, 1);
        refused_bytes(&good, Error::WorkAboveTarget, sealed(&draft, false).encode());
        submit(&good, 1).unwrap();
        assert_ok!(submit_bytes(vec![sealed(&draft, true).encode()]));
    });
}

#[test]
fn an_edited_target_or_work_is_refused_whatever_its_size() {
    new_test_ext().execute_with(|| {
        let good = branch(3);
        refused(&good, Error::WrongTarget, |draft| draft.joint.target = U256::MAX);
        refused(&good, Error::WrongTarget, |draft| draft.joint.target = MAX_TARGET - 1);
        for target in [U256::zero(), U256::one()] {
            // No nonce meets these.
            let mut draft = good.draft(3_000, CROSS, 1);
            draft.joint.target = target;
            let header = seal(draft.header.clone(), draft.items(), MAX_TARGET);
            refused_bytes(&good, Error::WrongTarget, header.encode());
        }
        for work in [U256::zero(), U256::MAX, good.tip().work] {
            refused(&good, Error::WrongCumulativeWork, |draft| draft.joint.work = work);
        }
        refused(&good, Error::WrongCumulativeWork, |draft| draft.joint.work += U256::one());
        refused(&good, Error::WrongCumulativeWork, |draft| draft.joint.work -= U256::one());
    });
}

#[test]
fn the_target_is_checked_to_the_unit() {
    let parameters = PowParameters { initial_target: U256::MAX >> 10, ..easy_parameters() };
    test_ext_with(parameters).execute_with(|| {
        // Faster, so that the next target is a new one.
        let mut good = branch_of(parameters, 2);
        good.extend(1_000, CROSS, 1);
        assert_ne!(good.draft(3_000, CROSS, 1).joint.target, good.tip().target);
        refused(&good, Error::WrongTarget, |draft| draft.joint.target += U256::one());
        refused(&good, Error::WrongTarget, |draft| draft.joint.target -= U256::one());
        grow(&mut good, 1, 1);
        assert_ok!(submit(&good, 1));
    });
}

#[test]
fn the_target_stays_at_its_upper_bound() {
    new_test_ext().execute_with(|| {
        let mut good = branch(2);
        good.extend(18_000, CROSS, 1);
        assert_eq!(good.draft(3_000, CROSS, 1).joint.target, MAX_TARGET);
        refused(&good, Error::WrongTarget, |draft| draft.joint.target += U256::one());
        refused(&good, Error::WrongTarget, |draft| draft.joint.target -= U256::one());
        grow(&mut good, 1, 1);
        assert_ok!(submit(&good, 1));
    });
}

#[test]
fn an_anchor_with_a_target_out_of_bounds_is_refused() {
    bare_test_ext().execute_with(|| {
        let anchor = |initial_target| {
            let parameters = PowParameters { initial_target, ..easy_parameters() };
            LightClient::anchor(RuntimeOrigin::root(), GENESIS, parameters)
        };
        assert_noop!(anchor(MIN_TARGET - 1), Error::<Test>::AnchorInvalid);
        assert_noop!(anchor(MAX_TARGET + 1), Error::<Test>::AnchorInvalid);
        assert_ok!(anchor(MIN_TARGET));
    });
}

#[test]
fn a_solve_time_counts_for_six_block_times_at_most() {
    let parameters = PowParameters { initial_target: U256::MAX >> 12, half_life: 4, ..easy_parameters() };
    test_ext_with(parameters).execute_with(|| {
        let trunk = branch_of(parameters, 2);
        submit(&trunk, 1).unwrap();
        let after = |solve_time| {
            let mut branch = trunk.clone();
            branch.extend(solve_time, CROSS, 1);
            branch
        };
        let target = |branch: &Branch| branch.draft(3_000, CROSS, 1).joint.target;
        let capped = target(&after(18_000));
        assert!(target(&after(17_999)) < capped);
        refused(&after(17_999), Error::WrongTarget, |draft| draft.joint.target = capped);
        for solve_time in [18_001, 1_000_000] {
            let mut branch = after(solve_time);
            assert_eq!(target(&branch), capped);
            grow(&mut branch, 1, 1);
            assert_ok!(submit(&branch, 3));
        }
    });
}

#[test]
fn time_must_be_above_the_parents() {
    new_test_ext().execute_with(|| {
        let good = branch(3);
        refused(&good, Error::TimeNotAboveParent, |draft| draft.joint.time -= 3_000);
        refused(&good, Error::TimeNotAboveParent, |draft| draft.joint.time -= 3_001);
        refused(&good, Error::TimeNotAboveParent, |draft| draft.joint.time = 0);
        submit(&good, 1).unwrap();
        let mut next = good.clone();
        next.extend(1, CROSS, 1);
        assert_ok!(submit(&next, 4));
    });
}

#[test]
fn time_at_the_limit_ahead_of_the_clock_is_taken_and_beyond_it_refused() {
    new_test_ext().execute_with(|| {
        let good = branch(3);
        // Six block times.
        let limit = NOW + 18_000;
        refused(&good, Error::TimeInFuture, |draft| draft.joint.time = u64::MAX);
        refused(&good, Error::TimeInFuture, |draft| draft.joint.time = limit + 1);
        submit(&good, 1).unwrap();
        let mut draft = good.draft(3_000, CROSS, 1);
        draft.joint.time = limit;
        assert_ok!(submit_bytes(vec![draft.mine().encode()]));
        // What came too early can come again.
        draft.joint.time = limit + 1;
        let early = vec![draft.mine().encode()];
        assert_noop!(submit_bytes(early.clone()), Error::<Test>::TimeInFuture);
        set_clock(NOW + 1);
        assert_ok!(submit_bytes(early));
    });
}

#[test]
fn uneven_times_do_not_lower_the_difficulty() {
    let parameters = PowParameters { initial_target: U256::MAX >> 10, ..easy_parameters() };
    test_ext_with(parameters).execute_with(|| {
        let trunk = branch_of(parameters, 2);
        submit(&trunk, 1).unwrap();
        let spaced = |times: &[u64], salt| {
            let mut branch = trunk.clone();
            for time in times {
                branch.extend(*time, CROSS, salt);
            }
            assert_eq!(branch.tip().time, trunk.tip().time + 30_000);
            assert_ok!(submit(&branch, 3));
            (branch.tip().next_target(&parameters), branch.tip().work)
        };
        let (even, even_work) = spaced(&[3_000; 10], 1);
        // In turns: the target depends on the time that has gone by.
        let (in_turns, _) = spaced(&[1, 5_999, 1, 5_999, 1, 5_999, 1, 5_999, 1, 5_999], 2);
        assert!(in_turns <= even && even - in_turns < even >> 20);
        // Standing still and one leap: the leap counts for less than its time, and the blocks before it were dear.
        let (leap, leap_work) = spaced(&[1, 1, 1, 1, 1, 1, 1, 1, 1, 29_991], 3);
        assert!(leap < even && leap_work > even_work);
    });
}

#[test]
fn height_and_work_do_not_overflow() {
    new_test_ext().execute_with(|| {
        let branch = branch(1);
        let keep = |tip: Tip| {
            let header = StoredHeader { tip, parent: GENESIS, cross_root: CROSS, ancestry: CROSS, peak: U256::zero() };
            Headers::<Test>::insert(tip.hash, header);
        };
        let import = |edit: fn(&mut Draft)| {
            let mut draft = branch.draft(3_000, CROSS, 1);
            edit(&mut draft);
            LightClient::import(&[bounded(draft.mine().encode())])
        };
        keep(Tip { number: u32::MAX, ..branch.tip() });
        assert_noop!(import(|draft| draft.header.number = u32::MAX), Error::<Test>::WrongNumber);
        assert_noop!(import(|draft| draft.header.number = 0), Error::<Test>::HeaderMalformed);
        keep(Tip { work: U256::MAX - 1, ..branch.tip() });
        // The easiest block has a work of 16.
        assert_noop!(import(|draft| draft.joint.work = U256::from(14u32)), Error::<Test>::WrongCumulativeWork);
        assert_noop!(import(|draft| draft.joint.work = U256::MAX), Error::<Test>::WrongCumulativeWork);
    });
}

#[test]
fn the_seal_is_exactly_one_nonce_of_this_engine() {
    new_test_ext().execute_with(|| {
        let good = branch(3);
        let items = good.draft(3_000, CROSS, 1).items();
        let with = |last: &[DigestItem]| [&items[..], last].concat();
        refused_digest(&good, Error::SealMalformed, items.clone());
        refused_digest(&good, Error::DigestMalformed, with(&[seal_item([0; 8]), seal_item([0; 8])]));
        refused_digest(&good, Error::SealMalformed, with(&[DigestItem::Seal(*b"aura", vec![0; 8])]));
        for length in [0, 7, 9, 64] {
            refused_digest(&good, Error::SealMalformed, with(&[DigestItem::Seal(POW_ENGINE_ID, vec![0; length])]));
        }
        refused_digest(&good, Error::SealMalformed, vec![]);
    });
}

#[test]
fn the_digest_has_no_further_item_and_the_header_no_further_byte() {
    new_test_ext().execute_with(|| {
        let good = branch(3);
        let draft = good.draft(3_000, CROSS, 1);
        let items = draft.items();
        let [pre, joint] = &items[..] else { panic!("two items") };
        let seal = seal_item([0; 8]);
        let other = DigestItem::Other(vec![1]);
        let foreign = DigestItem::Consensus(*b"aura", vec![]);
        for extra in [pre, joint, &other, &foreign] {
            let items = [pre, joint, extra, &seal].map(Clone::clone).to_vec();
            refused_digest(&good, Error::DigestMalformed, items);
        }
        let after_the_seal = [pre, joint, &seal, &other].map(Clone::clone).to_vec();
        refused_digest(&good, Error::SealMalformed, after_the_seal);
        let bytes = draft.mine().encode();
        refused_bytes(&good, Error::HeaderMalformed, [&bytes[..], &[0]].concat());
        refused_bytes(&good, Error::HeaderMalformed, bytes[..bytes.len() - 1].to_vec());
        refused_bytes(&good, Error::HeaderMalformed, vec![]);
    });
}

#[test]
fn a_block_is_named_by_its_hash_with_the_seal() {
    new_test_ext().execute_with(|| {
        let good = branch(3);
        submit(&good, 1).unwrap();
        let last = JointHeader::from_header(&good.headers()[2]).unwrap();
        assert_ne!(last.hash, last.pre_hash);
        assert_eq!(Best::<Test>::get(), Some(last.hash));
        assert!(!Headers::<Test>::contains_key(last.pre_hash));
        refused(&good, Error::ParentUnknown, |draft| draft.header.parent_hash = last.pre_hash);
    });
}

#[test]
fn what_is_longer_than_a_call_takes_does_not_decode() {
    let decodes = |headers: Vec<Vec<u8>>| Call::<Test>::decode(&mut &(1u8, headers).encode()[..]).is_ok();
    assert!(decodes(vec![vec![0; 1_024]; 16]));
    assert!(!decodes(vec![vec![0; 1_024]; 17]));
    assert!(!decodes(vec![vec![0; 1_025]]));
    let proof_decodes = |header: usize, nodes: u32| {
        let bytes = (1u8, vec![0u8; header], GENESIS, 9u32, vec![Node::default(); nodes as usize]).encode();
        HeaderProof::decode(&mut &bytes[..]).is_ok()
    };
    assert!(proof_decodes(1_024, MAX_PROOF_NODES));
    assert!(!proof_decodes(1_025, MAX_PROOF_NODES));
    assert!(!proof_decodes(1_024, MAX_PROOF_NODES + 1));
}

#[test]
fn a_longer_batch_costs_more_and_the_runtime_api_takes_no_longer_headers() {
    new_test_ext().execute_with(|| {
        let times: Vec<_> = (1..=16).map(|headers| LightClient::import_weight(headers).ref_time()).collect();
        assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
        let long = LightClient::confirmed_after(vec![vec![0; 1_025]]);
        assert_eq!(long, Err(Error::<Test>::HeaderMalformed.into()));
    });
}

#[test]
fn random_and_damaged_headers_are_errors_never_panics() {
    let mut runner = TestRunner::new(ProptestConfig { failure_persistence: None, ..Default::default() });
    new_test_ext().execute_with(|| {
        let trunk = branch(3);
        submit(&trunk, 1).unwrap();
        let next = trunk.draft(3_000, CROSS, 1).mine().encode();
        let damaged = (0..next.len(), 1u8..=255).prop_map(move |(at, change)| {
            let mut bytes = next.clone();
            bytes[at] ^= change;
            bytes
        });
        let bytes = prop_oneof![proptest::collection::vec(any::<u8>(), 0..1_024), damaged];
        runner
            .run(&bytes, |bytes| {
                // At the easiest target one change in sixteen of what no rule fixes has work of its own.
                let has_work = JointHeader::decode(&bytes)
                    .is_ok_and(|header| meets(&header.work_hash(), header.joint.effective_target()));
                prop_assert!(submit_bytes(vec![bytes]).is_err() || has_work);
                Ok(())
            })
            .unwrap();
    });
}

#[test]
fn random_header_proofs_are_errors_never_panics() {
    let mut runner = TestRunner::new(ProptestConfig { failure_persistence: None, ..Default::default() });
    new_test_ext().execute_with(|| {
        let trunk = branch(12);
        submit(&trunk, 1).unwrap();
        let header = trunk.headers()[4].encode();
        let of = trunk.tip_at(9).hash;
        let hash = any::<[u8; 32]>().prop_map(H256);
        let node = (any::<[u8; 32]>(), any::<[u8; 32]>())
            .prop_map(|(hash, work)| Node { hash: H256(hash), work: U256::from_big_endian(&work) });
        let bytes = proptest::collection::vec(any::<u8>(), 0..1_024);
        // As many nodes as the proof of header 5 has, and others.
        let nodes = prop_oneof![
            proptest::collection::vec(node.clone(), 4),
            proptest::collection::vec(node, 0..MAX_PROOF_NODES as usize)
        ];
        let ancestor = (
            prop_oneof![bytes.clone(), Just(header)],
            prop_oneof![hash.clone(), Just(of)],
            prop_oneof![any::<u32>(), Just(9)],
            nodes,
        );
        let ancestor = ancestor.prop_map(|(header, of, blocks, nodes)| {
            let proof = AncestryProof { blocks, nodes: nodes.try_into().expect("bounded") };
            HeaderProof::Ancestor { header: bounded(header), of, proof }
        });
        let kept = hash.prop_map(HeaderProof::Kept);
        let decoded = bytes.prop_map(|bytes| HeaderProof::decode(&mut &bytes[..]).ok());
        let proofs = prop_oneof![ancestor.prop_map(Some), kept.prop_map(Some), decoded];
        runner
            .run(&proofs, |proof| {
                if let Some(proof) = proof {
                    prop_assert!(LightClient::confirmed_cross_root(&proof).is_err());
                }
                Ok(())
            })
            .unwrap();
    });
}
