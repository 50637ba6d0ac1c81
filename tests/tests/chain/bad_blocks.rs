//! Blocks that break one rule each, in really mined blocks of the real runtime: refused by that rule's name, and the chain
//! goes on as if they had not come.

use gridpeg_forge::{decode, easy_spec, Draft, Forge};
use gridpeg_header::{
    digest::{joint_item, pre_runtime_item, Analysis, Claim, UnsealedDigest, POW_ENGINE_ID},
    target::effective_target,
    work::work_hash,
    Header, U256,
};
use gridpeg_node::{client::Block, import::ImportError};
use polkadot_sdk::{sc_consensus::ImportResult, sp_runtime::DigestItem};

const T: u64 = 3_000;

/// A chain of three blocks whose next target differs from its last, and a draft of block 4.
struct Case {
    forge: Forge,
    draft: Draft,
}

impl Case {
    fn new() -> Self {
        let forge = Forge::new(&electricity_node::NETWORK, |parameters| parameters.initial_target /= 4);
        let tip = forge.grow(forge.genesis(), 3, T / 3);
        let draft = forge.draft(tip, forge.time_after(tip, T), [1; 32], Vec::new());
        Self { forge, draft }
    }

    /// Rewrites the draft's digest.
    fn edit(&mut self, edit: impl FnOnce(&mut UnsealedDigest)) {
        let mut digest = UnsealedDigest::from_header(&self.draft.header).unwrap();
        edit(&mut digest);
        self.draft.header.digest.logs = vec![pre_runtime_item(&digest.pre), joint_item(&digest.joint)];
    }

    /// The block is refused for this reason, and the best block stays.
    fn refuses(&self, block: &Block, reason: &str) -> ImportError {
        let best = self.forge.best();
        let error = self.forge.receive(block).unwrap_err();
        assert_eq!(error.reason(), reason, "{error}");
        assert_eq!(self.forge.best(), best);
        error
    }

    fn refuses_draft(&self, reason: &str) {
        self.refuses(&self.draft.seal(), reason);
    }
}

/// The draft's block with a nonce whose work hash is above `low` and at most `high`.
fn seal_between(draft: &Draft, low: U256, high: U256) -> Block {
    let mut block = draft.seal();
    let hash = draft.header.hash();
    let nonce = (0..u64::MAX).map(u64::to_le_bytes).find(|nonce| {
        let work = U256::from_big_endian(work_hash(&hash, *nonce).as_bytes());
        work > low && work <= high
    });
    set_seal(&mut block.header, nonce.unwrap().to_vec());
    block
}

fn set_seal(header: &mut Header, bytes: Vec<u8>) {
    header.digest.pop();
    header.digest.push(DigestItem::Seal(POW_ENGINE_ID, bytes));
}

#[test]
fn a_block_without_a_fault_is_taken_once() {
    let case = Case::new();
    let block = case.draft.seal();
    assert!(matches!(case.forge.receive(&block).unwrap(), ImportResult::Imported(_)));
    assert_eq!(case.forge.best(), block.header.hash());
    assert_eq!(case.forge.receive(&block).unwrap(), ImportResult::AlreadyInChain);
}

#[test]
fn seals_with_trailing_bytes_are_refused() {
    let case = Case::new();
    let sealed = case.draft.seal();
    let nonce = decode(&sealed).nonce;
    for bytes in [[&nonce[..], &[0]].concat(), nonce[..7].to_vec(), Vec::new()] {
        let mut block = sealed.clone();
        set_seal(&mut block.header, bytes);
        case.refuses(&block, "malformed-header");
    }
}

#[test]
fn missing_doubled_and_foreign_seals_are_refused() {
    let case = Case::new();
    let sealed = case.draft.seal();
    let seal = sealed.header.digest.logs.last().unwrap().clone();
    let with = |items: &[DigestItem]| {
        let mut block = sealed.clone();
        block.header.digest.pop();
        block.header.digest.logs.extend_from_slice(items);
        block
    };
    case.refuses(&with(&[]), "malformed-header");
    case.refuses(&with(&[seal.clone(), seal.clone()]), "malformed-header");
    case.refuses(&with(&[DigestItem::Seal(*b"aura", vec![0; 8])]), "malformed-header");
    case.refuses(&with(&[seal, DigestItem::Seal(*b"aura", vec![0; 8])]), "malformed-header");
}

