//! Random steps of both chains: each call against what is expected of it, every invariant after every step, and in the
//! end nothing lost, doubled or left over.

use super::*;
use codec::DecodeAll;
use std::collections::BTreeMap;

const STEPS: u32 = 5_000;

/// How often, at least, each of these must have happened for the run to mean anything.
const LEAST_SEEN: [(&str, u32); 15] = [
    ("sent", 700),
    ("not sent", 300),
    ("leaves taken", 1_400),
    ("headers alone", 120),
    ("nothing new", 400),
    ("paused or frozen", 100),
    ("forged", 150),
    ("reorganised", 150),
    ("paused", 60),
    ("resumed", 1),
    ("resolved", 10),
    ("leaf resolves nothing", 10),
    ("deficit found", 2),
    ("receipts at their bound", 1_500),
    ("outbox at its bound", 1_000),
];

struct World {
    random: u64,
    /// This chain and the counterpart.
    chains: [TestExternalities; 2],
    /// The headers that each has had.
    history: [Vec<Committed>; 2],
    /// Outcomes of the messages that each has sent, as the other one decided them.
    outcomes: [Vec<Outcome>; 2],
    /// Messages of each that are settled.
    settled: [usize; 2],
    seen: BTreeMap<&'static str, u32>,
}

/// What must come of delivering leaves of one header, in order and from the first on: how many are new.
fn expected(committed: &Committed, leaves: &[LeafProof]) -> Result<u64, DispatchError> {
    if !leaves.is_empty() && Lanes::paused_until().is_some() {
        return Err(Error::<Test>::Paused.into());
    }
    if !leaves.is_empty() && InConflict::get() {
        return Err(Error::<Test>::Frozen.into());
    }
    let is_new = |proven: &&LeafProof| match &proven.leaf {
        OutboxLeaf::Message(message) => message.nonce > Received::<Test>::get(),
        OutboxLeaf::Receipt(receipt) => receipt.nonce > Settled::<Test>::get(),
        OutboxLeaf::State(_) => unreachable!(),
    };
    let new = leaves.iter().filter(is_new).count() as u64;
    if new == 0 && Roots::contains_key(committed.hash()) {
        return Err(Error::<Test>::NothingNew.into());
    }
    Ok(new)
}

/// What must come of showing a leaf in a conflict: `None` ends it.
fn expected_deficit(leaf: &OutboxLeaf) -> Result<Option<Balance>, DispatchError> {
    let (received, total) = (Received::<Test>::get(), Totals::get().1);
    match leaf {
        OutboxLeaf::State(_) if received == 0 => Ok(None),
        OutboxLeaf::State(state) if state.sent == received => Ok(None),
        OutboxLeaf::State(state) if state.sent < received => Ok(Some(total - state.sent_total)),
        OutboxLeaf::Message(message) if message.nonce == received => Ok(None),
        _ => Err(Error::<Test>::UnexpectedLeaf.into()),
    }
}

