//! What is delivered, and who owes what for it.

use super::*;
use Item::*;

/// Site 1 sells 1 kWh to site 3 at 0.35, with a network fee of 0.012.
fn trade_one() {
    ask(1, 1_000, 20);
    bid(3, 1_000, 50);
    clear();
    assert_eq!(trades(), [(1, 3, 1_000, 3_500)]);
}

/// Thousandths of a coin.
fn milli(amount: Balance) -> Balance {
    amount * CENT / 10
}

/// What an account has more, or less, than at genesis, in thousandths of a coin.
fn change(account: u64) -> i128 {
    assert_eq!(held(account), 0);
    (free(account) as i128 - ENDOWMENT as i128) / milli(1) as i128
}

#[test]
fn a_contract_that_is_met_is_paid_in_full() {
    test(|| {
        trade_one();
        exported(1, 1_000);
        imported(3, 1_000);
        settle();
        assert_eq!(lines(1), [(Sale, 1_000, milli(350))]);
        assert_eq!(lines(3), [(Purchase, 1_000, milli(350)), (NetworkFee, 1_000, milli(12))]);
        assert_eq!([1, 3, GRID].map(change), [350, -362, 12]);
        let settlement =
            Settlement { allocated_seller: 1_000, allocated_buyer: 1_000, settled: 1_000, seller_no: 1, buyer_no: 1 };
        assert_eq!(trade(0).settlement, Some(settlement));
        let (settled, turnover, fee) = (1_000, milli(350), milli(12));
        let own = events();
        assert!(own.contains(&Event::TradeSettled { slot: SLOT, feeder: FEEDER, number: 0, settled, turnover, fee }));
        assert_eq!(own.last(), Some(&Event::SlotSettled { slot: SLOT, bills: 2 }));
        assert_eq!((next().settle, LastSettled::get()), (SLOT + 1, Some(SLOT)));
        assert_eq!(Stakes::<Test>::iter_keys().count(), 0);
    });
}

#[test]
fn a_seller_pays_for_what_is_missing_beyond_the_band() {
    test(|| {
        trade_one();
        exported(1, 600);
        imported(3, 1_000);
        settle();
        assert_eq!(lines(1), [(Sale, 600, milli(210)), (Penalty, 300, milli(60))]);
        let bought = [(Purchase, 600, milli(210)), (NetworkFee, 600, milli(72) / 10), (Residual, 400, milli(240))];
        assert_eq!(lines(3), bought);
        assert_eq!((change(1), change(3)), (150, -457));
        // A bill says what others need to know of it, and the rest can be worked out.
        let bill = Bills::<Test>::get(SLOT, 3).unwrap();
        let debit = milli(4_572) / 10;
        let expected = Bill {
            account: 3,
            version: 0,
            mode: Mode::Market,
            level: 0,
            exported: Some(0),
            imported: Some(1_000),
            late_exported: 0,
            late_imported: 0,
            numbers: Some((1, 1)),
            trades: 1,
            credit: 0,
            debit,
            drawn: 0,
            unpaid: 0,
        };
        assert_eq!(bill, expected);
        let line = PvMarket::bill(3, SLOT).unwrap().lines[2];
        let lines = BoundedVec::truncate_from(vec![line]);
        let (slot, site, account, credit, drawn, unpaid) = (SLOT, 3, 3, 0, 0, 0);
        assert!(events().contains(&Event::Billed { slot, site, account, lines, credit, debit, drawn, unpaid }));
    });
}

#[test]
fn a_silent_meter_has_exported_nothing_and_imported_what_was_contracted() {
    test(|| {
        trade_one();
        exported(1, 1_000);
        settle();
        assert_eq!(lines(3), [(Purchase, 1_000, milli(350)), (NetworkFee, 1_000, milli(12))]);
        assert_eq!(Bills::<Test>::get(SLOT, 3).unwrap().imported, None);
        assert_eq!(PvMarket::month(3, 0).imported, 1_000);
    });
    test(|| {
        trade_one();
        imported(3, 1_000);
        settle();
        assert_eq!(lines(1), [(Penalty, 900, milli(180))]);
        assert_eq!(lines(3), [(Residual, 1_000, milli(600))]);
    });
    // Neither says anything: nothing was sold.
    test(|| {
        trade_one();
        settle();
        assert_eq!(lines(1), [(Penalty, 900, milli(180))]);
        assert_eq!(lines(3), [(Residual, 1_000, milli(600))]);
    });
}