#[test]
fn doubled_and_foreign_digest_items_are_refused() {
    let case = Case::new();
    let items = case.draft.header.digest.logs.clone();
    let (pre, joint) = (items[0].clone(), items[1].clone());
    let foreign = [
        DigestItem::Other(vec![1]),
        DigestItem::PreRuntime(*b"aura", vec![0; 8]),
        DigestItem::Consensus(*b"FRNK", vec![0; 8]),
        DigestItem::RuntimeEnvironmentUpdated,
    ];
    let doubled = [vec![pre.clone(), pre.clone(), joint.clone()], vec![pre.clone(), joint.clone(), joint.clone()]];
    let swapped = vec![joint.clone(), pre.clone()];
    let appended = foreign.iter().map(|item| vec![pre.clone(), joint.clone(), item.clone()]);
    for logs in doubled.into_iter().chain([swapped, vec![pre.clone()], vec![joint.clone()]]).chain(appended) {
        let mut case = Case::new();
        case.draft.header.digest.logs = logs;
        case.refuses_draft("malformed-header");
    }
    // Where an upgrade's item belongs it is well-formed, but no runtime was upgraded.
    let mut case = Case::new();
    case.draft.header.digest.logs = vec![pre, DigestItem::RuntimeEnvironmentUpdated, joint];
    case.refuses_draft("execution");
}

#[test]
fn a_target_wrong_by_one_unit_is_refused() {
    for wrong in [|target: U256| target + 1, |target: U256| target - 1] {
        let mut case = Case::new();
        case.edit(|digest| digest.joint.target = wrong(digest.joint.target));
        case.refuses_draft("target");
    }
}

#[test]
fn a_work_wrong_by_one_unit_is_refused() {
    for wrong in [|work: U256| work + 1, |work: U256| work - 1] {
        let mut case = Case::new();
        case.edit(|digest| digest.joint.work = wrong(digest.joint.work));
        case.refuses_draft("cumulative-work");
    }
}

#[test]
fn a_time_that_is_not_above_the_parents_is_refused() {
    for back in [T, T + 1] {
        let mut case = Case::new();
        case.edit(|digest| digest.joint.time -= back);
        case.refuses_draft("time-not-above-parent");
    }
}

#[test]
fn a_time_that_is_not_the_timestamps_is_refused() {
    let mut case = Case::new();
    case.edit(|digest| digest.joint.time += 1);
    case.refuses_draft("execution");
}

#[test]
fn a_far_future_time_is_refused_but_nobody_is_condemned() {
    let case = Case::new();
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis() as u64;
    let drift = case.forge.parameters().max_drift();
    let tip = case.forge.best();
    let ahead = case.forge.draft(tip, now + drift + 60_000, [1; 32], Vec::new());
    case.refuses(&ahead.seal(), "time-in-future");
    // Farther than any clock is off, its sender is condemned.
    let far = case.forge.draft(tip, now + 2 * 3_600_000, [1; 32], Vec::new());
    assert!(matches!(case.refuses(&far.seal(), "time-in-future"), ImportError::TimeFarInFuture));
    // Without work nobody gets as far as the clock, so that rule cannot be used to keep a peer busy at no cost.
    case.refuses(&seal_between(&ahead, ahead.target, U256::MAX), "work-above-target");
    // A little ahead is taken.
    let near = case.forge.draft(tip, now + drift / 2, [1; 32], Vec::new());
    assert!(matches!(case.forge.receive(&near.seal()).unwrap(), ImportResult::Imported(_)));
}

#[test]
fn work_just_above_the_target_is_refused_and_just_below_is_taken() {
    let case = Case::new();
    let target = case.draft.target;
    case.refuses(&seal_between(&case.draft, target, target + target / 64), "work-above-target");
    let block = seal_between(&case.draft, target - target / 64, target);
    assert!(matches!(case.forge.receive(&block).unwrap(), ImportResult::Imported(_)));
}

#[test]
fn a_gain_never_eases_the_target_by_more_than_kappa() {
    let mut case = Case::new();
    let base = case.draft.target;
    case.edit(|digest| {
        digest.pre.claim = Some(Claim { family: 1, rotation: 0, parameters: [0, 0] });
        digest.joint.analysis = Some(Analysis { observations: 30, aic: 0, gain: u32::MAX });
    });
    let bound = base + base / 4;
    assert!(effective_target(base, u32::MAX, 30) <= bound);
    case.refuses(&seal_between(&case.draft, bound, bound + base / 16), "work-above-target");
    // Within κ the header alone cannot tell; the chain has no price pairs for such a gain.
    case.refuses(&seal_between(&case.draft, base, effective_target(base, u32::MAX, 30)), "claim-unexpected");
}

