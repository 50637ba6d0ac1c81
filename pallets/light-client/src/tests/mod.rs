use crate::{mock::*, AtHeight, Best, Canonical, Confirmed, Conflict, ConflictOf, Error, Event, Floor, Headers};
use codec::{Decode, Encode};
use gridpeg_header::{
    forge::{easy_parameters, Branch, Draft},
    PowParameters, H256, U256,
};
use gridpeg_messages::{traits::Counterpart, HeaderProof};
use polkadot_sdk::{
    frame_support::{
        assert_noop, assert_ok,
        dispatch::{DispatchResultWithPostInfo, Pays},
        storage::with_storage_layer,
        traits::Get,
    },
    sp_runtime::{traits::BadOrigin, BoundedVec, DispatchError},
};

mod ancestry;
mod confirm;
mod forks;
mod headers;
mod model;
mod reorganisations;

const CROSS: H256 = H256([9; 32]);
/// k of the easiest parameters.
const K: u32 = 3;

fn branch(length: u32) -> Branch {
    branch_of(easy_parameters(), length)
}

fn branch_of(parameters: PowParameters, length: u32) -> Branch {
    let mut branch = Branch::new(GENESIS, parameters);
    grow(&mut branch, length, 1);
    branch
}

/// Adds blocks a block time apart.
fn grow(branch: &mut Branch, blocks: u32, salt: u8) {
    for _ in 0..blocks {
        branch.extend(3_000, CROSS, salt);
    }
}

/// A branch that leaves another at a height.
fn leave(branch: &Branch, at: u32, blocks: u32, salt: u8) -> Branch {
    let mut fork = branch.fork_at(at);
    grow(&mut fork, blocks, salt);
    fork
}

fn bounded<Bound: Get<u32>>(bytes: Vec<u8>) -> BoundedVec<u8, Bound> {
    bytes.try_into().expect("fits")
}

/// Submits as a dispatched call, all or nothing, and checks what holds after every call.
fn submit_bytes(headers: Vec<Vec<u8>>) -> DispatchResultWithPostInfo {
    let most = LightClient::import_weight(headers.len() as u32);
    let headers: Vec<_> = headers.into_iter().map(bounded).collect();
    let headers = headers.try_into().expect("fits a batch");
    let result = with_storage_layer(|| LightClient::submit_headers(RuntimeOrigin::signed(1), headers));
    LightClient::check_invariants().unwrap();
    if let Ok(info) = &result {
        assert!(info.actual_weight.unwrap().all_lte(most), "dearer than announced");
    }
    result
}

/// Submits a branch's headers from a height on, in batches.
fn submit(branch: &Branch, from: u32) -> DispatchResultWithPostInfo {
    let mut last = Ok(().into());
    for batch in branch.encoded_from(from).chunks(16) {
        last = Ok(submit_bytes(batch.to_vec())?);
    }
    last
}

fn cross_root(hash: H256) -> Result<H256, DispatchError> {
    LightClient::confirmed_cross_root(&HeaderProof::Kept(hash))
}

/// Height and hash of a branch's block, as [`Confirmed`] has it.
fn named(branch: &Branch, number: u32) -> (u32, H256) {
    (number, branch.tip_at(number).hash)
}

#[test]
fn nothing_works_before_the_anchor_and_the_anchor_is_set_once_by_its_origin() {
    bare_test_ext().execute_with(|| {
        assert_noop!(submit(&branch(1), 1), Error::<Test>::NotAnchored);
        assert_noop!(cross_root(GENESIS), Error::<Test>::NotAnchored);
        assert_eq!(LightClient::genesis(), None);
        assert_eq!(LightClient::confirmed_after(vec![]), Ok(None));
        let parameters = easy_parameters();
        assert_noop!(LightClient::anchor(RuntimeOrigin::signed(1), GENESIS, parameters), BadOrigin);
        let refused = |genesis, parameters| {
            assert_noop!(LightClient::anchor(RuntimeOrigin::root(), genesis, parameters), Error::<Test>::AnchorInvalid);
        };
        refused(H256::zero(), parameters);
        refused(GENESIS, PowParameters { initial_target: U256::MAX, ..parameters });
        // A header could leave the window before it is confirmed.
        refused(GENESIS, PowParameters { confirmations: 6, ..parameters });
        assert_ok!(LightClient::anchor(RuntimeOrigin::root(), GENESIS, parameters));
        assert_noop!(LightClient::anchor(RuntimeOrigin::root(), GENESIS, parameters), Error::<Test>::AlreadyAnchored);
        assert_eq!(LightClient::genesis(), Some(GENESIS));
        LightClient::check_invariants().unwrap();
    });
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
        assert_noop!(submit(&branch, 1), Error::<Test>::NothingNew);
        assert_noop!(submit_bytes(vec![]), Error::<Test>::NothingNew);
        // Known headers in front of new ones are skipped.
        let mut longer = branch.clone();
        longer.extend(3_000, CROSS, 1);
        assert_eq!(submit(&longer, 3).unwrap().pays_fee, Pays::No);
    });
}

