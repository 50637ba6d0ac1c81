//! The market's records: orders, trades, what has come of books, bills, as the chain stores them and answers queries with
//! them. `A` is an account.

use crate::{
    book::{Key, OrderId, Side},
    calendar::{Calendar, Slot},
    settlement::{Contract, Line},
    traits::{Bus, FeederId, Level, Mode, SiteId},
    units::{Balance, FinePrice, Price, Wh},
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_header::{Millis, U256};
use scale_info::TypeInfo;

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
    /// Its key there.
    pub fn key(&self, id: OrderId) -> Key {
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
    pub fn kept(&self) -> Balance {
        if self.filled >= self.quantity {
            return self.hold;
        }
        let up = U256::from(self.quantity.saturating_sub(1));
        let share = U256::from(self.hold).saturating_mul(U256::from(self.filled)).saturating_add(up);
        let share = share.checked_div(U256::from(self.quantity)).unwrap_or_default();
        Balance::try_from(share).unwrap_or(self.hold).min(self.hold)
    }
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

impl<A> TradeRecord<A> {
    /// The trade as one of its sides bills it.
    pub fn contract(&self, number: u32, side: Side, settlement: &Settlement) -> Contract {
        let allocated = match side {
            Side::Ask => settlement.allocated_seller,
            Side::Bid => settlement.allocated_buyer,
        };
        let settled = settlement.settled;
        Contract { trade: number, quantity: self.quantity, price: self.price, fee: self.fee, allocated, settled }
    }
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
    /// What was exported in earlier slots without a reading, and is billed with this one.
    pub late_exported: Wh,
    /// What was imported in earlier slots without a reading and not billed as contracted there, and is billed with this
    /// one.
    pub late_imported: Wh,
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
    /// Exported in slots without a reading and billed in this month, in Wh: not in `exported`.
    pub late_exported: u128,
    /// Imported in slots without a reading, not billed as contracted there, and billed in this month, in Wh: not in
    /// `imported`.
    pub late_imported: u128,
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

/// An order of a book as others see it: not whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Quote {
    /// Its number.
    pub order: OrderId,
    /// Its limit.
    pub limit: Price,
    /// What is left of it.
    pub quantity: Wh,
}

/// An open order with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct OrderInfo<A> {
    /// Its number.
    pub order: OrderId,
    /// Where it is.
    pub place: Place,
    /// What it says, and what it has done.
    pub details: BookOrder<A>,
}

/// A settled trade among an account's.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AccountTrade<A> {
    /// Its number there, from 1.
    pub own: u64,
    /// For which slot.
    pub slot: Slot,
    /// On which feeder.
    pub feeder: FeederId,
    /// Its number in the book.
    pub number: u32,
    /// The trade.
    pub trade: TradeRecord<A>,
}

/// How far clearing and settlement are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Progress {
    /// Which slots come next. None before the calendar begins.
    pub next: Option<Cursors>,
    /// The book that is being cleared.
    pub clearing: Option<(Slot, FeederId)>,
    /// The slot that is being settled.
    pub settling: Option<Slot>,
}

/// Which slot it is, how far the market is, and how far behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct MarketStatus {
    /// How slots are counted.
    pub calendar: Calendar,
    /// The present slot; none before the calendar begins and after it ends.
    pub slot: Option<Slot>,
    /// How far clearing and settlement are.
    pub progress: Progress,
    /// How many slots are due to be cleared: their gate has closed. It is not counted beyond 1,000.
    pub to_clear: u32,
    /// How many slots are due to be settled: their readings are frozen. It is not counted beyond 1,000.
    pub to_settle: u32,
    /// The last book that traded, and its mean price; of the last 1,000 slots cleared.
    pub last: Option<(Slot, FeederId, Price)>,
}
