//! Property tests of the import against a model: random trees of forged blocks, delivered in random order, with
//! duplicates, blocks before their parents and blocks that break a rule. After every delivery the best block is the
//! heaviest valid one and never leaves the finalized block. Of equals it is the first seen, unless another one came
//! shortly after and has the larger gain: without price pairs none has any.

use crate::claims::{chain, PAIRS};
use gridpeg_copula::{best_claim, Claim};
use gridpeg_forge::{decode, Forge};
use gridpeg_header::{PowParameters, U256};
use gridpeg_node::{
    client::{Block, Hash},
    import::fork_choice::tie_window,
};
use gridpeg_tests::report;
use polkadot_sdk::{sc_consensus::ImportResult, sp_blockchain::HeaderBackend, sp_runtime::DigestItem};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    ops::Range,
    time::{Duration, Instant},
};

const CASES: u32 = 120;
/// Cases with price pairs.
const CASES_WITH_GAINS: u32 = 60;
const K: u32 = 4;
/// Solve times that a block may have: early ones make their children heavier.
const SOLVE_TIMES: [u64; 4] = [700, 3_000, 3_000, 9_000];

/// A block of the tree: how far back its parent is in the list, its solve time, and whether it claims the best copula.
type Planned = (usize, usize, bool);

/// A delivery: which block, and the fault to give it, if any.
type Delivery = (prop::sample::Index, Option<Fault>);

#[derive(Clone, Copy, Debug)]
enum Fault {
    TrailingSeal,
    NoWork,
    StateRoot,
}

fn faults() -> impl Strategy<Value = Option<Fault>> {
    prop_oneof![
        8 => Just(None),
        1 => prop_oneof![Just(Fault::TrailingSeal), Just(Fault::NoWork), Just(Fault::StateRoot)].prop_map(Some),
    ]
}

fn cases(solve_times: Range<usize>) -> impl Strategy<Value = (Vec<Planned>, Vec<Delivery>)> {
    let tree = vec((0..6usize, solve_times, prop::bool::weighted(0.25)), 8..34);
    let deliveries = vec((any::<prop::sample::Index>(), faults()), 8..64);
    (tree, deliveries)
}

/// What happened, over all cases.
type Histogram = BTreeMap<&'static str, u32>;

fn shallow(parameters: &mut PowParameters) {
    parameters.finality_depth = K;
    parameters.confirmations = K;
}

#[test]
fn the_heaviest_valid_branch_is_always_best() {
    // No price pairs, no gains: of equals the first one stays.
    let forge = Forge::new(&electricity_node::NETWORK, shallow);
    let histogram = run("random trees", &forge, CASES, 0..SOLVE_TIMES.len());
    happened(&histogram, &[("reorganised", 200), ("extended", 300), ("beside", 100), ("tie kept the first", 20)]);
    happened(&histogram, &[("before its parent", 100), ("again", 100), ("invalid", 50), ("below finality", 5)]);
    assert_eq!(histogram.get("tie won by gain"), None);
}

#[test]
fn of_equals_that_come_together_the_larger_gain_is_best() {
    // All on schedule, so that branches of equal length have equal work.
    let histogram = run("random trees with gains", &chain(PAIRS, shallow), CASES_WITH_GAINS, 1..3);
    happened(&histogram, &[("reorganised", 20), ("tie kept the first", 20), ("tie won by gain", 5)]);
}

fn happened(histogram: &Histogram, outcomes: &[(&str, u32)]) {
    for (outcome, least) in outcomes {
        let count = histogram.get(*outcome).copied().unwrap_or(0);
        assert!(count >= *least, "only {count} times: {outcome}");
    }
}

