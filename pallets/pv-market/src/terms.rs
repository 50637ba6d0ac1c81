//! What the market's terms are, and which hold for which slot.

use crate::*;
use gridpeg_market::{
    clearing::{Pricing, Rule},
    fee::{FeeTable, MicroOhm, NetworkFee, MAX_BUSES, MAX_LEVELS},
    units::{BasisPoints, MAX_PRICE, WHOLE},
};
use gridpeg_messages::units::COIN;
use polkadot_sdk::sp_core::ConstU32;

/// The longest time between the gate and the slot: 30 days.
pub const MAX_GATE: Millis = 30 * 24 * 60 * 60 * 1_000;
/// The furthest slot ahead that orders are taken for.
pub const MAX_HORIZON: u32 = 10_000;
/// The largest minimum lot.
pub const MAX_LOT: Wh = 1_000_000_000;
/// The longest time that settled slots are kept, in slots.
pub const MAX_RETENTION: u32 = 10_000_000;
/// Most versions of the terms that some kept slot has.
pub const MAX_VERSIONS: u32 = 64;
/// No two buses of any feeder are further apart: below 550 kΩ.
pub const MAX_DISTANCE: MicroOhm = MAX_BUSES as u64 * u32::MAX as u64;

const DEFAULT_MAX_PRICE: Price = 3 * COIN;
const DEFAULT_FEED_IN: Price = 3 * COIN / 10;
const DEFAULT_BENCHMARK: Price = 4 * COIN / 10;
const DEFAULT_TARIFF: Price = 6 * COIN / 10;
const DEFAULT_PENALTY: Price = 2 * COIN / 10;
const DEFAULT_FEE: NetworkFee = NetworkFee { base: 3 * COIN / 100, per_ohm: COIN / 200 };

/// The terms of a slot: what its orders, trades and bills go by.
#[derive(
    Clone,
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
pub struct Terms {
    /// How trades get their prices.
    pub pricing: Pricing,
    /// How long before a slot begins its books are closed, in ms.
    pub gate: Millis,
    /// How many slots ahead orders are taken for.
    pub horizon: u32,
    /// Least quantity of an order, in Wh.
    pub lot: Wh,
    /// Highest limit of an order.
    pub max_price: Price,
    /// What the grid pays for surplus.
    pub feed_in: Price,
    /// What the grid pays a site that sells all to it.
    pub benchmark: Price,
    /// What the grid takes for what is not bought on the market, by voltage level from 0. A level beyond the last has
    /// the last one's.
    pub tariffs: BoundedVec<Price, ConstU32<MAX_LEVELS>>,
    /// What buyers pay for the network, by their voltage level from 0. A level beyond the last has the last one's.
    pub network_fees: BoundedVec<NetworkFee, ConstU32<MAX_LEVELS>>,
    /// Share of the contracts that may go unmet for nothing, in 1/10,000.
    pub free_band: BasisPoints,
    /// Price of what goes unmet beyond that.
    pub penalty: Price,
    /// How many slots trades and bills are kept after they are settled.
    pub retention: u32,
}

impl Default for Terms {
    /// Pay-as-clear in the middle, an hour's gate, two days ahead, 10 Wh, three coins at most; surplus 0.30, all to the
    /// grid 0.40, residual 0.60, network 0.03 and 0.005 an ohm, penalty 0.20 beyond 10 %; kept for a year.
    fn default() -> Self {
        Self {
            pricing: Pricing { rule: Rule::PayAsClear, k: WHOLE / 2 },
            gate: 3_600_000,
            horizon: 192,
            lot: 10,
            max_price: DEFAULT_MAX_PRICE,
            feed_in: DEFAULT_FEED_IN,
            benchmark: DEFAULT_BENCHMARK,
            tariffs: BoundedVec::truncate_from([DEFAULT_TARIFF].into()),
            network_fees: BoundedVec::truncate_from([DEFAULT_FEE].into()),
            free_band: WHOLE / 10,
            penalty: DEFAULT_PENALTY,
            retention: 35_064,
        }
    }
}

