//! Money: u128 with 12 decimals, the same coin on both chains.

/// Amount of the coin in its smallest unit, 10⁻¹² coin.
pub type Balance = u128;

/// One coin.
pub const COIN: Balance = 1_000_000_000_000;
/// A thousandth of a coin.
pub const MILLICOIN: Balance = COIN / 1_000;
/// A millionth of a coin.
pub const MICROCOIN: Balance = COIN / 1_000_000;
/// The smallest balance an account can have. One unit, so that no dust is ever burned.
pub const EXISTENTIAL_DEPOSIT: Balance = 1;
/// Decimals, as wallets show them.
pub const DECIMALS: u8 = 12;
/// The coin's symbol, as wallets show it.
pub const SYMBOL: &str = "GPEG";
