//! What the market asks, and what it says.

use crate::*;
use gridpeg_market::traits;

impl<T: Config> traits::Metering<T::AccountId> for Pallet<T> {
    fn calendar() -> Calendar {
        SettingsOf::<T>::get().calendar
    }

    fn slot_frozen(slot: Slot) -> bool {
        SettingsOf::<T>::get().is_frozen(slot, Self::now())
    }

    fn site(site: SiteId) -> Option<SiteInfo<T::AccountId>> {
        Sites::<T>::get(site)
    }

    fn next_site(after: Option<SiteId>) -> Option<SiteId> {
        let next = match after {
            Some(site) => site.checked_add(1)?,
            None => 0,
        };
        (next < Next::<T>::get().site).then_some(next)
    }

    fn actual(site: SiteId, slot: Slot, direction: Direction) -> Option<Wh> {
        let placed = MetersOf::<T>::get(site);
        let mut meters = placed.iter().filter(|placed| placed.direction == direction && placed.in_service(slot));
        meters.try_fold(0, |sum: Wh, placed| {
            let reading = Self::reading(placed.meter, slot).map(|reading| reading.energy);
            let energy = match direction {
                Direction::Import => reading?,
                Direction::Generation | Direction::Export => reading.unwrap_or_default(),
            };
            // At most eight times what the greatest capacity gives in a day.
            Some(sum.saturating_add(energy))
        })
    }

    fn caught_up(site: SiteId, slot: Slot, direction: Direction) -> Wh {
        let placed = MetersOf::<T>::get(site);
        let meters = placed.iter().filter(|placed| placed.direction == direction && placed.in_service(slot));
        let (mut late, mut read, mut all_read) = (0, 0, true);
        let add = |sum: &mut Wh, energy: Wh| *sum = sum.saturating_add(energy);
        for placed in meters {
            match Readings::<T>::get(slot.to_be_bytes(), placed.meter) {
                Some(counted) => {
                    add(&mut late, counted.caught_up);
                    add(&mut read, counted.reading.energy);
                }
                None => all_read = false,
            }
            if placed.end == Some(slot) {
                let end = Meters::<T>::get(placed.meter).and_then(|meter| meter.end);
                add(&mut late, end.map_or(0, |end| end.caught_up));
            }
        }
        // The market does not learn what some of the meters have imported in a slot if it is not told by all.
        if direction == Direction::Import && !all_read {
            add(&mut late, read);
        }
        late
    }

    fn note_green(site: SiteId, year: Year, energy: Wh) {
        Greens::<T>::mutate(site, year, |green| green.sold = green.sold.saturating_add(energy));
    }

    /// A slot that is not frozen cannot be settled: it is not noted.
    fn note_settled(slot: Slot) {
        let later = Settled::<T>::get() < Some(slot);
        if later && SettingsOf::<T>::get().is_frozen(slot, Self::now()) {
            Settled::<T>::put(slot);
        }
    }

    fn weight() -> Weight {
        T::WeightInfo::ask()
    }
}

impl<T: Config> traits::Feeders for Pallet<T> {
    fn feeder(feeder: FeederId) -> Option<Feeder> {
        FeederVoltages::<T>::get(feeder)
    }

    fn lines(feeder: FeederId) -> Option<Lines> {
        FeederLines::<T>::get(feeder)
    }

    fn weight() -> Weight {
        T::WeightInfo::tables()
    }
}
