//! Reorganisations around the confirmed header: what they undo, what is a conflict, and how a conflict ends.

use super::*;

/// A light client that has seen ten blocks, and they. Block 10 − k is confirmed.
fn trunk_of_ten() -> Branch {
    let trunk = branch(10);
    submit(&trunk, 1).unwrap();
    assert_eq!(Confirmed::<Test>::get(), Some(named(&trunk, 10 - K)));
    trunk
}

/// The same after a reorganisation of k + 1 blocks, and the branch that did it.
fn conflict() -> (Branch, Branch) {
    let trunk = trunk_of_ten();
    let other = leave(&trunk, 9 - K, K + 2, 2);
    submit(&other, 10 - K).unwrap();
    assert!(LightClient::conflict());
    (trunk, other)
}

#[test]
fn a_header_that_is_reorganised_away_before_it_is_confirmed_is_no_conflict() {
    for depth in [1, K - 1, K] {
        new_test_ext().execute_with(|| {
            // As many headers as are undone: the lowest is proven against.
            let trunk = branch(5 + depth);
            submit(&trunk, 1).unwrap();
            let header = trunk.tip_at(6).hash;
            assert_noop!(cross_root(header), Error::<Test>::NotConfirmed);
            let other = leave(&trunk, 5, depth + 1, 2);
            submit(&other, 6).unwrap();
            System::assert_has_event(Event::<Test>::Reorganised { common: 5, depth }.into());
            assert_noop!(cross_root(header), Error::<Test>::NotOnHeaviestBranch);
            assert!(!LightClient::conflict());
        });
    }
}

#[test]
fn a_confirmed_header_survives_reorganisations_of_up_to_k_blocks() {
    for depth in [1, K - 1, K] {
        new_test_ext().execute_with(|| {
            let trunk = trunk_of_ten();
            let confirmed = trunk.tip_at(10 - K).hash;
            assert_eq!(cross_root(confirmed), Ok(CROSS));
            let other = leave(&trunk, 10 - depth, depth + 1, 2);
            submit(&other, 11 - depth).unwrap();
            System::assert_has_event(Event::<Test>::Reorganised { common: 10 - depth, depth }.into());
            assert_eq!(cross_root(confirmed), Ok(CROSS));
            assert!(!LightClient::conflict());
            // One block more than before.
            assert_eq!(Confirmed::<Test>::get(), Some(named(&other, 11 - K)));
        });
    }
}

#[test]
fn a_reorganisation_of_more_than_k_blocks_is_a_conflict() {
    for depth in [K + 1, K + 2] {
        new_test_ext().execute_with(|| {
            let trunk = trunk_of_ten();
            let confirmed = named(&trunk, 10 - K);
            let other = leave(&trunk, 10 - depth, depth + 1, 2);
            submit(&other, 11 - depth).unwrap();
            assert_noop!(cross_root(confirmed.1), Error::<Test>::NotOnHeaviestBranch);
            let common = 10 - depth;
            assert!(LightClient::conflict());
            assert_eq!(ConflictOf::<Test>::get(), Some(Conflict { confirmed, common, depth }));
            let event = Event::<Test>::ConflictDetected { confirmed_number: 10 - K, common, depth };
            System::assert_has_event(event.into());
        });
    }
}

#[test]
fn in_a_conflict_headers_and_proofs_are_taken_and_the_confirmed_header_stays() {
    new_test_ext().execute_with(|| {
        let (trunk, mut other) = conflict();
        let recorded = ConflictOf::<Test>::get();
        grow(&mut other, 2, 2);
        assert_ok!(submit(&other, 12));
        // A third branch changes nothing of what was detected.
        let third = leave(&other, 5, 9, 3);
        assert_ok!(submit(&third, 6));
        assert_eq!(Best::<Test>::get(), Some(third.tip().hash));
        assert_eq!(ConflictOf::<Test>::get(), recorded);
        assert_eq!(Confirmed::<Test>::get(), Some(named(&trunk, 10 - K)));
        assert_eq!(cross_root(third.tip_at(11).hash), Ok(CROSS));
        assert_eq!(LightClient::confirmed().map(|header| header.tip), Some(third.tip_at(11)));
    });
}

