//! What is confirmed, and while the light client is too old to say so.

use super::*;

#[test]
fn a_header_is_confirmed_by_work_above_it() {
    new_test_ext().execute_with(|| {
        let mut branch = branch(K);
        submit(&branch, 1).unwrap();
        let first = branch.tip_at(1).hash;
        assert_noop!(cross_root(first), Error::<Test>::NotConfirmed);
        assert!(LightClient::confirmed().is_none());
        assert_eq!(Confirmed::<Test>::get(), None);
        grow(&mut branch, 1, 1);
        submit(&branch, K + 1).unwrap();
        // Three blocks of the same target above it: k = 3.
        assert_eq!(cross_root(first), Ok(CROSS));
        assert_eq!(LightClient::confirmed().map(|header| header.tip.number), Some(1));
        assert_eq!(Confirmed::<Test>::get(), Some(named(&branch, 1)));
        assert_noop!(cross_root(branch.tip_at(2).hash), Error::<Test>::NotConfirmed);
        assert_noop!(cross_root(GENESIS), Error::<Test>::NotConfirmed);
        assert_noop!(cross_root(H256([8; 32])), Error::<Test>::HeaderUnknown);
    });
}

#[test]
fn the_highest_confirmed_header_is_found_at_every_length() {
    new_test_ext().execute_with(|| {
        let branch = branch(60);
        for (number, header) in (1u32..).zip(branch.encoded_from(1)) {
            submit_bytes(vec![header]).unwrap();
            let expected = number.checked_sub(K).filter(|number| *number > 0);
            assert_eq!(LightClient::confirmed().map(|header| header.tip.number), expected);
            assert_eq!(Confirmed::<Test>::get(), expected.map(|number| named(&branch, number)));
        }
    });
}

#[test]
fn cheap_blocks_do_not_confirm() {
    let parameters = PowParameters { initial_target: U256::MAX >> 10, half_life: 1, ..easy_parameters() };
    test_ext_with(parameters).execute_with(|| {
        let mut branch = branch_of(parameters, 2);
        // Each block 6 T late is 2⁵ times cheaper than the one before.
        for _ in 0..4 {
            branch.extend(18_000, CROSS, 1);
        }
        submit(&branch, 1).unwrap();
        assert_noop!(cross_root(branch.tip_at(1).hash), Error::<Test>::NotConfirmed);
    });
}

#[test]
fn a_rising_difficulty_unconfirms_for_a_while_and_what_is_recorded_stays() {
    let parameters = PowParameters { initial_target: U256::MAX >> 6, half_life: 1, ..easy_parameters() };
    test_ext_with(parameters).execute_with(|| {
        let mut branch = branch_of(parameters, 6);
        submit(&branch, 1).unwrap();
        let recorded = named(&branch, 3);
        assert_eq!(Confirmed::<Test>::get(), Some(recorded));
        // The block after each of these is twice as dear.
        for _ in 0..4 {
            branch.extend(1, CROSS, 1);
        }
        submit(&branch, 7).unwrap();
        assert_noop!(cross_root(recorded.1), Error::<Test>::NotConfirmed);
        assert_eq!(Confirmed::<Test>::get(), Some(recorded));
        assert!(!LightClient::conflict());
        grow(&mut branch, 4, 1);
        submit(&branch, 11).unwrap();
        assert_eq!(cross_root(recorded.1), Ok(CROSS));
        assert!(Confirmed::<Test>::get() > Some(recorded));
    });
}

#[test]
fn nothing_is_proven_while_the_heaviest_header_is_too_old() {
    new_test_ext().execute_with(|| {
        let mut branch = branch(6);
        submit(&branch, 1).unwrap();
        let first = branch.tip_at(1).hash;
        let limit = branch.tip().time + MAX_TIP_AGE;
        set_clock(limit);
        assert_eq!(cross_root(first), Ok(CROSS));
        set_clock(limit + 1);
        assert_noop!(cross_root(first), Error::<Test>::TipTooOld);
        let ancestor = ancestry::ancestor(&branch, 1, 3);
        assert_noop!(LightClient::confirmed_cross_root(&ancestor), Error::<Test>::TipTooOld);
        // Headers are taken all the same, and a recent one ends it.
        grow(&mut branch, 1, 1);
        assert_ok!(submit(&branch, 7));
        assert_eq!(cross_root(first), Ok(CROSS));
        assert_ok!(LightClient::confirmed_cross_root(&ancestor));
    });
}

#[test]
fn the_runtime_api_tells_what_submitting_would_confirm() {
    new_test_ext().execute_with(|| {
        let branch = branch(40);
        assert_eq!(LightClient::confirmed_after(vec![]), Ok(None));
        assert_eq!(LightClient::confirmed_after(branch.encoded_from(2)), Err(Error::<Test>::ParentUnknown.into()));
        assert_eq!(LightClient::confirmed_after(branch.fork_at(5).encoded_from(1)), Ok(Some(branch.tip_at(2))));
        // More than a call takes.
        assert_eq!(LightClient::confirmed_after(branch.encoded_from(1)), Ok(Some(branch.tip_at(37))));
        LightClient::check_invariants().unwrap();
    });
}
