//! Both sides together: the supply equation after every step, with messages and receipts in any interleaving.

use super::{
    model::{bar, runner, Histogram},
    *,
};
use proptest::prelude::*;

const CASES: u32 = 25;
const STEPS: usize = 250;

/// Two chains and what is on its way between them.
struct Pair {
    chains: [sp_io::TestExternalities; 2],
    /// Messages of each side that the other one has received.
    delivered: [usize; 2],
    /// What became of them.
    outcomes: [Vec<Outcome>; 2],
    /// Receipts of them that have come back.
    settled: [usize; 2],
}

fn other(side: Side) -> Side {
    match side {
        Side::Escrow => Side::Issuance,
        Side::Issuance => Side::Escrow,
    }
}

impl Pair {
    fn new() -> Self {
        // Low enough for queues.
        let limits = Limits { per_transfer: 600, per_period: 600, period: 10 };
        let chains = BOTH.map(|side| new_test_ext_with(side, Some(limits)));
        Self { chains, delivered: [0; 2], outcomes: [Vec::new(), Vec::new()], settled: [0; 2] }
    }

    fn on<R>(&mut self, side: Side, act: impl FnOnce() -> R) -> R {
        ThisSide::set(side);
        self.chains[side as usize].execute_with(act)
    }

    /// The oldest message of this side that has not arrived arrives.
    fn deliver(&mut self, side: Side) -> &'static str {
        let next = self.delivered[side as usize];
        let Some(payload) = self.on(side, || Outgoing::get().get(next).cloned()) else { return "nothing to deliver" };
        let Payload::Transfer(transfer) = payload;
        self.delivered[side as usize] += 1;
        let message = message(next as u64 + 1, transfer);
        let (outcome, what) = self.on(other(side), || receive_and_name(&message));
        self.outcomes[side as usize].push(outcome);
        what
    }

    /// The oldest receipt that has not come back to this side comes back.
    fn settle(&mut self, side: Side) -> &'static str {
        let next = self.settled[side as usize];
        let Some(outcome) = self.outcomes[side as usize].get(next).copied() else { return "nothing to settle" };
        self.settled[side as usize] += 1;
        self.on(side, || settle(next as u64 + 1, outcome));
        "settled"
    }

    /// X = I + a + b, neither a nor b negative. Returns (a, b).
    fn check(&mut self) -> (u128, u128) {
        let [e, c] = BOTH.map(|side| {
            self.on(side, || {
                assert_ok!(Peg::check_invariants());
                Peg::books()
            })
        });
        let a = e.sent.checked_sub(c.paid + e.returned).expect("not more minted than locked");
        let b = c.sent.checked_sub(e.paid + c.returned).expect("not more released than burned");
        assert_eq!(e.escrow, c.issued + a + b);
        (a, b)
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// Send coins to the other side. Account 0 stands for its escrow account.
    Transfer { side: Side, from: u8, recipient: u8, amount: u128 },
    /// A message arrives.
    Deliver { side: Side },
    /// A receipt comes back.
    Settle { side: Side },
    /// Pay out what is unclaimed.
    Claim { side: Side, recipient: u8 },
    /// Let blocks pass.
    Blocks { side: Side, count: u64 },
    /// Payouts to an account fail, on both sides.
    Bar { account: u8 },
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Escrow), Just(Side::Issuance)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (side(), 1u8..=4, 0u8..=4, 10u128..600)
            .prop_map(|(side, from, recipient, amount)| Step::Transfer { side, from, recipient, amount }),
        5 => side().prop_map(|side| Step::Deliver { side }),
        5 => side().prop_map(|side| Step::Settle { side }),
        3 => (side(), 1u8..=4).prop_map(|(side, recipient)| Step::Claim { side, recipient }),
        3 => (side(), 1u64..8).prop_map(|(side, count)| Step::Blocks { side, count }),
        2 => (1u8..=6).prop_map(|account| Step::Bar { account }),
    ]
}

fn apply(pair: &mut Pair, step: Step) -> &'static str {
    match step {
        Step::Transfer { side, from, recipient, amount } => pair.on(side, || {
            let recipient = if recipient == 0 { Peg::escrow_account().into() } else { [recipient; 32] };
            let origin = RuntimeOrigin::signed(account(from));
            match with_storage_layer(|| Peg::transfer(origin, recipient, amount)) {
                Ok(()) => "sent",
                Err(_) => "not sent",
            }
        }),
        Step::Deliver { side } => pair.deliver(side),
        Step::Settle { side } => pair.settle(side),
        Step::Claim { side, recipient } => match pair.on(side, || claim(recipient)) {
            Ok(()) => "claimed",
            Err(_) => "not claimed",
        },
        Step::Blocks { side, count } => {
            pair.on(side, || run_blocks(count));
            "blocks"
        }
        Step::Bar { account } => {
            bar(account);
            "barred"
        }
    }
}

/// Everything under way arrives.
fn come_to_rest(pair: &mut Pair) {
    Barred::set(Vec::new());
    for side in BOTH {
        while pair.deliver(side) != "nothing to deliver" {}
        while pair.settle(side) != "nothing to settle" {}
    }
    for side in BOTH {
        pair.on(side, || {
            while Peg::books().queued > 0 {
                run_blocks(1);
            }
            for recipient in 1..=4 {
                let _ = claim(recipient);
            }
        });
    }
}

#[test]
fn the_supply_equation_holds_after_every_step_and_everything_arrives() {
    let histogram = Histogram::default();
    runner(CASES)
        .run(&proptest::collection::vec(step(), STEPS), |steps| {
            let mut pair = Pair::new();
            for step in steps {
                histogram.count(apply(&mut pair, step));
                pair.check();
            }
            come_to_rest(&mut pair);
            assert_eq!(pair.check(), (0, 0));
            Ok(())
        })
        .unwrap();
    // About a third of what is to be expected, or less.
    histogram.assert_at_least(&[
        ("sent", 250),
        ("paid at once", 60),
        ("queued", 60),
        ("left unclaimed", 10),
        ("refused", 30),
        ("settled", 200),
        ("claimed", 12),
        ("blocks", 250),
    ]);
}
