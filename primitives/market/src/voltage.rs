//! How much a trade may have before it spoils a voltage.
//!
//! A trade of q Wh from a site at bus s to one at bus b means that over a slot of L ms the power P = q · 3,600,000 / L
//! in W is injected at s and withdrawn at b. By the feeder's *sensitivities* the voltage of bus j becomes
//!
//! v_j + (`S[j][s]` − `S[j][b]`) · P,
//!
//! `S[j][i]` the voltage that bus j gains for each W injected at bus i, around the feeder's base case. The model is
//! linear: exact for small trades, a few per cent off for large ones.
//!
//! **The rule.** No bus leaves its limits, and none that is already outside gets worse. With the voltage v_j before the
//! trade the one after it must be within
//!
//! `[min(lower, v_j), max(upper, v_j)]`.
//!
//! The base case may break the limits, as the IEEE 33-bus feeder's does those of ±5 %: then nothing more is withdrawn
//! where it hurts, but what mends a voltage is always let through, up to the other limit.
//!
//! Each bus bounds q by its own margin ÷ its own slope, so the most that a trade may have is the least of these,
//! rounded down to Wh ([`Grid::most`]). It is computed in integers and without rounding before that: what is kept of a
//! slot is Σ (`S[j][s]` − `S[j][b]`) · q for each bus ([`State`]), and both sides of the comparison are multiplied by
//! L.
//!
//! **Which order is in the way.** Where a voltage would rise too far, the injection does it: the ask. Where one would
//! fall too far, the withdrawal does: the bid. The clearing passes over that order. If it always passed over the ask,
//! one dear bid at a weak bus would use up all asks of the feeder one after the other, without buying anything.
//!
//! | | unit |
//! |---|---|
//! | sensitivity | 10⁻¹² pu per W, i64 |
//! | base voltage, limits | 10⁻⁹ pu, u32 |
//! | state | 10⁻¹² pu per W · Wh, i128 |

use crate::{book::Side, calendar::HOUR, fee::MAX_BUSES, traits::Bus, units::Wh};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_header::Millis;
use polkadot_sdk::{sp_core::ConstU32, sp_runtime::BoundedVec};
use scale_info::TypeInfo;

/// Most entries of a table of sensitivities.
pub const MAX_SENSITIVITIES: u32 = MAX_BUSES * MAX_BUSES;
/// The greatest sensitivity either way, in 10⁻¹² pu per W: 1 W does not move a voltage by more than 0.001 pu. Keeps all
/// products below 2¹²⁷.
pub const MAX_SENSITIVITY: i64 = 1_000_000_000;

/// 10⁻¹² pu of 10⁻⁹ pu.
const NANO: i128 = 1_000;
const WIDE_HOUR: i128 = HOUR as i128;

/// A feeder's voltages: what they are without trades, what trades do to them, where they must stay.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Feeder {
    /// The voltage of each bus without trades, in 10⁻⁹ pu, from bus 1 on.
    pub base: BoundedVec<u32, ConstU32<MAX_BUSES>>,
    /// S row by row, in 10⁻¹² pu per W: entry (j − 1) · buses + (i − 1) is what the voltage of bus j gains for each W
    /// injected at bus i.
    pub sensitivities: BoundedVec<i64, ConstU32<MAX_SENSITIVITIES>>,
    /// The lower limit of all voltages, in 10⁻⁹ pu.
    pub lower: u32,
    /// The upper limit of all voltages, in 10⁻⁹ pu.
    pub upper: u32,
}

/// Why [`Feeder::check`] refuses a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum FeederError {
    /// No buses.
    NoBuses,
    /// The table of sensitivities is not buses × buses.
    NotSquare,
    /// A sensitivity is beyond [`MAX_SENSITIVITY`].
    Sensitivity,
    /// The lower limit is not below the upper one.
    Limits,
}

