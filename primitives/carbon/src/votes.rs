//! What the oracles decide.
//!
//! The oracles of a chain are a registered set; each has one vote. A vote *passes* when
//!
//! votes · 100 > 51 · registered,
//!
//! the paper's "more than 51 %": of 100, 51 are not enough and 52 are. Both numbers are those of now: only votes of
//! present members count, out of all present members.
//!
//! | a poll asks for | is over at once when | at its end |
//! |---|---|---|
//! | [`Asks::Approval`] | the approving votes pass, or cannot pass any more | [`Verdict::Expired`] |
//! | [`Asks::Value`] | all members have voted | the median if the votes pass, else [`Verdict::Expired`] |
//!
//! A value waits for its end, because a median of the first half of the votes is the fastest voters' median.
//!
//! **The median** of an odd number of values is the middle one. Of an even number it is one of the middle two, never a
//! number between them that nobody has said: [`Even`] says which. For emissions it is the upper one, for output, which
//! allocations grow with, the lower one.

use crate::{traits::EntityId, Year};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_header::H256;
use gridpeg_messages::message::Account;
use scale_info::TypeInfo;

/// Number of a poll, from 0.
pub type PollId = u64;
/// Number of a data request, from 0.
pub type RequestId = u64;
/// A compressed secp256k1 public key.
pub type ReadKey = [u8; 33];

/// What a vote must exceed, in per cent.
pub const THRESHOLD: u64 = 51;
const CENT: u64 = 100;

/// Whether so many votes of so many members pass.
pub fn passes(votes: u32, registered: u32) -> bool {
    u64::from(votes).saturating_mul(CENT) > u64::from(registered).saturating_mul(THRESHOLD)
}

/// The fewest votes that pass.
pub fn least(registered: u32) -> u32 {
    let whole = u64::from(registered).saturating_mul(THRESHOLD) / CENT;
    // At most a little over half of 32 bits.
    (whole as u32).saturating_add(1)
}

/// Which of the middle two of an even number of values is the median.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Even {
    /// The lower one.
    #[codec(index = 0)]
    Lower,
    /// The upper one.
    #[codec(index = 1)]
    Upper,
}

/// The median; `None` of no values. Sorts them.
pub fn median<T: Ord + Copy>(values: &mut [T], even: Even) -> Option<T> {
    values.sort_unstable();
    let last = values.len().checked_sub(1)?;
    let at = match even {
        Even::Lower => last / 2,
        Even::Upper => last.div_ceil(2),
    };
    values.get(at).copied()
}

/// What a poll is about. Oracles vote by it, and who has asked acts on it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Question {
    /// May this entity read its own trades of the electricity chain?
    #[codec(index = 0)]
    DataRequest {
        /// Number of the request.
        request: RequestId,
        /// Who asks.
        entity: EntityId,
        /// Its account on the electricity chain.
        subject: Account,
        /// The key that its reading will be signed with.
        key: ReadKey,
    },
    /// What has this entity emitted in a year beyond what its meters show, in grams?
    #[codec(index = 1)]
    Activity {
        /// Who.
        entity: EntityId,
        /// When.
        year: Year,
    },
    /// What has this entity put out in a year, in the units of its benchmark?
    #[codec(index = 2)]
    Output {
        /// Who.
        entity: EntityId,
        /// When.
        year: Year,
    },
    /// Anything else that the authorities want to know: the hash of a text that is published elsewhere.
    #[codec(index = 3)]
    Open {
        /// BLAKE2b-256 of the text.
        text: H256,
        /// What is asked for.
        asks: Asks,
    },
}

impl Question {
    /// What it asks for.
    pub fn asks(&self) -> Asks {
        match self {
            Self::DataRequest { .. } => Asks::Approval,
            Self::Activity { .. } => Asks::Value(Even::Upper),
            Self::Output { .. } => Asks::Value(Even::Lower),
            Self::Open { asks, .. } => *asks,
        }
    }
}

/// What a poll asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Asks {
    /// Yes or no.
    #[codec(index = 0)]
    Approval,
    /// A number.
    #[codec(index = 1)]
    Value(Even),
}

/// A vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Ballot {
    /// Yes.
    #[codec(index = 0)]
    Approve,
    /// No.
    #[codec(index = 1)]
    Reject,
    /// A number.
    #[codec(index = 2)]
    Value(u128),
}

impl Ballot {
    /// Whether it is an answer to what is asked.
    pub fn answers(&self, asks: Asks) -> bool {
        matches!(self, Self::Value(_)) == matches!(asks, Asks::Value(_))
    }
}

/// How a poll ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Verdict {
    /// The approving votes pass.
    #[codec(index = 0)]
    Approved,
    /// The approving votes cannot pass any more.
    #[codec(index = 1)]
    Rejected,
    /// The median of the values.
    #[codec(index = 2)]
    Value(u128),
    /// The poll ended, and its votes do not pass.
    #[codec(index = 3)]
    Expired,
}

