//! Import, fork choice, claims, upgrades and finality on forged chains: the real runtime, real work, no network.

mod bad_blocks;
mod claims;
mod copula;
mod execution;
mod finality;
mod fork_choice;
mod prices;
mod proofs;
mod upgrade;
