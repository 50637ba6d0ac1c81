//! The analysis is part of the consensus, and it computes with floating point: the node's own code and the runtime that
//! the chain runs, compiled to wasm, must arrive at the same integers, bit for bit, on whatever is thrown at them.

use carbon_runtime::{Block, Runtime};
use gridpeg_copula::{evaluate, reference, to_q32, Claim, Copula, Family, Pinned, Rotation, MAX_OBSERVATIONS};
use gridpeg_forge::Forge;
use gridpeg_runtime_api::{runtime_decl_for_analysis_api::AnalysisApi as Native, AnalysisApi};
use gridpeg_tests::{data, report};
use polkadot_sdk::sp_api::ProvideRuntimeApi;
use serde_json::Value;
use std::{ffi::OsStr, fs, path::Path};

/// u-values in Q0.32.
type Pairs = Vec<(u32, u32)>;
/// Prices of electricity and carbon.
type Prices = Vec<(i64, i64)>;

/// Random windows of u-values.
const WINDOWS: usize = 200;
/// Random windows of prices.
const SAMPLES: usize = 160;
/// What each family must have been compared on, at the least.
const ENOUGH: usize = 100;
/// Sizes that windows begin with; the others are random.
const SIZES: [usize; 6] = [30, 31, 511, 512, 1_023, 1_024];
/// u-values at and next to the ends of their range, and in the middle.
const EDGES: [u32; 7] = [1, 2, 3, 1 << 31, u32::MAX - 2, u32::MAX - 1, u32::MAX];

#[test]
fn claims_and_references_are_worth_the_same_in_the_runtime() {
    let wasm = Wasm::new();
    let mut random = Random(1);
    let mut windows = public_windows();
    windows.extend(own_windows());
    let given: usize = windows.iter().map(|window| window.claims.len()).sum();
    windows.push(Window {
        name: "edges".into(),
        pairs: EDGES.iter().flat_map(|&u| EDGES.map(|v| (u, v))).collect(),
        claims: Vec::new(),
    });
    windows.extend((0..WINDOWS).map(|number| random_window(number, &mut random)));

    let mut evaluated = [0; Family::ALL.len()];
    let mut compare = |window: &Window, claim: &Claim| {
        let native = evaluate(&window.pairs, claim);
        let compiled = wasm.evaluate(&window.pairs, *claim);
        assert_eq!(native.ok(), compiled, "{}, {} pairs: {claim:?}: {native:?}", window.name, window.pairs.len());
        let aic = native.unwrap_or_else(|error| panic!("{}: {claim:?}: {error}", window.name));
        evaluated[usize::from(claim.family)] += 1;
        aic
    };
    for window in &windows {
        let (claim, aic) = reference(&window.pairs);
        assert_eq!((claim, aic), wasm.reference(&window.pairs), "{}", window.name);
        assert_eq!(compare(window, &claim), aic, "{}: the reference can be claimed", window.name);
        for claim in &window.claims {
            compare(window, claim);
        }
        for (family, rotation) in kinds() {
            compare(window, &random_claim(family, rotation, &mut random));
            for corner in 0..1 << family.parameters() {
                compare(window, &corner_claim(family, rotation, corner));
            }
        }
    }
    let counts = counted(&evaluated);
    report(&format!("claims worth the same natively and in the runtime: {counts}; {given} of them from vectors"));
    report(&format!("references the same natively and in the runtime: {}", windows.len()));
    assert!(evaluated.iter().all(|&count| count > ENOUGH), "{counts}");
    assert!(windows.len() > ENOUGH);
}

#[test]
fn the_same_claims_are_refused_in_the_runtime() {
    let wasm = Wasm::new();
    let mut random = Random(2);
    let mut count = 0;
    let mut compare = |pairs: &[(u32, u32)], claim: &Claim| {
        let native = evaluate(pairs, claim);
        assert!(native.is_err(), "{} pairs: {claim:?} is worth {native:?}", pairs.len());
        assert_eq!(wasm.evaluate(pairs, *claim), None, "{} pairs: {claim:?}", pairs.len());
        count += 1;
    };
    for number in 0..SIZES.len() {
        let window = random_window(number, &mut random);
        for claim in &refused_claims() {
            compare(&window.pairs, claim);
        }
    }
    for size in [0, 1, 29, MAX_OBSERVATIONS as usize + 1, 4_000] {
        let pairs: Pairs = (0..size).map(|_| (random.q32(), random.q32())).collect();
        for (family, rotation) in kinds() {
            compare(&pairs, &random_claim(family, rotation, &mut random));
        }
    }
    report(&format!("claims refused natively and in the runtime: {count}"));
    assert!(count > ENOUGH);
}

