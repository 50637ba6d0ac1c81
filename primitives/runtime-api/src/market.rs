//! What the electricity chain's runtime answers about its market.

use alloc::vec::Vec;
use gridpeg_market::{
    book::OrderId,
    calendar::{Month, Slot},
    records::{AccountTrade, Bill, BookResult, ItemisedBill, MarketStatus, MonthSums, OrderInfo, Quote, TradeRecord},
    traits::{FeederId, SiteId},
};
use gridpeg_messages::units::Balance;
use polkadot_sdk::sp_runtime::AccountId32;

polkadot_sdk::sp_api::decl_runtime_apis! {
    /// The electricity market. The carbon chain does not have it.
    ///
    /// No list is longer than 1,000 items, whatever `most` says.
    pub trait MarketApi {
        /// Which slot it is, how far the market is, and how far behind.
        fn status() -> MarketStatus;
        /// Asks and bids of a book, the best first; at most `most` of each.
        fn book(slot: Slot, feeder: FeederId, most: u32) -> (Vec<Quote>, Vec<Quote>);
        /// An account's open orders, the oldest first.
        fn orders_of(account: AccountId32) -> Vec<OrderInfo<AccountId32>>;
        /// An open order.
        fn order(order: OrderId) -> Option<OrderInfo<AccountId32>>;
        /// A site's bill of a slot, with all its lines.
        fn bill(site: SiteId, slot: Slot) -> Option<ItemisedBill<AccountId32>>;
        /// A site's bills of `most` slots from one on.
        fn bills(site: SiteId, from: Slot, most: u32) -> Vec<(Slot, Bill<AccountId32>)>;
        /// A site's bills of a month, added up.
        fn month(site: SiteId, month: Month) -> MonthSums;
        /// What has come of a book.
        fn price(slot: Slot, feeder: FeederId) -> Option<BookResult>;
        /// What has come of a feeder's books of `most` slots from one on.
        fn prices(feeder: FeederId, from: Slot, most: u32) -> Vec<(Slot, BookResult)>;
        /// A book's trades from this number on.
        fn trades(slot: Slot, feeder: FeederId, from: u32, most: u32) -> Vec<(u32, TradeRecord<AccountId32>)>;
        /// An account's settled trades from this number of its own on.
        fn trades_of(account: AccountId32, from: u64, most: u32) -> Vec<AccountTrade<AccountId32>>;
        /// What an account owes to the grid company, and what that owes to it.
        fn arrears(account: AccountId32) -> (Balance, Balance);
    }
}
