//! The runtime API that both runtimes have, by signature.
//!
//! The client needs one type that says which calls a runtime answers. Only its signatures matter: every call runs in
//! the chain's own wasm, never here, so the bodies below are unreachable. Taking the type from a runtime crate instead
//! would compile the whole node once per chain.

use crate::client::{AccountId, AccountNonce, Block};
use gridpeg_header::{Claim, PowParameters, SubtreeId, Tip, H256};
use gridpeg_market::{
    book::OrderId,
    calendar::{Month, Slot},
    records::{AccountTrade, Bill, BookResult, ItemisedBill, MarketStatus, MonthSums, OrderInfo, Quote, TradeRecord},
    traits::{FeederId, SiteId},
};
use gridpeg_messages::{units::Balance, OutboxLeaf};
use gridpeg_runtime_api::{
    Anchor, CarbonGuidance, ClaimError, Conflict, KnownHeader, LanesStatus, PegState, Price, PricePair, RelayLimits,
    WindowState, Worth,
};
use polkadot_sdk::{
    frame_support::weights::Weight,
    frame_system_rpc_runtime_api,
    pallet_transaction_payment_rpc_runtime_api::{self, FeeDetails, RuntimeDispatchInfo},
    sp_api, sp_block_builder,
    sp_core::{crypto::KeyTypeId, OpaqueMetadata},
    sp_genesis_builder,
    sp_inherents::{CheckInherentsResult, InherentData},
    sp_offchain,
    sp_runtime::{
        traits::Block as BlockT,
        transaction_validity::{TransactionSource, TransactionValidity},
        ApplyExtrinsicResult, DispatchError, ExtrinsicInclusionMode,
    },
    sp_session, sp_transaction_pool,
    sp_version::RuntimeVersion,
};

/// Stands for either runtime.
pub struct Runtime;

