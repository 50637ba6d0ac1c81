//! The price history that seeds a chain's window D in genesis (fig. 7).
//!
//! A CSV file with the columns `electricity` (coins per kWh) and `carbon` (coins per t), oldest row first, and perhaps
//! `period`, the numbers of the clearing periods, which ascend: period n begins at Unix time n · `clearingPeriod`. Without
//! that column the rows are numbered from 1: long before the chain's first own period, unless its clearing periods are
//! longer than two weeks. Other columns are ignored. Prices are taken exactly, with at most 12 decimals.

use crate::{
    error::Error,
    number::{parse_units, Problem},
    table::{Column, Table, PERIOD},
};
use std::path::Path;

/// (period, electricity price, carbon price), in units of 10⁻¹² coin per kWh and per t.
pub type PriceRow = (u64, i64, i64);

/// Reads a price history, oldest row first. Fails for a file without rows; any number of rows above that is returned.
pub fn read_price_history(file: &Path) -> Result<Vec<PriceRow>, Error> {
    history(&Table::read(file)?)
}

/// The same of a file's text; `file` is for messages.
pub fn parse_price_history(file: &Path, text: &str) -> Result<Vec<PriceRow>, Error> {
    history(&Table::parse(file, text)?)
}

fn history(table: &Table) -> Result<Vec<PriceRow>, Error> {
    let needed = |name: &str| {
        table.column(name).ok_or_else(|| Error::NoColumn {
            file: table.file.display().to_string(),
            column: name.into(),
            columns: table.names(),
        })
    };
    let (electricity, carbon) = (needed("electricity")?, needed("carbon")?);
    let periods = table.column(PERIOD);
    let mut before = None;
    let mut rows = Vec::with_capacity(table.rows.len());
    for row in 0..table.rows.len() {
        let period = match periods {
            Some(column) => next_period(column, row, before)?,
            None => row as u64 + 1,
        };
        before = Some(period);
        rows.push((period, price(electricity, row)?, price(carbon, row)?));
    }
    if rows.is_empty() {
        return Err(Error::NoPrices { file: table.file.display().to_string() });
    }
    Ok(rows)
}

fn price(column: Column<'_>, row: usize) -> Result<i64, Error> {
    parse_units(column.text(row)).map_err(|problem| column.problem(row, problem))
}

fn next_period(column: Column<'_>, row: usize, before: Option<u64>) -> Result<u64, Error> {
    let text = column.text(row);
    let problem = match (text.parse::<u64>(), before) {
        (Ok(period), Some(before)) if period <= before => Problem::NotAscending { period, before },
        (Ok(period), _) => return Ok(period),
        (Err(_), _) if text.is_empty() => Problem::Missing,
        (Err(_), _) => Problem::NotAPeriod(text.into()),
    };
    Err(column.problem(row, problem))
}
