//! A benchmark for each function of [`WeightInfo`], and what other pallets' benchmarks need of this one.
//!
//! Headers that are imported are really mined, at the easiest target. Those that are kept beforehand are made up:
//! nobody checks them again.

// What the macros write has it; a benchmark that panics is one that fails.
#![allow(clippy::arithmetic_side_effects, clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used)]

use super::{branch::Followed, room::Room, *};
use alloc::vec::Vec;
use codec::Encode;
use gridpeg_header::{
    ancestry::{AncestryProof, Node},
    forge::{easy_parameters, Branch, Draft},
    target::{work_of, MAX_TARGET},
    Analysis, Claim, SubtreeId, SubtreeRoot, U256,
};
use gridpeg_messages::HeaderProof;
use polkadot_sdk::{
    frame_benchmarking::v2::*, frame_support::traits::EnsureOrigin, frame_system::RawOrigin, pallet_timestamp,
    sp_io::hashing::blake2_256, sp_runtime::BoundedVec,
};

/// The counterpart's genesis hash.
const GENESIS: H256 = H256([0xe1; 32]);
/// This chain's clock, and the time of kept headers: later than that of forged ones, by less than what is too old.
const NOW: Millis = 1_010_000_000;

/// Anchors the counterpart, and keeps nothing of it but its genesis.
pub fn anchor<T>()
where
    T: Config + pallet_timestamp::Config<Moment = u64>,
{
    pallet_timestamp::Now::<T>::put(NOW);
    AtHeight::<T>::remove(0);
    let anchor = Anchor { genesis: GENESIS, parameters: easy_parameters() };
    Pallet::<T>::do_anchor(anchor).expect("the anchor is valid");
}

/// Has a confirmed header commit this cross-chain root. Returns its hash. After [`anchor`].
pub fn confirm<T: Config>(cross_root: H256) -> H256 {
    let header = StoredHeader { cross_root, ..header(0, 1) };
    keep::<T>(&header);
    follow::<T>(&header);
    header.tip.hash
}

/// Has a header that was confirmed be none of the heaviest branch.
pub fn conflict<T: Config>() {
    let confirmed = (1, hash(u32::MAX, 1));
    Confirmed::<T>::put(confirmed);
    ConflictOf::<T>::put(Conflict { confirmed, common: 0, depth: 1 });
}

/// The hash of a made-up header, as random as a real one.
fn hash(branch: u32, number: u32) -> H256 {
    match number {
        0 => GENESIS,
        _ => blake2_256(&(branch, number).encode()).into(),
    }
}

/// A made-up header of a branch from genesis. Without a recent peak it is confirmed at once.
fn header(branch: u32, number: u32) -> StoredHeader {
    let tip = Tip {
        number,
        hash: hash(branch, number),
        time: NOW,
        solve_time: Some(1),
        target: MAX_TARGET,
        work: work_of(MAX_TARGET) * U256::from(number),
    };
    StoredHeader {
        tip,
        parent: hash(branch, number - 1),
        cross_root: H256::repeat_byte(1),
        ancestry: H256::repeat_byte(2),
        peak: U256::zero(),
    }
}

fn keep<T: Config>(header: &StoredHeader) {
    AtHeight::<T>::mutate(header.tip.number, |hashes| hashes.try_push(header.tip.hash)).expect("there is room");
    Headers::<T>::insert(header.tip.hash, header);
}

/// Takes a header for the last one of the heaviest branch.
fn follow<T: Config>(header: &StoredHeader) {
    Canonical::<T>::insert(header.tip.number, header.tip.hash);
    Best::<T>::put(header.tip.hash);
}

/// A heaviest branch of this height.
fn heaviest_branch<T: Config>(height: u32) {
    for number in 1..=height {
        let header = header(0, number);
        keep::<T>(&header);
        follow::<T>(&header);
    }
}

/// So many heights from 1 on with as many headers as there can be.
fn full_heights<T: Config>(heights: u32) {
    for branch in 0..T::MaxForks::get() {
        (1..=heights).for_each(|number| keep::<T>(&header(branch, number)));
    }
}

/// A fork of so many headers from height 1 on, on all heights there can be before it has a second one on any.
fn wide_fork<T: Config>(headers: u32) {
    let heights = Pallet::<T>::most_heights();
    for i in 0..headers {
        // The trunk has all heights, each other layer all but the root's. All hang on the trunk.
        let (layer, number) = match i.checked_sub(heights) {
            None => (0, i + 1),
            Some(rest) => (1 + rest / (heights - 1), 2 + rest % (heights - 1)),
        };
        keep::<T>(&StoredHeader { parent: hash(0, number - 1), ..header(layer, number) });
    }
}

/// The longest header there is: all subtrees, an analysis.
fn longest(branch: &Branch) -> Draft {
    let mut draft = branch.draft(easy_parameters().block_time, H256::repeat_byte(1), 1);
    let ids = [SubtreeId::PvTrading, SubtreeId::Emissions, SubtreeId::QuotaTrading, SubtreeId::CrossChain];
    let subtrees = ids.map(|id| SubtreeRoot { id, root: H256::repeat_byte(1) });
    draft.joint.subtrees = BoundedVec::truncate_from(subtrees.to_vec());
    draft.joint.analysis = Some(Analysis { observations: 1_024, aic: -1, gain: 0 });
    draft.pre.claim = Some(Claim { family: 2, rotation: 0, parameters: [1 << 15, 30 << 16] });
    draft
}

