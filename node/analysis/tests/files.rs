//! What is read from files, and what is refused: every bad row by file and line.

use gridpeg_analysis::{
    parse_price_history,
    sample::{Kind, Sample},
    table::Table,
    Error,
};
use std::path::Path;

/// A header and 40 good rows.
fn good(delimiter: char) -> String {
    let rows = (1..=40).map(|i| format!("2024-01-{i:02}{delimiter}{}.5{delimiter}{}\n", i - 20, (i * 7) % 41));
    format!("date{delimiter}power{delimiter}carbon\n{}", rows.collect::<String>())
}

fn table(text: &str) -> Result<Table, Error> {
    Table::parse(Path::new("f.csv"), text)
}

fn sample(text: &str, columns: Option<[&str; 2]>, kind: Kind) -> Result<Sample, Error> {
    let columns = columns.map(|names| names.map(String::from));
    let sample = Sample::of_one(&table(text)?, columns.as_ref(), kind)?;
    sample.check()?;
    Ok(sample)
}

/// The message of what is refused.
fn refused(text: &str) -> String {
    sample(text, None, Kind::Prices).err().unwrap_or_else(|| panic!("taken:\n{text}")).to_string()
}

/// The good file with this line, from 1, in place of its own.
fn with_line(line: usize, text: &str) -> String {
    let good = good(',');
    let mut lines: Vec<&str> = good.lines().collect();
    lines[line - 1] = text;
    lines.join("\n")
}

#[test]
fn commas_and_semicolons_are_told_apart() {
    for delimiter in [',', ';'] {
        let sample = sample(&good(delimiter), None, Kind::Prices).unwrap();
        assert_eq!(sample.names, ["power", "carbon"]);
        assert_eq!(sample.rows.len(), 40);
        assert_eq!((sample.rows[0][0].value, sample.rows[0][1].value), (-19.5, 7.0));
        assert_eq!(sample.rows[0][0].units, Some(-19_500_000_000_000));
    }
}

#[test]
fn bom_crlf_quotes_spaces_and_empty_lines_are_no_problem() {
    let text = good(';')
        .replace('\n', "\r\n\r\n")
        .replace("power", "\"power; of the \"\"sun\"\"\"")
        .replace("carbon", "  carbon ");
    let sample = sample(&format!("\u{feff}\n{text}"), None, Kind::Prices).unwrap();
    assert_eq!(sample.names, ["power; of the \"sun\"", "carbon"]);
    assert_eq!(sample.rows.len(), 40);
}

#[test]
fn columns_are_chosen_by_name() {
    let text = good(',').replace("power", "a").replace("carbon", "b");
    let swapped = sample(&text, Some(["b", "a"]), Kind::Prices).unwrap();
    assert_eq!(swapped.rows[0].map(|number| number.value), [7.0, -19.5]);
    let error = sample(&text, Some(["b", "c"]), Kind::Prices).unwrap_err().to_string();
    assert_eq!(error, "`f.csv` has no column `c`; its columns are `date`, `a`, `b`");
    let error = sample(&text, Some(["date", "a"]), Kind::Prices).unwrap_err().to_string();
    assert!(error.starts_with("f.csv:2: column `date` is `2024-01-01`, which is not a number"), "{error}");
}

#[test]
fn a_column_of_periods_is_no_series() {
    let rows: String = (1..=30).map(|i| format!("{i},{}.25,{}\n", i * i % 17, i)).collect();
    let sample = sample(&format!("period,electricity,carbon\n{rows}"), None, Kind::Prices).unwrap();
    assert_eq!(sample.names, ["electricity", "carbon"]);
}

