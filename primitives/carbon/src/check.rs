//! The emission check: what a participant has to spare, or lacks, after a year (table 3, Algorithm 1 lines 8 to 11).
//!
//! | | CEC | PVP |
//! |---|---|---|
//! | emissions | ⌈Σ imported Wh · factor / 10⁴⌉ + activity | 0: it is not regulated |
//! | quota | 0: that of its own plant is on its account | Σ M over its meters, each rounded by itself |
//! | value | allocation − emissions | quota |
//!
//! What goes in is proven or voted on, nothing is declared: the Wh are those of the meters' yearly statements, the
//! activity (what burns on the site) is the oracles' median, the allocation is the chain's own, after the later
//! adjustment. It is a function of these alone, so every node that executes a block computes the same values, and a
//! block with another one is invalid: this is the paper's `emiss(i) == value`.
//!
//! What a participant *declares* before, its estimate, is recorded beside the check value and decides nothing. Six of
//! the ten estimates of table 3 differ from the check value, and all trades of table 4 rest on the latter.

use crate::{
    issuance,
    traits::Kind,
    units::{grams_up, Factor, Grams, Wh},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What is known of a CEC's year.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Burden {
    /// The free share of its allocation, after the later adjustment.
    pub allocation: Grams,
    /// Sum over the statements of its import meters, in Wh.
    pub imported: u128,
    /// What a Wh from the grid counts.
    pub factor: Factor,
    /// What the oracles say of the rest.
    pub activity: Grams,
}

/// What came of a check.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Check {
    /// What it has emitted.
    pub emissions: Grams,
    /// What is issued for its generation.
    pub quota: Grams,
    /// The check value in g: to spare if it is positive, lacking if it is negative.
    pub value: i128,
}

impl Check {
    /// Of a CEC: allocation − emissions. `None` if it overflows.
    pub fn of_cec(burden: &Burden) -> Option<Self> {
        let emissions = grams_up(burden.imported, burden.factor)?.checked_add(burden.activity)?;
        let value = i128::try_from(burden.allocation).ok()?.checked_sub(i128::try_from(emissions).ok()?)?;
        Some(Self { emissions, quota: 0, value })
    }

    /// Of a PVP: Σ M over its meters, each with what its statement says of the year (`energy`, less what was sold
    /// green). A meter whose energy comes to less than a gram adds nothing. `None` if it overflows, or with a δ out of
    /// bounds.
    pub fn of_pvp(energy: impl IntoIterator<Item = Wh>, delta: Factor) -> Option<Self> {
        if !issuance::is_delta(delta) {
            return None;
        }
        let quota = energy
            .into_iter()
            .try_fold(0, |sum: Grams, energy| sum.checked_add(crate::units::grams_down(energy.into(), delta)?))?;
        Some(Self { emissions: 0, quota, value: i128::try_from(quota).ok()? })
    }

    /// What is lacking, in g; 0 if nothing is.
    pub fn deficit(&self) -> Grams {
        if self.value < 0 {
            self.value.unsigned_abs()
        } else {
            0
        }
    }

    /// Whether an estimate says the same.
    pub fn agrees(&self, estimate: i128) -> bool {
        self.value == estimate
    }
}

/// The check of a participant of a kind. The authorities' own account has none.
pub fn check(
    kind: Kind,
    burden: &Burden,
    generated: impl IntoIterator<Item = Wh>,
    delta: Option<Factor>,
) -> Option<Check> {
    match kind {
        Kind::Cec => Check::of_cec(burden),
        Kind::Pvp => Check::of_pvp(generated, delta?),
        Kind::Authority => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::TONNE;
    use proptest::prelude::*;

    const FACTOR: Factor = 7_921;

    #[test]
    fn a_cec_by_hand() {
        // 1 GWh is 792.1 t; 100 t burn on the site.
        let burden = Burden { allocation: 800 * TONNE, imported: 1_000_000_000, factor: FACTOR, activity: 100 * TONNE };
        let check = Check::of_cec(&burden).unwrap();
        assert_eq!((check.emissions, check.value), (892_100_000, -92_100_000));
        assert_eq!((check.deficit(), check.quota), (92_100_000, 0));
        assert!(check.agrees(-92_100_000) && !check.agrees(-92_100_001));
        // A Wh more is a gram more: rounded up.
        let more = Check::of_cec(&Burden { imported: burden.imported + 1, ..burden }).unwrap();
        assert_eq!(more.value, check.value - 1);
    }

    #[test]
    fn a_pvp_by_hand() {
        // 1 and 1 Wh are 0 and 0 g; 10 kWh are 7.921 kg.
        let check = Check::of_pvp([1, 1, 10_000], FACTOR).unwrap();
        assert_eq!((check.quota, check.value, check.emissions, check.deficit()), (7_921, 7_921, 0, 0));
        assert_eq!(Check::of_pvp([], FACTOR), Some(Check::default()));
        assert_eq!(Check::of_pvp([1], 0), None);
    }

    #[test]
    fn the_kind_says_what_counts() {
        let burden = Burden { allocation: 5, ..Burden::default() };
        let of = |kind, delta| check(kind, &burden, [10_000], delta).map(|check| check.value);
        assert_eq!(of(Kind::Cec, None), Some(5));
        assert_eq!((of(Kind::Pvp, Some(FACTOR)), of(Kind::Pvp, None)), (Some(7_921), None));
        assert_eq!(of(Kind::Authority, Some(FACTOR)), None);
    }

    #[test]
    fn what_overflows_is_none() {
        let most = Burden { allocation: Grams::MAX, ..Burden::default() };
        assert_eq!(Check::of_cec(&most), None);
        assert_eq!(Check::of_cec(&Burden { allocation: 0, activity: Grams::MAX, ..most }), None);
        assert_eq!(Check::of_cec(&Burden { imported: u128::MAX, factor: 2, ..Burden::default() }), None);
    }

    proptest! {
        #[test]
        fn every_gram_counts_once(
            allocation in 0..1u128 << 100,
            imported in 0..1u128 << 80,
            activity in 0..1u128 << 100,
            factor in 0..=100_000u32,
        ) {
            let burden = Burden { allocation, imported, factor, activity };
            let check = Check::of_cec(&burden).unwrap();
            prop_assert_eq!(check.value, allocation as i128 - check.emissions as i128);
            prop_assert_eq!(allocation + check.deficit(), check.emissions.max(allocation));
            // One reading of 10 kWh more moves it by the factor, to the gram.
            let moved = Check::of_cec(&Burden { imported: imported + 10_000, ..burden }).unwrap();
            prop_assert_eq!(check.value - moved.value, i128::from(factor));
        }
    }
}
