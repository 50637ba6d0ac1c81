//! Chain specs.
//!
//! `dev` and `local` come from the runtime's genesis presets; everything else is a path to a JSON spec, as
//! `export-chain-spec` writes it. A file may have comments (`//`, `/* */`), and a plain one may leave out
//! `genesis.runtimeGenesis.code`: then it gets the runtime of this binary. So a template can be written by hand; the
//! nodes of a chain share what `export-chain-spec --raw` makes of it. Plain specs are checked for price periods that are
//! not over; what is in a raw one, is in there for good.
//!
//! Checkpoints are Substrate's: `forkBlocks: [[height, "0xhash"], ...]` and `badBlocks: ["0xhash", ...]`.

use crate::{client::Block, Network};
use gridpeg_header::{digest::MIN_OBSERVATIONS, PowParameters, H256};
use gridpeg_messages::units;
use json_comments::StripComments;
use polkadot_sdk::{
    sc_chain_spec::{self, ChainSpecExtension, ChainType, GenericChainSpec},
    sc_client_api::{BadBlocks, ForkBlocks},
    sp_core::crypto::{Ss58AddressFormatRegistry, Ss58Codec},
    sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET},
    sp_runtime::AccountId32,
    sp_timestamp::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use std::{fs::File, io::BufReader, path::Path};

/// A chain spec of either chain.
pub type ChainSpec = GenericChainSpec<Extensions>;

/// What a spec has besides Substrate's own fields; the client looks both up by their types.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ChainSpecExtension)]
#[serde(rename_all = "camelCase")]
pub struct Extensions {
    /// Checkpoints: the only block that may be at each of these heights.
    pub fork_blocks: ForkBlocks<Block>,
    /// Blocks that are refused.
    pub bad_blocks: BadBlocks<Block>,
}

/// The spec that `--chain ID` means. No id is `local`.
pub fn load(network: &Network, id: &str) -> Result<ChainSpec, String> {
    match id {
        "dev" => built_in(network, "dev", "Development", ChainType::Development, DEV_RUNTIME_PRESET),
        "" | "local" => built_in(network, "local", "Local Testnet", ChainType::Local, LOCAL_TESTNET_RUNTIME_PRESET),
        path => from_file(network, Path::new(path)),
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
    Ok(ChainSpec::builder(wasm, Extensions::default())
        .with_name(&format!("{} {name}", network.name))
        .with_id(&format!("{}_{id}", network.id))
        .with_protocol_id(network.id)
        .with_chain_type(chain_type)
        .with_properties(properties.into_iter().map(|(key, value)| (key.to_string(), value)).collect())
        .with_genesis_config_preset_name(preset)
        .build())
}

fn from_file(network: &Network, path: &Path) -> Result<ChainSpec, String> {
    if !path.is_file() {
        return Err(format!(
            "there is no chain `{}`: give `dev`, `local` or the path of a JSON chain spec",
            path.display()
        ));
    }
    let wrong = |error: String| format!("`{}` is not a chain spec: {error}", path.display());
    let file = File::open(path).map_err(|error| wrong(error.to_string()))?;
    let mut json: Value =
        serde_json::from_reader(StripComments::new(BufReader::new(file))).map_err(|error| wrong(error.to_string()))?;
    if let Some((at, text)) = placeholder(&json, String::new()) {
        return Err(format!("`{}` is a template: put a value in place of {text} at {at}", path.display()));
    }
    add_code(&mut json, network)?;
    if let Some(config) = config_of(&mut json) {
        use_common_prefix(config, network.ss58_format);
        if let Some(period) = last_period(config) {
            check_over(config, period, Timestamp::current().as_millis())
                .map_err(|error| format!("`{}`, jointPrices.pairs: {error}", path.display()))?;
        }
    }
    let bytes = serde_json::to_vec(&json).map_err(|error| wrong(error.to_string()))?;
    ChainSpec::from_json_bytes(bytes).map_err(wrong)
}

/// Where a template still says `"<what belongs here>"`.
fn placeholder(json: &Value, at: String) -> Option<(String, &str)> {
    match json {
        Value::String(text) if text.starts_with('<') && text.ends_with('>') => Some((at, text)),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| placeholder(item, format!("{at}[{index}]")))
        }
        Value::Object(fields) => fields.iter().find_map(|(name, field)| {
            let dot = if at.is_empty() { "" } else { "." };
            placeholder(field, format!("{at}{dot}{name}"))
        }),
        _ => None,
    }
}

