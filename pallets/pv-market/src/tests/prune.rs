//! What is forgotten, and when.

use super::*;

fn short() -> Terms {
    Terms { retention: 3, ..mock_terms() }
}

fn trade_in(slot: Slot) {
    place(OrderRequest { slot, ..request(1, Side::Ask, 100, 20) });
    place(OrderRequest { slot, ..request(3, Side::Bid, 100, 50) });
}

#[test]
fn a_slot_is_forgotten_when_its_retention_is_over() {
    test_with(short(), || {
        trade_in(SLOT);
        trade_in(SLOT + 1);
        block_at(frozen(SLOT + 3));
        assert_eq!(next(), Cursors { clear: SLOT + 7, settle: SLOT + 4, prune: SLOT + 1 });
        assert_eq!(PvMarket::trades_of(1, 0, 9).iter().map(|trade| trade.own).collect::<Vec<_>>(), [2]);
        assert_eq!([1, 3].map(|site| PvMarket::bill(site, SLOT)), [None, None]);
        assert_eq!((PvMarket::price(SLOT, FEEDER), PvMarket::trade(SLOT, FEEDER, 0)), (None, None));
        assert!(PvMarket::bill(3, SLOT + 1).is_some_and(|bill| !bill.lines.is_empty()));
        check();
        block_at(frozen(SLOT + 4));
        assert_eq!((Trades::<Test>::iter_keys().count(), TradesOf::<Test>::iter_keys().count()), (0, 0));
        assert_eq!((Bills::<Test>::iter_keys().count(), Cleared::<Test>::iter_keys().count()), (0, 0));
        // Sums and counts stay.
        assert_eq!((PvMarket::month(1, 0).bills, TradeCount::<Test>::get(1)), (2, 2));
    });
}

#[test]
fn what_is_not_settled_is_not_forgotten() {
    test_with(short(), || {
        trade_in(SLOT);
        clear();
        Grid::<Test>::kill();
        block_at(frozen(SLOT + 50));
        assert_eq!((next().settle, next().prune), (PRESENT, PRESENT));
        Grid::<Test>::put(GRID);
        block_at(frozen(SLOT + 50));
        assert_eq!((next().settle, next().prune), (SLOT + 51, SLOT + 48));
    });
}

#[test]
fn forgetting_goes_on_where_it_stopped() {
    test_with(short(), || {
        for _ in 0..20 {
            ask(1, 10, 20);
        }
        bid(3, 200, 50);
        block_at(frozen(SLOT + 2));
        assert_eq!((Trades::<Test>::iter_keys().count(), Bills::<Test>::iter_keys().count()), (20, 2));
        WorkShare::set(small_share());
        let mut counts = Vec::new();
        for block in 0..40 {
            block_with(frozen(SLOT + 3) + block, Weight::zero());
            counts.push(Trades::<Test>::iter_keys().count());
            check();
        }
        assert!(counts.is_sorted_by(|a, b| a >= b));
        counts.dedup();
        assert!(counts.len() > 3 && counts.last() == Some(&0), "{counts:?}");
        assert_eq!(TradesOf::<Test>::iter_keys().count(), 0);
    });
}
