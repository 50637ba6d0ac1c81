//! Rounds worked by hand. Quantities in t, so that turnover is t times price.

use crate::rounds::{clear, quote, Cleared, MemoryRound, MIDPOINT, ONE_PRICE, PAPER};
use gridpeg_carbon::{
    units::{MAX_LOT, MAX_PRICE, TONNE},
    FinePrice, Grams, QuoteId, Rank, Stage, Terms, TonnePrice,
};

/// A quote: number, t, price.
type Row = (QuoteId, Grams, TonnePrice);
/// A quote with its rank: number, rank, t, price.
type Ranked = (QuoteId, Rank, Grams, TonnePrice);

fn ranked(terms: Terms, lists: [&[Ranked]; 3]) -> Cleared {
    assert_eq!(terms.check(), Ok(()));
    let of = |rows: &[Ranked]| rows.iter().map(|&(id, rank, t, price)| quote(id, rank, t * TONNE, price)).collect();
    let [cec, pvp, bids]: [Vec<_>; 3] = lists.map(of);
    clear(&MemoryRound::new(terms.pairing, [&cec, &pvp, &bids]), terms)
}

/// Asks of CECs, asks of PVPs, bids.
fn plain(terms: Terms, lists: [&[Row]; 3]) -> Cleared {
    let of = |rows: &[Row]| rows.iter().map(|&(id, t, price)| (id, 0, t, price)).collect();
    let [cec, pvp, bids]: [Vec<Ranked>; 3] = lists.map(of);
    ranked(terms, [&cec, &pvp, &bids])
}

/// Ask, bid, t, turnover of each deal in a stage.
fn deals(cleared: &Cleared, stage: Stage) -> Vec<(QuoteId, QuoteId, Grams, u128)> {
    let in_stage = cleared.deals().into_iter().filter(|deal| deal.stage == stage);
    in_stage.map(|deal| (deal.ask, deal.bid, deal.quantity / TONNE, deal.turnover)).collect()
}

fn internal(cleared: &Cleared) -> Vec<(QuoteId, QuoteId, Grams, u128)> {
    deals(cleared, Stage::Internal)
}

fn cross(cleared: &Cleared) -> Vec<(QuoteId, QuoteId, Grams, u128)> {
    deals(cleared, Stage::Cross)
}

#[test]
fn round_1_the_regulated_come_first_even_if_they_are_dearer() {
    let cleared = plain(MIDPOINT, [&[(1, 5, 300)], &[(2, 9, 100)], &[(3, 5, 400)]]);
    // 5 t at 350.
    assert_eq!((internal(&cleared), cross(&cleared)), (vec![(1, 3, 5, 1_750)], vec![]));
    assert_eq!((cleared.result.price, cleared.result.grams), (Some(350), 5 * TONNE));
}

#[test]
fn round_2_what_they_have_not_comes_from_the_prosumers() {
    let cleared = plain(MIDPOINT, [&[(1, 3, 300)], &[(2, 9, 100)], &[(3, 5, 400)]]);
    // 3 t at 350, then 2 t at 250.
    assert_eq!((internal(&cleared), cross(&cleared)), (vec![(1, 3, 3, 1_050)], vec![(2, 3, 2, 500)]));
    // 1550 / 5.
    assert_eq!(cleared.result.price, Some(310));
    // A trade and the end in each stage.
    assert_eq!(cleared.steps, 4);
}

#[test]
fn round_3_a_bid_too_low_for_the_regulated_is_there_for_the_prosumers() {
    let cleared = plain(MIDPOINT, [&[(1, 3, 300)], &[(2, 9, 100)], &[(3, 2, 400), (4, 5, 200)]]);
    // 2 t at 350; 200 is below 300. 5 t at 150.
    assert_eq!((internal(&cleared), cross(&cleared)), (vec![(1, 3, 2, 700)], vec![(2, 4, 5, 750)]));
}

