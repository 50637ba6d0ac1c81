//! One chain: its tree of blocks, each really executed and mined, and the proofs that its headers allow.

use crate::{
    ledger::{Happened, Ledger, Rules},
    runtimes::{Call, ChainRuntime, Event, Lanes, USERS},
    store::{Changes, Store},
};
use codec::Encode;
use gridpeg_header::{
    ancestry::{Node, Range},
    digest::{pre_runtime_item, UnsealedDigest},
    forge::{easy_parameters, seal},
    target::work_of,
    Header, Millis, PreDigest, SubtreeId, H256, U256,
};
use gridpeg_messages::{
    message::Account, units::Balance, Domain, HeaderProof, LeafProof, Message, Nonce, OutboxLeaf, Outcome,
};
use pallet_light_client::Anchor;
use pallet_peg::{types::Books, Limits, Owed, Side};
use polkadot_sdk::{frame_support::dispatch::Pays, sp_core::storage::StateVersion, sp_io, sp_runtime::Digest};
use std::{
    collections::{BTreeMap, HashMap},
    marker::PhantomData,
    rc::Rc,
};

/// A block of a chain, by its place in [`SimChain::blocks`].
pub type Id = usize;
/// Messages by their hashes.
pub type Messages = HashMap<H256, Message>;

/// One block forgets this part of the recent peak of work.
const PEAK_DECAY: u32 = 256;

/// A call in a block, and what came of it.
#[derive(Clone, Debug)]
pub struct Included {
    pub call: Call,
    pub result: Result<Pays, &'static str>,
}

/// What the state says at the end of a block.
pub struct Facts {
    pub invariants: Result<(), String>,
    pub books: Books,
    pub lanes: Lanes,
    pub leaves: Vec<OutboxLeaf>,
    pub events: Vec<Event>,
    pub balances: BTreeMap<Account, Balance>,
    pub owed: BTreeMap<Account, Owed>,
    pub issuance: Balance,
    pub sum_of_balances: Balance,
}

impl Facts {
    fn read<R: ChainRuntime>() -> Self {
        // On the issuance side the escrow account is one like any other; on the escrow side it is in the books.
        let escrow = (R::SIDE == Side::Issuance).then(R::escrow);
        Self {
            invariants: R::check_invariants(),
            books: R::books(),
            lanes: R::lanes(),
            leaves: R::leaves(),
            events: R::events(),
            balances: USERS.into_iter().chain(escrow).map(|account| (account, R::balance(&account))).collect(),
            owed: R::owed(),
            issuance: R::issuance(),
            sum_of_balances: R::sum_of_balances(),
        }
    }
}

/// A block.
pub struct Block {
    pub hash: H256,
    pub number: u32,
    pub parent: Id,
    pub time: Millis,
    /// The sealed header, SCALE-encoded.
    pub header: Vec<u8>,
    /// Base work of this block; of all blocks up to it; the recent peak as a light client has it.
    pub own_work: U256,
    pub work: U256,
    pub peak: U256,
    pub included: Vec<Included>,
    pub events: Vec<Event>,
    /// Messages that it sent.
    pub sent: Vec<Message>,
    pub leaves: Rc<Vec<OutboxLeaf>>,
    pub books: Books,
    pub lanes: Lanes,
    pub ledger: Ledger,
    /// `None` for genesis.
    changes: Option<Changes>,
}

/// The block that is being executed.
pub struct Open<R> {
    included: Vec<Included>,
    runtime: PhantomData<R>,
}

impl<R: ChainRuntime> Open<R> {
    /// Dispatches a call. If it fails, the state must be what it was.
    pub fn dispatch(&mut self, call: Call) -> Result<Pays, &'static str> {
        let before = sp_io::storage::root(StateVersion::V1);
        let result = R::dispatch(call.clone());
        if result.is_err() {
            let after = sp_io::storage::root(StateVersion::V1);
            assert_eq!(before, after, "a call that fails changes nothing: {call:?}");
        }
        self.included.push(Included { call, result });
        result
    }
}

/// A chain.
pub struct SimChain<R> {
    pub rules: Rules,
    /// All blocks of all branches, genesis first, parents before their children.
    pub blocks: Vec<Block>,
    /// The heaviest block, the first of equals.
    pub tip: Id,
    /// Tips that a reorganisation has left.
    pub orphans: Vec<Id>,
    /// All messages ever sent, on any branch.
    pub messages: Messages,
    /// How often a message was received that an abandoned block had received already.
    pub received_again: u32,
    /// What became of each message of the other chain, on any branch.
    outcomes: HashMap<H256, Outcome>,
    ids: HashMap<H256, Id>,
    store: Store,
    /// The block whose state the store has.
    at: Id,
    /// Tells blocks apart that are otherwise the same.
    salt: u64,
    runtime: PhantomData<R>,
}

