//! The APIs that the node calls.

use crate::*;
use alloc::vec::Vec;
use frame_support::genesis_builder_helper::{build_state, get_preset};
use gridpeg_header::{Claim, PowParameters, SubtreeId, Tip, H256};
use gridpeg_messages::{traits::Parameters, units::Balance, OutboxLeaf};
use gridpeg_runtime_api::{
    Anchor, CarbonGuidance, ClaimError, Conflict, KnownHeader, LanesStatus, PegState, Price, PricePair, RelayLimits,
    WindowState, Worth,
};
use pallet_light_client::StoredHeader;
use polkadot_sdk::{
    sp_api::impl_runtime_apis,
    sp_core::OpaqueMetadata,
    sp_runtime::{
        traits::Block as BlockT,
        transaction_validity::{TransactionSource, TransactionValidity},
        ApplyExtrinsicResult, DispatchError, ExtrinsicInclusionMode,
    },
};

/// Brings the state to where a child of this block finds it: a child that is the first of new code runs its migrations
/// before all else, as `Executive::initialize_block` does. For answers about the child only: what is written here is
/// forgotten when the call ends.
fn begin_child() {
    let last = frame_system::LastRuntimeUpgrade::<Runtime>::get();
    if last.is_none_or(|last| last.was_upgraded(&VERSION)) {
        Executive::execute_on_runtime_upgrade();
        frame_system::LastRuntimeUpgrade::<Runtime>::put(frame_system::LastRuntimeUpgradeInfo::from(VERSION));
    }
}

/// What a child of this block is analysed against.
fn window_of_child() -> pallet_joint_prices::Window {
    begin_child();
    JointPrices::next_window()
}

/// As many pairs as a window takes, without their periods.
fn price_pairs(prices: Vec<(Price, Price)>) -> Option<Vec<PricePair>> {
    if prices.is_empty() || prices.len() > gridpeg_copula::MAX_OBSERVATIONS as usize {
        return None;
    }
    let pair = |(electricity, carbon)| PricePair { period: 0, electricity, carbon };
    Some(prices.into_iter().map(pair).collect())
}

