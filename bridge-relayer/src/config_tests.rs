use super::*;
use subxt_signer::sr25519::dev;

const EXAMPLE: &str = include_str!("../relayer.toml");

/// Loads a file with this text, with the key of //Charlie in the environment.
fn load(text: &str) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.toml");
    std::fs::write(&path, text).unwrap();
    let options = Options { config: Some(path), ..Default::default() };
    options.load_with(Some("//Charlie".into())).map_err(|error| error.to_string())
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
    let uncommented = EXAMPLE.replace("# carbon_key_file =", "carbon_key_file =");
    let table: toml::Table = toml::from_str(&uncommented).unwrap();
    assert_eq!(table.len(), 7);
    let file: File = toml::from_str(&uncommented).unwrap();
    assert_eq!(file.carbon_key_file, Some("carbon.key".into()));
}

#[test]
fn flags_override_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.toml");
    std::fs::write(&path, "carry = \"all\"\ncarbon_url = \"ws://file:1\"\npoll_interval = 9").unwrap();
    let options = Options {
        config: Some(path),
        carbon_url: Some("ws://flag:2".into()),
        carry: Some(Carry::Headers),
        ..Default::default()
    };
    let config = options.load_with(Some("//Charlie".into())).ok().unwrap();
    assert_eq!(config.carbon_url, "ws://flag:2");
    assert_eq!(config.carry, Carry::Headers);
    assert_eq!(config.poll_interval, Duration::from_secs(9));
    assert_eq!(config.electricity_url, "ws://127.0.0.1:9944");
}

#[test]
fn the_key_comes_from_flag_environment_or_file_in_this_order() {
    let folder = tempfile::tempdir().unwrap();
    let key = |name: &str, suri: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, suri).unwrap();
        path
    };
    let (alice, bob) = (key("alice", "//Alice\n"), key("bob", "  //Bob\n"));
    let config = key("test.toml", &format!("carbon_key_file = {:?}", alice));
    let signer = |flag: Option<&PathBuf>, suri: Option<&str>| {
        let options = Options { config: Some(config.clone()), carbon_key_file: flag.cloned(), ..Default::default() };
        options.load_with(suri.map(Into::into)).ok().unwrap().carbon_signer.public_key().0
    };
    assert_eq!(signer(Some(&bob), Some("//Charlie")), dev::bob().public_key().0);
    assert_eq!(signer(None, Some("//Charlie")), dev::charlie().public_key().0);
    assert_eq!(signer(None, None), dev::alice().public_key().0);
}

#[test]
fn a_missing_file_is_named() {
    let options = Options { config: Some("/nowhere/relayer.toml".into()), ..Default::default() };
    let error = options.load_with(None).err().unwrap().to_string();
    assert_says(&error, &["/nowhere/relayer.toml", "--config"]);
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
fn a_time_out_of_bounds_is_named() {
    assert_says(&error("poll_interval = 0"), &["test.toml", "poll_interval", "1 to 3600 seconds"]);
    assert_says(&error("inclusion_timeout = 3601"), &["test.toml", "inclusion_timeout", "10 to 3600 seconds"]);
}

#[test]
fn a_missing_key_says_where_to_put_one() {
    let error = Options::default().load_with(None).err().unwrap().to_string();
    assert_says(&error, &["carbon_key_file", "--carbon-key-file", "RELAYER_CARBON_SURI"]);
}

#[test]
fn a_bad_key_is_named_and_not_shown() {
    for suri in ["", "not a phrase", "0x12"] {
        let error = Options::default().load_with(Some(suri.into())).err().unwrap().to_string();
        assert_says(&error, &["RELAYER_CARBON_SURI", "12 or 24 words"]);
        assert!(suri.is_empty() || !error.contains(suri));
    }
    let options = Options { carbon_key_file: Some("/nowhere/key".into()), ..Default::default() };
    let error = options.load_with(None).err().unwrap().to_string();
    assert_says(&error, &["/nowhere/key", "carbon_key_file"]);
}
