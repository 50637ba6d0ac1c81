//! The work function against the plain hash of the plain preimage.

use gridpeg_header::{
    work::{meets, work_hash, WorkFunction, PREIMAGE_LEN},
    H256, U256,
};
use sha2::{Digest, Sha256};

#[test]
fn it_is_sha256_twice_over_tag_v_prehash_and_nonce() {
    for salt in 0..50u8 {
        let pre_hash = H256([salt; 32]);
        let nonce = [salt ^ 0x5a; 8];
        let preimage = [&b"gridpeg-pow\x02"[..], pre_hash.as_bytes(), &nonce].concat();
        assert_eq!(preimage.len(), PREIMAGE_LEN);
        let expected = Sha256::digest(Sha256::digest(&preimage));
        assert_eq!(work_hash(&pre_hash, nonce).as_bytes(), &expected[..]);
    }
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

#[test]
fn search_wraps_around() {
    let mut work = WorkFunction::new(&H256([3; 32]));
    assert!(work.search(u64::MAX - 1, 100_000, U256::MAX >> 8).is_some());
}
