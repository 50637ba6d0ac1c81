//! # Peg
//!
//! The coin's way between the chains. It exists once: on the carbon chain C nothing is issued but what is locked in
//! escrow on the electricity chain E. Both chains have this pallet; [`Config::Side`] says which end of the peg one is.
//!
//! | | [`Side::Escrow`], chain E | [`Side::Issuance`], chain C |
//! |---|---|---|
//! | [`Call::transfer`] | locks: coins move into the escrow account | burns |
//! | a transfer is received | releases: coins move out of the escrow account | mints |
//! | a transfer comes back refused | releases to the sender | mints to the sender |
//! | [`Genesis`] | what the escrow account has at genesis | what genesis issues; the same amount |
//!
//! There is **no rounding**: amounts cross whole, in the coin's smallest unit, and nothing is charged for it but the
//! transaction's fee.
//!
//! ## The supply equation
//! On every consistent cut of the two chains, that is, with nothing received before it was sent:
//!
//! ```text
//! X = I + a + b − q,    a ≥ 0,  b ≥ 0
//! ```
//!
//! | term | what it is | by the counters of both chains |
//! |---|---|---|
//! | X | coins in escrow, a surplus aside | genesis(E) + sent(E) − paid(E) − returned(E) |
//! | I | coins issued | genesis(C) + paid(C) + returned(C) − sent(C) |
//! | a | locked on E, neither minted on C nor given back on E | sent(E) − paid(C) − returned(E) |
//! | b | burned on C, neither released on E nor minted again on C | sent(C) − paid(E) − returned(C) |
//! | q | paid from credits on E and not yet burned on C | 0: there are no credits |
//!
//! a and b hold all that is under way: in a message, in the queue, unclaimed, or refused and not yet given back. Each
//! counter is a storage value: sent is [`TotalSent`], paid [`TotalPaid`], returned [`TotalReturned`]. What a chain has
//! received is split without remainder:
//!
//! ```text
//! received = refused + paid + queued + unclaimed
//! ```
//!
//! This, X and I follow from one chain alone and are checked there by [`Pallet::check_invariants`]; [`Pallet::books`]
//! has all the numbers.
//!
//! ## A transfer's way
//! 1. **Sent.** The sender's coins are locked or burned and a message is put into the outbox, in one: an extrinsic that
//!    fails leaves neither. The message says how much was ever sent, so a receiver whose books disagree takes nothing.
//! 2. **Refused or accepted**, by the message and constants alone ([`Outcome`]): refused if the recipient is the escrow
//!    account, or the amount is below [`Config::MinTransfer`]. A refusal travels back as a receipt, and the sender gets
//!    the coins back: [`Event::Returned`].
//! 3. **Paid.** At once, if the limit allows; else from the queue.
//! 4. **Unclaimed**, if a payout or a return fails: it is written to [`Unclaimed`], and anybody can have it paid out
//!    later with [`Call::claim`]. So nothing that a message says blocks the lane, and nothing gets lost:
//!
//! ```js
//! await api.query.peg.unclaimed(account);            // { received, returned }
//! await api.tx.peg.claim(account).signAndSend(anybody);
//! ```
//!
//! ## Limits
//! [`Limits`] are set by genesis or by [`Call::set_limits`]: the most that a transfer sends from here, and the most of
//! what is received that is paid out here in a period. What is over the latter is accepted and waits in [`Queue`],
//! first in, first out. The queue is served at the start of each block, with at most [`Config::MaxPayouts`] payouts;
//! the first entry is paid in part if the period has no more room, so that one larger than a period's limit does not
//! stand in the way for ever. A payout that fails has used its room: a claim is not limited again. Returns are not
//! limited at all.
//!
//! The limit bounds what a forged branch can take. Somebody with more work than the counterpart's miners can have
//! transfers accepted that no honest node executed, once their branch has k blocks' work, k the confirmations asked
//! for. **Keep `per_period` below a tenth of what k blocks' work costs to rent**: then an attack earns nothing for ten
//! periods, in which the authorities can pause the lanes. The default knows nothing of a chain's work. Whoever sets the
//! limits can slow payouts down, but not take anything.
//!
//! ## The escrow account
//! Nobody has its key, it cannot be a sender or a recipient, and a provider reference of its own keeps it alive:
//! neither dust nor an empty balance reaps it. Coins that somebody transfers to it directly are a **surplus**
//! ([`Pallet::surplus`]): they back nothing and are not paid out. A **deficit** ([`Pallet::deficit`]) can only come
//! from a root call that moves or creates coins. While it lasts nothing is sent, and what would be paid is left
//! unclaimed; it ends when it is made good, on the electricity chain by a transfer to the escrow account.

#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

pub use pallet::*;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod books;
mod invariants;
mod payout;
mod queue;
mod receive;
mod send;
pub mod types;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use types::{Limits, Owed, Period, Side};
pub use weights::WeightInfo;

