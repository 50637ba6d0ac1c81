//! Chain specs for tests: a built-in one, edited.

use crate::{program, run};
use gridpeg_header::{PowParameters, U256};
use serde_json::{json, Value};
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

/// A price pair, as a spec has it: period, electricity price, carbon price, in 10⁻¹² coin.
pub type PricePair = (u64, i64, i64);

/// Price pairs of the periods from 1 on. Low prices come together and high ones less (a Clayton copula with θ = 4), so
/// that a fit beats the reference by far. Two chains with as many pairs have the same.
pub fn price_pairs(count: u64) -> Vec<PricePair> {
    (1..=count).map(price_pair).collect()
}

/// The pair of one period, see [`price_pairs`].
pub fn price_pair(period: u64) -> PricePair {
    const THETA: f64 = 4.0;
    // Two independent sequences that fill the unit interval evenly.
    let [u, w] = [0.754_877_666, 0.569_840_291].map(|step: f64| (period as f64 * step).fract());
    let v = ((w.powf(-THETA / (1.0 + THETA)) - 1.0) * u.powf(-THETA) + 1.0).powf(-1.0 / THETA);
    (period, (6e10 + 8e10 * u) as i64, (2e13 + 4e13 * v) as i64)
}

/// Replaces the price history in a plain spec.
pub fn set_price_pairs(spec: &mut Value, pairs: &[PricePair]) {
    let patch = spec.pointer_mut("/genesis/runtimeGenesis/patch").unwrap_or_else(|| panic!("the spec is not plain"));
    patch["jointPrices"]["pairs"] = json!(pairs);
}
