//! Random traffic both ways, relayed well and badly, with pauses, payouts that fail, and reorganisations of both chains
//! that are less deep than the confirmations. After every step: the model of each chain, the pallets' invariants, the
//! supply equation. In the end everything has arrived or come back.

use crate::{
    acting::Wanted,
    campaign::Campaign,
    chain::SimChain,
    parcel::{Mischief, Order},
    runtimes::{Call, ChainRuntime, USERS},
    world::{on, World, SIDES},
};
use gridpeg_header::Millis;
use gridpeg_messages::units::{Balance, COIN, MICROCOIN};
use pallet_peg::Side;
use polkadot_sdk::frame_support::dispatch::Pays;
use proptest::{collection::vec, prelude::*, sample::select};

const CASES: u32 = 16;
const STEPS: usize = 640;
/// Runs a failed case is made smaller in.
const SHRINK: u32 = 60;

/// How much a transfer is of.
#[derive(Clone, Copy, Debug)]
enum Amount {
    /// Less than crosses.
    Small,
    /// So many units above the least amount.
    Units(u32),
    /// So many coins.
    Coins(u8),
    /// So many parts in 255 of the most.
    Part(u8),
    /// More than crosses.
    Large,
}

impl Amount {
    fn of(self, most: Balance) -> Balance {
        match self {
            Self::Small => MICROCOIN - 1,
            Self::Units(units) => MICROCOIN + Balance::from(units),
            Self::Coins(coins) => Balance::from(coins) * COIN,
            Self::Part(part) => most * Balance::from(part) / 255 + MICROCOIN.min(most / 2),
            Self::Large => most + 1,
        }
        .min(most + 1)
    }
}

/// A transfer: sender, recipient (the escrow account after the users), amount.
type Transfer = (usize, usize, Amount);

#[derive(Clone, Debug)]
enum Step {
    Mine { blocks: u32 },
    Transfer(Vec<Transfer>),
    Deliver(Order),
    Repeat,
    Misdeliver(Mischief),
    Orphans,
    Pause { blocks: u32, resume: bool, transfer: Transfer },
    Lock(bool),
    Claim { who: usize, unlock: bool },
    Give { sender: usize, coins: u8 },
    Reorganise { depth: u32, keep: u32, after_delivery: bool },
}

fn amounts() -> impl Strategy<Value = Amount> {
    prop_oneof![
        2 => Just(Amount::Small),
        2 => Just(Amount::Large),
        1 => (0..3u32).prop_map(Amount::Units),
        10 => (1..8u8).prop_map(Amount::Coins),
        5 => any::<u8>().prop_map(Amount::Part),
    ]
}

fn transfers() -> impl Strategy<Value = Transfer> {
    // Those without coins at genesis send and get some too.
    let recipients = prop_oneof![3 => 0..USERS.len(), 1 => Just(USERS.len())];
    (prop_oneof![6 => 0..4usize, 1 => 4..USERS.len()], recipients, amounts())
}

fn orders() -> impl Strategy<Value = Order> {
    let headers = prop_oneof![4 => Just(64usize), 2 => 1..5usize, 1 => Just(0)];
    let count = || prop_oneof![3 => Just(14u64), 2 => 1..3u64, 1 => Just(0)];
    let back = prop_oneof![5 => Just(0u32), 3 => 1..6u32, 1 => 0..320u32];
    let flags = (prop::bool::weighted(0.25), any::<bool>());
    (headers, count(), count(), 0..3u64, back, flags).prop_map(
        |(headers, receipts, messages, stale, back, (ancestor, messages_first))| Order {
            headers,
            receipts,
            messages,
            stale,
            back,
            ancestor,
            messages_first,
        },
    )
}

fn mischiefs() -> impl Strategy<Value = Mischief> {
    use Mischief::*;
    let all = [
        TooEarly,
        OffBranch,
        UnknownHeader,
        NoHeader,
        StateLeaf,
        LostHeader,
        LostLeaf,
        Tampered,
        OtherProof,
        OtherAncestor,
    ];
    select(all.to_vec())
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        14 => (1..4u32).prop_map(|blocks| Step::Mine { blocks }),
        24 => vec(transfers(), 1..3).prop_map(Step::Transfer),
        28 => orders().prop_map(Step::Deliver),
        4 => Just(Step::Repeat),
        5 => mischiefs().prop_map(Step::Misdeliver),
        2 => Just(Step::Orphans),
        8 => (1..4u32, any::<bool>(), transfers())
            .prop_map(|(more, resume, transfer)| Step::Pause { blocks: more + u32::from(resume), resume, transfer }),
        3 => prop::bool::weighted(0.65).prop_map(Step::Lock),
        8 => (0..USERS.len(), prop::bool::weighted(0.75)).prop_map(|(who, unlock)| Step::Claim { who, unlock }),
        4 => (0..4usize, 1..5u8).prop_map(|(sender, coins)| Step::Give { sender, coins }),
        10 => (1..3u32, any::<u32>(), prop::bool::weighted(0.4))
            .prop_map(|(depth, keep, after_delivery)| Step::Reorganise { depth, keep, after_delivery }),
    ]
}

