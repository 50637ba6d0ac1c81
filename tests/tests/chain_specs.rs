//! The production templates: refused while something is left open, accepted when it is filled in, and in step with each
//! other.

use gridpeg_tests::{failure, program, run};
use json_comments::StripComments;
use polkadot_sdk::{
    sp_core::crypto::{AccountId32, Ss58Codec},
    sp_crypto_hashing::blake2_256,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    iter::once,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// The peer id of some boot node.
const PEER: &str = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";

/// Chain, SS58 prefix, block time in milliseconds.
const CHAINS: [(&str, u16, u64); 2] = [("electricity", 6082, 15_000), ("carbon", 6083, 60_000)];

fn template(chain: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../chain-specs/{chain}-production.jsonc"))
}

/// Puts something in every open place: the same account where the same words stand, in the chain's own prefix.
fn fill_in(text: &str, prefix: u16) -> (String, usize) {
    let mut filled = BTreeMap::new();
    let mut parts = text.split("\"<");
    let mut result = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (open, rest) = part.split_once(">\"").unwrap();
        let value = filled.entry(open).or_insert_with(|| match open.contains("/p2p/") {
            true => format!("/dns/node.example.org/tcp/30333/p2p/{PEER}"),
            false => AccountId32::new(blake2_256(open.as_bytes())).to_ss58check_with_version(prefix.into()),
        });
        result.push_str(&format!("\"{value}\"{rest}"));
    }
    (result, filled.len())
}

fn read(text: &str) -> Value {
    serde_json::from_reader(StripComments::new(text.as_bytes())).unwrap()
}

/// Account and amount of every endowment, and their sum.
fn endowments(spec: &Value) -> (BTreeMap<String, u128>, u128) {
    let list = spec["genesis"]["runtimeGenesis"]["patch"]["balances"]["balances"].as_array().unwrap();
    let amount = |entry: &Value| entry[1].to_string().parse::<u128>().unwrap();
    let all = list.iter().map(|entry| (entry[0].as_str().unwrap().to_string(), amount(entry)));
    (all.collect(), list.iter().map(amount).sum())
}

/// The names of all values in a configuration. What lists hold has none.
fn names(config: &Value) -> BTreeSet<String> {
    let fields = config.as_object().into_iter().flatten();
    let named = fields.flat_map(|(name, value)| {
        let inner = names(value).into_iter().map(move |inner| format!("{name}.{inner}"));
        once(name.clone()).chain(inner)
    });
    named.collect()
}

#[test]
fn templates_are_refused_until_they_are_filled_in() {
    let folder = TempDir::new().unwrap();
    for (chain, prefix, block_time) in CHAINS {
        let node = format!("{chain}-node");
        let errors = failure(program(&node).args(["chain-identity", "--chain"]).arg(template(chain)));
        assert!(errors.contains("is a template") && errors.contains("bootNodes[0]"), "{errors}");

        let (text, places) = fill_in(&fs::read_to_string(template(chain)).unwrap(), prefix);
        assert!(places >= 5, "{places} open places");
        let spec = folder.path().join(format!("{chain}.jsonc"));
        fs::write(&spec, text).unwrap();
        let output = run(program(&node).args(["chain-identity", "--chain"]).arg(&spec));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let identity: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(identity["parameters"]["blockTime"], block_time);

        // The final spec is another form of the same chain.
        let output = run(program(&node).args(["export-chain-spec", "--raw", "--chain"]).arg(&spec));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let raw = folder.path().join(format!("{chain}.json"));
        fs::write(&raw, &output.stdout).unwrap();
        let output = run(program(&node).args(["chain-identity", "--chain"]).arg(&raw));
        assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap(), identity);
    }
}

#[test]
fn the_templates_escrow_backs_what_the_carbon_template_issues() {
    let [electricity, carbon] = CHAINS.map(|(chain, prefix, _)| {
        let (text, _) = fill_in(&fs::read_to_string(template(chain)).unwrap(), prefix);
        endowments(&read(&text))
    });
    let mut escrow = [0; 32];
    escrow[..12].copy_from_slice(b"modlgp/escro");
    let escrow = AccountId32::new(escrow);
    let held = [42, 6082].map(|prefix: u16| electricity.0.get(&escrow.to_ss58check_with_version(prefix.into())));
    let held = held.into_iter().flatten().next().expect("the template endows the escrow");
    assert_eq!(*held, carbon.1);
    assert!(carbon.1 > 0);
}

#[test]
fn the_electricity_template_has_every_value_of_the_market() {
    const DAY: u64 = 86_400_000;

    let (text, _) = fill_in(&fs::read_to_string(template("electricity")).unwrap(), 6082);
    let spec = read(&text);
    let patch = &spec["genesis"]["runtimeGenesis"]["patch"];
    let default = serde_json::to_value(electricity_runtime::RuntimeGenesisConfig::default()).unwrap();
    for pallet in ["metering", "pvMarket"] {
        assert!(!names(&patch[pallet]).is_empty());
        assert_eq!(names(&patch[pallet]), names(&default[pallet]), "{pallet}");
    }

    // What its comments say of them.
    let value = |at: &str| patch.pointer(at).and_then(Value::as_u64).unwrap_or_else(|| panic!("{at} is no number"));
    let slot = value("/metering/calendar/slotLength");
    assert_eq!(12 * value("/metering/calendar/slotsPerMonth") * slot, 1461 * DAY / 4);
    for whole in [DAY, value("/jointPrices/clearingPeriod"), value("/metering/correctionWindow")] {
        assert_eq!(whole % slot, 0, "{whole} ms are not whole slots");
    }
    assert_eq!(slot / value("/hybridPow/parameters/blockTime"), 60);
    assert!(value("/pvMarket/terms/gate") < value("/pvMarket/terms/horizon") * slot);
    assert_eq!(value("/pvMarket/terms/retention"), 12 * value("/metering/calendar/slotsPerMonth"));
    assert!(value("/pvMarket/terms/feedIn") < value("/pvMarket/terms/tariffs/0"));
    let grid = patch["pvMarket"]["grid"].as_str().unwrap();
    assert!(endowments(&spec).0.contains_key(grid), "the grid company has coins");
}
