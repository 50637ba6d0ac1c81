//! Fork choice: which of two tips is the best block.
//!
//! More cumulative base work wins. On equal work the block seen first stays, except that between blocks received within
//! min(T/20, 2 s) of each other the larger gain wins: so close together "first" is an accident of the network, and a
//! better analysis is worth more. Never by hash: that would invite mining the tip again.

use crate::client::Hash;
use gridpeg_header::{PowParameters, U256};
use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// Arrivals remembered. Ties are between tips, and few blocks arrive within [`tie_window`].
const REMEMBERED: usize = 64;

/// Longest tie window.
const MAX_WINDOW: Duration = Duration::from_secs(2);

/// What the fork choice looks at of a block.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// Cumulative base work, in hashes.
    pub work: U256,
    /// Gain of its analysis; 0 without one.
    pub gain: u32,
    /// When this node received it; `None` if that is forgotten, as it is after a restart.
    pub arrived: Option<Instant>,
}

/// How close together blocks of equal work must arrive for the gain to decide: min(T/20, 2 s).
pub fn tie_window(parameters: &PowParameters) -> Duration {
    Duration::from_millis(parameters.block_time / 20).min(MAX_WINDOW)
}

/// Whether a new block takes the best one's place.
pub fn prefers(new: &Candidate, best: &Candidate, window: Duration) -> bool {
    new.work > best.work || new.work == best.work && new.gain > best.gain && together(new, best, window)
}

fn together(new: &Candidate, best: &Candidate, window: Duration) -> bool {
    match (new.arrived, best.arrived) {
        (Some(new), Some(best)) => new.saturating_duration_since(best) <= window,
        _ => false,
    }
}

/// When the latest blocks arrived.
#[derive(Default)]
pub(super) struct Arrivals(VecDeque<(Hash, Instant)>);

impl Arrivals {
    /// Remembers an arrival; forgets the oldest.
    pub(super) fn note(&mut self, hash: Hash, at: Instant) {
        if self.of(&hash).is_some() {
            return;
        }
        if self.0.len() >= REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back((hash, at));
    }

    /// When a block arrived, if that is remembered.
    pub(super) fn of(&self, hash: &Hash) -> Option<Instant> {
        self.0.iter().rev().find(|(known, _)| known == hash).map(|(_, at)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Duration = Duration::from_millis(150);

    fn candidate(work: u64, gain: u32, arrived: Instant) -> Candidate {
        Candidate { work: work.into(), gain, arrived: Some(arrived) }
    }

    #[test]
    fn work_goes_before_gain_and_time() {
        let now = Instant::now();
        let best = candidate(10, 90, now);
        assert!(prefers(&candidate(11, 0, now + WINDOW * 9), &best, WINDOW));
        assert!(!prefers(&candidate(9, 100, now), &best, WINDOW));
    }

    #[test]
    fn the_first_of_equal_work_and_gain_stays() {
        let now = Instant::now();
        let best = candidate(10, 5, now);
        assert!(!prefers(&candidate(10, 5, now), &best, WINDOW));
        assert!(!prefers(&candidate(10, 4, now), &best, WINDOW));
    }

    #[test]
    fn a_larger_gain_wins_within_the_window_only() {
        let now = Instant::now();
        let best = candidate(10, 5, now);
        assert!(prefers(&candidate(10, 6, now + WINDOW), &best, WINDOW));
        assert!(!prefers(&candidate(10, 6, now + WINDOW + Duration::from_millis(1)), &best, WINDOW));
        let forgotten = Candidate { arrived: None, ..best };
        assert!(!prefers(&candidate(10, 6, now), &forgotten, WINDOW));
    }

    #[test]
    fn the_window_is_a_twentieth_of_the_block_time_and_at_most_two_seconds() {
        let mut parameters = gridpeg_header::forge::easy_parameters();
        parameters.block_time = 3_000;
        assert_eq!(tie_window(&parameters), WINDOW);
        parameters.block_time = 60_000;
        assert_eq!(tie_window(&parameters), MAX_WINDOW);
    }

    #[test]
    fn arrivals_are_remembered_once_and_forgotten_in_order() {
        let (mut arrivals, now) = (Arrivals::default(), Instant::now());
        arrivals.note(Hash::zero(), now);
        arrivals.note(Hash::zero(), now + WINDOW);
        assert_eq!(arrivals.of(&Hash::zero()), Some(now));
        for i in 0..REMEMBERED as u64 {
            arrivals.note(Hash::from_low_u64_be(i + 1), now);
        }
        assert_eq!(arrivals.of(&Hash::zero()), None);
        assert_eq!(arrivals.of(&Hash::from_low_u64_be(1)), Some(now));
    }
}
