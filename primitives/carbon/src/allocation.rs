//! What the regulated get: cap, benchmark × output, shares, later adjustment (table 1).
//!
//! All of table 1's systems are of one form, which a [`Scheme`] fixes for a year:
//!
//! 1. **Benchmark × output.** An entity's *gross* allocation is benchmark · planned output ([`gross`]).
//! 2. **Cap.** If the gross allocations of all come to more than the cap, each is cut by the same factor
//!    ([`under_cap`]): ⌊gross · cap / Σ gross⌋.
//! 3. **Shares.** What is left of it is split into the share that is free, the share that the authorities offer in the
//!    auction, and the share that the entity may buy at a fixed price ([`Scheme::shares`]). Each is rounded down; the
//!    gram or two that this leaves is allocated to nobody.
//! 4. **Later adjustment.** When the year's actual output is known and differs from the planned one by the scheme's
//!    threshold or more, the free share is computed again with it ([`Scheme::adjusted`]), with the same factor under
//!    the cap. More is issued as far as there is room under the cap; less is owed ([`Adjustment`]).
//!
//! | table 1 | free | auction | fixed price | adjustment |
//! |---|---|---|---|---|
//! | Shenzhen | at most 95 % | at least 3 % | at least 2 % | yes |
//! | Beijing | 95 % | below 5 % | below 5 % | yes |
//! | Tianjin | 100 % | | | no |
//! | Guangdong | at most 97 % | at least 3 % | | no |
//! | Shanghai | 100 % | | | no |
//! | Hubei | at least 90 % | the rest | | from 20 % on |
//! | Chongqing | 100 % | | | no |
//! | EU | free and auction | | | no |
//! | California | free, auction and fixed price | | | yes |

use crate::units::{BasisPoints, Grams, TonnePrice, MAX_PRICE, WHOLE};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_header::U256;
use scale_info::TypeInfo;

/// What a regulated entity puts out in a year, in the units of its benchmark.
pub type Output = u128;

/// How quota of a year is allocated.
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
pub struct Scheme {
    /// The most that is allocated to all entities together, in g.
    pub cap: Grams,
    /// Share that is free.
    pub free: BasisPoints,
    /// Share that the authorities offer in the auction.
    pub auctioned: BasisPoints,
    /// Share that can be bought at the fixed price.
    pub fixed: BasisPoints,
    /// That price.
    pub fixed_price: TonnePrice,
    /// The least deviation of the output, as a share of the planned one, from which the free share is adjusted; `None`:
    /// it is not.
    pub threshold: Option<BasisPoints>,
}

/// Why [`Scheme::check`] refuses a scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum SchemeError {
    /// The cap is 0.
    Cap,
    /// The shares do not add up to the whole.
    Shares,
    /// The fixed price is above the highest price, or 0 with a share to be sold at it.
    FixedPrice,
}

impl core::fmt::Display for SchemeError {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str(match self {
            Self::Cap => "cap must be at least 1 g",
            Self::Shares => "free, auctioned and fixed must add up to 10000",
            Self::FixedPrice => "fixedPrice must be at most 10^18, and above 0 if fixed is",
        })
    }
}

impl core::error::Error for SchemeError {}

/// What comes of an allocation.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Shares {
    /// Issued to the entity.
    pub free: Grams,
    /// Issued to the authorities, to be offered.
    pub auctioned: Grams,
    /// What the entity may buy at the fixed price.
    pub fixed: Grams,
}

impl Shares {
    /// All together.
    pub fn sum(&self) -> Grams {
        self.free.saturating_add(self.auctioned).saturating_add(self.fixed)
    }
}

/// benchmark · output; `None` if it overflows.
pub fn gross(benchmark: Grams, output: Output) -> Option<Grams> {
    benchmark.checked_mul(output)
}

/// What is left of a gross allocation under the cap, ⌊gross · cap / total⌋ if the total of all is above it.
///
/// The sum over all entities is never above the cap, as long as none is counted twice in the total.
pub fn under_cap(gross: Grams, total: Grams, cap: Grams) -> Grams {
    if total <= cap {
        return gross;
    }
    let cut = U256::from(gross).saturating_mul(U256::from(cap)).checked_div(U256::from(total));
    // Not above the gross allocation, as the cap is below the total; which is not 0.
    cut.and_then(|cut| Grams::try_from(cut).ok()).unwrap_or_default()
}

