//! Times the selection among all copulas on a file of pairs: `select FILE REPEATS`.
//!
//! FILE: CSV with a header line and two columns of numbers strictly between 0 and 1. Prints one line of JSON: the fastest
//! and the median of the repeats in milliseconds, and what was selected. `scripts/bench copula` compares it.

use gridpeg_copula::fit::{select, Selection};
use std::{env, error::Error, fs, hint::black_box, time::Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [file, repeats] = arguments.as_slice() else {
        return Err("usage: select FILE REPEATS".into());
    };
    let pairs = read_pairs(&fs::read_to_string(file)?)?;
    let repeats: usize = repeats.parse()?;

    let mut times = Vec::new();
    let mut selection = select(&pairs)?;
    for _ in 0..repeats {
        let begin = Instant::now();
        selection = select(black_box(&pairs))?;
        times.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let least = times.first().copied().ok_or("REPEATS must be at least 1")?;
    let median = times.get(times.len() / 2).copied().unwrap_or(least);
    let Selection { n, best, .. } = selection;
    println!(
        r#"{{"n":{n},"min_ms":{least},"median_ms":{median},"family":"{}","rotation":{},"loglik":{},"aic":{}}}"#,
        best.copula.family.name(),
        best.copula.rotation.degrees(),
        best.log_likelihood,
        best.aic
    );
    Ok(())
}

fn read_pairs(text: &str) -> Result<Vec<(f64, f64)>, Box<dyn Error>> {
    let pair = |line: &str| -> Result<(f64, f64), Box<dyn Error>> {
        let (u, v) = line.split_once(',').ok_or_else(|| format!("`{line}` is no pair"))?;
        Ok((u.trim().parse()?, v.trim().parse()?))
    };
    text.lines().skip(1).map(pair).collect()
}
