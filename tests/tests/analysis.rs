//! The analysis on running nodes: miners fit the price pairs while prices arrive, so that their blocks carry the best
//! claim that there is, and come no slower for it. What the nodes answer is what the offline tool answers.

use codec::Decode;
use gridpeg_copula::{fit::select, from_q32, AIC_UNIT};
use gridpeg_header::{PowParameters, H256};
use gridpeg_runtime_api::WindowState;
use gridpeg_tests::{
    node::{Node, NodeBuilder},
    program, report, run,
    spec::{self, price_pair, price_pairs, set_parameters, set_price_pairs},
    transaction::{connect, signed, Client},
    wait_until,
};
use serde_json::{json, Value};
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};
use subxt::{
    dynamic::{tx, Value as Dynamic},
    tx::Payload,
};
use subxt_signer::sr25519::dev;
use tempfile::TempDir;

const PROGRAM: &str = "electricity-node";
/// Hashes per second of each miner.
const RATE: u64 = 10_000;
const MINERS: u64 = 2;
const BLOCK_TIME: u64 = 2_000;
/// Pairs that the chain begins with.
const PAIRS: u64 = 200;
/// A pair is reported after so many blocks.
const EVERY: u32 = 5;
/// Blocks looked at; in a long run their mean time counts too.
const BLOCKS: u32 = 60;
const BLOCKS_LONG: u32 = 200;
/// How far the mean block time may be off.
const TOLERANCE: f64 = 0.2;
/// From so many milliseconds after the block that brought a new pair on, a fit can be ready: a template may be a third
/// of the block time old when it becomes a block, and all processes share the machine.
const READY: u64 = 2_000;
/// The share of such blocks whose claim must be the best one.
const SHARE: f64 = 0.8;
/// To within this AIC: more than a claim loses by the rounding of its parameters.
const NEAR: f64 = 1.0 / 1024.0;
const PATIENCE: Duration = Duration::from_secs(1_200);

/// A development spec with these price pairs.
fn spec_with_pairs(folder: &Path) -> PathBuf {
    let parameters = PowParameters {
        block_time: BLOCK_TIME,
        half_life: 10,
        initial_target: spec::target(MINERS * RATE * BLOCK_TIME / 1_000),
        finality_depth: 20,
        confirmations: 24,
    };
    let edit = |spec: &mut Value| {
        set_parameters(spec, &parameters);
        set_price_pairs(spec, &price_pairs(PAIRS));
    };
    spec::edited(PROGRAM, "dev", edit, folder)
}

/// An authority's report of one price.
fn price_report(side: &str, period: u64, price: i64) -> impl Payload {
    let summary = Dynamic::named_composite([
        ("price", Dynamic::i128(price.into())),
        ("quantity", Dynamic::u128(1_000_000)),
        ("sellers", Dynamic::u128(2)),
        ("buyers", Dynamic::u128(2)),
    ]);
    let fields =
        [("side", Dynamic::unnamed_variant(side, [])), ("period", Dynamic::u128(period.into())), ("summary", summary)];
    let call = Dynamic::unnamed_variant("JointPrices", [Dynamic::named_variant("report", fields)]);
    tx("Sudo", "sudo", vec![call])
}

fn send_pair(node: &Node, client: &Client, period: u64) {
    let (_, electricity, carbon) = price_pair(period);
    for (side, price) in [("Electricity", electricity), ("Carbon", carbon)] {
        let transaction = signed(node, client, &dev::alice(), &price_report(side, period, price));
        node.call("author_submitExtrinsic", &[json!(transaction)]);
    }
}

/// A block as the analysis sees it.
struct Mined {
    time: u64,
    /// The pairs that its claim is about.
    pairs: Vec<(u32, u32)>,
    aic: f64,
    gain: u64,
}

