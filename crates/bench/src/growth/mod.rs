//! `cargo xtask bench growth`: redirects after 50 million clicks beside redirects on an empty
//! folder, by turns. Nothing reads the clicks away, which is the worst that can happen to an edge:
//! its log only grows.

mod fill;

use std::path::Path;
use std::time::Duration;

use clap::Args;
use tributary_kernel::Stopwatch;

use crate::error::{BenchError, During};
use crate::frame::{self, Findings, Threads};
use crate::redirect::{CONNECTIONS, FOLDERS, HEADERS, LOAD_CORE, SLACK, WARM_UP, edge};
use crate::stats::median;
use crate::wrk::{self, Load};
use crate::{machine, process};

/// What the filled folder's redirects may fall short of the empty one's.
const SHORTFALL_MAX: f64 = 0.15;
/// Room a click takes, and what must be left of the disk besides.
const CLICK_BYTES: u64 = 100;
const SPARE_BYTES: u64 = 8 << 30;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Clicks in the filled folder.
    #[arg(long, default_value_t = 50_000_000)]
    clicks: u64,
    /// Runs on each of the two folders.
    #[arg(long, default_value_t = 7)]
    runs: usize,
    /// Seconds of each measured run.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Writes the figures, with commit and machine, into docs/benchmarks.md.
    #[arg(long)]
    record: bool,
}

/// Requests per second of each run.
#[derive(Debug, Default)]
struct Figures {
    clicks: u64,
    segments: usize,
    empty: Vec<f64>,
    filled: Vec<f64>,
}

/// Measures, prints, and records if asked. The answer is whether it was reached.
pub(crate) fn run(options: &Options) -> Result<bool, BenchError> {
    if machine::cores() <= LOAD_CORE {
        return Err(BenchError::Unfit("server and load need a core each".into()));
    }
    process::require(&["wrk", "taskset"])?;
    let program = edge::build()?;
    let provenance = machine::provenance_of(FOLDERS)?;
    frame::run("growth", options.record, &provenance, Threads::One, measure(options, &program))
}

async fn measure(options: &Options, program: &Path) -> Result<Figures, BenchError> {
    let work = machine::working_folder()?;
    let room = free_bytes(work.path())?;
    let needed = options.clicks * CLICK_BYTES + SPARE_BYTES;
    if room < needed {
        let said = format!("{} GB are needed and {} GB free", needed >> 30, room >> 30);
        return Err(BenchError::Unfit(said));
    }
    let (empty, filled) = (work.path().join("empty"), work.path().join("filled"));
    let watch = Stopwatch::start();
    std::fs::create_dir_all(&filled).during("a folder to fill")?;
    fill::fill(&filled, options.clicks).await?;
    println!("{} clicks written in {:.0} s", options.clicks, watch.elapsed().as_secs_f64());
    process::pin_self(LOAD_CORE)?;
    let segments = std::fs::read_dir(filled.join("spool")).during("the filled spool")?.count();
    let mut figures = Figures { clicks: options.clicks, segments, ..Figures::default() };
    for number in 1..=options.runs {
        process::remove_folder(&empty)?;
        let rate = redirects(program, &empty, work.path(), options.seconds).await?;
        figures.empty.push(rate);
        let rate_filled = redirects(program, &filled, work.path(), options.seconds).await?;
        figures.filled.push(rate_filled);
        println!("run {number}: empty {rate:.0}, filled {rate_filled:.0} requests/s");
    }
    Ok(figures)
}

/// Requests per second, durable, of a fresh edge on what is in the folder.
async fn redirects(
    program: &Path,
    folder: &Path,
    work: &Path,
    seconds: u64,
) -> Result<f64, BenchError> {
    process::settle_disk()?;
    let measured = Duration::from_secs(seconds);
    let time = WARM_UP + measured + SLACK;
    let server = edge::start_on(folder, program, "durable", work, time).await?;
    let load = |duration| Load {
        address: server.address,
        path: edge::PATH,
        headers: HEADERS,
        connections: CONNECTIONS,
        duration,
        core: LOAD_CORE,
    };
    wrk::requests_per_second(&load(WARM_UP))?;
    let rate = wrk::requests_per_second(&load(measured))?;
    edge::end(server, work).await?;
    Ok(rate)
}

/// Bytes that the disk of a folder has left.
fn free_bytes(folder: &Path) -> Result<u64, BenchError> {
    let mut command = std::process::Command::new("df");
    let said = process::finish(command.args(["--output=avail", "-B1"]).arg(folder))?;
    let last = said.lines().last().map(str::trim).and_then(|bytes| bytes.parse().ok());
    last.ok_or_else(|| BenchError::Unfit(format!("df says {said}")))
}

impl Figures {
    fn ratio(&self) -> f64 {
        median(&self.filled) / median(&self.empty)
    }
}

impl Findings for Figures {
    fn reached(&self) -> bool {
        self.ratio() >= 1.0 - SHORTFALL_MAX
    }

    /// As Markdown.
    fn text(&self, provenance: &str) -> String {
        let row = |name: &str, rates: &[f64]| {
            let low = rates.iter().copied().fold(f64::INFINITY, f64::min);
            let high = rates.iter().copied().fold(0.0, f64::max);
            format!("| {name} | {:.0} | {low:.0} to {high:.0} |", median(rates))
        };
        format!(
            "{provenance}. Medians of {} runs by turns.\n\n\
             | durable redirects/s, {CONNECTIONS} connections | median | lowest and highest |\n\
             |---|---:|---:|\n{}\n{}\n\n\
             Filled to empty: {:.2}, must be >= {:.2}: {}. The filled spool has {} files.\n",
            self.empty.len(),
            row("empty folder", &self.empty),
            row(&format!("after {} clicks", self.clicks), &self.filled),
            self.ratio(),
            1.0 - SHORTFALL_MAX,
            if self.reached() { "reached" } else { "**missed**" },
            self.segments,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(empty: &[f64], filled: &[f64]) -> Figures {
        Figures { clicks: 7, segments: 2, empty: empty.to_vec(), filled: filled.to_vec() }
    }

    #[test]
    fn the_aim_can_be_missed() {
        assert!(figures(&[100.0, 90.0, 200.0], &[85.0, 99.0, 2.0]).reached());
        assert!(!figures(&[100.0, 90.0, 200.0], &[84.0, 99.0, 2.0]).reached());
        let text = figures(&[100.0], &[84.0]).text("commit abc");
        assert!(text.contains("| after 7 clicks | 84 | 84 to 84 |"), "{text}");
        assert!(text.contains("Filled to empty: 0.84, must be >= 0.85: **missed**"), "{text}");
    }

    #[tokio::test]
    async fn a_filled_spool_reads_as_what_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        fill::fill(folder.path(), 1_234).await.unwrap();
        let reader = tributary_spool::SpoolReader::new(folder.path().join("spool"), 1);
        let batch = reader.read(tributary_spool::Offset::START, 10_000).unwrap();
        assert_eq!(batch.entries.len(), 1_234);
    }
}
