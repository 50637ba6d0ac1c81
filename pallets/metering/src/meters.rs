//! Meters: how they begin, end, and change.
//!
//! A meter's first slot in service is the one in which it is registered, its last one that in which it is retired; both
//! may have been in part. In the slot of a replacement both meters are in service, and their readings add up.
//!
//! * **It breaks.** The operator replaces it: the old counter closes with what it shows, or showed last. What it has
//!   gone on since its last reading counts as caught up, in the month of its last slot, and is billed with that slot;
//!   the new one begins with what it shows. Readings of the old meter are still taken for its slots until they are
//!   frozen.
//! * **Its key is stolen.** The operator gives it another: what the old key has signed is refused from then on. Wrong
//!   readings of slots that are not frozen can be corrected with a higher revision; 255 is the highest.
//! * **Its counter would overflow**, at 2⁶⁴ Wh or wherever the device begins anew: replace it by itself.
//!
//! Whatever the operator says of a counter is held against the last reading and the capacity, as readings are.

use crate::*;
use types::{End, MAX_CAPACITY};

impl Device {
    /// As a meter that begins with this slot.
    pub(crate) fn at(self, site: SiteId, direction: Direction, since: Slot, replaces: Option<MeterId>) -> Meter {
        let Device { capacity, key, start } = self;
        Meter { site, direction, capacity, key, since, start, end: None, replaces }
    }
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_register_meter(
        who: T::AccountId,
        site: SiteId,
        direction: Direction,
        device: Device,
    ) -> DispatchResult {
        Self::operated_site(&who, site)?;
        Self::begin_meter(device.at(site, direction, Self::present()?, None))
    }

    pub(crate) fn do_replace_meter(who: T::AccountId, meter: MeterId, counter: Wh, device: Device) -> DispatchResult {
        let (old, end) = Self::end_meter(&who, meter, counter)?;
        Self::begin_meter(device.at(old.site, old.direction, end.slot, Some(meter)))
    }

    pub(crate) fn do_retire_meter(who: T::AccountId, meter: MeterId, counter: Wh) -> DispatchResult {
        Self::end_meter(&who, meter, counter)?;
        Ok(())
    }

    pub(crate) fn do_set_key(who: T::AccountId, id: MeterId, key: [u8; 32]) -> DispatchResult {
        let meter = Self::running_meter(&who, id)?;
        Self::check_key(&key)?;
        Meters::<T>::insert(id, Meter { key, ..meter });
        Self::deposit_event(Event::KeySet { meter: id });
        Ok(())
    }

    /// Puts a meter into service.
    pub(crate) fn begin_meter(meter: Meter) -> DispatchResult {
        ensure!((1..=MAX_CAPACITY).contains(&meter.capacity), Error::<T>::BadCapacity);
        Self::check_key(&meter.key)?;
        let id = Self::number(|next| &mut next.meter)?;
        let mut placed = MetersOf::<T>::get(meter.site);
        let settled = Settled::<T>::get();
        placed.retain(|other| other.end.is_none_or(|end| settled.is_none_or(|settled| end > settled)));
        placed.try_push(Placed::of(id, &meter)).map_err(|_| Error::<T>::TooManyMeters)?;
        MetersOf::<T>::insert(meter.site, placed);
        Journals::<T>::insert(id, Journal::new(meter.start));
        Meters::<T>::insert(id, meter);
        let Meter { site, since, replaces, .. } = meter;
        Self::deposit_event(Event::MeterRegistered { meter: id, site, since, replaces });
        Ok(())
    }

    /// Takes a meter out of service.
    fn end_meter(who: &T::AccountId, id: MeterId, counter: Wh) -> Result<(Meter, End), DispatchError> {
        let mut meter = Self::running_meter(who, id)?;
        let slot = Self::present()?;
        ensure!(slot >= meter.since, Error::<T>::NotInService);
        let settings = SettingsOf::<T>::get();
        let journal = Self::journal_of(id, &meter, settings.first_open(Self::now()));
        let last = Self::counter_at(id, &journal, journal.last());
        ensure!(counter >= last, Error::<T>::CounterBackwards);
        let within = Self::is_within_capacity(&settings.calendar, &meter, &journal, slot, counter);
        ensure!(within, Error::<T>::CounterAboveCapacity);

        let gone_on = i128::from(counter).saturating_sub(last.into());
        Months::<T>::mutate(id, settings.calendar.month_of(slot), |month| month.change(0, gone_on));
        Journals::<T>::insert(id, journal);
        let end = End { slot, counter, caught_up: counter.saturating_sub(last) };
        meter.end = Some(end);
        Meters::<T>::insert(id, meter);
        MetersOf::<T>::mutate(meter.site, |placed| {
            if let Some(entry) = placed.iter_mut().find(|entry| entry.meter == id) {
                *entry = Placed::of(id, &meter);
            }
        });
        Self::deposit_event(Event::MeterRetired { meter: id, slot, counter });
        Ok((meter, end))
    }

    /// The meter, if it is not retired and this is the operator of its feeder.
    fn running_meter(who: &T::AccountId, id: MeterId) -> Result<Meter, Error<T>> {
        let meter = Meters::<T>::get(id).ok_or(Error::<T>::UnknownMeter)?;
        Self::operated_site(who, meter.site)?;
        ensure!(meter.end.is_none(), Error::<T>::MeterEnded);
        Ok(meter)
    }

    /// The neutral element of the group is a key that everybody can sign for.
    fn check_key(key: &[u8; 32]) -> Result<(), Error<T>> {
        ensure!(*key != [0; 32], Error::<T>::WeakKey);
        Ok(())
    }
}
