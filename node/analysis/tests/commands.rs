//! What the commands print: the shape of their JSON, their figures, and all of it on public prices.

use clap::Parser;
use gridpeg_analysis::{
    commands::CopulaCmd,
    pseudo::Series,
    sample::{Kind, Sample},
    table::Table,
};
use gridpeg_copula::{claim::Claim, consensus, guidance::Guidance, marginal};
use serde_json::Value;
use std::{
    env,
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: CopulaCmd,
}

fn run(arguments: &[&str]) -> Result<String, String> {
    let cli = Cli::try_parse_from(["copula"].iter().chain(arguments)).map_err(|error| error.to_string())?;
    let mut out = Vec::new();
    cli.command.run_to(&mut out).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(out).unwrap())
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&run(arguments).unwrap()).unwrap()
}

/// A file of prices that rise together, with ties and negative ones.
fn prices(folder: &Path) -> PathBuf {
    let file = folder.join("prices.csv");
    let mut out = File::create(&file).unwrap();
    writeln!(out, "power,carbon").unwrap();
    let mut state = 12_345_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % 1_000) as f64 / 100.0
    };
    for i in 0..120 {
        let common = random();
        writeln!(out, "{:.2},{:.1}", common + random() - 8.0, common + random() + if i == 60 { 5.0 } else { 60.0 })
            .unwrap();
    }
    file
}

fn names(value: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

#[test]
fn fit_prints_all_candidates() {
    let folder = tempfile::tempdir().unwrap();
    let file = prices(folder.path());
    let file = file.to_str().unwrap();
    let report = json(&["fit", file, "--json"]);
    assert_eq!(names(&report), ["best", "candidates", "kendall_tau", "n", "pearson", "spearman_rho"]);
    assert_eq!(report["n"], 120);
    let candidates = report["candidates"].as_array().unwrap();
    assert_eq!(candidates.len(), 16);
    for candidate in candidates {
        assert_eq!(names(candidate), ["aic", "aic_mean", "family", "loglik", "parameters", "rotation"]);
        let number = |name: &str| candidate[name].as_f64().unwrap();
        let parameters = candidate["parameters"].as_array().unwrap().len();
        let expected = match candidate["family"].as_str().unwrap() {
            "independence" => 0,
            "student" => 2,
            _ => 1,
        };
        assert_eq!(parameters, expected);
        assert!([0, 90, 180, 270].contains(&candidate["rotation"].as_u64().unwrap()));
        assert!((number("aic") - (2.0 * parameters as f64 - 2.0 * number("loglik"))).abs() < 1e-9);
        assert!((number("aic_mean") - number("aic") / 120.0).abs() < 1e-12);
        assert!(number("aic") >= report["best"]["aic"].as_f64().unwrap());
    }
    assert!(candidates.contains(&report["best"]));
    assert!(report["spearman_rho"].as_f64().unwrap() > 0.3);

    let text = run(&["fit", file]).unwrap();
    assert!(text.starts_with("columns `power` and `carbon`\n120 pairs\n"), "{text}");
    let best = text.lines().find(|line| line.starts_with(report["best"]["family"].as_str().unwrap()));
    assert_eq!(best, text.lines().nth(7), "{text}");
}

#[test]
fn pseudo_observations_are_fitted_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("u.csv");
    let rows: String = (1..=60).map(|i| format!("{},{}\n", i as f64 / 61.0, (i * 17 % 61) as f64 / 61.0)).collect();
    fs::write(&file, format!("u,v\n{rows}")).unwrap();
    let file = file.to_str().unwrap();
    let pseudo = json(&["fit", file, "--pseudo", "--json"]);
    let pairs: Vec<(f64, f64)> = (1..=60).map(|i| (i as f64 / 61.0, (i * 17 % 61) as f64 / 61.0)).collect();
    let expected = gridpeg_copula::fit::select(&pairs).unwrap();
    assert!((pseudo["best"]["aic"].as_f64().unwrap() - expected.best.aic).abs() < 1e-9);
    // As prices they would go through kernel marginals first.
    assert_ne!(json(&["fit", file, "--json"])["candidates"][1], pseudo["candidates"][1]);
}

#[test]
fn errors_say_what_to_do() {
    let cases: [(&[&str], &str); 9] = [
        (&["fit"], "<FILE>"),
        (&["fit", "no.csv"], "cannot read `no.csv`"),
        (&["fit", "a", "b", "c"], "unexpected"),
        (&["fit", "a", "--columns", "x"], "two columns' names"),
        (&["guide", "a"], "--electricity"),
        (&["guide", "a", "--electricity", "x"], "not a number"),
        (&["guide", "a", "--electricity", "1", "--hold-out", "1.5"], "between 0 and 1"),
        (&["guide", "a", "--electricity", "1", "--samples", "0"], "whole number"),
        (&["plot", "a"], "--out"),
    ];
    for (arguments, message) in cases {
        let error = run(arguments).unwrap_err();
        assert!(error.contains(message), "{arguments:?}: {error}");
    }
}

