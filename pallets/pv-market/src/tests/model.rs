//! Random calls, slots and readings. After every step: every invariant; every coin is there; every account has what its
//! bills say; every bill of a slot that was settled is that of a slow and obvious settlement; all that sites' counters
//! show of settled slots is in their bills.
//!
//! What an account is worth is what it has, free and on hold, less what it owes to the grid company, and what that owes
//! to it. Only bills and gifts change it.

use super::{
    plan::{campaign, Histogram, Step},
    *,
};
use energy::Energy;
use gridpeg_market::{
    clearing::{Pricing, Rule},
    settlement::{buyer_bill, seller_bill, Contract, Line},
};
use std::collections::BTreeMap;

mod energy;

/// Whether this is an error that can come here.
fn is_known(error: DispatchError) -> bool {
    let known = [
        Error::<Test>::GateClosed,
        Error::<Test>::TooFarAhead,
        Error::<Test>::NotSiteOwner,
        Error::<Test>::WrongMode,
        Error::<Test>::InArrears,
        Error::<Test>::BelowLot,
        Error::<Test>::PriceZero,
        Error::<Test>::PriceTooHigh,
        Error::<Test>::Expired,
        Error::<Test>::GreenBid,
        Error::<Test>::TooManyOrders,
        Error::<Test>::BookFull,
        Error::<Test>::OppositeSide,
        Error::<Test>::SiteTaken,
        Error::<Test>::InsufficientFunds,
        Error::<Test>::UnknownOrder,
        Error::<Test>::TooManyTerms,
    ];
    known.map(DispatchError::from).contains(&error)
}

struct World<'a> {
    histogram: &'a Histogram,
    random: u64,
    /// What each account is worth, by the model.
    worth: BTreeMap<u64, i128>,
    /// The first slot whose meters have not been read.
    unread: Slot,
    /// All energy so far.
    energy: Energy,
}

fn now() -> Millis {
    pallet_timestamp::Now::<Test>::get()
}

fn present() -> Slot {
    CALENDAR.slot_at(now()).unwrap()
}

/// The one of these that has most.
fn richest() -> u64 {
    ACCOUNTS.max_by_key(|account| free(*account)).unwrap()
}

fn everybody() -> impl Iterator<Item = u64> {
    ACCOUNTS.chain([GRID, ESCROW])
}

fn worth(account: u64) -> i128 {
    let own = (free(account) + held(account)) as i128;
    let (owes, is_owed) = match account {
        GRID => (TotalGridDebt::<Test>::get(), TotalArrears::<Test>::get()),
        _ => (Arrears::<Test>::get(account), GridDebt::<Test>::get(account)),
    };
    own - owes as i128 + is_owed as i128
}

impl<'a> World<'a> {
    fn new(histogram: &'a Histogram, steps: &[Step]) -> Self {
        let worth = everybody().map(|account| (account, worth(account))).collect();
        let random = format!("{steps:?}").bytes().map(u64::from).sum();
        Self { histogram, random, worth, unread: PRESENT, energy: Energy::default() }
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % bound
    }

    fn count(&self, what: &'static str) {
        self.histogram.count(what);
    }

    fn count_if(&self, what: &'static str, happened: bool) {
        if happened {
            self.count(what);
        }
    }

    /// Counts an error, which must be one of those that can come.
    fn refused(&self, error: DispatchError) {
        assert!(is_known(error), "{error:?}");
        self.count(error.into());
    }

    fn give(&mut self, from: u64, to: u64, amount: Balance) {
        if from == to || amount == 0 {
            return;
        }
        assert_ok!(<Balances as Mutate<u64>>::transfer(&from, &to, amount, Preservation::Preserve));
        *self.worth.get_mut(&from).unwrap() -= amount as i128;
        *self.worth.get_mut(&to).unwrap() += amount as i128;
    }

    fn place(&mut self, owner: u64, request: OrderRequest) {
        match place_as(owner, request) {
            Ok(()) => self.count(if request.side == Side::Ask { "place ask" } else { "place bid" }),
            Err(error) => {
                self.refused(error);
                // The market goes on.
                if error == DispatchError::from(Error::<Test>::InsufficientFunds) && request.quantity < Wh::MAX {
                    let rich = richest();
                    self.give(rich, owner, free(rich) / 10);
                }
            }
        }
    }

    /// One of the open orders, with who placed it.
    fn pick(which: usize) -> Option<(OrderId, u64)> {
        let mut orders: Vec<_> = Orders::<Test>::iter_keys().collect();
        orders.sort_unstable();
        let order = *orders.get(which.checked_rem(orders.len())?)?;
        Some((order, PvMarket::order(order).unwrap().details.owner))
    }