#[test]
fn pairs_that_nobody_can_claim_anything_about_have_independence_for_reference() {
    let wasm = Wasm::new();
    for size in [0, 1, 2, 29, MAX_OBSERVATIONS as usize + 1, 4_000, 100_000] {
        // As dependent as can be.
        let pairs: Pairs = (1..=size as u32).map(|i| (i * 40_000, i * 40_000)).collect();
        assert_eq!(reference(&pairs), (Claim::INDEPENDENCE, 0), "{size} pairs");
        assert_eq!(wasm.reference(&pairs), (Claim::INDEPENDENCE, 0), "{size} pairs");
    }
    for size in [30, MAX_OBSERVATIONS] {
        let pairs: Pairs = (1..=size).map(|i| (i * 40_000, i * 40_000)).collect();
        let (claim, aic) = wasm.reference(&pairs);
        assert_eq!((claim, aic), reference(&pairs), "{size} pairs");
        assert!(claim.family == 1 && aic < 0, "{size} pairs");
    }
}

#[test]
fn u_values_are_the_same_in_the_runtime() {
    let wasm = Wasm::new();
    let mut random = Random(3);
    let mut some = 0;
    let mut compare = |name: &str, prices: Prices| {
        let native = <Runtime as Native<Block>>::u_values(prices.clone());
        let compiled = wasm.u_values(prices.clone());
        assert_eq!(native, compiled, "{name}, {} pairs", prices.len());
        if let Some(pairs) = native {
            assert_eq!(pairs.len(), prices.len(), "{name}");
            assert!(pairs.iter().all(|&(u, v)| u > 0 && v > 0), "{name}");
            some += 1;
        }
    };
    for number in 0..SAMPLES {
        let size = size(number / PRICES.len(), MAX_OBSERVATIONS as usize, &mut random);
        let (name, prices) = random_prices(number, size, &mut random);
        compare(&name, prices);
    }
    for size in [0, 1, 2, 3, 29, MAX_OBSERVATIONS as usize + 1] {
        for number in 0..PRICES.len() {
            let (name, prices) = random_prices(number, size, &mut random);
            compare(&name, prices);
        }
    }
    report(&format!("windows of prices with the same u-values natively and in the runtime: {some}"));
    assert!(some > ENOUGH);
}

#[test]
fn guidance_is_the_same_in_the_runtime() {
    let wasm = Wasm::new();
    let mut random = Random(4);
    let mut guided = [0; Family::ALL.len()];
    for number in 0..SAMPLES {
        let size = size(usize::MAX, 100, &mut random);
        let (name, prices) = random_prices(number, size, &mut random);
        for (family, rotation) in kinds() {
            let claim = random_claim(family, rotation, &mut random);
            let electricity = match random.below(8) {
                0 => i64::MIN,
                1 => i64::MAX,
                2 => 0,
                3 => random.bits() as i64,
                // One of the window, or near one.
                _ => {
                    let (electricity, _) = prices[random.below(prices.len() as u64) as usize];
                    electricity.saturating_add(random.below(1_000_000) as i64)
                }
            };
            let native = <Runtime as Native<Block>>::guidance_of(prices.clone(), claim, electricity);
            let compiled = wasm.guidance(prices.clone(), claim, electricity);
            assert_eq!(native, compiled, "{name}, {size} pairs: {claim:?} at {electricity}");
            guided[family as usize] += usize::from(native.is_some());
        }
    }
    let counts = counted(&guided);
    report(&format!("carbon prices expected alike natively and in the runtime: {counts}"));
    assert!(guided.iter().all(|&count| count > ENOUGH), "{counts}");
}

/// The carbon chain's runtime as the chain runs it: compiled, through the executor, on the genesis state.
struct Wasm(Forge);

impl Wasm {
    fn new() -> Self {
        Self(Forge::new(&carbon_node::NETWORK, |_| {}))
    }

    fn evaluate(&self, pairs: &[(u32, u32)], claim: Claim) -> Option<i64> {
        self.0.client().runtime_api().evaluate(self.0.genesis(), pairs.to_vec(), claim).unwrap()
    }

    fn reference(&self, pairs: &[(u32, u32)]) -> (Claim, i64) {
        self.0.client().runtime_api().reference(self.0.genesis(), pairs.to_vec()).unwrap()
    }

    fn u_values(&self, prices: Prices) -> Option<Pairs> {
        self.0.client().runtime_api().u_values(self.0.genesis(), prices).unwrap()
    }

