//! What holds after every block, and after every call. An error's text begins with the number.
//!
//! 1. Every order of a book is found by its number, and the other way round; none has traded more than it is for.
//! 2. Accounts' lists have exactly their open orders, no more than they may have.
//! 3. Accounts are on one side of a book, with as many orders as there are.
//! 4. Books have the sizes that are noted; one that orders are leaving has no more.
//! 5. Stakes have as many open orders as there are of their site and slot, all of one account, and none is idle.
//! 6. Every account has exactly so much on hold as its open orders and stakes say.
//! 7. A trade has a quantity, and a price between its limits; no more is settled than either side was given.
//! 8. All trades of settled slots are settled, none of slots that are not being settled.
//! 9. No site has sold more than it exported.
//! 10. Accounts' numbers lead to their trades, and are no more than were counted.
//! 11. Arrears and debts are not zero, add up to their totals, and no account has both.
//! 12. Slots are forgotten after they are settled and settled after they are cleared. Nothing is open for a slot that
//!     is cleared, and nothing at stake in one that is settled.
//! 13. Versions of the terms ascend, and their terms are within their bounds.
//! 14. What was assumed of a site is not zero, and no more than its months have as imported; its bills have no more
//!     late energy than its months.

use crate::*;
use alloc::collections::BTreeMap;
use polkadot_sdk::sp_runtime::TryRuntimeError;

type Outcome = Result<(), TryRuntimeError>;

fn add<K: Ord>(sums: &mut BTreeMap<K, Balance>, key: K, amount: Balance) {
    let sum = sums.entry(key).or_default();
    *sum = sum.saturating_add(amount);
}

/// `None` if it exceeds 128 bits.
fn total(mut amounts: impl Iterator<Item = Balance>) -> Option<Balance> {
    amounts.try_fold(0, Balance::checked_add)
}

fn count<K: Ord>(counts: &mut BTreeMap<K, u32>, key: K) {
    let count = counts.entry(key).or_default();
    *count = count.saturating_add(1);
}

impl<T: Config> Pallet<T> {
    /// Checks what must hold. Reads everything: for tests and `try-runtime`.
    pub fn check_invariants() -> Result<(), TryRuntimeError> {
        Self::check_orders()?;
        Self::check_stakes()?;
        Self::check_holds()?;
        Self::check_trades()?;
        Self::check_numbers()?;
        Self::check_debts()?;
        Self::check_cursors()?;
        Self::check_terms()?;
        Self::check_late()
    }

    fn check_orders() -> Outcome {
        let mut owned: BTreeMap<T::AccountId, u32> = BTreeMap::new();
        let mut sides: BTreeMap<(Slot, FeederId, T::AccountId, Side), u32> = BTreeMap::new();
        let mut sizes: BTreeMap<(Slot, FeederId, Side), u32> = BTreeMap::new();
        let mut orders = 0u32;
        for ((slot, feeder, side, key), order) in Books::<T>::iter() {
            let (limit, id) = side.read_key(&key);
            let place = Place { slot, feeder, side, limit };
            ensure!(Orders::<T>::get(id) == Some(place), "pv-market 1: an order is not found by its number");
            ensure!(id < NextOrder::<T>::get(), "pv-market 1: an order has a number that was not given");
            ensure!(order.filled <= order.quantity, "pv-market 1: an order has traded more than it is for");
            let listed = OrdersOf::<T>::get(&order.owner).contains(&id);
            ensure!(listed, "pv-market 2: an order is not in its owner's list");
            orders = orders.saturating_add(1);
            count(&mut owned, order.owner.clone());
            count(&mut sides, (slot, feeder, order.owner, side));
            count(&mut sizes, (slot, feeder, side));
        }
        ensure!(Orders::<T>::iter_keys().count() as u32 == orders, "pv-market 1: a number leads to no order");

        for (owner, list) in OrdersOf::<T>::iter() {
            ensure!(owned.get(&owner) == Some(&(list.len() as u32)), "pv-market 2: an account's list is too long");
        }
        for ((slot, feeder, account), Standing { side, orders }) in Sides::<T>::iter() {
            let found = sides.remove(&(slot, feeder, account, side));
            ensure!(found == Some(orders), "pv-market 3: an account has more or fewer orders on its side");
        }
        ensure!(sides.is_empty(), "pv-market 3: an account is on a side that is not noted");

        let emptied = InClearing::<T>::get()
            .filter(|book| matches!(book.stage, Stage::Emptying { .. }))
            .map(|book| (book.slot, book.feeder));
        for (slot, feeder, noted) in OpenBooks::<T>::iter() {
            let mut found = |side: Side| sizes.remove(&(slot, feeder, side)).unwrap_or_default();
            let found = Sizes { asks: found(Side::Ask), bids: found(Side::Bid) };
            let fits = found.asks <= noted.asks && found.bids <= noted.bids && emptied == Some((slot, feeder));
            ensure!(found == noted || fits, "pv-market 4: a book has another size than is noted");
            ensure!(noted.total() <= T::MaxBook::get(), "pv-market 4: a book is too large");
        }
        ensure!(sizes.is_empty(), "pv-market 4: a book is not noted");
        Ok(())
    }

