//! The last few answers to questions that keep their answer.

use std::collections::VecDeque;

/// The newest `KEPT` answers, by what was asked.
pub(crate) struct Recent<K, V, const KEPT: usize>(VecDeque<(K, V)>);

impl<K: PartialEq, V: Clone, const KEPT: usize> Recent<K, V, KEPT> {
    /// The answer, while it is kept.
    pub(crate) fn get(&self, key: &K) -> Option<V> {
        self.0.iter().find(|(of, _)| of == key).map(|(_, value)| value.clone())
    }

    /// Keeps an answer, in place of the oldest one if there are too many.
    pub(crate) fn keep(&mut self, key: K, value: V) {
        if self.0.len() >= KEPT {
            self.0.pop_front();
        }
        self.0.push_back((key, value));
    }
}

impl<K, V, const KEPT: usize> Default for Recent<K, V, KEPT> {
    fn default() -> Self {
        Self(VecDeque::with_capacity(KEPT))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_answer_gives_way() {
        let mut recent = Recent::<u8, char, 2>::default();
        recent.keep(1, 'a');
        recent.keep(2, 'b');
        assert_eq!((recent.get(&1), recent.get(&2), recent.get(&3)), (Some('a'), Some('b'), None));
        recent.keep(3, 'c');
        assert_eq!((recent.get(&1), recent.get(&2), recent.get(&3)), (None, Some('b'), Some('c')));
    }
}
