//! The runtime that the test of a runtime upgrade upgrades to: this one with the next spec version and a migration. Only
//! built with the feature `next`, which no node's runtime has.

use crate::*;
use frame_support::{
    migrations::VersionedMigration,
    traits::{Get, UncheckedOnRuntimeUpgrade},
    weights::Weight,
};

/// Version of this runtime.
#[runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("gridpeg-electricity"),
    impl_name: Cow::Borrowed("gridpeg-electricity"),
    authoring_version: 1,
    spec_version: 2,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 1,
    system_version: 1,
};

/// What happens once, at the start of the first block of the new runtime.
pub type Migrations = VersionedMigration<0, 1, HalveReward, HybridPow, <Runtime as frame_system::Config>::DbWeight>;

/// The pot pays half of what it paid per block.
pub struct HalveReward;

impl UncheckedOnRuntimeUpgrade for HalveReward {
    fn on_runtime_upgrade() -> Weight {
        pallet_hybrid_pow::BlockReward::<Runtime>::mutate(|reward| *reward /= 2);
        <Runtime as frame_system::Config>::DbWeight::get().reads_writes(1, 1)
    }
}
