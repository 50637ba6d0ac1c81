//! A participant's records as a chain of hashes, and packages of them (fig. 4, Algorithm 1 lines 5 to 7).
//!
//! The electricity chain numbers the trades of every account from 1 without gaps, sales and purchases in one series,
//! and keeps a [`Head`] for each account:
//!
//! H_0 = 0, H_n = BLAKE2b-256(`gridpeg-record` ‖ H_(n−1) ‖ n ‖ record n)
//!
//! with n as u64, little-endian, and the record as it is a leaf of the PV-trading subtree. So a head of 40 bytes stands
//! for all records up to it, in their order: nobody can leave one out, change one or put one in and still come to it.
//!
//! A node of the carbon chain asks for its own records ([`crate::votes::Question::DataRequest`]). Once the oracles have
//! approved, the request crosses, and the head comes back the same way: proven by the light client. The records
//! themselves travel outside the chains, and [`follow`] says whether they are those that the head stands for. It costs
//! a hash a record and no byte more; a Merkle proof for each, in a block and a header of its own, would be 20 times the
//! record.
//!
//! ## Signed bytes
//! | | bytes |
//! |---|---|
//! | reading, [`ReadRequest`] | `gridpeg-read` ‖ electricity chain's genesis ‖ request u64 ‖ after u64 ‖ time u64 |
//! | [`binding`] | `gridpeg-bind` ‖ carbon chain's genesis ‖ electricity chain's ‖ carbon account ‖ the other |
//!
//! Integers are little-endian, a genesis is its hash. A reading is signed by secp256k1 ECDSA with recovery, over the
//! BLAKE2b-256 hash of its bytes; a binding as the account's key signs. Wallets wrap what they are asked to sign as
//! bytes in `<Bytes>` and `</Bytes>` ([`wrapped`]); both forms of a binding count.

use crate::votes::RequestId;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_header::{Millis, H256};
use gridpeg_messages::message::Account;
use polkadot_sdk::sp_crypto_hashing::blake2_256;
use scale_info::TypeInfo;

/// Most records in one call.
pub const MAX_RECORDS: u32 = 1_000;
/// The longest record, in bytes.
pub const MAX_RECORD_LEN: u32 = 256;

/// What a record's hash begins with.
pub const RECORD_TAG: [u8; 14] = *b"gridpeg-record";
/// What a reader signs begins with this.
pub const READ_TAG: [u8; 12] = *b"gridpeg-read";
/// What binds two accounts begins with this.
pub const BIND_TAG: [u8; 12] = *b"gridpeg-bind";

/// Stands for all records of an account up to a number.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Head {
    /// How many records: the last one's number.
    pub count: u64,
    /// Their hash; zero without any.
    pub hash: H256,
}

impl Head {
    /// With one record more.
    pub fn with(&self, record: &[u8]) -> Self {
        let count = self.count.saturating_add(1);
        let mut input = (RECORD_TAG, self.hash, count).encode();
        input.extend_from_slice(record);
        Self { count, hash: blake2_256(&input).into() }
    }
}

/// Why records are not those that a head stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum PackageError {
    /// No records.
    #[codec(index = 0)]
    Empty,
    /// The first record has not the number that comes next.
    #[codec(index = 1)]
    Gap {
        /// The one that does.
        expected: u64,
    },
    /// More records than the head stands for.
    #[codec(index = 2)]
    TooMany,
    /// They come to another hash: one is missing, changed or out of order, here or in a part taken before.
    #[codec(index = 3)]
    Forged,
}

impl core::fmt::Display for PackageError {
    fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        match self {
            Self::Empty => f.write_str("there are no records"),
            Self::Gap { expected } => write!(f, "record {expected} comes next"),
            Self::TooMany => f.write_str("more records than there are"),
            Self::Forged => f.write_str("the records are not those that the head stands for"),
        }
    }
}

impl core::error::Error for PackageError {}

/// Takes records, of which the first has this number, on top of those up to `from`. Returns the head that they lead
/// to: `to` itself, if they are all that it stands for; else one that has not been proven yet, and is worth nothing
/// before a later part has led from it to `to`.
pub fn follow<'a>(
    from: &Head,
    first: u64,
    records: impl IntoIterator<Item = &'a [u8]>,
    to: &Head,
) -> Result<Head, PackageError> {
    let expected = from.count.saturating_add(1);
    if first != expected {
        return Err(PackageError::Gap { expected });
    }
    let mut head = *from;
    for record in records {
        if head.count >= to.count {
            return Err(PackageError::TooMany);
        }
        head = head.with(record);
    }
    if head.count == from.count {
        return Err(PackageError::Empty);
    }
    if head.count == to.count && head != *to {
        return Err(PackageError::Forged);
    }
    Ok(head)
}

