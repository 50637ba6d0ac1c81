//! Slots, months and years: when electricity is delivered.
//!
//! | | number n is |
//! |---|---|
//! | slot | the time from `start` + n · `slot_length` to `start` + (n + 1) · `slot_length`, Unix ms, without the end |
//! | month | the slots from n · `slots_per_month` to (n + 1) · `slots_per_month` − 1 |
//! | year | the months from 12 n to 12 n + 11 |
//!
//! All months have the same length, so that every number follows from the time by division: the calendar of a chain is
//! three numbers of its genesis, which never change. It is in step with the calendar of the wall for a day (slots of 15
//! minutes that start at midnight UTC) but not for a month; 2,922 slots of 15 minutes are a twelfth of 365.25 days.

use crate::units::{Watt, Wh};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::ops::RangeInclusive;
use gridpeg_header::Millis;
use scale_info::TypeInfo;

/// Number of a delivery slot.
pub type Slot = u32;
/// Number of a month.
pub type Month = u32;
/// Number of a year.
pub type Year = u32;

/// Months of a year, of every chain.
pub const MONTHS_PER_YEAR: u32 = 12;
/// The shortest slot: a second.
pub const MIN_SLOT_LENGTH: Millis = 1_000;
/// The longest slot: a day.
pub const MAX_SLOT_LENGTH: Millis = 24 * 60 * 60 * 1_000;
/// Most slots of a month.
pub const MAX_SLOTS_PER_MONTH: u32 = 1_000_000;
/// The latest start, 2⁵³ − 1: numbers up to it are exact in JSON wherever it is read.
pub const MAX_START: Millis = (1 << 53) - 1;
/// Milliseconds of an hour: energy in Wh is power in W · time in ms / this.
pub const HOUR: Millis = 3_600_000;
const WIDE_HOUR: u128 = HOUR as u128;

/// What genesis fixes of a chain's calendar.
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
pub struct Calendar {
    /// When slot 0 begins, Unix ms.
    pub start: Millis,
    /// L, the length of a slot in ms.
    pub slot_length: Millis,
    /// Slots of a month.
    pub slots_per_month: u32,
}

impl Default for Calendar {
    /// Slots of 15 minutes since 1970; twelve months are 365.25 days.
    fn default() -> Self {
        Self { start: 0, slot_length: 900_000, slots_per_month: 2_922 }
    }
}

/// Why [`Calendar::check`] refuses a chain spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarError {
    /// The start is later than [`MAX_START`].
    Start,
    /// The slot's length is outside [`MIN_SLOT_LENGTH`] to [`MAX_SLOT_LENGTH`].
    SlotLength,
    /// The slots of a month are outside 1 to [`MAX_SLOTS_PER_MONTH`].
    SlotsPerMonth,
}

impl core::fmt::Display for CalendarError {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str(match self {
            Self::Start => "start must be at most 9007199254740991 ms",
            Self::SlotLength => "slotLength must be 1000 to 86400000 ms",
            Self::SlotsPerMonth => "slotsPerMonth must be 1 to 1000000",
        })
    }
}

impl core::error::Error for CalendarError {}

// Within the bounds that `check` sets no time overflows: 2³² slots of a day end before 2⁵⁹ ms. What saturates are the
// first and the last slot of months and years beyond the last slot there is.
impl Calendar {
    /// Whether all values are within their bounds.
    pub fn check(&self) -> Result<(), CalendarError> {
        if self.start > MAX_START {
            return Err(CalendarError::Start);
        }
        if !(MIN_SLOT_LENGTH..=MAX_SLOT_LENGTH).contains(&self.slot_length) {
            return Err(CalendarError::SlotLength);
        }
        if !(1..=MAX_SLOTS_PER_MONTH).contains(&self.slots_per_month) {
            return Err(CalendarError::SlotsPerMonth);
        }
        Ok(())
    }

    /// The slot that a time is in; `None` before the start, and after the last slot that has a number.
    pub fn slot_at(&self, time: Millis) -> Option<Slot> {
        let since = time.checked_sub(self.start)?;
        Slot::try_from(since.checked_div(self.slot_length)?).ok()
    }

    /// When a slot begins.
    pub fn begin(&self, slot: Slot) -> Millis {
        self.start.saturating_add(u64::from(slot).saturating_mul(self.slot_length))
    }

    /// When a slot is over: the first ms after it.
    pub fn end(&self, slot: Slot) -> Millis {
        self.begin(slot).saturating_add(self.slot_length)
    }

    /// Whether a slot is over at a time.
    pub fn is_over(&self, slot: Slot, time: Millis) -> bool {
        time >= self.end(slot)
    }

    /// The month that a slot is in.
    pub fn month_of(&self, slot: Slot) -> Month {
        slot.checked_div(self.slots_per_month).unwrap_or_default()
    }

    /// The year that a slot is in.
    pub fn year_of(&self, slot: Slot) -> Year {
        year_of_month(self.month_of(slot))
    }

    /// A month's slots, from the first to the last.
    pub fn slots_of_month(&self, month: Month) -> RangeInclusive<Slot> {
        let first = month.saturating_mul(self.slots_per_month);
        first..=first.saturating_add(self.slots_per_month.saturating_sub(1))
    }

    /// A year's slots, from the first to the last.
    pub fn slots_of_year(&self, year: Year) -> RangeInclusive<Slot> {
        let months = months_of_year(year);
        *self.slots_of_month(*months.start()).start()..=*self.slots_of_month(*months.end()).end()
    }

