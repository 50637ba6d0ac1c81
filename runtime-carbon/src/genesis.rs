//! Genesis presets.

use crate::*;
use alloc::{vec, vec::Vec};
use frame_support::build_struct_json_patch;
use gridpeg_header::PowParameters;
use gridpeg_messages::units::Balance;
use polkadot_sdk::{
    sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET},
    sp_keyring::Sr25519Keyring,
};
use runtime_common::development::*;

struct Genesis {
    parameters: PowParameters,
    balances: Vec<(AccountId, Balance)>,
    authorities: Vec<AccountId>,
    sudo: AccountId,
}

fn patch(genesis: Genesis) -> serde_json::Value {
    let Genesis { parameters, balances, authorities, sudo } = genesis;
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig { balances },
        hybrid_pow: HybridPowConfig { parameters: Some(parameters), block_reward: BLOCK_REWARD },
        authorities: AuthoritiesConfig { members: authorities },
        sudo: SudoConfig { key: Some(sudo) },
    })
}

/// Well-known keys: Alice is sudo; Alice, Bob and Charlie are the authorities. All that is endowed here is in the
/// genesis escrow of the electricity chain's preset of the same name. The counterpart is named by the chain spec.
fn well_known() -> serde_json::Value {
    let accounts = [Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie];
    let mut balances: Vec<_> = accounts.iter().map(|key| (key.to_account_id(), ENDOWMENT)).collect();
    balances.push((HybridPow::pot(), POT));
    patch(Genesis {
        parameters: parameters(CARBON_BLOCK_TIME),
        balances,
        authorities: accounts.iter().map(|key| key.to_account_id()).collect(),
        sudo: Sr25519Keyring::Alice.to_account_id(),
    })
}

/// The preset of this name, as a JSON patch.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
    let preset = match id.as_ref() {
        DEV_RUNTIME_PRESET | LOCAL_TESTNET_RUNTIME_PRESET => well_known(),
        _ => return None,
    };
    serde_json::to_vec(&preset).ok()
}

/// Names of the presets.
pub fn preset_names() -> Vec<PresetId> {
    vec![PresetId::from(DEV_RUNTIME_PRESET), PresetId::from(LOCAL_TESTNET_RUNTIME_PRESET)]
}
