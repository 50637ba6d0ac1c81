//! That the check of the invariants finds what it looks for.

use super::*;
use crate::{types::Payout, QueueTail, TotalPaid, TotalReceived, TotalRefused, TotalReturned, TotalSent};

fn finds(side: Side, number: &str, damage: fn()) {
    new_test_ext(side).execute_with(|| {
        assert_ok!(Peg::check_invariants());
        damage();
        match Peg::check_invariants() {
            Err(DispatchError::Other(error)) => assert!(error.starts_with(number), "{number}: {error}"),
            other => panic!("{number}: {other:?}"),
        }
    });
}

fn queue(place: u64, amount: u128) {
    Queue::<Test>::insert(place, Payout { nonce: 1, recipient: [9; 32], amount });
}

#[test]
fn every_invariant_is_found_broken() {
    let damages: [(&str, fn()); 14] = [
        ("peg 1:", || TotalReceived::<Test>::put(1)),
        ("peg 1:", || TotalRefused::<Test>::put(1)),
        ("peg 2:", || TotalReturned::<Test>::put(1)),
        ("peg 4:", || TotalSent::<Test>::put(1)),
        ("peg 5:", || Unclaimed::<Test>::insert([9; 32], Owed::default())),
        ("peg 5:", || Unclaimed::<Test>::insert([9; 32], Owed { received: 1, returned: 0 })),
        ("peg 5:", || Unclaimed::<Test>::insert([9; 32], Owed { received: 0, returned: 1 })),
        ("peg 6:", || queue(5, 1)),
        ("peg 6:", || QueueTail::<Test>::put(1)),
        ("peg 6:", || {
            queue(0, 0);
            QueueTail::<Test>::put(1);
        }),
        ("peg 6:", || {
            queue(0, 1);
            QueueTail::<Test>::put(1);
        }),
        ("peg 7:", || PeriodOf::<Test>::put(Period { start: 2, paid: 0 })),
        ("peg 7:", || PeriodOf::<Test>::put(Period { start: 1_000_000, paid: 0 })),
        ("peg 8:", || LimitsOf::<Test>::put(Limits { period: 0, ..LIMITS })),
    ];
    for (number, damage) in damages {
        for side in BOTH {
            finds(side, number, damage);
        }
    }
    finds(Side::Escrow, "peg 3:", || {
        TotalReceived::<Test>::put(GENESIS + 1);
        TotalPaid::<Test>::put(GENESIS + 1);
    });
    finds(Side::Issuance, "peg 3:", || TotalSent::<Test>::put(GENESIS + 1));
    finds(Side::Escrow, "peg 4:", make_deficit);
    finds(Side::Issuance, "peg 4:", make_deficit);
    finds(Side::Issuance, "peg 9:", || {
        assert_ok!(System::dec_providers(&Peg::escrow_account()));
    });
}