/// How a poll ends with these ballots of so many members, one of each member at most; `None` if it goes on. `over`:
/// whether its time is over. Ballots that do not answer what is asked do not count.
pub fn verdict(asks: Asks, ballots: impl IntoIterator<Item = Ballot>, registered: u32, over: bool) -> Option<Verdict> {
    let ballots: Vec<Ballot> = ballots.into_iter().filter(|ballot| ballot.answers(asks)).collect();
    let voted = ballots.len() as u32;
    match asks {
        Asks::Approval => {
            let approving = ballots.iter().filter(|ballot| **ballot == Ballot::Approve).count() as u32;
            let at_most = approving.saturating_add(registered.saturating_sub(voted));
            if passes(approving, registered) {
                Some(Verdict::Approved)
            } else if !passes(at_most, registered) {
                Some(Verdict::Rejected)
            } else {
                over.then_some(Verdict::Expired)
            }
        }
        Asks::Value(even) => {
            if voted < registered && !over {
                return None;
            }
            let mut values: Vec<u128> = ballots
                .into_iter()
                .filter_map(|ballot| if let Ballot::Value(value) = ballot { Some(value) } else { None })
                .collect();
            let value = median(&mut values, even).filter(|_| passes(voted, registered));
            match value {
                Some(value) => Some(Verdict::Value(value)),
                // Nobody is registered: somebody may be, before the end.
                None => over.then_some(Verdict::Expired),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn approvals(approve: usize, reject: usize) -> Vec<Ballot> {
        [vec![Ballot::Approve; approve], vec![Ballot::Reject; reject]].concat()
    }

    #[test]
    fn of_100_votes_51_are_not_enough_and_52_are() {
        assert!(!passes(51, 100) && passes(52, 100));
        // 5.1 of 10, 1.53 of 3, 0.51 of 1, 0 of 0.
        let cases = [(5, 10, false), (6, 10, true), (1, 3, false), (2, 3, true), (1, 1, true), (0, 1, false)];
        for (votes, registered, expected) in cases {
            assert_eq!(passes(votes, registered), expected, "{votes} of {registered}");
        }
        assert!(!passes(0, 0));
        assert!(passes(u32::MAX, u32::MAX));
    }

    #[test]
    fn approval_is_decided_as_soon_as_it_is_certain() {
        let of = |approve, reject, over| verdict(Asks::Approval, approvals(approve, reject), 100, over);
        assert_eq!(of(51, 0, false), None);
        assert_eq!(of(52, 0, false), Some(Verdict::Approved));
        assert_eq!(of(51, 48, false), None);
        assert_eq!(of(51, 49, false), Some(Verdict::Rejected));
        assert_eq!(of(51, 48, true), Some(Verdict::Expired));
        assert_eq!(of(52, 0, true), Some(Verdict::Approved));
        // Values are no answer.
        assert_eq!(verdict(Asks::Approval, [Ballot::Value(1); 60], 100, false), None);
    }

    #[test]
    fn a_value_waits_for_all_or_for_the_end() {
        let values = |count: u128| (0..count).map(Ballot::Value).collect::<Vec<_>>();
        let asks = Asks::Value(Even::Upper);
        assert_eq!(verdict(asks, values(99), 100, false), None);
        assert_eq!(verdict(asks, values(100), 100, false), Some(Verdict::Value(50)));
        assert_eq!(verdict(Asks::Value(Even::Lower), values(100), 100, false), Some(Verdict::Value(49)));
        assert_eq!(verdict(asks, values(51), 100, true), Some(Verdict::Expired));
        assert_eq!(verdict(asks, values(52), 100, true), Some(Verdict::Value(26)));
        assert_eq!(verdict(asks, values(53), 100, true), Some(Verdict::Value(26)));
        assert_eq!(verdict(asks, values(0), 0, false), None);
        assert_eq!(verdict(asks, values(0), 0, true), Some(Verdict::Expired));
        // A yes is no number.
        assert_eq!(verdict(asks, approvals(100, 0), 100, true), Some(Verdict::Expired));
    }

    #[test]
    fn questions_say_what_they_ask_for() {
        assert_eq!(Question::Activity { entity: 1, year: 2 }.asks(), Asks::Value(Even::Upper));
        assert_eq!(Question::Output { entity: 1, year: 2 }.asks(), Asks::Value(Even::Lower));
        let request = Question::DataRequest { request: 1, entity: 2, subject: [3; 32], key: [4; 33] };
        assert_eq!(request.asks(), Asks::Approval);
        assert!(Ballot::Approve.answers(request.asks()) && !Ballot::Value(0).answers(request.asks()));
    }

    proptest! {
        #[test]
        fn the_least_is_the_least(registered: u32) {
            prop_assert!(passes(least(registered), registered) || registered == 0);
            prop_assert!(!passes(least(registered) - 1, registered));
        }

        #[test]
        fn a_median_is_one_of_the_values_and_in_their_middle(values: Vec<u128>) {
            let mut values = values;
            let count = values.len();
            for even in [Even::Lower, Even::Upper] {
                let Some(median) = median(&mut values, even) else {
                    prop_assert_eq!(count, 0);
                    return Ok(());
                };
                prop_assert!(values.contains(&median));
                let below = values.iter().filter(|value| **value < median).count();
                let above = values.iter().filter(|value| **value > median).count();
                prop_assert!(2 * below <= count && 2 * above <= count);
            }
            prop_assert!(median(&mut values, Even::Lower) <= median(&mut values, Even::Upper));
        }

        #[test]
        fn the_order_of_votes_does_not_matter(values in proptest::collection::vec(0..5u128, 0..20), over: bool) {
            let mut values = values;
            let ballots = |values: &[u128]| values.iter().map(|value| Ballot::Value(*value)).collect::<Vec<_>>();
            let asks = Asks::Value(Even::Upper);
            let forwards = verdict(asks, ballots(&values), 20, over);
            values.reverse();
            prop_assert_eq!(verdict(asks, ballots(&values), 20, over), forwards);
        }
    }
}
