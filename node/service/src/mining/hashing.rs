//! The hashing threads.
//!
//! Threads of the operating system, not tasks: they never wait for anything but the next job. One atomic version tells
//! them that the job they work on is stale; they look at it after every chunk of nonces, which takes a fraction of a
//! millisecond, or about a twentieth of a second when the hash rate is capped.

use futures::channel::mpsc::UnboundedSender;
use gridpeg_header::{work::WorkFunction, H256, U256};
use parking_lot::{Condvar, Mutex};
use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    io,
    num::{NonZeroU64, NonZeroUsize},
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        Arc,
    },
    thread,
    time::{Duration, Instant},
};

/// Nonces tried between two looks at the job's version.
const CHUNK: u64 = 4096;
/// With a cap, a thread sleeps about this many times a second, so that it neither bursts nor misses a new job for long.
const CHUNKS_PER_SECOND: f64 = 20.0;

/// A nonce that meets its job's target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The job's version, as [`HashThreads::set_job`] returned it.
    pub(super) version: u64,
    /// The nonce.
    pub(super) nonce: [u8; 8],
}

#[derive(Clone)]
struct Job {
    version: u64,
    work: WorkFunction,
    target: U256,
    /// Where the nonces start. Random, so that two nodes with the same template do not repeat each other's work.
    start: u64,
}

#[derive(Default)]
struct Shared {
    /// Version of the present job; also raised when there is none.
    version: AtomicU64,
    stopped: AtomicBool,
    hashes: AtomicU64,
    job: Mutex<Option<Job>>,
    changed: Condvar,
}

impl Shared {
    /// Replaces the job and returns the new version.
    fn replace(&self, job: impl FnOnce(u64) -> Option<Job>) -> u64 {
        let mut present = self.job.lock();
        let version = self.version.fetch_add(1, Ordering::AcqRel) + 1;
        *present = job(version);
        self.changed.notify_all();
        version
    }

    /// Waits for a job above this version; `None` when the threads are to end.
    fn wait_for_job(&self, above: u64) -> Option<Job> {
        let mut present = self.job.lock();
        loop {
            if self.stopped.load(Ordering::Acquire) {
                return None;
            }
            if let Some(job) = present.as_ref().filter(|job| job.version > above) {
                return Some(job.clone());
            }
            self.changed.wait(&mut present);
        }
    }

    fn is_stale(&self, job: &Job) -> bool {
        self.version.load(Ordering::Acquire) != job.version
    }
}

/// The threads. They end when this is dropped.
pub(super) struct HashThreads(Arc<Shared>);

impl HashThreads {
    /// Starts `count` threads that share `max_hashrate` (hashes per second of the node; `None`: no cap) and send what
    /// they find to `found`.
    pub(super) fn start(
        count: NonZeroUsize,
        max_hashrate: Option<NonZeroU64>,
        found: UnboundedSender<Found>,
    ) -> io::Result<Self> {
        let threads = Self(Arc::default());
        let range = u64::MAX / count.get() as u64;
        for index in 0..count.get() {
            let shared = threads.0.clone();
            let found = found.clone();
            let offset = range.wrapping_mul(index as u64);
            let pace = Pace::new(max_hashrate, count);
            thread::Builder::new().name(format!("hash-{index}")).spawn(move || hash(&shared, offset, pace, &found))?;
        }
        Ok(threads)
    }

    /// Gives the threads a new job and returns its version.
    pub(super) fn set_job(&self, pre_hash: &H256, target: U256) -> u64 {
        let start = RandomState::new().build_hasher().finish();
        self.0.replace(|version| Some(Job { version, work: WorkFunction::new(pre_hash), target, start }))
    }

    /// Takes the job away; the threads sleep until the next.
    pub(super) fn pause(&self) {
        self.0.replace(|_| None);
    }

    /// Hashes tried so far.
    pub(super) fn hashes(&self) -> u64 {
        self.0.hashes.load(Ordering::Relaxed)
    }
}

impl Drop for HashThreads {
    fn drop(&mut self) {
        self.0.stopped.store(true, Ordering::Release);
        self.pause();
    }
}

