#[path = "../../runtime-common/shared/preset.rs"]
mod preset;
#[path = "../../runtime-common/shared/weights.rs"]
mod weights;

use crate::*;
use frame_support::{
    assert_noop, assert_ok,
    storage::with_transaction,
    traits::{fungible::Inspect, OnInitialize},
};
use gridpeg_header::{digest::pre_runtime_item, Analysis, Claim, PreDigest};
use gridpeg_messages::{
    prices::{Side, Summary},
    traits::BlockWork,
};
use gridpeg_runtime_api::{runtime_decl_for_analysis_api::AnalysisApiV1, ClaimError, WindowState, Worth};
use polkadot_sdk::{
    sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET},
    sp_keyring::Sr25519Keyring,
    sp_runtime::{traits::Dispatchable, Digest, DispatchError, TransactionOutcome},
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

/// Reports both sides of this period; the prices of the periods rise and fall together, more or less.
fn report_prices(period: u64) {
    let steps = (7 * period % 30) as i64;
    let electricity = 90_000_000_000 + 100_000_000 * steps;
    let carbon = 70_000_000_000_000 + 100_000_000_000 * (2 * steps + (11 * period % 30) as i64);
    for (side, price) in [(Side::Electricity, electricity), (Side::Carbon, carbon)] {
        let summary = Summary { price, quantity: 1_000, sellers: 2, buyers: 2 };
        assert_ok!(JointPrices::report(RuntimeOrigin::root(), side, period, summary));
    }
}

#[test]
fn reported_prices_are_analysed_by_the_next_block_as_the_api_announces() {
    preset(DEV_RUNTIME_PRESET).execute_with(|| {
        System::set_block_number(1);
        pallet_timestamp::Now::<Runtime>::put(40 * runtime_common::development::CLEARING_PERIOD);
        assert_eq!(<Runtime as AnalysisApiV1<Block>>::window(), WindowState::default());
        for period in 0..30 {
            assert_eq!(<Runtime as AnalysisApiV1<Block>>::guidance(1), None);
            report_prices(period);
        }
        let window = <Runtime as AnalysisApiV1<Block>>::window();
        let (claim, aic) = window.least.unwrap();
        assert_eq!((window.pairs.len(), aic), (30, window.reference));
        assert_eq!(<Runtime as AnalysisApiV1<Block>>::prices().len(), 30);

        let pre = PreDigest { author: [1; 32], claim: Some(claim) };
        System::initialize(&2, &Hash::default(), &Digest { logs: vec![pre_runtime_item(&pre)] });
        HybridPow::on_initialize(2);
        assert_eq!(HybridPow::analysis(), Some(Analysis { observations: 30, aic, gain: 0 }));
        // The window is no other one, computed or stored.
        assert_eq!(<Runtime as AnalysisApiV1<Block>>::window(), window);
        let guidance = <Runtime as AnalysisApiV1<Block>>::guidance(91_000_000_000).unwrap();
        assert_eq!((guidance.claim, guidance.aic, guidance.electricity), (claim, aic, 91_000_000_000));
        assert!(guidance.quantiles.is_sorted());
        let worth = <Runtime as AnalysisApiV1<Block>>::worth(claim).unwrap();
        assert_eq!((worth.analysis, worth.least), (HybridPow::analysis().unwrap(), aic));
    });
}

#[test]
fn after_an_upgrade_the_api_announces_what_the_first_block_of_the_new_code_finds() {
    preset(DEV_RUNTIME_PRESET).execute_with(|| {
        System::set_block_number(1);
        pallet_timestamp::Now::<Runtime>::put(40 * runtime_common::development::CLEARING_PERIOD);
        (0..30).for_each(report_prices);
        let (claim, _) = <Runtime as AnalysisApiV1<Block>>::window().least.unwrap();
        assert!(!announced(Claim::INDEPENDENCE).1.unwrap().is_enough());
        let header = |number| gridpeg_header::Header {
            parent_hash: Hash::default(),
            number,
            state_root: Hash::default(),
            extrinsics_root: Hash::default(),
            digest: Digest { logs: vec![pre_runtime_item(&PreDigest { author: [1; 32], claim: Some(claim) })] },
        };
        Executive::initialize_block(&header(2));
        let before = <Runtime as AnalysisApiV1<Block>>::window();

        // As if all that had been executed by the code before.
        let mut last = frame_system::LastRuntimeUpgradeInfo::from(VERSION);
        last.spec_version = (VERSION.spec_version - 1).into();
        frame_system::LastRuntimeUpgrade::<Runtime>::put(last);
        let ask = || TransactionOutcome::Rollback(Ok::<_, DispatchError>(announced(claim)));
        let (window, worth) = with_transaction(ask).unwrap();
        assert_eq!(window, WindowState { revision: before.revision + 1, ..before });
        Executive::initialize_block(&header(3));
        assert_eq!(HybridPow::analysis(), Some(worth.unwrap().analysis));
        // The upgrade is over, and so nothing changes any more.
        assert_eq!(announced(claim), (window, worth));
    });
}

/// What is answered of the analysis.
fn announced(claim: Claim) -> (WindowState, Result<Worth, ClaimError>) {
    (<Runtime as AnalysisApiV1<Block>>::window(), <Runtime as AnalysisApiV1<Block>>::worth(claim))
}