#[test]
fn a_conflict_is_over_when_the_confirmed_header_is_on_the_heaviest_branch_again() {
    new_test_ext().execute_with(|| {
        let (mut trunk, _) = conflict();
        let confirmed = trunk.tip_at(10 - K).hash;
        grow(&mut trunk, 2, 1);
        submit(&trunk, 11).unwrap();
        assert!(!LightClient::conflict());
        System::assert_has_event(Event::<Test>::ConflictOver.into());
        assert_eq!(cross_root(confirmed), Ok(CROSS));
        assert_eq!(Confirmed::<Test>::get(), Some(named(&trunk, 12 - K)));
    });
}

#[test]
fn a_resolved_conflict_starts_confirmation_anew_on_the_present_branch() {
    new_test_ext().execute_with(|| {
        let (mut trunk, other) = conflict();
        LightClient::resolve_conflict();
        LightClient::check_invariants().unwrap();
        assert!(!LightClient::conflict());
        System::assert_last_event(Event::<Test>::ConflictOver.into());
        let confirmed = named(&other, 11 - K);
        assert_eq!(Confirmed::<Test>::get(), Some(confirmed));
        // The first branch is the other one now.
        grow(&mut trunk, 2, 1);
        submit(&trunk, 11).unwrap();
        let expected = Conflict { confirmed, common: 9 - K, depth: K + 2 };
        assert_eq!(ConflictOf::<Test>::get(), Some(expected));
    });
}

#[test]
fn without_a_conflict_there_is_nothing_to_resolve() {
    new_test_ext().execute_with(|| {
        trunk_of_ten();
        let before = (Confirmed::<Test>::get(), System::events().len());
        LightClient::resolve_conflict();
        assert_eq!((Confirmed::<Test>::get(), System::events().len()), before);
    });
}

#[test]
fn a_branch_that_left_below_the_floor_is_a_conflict() {
    new_test_ext().execute_with(|| {
        let trunk = branch(30);
        let mut other = leave(&trunk, 3, 9, 2);
        submit(&trunk.fork_at(12), 1).unwrap();
        submit(&other, 4).unwrap();
        submit(&trunk, 13).unwrap();
        assert_eq!(Floor::<Test>::get(), 10);
        grow(&mut other, 19, 2);
        submit(&other, 13).unwrap();
        assert_eq!(Best::<Test>::get(), Some(other.tip().hash));
        let expected = Conflict { confirmed: named(&trunk, 30 - K), common: 9, depth: 21 };
        assert_eq!(ConflictOf::<Test>::get(), Some(expected));
    });
}

#[test]
fn a_confirmed_header_below_the_floor_conflicts_only_with_a_branch_from_below_the_floor() {
    let parameters = PowParameters { initial_target: U256::MAX >> 10, half_life: 1, ..easy_parameters() };
    test_ext_with(parameters).execute_with(|| {
        // Dear blocks, then so cheap ones that nothing more is confirmed.
        let mut trunk = branch_of(parameters, 5);
        trunk.extend(18_000, CROSS, 1);
        trunk.extend(18_000, CROSS, 1);
        grow(&mut trunk, 23, 1);
        let mut deep = leave(&trunk, 8, 4, 2);
        submit(&trunk.fork_at(12), 1).unwrap();
        submit(&deep, 9).unwrap();
        submit(&trunk, 13).unwrap();
        let confirmed = named(&trunk, 3);
        assert_eq!(Confirmed::<Test>::get(), Some(confirmed));
        assert_eq!(Floor::<Test>::get(), 10);
        // Above the floor: whatever it left had that header too.
        submit(&leave(&trunk, 29, 2, 3), 30).unwrap();
        assert!(!LightClient::conflict());
        assert_eq!(Floor::<Test>::get(), 11);
        // Below the floor: it may have left below that header.
        grow(&mut deep, 20, 2);
        submit(&deep, 13).unwrap();
        assert_eq!(ConflictOf::<Test>::get(), Some(Conflict { confirmed, common: 10, depth: 21 }));
        // A header that is not kept cannot come back; only a proof ends it.
        submit(&leave(&deep, 31, 2, 4), 32).unwrap();
        assert!(LightClient::conflict());
        LightClient::resolve_conflict();
        LightClient::check_invariants().unwrap();
        assert!(!LightClient::conflict());
        assert_eq!(Confirmed::<Test>::get(), None);
    });
}
