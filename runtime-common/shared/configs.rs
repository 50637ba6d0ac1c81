//! Configuration of the pallets that both chains have. What differs comes from the runtime's own root: `PegSide`,
//! `MotionDuration`, `UpgradeDelay`, `Subtrees`, `Migrations`.

use crate::*;
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU128, ConstU32, ConstU64, ConstU8, Contains, VariantCountOf},
    weights::{constants::ParityDbWeight, ConstantMultiplier},
};
use frame_system::EnsureRoot;
use gridpeg_messages::units::{Balance, EXISTENTIAL_DEPOSIT};
use pallet_collective::Instance1;
use pallet_transaction_payment::{FungibleAdapter, Multiplier, TargetedFeeAdjustment};
use polkadot_sdk::sp_runtime::{traits::One, FixedPointNumber, Perquintill};
use runtime_common::*;

parameter_types! {
    pub const Version: RuntimeVersion = VERSION;
    pub const SS58Prefix: u16 = SS58_PREFIX;
}

/// Calls that would create or destroy coins outside the peg are refused, whoever signs them. Only a call dispatched by
/// sudo or another root origin passes filters: a chain that has a sudo key trusts its holder with the coin.
pub struct CoinIsConserved;

impl Contains<RuntimeCall> for CoinIsConserved {
    fn contains(call: &RuntimeCall) -> bool {
        use pallet_balances::Call::*;
        !matches!(
            call,
            RuntimeCall::Balances(burn { .. } | force_set_balance { .. } | force_adjust_total_issuance { .. })
        )
    }
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type BaseCallFilter = CoinIsConserved;
    type BlockWeights = RuntimeBlockWeights;
    type BlockLength = RuntimeBlockLength;
    type AccountId = AccountId;
    type Nonce = Nonce;
    type Hash = Hash;
    type Block = Block;
    type BlockHashCount = BlockHashCount;
    type DbWeight = ParityDbWeight;
    type Version = Version;
    type AccountData = pallet_balances::AccountData<Balance>;
    type SS58Prefix = SS58Prefix;
    type SingleBlockMigrations = Migrations;
    type MaxConsumers = ConstU32<16>;
}

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = ();
    type MinimumPeriod = ConstU64<MIN_PERIOD>;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_hybrid_pow::Config for Runtime {
    type Currency = Balances;
    type Time = Timestamp;
    type Prices = JointPrices;
    type PotId = PotId;
    type WeightInfo = pallet_hybrid_pow::weights::Measured<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Setup;
}

impl pallet_balances::Config for Runtime {
    type MaxLocks = ConstU32<50>;
    type MaxReserves = ConstU32<50>;
    type ReserveIdentifier = [u8; 8];
    type Balance = Balance;
    type RuntimeEvent = RuntimeEvent;
    type DustRemoval = HybridPow;
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    type AccountStore = System;
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type DoneSlashHandler = ();
}

parameter_types! {
    // Fees rise when blocks are more than a quarter full and fall back to the base when they are not.
    pub const TargetFullness: Perquintill = Perquintill::from_percent(25);
    pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(75, 1_000_000);
    pub MinimumMultiplier: Multiplier = Multiplier::one();
    pub MaximumMultiplier: Multiplier = Multiplier::saturating_from_integer(1_000);
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction = FungibleAdapter<Balances, HybridPow>;
    type WeightToFee = WeightToFee;
    type LengthToFee = ConstantMultiplier<Balance, ConstU128<BYTE_FEE>>;
    type FeeMultiplierUpdate =
        TargetedFeeAdjustment<Self, TargetFullness, AdjustmentVariable, MinimumMultiplier, MaximumMultiplier>;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

impl pallet_collective::Config<Instance1> for Runtime {
    type RuntimeOrigin = RuntimeOrigin;
    type Proposal = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type MotionDuration = MotionDuration;
    type MaxProposals = ConstU32<32>;
    type MaxMembers = ConstU32<32>;
    type DefaultVote = pallet_collective::PrimeDefaultVote;
    type WeightInfo = pallet_collective::weights::SubstrateWeight<Runtime>;
    type SetMembersOrigin = AuthorityOrigin;
    type MaxProposalWeight = MaxProposalWeight;
    type DisapproveOrigin = EnsureRoot<AccountId>;
    type KillOrigin = EnsureRoot<AccountId>;
    type Consideration = ();
}

impl pallet_sudo::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type WeightInfo = pallet_sudo::weights::SubstrateWeight<Runtime>;
}

impl pallet_upgrades::Config for Runtime {
    type AuthorityOrigin = AuthorityOrigin;
    type Delay = UpgradeDelay;
    type WeightInfo = pallet_upgrades::weights::Measured<Runtime>;
}

impl pallet_joint_prices::Config for Runtime {
    type Time = Timestamp;
    type AuthorityOrigin = AuthorityOrigin;
    type MaxOpen = ConstU32<MAX_OPEN_PERIODS>;
    type WeightInfo = pallet_joint_prices::weights::Measured<Runtime>;
}

impl pallet_light_client::Config for Runtime {
    type AnchorOrigin = AuthorityOrigin;
    type Time = Timestamp;
    type MaxBatch = ConstU32<MAX_HEADERS>;
    type Window = ConstU32<HEADER_WINDOW>;
    type MaxForks = ConstU32<MAX_FORKS>;
    type MaxTipAge = ConstU64<MAX_TIP_AGE>;
    type WeightInfo = pallet_light_client::weights::Measured<Runtime>;
}

impl pallet_messages::Config for Runtime {
    type Counterpart = LightClient;
    type Receiver = Peg;
    type PauseOrigin = AuthorityOrigin;
    type MaxOutbox = ConstU32<MAX_OUTBOX>;
    type MaxBatch = ConstU32<MAX_LEAVES>;
    type MaxHeaders = ConstU32<MAX_HEADERS>;
    type MaxPause = MaxPause;
    type WeightInfo = pallet_messages::weights::Measured<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Setup;
}

impl pallet_peg::Config for Runtime {
    type Currency = Balances;
    type Lanes = Lanes;
    type Side = PegSide;
    type EscrowId = EscrowId;
    type MinTransfer = MinTransfer;
    type AuthorityOrigin = AuthorityOrigin;
    type MaxPayouts = ConstU32<MAX_PAYOUTS>;
    type WeightInfo = pallet_peg::weights::Measured<Runtime>;
}

impl pallet_commitments::Config for Runtime {
    type Work = HybridPow;
    type Subtrees = Subtrees;
    type WeightInfo = pallet_commitments::weights::Measured<Runtime>;
}
