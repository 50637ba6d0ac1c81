//! The paper's table 4: its quotes in its pairing order give its pairs; eight of nine pairs cross.
//!
//! Prices are in USD, a USD being a coin here. What is printed is cut off after two digits: turnover ÷ quantity is the
//! exact price, and lies less than 0.01 above the middle of the printed quotes. The tests have both: the quotes as
//! printed, whose middle is exact; and with the digits that were cut off, so that price and turnover come out as
//! printed.

#[allow(dead_code)]
#[path = "auction/rounds.rs"]
mod rounds;

use gridpeg_carbon::{
    units::{turnover_at, TONNE},
    Deal, FinePrice, Grams, Quote, Rank, Stage, TonnePrice,
};
use gridpeg_messages::units::COIN;
use rounds::{clear, quote, Cleared, MemoryRound, MIDPOINT, PAPER};

/// A row of the table: buyer, seller, printed quantity in t, ask and bid ("Carbon trading") and final price in cents,
/// turnover in 0.001 USD; and the middle's digits that were cut off, in 10⁻⁶ USD.
struct Row {
    buyer: u32,
    seller: u32,
    quantity: Grams,
    ask: u128,
    bid: u128,
    price: u128,
    turnover: u128,
    cut_off: u128,
}

const fn row(
    (buyer, seller): (u32, u32),
    quantity: Grams,
    (ask, bid): (u128, u128),
    price: u128,
    turnover: u128,
    cut_off: u128,
) -> Row {
    Row { buyer, seller, quantity, ask, bid, price, turnover, cut_off }
}

/// Row 5–6 has the ask 7.84 in print; its price, 6.65, is the middle of 6.41 and 6.89.
const MISPRINT: usize = 2;
const CORRECTED_ASK: u128 = 641;

static TABLE_4: [Row; 9] = [
    row((5, 11), 85, (505, 706), 606, 515_320, 7_600),
    row((5, 22), 134, (554, 669), 611, 819_610, 1_500),
    row((5, 6), 213, (784, 689), 665, 1_416_980, 2_500),
    row((5, 14), 456, (435, 488), 461, 2_105_800, 3_000),
    row((5, 18), 94, (499, 569), 534, 502_257, 3_160),
    row((5, 20), 41, (404, 577), 491, 201_342, 5_790),
    row((5, 24), 87, (424, 558), 491, 427_480, 3_600),
    row((5, 32), 350, (405, 476), 441, 1_543_520, 5_060),
    row((12, 11), 256, (468, 512), 490, 1_255_870, 5_750),
];

/// Table 3, in its order: node and check value in t.
const TABLE_3: [(u32, i128); 10] =
    [(5, -1_455), (11, 341), (12, -261), (22, 134), (6, 213), (14, 456), (18, 94), (20, 41), (24, 87), (32, 350)];

/// What a pair trades by the check values: as printed, but for the two pairs of seller 11.
fn exact_quantity(row: &Row) -> Grams {
    match (row.buyer, row.seller) {
        (5, 11) => 80,
        (12, 11) => 261,
        _ => row.quantity,
    }
}

fn cents(cents: u128) -> TonnePrice {
    cents * COIN / 100
}

/// Place in table 3.
fn place(node: u32) -> u32 {
    TABLE_3.iter().position(|(other, _)| *other == node).unwrap() as u32
}

fn deficit(node: u32) -> Rank {
    Rank::try_from(-TABLE_3[place(node) as usize].1).unwrap() * TONNE
}

/// The quotes of a round: asks of CECs, asks of PVPs, bids. Each pair of the table has a lot on both sides. Lots are
/// placed in the table's order, but that seller 11 places the one for buyer 12 first.
fn lots(price: impl Fn(usize, &Row) -> (TonnePrice, TonnePrice)) -> [Vec<Quote<u32>>; 3] {
    let mut lists: [Vec<Quote<u32>>; 3] = Default::default();
    let order = [8].into_iter().chain(0..8);
    for (at, row) in order.map(|at| (at, &TABLE_4[at])) {
        let grams = exact_quantity(row) * TONNE;
        let (ask, bid) = price(at, row);
        let of_pvp = usize::from(![11, 22].contains(&row.seller));
        let (asks, bids) = (2 * at as u64 + if at == 8 { 0 } else { 100 }, 2 * at as u64 + 101);
        let ask = quote(asks, place(row.seller).into(), grams, ask);
        let bid = quote(bids, deficit(row.buyer), grams, bid);
        lists[of_pvp].push(Quote { account: row.seller, ..ask });
        lists[2].push(Quote { account: row.buyer, ..bid });
    }
    lists
}

fn cleared(price: impl Fn(usize, &Row) -> (TonnePrice, TonnePrice)) -> Cleared {
    let [cec, pvp, bids] = lots(price);
    clear(&MemoryRound::new(PAPER.pairing, [&cec, &pvp, &bids]), PAPER)
}

/// The quotes as printed.
fn printed(_: usize, row: &Row) -> (TonnePrice, TonnePrice) {
    (cents(row.ask), cents(row.bid))
}

/// With the misprint corrected.
fn corrected(at: usize, row: &Row) -> (TonnePrice, TonnePrice) {
    let ask = if at == MISPRINT { CORRECTED_ASK } else { row.ask };
    (cents(ask), cents(row.bid))
}

/// And with the digits that were cut off.
fn whole(at: usize, row: &Row) -> (TonnePrice, TonnePrice) {
    let (ask, bid) = corrected(at, row);
    let cut_off = row.cut_off * COIN / 1_000_000;
    (ask + cut_off, bid + cut_off)
}

