//! What the analysis costs: a claim's check and a window's u-values, in the carbon chain's runtime, compiled to wasm
//! and called through the executor, and natively; and the import of a block with a claim against one without. A claim's
//! check is what its call takes, less what the same call with a claim of independence does, whose likelihood is nothing
//! to compute. Everything is run in turns, so that ratios are of equals.

use criterion::Criterion;
use gridpeg_copula::{best_claim, evaluate, to_q32, Claim, Copula, Family, Pinned, Rotation};
use gridpeg_forge::{easy_spec, Forge};
use gridpeg_node::client::Block;
use gridpeg_runtime_api::{runtime_decl_for_analysis_api::AnalysisApi as Native, AnalysisApi};
use polkadot_sdk::sp_api::ProvideRuntimeApi;
use serde_json::{json, Value};
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// Pairs in a window.
const PAIRS: usize = 512;
/// Pairs in the largest one.
const MOST: usize = 1_024;
/// Calls of each kind for the medians.
const ROUNDS: usize = 101;
/// Imports of each kind for the medians.
const IMPORTS: usize = 15;
/// What criterion takes for each case.
const WARM_UP: Duration = Duration::from_millis(500);
const MEASUREMENT: Duration = Duration::from_secs(2);
/// Milliseconds between blocks.
const BLOCK_TIME: u64 = 6_000;
/// Blocks of a chain: the first finds a new window, the last finds all computed.
const BLOCKS: u32 = 3;
/// What the pairs follow: Student-t, ρ = 0.6, ν = 4.
const TRUTH: Copula = Copula { family: Family::Student, rotation: Rotation::R0, parameters: [0.6, 4.0] };
/// What is claimed, of each family.
const CLAIMS: [Copula; 7] = [
    Copula::INDEPENDENCE,
    Copula { family: Family::Gaussian, rotation: Rotation::R0, parameters: [0.6, 0.0] },
    TRUTH,
    Copula { family: Family::Clayton, rotation: Rotation::R180, parameters: [1.2, 0.0] },
    Copula { family: Family::Gumbel, rotation: Rotation::R0, parameters: [1.7, 0.0] },
    Copula { family: Family::Frank, rotation: Rotation::R0, parameters: [4.5, 0.0] },
    Copula { family: Family::Joe, rotation: Rotation::R180, parameters: [2.0, 0.0] },
];

fn main() {
    let forge = Forge::new(&carbon_node::NETWORK, |_| {});
    let (pairs, windows) = (pairs(PAIRS), [prices(PAIRS), prices(MOST)]);
    let cases = cases(&forge, &pairs, &windows);
    let times = measure(&cases);
    let of = |name: &str| {
        let case = cases.iter().position(|case| case.name == name).expect("a case of this name");
        milliseconds(times[case])
    };

    let call = of("runtime/independence");
    println!(
        "check of a claim on {PAIRS} pairs; a call of the runtime with a claim of independence takes {call:.3} ms"
    );
    for family in CLAIMS.iter().skip(1).map(|copula| copula.family.name()) {
        let (runtime, native) = (of(&format!("runtime/{family}")), of(&format!("native/{family}")));
        let goal = if family == "student" { ", goal below 1 ms" } else { "" };
        println!(
            "{family}: {:.3} ms in the runtime{goal} (its call {runtime:.3} ms), {native:.3} ms natively",
            runtime - call
        );
    }
    for window in &windows {
        let size = window.len();
        let (runtime, native) = (of(&format!("runtime/u-values {size}")), of(&format!("native/u-values {size}")));
        println!(
            "u-values of {size} pairs: {runtime:.3} ms in the runtime, its call included, {native:.3} ms natively"
        );
    }

    let chains = [Chain::new(&[]), Chain::new(&windows[0])];
    let [without, with] = imports(&chains);
    for (number, block) in ["the first on its window", "a later one"].into_iter().enumerate() {
        let (without, with) = (without[number], with[number]);
        println!(
            "import of an empty block, {block}: {without:.3} ms without a claim, {with:.3} ms with one, {:.3} ms more",
            with - without
        );
    }
    println!("what was claimed, of {PAIRS} pairs: {:?}", chains[1].claim);

    let criterion = Criterion::default().sample_size(50).warm_up_time(WARM_UP).measurement_time(MEASUREMENT);
    let mut criterion = criterion.configure_from_args();
    for case in &cases {
        criterion.bench_function(&format!("analysis/{}", case.name), |bencher| bencher.iter(|| (case.run)()));
    }
    criterion.final_summary();
}

/// Something to run.
struct Case<'a> {
    name: String,
    run: Box<dyn Fn() + 'a>,
}

