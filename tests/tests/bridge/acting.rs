//! What can be done on a chain, with what has to come of it. Every step makes blocks on the heaviest one.

use crate::{
    chain::{Id, Open, SimChain},
    parcel::{orphaned, pack, spoil, Mischief, Order},
    runtimes::{Call, ChainRuntime, Event, USERS},
};
use gridpeg_header::Millis;
use gridpeg_messages::{
    message::Account,
    units::{Balance, MICROCOIN},
    HeaderProof,
};
use pallet_peg::Limits;
use polkadot_sdk::frame_support::dispatch::Pays;
use std::{collections::BTreeMap, fmt};

/// Time between two blocks where nothing else is wanted.
pub const PACE: Millis = 3_000;

/// How often what happened.
#[derive(Clone, Debug, Default)]
pub struct Counts(BTreeMap<String, u32>);

impl Counts {
    pub fn add(&mut self, what: impl Into<String>, times: u32) {
        *self.0.entry(what.into()).or_default() += times;
    }

    /// How often something happened, on the chain that the name ends with or on both.
    pub fn get(&self, what: &str) -> u32 {
        let names = [what.to_owned(), format!("{what} on E"), format!("{what} on C")];
        names.iter().filter_map(|name| self.0.get(name)).sum()
    }

    pub fn merge(&mut self, other: Counts) {
        for (what, times) in other.0 {
            self.add(what, times);
        }
    }

    /// Those that happened less often than they should have.
    pub fn missed<'a>(&self, least: &'a [(&'a str, u32)]) -> Vec<&'a (&'a str, u32)> {
        least.iter().filter(|(what, least)| self.get(what) < *least).collect()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let counts: Vec<_> = self.0.iter().map(|(what, times)| format!("{what} {times}")).collect();
        f.write_str(&counts.join(", "))
    }
}

/// A transfer to the other chain that somebody wants.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub sender: Account,
    pub recipient: Account,
    pub amount: Balance,
}

impl Wanted {
    pub fn call(self) -> Call {
        let Self { sender, recipient, amount } = self;
        Call::Transfer { sender, recipient, amount }
    }

    /// What has to come of it in the block that is open.
    fn expected<R: ChainRuntime>(&self, limits: &Limits) -> Result<Pays, &'static str> {
        let lanes = R::lanes();
        let faults = [
            (self.amount < MICROCOIN, "BelowMinimum"),
            (self.amount > limits.per_transfer, "AboveMaximum"),
            (R::balance(&self.sender) < self.amount, "InsufficientFunds"),
            (lanes.paused, "Paused"),
            (lanes.frozen, "Frozen"),
        ];
        match faults.into_iter().find(|(holds, _)| *holds) {
            Some((_, error)) => Err(error),
            None => Ok(Pays::Yes),
        }
    }
}

/// A chain on which something is done, and its counterpart.
pub struct Acting<'a, R, S> {
    pub own: &'a mut SimChain<R>,
    pub other: &'a SimChain<S>,
    /// The time of the last block of either chain.
    pub clock: &'a mut Millis,
    pub counts: &'a mut Counts,
}

