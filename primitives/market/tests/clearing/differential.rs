//! Ten thousand random books, cleared twice.

use crate::{
    books::{clear, order, MemoryBook},
    reference::{self, Deal},
};
use gridpeg_market::{
    units::MAX_PRICE, voltage::State, Bus, CopperPlate, Feeder, FinePrice, Order, Pricing, Rule, Side, Voltages, Wh,
};

/// SplitMix64: the same books on every machine.
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
    asks: Vec<Order<u32>>,
    bids: Vec<Order<u32>>,
    pricing: Pricing,
    lot: Wh,
    /// With the length of a slot.
    network: Option<(Feeder, u64)>,
}

/// Few prices and small quantities, so that ties, equal quantities and remainders are frequent; voltages near their
/// limits and beyond.
fn sample(seed: u64) -> Sample {
    let mut random = Random(seed);
    let rule = if random.below(2) == 0 { Rule::PayAsClear } else { Rule::Midpoint };
    let k = [0, 1, 3_333, 5_000, 10_000][random.below(5) as usize];
    let lot = random.below(5);
    let network = (random.below(3) > 0).then(|| network(&mut random));
    let buses = network.as_ref().map_or(1, |(feeder, _)| feeder.buses() as u64);
    // Up to the highest price.
    let unit = [1, 1_000_003, MAX_PRICE / 9][random.below(3) as usize];
    let most = if random.below(4) == 0 { 25 } else { 7 };
    let mut id = 0;
    let mut side = |random: &mut Random, low: u64| -> Vec<Order<u32>> {
        let count = random.below(most + 1);
        (0..count)
            .map(|_| {
                // Numbers in no order of place; one in a hundred orders is of no quantity, too dear, or nowhere.
                id += 1 + random.below(3);
                let number = id ^ 5;
                let quantity = if random.below(100) == 0 { 0 } else { 1 + random.below(12) };
                let limit = u128::from(low + random.below(7)) * unit;
                let limit = if random.below(100) == 0 { limit + MAX_PRICE } else { limit };
                let bus = if random.below(100) == 0 { 99 } else { 1 + random.below(buses) };
                order(number, quantity, limit, bus as Bus)
            })
            .collect()
    };
    let asks = side(&mut random, 0);
    let bids = side(&mut random, 2);
    Sample { asks, bids, pricing: Pricing { rule, k }, lot, network }
}

fn network(random: &mut Random) -> (Feeder, u64) {
    let buses = 1 + random.below(5);
    let base: Vec<u32> = (0..buses).map(|_| 1_000_000_000 - 60 + random.below(121) as u32).collect();
    let sensitivities: Vec<i64> = (0..buses * buses).map(|_| random.below(10_000) as i64 - 1_000).collect();
    let feeder = Feeder {
        base: base.try_into().unwrap(),
        sensitivities: sensitivities.try_into().unwrap(),
        lower: 1_000_000_000 - 50,
        upper: 1_000_000_000 + 50,
    };
    assert_eq!(feeder.check(), Ok(()));
    (feeder, [900_000, 1_000_000, 3_600_000][random.below(3) as usize])
}

#[test]
fn ten_thousand_random_books_are_cleared_as_the_reference_clears_them() {
    let (mut trades, mut limited, mut excluded) = (0, 0, 0);
    for seed in 0..10_000 {
        let Sample { asks, bids, pricing, lot, network } = sample(seed);
        let book = MemoryBook::new(&asks, &bids);
        let cleared = match &network {
            Some((feeder, length)) => clear(&book, pricing, lot, &mut Voltages::new(feeder, *length, State::default())),
            None => clear(&book, pricing, lot, &mut CopperPlate),
        };
        let lent = network.as_ref().map(|(feeder, length)| (feeder, *length));
        let (deals, expected_excluded) = reference::clear(&asks, &bids, pricing, lot, lent);

        let found: Vec<Deal> = cleared
            .trades()
            .into_iter()
            .map(|trade| Deal {
                ask: trade.ask,
                bid: trade.bid,
                quantity: trade.quantity,
                price: trade.price.get(),
                turnover: trade.turnover(),
                limited_by: trade.limited_by,
            })
            .collect();
        assert_eq!(found, deals, "book {seed}");
        for (number, trade) in (0..).zip(cleared.trades()) {
            assert_eq!((trade.number, trade.seller, trade.buyer), (number, trade.ask as u32, trade.bid as u32));
        }
        let invalid = |&(side, id): &(Side, u64)| {
            let orders = if side == Side::Ask { &asks } else { &bids };
            orders.iter().any(|order| order.id == id && !order.is_valid())
        };
        let found: Vec<_> = cleared.passed_over().into_iter().filter(|passed| !invalid(passed)).collect();
        assert_eq!(found, expected_excluded, "book {seed}");
        let price = deals.last().map(|deal| deal.price).filter(|_| pricing.rule == Rule::PayAsClear);
        assert_eq!(cleared.uniform.map(FinePrice::get), price, "book {seed}");

        trades += deals.len();
        limited += deals.iter().filter(|deal| deal.limited_by.is_some()).count();
        excluded += expected_excluded.len();
    }
    // The books are about something.
    assert!(trades > 20_000 && limited > 1_000 && excluded > 1_000, "{trades} {limited} {excluded}");
}
