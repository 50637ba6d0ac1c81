//! Readings: which are taken.
//!
//! A reading says two things of a slot: the energy in it, and what the meter's counter showed at its end. In the order
//! of slots a meter's readings, with its beginning before them and, when it is retired, its end after them, are a chain
//!
//! ```text
//! start ≤ … ≤ counter₁ ≤ counter₂ − energy₂,  counter₂ ≤ counter₃ − energy₃,  … ≤ end
//! ```
//!
//! in which a reading may be put anywhere as long as it stays one. What a counter goes on from one link to the next is
//! counted in the month of the later one: its energy, and the rest as *caught up*. So whatever is handed in, corrected
//! or left out, **a meter's months add up to what its counter has gone on**, and no Wh counts twice. What was caught up
//! is kept with the reading, or the end, too: the market bills it with that slot. It depends on earlier readings only,
//! so it is final when the slot is frozen.
//!
//! Two bounds hold that chain against the meter's capacity P, slots being L long:
//!
//! * a slot's energy is at most ⌊P · L⌋;
//! * a counter goes on by at most ⌈P · L · n⌉ in the n slots since the last reading that is frozen. Since that one, as
//!   it cannot change any more: measured from the reading before, a chain could be bent by putting one in between.
//!   Rounded up, as a counter shows whole Wh and may have been about to show the next.
//!
//! Register a capacity with some margin: a device that overruns it for a moment has its readings refused.

use crate::*;
use gridpeg_market::calendar::HOUR;
use polkadot_sdk::{
    frame_support::dispatch::{Pays, PostDispatchInfo},
    frame_system::pallet_prelude::BlockNumberFor,
    sp_core::sr25519::{Public, Signature},
    sp_io::crypto::sr25519_verify,
    sp_runtime::traits::Zero,
};
use types::{signed_bytes, End};

const WIDE_HOUR: u128 = HOUR as u128;

/// What came of a reading that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    /// The slot had none.
    New,
    /// It replaces another.
    Corrected,
}

/// What all readings of a batch are judged by.
struct Moment<Hash> {
    settings: Settings,
    now: Millis,
    first_open: Slot,
    genesis: Hash,
}

/// The link after a slot: the next reading, or the meter's end.
struct Link {
    /// The reading's slot; `None`: it is the end.
    slot: Option<Slot>,
    month: Month,
    counter: Wh,
    energy: Wh,
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_submit_readings(readings: &[SignedReading]) -> PostDispatchInfo {
        let settings = SettingsOf::<T>::get();
        let now = Self::now();
        let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
        let moment = Moment { settings, now, first_open: settings.first_open(now), genesis };
        let (mut new, mut corrected, mut refused) = (0u32, 0u32, 0u32);
        for (index, item) in (0u32..).zip(readings) {
            let count = match Self::take(item, &moment) {
                Ok(Taken::New) => &mut new,
                Ok(Taken::Corrected) => &mut corrected,
                Err(refusal) => {
                    let SignedReading { meter, slot, .. } = *item;
                    Self::deposit_event(Event::ReadingRefused { index, meter, slot, refusal });
                    &mut refused
                }
            };
            *count = count.saturating_add(1);
        }
        Self::deposit_event(Event::ReadingsTaken { new, corrected, refused });
        // A gateway does not pay for doing its duty. What is free is bounded: a free batch has a reading that no other
        // has, and nothing that is refused.
        let pays_fee = if new > 0 && refused == 0 { Pays::No } else { Pays::Yes };
        PostDispatchInfo { actual_weight: None, pays_fee }
    }

