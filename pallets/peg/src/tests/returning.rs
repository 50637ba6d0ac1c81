//! What became of our own transfers.

use super::*;
use polkadot_sdk::frame_support::assert_storage_noop;

#[test]
fn what_the_other_chain_refused_goes_back_to_the_sender() {
    for side in BOTH {
        for reason in [Refusal::Recipient, Refusal::Amount] {
            on(side, || {
                assert_ok!(transfer(1, 9, 100));
                settle(1, Outcome::Refused(reason));
                assert_eq!(balance(1), ENDOWMENT);
                let books = Peg::books();
                assert_eq!((books.sent, books.returned, books.unreturned), (100, 100, 0));
                assert_eq!(books.escrow + books.issued, GENESIS);
                System::assert_last_event(Event::<Test>::Returned { nonce: 1, sender: [1; 32], amount: 100 }.into());
            });
        }
    }
}

#[test]
fn what_the_other_chain_accepted_stays_there() {
    for side in BOTH {
        on(side, || {
            assert_ok!(transfer(1, 9, 100));
            assert_storage_noop!(settle(1, Outcome::Accepted));
            assert_eq!(balance(1), ENDOWMENT - 100);
        });
    }
}

#[test]
fn a_sender_whose_account_is_gone_gets_the_coins_back_too() {
    for side in BOTH {
        on(side, || {
            assert_ok!(transfer(1, 9, ENDOWMENT));
            assert!(!System::account_exists(&account(1)));
            settle(1, REFUSED);
            assert_eq!(balance(1), ENDOWMENT);
        });
    }
}

#[test]
fn returns_are_not_limited() {
    for side in BOTH {
        on(side, || {
            assert_ok!(transfer(1, 9, 100));
            receive(1, 8, LIMITS.per_period);
            receive(2, 8, 10);
            assert_eq!(Peg::books().queued, 10);
            settle(1, REFUSED);
            assert_eq!(balance(1), ENDOWMENT);
            assert_eq!(PeriodOf::<Test>::get().paid, LIMITS.per_period);
        });
    }
}

#[test]
fn a_return_that_fails_waits_to_be_claimed() {
    for side in BOTH {
        on(side, || {
            assert_ok!(transfer(1, 9, 100));
            Barred::set(vec![account(1)]);
            settle(1, REFUSED);
            assert_eq!(balance(1), ENDOWMENT - 100);
            let books = Peg::books();
            assert_eq!((books.returned, books.unreturned, books.unclaimed), (0, 100, 0));
            assert_eq!(Unclaimed::<Test>::get([1; 32]), Owed { received: 0, returned: 100 });
            System::assert_last_event(
                Event::<Test>::LeftUnclaimed { nonce: 1, recipient: [1; 32], amount: 100, returned: true }.into(),
            );
            assert_noop!(claim(1), TokenError::Blocked);
            Barred::set(vec![]);
            assert_ok!(claim(1));
            assert_eq!(balance(1), ENDOWMENT);
            let books = Peg::books();
            assert_eq!((books.returned, books.unreturned), (100, 0));
            System::assert_last_event(Event::<Test>::Claimed { recipient: [1; 32], received: 0, returned: 100 }.into());
        });
    }
}
