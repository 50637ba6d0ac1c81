//! Storage forms.

use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// An upgrade that waits for its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ScheduledUpgrade<Hash, BlockNumber> {
    /// Hash of the new runtime's code, by the chain's hasher (BLAKE2b-256), as it is handed in: compressed, if it is.
    pub code_hash: Hash,
    /// The first block in which the code may be applied.
    pub at: BlockNumber,
}
