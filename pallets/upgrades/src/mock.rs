//! A runtime with `frame_system` and this pallet, whose code is nothing but an encoded version.

use crate as pallet_upgrades;
use codec::Encode;
use polkadot_sdk::{
    frame_support::{derive_impl, ord_parameter_types, parameter_types, traits::EitherOfDiverse},
    frame_system::{EnsureRoot, EnsureSignedBy},
    sp_core::traits::{Externalities, ReadRuntimeVersion, ReadRuntimeVersionExt},
    sp_runtime::BuildStorage,
    sp_version::RuntimeVersion,
    *,
};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Upgrades: pallet_upgrades,
    }
);

pub const AUTHORITY: u64 = 1;
pub const STRANGER: u64 = 2;
pub const DELAY: u64 = 5;
pub const SPEC_VERSION: u32 = 7;

fn version(spec_version: u32) -> RuntimeVersion {
    RuntimeVersion { spec_name: "mock".into(), spec_version, ..Default::default() }
}

parameter_types! {
    pub Version: RuntimeVersion = version(SPEC_VERSION);
    pub const DefaultDelay: u64 = 100;
}

ord_parameter_types! {
    pub const Authority: u64 = AUTHORITY;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type Version = Version;
}

impl pallet_upgrades::Config for Test {
    type AuthorityOrigin = EitherOfDiverse<EnsureRoot<u64>, EnsureSignedBy<Authority, u64>>;
    type Delay = DefaultDelay;
    type WeightInfo = ();
}

/// Code of a runtime with this version.
pub fn code(spec_version: u32) -> Vec<u8> {
    version(spec_version).encode()
}

/// Stands in for the executor, which reads the version out of the code.
struct CodeIsVersion;

impl ReadRuntimeVersion for CodeIsVersion {
    fn read_runtime_version(&self, code: &[u8], _: &mut dyn Externalities) -> Result<Vec<u8>, String> {
        Ok(code.to_vec())
    }
}

/// Before block 1.
pub fn new_test_ext(delay: Option<u64>) -> sp_io::TestExternalities {
    let upgrades = pallet_upgrades::GenesisConfig::<Test> { delay };
    let storage = RuntimeGenesisConfig { upgrades, ..Default::default() }.build_storage().unwrap();
    let mut ext = sp_io::TestExternalities::from(storage);
    ext.register_extension(ReadRuntimeVersionExt::new(CodeIsVersion));
    ext
}