    fn guidance(&self, prices: Prices, claim: Claim, electricity: i64) -> Option<[i64; 5]> {
        self.0.client().runtime_api().guidance_of(self.0.genesis(), prices, claim, electricity).unwrap()
    }
}

/// Pairs, and claims that belong to them.
struct Window {
    name: String,
    pairs: Pairs,
    claims: Vec<Claim>,
}

/// The public sets, with every copula that their reference names.
fn public_windows() -> Vec<Window> {
    let Some(folder) = data::path("vectors/copula") else {
        return Vec::new();
    };
    let expected = read_json(&folder.join("reference.json"));
    let mut windows = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().and_then(OsStr::to_str) != Some("csv") {
            continue;
        }
        let name = path.file_stem().and_then(OsStr::to_str).unwrap().to_string();
        let text = fs::read_to_string(&path).unwrap();
        let pairs = text.lines().skip(1).take(MAX_OBSERVATIONS as usize).map(|line| {
            let (u, v) = line.split_once(',').unwrap();
            (to_q32(u.trim().parse().unwrap()), to_q32(v.trim().parse().unwrap()))
        });
        let entries = |list: &str| expected["sets"][&name][list].as_array().cloned().unwrap_or_default();
        let claims = entries("given").iter().chain(&entries("fits")).map(named_claim).collect();
        windows.push(Window { pairs: pairs.collect(), claims, name });
    }
    windows.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(windows.iter().any(|window| !window.claims.is_empty()), "no vectors in {}", folder.display());
    windows
}

