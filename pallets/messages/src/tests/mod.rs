mod conflict;
mod direction;
mod inbox;
mod invariants;
mod limits;
mod outbox;
mod pause;
mod proofs;
mod random;
mod receipts;
mod replay;

use crate::{mock::*, *};
use gridpeg_messages::{Refusal, Transfer};
use polkadot_sdk::{
    frame_support::{
        assert_noop, assert_ok,
        dispatch::DispatchResultWithPostInfo,
        storage::{with_transaction, TransactionOutcome},
    },
    sp_io::TestExternalities,
};

const REFUSED: Outcome = Outcome::Refused(Refusal::Amount);

fn relayer() -> RuntimeOrigin {
    RuntimeOrigin::signed(1)
}

fn transfer(amount: Balance, total: Balance) -> Payload {
    Payload::Transfer(Transfer { sender: [1; 32], recipient: [2; 32], amount, total })
}

/// Sends as the peg does.
fn send(amount: Balance) -> Result<Nonce, DispatchError> {
    let (sent, received) = Totals::get();
    let nonce = Lanes::send(transfer(amount, sent + amount))?;
    Totals::put((sent + amount, received));
    Ok(nonce)
}

fn send_all(amounts: &[Balance]) {
    for amount in amounts {
        assert_ok!(send(*amount));
    }
}

/// A header and the leaves that it commits, as a node keeps them.
#[derive(Clone)]
struct Committed {
    header: HeaderBytes,
    leaves: Vec<OutboxLeaf>,
    hashes: Vec<H256>,
    domain: Domain,
}

impl Committed {
    /// The header of the block that is being executed.
    fn now() -> Self {
        let own = System::block_hash(0);
        let committed = Self::of(own, Lanes::outbox());
        assert_eq!(committed.root(), Lanes::root(&own));
        committed
    }

    /// A header of this chain that commits whatever.
    fn of(chain: H256, leaves: Vec<OutboxLeaf>) -> Self {
        Self::in_domain(Domain { tree: SubtreeId::CrossChain, chain }, leaves)
    }

    fn in_domain(domain: Domain, leaves: Vec<OutboxLeaf>) -> Self {
        let hashes: Vec<_> = leaves.iter().map(|leaf| domain.leaf(&leaf.encode())).collect();
        let header = MockHeader { number: 1, root: domain.root(&hashes), conflict: false }.bytes();
        Self { header, leaves, hashes, domain }
    }

    fn root(&self) -> H256 {
        self.domain.root(&self.hashes)
    }

    fn hash(&self) -> H256 {
        header_hash(&self.header)
    }

    fn at(&self) -> HeaderProof {
        HeaderProof::Kept(self.hash())
    }

    fn prove(&self, index: usize) -> LeafProof {
        let proof = self.domain.prove(&self.hashes, index as u32).unwrap();
        LeafProof { leaf: self.leaves[index].clone(), proof }
    }

    /// All that `deliver` takes.
    fn all(&self) -> Vec<LeafProof> {
        let is_taken = |index: &usize| !matches!(self.leaves[*index], OutboxLeaf::State(_));
        (0..self.leaves.len()).filter(is_taken).map(|index| self.prove(index)).collect()
    }

    fn find(&self, is_wanted: impl Fn(&OutboxLeaf) -> bool) -> LeafProof {
        self.prove(self.leaves.iter().position(is_wanted).unwrap())
    }

    fn state(&self) -> LeafProof {
        self.find(|leaf| matches!(leaf, OutboxLeaf::State(_)))
    }

    fn message(&self, nonce: Nonce) -> LeafProof {
        self.find(|leaf| matches!(leaf, OutboxLeaf::Message(message) if message.nonce == nonce))
    }

    fn receipt(&self, nonce: Nonce) -> LeafProof {
        self.find(|leaf| matches!(leaf, OutboxLeaf::Receipt(receipt) if receipt.nonce == nonce))
    }
}

/// The light client learns of a header by other ways.
fn confirm(committed: &Committed) {
    Roots::insert(committed.hash(), committed.root());
}

fn deliver(headers: &[&Committed], at: Option<HeaderProof>, leaves: &[LeafProof]) -> DispatchResultWithPostInfo {
    let headers: Vec<_> = headers.iter().map(|committed| committed.header.clone()).collect();
    Lanes::deliver(relayer(), headers.try_into().unwrap(), at, leaves.to_vec().try_into().unwrap())
}

/// Leaves alone, against a header that is known.
fn take(committed: &Committed, leaves: &[LeafProof]) -> DispatchResultWithPostInfo {
    deliver(&[], Some(committed.at()), leaves)
}

/// A header and all its leaves.
fn deliver_all(committed: &Committed) -> DispatchResultWithPostInfo {
    deliver(&[committed], Some(committed.at()), &committed.all())
}

/// A block that is reorganised away after it was executed.
fn reorganised_away<R>(block: impl FnOnce() -> R) -> R {
    let mut result = None;
    with_transaction(|| {
        result = Some(block());
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(()))
    })
    .unwrap();
    result.unwrap()
}

/// Both chains.
struct Pair {
    own: TestExternalities,
    counterpart: TestExternalities,
}

impl Pair {
    fn new() -> Self {
        Self { own: new_test_ext(OWN), counterpart: new_test_ext(COUNTERPART) }
    }

    fn own<R>(&mut self, block: impl FnOnce() -> R) -> R {
        self.own.execute_with(block)
    }

    fn counterpart<R>(&mut self, block: impl FnOnce() -> R) -> R {
        self.counterpart.execute_with(block)
    }

    /// Everything that is open here, delivered there.
    fn relay_out(&mut self) -> DispatchResultWithPostInfo {
        let committed = self.own(Committed::now);
        self.counterpart(|| deliver_all(&committed))
    }

    /// Everything that is open there, delivered here.
    fn relay_in(&mut self) -> DispatchResultWithPostInfo {
        let committed = self.counterpart(Committed::now);
        self.own(|| deliver_all(&committed))
    }
}

/// The counterpart's header after it has sent these amounts.
fn counterpart_sends(amounts: &[Balance]) -> Committed {
    new_test_ext(COUNTERPART).execute_with(|| {
        send_all(amounts);
        Committed::now()
    })
}

/// This chain, which knows that header.
fn with_confirmed(committed: &Committed, test: impl FnOnce()) {
    new_test_ext(OWN).execute_with(|| {
        confirm(committed);
        test();
        assert_ok!(Lanes::check_invariants());
    });
}

/// Messages of any content and any place on the lane, from a counterpart that keeps no rules.
fn forged(messages: Vec<Message>) -> Committed {
    let leaves = messages.into_iter().map(OutboxLeaf::Message).collect();
    Committed::of(COUNTERPART, leaves)
}

/// The messages that an honest sender without receipts would have sent.
fn chained(amounts: &[Balance]) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    let mut total = 0;
    for (nonce, amount) in (1..).zip(amounts) {
        total += amount;
        let previous = messages.last().map(Message::hash).unwrap_or_default();
        let payload = transfer(*amount, total);
        messages.push(Message { destination: OWN, nonce, previous, acknowledged: 0, payload });
    }
    messages
}

/// Nonces acted on, in order.
fn received_nonces() -> Vec<Nonce> {
    ReceivedLog::get().iter().map(|(message, _)| message.nonce).collect()
}
