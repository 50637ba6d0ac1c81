//! Quota for what a photovoltaic plant has generated, eq. 1:
//!
//! M = δ · Σ P_t, t = 1 … 12,
//!
//! P_t the energy of month t in Wh, δ in 10⁻⁴ g per Wh: M = ⌊(Σ P_t − G) · δ / 10⁴⌋ in g. The months are added up first
//! and the product is rounded once, down. G is what was sold of the energy as green power: a Wh counts once.
//!
//! "Our carbon quota calculation is not estimated, but calculated at the end of each year according to the total actual
//! power generation of 12 months": there is no quota for eleven months, and none before the year's statement of the
//! meter is proven. A month in which the meter was not in service counts 0, and so does one without readings; what the
//! counter has gone on meanwhile is in a later month.

use crate::units::{grams_down, Factor, Grams, Wh, MAX_FACTOR};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_market::calendar::MONTHS_PER_YEAR;
use scale_info::TypeInfo;

/// What quota is issued for, and how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Quota {
    /// Σ P_t − G, in Wh.
    pub energy: u128,
    /// M.
    pub grams: Grams,
}

/// Why there is no quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum IssuanceError {
    /// Not twelve months.
    Months,
    /// More was sold as green power than was generated.
    Green,
    /// δ is 0 or above [`MAX_FACTOR`].
    Delta,
    /// It comes to less than a gram.
    Nothing,
}

impl core::fmt::Display for IssuanceError {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str(match self {
            Self::Months => "a year has twelve months",
            Self::Green => "more was sold as green power than was generated",
            Self::Delta => "delta must be 1 to 100000 in 10^-4 g per Wh",
            Self::Nothing => "the energy comes to less than a gram",
        })
    }
}

impl core::error::Error for IssuanceError {}

/// Whether δ is within its bounds.
pub fn is_delta(delta: Factor) -> bool {
    (1..=MAX_FACTOR).contains(&delta)
}

/// M for a meter's year.
pub fn quota(months: &[Wh], sold_green: Wh, delta: Factor) -> Result<Quota, IssuanceError> {
    if months.len() != MONTHS_PER_YEAR as usize {
        return Err(IssuanceError::Months);
    }
    if !is_delta(delta) {
        return Err(IssuanceError::Delta);
    }
    let sum = months.iter().fold(0u128, |sum, month| sum.saturating_add(u128::from(*month)));
    let energy = sum.checked_sub(sold_green.into()).ok_or(IssuanceError::Green)?;
    // Below 2⁶⁸ · 10⁵.
    let grams = grams_down(energy, delta).filter(|grams| *grams > 0).ok_or(IssuanceError::Nothing)?;
    Ok(Quota { energy, grams })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The operating margin of the East China grid, 0.7921 t per MWh.
    const DELTA: Factor = 7_921;

    #[test]
    fn a_year_of_a_roof() {
        // 4,380 kWh: 3,469.398 kg.
        let months: [Wh; 12] = [180, 230, 340, 420, 500, 520, 540, 510, 420, 330, 220, 170].map(|kwh: u64| kwh * 1_000);
        assert_eq!(quota(&months, 0, DELTA), Ok(Quota { energy: 4_380_000, grams: 3_469_398 }));
        // 380 kWh were sold as green power: 4,000 kWh.
        assert_eq!(quota(&months, 380_000, DELTA), Ok(Quota { energy: 4_000_000, grams: 3_168_400 }));
        assert_eq!(quota(&months, 4_380_000, DELTA), Err(IssuanceError::Nothing));
        assert_eq!(quota(&months, 4_380_001, DELTA), Err(IssuanceError::Green));
    }

    #[test]
    fn the_months_are_added_up_first_and_rounded_once() {
        // Each month's 1 Wh alone would be 0 g; 12 · 0.7921 = 9.5.
        assert_eq!(quota(&[1; 12], 0, DELTA).unwrap().grams, 9);
        assert_eq!(quota(&[0; 12], 0, DELTA), Err(IssuanceError::Nothing));
    }

    #[test]
    fn a_year_has_twelve_months_and_delta_its_bounds() {
        for months in [0, 1, 11, 13] {
            assert_eq!(quota(&vec![1_000; months], 0, DELTA), Err(IssuanceError::Months));
        }
        for delta in [0, MAX_FACTOR + 1, Factor::MAX] {
            assert_eq!(quota(&[1_000; 12], 0, delta), Err(IssuanceError::Delta));
        }
        let most = quota(&[Wh::MAX; 12], 0, MAX_FACTOR).unwrap();
        assert_eq!(most.grams, 120 * u128::from(Wh::MAX));
    }

    proptest! {
        #[test]
        fn ten_thousand_wh_more_are_delta_grams_more(
            months: [u32; 12], month in 0..12usize, delta in 1..=MAX_FACTOR,
        ) {
            let months = months.map(|month| Wh::from(month) + 10_000);
            let before = quota(&months, 0, delta).unwrap();
            let mut changed = months;
            changed[month] += 10_000;
            let after = quota(&changed, 0, delta).unwrap();
            prop_assert_eq!(after.grams - before.grams, u128::from(delta));
            // Two plants never get more apart than together, and at most a gram less.
            let apart = 2 * before.grams;
            let both = quota(&months.map(|month| 2 * month), 0, delta).unwrap().grams;
            prop_assert!(apart <= both && both <= apart + 1);
        }
    }
}
