use crate::{mock::*, AtHeight, Best, Canonical, Error, Event, Floor, Headers};
use codec::Encode;
use gridpeg_header::{
    digest::{Analysis, Claim},
    forge::{easy_parameters, Branch},
    H256, U256,
};
use gridpeg_messages::traits::Counterpart;
use polkadot_sdk::{
    frame_support::{
        assert_noop, assert_ok,
        dispatch::{DispatchResultWithPostInfo, Pays},
        storage::with_storage_layer,
    },
    sp_runtime::{traits::BadOrigin, BoundedVec, DispatchError},
};

mod forks;
mod model;

const CROSS: H256 = H256([9; 32]);

fn branch(length: u32) -> Branch {
    let mut branch = Branch::new(GENESIS, easy_parameters());
    for _ in 0..length {
        branch.extend(3_000, CROSS, 1);
    }
    branch
}

fn submit_bytes(headers: Vec<Vec<u8>>) -> DispatchResultWithPostInfo {
    let headers: Vec<_> = headers.into_iter().map(|bytes| BoundedVec::try_from(bytes).unwrap()).collect();
    let headers = headers.try_into().expect("fits a batch");
    // As a dispatched call: all or nothing.
    with_storage_layer(|| LightClient::submit_headers(RuntimeOrigin::signed(1), headers))
}

/// Submits a branch's headers from a height on, in batches.
fn submit(branch: &Branch, from: u32) -> DispatchResultWithPostInfo {
    let mut last = Ok(().into());
    for batch in branch.encoded_from(from).chunks(16) {
        last = Ok(submit_bytes(batch.to_vec())?);
    }
    last
}

/// What must hold after every call.
fn check_invariants() {
    let best = LightClient::best().expect("anchored");
    let floor = Floor::<Test>::get();
    // 1. The heaviest branch is whole, from the tip to the lowest height kept.
    let mut at = best;
    loop {
        assert_eq!(Canonical::<Test>::get(at.tip.number), Some(at.tip.hash));
        if at.tip.number == floor {
            break;
        }
        at = Headers::<Test>::get(at.parent).expect("parent is kept");
    }
    // 2. Nothing is canonical above it.
    assert!(Canonical::<Test>::iter_keys().all(|number| number >= floor && number <= best.tip.number));
    // 3. No header is heavier.
    assert!(Headers::<Test>::iter_values().all(|header| header.tip.work <= best.tip.work));
    // 4. Headers and heights name each other, and both are bounded.
    let listed: usize = AtHeight::<Test>::iter_values().map(|hashes| hashes.len()).sum();
    assert_eq!(listed, Headers::<Test>::iter_keys().count());
    assert!(AtHeight::<Test>::iter_keys().all(|number| number >= floor));
    // One call prunes as many heights as a batch has headers; a heavier branch can jump further.
    assert!(best.tip.number - floor <= 40);
}

#[test]
fn headers_are_taken_and_cost_nothing_when_new() {
    new_test_ext().execute_with(|| {
        let branch = branch(5);
        let info = submit(&branch, 1).unwrap();
        assert_eq!(info.pays_fee, Pays::No);
        assert_eq!(Best::<Test>::get(), Some(branch.tip().hash));
        System::assert_last_event(
            Event::<Test>::HeadersImported { best: branch.tip().hash, number: 5, added: 5 }.into(),
        );
        check_invariants();
        assert_noop!(submit(&branch, 1), Error::<Test>::NothingNew);
        assert_noop!(submit_bytes(vec![]), Error::<Test>::NothingNew);
        // Known headers in front of new ones are skipped.
        let mut longer = branch.clone();
        longer.extend(3_000, CROSS, 1);
        assert_eq!(submit(&longer, 3).unwrap().pays_fee, Pays::No);
        check_invariants();
    });
}

#[test]
fn nothing_works_before_the_anchor_and_the_anchor_is_set_once_by_its_origin() {
    bare_test_ext().execute_with(|| {
        assert_noop!(submit(&branch(1), 1), Error::<Test>::NotAnchored);
        assert_noop!(LightClient::confirmed_cross_root(&GENESIS), Error::<Test>::NotAnchored);
        let parameters = easy_parameters();
        assert_noop!(LightClient::anchor(RuntimeOrigin::signed(1), GENESIS, parameters), BadOrigin);
        assert_noop!(
            LightClient::anchor(RuntimeOrigin::root(), H256::zero(), parameters),
            Error::<Test>::AnchorInvalid
        );
        let bad = gridpeg_header::PowParameters { initial_target: U256::MAX, ..parameters };
        assert_noop!(LightClient::anchor(RuntimeOrigin::root(), GENESIS, bad), Error::<Test>::AnchorInvalid);
        let slow = gridpeg_header::PowParameters { confirmations: 6, ..parameters };
        assert_noop!(LightClient::anchor(RuntimeOrigin::root(), GENESIS, slow), Error::<Test>::AnchorInvalid);
        let own = System::block_hash(0);
        assert_noop!(LightClient::anchor(RuntimeOrigin::root(), own, parameters), Error::<Test>::AnchorInvalid);
        assert_ok!(LightClient::anchor(RuntimeOrigin::root(), GENESIS, parameters));
        assert_noop!(LightClient::anchor(RuntimeOrigin::root(), GENESIS, parameters), Error::<Test>::AlreadyAnchored);
    });
}

