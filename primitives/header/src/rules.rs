//! What a header must satisfy given its parent.
//!
//! The order is that of the import: cheap before expensive, and the work before anything that costs the verifier more
//! than a hash. [`Tip::check`] is the whole of what a light client checks; a full node goes on with inherents and
//! execution, which recomputes the `jnt_` item and so the analysis.

use crate::{
    digest::JointHeader,
    target::{next_target, work_of},
    work::meets,
    BlockNumber, Millis, PowParameters, H256, U256,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What of a header its children's checks need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Tip {
    /// Height.
    pub number: BlockNumber,
    /// Sealed hash.
    pub hash: H256,
    /// Timestamp; 0 for genesis, which has none.
    pub time: Millis,
    /// Time since the parent; `None` for genesis and block 1, which anchors time.
    pub solve_time: Option<Millis>,
    /// d_base; for genesis that of block 1.
    pub target: U256,
    /// Base work from block 1 up to this block.
    pub work: U256,
}

/// Why a header is refused. The names say which rule it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum RuleError {
    /// The header's parent is another block.
    Parent,
    /// The number is not the parent's plus one.
    Number,
    /// The target is not the one that the parents' times give.
    Target,
    /// The cumulative work is not the parent's plus ⌊2²⁵⁶/target⌋.
    CumulativeWork,
    /// The time is not above the parent's.
    TimeNotAboveParent,
    /// The time is too far ahead of the verifier's clock.
    TimeInFuture,
    /// The work hash is above the target.
    WorkAboveTarget,
}

impl core::fmt::Display for RuleError {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str(match self {
            Self::Parent => "the header's parent is another block",
            Self::Number => "the number is not the parent's plus one",
            Self::Target => "the target is not the one that follows from the parents' times",
            Self::CumulativeWork => "the cumulative work is not the parent's plus this block's",
            Self::TimeNotAboveParent => "the time is not above the parent's",
            Self::TimeInFuture => "the time is too far ahead of this clock",
            Self::WorkAboveTarget => "the work hash is above the target",
        })
    }
}

impl Tip {
    /// The tip of a chain that has only its genesis block.
    pub fn genesis(hash: H256, parameters: &PowParameters) -> Self {
        Self { number: 0, hash, time: 0, solve_time: None, target: parameters.initial_target, work: U256::zero() }
    }

    /// d_base of this tip's children.
    pub fn next_target(&self, parameters: &PowParameters) -> U256 {
        match self.solve_time {
            Some(solve_time) => next_target(self.target, solve_time, parameters),
            None => self.target,
        }
    }

    /// Checks a child of this tip and returns the tip it makes. `now` is the verifier's clock.
    ///
    /// Order: parent, number, target, cumulative work, time above the parent's, work hash, time against the clock. The
    /// clock comes last because either clock may be the wrong one, so that rule condemns nobody: a header without work
    /// must not get that far.
    pub fn check(&self, child: &JointHeader, parameters: &PowParameters, now: Millis) -> Result<Tip, RuleError> {
        if child.parent != self.hash {
            return Err(RuleError::Parent);
        }
        if self.number.checked_add(1) != Some(child.number) {
            return Err(RuleError::Number);
        }
        let joint = &child.joint;
        if joint.target != self.next_target(parameters) {
            return Err(RuleError::Target);
        }
        if self.work.checked_add(work_of(joint.target)) != Some(joint.work) {
            return Err(RuleError::CumulativeWork);
        }
        if joint.time <= self.time {
            return Err(RuleError::TimeNotAboveParent);
        }
        if !meets(&child.work_hash(), joint.effective_target()) {
            return Err(RuleError::WorkAboveTarget);
        }
        if joint.time > now.saturating_add(parameters.max_drift()) {
            return Err(RuleError::TimeInFuture);
        }
        Ok(self.child(child))
    }

    /// The tip that a checked child makes.
    fn child(&self, child: &JointHeader) -> Tip {
        Tip {
            number: child.number,
            hash: child.hash,
            time: child.joint.time,
            solve_time: (self.number > 0).then(|| child.joint.time.saturating_sub(self.time)),
            target: child.joint.target,
            work: child.joint.work,
        }
    }
}
