//! A runtime with timestamp and this pallet, slots of ten seconds, years of forty-eight of them.

use crate::{
    self as pallet_metering,
    genesis::{FeederSpec, Preset},
    types::{signed_bytes, Quality, Statement},
    GenesisConfig, Reading, SignedReading,
};
use gridpeg_header::Millis;
use gridpeg_market::{
    calendar::{Calendar, Slot},
    traits::{MeterId, OnStatement},
    units::{Watt, Wh},
};
use polkadot_sdk::{
    frame_support::{
        derive_impl, ord_parameter_types, parameter_types,
        traits::{ConstU32, EitherOfDiverse},
        weights::Weight,
    },
    frame_system::{EnsureRoot, EnsureSignedBy},
    sp_core::{sr25519, Pair},
    sp_runtime::{BuildStorage, DispatchError, DispatchResult},
    *,
};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Metering: pallet_metering,
    }
);

pub const AUTHORITY: u64 = 1;
pub const OPERATOR: u64 = 2;
pub const OWNER: u64 = 3;
pub const OTHER: u64 = 4;
pub const STRANGER: u64 = 5;

/// Slots of ten seconds, months of four, so years of forty-eight.
pub const CALENDAR: Calendar = Calendar { start: 1_700_000_000_000, slot_length: 10_000, slots_per_month: 4 };
/// Slots of a year.
pub const YEAR: Slot = 48;
/// Slots that are over and not frozen.
pub const WINDOW: Slot = 3;
pub const OWNER_DELAY: Millis = 50_000;
pub const MAX_BATCH: u32 = 16;
/// Of the devices in tests: 100 Wh a slot.
pub const CAPACITY: Watt = 36_000;
/// What it gives in a slot.
pub const MOST: Wh = 100;

ord_parameter_types! {
    pub const Authority: u64 = AUTHORITY;
}

parameter_types! {
    /// Statements as they are handed on. In the state, so that they are rolled back with it.
    pub storage Sent: Vec<Statement<u64>> = Vec::new();
    pub static CanSend: bool = true;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

/// Keeps statements, or fails.
pub struct Outgoing;

impl OnStatement<u64> for Outgoing {
    fn on_statement(statement: &Statement<u64>) -> DispatchResult {
        let mut sent = Sent::get();
        sent.push(statement.clone());
        Sent::set(&sent);
        // Late, so that there is something to roll back.
        if CanSend::get() {
            Ok(())
        } else {
            Err(DispatchError::Other("cannot send"))
        }
    }
    fn weight() -> Weight {
        Weight::from_parts(7, 0)
    }
}

#[cfg(feature = "runtime-benchmarks")]
pub struct Clock;

#[cfg(feature = "runtime-benchmarks")]
impl crate::types::BenchmarkHelper for Clock {
    fn set_time(now: Millis) {
        set_time(now);
    }
}

impl pallet_metering::Config for Test {
    type Time = Timestamp;
    type AuthorityOrigin = EitherOfDiverse<EnsureRoot<u64>, EnsureSignedBy<Authority, u64>>;
    type OnStatement = Outgoing;
    type MaxBatch = ConstU32<MAX_BATCH>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Clock;
}

/// Genesis with one feeder.
pub fn genesis() -> GenesisConfig<Test> {
    GenesisConfig {
        calendar: CALENDAR,
        correction_window: u64::from(WINDOW) * CALENDAR.slot_length,
        owner_delay: OWNER_DELAY,
        feeders: vec![FeederSpec { operator: OPERATOR, preset: Preset::Ieee33 }],
        ..Default::default()
    }
}

/// Before block 1.
pub fn test_ext_of(metering: GenesisConfig<Test>) -> sp_io::TestExternalities {
    CanSend::set(true);
    RuntimeGenesisConfig { metering, ..Default::default() }.build_storage().unwrap().into()
}

/// In block 1, at the beginning of slot 0.
pub fn new_test_ext() -> sp_io::TestExternalities {
    let mut ext = test_ext_of(genesis());
    #[cfg(feature = "runtime-benchmarks")]
    ext.register_extension(sp_keystore::KeystoreExt::new(sp_keystore::testing::MemoryKeystore::new()));
    ext.execute_with(|| {
        System::set_block_number(1);
        set_slot(0);
    });
    ext
}

pub fn set_time(now: Millis) {
    pallet_timestamp::Now::<Test>::put(now);
}

/// Sets the clock to the beginning of this slot, when those before it are over.
pub fn set_slot(slot: Slot) {
    set_time(CALENDAR.begin(slot));
}

/// The key of a device.
pub fn device(seed: u8) -> sr25519::Pair {
    sr25519::Pair::from_seed(&[seed; 32])
}

/// A reading signed by a device.
pub fn signed(by: &sr25519::Pair, meter: MeterId, slot: Slot, reading: Reading) -> SignedReading {
    let bytes = signed_bytes(System::block_hash(0), meter, slot, &reading);
    SignedReading { meter, slot, reading, signature: by.sign(&bytes).0 }
}

/// A measured reading.
pub fn measured(energy: Wh, counter: Wh, revision: u8) -> Reading {
    Reading { energy, counter, quality: Quality::Measured, revision }
}
