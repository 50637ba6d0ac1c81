//! Reorganisations of the source that are deeper than the destination's confirmations: blocks that were confirmed are
//! replaced, with what they sent in the new ones again, or not, or something else in its place.
//!
//! The destination must notice, refuse everything both ways, and go on only when it is shown that all that it received
//! is part of the new branch; otherwise it must find the deficit, to the unit. If the old branch becomes the heavier
//! one again, all goes on as if nothing had been.

use crate::{
    acting::{Acting, Wanted, PACE},
    campaign::Campaign,
    chain::{Id, SimChain},
    parcel::{best_known, pack, prove_header, Order},
    runtimes::{Call, ChainRuntime, USERS},
    world::{on, opposite, World, SIDES},
};
use gridpeg_messages::{
    units::{Balance, COIN},
    Nonce, OutboxLeaf, Payload,
};
use pallet_peg::Side;
use polkadot_sdk::frame_support::dispatch::Pays;
use proptest::{collection::vec, prelude::*, sample::select};

const CASES: u32 = 160;
/// Runs a failed case is made smaller in.
const SHRINK: u32 = 200;

/// What of the replaced blocks' transfers the new branch has.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Nothing,
    Same,
    /// The first so many.
    First(usize),
    /// All but this one.
    Without(usize),
    /// Others in their place, of this many units more each.
    Others(u8),
}

impl Fate {
    fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing sent again",
            Self::Same => "the same sent again",
            Self::First(_) => "the first sent again",
            Self::Without(_) => "one left out",
            Self::Others(_) => "others sent",
        }
    }
}

#[derive(Clone, Debug)]
struct Plan {
    source: Side,
    /// Messages of the other lane that are there first, so that there are receipts and acknowledgements.
    opposite: u8,
    /// Transfers before and after these are acknowledged: coins, and blocks without transfers after it.
    early: Vec<(u8, u32)>,
    late: Vec<(u8, u32)>,
    /// Of the late ones, how many the destination takes at most.
    take: Nonce,
    /// How far below the confirmed block the new branch leaves.
    depth: u32,
    fate: Fate,
    /// Transfers that the new branch has besides.
    more: Vec<u8>,
    /// Whether to show a state where a message would do as well, and whether to prove its header as an ancestor.
    by_state: bool,
    by_ancestor: bool,
    /// Whether the old branch becomes the heavier one again, where there is a deficit.
    restore: bool,
}

fn plans() -> impl Strategy<Value = Plan> {
    let fate = prop_oneof![
        2 => Just(Fate::Nothing),
        3 => Just(Fate::Same),
        2 => (1..5usize).prop_map(Fate::First),
        2 => (0..4usize).prop_map(Fate::Without),
        2 => (1..6u8).prop_map(Fate::Others),
    ];
    let transfers = |most: usize| vec((1..12u8, 0..3u32), 0..most);
    let traffic = (select(SIDES.to_vec()), 0..3u8, transfers(4), transfers(6), 0..6u64);
    let branch = (0..60u32, fate, vec(1..12u8, 0..3), any::<bool>(), any::<bool>(), any::<bool>());
    (traffic, branch).prop_map(|((source, opposite, early, late, take), branch)| {
        let (depth, fate, more, by_state, by_ancestor, restore) = branch;
        Plan { source, opposite, early, late, take, depth, fate, more, by_state, by_ancestor, restore }
    })
}

fn transfer(coins: u8) -> Wanted {
    let user = usize::from(coins) % 3;
    Wanted { sender: USERS[user], recipient: USERS[user + 1], amount: Balance::from(coins) * COIN }
}

/// A transfer that no plan has before the fork.
fn another(coins: u8) -> Wanted {
    Wanted { recipient: USERS[5], ..transfer(coins) }
}

