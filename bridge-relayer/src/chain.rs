//! A thin client of one chain's node: the few questions that relaying asks, and connecting.
//!
//! Nothing is compiled in from a runtime: answers of runtime calls are decoded with the shared primitives, transactions
//! are made from the metadata of the block they build on (see `transaction.rs`). The node is asked through its plain
//! RPC, which pins no blocks and so works on a chain whose best branch changes often.

use crate::{error::Error, names::ChainName};
use codec::{Decode, DecodeAll, Encode};
use gridpeg_header::{Header, JointHeader, Millis, PowParameters, H256, U256};
use gridpeg_messages::{units::Balance, LaneState, LeafProof, Nonce, OutboxLeaf};
use polkadot_sdk::sp_runtime::DispatchError;
use serde::Deserialize;
use std::sync::Arc;
use subxt::{
    backend::LegacyBackend,
    dynamic::{At, Value},
    rpcs::{
        self,
        client::{RpcClient, RpcParams, RpcSubscription},
        methods::{legacy::Bytes, LegacyRpcMethods},
        RpcConfig,
    },
    OnlineClient, SubstrateConfig,
};

/// The types in which the plain RPC answers.
pub(crate) enum Rpc {}

impl RpcConfig for Rpc {
    type Header = Header;
    type Hash = H256;
    type AccountId = subxt::utils::AccountId32;
}

/// Announcements of new best blocks.
pub(crate) type Heads = RpcSubscription<Header>;

/// A connection to one chain's node.
#[derive(Clone)]
pub(crate) struct Chain {
    /// Which chain.
    pub(crate) name: ChainName,
    /// Its genesis hash.
    pub(crate) genesis: H256,
    pub(crate) methods: LegacyRpcMethods<Rpc>,
    pub(crate) client: OnlineClient<SubstrateConfig>,
    rpc: RpcClient,
}

/// What of the best block is asked for all the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// Height.
    pub(crate) number: u32,
    /// Hash.
    pub(crate) hash: H256,
    /// Timestamp; 0 for genesis, which has none.
    pub(crate) time: Millis,
    /// Cumulative base work; 0 for genesis.
    pub(crate) work: U256,
}

/// What the `joint_*` methods answer, as far as it is needed.
#[derive(Deserialize)]
struct ProofAnswer {
    encoded: Bytes,
}

impl Chain {
    /// Connects to a node.
    pub(crate) async fn connect(name: ChainName, url: &str) -> Result<Self, Error> {
        let lost = |reason: String| Error::Connection { chain: name, reason: format!("{url}: {reason}") };
        let rpc = RpcClient::from_insecure_url(url).await.map_err(|error| lost(error.to_string()))?;
        let backend = LegacyBackend::<SubstrateConfig>::builder().build(rpc.clone());
        let client = OnlineClient::<SubstrateConfig>::from_backend(Arc::new(backend))
            .await
            .map_err(|error| lost(error.to_string()))?;
        Ok(Self { name, genesis: client.genesis_hash(), methods: LegacyRpcMethods::new(rpc.clone()), client, rpc })
    }

    /// Announcements of new best blocks, from now on.
    pub(crate) async fn heads(&self) -> Result<Heads, Error> {
        let heads = self.methods.chain_subscribe_new_heads().await;
        heads.map_err(|error| self.rpc_error("chain_subscribeNewHeads", error))
    }

    /// Hash of the best block.
    pub(crate) async fn best_hash(&self) -> Result<H256, Error> {
        let hash = self.methods.chain_get_block_hash(None).await;
        let hash = hash.map_err(|error| self.rpc_error("chain_getBlockHash", error))?;
        hash.ok_or_else(|| Error::Data(format!("{} chain: the node has no best block", self.name)))
    }

    /// Hash of the block at a height on the node's best branch.
    pub(crate) async fn hash_at(&self, number: u32) -> Result<Option<H256>, Error> {
        let hash = self.methods.chain_get_block_hash(Some(number.into())).await;
        hash.map_err(|error| self.rpc_error("chain_getBlockHash", error))
    }

    /// The header of a block. It has the hash that was asked for.
    pub(crate) async fn header(&self, hash: H256) -> Result<Header, Error> {
        let header = self.methods.chain_get_header(Some(hash)).await;
        let header = header.map_err(|error| self.rpc_error("chain_getHeader", error))?;
        let header = header.ok_or_else(|| {
            Error::Data(format!("{} chain: the node does not know block {hash:?}; it may still be syncing", self.name))
        })?;
        if header.hash() != hash {
            return Err(Error::Data(format!("{} chain: the node gives another header for block {hash:?}", self.name)));
        }
        Ok(header)
    }

    /// The header at a height on the node's best branch.
    pub(crate) async fn header_at(&self, number: u32) -> Result<Header, Error> {
        let hash = self.hash_at(number).await?;
        let hash = hash.ok_or_else(|| Error::Data(format!("{} chain: there is no block #{number} now", self.name)))?;
        self.header(hash).await
    }

    /// The best block.
    pub(crate) async fn head(&self) -> Result<Head, Error> {
        let header = self.header(self.best_hash().await?).await?;
        self.describe(&header)
    }

    /// What of a block's header is needed.
    pub(crate) fn describe(&self, header: &Header) -> Result<Head, Error> {
        if header.number == 0 {
            return Ok(Head { number: 0, hash: header.hash(), time: 0, work: U256::zero() });
        }
        let joint = self.decode(header)?;
        Ok(Head { number: joint.number, hash: joint.hash, time: joint.joint.time, work: joint.joint.work })
    }

