//! Transactions, signed with a runtime's own types, so that there is no node to ask.

use codec::Encode;
use polkadot_sdk::{
    sp_core::Pair,
    sp_keyring::Sr25519Keyring,
    sp_runtime::{AccountId32, MultiAddress, MultiSignature},
};

#[doc(hidden)] // for `signs!`
pub use {
    gridpeg_node::client::Hash,
    polkadot_sdk as sdk,
    polkadot_sdk::{sp_core::sr25519, sp_runtime::OpaqueExtrinsic},
};

/// Makes a function that signs a call of a chain.
///
/// | | makes |
/// |---|---|
/// | `signs!(on_carbon, carbon_runtime);` | `fn on_carbon(genesis, nonce, call) -> OpaqueExtrinsic`: //Alice signs |
/// | `signs!(on_carbon, carbon_runtime, by);` | `fn on_carbon(pair, genesis, nonce, call)`: that sr25519 key signs |
///
/// A macro, because the forge depends on no runtime: whoever uses it depends on the one that it names.
#[macro_export]
macro_rules! signs {
    ($name:ident, $runtime:ident) => {
        fn $name(
            genesis: $crate::sign::Hash,
            nonce: u32,
            call: $runtime::RuntimeCall,
        ) -> $crate::sign::OpaqueExtrinsic {
            $crate::signs!(signed_by, $runtime, by);
            signed_by(&$crate::sign::alice(), genesis, nonce, call)
        }
    };
    ($name:ident, $runtime:ident, by) => {
        fn $name(
            pair: &$crate::sign::sr25519::Pair,
            genesis: $crate::sign::Hash,
            nonce: u32,
            call: $runtime::RuntimeCall,
        ) -> $crate::sign::OpaqueExtrinsic {
            use $crate::sign::sdk::{
                frame_metadata_hash_extension, frame_system, pallet_transaction_payment, sp_runtime::generic,
            };
            use $runtime::{relay::RefuseStale, Runtime, TxExtension, UncheckedExtrinsic, VERSION};

            let extension: TxExtension = (
                frame_system::CheckNonZeroSender::<Runtime>::new(),
                frame_system::CheckSpecVersion::<Runtime>::new(),
                frame_system::CheckTxVersion::<Runtime>::new(),
                frame_system::CheckGenesis::<Runtime>::new(),
                frame_system::CheckMortality::<Runtime>::from(generic::Era::Immortal),
                frame_system::CheckNonce::<Runtime>::from(nonce),
                frame_system::CheckWeight::<Runtime>::new(),
                RefuseStale,
                pallet_transaction_payment::ChargeTransactionPayment::<Runtime>::from(0),
                frame_metadata_hash_extension::CheckMetadataHash::<Runtime>::new(false),
                frame_system::WeightReclaim::<Runtime>::new(),
            );
            let (spec, transaction) = (VERSION.spec_version, VERSION.transaction_version);
            let implied = ((), spec, transaction, genesis, genesis, (), (), (), (), None, ());
            let payload = generic::SignedPayload::from_raw(call.clone(), extension.clone(), implied);
            let (signer, signature) = $crate::sign::sign(pair, &payload);
            UncheckedExtrinsic::new_signed(call, signer, signature, extension).into()
        }
    };
}

/// //Alice's key.
#[doc(hidden)] // for `signs!`
pub fn alice() -> sr25519::Pair {
    Sr25519Keyring::Alice.pair()
}

/// The address of a key, and its signature.
#[doc(hidden)] // for `signs!`
pub fn sign(pair: &sr25519::Pair, payload: &impl Encode) -> (MultiAddress<AccountId32, ()>, MultiSignature) {
    let signature = payload.using_encoded(|bytes| pair.sign(bytes));
    (MultiAddress::Id(pair.public().into()), signature.into())
}