/// Nodes of this forge's chain against the model.
fn run(what: &str, forge: &Forge, count: u32, solve_times: Range<usize>) -> Histogram {
    let window = forge.window(forge.genesis());
    let best = window.state.least.map(|_| best_claim(&window.state.pairs).0);
    let histogram = RefCell::new(Histogram::new());
    let serial = RefCell::new(0u32);
    let mut runner = TestRunner::new(Config { cases: count, failure_persistence: None, ..Config::default() });
    let result = runner.run(&cases(solve_times), |(tree, deliveries)| {
        // A forge of its own for each tree: the client takes 32 blocks of a height.
        let blocks = mine(&forge.sibling(), &tree, best, &serial);
        let mut node = Checked { node: forge.sibling(), model: Model::new(forge) };
        let histogram = &mut histogram.borrow_mut();
        for (index, fault) in deliveries {
            node.deliver(index.get(&blocks), fault, histogram);
        }
        // In the end everything arrives, parents first.
        for block in &blocks {
            node.deliver(block, None, histogram);
        }
        Ok(())
    });
    let histogram = histogram.into_inner();
    report(&format!("import of {what}: {histogram:?}"));
    if let Err(error) = result {
        panic!("{error}");
    }
    histogram
}

/// Mines a tree on genesis. Parents come before their children. Blocks carry the best claim known, or this one.
fn mine(forge: &Forge, tree: &[Planned], best: Option<Claim>, serial: &RefCell<u32>) -> Vec<Block> {
    let mut hashes = vec![forge.genesis()];
    for (back, solve, eager) in tree {
        *serial.borrow_mut() += 1;
        let mut author = [0; 32];
        author[..4].copy_from_slice(&serial.borrow().to_le_bytes());
        let parent = hashes[hashes.len().saturating_sub(1 + back)];
        let time = forge.time_after(parent, SOLVE_TIMES[*solve]);
        hashes.push(forge.import(match best {
            Some(claim) if *eager => forge.draft_claiming(parent, time, author, Some(claim)),
            _ => forge.draft(parent, time, author, Vec::new()),
        }));
    }
    hashes.into_iter().skip(1).map(|hash| forge.block(hash)).collect()
}

#[derive(Clone, Copy)]
struct Known {
    number: u32,
    parent: Hash,
    work: U256,
    gain: u32,
    /// Between these its check began.
    arrived: (Instant, Instant),
}

/// What the node should think.
struct Model {
    known: HashMap<Hash, Known>,
    best: Hash,
    finalized: Hash,
    window: Duration,
}

#[derive(Debug, PartialEq)]
enum Outcome {
    Imported,
    Again,
    BeforeItsParent,
    BelowFinality,
}

impl Model {
    fn new(forge: &Forge) -> Self {
        let (genesis, now) = (forge.genesis(), Instant::now());
        let origin = Known { number: 0, parent: genesis, work: U256::zero(), gain: 0, arrived: (now, now) };
        let known = HashMap::from([(genesis, origin)]);
        Self { known, best: genesis, finalized: genesis, window: tie_window(forge.parameters()) }
    }

    fn ancestor(&self, mut hash: Hash, number: u32) -> Hash {
        while self.known[&hash].number > number {
            hash = self.known[&hash].parent;
        }
        hash
    }

    /// What becomes of a block that came between these times. `chosen` is the node's best block after it.
    fn deliver(
        &mut self,
        block: &Block,
        arrived: (Instant, Instant),
        chosen: Hash,
        histogram: &mut Histogram,
    ) -> Outcome {
        let (header, joint) = (&block.header, decode(block).joint);
        let hash = header.hash();
        if self.known.contains_key(&hash) {
            return Outcome::Again;
        }
        let Some(parent) = self.known.get(&header.parent_hash) else {
            return Outcome::BeforeItsParent;
        };
        // A branch that does not contain the finalized block leaves the chain below it.
        let finalized = self.known[&self.finalized].number;
        if parent.number < finalized || self.ancestor(header.parent_hash, finalized) != self.finalized {
            return Outcome::BelowFinality;
        }
        let (number, parent) = (header.number, header.parent_hash);
        let new = Known { number, parent, work: joint.work, gain: joint.gain(), arrived };
        self.known.insert(hash, new);
        let best = self.known[&self.best];
        let place = match new.work.cmp(&best.work) {
            std::cmp::Ordering::Greater if parent == self.best => "extended",
            std::cmp::Ordering::Greater => "reorganised",
            std::cmp::Ordering::Equal if self.wins_by_gain(&new, &best, chosen == hash) => "tie won by gain",
            std::cmp::Ordering::Equal => "tie kept the first",
            std::cmp::Ordering::Less => "beside",
        };
        count(histogram, place);
        if ["extended", "reorganised", "tie won by gain"].contains(&place) {
            self.best = hash;
            self.finalized = self.ancestor(hash, number.saturating_sub(K).max(finalized));
        }
        Outcome::Imported
    }