/// A reading of the slot after [`SLOT`], whose counter shows that so much more has flowed before.
fn speaks_again(site: SiteId, direction: Direction, energy: Wh, late: Wh) {
    Readings::insert((site, SLOT + 1, direction), energy);
    CaughtUp::insert((site, SLOT + 1, direction), late);
}

/// Items, quantities and amounts of a site's bill of the slot after [`SLOT`].
fn next_lines(site: SiteId) -> Vec<(Item, Wh, Balance)> {
    let bill = PvMarket::bill(site, SLOT + 1).unwrap();
    bill.lines.iter().map(|line| (line.item, line.quantity, line.amount)).collect()
}

#[test]
fn a_silent_meters_energy_is_billed_when_it_speaks_again() {
    test(|| {
        trade_one();
        exported(1, 1_000);
        // Site 3's meter is silent: it is taken to have imported what it contracted, 1,000 Wh, and imported 1,400.
        speaks_again(3, Direction::Import, 200, 1_400);
        settle();
        let silent = Bills::<Test>::get(SLOT, 3).unwrap();
        assert_eq!((silent.imported, PvMarket::assumed(3)), (None, 1_000));
        let before = change(3);
        block_at(frozen(SLOT + 1));
        assert_eq!(next_lines(3), [(Residual, 200, milli(120)), (LateResidual, 400, milli(240))]);
        assert_eq!((change(3) - before, PvMarket::assumed(3)), (-360, 0));
        let bill = Bills::<Test>::get(SLOT + 1, 3).unwrap();
        assert_eq!((bill.imported, bill.late_imported, bill.debit), (Some(200), 400, milli(360)));
        // All that the counter shows is billed, and what is settled stays as it was.
        let MonthSums { imported, late_imported, .. } = PvMarket::month(3, 0);
        assert_eq!((imported, late_imported), (1_200, 400));
        assert_eq!(Bills::<Test>::get(SLOT, 3).unwrap(), silent);
        assert_eq!([1, 3, GRID].map(change).iter().sum::<i128>(), 0);
        let lines = BoundedVec::truncate_from(PvMarket::bill(3, SLOT + 1).unwrap().lines);
        let (slot, site, account, credit, debit, drawn, unpaid) = (SLOT + 1, 3, 3, 0, milli(360), 0, 0);
        assert!(events().contains(&Event::Billed { slot, site, account, lines, credit, debit, drawn, unpaid }));
    });
}

#[test]
fn what_was_billed_as_contracted_is_set_off_until_it_is_used_up() {
    test(|| {
        trade_one();
        exported(1, 1_000);
        speaks_again(3, Direction::Import, 0, 300);
        CaughtUp::insert((3, SLOT + 2, Direction::Import), 900);
        settle();
        block_at(frozen(SLOT + 1));
        // All of it was billed already, and nothing else flowed: no bill.
        assert_eq!((PvMarket::bill(3, SLOT + 1), PvMarket::assumed(3)), (None, 700));
        block_at(frozen(SLOT + 2));
        let late = PvMarket::bill(3, SLOT + 2).unwrap();
        assert_eq!((late.bill.late_imported, late.lines.len(), PvMarket::assumed(3)), (200, 1, 0));
        assert_eq!(change(3), -362 - 120);
    });
}

#[test]
fn what_one_of_a_site_s_import_meters_says_is_billed_while_another_is_silent() {
    test(|| {
        trade_one();
        exported(1, 1_000);
        // The meter that speaks says 1,300, so at least that was imported: 1,000 as contracted, and the rest.
        CaughtUp::insert((3, SLOT, Direction::Import), 1_300);
        settle();
        let bought = [(Purchase, 1_000, milli(350)), (NetworkFee, 1_000, milli(12)), (LateResidual, 300, milli(180))];
        assert_eq!(lines(3), bought);
        assert_eq!(PvMarket::assumed(3), 0);
    });
}

#[test]
fn late_exports_are_paid_as_surplus_by_mode_and_meet_no_contract() {
    test(|| {
        trade_one();
        imported(3, 1_000);
        for site in [1, SELF_USE, ALL_TO_GRID] {
            speaks_again(site, Direction::Export, 100, 1_000);
        }
        settle();
        // The penalty stays.
        assert_eq!(lines(1), [(Penalty, 900, milli(180))]);
        block_at(frozen(SLOT + 1));
        for site in [1, SELF_USE] {
            assert_eq!(next_lines(site), [(Surplus, 100, milli(30)), (LateSurplus, 1_000, milli(300))]);
        }
        assert_eq!(next_lines(ALL_TO_GRID), [(Surplus, 100, milli(40)), (LateSurplus, 1_000, milli(400))]);
        let MonthSums { exported, late_exported, .. } = PvMarket::month(1, 0);
        assert_eq!((exported, late_exported), (100, 1_000));
        assert_eq!([1, SELF_USE.into(), ALL_TO_GRID.into(), 3, GRID].map(change), [150, 330, 440, -600, -320]);
        assert!(Greens::iter().next().is_none(), "nothing was sold green");
    });
}

