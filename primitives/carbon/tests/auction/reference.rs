//! The auction as one would explain it, without regard to cost: look for the first of all quotes that are left, pair
//! after pair, and price the pairs afterwards.

use gridpeg_carbon::{quotes::Rule, Grams, Pairing, Quote, QuoteId, Stage, Terms};
use gridpeg_header::U256;
use gridpeg_market::units::MAX_PRICE;

/// A trade, as far as the rules say how it must be.
#[derive(Clone, Debug, PartialEq)]
pub struct Trade {
    pub stage: Stage,
    pub ask: QuoteId,
    pub bid: QuoteId,
    pub quantity: Grams,
    /// Times 10,000.
    pub price: u128,
    pub turnover: u128,
}

/// All that comes of a round.
#[derive(Debug, Default, PartialEq)]
pub struct Outcome {
    pub trades: Vec<Trade>,
    /// Stage, ask, bid.
    pub uncrossed: Vec<(Stage, QuoteId, QuoteId)>,
    /// The last trade's price of each stage.
    pub last: [Option<u128>; 2],
}

/// Asks of CECs, asks of PVPs, bids.
pub fn clear(terms: &Terms, lists: [&[Quote<u32>]; 3]) -> Outcome {
    let valid = |quote: &&Quote<u32>| (1..=u128::from(u64::MAX)).contains(&quote.quantity) && quote.limit <= MAX_PRICE;
    let mut bids: Vec<Quote<u32>> = lists[2].iter().filter(valid).cloned().collect();
    let mut outcome = Outcome::default();
    for stage in Stage::ALL {
        let mut asks: Vec<Quote<u32>> = lists[stage as usize].iter().filter(valid).cloned().collect();
        let mut passed: Vec<QuoteId> = Vec::new();
        let mut pairs: Vec<(Quote<u32>, Quote<u32>, Grams)> = Vec::new();
        loop {
            let open = |quotes: &[Quote<u32>]| -> Vec<usize> {
                let left = |i: &usize| quotes[*i].quantity > 0 && !passed.contains(&quotes[*i].id);
                (0..quotes.len()).filter(left).collect()
            };
            let by_price = terms.pairing == Pairing::Price;
            let first_ask = open(&asks).into_iter().min_by_key(|i| {
                let ask = &asks[*i];
                (if by_price { ask.limit } else { ask.rank }, ask.id)
            });
            let first_bid = open(&bids).into_iter().min_by_key(|i| {
                let bid = &bids[*i];
                (if by_price { u128::MAX - bid.limit } else { bid.rank }, bid.id)
            });
            let (Some(a), Some(b)) = (first_ask, first_bid) else { break };
            if bids[b].limit < asks[a].limit {
                if by_price {
                    break;
                }
                outcome.uncrossed.push((stage, asks[a].id, bids[b].id));
                passed.extend([asks[a].id, bids[b].id]);
                continue;
            }
            let quantity = asks[a].quantity.min(bids[b].quantity);
            pairs.push((asks[a].clone(), bids[b].clone(), quantity));
            asks[a].quantity -= quantity;
            bids[b].quantity -= quantity;
        }
        let k = u128::from(terms.pricing.k);
        let between = |pair: &(Quote<u32>, Quote<u32>, Grams)| pair.0.limit * (10_000 - k) + pair.1.limit * k;
        let last = pairs.last().map(between);
        outcome.last[stage as usize] = last;
        for pair in &pairs {
            let price = match terms.pricing.rule {
                Rule::PayAsClear => last.unwrap(),
                Rule::Midpoint => between(pair),
            };
            let turnover = U256::from(pair.2) * U256::from(price) / U256::from(10_000_000_000u64);
            outcome.trades.push(Trade {
                stage,
                ask: pair.0.id,
                bid: pair.1.id,
                quantity: pair.2,
                price,
                turnover: turnover.try_into().unwrap(),
            });
        }
    }
    outcome
}