impl<R: ChainRuntime> SimChain<R> {
    /// A chain that has only its genesis.
    pub fn new(anchor: Option<Anchor>, limits: Limits) -> Self {
        let mut store = Store::new(R::genesis(anchor, limits));
        let facts = store.run(Facts::read::<R>);
        store.discard();
        let state_root = H256::from_slice(&store.root());
        let zero = H256::zero();
        let header =
            Header { parent_hash: zero, number: 0, state_root, extrinsics_root: zero, digest: Digest::default() };
        let hash = header.hash();
        let genesis = Block {
            hash,
            number: 0,
            parent: 0,
            time: 0,
            header: header.encode(),
            own_work: U256::zero(),
            work: U256::zero(),
            peak: U256::zero(),
            included: Vec::new(),
            events: Vec::new(),
            sent: Vec::new(),
            leaves: Rc::new(Vec::new()),
            books: facts.books,
            lanes: facts.lanes,
            ledger: Ledger::of(facts.balances),
            changes: None,
        };
        let rules = Rules {
            side: R::SIDE,
            genesis: hash,
            counterpart: anchor.map_or(zero, |anchor| anchor.genesis),
            escrow: R::escrow(),
            limits,
            coins: facts.books.genesis,
        };
        Self {
            rules,
            blocks: vec![genesis],
            tip: 0,
            orphans: Vec::new(),
            messages: Messages::new(),
            received_again: 0,
            outcomes: HashMap::new(),
            ids: HashMap::from([(hash, 0)]),
            store,
            at: 0,
            salt: 0,
            runtime: PhantomData,
        }
    }

    /// What the counterpart is anchored by.
    pub fn anchor(&self) -> Anchor {
        Anchor { genesis: self.rules.genesis, parameters: easy_parameters() }
    }

    /// The heaviest block.
    pub fn head(&self) -> &Block {
        &self.blocks[self.tip]
    }

    /// The block with this hash.
    pub fn id(&self, hash: &H256) -> Id {
        self.ids[hash]
    }

    /// Executes, mines and keeps a block on any other. `body` dispatches its calls. `theirs` are the other chain's
    /// messages.
    pub fn mine<T>(
        &mut self,
        parent: Id,
        time: Millis,
        theirs: &Messages,
        body: impl FnOnce(&mut Open<R>) -> T,
    ) -> (Id, T) {
        self.go_to(parent);
        self.salt += 1;
        let mut author = [0; 32];
        author[..8].copy_from_slice(&self.salt.to_le_bytes());
        let header = Header {
            parent_hash: self.blocks[parent].hash,
            number: self.blocks[parent].number + 1,
            state_root: H256::zero(),
            extrinsics_root: H256::zero(),
            digest: Digest { logs: vec![pre_runtime_item(&PreDigest { author, claim: None })] },
        };
        let mut open = Open { included: Vec::new(), runtime: PhantomData };
        let (done, header, facts) = self.store.run(|| {
            R::initialize(&header);
            R::set_time(time);
            let done = body(&mut open);
            let header = R::finalize();
            (done, header, Facts::read::<R>())
        });
        let changes = self.store.commit_block();
        let id = self.keep(parent, header, time, changes, open.included, facts, theirs);
        (id, done)
    }

    /// Seals a block, checks all that must hold of it, and keeps it.
    #[allow(clippy::too_many_arguments)]
    fn keep(
        &mut self,
        parent: Id,
        header: Header,
        time: Millis,
        changes: Changes,
        included: Vec<Included>,
        facts: Facts,
        theirs: &Messages,
    ) -> Id {
        let above = &self.blocks[parent];
        let number = header.number;
        assert_eq!(facts.invariants, Ok(()), "{} #{number}", R::NAME);
        let joint = UnsealedDigest::from_header(&header).expect("the runtime writes the digest").joint;
        let own_work = work_of(joint.target);
        assert_eq!((joint.time, joint.work), (time, above.work + own_work));
        let hashes = self.leaf_hashes(&facts.leaves);
        assert_eq!(joint.subtree(SubtreeId::CrossChain), Some(self.domain().root(&hashes)));
        let digest = header.digest.logs.clone();
        let sealed = seal(header, digest, joint.effective_target());
        let hash = sealed.hash();

        let sent = newly_sent(&facts);
        self.messages.extend(sent.iter().map(|message| (message.hash(), message.clone())));
        let mut ledger = above.ledger.clone();
        let (events, ours) = (&facts.events[..], &self.messages);
        ledger.follow(&self.rules, &Happened { number, included: &included, events, sent: &sent, ours, theirs });
        ledger.check(&self.rules, number, &facts);
        ledger.frozen = facts.lanes.frozen;
        assert_eq!(facts.sum_of_balances, facts.issuance, "nobody has coins that were not issued");
        if R::SIDE == Side::Escrow {
            assert_eq!(facts.issuance, self.blocks[0].ledger.balances.values().sum::<Balance>() + self.rules.coins);
        }
        for event in &facts.events {
            if let Event::Received { hash, outcome, .. } = event {
                if let Some(before) = self.outcomes.insert(*hash, *outcome) {
                    assert_eq!(before, *outcome, "the outcome does not depend on the branch");
                    self.received_again += 1;
                }
            }
        }

        let leaves = if *above.leaves == facts.leaves { above.leaves.clone() } else { Rc::new(facts.leaves) };
        let id = self.blocks.len();
        let block = Block {
            hash,
            number,
            parent,
            time,
            header: sealed.encode(),
            own_work,
            work: joint.work,
            peak: own_work.max(above.peak - above.peak / U256::from(PEAK_DECAY)),
            included,
            events: facts.events,
            sent,
            leaves,
            books: facts.books,
            lanes: facts.lanes,
            ledger,
            changes: Some(changes),
        };
        if block.work > self.head().work {
            self.tip = id;
        }
        self.blocks.push(block);
        self.ids.insert(hash, id);
        self.at = id;
        id
    }