    fn check_stakes() -> Outcome {
        let mut open: BTreeMap<(Slot, SiteId), u32> = BTreeMap::new();
        for ((slot, _, side, _), order) in Books::<T>::iter() {
            count(&mut open, (slot, order.site));
            let stake = Stakes::<T>::get(slot, order.site);
            let fits = stake.is_some_and(|stake| stake.account == order.owner && stake.side == side);
            ensure!(fits, "pv-market 5: an order is not at stake for its owner and side");
        }
        for (slot, site, stake) in Stakes::<T>::iter() {
            let orders = open.get(&(slot, site)).copied().unwrap_or_default();
            ensure!(stake.orders == orders, "pv-market 5: a site has more or fewer orders at stake");
            ensure!(!stake.is_idle(), "pv-market 5: a stake is idle");
        }
        Ok(())
    }

    fn check_holds() -> Outcome {
        let mut held: BTreeMap<T::AccountId, Balance> = BTreeMap::new();
        Books::<T>::iter_values().for_each(|order| add(&mut held, order.owner, order.hold));
        Stakes::<T>::iter_values().for_each(|stake| add(&mut held, stake.account, stake.held));
        for account in frame_system::Account::<T>::iter_keys() {
            let expected = held.remove(&account).unwrap_or_default();
            let on_hold = T::Currency::balance_on_hold(&HoldReason::Orders.into(), &account);
            ensure!(on_hold == expected, "pv-market 6: an account has more or less on hold than it should");
        }
        ensure!(held.into_values().all(|amount| amount == 0), "pv-market 6: an account that is gone holds something");
        Ok(())
    }

    fn check_trades() -> Outcome {
        let next = NextSlots::<T>::get();
        let mut sold: BTreeMap<(Slot, SiteId), Balance> = BTreeMap::new();
        for ((slot, ..), trade) in Trades::<T>::iter() {
            let (ask, bid) = trade.limits;
            let is_between = FinePrice::of(ask) <= trade.price && trade.price <= FinePrice::of(bid);
            ensure!(trade.quantity > 0, "pv-market 7: a trade has no quantity");
            ensure!(is_between, "pv-market 7: a price is not between the limits");
            let settles = next.map_or(0, |next| next.settle);
            match trade.settlement {
                None => ensure!(slot >= settles, "pv-market 8: a trade of a settled slot is not settled"),
                Some(Settlement { allocated_seller, allocated_buyer, settled, .. }) => {
                    ensure!(slot <= settles, "pv-market 8: a trade is settled before its slot");
                    let given = settled == allocated_seller.min(allocated_buyer);
                    let most = allocated_seller.max(allocated_buyer) <= trade.quantity;
                    ensure!(given && most, "pv-market 7: more is settled than there was");
                    add(&mut sold, (slot, trade.seller_site), settled.into());
                }
            }
        }
        for ((slot, site), energy) in sold {
            if let Some(bill) = Bills::<T>::get(slot, site) {
                let exported = bill.exported.unwrap_or_default();
                ensure!(energy <= Balance::from(exported), "pv-market 9: a site has sold more than it exported");
            }
        }
        Ok(())
    }

    fn check_numbers() -> Outcome {
        for (account, own, (slot, feeder, number)) in TradesOf::<T>::iter() {
            let counted = own >= 1 && own <= TradeCount::<T>::get(&account);
            ensure!(counted, "pv-market 10: a number was not counted");
            let trade = Trades::<T>::get((slot, feeder, number));
            let leads_back = trade.is_some_and(|trade| {
                trade.settlement.is_some_and(|settlement| {
                    (trade.seller == account && settlement.seller_no == own)
                        || (trade.buyer == account && settlement.buyer_no == own)
                })
            });
            ensure!(leads_back, "pv-market 10: a number does not lead to a trade of the account");
        }
        let settled = Trades::<T>::iter_values().filter(|trade| trade.settlement.is_some()).count();
        let numbers = TradesOf::<T>::iter_keys().count();
        ensure!(numbers == settled.saturating_mul(2), "pv-market 10: a settled trade lacks a number");
        Ok(())
    }