    /// Takes a reading, or says why not and does nothing.
    fn take(item: &SignedReading, moment: &Moment<T::Hash>) -> Result<Taken, Refusal> {
        let SignedReading { meter: id, slot, reading, .. } = *item;
        let calendar = &moment.settings.calendar;
        let meter = Meters::<T>::get(id).ok_or(Refusal::UnknownMeter)?;
        ensure!(slot >= meter.since, Refusal::BeforeService);
        ensure!(meter.in_service(slot), Refusal::MeterRetired);
        ensure!(calendar.is_over(slot, moment.now), Refusal::SlotNotOver);
        ensure!(!moment.settings.is_frozen(slot, moment.now), Refusal::SlotFrozen);
        let old = Self::reading(id, slot);
        ensure!(old.is_none_or(|old| reading.revision > old.revision), Refusal::StaleRevision);
        ensure!(reading.energy <= calendar.energy_of(meter.capacity), Refusal::AboveCapacity);
        ensure!(is_signed(item, &meter.key, &moment.genesis), Refusal::BadSignature);

        let mut journal = Self::journal_of(id, &meter, moment.first_open);
        let before = Self::counter_at(id, &journal, journal.before(slot));
        let next = Self::next_of(id, &meter, &journal, slot, calendar);
        let room = next.as_ref().map(|next| next.counter.saturating_sub(next.energy));
        ensure!(reading.counter >= before, Refusal::CounterBackwards);
        ensure!(room.is_none_or(|room| reading.counter <= room), Refusal::CounterBackwards);
        ensure!(reading.energy <= reading.counter.saturating_sub(before), Refusal::EnergyAboveCounter);
        let within = Self::is_within_capacity(calendar, &meter, &journal, slot, reading.counter);
        ensure!(within, Refusal::CounterAboveCapacity);
        // Within the marks' span, as the slot is open.
        ensure!(journal.marks.set(slot), Refusal::SlotFrozen);

        // What it changes is the counter at the slot's end, which goes from the link before to the one after.
        let was = old.map_or((0, before), |old| (old.energy, old.counter));
        let energy = difference(reading.energy, was.0);
        let counter = difference(reading.counter, was.1);
        Months::<T>::mutate(id, calendar.month_of(slot), |month| month.change(energy, counter));
        if let Some(next) = next {
            Months::<T>::mutate(id, next.month, |month| month.change(0, counter.saturating_neg()));
            let caught_up = next.counter.saturating_sub(reading.counter).saturating_sub(next.energy);
            Self::set_caught_up(id, meter, next.slot, caught_up);
        }
        let caught_up = reading.counter.saturating_sub(before).saturating_sub(reading.energy);
        Readings::<T>::insert(slot.to_be_bytes(), id, Counted { reading, caught_up });
        Journals::<T>::insert(id, journal);
        Ok(if old.is_some() { Taken::Corrected } else { Taken::New })
    }

    /// Sets what a reading, or the meter's end, has caught up.
    fn set_caught_up(id: MeterId, meter: Meter, slot: Option<Slot>, caught_up: Wh) {
        let Some(slot) = slot else {
            let end = meter.end.map(|end| End { caught_up, ..end });
            return Meters::<T>::insert(id, Meter { end, ..meter });
        };
        Readings::<T>::mutate(slot.to_be_bytes(), id, |counted| {
            if let Some(counted) = counted {
                counted.caught_up = caught_up;
            }
        });
    }

    /// The journal, its base the last reading that is frozen, its marks from the first open slot's word on.
    pub(crate) fn journal_of(id: MeterId, meter: &Meter, first_open: Slot) -> Journal {
        let mut journal = Journals::<T>::get(id).unwrap_or_else(|| Journal::new(meter.start));
        if let Some(slot) = journal.before(first_open) {
            if let Some(reading) = Self::reading(id, slot) {
                journal.rebase(slot, reading.counter);
            }
        }
        journal.marks.advance(first_open);
        journal
    }

    /// What the counter shows at the end of a marked slot; without one, what the base shows.
    pub(crate) fn counter_at(id: MeterId, journal: &Journal, slot: Option<Slot>) -> Wh {
        let reading = slot.and_then(|slot| Self::reading(id, slot));
        reading.map_or(journal.counter, |reading| reading.counter)
    }

    /// The link after a slot.
    fn next_of(id: MeterId, meter: &Meter, journal: &Journal, slot: Slot, calendar: &Calendar) -> Option<Link> {
        let reading = journal.marks.after(slot).and_then(|after| {
            let Reading { counter, energy, .. } = Self::reading(id, after)?;
            Some(Link { slot: Some(after), month: calendar.month_of(after), counter, energy })
        });
        let end = |end: End| Link { slot: None, month: calendar.month_of(end.slot), counter: end.counter, energy: 0 };
        reading.or_else(|| meter.end.map(end))
    }

    /// Whether the counter at a slot's end has not gone on by more than the capacity allows since the base.
    pub(crate) fn is_within_capacity(
        calendar: &Calendar,
        meter: &Meter,
        journal: &Journal,
        slot: Slot,
        counter: Wh,
    ) -> bool {
        let slots = match journal.slot {
            Some(base) => u128::from(slot.saturating_sub(base)),
            None => u128::from(slot.saturating_sub(meter.since)).saturating_add(1),
        };
        // Below 2⁴⁰ · 2²⁷ · 2³³.
        let most = u128::from(meter.capacity)
            .saturating_mul(calendar.slot_length.into())
            .saturating_mul(slots)
            .div_ceil(WIDE_HOUR);
        u128::from(counter.saturating_sub(journal.counter)) <= most
    }
}

/// Whether the meter has signed it.
fn is_signed<Hash: codec::Encode>(item: &SignedReading, key: &[u8; 32], genesis: &Hash) -> bool {
    let bytes = signed_bytes(genesis, item.meter, item.slot, &item.reading);
    sr25519_verify(&Signature::from_raw(item.signature), &bytes, &Public::from_raw(*key))
}

fn difference(value: Wh, was: Wh) -> i128 {
    i128::from(value).saturating_sub(was.into())
}
