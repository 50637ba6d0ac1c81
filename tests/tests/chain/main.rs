//! Import, fork choice and finality on forged chains: the real runtime, real work, no network.

mod bad_blocks;
mod finality;
mod fork_choice;
mod proofs;
