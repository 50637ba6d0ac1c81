//! Two series of numbers, row by row.
//!
//! One file: the two columns asked for, or its first two columns of numbers. Two files: they are joined on the first
//! column, in the first file's order, that both have (dates, for instance), and each gives one series: the column asked
//! for, or its first column of numbers. A name that both have then means the first file's column for the first series
//! and the second's for the second. Rows without a partner in the other file are left out; the others keep the first
//! file's order.

use crate::{
    error::Error,
    number::{Number, Problem, UNITS},
    table::{Column, Table},
};
use gridpeg_copula::claim::MIN_OBSERVATIONS;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

/// Two series.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The columns' names.
    pub names: [String; 2],
    /// The rows.
    pub rows: Vec<[Number; 2]>,
    /// How two files were joined.
    pub joined: Option<Joined>,
}

/// How two files were joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The column that both have.
    pub on: String,
    /// Rows of each file without a partner.
    pub left_out: [usize; 2],
}

/// What the numbers must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any finite numbers.
    Prices,
    /// Numbers in the open interval (0, 1).
    PseudoObservations,
}

impl Sample {
    /// Reads one file or two.
    pub fn read(files: &[PathBuf], columns: Option<&[String; 2]>, kind: Kind) -> Result<Self, Error> {
        match files {
            [file] => Self::of_one(&Table::read(file)?, columns, kind),
            [first, second] => Self::of_two(&Table::read(first)?, &Table::read(second)?, columns, kind),
            _ => Err(Error::Files(files.len())),
        }
    }

    /// Two columns of a table.
    pub fn of_one(table: &Table, columns: Option<&[String; 2]>, kind: Kind) -> Result<Self, Error> {
        let columns = match columns {
            Some([first, second]) => [named(table, first)?, named(table, second)?],
            None => match table.numeric().as_slice() {
                [first, second, ..] => [*first, *second],
                fewer => return Err(not_numeric(table, fewer.len(), 2)),
            },
        };
        let rows = (0..table.rows.len()).map(|row| [row, row]);
        Self::collect(columns, rows, kind, None)
    }

    /// A column each of two tables.
    pub fn of_two(first: &Table, second: &Table, columns: Option<&[String; 2]>, kind: Kind) -> Result<Self, Error> {
        let keys = shared_columns(first, second)?;
        let columns = match columns {
            Some([a, b]) => [named_in(first, second, a)?, named_in(second, first, b)?],
            None => [first_numeric(first, keys[0])?, first_numeric(second, keys[1])?],
        };
        let rows = join(keys)?;
        let joined = Joined {
            on: keys[0].name().to_string(),
            left_out: [first.rows.len() - rows.len(), second.rows.len() - rows.len()],
        };
        // Either series may be of either table.
        let rows = rows.into_iter().map(|row| {
            let of = |column: Column<'_>| if std::ptr::eq(column.table, first) { row[0] } else { row[1] };
            [of(columns[0]), of(columns[1])]
        });
        Self::collect(columns, rows, kind, Some(joined))
    }

    fn collect(
        columns: [Column<'_>; 2],
        rows: impl Iterator<Item = [usize; 2]>,
        kind: Kind,
        joined: Option<Joined>,
    ) -> Result<Self, Error> {
        let number = |column: Column<'_>, row| {
            let number = column.number(row)?;
            match kind {
                Kind::PseudoObservations if number.value <= 0.0 || number.value >= 1.0 => {
                    Err(column.problem(row, Problem::OutsideUnitInterval(number.value)))
                }
                _ => Ok(number),
            }
        };
        let rows = rows
            .map(|[first, second]| Ok([number(columns[0], first)?, number(columns[1], second)?]))
            .collect::<Result<Vec<_>, Error>>()?;
        Ok(Self { names: columns.map(|column| column.name().to_string()), rows, joined })
    }