impl core::fmt::Display for FeederError {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str(match self {
            Self::NoBuses => "a feeder has at least one bus",
            Self::NotSquare => "the table of sensitivities must have a row and a column for each bus",
            Self::Sensitivity => "a sensitivity must be -1000000000 to 1000000000 in 10^-12 pu per W",
            Self::Limits => "the lower limit must be below the upper one",
        })
    }
}

impl core::error::Error for FeederError {}

impl Feeder {
    /// How many buses there are.
    pub fn buses(&self) -> u32 {
        self.base.len() as u32
    }

    /// Whether the tables fit together.
    pub fn check(&self) -> Result<(), FeederError> {
        let buses = self.base.len();
        if buses == 0 {
            return Err(FeederError::NoBuses);
        }
        if self.sensitivities.len() != buses.saturating_mul(buses) {
            return Err(FeederError::NotSquare);
        }
        let bounds = -MAX_SENSITIVITY..=MAX_SENSITIVITY;
        if !self.sensitivities.iter().all(|sensitivity| bounds.contains(sensitivity)) {
            return Err(FeederError::Sensitivity);
        }
        if self.lower >= self.upper {
            return Err(FeederError::Limits);
        }
        Ok(())
    }

    /// Whether there is such a bus.
    pub fn has(&self, bus: Bus) -> bool {
        self.index(bus).is_some()
    }

    fn index(&self, bus: Bus) -> Option<usize> {
        usize::from(bus).checked_sub(1).filter(|index| *index < self.base.len())
    }

    /// For each bus, `S[j][seller]` − `S[j][buyer]`; `None` without such buses.
    fn slopes(&self, seller: Bus, buyer: Bus) -> Option<impl Iterator<Item = i128> + '_> {
        let (from, to) = (self.index(seller)?, self.index(buyer)?);
        // At least one bus, so the length of a row is not 0.
        Some(self.sensitivities.chunks(self.base.len()).map(move |row| {
            let at = |index: usize| i128::from(row.get(index).copied().unwrap_or_default());
            at(from).saturating_sub(at(to))
        }))
    }
}

/// What the network lets through of one trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The most that the trade may have.
    pub most: Wh,
    /// Whose order is in the way of more.
    pub limited_by: Side,
}

/// What the clearing asks of the network.
pub trait Grid {
    /// The most that a trade between these buses may have after all that was added.
    fn most(&self, seller: Bus, buyer: Bus) -> Allowance;
    /// A trade is made.
    fn add(&mut self, seller: Bus, buyer: Bus, energy: Wh);
    /// As if nothing had been added.
    fn restart(&mut self);
}

/// A network that lets everything through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CopperPlate;

impl Grid for CopperPlate {
    fn most(&self, _: Bus, _: Bus) -> Allowance {
        Allowance { most: Wh::MAX, limited_by: Side::Ask }
    }
    fn add(&mut self, _: Bus, _: Bus, _: Wh) {}
    fn restart(&mut self) {}
}

/// What the trades of a slot have done to the voltages so far. Kept while a clearing is interrupted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct State {
    /// For each bus Σ (`S[j][s]` − `S[j][b]`) · q, in 10⁻¹² pu per W · Wh; empty before the first trade.
    pub shifts: BoundedVec<i128, ConstU32<MAX_BUSES>>,
}

/// The voltages of a feeder in one slot: a [`Grid`].
#[derive(Clone, Debug)]
pub struct Voltages<'a> {
    feeder: &'a Feeder,
    /// L, in ms.
    slot_length: i128,
    state: State,
}

impl<'a> Voltages<'a> {
    /// Takes up a slot where it was left, or at its beginning with the default state. The feeder has passed
    /// [`Feeder::check`].
    pub fn new(feeder: &'a Feeder, slot_length: Millis, state: State) -> Self {
        Self { feeder, slot_length: i128::from(slot_length), state }
    }

    /// What to keep of it.
    pub fn into_state(self) -> State {
        self.state
    }

