#[path = "../../runtime-common/shared/preset.rs"]
mod preset;
#[path = "../../runtime-common/shared/weights.rs"]
mod weights;

use crate::*;
use frame_support::{assert_ok, dispatch::GetDispatchInfo};
use gridpeg_header::{
    forge::{easy_parameters, Branch},
    H256,
};
use pallet_peg::Side;
use polkadot_sdk::{
    sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET},
    sp_runtime::{
        traits::{DispatchTransaction, Dispatchable},
        transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError},
        BoundedVec,
    },
};
use preset::preset;
use relay::RefuseStale;

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

const COUNTERPART: H256 = H256([1; 32]);

fn relayer() -> RuntimeOrigin {
    RuntimeOrigin::signed(Sr25519Keyring::Dave.to_account_id())
}

/// What the pool says of a call.
fn validate(call: &RuntimeCall) -> Result<(), TransactionValidityError> {
    let info = call.get_dispatch_info();
    RefuseStale.validate_only(relayer(), call, &info, 0, TransactionSource::External, 0).map(|_| ())
}

/// Both calls that carry headers.
fn calls(branch: &Branch, from: u32) -> [RuntimeCall; 2] {
    let headers: Vec<BoundedVec<u8, _>> =
        branch.encoded_from(from).into_iter().map(|header| header.try_into().unwrap()).collect();
    let leaves = BoundedVec::default();
    [
        RuntimeCall::LightClient(pallet_light_client::Call::submit_headers {
            headers: headers.clone().try_into().unwrap(),
        }),
        RuntimeCall::Lanes(pallet_messages::Call::deliver { headers: headers.try_into().unwrap(), at: None, leaves }),
    ]
}

#[test]
fn what_another_relayer_has_brought_is_refused_in_the_pool() {
    preset(DEV_RUNTIME_PRESET).execute_with(|| {
        pallet_timestamp::Now::<Runtime>::put(2_000_000_000);
        assert_ok!(LightClient::anchor(RuntimeOrigin::root(), COUNTERPART, easy_parameters()));
        let mut branch = Branch::new(COUNTERPART, easy_parameters());
        for _ in 0..5 {
            branch.extend(3_000, H256([9; 32]), 1);
        }
        let [first, _] = calls(&branch, 1);
        for call in calls(&branch, 1) {
            assert_eq!(validate(&call), Ok(()));
        }
        assert_ok!(first.dispatch(relayer()));
        let stale = TransactionValidityError::from(InvalidTransaction::Stale);
        for call in calls(&branch, 1).into_iter().chain(calls(&branch, 3)) {
            assert_eq!(validate(&call), Err(stale));
            // Past the pool it would fail, and pay.
            assert_eq!(call.dispatch(relayer()).unwrap_err().post_info.pays_fee, frame_support::dispatch::Pays::Yes);
        }
        // With one more header it is welcome again.
        branch.extend(3_000, H256([9; 32]), 1);
        for call in calls(&branch, 1) {
            assert_eq!(validate(&call), Ok(()));
        }
    });
}
