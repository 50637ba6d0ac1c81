//! Keeping forks: insertion, the heaviest branch, pruning.

use super::*;
use frame_support::traits::Get;

impl<T: Config> Pallet<T> {
    /// Stores a checked header.
    pub(super) fn insert(header: StoredHeader) -> DispatchResult {
        let number = header.tip.number;
        ensure!(number >= Floor::<T>::get(), Error::<T>::ParentUnknown);
        let mut hashes = AtHeight::<T>::get(number);
        if hashes.is_full() {
            let canonical = Canonical::<T>::get(number);
            let lightest = hashes
                .iter()
                .enumerate()
                .filter(|(_, hash)| Some(**hash) != canonical)
                .filter_map(|(index, hash)| Some((index, Headers::<T>::get(hash)?.tip.work)))
                .min_by_key(|(_, work)| *work);
            match lightest {
                Some((index, work)) if work < header.tip.work => {
                    let evicted = hashes.swap_remove(index);
                    Headers::<T>::remove(evicted);
                }
                _ => return Err(Error::<T>::ForkTooLight.into()),
            }
        }
        hashes.try_push(header.tip.hash).map_err(|_| Error::<T>::ForkTooLight)?;
        AtHeight::<T>::insert(number, hashes);
        Headers::<T>::insert(header.tip.hash, header);
        Ok(())
    }

    /// Makes a header the heaviest if it is heavier than the present one, and prunes.
    pub(super) fn follow_heaviest(header: &StoredHeader) {
        let Some(best) = Self::best() else { return };
        if header.tip.work <= best.tip.work {
            return;
        }
        // A heavier branch can be shorter: heights above its tip are no longer canonical.
        for number in header.tip.number.saturating_add(1)..=best.tip.number {
            Canonical::<T>::remove(number);
        }
        let mut at = *header;
        while Canonical::<T>::get(at.tip.number) != Some(at.tip.hash) {
            Canonical::<T>::insert(at.tip.number, at.tip.hash);
            match Headers::<T>::get(at.parent) {
                Some(parent) => at = parent,
                None => break,
            }
        }
        Best::<T>::put(header.tip.hash);
        let common = at.tip.number;
        if header.parent != best.tip.hash {
            let depth = best.tip.number.saturating_sub(common);
            log::info!(target: LOG_TARGET, "counterpart reorganised {depth} headers above #{common}");
            Self::deposit_event(Event::Reorganised { common, depth });
        }
        Self::prune(header.tip.number);
    }

    fn prune(best: u32) {
        let keep_from = best.saturating_sub(T::Window::get());
        for number in Floor::<T>::get()..keep_from {
            for hash in AtHeight::<T>::take(number) {
                Headers::<T>::remove(hash);
            }
            Canonical::<T>::remove(number);
        }
        if keep_from > Floor::<T>::get() {
            Floor::<T>::put(keep_from);
        }
    }
}