    /// The voltage of each bus with the trades so far, in 10⁻¹² pu · L: multiplied by the slot's length in ms, so that
    /// it is exact.
    fn now(&self) -> impl Iterator<Item = i128> + '_ {
        let slot_length = self.slot_length;
        let shifts = self.state.shifts.iter().copied().chain(core::iter::repeat(0));
        self.feeder.base.iter().zip(shifts).map(move |(base, shift)| {
            // Below 2³² · 10³ · 2²⁷ < 2⁶⁹. The shift is not far above it, as every trade stays within limits.
            scaled(*base, slot_length).saturating_add(shift.saturating_mul(WIDE_HOUR))
        })
    }

    /// The voltage of each bus with the trades so far, in 10⁻⁹ pu, rounded down. For display: the rule is not checked
    /// on these.
    pub fn voltages(&self) -> impl Iterator<Item = i64> + '_ {
        let unit = self.slot_length.saturating_mul(NANO);
        self.now().map(move |voltage| voltage.checked_div_euclid(unit).and_then(|v| i64::try_from(v).ok()).unwrap_or(0))
    }
}

/// A voltage of 10⁻⁹ pu in 10⁻¹² pu · L.
fn scaled(voltage: u32, slot_length: i128) -> i128 {
    i128::from(voltage).saturating_mul(NANO).saturating_mul(slot_length)
}

