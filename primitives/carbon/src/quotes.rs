//! Quotes, and the keys that put them in order.
//!
//! A quote is for one *lot*: a quantity and a limit price per tonne. Whoever wants to sell or buy at several prices
//! places several. A round has three lists of them ([`List`]): asks of the regulated (CECs, and the authorities with
//! what they offer), asks of PVPs, bids. Only CECs bid: quota is for surrendering, and a PVP surrenders none. In one
//! round a participant has asks or bids, not both ([`may_place`]), so nobody trades with himself.
//!
//! | pairing | asks | bids |
//! |---|---|---|
//! | [`Pairing::Price`] | lowest limit first, then the older | highest limit first, then the older |
//! | [`Pairing::Paper`] | lowest rank first, then the older | lowest rank first, then the older |
//!
//! The rank of a seller is its number in the register, that of a buyer its deficit by the emission check when the quote
//! was placed. So CECs' asks meet the buyer who lacks least, in the order of table 3: this is how the pairs of table 4
//! come about. No two quotes have one number, so there are no ties.
//!
//! Keys are those of [`gridpeg_market::book`], 24 bytes, most significant first: price or rank (16), number (8). Stored
//! as they are, without hashing, a list is read in order from wherever one likes.

use crate::{
    traits::Kind,
    units::{turnover_up, Balance, Grams, TonnePrice, MAX_LOT, MAX_PRICE},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
pub use gridpeg_market::{
    book::{Key, Side},
    clearing::{Pricing, Rule},
};
use scale_info::TypeInfo;

/// Number of a quote, given when it is placed: the older, the lower.
pub type QuoteId = gridpeg_market::OrderId;
/// What orders quotes in the paper's pairing: a seller's number, or a buyer's deficit in g.
pub type Rank = u128;

/// The two parts of a round.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Stage {
    /// The regulated among themselves.
    #[codec(index = 0)]
    Internal,
    /// What they still lack, from PVPs.
    #[codec(index = 1)]
    Cross,
}

impl Stage {
    /// Both, in order.
    pub const ALL: [Self; 2] = [Self::Internal, Self::Cross];

    /// Which quotes are on a side in this stage.
    pub fn list(self, side: Side) -> List {
        match (self, side) {
            (_, Side::Bid) => List::Bids,
            (Self::Internal, Side::Ask) => List::CecAsks,
            (Self::Cross, Side::Ask) => List::PvpAsks,
        }
    }
}

/// A list of quotes in a round.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum List {
    /// What the regulated, and the authorities, offer.
    #[codec(index = 0)]
    CecAsks,
    /// What PVPs offer.
    #[codec(index = 1)]
    PvpAsks,
    /// What CECs ask for.
    #[codec(index = 2)]
    Bids,
}

impl List {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::CecAsks, Self::PvpAsks, Self::Bids];

    /// Where a participant's quote on a side goes; `None` if it has none there: only CECs bid.
    pub fn of(kind: Kind, side: Side) -> Option<Self> {
        match (kind, side) {
            (Kind::Cec | Kind::Authority, Side::Ask) => Some(Self::CecAsks),
            (Kind::Pvp, Side::Ask) => Some(Self::PvpAsks),
            (Kind::Cec, Side::Bid) => Some(Self::Bids),
            (Kind::Pvp | Kind::Authority, Side::Bid) => None,
        }
    }

    /// Its side.
    pub fn side(self) -> Side {
        match self {
            Self::CecAsks | Self::PvpAsks => Side::Ask,
            Self::Bids => Side::Bid,
        }
    }
}

/// Who meets whom.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Pairing {
    /// The best bid meets the best ask. As soon as they do not cross, no others do, and the stage is over.
    #[codec(index = 0)]
    Price,
    /// The paper's: one list after the other by rank. Two quotes that meet and do not cross are both passed over in
    /// this stage.
    #[codec(index = 1)]
    Paper,
}

impl Pairing {
    /// The key of a quote on a side.
    pub fn key(self, side: Side, rank: Rank, limit: TonnePrice, id: QuoteId) -> Key {
        match self {
            Self::Price => side.key(limit, id),
            // The keys of asks ascend.
            Self::Paper => Side::Ask.key(rank, id),
        }
    }
}

/// How rounds are cleared.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Terms {
    /// Who meets whom.
    pub pairing: Pairing,
    /// At which price: in the middle of each pair, or at one for all pairs of a stage.
    pub pricing: Pricing,
    /// The least quantity of a quote, in g. What is left of one may be less.
    pub lot: Grams,
    /// The highest limit.
    pub max_price: TonnePrice,
}

