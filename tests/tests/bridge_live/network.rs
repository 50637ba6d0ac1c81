//! Both chains as live nodes, and transfers between them.

use codec::{Compact, Decode, DecodeAll, Encode, Output};
use gridpeg_header::{PowParameters, Tip, H256};
use gridpeg_messages::{message::Account, units::Balance};
use gridpeg_runtime_api::LanesStatus;
use gridpeg_tests::{
    node::{Node, NodeBuilder},
    relayer::Relayer,
    rpc::block_on,
    spec,
    transaction::{connect, include, signed, Client},
    wait_until,
};
use serde_json::{json, Value};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use subxt::dynamic::{self, At};
use subxt_signer::sr25519::{dev, Keypair};
use tempfile::TempDir;

/// The electricity chain's place in all pairs.
pub const ELECTRICITY: usize = 0;
/// The carbon chain's.
pub const CARBON: usize = 1;
/// Both.
pub const BOTH: [usize; 2] = [ELECTRICITY, CARBON];
/// Their nodes.
pub const PROGRAMS: [&str; 2] = ["electricity-node", "carbon-node"];
/// What the chains are called.
pub const NAMES: [&str; 2] = ["electricity", "carbon"];

/// Hashes per second of each miner.
pub const RATE: u64 = 5_000;
/// Longest that a single step may take.
const MINUTES: Duration = Duration::from_secs(180);
/// Accounts that get transfers on each chain. None has coins before.
const RECIPIENTS: usize = 5;
/// How far a light client may be behind, in blocks, to count as up to date.
const BEHIND: u32 = 3;

/// The carbon chain's spec, which names the electricity chain.
pub fn carbon_spec(parameters: &PowParameters, counterpart: H256, its: &PowParameters, folder: &Path) -> PathBuf {
    let edit = |spec: &mut Value| {
        spec::set_parameters(spec, parameters);
        let patch = &mut spec["genesis"]["runtimeGenesis"]["patch"];
        patch["lightClient"]["anchor"] = json!({ "genesis": counterpart, "parameters": its });
    };
    spec::edited(PROGRAMS[CARBON], "dev", edit, folder)
}

/// An encoded call.
pub struct Call(Vec<u8>);

impl Encode for Call {
    fn encode_to<T: Output + ?Sized>(&self, output: &mut T) {
        output.write(&self.0);
    }
}

/// A chain's node, and what transactions for it are made with.
pub struct Chain {
    pub node: Node,
    pub client: Client,
}

impl Chain {
    pub fn new(node: Node) -> Self {
        Self { client: connect(&node), node }
    }

    /// Hash of the genesis block.
    pub fn genesis(&self) -> H256 {
        self.node.hash_at(0).unwrap()
    }

    /// A call by its name. `arguments` is what encodes to its arguments in order.
    pub fn call(&self, pallet: &str, call: &str, arguments: &impl Encode) -> Call {
        let at = block_on(self.client.at_block(self.node.best_hash())).unwrap();
        let found = at.metadata_ref().pallet_by_name(pallet).unwrap_or_else(|| panic!("there is no {pallet}"));
        let variant = found.call_variant_by_name(call).unwrap_or_else(|| panic!("there is no {pallet}.{call}"));
        Call(([found.call_index(), variant.index], arguments).encode())
    }

    /// A call signed by an account, 0x hex.
    pub fn sign(&self, signer: &Keypair, call: &Call) -> String {
        let at = block_on(self.client.at_block(self.node.best_hash())).unwrap();
        let payload = at.transactions().from_call_data_bytes(&call.0).unwrap();
        signed(&self.node, &self.client, signer, &payload)
    }

    /// Signs a call and sends it.
    pub fn send(&self, signer: &Keypair, call: &Call) {
        self.node.call("author_submitExtrinsic", &[json!(self.sign(signer, call))]);
    }

    /// Signs a call, sends it and waits for its block; that block's height.
    pub fn include(&self, signer: &Keypair, call: &Call) -> u32 {
        include(&self.node, &self.sign(signer, call), MINUTES)
    }

    /// Names the other chain to this one.
    pub fn anchor(&self, genesis: H256, parameters: &PowParameters) -> u32 {
        let anchor = self.call("LightClient", "anchor", &(genesis, parameters));
        self.include(&dev::alice(), &self.call("Sudo", "sudo", &anchor))
    }

    /// A runtime API without arguments, at the best block.
    pub fn api<T: Decode>(&self, function: &str) -> T {
        let answer = self.node.call("state_call", &[json!(function), json!("0x")]);
        decode(&answer)
    }

    /// Both lanes.
    pub fn lanes(&self) -> LanesStatus {
        self.api("LanesApi_lanes")
    }

