//! Clearing: which orders of a book trade with which, how much, at which price.
//!
//! The best bid meets the best ask ([`crate::book`] says which that is) as long as bid ≥ ask. They trade
//!
//! q = min(what is left of the ask, what is left of the bid, what the voltages allow),
//!
//! and the order that is used up makes room for the next one. Where the voltages are in the way of more, the order that
//! [`Allowance::limited_by`](crate::voltage::Allowance) names is passed over after that: it trades nothing more in this
//! book. So it is, too, without any trade, if they allow less than the minimum lot; only what is left of an order may
//! be less than a lot. An order that could still have traded with one further down the book loses that chance: this is
//! what it costs to read each order once.
//!
//! Every step of that ends at least one order. So with S asks and B bids there are at most B + S − 1 trades, each order
//! is read once in a pass, and a pass takes at most B + S + 1 steps.
//!
//! ## The price
//! k in 1/10,000 shares out what a pair has to gain from trading: price = ask + k · (bid − ask) / 10,000, kept exact
//! ([`FinePrice`]). 0 leaves it all to the buyer, 10,000 to the seller, 5,000 is the middle.
//!
//! | rule | price of a trade | passes |
//! |---|---|---|
//! | [`Rule::Midpoint`] | its own pair's, from the two limits | 1 |
//! | [`Rule::PayAsClear`] | one for all trades, that of the *marginal pair*: the last one that trades | 2 |
//!
//! Asks trade in rising, bids in falling order of their limits. So the marginal pair has the highest ask and the lowest
//! bid of all that trade, and its price is between ask and bid of every pair. Who trades with whom and how much does
//! not depend on the price: the first pass finds the marginal pair, the second makes the trades. Either rule gives
//! every trade a price from ask to bid. Only trades set a price, and no trade is of no quantity.
//!
//! That nobody trades with himself is for the book to see to: an account has asks or bids there, not both.
//!
//! ## Stopping and going on
//! [`Clearing`] is all that is known between two steps, with the [`State`](crate::voltage::State) of the voltages
//! beside it. Both have an encoding of bounded length, so a block can stop after any step and a later one go on, with
//! the same trades in the same order as if it had not been interrupted.

use crate::{
    book::{Book, Key, Order, OrderId, Side, Uncrossed},
    units::{Balance, BasisPoints, FinePrice, Price, Wh, WHOLE},
    voltage::Grid,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_header::U256;
use scale_info::TypeInfo;

/// How a trade gets its price.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Rule {
    /// One price for all trades, from the marginal pair.
    #[codec(index = 0)]
    PayAsClear,
    /// Each pair its own.
    #[codec(index = 1)]
    Midpoint,
}

/// Rule and k.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pricing {
    /// The rule.
    pub rule: Rule,
    /// k, from 0 (the price is the ask) to 10,000 (it is the bid).
    pub k: BasisPoints,
}

impl Pricing {
    /// Whether k is at most 10,000.
    pub fn is_valid(&self) -> bool {
        self.k <= WHOLE
    }
}

/// What two orders have agreed on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Trade<A> {
    /// Its number in the book, from 0.
    pub number: u32,
    /// The ask.
    pub ask: OrderId,
    /// The bid.
    pub bid: OrderId,
    /// Whose the ask is.
    pub seller: A,
    /// Whose the bid is.
    pub buyer: A,
    /// Energy; never 0.
    pub quantity: Wh,
    /// Between the two limits.
    pub price: FinePrice,
    /// If the voltages do not allow more: whose order is in the way, and passed over from now on.
    pub limited_by: Option<Side>,
}

impl<A> Trade<A> {
    /// What the buyer owes the seller if all of it is delivered, rounded down.
    pub fn turnover(&self) -> Balance {
        self.price.turnover(self.quantity)
    }
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<A> {
    /// Two orders traded.
    Traded(Trade<A>),
    /// Two orders met and do not cross: both are passed over. In a book of an order of its own only.
    Uncrossed {
        /// The ask.
        ask: OrderId,
        /// The bid.
        bid: OrderId,
    },
    /// The voltages are in the way of an order (or it is not valid): it is passed over, without a trade in this step.
    PassedOver {
        /// Its side.
        side: Side,
        /// Its number.
        order: OrderId,
        /// Whose it is.
        account: A,
    },
}

/// What has been traded so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Totals {
    /// How many trades.
    pub trades: u32,
    /// Their energy in Wh.
    pub energy: u128,
    /// Σ quantity · fine price, in 10⁻¹⁶ coin per kWh · Wh.
    pub value: U256,
}

