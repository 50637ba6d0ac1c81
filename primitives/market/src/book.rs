//! Orders, and the keys that put them in order.
//!
//! A book is for one slot on one feeder. Its sides are in order of priority: the best price first, among equal prices
//! the lower number, that is the older order. No two orders have one number, so there are no ties.
//!
//! A key is 24 bytes, most significant byte first, so that byte order is priority order:
//!
//! | side | key |
//! |---|---|
//! | asks | limit price (16) ‖ number (8): the cheapest first |
//! | bids | (2¹²⁸ − 1 − limit price) (16) ‖ number (8): the dearest first |
//!
//! Stored under these keys as they are, without hashing, a side is read in order of priority from wherever one likes.
//! The keys have one length, and the numbers are given by the chain, so nobody can make the trie deep or lopsided
//! beyond the 24 bytes.

use crate::{
    traits::Bus,
    units::{Price, Wh, MAX_PRICE},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Number of an order, given when it is placed: the older, the lower. A replaced order gets a new one.
pub type OrderId = u64;

/// Where an order stands in its side of the book.
pub type Key = [u8; KEY_LEN];

/// Length of a [`Key`].
pub const KEY_LEN: usize = 24;
const PRICE_LEN: usize = 16;

/// A side of the book.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Side {
    /// Offers to sell.
    #[codec(index = 0)]
    Ask,
    /// Offers to buy.
    #[codec(index = 1)]
    Bid,
}

impl Side {
    /// The other side.
    pub fn other(self) -> Self {
        match self {
            Self::Ask => Self::Bid,
            Self::Bid => Self::Ask,
        }
    }

    /// The key of an order with this limit and number.
    pub fn key(self, limit: Price, id: OrderId) -> Key {
        let price = match self {
            Self::Ask => limit,
            Self::Bid => Price::MAX.saturating_sub(limit),
        };
        let mut key = [0; KEY_LEN];
        let (high, low) = key.split_at_mut(PRICE_LEN);
        high.copy_from_slice(&price.to_be_bytes());
        low.copy_from_slice(&id.to_be_bytes());
        key
    }

    /// Limit and number from a key.
    pub fn read_key(self, key: &Key) -> (Price, OrderId) {
        let whole = |bytes: &[u8]| bytes.iter().fold(0u128, |sum, byte| (sum << 8) | u128::from(*byte));
        let (high, low) = key.split_at(PRICE_LEN);
        let limit = match self {
            Self::Ask => whole(high),
            Self::Bid => Price::MAX.saturating_sub(whole(high)),
        };
        // Eight bytes: nothing is cut off.
        (limit, whole(low) as OrderId)
    }
}

/// What the clearing needs to know of an order. `A` names who placed it: an account, or an index for one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Order<A> {
    /// Its number.
    pub id: OrderId,
    /// Whose it is.
    pub account: A,
    /// Energy; in the clearing, what is left of it.
    pub quantity: Wh,
    /// Asks: the least price; bids: the highest.
    pub limit: Price,
    /// Where the site is.
    pub bus: Bus,
}

impl<A> Order<A> {
    /// Its key on a side.
    pub fn key(&self, side: Side) -> Key {
        side.key(self.limit, self.id)
    }

    /// Whether it can trade at all: it has a quantity, and its limit is no more than [`MAX_PRICE`]. The clearing passes
    /// over any other, so that nothing of no quantity ever sets a price.
    pub fn is_valid(&self) -> bool {
        self.quantity > 0 && self.limit <= MAX_PRICE
    }
}

/// What becomes of the first two orders of a book if they do not cross.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uncrossed {
    /// Nothing more trades: in order of prices no later two do cross.
    End,
    /// Both are passed over.
    PassOver,
}

/// Both sides of a book, to be read in order of priority.
///
/// A book may have an order of its own: then it says what the keys are, and that two orders that do not cross are passed
/// over. Such a book is cleared with [`Rule::Midpoint`](crate::clearing::Rule::Midpoint): its last pair is no marginal
/// one.
///
/// It must not change while it is cleared, except that what was already traded may leave it: the gate is closed before
/// the clearing begins.
pub trait Book<A> {
    /// The orders of a side whose keys are above this one, or all, in ascending order of keys.
    fn orders(&self, side: Side, after: Option<Key>) -> impl Iterator<Item = Order<A>>;
    /// The key of an order that it has told.
    fn key(&self, side: Side, order: &Order<A>) -> Key {
        order.key(side)
    }
    /// What becomes of the first two orders if they do not cross.
    fn uncrossed(&self) -> Uncrossed {
        Uncrossed::End
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_are_as_described() {
        let mut ask = [0; 24];
        (ask[14], ask[15], ask[23]) = (1, 2, 3);
        assert_eq!(Side::Ask.key(0x0102, 3), ask);
        let mut bid = [0xff; 24];
        (bid[14], bid[15]) = (0xfe, 0xfd);
        bid[16..].copy_from_slice(&[0, 0, 0, 0, 0, 0, 0, 3]);
        assert_eq!(Side::Bid.key(0x0102, 3), bid);
    }

    #[test]
    fn the_best_price_comes_first_then_the_older_order() {
        let asks = [(1, 5), (1, 9), (2, 1), (1 << 56, 0), (MAX_PRICE, 0)];
        let bids = [(MAX_PRICE, 0), (1 << 56, 0), (2, 1), (1, 5), (1, 9)];
        for (side, orders) in [(Side::Ask, asks), (Side::Bid, bids)] {
            assert!(orders.map(|(limit, id)| side.key(limit, id)).is_sorted(), "{side:?}");
        }
    }

    #[test]
    fn an_order_without_quantity_or_beyond_all_prices_is_not_valid() {
        let order = Order { id: 1, account: 7u32, quantity: 1, limit: MAX_PRICE, bus: 1 };
        assert!(order.is_valid());
        assert!(!Order { quantity: 0, ..order.clone() }.is_valid());
        assert!(!Order { limit: MAX_PRICE + 1, ..order }.is_valid());
    }

    proptest! {
        #[test]
        fn keys_order_as_prices_and_numbers_do(a: (u128, u64), b: (u128, u64), same_price: bool) {
            let b = if same_price { (a.0, b.1) } else { b };
            prop_assert_eq!(Side::Ask.key(a.0, a.1).cmp(&Side::Ask.key(b.0, b.1)), a.cmp(&b));
            let bids = Side::Bid.key(a.0, a.1).cmp(&Side::Bid.key(b.0, b.1));
            prop_assert_eq!(bids, b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
            for side in [Side::Ask, Side::Bid] {
                prop_assert_eq!(side.read_key(&side.key(a.0, a.1)), a);
                prop_assert_eq!(side.other().other(), side);
            }
        }
    }
}