/// A step, the chain that it is on, and the time since the last block.
type Planned = (Step, Side, Millis);

fn plans() -> impl Strategy<Value = Vec<Planned>> {
    vec((steps(), select(SIDES.to_vec()), 200..3_200u64), STEPS)
}

impl World {
    fn take(&mut self, (step, side, pace): &Planned) {
        let (side, pace) = (*side, *pace);
        match step {
            Step::Mine { blocks } => on!(self, side, |chain| chain.empty(pace, *blocks)),
            Step::Transfer(transfers) => on!(self, side, |chain| {
                let wanted: Vec<_> = transfers.iter().map(|transfer| wanted(chain.own, transfer)).collect();
                chain.transfer(pace, &wanted);
            }),
            Step::Deliver(order) => on!(self, side, |chain| {
                chain.deliver(pace, order);
            }),
            Step::Repeat => on!(self, side, |chain| chain.repeat(pace)),
            Step::Misdeliver(how) => on!(self, side, |chain| chain.misdeliver(pace, *how)),
            Step::Orphans => on!(self, side, |chain| chain.deliver_orphans(pace)),
            Step::Pause { blocks, resume, transfer } => on!(self, side, |chain| {
                let wanted = wanted(chain.own, transfer);
                chain.pause(pace, *blocks, *resume, &wanted);
            }),
            // Only on E can payouts fail.
            Step::Lock(locked) => on!(self, Side::Escrow, |chain| {
                assert_eq!(chain.act(pace, Call::LockEscrow(*locked)), Ok(Pays::Yes));
            }),
            Step::Claim { who, unlock } => {
                // Mostly where somebody is owed something.
                let side = if *who > 0 { Side::Escrow } else { side };
                on!(self, side, |chain| chain.claim(pace, *who, *unlock));
            }
            Step::Give { sender, coins } => {
                // On C the escrow account is one like any other.
                let side = if *sender > 0 { Side::Escrow } else { side };
                on!(self, side, |chain| chain.give(pace, USERS[*sender], Balance::from(*coins) * COIN));
            }
            Step::Reorganise { depth, keep, after_delivery } => on!(self, side, |chain| {
                if *after_delivery {
                    chain.deliver(pace, &Order::EVERYTHING);
                }
                chain.reorganise(*depth, *keep, 1_000 + pace);
            }),
        }
    }

    fn count_received_again(&mut self) {
        for side in SIDES {
            on!(self, side, |chain| chain.count("message received again", chain.own.received_again));
        }
    }
}

fn wanted<R: ChainRuntime>(chain: &SimChain<R>, (sender, recipient, amount): &Transfer) -> Wanted {
    Wanted {
        sender: USERS[*sender],
        recipient: USERS.get(*recipient).copied().unwrap_or(chain.rules.escrow),
        amount: amount.of(chain.rules.limits.per_transfer),
    }
}

/// What a run has to have done, at least. Where no chain is named, both together.
const LEAST: [(&str, u32); 29] = [
    ("transfer on E", 200),
    ("transfer on C", 200),
    ("transfer that will be refused on E", 200),
    ("transfer that will be refused on C", 200),
    ("transfer: BelowMinimum", 200),
    ("transfer: AboveMaximum", 200),
    ("call with headers on E", 200),
    ("call with headers on C", 200),
    ("call with an ancestor on E", 50),
    ("call with an ancestor on C", 50),
    ("message delivered on E", 200),
    ("message delivered on C", 200),
    ("message received again", 50),
    ("receipt delivered on E", 200),
    ("receipt delivered on C", 200),
    ("refused transfer given back", 200),
    ("repeated delivery refused", 200),
    ("wrong delivery refused", 100),
    ("headers of a left branch delivered", 20),
    ("payout queued", 200),
    ("payout in part", 50),
    ("pause", 200),
    ("pause that ran out", 200),
    ("pause ended early", 200),
    ("claim on E", 200),
    ("gift to the escrow account on E", 200),
    ("reorganisation on E", 200),
    ("reorganisation on C", 200),
    ("reorganisation across a delivered message", 50),
];

#[test]
fn coins_are_conserved_whatever_is_relayed_and_reorganised() {
    let long = std::env::var("GRIDPEG_LONG").is_ok_and(|value| value == "1");
    let cases = if long { 10 * CASES } else { CASES };
    let campaign = Campaign { name: "bridge, 640 steps each", cases, shrink: SHRINK, least: &LEAST };
    campaign.run(plans(), |world, plan| {
        for planned in plan {
            world.take(planned);
            world.check();
        }
        world.settle();
        world.count_received_again();
    });
}