sp_api::impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            unimplemented!()
        }

        fn execute_block(_: <Block as BlockT>::LazyBlock) {
            unimplemented!()
        }

        fn initialize_block(_: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
            unimplemented!()
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            unimplemented!()
        }

        fn metadata_at_version(_: u32) -> Option<OpaqueMetadata> {
            unimplemented!()
        }

        fn metadata_versions() -> Vec<u32> {
            unimplemented!()
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(_: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            unimplemented!()
        }

        fn finalize_block() -> <Block as BlockT>::Header {
            unimplemented!()
        }

        fn inherent_extrinsics(_: InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
            unimplemented!()
        }

        fn check_inherents(_: <Block as BlockT>::LazyBlock, _: InherentData) -> CheckInherentsResult {
            unimplemented!()
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            _: TransactionSource,
            _: <Block as BlockT>::Extrinsic,
            _: <Block as BlockT>::Hash,
        ) -> TransactionValidity {
            unimplemented!()
        }
    }

    impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
        fn offchain_worker(_: &<Block as BlockT>::Header) {
            unimplemented!()
        }
    }

    impl sp_session::SessionKeys<Block> for Runtime {
        fn generate_session_keys(_: Vec<u8>, _: Option<Vec<u8>>) -> sp_session::OpaqueGeneratedSessionKeys {
            unimplemented!()
        }

        fn decode_session_keys(_: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
            unimplemented!()
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, AccountNonce> for Runtime {
        fn account_nonce(_: AccountId) -> AccountNonce {
            unimplemented!()
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
        fn query_info(_: <Block as BlockT>::Extrinsic, _: u32) -> RuntimeDispatchInfo<Balance> {
            unimplemented!()
        }

        fn query_fee_details(_: <Block as BlockT>::Extrinsic, _: u32) -> FeeDetails<Balance> {
            unimplemented!()
        }

        fn query_weight_to_fee(_: Weight) -> Balance {
            unimplemented!()
        }

        fn query_length_to_fee(_: u32) -> Balance {
            unimplemented!()
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(_: Vec<u8>) -> sp_genesis_builder::Result {
            unimplemented!()
        }

        fn get_preset(_: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
            unimplemented!()
        }

        fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
            unimplemented!()
        }
    }

    impl gridpeg_runtime_api::HybridPowApi<Block> for Runtime {
        fn parameters() -> Option<PowParameters> {
            unimplemented!()
        }
    }

    impl gridpeg_runtime_api::AnalysisApi<Block> for Runtime {
        fn window() -> WindowState {
            unimplemented!()
        }

        fn worth(_: Claim) -> Result<Worth, ClaimError> {
            unimplemented!()
        }

        fn prices() -> Vec<PricePair> {
            unimplemented!()
        }

        fn guidance(_: Price) -> Option<CarbonGuidance> {
            unimplemented!()
        }

        fn evaluate(_: Vec<(u32, u32)>, _: Claim) -> Option<i64> {
            unimplemented!()
        }

        fn reference(_: Vec<(u32, u32)>) -> (Claim, i64) {
            unimplemented!()
        }

        fn u_values(_: Vec<(Price, Price)>) -> Option<Vec<(u32, u32)>> {
            unimplemented!()
        }

        fn guidance_of(_: Vec<(Price, Price)>, _: Claim, _: Price) -> Option<[Price; 5]> {
            unimplemented!()
        }
    }

    impl gridpeg_runtime_api::LightClientApi<Block> for Runtime {
        fn anchor() -> Option<Anchor> {
            unimplemented!()
        }

        fn best() -> Option<Tip> {
            unimplemented!()
        }

        fn header(_: H256) -> Option<KnownHeader> {
            unimplemented!()
        }

        fn confirmed() -> Option<Tip> {
            unimplemented!()
        }

        fn confirmed_after(_: Vec<Vec<u8>>) -> Result<Option<Tip>, DispatchError> {
            unimplemented!()
        }

        fn conflict() -> Option<Conflict> {
            unimplemented!()
        }
    }

    impl gridpeg_runtime_api::LanesApi<Block> for Runtime {
        fn outbox() -> Vec<OutboxLeaf> {
            unimplemented!()
        }

        fn lanes() -> LanesStatus {
            unimplemented!()
        }

        fn limits() -> RelayLimits {
            unimplemented!()
        }
    }

    impl gridpeg_runtime_api::SubtreesApi<Block> for Runtime {
        fn leaves(_: SubtreeId) -> Vec<Vec<u8>> {
            unimplemented!()
        }
    }

    impl gridpeg_runtime_api::PegApi<Block> for Runtime {
        fn peg_state() -> PegState {
            unimplemented!()
        }
    }

    impl gridpeg_runtime_api::market::MarketApi<Block> for Runtime {
        fn status() -> MarketStatus {
            unimplemented!()
        }

        fn book(_: Slot, _: FeederId, _: u32) -> (Vec<Quote>, Vec<Quote>) {
            unimplemented!()
        }

        fn orders_of(_: AccountId) -> Vec<OrderInfo<AccountId>> {
            unimplemented!()
        }

        fn order(_: OrderId) -> Option<OrderInfo<AccountId>> {
            unimplemented!()
        }

        fn bill(_: SiteId, _: Slot) -> Option<ItemisedBill<AccountId>> {
            unimplemented!()
        }

        fn bills(_: SiteId, _: Slot, _: u32) -> Vec<(Slot, Bill<AccountId>)> {
            unimplemented!()
        }

        fn month(_: SiteId, _: Month) -> MonthSums {
            unimplemented!()
        }

        fn price(_: Slot, _: FeederId) -> Option<BookResult> {
            unimplemented!()
        }

        fn prices(_: FeederId, _: Slot, _: u32) -> Vec<(Slot, BookResult)> {
            unimplemented!()
        }

        fn trades(_: Slot, _: FeederId, _: u32, _: u32) -> Vec<(u32, TradeRecord<AccountId>)> {
            unimplemented!()
        }

        fn trades_of(_: AccountId, _: u64, _: u32) -> Vec<AccountTrade<AccountId>> {
            unimplemented!()
        }

        fn arrears(_: AccountId) -> (Balance, Balance) {
            unimplemented!()
        }
    }
}
