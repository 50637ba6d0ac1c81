//! Transactions, made from a node's own metadata.

use crate::{node::Node, rpc::block_on, wait_for};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use subxt::{
    backend::LegacyBackend, config::SubstrateExtrinsicParamsBuilder, tx::Payload, OnlineClient, SubstrateConfig,
};
use subxt_signer::sr25519::Keypair;

/// What a node's metadata is asked through.
pub type Client = OnlineClient<SubstrateConfig>;

/// Connects to a node.
pub fn connect(node: &Node) -> Client {
    let backend = LegacyBackend::<SubstrateConfig>::builder().build(node.client());
    block_on(Client::from_backend(Arc::new(backend))).unwrap_or_else(|error| panic!("{}: {error}", node.name()))
}

/// A call signed by an account, 0x hex. Counts what waits in the pool: a test may send several.
pub fn signed(node: &Node, client: &Client, signer: &Keypair, call: &impl Payload) -> String {
    let account = signer.public_key().to_account_id().to_string();
    let nonce = node.call("system_accountNextIndex", &[json!(account)]).as_u64().unwrap_or_default();
    let best = node.best_hash();
    let signed = block_on(async {
        let at = client.at_block(best).await.map_err(|error| error.to_string())?;
        let params = SubstrateExtrinsicParamsBuilder::<SubstrateConfig>::new().nonce(nonce).build();
        let signed = at.transactions().create_signed(call, signer, params).await.map_err(|error| error.to_string())?;
        Ok::<_, String>(format!("0x{}", hex::encode(signed.encoded())))
    });
    signed.unwrap_or_else(|error| panic!("{}: {error}", node.name()))
}

/// Sends a transaction and waits for the block that has it; that block's height.
pub fn include(node: &Node, transaction: &str, patience: Duration) -> u32 {
    let mut looked = node.height();
    node.call("author_submitExtrinsic", &[json!(transaction)]);
    wait_for("the transaction's block", patience, || {
        while looked < node.height() {
            looked += 1;
            let block = node.call("chain_getBlock", &[json!(node.hash_at(looked))]);
            let extrinsics = block["block"]["extrinsics"].as_array();
            if extrinsics.is_some_and(|extrinsics| extrinsics.contains(&json!(transaction))) {
                return Some(looked);
            }
        }
        None
    })
}
