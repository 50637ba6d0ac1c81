//! What holds after every block, and after every call.

use crate::*;
use alloc::collections::BTreeMap;
use gridpeg_market::fee::MAX_LEVELS;
use polkadot_sdk::sp_runtime::TryRuntimeError;
use types::MAX_CAPACITY;

/// The readings that are stored of a meter, by slot.
type Stored = BTreeMap<Slot, Counted>;

impl<T: Config> Pallet<T> {
    /// Checks what must hold. The error begins with the number of what does not:
    ///
    /// 1. The settings are within their bounds, and what is settled is frozen.
    /// 2. Feeders, sites and meters have the numbers below the next ones, without gaps.
    /// 3. Every feeder has tables that fit together and have its buses.
    /// 4. Every site is at a bus of a feeder, at a level that there is; a mode to come is another than the present one.
    /// 5. Every owner is listed with all their sites, and no other.
    /// 6. Who is proposed as a site's owner is not its owner.
    /// 7. Every meter is at a site, with a capacity and a key that are allowed, and did not end before it began.
    /// 8. Every site is listed with all its meters that are in service or ended in slots that are not settled; what the
    ///    list says of a meter is so.
    /// 9. Every meter has a journal. Its base is frozen, and what it marks after the base are the readings there are.
    /// 10. A meter's readings are of slots that are over and in which it was in service, within its capacity, and with
    ///     its beginning and end they are a chain.
    /// 11. A meter's months add up to what its counter has gone on. They have at least what its readings and its end
    ///     have, energy and caught up, and a month of which nothing is settled has just that.
    /// 12. A statement says what the months say, of a year that is settled; its quota is what was not sold green.
    /// 13. What a site's statements have of green sales adds up to what it is said they have, and is no more than was
    ///     sold.
    /// 14. What a reading or an end has caught up is what the counter has gone on beyond it since the reading before.
    ///
    /// The hook `try_state` of the feature `try-runtime` calls it. Reads everything, so no block does.
    pub fn check_invariants() -> Result<(), TryRuntimeError> {
        let settings = SettingsOf::<T>::get();
        ensure!(settings.check().is_ok(), "metering 1: the settings are out of bounds");
        let is_frozen = |slot| settings.is_frozen(slot, Self::now());
        ensure!(Settled::<T>::get().is_none_or(is_frozen), "metering 1: a slot is settled and not frozen");
        Self::check_feeders()?;
        Self::check_sites()?;
        let mut stored: BTreeMap<MeterId, Stored> = BTreeMap::new();
        for (slot, meter, counted) in Readings::<T>::iter() {
            stored.entry(meter).or_default().insert(Slot::from_be_bytes(slot), counted);
        }
        ensure!(stored.keys().all(Meters::<T>::contains_key), "metering 10: a reading of no meter");
        let numbers = Next::<T>::get();
        ensure!(is_gapless(Meters::<T>::iter_keys(), numbers.meter), "metering 2: meters' numbers have gaps");
        for (id, meter) in Meters::<T>::iter() {
            let readings = stored.remove(&id).unwrap_or_default();
            Self::check_meter(id, &meter)?;
            Self::check_journal(id, &readings, &settings)?;
            Self::check_chain(id, &meter, &readings, &settings)?;
        }
        Self::check_statements(&settings)
    }

    fn check_feeders() -> Result<(), TryRuntimeError> {
        let next = Next::<T>::get().feeder;
        ensure!(is_gapless(Feeders::<T>::iter_keys(), next), "metering 2: feeders' numbers have gaps");
        for (id, info) in Feeders::<T>::iter() {
            let voltages = FeederVoltages::<T>::get(id).filter(|voltages| voltages.check().is_ok());
            let lines = FeederLines::<T>::get(id).filter(|lines| lines.check().is_ok());
            let buses = (voltages.map(|voltages| voltages.buses()), lines.map(|lines| lines.buses()));
            ensure!(buses == (Some(info.buses), Some(info.buses)), "metering 3: a feeder's tables do not fit together");
        }
        Ok(())
    }

