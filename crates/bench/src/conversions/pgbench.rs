//! The yardstick: pgbench's TPC-B-like transactions on a throwaway server that syncs.

use std::process::Stdio;

use tributary_testkit::{ServerOptions, ThrowawayPostgres};

use crate::error::{BenchError, During};

const SCALE: &str = "10";
const CLIENTS: &str = "8";
const THREADS: &str = "2";

/// Starts a server whose commits are on the disk, with default settings otherwise.
pub(super) fn server() -> Result<ThrowawayPostgres, BenchError> {
    let settings = [("synchronous_commit".to_owned(), "on".to_owned())].into();
    let options = ServerOptions { fsync: true, settings };
    ThrowawayPostgres::start(options).map_err(|error| BenchError::Unfit(error.to_string()))
}

/// Fills pgbench's tables.
pub(super) fn fill(server: &ThrowawayPostgres, url: &str) -> Result<(), BenchError> {
    pgbench(server, &["--initialize", "--quiet", "--scale", SCALE, url]).map(drop)
}

/// Transactions per second.
pub(super) fn transactions_per_second(
    server: &ThrowawayPostgres,
    url: &str,
    seconds: u64,
) -> Result<f64, BenchError> {
    let time = seconds.to_string();
    let arguments = ["--no-vacuum", "--client", CLIENTS, "--jobs", THREADS, "--time", &time, url];
    parse(&pgbench(server, &arguments)?)
}

fn pgbench(server: &ThrowawayPostgres, arguments: &[&str]) -> Result<String, BenchError> {
    let mut command = server.tool("pgbench");
    let output = command
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .during("pgbench")?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(said);
    }
    let output_text = format!("{said}{}", String::from_utf8_lossy(&output.stderr));
    let program = "pgbench".to_owned();
    Err(BenchError::Program { program, status: output.status, output: output_text })
}

fn parse(said: &str) -> Result<f64, BenchError> {
    let failed = said.lines().find_map(|line| line.strip_prefix("number of failed transactions: "));
    let none_failed = failed.is_none_or(|count| count.starts_with("0 "));
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = "));
    rate.filter(|_| none_failed)
        .and_then(|rate| rate.split(' ').next()?.parse().ok())
        .ok_or_else(|| BenchError::Unfit(format!("pgbench gave no rate: {said}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "transaction type: <builtin: TPC-B (sort of)>\n\
        number of failed transactions: 0 (0.000%)\n\
        latency average = 2.011 ms\n\
        tps = 3978.123456 (without initial connection time)\n";

    #[test]
    fn a_report_gives_its_rate() {
        assert_eq!(parse(REPORT).unwrap().to_string(), "3978.123456");
        assert!(parse(&REPORT.replace(": 0 (", ": 3 (")).is_err(), "failures count nothing");
        assert!(parse("no").is_err());
    }
}
