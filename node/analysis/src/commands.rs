//! The command line: `copula fit`, `copula guide`, `copula plot`.

use crate::{
    error::Error,
    guide::{GuidanceReport, Question},
    number::Number,
    plot,
    pseudo::Series,
    report::FitReport,
    sample::{Kind, Sample},
};
use serde::Serialize;
use std::{
    fmt::Display,
    io::{self, Write},
    path::PathBuf,
};

/// Analyse files of prices as the chains analyse theirs.
///
/// A file is CSV, with `,` or `;` between the fields and a header line that names the columns. Two files are joined on
/// the first column that both have, for example `date`.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum CopulaCmd {
    /// Fit all copulas to two series and list them, the best first.
    Fit(FitArgs),

    /// Print where the carbon price is to be expected, given the electricity price.
    Guide(GuideArgs),

    /// Draw the sample's frequencies and the best copula's density as SVG.
    Plot(PlotArgs),
}

/// Two series in files.
#[derive(Clone, Debug, clap::Args)]
pub struct SeriesArgs {
    /// A CSV file with both series, or two files with one each.
    #[arg(value_name = "FILE", required = true, num_args = 1..=2)]
    pub files: Vec<PathBuf>,

    /// The columns' names. Without it, the first two columns of numbers of one file, or the first of each of two.
    #[arg(long, value_name = "A,B", value_parser = parse_columns)]
    pub columns: Option<[String; 2]>,
}

/// `copula fit`.
#[derive(Clone, Debug, clap::Args)]
pub struct FitArgs {
    /// Where the series are.
    #[clap(flatten)]
    pub series: SeriesArgs,

    /// The columns hold pseudo-observations, strictly between 0 and 1, and not prices.
    #[arg(long)]
    pub pseudo: bool,

    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// `copula guide`.
#[derive(Clone, Debug, clap::Args)]
pub struct GuideArgs {
    /// Where the series are. The first is the electricity price, the second the carbon price.
    #[clap(flatten)]
    pub series: SeriesArgs,

    /// The electricity price that is given, in the file's unit.
    #[arg(long, value_name = "PRICE", value_parser = parse_number, allow_hyphen_values = true)]
    pub electricity: Number,

    /// Seed of the simulation.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// Carbon prices to simulate.
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = parse_samples)]
    pub samples: usize,

    /// Hold this share of the rows, the last ones, back from the fit, and print how well they are predicted.
    #[arg(long, value_name = "FRACTION", value_parser = parse_share)]
    pub hold_out: Option<f64>,

    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// `copula plot`.
#[derive(Clone, Debug, clap::Args)]
pub struct PlotArgs {
    /// Where the series are.
    #[clap(flatten)]
    pub series: SeriesArgs,

    /// The folder that the figures are written to. It is made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,

    /// The columns hold pseudo-observations, strictly between 0 and 1, and not prices.
    #[arg(long)]
    pub pseudo: bool,
}

impl CopulaCmd {
    /// Does it, and prints the result to standard output.
    pub fn run(&self) -> Result<(), Error> {
        self.run_to(&mut io::stdout().lock())
    }

    /// Does it, and writes the result.
    pub fn run_to(&self, out: &mut dyn Write) -> Result<(), Error> {
        match self {
            Self::Fit(arguments) => arguments.run(out),
            Self::Guide(arguments) => arguments.run(out),
            Self::Plot(arguments) => arguments.run(out),
        }
    }
}

impl SeriesArgs {
    fn read(&self, kind: Kind) -> Result<Sample, Error> {
        let sample = Sample::read(&self.files, self.columns.as_ref(), kind)?;
        sample.check()?;
        Ok(sample)
    }
}

impl FitArgs {
    fn run(&self, out: &mut dyn Write) -> Result<(), Error> {
        let kind = kind(self.pseudo);
        let sample = self.series.read(kind)?;
        let (report, _) = FitReport::new(&Series::of(&sample, kind))?;
        print(out, &sample, &report, self.json)
    }
}

impl GuideArgs {
    fn run(&self, out: &mut dyn Write) -> Result<(), Error> {
        let sample = self.series.read(Kind::Prices)?;
        let question =
            Question { electricity: self.electricity, seed: self.seed, samples: self.samples, hold_out: self.hold_out };
        let report = GuidanceReport::new(sample.clone(), &question)?;
        print(out, &sample, &report, self.json)
    }
}

impl PlotArgs {
    fn run(&self, out: &mut dyn Write) -> Result<(), Error> {
        let kind = kind(self.pseudo);
        let sample = self.series.read(kind)?;
        let pairs = Series::of(&sample, kind).pairs()?;
        let files = plot::figures(&sample.names, &pairs, &self.out)?;
        files.iter().try_for_each(|file| writeln!(out, "{}", file.display())).map_err(Error::Output)
    }
}

fn kind(pseudo: bool) -> Kind {
    if pseudo {
        Kind::PseudoObservations
    } else {
        Kind::Prices
    }
}

/// Prints a report: JSON and nothing else, or what the series are and the report as text.
fn print<R: Display + Serialize>(out: &mut dyn Write, sample: &Sample, report: &R, json: bool) -> Result<(), Error> {
    let written = if json {
        serde_json::to_string_pretty(report).map_err(io::Error::from).and_then(|json| writeln!(out, "{json}"))
    } else {
        write!(out, "{}{report}", describe(sample))
    };
    written.map_err(Error::Output)
}

fn describe(sample: &Sample) -> String {
    let [first, second] = &sample.names;
    let joined = sample.joined.as_ref().map_or_else(String::new, |joined| {
        let [a, b] = joined.left_out;
        format!("joined on `{}`; rows without a partner: {a} in the first file, {b} in the second\n", joined.on)
    });
    format!("columns `{first}` and `{second}`\n{joined}")
}

fn parse_columns(text: &str) -> Result<[String; 2], String> {
    let names: Vec<String> = text.split(',').map(|name| name.trim().to_string()).collect();
    match <[String; 2]>::try_from(names) {
        Ok(names) if names.iter().all(|name| !name.is_empty()) => Ok(names),
        _ => Err("must be two columns' names with a comma between them".into()),
    }
}

fn parse_number(text: &str) -> Result<Number, String> {
    Number::parse(text.trim()).map_err(|problem| problem.to_string())
}

fn parse_samples(text: &str) -> Result<usize, String> {
    const MOST: usize = 1_000_000;
    match text.parse() {
        Ok(samples) if (1..=MOST).contains(&samples) => Ok(samples),
        _ => Err(format!("must be a whole number from 1 to {MOST}")),
    }
}

fn parse_share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if share > 0.0 && share < 1.0 => Ok(share),
        _ => Err("must be a number between 0 and 1, for example 0.2".into()),
    }
}
