//! What other pallets and the runtime API ask.

use super::*;
use alloc::vec::Vec;
use gridpeg_header::{target::work_of, JointHeader, SubtreeId};
use gridpeg_messages::HeaderProof;
use polkadot_sdk::{
    frame_support::{storage::with_storage_layer, weights::Weight},
    sp_io::hashing::blake2_256,
    sp_runtime::{BoundedVec, DispatchError},
};

impl<T: Config> Counterpart for Pallet<T> {
    fn genesis() -> Option<H256> {
        AnchorOf::<T>::get().map(|anchor| anchor.genesis)
    }

    fn import(headers: &[BoundedVec<u8, MaxHeaderLen>]) -> Result<(u32, Weight), DispatchError> {
        // All or nothing, whatever the caller makes of an error.
        with_storage_layer(|| Self::do_import(headers))
    }

    fn import_weight(headers: u32) -> Weight {
        Self::most_weight(headers)
    }

    /// Looks at the last header only, without decoding it: if it is kept, so are those that a relayer puts before it.
    fn knows(headers: &[BoundedVec<u8, MaxHeaderLen>]) -> bool {
        headers.last().is_none_or(|bytes| Headers::<T>::contains_key(H256(blake2_256(bytes))))
    }

    fn confirmed_cross_root(header: &HeaderProof) -> Result<H256, DispatchError> {
        Self::ensure_tip_is_recent()?;
        match header {
            HeaderProof::Kept(hash) => Ok(Self::confirmed_header(hash)?.cross_root),
            HeaderProof::Ancestor { header, of, proof } => {
                let header = JointHeader::decode(header).map_err(Error::<T>::from)?;
                let of = Self::confirmed_header(of)?;
                let work = work_of(header.joint.target);
                let proven = proof.verify(&of.ancestry, header.number, &header.hash, work);
                ensure!(proven, Error::<T>::AncestryInvalid);
                // Decoding made sure that it is there and not zero.
                let root = header.joint.subtree(SubtreeId::CrossChain).ok_or(Error::<T>::DigestMalformed)?;
                Ok(root)
            }
        }
    }

    fn proof_weight() -> Weight {
        T::WeightInfo::proof()
    }

    fn conflict() -> bool {
        ConflictOf::<T>::exists()
    }

    fn resolve_conflict() {
        Self::end_conflict();
    }
}

impl<T: Config> Pallet<T> {
    /// The highest header that would be confirmed if these headers were submitted now, as many to a call as it takes.
    /// For the runtime API, whose state is thrown away.
    pub fn confirmed_after(headers: Vec<Vec<u8>>) -> Result<Option<Tip>, DispatchError> {
        let bounded = headers.into_iter().map(BoundedVec::<u8, MaxHeaderLen>::try_from).collect::<Result<Vec<_>, _>>();
        let headers = bounded.map_err(|_| Error::<T>::HeaderMalformed)?;
        for batch in headers.chunks(T::MaxBatch::get().max(1) as usize) {
            Self::import(batch)?;
        }
        Ok(Self::confirmed().map(|header| header.tip))
    }
}