impl Terms {
    /// Which value is out of bounds, and what its bounds are.
    pub fn check(&self) -> Result<(), &'static str> {
        if !self.pricing.is_valid() {
            return Err("pricing.k must be at most 10000");
        }
        if self.gate > MAX_GATE {
            return Err("gate must be at most 2592000000 ms");
        }
        if !(1..=MAX_HORIZON).contains(&self.horizon) {
            return Err("horizon must be 1 to 10000 slots");
        }
        if !(1..=MAX_LOT).contains(&self.lot) {
            return Err("lot must be 1 to 1000000000 Wh");
        }
        if !(1..=MAX_PRICE).contains(&self.max_price) {
            return Err("maxPrice must be 1 to 10^18");
        }
        let prices = [self.feed_in, self.benchmark, self.penalty];
        if prices.iter().chain(&self.tariffs).any(|price| *price > MAX_PRICE) {
            return Err("feedIn, benchmark, penalty and tariffs must be at most 10^18");
        }
        if self.tariffs.is_empty() {
            return Err("tariffs must have 1 to 8 levels");
        }
        if self.fees().highest(MAX_DISTANCE).is_none() {
            return Err("networkFees must have 1 to 8 levels, and base + 549756 perOhm be at most 10^18");
        }
        if self.free_band > WHOLE {
            return Err("freeBand must be at most 10000");
        }
        if !(1..=MAX_RETENTION).contains(&self.retention) {
            return Err("retention must be 1 to 10000000 slots");
        }
        Ok(())
    }

    fn fees(&self) -> FeeTable {
        FeeTable { levels: self.network_fees.clone() }
    }

    /// The highest network fee on a feeder: over its greatest distance.
    pub fn highest_fee(&self, longest: MicroOhm) -> Option<Price> {
        self.fees().highest(longest)
    }

    /// What a buyer at this level pays for the network over a distance. A distance that is not known counts as
    /// `longest`: no bus is without one as long as sites are at buses that there are.
    pub fn fee(&self, level: Level, distance: Option<MicroOhm>, longest: MicroOhm) -> Price {
        let of = self.network_fees.get(usize::from(level)).or(self.network_fees.last());
        of.and_then(|fee| fee.rate(distance.unwrap_or(longest))).unwrap_or_default()
    }

    /// What the grid takes at a level for what is not bought on the market.
    pub fn tariff(&self, level: Level) -> Price {
        self.tariffs.get(usize::from(level)).or(self.tariffs.last()).copied().unwrap_or_default()
    }

    /// What a bill of a site in this mode, at this level, goes by.
    pub fn of_site(&self, mode: Mode, level: Level) -> gridpeg_market::settlement::Terms {
        gridpeg_market::settlement::Terms {
            free_band: self.free_band,
            penalty: self.penalty,
            surplus: if mode == Mode::AllToGrid { self.benchmark } else { self.feed_in },
            residual: self.tariff(level),
        }
    }
}

/// A version of the terms: from when on it holds, and what has to be known of it often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Version {
    /// Its number.
    pub number: u32,
    /// The first slot that it holds for.
    pub from: Slot,
    /// [`Terms::gate`].
    pub gate: Millis,
    /// [`Terms::horizon`].
    pub horizon: u32,
    /// [`Terms::retention`].
    pub retention: u32,
}

impl Version {
    fn new(number: u32, from: Slot, terms: &Terms) -> Self {
        Self { number, from, gate: terms.gate, horizon: terms.horizon, retention: terms.retention }
    }
}

/// The version that holds for a slot: the last one from this slot or an earlier one on. `None` without any.
pub fn version_of(versions: &[Version], slot: Slot) -> Option<&Version> {
    versions.iter().rev().find(|version| version.from <= slot).or(versions.first())
}

impl<T: Config> Pallet<T> {
    /// The terms of a slot, with the number of their version.
    pub fn terms_of(slot: Slot) -> (u32, Terms) {
        let versions = Versions::<T>::get();
        let number = version_of(&versions, slot).map_or(0, |version| version.number);
        (number, TermsAt::<T>::get(number))
    }

    /// When a slot's gate closes.
    pub(crate) fn gate_of(calendar: &Calendar, slot: Slot, gate: Millis) -> Millis {
        calendar.begin(slot).saturating_sub(gate)
    }

    /// Writes what genesis says: the grid company's account, the first version of the terms.
    // Genesis is built before any block exists: a panic here is an error message about the chain spec.
    #[allow(clippy::panic)]
    pub(crate) fn found(genesis: &GenesisConfig<T>) {
        let GenesisConfig { grid, terms } = genesis;
        Grid::<T>::set(grid.clone());
        if let Err(error) = terms.check() {
            panic!("chain spec, pvMarket.terms: {error}");
        }
        Versions::<T>::put(BoundedVec::truncate_from([Version::new(0, 0, terms)].into()));
        TermsAt::<T>::insert(0, terms);
    }

    /// Sets the grid company's account.
    pub(crate) fn do_set_grid(account: T::AccountId) -> DispatchResult {
        Grid::<T>::put(&account);
        Self::deposit_event(Event::GridSet { account });
        Ok(())
    }

