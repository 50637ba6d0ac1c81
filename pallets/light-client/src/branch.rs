//! Keeping forks: insertion, the heaviest branch, pruning.

use super::*;
use alloc::vec::Vec;

impl<T: Config> Pallet<T> {
    /// Stores a checked header. At a full height it takes the place of a lighter fork, for
    /// which it needs leave. Returns how many headers were walked for that.
    pub(super) fn insert(header: StoredHeader, may_evict: bool) -> Result<u32, DispatchError> {
        let number = header.tip.number;
        ensure!(number >= Floor::<T>::get(), Error::<T>::ParentUnknown);
        let mut walked = 0;
        if AtHeight::<T>::get(number).is_full() {
            ensure!(may_evict, Error::<T>::ForkTooLight);
            walked = Self::evict_lighter(number, header.tip.work)?;
        }
        AtHeight::<T>::try_mutate(number, |hashes| hashes.try_push(header.tip.hash))
            .map_err(|_| Error::<T>::ForkTooLight)?;
        Headers::<T>::insert(header.tip.hash, header);
        Ok(walked)
    }

    /// Makes room at a full height: drops the header whose heaviest descendant is the lightest, with its descendants.
    /// It must be lighter than `work`, which the heaviest branch never is.
    fn evict_lighter(number: u32, work: U256) -> Result<u32, DispatchError> {
        let canonical = Canonical::<T>::get(number);
        let mut walked = 0u32;
        let lightest = AtHeight::<T>::get(number)
            .into_iter()
            .filter(|hash| Some(*hash) != canonical)
            .map(|root| Self::subtree(number, root))
            .inspect(|(_, members)| walked = walked.saturating_add(members.len() as u32))
            .min_by_key(|(heaviest, _)| *heaviest);
        let Some((heaviest, members)) = lightest else { return Err(Error::<T>::ForkTooLight.into()) };
        ensure!(heaviest < work, Error::<T>::ForkTooLight);
        for (number, hash) in members {
            Headers::<T>::remove(hash);
            AtHeight::<T>::mutate_exists(number, |hashes| {
                if let Some(kept) = hashes {
                    kept.retain(|kept| *kept != hash);
                }
                if hashes.as_ref().is_some_and(|kept| kept.is_empty()) {
                    *hashes = None;
                }
            });
        }
        // A walk looks at the other headers of each height too.
        Ok(walked.saturating_mul(T::MaxForks::get()))
    }

    /// A header with its descendants, and the most cumulative work among them.
    fn subtree(number: u32, root: H256) -> (U256, Vec<(u32, H256)>) {
        let mut members = Vec::from([(number, root)]);
        let mut heaviest = Headers::<T>::get(root).map_or(U256::zero(), |header| header.tip.work);
        let mut level = Vec::from([root]);
        let mut height = number;
        while !level.is_empty() {
            height = height.saturating_add(1);
            let children = AtHeight::<T>::get(height).into_iter().filter_map(|hash| {
                let header = Headers::<T>::get(hash)?;
                level.contains(&header.parent).then_some((hash, header.tip.work))
            });
            let children: Vec<_> = children.collect();
            heaviest = children.iter().map(|(_, work)| *work).fold(heaviest, U256::max);
            members.extend(children.iter().map(|(hash, _)| (height, *hash)));
            level = children.into_iter().map(|(hash, _)| hash).collect();
        }
        (heaviest, members)
    }

    /// Makes a header the heaviest if it is heavier than the present one, and prunes. Returns how many headers left the
    /// heaviest branch.
    pub(super) fn follow_heaviest(header: &StoredHeader) -> u32 {
        let Some(best) = Self::best() else { return 0 };
        if header.tip.work <= best.tip.work {
            return 0;
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
        let depth = best.tip.number.saturating_sub(common);
        if depth > 0 {
            log::info!(target: LOG_TARGET, "counterpart reorganised {depth} headers above #{common}");
            Self::deposit_event(Event::Reorganised { common, depth });
        }
        Self::prune(header.tip.number);
        depth
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
