//! What can go wrong, and what to do about it.

use crate::number::Problem;
use gridpeg_copula::claim::MIN_OBSERVATIONS;
use std::{io, path::Path};

/// Why a command failed. The message names the place, and says what to do unless that is plain.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read.
    #[error("cannot read `{file}`: {reason}")]
    Read {
        /// The file.
        file: String,
        /// What the system says.
        reason: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write `{file}`: {reason}")]
    Write {
        /// The file.
        file: String,
        /// What the system says.
        reason: io::Error,
    },
    /// Standard output cannot be written.
    #[error("cannot write the result: {0}")]
    Output(io::Error),
    /// A file is not text.
    #[error("`{file}` is not UTF-8 text: save it as CSV in UTF-8")]
    NotText {
        /// The file.
        file: String,
    },
    /// A file has nothing in it.
    #[error("`{file}` is empty: it needs a header line with the columns' names, and rows of numbers below it")]
    Empty {
        /// The file.
        file: String,
    },
    /// The first line is data.
    #[error("{file}:{line}: there is no header: the first line must name the columns, and `{field}` is a number")]
    NoHeader {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// What is no name.
        field: String,
    },
    /// Two columns of a file have one name.
    #[error("{file}:{line}: the header has two columns `{column}`: rename one of them")]
    TwiceInHeader {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The name.
        column: String,
    },
    /// A row has more fields than the header.
    #[error(
        "{file}:{line}: this row has {found} fields and the header {expected}: decimals are written with a point, and text \
         that has the delimiter in it in quotes"
    )]
    TooManyFields {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// Fields of the row.
        found: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// A field does not hold what it must.
    #[error("{file}:{line}: column `{column}` {problem}")]
    Field {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The column's name.
        column: String,
        /// What is wrong.
        problem: Problem,
    },
    /// There is no column of this name.
    #[error("`{file}` has no column `{column}`; its columns are {columns}")]
    NoColumn {
        /// The file or files.
        file: String,
        /// The name asked for.
        column: String,
        /// The names there are.
        columns: String,
    },
    /// There are not enough columns of numbers.
    #[error("`{file}` has {found} columns of numbers and {needed} are needed; its columns are {columns}")]
    NotNumeric {
        /// The file.
        file: String,
        /// Columns of numbers found.
        found: usize,
        /// Columns of numbers needed.
        needed: usize,
        /// The names there are.
        columns: String,
    },
    /// More than two files.
    #[error("give one file, or two that share a column; these are {0}")]
    Files(usize),
    /// Two files share no column.
    #[error("`{first}` and `{second}` have no column in common to join them on: {columns}")]
    NothingShared {
        /// The first file.
        first: String,
        /// The second file.
        second: String,
        /// Both files' columns.
        columns: String,
    },
    /// A value of the column that joins two files is there twice.
    #[error("{file}:{line}: `{key}` is in column `{column}` twice, first in line {first}: files are joined on unique values")]
    TwiceInColumn {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The column that joins the files.
        column: String,
        /// The value.
        key: String,
        /// The line that has it first.
        first: u64,
    },
    /// There are too few rows.
    #[error("there are {found} rows for the fit and it needs {least}", least = MIN_OBSERVATIONS)]
    TooFewRows {
        /// Rows found.
        found: usize,
    },
    /// A column has one value only.
    #[error(
        "column `{column}` is {value} in all rows: there is no dependence to estimate. The chains take independence as the \
         reference for a constant series"
    )]
    Constant {
        /// The column's name.
        column: String,
        /// Its value.
        value: f64,
    },
    /// A price history has no rows.
    #[error("`{file}` has a header and no prices below it")]
    NoPrices {
        /// The file.
        file: String,
    },
    /// The library refused the numbers.
    #[error("the fit failed: {0}")]
    Fit(String),
    /// A figure could not be drawn.
    #[error("cannot draw `{file}`: {reason}")]
    Draw {
        /// The file.
        file: String,
        /// What the library says.
        reason: String,
    },
}

impl Error {
    /// A field's problem, with its place.
    pub(crate) fn field(file: &Path, line: u64, column: &str, problem: Problem) -> Self {
        Self::Field { file: file.display().to_string(), line, column: column.to_string(), problem }
    }
}
