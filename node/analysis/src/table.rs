//! One CSV file.
//!
//! The first line names the columns. Fields are separated by commas or, if there are more of them in the first line, by
//! semicolons, and may be in double quotes. Empty lines do not count. Every row must have as many fields as the header.

use crate::{
    error::Error,
    number::{Number, Problem},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The row numbers of a price history. Never taken for a series of prices unless it is asked for.
pub const PERIOD: &str = "period";

/// A file's columns and rows, as text.
#[derive(Clone, Debug)]
pub struct Table {
    /// Where it came from.
    pub file: PathBuf,
    /// The columns' names.
    pub header: Vec<String>,
    /// The rows, each with as many fields as the header.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its first line in the file, from 1.
    pub line: u64,
    /// Its fields, without spaces around them.
    pub fields: Vec<String>,
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    /// The table.
    pub table: &'a Table,
    /// Which of its columns, from 0.
    pub index: usize,
}

impl Table {
    /// Reads a file.
    pub fn read(file: &Path) -> Result<Self, Error> {
        let bytes = fs::read(file).map_err(|reason| Error::Read { file: file.display().to_string(), reason })?;
        let text = String::from_utf8(bytes).map_err(|_| Error::NotText { file: file.display().to_string() })?;
        Self::parse(file, &text)
    }

    /// Parses a file's text; `file` is for messages.
    pub fn parse(file: &Path, text: &str) -> Result<Self, Error> {
        let name = || file.display().to_string();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let first = text.lines().find(|line| !line.trim().is_empty()).ok_or_else(|| Error::Empty { file: name() })?;
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter(first))
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());

        let mut lines = LineCounter { text, at: 0, line: 1 };
        let mut header: Option<Vec<String>> = None;
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| Error::Read { file: name(), reason: error.into() })?;
            let line = lines.line_of(record.position().map_or(0, csv::Position::byte));
            let fields: Vec<String> = record.iter().map(|field| field.trim().to_string()).collect();
            if matches!(fields.as_slice(), [only] if only.is_empty()) {
                continue;
            }
            match &header {
                None => header = Some(check_header(file, line, fields)?),
                Some(header) => rows.push(check_row(file, header, line, fields)?),
            }
        }
        let header = header.ok_or_else(|| Error::Empty { file: name() })?;
        Ok(Self { file: file.into(), header, rows })
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<Column<'_>> {
        let index = self.header.iter().position(|column| column == name)?;
        Some(Column { table: self, index })
    }

    /// Columns of numbers: those of whose fields, empty ones aside, more than half are numbers. Not [`PERIOD`].
    pub fn numeric(&self) -> Vec<Column<'_>> {
        let columns = (0..self.header.len()).map(|index| Column { table: self, index });
        columns.filter(|column| column.name() != PERIOD && column.is_numeric()).collect()
    }

    /// The columns' names, for a message.
    pub fn names(&self) -> String {
        self.header.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    }
}

impl<'a> Column<'a> {
    /// Its name.
    pub fn name(&self) -> &'a str {
        self.table.header.get(self.index).map_or("", String::as_str)
    }

    /// The text in a row, from 0; empty if there is no such row.
    pub fn text(&self, row: usize) -> &'a str {
        self.table.rows.get(row).and_then(|row| row.fields.get(self.index)).map_or("", String::as_str)
    }

    /// The number in a row, from 0.
    pub fn number(&self, row: usize) -> Result<Number, Error> {
        Number::parse(self.text(row)).map_err(|problem| self.problem(row, problem))
    }

    /// A problem of a row, from 0, with its place.
    pub fn problem(&self, row: usize, problem: Problem) -> Error {
        let line = self.table.rows.get(row).map_or(0, |row| row.line);
        Error::field(&self.table.file, line, self.name(), problem)
    }

    fn is_numeric(&self) -> bool {
        let texts: Vec<&str> =
            (0..self.table.rows.len()).map(|row| self.text(row)).filter(|text| !text.is_empty()).collect();
        let numbers = texts.iter().filter(|text| text.parse::<f64>().is_ok()).count();
        numbers * 2 > texts.len()
    }
}

/// What separates the fields of a line.
fn delimiter(line: &str) -> u8 {
    let count = |delimiter| line.bytes().filter(|byte| *byte == delimiter).count();
    if count(b';') > count(b',') {
        b';'
    } else {
        b','
    }
}

fn check_header(file: &Path, line: u64, fields: Vec<String>) -> Result<Vec<String>, Error> {
    let file = || file.display().to_string();
    if let Some(field) = fields.iter().find(|field| field.parse::<f64>().is_ok_and(f64::is_finite)) {
        return Err(Error::NoHeader { file: file(), line, field: field.clone() });
    }
    let twice = |index: usize, field: &String| fields.iter().take(index).any(|earlier| earlier == field);
    if let Some((_, column)) = fields.iter().enumerate().find(|(i, field)| !field.is_empty() && twice(*i, field)) {
        return Err(Error::TwiceInHeader { file: file(), line, column: column.clone() });
    }
    Ok(fields)
}

fn check_row(file: &Path, header: &[String], line: u64, fields: Vec<String>) -> Result<Row, Error> {
    if let Some(column) = header.get(fields.len()) {
        return Err(Error::field(file, line, column, Problem::Missing));
    }
    if fields.len() > header.len() {
        let file = file.display().to_string();
        return Err(Error::TooManyFields { file, line, found: fields.len(), expected: header.len() });
    }
    Ok(Row { line, fields })
}

/// Finds lines by the byte at which a record begins. The reader's own count is off after empty lines and after lines that
/// end in CR LF.
struct LineCounter<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl LineCounter<'_> {
    /// The line of a record that begins at this byte, line ends before it included. Bytes must not descend.
    fn line_of(&mut self, byte: u64) -> u64 {
        let bytes = self.text.as_bytes();
        let begin = usize::try_from(byte).unwrap_or(usize::MAX).min(bytes.len()).max(self.at);
        let ends = bytes.iter().skip(begin).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = bytes.get(self.at..begin + ends).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = begin + ends;
        self.line
    }
}
