//! Tests only: the state that a preset makes.

use crate::*;
use polkadot_sdk::{sp_io::TestExternalities, sp_runtime::BuildStorage};

/// A preset's genesis state.
pub(crate) fn preset(id: &str) -> TestExternalities {
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