/// The repository's own sets, whose claims are in Q16.16 already.
fn own_windows() -> Vec<Window> {
    let sets = read_json(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../primitives/copula/tests/vectors/sets.json"));
    let window = |set: &Value| Window {
        name: set["name"].as_str().unwrap().into(),
        pairs: serde_json::from_value(set["pairs"].clone()).unwrap(),
        claims: set["given"].as_array().unwrap().iter().map(quantized_claim).collect(),
    };
    sets["sets"].as_array().unwrap().iter().map(window).collect()
}

/// What an entry of the public reference names, in Q16.16.
fn named_claim(entry: &Value) -> Claim {
    let (family, rotation) = kind_of(entry);
    let mut parameters = [0.0; 2];
    for (parameter, value) in parameters.iter_mut().zip(entry["params"].as_array().unwrap()) {
        *parameter = value.as_f64().unwrap();
    }
    Claim::of(&Copula { family, rotation, parameters })
}

fn quantized_claim(entry: &Value) -> Claim {
    let (family, rotation) = kind_of(entry);
    let mut parameters = [0; 2];
    for (parameter, value) in parameters.iter_mut().zip(entry["claim"].as_array().unwrap()) {
        *parameter = value.as_i64().unwrap() as i32;
    }
    Claim { family: family as u8, rotation: rotation as u8, parameters }
}

fn kind_of(entry: &Value) -> (Family, Rotation) {
    let name = match entry["family"].as_str().unwrap() {
        "indep" => "independence",
        name => name,
    };
    let family = Family::ALL.into_iter().find(|family| family.name() == name).unwrap();
    (family, Rotation::from_index((entry["rotation"].as_u64().unwrap() / 90) as u8).unwrap())
}

fn read_json(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A window of any kind that a chain, or somebody who means it harm, may make.
fn random_window(number: usize, random: &mut Random) -> Window {
    let size = size(number, MAX_OBSERVATIONS as usize, random);
    let kinds = kinds();
    let (family, rotation) = kinds[random.below(kinds.len() as u64) as usize];
    let claim = random_claim(family, rotation, random);
    let copula = claim.copula().unwrap();
    let edge = |random: &mut Random| EDGES[random.below(EDGES.len() as u64) as usize];
    let pair = |random: &mut Random| match number % 6 {
        0 | 1 => {
            let (u, v) = copula.sample::<Pinned>(random.unit(), random.unit());
            (to_q32(u), to_q32(v))
        }
        2 => (random.q32(), random.q32()),
        // Few values: ties.
        3 => (((random.q32() >> 28) << 28) | 1, ((random.q32() >> 29) << 29) | 1),
        // Dependence without noise.
        4 => {
            let u = random.q32();
            (u, if number % 12 == 4 { u } else { u32::MAX - u + 1 })
        }
        _ => match random.below(3) {
            0 => (edge(random), edge(random)),
            1 => (edge(random), random.q32()),
            _ => (random.q32(), edge(random)),
        },
    };
    let pairs = (0..size).map(|_| pair(random)).collect();
    Window { name: format!("random window {number}"), pairs, claims: vec![claim] }
}

/// The number of pairs of a random window.
fn size(number: usize, most: usize, random: &mut Random) -> usize {
    SIZES.get(number).copied().unwrap_or_else(|| 30 + random.below(most as u64 - 29) as usize)
}

/// Families with their rotations.
fn kinds() -> Vec<(Family, Rotation)> {
    let mut kinds = Vec::new();
    for family in Family::ALL {
        let rotations = if family.rotates() { 4 } else { 1 };
        kinds.extend((0..rotations).filter_map(Rotation::from_index).map(|rotation| (family, rotation)));
    }
    kinds
}

/// Each parameter at its lower bound, or at the upper one where the corner's bit is set.
fn corner_claim(family: Family, rotation: Rotation, corner: u32) -> Claim {
    claim_at(family, rotation, |parameter| f64::from((corner >> parameter) & 1))
}

/// Parameters from all of their range; half of them near the lower bound, where most fits are.
fn random_claim(family: Family, rotation: Rotation, random: &mut Random) -> Claim {
    claim_at(family, rotation, |_| {
        let place = random.unit();
        match random.below(2) {
            0 => place,
            _ => place * place * place * place,
        }
    })
}

/// Each parameter at a place between its bounds, from 0 to 1.
fn claim_at(family: Family, rotation: Rotation, mut place: impl FnMut(usize) -> f64) -> Claim {
    let bounds = family.bounds();
    let mut parameters = [0.0; 2];
    for (number, parameter) in parameters.iter_mut().enumerate().take(family.parameters()) {
        let (low, high) = bounds[number];
        *parameter = low + (high - low) * place(number);
    }
    Claim::of(&Copula { family, rotation, parameters })
}

/// Claims that no window makes valid: unknown names, parameters just outside their bounds and far outside, second
/// encodings of the same copula.
fn refused_claims() -> Vec<Claim> {
    let mut claims = [7, 8, 128, u8::MAX].map(|family| Claim { family, ..Claim::INDEPENDENCE }).to_vec();
    for (family, rotation) in kinds() {
        let (low, high) = (corner_claim(family, rotation, 0), corner_claim(family, rotation, 0b11));
        claims.extend([4, u8::MAX].map(|rotation| Claim { rotation, ..low }));
        if !family.rotates() {
            claims.extend([1, 2, 3].map(|rotation| Claim { rotation, ..low }));
        }
        for parameter in 0..2 {
            let values = [low.parameters[parameter] - 1, high.parameters[parameter] + 1, i32::MIN, i32::MAX];
            claims.extend(values.map(|value| {
                let mut claim = low;
                claim.parameters[parameter] = value;
                claim
            }));
        }
    }
    claims
}

/// A way to draw prices, and its name.
type Draw = (&'static str, fn(&mut Random) -> i64);

/// Kinds of prices.
const PRICES: [Draw; 8] = [
    ("usual", |random| 100_000_000_000 + random.below(900_000_000_000) as i64),
    ("tied", |random| random.below(5) as i64 * 1_000_000),
    ("constant", |_| 700_000_000_000),
    ("negative", |random| -1 - random.below(1_000_000_000_000) as i64),
    ("huge", |random| random.bits() as i64),
    ("extreme", |random| [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX][random.below(6) as usize]),
    ("one unit apart", |random| random.below(3) as i64 - 1),
    ("with outliers", |random| match random.below(20) {
        0 => random.bits() as i64,
        _ => 500_000_000_000 + random.below(1_000_000_000) as i64,
    }),
];

/// Prices of two kinds; within 64 numbers each kind meets each.
fn random_prices(number: usize, size: usize, random: &mut Random) -> (String, Prices) {
    let (electricity, carbon) = (PRICES[number % PRICES.len()], PRICES[number / PRICES.len() % PRICES.len()]);
    let prices = (0..size).map(|_| (electricity.1(random), carbon.1(random))).collect();
    (format!("electricity prices {}, carbon prices {}", electricity.0, carbon.0), prices)
}

/// "gaussian 12, student 13, …"
fn counted(counts: &[usize; Family::ALL.len()]) -> String {
    Family::ALL.map(|family| format!("{} {}", family.name(), counts[family as usize])).join(", ")
}

/// SplitMix64: the same numbers in every run.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.bits() % bound
    }

    /// In (0, 1).
    fn unit(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// A u-value.
    fn q32(&mut self) -> u32 {
        1 + self.below(u64::from(u32::MAX)) as u32
    }
}
