//! Finality by depth.
//!
//! Proof of work alone never finalizes, but state pruning, the transaction pool, `chainHead` and most clients wait for
//! finality. So a block is final once K blocks are above it on the best chain (K: `finalityDepth`, at most 127).
//!
//! Not during the initial sync: a node that finalized what its first peer told it could lock itself out of the chain.

use crate::{
    catching_up::CatchingUp,
    client::{Block, FullBackend, FullClient, Hash},
    import::JointBlockImport,
};
use futures::StreamExt;
use gridpeg_header::BlockNumber;
use log::{debug, warn};
use polkadot_sdk::{
    sc_client_api::{BlockchainEvents, Finalizer},
    sp_blockchain::{self, HeaderBackend, HeaderMetadata},
};
use std::sync::Arc;

const LOG_TARGET: &str = "finality";

/// Blocks finalized at once after a sync, so that no single database transaction grows with the chain.
const STEP: BlockNumber = 256;

/// Finalizes the best chain at `depth` for as long as the node runs.
pub async fn run(
    client: Arc<FullClient>,
    block_import: JointBlockImport,
    catching_up: Arc<CatchingUp>,
    depth: BlockNumber,
) {
    let mut imports = client.import_notification_stream();
    while let Some(imported) = imports.next().await {
        if !imported.is_new_best || catching_up.is_catching_up() {
            continue;
        }
        // No reorganisation in between: what is K deep now is K deep when it is finalized.
        let _guard = block_import.exclusive().await;
        if let Err(error) = finalize_at_depth(&client, depth) {
            warn!(target: LOG_TARGET, "Cannot finalize {depth} blocks below #{}: {error}", imported.header.number);
        }
    }
}

/// Finalizes up to the block `depth` below the best one. Does nothing if that is final already. To be called while the
/// import is locked.
pub fn finalize_at_depth(client: &FullClient, depth: BlockNumber) -> sp_blockchain::Result<()> {
    let info = client.info();
    let last = info.best_number.saturating_sub(depth);
    if last <= info.finalized_number {
        return Ok(());
    }
    let mut next = info.finalized_number.saturating_add(STEP);
    while next < last {
        if let Some(hash) = HeaderBackend::<Block>::hash(client, next)? {
            finalize(client, hash)?;
        }
        next = next.saturating_add(STEP);
    }
    let hash = ancestor(client, info.best_hash, depth)?;
    finalize(client, hash)?;
    debug!(target: LOG_TARGET, "Finalized #{last} ({hash:?}), {depth} below #{}", info.best_number);
    Ok(())
}

fn finalize(client: &FullClient, hash: Hash) -> sp_blockchain::Result<()> {
    Finalizer::<Block, FullBackend>::finalize_block(client, hash, None, true)
}

/// The ancestor `depth` blocks below a block.
fn ancestor(client: &FullClient, hash: Hash, depth: BlockNumber) -> sp_blockchain::Result<Hash> {
    (0..depth).try_fold(hash, |hash, _| Ok(client.header_metadata(hash)?.parent))
}
