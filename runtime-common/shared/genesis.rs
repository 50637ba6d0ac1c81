//! Genesis presets. Whom they endow is the runtime's own, `development_genesis`, and so is what only its own pallets
//! need, `own_genesis`.

use crate::*;
use alloc::{vec, vec::Vec};
use frame_support::build_struct_json_patch;
use gridpeg_header::PowParameters;
use gridpeg_messages::units::Balance;
use polkadot_sdk::sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use runtime_common::development::{BLOCK_REWARD, CLEARING_PERIOD, MINIMUM_CARBON, MINIMUM_ELECTRICITY, PRICE_WINDOW};

/// Blocks from scheduling an upgrade to when it may be applied: enough to see it waiting, and to cancel it, in a test.
const UPGRADE_DELAY: u32 = 10;

/// What a preset fixes.
pub(crate) struct Genesis {
    /// The chain's proof of work.
    pub(crate) parameters: PowParameters,
    /// Endowments.
    pub(crate) balances: Vec<(AccountId, Balance)>,
    /// Members of the collective.
    pub(crate) authorities: Vec<AccountId>,
    /// The sudo key.
    pub(crate) sudo: AccountId,
}

fn patch(genesis: Genesis) -> serde_json::Value {
    let Genesis { parameters, balances, authorities, sudo } = genesis;
    let mut patch = build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig { balances },
        hybrid_pow: HybridPowConfig { parameters: Some(parameters), block_reward: BLOCK_REWARD },
        authorities: AuthoritiesConfig { members: authorities },
        sudo: SudoConfig { key: Some(sudo) },
        upgrades: UpgradesConfig { delay: Some(UPGRADE_DELAY) },
        joint_prices: JointPricesConfig {
            clearing_period: CLEARING_PERIOD,
            window: PRICE_WINDOW,
            minimum_electricity: MINIMUM_ELECTRICITY,
            minimum_carbon: MINIMUM_CARBON,
        },
    });
    // The pallets that only this chain has.
    if let (Some(patch), serde_json::Value::Object(own)) = (patch.as_object_mut(), own_genesis()) {
        patch.extend(own);
    }
    patch
}

/// The preset of this name, as a JSON patch.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
    let preset = match id.as_ref() {
        DEV_RUNTIME_PRESET | LOCAL_TESTNET_RUNTIME_PRESET => patch(crate::development_genesis()),
        _ => return None,
    };
    serde_json::to_vec(&preset).ok()
}

/// Names of the presets.
pub fn preset_names() -> Vec<PresetId> {
    vec![PresetId::from(DEV_RUNTIME_PRESET), PresetId::from(LOCAL_TESTNET_RUNTIME_PRESET)]
}
