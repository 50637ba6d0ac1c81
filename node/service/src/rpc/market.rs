//! The market methods: what the electricity market has in its books and bills. A node of the carbon chain does not have
//! them.
//!
//! | method | answers |
//! |---|---|
//! | `market_status(at?)` | the present slot, how far clearing and settlement are, how far behind |
//! | `market_book(slot, feeder, most?, at?)` | asks and bids of a book, the best first, without their owners |
//! | `market_orders(account, at?)` | an account's open orders |
//! | `market_order(order, at?)` | an open order |
//! | `market_bill(site, slot, at?)` | a site's bill of a slot, with its lines |
//! | `market_bills(site, from, most?, at?)` | a site's bills of `most` slots from one on |
//! | `market_month(site, month, at?)` | a site's bills of a month, added up |
//! | `market_price(slot, feeder, at?)` | what has come of a book |
//! | `market_prices(feeder, from, most?, at?)` | what has come of a feeder's books of `most` slots from one on |
//! | `market_trades(slot, feeder, from?, most?, at?)` | a book's trades, from number `from` on |
//! | `market_tradesOf(account, from?, most?, at?)` | an account's settled trades, from its own number `from` on |
//! | `market_arrears(account, at?)` | what an account owes to the grid company, and what that owes to it |
//!
//! Without `at` the best block answers; its state is needed. `most` is 100 if it is left out, and 1,000 at most. A list
//! is in `items`. What one asks for by its number is in `item`: `null` if there is none at that block, be it not yet, no
//! longer, or never. An account is an address of any network, or 32 bytes in `0x` hex.
//!
//! The fields are in [`market_answers`](super::market_answers), the errors in [`errors`](super::errors).

use super::{
    at::state_at,
    errors::Error,
    market_answers::{
        AccountTradeAnswer, Answered, ArrearsAnswer, BillAnswer, BookAnswer, Found, ItemisedAnswer, List, MonthAnswer,
        NumberedTrade, OfSlot, OrderAnswer, ResultAnswer, StatusAnswer,
    },
};
use crate::client::{has_market, AccountId, FullClient, Hash};
use gridpeg_market::{
    book::OrderId,
    calendar::{Month, Slot},
    traits::{FeederId, SiteId},
};
use gridpeg_runtime_api::market::MarketApi;
use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use polkadot_sdk::sp_api::{ApiError, ProvideRuntimeApi};
use std::sync::Arc;

/// Most items of a list.
const MAX_ITEMS: u32 = 1_000;
/// Items of a list if the call does not say how many.
const ITEMS: u32 = 100;

/// An answer about a block.
type Answer<T> = RpcResult<Answered<T>>;

/// The market methods.
#[rpc(server)]
pub trait MarketRpcApi {
    /// The present slot, how far the market is.
    #[method(name = "market_status", blocking)]
    fn status(&self, at: Option<Hash>) -> Answer<StatusAnswer>;

    /// A book.
    #[method(name = "market_book", blocking)]
    fn book(&self, slot: Slot, feeder: FeederId, most: Option<u32>, at: Option<Hash>) -> Answer<BookAnswer>;

    /// An account's open orders.
    #[method(name = "market_orders", blocking)]
    fn orders(&self, account: String, at: Option<Hash>) -> Answer<List<OrderAnswer>>;

    /// An open order.
    #[method(name = "market_order", blocking)]
    fn order(&self, order: OrderId, at: Option<Hash>) -> Answer<Found<OrderAnswer>>;

    /// A bill.
    #[method(name = "market_bill", blocking)]
    fn bill(&self, site: SiteId, slot: Slot, at: Option<Hash>) -> Answer<Found<ItemisedAnswer>>;

    /// Bills.
    #[method(name = "market_bills", blocking)]
    fn bills(&self, site: SiteId, from: Slot, most: Option<u32>, at: Option<Hash>) -> Answer<List<OfSlot<BillAnswer>>>;

    /// Bills of a month, added up.
    #[method(name = "market_month", blocking)]
    fn month(&self, site: SiteId, month: Month, at: Option<Hash>) -> Answer<MonthAnswer>;

    /// What has come of a book.
    #[method(name = "market_price", blocking)]
    fn price(&self, slot: Slot, feeder: FeederId, at: Option<Hash>) -> Answer<Found<ResultAnswer>>;

    /// What has come of books.
    #[method(name = "market_prices", blocking)]
    fn prices(
        &self,
        feeder: FeederId,
        from: Slot,
        most: Option<u32>,
        at: Option<Hash>,
    ) -> Answer<List<OfSlot<ResultAnswer>>>;

    /// A book's trades.
    #[method(name = "market_trades", blocking)]
    fn trades(
        &self,
        slot: Slot,
        feeder: FeederId,
        from: Option<u32>,
        most: Option<u32>,
        at: Option<Hash>,
    ) -> Answer<List<NumberedTrade>>;

    /// An account's settled trades.
    #[method(name = "market_tradesOf", blocking)]
    fn trades_of(
        &self,
        account: String,
        from: Option<u64>,
        most: Option<u32>,
        at: Option<Hash>,
    ) -> Answer<List<AccountTradeAnswer>>;

    /// What an account owes to the grid company, and what that owes to it.
    #[method(name = "market_arrears", blocking)]
    fn arrears(&self, account: String, at: Option<Hash>) -> Answer<ArrearsAnswer>;
}