    fn check_debts() -> Outcome {
        let arrears = total(Arrears::<T>::iter_values());
        ensure!(arrears == Some(TotalArrears::<T>::get()), "pv-market 11: arrears are not their total");
        let debts = total(GridDebt::<T>::iter_values());
        ensure!(debts == Some(TotalGridDebt::<T>::get()), "pv-market 11: debts are not their total");
        ensure!(GridDebt::<T>::iter_values().all(|debt| debt > 0), "pv-market 11: a debt is zero");
        for (account, arrears) in Arrears::<T>::iter() {
            ensure!(arrears > 0, "pv-market 11: arrears are zero");
            ensure!(!GridDebt::<T>::contains_key(account), "pv-market 11: an account owes and is owed");
        }
        Ok(())
    }

    fn check_cursors() -> Outcome {
        let Some(next) = NextSlots::<T>::get() else {
            ensure!(
                Cleared::<T>::iter_keys().next().is_none(),
                "pv-market 12: a book was cleared before the beginning"
            );
            return Ok(());
        };
        let ascend = next.prune <= next.settle && next.settle <= next.clear;
        ensure!(ascend, "pv-market 12: a slot is settled before it is cleared, or forgotten before it is settled");
        let open = OpenBooks::<T>::iter_keys().all(|(slot, _)| slot >= next.clear);
        ensure!(open, "pv-market 12: a book is open for a slot that is cleared");
        let staked = Stakes::<T>::iter_keys().all(|(slot, _)| slot >= next.settle);
        ensure!(staked, "pv-market 12: something is at stake in a slot that is settled");
        let kept = Cleared::<T>::iter_keys().all(|(slot, _)| (next.prune..=next.clear).contains(&slot));
        ensure!(kept, "pv-market 12: a book's result is of a slot that is not cleared, or was forgotten");
        let billed = Bills::<T>::iter_keys().all(|(slot, _)| (next.prune..=next.settle).contains(&slot));
        ensure!(billed, "pv-market 12: a bill is of a slot that is not settled, or was forgotten");
        let cleared = InClearing::<T>::get().is_none_or(|book| book.slot == next.clear);
        ensure!(cleared, "pv-market 12: another slot's book is being cleared");
        let settled = InSettlement::<T>::get().is_none_or(|at| at.slot == next.settle && at.slot < next.clear);
        ensure!(settled, "pv-market 12: another slot is being settled");
        Ok(())
    }

    fn check_terms() -> Outcome {
        let versions = Versions::<T>::get();
        let ascend = versions.is_sorted_by(|a, b| a.from < b.from && a.number < b.number);
        ensure!(ascend, "pv-market 13: versions of the terms do not ascend");
        for version in &versions {
            let terms = TermsAt::<T>::get(version.number);
            ensure!(terms.check().is_ok(), "pv-market 13: terms are out of their bounds");
            let known = (terms.gate, terms.horizon, terms.retention);
            ensure!(known == (version.gate, version.horizon, version.retention), "pv-market 13: a version differs");
        }
        Ok(())
    }

    fn check_late() -> Outcome {
        let mut imported: BTreeMap<SiteId, Balance> = BTreeMap::new();
        let mut late: BTreeMap<SiteId, [Balance; 2]> = BTreeMap::new();
        for (site, _, sums) in MonthlyBills::<T>::iter() {
            add(&mut imported, site, sums.imported);
            let [exports, imports] = late.entry(site).or_default();
            *exports = exports.saturating_add(sums.late_exported);
            *imports = imports.saturating_add(sums.late_imported);
        }
        for (site, energy) in Assumed::<T>::iter() {
            let within = Balance::from(energy) <= imported.remove(&site).unwrap_or_default();
            ensure!(energy > 0, "pv-market 14: nothing is assumed");
            ensure!(within, "pv-market 14: more is assumed than was billed");
        }
        for (_, site, bill) in Bills::<T>::iter() {
            let [exports, imports] = late.entry(site).or_default();
            let (of_exports, of_imports) = (Balance::from(bill.late_exported), Balance::from(bill.late_imported));
            let within = of_exports <= *exports && of_imports <= *imports;
            ensure!(within, "pv-market 14: bills have more late energy than their months");
            *exports = exports.saturating_sub(of_exports);
            *imports = imports.saturating_sub(of_imports);
        }
        Ok(())
    }
}
