//! What the carbon chain's headers commit (fig. 3): emissions (EOC, subtree 2) and quota (TOC, subtree 3).
//!
//! A leaf's bytes are the SCALE encoding of [`EocLeaf`] or [`TocLeaf`]; a header commits the leaves that its block has
//! made, in order. In each of three series (EOC; TOC of the quota's life; TOC of trades) a participant's leaves are
//! numbered from 1 without gaps, so that whoever shows all of them shows that they are all. A trade has two numbers,
//! its seller's and its buyer's.
//!
//! | tree | index | leaf | series |
//! |---|---|---|---|
//! | EOC | 0 | [`EocLeaf::Allocated`] | EOC |
//! | | 1 | [`EocLeaf::Estimated`] | EOC |
//! | | 2 | [`EocLeaf::Checked`] | EOC |
//! | TOC | 0 | [`TocLeaf::Issued`] | quota |
//! | | 1 | [`TocLeaf::Corrected`] | quota |
//! | | 2 | [`TocLeaf::Surrendered`] | quota |
//! | | 3 | [`TocLeaf::Settled`] | quota |
//! | | 4 | [`TocLeaf::Retired`] | none: anybody may retire what they hold |
//! | | 5 | [`TocLeaf::Cancelled`] | none |
//! | | 16 | [`TocLeaf::Traded`] | trades |
//! | | 17 | [`TocLeaf::Cleared`] | none: one for each round |
//! | | 18 | [`TocLeaf::Package`] | none: one for each request |

use crate::{
    allocation::Shares,
    check::Check,
    compliance::{Settlement, Vintage},
    data::Head,
    quotes::Stage,
    traits::EntityId,
    units::{Balance, Factor, FinePrice, Grams, TonnePrice},
    votes::RequestId,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_header::H256;
use gridpeg_market::{calendar::Year, traits::MeterId};
use gridpeg_messages::message::Account;
use polkadot_sdk::sp_crypto_hashing::blake2_256;
use scale_info::TypeInfo;

/// Number of a round: of its clearing period, as in the price window.
pub type Round = u64;
/// What the hash of a trade begins with.
pub const TRADE_TAG: [u8; 13] = *b"gridpeg-trade";

/// A leaf of EOC.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum EocLeaf {
    /// What an entity has under the cap, at first or after the later adjustment.
    #[codec(index = 0)]
    Allocated {
        /// Who.
        entity: EntityId,
        /// Number in its series.
        number: u64,
        /// Of which year.
        year: Year,
        /// All of it, not what is new.
        shares: Shares,
    },
    /// The estimated carbon quota: what an entity declares to have or, if negative, to lack.
    #[codec(index = 1)]
    Estimated {
        /// Who.
        entity: EntityId,
        /// Number in its series.
        number: u64,
        /// Of which year.
        year: Year,
        /// In g.
        estimate: i128,
        /// Hash of the evidence, which is kept elsewhere.
        evidence: H256,
    },
    /// The consensus check value.
    #[codec(index = 2)]
    Checked {
        /// Who.
        entity: EntityId,
        /// Number in its series.
        number: u64,
        /// Of which year.
        year: Year,
        /// What came of the check.
        check: Check,
        /// What was declared, if anything was.
        estimate: Option<i128>,
    },
}

