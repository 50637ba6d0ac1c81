//! # The rules of the carbon market
//!
//! Pure functions on integers: no storage, no clock, no floating point. The pallets store what goes in and act on what
//! comes out; a test, a wallet or another implementation can call the same functions.
//!
//! | module | what it holds | paper |
//! |---|---|---|
//! | [`units`] | grams, prices per tonne, money made of them | |
//! | [`votes`] | when a vote of the oracles passes, and which value it has | Algorithm 1, step 1 |
//! | [`allocation`] | cap, benchmark × output, shares, later adjustment | table 1 |
//! | [`issuance`] | the quota of a photovoltaic plant, M = δ Σ P_t | eq. 1 |
//! | [`check`] | emissions, and what is left of the allocation or missing | Algorithm 1, lines 8 to 11; table 3 |
//! | [`compliance`] | surrender, banking, fine, debt | section II.A.2 |
//! | [`quotes`] | quotes, and the keys that put them in order | Algorithm 2, line 6 |
//! | [`auction`] | who trades with whom, how much, at which price | Algorithm 2, line 7; section IV.C; table 4 |
//! | [`data`] | a participant's records as a chain of hashes, and packages of them | fig. 4; Algorithm 1, lines 5–7 |
//! | [`leaves`] | what the headers commit: EOC and TOC | fig. 3 |
//! | [`traits`] | how the pallets meet | |
//!
//! Two sorts of participants ([`Kind`]): a **CEC** (carbon and electricity consumer) is regulated, gets an allocation
//! and surrenders as much quota as it emits; a **PVP** (photovoltaic prosumer) gets quota for what it generates and
//! sells it.
//!
//! ## The course of a year
//! 1. The authorities fix cap, benchmark and shares; CECs get the free share of their allocation as quota of the year's
//!    *vintage* ([`allocation`]).
//! 2. The year passes on the electricity chain. Each meter's year is closed there, and its statement crosses.
//! 3. PVPs get quota of that vintage for what their meters have generated ([`issuance`]).
//! 4. Every participant declares what it expects to have or to lack, in the paper the *estimated carbon quota*. The
//!    chain computes the *check value* from statements and medians ([`check`]), and that is what counts.
//! 5. In each clearing period who has too much and who has too little meet ([`auction`]).
//! 6. CECs surrender ([`compliance`]). What is missing after the deadline costs a fine and stays owed.
//!
//! ## Rounding
//! Always against the one who gains: quota and allocations are rounded down, emissions up; the turnover of a trade
//! down, the same for both sides; what is held for a bid, paid as a fine, or for quota at a fixed price, up. Of an even
//! number of votes that one of the middle two counts which is worse for the participant.

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

pub mod allocation;
pub mod auction;
pub mod check;
pub mod compliance;
pub mod data;
pub mod issuance;
pub mod leaves;
pub mod quotes;
pub mod traits;
pub mod units;
pub mod votes;

pub use allocation::{Scheme, Shares};
pub use auction::{Auction, Deal, Event, Terms};
pub use check::Check;
pub use compliance::{Settlement, Vintage};
pub use data::Head;
pub use gridpeg_market::calendar::Year;
pub use leaves::{EocLeaf, TocLeaf};
pub use quotes::{List, Pairing, Quote, QuoteId, Quotes, Rank, Stage};
pub use traits::{EntityId, EntityInfo, Kind};
pub use units::{Balance, BasisPoints, Factor, FinePrice, Grams, TonnePrice, Wh};
pub use votes::{Ballot, Even, PollId, Question, Verdict};
