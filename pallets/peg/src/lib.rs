//! # Peg
//!
//! The coin's way between the chains. It exists once: on the carbon chain nothing is issued but what is locked in
//! escrow on the electricity chain.
//!
//! - [`Side::Escrow`] (electricity chain): [`Call::transfer`] moves coins into the escrow account and sends a message.
//!   The carbon chain's genesis endowments are backed by a genesis escrow.
//! - [`Side::Issuance`] (carbon chain): a received transfer is minted to its recipient.
//!
//! Transfers go from the electricity chain to the carbon chain only; [`Call::transfer`] on the issuance side answers
//! `DirectionClosed`. A received transfer that cannot be paid out is written to [`Unclaimed`] and can be paid out later
//! by anybody with [`Call::claim`]: it neither blocks the lane nor gets lost.
//!
//! The escrow account is kept alive by a provider reference of its own: neither dust nor an empty balance reaps it.

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

pub mod types;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use types::Side;
pub use weights::WeightInfo;

use codec::{Decode, Encode};
use gridpeg_messages::{
    message::Account,
    traits::{ReceiveMessage, SendMessage},
    units::Balance,
    Message, Nonce, Payload, Transfer,
};
use polkadot_sdk::{
    frame_support::{
        self, ensure,
        traits::{
            fungible::{Inspect, Mutate},
            tokens::{Fortitude, Preservation},
            Get,
        },
        weights::Weight,
        PalletId,
    },
    frame_system,
    sp_runtime::{traits::AccountIdConversion, DispatchError, DispatchResult},
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
        /// Weights.
        type WeightInfo: WeightInfo;
    }

    /// Coins ever sent from here.
    #[pallet::storage]
    pub type TotalSent<T> = StorageValue<_, Balance, ValueQuery>;

    /// Coins ever received here, unclaimed ones included.
    #[pallet::storage]
    pub type TotalReceived<T> = StorageValue<_, Balance, ValueQuery>;

    /// Received coins that could not be paid out, by account.
    #[pallet::storage]
    pub type Unclaimed<T> = StorageMap<_, Blake2_128Concat, Account, Balance, ValueQuery>;

    /// Sum of [`Unclaimed`].
    #[pallet::storage]
    pub type TotalUnclaimed<T> = StorageValue<_, Balance, ValueQuery>;

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
        /// Coins locked on the other chain were minted.
        Minted {
            /// Number of the message.
            nonce: Nonce,
            /// Who got them.
            recipient: Account,
            /// How much.
            amount: Balance,
        },
        /// Received coins could not be paid out and wait to be claimed.
        LeftUnclaimed {
            /// Number of the message.
            nonce: Nonce,
            /// Who is to get them.
            recipient: Account,
            /// How much.
            amount: Balance,
        },
        /// Unclaimed coins were paid out.
        Claimed {
            /// Who got them.
            recipient: Account,
            /// How much.
            amount: Balance,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// Transfers go from the electricity chain to the carbon chain only.
        DirectionClosed,
        /// The amount is below the least amount of a transfer.
        BelowMinimum,
        /// The sender has less than the amount, or has it reserved.
        InsufficientFunds,
        /// The sender is the escrow account itself.
        SenderIsEscrow,
        /// Nothing waits to be claimed for this account.
        NothingToClaim,
        /// A total would exceed 128 bits.
        Overflow,
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        #[doc(hidden)]
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            frame_system::Pallet::<T>::inc_providers(&Pallet::<T>::escrow_account());
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Locks coins here and has them minted to `recipient` on the other chain. The sender's account may be emptied.
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
            let amount = Unclaimed::<T>::take(recipient);
            ensure!(amount > 0, Error::<T>::NothingToClaim);
            let left = TotalUnclaimed::<T>::get().checked_sub(amount).ok_or(Error::<T>::Overflow)?;
            TotalUnclaimed::<T>::put(left);
            Self::pay_out(&recipient, amount)?;
            Self::deposit_event(Event::Claimed { recipient, amount });
            Ok(())
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Holds all coins that the other chain has issued.
    pub fn escrow_account() -> T::AccountId {
        T::EscrowId::get().into_account_truncating()
    }

    fn do_transfer(sender: T::AccountId, recipient: Account, amount: Balance) -> DispatchResult {
        ensure!(T::Side::get() == Side::Escrow, Error::<T>::DirectionClosed);
        ensure!(amount >= T::MinTransfer::get(), Error::<T>::BelowMinimum);
        let escrow = Self::escrow_account();
        ensure!(sender != escrow, Error::<T>::SenderIsEscrow);
        let available = T::Currency::reducible_balance(&sender, Preservation::Expendable, Fortitude::Polite);
        ensure!(available >= amount, Error::<T>::InsufficientFunds);
        T::Currency::transfer(&sender, &escrow, amount, Preservation::Expendable)?;
        let total = TotalSent::<T>::get().checked_add(amount).ok_or(Error::<T>::Overflow)?;
        TotalSent::<T>::put(total);
        let transfer = Transfer { sender: bytes_of(&sender), recipient, amount };
        let nonce = T::Lanes::send(Payload::Transfer(transfer))?;
        Self::deposit_event(Event::Locked { nonce, sender, recipient, amount });
        Ok(())
    }

    fn pay_out(recipient: &Account, amount: Balance) -> DispatchResult {
        ensure!(T::Side::get() == Side::Issuance, Error::<T>::DirectionClosed);
        let account =
            T::AccountId::decode(&mut &recipient[..]).map_err(|_| DispatchError::Other("recipient is no account"))?;
        T::Currency::mint_into(&account, amount)?;
        Ok(())
    }

    /// This chain's side of the books.
    pub fn books() -> types::Books {
        let (escrow, issued) = match T::Side::get() {
            Side::Escrow => (T::Currency::balance(&Self::escrow_account()), 0),
            Side::Issuance => (0, T::Currency::total_issuance()),
        };
        types::Books {
            escrow,
            issued,
            sent: TotalSent::<T>::get(),
            received: TotalReceived::<T>::get(),
            unclaimed: TotalUnclaimed::<T>::get(),
        }
    }
}

impl<T: Config> ReceiveMessage for Pallet<T> {
    fn open() -> bool {
        T::Side::get() == Side::Issuance
    }

    fn receive(message: &Message) {
        let Payload::Transfer(Transfer { recipient, amount, .. }) = &message.payload;
        let (nonce, recipient, amount) = (message.nonce, *recipient, *amount);
        // The other chain cannot have sent more than 2¹²⁸ units; if a broken one says so, the total sticks at its limit.
        TotalReceived::<T>::mutate(|total| *total = total.saturating_add(amount));
        match Self::pay_out(&recipient, amount) {
            Ok(()) => Self::deposit_event(Event::Minted { nonce, recipient, amount }),
            Err(error) => {
                log::warn!(target: LOG_TARGET, "message {nonce}: {amount} units stay unclaimed: {error:?}");
                Unclaimed::<T>::mutate(recipient, |waiting| *waiting = waiting.saturating_add(amount));
                TotalUnclaimed::<T>::mutate(|total| *total = total.saturating_add(amount));
                Self::deposit_event(Event::LeftUnclaimed { nonce, recipient, amount });
            }
        }
    }

    fn weight() -> Weight {
        T::WeightInfo::receive_transfer()
    }
}

/// An account's 32 bytes; a shorter id is padded with zeros.
fn bytes_of(account: &impl Encode) -> Account {
    let mut bytes = Account::default();
    account.using_encoded(|encoded| {
        for (to, from) in bytes.iter_mut().zip(encoded) {
            *to = *from;
        }
    });
    bytes
}