    /// Fails if there are too few rows for a fit, or no dependence to estimate because a series is constant.
    pub fn check(&self) -> Result<(), Error> {
        if self.rows.len() < MIN_OBSERVATIONS as usize {
            return Err(Error::TooFewRows { found: self.rows.len() });
        }
        for (side, name) in self.names.iter().enumerate() {
            let mut values = self.rows.iter().filter_map(|row| row.get(side)).map(|number| number.value);
            let first = values.next().unwrap_or_default();
            if values.all(|value| value == first) {
                return Err(Error::Constant { column: name.clone(), value: first });
            }
        }
        Ok(())
    }

    /// What the numbers are multiplied by for the analysis: units in a coin if all numbers are exact in units of price,
    /// else 1.
    pub fn scale(&self) -> f64 {
        let exact = self.rows.iter().flatten().all(|number| number.units.is_some());
        if exact {
            UNITS
        } else {
            1.0
        }
    }

    /// Two samples: the rows before this one, and those from it on.
    pub fn split_at(mut self, row: usize) -> (Self, Self) {
        let rest = self.rows.split_off(row.min(self.rows.len()));
        let held = Self { names: self.names.clone(), rows: rest, joined: self.joined.clone() };
        (self, held)
    }
}

/// A number times the scale: exactly, if the scale is units.
pub fn scaled(number: &Number, scale: f64) -> f64 {
    match number.units {
        Some(units) if scale == UNITS => units as f64,
        _ => number.value * scale,
    }
}

fn named<'a>(table: &'a Table, name: &str) -> Result<Column<'a>, Error> {
    table.column(name).ok_or_else(|| Error::NoColumn {
        file: table.file.display().to_string(),
        column: name.into(),
        columns: table.names(),
    })
}

/// The column of this name in either table, in this order.
fn named_in<'a>(table: &'a Table, other: &'a Table, name: &str) -> Result<Column<'a>, Error> {
    table.column(name).or_else(|| other.column(name)).ok_or_else(|| Error::NoColumn {
        file: format!("{}` and `{}", table.file.display(), other.file.display()),
        column: name.into(),
        columns: format!("{}, {}", table.names(), other.names()),
    })
}

fn first_numeric<'a>(table: &'a Table, key: Column<'a>) -> Result<Column<'a>, Error> {
    let column = table.numeric().into_iter().find(|column| column.index != key.index);
    column.ok_or_else(|| not_numeric(table, 0, 1))
}

fn not_numeric(table: &Table, found: usize, needed: usize) -> Error {
    Error::NotNumeric { file: table.file.display().to_string(), found, needed, columns: table.names() }
}

/// The first column that both have.
fn shared_columns<'a>(first: &'a Table, second: &'a Table) -> Result<[Column<'a>; 2], Error> {
    let names = first.header.iter().filter(|name| !name.is_empty());
    let mut shared = names.filter_map(|name| Some([first.column(name)?, second.column(name)?]));
    shared.next().ok_or_else(|| Error::NothingShared {
        first: first.file.display().to_string(),
        second: second.file.display().to_string(),
        columns: format!("{} and {}", first.names(), second.names()),
    })
}

/// The rows of both tables with equal keys, in the first's order.
fn join(keys: [Column<'_>; 2]) -> Result<Vec<[usize; 2]>, Error> {
    let rows = rows_by_key(keys[0])?;
    let partners = rows_by_key(keys[1])?;
    let mut joined: Vec<[usize; 2]> =
        rows.into_iter().filter_map(|(key, row)| Some([row, *partners.get(key)?])).collect();
    joined.sort_unstable();
    Ok(joined)
}

fn rows_by_key(column: Column<'_>) -> Result<HashMap<&str, usize>, Error> {
    let mut rows = HashMap::new();
    for row in 0..column.table.rows.len() {
        let key = column.text(row);
        if let Some(first) = rows.insert(key, row) {
            let line = |row: usize| column.table.rows.get(row).map_or(0, |row| row.line);
            return Err(Error::TwiceInColumn {
                file: display(&column.table.file),
                line: line(row),
                column: column.name().into(),
                key: key.into(),
                first: line(first),
            });
        }
    }
    Ok(rows)
}

fn display(path: &Path) -> String {
    path.display().to_string()
}
