//! Work that stops for lack of weight comes to the same as work that does not.

use super::*;
use gridpeg_market::clearing::{Pricing, Rule};
use polkadot_sdk::frame_support::traits::Hooks;

/// What is left of it all in the end.
#[derive(Debug, PartialEq)]
struct End {
    trades: Vec<((Slot, FeederId, u32), TradeRecord<u64>)>,
    results: Vec<(Slot, FeederId, BookResult)>,
    bills: Vec<(Slot, SiteId, Bill<u64>)>,
    leaves: Vec<PvLeaf<u64>>,
    free: Vec<Balance>,
    arrears: Vec<(u64, Balance)>,
    events: Vec<Event<Test>>,
    observed: Vec<(u64, i64, u128, u32, u32)>,
}

/// Random orders of six sites for two slots, as many as accounts may have; readings; then blocks until all is settled,
/// each at its start only with this share. Returns in how many blocks that was.
fn run(rule: Rule, seed: u64, share: Perbill) -> (u32, End) {
    let terms = Terms { pricing: Pricing { rule, k: 3_333 }, ..mock_terms() };
    new_test_ext_with(terms).execute_with(|| {
        let mut random = seed;
        let mut below = |bound: u64| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) % bound
        };
        Tight::put(40_000);
        for index in 0..30 * 6 {
            let site = 1 + (index % 6) as SiteId;
            let side = if site.is_multiple_of(2) { Side::Ask } else { Side::Bid };
            let lowest = if side == Side::Ask { 10 } else { 25 };
            let limit = (lowest + Balance::from(below(40))) * CENT;
            let expires = (below(10) == 0).then_some(CALENDAR.begin(PRESENT) + 1);
            let slot = SLOT + below(2) as Slot;
            let quantity = 10 + below(5_000);
            place(OrderRequest { site, slot, side, quantity, limit, green: side == Side::Ask, expires });
        }
        for site in 1..=6 {
            for slot in [SLOT, SLOT + 1] {
                Readings::insert((site, slot, Direction::Export), below(60_000));
                if below(4) > 0 {
                    Readings::insert((site, slot, Direction::Import), below(60_000));
                }
            }
        }
        leave(5, COIN);
        System::reset_events();
        WorkShare::set(share);
        let (mut blocks, mut leaves) = (0, Vec::new());
        for end in [CALENDAR.begin(SLOT), frozen(SLOT + 1), (CALENDAR.begin(SLOT) / PERIOD + 2) * PERIOD] {
            let is_done = || {
                let Cursors { clear, settle, .. } = next();
                (if end == CALENDAR.begin(SLOT) { clear } else { settle }) > SLOT + 1
            };
            for block in 0..4 {
                block_with(end + block, Weight::zero());
                leaves.extend(BlockLeaves::<Test>::get());
            }
            while !is_done() {
                block_with(end + 4, Weight::zero());
                leaves.extend(BlockLeaves::<Test>::get());
                blocks += 1;
                assert!(blocks < 10_000, "it stands still");
                if blocks % 16 == 0 {
                    check();
                }
            }
        }
        // The last period's accounts.
        while Periods::<Test>::iter_keys().next().is_some() {
            block_with(pallet_timestamp::Now::<Test>::get(), Weight::zero());
        }
        check();
        let is_passing = |event: &Event<Test>| match event {
            Event::SlotSettled { slot, .. } => *slot > SLOT + 1,
            _ => false,
        };
        let end = End {
            trades: Trades::<Test>::iter().collect(),
            results: Cleared::<Test>::iter().collect(),
            bills: Bills::<Test>::iter().collect(),
            leaves,
            free: (1..=10).chain([GRID]).map(free).collect(),
            arrears: Arrears::<Test>::iter().collect(),
            events: events().into_iter().filter(|event| !is_passing(event)).collect(),
            observed: Observed::get(),
        };
        assert_eq!(held(1) + held(2) + held(3), 0);
        (blocks, end)
    })
}

#[test]
fn clearing_and_settlement_may_stop_after_any_step() {
    for rule in [Rule::PayAsClear, Rule::Midpoint] {
        for seed in 1..4 {
            let (_, whole) = run(rule, seed, Perbill::one());
            assert!(whole.trades.len() > 30, "{}", whole.trades.len());
            for share in [small_share(), Perbill::from_parts(9_000_000)] {
                let (blocks, parts) = run(rule, seed, share);
                assert!(blocks > 10, "{blocks}");
                assert_eq!(whole, parts);
            }
        }
    }
}

#[test]
fn a_share_below_one_step_is_found_by_the_integrity_test() {
    test(|| {
        WorkShare::set(small_share());
        <PvMarket as Hooks<u64>>::integrity_test();
        WorkShare::set(Perbill::from_parts(small_share().deconstruct() / 2));
        assert!(std::panic::catch_unwind(<PvMarket as Hooks<u64>>::integrity_test).is_err());
    });
}

#[test]
fn no_hook_takes_more_than_it_has() {
    test(|| {
        for site in 1..=6 {
            for _ in 0..30 {
                place(request(site, if site.is_multiple_of(2) { Side::Ask } else { Side::Bid }, 100, 50));
            }
        }
        WorkShare::set(Perbill::zero());
        // `block_with` looks at what was used.
        for step in 0..400u64 {
            let idle = Weight::from_parts(step * step * 200_000, u64::MAX);
            block_with(CALENDAR.begin(SLOT - 1) + step * 100, idle);
            check();
        }
        assert!(next().settle > SLOT);
        block_with(frozen(SLOT + 9), Weight::zero());
    });
}
