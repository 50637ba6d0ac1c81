//! Both chains at once: their real runtimes, executed natively block by block, and a relayer that the test plays.
//!
//! Blocks are really executed and mined (at the easiest target), on any branch of either chain; whatever crosses
//! between them does so by proven headers and leaves. A reference model follows every block. Two property tests:
//!
//! - [`everyday`]: random traffic, relaying of every quality, pauses and reorganisations that are not deep;
//! - [`conflict`]: reorganisations of the source that are deeper than the destination's confirmations.
//!
//! | module | what it is |
//! |---|---|
//! | [`store`] | a chain's state at whichever of its blocks |
//! | [`runtimes`] | what the test asks of a runtime, for both |
//! | [`chain`] | a chain: its tree of blocks, mining |
//! | [`ledger`] | the reference model of one chain |
//! | [`parcel`] | what a relayer brings, right and wrong |
//! | [`acting`] | what can be done on a chain, with what has to come of it |
//! | [`campaign`] | random plans until everything has happened often enough |
//! | [`world`] | both chains, and what holds of them together |

mod acting;
mod campaign;
mod chain;
mod conflict;
mod everyday;
mod ledger;
mod parcel;
mod runtimes;
mod store;
mod world;
