//! wrk: closed-loop load, and its report.

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use crate::error::BenchError;
use crate::process::{finish, pinned};

/// What wrk is asked for.
#[derive(Debug)]
pub(crate) struct Load<'a> {
    pub(crate) address: SocketAddr,
    pub(crate) path: &'a str,
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) connections: usize,
    pub(crate) duration: Duration,
    pub(crate) core: usize,
}

/// Requests per second, answered well.
///
/// # Errors
/// Also when any answer was an error or a connection broke: such a figure compares nothing.
pub(crate) fn requests_per_second(load: &Load<'_>) -> Result<f64, BenchError> {
    let mut command = Command::new("wrk");
    command
        .arg("--threads=1")
        .arg(format!("--connections={}", load.connections))
        .arg(format!("--duration={}s", load.duration.as_secs()))
        .arg("--timeout=10s");
    for (name, value) in load.headers {
        command.arg("--header").arg(format!("{name}: {value}"));
    }
    command.arg(format!("http://{}{}", load.address, load.path));
    parse(&finish(&mut pinned(&command, load.core))?)
}

fn parse(report: &str) -> Result<f64, BenchError> {
    let unfit = |what: &str| BenchError::Unfit(format!("wrk {what}: {report}"));
    if report.contains("Socket errors") || report.contains("Non-2xx or 3xx") {
        return Err(unfit("met errors"));
    }
    let rate = report.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:"));
    rate.and_then(|rate| rate.trim().parse().ok()).ok_or_else(|| unfit("gave no rate"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "\
Running 2s test @ http://127.0.0.1:18080/anna
  1 threads and 256 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.95ms  450.01us  12.33ms   91.30%
  174021 requests in 2.00s, 60.12MB read
Requests/sec:  86890.12
Transfer/sec:     30.01MB
";

    #[test]
    fn a_report_gives_its_rate() {
        assert_eq!(parse(REPORT).unwrap().to_string(), "86890.12");
    }

    #[test]
    fn a_report_with_errors_is_no_measurement() {
        for line in [
            "  Socket errors: connect 0, read 3, write 0, timeout 0",
            "  Non-2xx or 3xx responses: 4",
        ] {
            assert!(parse(&format!("{REPORT}{line}\n")).is_err());
        }
        assert!(parse("unable to connect").is_err());
    }
}