/// A leaf of TOC.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum TocLeaf {
    /// Quota was issued for a meter's year (eq. 1).
    #[codec(index = 0)]
    Issued {
        /// Who got it.
        entity: EntityId,
        /// Number in its series.
        number: u64,
        /// Whose statement.
        meter: MeterId,
        /// The year.
        vintage: Vintage,
        /// Σ P_t less what was sold green, in Wh.
        energy: u128,
        /// δ.
        delta: Factor,
        /// M.
        grams: Grams,
    },
    /// An issuance was wrong, and was corrected.
    #[codec(index = 1)]
    Corrected {
        /// Who had got it.
        entity: EntityId,
        /// Number in its series.
        number: u64,
        /// Whose statement.
        meter: MeterId,
        /// The year.
        vintage: Vintage,
        /// What was issued.
        before: Grams,
        /// What should have been.
        after: Grams,
    },
    /// Quota was surrendered.
    #[codec(index = 2)]
    Surrendered {
        /// Who.
        entity: EntityId,
        /// Number in its series.
        number: u64,
        /// For which year.
        year: Year,
        /// Of which vintage.
        vintage: Vintage,
        /// How much.
        grams: Grams,
    },
    /// A year was settled after its deadline.
    #[codec(index = 3)]
    Settled {
        /// Whose.
        entity: EntityId,
        /// Number in its series.
        number: u64,
        /// Which year.
        year: Year,
        /// What came of it.
        settlement: Settlement,
    },
    /// Quota was retired: used up for somebody's own claim.
    #[codec(index = 4)]
    Retired {
        /// Number of the certificate.
        certificate: u64,
        /// Who held it.
        account: Account,
        /// Of which vintage.
        vintage: Vintage,
        /// How much.
        grams: Grams,
        /// Hash of the beneficiary and the purpose, as the certificate has them.
        text: H256,
    },
    /// Quota was taken off the market for nobody's claim.
    #[codec(index = 5)]
    Cancelled {
        /// Who held it.
        account: Account,
        /// Of which vintage.
        vintage: Vintage,
        /// How much.
        grams: Grams,
    },
    /// A trade of a round.
    #[codec(index = 16)]
    Traded {
        /// hash(x, y), see [`trade_hash`].
        hash: H256,
        /// The round.
        round: Round,
        /// Number of the trade in the round.
        trade: u32,
        /// In which stage.
        stage: Stage,
        /// x.
        seller: EntityId,
        /// Number in the seller's series.
        seller_number: u64,
        /// y.
        buyer: EntityId,
        /// Number in the buyer's series.
        buyer_number: u64,
        /// Of which vintage.
        vintage: Vintage,
        /// How much.
        grams: Grams,
        /// At which price.
        price: FinePrice,
        /// What was paid.
        turnover: Balance,
    },
    /// A round was cleared.
    #[codec(index = 17)]
    Cleared {
        /// Which.
        round: Round,
        /// The mean price; none without trades.
        price: Option<TonnePrice>,
        /// How much was traded.
        grams: Grams,
        /// In how many trades.
        trades: u32,
        /// The one price of each stage, if the terms have one.
        uniform: [Option<FinePrice>; 2],
    },
    /// Records of the electricity chain were shown to be all there are.
    #[codec(index = 18)]
    Package {
        /// Of which request.
        request: RequestId,
        /// Whose.
        entity: EntityId,
        /// Up to where they had been shown before.
        from: Head,
        /// Up to where they are now.
        to: Head,
    },
}

/// hash(x, y), the paper's name of what x has sold to y: BLAKE2b-256(`gridpeg-trade` ‖ x ‖ y ‖ round u64 ‖ trade u32 ‖
/// vintage u32 ‖ grams u128), x and y the accounts of seller and buyer, integers little-endian.
pub fn trade_hash(seller: &Account, buyer: &Account, round: Round, trade: u32, vintage: Vintage, grams: Grams) -> H256 {
    blake2_256(&(TRADE_TAG, seller, buyer, round, trade, vintage, grams).encode()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::DecodeAll;

    #[test]
    fn leaves_begin_with_their_index() {
        let eoc = [
            EocLeaf::Allocated { entity: 1, number: 2, year: 3, shares: Shares::default() },
            EocLeaf::Estimated { entity: 1, number: 2, year: 3, estimate: -4, evidence: H256::repeat_byte(5) },
            EocLeaf::Checked { entity: 1, number: 2, year: 3, check: Check::default(), estimate: Some(-4) },
        ];
        for (index, leaf) in (0u8..).zip(&eoc) {
            let bytes = leaf.encode();
            assert_eq!(bytes[..17], [index, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0]);
            assert_eq!(&EocLeaf::decode_all(&mut &bytes[..]).unwrap(), leaf);
        }
        let toc = [
            (4, TocLeaf::Retired { certificate: 0, account: [0; 32], vintage: 0, grams: 0, text: H256::zero() }),
            (5, TocLeaf::Cancelled { account: [0; 32], vintage: 0, grams: 0 }),
            (17, TocLeaf::Cleared { round: 0, price: None, grams: 0, trades: 0, uniform: [None, None] }),
            (18, TocLeaf::Package { request: 0, entity: 0, from: Head::default(), to: Head::default() }),
        ];
        for (index, leaf) in toc {
            let bytes = leaf.encode();
            assert_eq!((bytes[0], TocLeaf::decode_all(&mut &bytes[..]).unwrap()), (index, leaf));
        }
        assert!(EocLeaf::max_encoded_len() < 128 && TocLeaf::max_encoded_len() < 256);
    }

    #[test]
    fn a_trade_has_one_hash() {
        let hash = |seller: u8, buyer: u8, round, trade, vintage, grams| {
            trade_hash(&[seller; 32], &[buyer; 32], round, trade, vintage, grams)
        };
        let first = hash(1, 2, 3, 4, 5, 6);
        let others = [
            hash(2, 1, 3, 4, 5, 6),
            hash(1, 2, 4, 4, 5, 6),
            hash(1, 2, 3, 5, 5, 6),
            hash(1, 2, 3, 4, 6, 6),
            hash(1, 2, 3, 4, 5, 7),
        ];
        assert!(others.into_iter().all(|other| other != first));
        let bytes = [&b"gridpeg-trade"[..], &[1; 32], &[2; 32], &3u64.to_le_bytes(), &4u32.to_le_bytes()].concat();
        let bytes = [&bytes[..], &5u32.to_le_bytes(), &6u128.to_le_bytes()].concat();
        assert_eq!(first, H256::from(blake2_256(&bytes)));
    }
}
