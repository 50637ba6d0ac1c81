#[path = "../../runtime-common/shared/preset.rs"]
mod preset;

use crate::*;
use pallet_peg::Side;
use polkadot_sdk::sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use preset::preset;

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
