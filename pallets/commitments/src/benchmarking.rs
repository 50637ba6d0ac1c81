//! A benchmark for each function of [`WeightInfo`].

// What the macros write has it; a benchmark that panics is one that fails.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used, clippy::unwrap_used)]

use super::*;
use core::hint::black_box;
use gridpeg_header::{digest::JOINT_ENGINE_ID, target::MAX_TARGET};
use polkadot_sdk::{frame_benchmarking::v2::*, frame_support::traits::Hooks, pallet_timestamp, sp_runtime::DigestItem};

/// The last block that there can be: its range has all peaks but one, and they are bagged.
const LAST: u32 = u32::MAX;

/// The peaks over all headers before the last block's parent, made up.
fn peaks() -> StoredPeaks {
    let blocks = LAST - 1;
    let node = |_| Node::leaf(&H256::repeat_byte(1), U256::one());
    StoredPeaks { blocks, nodes: BoundedVec::truncate_from((0..blocks.count_ones()).map(node).collect()) }
}

#[benchmarks(where T: pallet_timestamp::Config<Moment = u64>)]
mod benchmarks {
    use super::*;

    /// The roots that other pallets keep are kept: what they cost is weighed by them.
    #[benchmark]
    fn commit() {
        pallet_timestamp::Now::<T>::put(1u64);
        frame_system::Pallet::<T>::set_block_number(LAST.into());
        Ancestry::<T>::put(peaks());
        CumulativeWork::<T>::put(U256::one() << 72);
        LastWork::<T>::put(U256::one() << 40);
        T::Subtrees::roots(&Pallet::<T>::genesis_hash());

        #[block]
        {
            Pallet::<T>::on_initialize(LAST.into());
            Pallet::<T>::on_finalize(LAST.into());
            // Genesis has no target yet, and nothing is divided by it.
            black_box(work_of(black_box(MAX_TARGET)));
        }

        assert_eq!(Ancestry::<T>::get().blocks, LAST);
        let digest = frame_system::Pallet::<T>::digest();
        assert!(digest.logs().iter().any(|item| matches!(item, DigestItem::Consensus(JOINT_ENGINE_ID, _))));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