impl Default for Terms {
    /// Best price first, in the middle, from a kilogram on.
    fn default() -> Self {
        Self {
            pairing: Pairing::Price,
            pricing: Pricing { rule: Rule::Midpoint, k: 5_000 },
            lot: 1_000,
            max_price: MAX_PRICE,
        }
    }
}

/// Why [`Terms::check`] refuses terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermsError {
    /// k is above 10,000.
    Share,
    /// One price for all, with quotes that are not in order of their prices.
    OnePrice,
    /// The least quantity is 0 or more than a quote can have.
    Lot,
    /// The highest limit is 0 or above the highest price there is.
    MaxPrice,
}

impl core::fmt::Display for TermsError {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str(match self {
            Self::Share => "pricing.k must be at most 10000",
            Self::OnePrice => "pricing.rule must be midpoint where pairing is paper",
            Self::Lot => "lot must be 1 to 18446744073709551615 g",
            Self::MaxPrice => "maxPrice must be 1 to 10^18",
        })
    }
}

impl core::error::Error for TermsError {}

impl Terms {
    /// Whether the values fit together.
    pub fn check(&self) -> Result<(), TermsError> {
        if !self.pricing.is_valid() {
            return Err(TermsError::Share);
        }
        if self.pairing == Pairing::Paper && self.pricing.rule == Rule::PayAsClear {
            return Err(TermsError::OnePrice);
        }
        if !(1..=MAX_LOT).contains(&self.lot) {
            return Err(TermsError::Lot);
        }
        if !(1..=MAX_PRICE).contains(&self.max_price) {
            return Err(TermsError::MaxPrice);
        }
        Ok(())
    }

    /// Whether a quote of this quantity and limit can be placed.
    pub fn admit(&self, quantity: Grams, limit: TonnePrice) -> Result<(), QuoteError> {
        if quantity < self.lot {
            return Err(QuoteError::BelowLot);
        }
        if quantity > MAX_LOT {
            return Err(QuoteError::AboveMaximum);
        }
        if limit == 0 {
            return Err(QuoteError::PriceZero);
        }
        if limit > self.max_price {
            return Err(QuoteError::PriceTooHigh);
        }
        Ok(())
    }
}

/// Why a quote cannot be placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum QuoteError {
    /// Less than the least quantity.
    #[codec(index = 0)]
    BelowLot,
    /// More than [`MAX_LOT`].
    #[codec(index = 1)]
    AboveMaximum,
    /// Quota is not given away here.
    #[codec(index = 2)]
    PriceZero,
    /// Above the highest limit.
    #[codec(index = 3)]
    PriceTooHigh,
}

/// Whether who has quotes on `placed` in a round may place one on `side`.
pub fn may_place(side: Side, placed: Option<Side>) -> bool {
    placed.is_none_or(|placed| placed == side)
}

/// What a bid holds: what it can cost at most, rounded up. An ask holds its quota.
///
/// However many trades a bid is cut into, each at its limit or below and rounded down, they never come to more.
pub fn hold_of_bid(quantity: Grams, limit: TonnePrice) -> Option<Balance> {
    turnover_up(quantity, limit)
}

/// What the auction needs to know of a quote. `A` names whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Quote<A> {
    /// Its number.
    pub id: QuoteId,
    /// Whose it is.
    pub account: A,
    /// Its rank; counts in the paper's pairing only.
    pub rank: Rank,
    /// What is left of it, in g.
    pub quantity: Grams,
    /// Asks: the least price; bids: the highest.
    pub limit: TonnePrice,
}

impl<A> Quote<A> {
    /// Its key on a side.
    pub fn key(&self, pairing: Pairing, side: Side) -> Key {
        pairing.key(side, self.rank, self.limit, self.id)
    }
}

/// The quotes of a round, to be read in order.
///
/// They must not change while the round is cleared, but for what has traded, which must leave them or get smaller.
pub trait Quotes<A> {
    /// The quotes of a list whose keys are above this one, or all, in ascending order of keys.
    fn quotes(&self, list: List, after: Option<Key>) -> impl Iterator<Item = Quote<A>>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::TONNE;
    use proptest::prelude::*;

