//! A peer that sends blocks that break a rule, or that lie about the analysis: they are refused by name, the peer loses its reputation and its
//! connection, and the honest node keeps what was valid. And a database that is damaged: the node says what to do.

use gridpeg_copula::{evaluate, Claim};
use gridpeg_forge::{Draft, Forge};
use gridpeg_header::{
    digest::{seal_item, UnsealedDigest, POW_ENGINE_ID},
    work::{meets, work_hash},
    Analysis, Header, H256,
};
use gridpeg_node::client::Block;
use gridpeg_tests::{
    node::NodeBuilder,
    program,
    spec::{self, price_pairs, set_parameters, set_price_pairs},
    wait_for_database, wait_until,
};
use polkadot_sdk::sp_runtime::{
    traits::{Block as _, Header as _},
    DigestItem,
};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};
use tempfile::TempDir;

const NODE: &str = "electricity-node";
const T: u64 = 3_000;
/// Valid blocks before the bad one.
const VALID: u32 = 20;
/// Price pairs from genesis on.
const PAIRS: u64 = 60;

fn easy_spec(folder: &Path) -> PathBuf {
    let edit = |spec: &mut Value| {
        set_parameters(spec, &gridpeg_header::forge::easy_parameters());
        set_price_pairs(spec, &price_pairs(PAIRS));
    };
    spec::edited(NODE, "dev", edit, folder)
}

/// A nonce whose work is not enough.
fn idle_nonce(draft: &Draft) -> [u8; 8] {
    let hash = draft.header.hash();
    let nonce = (0..u64::MAX).map(u64::to_le_bytes).find(|nonce| !meets(&work_hash(&hash, *nonce), draft.target));
    nonce.unwrap_or_default()
}

/// A dishonest node's database: a valid chain, and on it the block that `lie` makes of a draft and has the node take.
/// Returns the last valid block.
fn dishonest(spec: &Path, base: &Path, lie: impl FnOnce(&Forge, Draft)) -> H256 {
    let forge = Forge::open(&electricity_node::NETWORK, &spec.to_string_lossy(), base);
    let tip = forge.grow(forge.genesis(), VALID, T);
    lie(&forge, forge.draft(tip, forge.time_after(tip, T), [9; 32], Vec::new()));
    tip
}

/// The draft with this seal.
fn sealed(seal: impl FnOnce(&Draft) -> DigestItem) -> impl FnOnce(&Forge, Draft) {
    |forge, draft| {
        let mut header: Header = draft.header.clone();
        header.digest_mut().push(seal(&draft));
        forge.receive_unchecked(&Block::new(header, draft.body.clone()));
    }
}

/// The draft with another claim and analysis, and the work that these make enough.
fn claiming(edit: impl FnOnce(&Forge, &mut UnsealedDigest)) -> impl FnOnce(&Forge, Draft) {
    |forge, mut draft| {
        let mut digest = UnsealedDigest::from_header(&draft.header).unwrap();
        edit(forge, &mut digest);
        draft.say(&digest);
        forge.take_unexecuted(draft);
    }
}

