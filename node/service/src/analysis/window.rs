//! The windows of price pairs that claims are about, and what claims are worth.
//!
//! A block's claim is about the pairs that its parent's state holds, and is judged by the code in that state: this
//! binary's own may be older or newer. Both the miner and the import ask, several times per block, so the last few
//! answers of the runtime are kept, by parent: they never change.

use crate::{
    client::{FullClient, Hash},
    recent::Recent,
};
use codec::Encode;
use gridpeg_copula::Claim;
use gridpeg_runtime_api::{AnalysisApi, ClaimError, WindowState, Worth};
use parking_lot::Mutex;
use polkadot_sdk::{sp_api::ProvideRuntimeApi, sp_blockchain, sp_crypto_hashing::blake2_256};
use std::sync::Arc;

/// Windows kept. Each has at most 1,024 pairs: 8 kB.
const KEPT: usize = 16;
/// Judged claims kept: those of blocks side by side, and the miner's own.
const JUDGED: usize = 64;

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

/// What a claim is worth to a child of a block, or why it may have none or not this one.
pub type Judged = Result<Worth, ClaimError>;

/// Asks for windows and what claims on them are worth, and keeps the last answers.
#[derive(Clone)]
pub struct Windows {
    client: Arc<FullClient>,
    /// By parent.
    kept: Arc<Mutex<Recent<Hash, Arc<Window>, KEPT>>>,
    /// By parent and claim.
    judged: Arc<Mutex<Recent<(Hash, Claim), Judged, JUDGED>>>,
}

impl Windows {
    /// Asks this client's runtimes.
    pub fn new(client: Arc<FullClient>) -> Self {
        Self { client, kept: Arc::default(), judged: Arc::default() }
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

    /// What a claim is worth to a child of this block. Errors as [`Self::of_children`] has.
    pub fn worth(&self, parent: Hash, claim: Claim) -> sp_blockchain::Result<Judged> {
        if let Some(judged) = self.judged.lock().get(&(parent, claim)) {
            return Ok(judged);
        }
        let judged = self.client.runtime_api().worth(parent, claim)?;
        self.judged.lock().keep((parent, claim), judged);
        Ok(judged)
    }
}
