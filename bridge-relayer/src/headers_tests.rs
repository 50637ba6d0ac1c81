use super::*;
use gridpeg_header::{
    digest::{joint_item, pre_runtime_item, seal_item},
    target::{work_of, MAX_TARGET},
    work::WorkFunction,
    JointDigest, PreDigest, SubtreeId, SubtreeRoot,
};
use polkadot_sdk::sp_runtime::generic::Digest;

const NAME: ChainName = ChainName::Electricity;
const START: Millis = 1_700_000_000_000;

fn parameters() -> PowParameters {
    PowParameters { block_time: 3_000, half_life: 10, initial_target: MAX_TARGET, finality_depth: 5, confirmations: 6 }
}

/// A valid child of `parent`, `solve_time` after it.
fn child(parent: &Tip, solve_time: Millis) -> Header {
    let target = parent.next_target(&parameters());
    let root = SubtreeRoot { id: SubtreeId::CrossChain, root: H256::repeat_byte(2) };
    let joint = JointDigest {
        time: parent.time.max(START) + solve_time,
        target,
        analysis: None,
        work: parent.work + work_of(target),
        ancestry: H256::repeat_byte(1),
        subtrees: vec![root].try_into().unwrap(),
    };
    let pre = PreDigest { author: [7; 32], claim: None };
    let mut header = Header {
        parent_hash: parent.hash,
        number: parent.number + 1,
        state_root: H256::zero(),
        extrinsics_root: H256::zero(),
        digest: Digest { logs: vec![pre_runtime_item(&pre), joint_item(&joint)] },
    };
    let nonce = WorkFunction::new(&header.hash()).search(0, 100_000, target).unwrap();
    header.digest.push(seal_item(nonce));
    header
}

/// Headers from block 1 on, a block time apart.
fn chain(count: usize) -> (Tip, Vec<Header>) {
    let genesis = Tip::genesis(H256::repeat_byte(9), &parameters());
    let (mut tip, mut headers) = (genesis, Vec::new());
    for _ in 0..count {
        let header = child(&tip, 3_000);
        tip = tip.check(&JointHeader::from_header(&header).unwrap(), &parameters(), Millis::MAX).unwrap();
        headers.push(header);
    }
    (genesis, headers)
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
    let other = child(&genesis, 2_000);
    let other = genesis.check(&JointHeader::from_header(&other).unwrap(), &parameters(), Millis::MAX).unwrap();
    headers[1] = child(&other, 3_000);
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
