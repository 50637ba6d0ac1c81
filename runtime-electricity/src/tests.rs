#[path = "../../runtime-common/shared/preset.rs"]
mod preset;

use crate::*;
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use polkadot_sdk::{
    sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET},
    sp_keyring::Sr25519Keyring,
    sp_runtime::traits::Dispatchable,
};
use preset::preset;

#[test]
fn genesis_escrow_backs_all_that_the_carbon_preset_issues() {
    for id in [DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET] {
        preset(id).execute_with(|| {
            assert_eq!(Peg::books().escrow, runtime_common::development::CARBON_ISSUANCE);
        });
    }
}

#[test]
fn calls_that_create_or_destroy_coins_are_refused() {
    preset(DEV_RUNTIME_PRESET).execute_with(|| {
        let alice = Sr25519Keyring::Alice.to_account_id();
        let before = Balances::total_issuance();
        let burn = RuntimeCall::Balances(pallet_balances::Call::burn { value: 1, keep_alive: false });
        let set = pallet_balances::Call::force_set_balance { who: alice.clone().into(), new_free: 1 };
        let adjust = pallet_balances::Call::force_adjust_total_issuance {
            direction: pallet_balances::AdjustmentDirection::Increase,
            delta: 1,
        };
        for call in [burn.clone(), RuntimeCall::Balances(set), RuntimeCall::Balances(adjust)] {
            assert_noop!(
                call.dispatch(RuntimeOrigin::signed(alice.clone())),
                frame_system::Error::<Runtime>::CallFiltered
            );
        }
        // Hidden in a batch it fails too.
        let batch = RuntimeCall::Utility(pallet_utility::Call::batch_all { calls: vec![burn] });
        assert!(batch.dispatch(RuntimeOrigin::signed(alice)).is_err());
        assert_eq!(Balances::total_issuance(), before);
    });
}

#[test]
fn the_peg_refuses_everything_before_the_anchor() {
    preset(DEV_RUNTIME_PRESET).execute_with(|| {
        let bob = Sr25519Keyring::Bob.to_account_id();
        let before = Balances::balance(&bob);
        assert_noop!(
            Peg::transfer(RuntimeOrigin::signed(bob.clone()), [1; 32], 1_000_000_000_000),
            pallet_messages::Error::<Runtime>::NotAnchored
        );
        assert_eq!(Balances::balance(&bob), before);
    });
}

#[test]
fn the_escrow_account_survives_being_empty() {
    preset(DEV_RUNTIME_PRESET).execute_with(|| {
        let escrow = Peg::escrow_account();
        let alice = Sr25519Keyring::Alice.to_account_id();
        let all = Balances::balance(&escrow);
        assert_ok!(Balances::force_transfer(RuntimeOrigin::root(), escrow.clone().into(), alice.into(), all));
        assert_eq!(Balances::balance(&escrow), 0);
        assert_eq!(System::providers(&escrow), 1);
    });
}