#[test]
fn bad_rows_are_named() {
    for (line, text, message) in [
        (2, "2024-01-01,,5", "f.csv:2: column `power` is missing"),
        (7, "2024-01-06,1.5", "f.csv:7: column `carbon` is missing"),
        (41, "2024-01-40", "f.csv:41: column `power` is missing"),
        (5, "2024-01-04,1,2,3", "f.csv:5: this row has 4 fields and the header 3"),
        (5, "2024-01-04,abc,3", "f.csv:5: column `power` is `abc`, which is not a number"),
        (5, "2024-01-04,NaN,3", "f.csv:5: column `power` is NaN"),
        (9, "2024-01-08,1,inf", "f.csv:9: column `carbon` is `inf`, which is infinite"),
        (9, "2024-01-08,1,-1e400", "f.csv:9: column `carbon` is `-1e400`, which is infinite"),
        (3, "2024-01-02,\"1,5\",1", "f.csv:3: column `power` is `1,5`, which is not a number: decimals"),
    ] {
        let error = refused(&with_line(line, text));
        assert!(error.starts_with(message), "{error}");
    }
    // The line is right whatever ends lines, and behind empty ones.
    let crlf = with_line(30, "2024-01-29,x,3").replace('\n', "\r\n");
    assert!(refused(&crlf).starts_with("f.csv:30: "), "{}", refused(&crlf));
    let gaps = with_line(30, "2024-01-29,x,3").replace('\n', "\n\n");
    assert!(refused(&gaps).starts_with("f.csv:59: "), "{}", refused(&gaps));
}

#[test]
fn files_that_are_no_tables_are_refused() {
    for text in ["", "\n\n", "\u{feff}"] {
        assert!(refused(text).starts_with("`f.csv` is empty"), "{}", refused(text));
    }
    let error = refused("2024-01-01,1.5,2\n2024-01-02,1.5,2\n");
    assert!(error.starts_with("f.csv:1: there is no header") && error.contains("`1.5`"), "{error}");
    let error = refused("x,x\n1,2\n");
    assert!(error.contains("two columns `x`"), "{error}");
    let error = refused("a,b\n");
    assert!(error.contains("0 columns of numbers and 2 are needed; its columns are `a`, `b`"), "{error}");
    let error = refused("a,b\nx,1\ny,2\n");
    assert!(error.contains("1 columns of numbers"), "{error}");
    assert!(Table::read(Path::new("no/such.csv")).unwrap_err().to_string().starts_with("cannot read `no/such.csv`"));
}

#[test]
fn what_is_not_text_is_refused() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), [b'a', b',', 0xff, b'\n']).unwrap();
    assert!(Table::read(file.path()).unwrap_err().to_string().contains("UTF-8"));
}

#[test]
fn too_few_rows_and_constants_are_refused() {
    let short: String = good(',').lines().take(30).map(|line| format!("{line}\n")).collect();
    assert_eq!(refused(&short), "there are 29 rows for the fit and it needs 30");
    let constant: String = (1..=30).map(|i| format!("{i},-2.50\n")).collect();
    let error = refused(&format!("a,b\n{constant}"));
    assert!(error.starts_with("column `b` is -2.5 in all rows: there is no dependence to estimate"), "{error}");
}

#[test]
fn pseudo_observations_are_strictly_inside() {
    let rows = |bad: &str| -> String {
        (1..=30).map(|i| if i == 10 { format!("{bad}\n") } else { format!("0.{i:02},0.{:02}\n", 60 - i) }).collect()
    };
    for bad in ["0,0.5", "0.5,1", "0.5,-0.1", "1.5,0.5"] {
        let text = format!("u,v\n{}", rows(bad));
        let error = sample(&text, None, Kind::PseudoObservations).unwrap_err().to_string();
        assert!(error.starts_with("f.csv:11: column `") && error.contains("between 0 and 1"), "{error}");
        assert!(sample(&text, None, Kind::Prices).is_ok());
    }
    assert!(sample(&format!("u,v\n{}", rows("0.5,0.5")), None, Kind::PseudoObservations).is_ok());
}

