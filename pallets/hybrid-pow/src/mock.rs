//! A runtime with balances, timestamp and this pallet.

use crate as pallet_hybrid_pow;
use gridpeg_header::{PowParameters, U256};
use polkadot_sdk::{
    frame_support::{derive_impl, parameter_types, PalletId},
    sp_runtime::{AccountId32, BuildStorage},
    *,
};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Balances: pallet_balances,
        HybridPow: pallet_hybrid_pow,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId32;
    type Lookup = sp_runtime::traits::IdentityLookup<AccountId32>;
    type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
}

parameter_types! {
    pub const PotId: PalletId = PalletId(*b"gp/potac");
}

impl pallet_hybrid_pow::Config for Test {
    type Currency = Balances;
    type Time = Timestamp;
    type PotId = PotId;
    type WeightInfo = ();
}

pub const REWARD: u64 = 10;
pub const POT: u64 = 25;

pub fn parameters() -> PowParameters {
    PowParameters {
        block_time: 3_000,
        half_life: 10,
        initial_target: U256::one() << 240,
        finality_depth: 5,
        confirmations: 6,
    }
}

pub fn new_test_ext() -> sp_io::TestExternalities {
    RuntimeGenesisConfig {
        hybrid_pow: pallet_hybrid_pow::GenesisConfig { parameters: Some(parameters()), block_reward: REWARD },
        balances: pallet_balances::GenesisConfig { balances: vec![(HybridPow::pot(), POT)], ..Default::default() },
        ..Default::default()
    }
    .build_storage()
    .unwrap()
    .into()
}
