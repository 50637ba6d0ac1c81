//! What the market methods answer, as JSON.
//!
//! Energy is in Wh. Amounts and prices are decimal strings, because they do not fit into a JavaScript number: amounts of
//! 10⁻¹² coin, prices of 10⁻¹² coin per kWh, and a price named `finePrice` of 10⁻¹⁶ coin per kWh. Accounts are `0x` hex,
//! times Unix milliseconds.

use crate::client::{AccountId, Hash};
use gridpeg_market::{
    book::Side,
    calendar::Slot,
    records::{
        AccountTrade, Bill, BookResult, ItemisedBill, MarketStatus, MonthSums, OrderInfo, Quote, Settlement,
        TradeRecord,
    },
    settlement::{Item, Line},
    traits::Mode,
    units::Balance,
};
use polkadot_sdk::sp_core::Bytes;
use serde::Serialize;

/// An answer, and the block that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answered<T> {
    /// The block's hash.
    pub block: Hash,
    /// Its height.
    pub number: u32,
    /// The answer's fields.
    #[serde(flatten)]
    pub answer: T,
}

fn bytes(account: &AccountId) -> Bytes {
    Bytes(<AccountId as AsRef<[u8]>>::as_ref(account).to_vec())
}

/// Declares answers: the fields of each, and the value that each field has.
macro_rules! answers {
    ($($(#[$doc:meta])* $name:ident($from:ident: $type:ty) {
        $($(#[$field_doc:meta])* $field:ident: $of:ty = $value:expr,)*
    })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $of,)*
        }

        impl From<$type> for $name {
            fn from($from: $type) -> Self {
                Self { $($field: $value,)* }
            }
        }
    )*};
}

