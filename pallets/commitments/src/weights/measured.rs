//! Measured weights of `pallet_commitments`. Written by scripts/weights: whatever is changed by hand is lost.
//!
//! | | |
//! |---|---|
//! | date | 2026-11-23 |
//! | command | `scripts/weights --steps 20 --repeat 10 commitments` |
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
    /// Storage: `System::ParentHash` (r:1 w:0)
    /// Proof: `System::ParentHash` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Commitments::Ancestry` (r:1 w:1)
    /// Proof: `Commitments::Ancestry` (`max_values`: Some(1), `max_size`: Some(2117), added: 2612, mode: `MaxEncodedLen`)
    /// Storage: `Commitments::LastWork` (r:1 w:1)
    /// Proof: `Commitments::LastWork` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `HybridPow::Target` (r:1 w:0)
    /// Proof: `HybridPow::Target` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Commitments::CumulativeWork` (r:1 w:1)
    /// Proof: `Commitments::CumulativeWork` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `System::BlockHash` (r:1 w:0)
    /// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `PvMarket::BlockLeaves` (r:1 w:0)
    /// Proof: `PvMarket::BlockLeaves` (`max_values`: Some(1), `max_size`: Some(129026), added: 129521, mode: `MaxEncodedLen`)
    /// Storage: `Lanes::OutboxRoot` (r:1 w:0)
    /// Proof: `Lanes::OutboxRoot` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `HybridPow::AnalysisOf` (r:1 w:0)
    /// Proof: `HybridPow::AnalysisOf` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    fn commit() -> Weight {
        // At least 151_896_000 ps.
        Weight::from_parts(172_647_000, 130_511)
            .saturating_add(T::DbWeight::get().reads(10))
            .saturating_add(T::DbWeight::get().writes(3))
    }
}

/// The same on ParityDB, for mocks.
impl WeightInfo for () {
    fn commit() -> Weight {
        Weight::from_parts(172_647_000, 130_511)
            .saturating_add(ParityDbWeight::get().reads(10))
            .saturating_add(ParityDbWeight::get().writes(3))
    }
}
