//! The IEEE 33-bus feeder: 12.66 kV, 32 lines, 3.7 MW of load, after
//!
//! M. E. Baran, F. F. Wu: Network reconfiguration in distribution systems for loss reduction and load balancing. IEEE
//! Transactions on Power Delivery 4 (2), 1989. Numbers are those of MATPOWER's `case33bw`, with the five tie lines
//! open.
//!
//! | line of buses | |
//! |---|---|
//! | 1 to 18 | from the substation, bus 1, to the far end |
//! | 19 to 22 | from bus 2 |
//! | 23 to 25 | from bus 3 |
//! | 26 to 33 | from bus 6 |
//!
//! | | from |
//! |---|---|
//! | resistances and reactances | the case file, here in 10⁻⁴ Ω, exactly |
//! | distances | computed from them: \|Z\| of each line rounded down to µΩ |
//! | base voltages, sensitivities | AC power flow, off chain: `scripts/feeder` makes them from the case file |
//! | limits | the case file: ±10 % |
//!
//! In the base case bus 18 has the lowest voltage, 0.91309 pu: within ±10 %, far outside ±5 %. A sensitivity is the
//! rise for +100 kW at one bus, divided by 100 kW. `docs/feeder.md` says how far the linear model is off.

mod table;

pub use table::{SENSITIVITIES, VOLTAGES};

use crate::{
    fee::{Branch, Lines},
    traits::Bus,
    voltage::Feeder,
};
use polkadot_sdk::sp_runtime::BoundedVec;

/// How many buses there are.
pub const BUSES: u32 = 33;
/// The lower limit of all voltages, in 10⁻⁹ pu.
pub const LOWER: u32 = 900_000_000;
/// The upper limit of all voltages, in 10⁻⁹ pu.
pub const UPPER: u32 = 1_100_000_000;

/// µΩ of 10⁻⁴ Ω.
const SCALE: u64 = 100;

/// For each bus from 2 on the line that feeds it: from which bus, R and X in 10⁻⁴ Ω.
pub const BRANCHES: [(Bus, u32, u32); 32] = [
    (1, 922, 470),
    (2, 4930, 2511),
    (3, 3660, 1864),
    (4, 3811, 1941),
    (5, 8190, 7070),
    (6, 1872, 6188),
    (7, 7114, 2351),
    (8, 10300, 7400),
    (9, 10440, 7400),
    (10, 1966, 650),
    (11, 3744, 1238),
    (12, 14680, 11550),
    (13, 5416, 7129),
    (14, 5910, 5260),
    (15, 7463, 5450),
    (16, 12890, 17210),
    (17, 7320, 5740),
    (2, 1640, 1565),
    (19, 15042, 13554),
    (20, 4095, 4784),
    (21, 7089, 9373),
    (3, 4512, 3083),
    (23, 8980, 7091),
    (24, 8960, 7011),
    (6, 2030, 1034),
    (26, 2842, 1447),
    (27, 10590, 9337),
    (28, 8042, 7006),
    (29, 5075, 2585),
    (30, 9744, 9630),
    (31, 3105, 3619),
    (32, 3410, 5302),
];

/// |Z| in µΩ, rounded down, from R and X in 10⁻⁴ Ω. One too great for u32 counts as the greatest.
fn impedance(resistance: u32, reactance: u32) -> u32 {
    let square = |part: u32| u64::from(part).saturating_mul(SCALE).saturating_pow(2);
    let root = square(resistance).saturating_add(square(reactance)).isqrt();
    u32::try_from(root).unwrap_or(u32::MAX)
}

/// Its lines, for distances.
pub fn lines() -> Lines {
    let branches = BRANCHES.iter().map(|&(from, r, x)| Branch { from, impedance: impedance(r, x) });
    Lines { branches: BoundedVec::truncate_from(branches.collect()) }
}

/// Its voltages.
pub fn feeder() -> Feeder {
    Feeder {
        base: BoundedVec::truncate_from(VOLTAGES.to_vec()),
        sensitivities: BoundedVec::truncate_from(SENSITIVITIES.concat()),
        lower: LOWER,
        upper: UPPER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        book::Side,
        voltage::{Allowance, Grid, State, Voltages},
    };

    /// What +100 kW at a bus does to its own voltage, in 10⁻⁵ pu.
    fn own_rise(bus: usize) -> i64 {
        // 10⁻¹² pu per W · 10⁵ W = 10⁻⁷ pu.
        (SENSITIVITIES[bus - 1][bus - 1] + 50) / 100
    }

    #[test]
    fn the_tables_fit_together() {
        assert_eq!((lines().check(), feeder().check()), (Ok(()), Ok(())));
        assert_eq!((lines().buses(), feeder().buses()), (BUSES, BUSES));
        assert_eq!(feeder().sensitivities.len(), 33 * 33);
    }

    #[test]
    fn the_base_case_is_the_published_one() {
        let lowest = (1u16..).zip(VOLTAGES).min_by_key(|(_, voltage)| *voltage).unwrap();
        assert_eq!((lowest.0, (lowest.1 + 5_000) / 10_000), (18, 91_309));
        assert_eq!(VOLTAGES[0], 1_000_000_000);
        assert_eq!([6, 14, 18, 20, 24, 32].map(own_rise), [148, 552, 790, 111, 126, 451]);
    }

    #[test]
    fn injection_raises_every_voltage_but_the_substation_s() {
        for (j, row) in SENSITIVITIES.iter().enumerate() {
            for (i, rise) in row.iter().enumerate() {
                assert_eq!(*rise > 0, i > 0 && j > 0, "bus {} for bus {}", j + 1, i + 1);
                // Nearly symmetric.
                assert!((rise - SENSITIVITIES[i][j]).abs() < 1_000, "bus {} for bus {}", j + 1, i + 1);
            }
        }
    }

    #[test]
    fn distances_are_sums_of_impedances() {
        let lines = lines();
        // |Z| by hand: √(0.0922² + 0.0470²) Ω and the like.
        let table = [
            (1, 2, 103_488),
            (2, 3, 553_263),
            (1, 3, 103_488 + 553_263),
            (19, 3, 226_689 + 553_263),
            (26, 7, 227_816 + 646_496),
            (18, 18, 0),
        ];
        for (a, b, distance) in table {
            assert_eq!(lines.distance(a, b), Some(distance), "{a} to {b}");
        }
        // From one end to the other.
        assert_eq!(lines.longest(), 18_633_974);
        assert_eq!(lines.distance(18, 22), Some(18_633_974));
        assert_eq!(lines.distance(18, 34), None);
    }

    #[test]
    fn how_much_the_voltages_allow() {
        let feeder = feeder();
        let grid = Voltages::new(&feeder, 900_000, State::default());
        // From the substation to bus 18, which may lose 0.013090479 pu at 78,953 · 10⁻¹² pu a W: 165,800 W.
        assert_eq!(grid.most(1, 18), Allowance { most: 165_800 / 4, limited_by: Side::Bid });
        // The other way it may gain 0.186909521 pu: 2,367,351 W, for a quarter of an hour.
        assert_eq!(grid.most(18, 1), Allowance { most: 591_837, limited_by: Side::Ask });
        // Neighbours at the strong end move next to nothing.
        assert_eq!(grid.most(19, 2), Allowance { most: 25_169_285, limited_by: Side::Ask });
        assert_eq!(grid.most(5, 5), Allowance { most: u64::MAX, limited_by: Side::Ask });
    }
}
