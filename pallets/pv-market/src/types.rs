//! Storage forms, and what calls and queries take and give.

use crate::*;
use gridpeg_market::{
    book::{Key, Side},
    clearing::Clearing,
    settlement::{Allocation, Billing},
    voltage::State,
};

/// Most entries that a query returns.
pub const MAX_PAGE: u32 = 1_000;
/// Most lines of a bill that are about no trade: a penalty of each side, surplus, residual, and what of both is late.
pub const MAX_LINES: u32 = 6;

/// How many orders a book has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Sizes {
    /// Asks.
    pub asks: u32,
    /// Bids.
    pub bids: u32,
}

impl Sizes {
    pub(crate) fn of(&mut self, side: Side) -> &mut u32 {
        match side {
            Side::Ask => &mut self.asks,
            Side::Bid => &mut self.bids,
        }
    }

    /// Both.
    pub fn total(&self) -> u32 {
        self.asks.saturating_add(self.bids)
    }
}

/// On which side of a book an account is, and with how many orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Standing {
    /// The side.
    pub side: Side,
    /// Open orders there.
    pub orders: u32,
}

/// What a site has at stake in a slot: from its first order until its bill.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Stake<A> {
    /// Who placed the orders, and gets the bill.
    pub account: A,
    /// On which side.
    pub side: Side,
    /// Open orders.
    pub orders: u32,
    /// What has traded, once the orders have left the book.
    pub contracted: Wh,
    /// What is held for that.
    pub held: Balance,
    /// What has been settled of it.
    pub tally: Option<Tally>,
}

impl<A> Stake<A> {
    /// Whether nothing came of it.
    pub(crate) fn is_idle(&self) -> bool {
        self.orders == 0 && self.contracted == 0
    }
}

/// The settlement of a site's trades in a slot, up to the trade before the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Tally {
    /// What was metered on this side.
    pub actual: Option<Wh>,
    /// What is left of it.
    pub allocation: Allocation,
    /// The bill of this side so far.
    pub billing: Billing,
    /// Σ settled, in Wh.
    pub settled: Wh,
    /// Σ turnovers.
    pub turnover: Balance,
    /// Σ network fees.
    pub fees: Balance,
    /// The trades' numbers among the account's: the first and the last of these.
    pub numbers: Option<(u64, u64)>,
    /// How many trades.
    pub trades: u32,
}

impl Tally {
    /// Nothing is settled yet. Asks without a reading have exported nothing; bids have taken all.
    pub(crate) fn new(side: Side, actual: Option<Wh>) -> Self {
        let actual = if side == Side::Ask { Some(actual.unwrap_or_default()) } else { actual };
        Self {
            actual,
            allocation: Allocation::new(actual),
            billing: Billing::new(side),
            settled: 0,
            turnover: 0,
            fees: 0,
            numbers: None,
            trades: 0,
        }
    }
}

/// What a trade has to know of an order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Party<A> {
    /// Who placed it.
    pub account: A,
    /// For which site.
    pub site: SiteId,
    /// The site's bus.
    pub bus: Bus,
    /// The site's level.
    pub level: Level,
    /// The order's limit.
    pub limit: Price,
    /// Whether it is green.
    pub green: bool,
}

/// The book that is being cleared.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct BookInClearing<A> {
    /// Of which slot.
    pub slot: Slot,
    /// Of which feeder.
    pub feeder: FeederId,
    /// The version of the terms.
    pub version: u32,
    /// What is being done.
    pub stage: Stage<A>,
}

/// What is being done to a book.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
// One of them is in storage, and none lies in a list.
#[allow(clippy::large_enum_variant)]
pub enum Stage<A> {
    /// Orders are matched.
    Matching {
        /// How far that is.
        clearing: Clearing<Party<A>>,
        /// What trades have done to the voltages.
        voltages: State,
    },
    /// Orders leave the book.
    Emptying {
        /// Which side.
        side: Side,
        /// The last one that left it.
        after: Option<Key>,
        /// What has come of the book.
        result: BookResult,
    },
}

/// The slot that is being settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct SlotInSettlement {
    /// Which one.
    pub slot: Slot,
    /// What is being done.
    pub stage: SettleStage,
    /// Bills written so far.
    pub bills: u32,
}

/// What is being done to a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum SettleStage {
    /// Trades of a book are settled, by number.
    Trades {
        /// The book's feeder.
        feeder: FeederId,
        /// The next trade.
        next: u32,
        /// How many there are.
        trades: u32,
    },
    /// Sites are billed, in the order of their numbers.
    Bills {
        /// The last one.
        after: Option<SiteId>,
    },
}

/// A clearing period's trades, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct PeriodTotals {
    /// In Wh.
    pub energy: u128,
    /// Σ quantity · price in Wh · 10⁻¹⁶ coin per kWh.
    pub value: U256,
    /// Accounts that sold.
    pub sellers: u32,
    /// Accounts that bought.
    pub buyers: u32,
    /// Accounts that did both.
    pub both: u32,
    /// Whether it is reported, and only its parties are left to be forgotten.
    pub reported: bool,
}

/// What an account did in a clearing period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Seen {
    /// It sold.
    pub sold: bool,
    /// It bought.
    pub bought: bool,
}
