//! Energy, prices, and money made of them.
//!
//! | | unit | type |
//! |---|---|---|
//! | energy | Wh | u64 |
//! | power | W | u64 |
//! | money | 10⁻¹² coin | u128, [`Balance`] |
//! | price | 10⁻¹² coin per kWh, at most 10¹⁸ | u128 |
//! | fine price | 10⁻¹⁶ coin per kWh, so that the mean of two prices is exact | u128, [`FinePrice`] |
//! | share | 1/10,000 | u32 |
//!
//! Turnover is ⌊Wh · price / 1000⌋: buyer and seller of a trade have the same amount in their bills. What somebody owes
//! for something else than a trade is rounded up ([`turnover_up`]), what the grid pays is rounded down.
//!
//! All functions are total: with prices up to [`MAX_PRICE`] no product of an energy and a price overflows, and one with
//! a price above it is `None`.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
pub use gridpeg_messages::units::Balance;
use scale_info::TypeInfo;

/// Energy in Wh.
pub type Wh = u64;
/// Power in W.
pub type Watt = u64;
/// Price in 10⁻¹² coin per kWh.
pub type Price = u128;
/// Share in 1/10,000.
pub type BasisPoints = u32;

/// The highest price: a million coins per kWh.
pub const MAX_PRICE: Price = 1_000_000_000_000_000_000;
/// The whole, in basis points.
pub const WHOLE: BasisPoints = 10_000;

/// Wh of a kWh.
const KILO: u128 = 1_000;
/// Fine prices to a price.
const FINE: u128 = 10_000;
/// Wh · fine price to 10⁻¹² coin.
const FINE_KILO: u128 = FINE * KILO;

/// ⌊energy · price / 1000⌋; `None` for a price above [`MAX_PRICE`].
pub fn turnover(energy: Wh, price: Price) -> Option<Balance> {
    Some(product(energy, price)? / KILO)
}

/// ⌈energy · price / 1000⌉; `None` for a price above [`MAX_PRICE`].
pub fn turnover_up(energy: Wh, price: Price) -> Option<Balance> {
    Some(product(energy, price)?.div_ceil(KILO))
}

/// Energy · price, in 10⁻¹⁵ coin: the sum of several, of which the turnover is rounded once; `None` for a price above
/// [`MAX_PRICE`]. Below 2⁶⁴ · 10¹⁸ < 2¹²⁴.
pub fn product(energy: Wh, price: Price) -> Option<u128> {
    (price <= MAX_PRICE).then(|| u128::from(energy).saturating_mul(price))
}

/// ⌈product / 1000⌉: the money that a sum of [`product`]s is, rounded up.
pub fn money_up(product: u128) -> Balance {
    product.div_ceil(KILO)
}

/// ⌊energy · share / 10,000⌋. With a share above the whole it can be more than the energy, up to the greatest number.
pub fn share_of(energy: u128, share: BasisPoints) -> u128 {
    energy.saturating_mul(u128::from(share)) / FINE
}

/// The price of a trade, exactly: in 10⁻¹⁶ coin per kWh.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct FinePrice(u128);

impl FinePrice {
    /// ask + k · (bid − ask) / 10,000, that is (ask · (10,000 − k) + bid · k) / 10,000: k = 0 is the ask, 10,000 the
    /// bid, 5,000 the middle. Between the two whatever k is.
    ///
    /// A k above 10,000 counts as 10,000, a price above [`MAX_PRICE`] as that.
    pub fn between(ask: Price, bid: Price, k: BasisPoints) -> Self {
        let to_bid = u128::from(k.min(WHOLE));
        let to_ask = FINE.saturating_sub(to_bid);
        let weighed = |price: Price, weight: u128| price.min(MAX_PRICE).saturating_mul(weight);
        Self(weighed(ask, to_ask).saturating_add(weighed(bid, to_bid)))
    }

    /// A price as it is. One above [`MAX_PRICE`] counts as that.
    pub fn of(price: Price) -> Self {
        Self::between(price, price, 0)
    }

    /// In 10⁻¹⁶ coin per kWh; at most 10²².
    pub fn get(self) -> u128 {
        self.0
    }

