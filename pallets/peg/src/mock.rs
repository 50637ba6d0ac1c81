//! A runtime with balances and this pallet, on a lane that keeps what is sent or refuses it, with a coin that some
//! accounts are barred from receiving.

use crate::{self as pallet_peg, Limits, Side};
use gridpeg_messages::{traits::SendMessage, Nonce, Payload};
use polkadot_sdk::{
    frame_support::{
        derive_impl, ensure, parameter_types,
        traits::{
            fungible::{Dust, Inspect, Mutate, Unbalanced},
            tokens::{DepositConsequence, Fortitude, Preservation, Provenance, WithdrawConsequence},
            ConstU32, OnInitialize,
        },
        weights::Weight,
        PalletId,
    },
    frame_system::EnsureRoot,
    sp_runtime::{AccountId32, BuildStorage, DispatchError, TokenError},
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

/// What accounts 1 and 2 have at genesis.
pub const ENDOWMENT: u128 = 1_000;
/// In escrow on the one side, issued on the other.
pub const GENESIS: u128 = 2 * ENDOWMENT;
pub const LIMITS: Limits = Limits { per_transfer: 1_000, per_period: 1_500, period: 10 };
pub const MAX_PAYOUTS: u32 = 4;

parameter_types! {
    pub static ThisSide: Side = Side::Escrow;
    pub static LaneOpen: bool = true;
    /// Nothing can be paid to these accounts.
    pub static Barred: Vec<AccountId32> = Vec::new();
    /// What was sent. In the state, so that it is rolled back with it.
    pub storage Outgoing: Vec<Payload> = Vec::new();
    pub storage LaneFrozen: bool = false;
    pub const EscrowId: PalletId = PalletId(*b"gp/escro");
    pub const MinTransfer: u128 = 10;
}

pub struct Lane;

impl SendMessage for Lane {
    fn send(payload: Payload) -> Result<Nonce, DispatchError> {
        let mut all = Outgoing::get();
        all.push(payload);
        Outgoing::set(&all);
        // Late, so that there is something to roll back.
        ensure!(LaneOpen::get(), DispatchError::Other("lane closed"));
        Ok(all.len() as Nonce)
    }
    fn weight() -> Weight {
        Weight::zero()
    }
    fn frozen() -> bool {
        LaneFrozen::get()
    }
}

/// Balances, but for what is barred.
pub struct Coin;

impl Inspect<AccountId32> for Coin {
    type Balance = u128;

    fn total_issuance() -> u128 {
        <Balances as Inspect<AccountId32>>::total_issuance()
    }
    fn minimum_balance() -> u128 {
        <Balances as Inspect<AccountId32>>::minimum_balance()
    }
    fn total_balance(who: &AccountId32) -> u128 {
        <Balances as Inspect<AccountId32>>::total_balance(who)
    }
    fn balance(who: &AccountId32) -> u128 {
        <Balances as Inspect<AccountId32>>::balance(who)
    }
    fn reducible_balance(who: &AccountId32, preservation: Preservation, force: Fortitude) -> u128 {
        <Balances as Inspect<AccountId32>>::reducible_balance(who, preservation, force)
    }
    fn can_deposit(who: &AccountId32, amount: u128, provenance: Provenance) -> DepositConsequence {
        if Barred::get().contains(who) {
            return DepositConsequence::Blocked;
        }
        <Balances as Inspect<AccountId32>>::can_deposit(who, amount, provenance)
    }
    fn can_withdraw(who: &AccountId32, amount: u128) -> WithdrawConsequence<u128> {
        <Balances as Inspect<AccountId32>>::can_withdraw(who, amount)
    }
}

impl Unbalanced<AccountId32> for Coin {
    fn handle_dust(dust: Dust<AccountId32, Self>) {
        <Balances as Unbalanced<AccountId32>>::handle_dust(Dust(dust.0));
    }
    fn write_balance(who: &AccountId32, amount: u128) -> Result<Option<u128>, DispatchError> {
        ensure!(amount <= Self::balance(who) || !Barred::get().contains(who), TokenError::Blocked);
        <Balances as Unbalanced<AccountId32>>::write_balance(who, amount)
    }
    fn set_total_issuance(amount: u128) {
        <Balances as Unbalanced<AccountId32>>::set_total_issuance(amount);
    }
}

impl Mutate<AccountId32> for Coin {}

impl pallet_peg::Config for Test {
    type Currency = Coin;
    type Lanes = Lane;
    type Side = ThisSide;
    type EscrowId = EscrowId;
    type MinTransfer = MinTransfer;
    type AuthorityOrigin = EnsureRoot<AccountId32>;
    type MaxPayouts = ConstU32<MAX_PAYOUTS>;
    type WeightInfo = ();
}

pub fn account(byte: u8) -> AccountId32 {
    AccountId32::from([byte; 32])
}

/// Block 1 of a chain with these limits in its genesis.
pub fn new_test_ext_with(side: Side, limits: Option<Limits>) -> sp_io::TestExternalities {
    ThisSide::set(side);
    LaneOpen::set(true);
    Barred::set(Vec::new());
    let mut balances = vec![(account(1), ENDOWMENT), (account(2), ENDOWMENT)];
    if side == Side::Escrow {
        balances.push((Peg::escrow_account(), GENESIS));
    }
    let mut ext: sp_io::TestExternalities = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
        peg: pallet_peg::GenesisConfig { limits, ..Default::default() },
        ..Default::default()
    }
    .build_storage()
    .unwrap()
    .into();
    ext.execute_with(|| System::set_block_number(1));
    ext
}

pub fn new_test_ext(side: Side) -> sp_io::TestExternalities {
    new_test_ext_with(side, Some(LIMITS))
}

/// Begins this many blocks, one after the other, and returns what the last one cost.
pub fn run_blocks(count: u64) -> Weight {
    (0..count).fold(Weight::zero(), |_, _| {
        let now = System::block_number() + 1;
        System::set_block_number(now);
        Peg::on_initialize(now)
    })
}
