//! Tests only: what weighs most has room in a block.

use crate::*;
use frame_support::{
    dispatch::{DispatchClass, GetDispatchInfo},
    weights::Weight,
};
use gridpeg_copula::MAX_OBSERVATIONS;
use gridpeg_header::H256;
use gridpeg_messages::{
    merkle::MerkleProof,
    prices::{Side, Summary},
    traits::Subtrees as _,
    HeaderProof, LaneState, LeafProof, OutboxLeaf,
};
use pallet_commitments::WeightInfo as _;
use pallet_hybrid_pow::WeightInfo as _;
use pallet_joint_prices::WeightInfo as _;
use pallet_peg::WeightInfo as _;
use pallet_upgrades::WeightInfo as _;
use polkadot_sdk::sp_runtime::{BoundedVec, Perbill};
use runtime_common::{RuntimeBlockWeights, MAX_HEADERS, MAX_LEAVES, MAX_PAYOUTS};

fn leaf() -> LeafProof {
    let proof = MerkleProof { index: 0, count: 1, siblings: BoundedVec::default() };
    LeafProof { leaf: OutboxLeaf::State(LaneState::default()), proof }
}

#[test]
fn the_largest_calls_fit_a_block() {
    let header = BoundedVec::<u8, _>::default();
    let headers: BoundedVec<_, _> = vec![header; MAX_HEADERS as usize].try_into().unwrap();
    let leaves = vec![leaf(); MAX_LEAVES as usize].try_into().unwrap();
    let at = HeaderProof::Kept(H256::zero());
    let summary = Summary { price: 1, quantity: 1, sellers: 2, buyers: 2 };
    let calls = [
        RuntimeCall::Lanes(pallet_messages::Call::deliver { headers: headers.clone(), at: Some(at.clone()), leaves }),
        RuntimeCall::Lanes(pallet_messages::Call::resolve { at, proof: leaf() }),
        RuntimeCall::LightClient(pallet_light_client::Call::submit_headers { headers }),
        RuntimeCall::JointPrices(pallet_joint_prices::Call::report { side: Side::Carbon, period: 0, summary }),
        RuntimeCall::Peg(pallet_peg::Call::claim { recipient: [0; 32] }),
    ];
    let most = RuntimeBlockWeights::get().get(DispatchClass::Normal).max_extrinsic.unwrap();
    for call in calls {
        let weight = call.get_dispatch_info().call_weight;
        assert!(weight.all_lte(most), "{weight:?} is above {most:?}: {call:?}");
    }
}

#[test]
fn what_every_block_does_is_within_the_tenth_that_calls_leave_to_it() {
    let parts = [
        <Runtime as pallet_upgrades::Config>::WeightInfo::authorize(),
        <Runtime as pallet_hybrid_pow::Config>::WeightInfo::block(),
        <Runtime as pallet_hybrid_pow::Config>::WeightInfo::analyse(MAX_OBSERVATIONS),
        <Runtime as pallet_joint_prices::Config>::WeightInfo::refresh(MAX_OBSERVATIONS),
        <Runtime as pallet_peg::Config>::WeightInfo::serve_queue(MAX_PAYOUTS),
        <Runtime as pallet_commitments::Config>::WeightInfo::commit(),
        Subtrees::weight(),
    ];
    let all = parts.iter().fold(Weight::zero(), |sum, part| sum.saturating_add(*part));
    let tenth = Perbill::from_percent(10) * RuntimeBlockWeights::get().max_block;
    assert!(all.ref_time() <= tenth.ref_time(), "{all:?} of {parts:?} is above {tenth:?}");
}
