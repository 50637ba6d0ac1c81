//! What the test asks of a runtime, in plain types, and both runtimes' answers.
//!
//! All functions but [`ChainRuntime::genesis`] and [`ChainRuntime::escrow`] run on the state of the chain, see
//! [`crate::store::Store::run`].

use gridpeg_header::{forge::easy_parameters, Header, Millis, H256};
use gridpeg_messages::{
    message::{Account, MaxHeaderLen},
    traits::Counterpart,
    units::{Balance, COIN},
    HeaderProof, LaneState, LeafProof, Nonce, OutboxLeaf, Outcome,
};
use pallet_light_client::Anchor;
use pallet_peg::{types::Books, Limits, Owed, Side};
use polkadot_sdk::{
    frame_support::{
        dispatch::Pays,
        traits::{LockableCurrency, WithdrawReasons},
    },
    frame_system, pallet_balances, pallet_timestamp,
    sp_core::storage::Storage,
    sp_runtime::{traits::Dispatchable, AccountId32, BoundedVec, BuildStorage, MultiAddress},
};
use std::collections::BTreeMap;

/// The accounts that coins go to and from. On E the first four have coins at genesis, on C the first three.
pub const USERS: [Account; 6] = [[1; 32], [2; 32], [3; 32], [4; 32], [5; 32], [6; 32]];
/// Coins that an account has at genesis, if it has any.
const ENDOWMENT: Balance = 1_000 * COIN;
/// Accounts with coins at genesis on C: what they have is what is in escrow on E.
const ISSUED_TO: usize = 3;
/// Accounts with coins at genesis on E.
const ENDOWED: usize = 4;
/// Who signs what anybody may sign. Pays nothing: calls are dispatched, not paid for.
const RELAYER: Account = [9; 32];
/// The lock that keeps the escrow account from paying.
const LOCK: [u8; 8] = *b"test/esc";

/// A call, the same for both chains.
#[derive(Clone, Debug)]
pub enum Call {
    /// Names the counterpart; by root.
    Anchor(Anchor),
    /// Sends coins to the other chain.
    Transfer { sender: Account, recipient: Account, amount: Balance },
    /// Transfers coins to the escrow account of the same chain.
    Give { sender: Account, amount: Balance },
    /// Has paid out what could not be.
    Claim { recipient: Account },
    /// Brings headers and leaves.
    Deliver { headers: Vec<Vec<u8>>, at: Option<HeaderProof>, leaves: Vec<LeafProof> },
    /// Shows what the counterpart's new branch has sent.
    Resolve { at: HeaderProof, proof: LeafProof },
    /// Pauses the lanes; by root.
    Pause { blocks: u32 },
    /// Ends a pause; by root.
    Resume,
    /// Locks the escrow account's coins, or frees them. No call of the chain's: how payouts come to fail on E.
    LockEscrow(bool),
}

/// What a block tells of itself, as far as the model looks at it.
#[derive(Clone, Debug)]
pub enum Event {
    Sent { hash: H256 },
    Received { nonce: Nonce, hash: H256, outcome: Outcome },
    Settled { nonce: Nonce, hash: H256, outcome: Outcome },
    Queued { nonce: Nonce, amount: Balance },
    Paid { nonce: Nonce, amount: Balance },
    Returned { nonce: Nonce, amount: Balance },
    LeftUnclaimed { nonce: Nonce, amount: Balance, returned: bool },
    Claimed { recipient: Account, received: Balance, returned: Balance },
    ConflictDetected,
    ConflictOver,
}

/// Both lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lanes {
    /// What the first leaf says.
    pub state: LaneState,
    /// Receipts seen of the messages sent.
    pub settled: Nonce,
    /// Receipts forgotten of the messages received.
    pub acknowledged: Nonce,
    /// Whether they are paused.
    pub paused: bool,
    /// Whether there is a conflict.
    pub frozen: bool,
    /// What it was proven to have cost.
    pub deficit: Option<Balance>,
}

/// A runtime, as the test sees it.
pub trait ChainRuntime {
    /// The chain's letter.
    const NAME: &'static str;
    /// Which end of the peg it is.
    const SIDE: Side;

    /// The state of a genesis with the accounts of [`USERS`] and easy work.
    fn genesis(anchor: Option<Anchor>, limits: Limits) -> Storage;
    /// The escrow account.
    fn escrow() -> Account;

    /// Begins a block.
    fn initialize(header: &Header);
    /// Applies the timestamp inherent.
    fn set_time(time: Millis);
    /// Dispatches a call. `Err` is the error's name.
    fn dispatch(call: Call) -> Result<Pays, &'static str>;
    /// Ends a block and returns its header, not yet sealed.
    fn finalize() -> Header;

