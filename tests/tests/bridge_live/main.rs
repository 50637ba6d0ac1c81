//! The bridge between real nodes, carried by the real relayer.

mod history;
mod network;
mod pruned;
mod relaying;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// One test at a time: they measure.
fn alone() -> MutexGuard<'static, ()> {
    static RUNNING: Mutex<()> = Mutex::new(());
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}