    #[test]
    fn who_may_quote_where() {
        let lists = |kind| [Side::Ask, Side::Bid].map(|side| List::of(kind, side));
        assert_eq!(lists(Kind::Cec), [Some(List::CecAsks), Some(List::Bids)]);
        assert_eq!(lists(Kind::Pvp), [Some(List::PvpAsks), None]);
        assert_eq!(lists(Kind::Authority), [Some(List::CecAsks), None]);
        for stage in Stage::ALL {
            assert!([Side::Ask, Side::Bid].into_iter().all(|side| stage.list(side).side() == side));
        }
        assert_eq!(List::ALL.map(List::side), [Side::Ask, Side::Ask, Side::Bid]);
        assert!(may_place(Side::Ask, None) && may_place(Side::Ask, Some(Side::Ask)));
        assert!(!may_place(Side::Ask, Some(Side::Bid)) && !may_place(Side::Bid, Some(Side::Ask)));
    }

    #[test]
    fn quotes_out_of_bounds_are_named() {
        let terms = Terms { lot: TONNE, max_price: 100, ..Terms::default() };
        assert_eq!((terms.admit(TONNE, 1), terms.admit(MAX_LOT, 100)), (Ok(()), Ok(())));
        assert_eq!(terms.admit(TONNE - 1, 1), Err(QuoteError::BelowLot));
        assert_eq!(terms.admit(MAX_LOT + 1, 1), Err(QuoteError::AboveMaximum));
        assert_eq!(terms.admit(TONNE, 0), Err(QuoteError::PriceZero));
        assert_eq!(terms.admit(TONNE, 101), Err(QuoteError::PriceTooHigh));
        assert_eq!((hold_of_bid(TONNE + 1, 10), hold_of_bid(TONNE, MAX_PRICE + 1)), (Some(11), None));
    }

    #[test]
    fn terms_out_of_bounds_are_named() {
        let refused = |change: fn(&mut Terms)| {
            let mut terms = Terms::default();
            assert_eq!(terms.check(), Ok(()));
            change(&mut terms);
            terms.check()
        };
        assert_eq!(refused(|terms| terms.pricing.k = 10_001), Err(TermsError::Share));
        assert_eq!(refused(|terms| terms.lot = 0), Err(TermsError::Lot));
        assert_eq!(refused(|terms| terms.lot = MAX_LOT + 1), Err(TermsError::Lot));
        assert_eq!(refused(|terms| terms.max_price = 0), Err(TermsError::MaxPrice));
        assert_eq!(refused(|terms| terms.max_price = MAX_PRICE + 1), Err(TermsError::MaxPrice));
        assert_eq!(refused(|terms| terms.pairing = Pairing::Paper), Ok(()));
        let one_price = |terms: &mut Terms| {
            (terms.pairing, terms.pricing.rule) = (Pairing::Paper, Rule::PayAsClear);
        };
        assert_eq!(refused(one_price), Err(TermsError::OnePrice));
    }

    #[test]
    fn a_chain_spec_says_it_in_camel_case() {
        let json = r#"{"pairing":"paper","pricing":{"rule":"midpoint","k":5000},"lot":1000000,"maxPrice":7}"#;
        let terms = Terms {
            pairing: Pairing::Paper,
            pricing: Pricing { rule: Rule::Midpoint, k: 5_000 },
            lot: TONNE,
            max_price: 7,
        };
        assert_eq!(serde_json::to_string(&terms).unwrap(), json);
        assert_eq!(serde_json::from_str::<Terms>(json).unwrap(), terms);
    }

    proptest! {
        #[test]
        fn keys_order_as_the_table_says(a: (u128, u128, u64), b: (u128, u128, u64), equal in 0..4u8) {
            let b = (if equal & 1 > 0 { a.0 } else { b.0 }, if equal & 2 > 0 { a.1 } else { b.1 }, b.2);
            let order = |pairing: Pairing, side: Side| {
                let key = |(rank, limit, id)| Quote { id, account: (), rank, quantity: 1, limit }.key(pairing, side);
                key(a).cmp(&key(b))
            };
            let age = a.2.cmp(&b.2);
            prop_assert_eq!(order(Pairing::Price, Side::Ask), a.1.cmp(&b.1).then(age));
            prop_assert_eq!(order(Pairing::Price, Side::Bid), b.1.cmp(&a.1).then(age));
            for side in [Side::Ask, Side::Bid] {
                prop_assert_eq!(order(Pairing::Paper, side), a.0.cmp(&b.0).then(age));
            }
        }
    }
}
