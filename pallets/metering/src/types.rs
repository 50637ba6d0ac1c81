//! Storage forms, the bytes that a meter signs, the reasons why a reading is refused.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_header::Millis;
use gridpeg_market::{
    calendar::{Calendar, Slot},
    fee::Lines,
    feeder33,
    traits::{Direction, FeederId, MeterId, SiteId},
    units::{Watt, Wh},
    voltage::Feeder,
};
use scale_info::TypeInfo;

pub use gridpeg_market::traits::Statement;

/// Most slots that are over and not frozen: the bound of the correction window.
pub const MAX_OPEN_SLOTS: u32 = 1_024;
/// The longest delay before an operator alone may set a site's owner: 366 days.
pub const MAX_OWNER_DELAY: Millis = 366 * 24 * 60 * 60 * 1_000;
/// The greatest capacity of a meter: a terawatt.
pub const MAX_CAPACITY: Watt = 1_000_000_000_000;
/// Most meters of a site; retired ones count until their last slot is settled.
pub const MAX_METERS: u32 = 8;
/// Most sites that [`crate::Pallet::sites_of`] returns at once.
pub const PAGE: u32 = 100;
/// Most readings that are pruned in a block.
pub const MAX_PRUNED: u32 = 1_024;
/// What a meter signs begins with this.
pub const READING_TAG: [u8; 15] = *b"gridpeg-reading";

/// What genesis fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Settings {
    /// Slots, months, years.
    pub calendar: Calendar,
    /// How long after its end a slot's readings can be handed in and corrected, in ms.
    pub correction_window: Millis,
    /// How long an operator waits who sets a site's owner without the owner, in ms.
    pub owner_delay: Millis,
}

impl Settings {
    /// Which value is out of bounds, and what its bounds are.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.calendar.check().is_err() {
            return Err("calendar: start at most 9007199254740991 ms, slotLength 1000 to 86400000 ms, \
                        slotsPerMonth 1 to 1000000");
        }
        let length = self.calendar.slot_length;
        if !(length..=length.saturating_mul(MAX_OPEN_SLOTS.into())).contains(&self.correction_window) {
            return Err("correctionWindow must be 1 to 1024 slots long");
        }
        if !(1..=MAX_OWNER_DELAY).contains(&self.owner_delay) {
            return Err("ownerDelay must be 1 to 31622400000 ms");
        }
        Ok(())
    }
}

impl Default for Settings {
    /// Readings can be corrected for a day; an operator alone waits a week.
    fn default() -> Self {
        const DAY: Millis = 24 * 60 * 60 * 1_000;
        Self { calendar: Calendar::default(), correction_window: DAY, owner_delay: 7 * DAY }
    }
}

/// A feeder, but for its tables.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct FeederInfo<AccountId> {
    /// Who registers its sites and meters.
    pub operator: AccountId,
    /// How many buses it has.
    pub buses: u32,
}

/// Where a feeder's tables come from.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Tables {
    /// The IEEE 33-bus feeder: [`feeder33`].
    #[codec(index = 0)]
    Ieee33,
    /// These.
    #[codec(index = 1)]
    Given {
        /// What trades do to the voltages.
        voltages: Feeder,
        /// How far apart buses are.
        lines: Lines,
    },
}

impl Tables {
    /// For how many buses there are voltages.
    pub fn buses(&self) -> u32 {
        match self {
            Self::Ieee33 => feeder33::BUSES,
            Self::Given { voltages, .. } => voltages.buses(),
        }
    }

    /// Voltages and lines.
    pub(crate) fn into_parts(self) -> (Feeder, Lines) {
        match self {
            Self::Ieee33 => (feeder33::feeder(), feeder33::lines()),
            Self::Given { voltages, lines } => (voltages, lines),
        }
    }
}

/// Numbers that the next ones get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Numbers {
    /// The next feeder's.
    pub feeder: FeederId,
    /// The next site's.
    pub site: SiteId,
    /// The next meter's.
    pub meter: MeterId,
}

/// What measures: what an operator reads off a device that is put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Device {
    /// The most power that it can see, in W.
    pub capacity: Watt,
    /// Its sr25519 key.
    pub key: [u8; 32],
    /// What its counter shows, Wh.
    pub start: Wh,
}

/// A meter: one direction at one site, with a key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Meter {
    /// Where it is.
    pub site: SiteId,
    /// Which way it counts.
    pub direction: Direction,
    /// The most power that it can see, in W.
    pub capacity: Watt,
    /// Its sr25519 key: readings are signed with it.
    pub key: [u8; 32],
    /// The first slot in service.
    pub since: Slot,
    /// What its counter showed when it began.
    pub start: Wh,
    /// Its last slot in service, if it is retired.
    pub end: Option<End>,
    /// The meter whose place it has taken.
    pub replaces: Option<MeterId>,
}

impl Meter {
    /// Whether it was in service in a slot.
    pub fn in_service(&self, slot: Slot) -> bool {
        slot >= self.since && self.end.is_none_or(|end| slot <= end.slot)
    }
}

/// How a meter ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct End {
    /// The last slot in service.
    pub slot: Slot,
    /// What its counter showed in the end.
    pub counter: Wh,
    /// What that is beyond the last reading, Wh: caught up with the last slot. Final when that is frozen.
    pub caught_up: Wh,
}

/// A meter in its site's list: what it takes to add up a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Placed {
    /// Which meter.
    pub meter: MeterId,
    /// Which way it counts.
    pub direction: Direction,
    /// The first slot in service.
    pub since: Slot,
    /// The last slot in service, if it is retired.
    pub end: Option<Slot>,
}