    /// Whether of equal work the new one takes the best one's place. Where the clock leaves it open, the node is right.
    fn wins_by_gain(&self, new: &Known, best: &Known, node_says: bool) -> bool {
        let soonest = new.arrived.0.saturating_duration_since(best.arrived.1);
        let latest = new.arrived.1.saturating_duration_since(best.arrived.0);
        new.gain > best.gain && (latest <= self.window || soonest <= self.window && node_says)
    }
}

fn count(histogram: &mut Histogram, outcome: &'static str) {
    *histogram.entry(outcome).or_default() += 1;
}

struct Checked {
    node: Forge,
    model: Model,
}

impl Checked {
    fn deliver(&mut self, block: &Block, fault: Option<Fault>, histogram: &mut Histogram) {
        match fault {
            Some(fault) => self.deliver_faulty(block, fault, histogram),
            None => self.deliver_valid(block, histogram),
        }
        self.node.finalize();
        let info = self.node.client().info();
        assert_eq!(info.best_hash, self.model.best, "best block");
        assert_eq!(info.finalized_hash, self.model.finalized, "finalized block");
    }

    fn deliver_valid(&mut self, block: &Block, histogram: &mut Histogram) {
        let begin = Instant::now();
        let received = self.node.receive(block);
        let expected = self.model.deliver(block, (begin, Instant::now()), self.node.best(), histogram);
        let (found, name) = match received {
            Ok(ImportResult::Imported(_)) => (Outcome::Imported, None),
            Ok(ImportResult::AlreadyInChain) => (Outcome::Again, Some("again")),
            Ok(ImportResult::UnknownParent) => (Outcome::BeforeItsParent, Some("before its parent")),
            // The state of a branch that finality excluded is pruned.
            Ok(ImportResult::MissingState) => (Outcome::BelowFinality, Some("below finality")),
            Err(error) if error.reason() == "below-finalized" => (Outcome::BelowFinality, Some("below finality")),
            other => panic!("{other:?} instead of {expected:?}"),
        };
        assert_eq!(found, expected);
        if let Some(name) = name {
            count(histogram, name);
        }
    }

    fn deliver_faulty(&mut self, block: &Block, fault: Fault, histogram: &mut Histogram) {
        let mut block = block.clone();
        let seal = block.header.digest.logs.last_mut();
        match (fault, seal) {
            (Fault::TrailingSeal, Some(DigestItem::Seal(_, bytes))) => bytes.push(0),
            // Never enough at sixteen hashes a block and more, but for one in sixteen; those are left out.
            (Fault::NoWork, Some(DigestItem::Seal(_, bytes))) => bytes.iter_mut().for_each(|byte| *byte ^= 0xff),
            (Fault::StateRoot, _) => block.header.state_root = Hash::repeat_byte(9),
            (_, other) => panic!("no seal: {other:?}"),
        }
        let header = gridpeg_header::JointHeader::from_header(&block.header);
        let works = header
            .is_ok_and(|header| gridpeg_header::work::meets(&header.work_hash(), header.joint.effective_target()));
        if works {
            return;
        }
        match self.node.receive(&block) {
            Err(error) => assert!(
                ["malformed-header", "work-above-target"].contains(&error.reason()),
                "{}: {error}",
                error.reason()
            ),
            Ok(result) => assert!(
                matches!(result, ImportResult::UnknownParent | ImportResult::MissingState),
                "a faulty block gave {result:?}"
            ),
        }
        count(histogram, "invalid");
    }
}