    /// Decodes a header of this chain, which is not genesis.
    pub(crate) fn decode(&self, header: &Header) -> Result<JointHeader, Error> {
        JointHeader::decode(&header.encode()).map_err(|error| refused(self.name, header, error))
    }

    /// Calls a runtime API at a block. `arguments` are SCALE-encoded.
    pub(crate) async fn api<T: Decode>(&self, function: &str, arguments: &[u8], at: H256) -> Result<T, Error> {
        let answer = self.methods.state_call(function, Some(arguments), Some(at)).await;
        let answer = answer.map_err(|error| self.rpc_error(function, error))?;
        T::decode_all(&mut &answer[..]).map_err(|error| self.decode_error(function, error))
    }

    /// The name of an error that a runtime call answered with: `Pallet.Error` if it is a pallet's.
    pub(crate) async fn error_name(&self, error: DispatchError, at: H256) -> String {
        let named = match (&error, self.client.at_block(at).await) {
            (DispatchError::Module(module), Ok(block)) => {
                block.metadata_ref().pallet_by_error_index(module.index).and_then(|pallet| {
                    let variant = pallet.error_variant_by_index(module.error[0])?;
                    Some(format!("{}.{}", pallet.name(), variant.name))
                })
            }
            _ => None,
        };
        named.unwrap_or_else(|| format!("{error:?}"))
    }

    /// The chain's proof-of-work parameters; `None` in a genesis without them.
    pub(crate) async fn parameters(&self, at: H256) -> Result<Option<PowParameters>, Error> {
        self.api("HybridPowApi_parameters", &[], at).await
    }

    /// The proof of an open message against the cross-chain root of a block.
    pub(crate) async fn message_proof(&self, nonce: Nonce, at: H256) -> Result<LeafProof, Error> {
        self.leaf_proof("joint_proof", Some(nonce), at).await
    }

    /// The proof of the receipt of the counterpart's message with this nonce.
    pub(crate) async fn receipt_proof(&self, nonce: Nonce, at: H256) -> Result<LeafProof, Error> {
        self.leaf_proof("joint_receipt", Some(nonce), at).await
    }

    /// The proof of the lanes' state.
    pub(crate) async fn state_proof(&self, at: H256) -> Result<LeafProof, Error> {
        self.leaf_proof("joint_lanes", None, at).await
    }

    /// The lanes' state, also at a block whose state is pruned. Unproven.
    pub(crate) async fn lane_state(&self, at: H256) -> Result<LaneState, Error> {
        match self.state_proof(at).await?.leaf {
            OutboxLeaf::State(state) => Ok(state),
            other => Err(self.decode_error("joint_lanes", format!("it is no state: {other:?}"))),
        }
    }

    async fn leaf_proof(&self, function: &str, nonce: Option<Nonce>, at: H256) -> Result<LeafProof, Error> {
        let mut params = RpcParams::new();
        if let Some(nonce) = nonce {
            params.push(nonce).map_err(|error| self.rpc_error(function, error))?;
        }
        params.push(at).map_err(|error| self.rpc_error(function, error))?;
        let answer = self.rpc.request::<ProofAnswer>(function, params).await;
        let answer = answer.map_err(|error| self.rpc_error(function, error))?;
        LeafProof::decode_all(&mut &answer.encoded[..]).map_err(|error| self.decode_error(function, error))
    }

    /// Free balance of an account, in the coin's smallest unit. 0 for an account that does not exist.
    pub(crate) async fn balance(&self, account: [u8; 32], at: H256) -> Result<Balance, Error> {
        let what = "System.Account";
        let failed = |error: subxt::Error| self.decode_error(what, error);
        let block = self.client.at_block(at).await.map_err(|error| failed(error.into()))?;
        let address = subxt::dynamic::storage::<([u8; 32],), Value>("System", "Account");
        let stored = block.storage().fetch(address, (account,)).await.map_err(|error| failed(error.into()))?;
        let value = stored.decode().map_err(|error| failed(error.into()))?;
        let free = value.at("data").at("free").and_then(|free| free.as_u128());
        free.ok_or_else(|| self.decode_error(what, "data.free is missing"))
    }

    /// An answer that is not understood.
    pub(crate) fn decode_error(&self, call: &str, reason: impl std::fmt::Display) -> Error {
        Error::Decode { chain: self.name, call: call.into(), reason: reason.to_string() }
    }

    /// Tells a node's refusal from a lost connection.
    pub(crate) fn rpc_error(&self, call: &str, error: rpcs::Error) -> Error {
        match error {
            rpcs::Error::User(answer) => {
                // The code says little; what is wrong with a transaction stands in the data.
                let data = answer.data.as_ref().map(|data| format!(": {}", data.get())).unwrap_or_default();
                Error::Refused {
                    chain: self.name,
                    call: call.into(),
                    code: answer.code,
                    reason: format!("{answer}{data}"),
                }
            }
            error @ (rpcs::Error::Client(_) | rpcs::Error::DisconnectedWillReconnect(_)) => {
                Error::Connection { chain: self.name, reason: format!("{call}: {error}") }
            }
            other => self.decode_error(call, other),
        }
    }
}

/// A header that the destination would refuse.
pub(crate) fn refused(source: ChainName, header: &Header, error: impl std::fmt::Display) -> Error {
    let (number, hash) = (header.number, header.hash());
    Error::Data(format!("{source} chain: header #{number} {hash:?} would be refused: {error}"))
}