impl Placed {
    /// The entry of a meter.
    pub(crate) fn of(id: MeterId, meter: &Meter) -> Self {
        Self { meter: id, direction: meter.direction, since: meter.since, end: meter.end.map(|end| end.slot) }
    }

    /// Whether it was in service in a slot.
    pub fn in_service(&self, slot: Slot) -> bool {
        slot >= self.since && self.end.is_none_or(|end| slot <= end)
    }
}

/// How a meter came by a reading. For those who look at it later: all count alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Quality {
    /// Measured.
    #[codec(index = 0)]
    Measured,
    /// Measured in part, or computed from what was measured around it.
    #[codec(index = 1)]
    Estimated,
    /// Measured while the meter noticed a disturbance, of itself or by somebody.
    #[codec(index = 2)]
    Disturbed,
}

/// What a meter says of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Reading {
    /// Energy in the slot, Wh.
    pub energy: Wh,
    /// What the meter's counter showed at the slot's end, Wh. It never goes back.
    pub counter: Wh,
    /// How the meter came by it.
    pub quality: Quality,
    /// A correction has a higher revision than what it corrects.
    pub revision: u8,
}

/// A reading as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Counted {
    /// What the meter says.
    pub reading: Reading,
    /// What its counter has gone on since the last earlier reading beyond the energy: that of slots without a reading,
    /// Wh. Final when the slot is frozen.
    pub caught_up: Wh,
}

/// A reading as it is handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct SignedReading {
    /// Which meter.
    pub meter: MeterId,
    /// Of which slot.
    pub slot: Slot,
    /// What it says.
    pub reading: Reading,
    /// The meter's sr25519 signature of [`signed_bytes`].
    pub signature: [u8; 64],
}

/// What a meter signs: the tag, the chain's genesis hash, meter u32, slot u32, energy u64, counter u64, quality u8,
/// revision u8, integers little-endian: 73 bytes.
///
/// With the genesis hash, so that a reading counts on one chain only; with the meter's number, so that a key that is
/// used again for the next meter does not carry readings over.
pub fn signed_bytes(genesis: impl Encode, meter: MeterId, slot: Slot, reading: &Reading) -> Vec<u8> {
    (READING_TAG, genesis, meter, slot, reading).encode()
}

/// Why a reading is refused, and what to do. In the order in which it is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Refusal {
    /// There is no such meter: the operator registers it first.
    #[codec(index = 0)]
    UnknownMeter,
    /// The slot is before the meter's first one in service: leave it out.
    #[codec(index = 1)]
    BeforeService,
    /// The slot is after the meter's last one in service: leave it out.
    #[codec(index = 2)]
    MeterRetired,
    /// The slot is not over by the chain's clock: hand it in when it is.
    #[codec(index = 3)]
    SlotNotOver,
    /// The time for corrections has passed: leave it out, the energy shows in the next counter.
    #[codec(index = 4)]
    SlotFrozen,
    /// There is a reading of the slot with this revision or a higher one: done, or correct it with a higher one.
    #[codec(index = 5)]
    StaleRevision,
    /// More energy than the meter's capacity gives in a slot: the device is wrong, or its capacity is; replace it.
    #[codec(index = 6)]
    AboveCapacity,
    /// The signature is not by the meter's key over these values on this chain: have the device sign again, or the
    /// operator set its key.
    #[codec(index = 7)]
    BadSignature,
    /// The counter is below that of the last earlier reading, or above what the next later one began with: correct
    /// whichever is wrong. A device that has begun anew is replaced.
    #[codec(index = 8)]
    CounterBackwards,
    /// More energy than the counter has gone on since the last earlier reading: one of the two is wrong.
    #[codec(index = 9)]
    EnergyAboveCounter,
    /// The counter has gone on by more than the meter's capacity allows since the last reading that is frozen: the
    /// device is wrong, or its capacity is; replace it.
    #[codec(index = 10)]
    CounterAboveCapacity,
}

/// What a meter has counted in a month.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct MonthTotal {
    /// Sum of its readings, Wh.
    pub energy: Wh,
    /// What its counter has gone on beyond them: energy of slots without a reading, Wh.
    pub caught_up: Wh,
}

impl MonthTotal {
    /// Both together: how far the counter has gone on.
    pub fn sum(&self) -> Wh {
        self.energy.saturating_add(self.caught_up)
    }

    /// Books a change of the readings' sum, and of how far the counter has gone on.
    pub(crate) fn change(&mut self, energy: i128, growth: i128) {
        self.energy = moved(self.energy, energy);
        self.caught_up = moved(self.caught_up, growth.saturating_sub(energy));
    }
}

/// By the rules for readings it never leaves 64 bits.
fn moved(value: Wh, by: i128) -> Wh {
    Wh::try_from(i128::from(value).saturating_add(by).max(0)).unwrap_or(Wh::MAX)
}

/// What a site has sold of a year's generation as green energy, Wh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Green {
    /// As the market said.
    pub sold: Wh,
    /// As far as it is in statements: each takes what the ones before it have left.
    pub stated: Wh,
}

/// A site's next owner, not in place yet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Proposal<AccountId> {
    /// Who is to own the site.
    pub to: AccountId,
    /// `None`: the owner has proposed it, and the operator may put it in place at once. Else the operator has, and may
    /// not before this time.
    pub not_before: Option<Millis>,
}

/// Sets the clock that [`crate::Config::Time`] reads.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkHelper {
    /// It is this time now, Unix ms.
    fn set_time(now: Millis);
}
