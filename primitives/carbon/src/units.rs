//! Carbon, prices per tonne, and money made of them.
//!
//! | | unit | type |
//! |---|---|---|
//! | carbon | g of CO₂ | u128, [`Grams`] |
//! | emission factor, δ | 10⁻⁴ g per Wh, that is 10⁻⁴ kg per kWh or t per MWh | u32, [`Factor`] |
//! | price | 10⁻¹² coin per t, at most 10¹⁸ | u128, [`TonnePrice`] |
//! | fine price | 10⁻¹⁶ coin per t, so that the mean of two prices is exact | u128, [`FinePrice`] |
//! | energy, money, shares | as in [`gridpeg_market::units`] | |
//!
//! 0.7921 t per MWh, the operating margin of the East China grid, is a factor of 7,921.
//!
//! Turnover is ⌊g · price / 10⁶⌋. A quote has at most [`MAX_LOT`]; sums of carbon are not bounded by that. What could
//! overflow is `None`.

pub use gridpeg_market::units::{Balance, BasisPoints, FinePrice, Wh, MAX_PRICE, WHOLE};

/// Carbon in g of CO₂.
pub type Grams = u128;
/// Price in 10⁻¹² coin per t.
pub type TonnePrice = gridpeg_market::Price;
/// Carbon per energy in 10⁻⁴ g per Wh.
pub type Factor = u32;

/// Grams of a tonne.
pub const TONNE: Grams = 1_000_000;
/// The most that one quote has: 1.8 · 10¹³ t, centuries of the world's emissions.
pub const MAX_LOT: Grams = u64::MAX as Grams;
/// The highest factor: 10 t per MWh. No fuel comes near it.
pub const MAX_FACTOR: Factor = 100_000;

/// Factors to a g per Wh.
const FACTOR: u128 = 10_000;
/// Fine prices of grams to 10⁻¹² coin: 10⁴ to a price, 10⁶ g to a t.
const FINE: u128 = 10_000_000_000;

/// ⌊grams · price / 10⁶⌋; `None` for a price above [`MAX_PRICE`], or if it overflows.
pub fn turnover(grams: Grams, price: TonnePrice) -> Option<Balance> {
    let (whole, part) = split(grams, price)?;
    whole.checked_add(part / TONNE)
}

/// ⌈grams · price / 10⁶⌉; `None` for a price above [`MAX_PRICE`], or if it overflows.
pub fn turnover_up(grams: Grams, price: TonnePrice) -> Option<Balance> {
    let (whole, part) = split(grams, price)?;
    whole.checked_add(part.div_ceil(TONNE))
}

/// What the whole tonnes cost, in 10⁻¹² coin, and the rest, in 10⁻¹⁸ coin. The rest is below 10²⁴.
fn split(grams: Grams, price: TonnePrice) -> Option<(u128, u128)> {
    if price > MAX_PRICE {
        return None;
    }
    let whole = (grams / TONNE).checked_mul(price)?;
    Some((whole, (grams % TONNE).saturating_mul(price)))
}

/// ⌊grams · price / 10⁶⌋ at a fine price, rounded once. Exact up to [`MAX_LOT`], which no trade exceeds.
pub fn turnover_at(grams: Grams, price: FinePrice) -> Balance {
    // The product can have 138 bits, so the price is split: the first product is below 2⁶⁴ · 10¹², the second below
    // 2⁶⁴ · 10¹⁰.
    let (whole, part) = (price.get() / FINE, price.get() % FINE);
    grams.saturating_mul(whole).saturating_add(grams.saturating_mul(part) / FINE)
}

/// ⌊energy · factor / 10⁴⌋: what is saved. `None` if it overflows.
pub fn grams_down(energy: u128, factor: Factor) -> Option<Grams> {
    Some(energy.checked_mul(factor.into())? / FACTOR)
}

