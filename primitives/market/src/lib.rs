//! # The rules of the electricity market
//!
//! Pure functions on integers: no storage, no clock, no floating point. The pallets store what goes in and act on what
//! comes out; a test, a wallet or another implementation can call the same functions.
//!
//! | module | what it holds |
//! |---|---|
//! | [`units`] | energy, prices, and money made of them |
//! | [`calendar`] | delivery slots, months, years |
//! | [`book`] | orders, and the keys that put them in order |
//! | [`clearing`] | which orders trade with which, how much, at which price |
//! | [`voltage`] | how much a trade may have before it spoils a voltage |
//! | [`fee`] | the network fee by voltage level and electrical distance |
//! | [`records`] | orders, trades and bills as they are stored and told |
//! | [`settlement`] | from contracts and metered energy to the lines of a bill |
//! | [`feeder33`] | the IEEE 33-bus feeder |
//! | [`leaf`] | what headers commit of the market |
//! | [`traits`] | how the pallets meet |
//!
//! ## The course of a slot
//! 1. Until the gate closes, sites place asks and bids for the slot, one book for each feeder. A bid holds its value at
//!    the limit and the highest network fee ([`settlement::hold_of_bid`]), an ask the highest penalty
//!    ([`settlement::hold_of_ask`]).
//! 2. The book is cleared ([`clearing::Clearing`]): best bid against best ask as long as they cross, as far as the
//!    voltages allow. It can stop after any step and go on in the next block.
//! 3. The electricity flows, the meters are read, the time for corrections passes.
//! 4. Contracts are settled against what was metered ([`settlement`]): first in, first out; what was contracted and not
//!    metered costs a penalty beyond a free band, the rest goes to the grid or comes from it.
//!
//! ## Rounding
//! The turnover of a trade is rounded down, the same for both sides. What is owed for anything else (network fee,
//! residual, penalty, holds) is rounded up, what the grid pays is rounded down. So what leaves some accounts in a slot
//! is exactly what reaches the others.

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
#![warn(missing_docs)]

extern crate alloc;

pub mod book;
pub mod calendar;
pub mod clearing;
pub mod fee;
pub mod feeder33;
pub mod leaf;
pub mod records;
pub mod settlement;
pub mod traits;
pub mod units;
pub mod voltage;

pub use book::{Book, Key, Order, OrderId, Side};
pub use calendar::{Calendar, Month, Slot, Year};
pub use clearing::{Clearing, Event, Pricing, Rule, Trade};
pub use fee::{FeeTable, Lines};
pub use traits::{
    Bus, Direction, ElectricityCredit, FeederId, Feeders, Level, MeterId, Metering, Mode, SiteId, SiteInfo,
};
pub use units::{Balance, BasisPoints, FinePrice, Price, Watt, Wh};
pub use voltage::{CopperPlate, Feeder, Grid, Voltages};
