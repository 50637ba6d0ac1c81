//! A runtime with balances and this pallet, on a lane that counts or refuses.

use crate::{self as pallet_peg, Side};
use gridpeg_messages::{traits::SendMessage, Nonce, Payload};
use polkadot_sdk::{
    frame_support::{derive_impl, parameter_types, weights::Weight, PalletId},
    sp_runtime::{AccountId32, BuildStorage, DispatchError},
    *,
};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Peg: pallet_peg,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId32;
    type Lookup = sp_runtime::traits::IdentityLookup<AccountId32>;
    type AccountData = pallet_balances::AccountData<u128>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = u128;
    type ExistentialDeposit = frame_support::traits::ConstU128<1>;
    type AccountStore = System;
}

parameter_types! {
    pub static ThisSide: Side = Side::Escrow;
    pub static Outgoing: Vec<Payload> = Vec::new();
    pub static LaneOpen: bool = true;
    pub const EscrowId: PalletId = PalletId(*b"gp/escro");
    pub const MinTransfer: u128 = 10;
}

pub struct Lane;

impl SendMessage for Lane {
    fn send(payload: Payload) -> Result<Nonce, DispatchError> {
        if !LaneOpen::get() {
            return Err(DispatchError::Other("lane closed"));
        }
        Outgoing::mutate(|all| {
            all.push(payload);
            Ok(all.len() as Nonce)
        })
    }
    fn weight() -> Weight {
        Weight::zero()
    }
}

impl pallet_peg::Config for Test {
    type Currency = Balances;
    type Lanes = Lane;
    type Side = ThisSide;
    type EscrowId = EscrowId;
    type MinTransfer = MinTransfer;
    type WeightInfo = ();
}

pub fn account(byte: u8) -> AccountId32 {
    AccountId32::from([byte; 32])
}

/// Account 1 has 1,000; on the escrow side the escrow account has 300.
pub fn new_test_ext(side: Side) -> sp_io::TestExternalities {
    ThisSide::set(side);
    Outgoing::set(Vec::new());
    LaneOpen::set(true);
    let mut balances = vec![(account(1), 1_000)];
    if side == Side::Escrow {
        balances.push((Peg::escrow_account(), 300));
    }
    let mut ext: sp_io::TestExternalities = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
        ..Default::default()
    }
    .build_storage()
    .unwrap()
    .into();
    ext.execute_with(|| System::set_block_number(1));
    ext
}
