//! The peg's small types.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_messages::{
    message::Account,
    units::{Balance, COIN},
    Nonce,
};
use scale_info::TypeInfo;

/// Which end of the peg a chain is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Side {
    /// Coins are locked and released here: the electricity chain.
    Escrow,
    /// Coins are burned and minted here: the carbon chain.
    Issuance,
}

/// How much may cross.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Limits {
    /// Most that one transfer sends from here.
    pub per_transfer: Balance,
    /// Most of what is received that is paid out here in a period.
    pub per_period: Balance,
    /// Length of a period, in blocks.
    pub period: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Limits {
    /// The limits of a chain whose genesis gives none: 100,000 coins a transfer, 1,000,000 coins in 600 blocks. Whether
    /// that is low enough depends on the work of the counterpart.
    pub const DEFAULT: Self = Self { per_transfer: 100_000 * COIN, per_period: 1_000_000 * COIN, period: 600 };

    /// Whether transfers of `least` fit and a period is long enough to end.
    pub fn are_valid(&self, least: Balance) -> bool {
        self.per_transfer >= least && self.per_period >= self.per_transfer && self.period >= 1
    }
}

/// The period that a limit is counted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Period {
    /// Its first block.
    pub start: u32,
    /// What it has let through, left unclaimed or not.
    pub paid: Balance,
}

impl Period {
    /// The period that block `now` is in, with periods of this length from `start` on.
    pub fn at(self, now: u32, length: u32) -> Self {
        let elapsed = now.saturating_sub(self.start);
        let into = elapsed.checked_rem(length).unwrap_or_default();
        if into == elapsed {
            return self;
        }
        Self { start: now.saturating_sub(into), paid: 0 }
    }

    /// What it still lets through.
    pub fn room(&self, limits: &Limits) -> Balance {
        limits.per_period.saturating_sub(self.paid)
    }
}

/// A payout that waits for a period with room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Payout {
    /// Number of the message.
    pub nonce: Nonce,
    /// Who gets it.
    pub recipient: Account,
    /// How much of it is left to pay. Never 0.
    pub amount: Balance,
}

/// What an account can claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Owed {
    /// Sent to it from the other chain.
    pub received: Balance,
    /// Sent by it to the other chain and refused there.
    pub returned: Balance,
}

impl Owed {
    /// Whether there is nothing to claim.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// One part of it.
    pub(crate) fn part(&mut self, part: Part) -> &mut Balance {
        match part {
            Part::Received => &mut self.received,
            Part::Returned => &mut self.returned,
        }
    }
}

/// Why coins are paid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// They came from the other chain.
    Received,
    /// They were sent to the other chain and refused there.
    Returned,
}

/// One chain's side of the books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// X: balance of the escrow account; 0 on the issuance side.
    pub escrow: Balance,
    /// I: all coins issued; 0 on the escrow side.
    pub issued: Balance,
    /// X or I at genesis.
    pub genesis: Balance,
    /// Coins ever sent from here: locked, or burned.
    pub sent: Balance,
    /// Coins ever received here, refused ones included.
    pub received: Balance,
    /// Of them, refused: the other chain gives them back.
    pub refused: Balance,
    /// Of them, paid out: released, or minted.
    pub paid: Balance,
    /// Of them, waiting in the queue.
    pub queued: Balance,
    /// Of them, waiting to be claimed.
    pub unclaimed: Balance,
    /// Coins sent from here, refused there and given back here.
    pub returned: Balance,
    /// Coins sent from here, refused there and waiting here to be claimed.
    pub unreturned: Balance,
    /// Coins beyond what the counters say: more in escrow, or fewer issued.
    pub surplus: Balance,
    /// Coins that the counters do not account for: fewer in escrow than they say, or more issued.
    pub deficit: Balance,
}
