//! Reads Prometheus metrics as a scraper does.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

/// Longest that a scrape may stand still.
const TIMEOUT: Duration = Duration::from_secs(30);

/// All metrics that a port exposes, in the text format.
pub(crate) fn scrape(port: u16) -> io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    // By HTTP/1.0 the answer comes in one piece and ends with the connection.
    stream.write_all(b"GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    match answer.split_once("\r\n\r\n") {
        Some((head, body)) if head.lines().next().is_some_and(|status| status.contains(" 200 ")) => Ok(body.into()),
        _ => Err(io::Error::other(format!("no metrics: {}", answer.lines().next().unwrap_or_default()))),
    }
}

/// Sum of the series of a metric. `name{label="value"}` takes those with these labels; they may have more.
///
/// `None` if there is no such series.
pub fn sum(text: &str, series: &str) -> Option<f64> {
    let (name, wanted) = split(series);
    let values = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (series, value) = line.rsplit_once(' ')?;
        let (found, labels) = split(series);
        (found == name && wanted.iter().all(|label| labels.contains(label))).then(|| value.parse::<f64>().ok())?
    });
    values.reduce(|sum, value| sum + value)
}

/// Name and labels of a series. No label of the node's metrics has a comma in its value.
fn split(series: &str) -> (&str, Vec<&str>) {
    match series.trim_end_matches('}').split_once('{') {
        Some((name, labels)) => (name, labels.split(',').collect()),
        None => (series, Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# TYPE blocks counter\nblocks{chain=\"dev\",reason=\"time\"} 3\n\
                        blocks{chain=\"dev\",reason=\"work\"} 4\nblocks_total 9\nrate 1.5e3\n";

    #[test]
    fn series_are_summed_by_name_and_label() {
        assert_eq!(sum(TEXT, "blocks"), Some(7.0));
        assert_eq!(sum(TEXT, "blocks{reason=\"work\"}"), Some(4.0));
        assert_eq!(sum(TEXT, "blocks{reason=\"other\"}"), None);
        assert_eq!(sum(TEXT, "rate"), Some(1_500.0));
        assert_eq!(sum(TEXT, "bloc"), None);
    }
}
