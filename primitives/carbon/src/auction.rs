//! The auction: who trades with whom, how much, at which price (Algorithm 2 line 7, section IV.C, table 4).
//!
//! A round has two stages ([`Stage`]): "the carbon market is prioritized internally, and the surplus carbon quota is
//! cleared with the distributed power generation market".
//!
//! 1. The bids meet the asks of the regulated.
//! 2. What is left of the bids, whether they met an ask before or not, meets the asks of PVPs.
//!
//! Each stage is a clearing of [`gridpeg_market::clearing`], the one of the electricity market: two lists are read in
//! order ([`Pairing`]), the first of each trade min(what is left of both), and who is used up makes room for the next.
//! So with S asks and B bids a stage has at most B + S − 1 trades and takes at most B + S + 1 steps, twice as many with
//! one price for all.
//!
//! | | price of a trade |
//! |---|---|
//! | [`Rule::Midpoint`] | ask + k · (bid − ask) / 10,000 of its own pair; k = 5,000: the paper's (ask + bid) / 2 |
//! | [`Rule::PayAsClear`] | one for all trades of a stage, that of the stage's last pair |
//!
//! The price is kept exact; the turnover ⌊g · price / 10⁶⌋ is rounded once, down, the same for both sides. It is from
//! ask to bid in every trade. With one price for all the two stages have a price each, because one for both could be
//! below a CEC's ask: PVPs' asks may be far lower.
//!
//! Between two pairs of quotes that cross, priority is all that counts: whom it favours is a matter of the pairing.
//! Best price first trades as much as can be traded within a stage. The paper's order may trade less: two quotes that
//! meet there and do not cross are both passed over, as the ninth row of table 4 is with the quotes that the paper
//! prints.
//!
//! ## Stopping and going on
//! [`Auction`] is all that is known between two steps, with an encoding of bounded length. A block can stop after any
//! step and a later one go on, with the same trades in the same order.

use crate::{
    quotes::{Key, List, Pairing, Quote, QuoteId, Quotes, Rank, Side, Stage},
    units::{turnover_at, Balance, FinePrice, Grams, TonnePrice},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_header::U256;
use gridpeg_market::{
    book::{Book, Order, Uncrossed},
    clearing::{self, Clearing, Rule, Totals, Trade},
    voltage::CopperPlate,
};
use gridpeg_messages::prices::Summary;
use scale_info::TypeInfo;

pub use crate::quotes::Terms;

/// What two quotes have agreed on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Deal<A> {
    /// Its number in the round, from 0.
    pub number: u32,
    /// In which stage.
    pub stage: Stage,
    /// The ask.
    pub ask: QuoteId,
    /// The bid.
    pub bid: QuoteId,
    /// Whose the ask is.
    pub seller: A,
    /// Whose the bid is.
    pub buyer: A,
    /// Quota in g; never 0.
    pub quantity: Grams,
    /// Between the two limits.
    pub price: FinePrice,
    /// What the buyer pays the seller.
    pub turnover: Balance,
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<A> {
    /// Two quotes traded.
    Dealt(Deal<A>),
    /// Two quotes met and do not cross: both are passed over in this stage. In the paper's pairing only.
    Uncrossed {
        /// In which stage.
        stage: Stage,
        /// The ask.
        ask: QuoteId,
        /// The bid.
        bid: QuoteId,
    },
    /// A quote that is not valid is passed over in this stage. None that [`Terms::admit`] lets in is.
    PassedOver {
        /// In which stage.
        stage: Stage,
        /// Its side.
        side: Side,
        /// Its number.
        quote: QuoteId,
        /// Whose it is.
        account: A,
    },
}

/// What has been traded in a round so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct RoundResult {
    /// How many trades.
    pub trades: u32,
    /// Their quota in g.
    pub grams: Grams,
    /// ⌊Σ quantity · price / Σ quantity⌋; `None` without trades.
    pub price: Option<TonnePrice>,
    /// The one price of each stage, once it is found; with one price for all only.
    pub uniform: [Option<FinePrice>; 2],
}

impl RoundResult {
    /// What is reported of the round's clearing period; `None` without trades. `sellers` and `buyers`: how many sold
    /// and bought, those who did both left out.
    pub fn summary(&self, sellers: u32, buyers: u32) -> Option<Summary> {
        // At most 10¹⁸, below 2⁶³.
        let price = i64::try_from(self.price?).ok()?;
        Some(Summary { price, quantity: self.grams, sellers, buyers })
    }
}

/// Whose a quote is, with its rank. Part of [`Auction`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Party<A> {
    account: A,
    rank: Rank,
}

/// The quotes of one stage, as the clearing reads them.
struct StageBook<'a, Q> {
    quotes: &'a Q,
    stage: Stage,
    pairing: Pairing,
}

impl<A, Q: Quotes<A>> Book<Party<A>> for StageBook<'_, Q> {
    fn orders(&self, side: Side, after: Option<Key>) -> impl Iterator<Item = Order<Party<A>>> {
        let list: List = self.stage.list(side);
        self.quotes.quotes(list, after).map(order_of)
    }

    fn key(&self, side: Side, order: &Order<Party<A>>) -> Key {
        self.pairing.key(side, order.account.rank, order.limit, order.id)
    }

    fn uncrossed(&self) -> Uncrossed {
        match self.pairing {
            Pairing::Price => Uncrossed::End,
            Pairing::Paper => Uncrossed::PassOver,
        }
    }
}