#[test]
fn a_bad_header_is_refused_by_name_and_nothing_of_its_batch_is_kept() {
    new_test_ext().execute_with(|| {
        let good = branch(3);
        let mut drafts: Vec<(Error<Test>, Vec<u8>)> = Vec::new();
        let mut bad = |error, edit: fn(&mut gridpeg_header::forge::Draft)| {
            let mut draft = good.draft(3_000, CROSS, 1);
            edit(&mut draft);
            drafts.push((error, draft.mine().encode()));
        };
        bad(Error::ParentUnknown, |draft| draft.header.parent_hash = H256([7; 32]));
        bad(Error::WrongNumber, |draft| draft.header.number = 9);
        bad(Error::WrongTarget, |draft| draft.joint.target -= U256::one());
        bad(Error::WrongCumulativeWork, |draft| draft.joint.work += U256::one());
        bad(Error::TimeNotAboveParent, |draft| draft.joint.time -= 3_000);
        bad(Error::TimeInFuture, |draft| draft.joint.time = 2_000_000_000 + 18_001);
        bad(Error::DigestMalformed, |draft| draft.joint.subtrees = Default::default());
        bad(Error::AnalysisUnexpected, |draft| {
            draft.pre.claim = Some(Claim { family: 0, rotation: 0, parameters: [0, 0] });
            draft.joint.analysis = Some(Analysis { observations: 30, aic: 0, gain: u32::MAX });
        });
        drafts.push((Error::HeaderMalformed, vec![1, 2, 3]));
        drafts.push((Error::HeaderMalformed, vec![]));
        let mut sealed = good.draft(3_000, CROSS, 1).mine();
        sealed.digest.pop();
        drafts.push((Error::SealMalformed, sealed.encode()));
        // The header of a target that it does not meet: the first nonce that misses it.
        let missed = (0u64..).find_map(|nonce| {
            let mut header = sealed.clone();
            header.digest.push(gridpeg_header::digest::seal_item(nonce.to_le_bytes()));
            let decoded = gridpeg_header::JointHeader::from_header(&header).unwrap();
            let met = gridpeg_header::work::meets(&decoded.work_hash(), decoded.joint.target);
            (!met).then(|| header.encode())
        });
        drafts.push((Error::WorkAboveTarget, missed.unwrap()));

        for (error, bytes) in drafts {
            let batch = [good.encoded_from(1), vec![bytes]].concat();
            assert_noop!(submit_bytes(batch), error);
        }
        assert_eq!(Best::<Test>::get(), Some(GENESIS));
        assert_ok!(submit(&good, 1));
    });
}

#[test]
fn a_header_is_confirmed_by_work_above_it() {
    new_test_ext().execute_with(|| {
        let mut branch = branch(3);
        submit(&branch, 1).unwrap();
        let first = branch.tip_at(1).hash;
        assert_noop!(LightClient::confirmed_cross_root(&first), Error::<Test>::NotConfirmed);
        assert!(LightClient::confirmed().is_none());
        branch.extend(3_000, CROSS, 1);
        submit(&branch, 4).unwrap();
        // Three blocks of the same target above it: k = 3.
        assert_eq!(LightClient::confirmed_cross_root(&first), Ok(CROSS));
        assert_eq!(LightClient::confirmed().map(|header| header.tip.number), Some(1));
        assert_noop!(LightClient::confirmed_cross_root(&GENESIS), Error::<Test>::NotConfirmed);
        assert_noop!(LightClient::confirmed_cross_root(&H256([8; 32])), Error::<Test>::HeaderUnknown);
    });
}

#[test]
fn cheap_blocks_do_not_confirm() {
    let parameters =
        gridpeg_header::PowParameters { initial_target: U256::MAX >> 10, half_life: 1, ..easy_parameters() };
    bare_test_ext().execute_with(|| {
        LightClient::anchor(RuntimeOrigin::root(), GENESIS, parameters).unwrap();
        let mut branch = Branch::new(GENESIS, parameters);
        branch.extend(3_000, CROSS, 1);
        branch.extend(3_000, CROSS, 1);
        // Each block 6 T late is 2⁵ times cheaper than the one before.
        for _ in 0..4 {
            branch.extend(18_000, CROSS, 1);
        }
        submit(&branch, 1).unwrap();
        let result = LightClient::confirmed_cross_root(&branch.tip_at(1).hash);
        assert_eq!(result, Err(DispatchError::from(Error::<Test>::NotConfirmed)));
    });
}
