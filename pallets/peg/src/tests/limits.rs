//! Limits per period, and the queue.

use super::*;
use crate::WeightInfo;

#[test]
fn what_a_period_has_no_room_for_waits_in_order() {
    for side in BOTH {
        on(side, || {
            receive(1, 8, 1_000);
            assert_eq!(balance(8), 1_000);
            // 500 are left. The second does not fit, and the third, which would, does not overtake it.
            receive(2, 9, 600);
            System::assert_last_event(Event::<Test>::Queued { nonce: 2, recipient: [9; 32], amount: 600 }.into());
            receive(3, 8, 10);
            let books = Peg::books();
            assert_eq!((books.received, books.paid, books.queued), (1_610, 1_000, 610));
            assert_eq!(balance(9), 0);
            // The first of the queue is paid in part.
            run_blocks(1);
            assert_eq!((balance(8), balance(9)), (1_000, 500));
            System::assert_last_event(paid_event(2, 9, 500));
            assert_ok!(Peg::check_invariants());
            // Nothing more until the next period, which begins with block 10.
            run_blocks(7);
            assert_eq!(Peg::books().queued, 110);
            run_blocks(1);
            assert_eq!((balance(8), balance(9)), (1_010, 600));
            System::assert_has_event(paid_event(2, 9, 100));
            System::assert_last_event(paid_event(3, 8, 10));
            assert_eq!(Peg::books().queued, 0);
            assert_eq!(PeriodOf::<Test>::get(), Period { start: 10, paid: 110 });
            // The queue is empty: paid at once again.
            receive(4, 9, 10);
            assert_eq!(balance(9), 610);
        });
    }
}

#[test]
fn while_the_lanes_are_frozen_nothing_that_waits_is_paid() {
    for side in BOTH {
        on(side, || {
            receive(1, 9, 1_400);
            receive(2, 8, 600);
            LaneFrozen::set(&true);
            run_blocks(25);
            assert_eq!((balance(8), Peg::books().queued), (0, 600));
            assert_noop!(Peg::claim(RuntimeOrigin::signed(account(1)), [8; 32]), Error::<Test>::Frozen);
            assert_ok!(Peg::check_invariants());
            LaneFrozen::set(&false);
            run_blocks(1);
            assert_eq!((balance(8), Peg::books().queued), (600, 0));
        });
    }
}

#[test]
fn lowering_and_raising_the_limits_makes_no_room_in_a_period() {
    for side in BOTH {
        on(side, || {
            receive(1, 9, 1_500);
            set_limits(Limits { per_transfer: 10, per_period: 10, period: 10 });
            set_limits(LIMITS);
            receive(2, 8, 100);
            run_blocks(5);
            assert_eq!((balance(8), Peg::books().queued), (0, 100));
            assert_ok!(Peg::check_invariants());
        });
    }
}

#[test]
fn a_payout_larger_than_a_periods_limit_is_made_in_parts() {
    for side in BOTH {
        on(side, || {
            set_limits(Limits { per_transfer: 600, per_period: 600, period: 10 });
            receive(1, 9, GENESIS - 10);
            receive(2, 8, 10);
            for (blocks, paid) in [(1, 600), (8, 1_200), (10, 1_800), (10, GENESIS - 10)] {
                assert_eq!(balance(8), 0);
                run_blocks(blocks);
                assert_eq!(balance(9), paid);
                assert_ok!(Peg::check_invariants());
            }
            assert_eq!(balance(8), 10);
        });
    }
}

#[test]
fn a_block_makes_no_more_payouts_than_it_may_and_weighs_as_much_as_it_made() {
    for side in BOTH {
        on(side, || {
            set_limits(Limits { per_transfer: 10, per_period: 10, period: 10 });
            // One at once, the others queued.
            for nonce in 1..=u64::from(MAX_PAYOUTS) + 3 {
                receive(nonce, 9, 10);
            }
            assert_eq!(run_blocks(1), <()>::serve_queue(0));
            lift_limits();
            assert_eq!(run_blocks(1), <()>::serve_queue(MAX_PAYOUTS));
            assert_eq!(Peg::books().queued, 20);
            assert_eq!(run_blocks(1), <()>::serve_queue(2));
            assert_eq!(run_blocks(1), <()>::serve_queue(0));
            assert_eq!(QueueHead::<Test>::get(), u64::from(MAX_PAYOUTS) + 2);
            assert_eq!(Queue::<Test>::iter().count(), 0);
            assert_eq!(balance(9), 10 * (u128::from(MAX_PAYOUTS) + 3));
        });
    }
    let none = <()>::serve_queue(0);
    let each = <()>::serve_queue(1).saturating_sub(none);
    assert_eq!(<()>::serve_queue(10), none.saturating_add(each.saturating_mul(10)));
}

#[test]
fn periods_follow_each_other_without_gaps() {
    for side in BOTH {
        on(side, || {
            System::set_block_number(36);
            run_blocks(1);
            assert_eq!(PeriodOf::<Test>::get(), Period { start: 30, paid: 0 });
            receive(1, 9, 1_000);
            run_blocks(2);
            assert_eq!(PeriodOf::<Test>::get(), Period { start: 30, paid: 1_000 });
            run_blocks(1);
            assert_eq!(PeriodOf::<Test>::get(), Period { start: 40, paid: 0 });
        });
    }
}

#[test]
fn only_the_authorities_set_limits_and_only_valid_ones() {
    on(Side::Escrow, || {
        for stranger in [RuntimeOrigin::signed(account(1)), RuntimeOrigin::none()] {
            assert_noop!(Peg::set_limits(stranger, LIMITS), BadOrigin);
        }
        for invalid in [
            Limits { per_transfer: 9, ..LIMITS },
            Limits { per_period: LIMITS.per_transfer - 1, ..LIMITS },
            Limits { period: 0, ..LIMITS },
        ] {
            assert_noop!(Peg::set_limits(RuntimeOrigin::root(), invalid), Error::<Test>::LimitsInvalid);
        }
        let limits = Limits { per_transfer: 10, per_period: 10, period: 1 };
        set_limits(limits);
        assert_eq!(LimitsOf::<Test>::get(), limits);
        System::assert_last_event(Event::<Test>::LimitsSet { limits }.into());
    });
}

#[test]
fn a_period_that_has_let_through_more_than_the_new_limit_is_full() {
    for side in BOTH {
        on(side, || {
            receive(1, 9, 1_000);
            set_limits(Limits { per_transfer: 600, per_period: 600, period: 10 });
            assert_ok!(Peg::check_invariants());
            receive(2, 9, 10);
            run_blocks(1);
            assert_eq!(balance(9), 1_000);
            run_blocks(8);
            assert_eq!(balance(9), 1_010);
        });
    }
}

#[test]
fn genesis_sets_the_limits_or_leaves_the_default() {
    for (given, expected) in [(None, Limits::DEFAULT), (Some(LIMITS), LIMITS)] {
        new_test_ext_with(Side::Escrow, given).execute_with(|| assert_eq!(LimitsOf::<Test>::get(), expected));
    }
}

#[test]
#[should_panic(expected = "chain spec, peg.limits")]
fn genesis_with_invalid_limits_is_refused() {
    new_test_ext_with(Side::Escrow, Some(Limits { period: 0, ..LIMITS }));
}
