//! Rounds in memory, and what came of clearing one.

use codec::{Decode, Encode};
use gridpeg_carbon::{
    auction::{Event, RoundResult},
    quotes::{Key, Pricing, Rule, Side},
    Auction, Deal, Grams, List, Pairing, Quote, QuoteId, Quotes, Rank, Stage, Terms, TonnePrice,
};
use std::{collections::BTreeMap, ops::Bound};

/// The middle of each pair, best price first.
pub const MIDPOINT: Terms = Terms {
    pairing: Pairing::Price,
    pricing: Pricing { rule: Rule::Midpoint, k: 5_000 },
    lot: 1,
    max_price: 1_000_000_000_000_000_000,
};
/// One price for all, best price first.
pub const ONE_PRICE: Terms = Terms { pricing: Pricing { rule: Rule::PayAsClear, k: 5_000 }, ..MIDPOINT };
/// The paper's order.
pub const PAPER: Terms = Terms { pairing: Pairing::Paper, ..MIDPOINT };

/// A quote of the account that has the quote's number.
pub fn quote(id: QuoteId, rank: Rank, quantity: Grams, limit: TonnePrice) -> Quote<u32> {
    Quote { id, account: id as u32, rank, quantity, limit }
}

#[derive(Clone, Debug)]
pub struct MemoryRound {
    lists: [BTreeMap<Key, Quote<u32>>; 3],
}

impl MemoryRound {
    /// Asks of CECs, asks of PVPs, bids.
    pub fn new(pairing: Pairing, lists: [&[Quote<u32>]; 3]) -> Self {
        let sorted = |list: List| {
            let quotes = lists[list as usize].iter();
            quotes.map(|quote| (quote.key(pairing, list.side()), quote.clone())).collect()
        };
        Self { lists: List::ALL.map(sorted) }
    }

    /// What is traded leaves the quotes, as in a chain's storage.
    fn use_up(&mut self, deal: &Deal<u32>) {
        for (list, id) in [(deal.stage.list(Side::Ask), deal.ask), (List::Bids, deal.bid)] {
            let quotes = &mut self.lists[list as usize];
            quotes.values_mut().filter(|quote| quote.id == id).for_each(|quote| quote.quantity -= deal.quantity);
            quotes.retain(|_, quote| quote.id != id || quote.quantity > 0);
        }
    }
}

impl Quotes<u32> for MemoryRound {
    fn quotes(&self, list: List, after: Option<Key>) -> impl Iterator<Item = Quote<u32>> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.lists[list as usize].range::<Key, _>((from, Bound::Unbounded)).map(|(_, quote)| quote.clone())
    }
}

/// All that came of a round.
#[derive(Debug, PartialEq)]
pub struct Cleared {
    pub events: Vec<Event<u32>>,
    pub result: RoundResult,
    pub steps: u64,
}

impl Cleared {
    pub fn deals(&self) -> Vec<&Deal<u32>> {
        self.events.iter().filter_map(|event| if let Event::Dealt(deal) = event { Some(deal) } else { None }).collect()
    }

    /// Stage, ask, bid.
    pub fn uncrossed(&self) -> Vec<(Stage, QuoteId, QuoteId)> {
        self.events
            .iter()
            .filter_map(|event| match event {
                Event::Uncrossed { stage, ask, bid } => Some((*stage, *ask, *bid)),
                _ => None,
            })
            .collect()
    }

    /// Stage, side, quote.
    pub fn passed_over(&self) -> Vec<(Stage, Side, QuoteId)> {
        self.events
            .iter()
            .filter_map(|event| match event {
                Event::PassedOver { stage, side, quote, .. } => Some((*stage, *side, *quote)),
                _ => None,
            })
            .collect()
    }
}

/// Clears a round in as few calls as there are stages.
pub fn clear(round: &MemoryRound, terms: Terms) -> Cleared {
    clear_in_parts(round.clone(), terms, std::iter::repeat(u32::MAX))
}

/// Clears a round in calls of so many steps each. Between two calls only an encoding is kept, and what is traded leaves
/// the quotes.
pub fn clear_in_parts(mut round: MemoryRound, terms: Terms, mut parts: impl Iterator<Item = u32>) -> Cleared {
    let mut auction = Auction::new(terms);
    let mut events: Vec<Event<u32>> = Vec::new();
    let mut steps = 0;
    while !auction.is_done() {
        let most = parts.next().unwrap();
        let (stage, before) = (auction.stage(), events.len());
        let taken = auction.run(&round, most, |event| events.push(event));
        assert!(taken == most || auction.stage() != stage || auction.is_done());
        steps += u64::from(taken);
        for event in &events[before..] {
            if let Event::Dealt(deal) = event {
                assert_eq!(deal.stage, stage);
                round.use_up(deal);
            }
        }
        auction = Auction::decode(&mut &auction.encode()[..]).unwrap();
    }
    Cleared { events, result: auction.result(), steps }
}
