//! The reference model of one chain: what its books, lanes, queue and accounts must be after a block, by its calls and
//! the messages that it sent, received and settled.
//!
//! A ledger belongs to a block, so each branch has ledgers of its own. In a ledger no message is received twice, and
//! nothing is paid without a message or above a limit; a block that does so is found where it is made.

use crate::{
    chain::{Facts, Included, Messages},
    runtimes::{Call, Event},
};
use gridpeg_header::H256;
use gridpeg_messages::{
    message::Account, units::Balance, LaneState, Message, Nonce, OutboxLeaf, Outcome, Payload, Refusal, Transfer,
};
use pallet_peg::{types::Books, Limits, Owed, Side};
use std::collections::{BTreeMap, VecDeque};

/// What never changes on a chain.
#[derive(Clone, Debug)]
pub struct Rules {
    pub side: Side,
    /// Its own genesis hash.
    pub genesis: H256,
    /// The other chain's; zero until that chain is there.
    pub counterpart: H256,
    /// The escrow account, which is the same on both chains.
    pub escrow: Account,
    pub limits: Limits,
    /// X or I at genesis.
    pub coins: Balance,
}

/// What happened in a block.
pub struct Happened<'a> {
    pub number: u32,
    /// The calls, in order.
    pub included: &'a [Included],
    /// The events, in order.
    pub events: &'a [Event],
    /// Messages that the block sent, in order.
    pub sent: &'a [Message],
    /// All messages that either chain ever sent, on any branch.
    pub ours: &'a Messages,
    pub theirs: &'a Messages,
}

/// A pause and the break after it.
#[derive(Clone, Copy, Debug, Default)]
struct Pause {
    began: u32,
    /// The first block in which the lanes are open again.
    until: u32,
    /// The first block in which another pause may begin.
    next: u32,
}

/// What a chain's state must say after a block.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub sent: Nonce,
    pub last_sent: H256,
    pub sent_total: Balance,
    pub settled: Nonce,
    pub received: Nonce,
    pub last_received: H256,
    pub received_total: Balance,
    pub acknowledged: Nonce,
    pub refused: Balance,
    pub paid: Balance,
    pub unclaimed: Balance,
    pub returned: Balance,
    pub unreturned: Balance,
    /// Coins given to the escrow account directly, on the escrow side.
    pub surplus: Balance,
    /// Payouts that wait: nonce, recipient, what is left.
    pub queue: VecDeque<(Nonce, Account, Balance)>,
    /// What the present period has let through.
    let_through: Balance,
    /// Coins of the accounts that the model follows.
    pub balances: BTreeMap<Account, Balance>,
    pub owed: BTreeMap<Account, Owed>,
    /// Whether the escrow account's coins are locked.
    pub locked: bool,
    /// Whether the lanes were frozen at the end of the block.
    pub frozen: bool,
    pause: Pause,
}

impl Ledger {
    /// A chain's genesis, with these balances.
    pub fn of(balances: BTreeMap<Account, Balance>) -> Self {
        Self { balances, ..Self::default() }
    }

    /// Goes on by a block, and checks the block's events against what had to happen in it.
    pub fn follow(&mut self, rules: &Rules, block: &Happened) {
        // Locks change in blocks of their own, at their end as far as payouts are concerned.
        let pays = !(self.locked && rules.side == Side::Escrow);
        let mut expected = Expected::default();
        if block.number.is_multiple_of(rules.limits.period) {
            self.let_through = 0;
        }
        if !self.frozen {
            self.serve_queue(rules, pays, &mut expected);
        }
        for event in block.events {
            match *event {
                Event::Received { nonce, hash, outcome } => {
                    let message = &block.theirs[&hash];
                    self.receive(rules, pays, nonce, message, outcome, &mut expected);
                }
                Event::Settled { nonce, hash, outcome } => {
                    self.settle(pays, nonce, &block.ours[&hash], outcome, &mut expected);
                }
                _ => (),
            }
        }
        for message in block.sent {
            self.send(rules, message);
        }
        for Included { call, result } in block.included {
            if result.is_ok() {
                self.call(rules, block.number, call, &mut expected);
            }
        }
        check_transfers(block);
        expected.check(pays, block.events);
    }

    /// What the queue pays at the start of a block.
    fn serve_queue(&mut self, rules: &Rules, pays: bool, expected: &mut Expected) {
        for _ in 0..runtime_common::MAX_PAYOUTS {
            let room = rules.limits.per_period - self.let_through;
            let Some((nonce, recipient, left)) = self.queue.front_mut().filter(|_| room > 0) else { break };
            let amount = room.min(*left);
            let (nonce, recipient) = (*nonce, *recipient);
            *left -= amount;
            if *left == 0 {
                self.queue.pop_front();
            }
            self.pay_out(pays, nonce, recipient, amount, expected);
        }
    }

