//! Puts version and commit into `SUBSTRATE_CLI_IMPL_VERSION`, which `--version` shows.

fn main() {
    polkadot_sdk::substrate_build_script_utils::generate_cargo_keys();
}
