//! Whether the node is still catching up with its peers.
//!
//! Mining and finality wait while it is: a node that finalized what its first peer told it, or mined on a half of the
//! chain, could lock itself out. Substrate's own answer is not enough by itself: it calls a node syncing for as long as
//! peers claim a chain that is much longer, and they may claim what they do not have, or follow a branch that leaves
//! ours below the finalized block. So a node that was in step with its peers before, and then gets no further for
//! [`STALL`] however long a chain they claim, goes on by itself.

use crate::client::{Block, FullClient};
use gridpeg_header::BlockNumber;
use log::warn;
use parking_lot::Mutex;
use polkadot_sdk::{sc_network_sync::SyncingService, sp_blockchain::HeaderBackend, sp_consensus::SyncOracle};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

const LOG_TARGET: &str = "pow";

/// How long a sync may bring no block before a node that was synced goes on; also how long a node must be in step with
/// its peers to count as synced.
pub const STALL: Duration = Duration::from_secs(60);

/// Watches the sync.
pub struct CatchingUp {
    client: Arc<FullClient>,
    sync: Arc<SyncingService<Block>>,
    progress: Mutex<Progress>,
}

impl CatchingUp {
    /// Begins to watch.
    pub fn new(client: Arc<FullClient>, sync: Arc<SyncingService<Block>>) -> Self {
        Self { client, sync, progress: Mutex::new(Progress::new(Instant::now())) }
    }

    /// Whether to wait. To be asked every few seconds.
    pub fn is_catching_up(&self) -> bool {
        let seen = Seen {
            syncing: self.sync.is_major_syncing(),
            alone: self.sync.is_offline(),
            best: self.client.info().best_number,
        };
        let mut progress = self.progress.lock();
        let gave_up = progress.gave_up;
        let waits = progress.observe(seen, Instant::now());
        if progress.gave_up && !gave_up {
            warn!(
                target: LOG_TARGET,
                "Peers claim a much longer chain, but for {} s they have sent no block of it that this node takes; going \
                 on without it. If they were separated from this node for more blocks than the finality depth, somebody \
                 has to decide which branch stays.",
                STALL.as_secs(),
            );
        }
        waits
    }
}

/// What the sync says at a moment.
#[derive(Clone, Copy)]
struct Seen {
    syncing: bool,
    alone: bool,
    best: BlockNumber,
}

/// What it has said so far.
struct Progress {
    /// Whether the node has ever been in step with peers.
    synced: bool,
    /// Whether the present sync was given up.
    gave_up: bool,
    /// The highest best block of the present sync, or 0.
    best: BlockNumber,
    /// When that was reached, or when the node came in step.
    since: Instant,
    in_step: bool,
}

impl Progress {
    fn new(now: Instant) -> Self {
        Self { synced: false, gave_up: false, best: 0, since: now, in_step: false }
    }

    fn observe(&mut self, seen: Seen, now: Instant) -> bool {
        let in_step = !seen.syncing && !seen.alone;
        // Alone a node is neither: it may not even have found those who know more.
        let changed = in_step != self.in_step || (seen.syncing && seen.best > self.best);
        if changed {
            self.since = now;
        }
        self.in_step = in_step;
        self.best = if seen.syncing { seen.best.max(self.best) } else { 0 };
        let long = now.saturating_duration_since(self.since) >= STALL;
        self.synced |= in_step && long;
        // Once given up, own blocks are no progress of the sync.
        self.gave_up = seen.syncing && (self.gave_up || self.synced && long);
        seen.syncing && !self.gave_up
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IN_STEP: Seen = Seen { syncing: false, alone: false, best: 7 };
    const SYNCING: Seen = Seen { syncing: true, alone: false, best: 7 };

    /// What `observe` answers to a sequence of moments, in seconds.
    fn answers(moments: &[(u64, Seen)]) -> Vec<bool> {
        let begin = Instant::now();
        let mut progress = Progress::new(begin);
        moments.iter().map(|(at, seen)| progress.observe(*seen, begin + Duration::from_secs(*at))).collect()
    }

    #[test]
    fn a_node_in_its_first_sync_waits_however_long_it_takes() {
        let alone = Seen { alone: true, ..IN_STEP };
        assert_eq!(answers(&[(0, alone), (1, SYNCING), (100, SYNCING), (9_999, SYNCING)]), [false, true, true, true]);
        // A moment in step is not enough.
        assert_eq!(answers(&[(0, IN_STEP), (1, SYNCING), (9_999, SYNCING)]), [false, true, true]);
    }

    #[test]
    fn a_node_that_was_in_step_waits_while_blocks_come() {
        let higher = |by: u32| Seen { best: 7 + by, ..SYNCING };
        let moments = [
            (0, IN_STEP),
            (61, IN_STEP),
            (62, SYNCING),
            (100, higher(1)),
            (159, higher(1)),
            (160, higher(1)),
            (161, higher(2)),
        ];
        assert_eq!(answers(&moments), [false, false, true, true, true, false, false]);
    }

    #[test]
    fn a_node_that_gave_up_does_not_wait_at_its_own_next_block() {
        let higher = |by: u32| Seen { best: 7 + by, ..SYNCING };
        let moments = [
            (0, IN_STEP),
            (60, IN_STEP),
            (61, SYNCING),
            (121, SYNCING),
            (140, higher(1)),
            (160, higher(2)),
            (161, IN_STEP),
            (162, SYNCING),
        ];
        assert_eq!(answers(&moments), [false, false, true, false, false, false, false, true]);
    }

    #[test]
    fn being_alone_is_not_being_in_step() {
        let alone = Seen { alone: true, ..IN_STEP };
        assert_eq!(answers(&[(0, alone), (500, alone), (501, SYNCING), (999, SYNCING)]), [false, false, true, true]);
    }
}
