//! What holds after every block, and after every call.

use crate::*;
use polkadot_sdk::sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks what must hold. The error begins with the number of what does not:
    ///
    /// 1. The settings are within their bounds.
    /// 2. The pairs' periods are strictly ascending, and D has no more pairs than the window takes.
    /// 3. All pairs' periods are closed.
    /// 4. Open periods are strictly ascending, over, not closed, and no more than there may be.
    /// 5. Of an open period something was reported, and it is not a pair.
    /// 6. Unless D has changed since, the u-values are those of D.
    /// 7. Unless D has changed since, the reference is that of the u-values; there is one exactly if they are enough.
    ///
    /// The hook `try_state` of the feature `try-runtime` calls it. Computes everything afresh, so no block does.
    pub fn check_invariants() -> Result<(), TryRuntimeError> {
        let settings = SettingsOf::<T>::get();
        ensure!(settings.check().is_ok(), "joint-prices 1: the settings are out of bounds");
        Self::check_pairs(&settings)?;
        Self::check_open(&settings)?;
        if !Dirty::<T>::get() {
            let fresh = Self::u_values(&Self::prices());
            ensure!(fresh == UValues::<T>::get().into_inner(), "joint-prices 6: u-values are not those of D");
            ensure!(
                Self::reference_of(&fresh) == Reference::<T>::get(),
                "joint-prices 7: the reference is not that of the u-values"
            );
        }
        Ok(())
    }

    fn check_pairs(settings: &Settings) -> Result<(), TryRuntimeError> {
        let pairs = Self::prices();
        let ascending = pairs.windows(2).all(|two| matches!(two, [a, b] if a.period < b.period));
        ensure!(ascending, "joint-prices 2: pairs are out of order");
        ensure!(pairs.len() <= settings.window as usize, "joint-prices 2: more pairs than the window takes");
        let closed = pairs.last().is_none_or(|last| last.period < Floor::<T>::get());
        ensure!(closed, "joint-prices 3: the last pair's period is not closed");
        Ok(())
    }

    fn check_open(settings: &Settings) -> Result<(), TryRuntimeError> {
        let open = Open::<T>::get().into_inner();
        let ascending = open.windows(2).all(|two| matches!(two, [a, b] if a.period < b.period));
        ensure!(ascending, "joint-prices 4: open periods are out of order");
        let floor = Floor::<T>::get();
        ensure!(open.iter().all(|entry| entry.period >= floor), "joint-prices 4: an open period is closed");
        let over = open.iter().all(|entry| Self::is_over(entry.period, settings));
        ensure!(over, "joint-prices 4: an open period is not over");
        ensure!(open.len() <= T::MaxOpen::get() as usize, "joint-prices 4: too many periods are open");
        let reported = open.iter().all(|entry| entry.electricity.is_some() || entry.carbon.is_some());
        ensure!(reported, "joint-prices 5: nothing was reported of an open period");
        ensure!(open.iter().all(|entry| entry.pair().is_none()), "joint-prices 5: an open period is a pair");
        Ok(())
    }
}