    /// What a power delivers in one slot: ⌊power · L / 3,600,000⌋ Wh.
    pub fn energy_of(&self, power: Watt) -> Wh {
        let energy = u128::from(power).saturating_mul(u128::from(self.slot_length)) / WIDE_HOUR;
        Wh::try_from(energy).unwrap_or(Wh::MAX)
    }
}

/// The year that a month is in.
pub fn year_of_month(month: Month) -> Year {
    month / MONTHS_PER_YEAR
}

/// A month's place in its year, 0 to 11.
pub fn month_in_year(month: Month) -> u32 {
    month % MONTHS_PER_YEAR
}

/// A year's twelve months, from the first to the last.
pub fn months_of_year(year: Year) -> RangeInclusive<Month> {
    let first = year.saturating_mul(MONTHS_PER_YEAR);
    first..=first.saturating_add(MONTHS_PER_YEAR.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALENDAR: Calendar = Calendar { start: 1_700_000_000_000, slot_length: 900_000, slots_per_month: 4 };

    #[test]
    fn a_slot_has_its_first_ms_and_not_the_one_after_its_last() {
        assert_eq!(CALENDAR.slot_at(CALENDAR.start - 1), None);
        assert_eq!(CALENDAR.slot_at(CALENDAR.start), Some(0));
        assert_eq!(CALENDAR.slot_at(CALENDAR.start + 899_999), Some(0));
        assert_eq!(CALENDAR.slot_at(CALENDAR.start + 900_000), Some(1));
        for slot in [0, 1, 7, 1_000_000, Slot::MAX] {
            assert_eq!(CALENDAR.slot_at(CALENDAR.begin(slot)), Some(slot));
            assert_eq!(CALENDAR.slot_at(CALENDAR.end(slot) - 1), Some(slot));
            assert_eq!(CALENDAR.slot_at(CALENDAR.end(slot)), slot.checked_add(1));
            assert!(!CALENDAR.is_over(slot, CALENDAR.end(slot) - 1));
            assert!(CALENDAR.is_over(slot, CALENDAR.end(slot)));
        }
    }

    #[test]
    fn months_and_years_follow_from_the_slot() {
        let of = |slot| (CALENDAR.month_of(slot), CALENDAR.year_of(slot));
        assert_eq!([of(0), of(3), of(4), of(47), of(48)], [(0, 0), (0, 0), (1, 0), (11, 0), (12, 1)]);
        assert_eq!(CALENDAR.slots_of_month(2), 8..=11);
        assert_eq!(CALENDAR.slots_of_year(1), 48..=95);
        assert_eq!(months_of_year(3), 36..=47);
        assert_eq!((year_of_month(37), month_in_year(37)), (3, 1));
        assert!(CALENDAR.slots_of_year(2).all(|slot| CALENDAR.year_of(slot) == 2));
    }

    #[test]
    fn no_number_overflows() {
        let widest = Calendar { start: MAX_START, slot_length: MAX_SLOT_LENGTH, slots_per_month: MAX_SLOTS_PER_MONTH };
        assert_eq!(widest.check(), Ok(()));
        assert_eq!(widest.slot_at(widest.begin(Slot::MAX)), Some(Slot::MAX));
        assert_eq!(widest.slot_at(widest.end(Slot::MAX)), None);
        assert_eq!(widest.slot_at(Millis::MAX), None);
        assert_eq!(widest.slots_of_year(Year::MAX), Slot::MAX..=Slot::MAX);
        assert_eq!(widest.energy_of(Watt::MAX), Wh::MAX);
    }

    #[test]
    fn power_becomes_whole_wh_rounded_down() {
        assert_eq!(CALENDAR.energy_of(5_000), 1_250);
        assert_eq!(CALENDAR.energy_of(3), 0);
        assert_eq!(CALENDAR.energy_of(7), 1);
    }

    #[test]
    fn values_out_of_bounds_are_named() {
        let refused = |change: fn(&mut Calendar)| {
            let mut calendar = Calendar::default();
            assert_eq!(calendar.check(), Ok(()));
            change(&mut calendar);
            calendar.check()
        };
        assert_eq!(refused(|c| c.start = MAX_START + 1), Err(CalendarError::Start));
        assert_eq!(refused(|c| c.slot_length = MIN_SLOT_LENGTH - 1), Err(CalendarError::SlotLength));
        assert_eq!(refused(|c| c.slot_length = MAX_SLOT_LENGTH + 1), Err(CalendarError::SlotLength));
        assert_eq!(refused(|c| c.slots_per_month = 0), Err(CalendarError::SlotsPerMonth));
        assert_eq!(refused(|c| c.slots_per_month = MAX_SLOTS_PER_MONTH + 1), Err(CalendarError::SlotsPerMonth));
    }

    #[test]
    fn a_chain_spec_says_it_in_camel_case() {
        let json = r#"{"start":5,"slotLength":10000,"slotsPerMonth":6}"#;
        let calendar = Calendar { start: 5, slot_length: 10_000, slots_per_month: 6 };
        assert_eq!(serde_json::from_str::<Calendar>(json).unwrap(), calendar);
        assert_eq!(serde_json::to_string(&calendar).unwrap(), json);
        assert!(serde_json::from_str::<Calendar>(r#"{"start":5,"slotLength":10000,"slotsPerMonth":6,"x":1}"#).is_err());
    }
}
