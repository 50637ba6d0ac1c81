//! The price of a clearing period. Periods are four slots long; [`SLOT`] is the first one of period 28.

use super::*;

const FIRST: u64 = 28;

/// A trade for a slot: buyer and seller by their sites, in the middle of 20 and `cents`.
fn deal(slot: Slot, seller: SiteId, buyer: SiteId, quantity: Wh, cents: Balance) {
    place(OrderRequest { slot, ..request(seller, Side::Ask, quantity, 20) });
    place(OrderRequest { slot, ..request(buyer, Side::Bid, quantity, cents) });
}

fn end_of(period: u64) -> Millis {
    (period + 1) * PERIOD
}

#[test]
fn a_period_is_reported_when_it_is_over_and_all_its_books_are_cleared() {
    test(|| {
        assert_eq!(CALENDAR.begin(SLOT) / PERIOD, FIRST);
        deal(SLOT, 1, 3, 1_000, 50);
        deal(SLOT + 3, 2, 4, 500, 40);
        deal(SLOT + 3, 7, 8, 500, 60);
        // Of the next period.
        deal(SLOT + 4, 1, 3, 700, 30);
        block_at(CALENDAR.begin(SLOT + 3));
        assert_eq!(next().clear, SLOT + 5);
        block_at(end_of(FIRST) - 1);
        assert_eq!(Observed::get(), []);
        block_at(end_of(FIRST));
        // (1,000 · 35 + 500 · 30 + 500 · 40) / 2,000.
        let (price, energy) = (35 * CENT, 2_000);
        assert_eq!(Observed::get(), [(FIRST, price as i64, energy, 3, 3)]);
        assert!(events().contains(&Event::PeriodReported { period: FIRST, price, energy }));
        // Nothing is kept of it.
        assert_eq!(Periods::<Test>::iter_keys().collect::<Vec<_>>(), [(FIRST + 1).to_be_bytes()]);
        assert_eq!(PeriodParties::<Test>::iter_keys().filter(|(period, _)| *period == FIRST).count(), 0);
        block_at(end_of(FIRST + 1));
        assert_eq!(Observed::get().last(), Some(&(FIRST + 1, (25 * CENT) as i64, 700, 1, 1)));
        assert_eq!(PeriodParties::<Test>::iter_keys().count(), 0);
    });
}

#[test]
fn who_sold_and_bought_makes_no_price() {
    test(|| {
        deal(SLOT, 1, 3, 1_000, 50);
        deal(SLOT + 1, 3, 1, 1_000, 50);
        deal(SLOT + 2, 2, 4, 1_000, 50);
        deal(SLOT + 3, 2, 4, 1_000, 50);
        block_at(CALENDAR.begin(SLOT + 2));
        block_at(end_of(FIRST));
        assert_eq!(Observed::get(), [(FIRST, (35 * CENT) as i64, 4_000, 1, 1)]);
    });
}

#[test]
fn a_period_without_trades_is_not_reported() {
    test(|| {
        ask(1, 1_000, 50);
        bid(3, 1_000, 20);
        block_at(end_of(FIRST + 2));
        assert_eq!(Observed::get(), []);
        assert_eq!(Periods::<Test>::iter_keys().count(), 0);
    });
}

#[test]
fn a_price_that_is_not_taken_does_no_harm() {
    test(|| {
        WindowClosed::put(true);
        deal(SLOT, 1, 3, 1_000, 50);
        clear();
        block_at(end_of(FIRST));
        assert_eq!(Observed::get(), [], "rolled back");
        let error = WINDOW_CLOSED;
        assert!(events().contains(&Event::PeriodNotReported { period: FIRST, error }));
        WindowClosed::kill();
        block_at(end_of(FIRST + 1));
        assert_eq!(Observed::get(), [], "it is not reported again");
        assert_eq!(Periods::<Test>::iter_keys().count(), 0);
    });
}

#[test]
fn several_periods_that_are_over_at_once_are_reported_in_order() {
    test(|| {
        deal(SLOT, 1, 3, 1_000, 50);
        deal(SLOT + 4, 1, 3, 2_000, 50);
        deal(SLOT + 12, 1, 3, 3_000, 50);
        block_at(end_of(FIRST + 5));
        let energies: Vec<_> = Observed::get().into_iter().map(|(period, _, energy, ..)| (period, energy)).collect();
        assert_eq!(energies, [(FIRST, 1_000), (FIRST + 1, 2_000), (FIRST + 3, 3_000)]);
    });
}

#[test]
fn the_price_is_of_what_was_traded_not_of_what_was_delivered() {
    test(|| {
        deal(SLOT, 1, 3, 1_000, 50);
        clear();
        settle();
        block_at(end_of(FIRST));
        assert_eq!(trade(0).settlement.map(|settlement| settlement.settled), Some(0));
        assert_eq!(Observed::get(), [(FIRST, (35 * CENT) as i64, 1_000, 1, 1)]);
    });
}
