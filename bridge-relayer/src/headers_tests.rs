use super::*;
use gridpeg_header::{
    forge::{easy_parameters as parameters, Branch},
    H256,
};

const NAME: ChainName = ChainName::Electricity;
/// A block time before the forged block 1.
const START: Millis = 1_000_000_000 - 3_000;

fn branch(count: usize) -> Branch {
    let mut branch = Branch::new(H256::repeat_byte(9), parameters());
    for _ in 0..count {
        branch.extend(3_000, H256::repeat_byte(2), 7);
    }
    branch
}

/// Genesis and the headers from block 1 on, a block time apart.
fn chain(count: usize) -> (Tip, Vec<Header>) {
    let branch = branch(count);
    (branch.tip_at(0), branch.headers().to_vec())
}

/// The time of the header at this height.
fn clock(height: u64) -> Millis {
    START + height * 3_000
}

#[test]
fn all_valid_headers_are_taken() {
    let (genesis, headers) = chain(5);
    let batch = check(NAME, genesis, &headers, &parameters(), clock(5)).unwrap().unwrap();
    let encoded: Vec<_> = headers.iter().map(Encode::encode).collect();
    assert_eq!(batch.encoded, encoded);
    assert_eq!((batch.last.number, batch.last.hash), (5, headers[4].hash()));
    assert_eq!(batch.first(), 1);
    assert_eq!(batch.bytes(), encoded.iter().map(Vec::len).sum::<usize>());
}

#[test]
fn a_trial_leaves_out_what_its_clock_does_not_reach() {
    let (genesis, headers) = chain(5);
    let batch = check(NAME, genesis, &headers, &parameters(), clock(5)).unwrap().unwrap();
    assert_eq!(batch.until(clock(5)).len(), 5);
    assert_eq!(batch.until(clock(3) + 1), &batch.encoded[..3]);
    assert!(batch.until(clock(1) - 1).is_empty());
}

#[test]
fn a_batch_that_may_replace_a_confirmed_header_is_deep() {
    let branch = branch(9);
    let batch = check(NAME, branch.tip_at(4), &branch.headers()[4..6], &parameters(), clock(9)).unwrap().unwrap();
    assert_eq!((batch.first(), batch.last.number), (5, 6));
    // The light client knows another branch up to #7: with three headers above it, #4 may be confirmed, #5 not yet.
    assert!(!batch.is_deep(&branch.tip_at(7), 3));
    assert!(batch.is_deep(&branch.tip_at(8), 3));
}

#[test]
fn headers_stamped_ahead_are_kept_for_later() {
    let (genesis, headers) = chain(5);
    let early = |now| check(NAME, genesis, &headers, &parameters(), now).unwrap();
    assert_eq!(early(START + 9_000).unwrap().last.number, 3);
    assert_eq!(early(START + 2_999), None);
}

#[test]
fn a_reorganisation_between_two_answers_ends_the_batch() {
    let (genesis, mut headers) = chain(3);
    let mut other = branch(0);
    other.extend(3_000, H256::repeat_byte(2), 8);
    other.extend(3_000, H256::repeat_byte(2), 8);
    headers[1] = other.headers()[1].clone();
    let batch = check(NAME, genesis, &headers, &parameters(), clock(3)).unwrap().unwrap();
    assert_eq!(batch.last.number, 1);
}

#[test]
fn a_header_that_would_be_refused_is_an_error() {
    let (genesis, mut headers) = chain(3);
    headers[2].state_root = H256::repeat_byte(3);
    // Another R_i: fifteen times in sixteen the nonce is no work for it, so look for such a root.
    let mut byte = 3;
    let error = loop {
        match check(NAME, genesis, &headers, &parameters(), clock(3)) {
            Err(error) => break error.to_string(),
            Ok(_) => byte += 1,
        }
        headers[2].state_root = H256::repeat_byte(byte);
    };
    assert!(error.contains("#3") && error.contains("work hash is above the target"), "{error}");

    headers[2].digest.pop();
    let error = check(NAME, genesis, &headers, &parameters(), clock(3)).unwrap_err().to_string();
    assert!(error.contains("lacks Seal(pow_)"), "{error}");
}
