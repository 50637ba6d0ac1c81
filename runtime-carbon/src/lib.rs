//! # The carbon chain's runtime
//!
//! Composition only: which pallets there are and what joins them. Rules are in the pallets. What the other chain's
//! runtime has as well is in `runtime-common`: types and limits, and under `shared/` the pallets' configuration, the
//! APIs that the node calls, the form of the genesis presets.

#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::panic, clippy::unwrap_used))]
#![recursion_limit = "256"]

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

extern crate alloc;

// What both runtimes have is written once and compiled into each: it names this runtime's types.
// The APIs of `apis` and no more.
macro_rules! own_apis {
    ($implement:ident) => {
        $implement! {}
    };
}
#[path = "../../runtime-common/shared/apis.rs"]
pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
#[path = "../../runtime-common/shared/configs.rs"]
mod configs;
#[path = "../../runtime-common/shared/genesis.rs"]
pub mod genesis;
#[path = "../../runtime-common/shared/relay.rs"]
pub mod relay;

#[cfg(test)]
mod tests;

pub use runtime_common::{AccountId, Address, Hash, Nonce, Signature};

use alloc::{borrow::Cow, vec::Vec};
use frame_support::parameter_types;
use genesis::Genesis;
use gridpeg_header::SubtreeId;
use gridpeg_messages::traits::{Counterpart, Subtree};
use pallet_peg::Side;
use polkadot_sdk::{
    sp_keyring::Sr25519Keyring,
    sp_runtime::generic,
    sp_version::{runtime_version, RuntimeVersion},
    *,
};

/// Wallets show this chain's accounts with this prefix.
pub const SS58_PREFIX: u16 = 6083;

/// Extensions of a transaction; none carries data that polkadot-js does not know.
pub type TxExtension = (
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckMortality<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    relay::RefuseStale,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    frame_system::WeightReclaim<Runtime>,
);

/// A transaction or inherent.
pub type UncheckedExtrinsic = generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// A block.
pub type Block = generic::Block<gridpeg_header::Header, UncheckedExtrinsic>;

/// Executes blocks.
pub type Executive =
    frame_executive::Executive<Runtime, Block, frame_system::ChainContext<Runtime>, Runtime, AllPalletsWithSystem>;

/// What happens once, at the start of the first block of a new runtime.
pub type Migrations = ();

/// Version of this runtime.
#[runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("gridpeg-carbon"),
    impl_name: Cow::Borrowed("gridpeg-carbon"),
    authoring_version: 1,
    spec_version: 1,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 1,
    system_version: 1,
};

#[frame_support::runtime]
mod runtime {
    use polkadot_sdk::*;

    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system::Pallet<Runtime>;

    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp::Pallet<Runtime>;

    #[runtime::pallet_index(2)]
    pub type HybridPow = pallet_hybrid_pow::Pallet<Runtime>;

    #[runtime::pallet_index(3)]
    pub type Balances = pallet_balances::Pallet<Runtime>;

    #[runtime::pallet_index(4)]
    pub type TransactionPayment = pallet_transaction_payment::Pallet<Runtime>;

    #[runtime::pallet_index(5)]
    pub type Utility = pallet_utility::Pallet<Runtime>;

    #[runtime::pallet_index(6)]
    pub type Authorities = pallet_collective::Pallet<Runtime, Instance1>;

    #[runtime::pallet_index(7)]
    pub type Sudo = pallet_sudo::Pallet<Runtime>;

    #[runtime::pallet_index(8)]
    pub type Upgrades = pallet_upgrades::Pallet<Runtime>;

    #[runtime::pallet_index(9)]
    pub type JointPrices = pallet_joint_prices::Pallet<Runtime>;

    #[runtime::pallet_index(10)]
    pub type LightClient = pallet_light_client::Pallet<Runtime>;

    #[runtime::pallet_index(11)]
    pub type Lanes = pallet_messages::Pallet<Runtime>;

    #[runtime::pallet_index(12)]
    pub type Peg = pallet_peg::Pallet<Runtime>;

    /// Last: at the end of a block it commits what all the others did.
    #[runtime::pallet_index(255)]
    pub type Commitments = pallet_commitments::Pallet<Runtime>;
}

parameter_types! {
    /// Coins are minted here.
    pub const PegSide: Side = Side::Issuance;
    /// A proposal of the authorities lapses after about a week of 60 s blocks.
    pub const MotionDuration: u32 = 10_000;
    /// The lanes can be paused for about a day of 60 s blocks at a time.
    pub const MaxPause: u32 = 1_440;
    /// Where genesis does not say otherwise, an upgrade waits two days of 60 s blocks.
    pub const UpgradeDelay: u32 = 2_880;
}

/// What the header commits (fig. 3), ids ascending.
pub type Subtrees = (Emissions, QuotaTrading, Lanes);

/// Emissions (EOC). Without accounting the tree has no leaves.
pub struct Emissions;

impl Subtree for Emissions {
    const ID: SubtreeId = SubtreeId::Emissions;
}

/// Quota trades (TOC). Without an auction the tree has no leaves.
pub struct QuotaTrading;

impl Subtree for QuotaTrading {
    const ID: SubtreeId = SubtreeId::QuotaTrading;
}

/// This chain has no pallets that need a genesis of their own.
fn own_genesis() -> serde_json::Value {
    serde_json::Value::Null
}

/// Well-known keys: Alice is sudo; Alice, Bob and Charlie are the authorities. All that is endowed here is in the genesis
/// escrow of the electricity chain's preset of the same name. The counterpart is named by the chain spec.
fn development_genesis() -> Genesis {
    use runtime_common::development::*;

    let accounts = [Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie];
    let mut balances: Vec<_> = accounts.iter().map(|key| (key.to_account_id(), ENDOWMENT)).collect();
    balances.push((HybridPow::pot(), POT));
    Genesis {
        parameters: parameters(CARBON_BLOCK_TIME),
        balances,
        authorities: accounts.iter().map(|key| key.to_account_id()).collect(),
        sudo: Sr25519Keyring::Alice.to_account_id(),
    }
}
