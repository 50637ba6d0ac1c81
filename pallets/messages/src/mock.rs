//! A runtime with this pallet between two stand-ins: a counterpart whose confirmed headers have a root that the test
//! sets, and a receiver that keeps what it gets.

use crate as pallet_messages;
use gridpeg_header::H256;
use gridpeg_messages::{
    traits::{Counterpart, ReceiveMessage},
    Message,
};
use polkadot_sdk::{
    frame_support::{derive_impl, parameter_types, traits::ConstU32, weights::Weight},
    sp_runtime::{BuildStorage, DispatchError},
    *,
};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Lanes: pallet_messages,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

parameter_types! {
    pub static Anchored: Option<H256> = Some(COUNTERPART);
    pub static ConfirmedRoot: Option<H256> = None;
    pub static Inbox: Vec<Message> = Vec::new();
    pub static Open: bool = true;
}

pub const COUNTERPART: H256 = H256([2; 32]);
pub const OWN: H256 = H256([1; 32]);

pub struct StandIn;

impl Counterpart for StandIn {
    fn genesis() -> Option<H256> {
        Anchored::get()
    }
    fn confirmed_cross_root(_: &H256) -> Result<H256, DispatchError> {
        ConfirmedRoot::get().ok_or(DispatchError::Other("not confirmed"))
    }
}

impl ReceiveMessage for StandIn {
    fn open() -> bool {
        Open::get()
    }
    fn receive(message: &Message) {
        Inbox::mutate(|inbox| inbox.push(message.clone()));
    }
    fn weight() -> Weight {
        Weight::zero()
    }
}

impl pallet_messages::Config for Test {
    type Counterpart = StandIn;
    type Receiver = StandIn;
    type MaxOutbox = ConstU32<5>;
    type MaxBatch = ConstU32<4>;
    type WeightInfo = ();
}

pub fn new_test_ext() -> sp_io::TestExternalities {
    let mut ext: sp_io::TestExternalities =
        frame_system::GenesisConfig::<Test>::default().build_storage().unwrap().into();
    ext.execute_with(|| {
        Anchored::set(Some(COUNTERPART));
        ConfirmedRoot::set(None);
        Inbox::set(Vec::new());
        Open::set(true);
        System::set_block_number(1);
        frame_system::BlockHash::<Test>::insert(0, OWN);
    });
    ext
}
