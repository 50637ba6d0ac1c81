//! # Offline analysis
//!
//! What the chains do with their window of price pairs, done with files: `copula fit`, `copula guide` and `copula plot`
//! of both node binaries, and the price history that a chain's genesis is seeded with. All statistics are
//! `gridpeg-copula`'s, the same code that the runtimes run.
//!
//! | module | what it does |
//! |---|---|
//! | [`commands`] | the command line |
//! | [`number`] | numbers as they stand in files: as f64, and exactly in units of price |
//! | [`table`] | one CSV file |
//! | [`sample`] | two columns, of one file or of two that share a column |
//! | [`pseudo`] | kernel marginals: from prices to u-values (eqs. 4 to 6) |
//! | [`report`] | what `fit` found: all candidates, correlations |
//! | [`guide`] | what `guide` found: conditional quantiles, Monte Carlo, the check on rows held back |
//! | [`plot`] | figures 8 and 9 as SVG |
//! | [`prices`] | the price history for genesis |
//!
//! ## The same numbers as on the chain
//!
//! A chain keeps prices in units of 10⁻¹² coin, and u-values in 2⁻³². If all numbers of both columns are plain decimals
//! with at most 12 places, and fit, they are analysed in these units: u-values, correlations and guidance are those of a
//! chain with the same prices in its window, to the bit. Other numbers (with an exponent, longer ones, larger ones) are
//! analysed as they are.

#![warn(missing_docs)]

pub mod commands;
pub mod error;
pub mod guide;
pub mod number;
pub mod plot;
pub mod prices;
pub mod pseudo;
pub mod report;
pub mod sample;
pub mod table;

pub use commands::CopulaCmd;
pub use error::Error;
pub use prices::{parse_price_history, read_price_history};