// All APIs of a runtime are implemented in one place: `more` are those that this runtime alone has.
macro_rules! implement {
    ($($more:tt)*) => {
        impl_runtime_apis! {
            impl sp_api::Core<Block> for Runtime {
                fn version() -> RuntimeVersion {
                    VERSION
                }

                fn execute_block(block: <Block as BlockT>::LazyBlock) {
                    Executive::execute_block(block);
                }

                fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
                    Executive::initialize_block(header)
                }
            }

            impl sp_api::Metadata<Block> for Runtime {
                fn metadata() -> OpaqueMetadata {
                    OpaqueMetadata::new(Runtime::metadata().into())
                }

                fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
                    Runtime::metadata_at_version(version)
                }

                fn metadata_versions() -> Vec<u32> {
                    Runtime::metadata_versions()
                }
            }

            impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
                fn execute_view_function(
                    id: frame_support::view_functions::ViewFunctionId,
                    input: Vec<u8>,
                ) -> Result<Vec<u8>, frame_support::view_functions::ViewFunctionDispatchError> {
                    Runtime::execute_view_function(id, input)
                }
            }

            impl sp_block_builder::BlockBuilder<Block> for Runtime {
                fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
                    Executive::apply_extrinsic(extrinsic)
                }

                fn finalize_block() -> <Block as BlockT>::Header {
                    Executive::finalize_block()
                }

                fn inherent_extrinsics(data: sp_inherents::InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
                    data.create_extrinsics()
                }

                fn check_inherents(
                    block: <Block as BlockT>::LazyBlock,
                    data: sp_inherents::InherentData,
                ) -> sp_inherents::CheckInherentsResult {
                    data.check_extrinsics(&block)
                }
            }

            impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
                fn validate_transaction(
                    source: TransactionSource,
                    tx: <Block as BlockT>::Extrinsic,
                    block_hash: <Block as BlockT>::Hash,
                ) -> TransactionValidity {
                    Executive::validate_transaction(source, tx, block_hash)
                }
            }

            impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
                fn offchain_worker(header: &<Block as BlockT>::Header) {
                    Executive::offchain_worker(header)
                }
            }

            impl sp_session::SessionKeys<Block> for Runtime {
                fn generate_session_keys(owner: Vec<u8>, seed: Option<Vec<u8>>) -> sp_session::OpaqueGeneratedSessionKeys {
                    NoSessionKeys::generate(&owner, seed).into()
                }

                fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, sp_core::crypto::KeyTypeId)>> {
                    NoSessionKeys::decode_into_raw_public_keys(&encoded)
                }
            }

            impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
                fn account_nonce(account: AccountId) -> Nonce {
                    System::account_nonce(account)
                }
            }

            impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
                fn query_info(
                    uxt: <Block as BlockT>::Extrinsic,
                    len: u32,
                ) -> pallet_transaction_payment::RuntimeDispatchInfo<Balance> {
                    TransactionPayment::query_info(uxt, len)
                }

                fn query_fee_details(
                    uxt: <Block as BlockT>::Extrinsic,
                    len: u32,
                ) -> pallet_transaction_payment::FeeDetails<Balance> {
                    TransactionPayment::query_fee_details(uxt, len)
                }

                fn query_weight_to_fee(weight: frame_support::weights::Weight) -> Balance {
                    TransactionPayment::weight_to_fee(weight)
                }

                fn query_length_to_fee(length: u32) -> Balance {
                    TransactionPayment::length_to_fee(length)
                }
            }

            impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
                fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
                    build_state::<RuntimeGenesisConfig>(config)
                }

                fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
                    get_preset::<RuntimeGenesisConfig>(id, genesis::preset)
                }

                fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
                    genesis::preset_names()
                }
            }

            impl gridpeg_runtime_api::HybridPowApi<Block> for Runtime {
                fn parameters() -> Option<PowParameters> {
                    HybridPow::parameters()
                }
            }

            impl gridpeg_runtime_api::AnalysisApi<Block> for Runtime {
                fn window() -> WindowState {
                    let window = window_of_child();
                    WindowState {
                        revision: window.revision,
                        least: HybridPow::least(window.revision, window.reference),
                        reference: window.reference.map_or(0, |(_, aic)| aic),
                        pairs: window.pairs,
                    }
                }

                fn worth(claim: Claim) -> Result<Worth, ClaimError> {
                    let window = window_of_child();
                    let (analysis, least) = HybridPow::worth(&claim, window.revision, &window.pairs, window.reference)?;
                    Ok(Worth { analysis, least })
                }

                fn prices() -> Vec<PricePair> {
                    begin_child();
                    JointPrices::prices()
                }

                fn guidance(electricity: Price) -> Option<CarbonGuidance> {
                    let window = window_of_child();
                    let (claim, aic) = HybridPow::least(window.revision, window.reference)?;
                    JointPrices::guidance(claim, aic, electricity)
                }

                fn evaluate(pairs: Vec<(u32, u32)>, claim: Claim) -> Option<i64> {
                    gridpeg_copula::consensus::evaluate(&pairs, &claim).ok()
                }

                fn reference(pairs: Vec<(u32, u32)>) -> (Claim, i64) {
                    gridpeg_copula::consensus::reference(&pairs)
                }

                fn u_values(prices: Vec<(Price, Price)>) -> Option<Vec<(u32, u32)>> {
                    price_pairs(prices).map(|pairs| JointPrices::u_values(&pairs))
                }

                fn guidance_of(prices: Vec<(Price, Price)>, claim: Claim, electricity: Price) -> Option<[Price; 5]> {
                    let guidance = JointPrices::guidance_of(&price_pairs(prices)?, claim, 0, electricity)?;
                    Some(guidance.quantiles)
                }
            }

            impl gridpeg_runtime_api::LightClientApi<Block> for Runtime {
                fn anchor() -> Option<Anchor> {
                    pallet_light_client::AnchorOf::<Runtime>::get()
                        .map(|anchor| Anchor { genesis: anchor.genesis, parameters: anchor.parameters })
                }

                fn best() -> Option<Tip> {
                    LightClient::best().map(|header| header.tip)
                }

                fn header(hash: H256) -> Option<KnownHeader> {
                    let header: StoredHeader = pallet_light_client::Headers::<Runtime>::get(hash)?;
                    let work_above = LightClient::work_above(&header);
                    Some(KnownHeader { tip: header.tip, work_above, work_needed: LightClient::work_needed()? })
                }

                fn confirmed() -> Option<Tip> {
                    LightClient::confirmed().map(|header| header.tip)
                }

                fn confirmed_after(headers: Vec<Vec<u8>>) -> Result<Option<Tip>, DispatchError> {
                    LightClient::confirmed_after(headers)
                }

                fn conflict() -> Option<Conflict> {
                    let conflict = pallet_light_client::ConflictOf::<Runtime>::get()?;
                    Some(Conflict { confirmed: conflict.confirmed, common: conflict.common, depth: conflict.depth })
                }
            }

            impl gridpeg_runtime_api::LanesApi<Block> for Runtime {
                fn outbox() -> Vec<OutboxLeaf> {
                    Lanes::outbox()
                }

                fn lanes() -> LanesStatus {
                    LanesStatus {
                        state: Lanes::state(),
                        settled: pallet_messages::Settled::<Runtime>::get(),
                        acknowledged: pallet_messages::Acknowledged::<Runtime>::get(),
                        paused_until: Lanes::paused_until(),
                        deficit: Lanes::deficit(),
                    }
                }

                fn limits() -> RelayLimits {
                    RelayLimits {
                        headers: runtime_common::MAX_HEADERS,
                        leaves: runtime_common::MAX_LEAVES,
                        window: runtime_common::HEADER_WINDOW,
                        max_tip_age: runtime_common::MAX_TIP_AGE,
                    }
                }
            }

            impl gridpeg_runtime_api::SubtreesApi<Block> for Runtime {
                fn leaves(tree: SubtreeId) -> Vec<Vec<u8>> {
                    <crate::Subtrees as gridpeg_messages::traits::Subtrees>::leaves(tree)
                }
            }

            impl gridpeg_runtime_api::PegApi<Block> for Runtime {
                fn peg_state() -> PegState {
                    let books = Peg::books();
                    PegState {
                        escrow: books.escrow,
                        issued: books.issued,
                        genesis: books.genesis,
                        sent: books.sent,
                        received: books.received,
                        refused: books.refused,
                        paid: books.paid,
                        queued: books.queued,
                        unclaimed: books.unclaimed,
                        returned: books.returned,
                        unreturned: books.unreturned,
                    }
                }
            }

            #[cfg(feature = "runtime-benchmarks")]
            impl frame_benchmarking::Benchmark<Block> for Runtime {
                fn benchmark_metadata(
                    extra: bool,
                ) -> (Vec<frame_benchmarking::BenchmarkList>, Vec<frame_support::traits::StorageInfo>) {
                    crate::benchmarks::metadata(extra)
                }

                fn dispatch_benchmark(
                    config: frame_benchmarking::BenchmarkConfig,
                ) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
                    crate::benchmarks::dispatch(config)
                }
            }

            $($more)*
        }
    };
}
own_apis!(implement);

sp_runtime::impl_opaque_keys! {
    /// Proof of work needs no session keys.
    pub struct NoSessionKeys {}
}
