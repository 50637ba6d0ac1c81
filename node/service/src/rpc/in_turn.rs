//! Expensive answers: made one at a time, so that callers cannot take all of the node's threads, or all of its cores.

use super::errors::Error;
use crate::recent::Recent;
use parking_lot::{Mutex, MutexGuard};
use std::time::Duration;

/// A permit that one caller has at a time.
#[derive(Default)]
pub(super) struct Turn(Mutex<()>);

impl Turn {
    /// The permit, for as long as the guard lives; [`Error::Busy`] if another caller keeps it for longer than this.
    pub(super) fn take(&self, patience: Duration) -> Result<MutexGuard<'_, ()>, Error> {
        self.0.try_lock_for(patience).ok_or(Error::Busy)
    }
}

/// Answers that are made one at a time. The last ones are kept, and given at once while another is made.
pub(super) struct InTurn<K, V, const KEPT: usize> {
    kept: Mutex<Recent<K, V, KEPT>>,
    turn: Turn,
}

impl<K, V, const KEPT: usize> Default for InTurn<K, V, KEPT> {
    fn default() -> Self {
        Self { kept: Mutex::default(), turn: Turn::default() }
    }
}

impl<K: PartialEq, V: Clone, const KEPT: usize> InTurn<K, V, KEPT> {
    /// The answer that is kept, or that `make` makes. [`Error::Busy`] if another one is being made for longer than this.
    pub(super) fn answer(
        &self,
        key: K,
        patience: Duration,
        make: impl FnOnce() -> Result<V, Error>,
    ) -> Result<V, Error> {
        if let Some(kept) = self.get(&key) {
            return Ok(kept);
        }
        let _turn = self.turn.take(patience)?;
        // It may have been the one that was waited for.
        if let Some(kept) = self.get(&key) {
            return Ok(kept);
        }
        let made = make()?;
        self.kept.lock().keep(key, made.clone());
        Ok(made)
    }

    fn get(&self, key: &K) -> Option<V> {
        self.kept.lock().get(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{sync::mpsc::channel, thread};

    const SHORT: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn one_caller_has_the_permit() {
        let turn = Turn::default();
        let mine = turn.take(Duration::ZERO).unwrap();
        assert!(matches!(turn.take(Duration::ZERO), Err(Error::Busy)));
        assert!(matches!(turn.take(SHORT), Err(Error::Busy)));
        drop(mine);
        assert!(turn.take(Duration::ZERO).is_ok());
    }

    #[test]
    fn while_an_answer_is_made_others_are_busy_and_what_is_kept_is_given() {
        let answers = &InTurn::<u8, char, 2>::default();
        assert_eq!(answers.answer(1, SHORT, || Ok('a')).unwrap(), 'a');
        let (begun, seen) = channel();
        let (open, gate) = channel::<()>();
        thread::scope(|scope| {
            let slow = scope.spawn(move || {
                answers.answer(2, SHORT, || {
                    begun.send(()).unwrap();
                    gate.recv().unwrap();
                    Ok('b')
                })
            });
            seen.recv().unwrap();
            assert!(matches!(answers.answer(3, SHORT, || Ok('c')), Err(Error::Busy)));
            assert!(matches!(answers.answer(2, SHORT, || Ok('c')), Err(Error::Busy)));
            assert_eq!(answers.answer(1, SHORT, || panic!("it is kept")).unwrap(), 'a');
            // Whoever waits long enough has the answer that was made meanwhile.
            let patient = scope.spawn(move || answers.answer(2, LONG, || Ok('c')));
            open.send(()).unwrap();
            assert_eq!(slow.join().unwrap().unwrap(), 'b');
            assert_eq!(patient.join().unwrap().unwrap(), 'b');
        });
        assert_eq!(answers.answer(3, SHORT, || Ok('c')).unwrap(), 'c');
    }

    #[test]
    fn a_failure_is_not_kept_and_gives_the_permit_back() {
        let answers = InTurn::<u8, char, 2>::default();
        assert!(answers.answer(1, SHORT, || Err(Error::failed("once"))).is_err());
        assert_eq!(answers.answer(1, SHORT, || Ok('a')).unwrap(), 'a');
    }
}
