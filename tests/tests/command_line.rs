//! Bad specs, keys, flags and addresses: a clear error that says what to do, and no panic.

use gridpeg_tests::{failure, program, run};
use std::fs;
use tempfile::TempDir;

const NODES: [&str; 2] = ["electricity-node", "carbon-node"];

fn says(errors: &str, words: &[&str]) {
    for word in words {
        assert!(errors.contains(word), "`{word}` is not in: {errors}");
    }
}

#[test]
fn a_missing_or_broken_spec_is_named() {
    let folder = TempDir::new().unwrap();
    let broken = folder.path().join("broken.json");
    fs::write(&broken, "{ \"name\": ").unwrap();
    for node in NODES {
        let errors = failure(program(node).args(["--chain", "missing.json", "--tmp"]));
        says(&errors, &["missing.json"]);
        let errors = failure(program(node).args(["--tmp", "--chain"]).arg(&broken));
        says(&errors, &["broken.json"]);
        let errors = failure(program(node).args(["chain-identity", "--chain"]).arg(&broken));
        says(&errors, &["broken.json"]);
    }
}

#[test]
fn mining_needs_a_valid_reward_address() {
    for node in NODES {
        let errors = failure(program(node).args(["--tmp", "--mine", "--chain", "local"]));
        says(&errors, &["--reward-address"]);
        let errors = failure(program(node).args(["--tmp", "--mine", "--reward-address", "5Nonsense"]));
        says(&errors, &["reward-address"]);
        let errors = failure(program(node).args(["--tmp", "--mine", "--reward-address", "0x1234"]));
        says(&errors, &["reward-address"]);
    }
}

#[test]
fn numbers_that_make_no_sense_are_refused() {
    for (flag, value) in
        [("--threads", "0"), ("--threads", "many"), ("--max-hashrate", "0"), ("--max-hashrate", "fast")]
    {
        let errors = failure(program("electricity-node").args(["--tmp", "--dev", flag, value]));
        says(&errors, &[flag]);
    }
    says(&failure(program("electricity-node").arg("--no-such-flag")), &["--no-such-flag"]);
}

#[test]
fn only_full_sync_is_offered() {
    for mode in ["fast", "warp"] {
        let errors = failure(program("carbon-node").args(["--tmp", "--chain", "dev", "--sync", mode]));
        says(&errors, &["--sync full"]);
    }
}

#[test]
fn a_bad_counterpart_is_refused() {
    let folder = TempDir::new().unwrap();
    let parameters = folder.path().join("parameters.json");
    fs::write(&parameters, "{\"blockTime\": \"soon\"}").unwrap();
    let export = |genesis: &str| {
        let mut command = program("carbon-node");
        command.args(["export-chain-spec", "--chain", "dev", "--counterpart-genesis", genesis]);
        command.arg("--counterpart-parameters").arg(&parameters);
        failure(&mut command)
    };
    says(&export("0x12"), &["counterpart-genesis"]);
    let hash = format!("0x{}", "11".repeat(32));
    says(&export(&hash), &["parameters.json"]);
    fs::remove_file(&parameters).unwrap();
    says(&export(&hash), &["parameters.json"]);
}

#[test]
fn identities_are_stable_and_a_counterpart_changes_them() {
    let folder = TempDir::new().unwrap();
    let identity = |node: &str, chain: &str| -> serde_json::Value {
        let output = run(program(node).args(["chain-identity", "--chain", chain]));
        assert!(output.status.success());
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let electricity = identity("electricity-node", "dev");
    assert_eq!(electricity, identity("electricity-node", "dev"));
    assert_eq!(electricity["parameters"]["blockTime"], 3_000);
    let carbon = identity("carbon-node", "dev");
    assert_ne!(electricity["genesisHash"], carbon["genesisHash"]);

    let parameters = folder.path().join("parameters.json");
    fs::write(&parameters, electricity["parameters"].to_string()).unwrap();
    let genesis = electricity["genesisHash"].as_str().unwrap();
    let output = run(program("carbon-node")
        .args(["export-chain-spec", "--chain", "dev", "--counterpart-genesis", genesis, "--counterpart-parameters"])
        .arg(&parameters));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let spec = folder.path().join("carbon.json");
    fs::write(&spec, &output.stdout).unwrap();
    let anchored = identity("carbon-node", spec.to_str().unwrap());
    assert_ne!(anchored["genesisHash"], carbon["genesisHash"]);
    assert_eq!(anchored["parameters"], carbon["parameters"]);
}

#[test]
fn the_relayer_names_the_bad_setting() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("relayer.toml");
    let key = folder.path().join("key");
    let check = |text: &str| {
        fs::write(&config, text).unwrap();
        failure(program("bridge-relayer").args(["check-config", "--config"]).arg(&config))
    };
    says(&failure(program("bridge-relayer").args(["run", "--config", "nowhere.toml"])), &["nowhere.toml"]);
    says(&check("electricity_url = "), &["relayer.toml"]);
    says(&check("no_such_key = 1"), &["relayer.toml", "no_such_key"]);
    says(&check("electricity_url = \"http//nonsense\""), &["electricity_url"]);
    fs::write(&key, "not a key").unwrap();
    says(&check(&format!("carbon_key_file = {key:?}")), &["key"]);
    fs::remove_file(&key).unwrap();
    says(&check(&format!("carbon_key_file = {key:?}")), &["key"]);
}
