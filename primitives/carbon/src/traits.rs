//! How the pallets of the carbon market meet. No pallet names another's types: a runtime joins them through these
//! traits.
//!
//! | trait | by | for |
//! |---|---|---|
//! | [`Polls`] | `oracles` | whoever asks: `emissions`, `data-requests` |
//! | [`OnVerdict`] | whoever asks | `oracles` |
//! | [`Entities`], [`Years`] | `emissions` | `quota`, `carbon-auction`, `data-requests` |
//! | [`Obligations`], [`Generation`] | `emissions` | `quota` |
//! | [`Vintages`] | `quota` | `emissions` |
//! | [`Holdings`] | `quota` | `carbon-auction` |
//! | [`Records`] | `pv-market` | `data-requests` on the electricity chain |

use crate::{
    compliance::Vintage,
    data::Head,
    quotes::Rank,
    units::{Factor, Grams, Wh},
    votes::{PollId, Question, Verdict},
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_header::Millis;
use gridpeg_market::{calendar::Year, traits::MeterId};
use gridpeg_messages::message::Account;
use polkadot_sdk::{
    sp_runtime::{DispatchError, DispatchResult},
    sp_weights::Weight,
};
use scale_info::TypeInfo;

/// Number of a participant, from 0, in the order of the register.
pub type EntityId = u32;

/// What a participant is.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Carbon and electricity consumer: regulated.
    #[codec(index = 0)]
    Cec,
    /// Photovoltaic prosumer.
    #[codec(index = 1)]
    Pvp,
    /// The authorities' own account: it offers the share of the allocations that is to be auctioned.
    #[codec(index = 2)]
    Authority,
}

/// What the other pallets need to know of a participant.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct EntityInfo<AccountId> {
    /// Its number.
    pub id: EntityId,
    /// Its account on this chain.
    pub account: AccountId,
    /// What it is.
    pub kind: Kind,
    /// Its account on the electricity chain, once both keys have agreed.
    pub electricity: Option<Account>,
}

/// The register.
pub trait Entities<AccountId> {
    /// Whose account this is.
    fn of(account: &AccountId) -> Option<EntityInfo<AccountId>>;
    /// A participant by its number.
    fn entity(id: EntityId) -> Option<EntityInfo<AccountId>>;
    /// Whose account on the electricity chain this is.
    fn of_electricity(account: &Account) -> Option<EntityInfo<AccountId>>;
    /// What it lacks of a year by the check; 0 if nothing, or without a check.
    fn deficit(id: EntityId, year: Year) -> Grams;
    /// What any one of these costs at most.
    fn weight() -> Weight;
}

/// The rank that a quote gets in the paper's pairing: a seller's number, a buyer's deficit.
pub fn rank(seller: Option<EntityId>, deficit: Grams) -> Rank {
    seller.map_or(deficit, Rank::from)
}

/// The years, as the electricity chain's calendar has them.
pub trait Years {
    /// The year that is now; none before the calendar begins.
    fn now() -> Option<Year>;
    /// The last year that is over; none before the first one is.
    fn last_over() -> Option<Year> {
        Self::now()?.checked_sub(1)
    }
    /// Until when quota can be surrendered for a year, Unix ms.
    fn deadline(year: Year) -> Millis;
    /// Whether that is over.
    fn is_due(year: Year) -> bool;
}

/// What the regulated owe.
pub trait Obligations {
    /// Emissions of a year and what a later adjustment took back, by what is known now. None of who owes nothing, and
    /// before the oracles have said what the meters do not show.
    fn owed(id: EntityId, year: Year) -> Option<Grams>;
    /// Closes the check of a year: what is proven of it later counts for the first one that is open. Returns what is
    /// owed; fails if that is not known.
    fn close(id: EntityId, year: Year) -> Result<Grams, DispatchError>;
    /// What either costs at most.
    fn weight() -> Weight;
}

/// A proven statement of a meter that counts generation.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Generated {
    /// Who owned the site when the year was closed: an account of the electricity chain.
    pub owner: Account,
    /// The twelve P_t of eq. 1, Wh.
    pub months: [Wh; 12],
    /// How much of it was sold as green energy, Wh.
    pub sold_green: Wh,
}

