//! A thin client of one chain's node: the few questions that relaying asks, and connecting.
//!
//! Nothing is compiled in from a runtime: answers of runtime calls are decoded with the shared primitives, transactions
//! are made from the metadata of the block they build on (see `transaction.rs`). The node is asked through its plain
//! RPC, which pins no blocks and so works on a chain whose best branch changes often.

use crate::error::Error;
use codec::{Decode, DecodeAll};
use gridpeg_header::{Header, H256};
use gridpeg_messages::{units::Balance, MessageProof, Nonce};
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

/// One of the two chains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChainName {
    /// The electricity chain.
    Electricity,
    /// The carbon chain.
    Carbon,
}

impl ChainName {
    /// The name as it stands in logs, labels and option names.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Electricity => "electricity",
            Self::Carbon => "carbon",
        }
    }
}

impl std::fmt::Display for ChainName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

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

/// What `joint_proof` answers, as far as it is needed.
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

    /// Calls a runtime API at a block. `arguments` are SCALE-encoded.
    pub(crate) async fn api<T: Decode>(&self, function: &str, arguments: &[u8], at: H256) -> Result<T, Error> {
        let answer = self.methods.state_call(function, Some(arguments), Some(at)).await;
        let answer = answer.map_err(|error| self.rpc_error(function, error))?;
        T::decode_all(&mut &answer[..]).map_err(|error| self.decode_error(function, error))
    }

    /// The proof of an open message against the cross-chain root of a block.
    pub(crate) async fn message_proof(&self, nonce: Nonce, at: H256) -> Result<MessageProof, Error> {
        let function = "joint_proof";
        let mut params = RpcParams::new();
        params.push(nonce).map_err(|error| self.rpc_error(function, error))?;
        params.push(at).map_err(|error| self.rpc_error(function, error))?;
        let answer = self.rpc.request::<ProofAnswer>(function, params).await;
        let answer = answer.map_err(|error| self.rpc_error(function, error))?;
        MessageProof::decode_all(&mut &answer.encoded[..]).map_err(|error| self.decode_error(function, error))
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

    fn decode_error(&self, call: &str, reason: impl std::fmt::Display) -> Error {
        Error::Decode { chain: self.name, call: call.into(), reason: reason.to_string() }
    }

    /// Tells a node's refusal from a lost connection.
    pub(crate) fn rpc_error(&self, call: &str, error: rpcs::Error) -> Error {
        match error {
            rpcs::Error::User(answer) => {
                // The code says little; what is wrong with a transaction stands in the data.
                let data = answer.data.as_ref().map(|data| format!(": {}", data.get())).unwrap_or_default();
                Error::Refused { chain: self.name, call: call.into(), reason: format!("{answer}{data}") }
            }
            error @ (rpcs::Error::Client(_) | rpcs::Error::DisconnectedWillReconnect(_)) => {
                Error::Connection { chain: self.name, reason: format!("{call}: {error}") }
            }
            other => self.decode_error(call, other),
        }
    }
}
