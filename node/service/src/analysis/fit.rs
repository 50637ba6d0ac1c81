//! The fit worker.
//!
//! One thread of the operating system, apart from the hashing threads and from the miner's task. A block never waits
//! for it: the miner asks [`Fitter::claim_for`], which answers at once, with the best claim that the chain knows as long
//! as there is no fit. When a fit is done the miner hears of it and builds its template again.
//!
//! - Of the windows that wait, only the newest is fitted: an older one is of no use to a miner.
//! - The last fits are kept, by the pairs that they belong to, so that a change between two branches costs nothing.
//! - A fit that fails is logged and not tried again; its window's blocks carry the best claim known.

use super::{
    guarded,
    window::{Window, WindowKey},
};
use crate::{metrics::Metrics, recent::Recent};
use futures::channel::mpsc::{self, UnboundedReceiver, UnboundedSender};
use gridpeg_copula::{best_claim, Claim};
use log::{debug, error};
use parking_lot::{Condvar, Mutex};
use std::{sync::Arc, thread, time::Instant};

const LOG_TARGET: &str = "copula";

/// Fits kept.
const KEPT: usize = 8;

/// A claim and its AIC, in units of 2⁻²⁰: smaller is better.
type Fit = (Claim, i64);

/// The claim that a block is to carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The claim.
    pub claim: Claim,
    /// Its AIC, in units of 2⁻²⁰.
    pub aic: i64,
    /// Whether it is this node's own fit, and not the best claim that the chain knew.
    pub own: bool,
}

impl Choice {
    /// The best claim that the chain knows on a window; `None` if there are too few pairs for a claim.
    pub fn known(window: &Window) -> Option<Self> {
        window.state.least.map(|(claim, aic)| Self { claim, aic, own: false })
    }
}

/// Fits windows. The thread ends when this is dropped, after the fit that it is at.
pub struct Fitter(Arc<Shared>);

struct Shared {
    jobs: Mutex<Jobs>,
    changed: Condvar,
    metrics: Metrics,
}

#[derive(Default)]
struct Jobs {
    /// The newest window that waits.
    waiting: Option<Arc<Window>>,
    /// The window being fitted.
    running: Option<WindowKey>,
    /// Without a fit: it failed.
    done: Recent<WindowKey, Option<Fit>, KEPT>,
    stopped: bool,
}

impl Fitter {
    /// Starts the thread. The stream tells the windows whose fit is ready, or has failed. Without a thread it ends, and
    /// no window ever gets a fit.
    pub fn start(metrics: Metrics) -> (Self, UnboundedReceiver<WindowKey>) {
        Self::start_with(metrics, best_claim)
    }

    fn start_with(
        metrics: Metrics,
        fit: impl Fn(&[(u32, u32)]) -> Fit + Send + 'static,
    ) -> (Self, UnboundedReceiver<WindowKey>) {
        let shared = Arc::new(Shared { jobs: Mutex::default(), changed: Condvar::new(), metrics });
        let (sender, ready) = mpsc::unbounded();
        let worker = shared.clone();
        let spawned = thread::Builder::new().name("copula-fit".into()).spawn(move || work(&worker, &sender, fit));
        if let Err(error) = spawned {
            error!(target: LOG_TARGET, "Cannot start the fit's thread, blocks carry the best claim known: {error}");
        }
        (Self(shared), ready)
    }

    /// The claim for a block on this window: this node's fit if it is ready and at least as good as the best claim
    /// known, else that one. `None` if there are too few pairs for a claim. Asks for a fit if there is none yet.
    pub fn claim_for(&self, window: &Arc<Window>) -> Option<Choice> {
        let Some(known) = Choice::known(window) else {
            self.0.metrics.fit_pending.set(0);
            return None;
        };
        let fit = self.fit_of(window);
        self.0.metrics.fit_pending.set(fit.is_none().into());
        Some(match fit {
            Some((claim, aic)) if aic <= known.aic => Choice { claim, aic, own: true },
            _ => known,
        })
    }