/// Blocks 1 to `last` of the best branch.
fn mined(node: &Node, last: u32) -> Vec<Mined> {
    let hash_at = |height: u32| node.hash_at(height).unwrap_or_else(|| panic!("no block #{height}"));
    let mined = (1..=last).map(|height| {
        let header = node.call("joint_header", &[json!(hash_at(height))]);
        let pairs = window(node, hash_at(height - 1)).pairs;
        let analysis = &header["analysis"];
        assert_eq!(analysis["observations"].as_u64(), Some(pairs.len() as u64), "#{height}: {header}");
        Mined {
            time: header["time"].as_u64().unwrap(),
            pairs,
            aic: analysis["aic"].as_i64().unwrap() as f64 * AIC_UNIT,
            gain: analysis["gain"].as_u64().unwrap(),
        }
    });
    mined.collect()
}

/// What a block's children are analysed against.
fn window(node: &Node, parent: H256) -> WindowState {
    let answer = node.call("state_call", &[json!("AnalysisApi_window"), json!("0x"), json!(parent)]);
    let bytes = hex::decode(answer.as_str().unwrap().trim_start_matches("0x")).unwrap();
    WindowState::decode(&mut &bytes[..]).unwrap()
}

#[test]
fn miners_carry_the_best_claim_while_prices_arrive() {
    let long = std::env::var("GRIDPEG_LONG").is_ok_and(|value| value == "1");
    let blocks = if long { BLOCKS_LONG } else { BLOCKS };
    let folder = TempDir::new().unwrap();
    let spec = spec_with_pairs(folder.path());
    let miner = |name| NodeBuilder::new(PROGRAM, &spec, folder.path(), name).mining(RATE);
    let first = miner("first").force_authoring().arguments(&["--state-pruning", "archive"]).start();
    let second = miner("second").reserved(&[first.address()]).start();
    let client = connect(&first);
    let (mut period, mut due) = (PAIRS, EVERY);
    wait_until(&format!("{blocks} blocks"), PATIENCE, || {
        let height = first.height();
        if height >= due {
            period += 1;
            due = height + EVERY;
            send_pair(&first, &client, period);
        }
        // Those at the tip may still lose their place.
        height >= blocks + 3
    });
    let mined = mined(&first, blocks);
    the_claims_are_the_best(&mined);
    let times = (mined[0].time, mined[mined.len() - 1].time);
    let mean = (times.1 - times.0) as f64 / (mined.len() - 1) as f64 / BLOCK_TIME as f64;
    report(&format!("mean block time of {blocks} blocks while miners fit: {mean:.3} of T"));
    assert!(!long || (mean - 1.0).abs() <= TOLERANCE, "mean block time: {mean} of T");
    for node in [&first, &second] {
        the_metrics_tell_of_it(node);
    }
}

fn the_claims_are_the_best(mined: &[Mined]) {
    let mut best: HashMap<&[(u32, u32)], f64> = HashMap::new();
    // When the pairs of the block before came.
    let (mut since, mut pairs_before) = (mined[0].time, &mined[0].pairs);
    let (mut ready, mut good) = (0u32, 0u32);
    for two in mined.windows(2) {
        let [parent, block] = two else { continue };
        if block.pairs != *pairs_before {
            (since, pairs_before) = (parent.time, &block.pairs);
        }
        if block.time < since + READY {
            continue;
        }
        let best = *best.entry(&block.pairs).or_insert_with(|| {
            let points: Vec<_> = block.pairs.iter().map(|(u, v)| (from_q32(*u), from_q32(*v))).collect();
            select(&points).unwrap().best.aic
        });
        ready += 1;
        good += u32::from(block.aic <= best + NEAR);
    }
    let windows = best.len();
    report(&format!("{good} of {ready} blocks carry the best claim, on {windows} windows of {PAIRS} pairs and more"));
    assert!(windows >= mined.len() / (3 * EVERY as usize), "prices did not arrive");
    assert!(ready as usize >= mined.len() / 4, "only {ready} blocks came when a fit could be ready");
    assert!(f64::from(good) >= SHARE * f64::from(ready), "{good} of {ready} blocks");
    assert!(mined.iter().any(|block| block.gain > 0), "nobody has gained anything");
}

