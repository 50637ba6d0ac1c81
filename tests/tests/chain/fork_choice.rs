//! Property test of the import against a model: random trees of forged blocks, delivered in random order, with
//! duplicates, blocks before their parents and blocks that break a rule. After every delivery the best block is the
//! heaviest valid one, the first seen of equals, and never leaves the finalized block.

use gridpeg_forge::{decode, Forge};
use gridpeg_header::{Header, U256};
use gridpeg_node::client::{Block, Hash};
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
};

const CASES: u32 = 120;
const K: u32 = 4;
/// Solve times that a block may have: early ones make their children heavier.
const SOLVE_TIMES: [u64; 4] = [700, 3_000, 3_000, 9_000];

/// A block of the tree: how far back its parent is in the list, and its solve time.
type Planned = (usize, usize);

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

fn cases() -> impl Strategy<Value = (Vec<Planned>, Vec<Delivery>)> {
    let tree = vec((0..6usize, 0..SOLVE_TIMES.len()), 8..34);
    let deliveries = vec((any::<prop::sample::Index>(), faults()), 8..64);
    (tree, deliveries)
}

/// What happened, over all cases.
type Histogram = BTreeMap<&'static str, u32>;

#[test]
fn the_heaviest_valid_branch_is_always_best() {
    let forge = Forge::new(&electricity_node::NETWORK, |parameters| {
        parameters.finality_depth = K;
        parameters.confirmations = K;
    });
    let histogram = RefCell::new(Histogram::new());
    let serial = RefCell::new(0u32);
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let result = runner.run(&cases(), |(tree, deliveries)| {
        // A forge of its own for each tree: the client takes 32 blocks of a height.
        let blocks = mine(&forge.sibling(), &tree, &serial);
        let mut node = Checked { node: forge.sibling(), model: Model::new(&forge) };
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
    report(&format!("import of random trees: {histogram:?}"));
    if let Err(error) = result {
        panic!("{error}");
    }
    for (outcome, least) in [("reorganised", 200), ("extended", 300), ("beside", 100), ("tie kept the first", 20)]
        .into_iter()
        .chain([("before its parent", 100), ("again", 100), ("invalid", 50), ("below finality", 5)])
    {
        let count = histogram.get(outcome).copied().unwrap_or(0);
        assert!(count >= least, "only {count} times: {outcome}");
    }
}

/// Mines a tree on genesis. Parents come before their children.
fn mine(forge: &Forge, tree: &[Planned], serial: &RefCell<u32>) -> Vec<Block> {
    let mut hashes = vec![forge.genesis()];
    for (back, solve) in tree {
        *serial.borrow_mut() += 1;
        let mut author = [0; 32];
        author[..4].copy_from_slice(&serial.borrow().to_le_bytes());
        let parent = hashes[hashes.len().saturating_sub(1 + back)];
        hashes.push(forge.extend(parent, SOLVE_TIMES[*solve], author));
    }
    hashes.into_iter().skip(1).map(|hash| forge.block(hash)).collect()
}

#[derive(Clone, Copy)]
struct Known {
    number: u32,
    parent: Hash,
    work: U256,
}

/// What the node should think.
struct Model {
    known: HashMap<Hash, Known>,
    best: Hash,
    finalized: Hash,
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
        let genesis = forge.genesis();
        let known = HashMap::from([(genesis, Known { number: 0, parent: genesis, work: U256::zero() })]);
        Self { known, best: genesis, finalized: genesis }
    }

    fn ancestor(&self, mut hash: Hash, number: u32) -> Hash {
        while self.known[&hash].number > number {
            hash = self.known[&hash].parent;
        }
        hash
    }

    fn deliver(&mut self, header: &Header, work: U256, histogram: &mut Histogram) -> Outcome {
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
        self.known.insert(hash, Known { number: header.number, parent: header.parent_hash, work });
        let best = self.known[&self.best].work;
        let place = match work.cmp(&best) {
            std::cmp::Ordering::Greater if header.parent_hash == self.best => "extended",
            std::cmp::Ordering::Greater => "reorganised",
            std::cmp::Ordering::Equal => "tie kept the first",
            std::cmp::Ordering::Less => "beside",
        };
        count(histogram, place);
        if work > best {
            self.best = hash;
            let number = header.number.saturating_sub(K).max(finalized);
            self.finalized = self.ancestor(hash, number);
        }
        Outcome::Imported
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
        let work = decode(block).joint.work;
        let expected = self.model.deliver(&block.header, work, histogram);
        let (found, name) = match self.node.receive(block) {
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
