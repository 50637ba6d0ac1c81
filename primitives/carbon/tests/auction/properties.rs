//! What holds for every round.

use crate::rounds::{clear, clear_in_parts, quote, Cleared, MemoryRound};
use codec::{Encode, MaxEncodedLen};
use gridpeg_carbon::{
    auction::Event,
    quotes::{hold_of_bid, Pricing, Rule, Side},
    units::{turnover, MAX_PRICE},
    Auction, Deal, FinePrice, Grams, List, Pairing, Quote, Stage, Terms, TonnePrice,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
struct Sample {
    /// Asks of CECs, asks of PVPs, bids.
    lists: [Vec<Quote<u32>>; 3],
    terms: Terms,
}

impl Sample {
    fn round(&self) -> MemoryRound {
        let [cec, pvp, bids] = &self.lists;
        MemoryRound::new(self.terms.pairing, [cec, pvp, bids])
    }

    fn clear(&self) -> Cleared {
        clear(&self.round(), self.terms)
    }

    fn quote(&self, list: List, id: u64) -> &Quote<u32> {
        self.lists[list as usize].iter().find(|quote| quote.id == id).unwrap()
    }
}

type How = (Pairing, Rule);

const MIDDLE: How = (Pairing::Price, Rule::Midpoint);
const ONE_PRICE: How = (Pairing::Price, Rule::PayAsClear);
const PAPER: How = (Pairing::Paper, Rule::Midpoint);

fn samples() -> impl Strategy<Value = Sample> {
    samples_of(prop_oneof![Just(MIDDLE), Just(ONE_PRICE), Just(PAPER)])
}

fn samples_by_price() -> impl Strategy<Value = Sample> {
    samples_of(prop_oneof![Just(MIDDLE), Just(ONE_PRICE)])
}

fn samples_of(how: impl Strategy<Value = How>) -> impl Strategy<Value = Sample> {
    let terms = (how, 0..=10_000u32, 1..20u128).prop_map(|((pairing, rule), k, lot)| Terms {
        pairing,
        pricing: Pricing { rule, k },
        lot,
        max_price: MAX_PRICE,
    });
    let row = || (0..6u128, 1..5_000_000u128, 1..1_000_000u128);
    let rows = || proptest::collection::vec(row(), 0..20);
    (rows(), rows(), rows(), terms).prop_map(|(cec, pvp, bids, terms)| {
        let mut ids = 1u64..;
        let mut quotes = |rows: Vec<(u128, Grams, TonnePrice)>, above: TonnePrice| -> Vec<Quote<u32>> {
            let numbered = rows.into_iter().zip(&mut ids);
            numbered.map(|((rank, quantity, limit), id)| quote(id, rank, quantity, limit + above)).collect()
        };
        let lists = [quotes(cec, 200_000), quotes(pvp, 0), quotes(bids, 300_000)];
        Sample { lists, terms }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn nobody_trades_more_than_the_quote_or_at_a_worse_price(sample in samples()) {
        let cleared = sample.clear();
        let mut sold: BTreeMap<u64, Grams> = BTreeMap::new();
        let mut paid: BTreeMap<u64, (Grams, u128)> = BTreeMap::new();
        for deal in cleared.deals() {
            let ask = sample.quote(deal.stage.list(Side::Ask), deal.ask);
            let bid = sample.quote(List::Bids, deal.bid);
            prop_assert!(deal.quantity > 0);
            prop_assert_eq!((deal.seller, deal.buyer), (ask.account, bid.account));
            prop_assert!(FinePrice::of(ask.limit) <= deal.price && deal.price <= FinePrice::of(bid.limit));
            prop_assert!(turnover(deal.quantity, ask.limit).unwrap() <= deal.turnover);
            *sold.entry(ask.id).or_default() += deal.quantity;
            let bought = paid.entry(bid.id).or_default();
            *bought = (bought.0 + deal.quantity, bought.1 + deal.turnover);
        }
        for (id, grams) in sold {
            let asks = sample.lists[..2].iter().flatten();
            prop_assert!(asks.clone().any(|ask| ask.id == id && grams <= ask.quantity));
        }
        // What the buyer has held is enough, for all its trades together and for what is left.
        for (id, (grams, coins)) in paid {
            let bid = sample.quote(List::Bids, id);
            prop_assert!(grams <= bid.quantity);
            let held = |grams: Grams| hold_of_bid(grams, bid.limit).unwrap();
            prop_assert!(coins + held(bid.quantity - grams) <= held(bid.quantity));
        }
    }

    #[test]
    fn a_round_counts_up_to_its_deals(sample in samples()) {
        let cleared = sample.clear();
        let deals = cleared.deals();
        let grams: Grams = deals.iter().map(|deal| deal.quantity).sum();
        let value: u128 = deals.iter().map(|deal| deal.quantity * deal.price.get()).sum();
        prop_assert_eq!(cleared.result.grams, grams);
        prop_assert_eq!(cleared.result.price, (grams > 0).then(|| value / (grams * 10_000)));
        prop_assert!((0..).zip(&deals).all(|(number, deal)| deal.number == number));
        prop_assert!(deals.iter().map(|deal| deal.stage).is_sorted());
        let [cec, pvp, bids] = [0, 1, 2].map(|list: usize| sample.lists[list].len() as u32);
        prop_assert!(cleared.steps <= Auction::<u32>::most_steps(sample.terms.pricing.rule, cec, pvp, bids));
        let most = |asks: u32| (asks + bids).saturating_sub(1) as usize;
        for (stage, asks) in [(Stage::Internal, cec), (Stage::Cross, pvp)] {
            prop_assert!(deals.iter().filter(|deal| deal.stage == stage).count() <= most(asks));
        }
        if sample.terms.pricing.rule == Rule::PayAsClear {
            let one = |stage: Stage| cleared.result.uniform[stage as usize];
            prop_assert!(deals.iter().all(|deal| one(deal.stage) == Some(deal.price)));
        } else {
            prop_assert_eq!(cleared.result.uniform, [None, None]);
        }
    }

    #[test]
    fn prosumers_change_nothing_among_the_regulated(sample in samples()) {
        let internal = |sample: &Sample| -> Vec<_> {
            let deals = sample.clear().deals().into_iter().cloned().collect::<Vec<_>>();
            deals.into_iter().filter(|deal| deal.stage == Stage::Internal).collect()
        };
        let mut alone = sample.clone();
        alone.lists[1].clear();
        prop_assert_eq!(internal(&alone), internal(&sample));
        // Whoever bids does not buy from a PVP what a CEC still offers at that price.
        if sample.terms.pairing == Pairing::Price {
            let cleared = sample.clear();
            let sold = |id: u64| -> Grams {
                cleared.deals().iter().filter(|deal| deal.ask == id).map(|deal| deal.quantity).sum()
            };
            let left = sample.lists[0].iter().filter(|ask| sold(ask.id) < ask.quantity).map(|ask| ask.limit).min();
            for deal in cleared.deals().iter().filter(|deal| deal.stage == Stage::Cross) {
                prop_assert!(left.is_none_or(|left| sample.quote(List::Bids, deal.bid).limit < left));
            }
        }
    }

    #[test]
    fn it_may_stop_and_go_on_anywhere(sample in samples(), parts in proptest::collection::vec(0..6u32, 0..20)) {
        let parted = clear_in_parts(sample.round(), sample.terms, parts.into_iter().chain(std::iter::repeat(1)));
        prop_assert_eq!(parted, sample.clear());
    }

    #[test]
    fn best_price_first_trades_as_much_as_can_be_in_the_first_stage(sample in samples_by_price()) {
        let [asks, _, bids] = &sample.lists;
        // At any price no more is traded than is offered up to it or asked for from it on.
        let offered = |price: TonnePrice| -> Grams {
            asks.iter().filter(|ask| ask.limit <= price).map(|ask| ask.quantity).sum()
        };
        let wanted = |price: TonnePrice| -> Grams {
            bids.iter().filter(|bid| bid.limit >= price).map(|bid| bid.quantity).sum()
        };
        let prices = asks.iter().chain(bids).map(|quote| quote.limit);
        let most = prices.map(|price| offered(price).min(wanted(price))).max().unwrap_or(0);
        let cleared = sample.clear();
        let traded: Grams =
            cleared.deals().iter().filter(|deal| deal.stage == Stage::Internal).map(|deal| deal.quantity).sum();
        prop_assert_eq!(traded, most);
    }

    #[test]
    fn who_trades_how_much_does_not_depend_on_the_price(sample in samples_by_price(), k in 0..=10_000u32) {
        let pairs = |pricing: Pricing| -> Vec<_> {
            let sample = Sample { terms: Terms { pricing, ..sample.terms }, ..sample.clone() };
            sample.clear().deals().iter().map(|deal| (deal.stage, deal.ask, deal.bid, deal.quantity)).collect()
        };
        let expected = pairs(sample.terms.pricing);
        prop_assert_eq!(&pairs(Pricing { rule: Rule::Midpoint, k }), &expected);
        prop_assert_eq!(&pairs(Pricing { rule: Rule::PayAsClear, k }), &expected);
    }

    #[test]
    fn in_the_papers_order_both_lists_are_read_once_a_stage(sample in samples_of(Just(PAPER))) {
        let cleared = sample.clear();
        for stage in Stage::ALL {
            let key = |side: Side, id: u64| sample.quote(stage.list(side), id).key(Pairing::Paper, side);
            let met: Vec<_> = cleared
                .events
                .iter()
                .filter_map(|event| match event {
                    Event::Dealt(deal) if deal.stage == stage => Some((deal.ask, deal.bid)),
                    Event::Uncrossed { stage: other, ask, bid } if *other == stage => Some((*ask, *bid)),
                    _ => None,
                })
                .collect();
            prop_assert!(met.iter().map(|(ask, _)| key(Side::Ask, *ask)).is_sorted());
            prop_assert!(met.iter().map(|(_, bid)| key(Side::Bid, *bid)).is_sorted());
        }
        for (at, event) in cleared.events.iter().enumerate() {
            let Event::Uncrossed { stage, ask, bid } = event else { continue };
            let limit = |side: Side, id: u64| sample.quote(stage.list(side), id).limit;
            prop_assert!(limit(Side::Bid, *bid) < limit(Side::Ask, *ask));
            let either = |deal: &Deal<u32>| deal.stage == *stage && (deal.ask == *ask || deal.bid == *bid);
            let later = &cleared.events[at + 1..];
            prop_assert!(!later.iter().any(|event| matches!(event, Event::Dealt(deal) if either(deal))));
        }
    }

    #[test]
    fn what_is_kept_is_as_long_as_announced(sample in samples(), steps in 0..30u32) {
        let mut auction = Auction::new(sample.terms);
        auction.run(&sample.round(), steps, |_| ());
        prop_assert!(auction.encode().len() <= Auction::<u32>::max_encoded_len());
    }
}