fn the_metrics_tell_of_it(node: &Node) {
    let patience = Duration::from_secs(60);
    for series in [
        "gridpeg_fits_total",
        "gridpeg_fit_seconds_count",
        "gridpeg_claims_own_total",
        "gridpeg_claim_check_seconds_count",
        "gridpeg_analysis_gain",
    ] {
        wait_until(&format!("{}: {series} counts", node.name()), patience, || node.metric(series) > Some(0.0));
    }
    assert!(node.metric("gridpeg_analysis_observations") > Some(PAIRS as f64));
    assert!(node.metric("gridpeg_analysis_aic") < Some(0.0));
    assert_eq!(node.metric("gridpeg_analysis_family"), Some(1.0), "one copula is claimed");
    // Every line of a mined block names the copula.
    let line = node.wait_for_log(", gain ", patience);
    assert!(line.contains("mined #"), "{line}");
}

/// The price pairs as a file of coins.
fn csv(folder: &Path) -> PathBuf {
    let coins = |units: i64| format!("{}.{:012}", units / 1_000_000_000_000, units % 1_000_000_000_000);
    let rows = price_pairs(PAIRS)
        .into_iter()
        .map(|(period, electricity, carbon)| format!("{period},{},{}\n", coins(electricity), coins(carbon)));
    let path = folder.join("prices.csv");
    fs::write(&path, format!("period,electricity,carbon\n{}", rows.collect::<String>())).unwrap();
    path
}

/// What the offline tool prints.
fn offline(command: &str, file: &Path, arguments: &[&str]) -> Value {
    let output = run(program(PROGRAM).args(["copula", command]).arg(file).args(arguments).arg("--json"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_node_answers_what_the_offline_tool_answers() {
    let folder = TempDir::new().unwrap();
    let spec = spec_with_pairs(folder.path());
    let file = csv(folder.path());
    let node = NodeBuilder::new(PROGRAM, &spec, folder.path(), "node").start();
    let methods = node.call("rpc_methods", &[]);
    for name in ["copula_fit", "copula_guidance"] {
        assert!(methods["methods"].as_array().unwrap().contains(&json!(name)), "{methods}");
    }

    let answer = node.call("copula_fit", &[]);
    let fit = offline("fit", &file, &[]);
    for (field, value) in fit.as_object().unwrap() {
        assert_eq!(answer[field], *value, "{field}");
    }
    assert_eq!(answer["n"], json!(PAIRS));

    let simulation = json!({ "monte_carlo": { "seed": 7, "samples": 500 } });
    let answer = node.call("copula_guidance", &[json!("100000000000"), json!(null), simulation]);
    let guide = offline("guide", &file, &["--electricity", "0.1", "--seed", "7", "--samples", "500"]);
    for field in ["n", "best", "outside_sample"] {
        assert_eq!(answer[field], guide[field], "{field}");
    }
    assert_same_quantiles(&answer["quantiles"], &guide["quantiles"]);
    assert_same_quantiles(&answer["monte_carlo"]["quantiles"], &guide["monte_carlo"]["quantiles"]);
}

/// Units of price here, rounded down, and coins there.
fn assert_same_quantiles(units: &Value, coins: &Value) {
    let (units, coins) = (units.as_array().unwrap(), coins.as_array().unwrap());
    assert_eq!((units.len(), coins.len()), (5, 5));
    for (unit, coin) in units.iter().zip(coins) {
        assert_eq!(unit["probability"], coin["probability"]);
        let price: f64 = unit["carbon"].as_str().unwrap().parse().unwrap();
        let expected = coin["carbon"].as_f64().unwrap() * 1e12;
        assert!((expected - price).abs() < 1.5, "{unit} is not {coin}");
    }
}
