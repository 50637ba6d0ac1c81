//! The network fee: what the buyer of a trade pays to the grid for carrying it.
//!
//! It depends on the buyer's voltage level and on the electrical distance between the two buses:
//!
//! rate = base + ⌈per_ohm · distance / 10⁶⌉, in 10⁻¹² coin per kWh, the distance in µΩ.
//!
//! The *distance* is the sum of |Z| = √(R² + X²) of the lines on the way from one bus to the other; 0 at one and the
//! same bus. A distribution feeder is run as a tree, so there is one way.
//!
//! The fee of a bill is rounded up once, over all its trades ([`crate::settlement`]). So it is never more than that of
//! the whole order at the feeder's highest rate ([`FeeTable::highest`] over [`Lines::longest`]), which is what a bid
//! holds.

use crate::{
    traits::{Bus, Level},
    units::{Price, MAX_PRICE},
};
use alloc::{vec, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::{sp_core::ConstU32, sp_runtime::BoundedVec};
use scale_info::TypeInfo;

/// Most buses of a feeder.
pub const MAX_BUSES: u32 = 128;
/// Most voltage levels.
pub const MAX_LEVELS: u32 = 8;
/// Electrical distance in µΩ.
pub type MicroOhm = u64;

/// µΩ of an ohm.
const OHM: u128 = 1_000_000;

/// The line that feeds a bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Branch {
    /// The bus at its other end, towards the substation. Its number is lower.
    pub from: Bus,
    /// |Z| in µΩ.
    pub impedance: u32,
}

/// A feeder's lines as they are switched: a tree with bus 1, the substation, at its root.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Lines {
    /// For each bus from 2 on the line that feeds it.
    pub branches: BoundedVec<Branch, ConstU32<MAX_BUSES>>,
}

/// Why [`Lines::check`] refuses a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum LinesError {
    /// More than [`MAX_BUSES`] buses.
    TooManyBuses,
    /// A bus is not fed from one with a lower number: buses are numbered from the substation outwards.
    NotOutwards,
}

impl core::fmt::Display for LinesError {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str(match self {
            Self::TooManyBuses => "a feeder has at most 128 buses",
            Self::NotOutwards => "every bus must be fed from one with a lower number, from bus 1 on",
        })
    }
}

impl core::error::Error for LinesError {}

impl Lines {
    /// How many buses there are, with the substation.
    pub fn buses(&self) -> u32 {
        (self.branches.len() as u32).saturating_add(1)
    }

    /// Whether the lines are a tree.
    pub fn check(&self) -> Result<(), LinesError> {
        if self.buses() > MAX_BUSES {
            return Err(LinesError::TooManyBuses);
        }
        let mut branches = (2u32..).zip(self.branches.iter());
        let outwards = branches.all(|(bus, branch)| (1..bus).contains(&u32::from(branch.from)));
        outwards.then_some(()).ok_or(LinesError::NotOutwards)
    }

    /// Whether there is such a bus.
    pub fn has(&self, bus: Bus) -> bool {
        bus >= 1 && u32::from(bus) <= self.buses()
    }

    /// The electrical distance between two buses; `None` if there is no such bus. In as many steps as there are lines
    /// on the way.
    pub fn distance(&self, a: Bus, b: Bus) -> Option<MicroOhm> {
        if !self.has(a) || !self.has(b) {
            return None;
        }
        let (mut near, mut far) = (a.min(b), a.max(b));
        let mut sum: MicroOhm = 0;
        // The one with the higher number is not on the other's way to the substation, so it goes towards it.
        while near != far {
            let branch = self.branches.get(usize::from(far).checked_sub(2)?)?;
            if branch.from >= far {
                return None;
            }
            sum = sum.saturating_add(u64::from(branch.impedance));
            (near, far) = (near.min(branch.from), near.max(branch.from));
        }
        Some(sum)
    }

    /// The greatest distance between any two buses.
    pub fn longest(&self) -> MicroOhm {
        // The longest way down from each bus. From the last bus up, all that hangs on a bus is known when it is
        // reached.
        let mut down: Vec<MicroOhm> = vec![0; self.buses() as usize];
        let mut longest = 0;
        for (index, branch) in self.branches.iter().enumerate().rev() {
            let below = down.get(index.saturating_add(1)).copied().unwrap_or_default();
            let below = below.saturating_add(u64::from(branch.impedance));
            let Some(above) = usize::from(branch.from).checked_sub(1).and_then(|from| down.get_mut(from)) else {
                continue;
            };
            longest = longest.max(above.saturating_add(below));
            *above = below.max(*above);
        }
        longest
    }
}

/// The network fee at one voltage level.
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
pub struct NetworkFee {
    /// 10⁻¹² coin per kWh, at any distance.
    pub base: Price,
    /// 10⁻¹² coin per kWh and ohm of distance.
    pub per_ohm: Price,
}

impl NetworkFee {
    /// The rate at a distance, rounded up; `None` if it is above [`MAX_PRICE`].
    pub fn rate(&self, distance: MicroOhm) -> Option<Price> {
        let far = self.per_ohm.checked_mul(u128::from(distance))?.div_ceil(OHM);
        self.base.checked_add(far).filter(|rate| *rate <= MAX_PRICE)
    }
}

/// The network fees by voltage level.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct FeeTable {
    /// For each level, from 0.
    pub levels: BoundedVec<NetworkFee, ConstU32<MAX_LEVELS>>,
}

