//! Random steps on one side, against a model that only adds up; every invariant after every step.

use super::*;
use proptest::{prelude::*, test_runner::TestRunner};
use std::{cell::RefCell, collections::BTreeMap};

const CASES: u32 = 40;
const STEPS: usize = 200;

/// How often what happened.
#[derive(Default)]
pub(super) struct Histogram(RefCell<BTreeMap<&'static str, u32>>);

impl Histogram {
    pub(super) fn count(&self, what: &'static str) {
        *self.0.borrow_mut().entry(what).or_default() += 1;
    }

    pub(super) fn assert_at_least(&self, least: &[(&str, u32)]) {
        println!("{:?}", self.0.borrow());
        for (what, least) in least {
            let count = self.0.borrow().get(*what).copied().unwrap_or_default();
            assert!(count >= *least, "too few: {what}");
        }
    }
}

/// Runs this many cases of random steps.
pub(super) fn runner(cases: u32) -> TestRunner {
    TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..Default::default() })
}

/// Payouts to this account fail from now on, and only to this one. Above 4 there is no such account.
pub(super) fn bar(byte: u8) {
    Barred::set((1..=4).contains(&byte).then(|| account(byte)).into_iter().collect());
}

#[derive(Clone, Debug)]
enum Step {
    /// Send coins away.
    Transfer { from: u8, amount: u128 },
    /// The other chain sent some. Account 0 stands for the escrow account.
    Receive { recipient: u8, amount: u128 },
    /// The receipt of our next transfer arrives.
    Settle { refused: bool },
    /// Pay out what is unclaimed.
    Claim { recipient: u8 },
    /// Let blocks pass.
    Blocks { count: u64 },
    /// Transfer to the escrow account, past the peg.
    Give { from: u8, amount: u128 },
    /// Payouts to an account fail.
    Bar { account: u8 },
    /// Other limits.
    Limits { per_period: u128, period: u32 },
}

/// Some below the least, some above the most.
fn sent_amount() -> impl Strategy<Value = u128> {
    prop_oneof![1 => 0u128..10, 8 => 10u128..600, 1 => 601u128..5_000]
}

/// Some below the least, some above what a period lets through.
fn received_amount() -> impl Strategy<Value = u128> {
    prop_oneof![2 => 0u128..10, 18 => 10u128..300, 2 => 700u128..1_500]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (1u8..=4, sent_amount()).prop_map(|(from, amount)| Step::Transfer { from, amount }),
        6 => (0u8..=5, received_amount()).prop_map(|(recipient, amount)| Step::Receive { recipient, amount }),
        4 => any::<bool>().prop_map(|refused| Step::Settle { refused }),
        5 => (1u8..=5).prop_map(|recipient| Step::Claim { recipient }),
        4 => (1u64..15).prop_map(|count| Step::Blocks { count }),
        1 => (1u8..=4, 1u128..20).prop_map(|(from, amount)| Step::Give { from, amount }),
        2 => (1u8..=8).prop_map(|account| Step::Bar { account }),
        1 => (600u128..1_500, 5u32..40).prop_map(|(per_period, period)| Step::Limits { per_period, period }),
    ]
}

/// What happened, in sums that do not depend on how the peg books it.
#[derive(Default)]
struct Model {
    nonce: u64,
    settled: u64,
    sent: u128,
    received: u128,
    refused: u128,
    given_back: u128,
    given: u128,
}