/// The check of every family's claim and the u-values of every window, in the runtime and natively.
fn cases<'a>(forge: &'a Forge, pairs: &'a [(u32, u32)], windows: &'a [Vec<(i64, i64)>]) -> Vec<Case<'a>> {
    let (client, at) = (forge.client(), forge.genesis());
    let mut cases = Vec::new();
    let mut case = |name: String, run: Box<dyn Fn() + 'a>| {
        // Compiled, cached, and without an error.
        run();
        cases.push(Case { name, run });
    };
    for copula in &CLAIMS {
        let (name, claim) = (copula.family.name(), Claim::of(copula));
        let run = move || {
            let aic = client.runtime_api().evaluate(at, pairs.to_vec(), claim).expect("the runtime answers");
            black_box(aic.expect("a claim"));
        };
        case(format!("runtime/{name}"), Box::new(run));
        let run = move || {
            black_box(evaluate(black_box(pairs), &claim).expect("a claim"));
        };
        case(format!("native/{name}"), Box::new(run));
    }
    for window in windows {
        let size = window.len();
        let run = move || {
            let pairs = client.runtime_api().u_values(at, window.clone()).expect("the runtime answers");
            black_box(pairs.expect("enough prices"));
        };
        case(format!("runtime/u-values {size}"), Box::new(run));
        let run = move || {
            let pairs = <carbon_runtime::Runtime as Native<carbon_runtime::Block>>::u_values(window.clone());
            black_box(pairs.expect("enough prices"));
        };
        case(format!("native/u-values {size}"), Box::new(run));
    }
    cases
}

/// Median time of each case.
fn measure(cases: &[Case]) -> Vec<Duration> {
    let mut times = vec![Vec::new(); cases.len()];
    for round in 0..ROUNDS {
        // Another one is first every time.
        for turn in 0..cases.len() {
            let number = (round + turn) % cases.len();
            let begin = Instant::now();
            (cases[number].run)();
            times[number].push(begin.elapsed());
        }
    }
    times.into_iter().map(median).collect()
}

/// A chain with a window of prices from genesis on, and its first blocks.
struct Chain {
    forge: Forge,
    blocks: Vec<Block>,
    claim: Option<Claim>,
}

impl Chain {
    fn new(prices: &[(i64, i64)]) -> Self {
        let mut spec: Value = serde_json::from_str(&easy_spec(&carbon_node::NETWORK, |_| {})).expect("JSON");
        let history: Vec<_> = (1_u64..).zip(prices).map(|(period, (x, y))| (period, x, y)).collect();
        let window = &mut spec["genesis"]["runtimeGenesis"]["patch"]["jointPrices"];
        window["pairs"] = json!(history);
        window["window"] = json!(PAIRS);
        let forge = Forge::of_spec(&carbon_node::NETWORK, spec.to_string());

        let pairs = forge.window(forge.genesis()).state.pairs.clone();
        assert_eq!(pairs.len(), prices.len());
        let claim = (!pairs.is_empty()).then(|| best_claim(&pairs).0);
        let mut tip = forge.genesis();
        let mut blocks = Vec::new();
        for _ in 0..BLOCKS {
            tip = forge.import(forge.draft_claiming(tip, forge.time_after(tip, BLOCK_TIME), [1; 32], claim));
            blocks.push(forge.block(tip));
        }
        Self { forge, blocks, claim }
    }
}

/// Median milliseconds that the first and the last block of each chain take to import on a new node.
fn imports(chains: &[Chain; 2]) -> [[f64; 2]; 2] {
    let mut times: [[Vec<Duration>; 2]; 2] = Default::default();
    for round in 0..IMPORTS {
        for way in [round % 2, (round + 1) % 2] {
            let Chain { forge, blocks, .. } = &chains[way];
            let node = forge.sibling();
            let took: Vec<Duration> = blocks.iter().map(|block| import(&node, block)).collect();
            times[way][0].extend(took.first());
            times[way][1].extend(took.last());
        }
    }
    times.map(|blocks| blocks.map(|times| milliseconds(median(times))))
}

fn import(node: &Forge, block: &Block) -> Duration {
    let begin = Instant::now();
    let result = node.receive(block);
    let took = begin.elapsed();
    assert!(result.is_ok(), "{result:?}");
    took
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Pairs that follow the truth: the same ones every time, spread evenly.
fn sample(size: usize) -> Vec<(f64, f64)> {
    let golden = (5_f64.sqrt() - 1.0) / 2.0;
    let place = |number: usize| number as f64 + 0.5;
    (0..size).map(|i| TRUTH.sample::<Pinned>(place(i) / size as f64, (place(i) * golden).fract())).collect()
}

/// Their u-values.
fn pairs(size: usize) -> Vec<(u32, u32)> {
    sample(size).into_iter().map(|(u, v)| (to_q32(u), to_q32(v))).collect()
}

/// Their prices: a tenth of a coin per kWh and forty coins per t, or so.
fn prices(size: usize) -> Vec<(i64, i64)> {
    sample(size).into_iter().map(|(u, v)| ((6e10 + 8e10 * u) as i64, (2e13 + 4e13 * v) as i64)).collect()
}