#[test]
fn parents_come_first_and_repeated_headers_are_skipped() {
    new_test_ext().execute_with(|| {
        let headers = branch(4).encoded_from(1);
        let [first, second, third, fourth] = &headers[..] else { panic!("four headers") };
        let batch = |headers: &[&Vec<u8>]| headers.iter().map(|bytes| bytes.to_vec()).collect::<Vec<_>>();
        // A parent that is unknown; a gap; the newest first.
        assert_noop!(submit_bytes(batch(&[second])), Error::<Test>::ParentUnknown);
        assert_noop!(submit_bytes(batch(&[first, third])), Error::<Test>::ParentUnknown);
        assert_noop!(submit_bytes(batch(&[second, first])), Error::<Test>::ParentUnknown);
        // Twice in a batch, and again in the next one.
        assert_ok!(submit_bytes(batch(&[first, first, second, first])));
        assert_eq!(Headers::<Test>::iter_keys().count(), 3);
        assert_ok!(submit_bytes(batch(&[second, third, fourth])));
        assert_noop!(submit_bytes(batch(&[fourth, first])), Error::<Test>::NothingNew);
    });
}

#[test]
fn known_is_what_ends_in_a_kept_header() {
    new_test_ext().execute_with(|| {
        let mut branch = branch(2);
        submit(&branch, 1).unwrap();
        branch.extend(3_000, CROSS, 1);
        let headers: Vec<_> = branch.encoded_from(1).into_iter().map(bounded).collect();
        assert!(LightClient::knows(&[]));
        assert!(LightClient::knows(&headers[..2]));
        assert!(!LightClient::knows(&headers));
        assert!(!LightClient::knows(&[bounded(vec![1, 2, 3])]));
    });
}

#[test]
fn an_import_that_fails_leaves_nothing_even_if_its_caller_goes_on() {
    new_test_ext().execute_with(|| {
        let headers = [branch(3).encoded_from(1), vec![vec![1]]].concat();
        let headers: Vec<_> = headers.into_iter().map(bounded).collect();
        assert_noop!(LightClient::import(&headers), Error::<Test>::HeaderMalformed);
        let lone = [headers[0].clone(), headers[2].clone()];
        assert_noop!(LightClient::import(&lone), Error::<Test>::ParentUnknown);
        assert_eq!(LightClient::import(&headers[..3]).map(|(added, _)| added), Ok(3));
        assert_eq!(LightClient::import(&headers[..3]).map(|(added, _)| added), Ok(0));
    });
}

#[test]
fn another_chains_headers_and_this_chains_own_are_refused() {
    new_test_ext().execute_with(|| {
        let foreign = |genesis| {
            let mut branch = Branch::new(genesis, easy_parameters());
            grow(&mut branch, 2, 1);
            branch
        };
        let own = System::block_hash(0);
        assert_ne!(own, H256::zero());
        for genesis in [own, H256([5; 32]), H256::zero()] {
            assert_noop!(submit(&foreign(genesis), 1), Error::<Test>::ParentUnknown);
        }
    });
    bare_test_ext().execute_with(|| {
        let own = System::block_hash(0);
        assert_noop!(LightClient::anchor(RuntimeOrigin::root(), own, easy_parameters()), Error::<Test>::AnchorInvalid);
    });
}

#[test]
fn nothing_below_the_anchor_is_taken() {
    new_test_ext().execute_with(|| {
        let branch = branch(1);
        let mut genesis = branch.headers()[0].clone();
        genesis.number = 0;
        assert_noop!(submit_bytes(vec![genesis.encode()]), Error::<Test>::HeaderMalformed);
        // Beside the anchor: it has the parent that genesis has.
        let mut draft = branch.draft(3_000, CROSS, 1);
        (draft.header.number, draft.header.parent_hash) = (1, H256::zero());
        assert_noop!(submit_bytes(vec![draft.mine().encode()]), Error::<Test>::ParentUnknown);
    });
}