answers! {
    /// `market_status`.
    StatusAnswer(status: MarketStatus) {
        /// How slots are counted.
        calendar: CalendarAnswer = CalendarAnswer {
            start: status.calendar.start,
            slot_length: status.calendar.slot_length,
            slots_per_month: status.calendar.slots_per_month,
        },
        /// The present slot; `null` before the calendar begins.
        slot: Option<u32> = status.slot,
        /// The slots that come next; `null` before the first block.
        next: Option<CursorsAnswer> = status.progress.next.map(|next| CursorsAnswer {
            clear: next.clear,
            settle: next.settle,
            prune: next.prune,
        }),
        /// The book that is being cleared over several blocks: slot and feeder.
        clearing: Option<(u32, u32)> = status.progress.clearing,
        /// The slot that is being settled over several blocks.
        settling: Option<u32> = status.progress.settling,
        /// How many slots are due to be cleared, counted up to 1,000.
        to_clear: u32 = status.to_clear,
        /// How many slots are due to be settled, counted up to 1,000.
        to_settle: u32 = status.to_settle,
        /// The last book that traded.
        last: Option<LastAnswer> = status.last.map(|(slot, feeder, price)| LastAnswer {
            slot,
            feeder,
            price: price.to_string(),
        }),
    }

    /// An order of a book: not whose it is.
    QuoteAnswer(quote: Quote) {
        /// Its number.
        order: u64 = quote.order,
        /// Its limit.
        limit: String = quote.limit.to_string(),
        /// What is left of it.
        quantity: u64 = quote.quantity,
    }

    /// An open order.
    OrderAnswer(info: OrderInfo<AccountId>) {
        /// Its number.
        order: u64 = info.order,
        /// Whose it is.
        owner: Bytes = bytes(&info.details.owner),
        /// For which site.
        site: u32 = info.details.site,
        /// For which slot.
        slot: u32 = info.place.slot,
        /// On which feeder.
        feeder: u32 = info.place.feeder,
        /// `ask` or `bid`.
        side: &'static str = side(info.place.side),
        /// Its limit.
        limit: String = info.place.limit.to_string(),
        /// How much.
        quantity: u64 = info.details.quantity,
        /// How much of it has traded.
        filled: u64 = info.details.filled,
        /// What it holds.
        hold: String = info.details.hold.to_string(),
        /// Whether it is green.
        green: bool = info.details.green,
        /// From when on it does not trade.
        expires: Option<u64> = info.details.expires,
    }

    /// A bill.
    BillAnswer(bill: Bill<AccountId>) {
        /// Whose it is.
        account: Bytes = bytes(&bill.account),
        /// The version of the terms.
        version: u32 = bill.version,
        /// The site's mode: `selfUse`, `allToGrid` or `market`.
        mode: &'static str = mode(bill.mode),
        /// The site's voltage level.
        level: u8 = bill.level,
        /// What was metered; `null` without an export meter.
        exported: Option<u64> = bill.exported,
        /// What was metered; `null` without a reading.
        imported: Option<u64> = bill.imported,
        /// What was exported in earlier slots without a reading and is billed here.
        late_exported: u64 = bill.late_exported,
        /// What was imported in earlier slots without a reading and is billed here.
        late_imported: u64 = bill.late_imported,
        /// How many trades there are.
        trades: u32 = bill.trades,
        /// Σ of what the account gets.
        credit: String = bill.credit.to_string(),
        /// Σ of what it owes.
        debit: String = bill.debit.to_string(),
        /// How much of that was paid from electricity credit.
        drawn: String = bill.drawn.to_string(),
        /// How much of it is in arrears.
        unpaid: String = bill.unpaid.to_string(),
    }

    /// A bill with its lines.
    ItemisedAnswer(itemised: ItemisedBill<AccountId>) {
        /// The bill.
        bill: BillAnswer = itemised.bill.into(),
        /// Its lines.
        lines: Vec<LineAnswer> = itemised.lines.into_iter().map(LineAnswer::from).collect(),
    }

    /// A line of a bill.
    LineAnswer(line: Line) {
        /// What it is about: `sale`, `purchase`, `networkFee`, `penalty`, `surplus`, `residual`, `lateSurplus` or
        /// `lateResidual`.
        item: &'static str = item(line.item),
        /// Whether the account gets the amount.
        credit: bool = line.item.is_credit(),
        /// The trade's number in the book, if it is about one.
        trade: Option<u32> = line.trade,
        /// Energy.
        quantity: u64 = line.quantity,
        /// Price of the energy.
        fine_price: String = line.price.get().to_string(),
        /// Money.
        amount: String = line.amount.to_string(),
    }

    /// Bills of a month, added up.
    MonthAnswer(sums: MonthSums) {
        /// How many bills.
        bills: u32 = sums.bills,
        /// Exported.
        exported: String = sums.exported.to_string(),
        /// Imported.
        imported: String = sums.imported.to_string(),
        /// Exported in slots without a reading.
        late_exported: String = sums.late_exported.to_string(),
        /// Imported in slots without a reading.
        late_imported: String = sums.late_imported.to_string(),
        /// Sold in trades.
        sold: String = sums.sold.to_string(),
        /// Bought in trades.
        bought: String = sums.bought.to_string(),
        /// Σ credits.
        credit: String = sums.credit.to_string(),
        /// Σ debits.
        debit: String = sums.debit.to_string(),
        /// Paid from electricity credit.
        drawn: String = sums.drawn.to_string(),
        /// Not paid at the time.
        unpaid: String = sums.unpaid.to_string(),
    }

    /// What has come of a book.
    ResultAnswer(result: BookResult) {
        /// The mean price, rounded down; `null` without trades.
        price: Option<String> = result.price.map(|price| price.to_string()),
        /// The one price of all trades, if it was cleared at one.
        uniform_fine_price: Option<String> = result.uniform.map(|price| price.get().to_string()),
        /// What was traded.
        energy: String = result.energy.to_string(),
        /// In how many trades.
        trades: u32 = result.trades,
        /// The version of the terms.
        version: u32 = result.version,
    }

    /// A trade.
    TradeAnswer(trade: TradeRecord<AccountId>) {
        /// The ask's number.
        ask: u64 = trade.ask,
        /// The bid's number.
        bid: u64 = trade.bid,
        /// Who sells.
        seller: Bytes = bytes(&trade.seller),
        /// From which site.
        seller_site: u32 = trade.seller_site,
        /// Who buys.
        buyer: Bytes = bytes(&trade.buyer),
        /// For which site.
        buyer_site: u32 = trade.buyer_site,
        /// How much.
        quantity: u64 = trade.quantity,
        /// At which price.
        fine_price: String = trade.price.get().to_string(),
        /// What the buyer pays for the network, per kWh.
        fee: String = trade.fee.to_string(),
        /// Whether it is green.
        green: bool = trade.green,
        /// The ask's limit.
        ask_limit: String = trade.limits.0.to_string(),
        /// The bid's limit.
        bid_limit: String = trade.limits.1.to_string(),
        /// What came of it; `null` before the slot is settled.
        settlement: Option<SettlementAnswer> = trade.settlement.map(SettlementAnswer::from),
    }

    /// What came of a trade.
    SettlementAnswer(settlement: Settlement) {
        /// What the seller had for it.
        allocated_seller: u64 = settlement.allocated_seller,
        /// What the buyer took of it.
        allocated_buyer: u64 = settlement.allocated_buyer,
        /// The smaller of the two.
        settled: u64 = settlement.settled,
        /// Its number among the seller's.
        seller_no: u64 = settlement.seller_no,
        /// Its number among the buyer's.
        buyer_no: u64 = settlement.buyer_no,
    }

    /// A trade among an account's.
    AccountTradeAnswer(of: AccountTrade<AccountId>) {
        /// Its number there, from 1.
        own: u64 = of.own,
        /// For which slot.
        slot: u32 = of.slot,
        /// On which feeder.
        feeder: u32 = of.feeder,
        /// Its number in the book.
        number: u32 = of.number,
        /// The trade.
        trade: TradeAnswer = of.trade.into(),
    }
}

