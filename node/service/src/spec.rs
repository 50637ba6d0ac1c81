//! Chain specs.
//!
//! `dev` and `local` come from the runtime's genesis presets; everything else is a path to a JSON spec, as
//! `export-chain-spec` writes it.

use crate::Network;
use gridpeg_header::{PowParameters, H256};
use gridpeg_messages::units;
use polkadot_sdk::{
    sc_chain_spec::{self, ChainType, GenericChainSpec},
    sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET},
};
use serde_json::{json, Value};
use std::path::Path;

/// A chain spec of either chain.
pub type ChainSpec = GenericChainSpec;

/// The spec that `--chain ID` means. No id is `local`.
pub fn load(network: &Network, id: &str) -> Result<ChainSpec, String> {
    match id {
        "dev" => built_in(network, "dev", "Development", ChainType::Development, DEV_RUNTIME_PRESET),
        "" | "local" => built_in(network, "local", "Local Testnet", ChainType::Local, LOCAL_TESTNET_RUNTIME_PRESET),
        path => from_file(Path::new(path)),
    }
}

fn built_in(network: &Network, id: &str, name: &str, chain_type: ChainType, preset: &str) -> Result<ChainSpec, String> {
    let wasm = network.wasm.ok_or_else(|| {
        format!("this binary was built without its runtime, so it has no `{id}` chain: build without SKIP_WASM_BUILD")
    })?;
    let properties = [
        ("ss58Format", json!(network.ss58_format)),
        ("tokenSymbol", json!(units::SYMBOL)),
        ("tokenDecimals", json!(units::DECIMALS)),
    ];
    Ok(ChainSpec::builder(wasm, None)
        .with_name(&format!("{} {name}", network.name))
        .with_id(&format!("{}_{id}", network.id))
        .with_protocol_id(network.id)
        .with_chain_type(chain_type)
        .with_properties(properties.into_iter().map(|(key, value)| (key.to_string(), value)).collect())
        .with_genesis_config_preset_name(preset)
        .build())
}

fn from_file(path: &Path) -> Result<ChainSpec, String> {
    if !path.is_file() {
        return Err(format!(
            "there is no chain `{}`: give `dev`, `local` or the path of a JSON chain spec",
            path.display()
        ));
    }
    ChainSpec::from_json_file(path.to_path_buf())
        .map_err(|error| format!("`{}` is not a chain spec: {error}", path.display()))
}

/// The spec with the counterpart chain named in its genesis: `lightClient.anchor = { genesis, parameters }`.
///
/// Fails on a raw spec, whose genesis is storage and cannot be patched any more.
pub fn with_anchor(
    spec: &dyn sc_chain_spec::ChainSpec,
    genesis: H256,
    parameters: &PowParameters,
) -> Result<ChainSpec, String> {
    parameters.check().map_err(|error| format!("the counterpart's parameters: {error}"))?;
    let mut json: Value = serde_json::from_str(&spec.as_json(false)?).map_err(|error| error.to_string())?;
    let config = config_of(&mut json)
        .ok_or("a raw chain spec cannot name a counterpart: start from a plain one (exported without --raw)")?;
    sc_chain_spec::json_merge(
        config,
        json!({ "lightClient": { "anchor": { "genesis": genesis, "parameters": parameters } } }),
    );
    let bytes = serde_json::to_vec(&json).map_err(|error| error.to_string())?;
    ChainSpec::from_json_bytes(bytes)
}

/// The genesis configuration in a plain spec's JSON: a patch of the runtime's default, or the whole.
fn config_of(json: &mut Value) -> Option<&mut Value> {
    let genesis = json.get_mut("genesis")?.get_mut("runtimeGenesis")?;
    let key = if genesis.get("patch").is_some() { "patch" } else { "config" };
    genesis.get_mut(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::tests::NETWORK;

    #[test]
    fn says_what_a_chain_may_be() {
        let error = load(&NETWORK, "no/such/spec.json").err().unwrap();
        assert!(error.contains("no/such/spec.json") && error.contains("`dev`, `local`"), "{error}");
    }

    #[test]
    fn says_that_a_file_is_no_spec() {
        let error = load(&NETWORK, concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).err().unwrap();
        assert!(error.contains("is not a chain spec"), "{error}");
    }

    #[test]
    fn says_that_the_runtime_is_missing() {
        let error = load(&NETWORK, "dev").err().unwrap();
        assert!(error.contains("SKIP_WASM_BUILD"), "{error}");
    }

    #[test]
    fn finds_the_configuration_of_plain_specs_only() {
        let mut patch = json!({ "genesis": { "runtimeGenesis": { "code": "0x", "patch": { "a": 1 } } } });
        assert_eq!(config_of(&mut patch), Some(&mut json!({ "a": 1 })));
        let mut whole = json!({ "genesis": { "runtimeGenesis": { "code": "0x", "config": { "b": 2 } } } });
        assert_eq!(config_of(&mut whole), Some(&mut json!({ "b": 2 })));
        assert_eq!(config_of(&mut json!({ "genesis": { "raw": {} } })), None);
    }
}