    /// The events of the last block.
    fn events() -> Vec<Event>;
    /// What the pallets know must hold.
    fn check_invariants() -> Result<(), String>;
    /// The peg's books.
    fn books() -> Books;
    /// The lanes.
    fn lanes() -> Lanes;
    /// The leaves that the block commits.
    fn leaves() -> Vec<OutboxLeaf>;
    /// Whether the lanes say that a call brings nothing new.
    fn is_stale(headers: &[Vec<u8>], leaves: &[LeafProof]) -> bool;
    /// Whether the light client keeps a header.
    fn knows(hash: &H256) -> bool;
    /// The heaviest header that the light client knows; `None` before the anchor.
    fn best_known() -> Option<H256>;
    /// The highest confirmed header.
    fn confirmed() -> Option<H256>;
    /// Coins of an account.
    fn balance(account: &Account) -> Balance;
    /// What every account can claim.
    fn owed() -> BTreeMap<Account, Owed>;
    /// All coins.
    fn issuance() -> Balance;
    /// Coins of all accounts together.
    fn sum_of_balances() -> Balance;
}

/// Headers in the form of a call's argument.
fn bounded(headers: &[Vec<u8>]) -> Vec<BoundedVec<u8, MaxHeaderLen>> {
    headers.iter().map(|header| header.clone().try_into().expect("headers are short")).collect()
}

/// Endowments of a chain. What C issues is in escrow on E.
fn endowments(side: Side, escrow: Account) -> Vec<(AccountId32, Balance)> {
    let users = |count| USERS.into_iter().take(count).map(|user| (AccountId32::new(user), ENDOWMENT));
    match side {
        Side::Escrow => {
            let backing = ENDOWMENT * ISSUED_TO as Balance;
            users(ENDOWED).chain([(AccountId32::new(escrow), backing)]).collect()
        }
        Side::Issuance => users(ISSUED_TO).collect(),
    }
}