use codec::{Decode, Encode};
use gridpeg_messages::{
    message::Account,
    traits::{ReceiveMessage, SendMessage},
    units::Balance,
    Message, Nonce, Outcome, Payload, Refusal, Transfer,
};
use polkadot_sdk::{
    frame_support::{
        self, ensure,
        storage::with_storage_layer,
        traits::{
            fungible::{Inspect, Mutate},
            tokens::{Fortitude, Precision, Preservation},
            Get,
        },
        weights::Weight,
        PalletId,
    },
    frame_system,
    sp_runtime::{
        traits::{AccountIdConversion, SaturatedConversion},
        DispatchError, DispatchResult,
    },
};

const LOG_TARGET: &str = "runtime::peg";

// The macro puts `expect` into what it writes; our own code in here only calls what is outside.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use polkadot_sdk::sp_runtime::DispatchResult;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: polkadot_sdk::frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The coin.
        type Currency: Mutate<Self::AccountId, Balance = Balance>;
        /// Sends messages.
        type Lanes: SendMessage;
        /// Which end of the peg this chain is.
        #[pallet::constant]
        type Side: Get<Side>;
        /// Names the escrow account.
        #[pallet::constant]
        type EscrowId: Get<PalletId>;
        /// Least amount of a transfer.
        #[pallet::constant]
        type MinTransfer: Get<Balance>;
        /// Who may set limits.
        type AuthorityOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Most payouts from the queue in a block.
        #[pallet::constant]
        type MaxPayouts: Get<u32>;
        /// Weights.
        type WeightInfo: WeightInfo;
    }

    /// X or I at genesis. Written by genesis only.
    #[pallet::storage]
    pub type Genesis<T> = StorageValue<_, Balance, ValueQuery>;

    /// Coins ever sent from here: locked, or burned.
    #[pallet::storage]
    pub type TotalSent<T> = StorageValue<_, Balance, ValueQuery>;

    /// Coins ever received here, refused ones included.
    #[pallet::storage]
    pub type TotalReceived<T> = StorageValue<_, Balance, ValueQuery>;

    /// Received coins that were refused.
    #[pallet::storage]
    pub type TotalRefused<T> = StorageValue<_, Balance, ValueQuery>;

    /// Received coins that were paid out: released, or minted.
    #[pallet::storage]
    pub type TotalPaid<T> = StorageValue<_, Balance, ValueQuery>;

    /// Sum of [`Queue`].
    #[pallet::storage]
    pub type TotalQueued<T> = StorageValue<_, Balance, ValueQuery>;

    /// Sum of the received part of [`Unclaimed`].
    #[pallet::storage]
    pub type TotalUnclaimed<T> = StorageValue<_, Balance, ValueQuery>;

    /// Coins sent from here, refused there and given back here.
    #[pallet::storage]
    pub type TotalReturned<T> = StorageValue<_, Balance, ValueQuery>;

    /// Sum of the returned part of [`Unclaimed`].
    #[pallet::storage]
    pub type TotalUnreturned<T> = StorageValue<_, Balance, ValueQuery>;

    /// Coins that could not be paid out, by account.
    #[pallet::storage]
    pub type Unclaimed<T> = StorageMap<_, Blake2_128Concat, Account, Owed, ValueQuery>;

    /// Payouts that wait for a period with room, by their place in the queue.
    #[pallet::storage]
    pub type Queue<T> = StorageMap<_, Twox64Concat, u64, types::Payout, OptionQuery>;

    /// Place of the first entry.
    #[pallet::storage]
    pub type QueueHead<T> = StorageValue<_, u64, ValueQuery>;

    /// Place that the next entry gets.
    #[pallet::storage]
    pub type QueueTail<T> = StorageValue<_, u64, ValueQuery>;

    /// How much may cross.
    #[pallet::storage]
    pub type LimitsOf<T> = StorageValue<_, Limits, ValueQuery>;

    /// The present period.
    #[pallet::storage]
    pub type PeriodOf<T> = StorageValue<_, Period, ValueQuery>;

    /// Nonces are of the lane from the other chain where coins came from there, and of the lane to it where they were
    /// sent from here.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// Coins were locked in escrow and a message sent.
        Locked {
            /// Number of the message.
            nonce: Nonce,
            /// Who paid.
            sender: T::AccountId,
            /// Who is to get them on the other chain.
            recipient: Account,
            /// How much.
            amount: Balance,
        },
        /// Coins were burned and a message sent.
        Burned {
            /// Number of the message.
            nonce: Nonce,
            /// Who paid.
            sender: T::AccountId,
            /// Who is to get them on the other chain.
            recipient: Account,
            /// How much.
            amount: Balance,
        },
        /// Coins burned on the other chain were released. After `Queued` maybe in several parts.
        Released {
            /// Number of the message.
            nonce: Nonce,
            /// Who got them.
            recipient: Account,
            /// How much.
            amount: Balance,
        },
        /// Coins locked on the other chain were minted. After `Queued` maybe in several parts.
        Minted {
            /// Number of the message.
            nonce: Nonce,
            /// Who got them.
            recipient: Account,
            /// How much.
            amount: Balance,
        },
        /// Received coins wait for a period with room.
        Queued {
            /// Number of the message.
            nonce: Nonce,
            /// Who is to get them.
            recipient: Account,
            /// How much.
            amount: Balance,
        },
        /// A received transfer was refused: the other chain gives the coins back.
        Refused {
            /// Number of the message.
            nonce: Nonce,
            /// Who does not get them.
            recipient: Account,
            /// How much.
            amount: Balance,
            /// Why.
            reason: Refusal,
        },
        /// Coins sent from here were refused by the other chain and given back.
        Returned {
            /// Number of the message.
            nonce: Nonce,
            /// Who has them again.
            sender: Account,
            /// How much.
            amount: Balance,
        },
        /// Coins could not be paid out and wait to be claimed.
        LeftUnclaimed {
            /// Number of the message.
            nonce: Nonce,
            /// Who is to get them.
            recipient: Account,
            /// How much.
            amount: Balance,
            /// Whether they were sent from here and refused by the other chain.
            returned: bool,
        },
        /// Unclaimed coins were paid out.
        Claimed {
            /// Who got them.
            recipient: Account,
            /// How much that came from the other chain.
            received: Balance,
            /// How much that was sent from here and refused by the other chain.
            returned: Balance,
        },
        /// The limits were set.
        LimitsSet {
            /// What they are now.
            limits: Limits,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The amount is below the least amount of a transfer.
        BelowMinimum,
        /// The amount is above the limit of a transfer.
        AboveMaximum,
        /// The sender has less than the amount, or has it reserved.
        InsufficientFunds,
        /// The sender is the escrow account itself.
        SenderIsEscrow,
        /// The lanes are frozen: what waits may never have been sent. Claim when the conflict is over.
        Frozen,
        /// Nothing waits to be claimed for this account.
        NothingToClaim,
        /// The books have a deficit: nothing is sent or paid out until it is made good.
        Deficit,
        /// More than the escrow holds by the counters; a surplus backs nothing.
        NotBacked,
        /// The recipient's 32 bytes are no account of this chain.
        RecipientIsNoAccount,
        /// A transfer's limit is below the least amount, a period's below a transfer's, or a period has no blocks.
        LimitsInvalid,
        /// A total would exceed 128 bits.
        Overflow,
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// How much may cross; [`Limits::DEFAULT`] if it is left out.
        pub limits: Option<Limits>,
        #[doc(hidden)]
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        // Genesis is built before any block exists: a panic here is an error message about the chain spec.
        #[allow(clippy::panic)]
        fn build(&self) {
            let limits = self.limits.unwrap_or_default();
            let least = T::MinTransfer::get();
            if !limits.are_valid(least) {
                panic!("chain spec, peg.limits: must be {least} <= perTransfer <= perPeriod, 1 <= period: {limits:?}");
            }
            LimitsOf::<T>::put(limits);
            Genesis::<T>::put(Pallet::<T>::held());
            frame_system::Pallet::<T>::inc_providers(&Pallet::<T>::escrow_account());
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            T::WeightInfo::serve_queue(Self::serve_queue(now.saturated_into()))
        }

        fn integrity_test() {
            assert!(T::MinTransfer::get() > 0, "Config::MinTransfer: nothing is no transfer");
            assert!(T::MaxPayouts::get() > 0, "Config::MaxPayouts: the queue must move");
            assert!(Limits::DEFAULT.are_valid(T::MinTransfer::get()), "Config::MinTransfer: above the default limits");
            // An account with less would be reaped, and what it had left destroyed.
            assert!(T::Currency::minimum_balance() <= 1, "Config::Currency: an existential deposit makes dust");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), polkadot_sdk::sp_runtime::TryRuntimeError> {
            Self::check_invariants()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Locks or burns coins here and has them paid to `recipient` on the other chain. The sender's account may be
        /// emptied.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::transfer().saturating_add(T::Lanes::weight()))]
        pub fn transfer(
            origin: OriginFor<T>,
            recipient: Account,
            #[pallet::compact] amount: Balance,
        ) -> DispatchResult {
            let sender = ensure_signed(origin)?;
            Self::do_transfer(sender, recipient, amount)
        }

        /// Pays out what waits for `recipient`. Anybody may call it.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::claim())]
        pub fn claim(origin: OriginFor<T>, recipient: Account) -> DispatchResult {
            ensure_signed(origin)?;
            Self::do_claim(recipient)
        }

        /// Sets how much may cross, from now on and in the present period. For the authorities.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_limits())]
        pub fn set_limits(origin: OriginFor<T>, limits: Limits) -> DispatchResult {
            T::AuthorityOrigin::ensure_origin(origin)?;
            Self::do_set_limits(limits)
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Holds all coins that the other chain has issued; empty on the issuance side.
    pub fn escrow_account() -> T::AccountId {
        T::EscrowId::get().into_account_truncating()
    }
}
