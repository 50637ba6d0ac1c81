//! One file for each subject.

use crate::{mock::*, Event, *};
use gridpeg_market::settlement::Item;
use gridpeg_messages::units::COIN;
use polkadot_sdk::{
    frame_support::{assert_noop, assert_ok, traits::tokens::Preservation},
    *,
};

mod bulk;
mod clearing;
mod gate;
mod invariants;
mod leaves;
mod model;
mod money;
mod orders;
mod periods;
mod plan;
mod prune;
mod settlement;
mod stopping;
mod terms;
mod time;
mod views;

/// All coins there are.
fn issuance() -> Balance {
    ENDOWMENT * (ACCOUNTS.count() as Balance + 2)
}

/// Runs a test; every invariant must hold at its end, and all coins be there.
fn test(test: impl FnOnce()) {
    test_with(mock_terms(), test);
}

fn test_with(terms: Terms, test: impl FnOnce()) {
    new_test_ext_with(terms).execute_with(|| {
        test();
        check();
    });
}

fn check() {
    assert_ok!(PvMarket::check_invariants());
    let all: Balance =
        frame_system::Account::<Test>::iter_values().map(|account| account.data.free + account.data.reserved).sum();
    assert_eq!((all, Balances::total_issuance()), (issuance(), issuance()));
}

fn request(site: SiteId, side: Side, quantity: Wh, cents: Balance) -> OrderRequest {
    OrderRequest { site, slot: SLOT, side, quantity, limit: cents * CENT, green: false, expires: None }
}

/// Places as a dispatched call does: all or nothing.
fn place_as(account: u64, request: OrderRequest) -> DispatchResult {
    with_storage_layer(|| PvMarket::place(RuntimeOrigin::signed(account), request))
}

/// Places for the account with the site's number, and returns the order's.
fn place(request: OrderRequest) -> OrderId {
    assert_ok!(place_as(request.site.into(), request));
    NextOrder::<Test>::get() - 1
}

fn ask(site: SiteId, quantity: Wh, cents: Balance) -> OrderId {
    place(request(site, Side::Ask, quantity, cents))
}

fn bid(site: SiteId, quantity: Wh, cents: Balance) -> OrderId {
    place(request(site, Side::Bid, quantity, cents))
}

fn replace(account: u64, order: OrderId, quantity: Wh, cents: Balance) -> DispatchResult {
    with_storage_layer(|| PvMarket::replace(RuntimeOrigin::signed(account), order, quantity, cents * CENT))
}

fn cancel(account: u64, order: OrderId) -> DispatchResult {
    with_storage_layer(|| PvMarket::cancel(RuntimeOrigin::signed(account), order))
}

fn pay_arrears(account: u64, amount: Balance) -> DispatchResult {
    with_storage_layer(|| PvMarket::pay_arrears(RuntimeOrigin::signed(account), amount))
}

/// Account 10 has nothing to do with it.
fn collect(account: u64) -> DispatchResult {
    with_storage_layer(|| PvMarket::collect(RuntimeOrigin::signed(10), account))
}

fn exported(site: SiteId, energy: Wh) {
    Readings::insert((site, SLOT, Direction::Export), energy);
}

fn imported(site: SiteId, energy: Wh) {
    Readings::insert((site, SLOT, Direction::Import), energy);
}

/// The first time at which nothing can change a slot's readings.
fn frozen(slot: Slot) -> Millis {
    CALENDAR.end(slot) + WINDOW
}

/// Lets the gate of [`SLOT`] close: its books are cleared.
fn clear() {
    block_at(CALENDAR.begin(SLOT - 1));
}

/// Lets [`SLOT`] be settled.
fn settle() {
    block_at(frozen(SLOT));
}

fn next() -> Cursors {
    NextSlots::<Test>::get().unwrap()
}

fn trade(number: u32) -> TradeRecord<u64> {
    Trades::<Test>::get((SLOT, FEEDER, number)).unwrap()
}

/// Seller's and buyer's site, quantity, price in hundredths of a cent: of all trades of [`SLOT`] by number.
fn trades() -> Vec<(SiteId, SiteId, Wh, Balance)> {
    let short = |trade: TradeRecord<u64>| {
        (trade.seller_site, trade.buyer_site, trade.quantity, trade.price.get() / (CENT * 100))
    };
    (0..).map_while(|number| Trades::<Test>::get((SLOT, FEEDER, number))).map(short).collect()
}

/// Items, quantities and amounts of a site's bill of [`SLOT`].
fn lines(site: SiteId) -> Vec<(Item, Wh, Balance)> {
    let bill = PvMarket::bill(site, SLOT).unwrap();
    bill.lines.iter().map(|line| (line.item, line.quantity, line.amount)).collect()
}

fn free(account: u64) -> Balance {
    Balances::free_balance(account)
}

fn held(account: u64) -> Balance {
    Balances::balance_on_hold(&HoldReason::Orders.into(), &account)
}

/// Takes an account's free coins but for this much.
fn leave(account: u64, amount: Balance) {
    let excess = free(account) - amount;
    assert_ok!(<Balances as Mutate<u64>>::transfer(&account, &10, excess, Preservation::Expendable));
}

/// This pallet's events so far.
fn events() -> Vec<Event<Test>> {
    let own = |record: frame_system::EventRecord<RuntimeEvent, _>| match record.event {
        RuntimeEvent::PvMarket(event) => Some(event),
        _ => None,
    };
    System::events().into_iter().filter_map(own).collect()
}
