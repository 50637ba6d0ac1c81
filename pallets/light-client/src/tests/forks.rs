//! Which branch is the heaviest; what is kept of the others.

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
        fork.extend(3_000, CROSS, 2);
        submit(&fork, 5).unwrap();
        assert_eq!(Best::<Test>::get(), Some(fork.tip().hash));
        System::assert_has_event(Event::<Test>::Reorganised { common: 2, depth: 2 }.into());
        assert_noop!(cross_root(trunk.tip().hash), Error::<Test>::NotOnHeaviestBranch);
    });
}

#[test]
fn a_longer_but_lighter_branch_loses_and_a_shorter_but_heavier_one_wins() {
    let parameters = PowParameters { initial_target: U256::MAX >> 10, half_life: 2, ..easy_parameters() };
    test_ext_with(parameters).execute_with(|| {
        let trunk = branch_of(parameters, 3);
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
        // The lighter branch grows on and still loses.
        slow.extend(18_000, CROSS, 1);
        submit(&slow, 10).unwrap();
        assert_eq!(Best::<Test>::get(), Some(fast.tip().hash));
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
    });
}

/// However many headers the forks at a full height have above them, looking at them is bounded, and they give way.
#[test]
fn long_forks_that_branch_again_do_not_lock_the_heavier_branch_out() {
    let parameters = PowParameters { initial_target: U256::MAX >> 9, half_life: 8, ..easy_parameters() };
    test_ext_with(parameters).execute_with(|| {
        let trunk = branch_of(parameters, 2);
        submit(&trunk, 1).unwrap();
        // Full heights one above the other, as far up as is taken, of headers that are cheap because they are slow.
        let mut slow = trunk.clone();
        slow.extend(18_000, CROSS, 2);
        submit(&slow, 3).unwrap();
        for salt in 2..5 {
            let mut fork = slow.clone();
            for _ in 0..16 {
                fork.extend(9_000, CROSS, salt);
            }
            submit(&fork, 4).unwrap();
        }
        assert!((4..20).all(|number| AtHeight::<Test>::get(number).is_full()));
        let mut honest = trunk.clone();
        for _ in 0..14 {
            honest.extend(1_500, CROSS, 9);
        }
        assert!(honest.tip().work > slow.tip().work);
        assert_ok!(submit(&honest, 3));
        assert_eq!(Best::<Test>::get(), Some(honest.tip().hash));
        // And goes on through the heights that are still full.
        for _ in 0..10 {
            honest.extend(1_500, CROSS, 9);
        }
        assert_ok!(submit(&honest, 17));
        assert_eq!(Best::<Test>::get(), Some(honest.tip().hash));
    });
}

/// The work of a header that is known says nothing for a fork that comes with it.
#[test]
fn known_headers_in_a_batch_do_not_make_room_for_a_light_fork() {
    new_test_ext().execute_with(|| {
        let trunk = branch(6);
        submit(&trunk, 1).unwrap();
        for salt in 2..4 {
            let mut fork = trunk.fork_at(3);
            fork.extend(3_000, CROSS, salt);
            submit(&fork, 4).unwrap();
        }
        let mut light = trunk.fork_at(3);
        light.extend(3_000, CROSS, 9);
        let batch = [trunk.encoded_from(6), light.encoded_from(4)].concat();
        assert_noop!(submit_bytes(batch), Error::<Test>::ForkTooLight);
    });
}

#[test]
fn a_light_branch_cannot_run_far_ahead_of_the_heaviest() {
    let parameters = PowParameters { initial_target: U256::MAX >> 12, half_life: 2, ..easy_parameters() };
    test_ext_with(parameters).execute_with(|| {
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
    });
}

#[test]
fn a_fork_of_a_fork_can_become_the_heaviest() {
    new_test_ext().execute_with(|| {
        let trunk = branch(6);
        submit(&trunk, 1).unwrap();
        let first = leave(&trunk, 4, 1, 2);
        submit(&first, 5).unwrap();
        let second = leave(&first, 5, 2, 3);
        submit(&second, 6).unwrap();
        assert_eq!(Best::<Test>::get(), Some(second.tip().hash));
        assert_eq!(Canonical::<Test>::get(5), Some(first.tip().hash));
        System::assert_has_event(Event::<Test>::Reorganised { common: 4, depth: 2 }.into());
        // And a fork of that one, from below and above its own tip.
        let third = leave(&second, 6, 2, 4);
        submit(&third, 7).unwrap();
        assert_eq!(Best::<Test>::get(), Some(third.tip().hash));
        System::assert_has_event(Event::<Test>::Reorganised { common: 6, depth: 1 }.into());
    });
}

#[test]
fn a_fork_across_a_change_of_difficulty_follows_its_own_branch() {
    let parameters = PowParameters { initial_target: U256::MAX >> 10, half_life: 2, ..easy_parameters() };
    test_ext_with(parameters).execute_with(|| {
        let trunk = branch_of(parameters, 3);
        let (mut fast, mut slow) = (trunk.clone(), trunk.clone());
        for _ in 0..2 {
            fast.extend(1_000, CROSS, 1);
            slow.extend(6_000, CROSS, 2);
        }
        submit(&fast, 1).unwrap();
        submit(&slow, 4).unwrap();
        // The next header of each, with the target that is right on the other.
        for (own, other) in [(&fast, &slow), (&slow, &fast)] {
            let mut draft = own.draft(3_000, CROSS, 3);
            let target = other.draft(3_000, CROSS, 3).joint.target;
            assert_ne!(draft.joint.target, target);
            draft.joint.target = target;
            draft.joint.work = own.tip().work + gridpeg_header::target::work_of(target);
            assert_noop!(submit_bytes(vec![draft.mine().encode()]), Error::<Test>::WrongTarget);
        }
        for branch in [&mut fast, &mut slow] {
            grow(branch, 1, 3);
            assert_ok!(submit(branch, 6));
        }
    });
}

#[test]
fn spam_is_bounded_in_storage_and_weight() {
    new_test_ext().execute_with(|| {
        let trunk = branch(25);
        submit(&trunk, 1).unwrap();
        let mut refused = 0;
        // Cheap forks from everywhere; `submit` checks bounds and weight after each.
        for salt in 2..12 {
            for at in (4..25).step_by(3) {
                match submit(&leave(&trunk, at, 2, salt), at + 1) {
                    Ok(_) => {}
                    Err(error) => {
                        let known = [Error::<Test>::ForkTooLight, Error::<Test>::ParentUnknown];
                        assert!(known.map(DispatchError::from).contains(&error.error), "{error:?}");
                        refused += 1;
                    }
                }
            }
        }
        assert!(refused > 30, "{refused}");
        assert!(AtHeight::<Test>::iter_values().all(|hashes| hashes.len() <= 3));
        assert!(Headers::<Test>::iter_keys().count() <= 3 * 41);
        // It locks nobody out.
        let honest = leave(&trunk, 25, 3, 1);
        assert_ok!(submit(&honest, 26));
        assert_eq!(Best::<Test>::get(), Some(honest.tip().hash));
    });
}
