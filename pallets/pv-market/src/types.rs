//! Storage forms, and what calls and queries take and give.

use crate::*;
use gridpeg_market::{
    book::{Key, OrderId, Side},
    clearing::Clearing,
    settlement::{Allocation, Billing, Contract, Line},
    units::FinePrice,
    voltage::State,
};

/// Most entries that a query returns.
pub const MAX_PAGE: u32 = 1_000;
/// Lines of a bill that are about no trade: a penalty, the surplus, the residual.
pub const MAX_LINES: u32 = 4;

/// An order, as it is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct OrderRequest {
    /// For which site.
    pub site: SiteId,
    /// For delivery in which slot.
    pub slot: Slot,
    /// To sell (ask) or to buy (bid).
    pub side: Side,
    /// How much, in Wh.
    pub quantity: Wh,
    /// Asks: the least price; bids: the highest. In 10⁻¹² coin per kWh.
    pub limit: Price,
    /// Asks: whether it is sold as green energy, and gets no quota.
    pub green: bool,
    /// From when on it is not to trade any more, Unix ms. At the latest the gate ends it.
    pub expires: Option<Millis>,
}

/// Where an open order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Place {
    /// For which slot.
    pub slot: Slot,
    /// On which feeder.
    pub feeder: FeederId,
    /// On which side.
    pub side: Side,
    /// At which limit.
    pub limit: Price,
}

impl Place {
    pub(crate) fn key(&self, id: OrderId) -> Key {
        self.side.key(self.limit, id)
    }
}

/// An open order. Its key has the limit and its number.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct BookOrder<A> {
    /// Who placed it.
    pub owner: A,
    /// For which site.
    pub site: SiteId,
    /// The site's bus.
    pub bus: Bus,
    /// The site's voltage level.
    pub level: Level,
    /// How much.
    pub quantity: Wh,
    /// How much of it has traded. 0 before the book is cleared.
    pub filled: Wh,
    /// What it holds.
    pub hold: Balance,
    /// Whether it is green.
    pub green: bool,
    /// From when on it is not to trade.
    pub expires: Option<Millis>,
}

impl<A> BookOrder<A> {
    /// What is held on for the trades it has made: its share of the hold, rounded up. As holds are by quantity, that is
    /// no less than an order of just what traded would hold.
    pub(crate) fn kept(&self) -> Balance {
        if self.filled >= self.quantity {
            return self.hold;
        }
        let up = U256::from(self.quantity.saturating_sub(1));
        let share = U256::from(self.hold).saturating_mul(U256::from(self.filled)).saturating_add(up);
        let share = share.checked_div(U256::from(self.quantity)).unwrap_or_default();
        Balance::try_from(share).unwrap_or(self.hold).min(self.hold)
    }
}

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

/// How far the market is. Ascending from `prune` to `clear`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Cursors {
    /// The slot whose books are cleared next: those of all earlier ones are.
    pub clear: Slot,
    /// The slot that is settled next: all earlier ones are.
    pub settle: Slot,
    /// The slot that is forgotten next: all earlier ones are.
    pub prune: Slot,
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

/// What has come of a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct BookResult {
    /// The mean price weighted by quantity, rounded down; none without trades.
    pub price: Option<Price>,
    /// The one price of all trades, if it was cleared at one.
    pub uniform: Option<FinePrice>,
    /// What was traded, in Wh.
    pub energy: u128,
    /// In how many trades.
    pub trades: u32,
    /// The version of the terms.
    pub version: u32,
}

/// A trade.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct TradeRecord<A> {
    /// The ask.
    pub ask: OrderId,
    /// The bid.
    pub bid: OrderId,
    /// Who sells.
    pub seller: A,
    /// From which site.
    pub seller_site: SiteId,
    /// Who buys.
    pub buyer: A,
    /// For which site.
    pub buyer_site: SiteId,
    /// How much.
    pub quantity: Wh,
    /// At which price.
    pub price: FinePrice,
    /// What the buyer pays for the network, per kWh.
    pub fee: Price,
    /// Whether it is green.
    pub green: bool,
    /// Limits of the ask and the bid.
    pub limits: (Price, Price),
    /// What came of it.
    pub settlement: Option<Settlement>,
}

/// What came of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Settlement {
    /// What the seller had for it.
    pub allocated_seller: Wh,
    /// What the buyer took of it.
    pub allocated_buyer: Wh,
    /// The smaller of the two.
    pub settled: Wh,
    /// The trade's number among the seller's.
    pub seller_no: u64,
    /// The trade's number among the buyer's.
    pub buyer_no: u64,
}

impl<A> TradeRecord<A> {
    /// The trade as one of its sides bills it.
    pub(crate) fn contract(&self, number: u32, side: Side, settlement: &Settlement) -> Contract {
        let allocated = match side {
            Side::Ask => settlement.allocated_seller,
            Side::Bid => settlement.allocated_buyer,
        };
        let settled = settlement.settled;
        Contract { trade: number, quantity: self.quantity, price: self.price, fee: self.fee, allocated, settled }
    }
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

/// A site's bill of a slot. Its lines can be worked out again ([`ItemisedBill`]).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Bill<A> {
    /// Whose it is.
    pub account: A,
    /// The version of the terms.
    pub version: u32,
    /// The site's mode in that slot.
    pub mode: Mode,
    /// The site's voltage level.
    pub level: Level,
    /// What was metered; without an export meter nothing.
    pub exported: Option<Wh>,
    /// What was metered; none without a reading: then what was contracted counts.
    pub imported: Option<Wh>,
    /// The site's trades are among the account's with these numbers, from the first to the last.
    pub numbers: Option<(u64, u64)>,
    /// How many trades of the site there are.
    pub trades: u32,
    /// Σ of all lines that the account gets.
    pub credit: Balance,
    /// Σ of all lines that the account owes.
    pub debit: Balance,
    /// How much of the debit was paid from electricity credit.
    pub drawn: Balance,
    /// How much of the debit the account could not pay: it is in arrears.
    pub unpaid: Balance,
}

/// A bill with its lines.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ItemisedBill<A> {
    /// The bill.
    pub bill: Bill<A>,
    /// Its lines: trades in the order of their numbers, then the rest.
    pub lines: Vec<Line>,
}

/// A site's bills of a month, added up.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct MonthSums {
    /// How many bills.
    pub bills: u32,
    /// Exported, in Wh.
    pub exported: u128,
    /// Imported, in Wh; where there was no reading, what was contracted.
    pub imported: u128,
    /// Sold in trades, in Wh.
    pub sold: u128,
    /// Bought in trades, in Wh.
    pub bought: u128,
    /// Σ credits.
    pub credit: Balance,
    /// Σ debits.
    pub debit: Balance,
    /// Paid from electricity credit.
    pub drawn: Balance,
    /// Not paid at the time.
    pub unpaid: Balance,
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
