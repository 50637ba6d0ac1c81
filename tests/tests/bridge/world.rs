//! Both chains, and what holds of them together.

use crate::{
    acting::{Counts, PACE},
    chain::SimChain,
    parcel::Order,
    runtimes::{Call, ChainRuntime},
};
use gridpeg_header::{forge::easy_parameters, Millis};
use gridpeg_messages::units::{Balance, COIN};
use pallet_light_client::Anchor;
use pallet_peg::{Limits, Side};
use polkadot_sdk::frame_support::dispatch::Pays;

/// Time of the first block.
const BEGIN: Millis = 1_700_000_000_000;
/// Both chains, by the end of the peg that each is.
pub const SIDES: [Side; 2] = [Side::Escrow, Side::Issuance];
/// More than a chain needs to work off its queue.
const ROUNDS: u32 = 300;

/// Limits of E. Payouts have to wait now and then.
const ELECTRICITY_LIMITS: Limits = Limits { per_transfer: 40 * COIN, per_period: 40 * COIN, period: 24 };
/// Limits of C. A single transfer from E can be more than a period lets through.
const CARBON_LIMITS: Limits = Limits { per_transfer: 20 * COIN, per_period: 20 * COIN, period: 6 };

/// Both chains.
pub struct World {
    pub e: SimChain<electricity_runtime::Runtime>,
    pub c: SimChain<carbon_runtime::Runtime>,
    /// Time of the last block of either.
    pub clock: Millis,
    pub counts: Counts,
}

/// Does something on one chain of a world, for which the body is compiled for both.
macro_rules! on {
    ($world:expr, $side:expr, |$acting:ident| $body:expr) => {{
        let world: &mut $crate::world::World = &mut *$world;
        let (clock, counts) = (&mut world.clock, &mut world.counts);
        match $side {
            pallet_peg::Side::Escrow => {
                #[allow(unused_mut)]
                let mut $acting = $crate::acting::Acting { own: &mut world.e, other: &world.c, clock, counts };
                $body
            }
            pallet_peg::Side::Issuance => {
                #[allow(unused_mut)]
                let mut $acting = $crate::acting::Acting { own: &mut world.c, other: &world.e, clock, counts };
                $body
            }
        }
    }};
}
pub(crate) use on;

/// The other chain.
pub fn opposite(side: Side) -> Side {
    match side {
        Side::Escrow => Side::Issuance,
        Side::Issuance => Side::Escrow,
    }
}

impl World {
    /// Both chains after E's first block, which anchors C. C's genesis names E.
    pub fn new() -> Self {
        let mut e = SimChain::<electricity_runtime::Runtime>::new(None, ELECTRICITY_LIMITS);
        let c = SimChain::new(Some(e.anchor()), CARBON_LIMITS);
        e.rules.counterpart = c.rules.genesis;
        let anchor = c.anchor();
        let mut world = Self { e, c, clock: BEGIN, counts: Counts::default() };
        world.anchor(anchor);
        assert_eq!(world.e.head().books.escrow, world.c.head().books.issued);
        world
    }

    fn anchor(&mut self, anchor: Anchor) {
        assert_eq!(on!(self, Side::Escrow, |e| e.act(PACE, Call::Anchor(anchor))), Ok(Pays::Yes));
    }

    /// Checks what holds of both chains while no confirmed block was ever replaced. What holds of one alone was checked
    /// when its block was made.
    pub fn check(&self) {
        assert!(!self.e.head().lanes.frozen && !self.c.head().lanes.frozen);
        check_lane(&self.e, &self.c);
        check_lane(&self.c, &self.e);
        let (a, b) = self.under_way();
        let (e, c) = (self.e.head(), self.c.head());
        assert_eq!(e.books.escrow - e.ledger.surplus, c.books.issued + a + b, "X = I + a + b");
    }

    /// a and b of the supply equation: coins that have left E, or C, and neither arrived nor come back.
    pub fn under_way(&self) -> (Balance, Balance) {
        let (e, c) = (self.e.head().books, self.c.head().books);
        let [a, b] = [(e, c), (c, e)].map(|(from, to)| {
            let gone = from.sent.checked_sub(to.paid + from.returned).expect("no more arrives or comes back than left");
            let in_messages = from.sent.checked_sub(to.received).expect("nothing is received that was not sent");
            let back =
                to.refused.checked_sub(from.returned + from.unreturned).expect("only what is refused comes back");
            assert_eq!(gone, in_messages + to.queued + to.unclaimed + back + from.unreturned);
            gone
        });
        (a, b)
    }

    /// Makes and delivers whatever is needed until nothing is under way.
    pub fn settle(&mut self) {
        assert_eq!(on!(self, Side::Escrow, |e| e.act(PACE, Call::LockEscrow(false))), Ok(Pays::Yes));
        for round in 0.. {
            self.round();
            self.check();
            if self.is_settled() {
                break;
            }
            assert!(round < ROUNDS, "messages or payouts are stuck");
        }
        for side in SIDES {
            on!(self, side, |chain| for account in chain.own.head().ledger.owed.clone().into_keys() {
                assert_eq!(chain.act(PACE, Call::Claim { recipient: account }), Ok(Pays::Yes));
            });
        }
        self.check();
        assert_eq!(self.under_way(), (0, 0));
    }

    /// As many blocks as confirm, then all that can be delivered.
    pub fn round(&mut self) {
        for side in SIDES {
            on!(self, side, |chain| chain.empty(PACE, easy_parameters().confirmations + 1));
        }
        for side in SIDES {
            on!(self, side, |chain| chain.deliver_all(&Order::EVERYTHING));
        }
    }

    /// Whether all messages are settled and all queues empty.
    fn is_settled(&self) -> bool {
        let (e, c) = (&self.e.head().ledger, &self.c.head().ledger);
        [e, c].iter().all(|ledger| ledger.settled == ledger.sent && ledger.queue.is_empty())
    }
}

/// What the destination has received is what the source has sent, and the source has receipts of nothing else.
fn check_lane<S: ChainRuntime, D: ChainRuntime>(source: &SimChain<S>, destination: &SimChain<D>) {
    let (sender, receiver) = (&source.head().ledger, &destination.head().ledger);
    assert!(sender.settled <= receiver.received && receiver.received <= sender.sent, "{} to {}", S::NAME, D::NAME);
    assert!(receiver.acknowledged <= sender.settled);
    if receiver.received > 0 {
        let message = source.message(source.tip, receiver.received).expect("it was sent");
        assert_eq!(message.hash(), receiver.last_received, "{} to {}", S::NAME, D::NAME);
    }
}