/// What a change of the output does to a free share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Adjustment {
    /// The deviation is below the threshold, or makes no gram.
    #[codec(index = 0)]
    None,
    /// So much more is issued, as far as there is room under the cap.
    #[codec(index = 1)]
    More(Grams),
    /// So much is surrendered in addition to what was emitted.
    #[codec(index = 2)]
    Less(Grams),
}

impl Scheme {
    /// Whether the values fit together.
    pub fn check(&self) -> Result<(), SchemeError> {
        if self.cap == 0 {
            return Err(SchemeError::Cap);
        }
        let sum = self.free.checked_add(self.auctioned).and_then(|sum| sum.checked_add(self.fixed));
        if sum != Some(WHOLE) {
            return Err(SchemeError::Shares);
        }
        if self.fixed_price > MAX_PRICE || (self.fixed > 0 && self.fixed_price == 0) {
            return Err(SchemeError::FixedPrice);
        }
        Ok(())
    }

    /// Splits what an entity has under the cap. Each share is rounded down.
    pub fn shares(&self, allocation: Grams) -> Shares {
        let of = |share: BasisPoints| share_of(allocation, share);
        Shares { free: of(self.free), auctioned: of(self.auctioned), fixed: of(self.fixed) }
    }

    /// What an entity gets that puts out so much, if the gross allocations of all come to this total; `None` if it
    /// overflows.
    pub fn allocate(&self, benchmark: Grams, output: Output, total: Grams) -> Option<Shares> {
        let gross = gross(benchmark, output)?;
        Some(self.shares(under_cap(gross, total, self.cap)))
    }

    /// What the actual output does to the free share; the total is that of the planned outputs, so that the factor
    /// under the cap stays. `None` if it overflows.
    pub fn adjusted(&self, benchmark: Grams, planned: Output, actual: Output, total: Grams) -> Option<Adjustment> {
        let Some(threshold) = self.threshold else { return Some(Adjustment::None) };
        let deviation = U256::from(planned.abs_diff(actual)).saturating_mul(U256::from(WHOLE));
        if deviation < U256::from(planned).saturating_mul(U256::from(threshold)) {
            return Some(Adjustment::None);
        }
        let before = self.allocate(benchmark, planned, total)?.free;
        let after = self.allocate(benchmark, actual, total)?.free;
        Some(match (after.checked_sub(before), before.checked_sub(after)) {
            (Some(more), _) if more > 0 => Adjustment::More(more),
            (_, Some(less)) if less > 0 => Adjustment::Less(less),
            _ => Adjustment::None,
        })
    }
}

