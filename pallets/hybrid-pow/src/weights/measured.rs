//! Measured weights of `pallet_hybrid_pow`. Written by scripts/weights: whatever is changed by hand is lost.
//!
//! | | |
//! |---|---|
//! | date | 2026-11-23 |
//! | command | `scripts/weights --steps 20 --repeat 10 hybrid-pow` |
//! | chain | electricity, release build |
//! | processor | AMD EPYC, 2 threads |
//! | tool | frame-benchmarking-cli 64.0.0, wasm execution Compiled |

use super::WeightInfo;
use core::marker::PhantomData;
use polkadot_sdk::{
    frame_support::{
        traits::Get,
        weights::{constants::ParityDbWeight, Weight},
    },
    frame_system,
};

/// What was measured, and the reads and writes with it at the database's weights that the runtime states.
pub struct Measured<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for Measured<T> {
    /// Storage: `HybridPow::PowParametersOf` (r:1 w:0)
    /// Proof: `HybridPow::PowParametersOf` (`max_values`: Some(1), `max_size`: Some(52), added: 547, mode: `MaxEncodedLen`)
    /// Storage: `HybridPow::LastBlock` (r:1 w:1)
    /// Proof: `HybridPow::LastBlock` (`max_values`: Some(1), `max_size`: Some(49), added: 544, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::Dirty` (r:1 w:0)
    /// Proof: `JointPrices::Dirty` (`max_values`: Some(1), `max_size`: Some(1), added: 496, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::UValues` (r:1 w:0)
    /// Proof: `JointPrices::UValues` (`max_values`: Some(1), `max_size`: Some(8194), added: 8689, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `HybridPow::BlockReward` (r:1 w:0)
    /// Proof: `HybridPow::BlockReward` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `HybridPow::Author` (r:0 w:1)
    /// Proof: `HybridPow::Author` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `HybridPow::Target` (r:0 w:1)
    /// Proof: `HybridPow::Target` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `HybridPow::AnalysisOf` (r:0 w:1)
    /// Proof: `HybridPow::AnalysisOf` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    fn block() -> Weight {
        // At least 62_714_000 ps.
        Weight::from_parts(66_940_000, 9_679)
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().writes(6))
    }

    /// Storage: `JointPrices::UValues` (r:1 w:0)
    /// Proof: `JointPrices::UValues` (`max_values`: Some(1), `max_size`: Some(8194), added: 8689, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::Revision` (r:1 w:0)
    /// Proof: `JointPrices::Revision` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `JointPrices::Reference` (r:1 w:0)
    /// Proof: `JointPrices::Reference` (`max_values`: Some(1), `max_size`: Some(18), added: 513, mode: `MaxEncodedLen`)
    /// Storage: `HybridPow::Best` (r:1 w:1)
    /// Proof: `HybridPow::Best` (`max_values`: Some(1), `max_size`: Some(26), added: 521, mode: `MaxEncodedLen`)
    /// Storage: `HybridPow::AnalysisOf` (r:0 w:1)
    /// Proof: `HybridPow::AnalysisOf` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Measured for `p` from 30 to 1024.
    fn analyse(p: u32) -> Weight {
        // At least 22_724_000 ps.
        Weight::from_parts(14_642_236, 9_679)
            // Standard error: 687.
            .saturating_add(Weight::from_parts(461_940, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}

/// The same on ParityDB, for mocks.
impl WeightInfo for () {
    fn block() -> Weight {
        Weight::from_parts(66_940_000, 9_679)
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().writes(6))
    }

    fn analyse(p: u32) -> Weight {
        Weight::from_parts(14_642_236, 9_679)
            .saturating_add(Weight::from_parts(461_940, 0).saturating_mul(p.into()))
            .saturating_add(ParityDbWeight::get().reads(4))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
}
