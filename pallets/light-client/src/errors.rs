//! The errors of the header's own rules, as this pallet names them.

use crate::Error;
use gridpeg_header::{HeaderError, RuleError};

impl<T> From<HeaderError> for Error<T> {
    fn from(error: HeaderError) -> Self {
        match error {
            HeaderError::TooLong | HeaderError::Malformed | HeaderError::Genesis => Error::HeaderMalformed,
            HeaderError::SealMissing | HeaderError::SealMalformed => Error::SealMalformed,
            HeaderError::PreDigestMissing
            | HeaderError::PreDigestMalformed
            | HeaderError::JointDigestMissing
            | HeaderError::JointDigestMalformed
            | HeaderError::Subtrees
            | HeaderError::Analysis
            | HeaderError::UnexpectedItem => Error::DigestMalformed,
        }
    }
}

impl<T> From<RuleError> for Error<T> {
    fn from(error: RuleError) -> Self {
        match error {
            RuleError::Parent => Error::ParentUnknown,
            RuleError::Number => Error::WrongNumber,
            RuleError::Target => Error::WrongTarget,
            RuleError::CumulativeWork => Error::WrongCumulativeWork,
            RuleError::TimeNotAboveParent => Error::TimeNotAboveParent,
            RuleError::TimeInFuture => Error::TimeInFuture,
            RuleError::WorkAboveTarget => Error::WorkAboveTarget,
        }
    }
}
