//! Of which slots a meter has readings: so that the readings before and after a slot are found without a search.
//!
//! What can still change is in a short span of slots, from the first one that is not frozen to the last one that is
//! over. For these a meter keeps one bit a slot. Of all that was before only the last reading matters: the *base*.

use crate::types::MAX_OPEN_SLOTS;
use codec::{Decode, Encode, MaxEncodedLen};
use gridpeg_market::{calendar::Slot, units::Wh};
use polkadot_sdk::{frame_support::traits::ConstU32, sp_runtime::BoundedVec};
use scale_info::TypeInfo;

/// Slots of a word.
const BITS: u32 = 64;
/// As many slots as are ever open may begin and end within a word.
pub const MAX_WORDS: u32 = MAX_OPEN_SLOTS / BITS + 1;

/// One bit a slot, from a multiple of 64 on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Marks {
    /// The first word is for the slots from 64 · this on.
    first: u32,
    /// The lowest bit is the first slot.
    words: BoundedVec<u64, ConstU32<MAX_WORDS>>,
}

impl Marks {
    /// Which word a slot is in, and its bit there.
    fn place(slot: Slot) -> (u32, u32) {
        (slot / BITS, slot % BITS)
    }

    /// The words with their numbers.
    fn numbered(&self) -> impl DoubleEndedIterator<Item = (u32, u64)> + '_ {
        let first = self.first;
        self.words.iter().enumerate().map(move |(index, word)| (first.saturating_add(index as u32), *word))
    }

    /// The highest slot of a word; `None` if it has none.
    fn highest(number: u32, word: u64) -> Option<Slot> {
        let bit = word.checked_ilog2()?;
        Some(number.saturating_mul(BITS).saturating_add(bit))
    }

    /// Whether a slot is marked.
    pub fn has(&self, slot: Slot) -> bool {
        self.iter().any(|marked| marked == slot)
    }

    /// Marks a slot. `false`, and nothing done, if it is outside the span.
    pub fn set(&mut self, slot: Slot) -> bool {
        let (number, bit) = Self::place(slot);
        let within = number.checked_sub(self.first).filter(|index| *index < MAX_WORDS);
        let Some(index) = within.map(|index| index as usize) else { return false };
        while self.words.len() <= index {
            if self.words.try_push(0).is_err() {
                return false;
            }
        }
        let Some(word) = self.words.get_mut(index) else { return false };
        *word |= 1u64.wrapping_shl(bit);
        true
    }

    /// The last marked slot before this one.
    pub fn before(&self, slot: Slot) -> Option<Slot> {
        let (at, bit) = Self::place(slot);
        let below = 1u64.wrapping_shl(bit).wrapping_sub(1);
        let up_to = self.numbered().filter(|(number, _)| *number <= at).rev();
        let mut words = up_to.map(|(number, word)| (number, if number == at { word & below } else { word }));
        words.find_map(|(number, word)| Self::highest(number, word))
    }

    /// The first marked slot after this one.
    pub fn after(&self, slot: Slot) -> Option<Slot> {
        let (at, bit) = Self::place(slot);
        // The bits above: none above the highest.
        let above = u64::MAX.wrapping_shl(bit) & !1u64.wrapping_shl(bit);
        let from = self.numbered().filter(|(number, _)| *number >= at);
        let mut words = from.map(|(number, word)| (number, if number == at { word & above } else { word }));
        let (number, word) = words.find(|(_, word)| *word != 0)?;
        Some(number.saturating_mul(BITS).saturating_add(word.trailing_zeros()))
    }

    /// The last marked slot.
    pub fn last(&self) -> Option<Slot> {
        self.numbered().rev().find_map(|(number, word)| Self::highest(number, word))
    }

    /// Lets the words before this slot's go, and returns the last slot that was marked in them.
    pub fn advance(&mut self, slot: Slot) -> Option<Slot> {
        let (first, _) = Self::place(slot);
        if first <= self.first {
            return None;
        }
        let gone = |number: &u32| *number < first;
        let dropped = self.numbered().filter(|(number, _)| gone(number));
        let last = dropped.rev().find_map(|(number, word)| Self::highest(number, word));
        let kept = self.numbered().filter(|(number, _)| !gone(number)).map(|(_, word)| word);
        self.words = BoundedVec::truncate_from(kept.collect());
        self.first = first;
        last
    }

    /// The marked slots, ascending.
    pub fn iter(&self) -> impl Iterator<Item = Slot> + '_ {
        self.numbered().flat_map(|(number, word)| {
            let marked = move |bit: &u32| word & 1u64.wrapping_shl(*bit) != 0;
            (0..BITS).filter(marked).map(move |bit| number.saturating_mul(BITS).saturating_add(bit))
        })
    }
}

/// What a meter's next reading is measured against.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Journal {
    /// The slot of the base, a reading that nothing can change any more; `None`: the meter's beginning is the base.
    pub slot: Option<Slot>,
    /// The base's counter, Wh.
    pub counter: Wh,
    /// The slots with later readings. Marks up to the base mean nothing: those readings may be pruned.
    pub marks: Marks,
}

impl Journal {
    /// A meter begins with this counter.
    pub fn new(counter: Wh) -> Self {
        Self { slot: None, counter, marks: Marks::default() }
    }

