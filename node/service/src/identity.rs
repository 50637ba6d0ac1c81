//! What the counterpart chain must know of a chain before it runs: its genesis hash and proof-of-work parameters.

use crate::client::{Block, Executor};
use codec::DecodeAll;
use gridpeg_header::{PowParameters, H256};
use polkadot_sdk::{
    sc_chain_spec::{BuildGenesisBlock, ChainSpec, GenesisBlockBuilder},
    sc_client_api::in_mem,
    sp_core::{
        storage::{well_known_keys, Storage},
        traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode},
    },
    sp_crypto_hashing::blake2_256,
    sp_runtime::traits::Block as _,
    sp_state_machine::BasicExternalities,
};
use serde::Serialize;
use std::sync::Arc;

/// A chain's identity, as `chain-identity` prints it:
/// `{"genesisHash": "0x…", "parameters": {"blockTime": 3000, …}}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChainIdentity {
    /// Hash of block 0.
    pub genesis_hash: H256,
    /// The chain's proof-of-work parameters.
    pub parameters: PowParameters,
}

impl ChainIdentity {
    /// Computes a spec's identity in memory: no database, no network, no logs.
    pub fn of(spec: &dyn ChainSpec) -> Result<Self, String> {
        let storage = spec.as_storage_builder().build_storage()?;
        let executor = Executor::builder().build();
        Ok(Self { parameters: parameters(&executor, &storage)?, genesis_hash: genesis_hash(executor, storage)? })
    }
}

/// A spec's genesis hash, computed in memory.
pub fn genesis_hash_of(spec: &dyn ChainSpec) -> Result<H256, String> {
    genesis_hash(Executor::builder().build(), spec.as_storage_builder().build_storage()?)
}

/// Asks the runtime in the genesis state.
fn parameters(executor: &Executor, storage: &Storage) -> Result<PowParameters, String> {
    let code = storage.top.get(well_known_keys::CODE).ok_or("the chain spec has no runtime")?;
    let fetcher = WrappedRuntimeCode(code.as_slice().into());
    let runtime = RuntimeCode { code_fetcher: &fetcher, heap_pages: None, hash: blake2_256(code).to_vec() };
    let mut state = BasicExternalities::new(storage.clone());
    let (answer, _) = executor.call(&mut state, &runtime, "HybridPowApi_parameters", &[], CallContext::Offchain);
    let bytes = answer.map_err(|error| format!("the runtime does not tell its parameters: {error}"))?;
    Option::<PowParameters>::decode_all(&mut &bytes[..])
        .map_err(|error| format!("the runtime's parameters do not decode: {error}"))?
        .ok_or_else(|| "the chain spec has no hybridPow.parameters".into())
}

fn genesis_hash(executor: Executor, storage: Storage) -> Result<H256, String> {
    let backend = Arc::new(in_mem::Backend::<Block>::new());
    let builder = GenesisBlockBuilder::<Block, _, _>::new_with_storage(storage, false, backend, executor);
    let (block, _) = builder
        .and_then(|builder| builder.build_genesis_block())
        .map_err(|error| format!("the genesis block cannot be built: {error}"))?;
    Ok(block.hash())
}