/// Puts this binary's runtime into a plain spec that has none.
fn add_code(json: &mut Value, network: &Network) -> Result<(), String> {
    let genesis = json.get_mut("genesis").and_then(|genesis| genesis.get_mut("runtimeGenesis"));
    if let Some(Value::Object(genesis)) = genesis {
        if !genesis.contains_key("code") {
            let wasm =
                network.wasm.ok_or("the spec has no genesis.runtimeGenesis.code, nor has this binary a runtime")?;
            genesis.insert("code".into(), json!(format!("0x{}", hex::encode(wasm))));
        }
    }
    Ok(())
}

/// Writes addresses that have the chain's own prefix with the common one, 42: the runtime, which knows no prefix while it
/// builds its genesis, would refuse the addresses that `key generate` and wallets show.
fn use_common_prefix(json: &mut Value, format: u16) {
    match json {
        Value::String(text) => match AccountId32::from_ss58check_with_version(text) {
            Ok((account, version)) if u16::from(version) == format => {
                *text = account.to_ss58check_with_version(Ss58AddressFormatRegistry::SubstrateAccount.into());
            }
            _ => {}
        },
        Value::Array(items) => items.iter_mut().for_each(|item| use_common_prefix(item, format)),
        Value::Object(fields) => fields.values_mut().for_each(|field| use_common_prefix(field, format)),
        _ => {}
    }
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

/// Pairs in a window whose size the spec leaves to the runtime.
const DEFAULT_WINDOW: u64 = 512;
/// A clearing period, in milliseconds, that the spec leaves to the runtime: a day.
const DEFAULT_PERIOD: u64 = 86_400_000;

/// The spec with a price history in its genesis: `jointPrices.pairs = [[period, electricity, carbon], …]`, and what the
/// chain then begins with, for people. Of a history that is longer than the window the last pairs are taken.
///
/// Fails on a raw spec, whose genesis is storage and cannot be patched any more, and if the history's last period is not
/// over: the chain takes no pair of an earlier period than its last one.
pub fn with_prices(
    spec: &dyn sc_chain_spec::ChainSpec,
    history: &[(u64, i64, i64)],
) -> Result<(ChainSpec, String), String> {
    let mut json: Value = serde_json::from_str(&spec.as_json(false)?).map_err(|error| error.to_string())?;
    let config = config_of(&mut json)
        .ok_or("a raw chain spec cannot take prices: start from a plain one (exported without --raw)")?;
    if let Some((period, ..)) = history.last() {
        let now = Timestamp::current().as_millis();
        check_over(config, *period, now).map_err(|error| format!("the history: {error}"))?;
    }
    let seeded = seed_prices(config, history);
    let bytes = serde_json::to_vec(&json).map_err(|error| error.to_string())?;
    Ok((ChainSpec::from_json_bytes(bytes)?, seeded))
}

/// The latest period of the price pairs in a genesis configuration. What is no number is left to the runtime, which
/// refuses it.
fn last_period(config: &Value) -> Option<u64> {
    let pairs = config.pointer("/jointPrices/pairs")?.as_array()?;
    pairs.iter().filter_map(|pair| pair.get(0)?.as_u64()).max()
}

/// Refuses a history whose last period ends after `now`, in Unix milliseconds.
fn check_over(config: &Value, period: u64, now: u64) -> Result<(), String> {
    let length = config.pointer("/jointPrices/clearingPeriod").and_then(Value::as_u64).unwrap_or(DEFAULT_PERIOD);
    let end = period.checked_add(1).and_then(|next| next.checked_mul(length));
    if end.is_some_and(|end| end <= now) {
        return Ok(());
    }
    Err(format!(
        "its last period, {period}, is not over: with jointPrices.clearingPeriod {length} ms the present one is {}. The \
         chain would take no price before it is; number the periods by Unix time / clearingPeriod, or count them from 1 \
         on (without a column `period` a file's rows are)",
        now.checked_div(length).unwrap_or_default(),
    ))
}

/// Puts the last pairs of a history into the genesis configuration, and says how many.
fn seed_prices(config: &mut Value, history: &[(u64, i64, i64)]) -> String {
    let window = config.pointer("/jointPrices/window").and_then(Value::as_u64).unwrap_or(DEFAULT_WINDOW);
    let left_out = history.len().saturating_sub(usize::try_from(window).unwrap_or(usize::MAX));
    let pairs: Vec<_> = history.iter().skip(left_out).collect();
    let seeded = match (left_out, pairs.len()) {
        (0, taken) if taken < MIN_OBSERVATIONS as usize => {
            format!("{taken} price pairs; blocks carry an analysis from {MIN_OBSERVATIONS} pairs on")
        }
        (0, taken) => format!("{taken} price pairs"),
        (_, taken) => format!("the last {taken} of {} price pairs: jointPrices.window is {window}", history.len()),
    };
    sc_chain_spec::json_merge(config, json!({ "jointPrices": { "pairs": pairs } }));
    seeded
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
    fn names_what_a_template_leaves_open() {
        let json = json!({ "a": [1, { "b": "<an account>" }], "c": "x<y>" });
        assert_eq!(placeholder(&json, String::new()), Some(("a[1].b".to_string(), "<an account>")));
        assert_eq!(placeholder(&json!({ "c": "x<y>" }), String::new()), None);
    }

    #[test]
    fn a_plain_spec_gets_the_runtime_it_lacks_and_keeps_its_own() {
        let network = Network { wasm: Some(&[1, 2]), ..NETWORK };
        let mut json = json!({ "genesis": { "runtimeGenesis": { "patch": {} } } });
        assert!(add_code(&mut json, &NETWORK).is_err());
        add_code(&mut json, &network).unwrap();
        assert_eq!(json["genesis"]["runtimeGenesis"]["code"], "0x0102");
        json["genesis"]["runtimeGenesis"]["code"] = json!("0x03");
        add_code(&mut json, &network).unwrap();
        assert_eq!(json["genesis"]["runtimeGenesis"]["code"], "0x03");
    }

    #[test]
    fn addresses_with_the_chains_own_prefix_are_understood() {
        let account = AccountId32::new([7; 32]);
        let common = account.to_ss58check_with_version(42u16.into());
        let own = account.to_ss58check_with_version(NETWORK.ss58_format.into());
        let other = account.to_ss58check_with_version(2u16.into());
        let mut json = json!({ "a": [[own, 1], [common, 2], [other, 3]], "b": "no address" });
        use_common_prefix(&mut json, NETWORK.ss58_format);
        assert_eq!(json, json!({ "a": [[common, 1], [common, 2], [other, 3]], "b": "no address" }));
    }

    #[test]
    fn comments_and_checkpoints_are_read() {
        let folder = std::env::temp_dir().join(format!("gridpeg-spec-{}", std::process::id()));
        let hash = H256::repeat_byte(7);
        let text = format!(
            r#"{{
                // A comment, and a number above 64 bits below.
                "name": "Test // no comment", "id": "test", "chainType": "Live", "bootNodes": [],
                "forkBlocks": [[3, "{hash:?}"]], "badBlocks": ["{hash:?}"],
                "genesis": {{ "runtimeGenesis": {{ "code": "0x00", "patch": {{ "big": 340282366920938463463 }} }} }}
            }}"#
        );
        std::fs::write(&folder, text).unwrap();
        let spec = load(&NETWORK, folder.to_str().unwrap());
        std::fs::remove_file(&folder).unwrap();
        let spec = spec.unwrap();
        assert_eq!(spec.name(), "Test // no comment");
        assert_eq!(spec.extensions().fork_blocks, Some(vec![(3, hash)]));
        assert_eq!(spec.extensions().bad_blocks, Some([hash].into()));
        let json = sc_chain_spec::ChainSpec::as_json(&spec, false).unwrap();
        assert!(json.contains("340282366920938463463"), "{json}");
    }

    #[test]
    fn a_price_history_takes_the_place_of_the_specs() {
        let history: Vec<_> = (1..=100).map(|period| (period, -i64::MAX, 5)).collect();
        let mut config = json!({ "jointPrices": { "pairs": [[9, 9, 9]], "window": 40 }, "a": 1 });
        assert_eq!(seed_prices(&mut config, &history), "the last 40 of 100 price pairs: jointPrices.window is 40");
        assert_eq!(config["a"], 1);
        assert_eq!(config["jointPrices"]["window"], 40);
        let pairs = config["jointPrices"]["pairs"].as_array().unwrap();
        assert_eq!((pairs.len(), &pairs[0]), (40, &json!([61, -i64::MAX, 5])));

        let mut config = json!({});
        assert_eq!(seed_prices(&mut config, &history), "100 price pairs");
        assert_eq!(config["jointPrices"]["pairs"].as_array().unwrap().len(), 100);
        assert!(seed_prices(&mut config, &history[..3]).starts_with("3 price pairs; "));
        assert_eq!(config["jointPrices"]["pairs"].as_array().unwrap().len(), 3);
    }

    #[test]
    fn a_history_that_reaches_into_the_future_is_refused() {
        let config = json!({ "jointPrices": { "clearingPeriod": 1_000 } });
        assert_eq!(check_over(&config, 9, 10_000), Ok(()));
        let error = check_over(&config, 9, 9_999).unwrap_err();
        assert!(error.contains("last period, 9, is not over") && error.contains("present one is 9"), "{error}");
        // A period that has no end, whatever the time.
        for endless in [u64::MAX, u64::MAX / 1_000] {
            assert!(check_over(&config, endless, u64::MAX).is_err(), "{endless}");
        }
        // A day, where the spec leaves it to the runtime.
        assert!(check_over(&json!({}), 9, 864_000_000 - 1).is_err());
        assert_eq!(check_over(&json!({}), 9, 864_000_000), Ok(()));
    }

    #[test]
    fn the_latest_period_of_a_specs_pairs_is_found() {
        let config = |pairs: Value| json!({ "jointPrices": { "pairs": pairs } });
        assert_eq!(last_period(&config(json!([[1, -2, 3], [7, 2, 3], [4, 2, 3]]))), Some(7));
        assert_eq!(last_period(&config(json!([["a"], [], 5, [3, 2, 3]]))), Some(3));
        for none in [json!([]), json!(null), json!([[-1, 2, 3]])] {
            assert_eq!(last_period(&config(none)), None);
        }
        assert_eq!(last_period(&json!({ "balances": {} })), None);
    }

    #[test]
    fn a_plain_spec_that_reaches_into_the_future_is_refused() {
        let file = std::env::temp_dir().join(format!("gridpeg-future-{}", std::process::id()));
        let load_with = |period: u64| {
            let spec = json!({
                "name": "Test", "id": "test", "chainType": "Live", "bootNodes": [],
                "genesis": { "runtimeGenesis": { "code": "0x00", "patch": {
                    "jointPrices": { "clearingPeriod": 60_000, "pairs": [[1, 2, 3], [period, 2, 3]] },
                } } },
            });
            std::fs::write(&file, spec.to_string()).unwrap();
            let loaded = load(&NETWORK, file.to_str().unwrap()).map(|_| ());
            std::fs::remove_file(&file).unwrap();
            loaded
        };
        let present = Timestamp::current().as_millis() / 60_000;
        assert_eq!(load_with(present - 1), Ok(()));
        for future in [present + 1, u64::MAX] {
            let error = load_with(future).unwrap_err();
            for part in ["jointPrices.pairs", &format!("last period, {future}, is not over"), "60000 ms"] {
                assert!(error.contains(part), "`{part}` is not in {error}");
            }
        }
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
