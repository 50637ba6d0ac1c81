//! The market's API: what the pallet's queries answer.

/// Hands over the APIs that this runtime alone has.
macro_rules! own_apis {
    ($implement:ident) => {
        use gridpeg_market::{
            book::OrderId,
            calendar::{Month, Slot},
            records::{
                AccountTrade, Bill, BookResult, ItemisedBill, MarketStatus, MonthSums, OrderInfo, Quote, TradeRecord,
            },
            traits::{FeederId, SiteId},
        };

        $implement! {
            impl gridpeg_runtime_api::market::MarketApi<Block> for Runtime {
                fn status() -> MarketStatus {
                    PvMarket::status()
                }

                fn book(slot: Slot, feeder: FeederId, most: u32) -> (Vec<Quote>, Vec<Quote>) {
                    PvMarket::book(slot, feeder, most)
                }

                fn orders_of(account: AccountId) -> Vec<OrderInfo<AccountId>> {
                    PvMarket::orders_of(account)
                }

                fn order(order: OrderId) -> Option<OrderInfo<AccountId>> {
                    PvMarket::order(order)
                }

                fn bill(site: SiteId, slot: Slot) -> Option<ItemisedBill<AccountId>> {
                    PvMarket::bill(site, slot)
                }

                fn bills(site: SiteId, from: Slot, most: u32) -> Vec<(Slot, Bill<AccountId>)> {
                    PvMarket::bills(site, from, most)
                }

                fn month(site: SiteId, month: Month) -> MonthSums {
                    PvMarket::month(site, month)
                }

                fn price(slot: Slot, feeder: FeederId) -> Option<BookResult> {
                    PvMarket::price(slot, feeder)
                }

                fn prices(feeder: FeederId, from: Slot, most: u32) -> Vec<(Slot, BookResult)> {
                    PvMarket::prices(feeder, from, most)
                }

                fn trades(slot: Slot, feeder: FeederId, from: u32, most: u32) -> Vec<(u32, TradeRecord<AccountId>)> {
                    PvMarket::trades(slot, feeder, from, most)
                }

                fn trades_of(account: AccountId, from: u64, most: u32) -> Vec<AccountTrade<AccountId>> {
                    PvMarket::trades_of(account, from, most)
                }

                fn arrears(account: AccountId) -> (Balance, Balance) {
                    (PvMarket::arrears(account.clone()), PvMarket::grid_debt(account))
                }
            }
        }
    };
}