macro_rules! chain_runtime {
    ($runtime:ident, $name:literal, $side:expr) => {
        impl ChainRuntime for $runtime::Runtime {
            const NAME: &'static str = $name;
            const SIDE: Side = $side;

            fn genesis(anchor: Option<Anchor>, limits: Limits) -> Storage {
                let mut config = $runtime::RuntimeGenesisConfig::default();
                config.balances.balances = endowments(Self::SIDE, Self::escrow());
                config.hybrid_pow.parameters = Some(easy_parameters());
                config.light_client.anchor = anchor;
                config.peg.limits = Some(limits);
                config.build_storage().expect("the genesis is valid")
            }

            fn escrow() -> Account {
                $runtime::Peg::escrow_account().into()
            }

            fn initialize(header: &Header) {
                let _ = $runtime::Executive::initialize_block(header);
            }

            fn set_time(now: Millis) {
                let call = $runtime::RuntimeCall::Timestamp(pallet_timestamp::Call::set { now });
                call.dispatch($runtime::RuntimeOrigin::none()).expect("the inherent is valid");
            }

            fn dispatch(call: Call) -> Result<Pays, &'static str> {
                use $runtime::{Balances, Peg, RuntimeCall, RuntimeOrigin};
                let signed = |account| RuntimeOrigin::signed(AccountId32::new(account));
                let (origin, call) = match call {
                    Call::Anchor(Anchor { genesis, parameters }) => {
                        let call = pallet_light_client::Call::anchor { genesis, parameters };
                        (RuntimeOrigin::root(), RuntimeCall::LightClient(call))
                    }
                    Call::Transfer { sender, recipient, amount } => {
                        (signed(sender), RuntimeCall::Peg(pallet_peg::Call::transfer { recipient, amount }))
                    }
                    Call::Give { sender, amount } => {
                        let dest = MultiAddress::Id(Peg::escrow_account());
                        let call = pallet_balances::Call::transfer_allow_death { dest, value: amount };
                        (signed(sender), RuntimeCall::Balances(call))
                    }
                    Call::Claim { recipient } => {
                        (signed(RELAYER), RuntimeCall::Peg(pallet_peg::Call::claim { recipient }))
                    }
                    Call::Deliver { headers, at, leaves } => {
                        let headers = bounded(&headers).try_into().expect("not too many headers");
                        let leaves = leaves.try_into().expect("not too many leaves");
                        let call = pallet_messages::Call::deliver { headers, at, leaves };
                        (signed(RELAYER), RuntimeCall::Lanes(call))
                    }
                    Call::Resolve { at, proof } => {
                        (signed(RELAYER), RuntimeCall::Lanes(pallet_messages::Call::resolve { at, proof }))
                    }
                    Call::Pause { blocks } => {
                        let call = pallet_messages::Call::pause { duration: blocks };
                        (RuntimeOrigin::root(), RuntimeCall::Lanes(call))
                    }
                    Call::Resume => (RuntimeOrigin::root(), RuntimeCall::Lanes(pallet_messages::Call::resume {})),
                    Call::LockEscrow(locked) => {
                        let escrow = Peg::escrow_account();
                        if locked {
                            Balances::set_lock(LOCK, &escrow, Balance::MAX, WithdrawReasons::all());
                        } else {
                            Balances::remove_lock(LOCK, &escrow);
                        }
                        return Ok(Pays::Yes);
                    }
                };
                match call.dispatch(origin) {
                    Ok(done) => Ok(done.pays_fee),
                    Err(failed) => Err(failed.error.into()),
                }
            }

            fn finalize() -> Header {
                $runtime::Executive::finalize_block()
            }

            fn events() -> Vec<Event> {
                use pallet_light_client::Event as LightClient;
                use pallet_messages::Event as Lanes;
                use pallet_peg::Event as Peg;
                use $runtime::RuntimeEvent;
                let told = |event| match event {
                    RuntimeEvent::Lanes(Lanes::MessageSent { hash, .. }) => Some(Event::Sent { hash }),
                    RuntimeEvent::Lanes(Lanes::MessageReceived { nonce, hash, outcome }) => {
                        Some(Event::Received { nonce, hash, outcome })
                    }
                    RuntimeEvent::Lanes(Lanes::MessageSettled { nonce, hash, outcome }) => {
                        Some(Event::Settled { nonce, hash, outcome })
                    }
                    RuntimeEvent::Peg(Peg::Queued { nonce, amount, .. }) => Some(Event::Queued { nonce, amount }),
                    RuntimeEvent::Peg(Peg::Released { nonce, amount, .. } | Peg::Minted { nonce, amount, .. }) => {
                        Some(Event::Paid { nonce, amount })
                    }
                    RuntimeEvent::Peg(Peg::Returned { nonce, amount, .. }) => Some(Event::Returned { nonce, amount }),
                    RuntimeEvent::Peg(Peg::LeftUnclaimed { nonce, amount, returned, .. }) => {
                        Some(Event::LeftUnclaimed { nonce, amount, returned })
                    }
                    RuntimeEvent::Peg(Peg::Claimed { recipient, received, returned }) => {
                        Some(Event::Claimed { recipient, received, returned })
                    }
                    RuntimeEvent::LightClient(LightClient::ConflictDetected { .. }) => Some(Event::ConflictDetected),
                    RuntimeEvent::LightClient(LightClient::ConflictOver) => Some(Event::ConflictOver),
                    _ => None,
                };
                $runtime::System::events().into_iter().filter_map(|record| told(record.event)).collect()
            }

            fn check_invariants() -> Result<(), String> {
                $runtime::LightClient::check_invariants().map_err(|error| format!("light client: {error:?}"))?;
                $runtime::Lanes::check_invariants().map_err(|error| format!("lanes: {error:?}"))?;
                $runtime::Peg::check_invariants().map_err(|error| format!("peg: {error:?}"))
            }

            fn books() -> Books {
                $runtime::Peg::books()
            }

            fn lanes() -> Lanes {
                Lanes {
                    state: $runtime::Lanes::state(),
                    settled: pallet_messages::Settled::<Self>::get(),
                    acknowledged: pallet_messages::Acknowledged::<Self>::get(),
                    paused: $runtime::Lanes::paused_until().is_some(),
                    frozen: <$runtime::LightClient as Counterpart>::conflict(),
                    deficit: $runtime::Lanes::deficit(),
                }
            }

            fn leaves() -> Vec<OutboxLeaf> {
                $runtime::Lanes::outbox()
            }

            fn is_stale(headers: &[Vec<u8>], leaves: &[LeafProof]) -> bool {
                $runtime::Lanes::is_stale(&bounded(headers), leaves)
            }

            fn knows(hash: &H256) -> bool {
                pallet_light_client::Headers::<Self>::contains_key(hash)
            }

            fn best_known() -> Option<H256> {
                $runtime::LightClient::best().map(|header| header.tip.hash)
            }

            fn confirmed() -> Option<H256> {
                $runtime::LightClient::confirmed().map(|header| header.tip.hash)
            }

            fn balance(account: &Account) -> Balance {
                $runtime::Balances::free_balance(AccountId32::new(*account))
            }

            fn owed() -> BTreeMap<Account, Owed> {
                pallet_peg::Unclaimed::<Self>::iter().collect()
            }

            fn issuance() -> Balance {
                pallet_balances::TotalIssuance::<Self>::get()
            }

            fn sum_of_balances() -> Balance {
                let accounts = frame_system::Account::<Self>::iter_values();
                accounts.map(|account| account.data.free + account.data.reserved).sum()
            }
        }
    };
}

chain_runtime!(electricity_runtime, "E", Side::Escrow);
chain_runtime!(carbon_runtime, "C", Side::Issuance);
