//! Waits that grow with every failure, and things that are said only now and then.

use std::time::{Duration, Instant};

/// Shortest wait after a failure.
pub(crate) const SHORTEST: Duration = Duration::from_secs(1);
/// Longest wait after a failure.
const LONGEST: Duration = Duration::from_secs(60);

/// A wait that doubles with every failure in a row, up to a minute.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    delay: Duration,
    until: Option<Instant>,
}

impl Backoff {
    /// Whether it is too early for another attempt.
    pub(crate) fn waits(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now < until)
    }

    /// How long to wait after the last attempt; nothing if it went well.
    pub(crate) fn delay(&self) -> Duration {
        self.delay
    }

    /// An attempt failed. Returns how long to wait: `first` after the first failure in a row.
    pub(crate) fn failed(&mut self, now: Instant, first: Duration) -> Duration {
        let next = if self.delay.is_zero() { first } else { self.delay.saturating_mul(2) };
        self.delay = next.clamp(SHORTEST, LONGEST);
        self.until = now.checked_add(self.delay);
        self.delay
    }

    /// An attempt went well: the next failure counts as the first.
    pub(crate) fn worked(&mut self) {
        *self = Self::default();
    }
}

/// Something that is said at most once in a while.
#[derive(Debug, Default)]
pub(crate) struct Reminder {
    said: Option<Instant>,
}

impl Reminder {
    /// Whether it is time to say it; it is then taken as said.
    pub(crate) fn due(&mut self, now: Instant, every: Duration) -> bool {
        let due = self.said.is_none_or(|said| now.saturating_duration_since(said) >= every);
        if due {
            self.said = Some(now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_a_block_time_up_to_a_minute() {
        let now = Instant::now();
        let mut backoff = Backoff::default();
        let seconds: Vec<_> = (0..6).map(|_| backoff.failed(now, Duration::from_secs(6)).as_secs()).collect();
        assert_eq!(seconds, [6, 12, 24, 48, 60, 60]);
        backoff.worked();
        assert_eq!(backoff.failed(now, Duration::from_secs(3)), Duration::from_secs(3));
        backoff.worked();
        assert!(backoff.delay().is_zero());
        // A connection is tried again at once, then ever more patiently.
        let seconds: Vec<_> = (0..8).map(|_| backoff.failed(now, SHORTEST).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60]);
        backoff.worked();
        // A block time may be below a second, or above a minute.
        assert_eq!(backoff.failed(now, Duration::from_millis(100)), SHORTEST);
        backoff.worked();
        assert_eq!(backoff.failed(now, Duration::from_secs(600)), LONGEST);
    }

    #[test]
    fn nothing_is_tried_until_the_wait_is_over() {
        let now = Instant::now();
        let mut backoff = Backoff::default();
        assert!(!backoff.waits(now));
        backoff.failed(now, Duration::from_secs(6));
        assert!(backoff.waits(now + Duration::from_secs(5)));
        assert!(!backoff.waits(now + Duration::from_secs(6)));
        backoff.worked();
        assert!(!backoff.waits(now));
    }

    #[test]
    fn a_reminder_is_not_repeated_too_early() {
        let now = Instant::now();
        let every = Duration::from_secs(600);
        let mut reminder = Reminder::default();
        assert!(reminder.due(now, every));
        assert!(!reminder.due(now + Duration::from_secs(599), every));
        assert!(reminder.due(now + every, every));
        assert!(!reminder.due(now + every, every));
    }
}
