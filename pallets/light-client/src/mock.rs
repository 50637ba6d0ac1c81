//! A runtime with a clock and this pallet.

use crate as pallet_light_client;
use gridpeg_header::{forge::easy_parameters, Millis, PowParameters, H256};
use polkadot_sdk::{
    frame_support::{
        derive_impl,
        traits::{ConstU32, ConstU64},
    },
    frame_system::EnsureRoot,
    sp_runtime::BuildStorage,
    *,
};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        LightClient: pallet_light_client,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

impl pallet_light_client::Config for Test {
    type AnchorOrigin = EnsureRoot<u64>;
    type Time = Timestamp;
    type MaxBatch = ConstU32<16>;
    type Window = ConstU32<20>;
    type MaxForks = ConstU32<3>;
    type MaxTipAge = ConstU64<MAX_TIP_AGE>;
    type WeightInfo = ();
}

pub const GENESIS: H256 = H256([1; 32]);
/// The clock: hours beyond the forged headers' times.
pub const NOW: Millis = 1_010_000_000;
/// A day.
pub const MAX_TIP_AGE: Millis = 24 * 60 * 60 * 1_000;

pub fn set_clock(time: Millis) {
    pallet_timestamp::Now::<Test>::put(time);
}

/// Not anchored.
pub fn bare_test_ext() -> sp_io::TestExternalities {
    let mut ext: sp_io::TestExternalities =
        frame_system::GenesisConfig::<Test>::default().build_storage().unwrap().into();
    ext.execute_with(|| {
        System::set_block_number(1);
        set_clock(NOW);
    });
    ext
}

/// Anchored at [`GENESIS`] with these parameters.
pub fn test_ext_with(parameters: PowParameters) -> sp_io::TestExternalities {
    let mut ext = bare_test_ext();
    ext.execute_with(|| LightClient::anchor(RuntimeOrigin::root(), GENESIS, parameters).unwrap());
    ext
}

/// Anchored at [`GENESIS`] with the easiest parameters.
pub fn new_test_ext() -> sp_io::TestExternalities {
    test_ext_with(easy_parameters())
}