    fn check_sites() -> Result<(), TryRuntimeError> {
        let next = Next::<T>::get().site;
        ensure!(is_gapless(Sites::<T>::iter_keys(), next), "metering 2: sites' numbers have gaps");
        for (id, site) in Sites::<T>::iter() {
            let buses = Feeders::<T>::get(site.feeder).map_or(0, |feeder| feeder.buses);
            ensure!((1..=buses).contains(&u32::from(site.bus)), "metering 4: a site is at no bus");
            ensure!(u32::from(site.level) < MAX_LEVELS, "metering 4: a site is at no voltage level");
            let changes = site.next.is_none_or(|(mode, _)| mode != site.mode);
            ensure!(changes, "metering 4: the mode to come is the present one");
            let listed = SitesOf::<T>::contains_key(&site.owner, id.to_be_bytes());
            ensure!(listed, "metering 5: an owner is listed without a site");
        }
        let listed = SitesOf::<T>::iter_keys().fold(0u32, |count, _| count.saturating_add(1));
        ensure!(listed == next, "metering 5: an owner is listed with a foreign site");
        let is_other = |(site, proposal): (SiteId, Proposal<T::AccountId>)| {
            Sites::<T>::get(site).is_some_and(|site| site.owner != proposal.to)
        };
        ensure!(Proposals::<T>::iter().all(is_other), "metering 6: a site's owner is proposed as its owner");
        let of_sites = MetersOf::<T>::iter_keys().all(|site| site < next);
        ensure!(of_sites, "metering 8: meters are listed at no site");
        let is_so = |(site, placed): (SiteId, Placed)| {
            let meter = Meters::<T>::get(placed.meter).filter(|meter| meter.site == site);
            meter.is_some_and(|meter| Placed::of(placed.meter, &meter) == placed)
        };
        let mut placed = MetersOf::<T>::iter().flat_map(|(site, list)| list.into_iter().map(move |one| (site, one)));
        ensure!(placed.all(is_so), "metering 8: a site's list is wrong about a meter");
        Ok(())
    }

    fn check_meter(id: MeterId, meter: &Meter) -> Result<(), TryRuntimeError> {
        ensure!(Sites::<T>::contains_key(meter.site), "metering 7: a meter is at no site");
        ensure!((1..=MAX_CAPACITY).contains(&meter.capacity), "metering 7: a meter's capacity is out of bounds");
        ensure!(meter.key != [0; 32], "metering 7: anybody can sign for a meter");
        ensure!(meter.end.is_none_or(|end| end.slot >= meter.since), "metering 7: a meter ended before it began");
        let is_needed = meter.end.is_none_or(|end| Settled::<T>::get() < Some(end.slot));
        let entries = MetersOf::<T>::get(meter.site).iter().filter(|placed| placed.meter == id).count();
        ensure!(entries <= 1 && (entries == 1 || !is_needed), "metering 8: a site is not listed with a meter once");
        Ok(())
    }

    fn check_journal(id: MeterId, readings: &Stored, settings: &Settings) -> Result<(), TryRuntimeError> {
        let journal = Journals::<T>::get(id).ok_or("metering 9: a meter has no journal")?;
        let base_is_final = journal.slot.is_none_or(|slot| settings.is_frozen(slot, Self::now()));
        ensure!(base_is_final, "metering 9: a journal's base can change");
        let marked = journal.marks.iter().filter(|slot| journal.is_after_base(*slot));
        let there = readings.keys().copied().filter(|slot| journal.is_after_base(*slot));
        ensure!(marked.eq(there), "metering 9: a journal's marks are not the readings there are");
        let base = journal.slot.and_then(|slot| readings.get(&slot));
        let is_so = base.is_none_or(|base| base.reading.counter == journal.counter);
        ensure!(is_so, "metering 9: a journal's base is wrong");
        Ok(())
    }

