//! Chain specs for tests: a built-in one, edited.

use crate::{program, run};
use gridpeg_header::{PowParameters, U256};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Exports a node's `dev` or `local` spec, edits its JSON and writes it to a new file in `folder`.
pub fn edited(node_program: &str, base: &str, edit: impl FnOnce(&mut Value), folder: &Path) -> PathBuf {
    let output = run(program(node_program).args(["export-chain-spec", "--chain", base]));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut spec: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{node_program} export-chain-spec --chain {base}: {error}"));
    edit(&mut spec);
    let path = (0u32..)
        .map(|count| folder.join(format!("{node_program}-{count}.json")))
        .find(|path| !path.exists())
        .unwrap_or_else(|| panic!("{} is full of specs", folder.display()));
    fs::write(&path, spec.to_string()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    path
}

/// A `dev` spec with these proof-of-work parameters.
pub fn with_parameters(node_program: &str, parameters: &PowParameters, folder: &Path) -> PathBuf {
    edited(node_program, "dev", |spec| set_parameters(spec, parameters), folder)
}

/// Replaces the proof-of-work parameters in a plain spec.
pub fn set_parameters(spec: &mut Value, parameters: &PowParameters) {
    parameters.check().unwrap_or_else(|error| panic!("{error}"));
    let place = spec.pointer_mut("/genesis/runtimeGenesis/patch/hybridPow/parameters");
    let place = place.unwrap_or_else(|| panic!("the spec has no hybridPow.parameters"));
    *place = serde_json::to_value(parameters).unwrap_or_else(|error| panic!("{parameters:?}: {error}"));
}

/// The target at which a block takes so many hashes on average.
pub fn target(hashes: u64) -> U256 {
    U256::MAX / U256::from(hashes)
}
