//! Benchmarks, as `scripts/weights` asks for them, and the state of other pallets that they need.

use crate::*;
use alloc::string::String;
use frame_support::{
    traits::{StorageInfo, StorageInfoTrait, WhitelistedStorageKeys},
    BoundedVec,
};
use gridpeg_header::{Claim, H256};
use gridpeg_messages::HeaderProof;
use polkadot_sdk::frame_benchmarking::{BenchmarkBatch, BenchmarkConfig, BenchmarkList};

/// Which benchmarks there are, and what is known of the storage.
pub(crate) fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
    let mut list = Vec::<BenchmarkList>::new();
    list_benchmarks!(list, extra);
    (list, AllPalletsWithSystem::storage_info())
}

/// Runs one.
pub(crate) fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
    let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
    let mut batches = Vec::<BenchmarkBatch>::new();
    let params = (&config, &whitelist);
    add_benchmarks!(params, batches);
    Ok(batches)
}

/// Sets up the pallets that a benchmarked one does not name.
pub struct Setup;

impl pallet_hybrid_pow::BenchmarkHelper for Setup {
    fn set_window(pairs: Vec<(u32, u32)>) {
        pallet_joint_prices::UValues::<Runtime>::set(BoundedVec::truncate_from(pairs));
        pallet_joint_prices::Reference::<Runtime>::put((Claim::INDEPENDENCE, 0i64));
        pallet_joint_prices::Revision::<Runtime>::put(1u64);
    }
}

impl pallet_messages::BenchmarkHelper for Setup {
    fn anchor() {
        pallet_light_client::benchmarking::anchor::<Runtime>();
    }

    fn confirm(root: H256) -> HeaderProof {
        HeaderProof::Kept(pallet_light_client::benchmarking::confirm::<Runtime>(root))
    }

    fn conflict() {
        pallet_light_client::benchmarking::conflict::<Runtime>();
    }
}