    /// Sets the terms of all slots from `from` on, to which no order can be open.
    pub(crate) fn do_set_terms(from: Slot, terms: Terms) -> DispatchResult {
        ensure!(terms.check().is_ok(), Error::<T>::TermsInvalid);
        let present = T::Metering::calendar().slot_at(Self::now()).unwrap_or_default();
        let mut versions = Versions::<T>::get().into_inner();
        let horizon = versions.iter().map(|version| version.horizon).max().unwrap_or_default();
        let reach = present.saturating_add(horizon);
        ensure!(from > reach, Error::<T>::TermsTooSoon);

        // What no order can be for is replaced.
        let mut number = versions.last().map_or(0, |version| version.number.saturating_add(1));
        if let Some(last) = versions.pop_if(|last| last.from > reach) {
            number = last.number;
        }
        versions.push(Version::new(number, from, &terms));
        Self::forget_versions(&mut versions);
        Versions::<T>::put(BoundedVec::try_from(versions).map_err(|_| Error::<T>::TooManyTerms)?);
        TermsAt::<T>::insert(number, &terms);
        Self::deposit_event(Event::TermsSet { version: number, from, terms });
        Ok(())
    }

    /// Forgets the versions of slots that are pruned: those whose successor holds for all that are kept.
    fn forget_versions(versions: &mut Vec<Version>) {
        let kept_from = NextSlots::<T>::get().map_or(0, |next| next.prune);
        let needless = versions.iter().skip(1).take_while(|next| next.from <= kept_from).count();
        for version in versions.drain(..needless) {
            TermsAt::<T>::remove(version.number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_terms_are_within_their_bounds() {
        assert_eq!(Terms::default().check(), Ok(()));
    }

    #[test]
    fn a_value_out_of_bounds_is_named() {
        let named = |change: fn(&mut Terms), name: &str| {
            let mut terms = Terms::default();
            change(&mut terms);
            let error = terms.check().unwrap_err();
            assert!(error.starts_with(name), "{name}: {error}");
        };
        named(|terms| terms.pricing.k = 10_001, "pricing.k");
        named(|terms| terms.gate = MAX_GATE + 1, "gate");
        named(|terms| terms.horizon = 0, "horizon");
        named(|terms| terms.horizon = MAX_HORIZON + 1, "horizon");
        named(|terms| terms.lot = 0, "lot");
        named(|terms| terms.lot = MAX_LOT + 1, "lot");
        named(|terms| terms.max_price = 0, "maxPrice");
        named(|terms| terms.max_price = MAX_PRICE + 1, "maxPrice");
        named(|terms| terms.feed_in = MAX_PRICE + 1, "feedIn");
        named(|terms| terms.benchmark = MAX_PRICE + 1, "feedIn");
        named(|terms| terms.penalty = MAX_PRICE + 1, "feedIn");
        named(|terms| terms.tariffs = vec![MAX_PRICE + 1].try_into().unwrap(), "feedIn");
        named(|terms| terms.tariffs = BoundedVec::new(), "tariffs");
        named(|terms| terms.network_fees = BoundedVec::new(), "networkFees");
        named(|terms| terms.network_fees[0].base = MAX_PRICE, "networkFees");
        named(|terms| terms.network_fees[0].per_ohm = Price::MAX, "networkFees");
        named(|terms| terms.free_band = 10_001, "freeBand");
        named(|terms| terms.retention = 0, "retention");
        named(|terms| terms.retention = MAX_RETENTION + 1, "retention");
    }

    #[test]
    fn a_level_beyond_the_last_has_the_last_one_s_prices() {
        let mut terms = Terms { tariffs: vec![5, 7].try_into().unwrap(), ..Terms::default() };
        assert_eq!([0, 1, 2, 255].map(|level| terms.tariff(level)), [5, 7, 7, 7]);
        let fee = |base: Price| NetworkFee { base, per_ohm: 1 };
        terms.network_fees = vec![fee(10), fee(20)].try_into().unwrap();
        let distance = Some(2_000_000);
        assert_eq!([0, 1, 2].map(|level| terms.fee(level, distance, 9_000_000)), [12, 22, 22]);
        assert_eq!((terms.fee(0, None, 9_000_000), terms.highest_fee(9_000_000)), (19, Some(29)));
    }

    #[test]
    fn the_last_version_that_has_begun_holds() {
        let version = |number: u32, from: Slot| Version::new(number, from, &Terms::default());
        let versions = [version(3, 10), version(4, 20), version(5, 21)];
        let of = |slot: Slot| version_of(&versions, slot).map(|version| version.number);
        assert_eq!([0, 10, 19, 20, 21, 99].map(of), [3, 3, 3, 4, 5, 5].map(Some));
        assert_eq!(version_of(&[], 5), None);
    }
}
