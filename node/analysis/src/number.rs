//! Numbers as they stand in files and on the command line.

use std::num::FpCategory;

/// Decimals of a price: its unit is 10⁻¹² coin, per kWh or per t.
pub const DECIMALS: usize = 12;
/// Units in a coin.
pub const UNITS: f64 = 1e12;

/// What is wrong with a field. Reads on from the column's name.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Problem {
    /// Nothing is there.
    #[error("is missing")]
    Missing,
    /// Text.
    #[error("is `{0}`, which is not a number: decimals are written with a point, thousands without a separator")]
    NotANumber(String),
    /// A number that is none.
    #[error("is NaN, which is not a number: leave the row out")]
    NaN,
    /// Beyond what an f64 holds, or written as infinity.
    #[error("is `{0}`, which is infinite")]
    Infinite(String),
    /// No pseudo-observation.
    #[error("is {0}: pseudo-observations are between 0 and 1, and neither; leave out --pseudo if these are prices")]
    OutsideUnitInterval(f64),
    /// No plain decimal.
    #[error("is `{0}`, which is not a decimal number such as -0.125")]
    NotADecimal(String),
    /// Too many decimals for a price.
    #[error("is `{0}`: a price has at most 12 decimals")]
    TooPrecise(String),
    /// Too large for a price.
    #[error("is `{0}`: a price is less than 9,223,372 coins")]
    TooLarge(String),
    /// No number of a period.
    #[error("is `{0}`, which is not the number of a period: a whole number, 0 or more")]
    NotAPeriod(String),
    /// Periods out of order.
    #[error("is {period} after {before}: periods ascend from row to row")]
    NotAscending {
        /// This row's.
        period: u64,
        /// The row's before.
        before: u64,
    },
}

/// A finite number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// As nearly as an f64 can be.
    pub value: f64,
    /// Exactly, in units of price, if it is a plain decimal with at most 12 places and fits.
    pub units: Option<i64>,
}

impl Number {
    /// Parses what stands between two delimiters.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        if text.is_empty() {
            return Err(Problem::Missing);
        }
        let value: f64 = text.parse().map_err(|_| Problem::NotANumber(text.into()))?;
        match value.classify() {
            FpCategory::Nan => Err(Problem::NaN),
            FpCategory::Infinite => Err(Problem::Infinite(text.into())),
            _ => Ok(Self { value, units: parse_units(text).ok() }),
        }
    }
}

/// Parses a plain decimal (`-12`, `0.5`, `+3.`) to units of 10⁻¹², exactly: no rounding, so what has more decimals is
/// refused, even if they are zeros.
pub fn parse_units(text: &str) -> Result<i64, Problem> {
    if text.is_empty() {
        return Err(Problem::Missing);
    }
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = || whole.bytes().chain(fraction.bytes());
    if digits().next().is_none() || !digits().all(|byte| byte.is_ascii_digit()) {
        return Err(Problem::NotADecimal(text.into()));
    }
    if fraction.len() > DECIMALS {
        return Err(Problem::TooPrecise(text.into()));
    }
    let zeros = std::iter::repeat_n(b'0', DECIMALS - fraction.len());
    let units = digits()
        .chain(zeros)
        .try_fold(0_i128, |units, digit| units.checked_mul(10)?.checked_add(i128::from(digit - b'0')));
    units
        .map(|units| if negative { -units } else { units })
        .and_then(|units| i64::try_from(units).ok())
        .ok_or_else(|| Problem::TooLarge(text.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        for (text, units) in [
            ("0", 0),
            ("-0", 0),
            ("1", 1_000_000_000_000),
            ("+1.5", 1_500_000_000_000),
            ("-0.000000000001", -1),
            (".5", 500_000_000_000),
            ("5.", 5_000_000_000_000),
            ("0.1", 100_000_000_000),
            ("9223372.036854775807", i64::MAX),
            ("-9223372.036854775808", i64::MIN),
            ("0000000000000000000000000000000000000000000001", 1_000_000_000_000),
        ] {
            assert_eq!(parse_units(text), Ok(units), "{text}");
        }
    }

    #[test]
    fn what_is_no_price_is_refused() {
        for text in ["", ".", "-", "+.", "1e3", "0x1", "1,5", "--1", "1.2.3", "nan", "inf", "١"] {
            assert!(matches!(parse_units(text), Err(Problem::NotADecimal(_) | Problem::Missing)), "{text}");
        }
        assert!(matches!(parse_units("0.1234567890123"), Err(Problem::TooPrecise(_))));
        assert!(matches!(parse_units("0.1000000000000"), Err(Problem::TooPrecise(_))));
        for text in ["9223372.036854775808", "-9223372.036854775809", &"9".repeat(60)] {
            assert!(matches!(parse_units(text), Err(Problem::TooLarge(_))), "{text}");
        }
    }

    #[test]
    fn numbers_are_finite() {
        assert_eq!(Number::parse("-1e-3"), Ok(Number { value: -1e-3, units: None }));
        assert_eq!(Number::parse("2.5"), Ok(Number { value: 2.5, units: Some(2_500_000_000_000) }));
        assert_eq!(Number::parse(""), Err(Problem::Missing));
        assert_eq!(Number::parse("NaN"), Err(Problem::NaN));
        for text in ["inf", "-Infinity", "1e999"] {
            assert_eq!(Number::parse(text), Err(Problem::Infinite(text.into())));
        }
        assert_eq!(Number::parse("1,5"), Err(Problem::NotANumber("1,5".into())));
    }
}