#[test]
fn round_4_what_does_not_cross_does_not_trade() {
    for terms in [MIDPOINT, ONE_PRICE] {
        let cleared = plain(terms, [&[(1, 5, 300)], &[(2, 5, 250)], &[(3, 5, 249)]]);
        assert!(cleared.events.is_empty());
        assert_eq!((cleared.result.price, cleared.result.uniform), (None, [None, None]));
        // Equal prices do cross.
        let cleared = plain(terms, [&[(1, 5, 300)], &[(2, 5, 250)], &[(3, 5, 250)]]);
        assert_eq!((internal(&cleared), cross(&cleared)), (vec![], vec![(2, 3, 5, 1_250)]));
    }
    assert!(plain(MIDPOINT, [&[], &[], &[]]).events.is_empty());
    assert!(plain(MIDPOINT, [&[(1, 1, 1)], &[(2, 1, 1)], &[]]).events.is_empty());
    assert!(plain(MIDPOINT, [&[], &[], &[(1, 1, 1)]]).events.is_empty());
}

#[test]
fn round_5_among_equal_prices_the_older_quote_comes_first() {
    // Numbers are age: ask 4 before 7, 6 before 9, bid 5 before 8.
    let cec = [(7, 1, 100), (4, 1, 100)];
    let cleared = plain(MIDPOINT, [&cec, &[(9, 1, 90), (6, 1, 90)], &[(8, 1, 100), (5, 2, 100)]]);
    assert_eq!(internal(&cleared), [(4, 5, 1, 100), (7, 5, 1, 100)]);
    // 1 t at 95.
    assert_eq!(cross(&cleared), [(6, 8, 1, 95)]);
}

#[test]
fn round_6_each_stage_has_its_own_one_price() {
    let cec = [(1, 3, 100), (2, 4, 200), (3, 5, 300)];
    let bids = [(11, 2, 500), (12, 4, 450), (13, 6, 320), (14, 8, 150)];
    let cleared = plain(ONE_PRICE, [&cec, &[(4, 3, 50), (5, 9, 140)], &bids]);
    // The last pair of the first stage is ask 3 (300), bid 13 (320): 310.
    let expected = [(1, 11, 2, 620), (1, 12, 1, 310), (2, 12, 3, 930), (2, 13, 1, 310), (3, 13, 5, 1_550)];
    assert_eq!(internal(&cleared), expected);
    // That of the second ask 5 (140), bid 14 (150): 145, far below ask 3.
    assert_eq!(cross(&cleared), [(4, 14, 3, 435), (5, 14, 5, 725)]);
    assert_eq!(cleared.result.uniform, [Some(FinePrice::of(310)), Some(FinePrice::of(145))]);
    // (12 · 310 + 8 · 145) / 20.
    assert_eq!((cleared.result.price, cleared.result.trades), (Some(244), 7));
    // Five trades and the end, twice; two trades and the end, twice.
    assert_eq!(cleared.steps, 18);
    let numbers: Vec<u32> = cleared.deals().iter().map(|deal| deal.number).collect();
    assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 6]);
}

#[test]
fn round_7_half_a_unit_is_kept_until_the_turnover() {
    let cleared = plain(MIDPOINT, [&[(1, 1, 3)], &[(3, 1, 4)], &[(2, 2, 4)]]);
    // 3.5, rounded down; 4.
    assert_eq!((internal(&cleared), cross(&cleared)), (vec![(1, 2, 1, 3)], vec![(3, 2, 1, 4)]));
    // 7.5 / 2.
    assert_eq!(cleared.result.price, Some(3));
    assert_eq!(cleared.deals()[0].price.get(), 35_000);
    // Of 2 t nothing is lost.
    let cleared = plain(MIDPOINT, [&[(1, 2, 3)], &[], &[(2, 2, 4)]]);
    assert_eq!(internal(&cleared), [(1, 2, 2, 7)]);
}

