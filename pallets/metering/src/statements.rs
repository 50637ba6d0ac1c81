//! Yearly statements, and why a Wh counts once.
//!
//! A statement has the twelve P_t of eq. 1: what a meter's counter has gone on in each month. It is written when all of
//! the year's slots are frozen and settled, so nothing in it can change, and no second one is written.
//!
//! What a site has generated is used for quota or sold green, not both. The market says what it sells green, per site
//! and year ([`gridpeg_market::traits::Metering::note_green`]). The site's generation meters take it off, each as much
//! as is left and as it has: so what a site gets quota for is its generation less all that it has sold green, whichever
//! of its meters is closed first. Should more be sold green than was generated, there is no quota, and the rest is in
//! no statement.

use crate::*;
use gridpeg_market::calendar::months_of_year;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_close_year(id: MeterId, year: Year) -> DispatchResult {
        let meter = Meters::<T>::get(id).ok_or(Error::<T>::UnknownMeter)?;
        let settings = SettingsOf::<T>::get();
        let slots = settings.calendar.slots_of_year(year);
        // Years that the calendar does not have begin with its last slot, as numbers saturate.
        let is_year = settings.calendar.year_of(*slots.start()) == year;
        ensure!(is_year && settings.is_frozen(*slots.end(), Self::now()), Error::<T>::YearNotOver);
        ensure!(Settled::<T>::get() >= Some(*slots.end()), Error::<T>::YearNotSettled);
        let ended_before = meter.end.is_some_and(|end| end.slot < *slots.start());
        ensure!(meter.since <= *slots.end() && !ended_before, Error::<T>::NotMetered);
        ensure!(!Statements::<T>::contains_key(id, year), Error::<T>::AlreadyClosed);

        let Meter { site, direction, .. } = meter;
        let owner = Sites::<T>::get(site).ok_or(Error::<T>::UnknownSite)?.owner;
        let first = *months_of_year(year).start();
        let months: [Wh; 12] = core::array::from_fn(|n| Months::<T>::get(id, first.saturating_add(n as Month)).sum());
        // What a counter has gone on: within its 64 bits.
        let total = months.iter().fold(0, |sum: Wh, month| sum.saturating_add(*month));
        let (sold_green, quota) = match direction {
            Direction::Generation => {
                let sold_green = Self::take_green(site, year, total);
                (sold_green, total.saturating_sub(sold_green))
            }
            Direction::Import | Direction::Export => (0, 0),
        };
        let statement = Statement { meter: id, site, owner, direction, year, months, sold_green, quota };
        Statements::<T>::insert(id, year, &statement);
        T::OnStatement::on_statement(&statement)?;
        Self::deposit_event(Event::YearClosed { meter: id, year, total, sold_green, quota });
        Ok(())
    }

    /// How much of a site's green sales goes into a statement over this much.
    fn take_green(site: SiteId, year: Year, total: Wh) -> Wh {
        let mut green = Greens::<T>::get(site, year);
        let taken = total.min(green.sold.saturating_sub(green.stated));
        if taken > 0 {
            green.stated = green.stated.saturating_add(taken);
            Greens::<T>::insert(site, year, green);
        }
        taken
    }
}