#[test]
fn two_files_are_joined_on_what_they_share() {
    let first = table("n;date;price\n1;b;1\n2;a;2\n3;only here;3\n4;c;4\n").unwrap();
    let second = table("date,note,price\na,x,20\nb,y,10\nc,z,40\nd,w,50\ne,w,60\n").unwrap();
    let columns = ["price".to_string(), "price".to_string()];
    let joined = Sample::of_two(&first, &second, Some(&columns), Kind::Prices).unwrap();
    let values: Vec<[f64; 2]> = joined.rows.iter().map(|row| row.map(|number| number.value)).collect();
    assert_eq!(values, [[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]]);
    let how = joined.joined.unwrap();
    assert_eq!((how.on.as_str(), how.left_out), ("date", [1, 2]));

    // By default the first columns of numbers, which may be of any name.
    let joined = Sample::of_two(&first, &second, None, Kind::Prices).unwrap();
    assert_eq!(joined.names, ["n", "price"]);
    // A bad number is named by its own file's line.
    let broken = Table::parse(Path::new("g.csv"), "date,price\na,20\nb,?\nc,1\n").unwrap();
    let error = Sample::of_two(&first, &broken, None, Kind::Prices).unwrap_err().to_string();
    assert!(error.starts_with("g.csv:3: column `price` is `?`"), "{error}");
}

#[test]
fn files_that_cannot_be_joined_are_refused() {
    let first = table("date,a\nx,1\n").unwrap();
    let other = Table::parse(Path::new("g.csv"), "day,b\nx,1\n").unwrap();
    let error = Sample::of_two(&first, &other, None, Kind::Prices).unwrap_err().to_string();
    assert_eq!(error, "`f.csv` and `g.csv` have no column in common to join them on: `date`, `a` and `day`, `b`");
    let twice = Table::parse(Path::new("g.csv"), "date,b\nx,1\ny,2\nx,3\n").unwrap();
    let error = Sample::of_two(&first, &twice, None, Kind::Prices).unwrap_err().to_string();
    assert!(error.starts_with("g.csv:4: `x` is in column `date` twice, first in line 2"), "{error}");
    assert!(Sample::read(&[], None, Kind::Prices).is_err());
}

#[test]
fn price_histories_are_exact() {
    let parse = |text: &str| parse_price_history(Path::new("p.csv"), text).map_err(|error| error.to_string());
    let rows = parse("carbon;note;electricity\n80;x;-0.000000000001\n80.123456789012;y;+1\n").unwrap();
    assert_eq!(rows, [(1, -1, 80_000_000_000_000), (2, 1_000_000_000_000, 80_123_456_789_012)]);
    let rows = parse("period,electricity,carbon\n7,0.1,1\n\n900,0.2,2\n").unwrap();
    assert_eq!(rows, [(7, 100_000_000_000, 1_000_000_000_000), (900, 200_000_000_000, 2_000_000_000_000)]);

    for (text, message) in [
        ("electricity,price\n1,2\n", "`p.csv` has no column `carbon`; its columns are `electricity`, `price`"),
        ("electricity,carbon\n", "`p.csv` has a header and no prices below it"),
        ("electricity,carbon\n1,2\n1,\n", "p.csv:3: column `carbon` is missing"),
        ("electricity,carbon\n1,2\n1\n", "p.csv:3: column `carbon` is missing"),
        ("electricity,carbon\n1,2\n1e3,4\n", "p.csv:3: column `electricity` is `1e3`, which is not a decimal number"),
        ("electricity,carbon\n1,nan\n", "p.csv:2: column `carbon` is `nan`, which is not a decimal number"),
        ("electricity,carbon\n1.0123456789012,2\n", "p.csv:2: column `electricity` is `1.0123456789012`: a price has"),
        ("electricity,carbon\n1,9223373\n", "p.csv:2: column `carbon` is `9223373`: a price is less than"),
        ("period,electricity,carbon\n2,1,1\n2,1,1\n", "p.csv:3: column `period` is 2 after 2"),
        ("period,electricity,carbon\n-1,1,1\n", "p.csv:2: column `period` is `-1`, which is not the number"),
        ("period,electricity,carbon\n,1,1\n", "p.csv:2: column `period` is missing"),
    ] {
        let error = parse(text).unwrap_err();
        assert!(error.starts_with(message), "{error}");
    }
}