/// ⌈energy · factor / 10⁴⌉: what is emitted. `None` if it overflows.
pub fn grams_up(energy: u128, factor: Factor) -> Option<Grams> {
    Some(energy.checked_mul(factor.into())?.div_ceil(FACTOR))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridpeg_header::U256;
    use gridpeg_messages::units::COIN;
    use proptest::prelude::*;

    #[test]
    fn a_tonne_costs_its_price() {
        assert_eq!(turnover(TONNE, 6 * COIN), Some(6 * COIN));
        assert_eq!(turnover(80 * TONNE + 500_000, 6 * COIN), Some(483 * COIN));
        assert_eq!((turnover(1, 999_999), turnover_up(1, 999_999)), (Some(0), Some(1)));
        assert_eq!((turnover(1, 1_000_000), turnover_up(1, 1_000_000)), (Some(1), Some(1)));
        assert_eq!((turnover(0, MAX_PRICE), turnover_up(0, MAX_PRICE)), (Some(0), Some(0)));
    }

    #[test]
    fn what_overflows_is_none() {
        assert_eq!((turnover(1, MAX_PRICE + 1), turnover_up(1, MAX_PRICE + 1)), (None, None));
        assert_eq!((turnover(Grams::MAX, MAX_PRICE), turnover_up(Grams::MAX, MAX_PRICE)), (None, None));
        // Turnover in units is grams here, up to the greatest number.
        assert_eq!(turnover(Grams::MAX, 1_000_000), Some(Grams::MAX));
        assert_eq!((grams_down(u128::MAX, 2), grams_up(u128::MAX, 2)), (None, None));
    }

    #[test]
    fn the_middle_of_two_prices_is_not_rounded() {
        // 2 t, then 1 t, at (3 + 4) / 2.
        let middle = FinePrice::between(3, 4, 5_000);
        assert_eq!((turnover_at(2 * TONNE, middle), turnover_at(TONNE, middle)), (7, 3));
        assert_eq!(turnover_at(MAX_LOT, FinePrice::of(MAX_PRICE)), MAX_LOT * (MAX_PRICE / TONNE));
    }

    #[test]
    fn savings_are_rounded_down_and_emissions_up() {
        assert_eq!((grams_down(10_000, 7_921), grams_up(10_000, 7_921)), (Some(7_921), Some(7_921)));
        assert_eq!((grams_down(1, 7_921), grams_up(1, 7_921)), (Some(0), Some(1)));
        assert_eq!((grams_down(0, 7_921), grams_up(0, 7_921)), (Some(0), Some(0)));
    }

    proptest! {
        #[test]
        fn turnovers_are_exact(grams in 0..=MAX_LOT, a in 0..=MAX_PRICE, b in 0..=MAX_PRICE, k in 0..=WHOLE) {
            let (ask, bid) = (a.min(b), a.max(b));
            let exact = |price: u128, unit: u64| U256::from(grams) * U256::from(price) / U256::from(unit);
            let up = (U256::from(grams) * U256::from(bid) + U256::from(TONNE - 1)) / U256::from(TONNE);
            prop_assert_eq!(U256::from(turnover(grams, ask).unwrap()), exact(ask, 1_000_000));
            prop_assert_eq!(U256::from(turnover_up(grams, bid).unwrap()), up);
            let price = FinePrice::between(ask, bid, k);
            let between = turnover_at(grams, price);
            prop_assert_eq!(U256::from(between), exact(price.get(), 10_000_000_000));
            prop_assert!(turnover(grams, ask).unwrap() <= between && between <= turnover_up(grams, bid).unwrap());
        }

        #[test]
        fn grams_are_exact(energy in 0..1u128 << 96, factor in 0..=MAX_FACTOR) {
            let (down, up) = (grams_down(energy, factor).unwrap(), grams_up(energy, factor).unwrap());
            let product = energy * u128::from(factor);
            prop_assert!(down * 10_000 <= product && product < (down + 1) * 10_000);
            prop_assert_eq!(up, down + u128::from(product % 10_000 > 0));
        }
    }
}
