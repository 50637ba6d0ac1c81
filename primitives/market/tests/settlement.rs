//! Settlement of random trades among a few sites: coins and energy are conserved, holds suffice.

use codec::{Decode, Encode};
use gridpeg_market::{
    settlement::{
        buyer_bill, hold_of_ask, hold_of_bid, seller_bill, Allocation, Bill, Billing, Contract, Item, Line, Terms,
    },
    Balance, BasisPoints, FinePrice, Price, Side, Wh,
};
use proptest::prelude::*;

const SITES: usize = 4;

/// A trade between two sites; who sells and who buys are counted apart.
#[derive(Clone, Debug)]
struct Deal {
    seller: usize,
    buyer: usize,
    quantity: Wh,
    bid: Price,
    price: FinePrice,
    fee: Price,
}

#[derive(Clone, Debug)]
struct Slot {
    deals: Vec<Deal>,
    exported: [Wh; SITES],
    imported: [Option<Wh>; SITES],
    /// As sellers, then as buyers.
    late: [Wh; 2 * SITES],
    terms: Terms,
}

/// Prices of a few units a kWh, so that rounding matters, or of usual size.
fn slots() -> impl Strategy<Value = Slot> {
    let most = prop_oneof![Just(5_000u128), Just(1_000_000_000_000)];
    most.prop_flat_map(|most| {
        let price = move || 0..=most;
        let deal = (0..SITES, 0..SITES, 1..5_000u64, price(), price(), 0..=10_000u32, 0..=most / 10).prop_map(
            |(seller, buyer, quantity, a, b, k, fee)| {
                let (ask, bid) = (a.min(b), a.max(b));
                Deal { seller, buyer, quantity, bid, price: FinePrice::between(ask, bid, k), fee }
            },
        );
        let terms = (0..=12_000u32, price(), price(), price())
            .prop_map(|(free_band, penalty, surplus, residual)| Terms { free_band, penalty, surplus, residual });
        let exported = proptest::array::uniform4(0..20_000u64);
        let imported = proptest::array::uniform4(proptest::option::of(0..20_000u64));
        let late = proptest::array::uniform8(prop_oneof![Just(0u64), 0..20_000u64]);
        (proptest::collection::vec(deal, 0..20), exported, imported, late, terms)
            .prop_map(|(deals, exported, imported, late, terms)| Slot { deals, exported, imported, late, terms })
    })
}

/// All contracts of the slot as their sellers and as their buyers see them.
fn allocate(slot: &Slot) -> (Vec<Contract>, Vec<Contract>) {
    let mut sellers = slot.exported.map(|energy| Allocation::new(Some(energy)));
    let mut buyers = slot.imported.map(Allocation::new);
    let contracts = (0..).zip(&slot.deals).map(|(trade, deal)| {
        let (sold, taken) = (sellers[deal.seller].take(deal.quantity), buyers[deal.buyer].take(deal.quantity));
        let of = |allocated: Wh| Contract {
            trade,
            quantity: deal.quantity,
            price: deal.price,
            fee: deal.fee,
            allocated,
            settled: sold.min(taken),
        };
        (of(sold), of(taken))
    });
    contracts.unzip()
}

struct Site {
    side: Side,
    deals: Vec<Deal>,
    contracts: Vec<Contract>,
    actual: Option<Wh>,
    late: Wh,
    bill: Bill,
}

impl Site {
    fn quantity(&self, item: Item) -> Wh {
        self.bill.lines.iter().filter(|line| line.item == item).map(|line| line.quantity).sum()
    }

    fn amount(&self, item: Item) -> Balance {
        self.bill.lines.iter().filter(|line| line.item == item).map(|line| line.amount).sum()
    }
}

/// Every site's bill as a seller, then as a buyer.
fn settle(slot: &Slot) -> Vec<Site> {
    let (sold, bought) = allocate(slot);
    let of = |contracts: &[Contract], who: fn(&Deal) -> usize, site: usize| -> (Vec<Deal>, Vec<Contract>) {
        let all = slot.deals.iter().zip(contracts);
        all.filter(|(deal, _)| who(deal) == site).map(|(deal, contract)| (deal.clone(), *contract)).unzip()
    };
    let seller = |site: usize| {
        let (deals, contracts) = of(&sold, |deal| deal.seller, site);
        let late = slot.late[site];
        let bill = seller_bill(&contracts, slot.exported[site], late, &slot.terms);
        Site { side: Side::Ask, deals, contracts, actual: Some(slot.exported[site]), late, bill }
    };
    let buyer = |site: usize| {
        let (deals, contracts) = of(&bought, |deal| deal.buyer, site);
        let late = slot.late[SITES + site];
        let bill = buyer_bill(&contracts, slot.imported[site], late, &slot.terms);
        Site { side: Side::Bid, deals, contracts, actual: slot.imported[site], late, bill }
    };
    (0..SITES).map(seller).chain((0..SITES).map(buyer)).collect()
}

fn unmet(contracts: &[Contract], band: BasisPoints) -> Wh {
    let contracted: Wh = contracts.iter().map(|contract| contract.quantity).sum();
    let allocated: Wh = contracts.iter().map(|contract| contract.allocated).sum();
    (contracted - allocated).saturating_sub(contracted * u64::from(band) / 10_000)
}

