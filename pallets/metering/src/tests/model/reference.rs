//! The rules again, the slow and obvious way: everything is kept, everything is computed from the beginning.

use super::*;
use std::collections::BTreeMap;

/// A site: its owner, and its modes by the months from which they hold.
pub struct Place {
    pub owner: u64,
    pub modes: Vec<(Month, Mode)>,
}

impl Place {
    pub fn mode_in(&self, month: Month) -> Mode {
        self.modes.iter().rev().find(|(from, _)| *from <= month).unwrap().1
    }
}

/// A meter, with all its readings.
#[derive(Clone)]
pub struct Gauge {
    pub site: SiteId,
    pub direction: Direction,
    pub seed: u8,
    pub since: Slot,
    pub start: Wh,
    pub end: Option<End>,
    pub readings: BTreeMap<Slot, Reading>,
}

impl Gauge {
    fn serves(&self, slot: Slot) -> bool {
        slot >= self.since && self.end.is_none_or(|end| slot <= end.slot)
    }

    /// What the counter showed before a slot.
    pub fn before(&self, slot: Slot) -> Wh {
        self.readings.range(..slot).next_back().map_or(self.start, |(_, reading)| reading.counter)
    }

    /// What it shows last.
    pub fn last(&self) -> Wh {
        self.readings.last_key_value().map_or(self.start, |(_, reading)| reading.counter)
    }

    /// Energy and what was caught up of every reading with its slot, and of the end.
    fn links(&self) -> Vec<(Slot, Wh, Wh)> {
        let end = self.end.map(|end| (end.slot, 0, end.counter));
        let readings = self.readings.iter().map(|(slot, reading)| (*slot, reading.energy, reading.counter));
        let mut last = self.start;
        let late = |(slot, energy, counter): (Slot, Wh, Wh)| {
            let late = counter - last - energy;
            last = counter;
            (slot, energy, late)
        };
        readings.chain(end).map(late).collect()
    }

    /// The end, as the chain has it.
    pub fn ended(&self) -> Option<End> {
        self.end.map(|end| End { caught_up: end.counter - self.last(), ..end })
    }

    /// Energy and what was caught up, by months.
    pub fn months(&self) -> BTreeMap<Month, (Wh, Wh)> {
        let mut months: BTreeMap<Month, (Wh, Wh)> = BTreeMap::new();
        for (slot, energy, late) in self.links() {
            let month = months.entry(slot / CALENDAR.slots_per_month).or_default();
            month.0 += energy;
            month.1 += late;
        }
        months.retain(|_, month| *month != (0, 0));
        months
    }

    /// What was caught up with a slot.
    fn caught_up(&self, slot: Slot) -> Wh {
        self.links().into_iter().filter(|(of, ..)| *of == slot).map(|(.., late)| late).sum()
    }
}

pub struct Reference {
    pub now: u64,
    pub operator: u64,
    pub feeders: u32,
    pub sites: Vec<Place>,
    pub meters: Vec<Gauge>,
    pub proposals: BTreeMap<SiteId, (u64, Option<u64>)>,
    pub settled: Option<Slot>,
    pub pruned: Option<Slot>,
    pub green: BTreeMap<(SiteId, Year), Green>,
    pub statements: BTreeMap<(MeterId, Year), Statement<u64>>,
}

type Outcome = Result<(), Error<Test>>;

fn unless(wrong: bool, error: Error<Test>) -> Outcome {
    if wrong {
        Err(error)
    } else {
        Ok(())
    }
}

impl Reference {
    pub fn new() -> Self {
        Self {
            now: CALENDAR.start,
            operator: OPERATOR,
            feeders: 1,
            sites: Vec::new(),
            meters: Vec::new(),
            proposals: BTreeMap::new(),
            settled: None,
            pruned: None,
            green: BTreeMap::new(),
            statements: BTreeMap::new(),
        }
    }

    pub fn slot(&self) -> Slot {
        ((self.now - CALENDAR.start) / CALENDAR.slot_length) as Slot
    }

    pub fn month(&self) -> Month {
        self.slot() / CALENDAR.slots_per_month
    }

    fn is_over(&self, slot: Slot) -> bool {
        CALENDAR.start + (u64::from(slot) + 1) * CALENDAR.slot_length <= self.now
    }

    pub fn is_frozen(&self, slot: Slot) -> bool {
        CALENDAR.start + u64::from(slot + 1 + WINDOW) * CALENDAR.slot_length <= self.now
    }

