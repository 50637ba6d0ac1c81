//! A runtime with timestamp and this pallet.

use crate::{self as pallet_joint_prices, GenesisConfig};
use polkadot_sdk::{
    frame_support::{
        derive_impl, ord_parameter_types,
        traits::{ConstU32, EitherOfDiverse},
    },
    frame_system::{EnsureRoot, EnsureSignedBy},
    sp_runtime::BuildStorage,
    *,
};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        JointPrices: pallet_joint_prices,
    }
);

pub const AUTHORITY: u64 = 1;
pub const STRANGER: u64 = 2;
/// Length of a clearing period.
pub const PERIOD: u64 = 10_000;
/// Pairs in the window.
pub const WINDOW: u32 = 32;
/// Least Wh.
pub const LEAST_WH: u128 = 500;
/// Least grams.
pub const LEAST_GRAMS: u128 = 700;
/// Open periods.
pub const MAX_OPEN: u32 = 4;

ord_parameter_types! {
    pub const Authority: u64 = AUTHORITY;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

impl pallet_joint_prices::Config for Test {
    type Time = Timestamp;
    type AuthorityOrigin = EitherOfDiverse<EnsureRoot<u64>, EnsureSignedBy<Authority, u64>>;
    type MaxOpen = ConstU32<MAX_OPEN>;
    type WeightInfo = ();
}

/// Genesis with this history.
pub fn genesis(pairs: Vec<(u64, i64, i64)>) -> GenesisConfig<Test> {
    GenesisConfig {
        pairs,
        clearing_period: PERIOD,
        window: WINDOW,
        minimum_electricity: LEAST_WH,
        minimum_carbon: LEAST_GRAMS,
        ..Default::default()
    }
}

/// Before block 1.
pub fn test_ext_of(joint_prices: GenesisConfig<Test>) -> sp_io::TestExternalities {
    RuntimeGenesisConfig { joint_prices, ..Default::default() }.build_storage().unwrap().into()
}

/// In block 1, at the end of period 9, without history.
pub fn new_test_ext() -> sp_io::TestExternalities {
    let mut ext = test_ext_of(genesis(Vec::new()));
    ext.execute_with(|| {
        System::set_block_number(1);
        set_period(10);
    });
    ext
}

/// Sets the clock to the beginning of this period, when those before it are over.
pub fn set_period(period: u64) {
    pallet_timestamp::Now::<Test>::put(period * PERIOD);
}