/// Puts the new branch's transfers in the place of the old one's. All other calls stay: with other receipts the same
/// transfers would be other messages.
fn rewrite(blocks: Vec<Vec<Call>>, fate: Fate) -> Vec<Vec<Call>> {
    let mut place = 0;
    let mut rewritten = |call: Call| {
        let Call::Transfer { sender, recipient, amount } = call else { return Some(call) };
        place += 1;
        match fate {
            Fate::Nothing => None,
            Fate::Same => Some(call),
            Fate::First(count) => (place <= count).then_some(call),
            Fate::Without(left_out) => (place != left_out + 1).then_some(call),
            Fate::Others(more) => Some(Call::Transfer { sender, recipient, amount: amount + Balance::from(more) }),
        }
    };
    blocks.into_iter().map(|calls| calls.into_iter().filter_map(&mut rewritten).collect()).collect()
}

impl World {
    /// One case. Returns what came of it.
    fn conflict(&mut self, plan: &Plan) -> &'static str {
        let (source, destination) = (plan.source, opposite(plan.source));
        self.send(plan);
        let (old, fork) = on!(self, source, |chain| (chain.own.tip, chain.fork_below_confirmed(plan.depth)));
        let Some(fork) = fork else { return "nothing was confirmed" };
        on!(self, source, |chain| chain.replace(fork, plan));
        // On the source nothing is to be resolved: the destination's chain is what it was.
        on!(self, source, |chain| chain.refuses_to_resolve());
        on!(self, destination, |chain| chain.deliver_all(&Order::HEADERS));
        on!(self, destination, |chain| chain.refuses_everything());
        let received = on!(self, destination, |chain| chain.own.head().ledger.received);
        if on!(self, destination, |chain| chain.resolve(plan)) {
            self.settle();
            return if received == 0 { "resolved, nothing received" } else { "resolved" };
        }
        on!(self, destination, |chain| chain.refuses_everything());
        if !plan.restore {
            return "stays frozen";
        }
        on!(self, source, |chain| {
            chain.branch(old, std::iter::empty(), |time| time + PACE, |own| own.tip_is_above(old));
        });
        on!(self, destination, |chain| chain.deliver_all(&Order::HEADERS));
        self.settle();
        "restored"
    }

    /// Sends what is planned. In the end the destination knows all headers, and has taken what it was to take.
    fn send(&mut self, plan: &Plan) {
        let (source, destination) = (plan.source, opposite(plan.source));
        for coins in 1..=plan.opposite {
            on!(self, destination, |chain| chain.transfer(PACE, &[transfer(coins)]));
        }
        on!(self, source, |chain| chain.send(&plan.early));
        self.round();
        self.round();
        on!(self, source, |chain| chain.send(&plan.late));
        on!(self, source, |chain| chain.empty(PACE, 4));
        on!(self, destination, |chain| {
            chain.deliver_all(&Order::HEADERS);
            chain.deliver(PACE, &Order { messages: plan.take, ..Order::HEADERS });
        });
        self.check();
    }
}

/// On the source.
impl<R: ChainRuntime, S: ChainRuntime> Acting<'_, R, S> {
    fn send(&mut self, transfers: &[(u8, u32)]) {
        for (coins, blocks) in transfers {
            self.transfer(PACE, &[transfer(*coins)]);
            self.empty(PACE, *blocks);
        }
    }

    /// A block below the highest that is confirmed for whoever knows all of this chain.
    fn fork_below_confirmed(&self, depth: u32) -> Option<Id> {
        let confirmed = self.own.confirmed_below(self.own.tip)?;
        let below = self.own.blocks[confirmed].number - 1;
        (below > 0).then(|| self.own.ancestor(confirmed, 1 + depth % below))
    }

    /// Mines the branch that replaces what is above `fork`, until it is the heaviest and all it sends is confirmed.
    fn replace(&mut self, fork: Id, plan: &Plan) {
        let old = self.own.tip;
        let calls = |id: &Id| {
            let succeeded = self.own.blocks[*id].included.iter().filter(|one| one.result.is_ok());
            succeeded.map(|one| one.call.clone()).collect()
        };
        let replaced: Vec<Vec<Call>> = self.own.path(|id| id == fork, old).iter().map(calls).collect();
        let more = plan.more.iter().map(|coins| vec![another(*coins).call()]);
        let blocks: Vec<_> = rewrite(replaced, plan.fate).into_iter().chain(more).collect();
        let last = self.own.blocks[fork].number + blocks.len() as u32;
        // Mined now, not when the old branch was.
        let begin = *self.clock;
        let is_done = |own: &SimChain<R>| {
            let confirmed = own.confirmed_below(own.tip).map_or(0, |id| own.blocks[id].number);
            own.tip != old && confirmed >= last
        };
        self.branch(fork, blocks.into_iter(), |time| time.max(begin) + PACE, is_done);
    }

    fn refuses_to_resolve(&mut self) {
        let result = self.block(PACE, |open, other| {
            let known = best_known::<S, R>(other);
            let at = prove_header(other, known, known, true);
            let proof = other.prove_leaves(other.tip, &[0]).remove(0);
            open.dispatch(Call::Resolve { at, proof })
        });
        assert_eq!(result, Err("NoConflict"));
    }
}

