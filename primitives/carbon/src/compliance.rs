//! Surrender, banking, fine and debt.
//!
//! What a CEC owes for a year ([`due`]) is
//!
//! emissions + what a later adjustment took back + debt carried from the years before.
//!
//! It *surrenders* quota for it until the deadline; holding quota is not surrendering it. After the deadline the year
//! is settled ([`settle`]): what is missing costs the fine per tonne, rounded up, **and** is carried as debt into the
//! next year, so a fine buys nobody out.
//!
//! **Banking.** Quota is of a *vintage*: the year that it was allocated for, or generated in. A vintage counts for its
//! own year and for later ones, without end or for so many years ([`Banking`]); never for an earlier one: nothing is
//! borrowed. Surrendering takes the oldest vintage first ([`plan`]), so that what would lapse is used before.

use crate::units::{turnover_up, Balance, Grams, TonnePrice};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_market::calendar::Year;
use scale_info::TypeInfo;

/// The year that quota was allocated for, or that its energy was generated in.
pub type Vintage = Year;

/// For how many years after its own a vintage counts; `None`: for all.
pub type Banking = Option<u32>;

/// Whether a vintage counts for a year.
pub fn counts_for(vintage: Vintage, year: Year, banking: Banking) -> bool {
    match year.checked_sub(vintage) {
        Some(age) => banking.is_none_or(|most| age <= most),
        None => false,
    }
}

/// What is owed for a year; `None` if it overflows.
pub fn due(emissions: Grams, taken_back: Grams, debt: Grams) -> Option<Grams> {
    emissions.checked_add(taken_back)?.checked_add(debt)
}

/// Why a surrender is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum SurrenderError {
    /// The vintage does not count for the year: it is younger, or has lapsed.
    WrongVintage,
    /// There is less of it than is to be surrendered; this much is missing.
    TooLittle(Grams),
    /// No gram.
    Nothing,
}

impl core::fmt::Display for SurrenderError {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        match self {
            Self::WrongVintage => f.write_str("the vintage does not count for the year"),
            Self::TooLittle(missing) => write!(f, "{missing} g are missing"),
            Self::Nothing => f.write_str("nothing is to be surrendered"),
        }
    }
}

impl core::error::Error for SurrenderError {}

/// Which quota a surrender of so many grams for a year takes: the oldest that counts first. `held`: what there is of
/// each vintage, in ascending order of the vintages. `only`: of this vintage alone.
///
/// The parts are in ascending order, none is empty, and they add up to the grams.
pub fn plan(
    year: Year,
    grams: Grams,
    only: Option<Vintage>,
    held: impl IntoIterator<Item = (Vintage, Grams)>,
    banking: Banking,
) -> Result<Vec<(Vintage, Grams)>, SurrenderError> {
    if grams == 0 {
        return Err(SurrenderError::Nothing);
    }
    if only.is_some_and(|vintage| !counts_for(vintage, year, banking)) {
        return Err(SurrenderError::WrongVintage);
    }
    let mut missing = grams;
    let mut parts = Vec::new();
    for (vintage, grams) in held {
        let wanted = only.is_none_or(|only| only == vintage) && counts_for(vintage, year, banking);
        let part = grams.min(missing);
        if wanted && part > 0 {
            missing = missing.saturating_sub(part);
            parts.push((vintage, part));
        }
    }
    if missing > 0 {
        return Err(SurrenderError::TooLittle(missing));
    }
    Ok(parts)
}

/// What came of a year.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Settlement {
    /// What was owed.
    pub due: Grams,
    /// What was surrendered; never more.
    pub surrendered: Grams,
    /// What is missing, and owed with the next year.
    pub debt: Grams,
    /// What is to be paid for it.
    pub fine: Balance,
}

impl Settlement {
    /// Whether nothing is missing. If something is, the name is published.
    pub fn is_met(&self) -> bool {
        self.debt == 0
    }
}