impl Model {
    /// Takes a step and names what came of it.
    fn apply(&mut self, step: &Step) -> &'static str {
        let before = Peg::books();
        match *step {
            Step::Transfer { from, amount } => match transfer(from, 9, amount) {
                Ok(()) => {
                    self.sent += amount;
                    "sent"
                }
                Err(error) => {
                    let known =
                        [Error::<Test>::BelowMinimum, Error::<Test>::AboveMaximum, Error::<Test>::InsufficientFunds];
                    assert!(known.map(DispatchError::from).contains(&error), "{error:?}");
                    assert_eq!(Peg::books(), before);
                    "not sent"
                }
            },
            Step::Receive { recipient, amount } => self.receive(recipient, amount),
            Step::Settle { refused } => {
                if self.settled as usize == Outgoing::get().len() {
                    return "nothing to settle";
                }
                self.settled += 1;
                if !refused {
                    settle(self.settled, Outcome::Accepted);
                    assert_eq!(Peg::books(), before);
                    return "settled";
                }
                settle(self.settled, REFUSED);
                let after = Peg::books();
                self.given_back += after.returned - before.returned + after.unreturned - before.unreturned;
                if after.returned > before.returned {
                    "returned"
                } else {
                    "left unreturned"
                }
            }
            Step::Claim { recipient } => match claim(recipient) {
                Ok(()) => "claimed",
                Err(error) => {
                    assert_eq!(Peg::books(), before);
                    if error == DispatchError::from(Error::<Test>::NothingToClaim) {
                        return "nothing to claim";
                    }
                    let known = [DispatchError::from(Error::<Test>::NotBacked), TokenError::Blocked.into()];
                    assert!(known.contains(&error), "{error:?}");
                    "claim failed"
                }
            },
            Step::Blocks { count } => {
                run_blocks(count);
                let after = Peg::books();
                match (after.queued < before.queued, after.unclaimed > before.unclaimed) {
                    (false, _) => "blocks",
                    (true, false) => "paid from the queue",
                    (true, true) => "left unclaimed from the queue",
                }
            }
            Step::Give { from, amount } => {
                let (origin, escrow) = (RuntimeOrigin::signed(account(from)), Peg::escrow_account());
                match with_storage_layer(|| Balances::transfer_allow_death(origin, escrow, amount)) {
                    Ok(()) => {
                        self.given += amount;
                        "given"
                    }
                    Err(_) => "not given",
                }
            }
            Step::Bar { account } => {
                bar(account);
                "barred"
            }
            Step::Limits { per_period, period } => {
                set_limits(Limits { per_transfer: 600, per_period, period });
                "limits set"
            }
        }
    }

    fn receive(&mut self, recipient: u8, amount: u128) -> &'static str {
        let recipient = if recipient == 0 { Peg::escrow_account().into() } else { [recipient; 32] };
        self.nonce += 1;
        let (outcome, what) = receive_and_name(&incoming(self.nonce, recipient, amount));
        self.received += amount;
        if outcome != Outcome::Accepted {
            assert!(amount < 10 || recipient == <[u8; 32]>::from(Peg::escrow_account()));
            self.refused += amount;
        }
        what
    }

    fn check(&self, side: Side) {
        assert_ok!(Peg::check_invariants());
        let books = Peg::books();
        assert_eq!((books.sent, books.received, books.refused), (self.sent, self.received, self.refused));
        assert_eq!(books.returned + books.unreturned, self.given_back);
        // Nothing but what was given past the peg is too much, and nothing is missing.
        let surplus = if side == Side::Escrow { self.given } else { 0 };
        assert_eq!((books.surplus, books.deficit), (surplus, 0));
        if side == Side::Escrow {
            assert_eq!(Balances::total_issuance(), 2 * GENESIS);
        }
    }
}

fn every_invariant_holds_after_every_step(side: Side) {
    let histogram = Histogram::default();
    runner(CASES)
        .run(&proptest::collection::vec(step(), STEPS), |steps| {
            new_test_ext(side).execute_with(|| {
                let mut model = Model::default();
                for step in &steps {
                    histogram.count(model.apply(step));
                    model.check(side);
                }
            });
            Ok(())
        })
        .unwrap();
    // About a third of what is to be expected, or less.
    histogram.assert_at_least(&[
        ("sent", 400),
        ("not sent", 400),
        ("refused", 150),
        ("paid at once", 250),
        ("queued", 150),
        ("paid from the queue", 30),
        ("left unclaimed", 12),
        ("left unclaimed from the queue", 6),
        ("settled", 150),
        ("returned", 100),
        ("left unreturned", 8),
        ("claimed", 15),
        ("claim failed", 8),
        ("blocks", 200),
        ("given", 50),
        ("limits set", 80),
    ]);
}

#[test]
fn every_invariant_holds_after_every_step_on_the_escrow_side() {
    every_invariant_holds_after_every_step(Side::Escrow);
}

#[test]
fn every_invariant_holds_after_every_step_on_the_issuance_side() {
    every_invariant_holds_after_every_step(Side::Issuance);
}
