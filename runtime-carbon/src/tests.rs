use crate::*;
use pallet_peg::Side;
use polkadot_sdk::{
    sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET},
    sp_io::TestExternalities,
    sp_runtime::BuildStorage,
};

fn preset(id: &str) -> TestExternalities {
    let patch = genesis::preset(&id.into()).expect("preset exists");
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).unwrap();
    merge(&mut config, serde_json::from_slice(&patch).unwrap());
    let config: RuntimeGenesisConfig = serde_json::from_value(config).unwrap();
    config.build_storage().unwrap().into()
}

fn merge(into: &mut serde_json::Value, patch: serde_json::Value) {
    match (into, patch) {
        (serde_json::Value::Object(into), serde_json::Value::Object(patch)) => {
            for (key, value) in patch {
                merge(into.entry(key).or_insert(serde_json::Value::Null), value);
            }
        }
        (into, patch) => *into = patch,
    }
}

#[test]
fn all_that_genesis_issues_is_what_the_other_chains_escrow_backs() {
    for id in [DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET] {
        preset(id).execute_with(|| {
            assert_eq!(Peg::books().issued, runtime_common::development::CARBON_ISSUANCE);
        });
    }
}

#[test]
fn transfers_are_minted_here() {
    assert_eq!(<Runtime as pallet_peg::Config>::Side::get(), Side::Issuance);
}
