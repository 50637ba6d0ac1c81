use crate::{mock::*, Author, LastBlock, Target};
use gridpeg_header::{
    digest::{pre_runtime_item, PreDigest},
    target::next_target,
    H256,
};
use gridpeg_messages::traits::BlockWork;
use polkadot_sdk::{
    frame_support::{
        traits::{fungible::Balanced, OnFinalize, OnInitialize, OnUnbalanced},
        weights::Weight,
    },
    sp_runtime::{AccountId32, Digest},
    *,
};

mod claims;

const AUTHOR: [u8; 32] = [7; 32];

fn run_block(number: u64, time: u64, with_author: bool) {
    run_block_with(number, time, with_author.then_some(PreDigest { author: AUTHOR, claim: None }));
}

/// Runs a block with this author's item and returns what its start cost.
fn run_block_with(number: u64, time: u64, pre: Option<PreDigest>) -> Weight {
    let digest = Digest { logs: pre.iter().map(pre_runtime_item).collect() };
    System::initialize(&number, &H256::repeat_byte(number as u8), &digest);
    let weight = HybridPow::on_initialize(number);
    pallet_timestamp::Now::<Test>::put(time);
    HybridPow::on_finalize(number);
    weight
}

#[test]
fn first_two_targets_are_the_initial_one_then_each_follows_from_the_parents_times() {
    new_test_ext().execute_with(|| {
        let initial = parameters().initial_target;
        run_block(1, 1_000_000, true);
        assert_eq!(HybridPow::target(), initial);
        run_block(2, 1_000_500, true);
        assert_eq!(HybridPow::target(), initial, "block 1 anchors time, so block 2 has no solve time to go by");
        run_block(3, 1_010_500, true);
        let third = next_target(initial, 500, &parameters());
        assert!(third < initial);
        assert_eq!(HybridPow::target(), third);
        run_block(4, 1_010_600, true);
        let fourth = next_target(third, 10_000, &parameters());
        assert!(fourth > third);
        assert_eq!(Target::<Test>::get(), fourth);
        assert_eq!(LastBlock::<Test>::get().unwrap().solve_time, Some(100));
    });
}

#[test]
fn the_pot_pays_until_it_is_used_up_and_never_more() {
    new_test_ext().execute_with(|| {
        let issuance = Balances::total_issuance();
        let author = AccountId32::from(AUTHOR);
        for (number, paid) in [(1, 10), (2, 20), (3, 25), (4, 25)] {
            run_block(number, number * 3_000, true);
            assert_eq!(Balances::free_balance(&author), paid);
        }
        assert_eq!(Balances::free_balance(HybridPow::pot()), 0);
        assert_eq!(Balances::total_issuance(), issuance);
    });
}

#[test]
fn fees_go_to_the_author_and_without_one_to_the_pot() {
    new_test_ext().execute_with(|| {
        run_block(1, 3_000, true);
        let before = Balances::free_balance(AccountId32::from(AUTHOR));
        HybridPow::on_unbalanced(Balances::issue(3));
        assert_eq!(Balances::free_balance(AccountId32::from(AUTHOR)), before + 3);

        run_block(2, 6_000, false);
        assert!(Author::<Test>::get().is_none());
        let pot = Balances::free_balance(HybridPow::pot());
        HybridPow::on_unbalanced(Balances::issue(4));
        assert_eq!(Balances::free_balance(HybridPow::pot()), pot + 4);
    });
}

#[test]
#[should_panic(expected = "confirmations must be at least finalityDepth")]
fn a_spec_with_fewer_confirmations_than_its_finality_depth_is_refused() {
    use polkadot_sdk::sp_runtime::BuildStorage;
    let parameters = gridpeg_header::PowParameters { confirmations: 4, ..parameters() };
    let genesis = crate::GenesisConfig::<Test> { parameters: Some(parameters), block_reward: 0 };
    let _ = RuntimeGenesisConfig { hybrid_pow: genesis, ..Default::default() }.build_storage();
}