impl FeeTable {
    /// What a buyer at this level pays per kWh from this distance. `None` without such a level, or if the rate is above
    /// [`MAX_PRICE`].
    pub fn rate(&self, level: Level, distance: MicroOhm) -> Option<Price> {
        self.levels.get(usize::from(level))?.rate(distance)
    }

    /// The highest rate at any level, up to a distance. `None` without levels, or if it is above [`MAX_PRICE`].
    pub fn highest(&self, distance: MicroOhm) -> Option<Price> {
        // Rates do not fall with the distance.
        let rates: Option<Vec<Price>> = self.levels.iter().map(|level| level.rate(distance)).collect();
        rates?.into_iter().max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(branches: &[(Bus, u32)]) -> Lines {
        let branches: Vec<Branch> = branches.iter().map(|&(from, impedance)| Branch { from, impedance }).collect();
        Lines { branches: branches.try_into().unwrap() }
    }

    /// 1 ─10─ 2 ─20─ 3 ─5─ 5, and 4 on 2 by 300.
    fn small() -> Lines {
        lines(&[(1, 10), (2, 20), (2, 300), (3, 5)])
    }

    #[test]
    fn distances_by_hand() {
        let lines = small();
        assert_eq!(lines.check(), Ok(()));
        assert_eq!(lines.buses(), 5);
        let table = [(1, 1, 0), (1, 2, 10), (1, 5, 35), (5, 4, 325), (4, 3, 320), (3, 5, 5), (2, 4, 300)];
        for (a, b, distance) in table {
            assert_eq!(lines.distance(a, b), Some(distance), "{a} to {b}");
            assert_eq!(lines.distance(b, a), Some(distance), "{b} to {a}");
        }
        assert_eq!(lines.longest(), 325);
        assert_eq!((lines.distance(0, 1), lines.distance(1, 6)), (None, None));
    }

    #[test]
    fn a_substation_alone_is_a_feeder() {
        let lines = lines(&[]);
        assert_eq!((lines.check(), lines.buses(), lines.longest()), (Ok(()), 1, 0));
        assert_eq!((lines.distance(1, 1), lines.distance(1, 2)), (Some(0), None));
    }

    #[test]
    fn what_is_no_tree_outwards_is_refused() {
        for wrong in [&[(0, 1)][..], &[(2, 1)], &[(1, 1), (3, 1)], &[(1, 1), (4, 1), (3, 1)]] {
            let lines = lines(wrong);
            assert_eq!(lines.check(), Err(LinesError::NotOutwards), "{wrong:?}");
            // And asking it anyway comes to an end.
            let distances = (1..=4).filter_map(|bus| lines.distance(bus, 1));
            assert!(distances.count() <= 4 && lines.longest() <= 3);
        }
        let chain: Vec<(Bus, u32)> = (1..=128).map(|from| (from, 1)).collect();
        assert_eq!(lines(&chain).check(), Err(LinesError::TooManyBuses));
        assert_eq!(lines(&chain[..127]).check(), Ok(()));
        assert_eq!(lines(&chain[..127]).longest(), 127);
    }

    #[test]
    fn rates_by_hand() {
        let table = FeeTable {
            levels: vec![NetworkFee { base: 100, per_ohm: 7 }, NetworkFee { base: 10, per_ohm: 0 }].try_into().unwrap(),
        };
        assert_eq!(table.rate(0, 0), Some(100));
        assert_eq!(table.rate(0, 1), Some(101));
        assert_eq!(table.rate(0, 2_000_000), Some(114));
        assert_eq!(table.rate(0, 2_000_001), Some(115));
        assert_eq!(table.rate(1, 2_000_001), Some(10));
        assert_eq!(table.rate(2, 0), None);
        assert_eq!(table.highest(2_000_001), Some(115));
        assert_eq!(FeeTable::default().highest(0), None);
        let dear = NetworkFee { base: MAX_PRICE, per_ohm: 1 };
        assert_eq!((dear.rate(0), dear.rate(1)), (Some(MAX_PRICE), None));
        assert_eq!(NetworkFee { base: 0, per_ohm: Price::MAX }.rate(2), None);
    }

    /// Any tree of up to 40 buses.
    fn tree() -> impl Strategy<Value = Lines> {
        proptest::collection::vec((any::<u16>(), 0..1_000_000u32), 0..40).prop_map(|drawn| {
            let branches: Vec<_> = (1u16..).zip(drawn).map(|(n, (from, z))| (1 + from % n, z)).collect();
            lines(&branches)
        })
    }

    proptest! {
        #[test]
        fn the_longest_is_the_greatest_of_all_distances(lines in tree()) {
            prop_assert_eq!(lines.check(), Ok(()));
            let buses = 1..=lines.buses() as Bus;
            let all = buses.clone().flat_map(|a| buses.clone().map(move |b| (a, b)));
            prop_assert_eq!(all.map(|(a, b)| lines.distance(a, b).unwrap()).max(), Some(lines.longest()));
        }

        #[test]
        fn distances_are_those_of_a_tree(lines in tree(), a: Bus, b: Bus, c: Bus) {
            let [a, b, c] = [a, b, c].map(|bus| 1 + bus % lines.buses() as Bus);
            let distance = |a, b| lines.distance(a, b).unwrap();
            prop_assert_eq!(distance(a, b), distance(b, a));
            prop_assert!(distance(a, c) <= distance(a, b) + distance(b, c));
            prop_assert_eq!(distance(a, a), 0);
        }
    }
}
