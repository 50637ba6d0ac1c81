//! Confirmation, and what undoes it.

use super::{branch::Reorganisation, *};
use gridpeg_header::U256;
use polkadot_sdk::sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// Base work of the blocks above a header on the heaviest branch; `None` if it is not on it.
    pub fn work_above(header: &StoredHeader) -> Option<U256> {
        let best = Self::best()?;
        if Canonical::<T>::get(header.tip.number) != Some(header.tip.hash) {
            return None;
        }
        best.tip.work.checked_sub(header.tip.work)
    }

    /// The work that confirms a header now: k × the heaviest header's recent peak.
    pub fn work_needed() -> Option<U256> {
        let confirmations = AnchorOf::<T>::get()?.parameters.confirmations;
        Some(Self::best()?.peak.saturating_mul(confirmations.into()))
    }

    /// The highest header that is confirmed now.
    pub fn confirmed() -> Option<StoredHeader> {
        let best = Self::best()?;
        let needed = Self::work_needed()?;
        // Work grows with the height, so the headers with enough of it above them are the lower ones: bisect.
        let mut low = Floor::<T>::get().max(1);
        let mut high = best.tip.number.saturating_add(1);
        let mut confirmed = None;
        while low < high {
            let middle = low.midpoint(high);
            let header = Headers::<T>::get(Canonical::<T>::get(middle)?)?;
            if best.tip.work.saturating_sub(header.tip.work) >= needed {
                confirmed = Some(header);
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        confirmed
    }

    /// A kept header that is confirmed.
    pub(crate) fn confirmed_header(hash: &H256) -> Result<StoredHeader, DispatchError> {
        let needed = Self::work_needed().ok_or(Error::<T>::NotAnchored)?;
        let header = Headers::<T>::get(hash).ok_or(Error::<T>::HeaderUnknown)?;
        let above = Self::work_above(&header).ok_or(Error::<T>::NotOnHeaviestBranch)?;
        ensure!(header.tip.number > 0 && above >= needed, Error::<T>::NotConfirmed);
        Ok(header)
    }

    /// Refuses everything while the heaviest header is too old.
    pub(crate) fn ensure_tip_is_recent() -> DispatchResult {
        let best = Self::best().ok_or(Error::<T>::NotAnchored)?;
        ensure!(Self::now() <= best.tip.time.saturating_add(T::MaxTipAge::get()), Error::<T>::TipTooOld);
        Ok(())
    }

    /// Looks for the confirmed header on the branch that is heaviest now: its absence is a conflict, its return the end
    /// of one.
    pub(crate) fn compare_confirmed(reorganisation: &Reorganisation) {
        let Some((number, hash)) = Confirmed::<T>::get() else { return };
        if Canonical::<T>::get(number) == Some(hash) {
            if ConflictOf::<T>::take().is_some() {
                Self::deposit_event(Event::ConflictOver);
            }
            return;
        }
        let Reorganisation { common, depth } = *reorganisation;
        let floor = Floor::<T>::get();
        // A header below the floor cannot be looked for. A branch that left above the floor has it too; one that left
        // below may not.
        let replaced = number >= floor || common < floor;
        if replaced && !ConflictOf::<T>::exists() {
            log::warn!(target: LOG_TARGET, "conflict: confirmed #{number} was replaced above #{common}");
            ConflictOf::<T>::put(Conflict { confirmed: (number, hash), common, depth });
            Self::deposit_event(Event::ConflictDetected { confirmed_number: number, common, depth });
        }
    }

    /// Records the highest confirmed header, walking up from the last one: the cost follows what is new. Returns how
    /// many heights were looked at. Does nothing in a conflict.
    pub(crate) fn advance_confirmed() -> u32 {
        let (Some(best), Some(needed)) = (Self::best(), Self::work_needed()) else { return 0 };
        if ConflictOf::<T>::exists() {
            return 0;
        }
        let lowest = Floor::<T>::get().max(1);
        let from = Confirmed::<T>::get().map_or(lowest, |(number, _)| number.saturating_add(1).max(lowest));
        let mut looked_at = 0u32;
        let mut confirmed = None;
        for number in from..=best.tip.number {
            looked_at = looked_at.saturating_add(1);
            let Some(header) = Canonical::<T>::get(number).and_then(Headers::<T>::get) else { break };
            if best.tip.work.saturating_sub(header.tip.work) < needed {
                break;
            }
            confirmed = Some((number, header.tip.hash));
        }
        if confirmed.is_some() {
            Confirmed::<T>::set(confirmed);
        }
        looked_at
    }

    /// Ends a conflict: confirmation starts anew on the branch that is heaviest now.
    pub(crate) fn end_conflict() {
        if ConflictOf::<T>::take().is_some() {
            // At once: until it is set no reorganisation would be noticed.
            Confirmed::<T>::set(Self::confirmed().map(|header| (header.tip.number, header.tip.hash)));
            Self::deposit_event(Event::ConflictOver);
        }
    }
}
