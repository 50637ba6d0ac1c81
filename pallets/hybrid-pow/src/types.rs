//! Storage forms.

use codec::{Decode, Encode, MaxEncodedLen};
use gridpeg_header::{Millis, U256};
use scale_info::TypeInfo;

/// What the next block's target follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct BlockTiming {
    /// The block's timestamp.
    pub time: Millis,
    /// Time since its parent; `None` for block 1.
    pub solve_time: Option<Millis>,
    /// Its d_base.
    pub target: U256,
}