/// Settles a year after its deadline. `None` if the fine overflows, or its price is out of bounds.
///
/// Not more can be surrendered than was owed when it was; if the due has fallen since, what is left over is no debt of
/// anybody.
pub fn settle(due: Grams, surrendered: Grams, fine: TonnePrice) -> Option<Settlement> {
    let debt = due.saturating_sub(surrendered);
    Some(Settlement { due, surrendered: surrendered.min(due), debt, fine: turnover_up(debt, fine)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{MAX_PRICE, TONNE};
    use gridpeg_messages::units::COIN;
    use proptest::prelude::*;

    #[test]
    fn a_vintage_counts_for_its_year_and_later_ones() {
        let of = |year, banking| [2, 3, 4, 5].map(|vintage| counts_for(vintage, year, banking));
        assert_eq!(of(4, None), [true, true, true, false]);
        assert_eq!(of(4, Some(1)), [false, true, true, false]);
        assert_eq!(of(4, Some(0)), [false, false, true, false]);
        assert!(counts_for(0, Year::MAX, None));
    }

    #[test]
    fn the_oldest_goes_first() {
        let held = [(2, 30), (3, 0), (4, 50), (5, 100)];
        assert_eq!(plan(4, 70, None, held, None), Ok(vec![(2, 30), (4, 40)]));
        assert_eq!(plan(4, 80, None, held, None), Ok(vec![(2, 30), (4, 50)]));
        assert_eq!(plan(4, 81, None, held, None), Err(SurrenderError::TooLittle(1)));
        assert_eq!(plan(4, 50, None, held, Some(1)), Ok(vec![(4, 50)]));
        assert_eq!(plan(5, 100, Some(5), held, None), Ok(vec![(5, 100)]));
        assert_eq!(plan(4, 20, Some(2), held, None), Ok(vec![(2, 20)]));
    }

    #[test]
    fn what_does_not_count_is_not_taken() {
        let held = [(2, 30), (5, 100)];
        assert_eq!(plan(4, 1, Some(5), held, None), Err(SurrenderError::WrongVintage));
        assert_eq!(plan(4, 1, Some(2), held, Some(1)), Err(SurrenderError::WrongVintage));
        assert_eq!(plan(4, 1, Some(3), held, None), Err(SurrenderError::TooLittle(1)));
        assert_eq!(plan(4, 0, None, held, None), Err(SurrenderError::Nothing));
        assert_eq!(plan(1, 1, None, held, None), Err(SurrenderError::TooLittle(1)));
    }

    #[test]
    fn a_fine_does_not_end_the_debt() {
        // 100 coins a tonne; 2.5 t are missing.
        let settlement = settle(10 * TONNE, 7_500_000, 100 * COIN).unwrap();
        let expected = Settlement { due: 10 * TONNE, surrendered: 7_500_000, debt: 2_500_000, fine: 250 * COIN };
        assert_eq!(settlement, expected);
        assert!(!settlement.is_met());
        assert_eq!(due(3 * TONNE, 0, settlement.debt), Some(5_500_000));
        // A gram is 10⁻⁶ t, rounded up.
        assert_eq!(settle(1, 0, 1).unwrap().fine, 1);
        assert_eq!(settle(1, 0, 0).unwrap().fine, 0);
    }

    #[test]
    fn who_has_surrendered_all_owes_nothing() {
        for (owed, surrendered) in [(0, 0), (5, 5), (5, 9)] {
            let settlement = settle(owed, surrendered, MAX_PRICE).unwrap();
            assert!(settlement.is_met());
            assert_eq!((settlement.fine, settlement.surrendered), (0, owed));
        }
        assert_eq!((settle(1, 0, MAX_PRICE + 1), settle(Grams::MAX, 0, MAX_PRICE)), (None, None));
        assert_eq!(due(Grams::MAX, 1, 0), None);
    }

    proptest! {
        #[test]
        fn a_plan_takes_what_is_asked_for_and_nothing_younger_before_older(
            amounts in proptest::collection::vec(0..100u128, 0..12),
            year in 0..14u32,
            grams in 1..600u128,
            banking in proptest::option::of(0..6u32),
        ) {
            let held: Vec<(Vintage, Grams)> = (0..).zip(amounts).collect();
            let counting: Vec<_> =
                held.iter().copied().filter(|(vintage, _)| counts_for(*vintage, year, banking)).collect();
            let there: u128 = counting.iter().map(|(_, grams)| grams).sum();
            match plan(year, grams, None, held, banking) {
                Ok(parts) => {
                    prop_assert_eq!(parts.iter().map(|(_, part)| part).sum::<u128>(), grams);
                    let last = parts.last().unwrap().0;
                    for (vintage, grams) in counting {
                        let taken = parts.iter().find(|(other, _)| *other == vintage).map_or(0, |(_, part)| *part);
                        prop_assert!(taken <= grams && (vintage >= last || taken == grams));
                    }
                }
                Err(error) => prop_assert_eq!(error, SurrenderError::TooLittle(grams - there)),
            }
        }
    }
}