    /// Whether a slot is after the base.
    pub fn is_after_base(&self, slot: Slot) -> bool {
        self.slot.is_none_or(|base| slot > base)
    }

    /// The slot of the last reading before this slot; `None`: the base is it.
    pub fn before(&self, slot: Slot) -> Option<Slot> {
        self.marks.before(slot).filter(|before| self.is_after_base(*before))
    }

    /// The slot of the last reading; `None`: the base is it.
    pub fn last(&self) -> Option<Slot> {
        self.marks.last().filter(|last| self.is_after_base(*last))
    }

    /// Makes a reading the base.
    pub fn rebase(&mut self, slot: Slot, counter: Wh) {
        if self.is_after_base(slot) {
            (self.slot, self.counter) = (Some(slot), counter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn marked(from: Slot, slots: &[Slot]) -> Marks {
        let mut marks = Marks::default();
        marks.advance(from);
        assert!(slots.iter().all(|slot| marks.set(*slot)));
        marks
    }

    #[test]
    fn neighbours_are_found_within_words_and_across() {
        let marks = marked(64, &[64, 65, 127, 128, 300]);
        assert_eq!(marks.iter().collect::<Vec<_>>(), [64, 65, 127, 128, 300]);
        let around = |slot| (marks.before(slot), marks.after(slot));
        assert_eq!(around(0), (None, Some(64)));
        assert_eq!(around(64), (None, Some(65)));
        assert_eq!(around(65), (Some(64), Some(127)));
        assert_eq!(around(127), (Some(65), Some(128)));
        assert_eq!(around(128), (Some(127), Some(300)));
        assert_eq!(around(299), (Some(128), Some(300)));
        assert_eq!(around(300), (Some(128), None));
        assert_eq!(around(Slot::MAX), (Some(300), None));
        assert_eq!(marks.last(), Some(300));
    }

    #[test]
    fn a_slot_outside_the_span_is_not_marked() {
        let mut marks = marked(128, &[]);
        assert!(!marks.set(127));
        assert!(marks.set(128 + MAX_WORDS * 64 - 1));
        assert!(!marks.set(128 + MAX_WORDS * 64));
        // Wherever in a word the first open slot is, the last one fits.
        for first in 128..192 {
            assert!(marked(first, &[]).set(first + MAX_OPEN_SLOTS - 1));
        }
    }

    #[test]
    fn whole_words_go_and_the_last_mark_in_them_is_said() {
        let mut marks = marked(0, &[3, 63, 64, 200]);
        assert_eq!(marks.advance(63), None);
        assert_eq!(marks.advance(127), Some(63));
        assert_eq!(marks.iter().collect::<Vec<_>>(), [64, 200]);
        assert_eq!(marks.advance(10), None, "it never goes back");
        assert_eq!(marks.advance(1_000_000), Some(200));
        assert_eq!((marks.last(), marks.advance(2_000_000)), (None, None));
        assert!(marks.set(2_000_000) && !marks.set(1_000_000));
    }

    #[test]
    fn the_last_slot_of_all_can_be_marked() {
        let marks = marked(Slot::MAX, &[Slot::MAX, Slot::MAX - 1]);
        assert_eq!((marks.before(Slot::MAX), marks.after(Slot::MAX)), (Some(Slot::MAX - 1), None));
        assert_eq!(marks.after(Slot::MAX - 1), Some(Slot::MAX));
    }

    #[test]
    fn marks_up_to_the_base_mean_nothing() {
        let mut journal = Journal { marks: marked(0, &[3, 5, 9]), ..Journal::new(10) };
        assert_eq!((journal.before(9), journal.before(3), journal.last()), (Some(5), None, Some(9)));
        journal.rebase(5, 40);
        assert_eq!((journal.before(9), journal.counter), (None, 40));
        journal.rebase(4, 30);
        assert_eq!((journal.slot, journal.counter), (Some(5), 40));
        journal.rebase(9, 50);
        assert_eq!((journal.last(), journal.counter), (None, 50));
    }

    proptest! {
        #[test]
        fn marks_are_a_set(steps in proptest::collection::vec((0u32..600, any::<bool>()), 1..60)) {
            let (mut marks, mut set) = (Marks::default(), BTreeSet::new());
            let mut first = 0;
            for (slot, advance) in steps {
                if advance {
                    let word = (slot / 64 * 64).max(first);
                    let gone: BTreeSet<_> = set.iter().copied().filter(|slot| *slot < word).collect();
                    prop_assert_eq!(marks.advance(slot), gone.last().copied());
                    set.retain(|slot| *slot >= word);
                    first = word;
                } else if slot >= first {
                    prop_assert!(marks.set(slot));
                    set.insert(slot);
                }
                prop_assert_eq!(marks.iter().collect::<BTreeSet<_>>(), set.clone());
                for slot in [0, slot, slot + 1, 599] {
                    prop_assert_eq!(marks.before(slot), set.range(..slot).next_back().copied());
                    prop_assert_eq!(marks.after(slot), set.range(slot + 1..).next().copied());
                    prop_assert_eq!(marks.has(slot), set.contains(&slot));
                }
            }
        }
    }
}
