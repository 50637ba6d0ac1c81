use super::*;
use subxt_signer::sr25519::dev;

const EXAMPLE: &str = include_str!("../relayer.toml");

/// Both keys in the environment.
fn both_keys() -> Environment {
    Environment { electricity: Some("//Dave".into()), carbon: Some("//Charlie".into()) }
}

/// Loads a file with this text, with both keys in the environment.
fn load(text: &str) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.toml");
    std::fs::write(&path, text).unwrap();
    options(path).load_with(&ChainName::BOTH, both_keys()).map_err(|error| error.to_string())
}

fn options(path: PathBuf) -> Options {
    Options { nodes: NodeOptions { config: Some(path), ..Default::default() }, ..Default::default() }
}

fn error(text: &str) -> String {
    load(text).err().unwrap()
}

#[track_caller]
fn assert_says(error: &str, parts: &[&str]) {
    for part in parts {
        assert!(error.contains(part), "{part:?} is missing in: {error}");
    }
}

#[test]
fn the_example_is_the_default() {
    let example: File = toml::from_str(EXAMPLE).unwrap();
    assert_eq!(example, File::default());
}

#[test]
fn the_example_names_every_key() {
    let uncommented = EXAMPLE.replace("# electricity_key_file =", "electricity_key_file =");
    let uncommented = uncommented.replace("# carbon_key_file =", "carbon_key_file =");
    let table: toml::Table = toml::from_str(&uncommented).unwrap();
    assert_eq!(table.len(), 9);
    let file: File = toml::from_str(&uncommented).unwrap();
    assert_eq!(file.electricity_key_file, Some("electricity.key".into()));
    assert_eq!(file.carbon_key_file, Some("carbon.key".into()));
}

#[test]
fn flags_override_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.toml");
    std::fs::write(&path, "carry = \"all\"\ncarbon_url = \"ws://file:1\"\npoll_interval = 9").unwrap();
    let mut options = Options { carry: Some(Carry::Headers), ..options(path) };
    options.nodes.carbon_url = Some("ws://flag:2".into());
    assert_eq!(options.nodes.load().unwrap().url(ChainName::Carbon), "ws://flag:2");
    let config = options.load_with(&ChainName::BOTH, both_keys()).ok().unwrap();
    assert_eq!(config.nodes.url(ChainName::Carbon), "ws://flag:2");
    assert_eq!(config.nodes.url(ChainName::Electricity), "ws://127.0.0.1:9944");
    assert_eq!(config.settings.carry, Carry::Headers);
    assert_eq!(config.settings.poll_interval, Duration::from_secs(9));
}

#[test]
fn each_key_comes_from_flag_environment_or_file_in_this_order() {
    let folder = tempfile::tempdir().unwrap();
    let key = |name: &str, suri: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, suri).unwrap();
        path
    };
    let (alice, bob) = (key("alice", "//Alice\n"), key("bob", "  //Bob\n"));
    for chain in ChainName::BOTH {
        let config = key("test.toml", &format!("{chain}_key_file = {alice:?}"));
        let signer = |flag: Option<&PathBuf>, suri: Option<&str>| {
            let mut options = options(config.clone());
            let mut environment = Environment::default();
            let (flag, suri) = (flag.cloned(), suri.map(Into::into));
            match chain {
                ChainName::Electricity => {
                    (options.keys.electricity_key_file, environment.electricity) = (flag, suri);
                }
                ChainName::Carbon => (options.keys.carbon_key_file, environment.carbon) = (flag, suri),
            }
            let config = options.load_with(&[chain], environment).ok().unwrap();
            let signer = config.signers.on(chain).ok().unwrap();
            signer.public_key().0
        };
        assert_eq!(signer(Some(&bob), Some("//Charlie")), dev::bob().public_key().0);
        assert_eq!(signer(None, Some("//Charlie")), dev::charlie().public_key().0);
        assert_eq!(signer(None, None), dev::alice().public_key().0);
    }
}