#[test]
fn late_energy_goes_by_the_terms_of_the_slot_in_which_it_shows() {
    test(|| {
        let terms = Terms { feed_in: 10 * CENT, tariffs: vec![70 * CENT].try_into().unwrap(), ..mock_terms() };
        let from = PRESENT + mock_terms().horizon + 1;
        assert_ok!(PvMarket::set_terms(RuntimeOrigin::root(), from, terms));
        for slot in [from - 1, from] {
            CaughtUp::insert((2, slot, Direction::Export), 1_000);
            CaughtUp::insert((2, slot, Direction::Import), 1_000);
        }
        block_at(frozen(from));
        let amounts = |slot: Slot| -> Vec<(Item, Balance)> {
            PvMarket::bill(2, slot).unwrap().lines.iter().map(|line| (line.item, line.amount)).collect()
        };
        assert_eq!(amounts(from - 1), [(LateSurplus, milli(300)), (LateResidual, milli(600))]);
        assert_eq!(amounts(from), [(LateSurplus, milli(100)), (LateResidual, milli(700))]);
    });
}

#[test]
fn what_is_delivered_beyond_the_contracts_is_surplus() {
    test(|| {
        trade_one();
        exported(1, 1_500);
        imported(3, 1_000);
        settle();
        assert_eq!(lines(1), [(Sale, 1_000, milli(350)), (Surplus, 500, milli(150))]);
        assert_eq!([1, 3, GRID].map(change), [500, -362, -138]);
    });
}

#[test]
fn a_buyer_who_takes_less_pays_the_penalty() {
    test(|| {
        trade_one();
        exported(1, 1_000);
        imported(3, 600);
        settle();
        assert_eq!(lines(1), [(Sale, 600, milli(210)), (Surplus, 400, milli(120))]);
        let bought = [(Purchase, 600, milli(210)), (NetworkFee, 600, milli(72) / 10), (Penalty, 300, milli(60))];
        assert_eq!(lines(3), bought);
    });
}

#[test]
fn within_the_free_band_nothing_is_due() {
    test(|| {
        trade_one();
        exported(1, 900);
        imported(3, 950);
        settle();
        assert_eq!(lines(1), [(Sale, 900, milli(315))]);
        let bought = [(Purchase, 900, milli(315)), (NetworkFee, 900, milli(108) / 10), (Residual, 50, milli(30))];
        assert_eq!(lines(3), bought);
    });
}

#[test]
fn the_first_trades_are_served_first() {
    test(|| {
        ask(1, 2_000, 20);
        bid(3, 1_000, 50);
        bid(4, 1_000, 40);
        clear();
        exported(1, 1_500);
        imported(3, 1_000);
        imported(4, 1_000);
        settle();
        let sold = [(Sale, 1_000, milli(350)), (Sale, 500, milli(150)), (Penalty, 300, milli(60))];
        assert_eq!(lines(1), sold);
        let bought = [(Purchase, 500, milli(150)), (NetworkFee, 500, milli(65) / 10), (Residual, 500, milli(300))];
        assert_eq!(lines(4), bought);
        let numbers = [0, 1].map(|number| trade(number).settlement.unwrap());
        assert_eq!(numbers.map(|settlement| (settlement.seller_no, settlement.buyer_no)), [(1, 1), (2, 1)]);
    });
}

#[test]
fn what_is_settled_of_a_green_trade_is_noted_once() {
    test(|| {
        place(OrderRequest { green: true, ..request(1, Side::Ask, 1_000, 20) });
        ask(2, 1_000, 20);
        bid(3, 2_000, 50);
        clear();
        exported(1, 700);
        exported(2, 700);
        imported(3, 2_000);
        settle();
        assert_eq!(Greens::iter().collect::<Vec<_>>(), [((1, 0), 700)]);
        assert_eq!([0, 1].map(|number| trade(number).green), [true, false]);
    });
}

