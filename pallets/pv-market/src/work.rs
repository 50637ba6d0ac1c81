//! Work by weight: what is to be done besides calls, in steps small enough for any block.
//!
//! | job | a step is | waits for |
//! |---|---|---|
//! | [`clear`](Work::clear) | a portion of a book, an order that leaves it, a slot without books | the slot's gate |
//! | [`report`](Work::report) | a clearing period, an account that traded in it | its slots' books, and its end |
//! | [`settle`](Work::settle) | a trade, a site's bill | the slot's readings being frozen, and its books |
//! | [`prune`](Work::prune) | a trade, a bill, a slot | `retention` slots more |
//!
//! The jobs are done in this order, each until it has nothing to do or its next step does not fit. A step is begun only
//! if its weight is left; what it costs at most is taken, and what it turns out not to need is given back.
//!
//! At a block's start the clock shows the parent's time, at its end its own. Times only grow, so what is due stays due.

use crate::*;

/// Most steps of the clearing in one portion: so many trades are in memory at once.
pub const MAX_PORTION: u32 = 1_024;

/// The work of one hook.
pub struct Work<T: Config> {
    meter: WeightMeter,
    /// The time by the clock.
    pub(crate) now: Millis,
    pub(crate) calendar: Calendar,
    /// Length of a clearing period.
    pub(crate) period: Millis,
    versions: Vec<Version>,
    /// How many leaves the block has room for.
    room: u32,
    /// Leaves made by this hook.
    leaves: Vec<PvLeaf<T::AccountId>>,
}

/// What the hook costs that finds nothing to do.
pub(crate) fn base<T: Config>() -> Weight {
    T::WeightInfo::work().saturating_add(T::Metering::weight())
}

/// What the hook needs at least so that no job stands still.
pub fn largest_step<T: Config>() -> Weight {
    let steps = [
        clearing::smallest_portion::<T>(),
        T::WeightInfo::empty_order(),
        T::WeightInfo::close_book(),
        T::WeightInfo::pass_slot(),
        periods::report_weight::<T>(),
        T::WeightInfo::forget_party(),
        settlement::trade_weight::<T>(),
        settlement::slot_weight::<T>(),
        billing::bill_weight::<T>(),
        T::WeightInfo::prune_trade(),
        T::WeightInfo::prune_bill(),
        T::WeightInfo::prune_slot(),
    ];
    steps.into_iter().fold(Weight::zero(), |most, step| most.max(step)).saturating_add(base::<T>())
}

/// Checks the configuration. Called by the pallet's integrity test only.
pub(crate) fn check_config<T: Config>() {
    assert!(T::MaxOrders::get() > 0, "Config::MaxOrders: no order could be placed");
    assert!(T::MaxBook::get() > 0, "Config::MaxBook: no order could be placed");
    assert!(T::MaxLeaves::get() > 0, "Config::MaxLeaves: no trade could be settled");
    assert!(Terms::default().check().is_ok(), "the default terms are out of bounds");
    // A seller whose account is gone must get what he sold.
    assert!(T::Currency::minimum_balance() <= 1, "Config::Currency: an existential deposit keeps sellers out");
    let (share, step) = (Pallet::<T>::share(), largest_step::<T>());
    assert!(step.all_lte(share), "Config::WorkShare: {share:?} is less than one step takes: {step:?}");
}

impl<T: Config> Pallet<T> {
    /// The time by the clock, Unix ms: 0 before the first block has one.
    pub(crate) fn now() -> Millis {
        T::Time::now()
    }

    /// Begins a block: without leaves, and with the work that its start has a share for.
    pub(crate) fn begin_block() -> Weight {
        BlockLeaves::<T>::kill();
        T::DbWeight::get().writes(1).saturating_add(Self::work(Self::share()))
    }

    /// What a block's start has for work.
    pub(crate) fn share() -> Weight {
        let (block, share) = (T::BlockWeights::get().max_block, T::WorkShare::get());
        Weight::from_parts(share.mul_floor(block.ref_time()), share.mul_floor(block.proof_size()))
    }

    /// Does what is due as far as the budget goes, and returns what it cost.
    pub(crate) fn work(budget: Weight) -> Weight {
        let mut meter = WeightMeter::with_limit(budget);
        if meter.try_consume(base::<T>()).is_err() {
            return Weight::zero();
        }
        let Some(mut work) = Work::<T>::begin(meter) else { return base::<T>() };
        work.clear();
        work.report();
        work.settle();
        work.prune();
        work.end()
    }
}

impl<T: Config> Work<T> {
    /// `None` while the calendar does not run, or no time was ever set.
    pub(crate) fn begin(meter: WeightMeter) -> Option<Self> {
        let now = Pallet::<T>::now();
        let calendar = T::Metering::calendar();
        let present = calendar.slot_at(now).filter(|_| now > 0)?;
        if !NextSlots::<T>::exists() {
            // No earlier slot can have an order, and nothing was metered before the chain began.
            NextSlots::<T>::put(Cursors { clear: present, settle: present, prune: present });
        }
        let made = BlockLeaves::<T>::decode_len().unwrap_or_default() as u32;
        Some(Self {
            meter,
            now,
            calendar,
            period: T::Prices::clearing_period().max(1),
            versions: Versions::<T>::get().into_inner(),
            room: T::MaxLeaves::get().saturating_sub(made),
            leaves: Vec::new(),
        })
    }

    /// Writes the leaves, and returns what all of it cost.
    pub(crate) fn end(self) -> Weight {
        if !self.leaves.is_empty() {
            let leaves: Vec<_> = BlockLeaves::<T>::get().into_iter().chain(self.leaves).collect();
            // There was room for each.
            BlockLeaves::<T>::put(BoundedVec::truncate_from(leaves));
        }
        self.meter.consumed()
    }

    /// Takes a step's weight, if it is left.
    pub(crate) fn take(&mut self, weight: Weight) -> bool {
        self.meter.try_consume(weight).is_ok()
    }

    /// What is left.
    pub(crate) fn left(&self) -> Weight {
        self.meter.remaining()
    }

    /// Whether the block has room for a leaf.
    pub(crate) fn has_room(&self) -> bool {
        self.room > 0
    }

    /// Makes a leaf; there is room for it.
    pub(crate) fn leaf(&mut self, leaf: PvLeaf<T::AccountId>) {
        self.room = self.room.saturating_sub(1);
        self.leaves.push(leaf);
    }

    /// The version of a slot's terms.
    pub(crate) fn version(&self, slot: Slot) -> Option<&Version> {
        terms::version_of(&self.versions, slot)
    }

    /// When a slot's gate closes.
    pub(crate) fn gate(&self, slot: Slot) -> Millis {
        Pallet::<T>::gate_of(&self.calendar, slot, self.version(slot).map_or(0, |version| version.gate))
    }

    /// The clearing period that a slot begins in.
    pub(crate) fn period_of(&self, slot: Slot) -> u64 {
        self.calendar.begin(slot).checked_div(self.period).unwrap_or_default()
    }
}