impl World {
    fn new() -> Self {
        let mut chains = [OWN, COUNTERPART].map(new_test_ext);
        let history = [0, 1].map(|side: usize| vec![chains[side].execute_with(Committed::now)]);
        let (outcomes, settled, seen) = (Default::default(), [0; 2], BTreeMap::new());
        Self { random: 1, chains, history, outcomes, settled, seen }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.random = self.random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.random >> 33) as usize % bound
    }

    fn count(&mut self, what: &'static str, times: u64) {
        *self.seen.entry(what).or_default() += times as u32;
    }

    fn latest(&self, side: usize) -> Committed {
        self.history[side].last().unwrap().clone()
    }

    fn send(&mut self, side: usize) {
        let amount = 1 + self.below(40) as Balance;
        let result = self.chains[side].execute_with(|| {
            let expected = if Lanes::paused_until().is_some() {
                Some(Error::<Test>::Paused)
            } else if InConflict::get() {
                Some(Error::<Test>::Frozen)
            } else {
                (Outbox::<Test>::iter().count() as u32 == MAX_OUTBOX).then_some(Error::<Test>::OutboxFull)
            };
            let result = send(amount);
            assert_eq!(result.err(), expected.map(DispatchError::from));
            result
        });
        self.count(if result.is_ok() { "sent" } else { "not sent" }, 1);
    }

    fn deliver(&mut self, to: usize, committed: &Committed, leaves: &[LeafProof]) {
        let result = self.chains[to].execute_with(|| {
            let taken = || Received::<Test>::get() + Settled::<Test>::get();
            let (before, expected) = (taken(), expected(committed, leaves));
            let is_stale = Lanes::is_stale(std::slice::from_ref(&committed.header), leaves);
            let result = deliver(&[committed], Some(committed.at()), leaves).map_err(|error| error.error);
            assert_eq!(result.map(|_| taken() - before), expected);
            assert!(!is_stale || expected.is_err(), "what the pool refuses would fail");
            assert!(is_stale || expected != Err(Error::<Test>::NothingNew.into()), "and nothing else is in vain");
            expected
        });
        match result {
            Ok(0) => self.count("headers alone", 1),
            Ok(new) => self.count("leaves taken", new),
            Err(error) if error == DispatchError::from(Error::<Test>::NothingNew) => self.count("nothing new", 1),
            Err(_) => self.count("paused or frozen", 1),
        }
    }

    /// The latest header with some or all of its leaves.
    fn relay(&mut self, from: usize) {
        let committed = self.latest(from);
        let mut leaves = committed.all();
        if self.below(2) == 0 {
            leaves.truncate(self.below(leaves.len() + 1));
        }
        self.deliver(1 - from, &committed, &leaves);
    }

    /// An older header with all its leaves.
    fn relay_again(&mut self, from: usize) {
        let back = 1 + self.below(self.history[from].len().min(30));
        let committed = self.history[from][self.history[from].len() - back].clone();
        self.deliver(1 - from, &committed, &committed.all());
    }

    /// A leaf of the latest header with one bit flipped.
    fn forge(&mut self, from: usize) {
        let committed = self.latest(from);
        let leaves = committed.all();
        if leaves.is_empty() {
            return;
        }
        let mut bytes = leaves[self.below(leaves.len())].encode();
        let bit = self.below(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        let Ok(forged) = LeafProof::decode_all(&mut &bytes[..]) else { return };
        self.chains[1 - from].execute_with(|| {
            confirm(&committed);
            let before = (Lanes::outbox(), Settled::<Test>::get(), Acknowledged::<Test>::get());
            assert!(take(&committed, &[forged]).is_err());
            assert_eq!(before, (Lanes::outbox(), Settled::<Test>::get(), Acknowledged::<Test>::get()));
        });
        self.count("forged", 1);
    }

    /// The block that takes the latest leaves is reorganised away; the other branch sends something first.
    fn reorganise(&mut self, from: usize) {
        let to = 1 - from;
        let committed = self.latest(from);
        let logs = || (ReceivedLog::get(), SettledLog::get());
        let first = self.chains[to].execute_with(|| {
            reorganised_away(|| {
                let _ = deliver_all(&committed);
                logs()
            })
        });
        self.send(to);
        self.deliver(to, &committed, &committed.all());
        self.chains[to].execute_with(|| assert_eq!(logs(), first));
        self.count("reorganised", first.0.len() as u64);
    }

    fn pause(&mut self, side: usize) {
        let duration = 1 + self.below(MAX_PAUSE as usize) as u64;
        let paused = self.chains[side].execute_with(|| Lanes::pause(RuntimeOrigin::root(), duration).is_ok());
        self.count("paused", paused.into());
    }

    fn resume(&mut self, side: usize) {
        let resumed = self.chains[side].execute_with(|| Lanes::resume(RuntimeOrigin::root()).is_ok());
        self.count("resumed", resumed.into());
    }

    /// Shows the chain in conflict a leaf of any header, or the one that ends it.
    fn resolve(&mut self, side: usize) {
        let headers = self.history[1 - side].len();
        let (mut header, mut index) = (headers - 1, 0);
        if self.below(2) == 0 {
            header = self.below(headers);
            index = self.below(self.history[1 - side][header].leaves.len());
        } else {
            let ends = |leaf: &OutboxLeaf| expected_deficit(leaf) == Ok(None);
            let found = self.chains[side].execute_with(|| {
                (0..headers).rev().find_map(|header| {
                    let leaves = &self.history[1 - side][header].leaves;
                    leaves.iter().position(ends).map(|index| (header, index))
                })
            });
            (header, index) = found.unwrap_or((header, index));
        }
        let committed = self.history[1 - side][header].clone();
        let what = self.chains[side].execute_with(|| {
            confirm(&committed);
            let before = Lanes::deficit();
            let expected = expected_deficit(&committed.leaves[index]);
            let result = Lanes::resolve(relayer(), committed.at(), committed.prove(index));
            match expected {
                Ok(None) => {
                    assert_eq!(result.unwrap().pays_fee, Pays::No);
                    assert!(!InConflict::get() && Lanes::deficit().is_none());
                    "resolved"
                }
                Ok(deficit) if deficit == before => {
                    assert_eq!(result.unwrap_err().error, Error::<Test>::NothingNew.into());
                    "same deficit"
                }
                Ok(deficit) => {
                    let is_free = before.is_none() || deficit < before;
                    assert_eq!(result.unwrap().pays_fee == Pays::No, is_free);
                    assert!(InConflict::get() && Lanes::deficit() == deficit);
                    "deficit found"
                }
                Err(error) => {
                    assert_eq!(result.unwrap_err().error, error);
                    "leaf resolves nothing"
                }
            }
        });
        self.count(what, 1);
    }

    fn step(&mut self) {
        let side = self.below(2);
        let in_conflict = self.chains[side].execute_with(InConflict::get);
        if in_conflict && self.below(4) == 0 {
            return self.resolve(side);
        }
        match self.below(100) {
            0..=39 => self.send(side),
            40..=71 => self.relay(side),
            72..=78 => self.relay_again(side),
            79..=86 => self.forge(side),
            87..=93 => self.reorganise(side),
            94..=96 => self.pause(side),
            97..=98 => self.resume(side),
            _ => self.chains[side].execute_with(|| InConflict::put(true)),
        }
    }

    /// Every chain by itself, and both against each other.
    fn check(&mut self) {
        let mut states = Vec::new();
        for side in 0..2 {
            let (state, received, settled, bounds) = self.chains[side].execute_with(|| {
                assert_ok!(Lanes::check_invariants());
                let settled = Settled::<Test>::get();
                let bounds = (ReceiptLeaves::<Test>::get().is_full(), MessageLeaves::<Test>::get().is_full());
                let state = (Lanes::state(), settled, Acknowledged::<Test>::get(), Committed::now());
                System::reset_events();
                System::set_block_number(System::block_number() + 1);
                (state, ReceivedLog::take(), SettledLog::take(), bounds)
            });
            // Each message is acted on once and in order, and settled once with the outcome that it had.
            for (message, outcome) in received {
                self.outcomes[1 - side].push(outcome);
                assert_eq!(message.nonce, self.outcomes[1 - side].len() as u64);
            }
            for (nonce, outcome) in settled {
                self.settled[side] += 1;
                assert_eq!((nonce, outcome), (self.settled[side] as u64, self.outcomes[side][self.settled[side] - 1]));
            }
            self.count("receipts at their bound", bounds.0.into());
            self.count("outbox at its bound", bounds.1.into());
            if state.3.root() != self.latest(side).root() {
                self.history[side].push(state.3.clone());
            }
            states.push(state);
        }
        for (sender, receiver) in [(&states[0], &states[1]), (&states[1], &states[0])] {
            let order = [receiver.2, sender.1, receiver.0.received, sender.0.sent];
            assert!(order.is_sorted(), "acknowledged ≤ settled ≤ received ≤ sent: {order:?}");
            assert!(receiver.0.received - receiver.2 <= MAX_OUTBOX.into(), "receipts are bounded");
            if receiver.0.received == sender.0.sent {
                assert_eq!(receiver.0.last_received, sender.0.last_sent);
                assert_eq!(receiver.0.received_total, sender.0.sent_total);
            }
        }
    }
}

#[test]
fn receipts_stay_bounded_and_every_invariant_holds_over_random_steps() {
    let mut world = World::new();
    for _ in 0..STEPS {
        world.step();
        world.check();
    }
    println!("{:?}", world.seen);
    for (what, least) in LEAST_SEEN {
        let times = world.seen.get(what).copied().unwrap_or_default();
        assert!(times >= least, "{what}: {times} times, at least {least} expected");
    }

    // Pauses end, conflicts are over: everything arrives.
    for chain in &mut world.chains {
        chain.execute_with(|| {
            InConflict::kill();
            System::set_block_number(System::block_number() + MAX_PAUSE);
        });
    }
    for from in [0, 1, 0, 1] {
        let committed = world.latest(from);
        world.deliver(1 - from, &committed, &committed.all());
        world.check();
    }
    for side in 0..2 {
        let sent = world.latest(side).state();
        let OutboxLeaf::State(state) = sent.leaf else { unreachable!() };
        assert_eq!((world.outcomes[side].len() as u64, world.settled[side] as u64), (state.sent, state.sent));
    }
}