/// Answers the market methods.
pub struct Market {
    client: Arc<FullClient>,
}

impl Market {
    /// Answers from this client's chain; `None` if that has no market.
    pub fn new(client: Arc<FullClient>) -> Option<Self> {
        has_market(&client).then_some(Self { client })
    }

    /// Asks the runtime at a block.
    fn ask<T, A: From<T>>(
        &self,
        at: Option<Hash>,
        ask: impl FnOnce(&FullClient, Hash) -> Result<T, ApiError>,
    ) -> Answer<A> {
        let (block, number) = state_at(&self.client, at)?;
        let answer = ask(&self.client, block).map_err(Error::failed)?;
        Ok(Answered { block, number, answer: answer.into() })
    }
}

/// How many items a list may have.
fn items(most: Option<u32>) -> Result<u32, Error> {
    match most.unwrap_or(ITEMS) {
        most if most <= MAX_ITEMS => Ok(most),
        most => Err(Error::Parameter(format!("`most` is {most} and may be {MAX_ITEMS}; ask again from the last on"))),
    }
}

/// An account in a parameter.
fn account(text: &str) -> Result<AccountId, Error> {
    text.parse().map_err(|_| {
        Error::Parameter(format!("`{text}` is no account: give its address, or its 32 bytes as 0x and 64 hex digits"))
    })
}

impl MarketRpcApiServer for Market {
    fn status(&self, at: Option<Hash>) -> Answer<StatusAnswer> {
        self.ask(at, |client, block| client.runtime_api().status(block))
    }

    fn book(&self, slot: Slot, feeder: FeederId, most: Option<u32>, at: Option<Hash>) -> Answer<BookAnswer> {
        let most = items(most)?;
        self.ask(at, |client, block| client.runtime_api().book(block, slot, feeder, most))
    }

    fn orders(&self, of: String, at: Option<Hash>) -> Answer<List<OrderAnswer>> {
        let of = account(&of)?;
        self.ask(at, |client, block| client.runtime_api().orders_of(block, of))
    }

    fn order(&self, order: OrderId, at: Option<Hash>) -> Answer<Found<OrderAnswer>> {
        self.ask(at, |client, block| client.runtime_api().order(block, order))
    }

    fn bill(&self, site: SiteId, slot: Slot, at: Option<Hash>) -> Answer<Found<ItemisedAnswer>> {
        self.ask(at, |client, block| client.runtime_api().bill(block, site, slot))
    }

    fn bills(&self, site: SiteId, from: Slot, most: Option<u32>, at: Option<Hash>) -> Answer<List<OfSlot<BillAnswer>>> {
        let most = items(most)?;
        self.ask(at, |client, block| client.runtime_api().bills(block, site, from, most))
    }

    fn month(&self, site: SiteId, month: Month, at: Option<Hash>) -> Answer<MonthAnswer> {
        self.ask(at, |client, block| client.runtime_api().month(block, site, month))
    }

    fn price(&self, slot: Slot, feeder: FeederId, at: Option<Hash>) -> Answer<Found<ResultAnswer>> {
        self.ask(at, |client, block| client.runtime_api().price(block, slot, feeder))
    }

    fn prices(
        &self,
        feeder: FeederId,
        from: Slot,
        most: Option<u32>,
        at: Option<Hash>,
    ) -> Answer<List<OfSlot<ResultAnswer>>> {
        let most = items(most)?;
        self.ask(at, |client, block| client.runtime_api().prices(block, feeder, from, most))
    }

    fn trades(
        &self,
        slot: Slot,
        feeder: FeederId,
        from: Option<u32>,
        most: Option<u32>,
        at: Option<Hash>,
    ) -> Answer<List<NumberedTrade>> {
        let (from, most) = (from.unwrap_or_default(), items(most)?);
        self.ask(at, |client, block| client.runtime_api().trades(block, slot, feeder, from, most))
    }

    fn trades_of(
        &self,
        of: String,
        from: Option<u64>,
        most: Option<u32>,
        at: Option<Hash>,
    ) -> Answer<List<AccountTradeAnswer>> {
        let (of, from, most) = (account(&of)?, from.unwrap_or_default(), items(most)?);
        self.ask(at, |client, block| client.runtime_api().trades_of(block, of, from, most))
    }

    fn arrears(&self, of: String, at: Option<Hash>) -> Answer<ArrearsAnswer> {
        let of = account(&of)?;
        self.ask(at, |client, block| client.runtime_api().arrears(block, of))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonrpsee::types::ErrorObjectOwned;

    #[test]
    fn a_list_is_bounded() {
        assert_eq!((items(None).ok(), items(Some(1_000)).ok(), items(Some(0)).ok()), (Some(100), Some(1_000), Some(0)));
        assert_eq!(ErrorObjectOwned::from(items(Some(1_001)).unwrap_err()).code(), -32112);
    }

    #[test]
    fn an_account_is_an_address_or_its_bytes() {
        let address = AccountId::new([7; 32]);
        assert_eq!(account(&address.to_string()).ok(), Some(address.clone()));
        assert_eq!(account(&format!("0x{}", hex::encode([7; 32]))).ok(), Some(address));
        for bad in ["", "0x07", "alice"] {
            assert_eq!(ErrorObjectOwned::from(account(bad).unwrap_err()).code(), -32112, "{bad}");
        }
    }
}
