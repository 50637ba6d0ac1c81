//! # Commitments
//!
//! Writes the `Consensus(jnt_)` digest item of every block from block 1 on: what the other chain needs of this block.
//!
//! It comes last in the runtime, so that at the end of a block it sees what all other pallets did:
//!
//! - the block's time, target and analysis, from the proof-of-work pallet ([`BlockWork`]);
//! - the cumulative base work, Σ ⌊2²⁵⁶/d_base⌋;
//! - the root of the ancestry range over all earlier headers, of which it keeps the peaks;
//! - the roots of the chain's subtrees (fig. 3), from the pallets that own them ([`Subtrees`]).
//!
//! It has no calls and no events. Should one of its steps fail, the block gets no item and every importer refuses it.

#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

pub use pallet::*;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod types;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use types::StoredPeaks;
pub use weights::WeightInfo;

use gridpeg_header::{
    ancestry::Node,
    digest::{joint_item, JointDigest},
    target::work_of,
    H256, U256,
};
use gridpeg_messages::traits::{BlockWork, Subtrees};
use polkadot_sdk::{
    frame_support, frame_system,
    sp_runtime::{
        traits::{SaturatedConversion, Zero},
        BoundedVec,
    },
};

const LOG_TARGET: &str = "runtime::commitments";

// The macro puts `expect` into what it writes; our own code in here only calls what is outside.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: polkadot_sdk::frame_system::Config<Hash = H256> {
        /// The proof of work of the block being executed.
        type Work: BlockWork;
        /// The chain's subtrees.
        type Subtrees: Subtrees;
        /// Weights.
        type WeightInfo: WeightInfo;
    }

    /// Σ ⌊2²⁵⁶/d_base⌋ from block 1 up to the last finished block.
    #[pallet::storage]
    pub type CumulativeWork<T> = StorageValue<_, U256, ValueQuery>;

    /// Base work of the last finished block; 0 for genesis.
    #[pallet::storage]
    pub type LastWork<T> = StorageValue<_, U256, ValueQuery>;

    /// Peaks of the range over all headers before the block being executed.
    #[pallet::storage]
    pub type Ancestry<T> = StorageValue<_, StoredPeaks, ValueQuery>;

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            let parent = frame_system::Pallet::<T>::parent_hash();
            if let Err(error) = Self::append_parent(&parent) {
                log::error!(target: LOG_TARGET, "ancestry cannot take the parent {parent:?}: {error}");
            }
            T::WeightInfo::commit().saturating_add(T::Subtrees::weight())
        }

        fn on_finalize(_: BlockNumberFor<T>) {
            match Self::joint_digest() {
                Some(digest) => frame_system::Pallet::<T>::deposit_log(joint_item(&digest)),
                None => log::error!(target: LOG_TARGET, "no joint digest: cumulative work or roots are out of bounds"),
            }
        }
    }
}

impl<T: Config> Pallet<T> {
    /// This chain's genesis hash, which separates its trees from the other chain's.
    pub fn genesis_hash() -> H256 {
        frame_system::Pallet::<T>::block_hash(frame_system::pallet_prelude::BlockNumberFor::<T>::zero())
    }

    fn append_parent(parent: &H256) -> Result<(), mmr::Error> {
        let mut peaks = Ancestry::<T>::get().into_peaks();
        peaks.push(Node::leaf(parent, LastWork::<T>::get()))?;
        Ancestry::<T>::put(StoredPeaks::try_from(peaks)?);
        Ok(())
    }

    fn joint_digest() -> Option<JointDigest> {
        let target = T::Work::target();
        let own_work = work_of(target);
        let work = CumulativeWork::<T>::get().checked_add(own_work)?;
        let peaks = Ancestry::<T>::get().into_peaks();
        // All headers before this one, or none of it is true.
        if peaks.blocks != frame_system::Pallet::<T>::block_number().saturated_into::<u32>() {
            return None;
        }
        let ancestry = peaks.root().ok()?;
        let subtrees = BoundedVec::try_from(T::Subtrees::roots(&Self::genesis_hash())).ok()?;
        CumulativeWork::<T>::put(work);
        LastWork::<T>::put(own_work);
        Some(JointDigest { time: T::Work::time(), target, analysis: T::Work::analysis(), work, ancestry, subtrees })
    }
}