    /// What meters say of a slot that is over: some are silent, some exact, some below and some above what was agreed.
    /// What flows through a silent one shows when it speaks again; some of that may show while it is silent, as of a
    /// site with several meters.
    fn read_meters(&mut self, until: Millis) {
        while CALENDAR.end(self.unread) <= until {
            let slot = self.unread;
            for (site, direction) in (1..=10).flat_map(|site| [(site, Direction::Export), (site, Direction::Import)]) {
                let agreed: Wh = Trades::<Test>::iter()
                    .filter(|((of, ..), _)| *of == slot)
                    .map(|(_, trade)| match direction {
                        Direction::Import if trade.buyer_site == site => trade.quantity,
                        Direction::Export if trade.seller_site == site => trade.quantity,
                        _ => 0,
                    })
                    .sum();
                let energy = match self.below(8) {
                    0 | 1 => None,
                    2 | 3 => Some(agreed),
                    4 => Some(agreed / 2),
                    5 => Some(agreed * 95 / 100),
                    6 => Some(agreed + self.below(1_000)),
                    _ => Some(self.below(3_000)),
                };
                let flow = self.below(agreed + 300);
                match energy {
                    Some(energy) => Readings::insert((site, slot, direction), energy),
                    None => self.energy.hide(site, direction, flow),
                }
                if energy.is_some() || flow % 16 == 3 {
                    self.energy.show(site, slot, direction);
                }
            }
            self.unread += 1;
        }
    }

    fn block(&mut self, time: Millis, idle: Weight) {
        self.read_meters(time);
        block_with(time, idle);
        self.count_if("clearing interrupted", InClearing::<Test>::exists());
        self.count_if("settlement interrupted", InSettlement::<Test>::exists());
    }

