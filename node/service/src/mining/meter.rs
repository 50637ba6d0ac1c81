//! The hash rate, measured and written for people.

use std::time::Instant;

/// How often the rate is logged, in measurements.
const LOG_EVERY: u32 = 6;

/// Turns the threads' counter into rates.
pub(super) struct Meter {
    last: (Instant, u64),
    logged: (Instant, u64),
    measurements: u32,
}

/// Rates in hashes per second.
pub(super) struct Measured {
    /// Since the last measurement.
    pub(super) now: f64,
    /// Since the last log line, if the next is due.
    pub(super) to_log: Option<f64>,
}

impl Meter {
    pub(super) fn new() -> Self {
        let begin = (Instant::now(), 0);
        Self { last: begin, logged: begin, measurements: 0 }
    }

    /// `None` if no time has passed.
    pub(super) fn measure(&mut self, hashes: u64, at: Instant) -> Option<Measured> {
        let now = per_second(self.last, (at, hashes))?;
        self.last = (at, hashes);
        self.measurements = self.measurements.wrapping_add(1);
        let due = self.measurements.is_multiple_of(LOG_EVERY);
        let to_log = due.then(|| per_second(self.logged, (at, hashes))).flatten();
        if due {
            self.logged = (at, hashes);
        }
        Some(Measured { now, to_log })
    }
}

fn per_second(from: (Instant, u64), to: (Instant, u64)) -> Option<f64> {
    let seconds = to.0.saturating_duration_since(from.0).as_secs_f64();
    (seconds > 0.1).then(|| to.1.saturating_sub(from.1) as f64 / seconds)
}

/// A hash rate for people: `12.3 kH/s`.
pub(super) fn rate(per_second: f64) -> String {
    [("G", 1e9), ("M", 1e6), ("k", 1e3)]
        .into_iter()
        .find(|(_, unit)| per_second >= *unit)
        .map_or_else(|| format!("{per_second:.0} H/s"), |(name, unit)| format!("{:.1} {name}H/s", per_second / unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn rates_read_well() {
        assert_eq!(rate(0.0), "0 H/s");
        assert_eq!(rate(999.0), "999 H/s");
        assert_eq!(rate(12_345.0), "12.3 kH/s");
        assert_eq!(rate(9_500_000.0), "9.5 MH/s");
    }

    #[test]
    fn the_meter_logs_every_sixth_measurement() {
        let mut meter = Meter::new();
        let begin = meter.last.0;
        assert!(meter.measure(0, begin).is_none());
        for i in 1..=6u64 {
            let measured = meter.measure(i * 500, begin + Duration::from_secs(5) * i as u32).unwrap();
            assert_eq!(measured.now, 100.0);
            assert_eq!(measured.to_log, (i == 6).then_some(100.0));
        }
    }
}