    /// In 10⁻¹² coin per kWh, rounded down.
    pub fn floor(self) -> Price {
        self.0 / FINE
    }

    /// ⌊energy · price / 1000⌋, rounded once.
    pub fn turnover(self, energy: Wh) -> Balance {
        // The product can have 138 bits, so the price is split: price = whole · 10⁷ + part. The first product is below
        // 2⁶⁴ · 10¹⁵, the second below 2⁶⁴ · 10⁷.
        let energy = u128::from(energy);
        let (whole, part) = (self.0 / FINE_KILO, self.0 % FINE_KILO);
        energy.saturating_mul(whole).saturating_add(energy.saturating_mul(part) / FINE_KILO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridpeg_header::U256;
    use gridpeg_messages::units::COIN;
    use proptest::prelude::*;

    #[test]
    fn turnover_is_rounded_down_and_what_is_owed_up() {
        assert_eq!(turnover(1_500, COIN / 10), Some(COIN * 15 / 100));
        assert_eq!((turnover(1, 999), turnover_up(1, 999)), (Some(0), Some(1)));
        assert_eq!((turnover(1, 1_000), turnover_up(1, 1_000)), (Some(1), Some(1)));
        assert_eq!((turnover(3, 1_001), turnover_up(3, 1_001)), (Some(3), Some(4)));
        assert_eq!((turnover(0, MAX_PRICE), turnover_up(0, MAX_PRICE)), (Some(0), Some(0)));
    }

    #[test]
    fn the_greatest_energy_at_the_highest_price_is_exact() {
        let most = u128::from(Wh::MAX) * (MAX_PRICE / 1_000);
        assert_eq!(turnover(Wh::MAX, MAX_PRICE), Some(most));
        assert_eq!(turnover_up(Wh::MAX, MAX_PRICE), Some(most));
        assert_eq!(FinePrice::of(MAX_PRICE).turnover(Wh::MAX), most);
        assert_eq!((turnover(1, MAX_PRICE + 1), turnover_up(1, MAX_PRICE + 1)), (None, None));
    }

    #[test]
    fn the_middle_of_two_prices_is_not_rounded() {
        // 2 kWh at (3 + 4) / 2.
        let middle = FinePrice::between(3, 4, 5_000);
        assert_eq!((middle.get(), middle.floor(), middle.turnover(2_000)), (35_000, 3, 7));
        assert_eq!(FinePrice::between(3, 4, 0), FinePrice::of(3));
        assert_eq!(FinePrice::between(3, 4, 10_000), FinePrice::of(4));
        assert_eq!(FinePrice::between(3, 4, BasisPoints::MAX), FinePrice::of(4));
        assert_eq!(FinePrice::between(0, Price::MAX, 10_000), FinePrice::of(MAX_PRICE));
    }

    #[test]
    fn a_share_is_rounded_down() {
        assert_eq!((share_of(999, 1_000), share_of(1_000, 0), share_of(1_000, WHOLE)), (99, 0, 1_000));
        assert_eq!(share_of(1_000, 20_000), 2_000);
    }

    proptest! {
        #[test]
        fn a_fine_price_is_between_and_its_turnover_exact(
            ask in 0..=MAX_PRICE, bid in 0..=MAX_PRICE, k in 0..=WHOLE, energy: Wh,
        ) {
            let (ask, bid) = (ask.min(bid), ask.max(bid));
            let price = FinePrice::between(ask, bid, k);
            prop_assert!(FinePrice::of(ask) <= price && price <= FinePrice::of(bid));
            prop_assert!(ask <= price.floor() && price.floor() <= bid);
            let weighed = U256::from(ask) * U256::from(10_000 - k) + U256::from(bid) * U256::from(k);
            let exact = U256::from(energy) * weighed / U256::from(10_000_000u32);
            prop_assert_eq!(U256::from(price.turnover(energy)), exact);
            prop_assert!(turnover(energy, ask).unwrap() <= price.turnover(energy));
            prop_assert!(price.turnover(energy) <= turnover(energy, bid).unwrap());
        }
    }
}
