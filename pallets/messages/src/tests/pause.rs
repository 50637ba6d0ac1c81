use super::*;

fn at_block(number: u64) {
    System::set_block_number(number);
}

fn pause(duration: u64) -> DispatchResult {
    Lanes::pause(RuntimeOrigin::root(), duration)
}

fn resume() -> DispatchResult {
    Lanes::resume(RuntimeOrigin::root())
}

#[test]
fn only_the_authority_pauses_and_resumes() {
    new_test_ext(OWN).execute_with(|| {
        assert_noop!(Lanes::pause(relayer(), 1), DispatchError::BadOrigin);
        assert_ok!(pause(5));
        System::assert_last_event(Event::<Test>::Paused { until: 6 }.into());
        assert_noop!(Lanes::resume(relayer()), DispatchError::BadOrigin);
        assert_ok!(resume());
        System::assert_last_event(Event::<Test>::Resumed.into());
        assert_noop!(resume(), Error::<Test>::NotPaused);
    });
}

#[test]
fn a_pause_is_bounded_and_ends_by_itself() {
    new_test_ext(OWN).execute_with(|| {
        for duration in [0, MAX_PAUSE + 1, u64::MAX] {
            assert_noop!(pause(duration), Error::<Test>::PauseTooLong);
        }
        assert_ok!(pause(MAX_PAUSE));
        for number in 1..=MAX_PAUSE {
            at_block(number);
            assert_eq!(Lanes::paused_until(), Some(1 + MAX_PAUSE));
            assert_noop!(send(10), Error::<Test>::Paused);
            assert_noop!(pause(1), Error::<Test>::AlreadyPaused);
        }
        at_block(1 + MAX_PAUSE);
        assert_eq!(Lanes::paused_until(), None);
        assert_noop!(resume(), Error::<Test>::NotPaused);
        assert_ok!(send(10));
    });
}

#[test]
fn the_next_pause_waits_as_long_as_the_last_one_lasted() {
    new_test_ext(OWN).execute_with(|| {
        // Blocks 1 to 4, then 5 to 8 without.
        assert_ok!(pause(4));
        for number in 5..=8 {
            at_block(number);
            assert_noop!(pause(1), Error::<Test>::PauseTooSoon);
        }
        at_block(9);
        assert_ok!(pause(10));
        // Ended in block 11: three blocks, 9 to 11, then 12 to 14 without.
        at_block(11);
        assert_ok!(resume());
        assert_ok!(send(10));
        for number in 11..=14 {
            at_block(number);
            assert_noop!(pause(1), Error::<Test>::PauseTooSoon);
        }
        at_block(15);
        assert_ok!(pause(1));
    });
}

#[test]
fn a_pause_and_its_end_in_every_block_do_not_hold_the_lanes() {
    new_test_ext(OWN).execute_with(|| {
        assert_ok!(pause(1));
        assert_ok!(resume());
        assert_noop!(pause(1), Error::<Test>::PauseTooSoon);
        at_block(2);
        assert_noop!(pause(1), Error::<Test>::PauseTooSoon);
        at_block(3);
        assert_ok!(pause(1));
    });
}

#[test]
fn exit_stays_possible_at_least_half_of_the_time_whatever_the_authority_does() {
    for seed in 0..20u64 {
        new_test_ext(OWN).execute_with(|| {
            let (mut state, mut held, mut open) = (seed, 0u64, 0u64);
            for number in 1..=500 {
                at_block(number);
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                // As often as it can, for as long as it likes, ended early as it likes.
                let _ = pause(1 + (state >> 33) % MAX_PAUSE);
                match Lanes::paused_until() {
                    Some(_) => held += 1,
                    None => open += 1,
                }
                if state >> 60 < 4 {
                    let _ = resume();
                }
                assert!(held <= open + MAX_PAUSE, "block {number}: {held} of {} blocks", held + open);
            }
            assert!(held > 100, "the authority did try");
        });
    }
}

#[test]
fn headers_are_taken_in_a_pause_and_leaves_are_not() {
    let theirs = counterpart_sends(&[10]);
    new_test_ext(OWN).execute_with(|| {
        assert_ok!(pause(1));
        assert_noop!(deliver_all(&theirs), Error::<Test>::Paused);
        assert_ok!(deliver(&[&theirs], None, &[]));
        assert_noop!(take(&theirs, &theirs.all()), Error::<Test>::Paused);
    });
}

/// Runs transfers both ways up to the end, with a pause of one chain in which the step with this number is tried.
fn transfers_with_a_pause(step: usize, here: bool) {
    let steps: [fn(&mut Pair) -> DispatchResult; 6] = [
        |pair| pair.own(|| send(10).map(|_| ())),
        |pair| pair.counterpart(|| send(3).map(|_| ())),
        |pair| pair.relay_out().map(|_| ()).map_err(|error| error.error),
        |pair| pair.relay_in().map(|_| ()).map_err(|error| error.error),
        |pair| pair.relay_out().map(|_| ()).map_err(|error| error.error),
        |pair| pair.own(|| send(20).map(|_| ())),
    ];
    let acts_here = [true, false, false, true, false, true];
    let mut pair = Pair::new();
    let on_paused = |pair: &mut Pair, block: fn()| if here { pair.own(block) } else { pair.counterpart(block) };
    for (number, run) in steps.iter().enumerate() {
        if number == step {
            on_paused(&mut pair, || {
                assert_ok!(pause(5));
            });
            let result = run(&mut pair);
            on_paused(&mut pair, || {
                assert_ok!(Lanes::check_invariants());
                at_block(6);
            });
            // The other chain goes on.
            if acts_here[number] != here {
                assert_eq!(result, Ok(()));
                continue;
            }
            assert_eq!(result, Err(Error::<Test>::Paused.into()));
        }
        assert_eq!(run(&mut pair), Ok(()), "step {number} after a pause before {step}");
    }
    assert_ok!(pair.relay_out());
    assert_ok!(pair.relay_in());
    let own = pair.own(|| (received_nonces(), SettledLog::get()));
    assert_eq!(own, (vec![1], vec![(1, Outcome::Accepted), (2, Outcome::Accepted)]), "paused before {step}");
    let counterpart = pair.counterpart(|| (received_nonces(), SettledLog::get()));
    assert_eq!(counterpart, (vec![1, 2], vec![(1, REFUSED)]), "paused before {step}");
}

#[test]
fn a_pause_in_any_state_of_a_transfer_loses_nothing() {
    for step in 0..6 {
        for here in [true, false] {
            transfers_with_a_pause(step, here);
        }
    }
}
