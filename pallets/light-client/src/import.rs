//! Taking headers.

use super::{branch::Followed, room::Room, *};
use alloc::vec::Vec;
use gridpeg_header::JointHeader;
use polkadot_sdk::{
    frame_support::weights::Weight,
    sp_runtime::{traits::SaturatedConversion, BoundedVec, DispatchError},
};

impl<T: Config> Pallet<T> {
    /// Takes headers and returns how many were new, and what it cost. After an error the caller rolls back.
    pub(crate) fn do_import(headers: &[BoundedVec<u8, MaxHeaderLen>]) -> Result<(u32, Weight), DispatchError> {
        let anchor = AnchorOf::<T>::get().ok_or(Error::<T>::NotAnchored)?;
        let now = Self::now();
        let decoded = headers.iter().map(|bytes| JointHeader::decode(bytes)).collect::<Result<Vec<_>, _>>();
        let headers = decoded.map_err(Error::<T>::from)?;
        // What is known already says nothing for what is new.
        let new: Vec<_> = headers.iter().filter(|header| !Headers::<T>::contains_key(header.hash)).collect();
        // A claim so far; but if it turns out wrong the header is refused, and the batch with it.
        let batch_work = new.iter().map(|header| header.joint.work).max().unwrap_or_default();
        let mut room = Room::from(new.iter().map(|header| header.number).min().unwrap_or_default());
        let mut added = 0u32;
        let mut heaviest: Option<StoredHeader> = None;
        for header in new {
            // Twice in the batch.
            if Headers::<T>::contains_key(header.hash) {
                continue;
            }
            let parent = Headers::<T>::get(header.parent).ok_or(Error::<T>::ParentUnknown)?;
            let tip = parent.tip.check(header, &anchor.parameters, now).map_err(Error::<T>::from)?;
            let stored = parent.child(tip, header);
            Self::insert(stored, batch_work, &mut room)?;
            added = added.saturating_add(1);
            if heaviest.is_none_or(|heaviest| stored.tip.work > heaviest.tip.work) {
                heaviest = Some(stored);
            }
        }
        // Once for the whole batch: two branches in turns would make it costly.
        let Followed { steps, reorganisation } = heaviest.map(Self::follow_heaviest).unwrap_or_default();
        // Before pruning, which could take away what is compared.
        if let Some(reorganisation) = reorganisation {
            Self::compare_confirmed(&reorganisation);
        }
        let looked_at = Self::advance_confirmed();
        let pruned = Self::prune();
        if added > 0 {
            if let Some(best) = Self::best() {
                Self::deposit_event(Event::HeadersImported { best: best.tip.hash, number: best.tip.number, added });
            }
        }
        let weight = T::WeightInfo::submit_headers(headers.len() as u32)
            .saturating_add(T::WeightInfo::follow(steps))
            .saturating_add(T::WeightInfo::confirm(looked_at))
            .saturating_add(T::WeightInfo::prune(pruned))
            .saturating_add(Self::room_weight(room.read, room.dropped));
        Ok((added, weight))
    }

    /// What it costs to look for room at so many heights, and to drop so many headers.
    fn room_weight(read: u32, dropped: u32) -> Weight {
        // Nearly always there is room.
        let of_reading = if read == 0 { Weight::zero() } else { T::WeightInfo::read_forks(read) };
        let of_dropping = if dropped == 0 { Weight::zero() } else { T::WeightInfo::drop_forks(dropped) };
        of_reading.saturating_add(of_dropping)
    }

    /// What a batch costs at most.
    pub(crate) fn most_weight(headers: u32) -> Weight {
        T::WeightInfo::submit_headers(headers)
            .saturating_add(T::WeightInfo::follow(Self::most_heights().saturating_mul(2)))
            .saturating_add(T::WeightInfo::confirm(Self::most_heights()))
            .saturating_add(T::WeightInfo::prune(T::MaxBatch::get()))
            .saturating_add(Self::room_weight(Self::most_heights(), Self::most_dropped()))
    }

    /// Headers that a call may drop to make room at full heights: as many as a full window has.
    pub(crate) fn most_dropped() -> u32 {
        T::Window::get().saturating_mul(T::MaxForks::get())
    }

    /// This chain's clock.
    pub(crate) fn now() -> Millis {
        T::Time::now().as_millis().saturated_into()
    }
}