    fn check_chain(id: MeterId, meter: &Meter, readings: &Stored, settings: &Settings) -> Result<(), TryRuntimeError> {
        let Settings { calendar, .. } = settings;
        let journal = Journals::<T>::get(id).ok_or("metering 9: a meter has no journal")?;
        let mut last = meter.start;
        let mut months: BTreeMap<Month, MonthTotal> = BTreeMap::new();
        let mut is_past_base = false;
        // Whether `last` is what the reading before shows: readings before the first one may be pruned.
        let mut is_known = journal.slot.is_none();
        for (slot, Counted { reading, caught_up }) in readings {
            if !is_past_base && journal.is_after_base(*slot) {
                (is_past_base, is_known, last) = (true, true, last.max(journal.counter));
            }
            let is_due = calendar.is_over(*slot, Self::now()) && meter.in_service(*slot);
            ensure!(is_due, "metering 10: a reading of a slot that is not over, or without service");
            let most = calendar.energy_of(meter.capacity);
            ensure!(reading.energy <= most, "metering 10: a reading above the capacity");
            let gone_on = reading.counter.checked_sub(last);
            ensure!(gone_on.is_some_and(|gone_on| reading.energy <= gone_on), "metering 10: readings are no chain");
            let late = gone_on.unwrap_or_default().saturating_sub(reading.energy);
            let fits = if is_known { *caught_up == late } else { *caught_up <= late };
            ensure!(fits, "metering 14: a reading has caught up something else");
            (is_known, last) = (true, reading.counter);
            let month = months.entry(calendar.month_of(*slot)).or_default();
            month.energy = month.energy.saturating_add(reading.energy);
            month.caught_up = month.caught_up.saturating_add(*caught_up);
        }
        last = last.max(journal.counter);
        if let Some(end) = meter.end {
            ensure!(end.counter >= last, "metering 10: a meter's end is below its readings");
            let late = end.counter.saturating_sub(last);
            ensure!(end.caught_up == late, "metering 14: an end has caught up something else");
            let month = months.entry(calendar.month_of(end.slot)).or_default();
            month.caught_up = month.caught_up.saturating_add(late);
            last = end.counter;
        }
        let counted = Months::<T>::iter_prefix_values(id)
            .fold(0u128, |sum, month| sum.saturating_add(month.energy.into()).saturating_add(month.caught_up.into()));
        let gone_on = last.checked_sub(meter.start).map(u128::from);
        ensure!(gone_on == Some(counted), "metering 11: the months are not what the counter has gone on");
        let settled = Settled::<T>::get();
        for (month, sum) in months {
            let total = Months::<T>::get(id, month);
            let within = sum.energy <= total.energy && sum.caught_up <= total.caught_up;
            ensure!(within, "metering 11: a month has less than its readings");
            let is_whole = Some(*calendar.slots_of_month(month).start()) > settled;
            ensure!(sum == total || !is_whole, "metering 11: a month has more than its readings");
        }
        Ok(())
    }

    fn check_statements(settings: &Settings) -> Result<(), TryRuntimeError> {
        let mut stated: BTreeMap<(SiteId, Year), u128> = BTreeMap::new();
        for (id, year, statement) in Statements::<T>::iter() {
            let meter = Meters::<T>::get(id).ok_or("metering 12: a statement of no meter")?;
            let names = (statement.meter, statement.year, statement.site, statement.direction);
            ensure!(names == (id, year, meter.site, meter.direction), "metering 12: a statement of something else");
            let last = *settings.calendar.slots_of_year(year).end();
            ensure!(Settled::<T>::get() >= Some(last), "metering 12: a statement of a year that is not settled");
            let months = gridpeg_market::calendar::months_of_year(year).map(|month| Months::<T>::get(id, month).sum());
            ensure!(months.eq(statement.months), "metering 12: a statement is not what the months say");
            let total = statement.months.iter().fold(0, |sum: Wh, month| sum.saturating_add(*month));
            let split = match meter.direction {
                Direction::Generation => statement.sold_green.checked_add(statement.quota) == Some(total),
                Direction::Import | Direction::Export => (statement.sold_green, statement.quota) == (0, 0),
            };
            ensure!(split, "metering 12: a statement's quota is not what was not sold green");
            let sum = stated.entry((statement.site, year)).or_default();
            *sum = sum.saturating_add(statement.sold_green.into());
        }
        for (site, year, green) in Greens::<T>::iter() {
            let sum = stated.remove(&(site, year)).unwrap_or_default();
            ensure!(sum == u128::from(green.stated), "metering 13: statements do not add up to what they have");
            ensure!(green.stated <= green.sold, "metering 13: statements have more than was sold green");
        }
        ensure!(stated.values().all(|sum| *sum == 0), "metering 13: a statement has what was not sold green");
        Ok(())
    }
}

/// Whether these are all numbers below the next one.
fn is_gapless(mut keys: impl Iterator<Item = u32>, next: u32) -> bool {
    let count = keys.try_fold(0u32, |count, key| (key < next).then_some(count.saturating_add(1)));
    count == Some(next)
}