#[test]
fn guidance_is_ordered_repeatable_and_held_against_rows_that_it_has_not_seen() {
    let folder = tempfile::tempdir().unwrap();
    let file = prices(folder.path());
    let file = file.to_str().unwrap();
    let ask = |more: &[&str]| json(&[&["guide", file, "--electricity", "-1.5", "--json"][..], more].concat());
    let report = ask(&[]);
    assert_eq!(names(&report), ["best", "electricity", "hold_out", "monte_carlo", "n", "outside_sample", "quantiles"]);
    let carbon = |quantiles: &Value| -> Vec<f64> {
        let quantiles = quantiles.as_array().unwrap();
        quantiles.iter().map(|quantile| quantile["carbon"].as_f64().unwrap()).collect()
    };
    let quantiles = carbon(&report["quantiles"]);
    assert!(quantiles.is_sorted() && quantiles.len() == 5, "{quantiles:?}");
    for (exact, simulated) in quantiles.iter().zip(carbon(&report["monte_carlo"]["quantiles"])) {
        assert!((exact - simulated).abs() < 3.0, "{exact} {simulated}");
    }
    assert_eq!((report["n"].as_u64(), report["outside_sample"].as_bool()), (Some(120), Some(false)));
    assert!(report["hold_out"].is_null());
    assert_eq!(report, ask(&["--seed", "1"]));
    assert_ne!(report["monte_carlo"]["quantiles"], ask(&["--seed", "2"])["monte_carlo"]["quantiles"]);

    let held = ask(&["--hold-out", "0.25"]);
    assert_eq!((held["n"].as_u64(), held["hold_out"]["rows"].as_u64()), (Some(90), Some(30)));
    for name in ["ks_conditional", "ks_unconditional"] {
        assert!((0.0..0.5).contains(&held["hold_out"][name].as_f64().unwrap()), "{held}");
    }
    let error = run(&["guide", file, "--electricity", "1", "--hold-out", "0.9"]).unwrap_err();
    assert_eq!(error, "there are 12 rows for the fit and it needs 30");
    let text = run(&["guide", file, "--electricity", "1000", "--hold-out", "0.25"]).unwrap();
    assert!(text.contains("outside of the sample") && text.contains("30 rows held back"), "{text}");
}

/// What a chain with these prices would compute, from integers in units of price.
#[test]
fn u_values_and_guidance_are_the_chains() {
    let folder = tempfile::tempdir().unwrap();
    let file = prices(folder.path());
    let table = Table::read(&file).unwrap();
    let sample = Sample::of_one(&table, None, Kind::Prices).unwrap();
    let on_chain = |side: usize| -> Vec<f64> {
        let texts = table.rows.iter().map(|row| row.fields[side].as_str());
        texts.map(|text| gridpeg_analysis::number::parse_units(text).unwrap() as f64).collect()
    };
    let (power, carbon) = (on_chain(0), on_chain(1));
    let (u, v) = (marginal::u_values(&power, 1.0).unwrap(), marginal::u_values(&carbon, 1.0).unwrap());
    let pairs: Vec<(f64, f64)> =
        u.iter().zip(&v).map(|(u, v)| (marginal::from_q32(*u), marginal::from_q32(*v))).collect();
    assert_eq!(Series::of(&sample, Kind::Prices).pairs().unwrap(), pairs);

    let q32: Vec<(u32, u32)> = u.into_iter().zip(v).collect();
    let (claim, aic) = consensus::best_claim(&q32);
    let report = json(&["guide", file.to_str().unwrap(), "--electricity", "0.25", "--json"]);
    // The claim's parameters are rounded, which costs no more than this.
    let difference = report["best"]["aic"].as_f64().unwrap() - aic as f64 * consensus::AIC_UNIT;
    assert!(difference.abs() < 1e-5, "{difference}");
    let guidance = Guidance {
        copula: Claim::copula(&claim).unwrap(),
        electricity: marginal::Marginal::new(&power, 1.0).unwrap(),
        carbon: marginal::Marginal::new(&carbon, 1.0).unwrap(),
    };
    let expected = guidance.carbon_quantiles(0.25e12).map(|price| price / 1e12);
    let quantiles = report["quantiles"].as_array().unwrap();
    let ours: Vec<f64> = quantiles.iter().map(|quantile| quantile["carbon"].as_f64().unwrap()).collect();
    for (ours, expected) in ours.iter().zip(expected) {
        assert!((ours - expected).abs() <= 1e-12 * expected.abs(), "{ours} {expected}");
    }
}