    fn terms(&self, kind: u8) -> Terms {
        let base = mock_terms();
        match kind % 6 {
            0 => base,
            1 => Terms { pricing: Pricing { rule: Rule::PayAsClear, k: 2_500 }, ..base },
            2 => Terms { free_band: 0, penalty: 50 * CENT, ..base },
            3 => Terms { gate: 2 * LENGTH, horizon: 25, ..base },
            4 => Terms { feed_in: 61 * CENT, tariffs: vec![33 * CENT + 7].try_into().unwrap(), ..base },
            _ => Terms { retention: 5, lot: 100, penalty: 0, ..base },
        }
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Place { site, stranger, ahead, side, quantity, cents, green, expires } => {
                let owner = Sites::get()[&site].owner + u64::from(stranger);
                let (slot, expires) = (present() + ahead, expires.map(|later| now() + later));
                let limit = cents * CENT + 3;
                let limit = if cents == 0 { 0 } else { limit };
                self.place(owner, OrderRequest { site, slot, side, quantity, limit, green, expires });
            }
            Step::Replace { which, quantity, cents } => match Self::pick(which) {
                Some((order, owner)) => match replace(owner, order, quantity, cents) {
                    Ok(()) => self.count("replace"),
                    Err(error) => self.refused(error),
                },
                None => self.count("no order"),
            },
            Step::Cancel { which } => match Self::pick(which) {
                Some((order, owner)) => match cancel(owner, order) {
                    Ok(()) => self.count("cancel"),
                    Err(error) => self.refused(error),
                },
                None => self.count("no order"),
            },
            Step::Block { later, idle } => self.block(now() + later, IDLE / 1_000 * idle),
            Step::Hour { slots } => {
                self.block(now() + Millis::from(slots) * LENGTH, IDLE);
                self.count("skipped hour");
            }
            Step::Terms { beyond, kind } => {
                let versions = Versions::<Test>::get();
                let horizon = versions.iter().map(|version| version.horizon).max().unwrap();
                let from = present() + horizon + beyond;
                match with_storage_layer(|| PvMarket::set_terms(RuntimeOrigin::root(), from, self.terms(kind))) {
                    Ok(()) => self.count("terms change"),
                    Err(error) => self.refused(error),
                }
            }
            Step::Owner { site, to } => {
                change_site(site, |site| site.owner = to);
                self.count("owner change");
            }
            Step::Credit { account, amount } => Credits::mutate(account, |credit| *credit += amount),
            Step::Give { from, to } => self.give(from, to, (free(from)).saturating_sub(2 * CENT)),
            Step::PayArrears { which, share } => self.pay_arrears(which, share),
            Step::Collect { which } => self.collect(which),
            Step::Window { closed } => WindowClosed::put(closed),
            Step::Share { small } => {
                WorkShare::set(if small { small_share() } else { Perbill::from_percent(25) });
            }
            Step::Tight { most } => Tight::set(most),
        }
    }

    fn pay_arrears(&mut self, which: usize, share: u128) {
        let accounts: Vec<_> = Arrears::<Test>::iter_keys().collect();
        let Some(account) = which.checked_rem(accounts.len()).map(|index| accounts[index]) else {
            return self.count("no arrears");
        };
        let amount = Arrears::<Test>::get(account) * share / 100 + 1;
        let rich = richest();
        if free(account) <= amount && free(rich) > 2 * amount + COIN {
            self.give(rich, account, amount + COIN);
        }
        match pay_arrears(account, amount) {
            Ok(()) => self.count("pay_arrears"),
            Err(error) => self.refused(error),
        }
    }

    fn collect(&mut self, which: usize) {
        let accounts: Vec<_> = GridDebt::<Test>::iter_keys().collect();
        let Some(account) = which.checked_rem(accounts.len()).map(|index| accounts[index]) else {
            return self.count("no debt");
        };
        if free(GRID) <= 1 {
            assert_noop!(collect(account), Error::<Test>::GridWithoutCoins);
            let rich = richest();
            self.give(rich, GRID, (5 * CENT).min(free(rich) / 2));
        }
        if free(GRID) > 1 {
            assert_ok!(collect(account));
            self.count("collect");
        }
    }

    /// Counts what has happened, and what bills do to what accounts are worth.
    fn look(&mut self) {
        for event in events() {
            self.energy.note(&event);
            match event {
                Event::Traded { .. } => self.count("trade"),
                Event::OrderClosed { filled: 0, .. } => self.count("order without trade"),
                Event::SlotCleared { price: None, .. } => self.count("book without trades"),
                Event::TradeSettled { settled, .. } => {
                    self.count(if settled > 0 { "settled trade" } else { "trade that failed" })
                }
                Event::Billed { slot, site, account, lines, credit, debit, drawn, unpaid } => {
                    let net = credit as i128 - debit as i128;
                    *self.worth.get_mut(&account).unwrap() += net + drawn as i128;
                    *self.worth.get_mut(&GRID).unwrap() -= net;
                    *self.worth.get_mut(&ESCROW).unwrap() -= drawn as i128;
                    let has = |item: Item| lines.iter().any(|line| line.item == item);
                    self.count_if("penalty", has(Item::Penalty));
                    self.count_if("surplus", has(Item::Surplus));
                    self.count_if("residual", has(Item::Residual));
                    self.count_if("late energy billed", has(Item::LateResidual) || has(Item::LateSurplus));
                    self.count_if("credit drawn", drawn > 0);
                    self.count_if("arrears", unpaid > 0);
                    self.count_if("former owner's bill", Sites::get()[&site].owner != account);
                    if let Some(bill) = Bills::<Test>::get(slot, site) {
                        self.count_if("silent meter", bill.trades > 0 && bill.imported.is_none());
                    }
                }
                Event::GridShort { .. } => self.count("grid short"),
                Event::ArrearsPaid { .. } => self.count("arrears paid"),
                Event::PeriodReported { .. } => self.count("period reported"),
                Event::PeriodNotReported { .. } => self.count("period not reported"),
                Event::SlotSettled { slot, .. } => {
                    self.count("slot settled");
                    let late = self.energy.settle(slot);
                    late.values().for_each(|(_, set_off)| self.count_if("late energy set off", *set_off > 0));
                    self.check_slot(slot, &late);
                }
                _ => {}
            }
        }
        System::reset_events();
    }

    fn check(&self) {
        check();
        // Trades are paid before they are billed.
        if !InSettlement::<Test>::exists() {
            for account in everybody() {
                assert_eq!(worth(account), self.worth[&account], "account {account}");
            }
            self.energy.check();
        }
        let settles = next().settle;
        assert!(Books::<Test>::iter_keys().all(|(slot, ..)| slot >= settles));
        let prices = PvMarket::prices(FEEDER, settles.saturating_sub(50), 100);
        assert!(prices.iter().all(|(_, result)| result.price.is_some() == (result.trades > 0)));
    }

    /// Settles a slot again, the obvious way, and compares all bills. Nothing if it may be forgotten already.
    fn check_slot(&self, slot: Slot, late_imports: &BTreeMap<SiteId, (Wh, Wh)>) {
        if next().prune >= slot {
            return;
        }
        let reading = |site: SiteId, direction: Direction| Readings::get((site, slot, direction));
        let mut trades: Vec<_> = Trades::<Test>::iter().filter(|((of, ..), _)| *of == slot).collect();
        trades.sort_unstable_by_key(|((_, feeder, number), _)| (*feeder, *number));
        let (mut left, mut taken) = (BTreeMap::new(), BTreeMap::new());
        let mut contracts: BTreeMap<(SiteId, Side), Vec<Contract>> = BTreeMap::new();
        for ((_, _, number), trade) in trades {
            let TradeRecord { seller_site, buyer_site, quantity, price, fee, .. } = trade;
            let all = reading(seller_site, Direction::Export).unwrap_or(0);
            let left = left.entry(seller_site).or_insert(all);
            let sold = quantity.min(*left);
            *left -= sold;
            let all = reading(buyer_site, Direction::Import).unwrap_or(Wh::MAX);
            let taken = taken.entry(buyer_site).or_insert(all);
            let bought = quantity.min(*taken);
            *taken -= bought;
            let settled = sold.min(bought);
            assert_eq!(trade.settlement.map(|settlement| settlement.settled), Some(settled));
            if trade.green && settled > 0 {
                self.count("green trade");
            }
            for (site, side, allocated) in [(seller_site, Side::Ask, sold), (buyer_site, Side::Bid, bought)] {
                let contract = Contract { trade: number, quantity, price, fee, allocated, settled };
                contracts.entry((site, side)).or_default().push(contract);
            }
        }
        let terms = PvMarket::terms(slot);
        for (site, info) in Sites::get() {
            let prices = terms.of_site(info.mode, info.level);
            let mut of = |side: Side| contracts.remove(&(site, side)).unwrap_or_default();
            let exported = reading(site, Direction::Export).unwrap_or(0);
            let imported = reading(site, Direction::Import);
            let late_exported = CaughtUp::get((site, slot, Direction::Export));
            let sold = seller_bill(&of(Side::Ask), exported, late_exported, &prices);
            let bought = buyer_bill(&of(Side::Bid), imported, late_imports[&site].0, &prices);
            let sorted = |mut lines: Vec<Line>| {
                lines.sort_by_key(|line| (line.item, line.trade));
                lines
            };
            let expected = sorted([sold.lines.clone(), bought.lines.clone()].concat());
            let bill = PvMarket::bill(site, slot);
            let sums = (sold.credit() + bought.credit(), sold.debit() + bought.debit());
            match bill {
                Some(ItemisedBill { bill, lines }) => {
                    assert_eq!(sorted(lines), expected, "site {site}, slot {slot}");
                    assert_eq!((bill.credit, bill.debit), sums);
                }
                None => assert_eq!(expected, []),
            }
        }
        assert!(contracts.is_empty());
    }

    /// Settles all that is open.
    fn finish(&mut self) {
        WorkShare::set(Perbill::from_percent(25));
        let last = Stakes::<Test>::iter_keys().map(|(slot, _)| slot).max().unwrap_or(0);
        let mut time = now().max(frozen(last));
        while next().settle <= last {
            self.block(time, IDLE);
            self.look();
            self.check();
            time += 1;
        }
        assert!(everybody().all(|account| held(account) == 0), "something is held for a slot that is settled");
        assert_eq!((Orders::<Test>::iter_keys().count(), Stakes::<Test>::iter_keys().count()), (0, 0));
    }
}

#[test]
fn coins_and_energy_are_conserved_whatever_happens() {
    let least = [
        ("place ask", 200),
        ("place bid", 200),
        ("replace", 200),
        ("cancel", 200),
        ("trade", 200),
        ("settled trade", 200),
        ("trade that failed", 200),
        ("green trade", 200),
        ("order without trade", 200),
        ("book without trades", 200),
        ("penalty", 200),
        ("surplus", 200),
        ("residual", 200),
        ("late energy billed", 200),
        ("late energy set off", 200),
        ("silent meter", 200),
        ("credit drawn", 200),
        ("arrears", 200),
        ("arrears paid", 200),
        ("pay_arrears", 200),
        ("grid short", 200),
        ("collect", 200),
        ("terms change", 200),
        ("owner change", 200),
        ("skipped hour", 200),
        ("period reported", 200),
        ("slot settled", 200),
        ("clearing interrupted", 200),
        ("settlement interrupted", 200),
    ];
    campaign(&least, |histogram, steps| {
        new_test_ext().execute_with(|| {
            let mut world = World::new(histogram, steps);
            System::reset_events();
            for step in steps {
                world.take(step);
                world.look();
                world.check();
            }
            world.finish();
        });
    });
}
