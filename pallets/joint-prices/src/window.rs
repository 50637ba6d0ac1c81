//! From D to u-values and reference.

use crate::*;
use gridpeg_copula::{consensus, marginal};

impl<T: Config> Pallet<T> {
    /// What the next block is analysed against. Changes nothing: for queries between blocks.
    pub fn next_window() -> Window {
        if Dirty::<T>::get() {
            return Self::compute_window();
        }
        Window { revision: Self::revision(), pairs: Self::pairs(), reference: Self::reference() }
    }

    /// D's window, computed afresh, under the next revision's number.
    fn compute_window() -> Window {
        let pairs = Self::u_values(&Self::prices());
        Window { revision: Self::revision().saturating_add(1), reference: Self::reference_of(&pairs), pairs }
    }

    /// u = F̂(x) on each side, in the pairs' order.
    pub fn u_values(pairs: &[PricePair]) -> Vec<(u32, u32)> {
        let electricity: Vec<f64> = pairs.iter().map(|pair| pair.electricity as f64).collect();
        let carbon: Vec<f64> = pairs.iter().map(|pair| pair.carbon as f64).collect();
        // Fails for an empty sample only: integers are finite.
        let of = |sample: &[f64]| marginal::u_values(sample, LEAST_BANDWIDTH).unwrap_or_default();
        of(&electricity).into_iter().zip(of(&carbon)).collect()
    }

    pub(crate) fn reference_of(pairs: &[(u32, u32)]) -> Option<(Claim, i64)> {
        (pairs.len() >= MIN_OBSERVATIONS as usize).then(|| consensus::reference(pairs))
    }
}

impl<T: Config> PriceWindow for Pallet<T> {
    fn refresh() -> Weight {
        if !Dirty::<T>::get() {
            return T::WeightInfo::keep();
        }
        let Window { revision, pairs, reference } = Self::compute_window();
        let weight = T::WeightInfo::refresh(pairs.len() as u32);
        UValues::<T>::set(BoundedVec::truncate_from(pairs));
        Reference::<T>::set(reference);
        Revision::<T>::put(revision);
        Dirty::<T>::kill();
        weight
    }

    fn observations() -> u32 {
        UValues::<T>::decode_len().unwrap_or_default() as u32
    }

    fn pairs() -> Vec<(u32, u32)> {
        UValues::<T>::get().into_inner()
    }

    fn reference() -> Option<(Claim, i64)> {
        Reference::<T>::get()
    }

    fn revision() -> u64 {
        Revision::<T>::get()
    }
}
