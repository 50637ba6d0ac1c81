//! That the check of the invariants finds what it looks for.

use super::*;

/// Orders of both sides, a slot with a trade that is not settled, a settled slot with bills.
fn scene() -> sp_io::TestExternalities {
    let mut ext = new_test_ext();
    ext.execute_with(|| {
        for slot in [SLOT, SLOT + 4, SLOT + 7] {
            place(OrderRequest { slot, ..request(1, Side::Ask, 1_000, 20) });
            place(OrderRequest { slot, ..request(3, Side::Bid, 1_500, 50) });
        }
        exported(1, 900);
        clear();
        settle();
        block_at(CALENDAR.begin(SLOT + 3));
        let cursors = next();
        assert_eq!((cursors.settle, cursors.clear), (SLOT + 1, SLOT + 5));
    });
    ext
}

fn first_order() -> (OrderId, Place) {
    Orders::<Test>::iter().min_by_key(|(id, _)| *id).unwrap()
}

fn change_order(change: impl FnOnce(&mut BookOrder<u64>)) {
    let (id, place) = first_order();
    let key = (place.slot, place.feeder, place.side, place.key(id));
    Books::<Test>::mutate(key, |order| change(order.as_mut().unwrap()));
}

fn change_trade(slot: Slot, change: impl FnOnce(&mut TradeRecord<u64>)) {
    Trades::<Test>::mutate((slot, FEEDER, 0), |trade| change(trade.as_mut().unwrap()));
}

fn change_stake(change: impl FnOnce(&mut Stake<u64>)) {
    Stakes::<Test>::mutate(SLOT + 4, 1, |stake| change(stake.as_mut().unwrap()));
}

fn change_next(change: impl FnOnce(&mut Cursors)) {
    NextSlots::<Test>::mutate(|next| change(next.as_mut().unwrap()));
}

#[test]
fn every_invariant_is_found_broken() {
    let damages: [(&str, fn()); 41] = [
        ("1:", || Orders::<Test>::remove(first_order().0)),
        ("1:", || Orders::<Test>::insert(99, first_order().1)),
        ("1:", || NextOrder::<Test>::put(0)),
        ("1:", || change_order(|order| order.filled = order.quantity + 1)),
        ("2:", || OrdersOf::<Test>::remove(1)),
        ("2:", || OrdersOf::<Test>::try_append(1, 99).unwrap()),
        ("2:", || OrdersOf::<Test>::try_append(2, 99).unwrap()),
        ("3:", || Sides::<Test>::remove((SLOT + 7, FEEDER, 1))),
        ("3:", || Sides::<Test>::insert((SLOT + 7, FEEDER, 1), Standing { side: Side::Ask, orders: 2 })),
        ("3:", || Sides::<Test>::insert((SLOT + 7, FEEDER, 1), Standing { side: Side::Bid, orders: 1 })),
        ("4:", || OpenBooks::<Test>::remove(SLOT + 7, FEEDER)),
        ("4:", || OpenBooks::<Test>::insert(SLOT + 7, FEEDER, Sizes { asks: 2, bids: 1 })),
        ("4:", || MaxBook::set(1)),
        ("5:", || Stakes::<Test>::mutate(SLOT + 7, 1, |stake| stake.as_mut().unwrap().account = 2)),
        ("5:", || Stakes::<Test>::remove(SLOT + 7, 1)),
        ("5:", || change_stake(|stake| stake.orders = 1)),
        ("5:", || change_stake(|stake| stake.contracted = 0)),
        ("6:", || change_stake(|stake| stake.held -= 1)),
        ("6:", || change_order(|order| order.hold += 1)),
        ("6:", || {
            assert_ok!(Balances::hold(&HoldReason::Orders.into(), &6, 1));
        }),
        ("7:", || change_trade(SLOT, |trade| trade.quantity = 0)),
        ("7:", || change_trade(SLOT, |trade| trade.price = FinePrice::of(51 * CENT))),
        ("7:", || change_trade(SLOT, |trade| trade.settlement.as_mut().unwrap().settled += 1)),
        ("8:", || change_trade(SLOT, |trade| trade.settlement = None)),
        ("8:", || {
            let settlement = trade(0).settlement;
            change_trade(SLOT + 4, |trade| trade.settlement = settlement);
        }),
        ("9:", || Bills::<Test>::mutate(SLOT, 1, |bill| bill.as_mut().unwrap().exported = Some(899))),
        ("10:", || TradesOf::<Test>::remove(1, 1)),
        ("10:", || TradeCount::<Test>::insert(1, 0)),
        ("10:", || TradesOf::<Test>::insert(1, 1, (SLOT + 4, FEEDER, 0))),
        ("11:", || Arrears::<Test>::insert(4, 1)),
        ("11:", || TotalGridDebt::<Test>::put(1)),
        ("11:", || {
            Arrears::<Test>::insert(4, 1);
            TotalArrears::<Test>::mutate(|total| *total += 1);
            GridDebt::<Test>::insert(4, 1);
            TotalGridDebt::<Test>::mutate(|total| *total += 1);
        }),
        ("12:", || change_next(|next| next.prune = next.settle + 1)),
        ("12:", || change_next(|next| next.clear = SLOT + 8)),
        ("12:", || change_next(|next| next.prune = SLOT + 1)),
        ("13:", || TermsAt::<Test>::mutate(0, |terms| terms.gate += 1)),
        // Site 3's meter was silent.
        ("14:", || Assumed::<Test>::insert(3, 0)),
        ("14:", || Assumed::<Test>::insert(3, 1_001)),
        ("14:", || Assumed::<Test>::insert(4, 1)),
        ("14:", || Bills::<Test>::mutate(SLOT, 1, |bill| bill.as_mut().unwrap().late_exported = 1)),
        ("14:", || Bills::<Test>::mutate(SLOT, 3, |bill| bill.as_mut().unwrap().late_imported = 1)),
    ];
    for (number, damage) in damages {
        scene().execute_with(|| {
            assert_ok!(PvMarket::check_invariants());
            damage();
            let number = format!("pv-market {number}");
            match PvMarket::check_invariants() {
                Err(sp_runtime::DispatchError::Other(error)) => {
                    assert!(error.starts_with(&number), "{number} {error}")
                }
                other => panic!("{number} {other:?}"),
            }
        });
    }
}

/// What is at stake in a slot that is settled, and what is open before the beginning.
#[test]
fn nothing_is_left_over_unseen() {
    let finds = |damage: fn()| {
        scene().execute_with(|| {
            damage();
            let error = PvMarket::check_invariants().unwrap_err();
            assert!(matches!(error, sp_runtime::DispatchError::Other(text) if text.starts_with("pv-market 12:")));
        });
    };
    finds(|| {
        let tally = Some(Tally::new(Side::Ask, None));
        let stake = Stake { account: 1, side: Side::Ask, orders: 0, contracted: 1, held: 0, tally };
        Stakes::<Test>::insert(SLOT, 1, stake);
    });
    finds(|| {
        let stage = SettleStage::Bills { after: None };
        InSettlement::<Test>::put(SlotInSettlement { slot: SLOT, stage, bills: 0 });
    });
}
