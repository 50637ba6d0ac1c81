//! Forks, reorganisations, pruning.

use super::*;

#[test]
fn the_heavier_branch_wins_and_equal_work_does_not_flip() {
    new_test_ext().execute_with(|| {
        let trunk = branch(4);
        submit(&trunk, 1).unwrap();
        let mut fork = trunk.fork_at(2);
        fork.extend(3_000, CROSS, 2);
        fork.extend(3_000, CROSS, 2);
        assert_eq!(fork.tip().work, trunk.tip().work);
        submit(&fork, 3).unwrap();
        assert_eq!(Best::<Test>::get(), Some(trunk.tip().hash), "first seen stays");
        check_invariants();
        fork.extend(3_000, CROSS, 2);
        submit(&fork, 5).unwrap();
        assert_eq!(Best::<Test>::get(), Some(fork.tip().hash));
        System::assert_has_event(Event::<Test>::Reorganised { common: 2, depth: 2 }.into());
        check_invariants();
        assert_noop!(LightClient::confirmed_cross_root(&trunk.tip().hash), Error::<Test>::NotOnHeaviestBranch);
    });
}

#[test]
fn a_longer_but_lighter_branch_loses_and_a_shorter_but_heavier_one_wins() {
    let parameters =
        gridpeg_header::PowParameters { initial_target: U256::MAX >> 10, half_life: 2, ..easy_parameters() };
    bare_test_ext().execute_with(|| {
        LightClient::anchor(RuntimeOrigin::root(), GENESIS, parameters).unwrap();
        let mut trunk = Branch::new(GENESIS, parameters);
        for _ in 0..3 {
            trunk.extend(3_000, CROSS, 1);
        }
        // Slow blocks get ever easier: more of them, less work.
        let mut slow = trunk.clone();
        for _ in 0..6 {
            slow.extend(18_000, CROSS, 1);
        }
        // Fast blocks get ever harder.
        let mut fast = trunk.fork_at(3);
        for _ in 0..3 {
            fast.extend(1, CROSS, 2);
        }
        assert!(slow.tip().number > fast.tip().number && slow.tip().work < fast.tip().work);
        submit(&slow, 1).unwrap();
        submit(&fast, 4).unwrap();
        assert_eq!(Best::<Test>::get(), Some(fast.tip().hash));
        check_invariants();
        // The lighter branch grows on and still loses.
        slow.extend(18_000, CROSS, 1);
        submit(&slow, 10).unwrap();
        assert_eq!(Best::<Test>::get(), Some(fast.tip().hash));
        check_invariants();
    });
}

#[test]
fn headers_below_the_window_are_dropped_and_forks_from_there_are_refused() {
    new_test_ext().execute_with(|| {
        let trunk = branch(40);
        submit(&trunk, 1).unwrap();
        assert_eq!(Floor::<Test>::get(), 20);
        assert!(Headers::<Test>::get(trunk.tip_at(19).hash).is_none());
        assert!(Headers::<Test>::get(trunk.tip_at(20).hash).is_some());
        check_invariants();
        let mut fork = trunk.fork_at(10);
        fork.extend(3_000, CROSS, 2);
        assert_noop!(submit(&fork, 11), Error::<Test>::ParentUnknown);
    });
}

#[test]
fn a_full_height_keeps_its_heaviest_headers() {
    new_test_ext().execute_with(|| {
        let trunk = branch(4);
        submit(&trunk, 1).unwrap();
        for salt in 2..4 {
            let mut fork = trunk.fork_at(3);
            fork.extend(3_000, CROSS, salt);
            submit(&fork, 4).unwrap();
        }
        let mut another = trunk.fork_at(3);
        another.extend(3_000, CROSS, 9);
        assert_noop!(submit(&another, 4), Error::<Test>::ForkTooLight);
        // One with more work, because its parents were faster, takes the place of a lighter one.
        let mut heavier = trunk.fork_at(2);
        heavier.extend(1, CROSS, 8);
        heavier.extend(1, CROSS, 8);
        assert!(heavier.tip().work > trunk.tip().work);
        submit(&heavier, 3).unwrap();
        assert_eq!(Best::<Test>::get(), Some(heavier.tip().hash));
        check_invariants();
    });
}

#[test]
fn siblings_at_a_full_height_do_not_lock_the_heavier_branch_out() {
    new_test_ext().execute_with(|| {
        let trunk = branch(4);
        submit(&trunk, 1).unwrap();
        // All that a height keeps, before the honest header comes.
        for salt in 2..5 {
            let mut sibling = trunk.clone();
            sibling.extend(3_000, CROSS, salt);
            submit(&sibling, 5).unwrap();
        }
        let mut honest = trunk.clone();
        honest.extend(3_000, CROSS, 9);
        assert_noop!(submit(&honest, 5), Error::<Test>::ForkTooLight);
        honest.extend(3_000, CROSS, 9);
        assert_ok!(submit(&honest, 5));
        assert_eq!(Best::<Test>::get(), Some(honest.tip().hash));
        check_invariants();
    });
}

#[test]
fn several_full_heights_are_made_room_at_by_one_batch() {
    new_test_ext().execute_with(|| {
        let trunk = branch(4);
        submit(&trunk, 1).unwrap();
        for salt in 2..5 {
            let mut fork = trunk.clone();
            for _ in 0..3 {
                fork.extend(3_000, CROSS, salt);
            }
            submit(&fork, 5).unwrap();
        }
        let mut honest = trunk.clone();
        for _ in 0..4 {
            honest.extend(3_000, CROSS, 9);
        }
        assert_ok!(submit(&honest, 5));
        assert_eq!(Best::<Test>::get(), Some(honest.tip().hash));
        check_invariants();
    });
}

#[test]
fn a_light_branch_cannot_run_far_ahead_of_the_heaviest() {
    let parameters =
        gridpeg_header::PowParameters { initial_target: U256::MAX >> 12, half_life: 2, ..easy_parameters() };
    bare_test_ext().execute_with(|| {
        LightClient::anchor(RuntimeOrigin::root(), GENESIS, parameters).unwrap();
        let mut heavy = Branch::new(GENESIS, parameters);
        for _ in 0..4 {
            heavy.extend(1_000, CROSS, 1);
        }
        submit(&heavy, 1).unwrap();
        let mut light = heavy.fork_at(2);
        for _ in 0..30 {
            light.extend(18_000, CROSS, 2);
        }
        assert!(light.tip().work < heavy.tip().work);
        let within = light.encoded_from(3);
        assert_ok!(submit_bytes(within[..16].to_vec()));
        // Heights 19 to 24 are within 20 of the heaviest, 25 is not.
        assert_ok!(submit_bytes(within[16..22].to_vec()));
        assert_noop!(submit_bytes(within[22..23].to_vec()), Error::<Test>::TooFarAhead);
        check_invariants();
    });
}
