//! Finality by depth.
//!
//! Proof of work alone never finalizes, but state pruning, the transaction pool, `chainHead` and most clients wait for
//! finality. So a block is final once K blocks are above it on the best chain (K: `finalityDepth`, at most 127).
//!
//! Not during the initial sync: a node that finalized what its first peer told it could lock itself out of the chain.
//! That protects a sync of up to 4,096 blocks; beyond that the client makes blocks canonical by itself, and a node whose
//! first peer gave it a longer chain that is not the heaviest one has to be purged. Checkpoints help against that.

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
use std::{sync::Arc, time::Duration};
use tokio::time::interval;

const LOG_TARGET: &str = "finality";

/// How often to look whether there is something to finalize, besides at every new best block.
const LOOK: Duration = Duration::from_secs(5);

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
    let mut look = interval(LOOK);
    loop {
        tokio::select! {
            Some(imported) = imports.next() => if !imported.is_new_best {
                continue;
            },
            // Blocks of a sync are not announced, nor is its end.
            _ = look.tick() => {}
        }
        if catching_up.is_catching_up() {
            continue;
        }
        if let Err(error) = finalize_at_depth(&client, &block_import, depth).await {
            warn!(target: LOG_TARGET, "Cannot finalize {depth} blocks below the best one: {error}");
        }
    }
}

/// Finalizes up to the block `depth` below the best one. Does nothing if that is final already.
pub async fn finalize_at_depth(
    client: &FullClient,
    block_import: &JointBlockImport,
    depth: BlockNumber,
) -> sp_blockchain::Result<()> {
    loop {
        // No reorganisation within a step: what is K deep now is K deep when it is finalized. Imports go between steps.
        let _guard = block_import.exclusive().await;
        if !finalize_step(client, depth)? {
            return Ok(());
        }
    }
}

/// Finalizes at most [`STEP`] blocks; whether there are more.
fn finalize_step(client: &FullClient, depth: BlockNumber) -> sp_blockchain::Result<bool> {
    let info = client.info();
    let last = info.best_number.saturating_sub(depth);
    if last <= info.finalized_number {
        return Ok(false);
    }
    let next = info.finalized_number.saturating_add(STEP).min(last);
    let hash = match HeaderBackend::<Block>::hash(client, next)? {
        Some(hash) if next < last => hash,
        _ => ancestor(client, info.best_hash, depth)?,
    };
    Finalizer::<Block, FullBackend>::finalize_block(client, hash, None, true)?;
    debug!(target: LOG_TARGET, "Finalized #{next} ({hash:?}), the best block is #{}", info.best_number);
    Ok(next < last)
}

/// The ancestor `depth` blocks below a block.
fn ancestor(client: &FullClient, hash: Hash, depth: BlockNumber) -> sp_blockchain::Result<Hash> {
    (0..depth).try_fold(hash, |hash, _| Ok(client.header_metadata(hash)?.parent))
}
