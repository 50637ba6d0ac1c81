//! Storage forms.

use alloc::vec::Vec;
use codec::{Decode, Encode, MaxEncodedLen};
use gridpeg_header::ancestry::{Node, Peaks, MAX_PEAKS};
use polkadot_sdk::{sp_core::ConstU32, sp_runtime::BoundedVec};
use scale_info::TypeInfo;

extern crate alloc;

/// [`Peaks`] with a bound.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct StoredPeaks {
    /// Headers committed.
    pub blocks: u32,
    /// The peaks, from left to right.
    pub nodes: BoundedVec<Node, ConstU32<MAX_PEAKS>>,
}

impl StoredPeaks {
    /// Ready to append to.
    pub fn into_peaks(self) -> Peaks {
        Peaks { blocks: self.blocks, nodes: self.nodes.into_inner() }
    }
}

impl TryFrom<Peaks> for StoredPeaks {
    type Error = mmr::Error;

    fn try_from(peaks: Peaks) -> Result<Self, mmr::Error> {
        let nodes = BoundedVec::try_from(peaks.nodes).map_err(|_: Vec<Node>| mmr::Error::InconsistentStore)?;
        Ok(Self { blocks: peaks.blocks, nodes })
    }
}
