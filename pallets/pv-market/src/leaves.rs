//! The PvTrading subtree: the leaves made in the block, in the order in which they were made. What they say:
//! [`gridpeg_market::leaf`].

use crate::*;
use gridpeg_header::SubtreeId;
use gridpeg_messages::traits::Subtree;

impl<T: Config> Subtree for Pallet<T> {
    const ID: SubtreeId = SubtreeId::PvTrading;

    fn leaves() -> Vec<Vec<u8>> {
        BlockLeaves::<T>::get().iter().map(Encode::encode).collect()
    }

    fn weight() -> Weight {
        T::WeightInfo::root(T::MaxLeaves::get())
    }
}