/// One thread: job after job, the nonces from `offset` after the job's start.
fn hash(shared: &Shared, offset: u64, mut pace: Pace, found: &UnboundedSender<Found>) {
    let mut done = 0;
    while let Some(mut job) = shared.wait_for_job(done) {
        done = job.version;
        let mut nonce = job.start.wrapping_add(offset);
        while !shared.is_stale(&job) {
            let hit = job.work.search(nonce, pace.chunk, job.target);
            let tried = match hit {
                Some(hit) => u64::from_le_bytes(hit).wrapping_sub(nonce).wrapping_add(1),
                None => pace.chunk,
            };
            shared.hashes.fetch_add(tried, Ordering::Relaxed);
            if let Some(nonce) = hit {
                // Nobody listens any more only when the node stops.
                let _ = found.unbounded_send(Found { version: job.version, nonce });
            }
            thread::sleep(pace.rest(tried, Instant::now()));
            if hit.is_some() {
                break;
            }
            nonce = nonce.wrapping_add(tried);
        }
    }
}

/// Keeps one thread at its share of the hash rate.
#[derive(Clone, Copy, Debug)]
struct Pace {
    /// Nonces tried at once.
    chunk: u64,
    /// This thread's hashes per second; `None`: no cap.
    rate: Option<f64>,
    /// When the hashes tried so far would be done at that rate.
    paid: Option<Instant>,
}

impl Pace {
    fn new(max_hashrate: Option<NonZeroU64>, threads: NonZeroUsize) -> Self {
        let rate = max_hashrate.map(|rate| rate.get() as f64 / threads.get() as f64);
        let chunk = rate.map_or(CHUNK, |rate| ((rate / CHUNKS_PER_SECOND) as u64).clamp(1, CHUNK));
        Self { chunk, rate, paid: None }
    }

    /// How long to rest after trying this many nonces. Time without a job is not saved up.
    fn rest(&mut self, tried: u64, now: Instant) -> Duration {
        let Some(rate) = self.rate else {
            return Duration::ZERO;
        };
        let begin = self.paid.map_or(now, |paid| paid.max(now));
        let paid = begin + Duration::from_secs_f64(tried as f64 / rate);
        self.paid = Some(paid);
        paid.saturating_duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{channel::mpsc, executor::block_on, StreamExt};
    use gridpeg_header::{
        target::MAX_TARGET,
        work::{meets, work_hash},
    };

    fn pace(cap: u64, threads: usize) -> Pace {
        Pace::new(NonZeroU64::new(cap), NonZeroUsize::new(threads).unwrap())
    }

    #[test]
    fn the_cap_is_shared_and_chunked() {
        assert_eq!(pace(0, 2).chunk, CHUNK); // no cap
        assert_eq!(pace(2_000, 1).chunk, 100);
        assert_eq!(pace(2_000, 2).chunk, 50);
        assert_eq!(pace(3, 2).chunk, 1);
        assert_eq!(pace(1_000_000_000, 1).chunk, CHUNK);
    }

    #[test]
    fn a_capped_thread_rests_for_what_it_tried() {
        let now = Instant::now();
        assert_eq!(pace(0, 1).rest(1_000_000, now), Duration::ZERO);
        let mut capped = pace(1_000, 2);
        assert_eq!(capped.rest(50, now), Duration::from_millis(100));
        // Work done early is paid for: the next chunk starts where the last one ends.
        assert_eq!(capped.rest(50, now), Duration::from_millis(200));
        // Idle time is not saved up.
        assert_eq!(capped.rest(50, now + Duration::from_secs(60)), Duration::from_millis(100));
    }

    #[test]
    fn threads_find_nonces_that_meet_the_target() {
        let (sender, mut found) = mpsc::unbounded();
        let threads = HashThreads::start(NonZeroUsize::new(2).unwrap(), None, sender).unwrap();
        let pre_hash = H256::repeat_byte(3);
        let version = threads.set_job(&pre_hash, MAX_TARGET);
        let Found { version: of, nonce } = block_on(found.next()).unwrap();
        assert_eq!(of, version);
        assert!(meets(&work_hash(&pre_hash, nonce), MAX_TARGET));
        assert!(threads.hashes() > 0);
    }

    #[test]
    fn threads_end_with_their_owner() {
        let (sender, mut found) = mpsc::unbounded();
        drop(HashThreads::start(NonZeroUsize::new(2).unwrap(), None, sender).unwrap());
        assert_eq!(block_on(found.next()), None);
    }
}