    /// Accounts for a payout of received coins.
    fn pay_out(&mut self, pays: bool, nonce: Nonce, recipient: Account, amount: Balance, expected: &mut Expected) {
        self.let_through += amount;
        expected.payouts.push((nonce, amount));
        if pays {
            self.paid += amount;
            *self.balances.entry(recipient).or_default() += amount;
        } else {
            self.unclaimed += amount;
            self.owed.entry(recipient).or_default().received += amount;
        }
    }

    fn receive(
        &mut self,
        rules: &Rules,
        pays: bool,
        nonce: Nonce,
        message: &Message,
        outcome: Outcome,
        expected: &mut Expected,
    ) {
        let Payload::Transfer(Transfer { recipient, amount, total, .. }) = message.payload;
        assert_eq!([nonce, self.received + 1], [message.nonce; 2], "received in order and once");
        assert_eq!(message.destination, rules.genesis);
        assert_eq!(message.previous, self.last_received);
        assert!(message.acknowledged >= self.acknowledged && message.acknowledged <= self.received);
        self.received = nonce;
        self.last_received = message.hash();
        self.received_total += amount;
        self.acknowledged = message.acknowledged;
        assert_eq!(total, self.received_total);
        if recipient == rules.escrow {
            assert_eq!(outcome, Outcome::Refused(Refusal::Recipient));
            self.refused += amount;
            return;
        }
        assert_eq!(outcome, Outcome::Accepted);
        if self.queue.is_empty() && rules.limits.per_period - self.let_through >= amount {
            self.pay_out(pays, nonce, recipient, amount, expected);
        } else {
            self.queue.push_back((nonce, recipient, amount));
            expected.queued.push((nonce, amount));
        }
    }

    fn settle(&mut self, pays: bool, nonce: Nonce, message: &Message, outcome: Outcome, expected: &mut Expected) {
        let Payload::Transfer(Transfer { sender, amount, .. }) = message.payload;
        assert_eq!([nonce, self.settled + 1], [message.nonce; 2], "settled in order and once");
        self.settled = nonce;
        if outcome == Outcome::Accepted {
            return;
        }
        expected.returns.push((nonce, amount));
        if pays {
            self.returned += amount;
            *self.balances.entry(sender).or_default() += amount;
        } else {
            self.unreturned += amount;
            self.owed.entry(sender).or_default().returned += amount;
        }
    }

    fn send(&mut self, rules: &Rules, message: &Message) {
        let Payload::Transfer(Transfer { sender, amount, total, .. }) = message.payload;
        self.sent += 1;
        self.sent_total += amount;
        assert_eq!((message.nonce, message.previous), (self.sent, self.last_sent));
        assert_eq!((message.destination, total), (rules.counterpart, self.sent_total));
        assert!(message.acknowledged <= self.settled);
        self.last_sent = message.hash();
        self.take(sender, amount);
    }

    fn take(&mut self, account: Account, amount: Balance) {
        let balance = self.balances.entry(account).or_default();
        *balance = balance.checked_sub(amount).expect("nobody spends more than they have");
    }

    /// Accounts for a call that succeeded. Transfers are accounted for by their messages, deliveries by their events.
    fn call(&mut self, rules: &Rules, number: u32, call: &Call, expected: &mut Expected) {
        match *call {
            Call::Give { sender, amount } => {
                self.take(sender, amount);
                match rules.side {
                    Side::Escrow => self.surplus += amount,
                    // An account like any other.
                    Side::Issuance => *self.balances.entry(rules.escrow).or_default() += amount,
                }
            }
            Call::Claim { recipient } => {
                let Owed { received, returned } = self.owed.remove(&recipient).expect("something was owed");
                self.unclaimed -= received;
                self.paid += received;
                self.unreturned -= returned;
                self.returned += returned;
                *self.balances.entry(recipient).or_default() += received + returned;
                expected.claims.push((recipient, received, returned));
            }
            Call::LockEscrow(locked) => self.locked = locked,
            Call::Pause { blocks } => {
                let until = number + blocks;
                self.pause = Pause { began: number, until, next: until + blocks };
            }
            Call::Resume => {
                let ended = number + 1;
                self.pause = Pause { until: 0, next: ended + (ended - self.pause.began), ..self.pause };
            }
            Call::Anchor(_) | Call::Transfer { .. } | Call::Deliver { .. } | Call::Resolve { .. } => (),
        }
    }

    /// Whether the lanes are paused in a block.
    pub fn is_paused(&self, number: u32) -> bool {
        number < self.pause.until
    }

