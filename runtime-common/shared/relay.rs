//! Relayers race: whoever comes second with the same headers and leaves is refused before it costs anything.

use crate::*;
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{pallet_prelude::TransactionSource, weights::constants::ParityDbWeight, weights::Weight};
use polkadot_sdk::sp_runtime::{
    impl_tx_ext_default,
    traits::{DispatchInfoOf, DispatchOriginOf, TransactionExtension, ValidateResult},
    transaction_validity::{InvalidTransaction, ValidTransaction},
};
use scale_info::TypeInfo;

/// Refuses `lanes.deliver` and `lightClient.submitHeaders` as stale if all that they bring is known, and `lanes.resolve`
/// if there is no conflict: in the pool, and again when a block is built. So the loser of a race pays nothing, and its account's next transaction is not held up.
///
/// Carries no data, so that wallets sign as usual. A call inside a batch is not looked at: it fails and pays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct RefuseStale;

impl RefuseStale {
    /// Whether a call brings nothing new.
    fn is_stale(call: &RuntimeCall) -> bool {
        match call {
            RuntimeCall::Lanes(pallet_messages::Call::deliver { headers, leaves, .. }) => {
                Lanes::is_stale(headers, leaves)
            }
            RuntimeCall::LightClient(pallet_light_client::Call::submit_headers { headers }) => {
                <LightClient as Counterpart>::knows(headers)
            }
            RuntimeCall::Lanes(pallet_messages::Call::resolve { .. }) => !<LightClient as Counterpart>::conflict(),
            _ => false,
        }
    }
}

impl TransactionExtension<RuntimeCall> for RefuseStale {
    const IDENTIFIER: &'static str = "RefuseStale";
    type Implicit = ();
    type Val = ();
    type Pre = ();

    fn weight(&self, call: &RuntimeCall) -> Weight {
        match call {
            // The hash of a header; whether it is kept, the last nonces.
            RuntimeCall::Lanes(_) | RuntimeCall::LightClient(_) => {
                Weight::from_parts(20_000_000, 0).saturating_add(ParityDbWeight::get().reads(3))
            }
            _ => Weight::zero(),
        }
    }

    fn validate(
        &self,
        origin: DispatchOriginOf<RuntimeCall>,
        call: &RuntimeCall,
        _: &DispatchInfoOf<RuntimeCall>,
        _: usize,
        _: Self::Implicit,
        _: &impl Encode,
        _: TransactionSource,
    ) -> ValidateResult<Self::Val, RuntimeCall> {
        if Self::is_stale(call) {
            return Err(InvalidTransaction::Stale.into());
        }
        Ok((ValidTransaction::default(), (), origin))
    }

    impl_tx_ext_default!(RuntimeCall; prepare);
}