/// A quote of more than a quote can have is none: it is passed over.
fn order_of<A>(quote: Quote<A>) -> Order<Party<A>> {
    let Quote { id, account, rank, quantity, limit } = quote;
    Order { id, account: Party { account, rank }, quantity: u64::try_from(quantity).unwrap_or(0), limit, bus: 0 }
}

/// A round's clearing, from step to step.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Auction<A> {
    terms: Terms,
    stage: Stage,
    clearing: Clearing<Party<A>>,
    /// What the first stage came to, once it is over.
    internal: Totals,
    /// Its one price.
    internal_price: Option<FinePrice>,
}

impl<A: Clone> Auction<A> {
    /// The clearing of a round that nothing was done with.
    pub fn new(terms: Terms) -> Self {
        Self {
            terms,
            stage: Stage::Internal,
            clearing: stage_of(&terms),
            internal: Totals::default(),
            internal_price: None,
        }
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        self.stage == Stage::Cross && self.clearing.is_done()
    }

    /// The stage that the next step is in.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// What has been traded so far.
    pub fn result(&self) -> RoundResult {
        let totals = add(&self.internal, self.clearing.totals());
        let now = self.clearing.uniform_price();
        let uniform = match self.stage {
            Stage::Internal => [now, None],
            Stage::Cross => [self.internal_price, now],
        };
        RoundResult { trades: totals.trades, grams: totals.energy, price: totals.mean_price(), uniform }
    }

    /// How many steps a round takes at most.
    pub fn most_steps(rule: Rule, cec_asks: u32, pvp_asks: u32, bids: u32) -> u64 {
        let stage = |asks| Clearing::<Party<A>>::most_steps(rule, asks, bids);
        stage(cec_asks).saturating_add(stage(pvp_asks))
    }

    /// Goes on by at most this many steps, and returns how many it took: fewer only at the end of a stage, where it
    /// stops. Before it is called again, what was traded must leave the quotes or get smaller, as the second stage
    /// reads the bids anew.
    ///
    /// A step reads at most one quote of each side and makes at most one trade. Both lists are opened once for each
    /// pass that this call has a part in. `on` gets what happens, in order.
    pub fn run(&mut self, quotes: &impl Quotes<A>, most: u32, mut on: impl FnMut(Event<A>)) -> u32 {
        let (stage, first) = (self.stage, self.internal.trades);
        let book = StageBook { quotes, stage, pairing: self.terms.pairing };
        let steps = self.clearing.run(&book, &mut CopperPlate, most, |event| on(event_of(stage, first, event)));
        if stage == Stage::Internal && self.clearing.is_done() {
            self.internal = self.clearing.totals().clone();
            self.internal_price = self.clearing.uniform_price();
            self.clearing = stage_of(&self.terms);
            self.stage = Stage::Cross;
        }
        steps
    }
}

fn stage_of<A: Clone>(terms: &Terms) -> Clearing<Party<A>> {
    Clearing::new(terms.pricing, u64::try_from(terms.lot).unwrap_or(u64::MAX))
}

fn add(first: &Totals, second: &Totals) -> Totals {
    let value: U256 = first.value.saturating_add(second.value);
    Totals {
        trades: first.trades.saturating_add(second.trades),
        energy: first.energy.saturating_add(second.energy),
        value,
    }
}

/// An event of the clearing of a stage. `first`: how many trades the stages before have made.
fn event_of<A>(stage: Stage, first: u32, event: clearing::Event<Party<A>>) -> Event<A> {
    match event {
        clearing::Event::Traded(trade) => {
            let Trade { number, ask, bid, seller, buyer, quantity, price, limited_by: _ } = trade;
            let quantity = Grams::from(quantity);
            Event::Dealt(Deal {
                number: first.saturating_add(number),
                stage,
                ask,
                bid,
                seller: seller.account,
                buyer: buyer.account,
                quantity,
                price,
                turnover: turnover_at(quantity, price),
            })
        }
        clearing::Event::Uncrossed { ask, bid } => Event::Uncrossed { stage, ask, bid },
        clearing::Event::PassedOver { side, order, account } => {
            Event::PassedOver { stage, side, quote: order, account: account.account }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_between_blocks_is_bounded() {
        let (small, large) = (Auction::<u32>::max_encoded_len(), Auction::<[u8; 32]>::max_encoded_len());
        assert!(small < 600 && large < 700, "{small} {large}");
    }

    #[test]
    fn a_round_without_quotes_is_over_after_its_stages() {
        struct Nothing;
        impl Quotes<u32> for Nothing {
            fn quotes(&self, _: List, _: Option<Key>) -> impl Iterator<Item = Quote<u32>> {
                core::iter::empty()
            }
        }
        let mut auction = Auction::new(Terms::default());
        assert_eq!(auction.run(&Nothing, 0, |_| panic!("nothing can happen")), 0);
        assert_eq!((auction.stage(), auction.is_done()), (Stage::Internal, false));
        assert_eq!(auction.run(&Nothing, 10, |_| panic!("nothing can happen")), 1);
        assert_eq!((auction.stage(), auction.is_done()), (Stage::Cross, false));
        assert_eq!(auction.run(&Nothing, 10, |_| panic!("nothing can happen")), 1);
        assert!(auction.is_done());
        assert_eq!(auction.run(&Nothing, 10, |_| panic!("nothing can happen")), 0);
        assert_eq!(auction.result(), RoundResult::default());
        assert_eq!(auction.result().summary(0, 0), None);
        assert_eq!(Auction::<u32>::most_steps(Rule::Midpoint, 0, 0, 0), 2);
        assert_eq!(Auction::<u32>::most_steps(Rule::PayAsClear, 1, 2, 3), 22);
    }
}
