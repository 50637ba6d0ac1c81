//! Payouts that fail, and claims.

use super::*;
use polkadot_sdk::sp_runtime::ArithmeticError;

#[test]
fn what_cannot_be_paid_out_waits_to_be_claimed_and_the_lane_goes_on() {
    for side in BOTH {
        on(side, || {
            Barred::set(vec![account(9)]);
            receive(1, 9, 100);
            System::assert_last_event(
                Event::<Test>::LeftUnclaimed { nonce: 1, recipient: [9; 32], amount: 100, returned: false }.into(),
            );
            assert_eq!(balance(9), 0);
            assert_eq!(Unclaimed::<Test>::get([9; 32]), Owed { received: 100, returned: 0 });
            let books = Peg::books();
            assert_eq!((books.received, books.paid, books.unclaimed), (100, 0, 100));
            assert_eq!(books.escrow + books.issued, GENESIS);
            receive(2, 8, 50);
            assert_eq!(balance(8), 50);
            assert_noop!(claim(8), Error::<Test>::NothingToClaim);
            assert_noop!(claim(9), TokenError::Blocked);
            // Anybody can have it paid out, once.
            Barred::set(vec![]);
            assert_ok!(claim(9));
            assert_eq!(balance(9), 100);
            let books = Peg::books();
            assert_eq!((books.paid, books.unclaimed), (150, 0));
            System::assert_last_event(Event::<Test>::Claimed { recipient: [9; 32], received: 100, returned: 0 }.into());
            assert_noop!(claim(9), Error::<Test>::NothingToClaim);
        });
    }
}

#[test]
fn a_claim_pays_what_was_received_and_what_came_back() {
    for side in BOTH {
        on(side, || {
            assert_ok!(transfer(1, 9, 100));
            Barred::set(vec![account(1)]);
            settle(1, REFUSED);
            receive(1, 1, 40);
            assert_eq!(Unclaimed::<Test>::get([1; 32]), Owed { received: 40, returned: 100 });
            Barred::set(vec![]);
            assert_ok!(claim(1));
            assert_eq!(balance(1), ENDOWMENT + 40);
            let books = Peg::books();
            assert_eq!((books.paid, books.returned, books.unclaimed, books.unreturned), (40, 100, 0, 0));
        });
    }
}

#[test]
fn one_part_is_paid_even_if_the_other_has_to_wait() {
    for side in BOTH {
        on(side, || {
            lift_limits();
            assert_ok!(transfer(1, 9, 100));
            Barred::set(vec![account(1)]);
            settle(1, REFUSED);
            // More than any escrow holds, and than can be minted.
            let too_much = u128::MAX - 100;
            receive(1, 1, too_much);
            Barred::set(vec![]);
            assert_ok!(claim(1));
            assert_eq!(balance(1), ENDOWMENT);
            System::assert_last_event(Event::<Test>::Claimed { recipient: [1; 32], received: 0, returned: 100 }.into());
            assert_eq!(Unclaimed::<Test>::get([1; 32]), Owed { received: too_much, returned: 0 });
            let error: DispatchError = match side {
                Side::Escrow => Error::<Test>::NotBacked.into(),
                Side::Issuance => ArithmeticError::Overflow.into(),
            };
            assert_noop!(claim(1), error);
        });
    }
}

#[test]
fn a_queued_payout_that_fails_uses_its_room_and_does_not_stand_in_the_way() {
    for side in BOTH {
        on(side, || {
            Barred::set(vec![account(9)]);
            receive(1, 9, 2 * LIMITS.per_period + 20);
            receive(2, 8, 10);
            run_blocks(1);
            assert_eq!(Unclaimed::<Test>::get([9; 32]).received, LIMITS.per_period);
            assert_eq!(PeriodOf::<Test>::get().paid, LIMITS.per_period);
            run_blocks(8);
            assert_eq!(Unclaimed::<Test>::get([9; 32]).received, 2 * LIMITS.per_period);
            assert_eq!(balance(8), 0);
            run_blocks(10);
            assert_eq!(balance(8), 10);
            let books = Peg::books();
            assert_eq!((books.unclaimed, books.queued, books.paid), (2 * LIMITS.per_period + 20, 0, 10));
        });
    }
}
