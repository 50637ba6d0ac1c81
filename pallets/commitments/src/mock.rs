//! A runtime with this pallet and a clock.

use crate as pallet_commitments;
use gridpeg_header::{Analysis, Millis, SubtreeId, H256, U256};
use gridpeg_messages::traits::{BlockWork, Subtree};
use polkadot_sdk::{frame_support::derive_impl, sp_runtime::BuildStorage, *};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Commitments: pallet_commitments,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

pub struct ConstantWork;
impl BlockWork for ConstantWork {
    fn target() -> U256 {
        U256::one() << 240
    }
    fn time() -> Millis {
        1_000
    }
    fn analysis() -> Option<Analysis> {
        None
    }
}

pub struct ConstantRoot;
impl Subtree for ConstantRoot {
    const ID: SubtreeId = SubtreeId::CrossChain;
    fn root(chain: &H256) -> H256 {
        *chain
    }
    fn weight() -> frame_support::weights::Weight {
        Default::default()
    }
}

impl pallet_commitments::Config for Test {
    type Work = ConstantWork;
    type Subtrees = (ConstantRoot,);
    type WeightInfo = ();
}

pub fn new_test_ext() -> sp_io::TestExternalities {
    frame_system::GenesisConfig::<Test>::default().build_storage().unwrap().into()
}
