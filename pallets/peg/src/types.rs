//! The peg's small types.

use codec::{Decode, Encode, MaxEncodedLen};
use gridpeg_messages::units::Balance;
use scale_info::TypeInfo;

/// Which end of the peg a chain is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Side {
    /// Coins are locked and released here: the electricity chain.
    Escrow,
    /// Coins are minted and burned here: the carbon chain.
    Issuance,
}

/// One chain's side of the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Books {
    /// X: balance of the escrow account; 0 on the issuance side.
    pub escrow: Balance,
    /// I: all coins issued; 0 on the escrow side.
    pub issued: Balance,
    /// Coins ever sent from here.
    pub sent: Balance,
    /// Coins ever received here, unclaimed ones included.
    pub received: Balance,
    /// Received coins that wait to be claimed.
    pub unclaimed: Balance,
}