    fn fit_of(&self, window: &Arc<Window>) -> Option<Fit> {
        let mut jobs = self.0.jobs.lock();
        if let Some(fit) = jobs.done.get(&window.key) {
            return fit;
        }
        let waits = jobs.waiting.as_ref().is_some_and(|waiting| waiting.key == window.key);
        if !waits && jobs.running != Some(window.key) {
            jobs.waiting = Some(window.clone());
            self.0.changed.notify_one();
        }
        None
    }
}

impl Drop for Fitter {
    fn drop(&mut self) {
        self.0.jobs.lock().stopped = true;
        self.0.changed.notify_one();
    }
}

impl Shared {
    /// Waits for a window; `None` when the thread is to end.
    fn next(&self) -> Option<Arc<Window>> {
        let mut jobs = self.jobs.lock();
        loop {
            if jobs.stopped {
                return None;
            }
            if let Some(window) = jobs.waiting.take() {
                jobs.running = Some(window.key);
                return Some(window);
            }
            self.changed.wait(&mut jobs);
        }
    }

    fn finish(&self, key: WindowKey, fit: Option<Fit>) {
        let mut jobs = self.jobs.lock();
        jobs.running = None;
        jobs.done.keep(key, fit);
    }
}

/// The thread: window after window.
fn work(shared: &Shared, ready: &UnboundedSender<WindowKey>, fit: impl Fn(&[(u32, u32)]) -> Fit) {
    while let Some(window) = shared.next() {
        let pairs = &window.state.pairs;
        let begin = Instant::now();
        let fitted = guarded(|| fit(pairs));
        let took = begin.elapsed();
        match &fitted {
            Some((claim, aic)) => {
                shared.metrics.fits.inc();
                shared.metrics.fit_seconds.observe(took.as_secs_f64());
                debug!(
                    target: LOG_TARGET,
                    "Fitted {} pairs in {took:.1?}: {}, AIC {:.3}",
                    pairs.len(),
                    super::describe(claim),
                    super::to_aic(*aic),
                );
            }
            None => error!(
                target: LOG_TARGET,
                "The fit of {} pairs failed; blocks on them carry the best claim known",
                pairs.len(),
            ),
        }
        shared.finish(window.key, fitted);
        // Nobody listens any more only when the node stops.
        let _ = ready.unbounded_send(window.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{executor::block_on, StreamExt};
    use gridpeg_runtime_api::WindowState;
    use std::sync::mpsc::channel;

    const KNOWN: Fit = (Claim::INDEPENDENCE, 0);
    const BETTER: Fit = (Claim { family: 1, rotation: 0, parameters: [1 << 15, 0] }, -100);

    fn metrics() -> Metrics {
        Metrics::new(&gridpeg_header::forge::easy_parameters(), None).unwrap()
    }

    fn window_with(first: u32, least: Option<Fit>) -> Arc<Window> {
        let pairs = (0..40).map(|i| (first + i, i + 1)).collect();
        Arc::new(Window::new(WindowState { revision: 1, pairs, least, reference: 0 }))
    }

    fn window(first: u32) -> Arc<Window> {
        window_with(first, Some(KNOWN))
    }

    fn known() -> Option<Choice> {
        Some(Choice { claim: KNOWN.0, aic: KNOWN.1, own: false })
    }

    fn own((claim, aic): Fit) -> Option<Choice> {
        Some(Choice { claim, aic, own: true })
    }

    #[test]
    fn the_best_claim_known_answers_until_there_is_a_fit() {
        let (open, gate) = channel::<()>();
        let (fitter, mut ready) = Fitter::start_with(metrics(), move |_| {
            let _ = gate.recv();
            BETTER
        });
        let window = window(1);
        assert_eq!(fitter.claim_for(&window), known());
        assert_eq!(fitter.0.metrics.fit_pending.get(), 1);
        open.send(()).unwrap();
        assert_eq!(block_on(ready.next()), Some(window.key));
        assert_eq!(fitter.claim_for(&window), own(BETTER));
        assert_eq!((fitter.0.metrics.fit_pending.get(), fitter.0.metrics.fits.get()), (0, 1));
        // As soon as the chain knows a better one, that is carried; of equals our own.
        let with = |aic| window_with(1, Some((KNOWN.0, aic)));
        assert_eq!(fitter.claim_for(&with(BETTER.1)), own(BETTER));
        assert!(!fitter.claim_for(&with(BETTER.1 - 1)).unwrap().own);
    }

    #[test]
    fn too_few_pairs_have_no_claim_and_no_fit() {
        let (fitter, ready) = Fitter::start_with(metrics(), |_| BETTER);
        assert_eq!(fitter.claim_for(&window_with(1, None)), None);
        assert!(fitter.0.jobs.lock().waiting.is_none());
        drop(fitter);
        assert_eq!(block_on(ready.collect::<Vec<_>>()), Vec::<WindowKey>::new());
    }

    #[test]
    fn of_the_windows_that_wait_only_the_newest_is_fitted() {
        let (open, gate) = channel::<()>();
        let (begun, seen) = channel();
        let (fitter, mut ready) = Fitter::start_with(metrics(), move |pairs| {
            begun.send(pairs[0].0).unwrap();
            let _ = gate.recv();
            BETTER
        });
        let [first, second, third] = [100, 200, 300].map(window);
        fitter.claim_for(&first);
        assert_eq!(seen.recv().unwrap(), 100);
        for asked in [&second, &third, &third, &first] {
            assert_eq!(fitter.claim_for(asked), known());
        }
        drop(open);
        assert_eq!(block_on(ready.next()), Some(first.key));
        assert_eq!(block_on(ready.next()), Some(third.key));
        assert_eq!(seen.try_iter().collect::<Vec<_>>(), [300]);
        // Both are kept.
        assert_eq!([&first, &third].map(|window| fitter.claim_for(window)), [own(BETTER); 2]);
    }

    #[test]
    fn a_fit_that_fails_is_not_tried_again_and_others_go_on() {
        let (begun, seen) = channel();
        let (fitter, mut ready) = Fitter::start_with(metrics(), move |pairs| {
            begun.send(pairs[0].0).unwrap();
            assert_ne!(pairs[0].0, 100, "a fit that fails, on purpose");
            BETTER
        });
        let [bad, good] = [100, 200].map(window);
        for asked in [&bad, &good] {
            assert_eq!(fitter.claim_for(asked), known());
            assert_eq!(block_on(ready.next()), Some(asked.key));
        }
        assert_eq!(fitter.claim_for(&bad), known());
        assert_eq!(fitter.0.metrics.fit_pending.get(), 1);
        assert_eq!(fitter.claim_for(&good), own(BETTER));
        assert_eq!(fitter.0.metrics.fits.get(), 1);
        assert_eq!(seen.try_iter().collect::<Vec<_>>(), [100, 200]);
    }

    #[test]
    fn a_real_fit_is_as_good_as_what_it_replaces() {
        let (fitter, mut ready) = Fitter::start(metrics());
        let pairs: Vec<_> = (1..=60u32).map(|i| (i << 26, (i * 37 % 61) << 26)).collect();
        let (claim, reference) = gridpeg_copula::reference(&pairs);
        let state = WindowState { revision: 1, pairs, least: Some((claim, reference)), reference };
        let window = Arc::new(Window::new(state));
        fitter.claim_for(&window);
        assert_eq!(block_on(ready.next()), Some(window.key));
        let choice = fitter.claim_for(&window).unwrap();
        assert!(choice.own && choice.aic <= reference, "{choice:?} after {reference}");
        assert_eq!(gridpeg_copula::evaluate(&window.state.pairs, &choice.claim).unwrap(), choice.aic);
    }
}