/// On the destination.
impl<R: ChainRuntime, S: ChainRuntime> Acting<'_, R, S> {
    /// Nothing passes: neither what is sent here nor what is delivered, whatever it is.
    fn refuses_everything(&mut self) {
        assert!(self.own.head().lanes.frozen);
        self.transfer(PACE, &[transfer(1)]);
        let result = self.block(PACE, |open, other| {
            let mut parcel = pack::<S, R>(other, &Order::EVERYTHING);
            if parcel.leaves.is_empty() {
                let confirmed = other.confirmed_below(parcel.best).expect("the new branch is long enough");
                parcel.at = Some(prove_header(other, confirmed, confirmed, true));
                parcel.leaves = other.prove_leaves(confirmed, &[0]);
            }
            open.dispatch(parcel.call())
        });
        assert_eq!(result, Err("Frozen"));
    }

    /// Shows what the new branch has sent. Returns whether that resolved the conflict.
    fn resolve(&mut self, plan: &Plan) -> bool {
        let ledger = &self.own.head().ledger;
        let (received, last_received, received_total) = (ledger.received, ledger.last_received, ledger.received_total);
        let shown = Shown::find(self.other, received, plan.by_state);
        // By no pallet's counters: what was received, by the model of this chain; what was sent, by the new blocks.
        let deficit = received_total.saturating_sub(shown.backed);
        let sent = self.other.message(shown.confirmed, received).map(|message| message.hash());
        let agrees = received == 0 || sent == Some(last_received);

        self.refuses_other_leaves(&shown, received);
        assert_eq!(self.show(&shown, plan.by_ancestor), Ok(Pays::No));
        let lanes = self.own.head().lanes;
        assert_eq!((lanes.frozen, lanes.deficit), if agrees { (false, None) } else { (true, Some(deficit)) });
        if agrees {
            return true;
        }
        self.count(if deficit > 0 { "deficit" } else { "other branch without a deficit" }, 1);
        assert_eq!(self.show(&shown, plan.by_ancestor), Err("NothingNew"));

        // The first block of the branch shows less, and who shows it pays; the first proof puts it right again.
        let block = self.other.ancestor(shown.confirmed, u32::MAX);
        let worse = received_total.saturating_sub(self.other.sent_up_to(block, Nonce::MAX));
        if worse > deficit && self.other.blocks[block].ledger.sent <= received {
            assert_eq!(self.show(&Shown { block, place: 0, ..shown }, plan.by_ancestor), Ok(Pays::Yes));
            assert_eq!(self.own.head().lanes.deficit, Some(worse));
            assert_eq!(self.show(&shown, plan.by_ancestor), Ok(Pays::No));
            assert_eq!(self.own.head().lanes.deficit, Some(deficit));
        }
        false
    }

    /// A state with more messages says nothing of those that were received, and a block that is not confirmed nothing
    /// at all.
    fn refuses_other_leaves(&mut self, shown: &Shown, received: Nonce) {
        if received > 0 && self.other.blocks[shown.confirmed].ledger.sent > received {
            let late = Shown { block: shown.confirmed, place: 0, ..*shown };
            assert_eq!(self.show(&late, false), Err("UnexpectedLeaf"));
        }
        let unconfirmed = Shown { block: self.other.tip, place: 0, ..*shown };
        assert_eq!(self.show(&unconfirmed, false), Err("NotConfirmed"));
    }

    fn show(&mut self, shown: &Shown, by_ancestor: bool) -> Result<Pays, &'static str> {
        let Shown { block, place, confirmed, .. } = *shown;
        self.block(PACE, |open, other| {
            let kept = R::knows(&other.blocks[block].hash);
            let at = prove_header(other, block, confirmed, kept && !by_ancestor);
            let proof = other.prove_leaves(block, &[place]).remove(0);
            open.dispatch(Call::Resolve { at, proof })
        })
    }
}