/// What was generated.
pub trait Generation {
    /// The statement of a meter and year; none before it is proven, and of a meter that counts something else.
    fn statement(meter: MeterId, year: Year) -> Option<Generated>;
    /// What it costs at most.
    fn weight() -> Weight;
}

/// Quota by vintage, as the register needs it.
pub trait Vintages<AccountId> {
    /// δ of a vintage, once it is set.
    fn delta(vintage: Vintage) -> Option<Factor>;
    /// Issues an allocation to an account.
    fn allocate(account: &AccountId, vintage: Vintage, grams: Grams) -> DispatchResult;
    /// The authorities' account, where the share that is to be auctioned goes, and where fines do.
    fn treasury() -> AccountId;
    /// What any one of these costs at most.
    fn weight() -> Weight;
}

/// Quota as the auction moves it.
pub trait Holdings<AccountId> {
    /// Whether a vintage counts for a year.
    fn counts_for(vintage: Vintage, year: Year) -> bool;
    /// Whether an account may sell: who owes a fine may not.
    fn may_sell(account: &AccountId) -> bool;
    /// Puts tradable quota of an account into escrow.
    fn hold(account: &AccountId, vintage: Vintage, grams: Grams) -> DispatchResult;
    /// Gives quota in escrow back.
    fn release(account: &AccountId, vintage: Vintage, grams: Grams) -> DispatchResult;
    /// Gives quota that `from` has in escrow to another account.
    fn deliver(from: &AccountId, to: &AccountId, vintage: Vintage, grams: Grams) -> DispatchResult;
    /// What any one of these costs at most.
    fn weight() -> Weight;
}

/// Asks the oracles.
pub trait Polls {
    /// Opens a poll until a time. Fails without oracles, and while too many are open.
    fn open(question: Question, until: Millis) -> Result<PollId, DispatchError>;
    /// What it costs at most.
    fn weight() -> Weight;
}

/// Takes the oracles' verdicts. A runtime gives a tuple of those who ask; each acts on its own questions only.
pub trait OnVerdict {
    /// A poll is over.
    fn on_verdict(poll: PollId, question: &Question, verdict: Verdict);
    /// What it costs at most.
    fn weight() -> Weight;
}

/// Nobody asks.
impl OnVerdict for () {
    fn on_verdict(_: PollId, _: &Question, _: Verdict) {}
    fn weight() -> Weight {
        Weight::zero()
    }
}

impl<A: OnVerdict, B: OnVerdict> OnVerdict for (A, B) {
    fn on_verdict(poll: PollId, question: &Question, verdict: Verdict) {
        A::on_verdict(poll, question, verdict);
        B::on_verdict(poll, question, verdict);
    }
    fn weight() -> Weight {
        A::weight().saturating_add(B::weight())
    }
}

/// The trades of the electricity market, numbered by account.
pub trait Records {
    /// What stands for all trades of an account so far.
    fn head(account: &Account) -> Head;
    /// What it costs at most.
    fn weight() -> Weight;
}

/// No market: nobody has any.
impl Records for () {
    fn head(_: &Account) -> Head {
        Head::default()
    }
    fn weight() -> Weight {
        Weight::zero()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sellers_rank_by_number_and_buyers_by_deficit() {
        assert_eq!((rank(Some(3), 7), rank(None, 7)), (3, 7));
    }

    #[test]
    fn without_a_market_there_are_no_records() {
        assert_eq!(<() as Records>::head(&[1; 32]), Head::default());
    }

    #[test]
    fn the_last_year_that_is_over_is_the_one_before() {
        struct In<const YEAR: u32>;
        impl<const YEAR: u32> Years for In<YEAR> {
            fn now() -> Option<Year> {
                Some(YEAR)
            }
            fn deadline(_: Year) -> Millis {
                0
            }
            fn is_due(_: Year) -> bool {
                false
            }
        }
        assert_eq!((In::<0>::last_over(), In::<5>::last_over()), (None, Some(4)));
    }
}
