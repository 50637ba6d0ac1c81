//! The pallets whose weights can be measured on this chain: all of our own that it has.

polkadot_sdk::frame_benchmarking::define_benchmarks!(
    [pallet_commitments, Commitments]
    [pallet_hybrid_pow, HybridPow]
    [pallet_joint_prices, JointPrices]
    [pallet_light_client, LightClient]
    [pallet_messages, Lanes]
    [pallet_peg, Peg]
    [pallet_upgrades, Upgrades]
);

// Below the macros that it uses.
#[path = "../../runtime-common/shared/benchmarks.rs"]
mod shared;

pub(crate) use shared::{dispatch, metadata, Setup};