#[test]
fn round_8_remainders_and_the_most_trades_there_can_be() {
    // Asks 3, 4, 5, bids 2, 4, 6 at one price: every border between two quotes makes a trade. 3 + 3 − 1.
    let (asks, bids) = ([(1, 3, 100), (2, 4, 100), (3, 5, 100)], [(4, 2, 100), (5, 4, 100), (6, 6, 100)]);
    let expected = [(1, 4, 2, 200), (1, 5, 1, 100), (2, 5, 3, 300), (2, 6, 1, 100), (3, 6, 5, 500)];
    assert_eq!(internal(&plain(MIDPOINT, [&asks, &[], &bids])), expected);
    assert_eq!(cross(&plain(MIDPOINT, [&[], &asks, &bids])), expected);
    // The least quantity is for whole quotes: 1 t is what is left of one.
    assert_eq!(internal(&plain(Terms { lot: 2 * TONNE, ..MIDPOINT }, [&asks, &[], &bids])), expected);
}

#[test]
fn round_9_the_papers_order_is_by_rank() {
    // Sellers by number: 2 before 1. Buyers by deficit: 4 before 3.
    let cec = [(1, 1, 4, 100), (2, 0, 3, 300)];
    let bids = [(3, 9, 5, 400), (4, 2, 4, 350)];
    let cleared = ranked(PAPER, [&cec, &[(5, 2, 9, 200)], &bids]);
    // 3 t at 325, 1 t at 225, 3 t at 250; then 2 t at 300.
    assert_eq!(internal(&cleared), [(2, 4, 3, 975), (1, 4, 1, 225), (1, 3, 3, 750)]);
    assert_eq!(cross(&cleared), [(5, 3, 2, 600)]);
}

#[test]
fn round_10_in_the_papers_order_those_who_meet_and_do_not_cross_are_passed_over() {
    let cec = [(1, 0, 4, 500), (2, 1, 4, 100)];
    let bids = [(3, 1, 3, 400), (4, 2, 5, 200)];
    let pvp = [(5, 2, 2, 300)];
    let cleared = ranked(PAPER, [&cec, &pvp, &bids]);
    assert_eq!(cleared.uncrossed(), [(Stage::Internal, 1, 3)]);
    // 4 t at 150. In the second stage bid 3 is there again: 2 t at 350.
    assert_eq!((internal(&cleared), cross(&cleared)), (vec![(2, 4, 4, 600)], vec![(5, 3, 2, 700)]));
    // Best price first: 3 t at 250, 1 t at 150; bid 4 is below the PVP's ask.
    let cleared = ranked(MIDPOINT, [&cec, &pvp, &bids]);
    assert_eq!((internal(&cleared), cross(&cleared)), (vec![(2, 3, 3, 750), (2, 4, 1, 150)], vec![]));
    assert!(cleared.uncrossed().is_empty());
}

#[test]
fn round_11_nothing_of_no_quantity_and_nothing_absurd_sets_a_price() {
    // An empty ask and an empty bid that would be the last pair, a bid beyond all prices, an ask beyond all quantities.
    let cec = [quote(1, 0, 2, 100), quote(2, 0, 0, 250), quote(3, 0, MAX_LOT + 1, 50)];
    let bids = [quote(4, 0, 2, 300), quote(5, 0, 0, 260), quote(6, 0, 1, MAX_PRICE + 1)];
    let cleared = clear(&MemoryRound::new(ONE_PRICE.pairing, [&cec, &[], &bids]), ONE_PRICE);
    assert_eq!(cleared.result.uniform, [Some(FinePrice::of(200)), None]);
    assert_eq!(cleared.deals().len(), 1);
    let passed: Vec<_> = cleared.passed_over().into_iter().map(|(stage, _, id)| (stage, id)).collect();
    assert_eq!(passed[..3], [(Stage::Internal, 3), (Stage::Internal, 6), (Stage::Internal, 2)]);
}