    /// What a pause in a block is answered with.
    pub fn refuses_pause(&self, number: u32) -> Option<&'static str> {
        match number {
            _ if self.is_paused(number) => Some("AlreadyPaused"),
            _ if number < self.pause.next => Some("PauseTooSoon"),
            _ => None,
        }
    }

    /// The state leaf.
    pub fn state(&self) -> LaneState {
        LaneState {
            sent: self.sent,
            last_sent: self.last_sent,
            sent_total: self.sent_total,
            received: self.received,
            last_received: self.last_received,
            received_total: self.received_total,
        }
    }

    fn books(&self, rules: &Rules) -> Books {
        let (escrow, issued) = match rules.side {
            Side::Escrow => (rules.coins + self.sent_total + self.surplus - self.paid - self.returned, 0),
            Side::Issuance => (0, rules.coins + self.paid + self.returned - self.sent_total),
        };
        Books {
            escrow,
            issued,
            genesis: rules.coins,
            sent: self.sent_total,
            received: self.received_total,
            refused: self.refused,
            paid: self.paid,
            queued: self.queue.iter().map(|(_, _, left)| left).sum(),
            unclaimed: self.unclaimed,
            returned: self.returned,
            unreturned: self.unreturned,
            surplus: self.surplus,
            deficit: 0,
        }
    }

    /// Checks a block's state against the model.
    pub fn check(&self, rules: &Rules, number: u32, facts: &Facts) {
        assert_eq!(facts.books, self.books(rules));
        assert_eq!(facts.balances, self.balances);
        assert_eq!(facts.owed, self.owed);
        let lanes = &facts.lanes;
        assert_eq!(lanes.state, self.state());
        assert_eq!((lanes.settled, lanes.acknowledged), (self.settled, self.acknowledged));
        assert_eq!(lanes.paused, self.is_paused(number));
        self.check_leaves(&facts.leaves);
    }

    /// First the state, then the receipts that are not acknowledged, then the messages that are not settled.
    fn check_leaves(&self, leaves: &[OutboxLeaf]) {
        assert_eq!(leaves.first(), Some(&OutboxLeaf::State(self.state())));
        let nonces: Vec<_> = leaves.iter().skip(1).map(place).collect();
        let receipts = (self.acknowledged + 1..=self.received).map(|nonce| ("receipt", nonce));
        let messages = (self.settled + 1..=self.sent).map(|nonce| ("message", nonce));
        assert_eq!(nonces, receipts.chain(messages).collect::<Vec<_>>());
    }
}

/// Each transfer that succeeded has sent the message that it should, and nothing else has sent any.
fn check_transfers(block: &Happened) {
    let succeeded = block.included.iter().filter(|included| included.result.is_ok());
    let called = succeeded.filter_map(|included| match included.call {
        Call::Transfer { sender, recipient, amount } => Some((sender, recipient, amount)),
        _ => None,
    });
    let sent = block.sent.iter().map(|message| {
        let Payload::Transfer(Transfer { sender, recipient, amount, .. }) = message.payload;
        (sender, recipient, amount)
    });
    assert_eq!(called.collect::<Vec<_>>(), sent.collect::<Vec<_>>(), "one message for each transfer");
}

fn place(leaf: &OutboxLeaf) -> (&'static str, Nonce) {
    match leaf {
        OutboxLeaf::State(_) => ("state", 0),
        OutboxLeaf::Receipt(receipt) => ("receipt", receipt.nonce),
        OutboxLeaf::Message(message) => ("message", message.nonce),
    }
}

/// What a block's events must be, by kind, in order.
#[derive(Default)]
struct Expected {
    payouts: Vec<(Nonce, Balance)>,
    queued: Vec<(Nonce, Balance)>,
    returns: Vec<(Nonce, Balance)>,
    claims: Vec<(Account, Balance, Balance)>,
}

impl Expected {
    fn check(&self, pays: bool, events: &[Event]) {
        let mut found = Expected::default();
        for event in events {
            match *event {
                Event::Paid { nonce, amount } if pays => found.payouts.push((nonce, amount)),
                Event::LeftUnclaimed { nonce, amount, returned: false } if !pays => found.payouts.push((nonce, amount)),
                Event::Returned { nonce, amount } if pays => found.returns.push((nonce, amount)),
                Event::LeftUnclaimed { nonce, amount, returned: true } if !pays => found.returns.push((nonce, amount)),
                Event::Paid { .. } | Event::Returned { .. } | Event::LeftUnclaimed { .. } => {
                    panic!("{event:?} where payouts {}", if pays { "succeed" } else { "fail" })
                }
                Event::Queued { nonce, amount } => found.queued.push((nonce, amount)),
                Event::Claimed { recipient, received, returned } => found.claims.push((recipient, received, returned)),
                Event::Sent { .. } | Event::Received { .. } | Event::Settled { .. } => (),
                Event::ConflictDetected | Event::ConflictOver => (),
            }
        }
        assert_eq!(found.payouts, self.payouts, "payouts");
        assert_eq!(found.queued, self.queued, "what is queued");
        assert_eq!(found.returns, self.returns, "returns");
        assert_eq!(found.claims, self.claims, "claims");
    }
}