/// How slots are counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CalendarAnswer {
    /// When slot 0 begins.
    pub start: u64,
    /// Length of a slot in ms.
    pub slot_length: u64,
    /// Slots of a month.
    pub slots_per_month: u32,
}

/// The slots that come next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CursorsAnswer {
    /// All earlier ones are cleared.
    pub clear: u32,
    /// All earlier ones are settled.
    pub settle: u32,
    /// All earlier ones are forgotten.
    pub prune: u32,
}

/// The last book that traded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LastAnswer {
    /// Its slot.
    pub slot: u32,
    /// Its feeder.
    pub feeder: u32,
    /// Its mean price.
    pub price: String,
}

/// `market_book`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BookAnswer {
    /// Offers to sell, the best first.
    pub asks: Vec<QuoteAnswer>,
    /// Offers to buy, the best first.
    pub bids: Vec<QuoteAnswer>,
}

impl From<(Vec<Quote>, Vec<Quote>)> for BookAnswer {
    fn from((asks, bids): (Vec<Quote>, Vec<Quote>)) -> Self {
        let answers = |quotes: Vec<Quote>| quotes.into_iter().map(QuoteAnswer::from).collect();
        Self { asks: answers(asks), bids: answers(bids) }
    }
}

/// `market_arrears`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArrearsAnswer {
    /// What the account owes to the grid company.
    pub owed: String,
    /// What the grid company owes to it.
    pub owed_by_grid: String,
}

impl From<(Balance, Balance)> for ArrearsAnswer {
    fn from((owed, owed_by_grid): (Balance, Balance)) -> Self {
        Self { owed: owed.to_string(), owed_by_grid: owed_by_grid.to_string() }
    }
}

/// A list of answers under one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct List<T> {
    /// The items.
    pub items: Vec<T>,
}

impl<F, T: From<F>> From<Vec<F>> for List<T> {
    fn from(items: Vec<F>) -> Self {
        Self { items: items.into_iter().map(T::from).collect() }
    }
}

/// One answer, or `null` if there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found<T> {
    /// The item.
    pub item: Option<T>,
}

