//! A runtime with balances, timestamp and this pallet, on a window of price pairs that the test sets.

use crate as pallet_hybrid_pow;
use gridpeg_copula::{claim::MIN_OBSERVATIONS, consensus, marginal::to_q32};
use gridpeg_header::{Claim, PowParameters, U256};
use gridpeg_messages::traits::PriceWindow;
use polkadot_sdk::{
    frame_support::{derive_impl, parameter_types, weights::Weight, PalletId},
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
    /// Revision and u-values of the window.
    pub static Window: (u64, Vec<(u32, u32)>) = (0, Vec::new());
    /// How often it was brought up to date.
    pub static Refreshes: u32 = 0;
}

/// What it costs to bring the window up to date.
pub const REFRESH: Weight = Weight::from_parts(7, 0);

pub struct Prices;

impl PriceWindow for Prices {
    fn refresh() -> Weight {
        Refreshes::mutate(|count| *count += 1);
        REFRESH
    }
    fn observations() -> u32 {
        Self::pairs().len() as u32
    }
    fn pairs() -> Vec<(u32, u32)> {
        Window::get().1
    }
    fn reference() -> Option<(Claim, i64)> {
        let pairs = Self::pairs();
        (pairs.len() >= MIN_OBSERVATIONS as usize).then(|| consensus::reference(&pairs))
    }
    fn revision() -> u64 {
        Window::get().0
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper for Prices {
    fn set_window(pairs: Vec<(u32, u32)>) {
        Window::set((1, pairs));
    }
}

/// Pairs of a Clayton copula with θ = 3, always the same ones. From 40 on a Clayton claim fits them better than the
/// Gaussian reference.
pub fn clayton_pairs(count: usize) -> Vec<(u32, u32)> {
    const THETA: f64 = 3.0;
    let mut state = 1u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 32) as f64 + 0.5) / 4_294_967_296.0
    };
    let mut pair = || {
        let (u, w) = (uniform(), uniform());
        let v = (u.powf(-THETA) * (w.powf(-THETA / (1.0 + THETA)) - 1.0) + 1.0).powf(-1.0 / THETA);
        (to_q32(u), to_q32(v))
    };
    (0..count).map(|_| pair()).collect()
}

impl pallet_hybrid_pow::Config for Test {
    type Currency = Balances;
    type Time = Timestamp;
    type Prices = Prices;
    type PotId = PotId;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Prices;
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
    Window::set((0, Vec::new()));
    Refreshes::set(0);
    RuntimeGenesisConfig {
        hybrid_pow: pallet_hybrid_pow::GenesisConfig { parameters: Some(parameters()), block_reward: REWARD },
        balances: pallet_balances::GenesisConfig { balances: vec![(HybridPow::pot(), POT)], ..Default::default() },
        ..Default::default()
    }
    .build_storage()
    .unwrap()
    .into()
}
