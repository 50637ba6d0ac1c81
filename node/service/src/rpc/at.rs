//! The block that a method answers about.

use super::errors::Error;
use crate::client::{Block, FullClient, Hash};
use polkadot_sdk::{sp_blockchain::HeaderBackend, sp_consensus::BlockStatus};

/// A block whose state is there: this one, or the best; with its number.
pub(super) fn state_at(client: &FullClient, at: Option<Hash>) -> Result<(Hash, u32), Error> {
    let block = at.unwrap_or_else(|| client.info().best_hash);
    let header =
        HeaderBackend::<Block>::header(client, block).map_err(Error::failed)?.ok_or(Error::UnknownBlock(block))?;
    if client.block_status(block).map_err(Error::failed)? == BlockStatus::InChainPruned {
        return Err(Error::BlockPruned(block));
    }
    Ok((block, header.number))
}
