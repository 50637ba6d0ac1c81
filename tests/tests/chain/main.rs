//! Import, fork choice, claims and finality on forged chains: the real runtime, real work, no network.

mod bad_blocks;
mod claims;
mod copula;
mod finality;
mod fork_choice;
mod proofs;
