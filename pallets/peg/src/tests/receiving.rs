//! Coins arrive: released on the one side, minted on the other; or they are refused.

use super::*;

#[test]
fn received_coins_are_released_or_minted() {
    for side in BOTH {
        on(side, || {
            receive(1, 9, 100);
            assert_eq!(balance(9), 100);
            let books = Peg::books();
            assert_eq!((books.received, books.paid, books.refused, books.queued, books.unclaimed), (100, 100, 0, 0, 0));
            match side {
                Side::Escrow => assert_eq!((books.escrow, books.issued), (GENESIS - 100, 0)),
                Side::Issuance => assert_eq!((books.escrow, books.issued), (0, GENESIS + 100)),
            }
            System::assert_last_event(paid_event(1, 9, 100));
            assert_eq!(Peg::totals(), (0, 100));
        });
    }
}

#[test]
fn a_message_whose_total_is_not_the_sum_of_what_was_received_disagrees() {
    for side in BOTH {
        on(side, || {
            let says = |amount, total| {
                Peg::agrees(&message(1, Transfer { sender: [1; 32], recipient: [9; 32], amount, total }))
            };
            for total in [0, 99, 101, u128::MAX] {
                assert!(!says(100, total));
            }
            assert!(says(100, 100));
            assert!(says(u128::MAX, u128::MAX));
            receive(1, 9, 100);
            // The same again; one in between is missing; more than 128 bits.
            assert!(!says(100, 100));
            assert!(!says(50, 200));
            assert!(!says(u128::MAX, 99));
            assert!(says(50, 150));
        });
    }
}

#[test]
fn a_transfer_to_the_escrow_account_is_refused_and_the_lane_goes_on() {
    for side in BOTH {
        on(side, || {
            let escrow: [u8; 32] = Peg::escrow_account().into();
            let reason = Refusal::Recipient;
            assert_eq!(receive_at(1, escrow, 100), Outcome::Refused(reason));
            System::assert_last_event(
                Event::<Test>::Refused { nonce: 1, recipient: escrow, amount: 100, reason }.into(),
            );
            let books = Peg::books();
            assert_eq!((books.received, books.refused, books.paid), (100, 100, 0));
            assert_eq!(books.escrow + books.issued, GENESIS);
            receive(2, 9, 50);
            assert_eq!(balance(9), 50);
            assert_eq!(Peg::books().received, 150);
        });
    }
}

#[test]
fn nothing_and_dust_are_refused_and_the_lane_goes_on() {
    for side in BOTH {
        on(side, || {
            for amount in [0, 1, 9] {
                assert_eq!(receive_at(1, [9; 32], amount), Outcome::Refused(Refusal::Amount));
            }
            assert_eq!(Peg::books().refused, 10);
            receive(4, 9, 10);
            assert_eq!(balance(9), 10);
        });
    }
}

#[test]
fn the_largest_amount_is_accepted_paid_in_parts_and_the_lane_goes_on() {
    for side in BOTH {
        on(side, || {
            receive(1, 9, u128::MAX - 100);
            receive(2, 8, 50);
            assert_eq!(Peg::books().queued, u128::MAX - 50);
            run_blocks(1);
            assert_eq!(balance(9), LIMITS.per_period);
            assert_eq!(Peg::books().queued, u128::MAX - 50 - LIMITS.per_period);
            receive(3, 8, 50);
        });
    }
}

#[test]
fn the_outcome_depends_on_the_message_alone() {
    let states: [fn(); 5] = [
        || (),
        || Barred::set(vec![account(9)]),
        || receive(1, 8, 1_000_000),
        make_deficit,
        || set_limits(Limits { per_transfer: 10, per_period: 10, period: 1 }),
    ];
    for side in BOTH {
        for prepare in states {
            let outcomes = new_test_ext(side).execute_with(|| {
                prepare();
                let escrow: [u8; 32] = Peg::escrow_account().into();
                [([9; 32], 100), ([9; 32], 5_000), ([9; 32], 9), (escrow, 100), (escrow, 9)]
                    .map(|(recipient, amount)| receive_at(1, recipient, amount))
            });
            let amount = Outcome::Refused(Refusal::Amount);
            let recipient = Outcome::Refused(Refusal::Recipient);
            assert_eq!(outcomes, [Outcome::Accepted, Outcome::Accepted, amount, recipient, recipient]);
        }
    }
}
