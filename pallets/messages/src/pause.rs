//! Pauses: bounded, and with as long a break after each as it lasted.

use super::*;

impl<T: Config> Pallet<T> {
    /// The block in which the pause ends; `None` if there is none now.
    pub fn paused_until() -> Option<BlockNumberFor<T>> {
        PausedUntil::<T>::get().filter(|until| *until > frame_system::Pallet::<T>::block_number())
    }

    pub(super) fn do_pause(duration: BlockNumberFor<T>) -> DispatchResult {
        ensure!(!duration.is_zero() && duration <= T::MaxPause::get(), Error::<T>::PauseTooLong);
        ensure!(Self::paused_until().is_none(), Error::<T>::AlreadyPaused);
        let now = frame_system::Pallet::<T>::block_number();
        ensure!(now >= NextPause::<T>::get(), Error::<T>::PauseTooSoon);
        let until = now.saturating_add(duration);
        PausedUntil::<T>::put(until);
        NextPause::<T>::put(until.saturating_add(duration));
        Self::deposit_event(Event::Paused { until });
        Ok(())
    }

    pub(super) fn do_resume() -> DispatchResult {
        let until = Self::paused_until().ok_or(Error::<T>::NotPaused)?;
        let duration = NextPause::<T>::get().saturating_sub(until);
        let began = until.saturating_sub(duration);
        // This block counts as paused, whatever came before the call in it: otherwise a pause and its end in every
        // block would hold the lanes for good.
        let ended = frame_system::Pallet::<T>::block_number().saturating_add(One::one());
        PausedUntil::<T>::kill();
        NextPause::<T>::put(ended.saturating_add(ended.saturating_sub(began)));
        Self::deposit_event(Event::Resumed);
        Ok(())
    }
}
