//! The client's types, and what the node reads from headers.

use crate::declared_api::RuntimeApi;
use gridpeg_header::{Header, JointHeader, PowParameters, Tip, H256};
use gridpeg_runtime_api::{market::MarketApi, HybridPowApi};
use polkadot_sdk::{
    sc_client_api::AuxStore,
    sc_executor::WasmExecutor,
    sc_service, sc_transaction_pool,
    sp_api::{ApiExt, ProvideRuntimeApi},
    sp_blockchain::{self, Error, HeaderBackend},
    sp_io,
    sp_runtime::{generic, AccountId32, OpaqueExtrinsic},
};

/// A block whose transactions only the runtime can read.
pub type Block = generic::Block<Header, OpaqueExtrinsic>;
/// BLAKE2b-256 of a sealed header: a block's hash.
pub type Hash = H256;
/// An account of either chain.
pub type AccountId = AccountId32;
/// Transactions that an account has made.
pub type AccountNonce = u32;
/// Runs the runtime. The stock host functions are all that the runtimes use.
pub type Executor = WasmExecutor<sp_io::SubstrateHostFunctions>;
/// The client.
pub type FullClient = sc_service::TFullClient<Block, RuntimeApi, Executor>;
/// Its database.
pub type FullBackend = sc_service::TFullBackend<Block>;
/// The transaction pool.
pub type Pool = sc_transaction_pool::TransactionPoolHandle<Block, FullClient>;

/// The chain's proof-of-work parameters. They are genesis values that never change; they are read at the best block
/// because the genesis state is pruned.
pub fn parameters(client: &FullClient) -> sp_blockchain::Result<PowParameters> {
    client
        .runtime_api()
        .parameters(client.info().best_hash)?
        .ok_or_else(|| Error::Backend("the chain spec has no hybridPow.parameters".into()))
}

/// Whether the chain has a market.
pub fn has_market(client: &FullClient) -> bool {
    client.runtime_api().has_api::<dyn MarketApi<Block>>(client.info().best_hash).unwrap_or(false)
}

/// What the children of a block are checked against, from its own header and its parent's.
pub fn tip_of(
    client: &impl HeaderBackend<Block>,
    parameters: &PowParameters,
    hash: Hash,
) -> sp_blockchain::Result<Tip> {
    let header = header_of(client, hash)?;
    if header.number == 0 {
        return Ok(Tip::genesis(hash, parameters));
    }
    let joint = decode(&header)?.joint;
    // Block 1 anchors time: genesis has none that a solve time could be measured from.
    let solve_time = match header.number {
        1 => None,
        _ => {
            let parent = decode(&header_of(client, header.parent_hash)?)?;
            Some(joint.time.saturating_sub(parent.joint.time))
        }
    };
    Ok(Tip { number: header.number, hash, time: joint.time, solve_time, target: joint.target, work: joint.work })
}

/// The decoded header of a stored block; `None` for genesis, which has no digest.
pub fn joint_header_of(client: &impl HeaderBackend<Block>, hash: Hash) -> sp_blockchain::Result<Option<JointHeader>> {
    let header = header_of(client, hash)?;
    (header.number > 0).then(|| decode(&header)).transpose()
}

/// Stores data next to the chain, all of it or none.
pub(crate) fn store(client: &impl AuxStore, entries: &[(Vec<u8>, Vec<u8>)]) -> sp_blockchain::Result<()> {
    let entries: Vec<(&[u8], &[u8])> = entries.iter().map(|(key, value)| (&key[..], &value[..])).collect();
    client.insert_aux(&entries, &[])
}

/// A header that must be there.
fn header_of(client: &impl HeaderBackend<Block>, hash: Hash) -> sp_blockchain::Result<Header> {
    client.header(hash)?.ok_or_else(|| Error::MissingHeader(format!("{hash:?}")))
}

/// Decodes a header that passed the import, so that it always decodes.
fn decode(header: &Header) -> sp_blockchain::Result<JointHeader> {
    JointHeader::from_header(header)
        .map_err(|error| Error::Backend(format!("stored header #{} does not decode: {error}", header.number)))
}
