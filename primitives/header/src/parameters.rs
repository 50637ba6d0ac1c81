//! What a chain spec fixes about a chain's proof of work.

use crate::{
    target::{MAX_TARGET, MIN_TARGET},
    Millis, U256,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Genesis values of a chain's proof of work. They never change: a counterpart checks headers with them.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PowParameters {
    /// T, the block time aimed at, in milliseconds.
    pub block_time: Millis,
    /// h, the retarget's half-life, in blocks: a chain that is h blocks late halves its difficulty.
    pub half_life: u32,
    /// The target of block 1 (and of block 2, which has no solve time before it).
    pub initial_target: U256,
    /// K, the depth at which a block is final on its own chain.
    pub finality_depth: u32,
    /// k, the confirmations that the counterpart asks for, in units of mean block work. At least `finality_depth`.
    pub confirmations: u32,
}

/// Why [`PowParameters::check`] refuses a chain spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParametersError {
    /// The block time is outside 100 ms to one hour.
    BlockTime,
    /// The half-life is outside 1 to 100,000 blocks.
    HalfLife,
    /// The initial target is outside [`MIN_TARGET`] to [`MAX_TARGET`].
    InitialTarget,
    /// The finality depth is outside 1 to 127: Substrate's fork-aware parts need less than 128 unfinalized blocks.
    FinalityDepth,
    /// Fewer confirmations than the finality depth, or more than 10,000.
    Confirmations,
}

impl core::fmt::Display for ParametersError {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str(match self {
            Self::BlockTime => "blockTime must be 100 to 3600000 ms",
            Self::HalfLife => "halfLife must be 1 to 100000 blocks",
            Self::InitialTarget => "initialTarget must be 2^32 to 2^252",
            Self::FinalityDepth => "finalityDepth must be 1 to 127 blocks",
            Self::Confirmations => "confirmations must be at least finalityDepth and at most 10000",
        })
    }
}

impl PowParameters {
    /// The bounds within which every rule of this crate is free of overflow.
    pub fn check(&self) -> Result<(), ParametersError> {
        if !(100..=3_600_000).contains(&self.block_time) {
            return Err(ParametersError::BlockTime);
        }
        if !(1..=100_000).contains(&self.half_life) {
            return Err(ParametersError::HalfLife);
        }
        if self.initial_target < MIN_TARGET || self.initial_target > MAX_TARGET {
            return Err(ParametersError::InitialTarget);
        }
        if !(1..=127).contains(&self.finality_depth) {
            return Err(ParametersError::FinalityDepth);
        }
        if self.confirmations < self.finality_depth || self.confirmations > 10_000 {
            return Err(ParametersError::Confirmations);
        }
        Ok(())
    }

    /// How far ahead of a verifier's clock a header's time may be: min(30 s, 6 T). With more, a miner of a fast chain
    /// could stamp ahead beyond the retarget's clamp and make targets harder.
    pub fn max_drift(&self) -> Millis {
        self.block_time.saturating_mul(6).min(30_000)
    }
}
