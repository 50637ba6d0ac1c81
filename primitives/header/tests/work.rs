//! The work function against the plain hash of the plain preimage; the search with two nonces at once against the
//! search with one.

use gridpeg_header::{
    target::MAX_TARGET,
    work::{meets, work_hash, WorkFunction, PREIMAGE_LEN},
    H256, U256,
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::io::{stderr, Write};

/// SHA-256² by the plain hash function.
fn plain_hash(pre_hash: &H256, nonce: [u8; 8]) -> H256 {
    let preimage = [&b"gridpeg-pow\x02"[..], pre_hash.as_bytes(), &nonce].concat();
    assert_eq!(preimage.len(), PREIMAGE_LEN);
    H256(Sha256::digest(Sha256::digest(&preimage)).into())
}

/// `count` nonces from `start` on, with their plain hashes as numbers.
fn plain_hashes(pre_hash: &H256, start: u64, count: u64) -> Vec<([u8; 8], U256)> {
    (0..count)
        .map(|i| start.wrapping_add(i).to_le_bytes())
        .map(|nonce| (nonce, U256::from_big_endian(plain_hash(pre_hash, nonce).as_bytes())))
        .collect()
}

/// Random starts, half of them so close to the end that a search wraps around.
fn starts() -> impl Strategy<Value = u64> {
    prop_oneof![any::<u64>(), u64::MAX - 40..=u64::MAX]
}

#[test]
fn it_is_sha256_twice_over_tag_v_prehash_and_nonce() {
    for salt in 0..50u8 {
        let (pre_hash, nonce) = (H256([salt; 32]), [salt ^ 0x5a; 8]);
        assert_eq!(work_hash(&pre_hash, nonce), plain_hash(&pre_hash, nonce));
    }
}

#[test]
fn two_nonces_at_once_where_the_cpu_has_sha_extensions() {
    #[cfg(target_arch = "x86_64")]
    let extensions = std::arch::is_x86_feature_detected!("sha")
        && std::arch::is_x86_feature_detected!("ssse3")
        && std::arch::is_x86_feature_detected!("sse4.1");
    #[cfg(not(target_arch = "x86_64"))]
    let extensions = false;
    if !extensions {
        // Not `eprintln!`, which the harness swallows when a test passes.
        writeln!(stderr(), "NOT TESTED: two nonces at once; this CPU has no x86 SHA extensions").unwrap();
    }
    assert_eq!(WorkFunction::new(&H256([3; 32])).streams(), if extensions { 2 } else { 1 });
}

#[test]
fn search_returns_the_first_nonce_that_meets_the_target() {
    let mut work = WorkFunction::new(&H256([3; 32]));
    let target = U256::MAX >> 8;
    let found = work.search(5, 100_000, target).expect("one in 256");
    let first = (5u64..).find(|nonce| meets(&work_hash(&H256([3; 32]), nonce.to_le_bytes()), target));
    assert_eq!(Some(u64::from_le_bytes(found)), first);
    assert_eq!(work.search(5, 10, U256::zero()), None);
}

/// One hash in sixteen meets the largest target, so hits are in either place of a pair, and both of a pair may be hits.
#[test]
fn hits_come_in_order_and_across_the_wrap_around() {
    let (pre_hash, start, count) = (H256([4; 32]), u64::MAX - 2_000, 4_001);
    let expected: Vec<_> = plain_hashes(&pre_hash, start, count)
        .into_iter()
        .filter_map(|(nonce, hash)| (hash <= MAX_TARGET).then_some(nonce))
        .collect();
    let mut work = WorkFunction::new(&pre_hash);
    let (mut hits, mut tried) = (Vec::new(), 0);
    while let Some(hit) = work.search(start.wrapping_add(tried), count - tried, MAX_TARGET) {
        hits.push(hit);
        tried = u64::from_le_bytes(hit).wrapping_sub(start) + 1;
    }
    assert_eq!(hits, expected);
    assert!(hits.iter().any(|hit| u64::from_le_bytes(*hit) < 2_000), "none after the wrap-around");
}

#[test]
fn search_tries_as_many_nonces_as_asked() {
    let pre_hash = H256([5; 32]);
    let mut work = WorkFunction::new(&pre_hash);
    for start in [0, 1, u64::MAX - 30, u64::MAX] {
        // Up to the first hit and one beyond: a nonce too many or too few shows at the count before the hit's.
        let hit = work.search_single(start, 1_000, MAX_TARGET).expect("one in 16");
        let distance = u64::from_le_bytes(hit).wrapping_sub(start);
        for count in 0..=distance + 2 {
            let expected = (count > distance).then_some(hit);
            assert_eq!(work.search(start, count, MAX_TARGET), expected, "{count} from {start}");
            assert_eq!(work.search_single(start, count, MAX_TARGET), expected, "{count} from {start}");
        }
    }
}

proptest! {
    #[test]
    fn the_hash_is_the_plain_one(pre_hash in any::<[u8; 32]>(), nonce in any::<[u8; 8]>()) {
        let pre_hash = H256(pre_hash);
        prop_assert_eq!(work_hash(&pre_hash, nonce), plain_hash(&pre_hash, nonce));
    }

    /// The smallest of some plain hashes as the target has one hit, and one less has none.
    #[test]
    fn both_searches_find_the_smallest_plain_hash(pre_hash in any::<[u8; 32]>(), start in starts(), count in 1u64..80) {
        let pre_hash = H256(pre_hash);
        let hashes = plain_hashes(&pre_hash, start, count);
        let (nonce, smallest) = hashes.into_iter().min_by_key(|(_, hash)| *hash).unwrap();
        let mut work = WorkFunction::new(&pre_hash);
        prop_assert_eq!(work.search(start, count, smallest), Some(nonce));
        prop_assert_eq!(work.search_single(start, count, smallest), Some(nonce));
        prop_assert_eq!(work.search(start, count, smallest - 1), None);
        prop_assert_eq!(work.search_single(start, count, smallest - 1), None);
    }

    #[test]
    fn both_searches_return_the_same_hit(pre_hash in any::<[u8; 32]>(), start in starts(), half in 0u64..100) {
        let count = 2 * half + 1;
        let mut work = WorkFunction::new(&H256(pre_hash));
        prop_assert_eq!(work.search(start, count, MAX_TARGET), work.search_single(start, count, MAX_TARGET));
    }
}