proptest! {
    #[test]
    fn what_some_pay_is_what_the_others_and_the_grid_get(slot in slots()) {
        let sites = settle(&slot);
        let mut grid = 0i128;
        for line in sites.iter().flat_map(|site| &site.bill.lines).filter(|line| line.item.is_with_grid()) {
            grid += if line.item.is_credit() { -(line.amount as i128) } else { line.amount as i128 };
        }
        let all: i128 = sites.iter().map(|site| site.bill.credit() as i128 - site.bill.debit() as i128).sum();
        prop_assert_eq!(all + grid, 0);
        // Trade by trade, too.
        let lines = |item: Item| -> Vec<Line> {
            let all = sites.iter().flat_map(|site| &site.bill.lines);
            let mut lines: Vec<Line> = all.filter(|line| line.item == item).copied().collect();
            lines.sort_by_key(|line| line.trade);
            lines
        };
        let (sales, purchases) = (lines(Item::Sale), lines(Item::Purchase));
        prop_assert_eq!(sales.len(), purchases.len());
        for (sale, purchase) in sales.iter().zip(&purchases) {
            prop_assert_eq!(*sale, Line { item: Item::Sale, ..*purchase });
        }
    }

    #[test]
    fn every_metered_wh_is_in_one_line(slot in slots()) {
        for site in settle(&slot) {
            let contracted: Wh = site.contracts.iter().map(|contract| contract.quantity).sum();
            let actual = site.actual.unwrap_or(contracted);
            let (traded, rest, late) = match site.side {
                Side::Ask => (Item::Sale, Item::Surplus, Item::LateSurplus),
                Side::Bid => (Item::Purchase, Item::Residual, Item::LateResidual),
            };
            prop_assert_eq!(site.quantity(late), site.late);
            prop_assert_eq!(site.quantity(traded) + site.quantity(rest), actual);
            // Nothing is sold that was not contracted and metered.
            prop_assert!(site.contracts.iter().all(|c| c.settled <= c.allocated && c.allocated <= c.quantity));
            prop_assert_eq!(site.quantity(Item::Penalty), unmet(&site.contracts, slot.terms.free_band));
            if site.side == Side::Bid {
                prop_assert_eq!(site.quantity(Item::NetworkFee), site.quantity(Item::Purchase));
            }
        }
    }

    #[test]
    fn what_is_owed_to_the_grid_is_rounded_up_once(slot in slots()) {
        for site in settle(&slot) {
            let owed = site.bill.lines.iter().filter(|line| line.item.is_with_grid() && !line.item.is_credit());
            // Fine prices are whole prices here.
            let exact: u128 = owed.clone().map(|line| u128::from(line.quantity) * line.price.floor()).sum();
            prop_assert_eq!(owed.map(|line| line.amount).sum::<Balance>(), exact.div_ceil(1_000));
            let surplus = u128::from(site.quantity(Item::Surplus)) * slot.terms.surplus / 1_000;
            prop_assert_eq!(site.amount(Item::Surplus), surplus);
            let late = u128::from(site.quantity(Item::LateSurplus)) * slot.terms.surplus / 1_000;
            prop_assert_eq!(site.amount(Item::LateSurplus), late);
        }
    }

    #[test]
    fn holds_cover_all_but_the_residuals(slot in slots()) {
        let highest = slot.deals.iter().map(|deal| deal.fee).max().unwrap_or(0);
        let penalty = slot.terms.penalty;
        for site in settle(&slot) {
            let quantity: Wh = site.deals.iter().map(|deal| deal.quantity).sum();
            let due = site.bill.debit() - site.amount(Item::Residual) - site.amount(Item::LateResidual);
            // Whether all the trades are of one order or each of its own.
            let (one, each): (Balance, Balance) = match site.side {
                Side::Ask => {
                    let each = site.deals.iter().map(|deal| hold_of_ask(deal.quantity, penalty).unwrap());
                    (hold_of_ask(quantity, penalty).unwrap(), each.sum())
                }
                Side::Bid => {
                    let limit = site.deals.iter().map(|deal| deal.bid).max().unwrap_or(0);
                    let hold = |quantity: Wh, limit: Price| hold_of_bid(quantity, limit, highest, penalty).unwrap();
                    (hold(quantity, limit), site.deals.iter().map(|deal| hold(deal.quantity, deal.bid)).sum())
                }
            };
            prop_assert!(due <= one && due <= each, "{due} {one} {each}");
        }
    }

    #[test]
    fn a_bill_may_be_written_in_parts(slot in slots()) {
        for site in settle(&slot) {
            let mut billing = Billing::new(site.side);
            let mut lines = Vec::new();
            for contract in &site.contracts {
                billing.trade(contract, &mut lines);
                billing = Billing::decode(&mut &billing.encode()[..]).unwrap();
            }
            billing.close(site.actual, site.late, &slot.terms, &mut lines);
            prop_assert_eq!(lines, site.bill.lines);
        }
    }
}