#[test]
fn a_claim_without_an_analysis_is_refused() {
    let mut case = Case::new();
    case.edit(|digest| digest.pre.claim = Some(Claim { family: 1, rotation: 0, parameters: [0, 0] }));
    case.refuses_draft("malformed-header");
}

#[test]
fn what_execution_does_not_give_is_refused() {
    let mut case = Case::new();
    case.draft.header.state_root = Default::default();
    case.refuses_draft("execution");
    let mut case = Case::new();
    case.edit(|digest| digest.joint.subtrees[0].root = [7; 32].into());
    case.refuses_draft("execution");
    let mut case = Case::new();
    case.edit(|digest| digest.joint.ancestry = [7; 32].into());
    case.refuses_draft("execution");
    let mut case = Case::new();
    let inherent = case.draft.body[0].clone();
    case.draft.body.push(inherent);
    assert!(case.forge.receive(&case.draft.seal()).is_err());
}

#[test]
fn a_block_that_failed_in_execution_is_not_executed_again() {
    let mut case = Case::new();
    let valid = case.draft.seal();
    case.draft.header.state_root = Default::default();
    let block = case.draft.seal();
    assert!(matches!(case.refuses(&block, "execution"), ImportError::Consensus(_)));
    assert!(matches!(case.refuses(&block, "execution"), ImportError::FailedBefore));
    assert!(matches!(case.forge.receive(&valid).unwrap(), ImportResult::Imported(_)));
}

#[test]
fn a_wrong_number_is_refused() {
    let mut case = Case::new();
    case.draft.header.number += 1;
    case.refuses_draft("number");
}

#[test]
fn blocks_of_another_chain_are_not_taken() {
    let case = Case::new();
    let best = case.forge.best();
    // The other chain, and this one with another genesis.
    let carbon = Forge::new(&carbon_node::NETWORK, |_| {});
    let other = Forge::new(&electricity_node::NETWORK, |parameters| parameters.half_life += 1);
    for forge in [carbon, other] {
        let tip = forge.grow(forge.genesis(), 2, T);
        for hash in [forge.hash_at(1), tip] {
            assert_eq!(case.forge.receive(&forge.block(hash)).unwrap(), ImportResult::UnknownParent);
        }
    }
    assert_eq!(case.forge.best(), best);
    // Put on this chain by force, such a block breaks its rules.
    let other = Forge::new(&electricity_node::NETWORK, |parameters| parameters.initial_target /= 2);
    let mut draft = other.draft(other.genesis(), gridpeg_forge::BEGIN, [1; 32], Vec::new());
    draft.header.parent_hash = case.forge.genesis();
    case.refuses(&draft.seal(), "target");
}

#[test]
fn checkpoints_of_the_spec_exclude_other_blocks() {
    let network = &electricity_node::NETWORK;
    let folder = tempfile::TempDir::new().unwrap();
    let spec = |name: &str, key: &str, value: serde_json::Value| {
        let mut json: serde_json::Value = serde_json::from_str(&easy_spec(network, |_| {})).unwrap();
        json[key] = value;
        let path = folder.path().join(name);
        std::fs::write(&path, json.to_string()).unwrap();
        path.to_string_lossy().into_owned()
    };
    let plain = Forge::new(network, |_| {});
    let main = plain.grow(plain.genesis(), 2, T);
    let fork = plain.extend(plain.hash_at(1), T, [2; 32]);
    let first = plain.block(plain.hash_at(1));

    let checked = spec("checked.json", "forkBlocks", serde_json::json!([[2, fork]]));
    let base = tempfile::TempDir::new().unwrap();
    let node = Forge::open(network, &checked, base.path());
    assert_eq!(node.genesis(), plain.genesis());
    assert!(matches!(node.receive(&first).unwrap(), ImportResult::Imported(_)));
    assert_eq!(node.receive(&plain.block(main)).unwrap_err().reason(), "checkpoint");
    assert!(matches!(node.receive(&plain.block(fork)).unwrap(), ImportResult::Imported(_)));
    assert_eq!(node.best(), fork);

    let bad = spec("bad.json", "badBlocks", serde_json::json!([main]));
    let base = tempfile::TempDir::new().unwrap();
    let node = Forge::open(network, &bad, base.path());
    node.receive(&first).unwrap();
    assert_eq!(node.receive(&plain.block(main)).unwrap_err().reason(), "checkpoint");
}
