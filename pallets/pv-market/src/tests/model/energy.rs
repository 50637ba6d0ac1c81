//! What meters count and bills have of it, the obvious way.

use super::*;

/// All energy so far, from readings, counters and the orders' events.
#[derive(Default)]
pub(super) struct Energy {
    /// The site and slot of every bid.
    bids: BTreeMap<OrderId, (SiteId, Slot)>,
    /// What bids have traded.
    bought: BTreeMap<(SiteId, Slot), Wh>,
    /// What was billed as contracted and is not set off.
    assumed: BTreeMap<SiteId, Wh>,
    /// What counters show of settled slots.
    flowed: BTreeMap<(SiteId, Direction), u128>,
    /// What has flowed through meters that say nothing.
    unseen: BTreeMap<(SiteId, Direction), Wh>,
}

impl Energy {
    /// So much has flowed through a meter that says nothing.
    pub(super) fn hide(&mut self, site: SiteId, direction: Direction, energy: Wh) {
        *self.unseen.entry((site, direction)).or_default() += energy;
    }

    /// What was hidden shows with this slot.
    pub(super) fn show(&mut self, site: SiteId, slot: Slot, direction: Direction) {
        let late = self.unseen.remove(&(site, direction)).unwrap_or(0);
        if late > 0 {
            CaughtUp::insert((site, slot, direction), late);
        }
    }

    /// What orders do.
    pub(super) fn note(&mut self, event: &Event<Test>) {
        match event {
            Event::OrderPlaced { order, request, .. } if request.side == Side::Bid => {
                self.bids.insert(*order, (request.site, request.slot));
            }
            Event::OrderReplaced { order, replaces, .. } => {
                if let Some(of) = self.bids.get(replaces).copied() {
                    self.bids.insert(*order, of);
                }
            }
            Event::OrderClosed { order, filled, .. } => {
                if let Some(of) = self.bids.get(order) {
                    *self.bought.entry(*of).or_default() += filled;
                }
            }
            _ => {}
        }
    }

    /// A slot is settled. What sites have imported in earlier slots and pay with this one, and what is set off of that:
    /// what shows late pays first for what was billed as contracted while nothing was known.
    pub(super) fn settle(&mut self, slot: Slot) -> BTreeMap<SiteId, (Wh, Wh)> {
        let mut late = BTreeMap::new();
        for site in Sites::get().into_keys() {
            for direction in [Direction::Export, Direction::Import] {
                let key = (site, slot, direction);
                let energy = Readings::get(key).unwrap_or(0) + CaughtUp::get(key);
                *self.flowed.entry((site, direction)).or_default() += u128::from(energy);
            }
            let assumed = self.assumed.entry(site).or_default();
            if Readings::get((site, slot, Direction::Import)).is_none() {
                *assumed += self.bought.get(&(site, slot)).copied().unwrap_or(0);
            }
            let shown = CaughtUp::get((site, slot, Direction::Import));
            let set_off = shown.min(*assumed);
            *assumed -= set_off;
            late.insert(site, (shown - set_off, set_off));
        }
        late
    }

    /// All that counters show of settled slots is in bills, and nothing twice; but for what was billed as contracted
    /// and has not shown.
    pub(super) fn check(&self) {
        let mut billed: BTreeMap<(SiteId, Direction), u128> = BTreeMap::new();
        for (site, _, sums) in MonthlyBills::<Test>::iter() {
            *billed.entry((site, Direction::Export)).or_default() += sums.exported + sums.late_exported;
            *billed.entry((site, Direction::Import)).or_default() += sums.imported + sums.late_imported;
        }
        for site in Sites::get().into_keys() {
            let assumed = self.assumed.get(&site).copied().unwrap_or(0);
            assert_eq!(PvMarket::assumed(site), assumed, "site {site}");
            for (direction, unshown) in [(Direction::Export, 0), (Direction::Import, assumed)] {
                let key = (site, direction);
                let flowed = self.flowed.get(&key).copied().unwrap_or(0);
                let billed = billed.get(&key).copied().unwrap_or(0);
                assert_eq!(billed, flowed + u128::from(unshown), "site {site}, {direction:?}");
            }
        }
    }
}
