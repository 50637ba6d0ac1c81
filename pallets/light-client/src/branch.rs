//! Keeping branches: insertion, the heaviest one, pruning.

use super::*;
use gridpeg_header::U256;
use room::Room;

/// What following the heaviest branch did.
#[derive(Default)]
pub(crate) struct Followed {
    /// Heights rewritten.
    pub steps: u32,
    /// The branch that was left, if one was.
    pub reorganisation: Option<Reorganisation>,
}

/// The heaviest branch was left for a heavier one.
pub(crate) struct Reorganisation {
    /// The highest header that both branches share; the height below the floor if they share none that is kept.
    pub common: u32,
    /// Headers above it that left the heaviest branch.
    pub depth: u32,
}

impl<T: Config> Pallet<T> {
    /// Stores a checked header. At a full height it takes the place of a lighter fork, as judged by the heaviest header
    /// of its batch, of which `batch_work` is the cumulative work.
    pub(super) fn insert(header: StoredHeader, batch_work: U256, room: &mut Room) -> DispatchResult {
        let number = header.tip.number;
        ensure!(number >= Floor::<T>::get(), Error::<T>::ParentUnknown);
        let best = Self::best().map_or(0, |best| best.tip.number);
        ensure!(number <= best.saturating_add(T::Window::get()), Error::<T>::TooFarAhead);
        if AtHeight::<T>::get(number).is_full() {
            room.make::<T>(number, batch_work)?;
        }
        AtHeight::<T>::try_mutate(number, |hashes| hashes.try_push(header.tip.hash))
            .map_err(|_| Error::<T>::ForkTooLight)?;
        room.note(&header);
        Headers::<T>::insert(header.tip.hash, header);
        Ok(())
    }

    /// Makes a header the heaviest if it is heavier than the present one.
    pub(super) fn follow_heaviest(header: StoredHeader) -> Followed {
        let Some(best) = Self::best() else { return Followed::default() };
        if header.tip.work <= best.tip.work {
            return Followed::default();
        }
        let mut steps = 0u32;
        // A heavier branch can be shorter: heights above its tip are no longer canonical.
        for number in header.tip.number.saturating_add(1)..=best.tip.number {
            Canonical::<T>::remove(number);
            steps = steps.saturating_add(1);
        }
        let mut at = Some(header);
        let common = loop {
            // A fork can be kept although the header where it left has fallen below the floor.
            let Some(header) = at else { break Floor::<T>::get().saturating_sub(1) };
            if Canonical::<T>::get(header.tip.number) == Some(header.tip.hash) {
                break header.tip.number;
            }
            Canonical::<T>::insert(header.tip.number, header.tip.hash);
            steps = steps.saturating_add(1);
            at = Headers::<T>::get(header.parent);
        };
        Best::<T>::put(header.tip.hash);
        let depth = best.tip.number.saturating_sub(common);
        if depth == 0 {
            return Followed { steps, reorganisation: None };
        }
        log::info!(target: LOG_TARGET, "counterpart reorganised {depth} headers above #{common}");
        Self::deposit_event(Event::Reorganised { common, depth });
        Followed { steps, reorganisation: Some(Reorganisation { common, depth }) }
    }

    /// Drops heights below the window, at most as many as a batch has headers: what is left over falls to the next call.
    /// Returns how many.
    pub(super) fn prune() -> u32 {
        let floor = Floor::<T>::get();
        let best = Self::best().map_or(0, |best| best.tip.number);
        let keep_from = best.saturating_sub(T::Window::get()).min(floor.saturating_add(T::MaxBatch::get()));
        for number in floor..keep_from {
            for hash in AtHeight::<T>::take(number) {
                Headers::<T>::remove(hash);
            }
            Canonical::<T>::remove(number);
        }
        if keep_from > floor {
            Floor::<T>::put(keep_from);
        }
        keep_from.saturating_sub(floor)
    }

    /// Heights that are kept at most, from the floor up. A branch can be a window ahead when it becomes the heaviest;
    /// pruning then catches up by a batch a call, while a batch adds no more than that.
    pub(super) fn most_heights() -> u32 {
        T::Window::get().saturating_mul(2).saturating_add(T::MaxBatch::get()).saturating_add(1)
    }
}