impl<F, T: From<F>> From<Option<F>> for Found<T> {
    fn from(item: Option<F>) -> Self {
        Self { item: item.map(T::from) }
    }
}

/// Something of a slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfSlot<T> {
    /// The slot.
    pub slot: u32,
    /// The fields of what it has.
    #[serde(flatten)]
    pub of: T,
}

impl<F, T: From<F>> From<(Slot, F)> for OfSlot<T> {
    fn from((slot, of): (Slot, F)) -> Self {
        Self { slot, of: of.into() }
    }
}

/// A trade with its number in the book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NumberedTrade {
    /// Its number, from 0.
    pub number: u32,
    /// Its fields.
    #[serde(flatten)]
    pub trade: TradeAnswer,
}

impl From<(u32, TradeRecord<AccountId>)> for NumberedTrade {
    fn from((number, trade): (u32, TradeRecord<AccountId>)) -> Self {
        Self { number, trade: trade.into() }
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Ask => "ask",
        Side::Bid => "bid",
    }
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::SelfUse => "selfUse",
        Mode::AllToGrid => "allToGrid",
        Mode::Market => "market",
    }
}

fn item(item: Item) -> &'static str {
    match item {
        Item::Sale => "sale",
        Item::Purchase => "purchase",
        Item::NetworkFee => "networkFee",
        Item::Penalty => "penalty",
        Item::Surplus => "surplus",
        Item::Residual => "residual",
        Item::LateSurplus => "lateSurplus",
        Item::LateResidual => "lateResidual",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridpeg_market::{
        calendar::Calendar,
        records::{Cursors, Progress},
        units::FinePrice,
    };
    use serde_json::json;

    #[test]
    fn a_status_says_how_far_the_market_is() {
        let status = MarketStatus {
            calendar: Calendar { start: 5, slot_length: 10_000, slots_per_month: 6 },
            slot: Some(9),
            progress: Progress {
                next: Some(Cursors { clear: 8, settle: 7, prune: 1 }),
                clearing: Some((8, 0)),
                settling: None,
            },
            to_clear: 1,
            to_settle: 0,
            last: Some((6, 0, 90_000_000_000)),
        };
        let answer = Answered { block: Hash::zero(), number: 3, answer: StatusAnswer::from(status) };
        let expected = json!({
            "block": Hash::zero(),
            "number": 3,
            "calendar": { "start": 5, "slotLength": 10_000, "slotsPerMonth": 6 },
            "slot": 9,
            "next": { "clear": 8, "settle": 7, "prune": 1 },
            "clearing": [8, 0],
            "settling": null,
            "toClear": 1,
            "toSettle": 0,
            "last": { "slot": 6, "feeder": 0, "price": "90000000000" },
        });
        assert_eq!(serde_json::to_value(answer).unwrap(), expected);
    }

    #[test]
    fn amounts_and_prices_are_strings() {
        let line =
            Line { item: Item::NetworkFee, trade: Some(2), quantity: 1_500, price: FinePrice::of(7), amount: 11 };
        let expected = json!({
            "item": "networkFee", "credit": false, "trade": 2, "quantity": 1_500, "finePrice": "70000", "amount": "11",
        });
        assert_eq!(serde_json::to_value(LineAnswer::from(line)).unwrap(), expected);
        let result = BookResult { price: None, uniform: None, energy: 0, trades: 0, version: 1 };
        let of: OfSlot<ResultAnswer> = (4, result).into();
        let expected = json!({
            "slot": 4, "price": null, "uniformFinePrice": null, "energy": "0", "trades": 0, "version": 1,
        });
        assert_eq!(serde_json::to_value(of).unwrap(), expected);
    }

    #[test]
    fn a_book_does_not_say_whose_an_order_is() {
        let quote = Quote { order: 7, limit: 5, quantity: 3 };
        let expected = json!({ "order": 7, "limit": "5", "quantity": 3 });
        assert_eq!(serde_json::to_value(QuoteAnswer::from(quote)).unwrap(), expected);
    }
}