    /// An account's free balance.
    pub fn balance(&self, account: Account) -> Balance {
        let best = self.node.best_hash();
        let free = block_on(async {
            let at = self.client.at_block(best).await.map_err(|error| error.to_string())?;
            let address = dynamic::storage::<([u8; 32],), dynamic::Value>("System", "Account");
            let stored = at.storage().fetch(address, (account,)).await.map_err(|error| error.to_string())?;
            let value = stored.decode().map_err(|error| error.to_string())?;
            Ok::<_, String>(value.at("data").at("free").and_then(|free| free.as_u128()))
        });
        free.unwrap_or_else(|error| panic!("{}: {error}", self.node.name())).unwrap()
    }
}

/// Decodes hex in an answer.
pub fn decode<T: Decode>(answer: &Value) -> T {
    let hex = answer.as_str().and_then(|text| text.strip_prefix("0x"));
    let bytes = hex.and_then(|digits| hex::decode(digits).ok()).unwrap_or_else(|| panic!("no bytes: {answer}"));
    T::decode_all(&mut &bytes[..]).unwrap_or_else(|error| panic!("{answer}: {error}"))
}

/// A transfer that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Transfer {
    pub recipient: Account,
    pub amount: Balance,
}

/// Both chains, each with one miner, anchored to each other.
pub struct Network {
    /// By chain.
    pub chains: [Chain; 2],
    /// By the chain that they were sent from.
    pub sent: [Vec<Transfer>; 2],
    begin: Instant,
    limit: Duration,
    // Last: the nodes write into it.
    folder: TempDir,
}

impl Network {
    /// Starts both. All that is waited for afterwards has to be done within `limit` from now.
    pub fn start(parameters: &PowParameters, limit: Duration) -> Self {
        let begin = Instant::now();
        let folder = TempDir::new().unwrap();
        // Events are counted at the end.
        let miner = |program: &str, spec: &Path| {
            let node = NodeBuilder::new(program, spec, folder.path(), program).mining(RATE).force_authoring();
            Chain::new(node.arguments(&["--state-pruning", "archive"]).start())
        };
        let spec = spec::with_parameters(PROGRAMS[ELECTRICITY], parameters, folder.path());
        let electricity = miner(PROGRAMS[ELECTRICITY], &spec);
        let spec = carbon_spec(parameters, electricity.genesis(), parameters, folder.path());
        let carbon = miner(PROGRAMS[CARBON], &spec);
        electricity.anchor(carbon.genesis(), parameters);
        Self { chains: [electricity, carbon], sent: [Vec::new(), Vec::new()], begin, limit, folder }
    }

    /// Seconds since the start.
    pub fn seconds(&self) -> f64 {
        self.begin.elapsed().as_secs_f64()
    }

    /// A relayer between them.
    pub fn relayer(&self, name: &str, suri: &str) -> Relayer {
        let [electricity, carbon] = &self.chains;
        Relayer::new(name, &electricity.node, &carbon.node, suri, self.folder.path())
    }

    /// Sends a transfer from a chain, with an amount of its own.
    pub fn send(&mut self, from: usize) {
        let number = self.sent[from].len();
        let mut recipient = [0x80 + from as u8; 32];
        recipient[31] = (number % RECIPIENTS) as u8;
        let amount = gridpeg_messages::units::COIN + number as Balance;
        // Both have coins there, and neither relays.
        let sender = match (from, number % 2) {
            (ELECTRICITY, 1) => dev::dave(),
            _ => dev::alice(),
        };
        let chain = &self.chains[from];
        chain.send(&sender, &chain.call("Peg", "transfer", &(recipient, Compact(amount))));
        self.sent[from].push(Transfer { recipient, amount });
    }

    /// Waits for a condition, for as long as the limit lasts.
    pub fn wait_until(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        wait_until(what, self.limit.saturating_sub(self.begin.elapsed()), || holds(self));
    }

    /// Waits until both light clients know nearly all of the other chain's headers.
    pub fn wait_for_headers(&self) {
        self.wait_until("both chains know the other's headers", |network| {
            BOTH.iter().all(|chain| {
                let best: Option<Tip> = network.chains[*chain].api("LightClientApi_best");
                let other = network.chains[1 - chain].node.height();
                best.is_some_and(|best| best.number.saturating_add(BEHIND) >= other)
            })
        });
    }

    /// Waits until all that was sent was received.
    pub fn wait_until_received(&self) {
        self.wait_until("all transfers are received", |network| {
            BOTH.iter().all(|from| network.chains[1 - from].lanes().state.received >= network.sent[*from].len() as u64)
        });
    }

    /// Waits until the sender has the receipts of all that was sent.
    pub fn wait_until_settled(&self) {
        self.wait_until("all transfers are settled", |network| {
            BOTH.iter().all(|from| network.chains[*from].lanes().settled >= network.sent[*from].len() as u64)
        });
    }
}