#[test]
fn a_site_that_does_not_trade_is_billed_by_its_mode_and_level() {
    test(|| {
        change_site(2, |site| site.level = 1);
        for site in [2, SELF_USE, ALL_TO_GRID] {
            exported(site, 1_000);
            imported(site, 500);
        }
        settle();
        assert_eq!(lines(2), [(Surplus, 1_000, milli(300)), (Residual, 500, milli(250))]);
        assert_eq!(lines(SELF_USE), [(Surplus, 1_000, milli(300)), (Residual, 500, milli(300))]);
        assert_eq!(lines(ALL_TO_GRID), [(Surplus, 1_000, milli(400)), (Residual, 500, milli(300))]);
        // One movement each.
        assert_eq!([2, 9, 10, GRID].map(change), [50, 0, 100, -150]);
        assert_eq!(Bills::<Test>::iter_keys().count(), 3, "no bill without flow");
    });
}

#[test]
fn a_seller_s_own_consumption_is_on_the_same_bill() {
    test(|| {
        trade_one();
        exported(1, 1_000);
        imported(1, 100);
        imported(3, 1_000);
        exported(3, 50);
        settle();
        assert_eq!(lines(1), [(Sale, 1_000, milli(350)), (Residual, 100, milli(60))]);
        let bought = [(Purchase, 1_000, milli(350)), (NetworkFee, 1_000, milli(12)), (Surplus, 50, milli(15))];
        assert_eq!(lines(3), bought);
        assert_eq!([1, 3, GRID].map(change), [290, -347, 57]);
    });
}

#[test]
fn the_former_owner_gets_the_bill_of_what_he_traded() {
    test(|| {
        trade_one();
        change_site(1, |site| site.owner = 2);
        exported(1, 1_500);
        imported(3, 1_000);
        Readings::insert((1, SLOT + 1, Direction::Export), 1_000);
        settle();
        block_at(frozen(SLOT + 1));
        assert_eq!(Bills::<Test>::get(SLOT, 1).unwrap().account, 1);
        assert_eq!(Bills::<Test>::get(SLOT + 1, 1).unwrap().account, 2);
        assert_eq!([1, 2].map(change), [500, 300]);
    });
}

#[test]
fn bills_and_the_grid_company_sum_to_zero() {
    test(|| {
        // Odd quantities and prices, so that rounding would show.
        place(OrderRequest { limit: 211_111_111_113, ..request(1, Side::Ask, 1_237, 0) });
        place(OrderRequest { limit: 277_777_777_771, ..request(2, Side::Ask, 991, 0) });
        place(OrderRequest { limit: 533_333_333_331, ..request(3, Side::Bid, 1_003, 0) });
        place(OrderRequest { limit: 499_999_999_999, ..request(4, Side::Bid, 1_101, 0) });
        clear();
        for (site, export, import) in [(1, 1_111, 3), (2, 503, 7), (3, 0, 1_717), (4, 11, 419), (9, 13, 17)] {
            exported(site, export);
            imported(site, import);
        }
        settle();
        let bills: Vec<_> = Bills::<Test>::iter_prefix_values(SLOT).collect();
        assert_eq!(bills.len(), 5);
        let net = |bill: &Bill<u64>| bill.credit as i128 - bill.debit as i128;
        for bill in &bills {
            assert_eq!(free(bill.account) as i128 - ENDOWMENT as i128, net(bill));
        }
        let all: i128 = bills.iter().map(net).sum();
        assert_eq!(all + free(GRID) as i128 - ENDOWMENT as i128, 0);
        // And so do their lines.
        for (slot, site, bill) in Bills::<Test>::iter() {
            let lines = PvMarket::bill(site, slot).unwrap().lines;
            let sum = |credit: bool| -> Balance {
                lines.iter().filter(|line| line.item.is_credit() == credit).map(|line| line.amount).sum()
            };
            assert_eq!((sum(true), sum(false)), (bill.credit, bill.debit));
        }
    });
}

#[test]
fn a_month_s_bills_are_added_up() {
    test(|| {
        trade_one();
        exported(1, 1_200);
        imported(3, 1_100);
        settle();
        Readings::insert((3, SLOT + 1, Direction::Import), 100);
        block_at(frozen(SLOT + 1));
        let sold = MonthSums { bills: 1, exported: 1_200, sold: 1_000, credit: milli(410), ..Default::default() };
        assert_eq!(PvMarket::month(1, 0), sold);
        let debit = milli(362 + 60 + 60);
        let bought = MonthSums { bills: 2, imported: 1_200, bought: 1_000, debit, ..Default::default() };
        assert_eq!(PvMarket::month(3, 0), bought);
        assert_eq!(PvMarket::month(3, 1), MonthSums::default());
    });
}
