//! What holds after every call.

use super::*;
use gridpeg_header::target::work_of;
use polkadot_sdk::sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks what holds after every call:
    /// 1. Before the anchor nothing is stored.
    /// 2. The heaviest branch is whole, from its tip down to the floor; where that is 0, down to the anchor.
    /// 3. No height is on the heaviest branch that is not of this chain of parents.
    /// 4. Headers and heights name each other, once.
    /// 5. Heights are bounded (headers at a height are by their type).
    /// 6. Each header follows from its parent, which is kept unless the header is at the floor.
    /// 7. No header is heavier than the tip of the heaviest branch.
    /// 8. The confirmed header is on the heaviest branch, and there is none above it, unless a conflict says otherwise.
    /// 9. A conflict names the confirmed header, which is not on the heaviest branch.
    ///
    /// The number of the one that is broken begins the error.
    pub fn check_invariants() -> Result<(), TryRuntimeError> {
        if !AnchorOf::<T>::exists() {
            let headers = Best::<T>::exists() || Headers::<T>::iter_keys().next().is_some();
            let heights = Canonical::<T>::iter_keys().next().is_some() || AtHeight::<T>::iter_keys().next().is_some();
            let confirmed = Confirmed::<T>::exists() || ConflictOf::<T>::exists();
            ensure!(!headers && !heights && !confirmed, "1: something is stored before the anchor");
            return Ok(());
        }
        let best = Self::best().ok_or("2: the heaviest header is not kept")?;
        Self::check_heaviest_branch(&best)?;
        Self::check_headers(&best)?;
        Self::check_confirmed()
    }

    fn check_heaviest_branch(best: &StoredHeader) -> Result<(), TryRuntimeError> {
        let floor = Floor::<T>::get();
        ensure!(best.tip.number >= floor, "2: the heaviest branch ends below the floor");
        let mut at = *best;
        let mut heights = 1usize;
        while at.tip.number > floor {
            ensure!(Canonical::<T>::get(at.tip.number) == Some(at.tip.hash), "2: a height names another branch");
            let parent = Headers::<T>::get(at.parent).ok_or("2: the heaviest branch has a gap")?;
            ensure!(parent.tip.number.checked_add(1) == Some(at.tip.number), "2: a parent is not one below");
            at = parent;
            heights = heights.saturating_add(1);
        }
        ensure!(Canonical::<T>::get(floor) == Some(at.tip.hash), "2: the floor names another branch");
        ensure!(floor > 0 || Self::is_anchor(&at), "2: the heaviest branch does not start at the anchor");
        ensure!(Canonical::<T>::iter_keys().count() == heights, "3: heights beside the heaviest branch");
        Ok(())
    }

    fn is_anchor(header: &StoredHeader) -> bool {
        AnchorOf::<T>::get().is_some_and(|anchor| anchor.genesis == header.tip.hash)
    }

    fn check_headers(best: &StoredHeader) -> Result<(), TryRuntimeError> {
        let floor = Floor::<T>::get();
        let mut listed = 0usize;
        for (number, hashes) in AtHeight::<T>::iter() {
            ensure!(!hashes.is_empty(), "4: a height without headers is stored");
            let above_floor = number.checked_sub(floor).ok_or("5: a height below the floor")?;
            ensure!(above_floor < Self::most_heights(), "5: too many heights");
            listed = listed.saturating_add(hashes.len());
        }
        for (hash, header) in Headers::<T>::iter() {
            let number = header.tip.number;
            ensure!(header.tip.hash == hash, "4: a header under another's hash");
            ensure!(AtHeight::<T>::get(number).contains(&hash), "4: a header that its height does not name");
            listed = listed.checked_sub(1).ok_or("4: more headers than heights name")?;
            match Headers::<T>::get(header.parent) {
                Some(parent) => {
                    ensure!(parent.tip.number.checked_add(1) == Some(number), "6: a parent is not one below");
                    let work = parent.tip.work.checked_add(work_of(header.tip.target));
                    ensure!(work == Some(header.tip.work), "6: the work is not the parent's and its own");
                    ensure!(!header.cross_root.is_zero() && !header.ancestry.is_zero(), "6: a root is zero");
                }
                None => ensure!(number == floor, "6: a parent is not kept"),
            }
            ensure!(header.tip.work <= best.tip.work, "7: a header is heavier than the heaviest branch");
        }
        ensure!(listed == 0, "4: heights name more than the headers");
        Ok(())
    }

    fn check_confirmed() -> Result<(), TryRuntimeError> {
        let confirmed = Confirmed::<T>::get();
        let on_branch = confirmed.is_some_and(|(number, hash)| Canonical::<T>::get(number) == Some(hash));
        ensure!(confirmed.is_none_or(|(number, _)| number > 0), "8: genesis counts as confirmed");
        match ConflictOf::<T>::get() {
            None => {
                let fallen = confirmed.is_some_and(|(number, _)| number < Floor::<T>::get());
                let in_place = confirmed.is_none() || fallen || on_branch;
                ensure!(in_place, "8: the confirmed header is not on the heaviest branch");
                let highest = Self::confirmed().map_or(0, |header| header.tip.number);
                let recorded = confirmed.map_or(0, |(number, _)| number);
                ensure!(highest <= recorded, "8: a header above the confirmed one is confirmed");
            }
            Some(conflict) => {
                ensure!(confirmed == Some(conflict.confirmed), "9: the conflict names another header");
                ensure!(!on_branch, "9: the confirmed header is on the heaviest branch in a conflict");
            }
        }
        Ok(())
    }
}