/// ⌊grams · share / 10,000⌋, without overflow for shares up to the whole.
fn share_of(grams: Grams, share: BasisPoints) -> Grams {
    let whole = Grams::from(WHOLE);
    let share = Grams::from(share.min(WHOLE));
    // grams = a · 10,000 + b.
    let (a, b) = (grams.checked_div(whole).unwrap_or_default(), grams.checked_rem(whole).unwrap_or_default());
    a.saturating_mul(share).saturating_add(b.saturating_mul(share).checked_div(whole).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::TONNE;
    use gridpeg_messages::units::COIN;
    use proptest::prelude::*;

    const SHENZHEN: Scheme = Scheme {
        cap: 1_000 * TONNE,
        free: 9_500,
        auctioned: 300,
        fixed: 200,
        fixed_price: 30 * COIN,
        threshold: Some(0),
    };
    const HUBEI: Scheme =
        Scheme { free: 9_000, auctioned: 1_000, fixed: 0, fixed_price: 0, threshold: Some(2_000), ..SHENZHEN };
    const TIANJIN: Scheme =
        Scheme { free: 10_000, auctioned: 0, fixed: 0, fixed_price: 0, threshold: None, ..SHENZHEN };

    #[test]
    fn the_systems_of_table_1_are_schemes() {
        let guangdong = Scheme { free: 9_700, auctioned: 300, fixed: 0, fixed_price: 0, threshold: None, ..SHENZHEN };
        let beijing = Scheme { free: 9_500, auctioned: 300, fixed: 200, ..SHENZHEN };
        for scheme in [SHENZHEN, beijing, TIANJIN, guangdong, HUBEI] {
            assert_eq!(scheme.check(), Ok(()));
        }
    }

    #[test]
    fn values_that_do_not_fit_are_named() {
        let refused = |change: fn(&mut Scheme)| {
            let mut scheme = SHENZHEN;
            change(&mut scheme);
            scheme.check()
        };
        assert_eq!(refused(|scheme| scheme.cap = 0), Err(SchemeError::Cap));
        assert_eq!(refused(|scheme| scheme.free = 9_501), Err(SchemeError::Shares));
        assert_eq!(refused(|scheme| scheme.free = BasisPoints::MAX), Err(SchemeError::Shares));
        assert_eq!(refused(|scheme| scheme.fixed_price = 0), Err(SchemeError::FixedPrice));
        assert_eq!(refused(|scheme| scheme.fixed_price = MAX_PRICE + 1), Err(SchemeError::FixedPrice));
    }

    #[test]
    fn benchmark_times_output_in_shares() {
        // 2 t a unit, 100 units; nobody else.
        let shares = SHENZHEN.allocate(2 * TONNE, 100, 200 * TONNE).unwrap();
        assert_eq!(shares, Shares { free: 190 * TONNE, auctioned: 6 * TONNE, fixed: 4 * TONNE });
        assert_eq!(shares.sum(), 200 * TONNE);
        // 33 g: 31.35, 0.99, 0.66.
        assert_eq!(SHENZHEN.shares(33), Shares { free: 31, auctioned: 0, fixed: 0 });
        assert_eq!(SHENZHEN.allocate(Grams::MAX, 2, 0), None);
    }

    #[test]
    fn above_the_cap_all_are_cut_alike() {
        // 600, 600 and 300 t under a cap of 1,000: two thirds.
        let total = 1_500 * TONNE;
        let cut = [600, 600, 300].map(|tonnes| under_cap(tonnes * TONNE, total, SHENZHEN.cap));
        assert_eq!(cut, [400 * TONNE, 400 * TONNE, 200 * TONNE]);
        assert_eq!(under_cap(600, 1_000, 1_000), 600);
        assert_eq!(under_cap(0, 0, 0), 0);
        assert_eq!(under_cap(1, 2, 0), 0);
        assert_eq!(under_cap(Grams::MAX, Grams::MAX, Grams::MAX - 1), Grams::MAX - 1);
    }

    #[test]
    fn hubei_adjusts_from_a_fifth_on() {
        let of = |actual| HUBEI.adjusted(TONNE, 100, actual, 100 * TONNE).unwrap();
        assert_eq!([81, 100, 119].map(of), [Adjustment::None; 3]);
        assert_eq!((of(120), of(80)), (Adjustment::More(18 * TONNE), Adjustment::Less(18 * TONNE)));
        assert_eq!(of(0), Adjustment::Less(90 * TONNE));
        // Cut to half by the cap, so is the adjustment.
        assert_eq!(HUBEI.adjusted(TONNE, 100, 120, 2_000 * TONNE), Some(Adjustment::More(9 * TONNE)));
        assert_eq!(TIANJIN.adjusted(TONNE, 100, 0, 100 * TONNE), Some(Adjustment::None));
        // Who plans nothing is adjusted to anything.
        assert_eq!(HUBEI.adjusted(TONNE, 0, 10, 100 * TONNE), Some(Adjustment::More(9 * TONNE)));
        assert_eq!(HUBEI.adjusted(Grams::MAX, 1, 2, 0), None);
    }

    #[test]
    fn a_chain_spec_says_it_in_camel_case() {
        let json = serde_json::to_string(&TIANJIN).unwrap();
        assert!(json.contains(r#""fixedPrice":0"#) && json.contains(r#""threshold":null"#), "{json}");
        assert_eq!(serde_json::from_str::<Scheme>(&json).unwrap(), TIANJIN);
    }

    proptest! {
        #[test]
        fn no_more_than_the_cap_is_allocated(
            grosses in proptest::collection::vec(0..u128::MAX / 64, 1..40), cap: u128,
        ) {
            let total: u128 = grosses.iter().sum();
            let cut = grosses.iter().map(|gross| under_cap(*gross, total, cap));
            prop_assert!(cut.clone().sum::<u128>() <= total.min(cap));
            prop_assert!(cut.zip(&grosses).all(|(cut, gross)| cut <= *gross));
        }

        #[test]
        fn shares_lose_less_than_a_gram_each(allocation: u128, free in 0..=10_000u32, auctioned in 0..=10_000u32) {
            let auctioned = auctioned.min(10_000 - free);
            let scheme = Scheme { free, auctioned, fixed: 10_000 - free - auctioned, ..SHENZHEN };
            let sum = scheme.shares(allocation).sum();
            prop_assert!(sum <= allocation && allocation - sum < 3);
        }
    }
}