/// A leaf of the new branch that says what it has sent up to the last message received.
#[derive(Clone, Copy, Debug)]
struct Shown {
    /// The confirmed block at the end of the branch.
    confirmed: Id,
    /// The leaf's block, and its place there.
    block: Id,
    place: usize,
    /// The sum of all that the branch has sent up to there.
    backed: Balance,
}

impl Shown {
    /// The latest leaf that says it: a state with as many messages as were received, or all that there are; or the last
    /// received message itself.
    fn find<S: ChainRuntime>(source: &SimChain<S>, received: Nonce, by_state: bool) -> Self {
        let confirmed = source.confirmed_below(source.tip).expect("the new branch is long enough");
        let backed = source.sent_up_to(confirmed, received);
        let there = received.min(source.blocks[confirmed].ledger.sent);
        let mut found: Vec<Self> = Vec::new();
        for block in source.path(|_| false, confirmed).into_iter().rev() {
            for (place, leaf) in source.blocks[block].leaves.iter().enumerate() {
                let tells = match leaf {
                    OutboxLeaf::State(state) => received == 0 || state.sent == there,
                    OutboxLeaf::Message(message) => message.nonce == received,
                    OutboxLeaf::Receipt(_) => false,
                };
                if tells {
                    found.push(Self { confirmed, block, place, backed });
                }
            }
        }
        // The state is always the first leaf.
        let wanted = found.iter().find(|shown| (shown.place == 0) == by_state);
        *wanted.or(found.first()).expect("some block tells")
    }
}

impl<R: ChainRuntime> SimChain<R> {
    /// The sum of the amounts of all messages up to this nonce, on the branch of a block.
    fn sent_up_to(&self, id: Id, nonce: Nonce) -> Balance {
        let blocks = self.path(|_| false, id).into_iter().map(|id| &self.blocks[id]);
        let messages = blocks.flat_map(|block| &block.sent).filter(|message| message.nonce <= nonce);
        let amounts = messages.map(|message| {
            let Payload::Transfer(transfer) = &message.payload;
            transfer.amount
        });
        amounts.sum()
    }

    /// Whether the heaviest block is above this one.
    fn tip_is_above(&self, id: Id) -> bool {
        let blocks = self.head().number.saturating_sub(self.blocks[id].number);
        blocks > 0 && self.ancestor(self.tip, blocks) == id
    }
}

/// What a run has to have done, at least, on both chains together.
const LEAST: [(&str, u32); 10] = [
    ("conflict", 100),
    ("conflict over", 50),
    ("resolved", 20),
    ("deficit", 20),
    ("restored", 10),
    ("nothing sent again", 10),
    ("the same sent again", 10),
    ("the first sent again", 10),
    ("one left out", 10),
    ("others sent", 10),
];

#[test]
fn a_deep_reorganisation_freezes_the_peg_until_nothing_received_is_missing() {
    let campaign = Campaign { name: "bridge, conflicts", cases: CASES, shrink: SHRINK, least: &LEAST };
    campaign.run(plans(), |world, plan| {
        let outcome = world.conflict(plan);
        world.counts.add(outcome, 1);
        world.counts.add(plan.fate.name(), 1);
    });
}