fn pair(deal: &Deal<u32>) -> (u32, u32) {
    (deal.buyer, deal.seller)
}

/// The row of a deal.
fn row_of(deal: &Deal<u32>) -> (usize, &'static Row) {
    TABLE_4.iter().enumerate().find(|(_, row)| (row.buyer, row.seller) == pair(deal)).unwrap()
}

#[test]
fn the_papers_order_gives_the_tables_pairs() {
    let cleared = cleared(corrected);
    let deals = cleared.deals();
    let found: Vec<_> = deals.iter().map(|deal| (pair(deal), deal.quantity / TONNE)).collect();
    let expected = [
        ((12, 11), 261),
        ((5, 11), 80),
        ((5, 22), 134),
        ((5, 6), 213),
        ((5, 14), 456),
        ((5, 18), 94),
        ((5, 20), 41),
        ((5, 24), 87),
        ((5, 32), 350),
    ];
    assert_eq!(found, expected);
    assert_eq!(cleared.result.grams, 1_716 * TONNE);
    // Everybody has traded what the check said.
    for (node, value) in TABLE_3 {
        let of = |deal: &&&Deal<u32>| deal.seller == node || deal.buyer == node;
        let traded: Grams = deals.iter().filter(of).map(|deal| deal.quantity).sum();
        assert_eq!(traded, value.unsigned_abs() * TONNE, "node {node}");
    }
    let stages: Vec<_> = deals.iter().map(|deal| deal.stage == Stage::Internal).collect();
    assert_eq!(stages, [[true; 3].as_slice(), &[false; 6]].concat());
}

#[test]
fn as_printed_eight_rows_trade_in_the_middle_and_the_ninth_does_not_cross() {
    let cleared = cleared(printed);
    let deals = cleared.deals();
    assert_eq!(deals.len(), 8);
    for deal in &deals {
        let (at, row) = row_of(deal);
        assert_ne!(at, MISPRINT);
        // The middle, exactly: in 10⁻¹⁶ coin.
        assert_eq!(deal.price.get(), (row.ask + row.bid) * COIN * 10_000 / 200);
        assert_eq!(deal.quantity, exact_quantity(row) * TONNE);
    }
    // Ask 7.84, bid 6.89.
    assert_eq!(cleared.uncrossed().len(), 1);
    let (stage, ask, bid) = cleared.uncrossed()[0];
    let [_, pvp, bids] = lots(printed);
    let of = |quotes: &[Quote<u32>], id: u64| {
        let quote = quotes.iter().find(|quote| quote.id == id).unwrap();
        (quote.account, quote.limit)
    };
    assert_eq!((stage, of(&pvp, ask), of(&bids, bid)), (Stage::Cross, (6, cents(784)), (5, cents(689))));
    assert_eq!(cleared.result.grams, (1_716 - 213) * TONNE);
}

#[test]
fn the_middle_of_the_printed_quotes_is_the_price_but_for_what_was_cut_off() {
    for (at, row) in TABLE_4.iter().enumerate() {
        let (ask, bid) = corrected(at, row);
        // The turnover at the middle, and at 0.01 above it.
        let turnover = |price: u128| price * row.quantity;
        let middle = (ask + bid) / 2;
        let exact = row.turnover * COIN / 1_000;
        // The turnover itself is cut off after two or three digits.
        assert!(turnover(middle) <= exact + COIN / 100, "row {at}");
        assert!(exact < turnover(middle + COIN / 100), "row {at}");
        // ⌊turnover / quantity⌋ is the printed price.
        assert_eq!(row.turnover / 10 / row.quantity, row.price, "row {at}");
    }
    let total: u128 = TABLE_4.iter().map(|row| row.turnover).sum();
    assert_eq!(total, 8_788_179);
}

#[test]
fn with_the_digits_that_were_cut_off_prices_and_turnovers_are_the_printed_ones() {
    let cleared = cleared(whole);
    let deals = cleared.deals();
    assert_eq!(deals.len(), 9);
    for deal in deals {
        let (at, row) = row_of(deal);
        let (ask, bid) = whole(at, row);
        // The quotes, cut off, are the printed ones.
        let printed_ask = if at == MISPRINT { CORRECTED_ASK } else { row.ask };
        assert_eq!((ask * 100 / COIN, bid * 100 / COIN), (printed_ask, row.bid));
        assert_eq!(deal.price, FinePrice::between(ask, bid, 5_000));
        assert_eq!(deal.price.floor() * 100 / COIN, row.price, "row {at}");
        // The turnover of the printed quantity, to the digits that are printed.
        let turnover = turnover_at(row.quantity * TONNE, deal.price) * 1_000 / COIN;
        let digits = if row.turnover % 10 == 0 { 10 } else { 1 };
        assert_eq!(turnover / digits * digits, row.turnover, "row {at}");
    }
}

#[test]
fn best_price_first_gives_other_pairs() {
    let [cec, pvp, bids] = lots(corrected);
    let cleared = clear(&MemoryRound::new(MIDPOINT.pairing, [&cec, &pvp, &bids]), MIDPOINT);
    let pairs: Vec<_> = cleared.deals().iter().map(|deal| (pair(deal), deal.quantity / TONNE)).collect();
    // Seller 11's 261 t at 4.68 first meet buyer 5's dearest lots: 80 t at 7.06, then 181 of 213 t at 6.89.
    assert_eq!(pairs[..2], [((5, 11), 80), ((5, 11), 181)]);
    // The cheap asks are used up by bids that could have paid for the dear ones: 307 t less than in the paper's order.
    assert_eq!(cleared.result.grams, 1_409 * TONNE);
}
