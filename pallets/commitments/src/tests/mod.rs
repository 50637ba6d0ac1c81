use crate::{mock::*, Ancestry, CumulativeWork};
use codec::DecodeAll;
use gridpeg_header::{
    ancestry::{Node, Range},
    digest::{JointDigest, JOINT_ENGINE_ID},
    target::work_of,
    H256, U256,
};
use gridpeg_messages::traits::BlockWork;
use polkadot_sdk::{
    frame_support::traits::{OnFinalize, OnInitialize},
    sp_runtime::{generic::DigestItem, Digest},
};

fn hash_of(number: u64) -> H256 {
    H256::repeat_byte(number as u8 + 1)
}

/// Runs block `number` and returns the digest item it wrote.
fn run_block(number: u64) -> JointDigest {
    System::initialize(&number, &hash_of(number - 1), &Digest::default());
    Commitments::on_initialize(number);
    Commitments::on_finalize(number);
    let digest = System::digest();
    let [DigestItem::Consensus(JOINT_ENGINE_ID, bytes)] = digest.logs() else { panic!("{digest:?}") };
    JointDigest::decode_all(&mut &bytes[..]).unwrap()
}

#[test]
fn work_adds_up_and_ancestry_commits_all_earlier_headers() {
    new_test_ext().execute_with(|| {
        let own = work_of(ConstantWork::target());
        let mut range = Range::default();
        for number in 1..=70u64 {
            let leaf_work = if number == 1 { U256::zero() } else { own };
            range.push(Node::leaf(&hash_of(number - 1), leaf_work)).unwrap();
            let digest = run_block(number);
            assert_eq!(digest.work, own * U256::from(number));
            assert_eq!(digest.ancestry, range.root().unwrap());
        }
        assert_eq!(CumulativeWork::<Test>::get(), own * U256::from(70));
        assert_eq!(Ancestry::<Test>::get().blocks, 70);
        assert_eq!(Ancestry::<Test>::get().nodes.len(), 70u32.count_ones() as usize);
    });
}

#[test]
fn subtree_roots_are_separated_by_the_genesis_hash() {
    new_test_ext().execute_with(|| {
        assert_eq!(run_block(1).subtrees[0].root, hash_of(0));
        assert_eq!(run_block(2).subtrees[0].root, hash_of(0));
    });
}
