//! From reports to pairs.

use crate::*;

impl<T: Config> Pallet<T> {
    /// Takes a report and returns what it cost. Writes nothing if it fails.
    pub(crate) fn do_observe(side: Side, period: u64, summary: &Summary) -> Result<Weight, DispatchError> {
        let settings = SettingsOf::<T>::get();
        ensure!(Self::is_over(period, &settings), Error::<T>::PeriodNotOver);
        ensure!(period >= Floor::<T>::get(), Error::<T>::PeriodClosed);
        let mut open = Open::<T>::get().into_inner();
        let pushed_out = Self::make_room(&mut open, period)?;
        let entry = open.iter_mut().find(|entry| entry.period == period).ok_or(Error::<T>::TooManyOpen)?;
        let judged = settings.judge(side, summary);
        let report = entry.report_mut(side);
        ensure!(report.is_none(), Error::<T>::AlreadyReported);
        *report = Some(judged.map_or(Report::NotQualified, Report::Qualified));
        let pair = entry.pair();

        if let Some(oldest) = pushed_out {
            Self::close(&[oldest], oldest.period);
        }
        Self::deposit_event(match judged {
            Ok(price) => Event::SideReported { period, side, price },
            Err(shortfall) => Event::SideNotQualified { period, side, shortfall },
        });
        let mut weight = T::WeightInfo::observe();
        if let Some(pair) = pair {
            let (closed, still_open) = open.into_iter().partition::<Vec<_>, _>(|entry| entry.period < period);
            Self::close(&closed, period);
            open = still_open.into_iter().filter(|entry| entry.period > period).collect();
            weight = weight.saturating_add(T::WeightInfo::append(Self::append(pair, &settings)));
        }
        Open::<T>::set(BoundedVec::truncate_from(open));
        Ok(weight)
    }

    pub(crate) fn is_over(period: u64, settings: &Settings) -> bool {
        settings.end_of(period).is_some_and(|end| end <= Self::now())
    }

    /// Sees to it that the period is among the open ones, and returns the one that had to leave for it.
    fn make_room(open: &mut Vec<OpenPeriod>, period: u64) -> Result<Option<OpenPeriod>, DispatchError> {
        if open.iter().any(|entry| entry.period == period) {
            return Ok(None);
        }
        let mut pushed_out = None;
        if open.len() >= T::MaxOpen::get() as usize {
            // Ascending, so the first is the oldest.
            let oldest = open.first().copied().filter(|oldest| oldest.period < period);
            let oldest = oldest.ok_or(Error::<T>::TooManyOpen)?;
            open.retain(|entry| entry.period != oldest.period);
            pushed_out = Some(oldest);
        }
        open.push(OpenPeriod::new(period));
        open.sort_unstable_by_key(|entry| entry.period);
        Ok(pushed_out)
    }

    /// Closes all periods up to this one, of which these were open.
    fn close(closed: &[OpenPeriod], up_to: u64) {
        Floor::<T>::put(up_to.saturating_add(1));
        for entry in closed.iter().filter(|entry| entry.is_hopeful()) {
            Self::deposit_event(Event::PeriodGivenUp { period: entry.period });
        }
    }

    /// Adds a pair to D and returns how many D has then.
    fn append(pair: PricePair, settings: &Settings) -> u32 {
        let pairs = Pairs::<T>::get();
        let excess = pairs.len().saturating_add(1).saturating_sub(settings.window as usize);
        let kept: Vec<PricePair> = pairs.into_iter().skip(excess).chain([pair]).collect();
        let count = kept.len() as u32;
        Pairs::<T>::set(BoundedVec::truncate_from(kept));
        Dirty::<T>::put(true);
        let PricePair { period, electricity, carbon } = pair;
        Self::deposit_event(Event::PairAdded { period, electricity, carbon });
        count
    }
}

impl<T: Config> ObservePrices for Pallet<T> {
    fn clearing_period() -> Millis {
        SettingsOf::<T>::get().clearing_period
    }

    fn observe(side: Side, period: u64, summary: Summary) -> DispatchResult {
        Self::do_observe(side, period, &summary).map(|_| ())
    }

    fn weight() -> Weight {
        weights::most::<T::WeightInfo>()
    }
}
