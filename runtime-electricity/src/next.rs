//! The runtime that the tests of a runtime upgrade upgrade to: this one with the next spec version and two migrations.
//! Only built with the feature `next`, which no node's runtime has.

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
pub type Migrations = (
    VersionedMigration<0, 1, HalveReward, HybridPow, <Runtime as frame_system::Config>::DbWeight>,
    VersionedMigration<0, 1, TurnCarbonPrices, JointPrices, <Runtime as frame_system::Config>::DbWeight>,
);

/// The pot pays half of what it paid per block.
pub struct HalveReward;

impl UncheckedOnRuntimeUpgrade for HalveReward {
    fn on_runtime_upgrade() -> Weight {
        pallet_hybrid_pow::BlockReward::<Runtime>::mutate(|reward| *reward /= 2);
        <Runtime as frame_system::Config>::DbWeight::get().reads_writes(1, 1)
    }
}

/// Changes the sign of the carbon prices. So the dependence changes its sign, too, and whatever was claimed of the pairs
/// before is worse than the reference.
pub struct TurnCarbonPrices;

impl UncheckedOnRuntimeUpgrade for TurnCarbonPrices {
    fn on_runtime_upgrade() -> Weight {
        pallet_joint_prices::Pairs::<Runtime>::mutate(|pairs| {
            pairs.iter_mut().for_each(|pair| pair.carbon = pair.carbon.saturating_neg());
        });
        <Runtime as frame_system::Config>::DbWeight::get().reads_writes(1, 1)
    }
}