fn the_bad_block_costs_the_peer_its_place(reason: &str, lie: impl FnOnce(&Forge, Draft)) {
    let folder = TempDir::new().unwrap();
    let spec = easy_spec(folder.path());
    let liar = NodeBuilder::new(NODE, &spec, folder.path(), "liar");
    let tip = dishonest(&spec, &liar.base_path(), lie);
    wait_for_database(&liar.base_path(), "electricity_dev");
    let liar = liar.start();
    assert_eq!(liar.height(), VALID + 1);
    let honest = NodeBuilder::new(NODE, &spec, folder.path(), "honest");
    let honest = honest.log_levels("pow=debug,peerset=trace").arguments(&["--bootnodes", &liar.address()]).start();

    let series = format!("gridpeg_blocks_refused_total{{reason=\"{reason}\"}}");
    let minute = Duration::from_secs(120);
    wait_until(&format!("{series} counts"), minute, || honest.metric(&series).unwrap_or_default() >= 1.0);
    let refusal = honest.wait_for_log(&format!("Refused block #{}", VALID + 1), minute);
    assert!(refusal.contains(reason), "{refusal}");
    // A quarter of all the reputation there is; a few such blocks ban a peer.
    let report = honest.wait_for_log("Reason: Bad block", minute);
    assert!(report.contains(&format!("Report {}: -", liar.peer_id())), "{report}");
    // The drop may be logged before the report. It may come back at once: it is not banned yet, and has nothing more to
    // send.
    let dropped = |line: &str| line.contains(liar.peer_id()) && line.ends_with("dropped from SetId(0).");
    wait_until("the liar is dropped for it", minute, || {
        let log = honest.log();
        log.split_once(&refusal).is_some_and(|(_, after)| after.lines().any(|line| dropped(line.trim_end())))
    });
    assert_eq!(honest.best_hash(), tip, "the valid blocks stay");
}

#[test]
fn a_peer_that_sends_bad_blocks_loses_reputation_and_connection() {
    the_bad_block_costs_the_peer_its_place("work-above-target", sealed(|draft| seal_item(idle_nonce(draft))));
    the_bad_block_costs_the_peer_its_place("malformed-header", sealed(|_| DigestItem::Seal(POW_ENGINE_ID, vec![0; 9])));
}

#[test]
fn a_peer_that_lies_about_the_analysis_loses_reputation_and_connection() {
    let analysis = |digest: &UnsealedDigest| digest.joint.analysis.unwrap();
    // More gain than the claim has, and with it an easier target.
    let greedy = claiming(move |_, digest| {
        digest.joint.analysis = Some(Analysis { gain: u32::MAX, ..analysis(digest) });
    });
    the_bad_block_costs_the_peer_its_place("analysis-false", greedy);
    // A claim that is worth what the header says, but less than is known.
    let lazy = claiming(move |forge, digest| {
        let pairs = forge.window(forge.best()).state.pairs.clone();
        let aic = evaluate(&pairs, &Claim::INDEPENDENCE).unwrap();
        digest.pre.claim = Some(Claim::INDEPENDENCE);
        digest.joint.analysis = Some(Analysis { aic, gain: 0, ..analysis(digest) });
    });
    the_bad_block_costs_the_peer_its_place("claim-worse", lazy);
    let silent = claiming(|_, digest| {
        digest.pre.claim = None;
        digest.joint.analysis = None;
    });
    the_bad_block_costs_the_peer_its_place("claim-missing", silent);
}

#[test]
fn a_damaged_database_says_what_to_do() {
    let folder = TempDir::new().unwrap();
    let spec = easy_spec(folder.path());
    let spec_text = spec.to_string_lossy();
    for damage in ["metadata", "table_00_00"] {
        let base = folder.path().join(damage);
        let forge = Forge::open(&electricity_node::NETWORK, &spec_text, &base);
        forge.grow(forge.genesis(), 40, T);
        forge.finalize();
        drop(forge);
        wait_for_database(&base, "electricity_dev");
        let database = base.join("chains/electricity_dev/paritydb/full");
        let noise: Vec<u8> = (0..100_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let file = database.join(damage);
        assert!(file.is_file(), "{}", file.display());
        fs::write(file, noise).unwrap();
        let mut command = program(NODE);
        command.args(["--chain", &spec_text, "--rpc-port", "0", "--no-prometheus", "--base-path"]).arg(&base);
        command.args(["--listen-addr", "/ip4/127.0.0.1/tcp/0", "--no-mdns", "--no-telemetry"]);
        let output = gridpeg_tests::run(&mut command);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success());
        assert!(!errors.contains("in use"), "{errors}");
        for advice in ["snapshot", "purge-chain", "keys are not in there"] {
            assert!(errors.contains(advice), "{damage}: `{advice}` is not in {errors}");
        }
    }
}