impl<R: ChainRuntime, S: ChainRuntime> Acting<'_, R, S> {
    /// Counts something that happened on this chain.
    pub fn count(&mut self, what: &str, times: u32) {
        if times > 0 {
            self.counts.add(format!("{what} on {}", R::NAME), times);
        }
    }

    /// Mines a block on the heaviest one. `pace` is the time since the last block of either chain.
    pub fn block<T>(&mut self, pace: Millis, body: impl FnOnce(&mut Open<R>, &SimChain<S>) -> T) -> T {
        let parent = self.own.tip;
        *self.clock = (*self.clock + pace).max(self.own.head().time + 1);
        let other = self.other;
        let (id, done) = self.own.mine(parent, *self.clock, &other.messages, |open| body(open, other));
        assert_eq!(self.own.tip, id);
        self.observe(parent, id);
        done
    }

    /// Counts what a block did by itself.
    fn observe(&mut self, parent: Id, id: Id) {
        let (before, after) = (&self.own.blocks[parent], &self.own.blocks[id]);
        let resumed = after.included.iter().any(|one| matches!(one.call, Call::Resume) && one.result.is_ok());
        let mut seen = Vec::new();
        if before.lanes.paused && !after.lanes.paused && !resumed {
            seen.push("pause that ran out");
        }
        for event in &after.events {
            match event {
                Event::Queued { .. } => seen.push("payout queued"),
                Event::Paid { nonce, .. } if after.ledger.queue.front().is_some_and(|first| first.0 == *nonce) => {
                    seen.push("payout in part");
                }
                Event::LeftUnclaimed { .. } => seen.push("payout left unclaimed"),
                Event::Returned { .. } => seen.push("refused transfer given back"),
                Event::ConflictDetected => seen.push("conflict"),
                Event::ConflictOver => seen.push("conflict over"),
                _ => (),
            }
        }
        for what in seen {
            self.count(what, 1);
        }
    }

    /// Mines blocks without calls.
    pub fn empty(&mut self, pace: Millis, blocks: u32) {
        for _ in 0..blocks {
            self.block(pace, |_, _| ());
        }
    }

    /// Mines a block with one call.
    pub fn act(&mut self, pace: Millis, call: Call) -> Result<Pays, &'static str> {
        self.block(pace, |open, _| open.dispatch(call))
    }

    /// Transfers coins to the other chain.
    pub fn transfer(&mut self, pace: Millis, wanted: &[Wanted]) {
        let limits = self.own.rules.limits;
        let results = self.block(pace, |open, _| {
            let transfer = |wanted: &Wanted| {
                let expected = wanted.expected::<R>(&limits);
                let result = open.dispatch(wanted.call());
                assert_eq!(result, expected, "{wanted:?}");
                result
            };
            wanted.iter().map(transfer).collect::<Vec<_>>()
        });
        for (wanted, result) in wanted.iter().zip(results) {
            match result {
                Ok(_) if wanted.recipient == self.own.rules.escrow => self.count("transfer that will be refused", 1),
                Ok(_) => self.count("transfer", 1),
                Err(error) => self.count(&format!("transfer: {error}"), 1),
            }
        }
    }

    /// Gives coins to the escrow account of this chain.
    pub fn give(&mut self, pace: Millis, sender: Account, amount: Balance) {
        let given = self.block(pace, |open, _| {
            let has = R::balance(&sender) >= amount;
            let result = open.dispatch(Call::Give { sender, amount });
            assert_eq!(result.is_ok(), has);
            has
        });
        self.count("gift to the escrow account", u32::from(given));
    }

    /// Claims for one of those who are owed something. Where the escrow account is locked the claim fails, unless it is
    /// unlocked for it.
    pub fn claim(&mut self, pace: Millis, who: usize, unlock: bool) {
        let ledger = &self.own.head().ledger;
        let owed: Vec<_> = ledger.owed.keys().copied().collect();
        let recipient = owed.get(who % owed.len().max(1)).copied().unwrap_or(USERS[who % USERS.len()]);
        let locked = ledger.locked;
        let claimed = self.block(pace, |open, _| {
            let is_owed = R::owed().contains_key(&recipient);
            if locked && unlock {
                assert_eq!(open.dispatch(Call::LockEscrow(false)), Ok(Pays::Yes));
            }
            let result = open.dispatch(Call::Claim { recipient });
            if locked && unlock {
                assert_eq!(open.dispatch(Call::LockEscrow(true)), Ok(Pays::Yes));
            }
            match result {
                Ok(_) => assert!(is_owed && (!locked || unlock)),
                Err(error) => assert_eq!(error == "NothingToClaim", !is_owed),
            }
            assert_eq!(result.is_ok(), is_owed && (!locked || unlock));
            result.is_ok()
        });
        self.count("claim", u32::from(claimed));
    }

    /// Pauses the lanes, in which nothing can be sent, and maybe ends the pause in the next block.
    pub fn pause(&mut self, pace: Millis, blocks: u32, resume: bool, wanted: &Wanted) {
        let head = self.own.head();
        let expected = head.ledger.refuses_pause(head.number + 1).map_or(Ok(Pays::Yes), Err);
        let limits = self.own.rules.limits;
        self.block(pace, |open, _| {
            assert_eq!(open.dispatch(Call::Pause { blocks }), expected);
            let expected = wanted.expected::<R>(&limits);
            assert_eq!(open.dispatch(wanted.call()), expected, "{wanted:?}");
        });
        if let Err(error) = expected {
            self.count(&format!("pause: {error}"), 1);
            return;
        }
        self.count("pause", 1);
        if resume {
            let expected = if blocks > 1 { Ok(Pays::Yes) } else { Err("NotPaused") };
            assert_eq!(self.act(pace, Call::Resume), expected);
            self.count("pause ended early", u32::from(expected.is_ok()));
        }
    }

    /// Delivers what was ordered, as far as there is so much. Returns whether it brought anything new.
    pub fn deliver(&mut self, pace: Millis, order: &Order) -> bool {
        let (parcel, result) = self.block(pace, |open, other| {
            let parcel = pack::<S, R>(other, order);
            let before = R::lanes();
            assert_eq!(R::is_stale(&parcel.headers, &parcel.leaves), parcel.is_stale(), "{order:?}");
            let result = open.dispatch(parcel.call());
            assert_eq!(result, parcel.expected(&before), "{order:?}");
            if result.is_ok() {
                let after = R::lanes();
                assert_eq!(after.settled, before.settled + parcel.receipts);
                assert_eq!(after.state.received, before.state.received + parcel.messages);
                let hash = |id: Id| other.blocks[id].hash;
                assert_eq!(R::best_known(), Some(hash(parcel.best)));
                assert_eq!(R::confirmed(), other.confirmed_below(parcel.best).map(hash));
            }
            (parcel, result)
        });
        match result {
            Ok(_) => {
                self.count("call with headers", u32::from(!parcel.headers.is_empty()));
                self.count("message delivered", parcel.messages as u32);
                self.count("receipt delivered", parcel.receipts as u32);
                let by_ancestor = matches!(parcel.at, Some(HeaderProof::Ancestor { .. }));
                self.count("call with an ancestor", u32::from(by_ancestor));
            }
            Err(error) => self.count(&format!("delivery: {error}"), 1),
        }
        result.is_ok()
    }

    /// Delivers until there is nothing that can be.
    pub fn deliver_all(&mut self, order: &Order) {
        while self.deliver(PACE, order) {}
    }

    /// Delivers again what was delivered last.
    pub fn repeat(&mut self, pace: Millis) {
        let Some(call) = self.last_delivery() else { return };
        let result = self.block(pace, |open, _| {
            if let Call::Deliver { headers, leaves, .. } = &call {
                assert!(R::is_stale(headers, leaves));
            }
            open.dispatch(call)
        });
        match result {
            Err("NothingNew") => self.count("repeated delivery refused", 1),
            // The header may have left the window; or another branch of little more work may have a higher peak.
            Err("Paused" | "HeaderUnknown" | "NotConfirmed") => (),
            other => panic!("a repeated delivery gave {other:?}"),
        }
    }

    /// The last delivery on this branch that brought something, if it is not long ago.
    fn last_delivery(&self) -> Option<Call> {
        let mut at = self.own.tip;
        for _ in 0..20 {
            let block = &self.own.blocks[at];
            let delivered = |call: &Call| matches!(call, Call::Deliver { .. });
            if let Some(found) = block.included.iter().find(|one| one.result.is_ok() && delivered(&one.call)) {
                return Some(found.call.clone());
            }
            at = block.parent;
        }
        None
    }

    /// Delivers something with a fault.
    pub fn misdeliver(&mut self, pace: Millis, how: Mischief) {
        let refused = self.block(pace, |open, other| {
            if R::lanes().paused {
                return None;
            }
            let (call, error) = spoil::<S, R>(other, how)?;
            assert_eq!(open.dispatch(call), Err(error), "{how:?}");
            Some(error)
        });
        if let Some(error) = refused {
            self.count("wrong delivery refused", 1);
            self.count(&format!("wrong delivery: {error}"), 1);
        }
    }

    /// Delivers the headers of the branch that the other chain has left last.
    pub fn deliver_orphans(&mut self, pace: Millis) {
        let result = self.block(pace, |open, other| orphaned::<S, R>(other).map(|call| open.dispatch(call)));
        match result {
            Some(Ok(Pays::No)) => self.count("headers of a left branch delivered", 1),
            None | Some(Err("ForkTooLight")) => (),
            other => panic!("headers of a left branch gave {other:?}"),
        }
    }

    /// Mines a branch that leaves so many blocks below the heaviest one and becomes heavier. Calls of the blocks that
    /// it replaces are in it again where `keep` has a bit.
    pub fn reorganise(&mut self, depth: u32, keep: u32, pace: Millis) {
        let old = self.own.tip;
        let fork = self.own.ancestor(old, depth);
        if fork == old {
            return;
        }
        let left = self.own.path(|id| id == fork, old);
        let mut bits = (0..32u32).cycle().map(|bit| (keep >> bit) & 1 == 1);
        let mut blocks: Vec<Vec<Call>> = Vec::new();
        for id in &left {
            let calls = self.own.blocks[*id].included.iter().map(|one| one.call.clone());
            blocks.push(calls.filter(|_| bits.next().unwrap_or_default()).collect());
        }
        self.branch(fork, blocks.into_iter(), |at| at + pace, |own| own.tip != old);
        self.count("reorganisation", 1);
        let received = |id: Id| self.own.blocks[id].ledger.received;
        if received(old) > received(fork) {
            self.count("reorganisation across a delivered message", 1);
        }
        self.own.orphans.push(old);
    }

    /// Mines a branch on any block: these blocks first, then empty ones until it is long enough. `next` gives a block's
    /// time by its parent's. Returns its last block.
    pub fn branch(
        &mut self,
        fork: Id,
        mut blocks: impl Iterator<Item = Vec<Call>>,
        next: impl Fn(Millis) -> Millis,
        is_done: impl Fn(&SimChain<R>) -> bool,
    ) -> Id {
        let mut at = fork;
        let other = self.other;
        loop {
            let calls = blocks.next();
            if calls.is_none() && is_done(self.own) {
                return at;
            }
            let time = next(self.own.blocks[at].time);
            let (id, ()) = self.own.mine(at, time, &other.messages, |open| {
                for call in calls.unwrap_or_default() {
                    // What it depends on may be missing here.
                    let _ = open.dispatch(call);
                }
            });
            *self.clock = time.max(*self.clock);
            at = id;
        }
    }
}