    /// Makes the state of a block the present one.
    fn go_to(&mut self, target: Id) {
        let mut ahead = Vec::new();
        let mut to = target;
        while self.at != to {
            if self.blocks[to].number > self.blocks[self.at].number {
                ahead.push(to);
                to = self.blocks[to].parent;
            } else {
                let block = &self.blocks[self.at];
                self.store.undo(block.changes.as_ref().expect("above genesis"));
                self.at = block.parent;
            }
        }
        for id in ahead.into_iter().rev() {
            self.store.redo(self.blocks[id].changes.as_ref().expect("above genesis"));
        }
        self.at = target;
    }

    /// The ancestor so many blocks below, not below block 1.
    pub fn ancestor(&self, mut id: Id, blocks: u32) -> Id {
        for _ in 0..blocks {
            if self.blocks[id].number <= 1 {
                break;
            }
            id = self.blocks[id].parent;
        }
        id
    }

    /// The blocks from above the first ancestor of which `stop` holds up to this one, oldest first.
    pub fn path(&self, stop: impl Fn(Id) -> bool, tip: Id) -> Vec<Id> {
        let mut path = Vec::new();
        let mut at = tip;
        while !stop(at) && at != 0 {
            path.push(at);
            at = self.blocks[at].parent;
        }
        path.reverse();
        path
    }

    /// The highest ancestor that is confirmed for whoever knows this block as the heaviest: it has work above it of k
    /// times the recent peak. Never genesis.
    pub fn confirmed_below(&self, best: Id) -> Option<Id> {
        let needed = self.blocks[best].peak * U256::from(easy_parameters().confirmations);
        let mut at = best;
        while at != 0 && self.blocks[best].work - self.blocks[at].work < needed {
            at = self.blocks[at].parent;
        }
        (at != 0).then_some(at)
    }

    /// The message of the lane with this nonce, on the branch of a block.
    pub fn message(&self, mut id: Id, nonce: Nonce) -> Option<&Message> {
        while id != 0 {
            let block = &self.blocks[id];
            if let Some(message) = block.sent.iter().find(|message| message.nonce == nonce) {
                return Some(message);
            }
            id = block.parent;
        }
        None
    }

    /// Proves leaves of a block, by their places.
    pub fn prove_leaves(&self, id: Id, places: &[usize]) -> Vec<LeafProof> {
        let leaves = &self.blocks[id].leaves;
        let hashes = self.leaf_hashes(leaves);
        let prove = |place: &usize| LeafProof {
            leaf: leaves[*place].clone(),
            proof: self.domain().prove(&hashes, *place as u32).expect("the leaf is there"),
        };
        places.iter().map(prove).collect()
    }

    /// Proves that a block is an ancestor of another.
    pub fn prove_ancestor(&self, id: Id, of: Id) -> HeaderProof {
        let mut range = Range::default();
        for before in [0].into_iter().chain(self.path(|_| false, self.blocks[of].parent)) {
            let block = &self.blocks[before];
            range.push(Node::leaf(&block.hash, block.own_work)).expect("the range takes blocks in order");
        }
        let block = &self.blocks[id];
        HeaderProof::Ancestor {
            header: block.header.clone().try_into().expect("headers are short"),
            of: self.blocks[of].hash,
            proof: range.prove(block.number).expect("the block is in the range"),
        }
    }

    fn domain(&self) -> Domain {
        Domain { tree: SubtreeId::CrossChain, chain: self.rules.genesis }
    }

    fn leaf_hashes(&self, leaves: &[OutboxLeaf]) -> Vec<H256> {
        let domain = self.domain();
        leaves.iter().map(|leaf| domain.leaf(&leaf.encode())).collect()
    }
}

/// The messages that a block sent: the last leaves, as many as its events tell of.
fn newly_sent(facts: &Facts) -> Vec<Message> {
    let told = facts.events.iter().filter_map(|event| match event {
        Event::Sent { hash } => Some(*hash),
        _ => None,
    });
    let told: Vec<_> = told.collect();
    let newest = facts.leaves.iter().skip(facts.leaves.len() - told.len()).filter_map(|leaf| match leaf {
        OutboxLeaf::Message(message) => Some(message.clone()),
        _ => None,
    });
    let newest: Vec<_> = newest.collect();
    assert_eq!(newest.iter().map(Message::hash).collect::<Vec<_>>(), told);
    newest
}