impl Totals {
    /// The mean price weighted by quantity, ⌊Σ quantity · price / Σ quantity⌋; `None` without trades.
    pub fn mean_price(&self) -> Option<Price> {
        let weight = U256::from(self.energy).checked_mul(U256::from(WHOLE))?;
        Price::try_from(self.value.checked_div(weight)?).ok()
    }

    fn add(&mut self, quantity: Wh, price: FinePrice) {
        self.trades = self.trades.saturating_add(1);
        self.energy = self.energy.saturating_add(u128::from(quantity));
        // Below 2¹³⁸ each, and there are at most 2³².
        let value = U256::from(quantity).saturating_mul(U256::from(price.get()));
        self.value = self.value.saturating_add(value);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
enum Pass {
    /// Looks for the marginal pair.
    Search,
    /// Makes the trades.
    Trade,
    /// Nothing more to do.
    Done,
}

/// How far a side has been read. Part of [`Clearing`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Queue<A> {
    /// The best order that is neither used up nor passed over, with what is left of it, once it is read.
    head: Option<Order<A>>,
    /// The key of the last order read.
    read: Option<Key>,
}

enum Read<A> {
    Head,
    Invalid(Order<A>),
    End,
}

impl<A> Queue<A> {
    fn new() -> Self {
        Self { head: None, read: None }
    }

    /// Sees to it that there is a head.
    fn fill(&mut self, book: &impl Book<A>, side: Side, orders: &mut impl Iterator<Item = Order<A>>) -> Read<A> {
        if self.head.is_some() {
            return Read::Head;
        }
        let Some(order) = orders.next() else { return Read::End };
        self.read = Some(book.key(side, &order));
        if !order.is_valid() {
            return Read::Invalid(order);
        }
        self.head = Some(order);
        Read::Head
    }

    /// Takes a quantity from the head; it makes room when nothing is left.
    fn use_up(&mut self, quantity: Wh) {
        if let Some(head) = &mut self.head {
            head.quantity = head.quantity.saturating_sub(quantity);
            if head.quantity == 0 {
                self.head = None;
            }
        }
    }
}

enum Step<A> {
    /// One step further.
    Next(Option<Event<A>>),
    /// A pass is over: both sides are read from the beginning, or not any more.
    Over,
}

/// The clearing of one book, from step to step.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Clearing<A> {
    pricing: Pricing,
    lot: Wh,
    pass: Pass,
    asks: Queue<A>,
    bids: Queue<A>,
    /// Limits of the last pair that traded in this pass: ask, bid.
    marginal: Option<(Price, Price)>,
    /// The price for all, once it is found.
    uniform: Option<FinePrice>,
    totals: Totals,
}

impl<A: Clone> Clearing<A> {
    /// The clearing of a book that nothing was done with. A lot of 0 counts as 1 Wh.
    pub fn new(pricing: Pricing, lot: Wh) -> Self {
        let pass = match pricing.rule {
            Rule::PayAsClear => Pass::Search,
            Rule::Midpoint => Pass::Trade,
        };
        Self {
            pricing,
            lot: lot.max(1),
            pass,
            asks: Queue::new(),
            bids: Queue::new(),
            marginal: None,
            uniform: None,
            totals: Totals::default(),
        }
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        self.pass == Pass::Done
    }

    /// What has been traded so far.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// The one price of pay-as-clear, once its first pass is over; `None` if nothing trades, and with the other rule.
    pub fn uniform_price(&self) -> Option<FinePrice> {
        self.uniform
    }

    /// How many steps a book takes at most.
    pub fn most_steps(rule: Rule, asks: u32, bids: u32) -> u64 {
        let pass = u64::from(asks).saturating_add(u64::from(bids)).saturating_add(1);
        match rule {
            Rule::PayAsClear => pass.saturating_mul(2),
            Rule::Midpoint => pass,
        }
    }