/// So many mined headers of the counterpart, from its first one on.
fn mined(count: u32) -> Vec<BoundedVec<u8, MaxHeaderLen>> {
    let mut branch = Branch::new(GENESIS, easy_parameters());
    for _ in 0..count {
        let draft = longest(&branch);
        branch.append(&draft);
    }
    branch.encoded_from(1).into_iter().map(BoundedVec::truncate_from).collect()
}

/// A mined header, and a kept one, not the heaviest, that proves it by the longest proof there is.
fn oldest_ancestor<T: Config>() -> HeaderProof {
    let mut branch = Branch::new(GENESIS, easy_parameters());
    let draft = longest(&branch);
    let tip = branch.append(&draft);
    // The first peak of as many blocks as there can be, and the peaks to its right bagged.
    let nodes = (0..u32::BITS).map(|_| Node::leaf(&H256::repeat_byte(1), U256::one())).collect();
    let proof = AncestryProof { blocks: u32::MAX, nodes: BoundedVec::truncate_from(nodes) };
    let ancestry = proof.root(tip.number, &tip.hash, work_of(draft.joint.target)).expect("the proof is long enough");
    let kept = StoredHeader { ancestry, ..header(0, 2) };
    Headers::<T>::insert(kept.tip.hash, kept);
    let header = BoundedVec::truncate_from(branch.encoded_from(1).remove(0));
    HeaderProof::Ancestor { header, of: kept.tip.hash, proof }
}

#[benchmarks(where T: pallet_timestamp::Config<Moment = u64>)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn anchor() -> Result<(), BenchmarkError> {
        AnchorOf::<T>::kill();
        let origin = T::AnchorOrigin::try_successful_origin().map_err(|()| "nobody may anchor")?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, GENESIS, easy_parameters());

        assert_eq!(Best::<T>::get(), Some(GENESIS));
        Ok(())
    }

    /// Headers on top of the heaviest branch. The call as a whole: following them is measured here, too.
    #[benchmark]
    fn submit_headers(h: Linear<1, { T::MaxBatch::get() }>) {
        super::anchor::<T>();
        let caller: T::AccountId = whitelisted_caller();
        let headers = BoundedVec::truncate_from(mined(h));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), headers);

        assert_eq!(Pallet::<T>::best().map(|best| best.tip.number), Some(h));
    }

    /// A branch from genesis is replaced by another one, and a confirmed header with it.
    #[benchmark]
    fn follow(s: Linear<1, { Pallet::<T>::most_heights() }>) {
        super::anchor::<T>();
        heaviest_branch::<T>(s);
        Confirmed::<T>::put((s, hash(0, s)));
        (1..=s).for_each(|number| keep::<T>(&header(1, number)));
        let mut heavier = header(1, s);
        heavier.tip.work += U256::one();
        let followed: Followed;

        #[block]
        {
            followed = Pallet::<T>::follow_heaviest(heavier);
            if let Some(reorganisation) = &followed.reorganisation {
                Pallet::<T>::compare_confirmed(reorganisation);
            }
        }

        assert_eq!(followed.steps, s);
        assert!(ConflictOf::<T>::exists());
    }

    #[benchmark]
    fn confirm(h: Linear<1, { Pallet::<T>::most_heights() }>) {
        super::anchor::<T>();
        heaviest_branch::<T>(h);
        let looked_at;

        #[block]
        {
            looked_at = Pallet::<T>::advance_confirmed();
        }

        assert_eq!(looked_at, h);
        assert_eq!(Confirmed::<T>::get(), Some((h, hash(0, h))));
    }

    #[benchmark]
    fn prune(h: Linear<1, { T::MaxBatch::get() }>) {
        super::anchor::<T>();
        full_heights::<T>(h);
        (1..=h).for_each(|number| Canonical::<T>::insert(number, hash(0, number)));
        let best = header(0, T::Window::get() + h + 1);
        keep::<T>(&best);
        super::follow::<T>(&best);
        Floor::<T>::put(1u32);
        let pruned;

        #[block]
        {
            pruned = Pallet::<T>::prune();
        }

        assert_eq!(pruned, h);
        assert!(!Headers::<T>::contains_key(hash(0, h)));
    }

    #[benchmark]
    fn read_forks(h: Linear<1, { Pallet::<T>::most_heights() }>) {
        full_heights::<T>(h);
        let mut room = Room::from(1);

        #[block]
        {
            room.read_trees::<T>();
        }

        assert_eq!(room.read, h);
    }

    #[benchmark]
    fn drop_forks(h: Linear<1, { Pallet::<T>::most_dropped() }>) {
        wide_fork::<T>(h);
        let mut room = Room::from(1);
        room.read_trees::<T>();

        #[block]
        {
            room.make::<T>(1, U256::MAX).expect("the fork is light enough");
        }

        assert_eq!(room.dropped, h);
        assert_eq!(Headers::<T>::iter_keys().next(), None);
    }

    /// Both: the ancestor is looked up and proven, and a conflict is ended among all heights there can be.
    #[benchmark]
    fn proof() {
        super::anchor::<T>();
        heaviest_branch::<T>(Pallet::<T>::most_heights());
        let at = oldest_ancestor::<T>();
        conflict::<T>();
        let root;

        #[block]
        {
            root = <Pallet<T> as Counterpart>::confirmed_cross_root(&at);
            <Pallet<T> as Counterpart>::resolve_conflict();
        }

        assert_eq!(root, Ok(H256::repeat_byte(1)));
        assert!(!ConflictOf::<T>::exists());
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::bare_test_ext(), crate::mock::Test);
}