#[test]
fn each_chain_has_a_key_of_its_own() {
    let config = load("").ok().unwrap();
    assert_eq!(config.signers.on(ChainName::Electricity).ok().unwrap().public_key().0, dev::dave().public_key().0);
    assert_eq!(config.signers.on(ChainName::Carbon).ok().unwrap().public_key().0, dev::charlie().public_key().0);
}

#[test]
fn only_the_keys_that_sign_are_needed() {
    let environment = Environment { carbon: Some("//Charlie".into()), ..Default::default() };
    let config = Options::default().load_with(&[ChainName::Carbon], environment).ok().unwrap();
    assert!(config.signers.on(ChainName::Carbon).is_ok());
    assert!(config.signers.on(ChainName::Electricity).is_err());
    assert!(NodeOptions::default().load().is_ok());
}

#[test]
fn a_missing_file_is_named() {
    let error = options("/nowhere/relayer.toml".into()).load_with(&[], Environment::default()).err().unwrap();
    assert_says(&error.to_string(), &["/nowhere/relayer.toml", "--config"]);
}

#[test]
fn an_unknown_key_is_named() {
    assert_says(&error("carbon_uri = \"ws://127.0.0.1:9945\""), &["test.toml", "carbon_uri", "carbon_url"]);
}

#[test]
fn a_value_of_the_wrong_type_is_named() {
    assert_says(&error("poll_interval = \"6\""), &["test.toml", "poll_interval", "u64"]);
    assert_says(&error("carry = \"everything\""), &["test.toml", "everything", "headers", "all"]);
}

#[test]
fn a_bad_address_is_named() {
    assert_says(&error("electricity_url = \"http://127.0.0.1:9944\""), &["test.toml", "electricity_url", "ws://"]);
    assert_says(&error("carbon_url = \"localhost\""), &["test.toml", "carbon_url", "ws://"]);
    assert_says(&error("metrics_address = \"9617\""), &["test.toml", "metrics_address", "127.0.0.1:9617"]);
}

#[test]
fn a_value_out_of_bounds_is_named() {
    assert_says(&error("poll_interval = 0"), &["test.toml", "poll_interval", "1 to 3600 seconds"]);
    assert_says(&error("inclusion_timeout = 3601"), &["test.toml", "inclusion_timeout", "10 to 3600 seconds"]);
    assert_says(&error("low_balance = -1"), &["test.toml", "low_balance", "0 to 1000000000 coins"]);
    assert_says(&error("low_balance = nan"), &["test.toml", "low_balance"]);
}

#[test]
fn a_low_balance_is_in_coins_whole_or_not() {
    assert_eq!(load("low_balance = 2").ok().unwrap().settings.low_balance, 2 * COIN);
    assert_eq!(load("low_balance = 0.5").ok().unwrap().settings.low_balance, COIN / 2);
    assert_eq!(load("").ok().unwrap().settings.low_balance, COIN);
}

#[test]
fn a_missing_key_says_where_to_put_one() {
    let missing = |chain| Options::default().load_with(&[chain], Environment::default()).err().unwrap().to_string();
    assert_says(&missing(ChainName::Carbon), &["carbon_key_file", "--carbon-key-file", "RELAYER_CARBON_SURI"]);
    let electricity = ["electricity_key_file", "--electricity-key-file", "RELAYER_ELECTRICITY_SURI"];
    assert_says(&missing(ChainName::Electricity), &electricity);
}

#[test]
fn a_bad_key_is_named_and_not_shown() {
    for suri in ["", "not a phrase", "0x12"] {
        let environment = Environment { carbon: Some(suri.into()), ..Default::default() };
        let error = Options::default().load_with(&[ChainName::Carbon], environment).err().unwrap().to_string();
        assert_says(&error, &["RELAYER_CARBON_SURI", "12 or 24 words"]);
        assert!(suri.is_empty() || !error.contains(suri));
    }
    let keys = KeyOptions { electricity_key_file: Some("/nowhere/key".into()), ..Default::default() };
    let options = Options { keys, ..Default::default() };
    let error = options.load_with(&[ChainName::Electricity], Environment::default()).err().unwrap().to_string();
    assert_says(&error, &["/nowhere/key", "electricity_key_file"]);
}