    fn is_settled(&self, slot: Slot) -> bool {
        self.settled.is_some_and(|settled| slot <= settled)
    }

    /// Whether a counter at the end of a slot is within what the capacity allows since the last frozen reading.
    fn is_within_capacity(&self, gauge: &Gauge, slot: Slot, counter: Wh) -> bool {
        let frozen = gauge.readings.iter().rev().find(|(slot, _)| self.is_frozen(**slot));
        let (slots, from) = match frozen {
            Some((base, reading)) => (slot - base, reading.counter),
            None => (slot + 1 - gauge.since, gauge.start),
        };
        // The capacity is a whole number of Wh a slot.
        counter - from <= u64::from(slots) * MOST
    }

    pub fn take(&mut self, id: MeterId, slot: Slot, reading: Reading, is_signed: bool) -> Result<(), Refusal> {
        let gauge = self.meters.get(id as usize).ok_or(Refusal::UnknownMeter)?;
        if slot < gauge.since {
            return Err(Refusal::BeforeService);
        }
        if !gauge.serves(slot) {
            return Err(Refusal::MeterRetired);
        }
        if !self.is_over(slot) {
            return Err(Refusal::SlotNotOver);
        }
        if self.is_frozen(slot) {
            return Err(Refusal::SlotFrozen);
        }
        if gauge.readings.get(&slot).is_some_and(|old| old.revision >= reading.revision) {
            return Err(Refusal::StaleRevision);
        }
        if reading.energy > MOST {
            return Err(Refusal::AboveCapacity);
        }
        if !is_signed {
            return Err(Refusal::BadSignature);
        }
        // With the reading in its place the chain must still be one.
        let before = gauge.before(slot);
        let after = gauge.readings.range(slot + 1..).next().map(|(_, next)| next.counter - next.energy);
        let after = after.or(gauge.end.map(|end| end.counter));
        if reading.counter < before || after.is_some_and(|after| reading.counter > after) {
            return Err(Refusal::CounterBackwards);
        }
        if reading.counter - before < reading.energy {
            return Err(Refusal::EnergyAboveCounter);
        }
        if !self.is_within_capacity(gauge, slot, reading.counter) {
            return Err(Refusal::CounterAboveCapacity);
        }
        self.meters[id as usize].readings.insert(slot, reading);
        Ok(())
    }

    pub fn register_meter(&mut self, who: u64, gauge: Gauge) -> Outcome {
        unless(who != self.operator, Error::NotOperator)?;
        self.begin(gauge)
    }

    fn begin(&mut self, gauge: Gauge) -> Outcome {
        let needed = |other: &&Gauge| other.end.is_none_or(|end| !self.is_settled(end.slot));
        let there = self.meters.iter().filter(|other| other.site == gauge.site).filter(needed).count();
        unless(there >= 8, Error::TooManyMeters)?;
        self.meters.push(gauge);
        Ok(())
    }

    pub fn retire_meter(&mut self, who: u64, id: MeterId, counter: Wh) -> Outcome {
        let (slot, gauge) = (self.slot(), &self.meters[id as usize]);
        unless(who != self.operator, Error::NotOperator)?;
        unless(gauge.end.is_some(), Error::MeterEnded)?;
        unless(counter < gauge.last(), Error::CounterBackwards)?;
        unless(!self.is_within_capacity(gauge, slot, counter), Error::CounterAboveCapacity)?;
        // Worked out when it is asked for.
        self.meters[id as usize].end = Some(End { slot, counter, caught_up: 0 });
        Ok(())
    }

    pub fn replace_meter(&mut self, who: u64, id: MeterId, counter: Wh, seed: u8, start: Wh) -> Outcome {
        self.retire_meter(who, id, counter)?;
        let Gauge { site, direction, .. } = self.meters[id as usize];
        let since = self.slot();
        let begun = self.begin(Gauge { site, direction, seed, since, start, end: None, readings: BTreeMap::new() });
        if begun.is_err() {
            self.meters[id as usize].end = None;
        }
        begun
    }

    pub fn set_key(&mut self, who: u64, id: MeterId, seed: u8) -> Outcome {
        unless(who != self.operator, Error::NotOperator)?;
        unless(self.meters[id as usize].end.is_some(), Error::MeterEnded)?;
        self.meters[id as usize].seed = seed;
        Ok(())
    }

