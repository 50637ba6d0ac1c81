//! The windows of price pairs that claims are about.
//!
//! A block's claim is about the pairs that its parent's state holds. Both the miner and the import ask for them,
//! several times per block, so the last few answers of the runtime are kept, by parent: they never change.

use crate::{
    client::{FullClient, Hash},
    recent::Recent,
};
use codec::Encode;
use gridpeg_runtime_api::{AnalysisApi, WindowState};
use parking_lot::Mutex;
use polkadot_sdk::{sp_api::ProvideRuntimeApi, sp_blockchain, sp_crypto_hashing::blake2_256};
use std::sync::Arc;

/// Windows kept. Each has at most 1,024 pairs: 8 kB.
const KEPT: usize = 16;

/// What a fit belongs to: BLAKE2b-256 of the pairs. Not the runtime's revision number, which may mean different pairs
/// on different branches.
pub type WindowKey = [u8; 32];

/// The window that the claims of a block's children are about.
#[derive(Clone, Debug)]
pub struct Window {
    /// Names the pairs.
    pub key: WindowKey,
    /// The pairs, and the best claim known for them.
    pub state: WindowState,
}

impl Window {
    /// Names a window.
    pub fn new(state: WindowState) -> Self {
        Self { key: state.pairs.using_encoded(blake2_256), state }
    }
}

/// Asks for windows, and keeps the last ones.
#[derive(Clone)]
pub struct Windows {
    client: Arc<FullClient>,
    /// By parent.
    kept: Arc<Mutex<Recent<Hash, Arc<Window>, KEPT>>>,
}

impl Windows {
    /// Asks this client's runtimes.
    pub fn new(client: Arc<FullClient>) -> Self {
        Self { client, kept: Arc::default() }
    }

    /// The window that the claims of a block's children are about. An error if the block is unknown, or its state is
    /// pruned and nobody has asked lately.
    pub fn of_children(&self, parent: Hash) -> sp_blockchain::Result<Arc<Window>> {
        if let Some(window) = self.kept.lock().get(&parent) {
            return Ok(window);
        }
        let window = Arc::new(Window::new(self.client.runtime_api().window(parent)?));
        self.kept.lock().keep(parent, window.clone());
        Ok(window)
    }
}