/// What a node of the electricity chain is asked to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct ReadRequest {
    /// Number of the approved request.
    pub request: RequestId,
    /// Records after this number.
    pub after: u64,
    /// When it was signed, Unix ms.
    pub time: Millis,
}

impl ReadRequest {
    /// What the reader signs, for the electricity chain with this genesis hash.
    pub fn signed_bytes(&self, electricity: &H256) -> Vec<u8> {
        (READ_TAG, electricity, self).encode()
    }
}

/// What an account of the electricity chain signs to be that of an account of the carbon chain. The latter agrees by
/// signing the transaction that brings it.
pub fn binding(carbon: &H256, electricity: &H256, account: &Account, electricity_account: &Account) -> Vec<u8> {
    (BIND_TAG, carbon, electricity, account, electricity_account).encode()
}

/// Bytes as a wallet signs them.
pub fn wrapped(bytes: &[u8]) -> Vec<u8> {
    [b"<Bytes>".as_slice(), bytes, b"</Bytes>".as_slice()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn head_of(records: &[Vec<u8>]) -> Head {
        records.iter().fold(Head::default(), |head, record| head.with(record))
    }

    fn taken(from: &Head, first: u64, records: &[Vec<u8>], to: &Head) -> Result<Head, PackageError> {
        follow(from, first, records.iter().map(Vec::as_slice), to)
    }

    fn records(count: u8) -> Vec<Vec<u8>> {
        (0..count).map(|n| vec![n; usize::from(n)]).collect()
    }

    #[test]
    fn all_records_in_order_lead_to_the_head() {
        let records = records(9);
        let to = head_of(&records);
        assert_eq!(to.count, 9);
        assert_eq!(taken(&Head::default(), 1, &records, &to), Ok(to));
        // In two parts.
        let between = taken(&Head::default(), 1, &records[..4], &to).unwrap();
        assert_eq!(between.count, 4);
        assert_eq!(taken(&between, 5, &records[4..], &to), Ok(to));
    }

    #[test]
    fn anything_else_does_not() {
        let records = records(9);
        let (none, to) = (Head::default(), head_of(&records));
        assert_eq!(taken(&none, 2, &records[1..], &to), Err(PackageError::Gap { expected: 1 }));
        assert_eq!(taken(&to, 9, &records[8..], &to), Err(PackageError::Gap { expected: 10 }));
        assert_eq!(taken(&none, 1, &[], &to), Err(PackageError::Empty));
        assert_eq!(taken(&to, 10, &records[8..], &to), Err(PackageError::TooMany));
        let mut more = records.clone();
        more.push(vec![]);
        assert_eq!(taken(&none, 1, &more, &to), Err(PackageError::TooMany));
        let mut swapped = records.clone();
        swapped.swap(3, 4);
        assert_eq!(taken(&none, 1, &swapped, &to), Err(PackageError::Forged));
        let mut changed = records.clone();
        changed[8][0] ^= 1;
        assert_eq!(taken(&none, 1, &changed, &to), Err(PackageError::Forged));
        // A first part that was wrong shows with the last one.
        changed = records.clone();
        changed[0] = vec![7];
        let between = taken(&none, 1, &changed[..5], &to).unwrap();
        assert_eq!(taken(&between, 6, &records[5..], &to), Err(PackageError::Forged));
    }

    #[test]
    fn signed_bytes_are_as_described() {
        let (carbon, electricity) = (H256::repeat_byte(1), H256::repeat_byte(2));
        let read = ReadRequest { request: 3, after: 4, time: 5 };
        let expected = [&b"gridpeg-read"[..], &[2; 32], &3u64.to_le_bytes(), &4u64.to_le_bytes(), &5u64.to_le_bytes()];
        assert_eq!(read.signed_bytes(&electricity), expected.concat());
        let expected = [&b"gridpeg-bind"[..], &[1; 32], &[2; 32], &[6; 32], &[7; 32]];
        assert_eq!(binding(&carbon, &electricity, &[6; 32], &[7; 32]), expected.concat());
        assert_eq!(wrapped(b"abc"), b"<Bytes>abc</Bytes>");
    }

    proptest! {
        #[test]
        fn records_of_another_account_lead_elsewhere(
            ours in proptest::collection::vec(any::<Vec<u8>>(), 1..6),
            theirs in proptest::collection::vec(any::<Vec<u8>>(), 1..6),
        ) {
            prop_assume!(ours != theirs);
            prop_assert_ne!(head_of(&ours), head_of(&theirs));
            let found = taken(&Head::default(), 1, &theirs, &head_of(&ours));
            prop_assert!(found != Ok(head_of(&ours)));
        }
    }
}