impl Grid for Voltages<'_> {
    fn most(&self, seller: Bus, buyer: Bus) -> Allowance {
        let Some(slopes) = self.feeder.slopes(seller, buyer) else {
            let limited_by = if self.feeder.has(seller) { Side::Bid } else { Side::Ask };
            return Allowance { most: 0, limited_by };
        };
        let limit = |voltage: u32| scaled(voltage, self.slot_length);
        let (lower, upper) = (limit(self.feeder.lower), limit(self.feeder.upper));
        let mut allowance = Allowance { most: Wh::MAX, limited_by: Side::Ask };
        for (now, slope) in self.now().zip(slopes) {
            let (margin, limited_by) =
                if slope > 0 { (upper.saturating_sub(now), Side::Ask) } else { (now.saturating_sub(lower), Side::Bid) };
            // Outside its limits already: no margin. A slope of 0 bounds nothing.
            let Some(most) = margin.max(0).checked_div(slope.saturating_abs().saturating_mul(WIDE_HOUR)) else {
                continue;
            };
            let most = Wh::try_from(most).unwrap_or(Wh::MAX);
            if most < allowance.most || (most == allowance.most && limited_by == Side::Ask) {
                allowance = Allowance { most, limited_by };
            }
        }
        allowance
    }

    fn add(&mut self, seller: Bus, buyer: Bus, energy: Wh) {
        let Some(slopes) = self.feeder.slopes(seller, buyer) else { return };
        let shifts = self.state.shifts.iter().copied().chain(core::iter::repeat(0));
        let added = shifts.zip(slopes).map(|(shift, slope)| {
            // Below 2³¹ · 2⁶⁴ each.
            shift.saturating_add(slope.saturating_mul(i128::from(energy)))
        });
        // As many as there are rows: within the bound.
        self.state.shifts = BoundedVec::truncate_from(added.collect());
    }

    fn restart(&mut self) {
        self.state = State::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Slots of an hour, so that Wh and W are the same number.
    const L: Millis = 3_600_000;

    fn feeder(base: &[u32], sensitivities: &[i64], lower: u32, upper: u32) -> Feeder {
        Feeder {
            base: base.to_vec().try_into().unwrap(),
            sensitivities: sensitivities.to_vec().try_into().unwrap(),
            lower,
            upper,
        }
    }

    /// The substation, then two buses in a row; limits ±10 %.
    fn three() -> Feeder {
        let s = [0, 0, 0, 0, 10, 10, 0, 10, 30];
        feeder(&[1_000_000_000, 990_000_000, 980_000_000], &s, 900_000_000, 1_100_000_000)
    }

    fn fresh(feeder: &Feeder) -> Voltages<'_> {
        Voltages::new(feeder, L, State::default())
    }

    fn allowance(most: Wh, limited_by: Side) -> Allowance {
        Allowance { most, limited_by }
    }

    #[test]
    fn margins_by_hand() {
        let feeder = three();
        assert_eq!(feeder.check(), Ok(()));
        let grid = fresh(&feeder);
        // Injection at bus 3: bus 2 may gain 0.11 pu at 10 a W, bus 3 0.12 pu at 30 a W. That is the tighter one.
        assert_eq!(grid.most(3, 1), allowance(120_000_000_000 / 30, Side::Ask));
        // Withdrawal there: bus 2 may lose 0.09 pu at 10 a W, bus 3 0.08 pu at 30 a W.
        assert_eq!(grid.most(1, 3), allowance(80_000_000_000 / 30, Side::Bid));
        // From 2 to 3 bus 2 keeps its voltage, bus 3 loses 20 a W.
        assert_eq!(grid.most(2, 3), allowance(80_000_000_000 / 20, Side::Bid));
        // At one bus nothing moves.
        assert_eq!(grid.most(3, 3), allowance(Wh::MAX, Side::Ask));
    }

    #[test]
    fn the_slot_s_length_makes_power_of_energy() {
        let feeder = three();
        // Four times the power for the same energy: a quarter of the energy, rounded down.
        let grid = Voltages::new(&feeder, L / 4, State::default());
        assert_eq!(grid.most(3, 1), allowance(120_000_000_000 / 120, Side::Ask));
        assert_eq!(grid.most(1, 3), allowance(80_000_000_000 / 120, Side::Bid));
    }

    #[test]
    fn trades_add_up_and_a_counterflow_makes_room() {
        let feeder = three();
        let mut grid = fresh(&feeder);
        grid.add(3, 1, 4_000_000_000);
        assert_eq!(grid.most(3, 1), allowance(0, Side::Ask));
        assert_eq!(grid.voltages().collect::<Vec<_>>(), [1_000_000_000, 1_030_000_000, 1_100_000_000]);
        // To the other limit: 0.2 pu at 30 a W.
        assert_eq!(grid.most(1, 3), allowance(200_000_000_000 / 30, Side::Bid));
        grid.add(1, 3, 1_000_000_000);
        assert_eq!(grid.most(3, 1), allowance(1_000_000_000, Side::Ask));
        grid.restart();
        assert_eq!(grid.into_state(), State::default());
    }

    #[test]
    fn a_bus_outside_its_limits_may_get_better_but_not_worse() {
        let mut feeder = three();
        feeder.lower = 985_000_000;
        let grid = fresh(&feeder);
        assert_eq!(grid.most(1, 3), allowance(0, Side::Bid));
        assert_eq!(grid.most(1, 2), allowance(0, Side::Bid), "bus 3 would fall too");
        assert_eq!(grid.most(3, 1), allowance(120_000_000_000 / 30, Side::Ask), "up to the other limit");
        feeder.lower = 900_000_000;
        feeder.upper = 985_000_000;
        let grid = fresh(&feeder);
        assert_eq!(grid.most(3, 1), allowance(0, Side::Ask), "bus 2 is too high");
        assert_eq!(grid.most(3, 2), allowance(5_000_000_000 / 20, Side::Ask), "bus 2 keeps its voltage");
    }

    #[test]
    fn an_unknown_bus_trades_nothing() {
        let feeder = three();
        let mut grid = fresh(&feeder);
        assert_eq!(grid.most(4, 1), allowance(0, Side::Ask));
        assert_eq!(grid.most(1, 0), allowance(0, Side::Bid));
        grid.add(4, 1, 5);
        assert_eq!(grid.into_state(), State::default());
    }

    #[test]
    fn tables_that_do_not_fit_are_named() {
        let ok = [1_000_000_000; 2];
        assert_eq!(feeder(&[], &[], 1, 2).check(), Err(FeederError::NoBuses));
        assert_eq!(feeder(&ok, &[0; 3], 1, 2).check(), Err(FeederError::NotSquare));
        assert_eq!(feeder(&ok, &[0, 0, 0, MAX_SENSITIVITY + 1], 1, 2).check(), Err(FeederError::Sensitivity));
        assert_eq!(feeder(&ok, &[0, 0, 0, i64::MIN], 1, 2).check(), Err(FeederError::Sensitivity));
        assert_eq!(feeder(&ok, &[0; 4], 2, 2).check(), Err(FeederError::Limits));
        assert_eq!(feeder(&ok, &[0, 0, 0, -MAX_SENSITIVITY], 1, 2).check(), Ok(()));
    }

    prop_compose! {
        fn any_feeder()(n in 1usize..6)(
            base in proptest::collection::vec(850_000_000u32..1_150_000_000, n),
            sensitivities in proptest::collection::vec(-20_000i64..100_000, n * n),
        ) -> Feeder {
            feeder(&base, &sensitivities, 900_000_000, 1_100_000_000)
        }
    }

    /// 10⁻¹² pu · ms of each bus after trades, from scratch.
    fn exact(feeder: &Feeder, length: Millis, trades: &[(Bus, Bus, Wh)]) -> Vec<i128> {
        let n = feeder.base.len();
        let s = |j: usize, bus: Bus| i128::from(feeder.sensitivities[j * n + usize::from(bus) - 1]);
        let of = |j: usize| {
            let moved: i128 = trades.iter().map(|&(a, b, q)| (s(j, a) - s(j, b)) * i128::from(q)).sum();
            i128::from(feeder.base[j]) * 1_000 * i128::from(length) + moved * 3_600_000
        };
        (0..n).map(of).collect()
    }

    fn allowed(feeder: &Feeder, length: Millis, before: &[i128], after: &[i128]) -> bool {
        let limit = |voltage: u32| i128::from(voltage) * 1_000 * i128::from(length);
        before
            .iter()
            .zip(after)
            .all(|(was, is)| (*is >= limit(feeder.lower) || is >= was) && (*is <= limit(feeder.upper) || is <= was))
    }

    proptest! {
        #[test]
        fn the_most_is_allowed_and_one_more_is_not(
            feeder in any_feeder(), length in 1_000u64..86_400_000,
            drawn in proptest::collection::vec((any::<Bus>(), any::<Bus>(), 0u32..=100), 1..8),
        ) {
            let n = feeder.buses() as Bus;
            let mut grid = Voltages::new(&feeder, length, State::default());
            let mut trades = Vec::new();
            for (seller, buyer, share) in drawn {
                let (seller, buyer) = (1 + seller % n, 1 + buyer % n);
                let most = grid.most(seller, buyer).most;
                let before = exact(&feeder, length, &trades);
                let with = |energy: Wh| exact(&feeder, length, &[&trades[..], &[(seller, buyer, energy)]].concat());
                if most < Wh::MAX {
                    prop_assert!(allowed(&feeder, length, &before, &with(most)));
                    prop_assert!(!allowed(&feeder, length, &before, &with(most + 1)));
                }
                // Some of it is traded.
                let energy = (u128::from(most) * u128::from(share) / 100).min(1 << 40) as Wh;
                prop_assert!(allowed(&feeder, length, &before, &with(energy)));
                grid.add(seller, buyer, energy);
                trades.push((seller, buyer, energy));
                prop_assert_eq!(grid.now().collect::<Vec<_>>(), exact(&feeder, length, &trades));
                // An interruption changes nothing.
                let kept = State::decode(&mut &grid.clone().into_state().encode()[..]).unwrap();
                grid = Voltages::new(&feeder, length, kept);
            }
        }
    }
}