    /// Goes on by at most this many steps, and returns how many it took: fewer only if it is done.
    ///
    /// A step reads at most one order of each side, asks the grid once and makes at most one trade. Both sides are
    /// opened once for each pass that this call has a part in. `on` gets what happens, in order, once for each event
    /// whatever the number of passes: the last pass tells.
    ///
    /// The book must be the same in all calls, except that orders may leave it or get smaller once they have traded;
    /// the grid must be as the last call left it, and fresh in the first.
    pub fn run(&mut self, book: &impl Book<A>, grid: &mut impl Grid, most: u32, mut on: impl FnMut(Event<A>)) -> u32 {
        let mut steps = 0u32;
        while steps < most && !self.is_done() {
            let mut asks = book.orders(Side::Ask, self.asks.read);
            let mut bids = book.orders(Side::Bid, self.bids.read);
            while steps < most {
                steps = steps.saturating_add(1);
                match self.step(book, &mut asks, &mut bids, grid) {
                    Step::Next(event) => event.into_iter().for_each(&mut on),
                    Step::Over => break,
                }
            }
        }
        steps
    }

    fn step(
        &mut self,
        book: &impl Book<A>,
        asks: &mut impl Iterator<Item = Order<A>>,
        bids: &mut impl Iterator<Item = Order<A>>,
        grid: &mut impl Grid,
    ) -> Step<A> {
        match self.asks.fill(book, Side::Ask, asks) {
            Read::Head => {}
            Read::Invalid(order) => return self.passed_over(Side::Ask, order),
            Read::End => return self.end_pass(grid),
        }
        match self.bids.fill(book, Side::Bid, bids) {
            Read::Head => {}
            Read::Invalid(order) => return self.passed_over(Side::Bid, order),
            Read::End => return self.end_pass(grid),
        }
        let (Some(ask), Some(bid)) = (&self.asks.head, &self.bids.head) else { return self.end_pass(grid) };
        if bid.limit < ask.limit {
            return match book.uncrossed() {
                Uncrossed::End => self.end_pass(grid),
                Uncrossed::PassOver => self.pass_pair(),
            };
        }
        let wanted = ask.quantity.min(bid.quantity);
        let allowance = grid.most(ask.bus, bid.bus);
        let quantity = wanted.min(allowance.most);
        let limited_by = (quantity < wanted).then_some(allowance.limited_by);
        match limited_by {
            Some(side) if quantity < self.lot => match self.queue(side).head.take() {
                Some(order) => self.passed_over(side, order),
                None => self.end_pass(grid),
            },
            _ => {
                grid.add(ask.bus, bid.bus, quantity);
                let trade = self.trade(quantity, limited_by);
                self.asks.use_up(quantity);
                self.bids.use_up(quantity);
                if let Some(side) = limited_by {
                    self.queue(side).head = None;
                }
                Step::Next(trade.map(Event::Traded))
            }
        }
    }

    /// The heads trade: in the first pass of two they set the marginal pair only.
    fn trade(&mut self, quantity: Wh, limited_by: Option<Side>) -> Option<Trade<A>> {
        let (ask, bid) = (self.asks.head.as_ref()?, self.bids.head.as_ref()?);
        self.marginal = Some((ask.limit, bid.limit));
        if self.pass != Pass::Trade {
            return None;
        }
        let price = self.uniform.unwrap_or_else(|| FinePrice::between(ask.limit, bid.limit, self.pricing.k));
        let trade = Trade {
            number: self.totals.trades,
            ask: ask.id,
            bid: bid.id,
            seller: ask.account.clone(),
            buyer: bid.account.clone(),
            quantity,
            price,
            limited_by,
        };
        self.totals.add(quantity, price);
        Some(trade)
    }

    fn queue(&mut self, side: Side) -> &mut Queue<A> {
        match side {
            Side::Ask => &mut self.asks,
            Side::Bid => &mut self.bids,
        }
    }

    fn passed_over(&self, side: Side, order: Order<A>) -> Step<A> {
        let tell = self.pass == Pass::Trade;
        Step::Next(tell.then_some(Event::PassedOver { side, order: order.id, account: order.account }))
    }

    /// Passes over both heads.
    fn pass_pair(&mut self) -> Step<A> {
        let tell = self.pass == Pass::Trade;
        let pair = self.asks.head.take().zip(self.bids.head.take());
        Step::Next(pair.filter(|_| tell).map(|(ask, bid)| Event::Uncrossed { ask: ask.id, bid: bid.id }))
    }

    fn end_pass(&mut self, grid: &mut impl Grid) -> Step<A> {
        self.asks = Queue::new();
        self.bids = Queue::new();
        let marginal = self.marginal.take();
        if self.pass == Pass::Search {
            self.uniform = marginal.map(|(ask, bid)| FinePrice::between(ask, bid, self.pricing.k));
            self.pass = Pass::Trade;
            grid.restart();
        } else {
            self.pass = Pass::Done;
        }
        Step::Over
    }
}
