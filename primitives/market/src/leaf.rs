//! Leaves of the PvTrading subtree: what a header of the electricity chain commits of the market.
//!
//! The header of a block commits the leaves made in that block, in the order in which they were made. A leaf's bytes
//! are its SCALE encoding:
//!
//! | index | leaf | made when |
//! |---|---|---|
//! | 0 | [`PvLeaf::Price`] | a book is cleared in which something traded |
//! | 1 | [`PvLeaf::Trade`] | a trade is settled |
//!
//! Every account's trades are numbered from 1, sales and purchases in one series, in the order in which they are
//! settled. No number is left out: whoever has the leaves up to a number has all of the account's trades up to there.

use crate::{
    calendar::Slot,
    traits::FeederId,
    units::{FinePrice, Price, Wh},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A leaf. `A`: the chain's accounts, of 32 bytes.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum PvLeaf<A> {
    /// What electricity for a slot cost on a feeder.
    #[codec(index = 0)]
    Price {
        /// When it is delivered.
        slot: Slot,
        /// On which feeder.
        feeder: FeederId,
        /// The mean price weighted by quantity, rounded down, in 10⁻¹² coin per kWh.
        price: Price,
        /// The one price of all trades, if the book was cleared at one.
        uniform: Option<FinePrice>,
        /// What was traded, in Wh.
        energy: u128,
    },
    /// A trade that is settled.
    #[codec(index = 1)]
    Trade {
        /// When it was to be delivered.
        slot: Slot,
        /// On which feeder.
        feeder: FeederId,
        /// Its number in that book, from 0.
        number: u32,
        /// Who sold.
        seller: A,
        /// The trade's number among the seller's, from 1.
        seller_no: u64,
        /// Who bought.
        buyer: A,
        /// The trade's number among the buyer's, from 1.
        buyer_no: u64,
        /// What was agreed on, in Wh.
        contracted: Wh,
        /// What was delivered and taken, in Wh.
        settled: Wh,
        /// At which price, in 10⁻¹⁶ coin per kWh.
        price: FinePrice,
        /// Whether it was sold as green energy: then what was settled gets no quota.
        green: bool,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_as_described() {
        let price = PvLeaf::<[u8; 32]>::Price { slot: 1, feeder: 2, price: 3, uniform: None, energy: 4 };
        let mut bytes = vec![0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
        bytes.resize(25, 0);
        bytes.extend([0, 4]);
        bytes.resize(42, 0);
        assert_eq!(price.encode(), bytes);

        let trade = PvLeaf::Trade {
            slot: 1,
            feeder: 2,
            number: 3,
            seller: [7u8; 32],
            seller_no: 4,
            buyer: [8; 32],
            buyer_no: 5,
            contracted: 6,
            settled: 5,
            price: FinePrice::of(1),
            green: true,
        };
        let bytes = trade.encode();
        assert_eq!(bytes.len(), 1 + 3 * 4 + 2 * (32 + 8) + 2 * 8 + 16 + 1);
        assert_eq!((bytes[0], bytes[13], bytes[45], bytes[53], bytes[bytes.len() - 1]), (1, 7, 4, 8, 1));
        assert_eq!(bytes.len(), PvLeaf::<[u8; 32]>::max_encoded_len());
    }
}
