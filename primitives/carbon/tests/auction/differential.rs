//! Ten thousand random rounds, cleared twice.

use crate::{
    reference::{self, Trade},
    rounds::{clear, clear_in_parts, quote, MemoryRound},
};
use gridpeg_carbon::{
    quotes::{Pricing, Rule},
    units::{MAX_LOT, MAX_PRICE},
    FinePrice, Pairing, Quote, Stage, Terms,
};

/// SplitMix64: the same rounds on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

struct Sample {
    /// Asks of CECs, asks of PVPs, bids.
    lists: [Vec<Quote<u32>>; 3],
    terms: Terms,
}

/// Few prices, ranks and small quantities, so that ties, equal quantities and remainders are frequent.
fn sample(seed: u64) -> Sample {
    let mut random = Random(seed);
    let pairing = if random.below(2) == 0 { Pairing::Price } else { Pairing::Paper };
    let rule = if pairing == Pairing::Price && random.below(2) == 0 { Rule::PayAsClear } else { Rule::Midpoint };
    let k = [0, 1, 3_333, 5_000, 10_000][random.below(5) as usize];
    let terms = Terms { pairing, pricing: Pricing { rule, k }, lot: 1, max_price: MAX_PRICE };
    assert_eq!(terms.check(), Ok(()));
    // Up to the highest price and the greatest quantity.
    let price = [1, 1_000_003, MAX_PRICE / 9][random.below(3) as usize];
    let gram = [1, 999_983, MAX_LOT / 12][random.below(3) as usize];
    let most = if random.below(4) == 0 { 25 } else { 7 };
    let mut id = 0;
    let mut list = |random: &mut Random, low: u64| -> Vec<Quote<u32>> {
        let count = random.below(most + 1);
        (0..count)
            .map(|_| {
                // Numbers in no order of place; one in a hundred quotes is of no quantity, too much, or too dear.
                id += 1 + random.below(3);
                let quantity = match random.below(200) {
                    0 => 0,
                    1 => MAX_LOT + 1,
                    _ => u128::from(1 + random.below(12)) * gram,
                };
                let limit = u128::from(low + random.below(7)) * price;
                let limit = if random.below(100) == 0 { limit + MAX_PRICE + 1 } else { limit };
                quote(id ^ 5, random.below(4).into(), quantity, limit)
            })
            .collect()
    };
    let lists = [list(&mut random, 0), list(&mut random, 0), list(&mut random, 2)];
    Sample { lists, terms }
}

#[test]
fn ten_thousand_random_rounds_are_cleared_as_the_reference_clears_them() {
    let (mut internal, mut cross, mut uncrossed, mut invalid) = (0, 0, 0, 0);
    for seed in 0..10_000 {
        let Sample { lists, terms } = sample(seed);
        let lent = [&lists[0][..], &lists[1][..], &lists[2][..]];
        let round = MemoryRound::new(terms.pairing, lent);
        let cleared = clear(&round, terms);
        let expected = reference::clear(&terms, lent);

        let deals = cleared.deals();
        let found: Vec<Trade> = deals
            .iter()
            .map(|deal| Trade {
                stage: deal.stage,
                ask: deal.ask,
                bid: deal.bid,
                quantity: deal.quantity,
                price: deal.price.get(),
                turnover: deal.turnover,
            })
            .collect();
        assert_eq!(found, expected.trades, "round {seed}");
        assert_eq!(cleared.uncrossed(), expected.uncrossed, "round {seed}");
        let last = if terms.pricing.rule == Rule::PayAsClear { expected.last } else { [None, None] };
        assert_eq!(cleared.result.uniform.map(|price| price.map(FinePrice::get)), last, "round {seed}");
        for (number, deal) in (0..).zip(&deals) {
            assert_eq!((deal.number, deal.seller, deal.buyer), (number, deal.ask as u32, deal.bid as u32));
        }
        assert_eq!(cleared.result.trades as usize, deals.len());

        // What is passed over alone is no valid quote.
        for (stage, side, id) in cleared.passed_over() {
            let list = stage.list(side);
            let quote = lists[list as usize].iter().find(|quote| quote.id == id).unwrap();
            assert!(quote.quantity == 0 || quote.quantity > MAX_LOT || quote.limit > MAX_PRICE);
            invalid += 1;
        }
        // And in steps of one and of three, it is the same.
        for most in [1, 3] {
            let parted = clear_in_parts(round.clone(), terms, std::iter::repeat(most));
            assert_eq!((&parted.events, &parted.result), (&cleared.events, &cleared.result), "round {seed}");
        }

        let of = |stage| deals.iter().filter(|deal| deal.stage == stage).count();
        internal += of(Stage::Internal);
        cross += of(Stage::Cross);
        uncrossed += expected.uncrossed.len();
    }
    // The rounds are about something.
    let counts = (internal, cross, uncrossed, invalid);
    assert!(internal > 40_000 && cross > 20_000 && uncrossed > 8_000 && invalid > 2_000, "{counts:?}");
}