/// An SVG document: one element that is closed, and as many opened as closed within it.
fn check_svg(file: &str) {
    let text = fs::read_to_string(file).unwrap();
    let text = text.trim();
    assert!(text.starts_with("<svg ") && text.ends_with("</svg>"), "{file}");
    let opened = text.matches('<').count() - text.matches("</").count();
    let closed = text.matches("</").count() + text.matches("/>").count();
    assert_eq!((opened, text.matches('<').count()), (closed, text.matches('>').count()), "{file}");
    assert!(!text.contains("NaN") && !text.contains("inf"), "{file}");
    assert!(text.matches("<rect").count() + text.matches("<polygon").count() > 20, "{file}");
}

fn check_figures(printed: &str, folder: &Path) {
    let files: Vec<&str> = printed.lines().collect();
    let expected = ["frequency.svg", "frequency-3d.svg", "density.svg", "density-3d.svg"];
    assert_eq!(files, expected.map(|name| folder.join(name).display().to_string()));
    files.into_iter().for_each(check_svg);
}

#[test]
fn figures_are_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let file = prices(folder.path());
    let out = folder.path().join("made/for/it");
    let printed = run(&["plot", file.to_str().unwrap(), "--out", out.to_str().unwrap()]).unwrap();
    check_figures(&printed, &out);
    let text = fs::read_to_string(out.join("frequency.svg")).unwrap();
    assert!(text.contains("Frequencies of 120 pairs") && text.contains("u of power"));

    // Where the folder should be made, there is a file.
    let blocked = file.join("below");
    let error = run(&["plot", file.to_str().unwrap(), "--out", blocked.to_str().unwrap()]).unwrap_err();
    assert!(error.starts_with("cannot write "), "{error}");
}

/// Where the public prices are: below `GRIDPEG_DATA`, by default the folder `shared` beside the checkout. `None` if they are
/// not there; panics if they must be.
fn public_prices() -> Option<[String; 2]> {
    let given = env::var_os("GRIDPEG_DATA").filter(|folder| !folder.is_empty());
    let demanded = given.is_some() || env::var_os("CI").is_some_and(|value| value == "true");
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = given.map_or_else(beside, PathBuf::from).join("data/eua_czech_ote");
    if folder.is_dir() {
        let file = |name: &str| folder.join(name).to_str().unwrap().to_string();
        return Some([file("electricity_price_loads.csv"), file("eua_prices_complete.csv")]);
    }
    assert!(!demanded, "{} is missing: set GRIDPEG_DATA to the folder with the public data", folder.display());
    println!("skipped what needs {}", folder.display());
    None
}

/// For whoever runs all tests: `scripts/test` prints what is in this file.
fn report(line: &str) {
    println!("{line}");
    if let Some(file) = env::var_os("GRIDPEG_REPORT") {
        writeln!(OpenOptions::new().create(true).append(true).open(file).unwrap(), "{line}").unwrap();
    }
}

#[test]
fn public_prices_are_fitted_and_drawn() {
    let Some([electricity, carbon]) = public_prices() else { return };
    let fit = json(&["fit", &electricity, &carbon, "--json"]);
    assert_eq!(fit["n"], 1_103);
    // What Pearson and Spearman are known to be.
    assert!((fit["pearson"].as_f64().unwrap() - 0.287).abs() < 5e-4, "{}", fit["pearson"]);
    assert!((fit["spearman_rho"].as_f64().unwrap() - 0.339).abs() < 5e-4, "{}", fit["spearman_rho"]);
    assert!(fit["best"]["aic"].as_f64().unwrap() < -50.0);
    let best = &fit["best"];
    report(&format!("EUA and OTE prices: best copula {} {}, AIC {}", best["family"], best["parameters"], best["aic"]));
    let text = run(&["fit", &electricity, &carbon]).unwrap();
    assert!(text.contains("joined on `date`; rows without a partner: 0 in the first file, 0 in the second"), "{text}");

    let arguments = ["guide", &electricity, &carbon, "--electricity", "100", "--hold-out", "0.2", "--json"];
    let guide = json(&arguments);
    let held = &guide["hold_out"];
    assert_eq!((guide["n"].as_u64(), held["rows"].as_u64()), (Some(882), Some(221)));
    let (given, alone) = (held["ks_conditional"].as_f64().unwrap(), held["ks_unconditional"].as_f64().unwrap());
    assert!((0.0..=1.0).contains(&given) && (0.0..=1.0).contains(&alone));
    report(&format!(
        "EUA price of the last 221 days, Kolmogorov-Smirnov: {given:.4} given the OTE price, {alone:.4} without it"
    ));

    let out = tempfile::tempdir().unwrap();
    let printed = run(&["plot", &electricity, &carbon, "--out", out.path().to_str().unwrap()]).unwrap();
    check_figures(&printed, out.path());
}
