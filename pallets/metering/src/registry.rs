//! Feeders and sites: what hangs where, and whose word counts.

use crate::*;
use gridpeg_market::fee::MAX_LEVELS;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_register_feeder(operator: T::AccountId, tables: Tables) -> DispatchResult {
        let (voltages, lines) = tables.into_parts();
        ensure!(voltages.check().is_ok(), Error::<T>::BadVoltages);
        ensure!(lines.check().is_ok(), Error::<T>::BadLines);
        ensure!(voltages.buses() == lines.buses(), Error::<T>::TablesDiffer);
        let feeder = Self::number(|next| &mut next.feeder)?;
        let buses = lines.buses();
        FeederVoltages::<T>::insert(feeder, voltages);
        FeederLines::<T>::insert(feeder, lines);
        Feeders::<T>::insert(feeder, FeederInfo { operator: operator.clone(), buses });
        Self::deposit_event(Event::FeederRegistered { feeder, operator, buses });
        Ok(())
    }

    pub(crate) fn do_set_operator(feeder: FeederId, operator: T::AccountId) -> DispatchResult {
        let mut info = Feeders::<T>::get(feeder).ok_or(Error::<T>::UnknownFeeder)?;
        info.operator = operator.clone();
        Feeders::<T>::insert(feeder, info);
        Self::deposit_event(Event::OperatorSet { feeder, operator });
        Ok(())
    }

    pub(crate) fn do_register_site(who: T::AccountId, site: SiteInfo<T::AccountId>) -> DispatchResult {
        let feeder = Feeders::<T>::get(site.feeder).ok_or(Error::<T>::UnknownFeeder)?;
        ensure!(feeder.operator == who, Error::<T>::NotOperator);
        Self::add_site(site, &feeder)
    }

    /// Registers a site on this feeder.
    pub(crate) fn add_site(site: SiteInfo<T::AccountId>, on: &FeederInfo<T::AccountId>) -> DispatchResult {
        ensure!((1..=on.buses).contains(&u32::from(site.bus)), Error::<T>::UnknownBus);
        ensure!(u32::from(site.level) < MAX_LEVELS, Error::<T>::UnknownLevel);
        let id = Self::number(|next| &mut next.site)?;
        SitesOf::<T>::insert(&site.owner, id.to_be_bytes(), ());
        Sites::<T>::insert(id, &site);
        let SiteInfo { owner, feeder, bus, level, mode, .. } = site;
        Self::deposit_event(Event::SiteRegistered { site: id, owner, feeder, bus, level, mode });
        Ok(())
    }

    /// The site, if this is the operator of its feeder.
    pub(crate) fn operated_site(who: &T::AccountId, site: SiteId) -> Result<SiteInfo<T::AccountId>, Error<T>> {
        let info = Sites::<T>::get(site).ok_or(Error::<T>::UnknownSite)?;
        let feeder = Feeders::<T>::get(info.feeder).ok_or(Error::<T>::UnknownFeeder)?;
        ensure!(feeder.operator == *who, Error::<T>::NotOperator);
        Ok(info)
    }

    /// The site, if this is its owner.
    pub(crate) fn owned_site(who: &T::AccountId, site: SiteId) -> Result<SiteInfo<T::AccountId>, Error<T>> {
        let info = Sites::<T>::get(site).ok_or(Error::<T>::UnknownSite)?;
        ensure!(info.owner == *who, Error::<T>::NotOwner);
        Ok(info)
    }

    /// An owner's sites above a number, ascending, as many as a page takes.
    pub(crate) fn page_of(owner: &T::AccountId, after: Option<SiteId>) -> Vec<SiteId> {
        let sites = match after {
            Some(site) => {
                SitesOf::<T>::iter_key_prefix_from(owner, SitesOf::<T>::hashed_key_for(owner, site.to_be_bytes()))
            }
            None => SitesOf::<T>::iter_key_prefix(owner),
        };
        sites.take(types::PAGE as usize).map(SiteId::from_be_bytes).collect()
    }

    /// Gives away a number.
    pub(crate) fn number(of: fn(&mut Numbers) -> &mut u32) -> Result<u32, Error<T>> {
        let mut numbers = Next::<T>::get();
        let next = of(&mut numbers);
        let number = *next;
        *next = number.checked_add(1).ok_or(Error::<T>::NumbersUsedUp)?;
        Next::<T>::put(numbers);
        Ok(number)
    }

    /// The time by the clock, Unix ms: 0 before the first block has one.
    pub(crate) fn now() -> Millis {
        T::Time::now()
    }

    /// The present slot, for what needs one.
    pub(crate) fn present() -> Result<Slot, Error<T>> {
        Self::slot_now().ok_or(Error::<T>::CalendarNotRunning)
    }
}

impl Settings {
    /// Whether nothing can change a slot's readings any more.
    pub(crate) fn is_frozen(&self, slot: Slot, now: Millis) -> bool {
        now >= self.calendar.end(slot).saturating_add(self.correction_window)
    }

    /// The first slot that is not frozen. 0 before the calendar begins, and when all slots there are are frozen.
    pub(crate) fn first_open(&self, now: Millis) -> Slot {
        now.checked_sub(self.correction_window).and_then(|past| self.calendar.slot_at(past)).unwrap_or_default()
    }
}
