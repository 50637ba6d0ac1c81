//! What the events of all blocks of a chain's best branch say about transfers.

use crate::network::{Chain, Transfer, BOTH, NAMES};
use codec::{Decode, DecodeAll};
use gridpeg_header::{Millis, H256};
use gridpeg_messages::{message::Account, units::Balance, Nonce, Outcome};
use gridpeg_tests::{rpc::block_on, transaction::Client};
use std::collections::BTreeMap;

/// A transfer in an event, and the time of the event's block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    pub transfer: Transfer,
    pub time: Millis,
}

/// A chain's history. Lists have one item for each event.
#[derive(Default)]
pub struct History {
    /// Locked or burned here, by the message's nonce.
    pub sent: BTreeMap<Nonce, Vec<Moved>>,
    /// Minted or released here.
    pub paid: BTreeMap<Nonce, Vec<Moved>>,
    /// Messages of the other chain that were received here.
    pub received: BTreeMap<Nonce, Vec<Outcome>>,
    /// Messages sent from here whose receipts came back.
    pub settled: BTreeMap<Nonce, Vec<Outcome>>,
    /// Events that no transfer of these tests may cause.
    pub unexpected: Vec<String>,
    /// Times of all blocks, in order.
    pub times: Vec<Millis>,
}

impl History {
    /// Reads a chain's blocks from the first to the best one.
    pub fn read(chain: &Chain) -> Self {
        let mut history = Self::default();
        for height in 1..=chain.node.height() {
            let hash = chain.node.hash_at(height).unwrap();
            let time = chain.node.joint_header(Some(hash)).time;
            history.times.push(time);
            let events = block_on(events(&chain.client, hash));
            for event in events.unwrap_or_else(|error| panic!("{} #{height}: {error}", chain.node.name())) {
                history.note(time, &event);
            }
        }
        history
    }

    fn note(&mut self, time: Millis, event: &Event) {
        let moved = |recipient, amount| Moved { transfer: Transfer { recipient, amount }, time };
        match (event.pallet.as_str(), event.name.as_str()) {
            ("Peg", "Locked" | "Burned") => {
                let (nonce, _, recipient, amount): (Nonce, Account, Account, Balance) = event.fields();
                self.sent.entry(nonce).or_default().push(moved(recipient, amount));
            }
            ("Peg", "Minted" | "Released") => {
                let (nonce, recipient, amount): (Nonce, Account, Balance) = event.fields();
                self.paid.entry(nonce).or_default().push(moved(recipient, amount));
            }
            ("Lanes", "MessageReceived") => {
                let (nonce, _, outcome): (Nonce, H256, Outcome) = event.fields();
                self.received.entry(nonce).or_default().push(outcome);
            }
            ("Lanes", "MessageSettled") => {
                let (nonce, _, outcome): (Nonce, H256, Outcome) = event.fields();
                self.settled.entry(nonce).or_default().push(outcome);
            }
            ("Peg", "Queued" | "Refused" | "Returned" | "LeftUnclaimed" | "Claimed")
            | ("Lanes", "Paused" | "DeficitFound")
            | ("LightClient", "ConflictDetected")
            | ("System", "ExtrinsicFailed") => self.unexpected.push(format!("{}.{}", event.pallet, event.name)),
            _ => {}
        }
    }

    /// Blocks of this chain after `from` and not after `to`.
    pub fn blocks_between(&self, from: Millis, to: Millis) -> usize {
        self.times.iter().filter(|time| (from + 1..=to).contains(*time)).count()
    }
}

/// Checks that all that was sent, by chain, arrived at the other one, each once.
pub fn check_each_arrived_once(chains: &[Chain; 2], sent: &[Vec<Transfer>; 2]) {
    let histories = BOTH.map(|chain| History::read(&chains[chain]));
    for from in BOTH {
        let (source, destination) = (&histories[from], &histories[1 - from]);
        let name = NAMES[from];
        assert!(source.unexpected.is_empty(), "{name}: {:?}", source.unexpected);

        let nonces: Vec<Nonce> = (1..=sent[from].len() as Nonce).collect();
        let of = |map: &BTreeMap<Nonce, Vec<Outcome>>| map.keys().copied().collect::<Vec<_>>();
        assert_eq!(of(&destination.received), nonces, "received from {name}");
        assert_eq!(of(&source.settled), nonces, "settled at {name}");
        for outcomes in destination.received.values().chain(source.settled.values()) {
            assert_eq!(outcomes[..], [Outcome::Accepted], "from {name}");
        }

        // What was submitted went out, each once; what went out was paid, each once, to whom and as much as was sent.
        let out = transfers(&source.sent);
        assert_eq!(sorted(out.values().copied()), sorted(sent[from].iter().copied()), "sent from {name}");
        assert_eq!(transfers(&destination.paid), out, "paid of what {name} sent");

        let mut owed: BTreeMap<Account, Balance> = BTreeMap::new();
        for transfer in &sent[from] {
            *owed.entry(transfer.recipient).or_default() += transfer.amount;
        }
        for (recipient, amount) in owed {
            assert_eq!(chains[1 - from].balance(recipient), amount, "0x{}", hex::encode(recipient));
        }
    }
}

/// By nonce; every nonce must have one.
fn transfers(moved: &BTreeMap<Nonce, Vec<Moved>>) -> BTreeMap<Nonce, Transfer> {
    let one = |(nonce, moved): (&Nonce, &Vec<Moved>)| match moved[..] {
        [moved] => (*nonce, moved.transfer),
        _ => panic!("message {nonce}: {moved:?}"),
    };
    moved.iter().map(one).collect()
}

fn sorted(transfers: impl Iterator<Item = Transfer>) -> Vec<Transfer> {
    let mut transfers: Vec<_> = transfers.collect();
    transfers.sort();
    transfers
}

struct Event {
    pallet: String,
    name: String,
    bytes: Vec<u8>,
}

impl Event {
    fn fields<T: Decode>(&self) -> T {
        let fields = T::decode_all(&mut &self.bytes[..]);
        fields.unwrap_or_else(|error| panic!("{}.{}: {error}", self.pallet, self.name))
    }
}

/// A block's events.
async fn events(client: &Client, hash: H256) -> Result<Vec<Event>, String> {
    let at = client.at_block(hash).await.map_err(|error| error.to_string())?;
    let events = at.events().fetch().await.map_err(|error| error.to_string())?;
    let mut own = Vec::new();
    for event in events.iter() {
        let event = event.map_err(|error| error.to_string())?;
        let (pallet, name) = (event.pallet_name().into(), event.event_name().into());
        own.push(Event { pallet, name, bytes: event.field_bytes().to_vec() });
    }
    Ok(own)
}
