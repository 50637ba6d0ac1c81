//! Slots without orders or with orders of one side only, and hours without blocks.

use super::*;

#[test]
fn a_slot_without_orders_is_passed_by() {
    test(|| {
        settle();
        assert_eq!(next(), Cursors { clear: SLOT + 4, settle: SLOT + 1, prune: PRESENT });
        assert_eq!(Cleared::<Test>::iter_keys().count(), 0);
        let settled = (PRESENT..=SLOT).map(|slot| Event::SlotSettled { slot, bills: 0 }).collect::<Vec<_>>();
        assert_eq!(events(), settled);
    });
}

#[test]
fn a_book_of_one_side_is_cleared_without_trades() {
    for side in [Side::Ask, Side::Bid] {
        test(|| {
            place(request(1, side, 1_000, 50));
            place(request(2, side, 1_000, 20));
            clear();
            let result = BookResult { price: None, uniform: None, energy: 0, trades: 0, version: 0 };
            assert_eq!(PvMarket::price(SLOT, FEEDER), Some(result));
            assert_eq!([1, 2].map(|account| (held(account), free(account))), [(0, ENDOWMENT); 2]);
            assert_eq!(Stakes::<Test>::iter_keys().count(), 0);
        });
    }
}

#[test]
fn a_book_that_was_emptied_by_hand_is_no_book() {
    test(|| {
        let order = ask(1, 1_000, 50);
        assert_ok!(cancel(1, order));
        clear();
        assert_eq!(PvMarket::price(SLOT, FEEDER), None);
    });
}

#[test]
fn an_hour_without_blocks_is_worked_off_in_order() {
    test(|| {
        for (slot, cents) in [(SLOT, 50), (SLOT + 7, 40)] {
            place(OrderRequest { slot, ..request(1, Side::Ask, 1_000, 20) });
            place(OrderRequest { slot, ..request(3, Side::Bid, 1_000, cents) });
            Readings::insert((1, slot, Direction::Export), 1_000);
        }
        // 360 slots.
        let after = CALENDAR.begin(PRESENT) + 3_600_000;
        let mut blocks = 0;
        while next().prune < PRESENT + 300 {
            block_with(after + blocks, Weight::zero());
            check();
            blocks += 1;
        }
        assert!(blocks > 2, "a quarter of one block is enough for all of it");
        let prices = PvMarket::prices(FEEDER, 0, 1_000);
        // Retention is over for both.
        assert_eq!(prices, []);
        assert_eq!(PvMarket::month(1, 0).credit, 35 * CENT + 30 * CENT);
        let order = |event: Event<Test>| match event {
            Event::SlotCleared { slot, .. } => Some((slot, "cleared")),
            Event::SlotSettled { slot, .. } => Some((slot, "settled")),
            _ => None,
        };
        let all: Vec<_> = events().into_iter().filter_map(order).collect();
        let settled: Vec<_> = all.iter().filter(|(_, what)| *what == "settled").map(|(slot, _)| *slot).collect();
        assert!(settled.iter().copied().eq(PRESENT..PRESENT + settled.len() as Slot), "none is left out");
        let place_of = |entry: (Slot, &str)| all.iter().position(|other| *other == entry).unwrap();
        for slot in [SLOT, SLOT + 7] {
            assert!(place_of((slot, "cleared")) < place_of((slot, "settled")));
        }
        // What is open now is what is ahead now.
        let late = PvMarket::slot_now().unwrap();
        assert_noop!(place_as(1, request(1, Side::Ask, 1_000, 20)), Error::<Test>::GateClosed);
        assert_ok!(place_as(1, OrderRequest { slot: late + 2, ..request(1, Side::Ask, 1_000, 20) }));
    });
}

#[test]
fn sites_are_billed_for_the_slots_of_an_hour_without_blocks() {
    test(|| {
        for slot in PRESENT..PRESENT + 100 {
            Readings::insert((SELF_USE, slot, Direction::Import), 100);
        }
        block_at(frozen(PRESENT + 100));
        while next().settle <= PRESENT + 100 {
            block_at(frozen(PRESENT + 100));
        }
        assert_eq!(free(9), ENDOWMENT - 100 * 6 * CENT);
        // Months have 40 slots: 30, 40 and 30 of these.
        assert_eq!([0, 1, 2].map(|month| PvMarket::month(SELF_USE, month).bills), [30, 40, 30]);
    });
}

#[test]
fn the_first_slot_is_the_one_of_the_first_block() {
    new_test_ext().execute_with(|| {
        NextSlots::<Test>::kill();
        // At the start of block 1 no time was ever set.
        pallet_timestamp::Now::<Test>::kill();
        block_at(CALENDAR.begin(1_000_000));
        assert_eq!(next(), Cursors { clear: 1_000_002, settle: 1_000_000, prune: 1_000_000 });
    });
}
