//! Readings of settled slots go, in time that is left over in a block.
//!
//! Nothing waits for it: if blocks are full for long, readings only stay longer. A meter's journal keeps of what goes
//! what its next reading is measured against.

use crate::*;
use types::MAX_PRUNED;

impl<T: Config> Pallet<T> {
    /// Removes readings of settled slots, oldest first, as many as the weight allows. Returns what that cost.
    pub(crate) fn prune(remaining: Weight) -> Weight {
        let none = T::WeightInfo::prune(0);
        if none.any_gt(remaining) {
            return Weight::zero();
        }
        let Some(settled) = Settled::<T>::get() else { return none };
        let each = T::WeightInfo::prune(1).saturating_sub(none);
        let room = remaining.saturating_sub(none).checked_div_per_component(&each);
        let most = room.map_or(MAX_PRUNED, |room| u32::try_from(room).unwrap_or(MAX_PRUNED).min(MAX_PRUNED));
        let due = |slot: [u8; 4]| Slot::from_be_bytes(slot) <= settled;
        // In the order of slots; what is removed lies behind the iterator.
        let oldest = Readings::<T>::iter().take(most as usize).take_while(|(slot, ..)| due(*slot));
        let mut pruned = 0u32;
        for (slot, meter, Counted { reading, .. }) in oldest {
            Readings::<T>::remove(slot, meter);
            Journals::<T>::mutate_extant(meter, |journal| {
                journal.rebase(Slot::from_be_bytes(slot), reading.counter);
            });
            pruned = pruned.saturating_add(1);
        }
        T::WeightInfo::prune(pruned)
    }
}