    pub fn set_mode(&mut self, who: u64, site: SiteId, mode: Mode, from: Month) -> Outcome {
        let (month, place) = (self.month(), &self.sites[site as usize]);
        unless(who != place.owner, Error::NotOwner)?;
        unless(from <= month, Error::MonthNotLater)?;
        let since = place.modes.iter().rev().find(|(from, _)| *from <= month).unwrap().0;
        let first = since * CALENDAR.slots_per_month;
        unless(first > 0 && !self.is_settled(first - 1), Error::ModeTooSoon)?;
        let place = &mut self.sites[site as usize];
        place.modes.retain(|(from, _)| *from <= month);
        if place.mode_in(month) != mode {
            place.modes.push((from, mode));
        }
        Ok(())
    }

    pub fn propose_owner(&mut self, who: u64, site: SiteId, to: u64) -> Outcome {
        let owner = self.sites[site as usize].owner;
        unless(who != owner, Error::NotOwner)?;
        unless(to == owner, Error::SameOwner)?;
        self.proposals.insert(site, (to, None));
        Ok(())
    }

    pub fn recover_owner(&mut self, who: u64, site: SiteId, to: u64) -> Outcome {
        unless(who != self.operator, Error::NotOperator)?;
        unless(to == self.sites[site as usize].owner, Error::SameOwner)?;
        self.proposals.insert(site, (to, Some(self.now + OWNER_DELAY)));
        Ok(())
    }

    pub fn cancel_owner(&mut self, who: u64, site: SiteId) -> Outcome {
        unless(who != self.operator && who != self.sites[site as usize].owner, Error::NotOperator)?;
        self.proposals.remove(&site).map(|_| ()).ok_or(Error::NoProposal)
    }

    pub fn confirm_owner(&mut self, who: u64, site: SiteId, to: u64) -> Outcome {
        unless(who != self.operator, Error::NotOperator)?;
        let (proposed, not_before) = *self.proposals.get(&site).ok_or(Error::NoProposal)?;
        unless(proposed != to, Error::ProposalChanged)?;
        unless(not_before.is_some_and(|time| self.now < time), Error::RecoveryTooSoon)?;
        self.proposals.remove(&site);
        self.sites[site as usize].owner = to;
        Ok(())
    }

    pub fn close_year(&mut self, id: MeterId, year: Year) -> Outcome {
        let gauge = &self.meters[id as usize];
        let (first, last) = (year * YEAR, year * YEAR + YEAR - 1);
        unless(!self.is_frozen(last), Error::YearNotOver)?;
        unless(!self.is_settled(last), Error::YearNotSettled)?;
        unless(!(first..=last).any(|slot| gauge.serves(slot)), Error::NotMetered)?;
        unless(self.statements.contains_key(&(id, year)), Error::AlreadyClosed)?;
        let counted = gauge.months();
        let of = |month: usize| counted.get(&(year * 12 + month as Month)).map_or(0, |(energy, late)| energy + late);
        let months: [Wh; 12] = std::array::from_fn(of);
        let total: Wh = months.iter().sum();
        let (site, direction) = (gauge.site, gauge.direction);
        let (mut sold_green, mut quota) = (0, 0);
        if direction == Generation {
            let green = self.green.entry((site, year)).or_default();
            sold_green = total.min(green.sold - green.stated);
            quota = total - sold_green;
            green.stated += sold_green;
        }
        let owner = self.sites[site as usize].owner;
        let statement = Statement { meter: id, site, owner, direction, year, months, sold_green, quota };
        self.statements.insert((id, year), statement);
        Ok(())
    }

    /// A site's energy in a slot.
    pub fn actual(&self, site: SiteId, slot: Slot, direction: Direction) -> Option<Wh> {
        let here = |gauge: &&Gauge| gauge.site == site && gauge.direction == direction && gauge.serves(slot);
        let energies = self.meters.iter().filter(here).map(|gauge| gauge.readings.get(&slot).map(|one| one.energy));
        match direction {
            Import => energies.sum(),
            Generation | Export => Some(energies.flatten().sum()),
        }
    }

    /// What a site's meters show in a slot and `actual` does not say.
    pub fn caught_up(&self, site: SiteId, slot: Slot, direction: Direction) -> Wh {
        let here = |gauge: &&Gauge| gauge.site == site && gauge.direction == direction;
        let late: Wh = self.meters.iter().filter(here).map(|gauge| gauge.caught_up(slot)).sum();
        let unsaid = self.actual(site, slot, direction).is_none();
        let readings = self.meters.iter().filter(here).filter_map(|gauge| gauge.readings.get(&slot));
        late + if unsaid { readings.map(|reading| reading.energy).sum() } else { 0 }
    }
}
