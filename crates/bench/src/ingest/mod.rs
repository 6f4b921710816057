//! `cargo xtask bench ingest`: the real server takes a click log into touches on SQLite, at ten
//! million rows and more; then how far it stays behind while redirects go on at half their
//! ceiling.

mod figures;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use tokio::time::interval;
use tributary_kernel::{Clock, Stopwatch, SystemClock};
use tributary_testkit::ServerProcess;

use crate::backlog::{self, Clicks};
use crate::error::BenchError;
use crate::frame::{self, Threads};
use crate::installation::{self, BROWSER, Installation, Serving};
use crate::wait::{self, Patience};
use crate::wrk::{self, Load};
use crate::{load, machine, process};
use figures::Figures;

/// Within which the rows were clicked that are there before the measurement.
const HISTORY_DAYS: i64 = 20;
/// Microseconds between the clicks that are measured: 50,000 a second.
const SPACING: u64 = 20;
const SERVER_CORE: usize = 0;
const LOAD_CORE: usize = 1;
const CONNECTIONS: usize = 256;
const CEILING: Duration = Duration::from_secs(6);
/// For a backlog of some ten million clicks; a tenth of the rate that must be reached is enough.
const TAKING_IN: Patience =
    Patience { every: Duration::from_millis(20), at_most: Duration::from_secs(2_400) };
/// Looks without anything new after which ingest has nothing left.
const STILL_LOOKS: u32 = 50;
/// How often the lag is looked at.
const LAG_LOOKS: Duration = Duration::from_millis(100);

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Touches there are before ingest is measured.
    #[arg(long, default_value_t = 10_000_000)]
    rows: u64,
    /// Clicks that are measured.
    #[arg(long, default_value_t = 2_000_000)]
    clicks: u64,
    /// Seconds of redirects beside ingest.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// A program to measure, such as an older one; left out: this checkout's, which is built.
    #[arg(long)]
    program: Option<PathBuf>,
    /// Writes the figures, with commit and machine, into docs/benchmarks.md.
    #[arg(long)]
    record: bool,
}

/// Measures, prints, and records if asked. The answer is whether everything was reached.
pub(crate) fn run(options: &Options) -> Result<bool, BenchError> {
    if machine::cores() <= LOAD_CORE {
        return Err(BenchError::Unfit("redirects and ingest need a core each".into()));
    }
    let program = installation::program(options.program.as_deref())?;
    let provenance = machine::provenance()?;
    frame::run("ingest", options.record, &provenance, Threads::One, measure(options, &program))
}

async fn measure(options: &Options, program: &Path) -> Result<Figures, BenchError> {
    let mut installation = Installation::set_up(program, "", "")?;
    let mut serving = installation.serve().await;
    installation.furnish(&serving).await?;
    serving.process.stop().await;
    let per_second = at_ten_million(options, &installation).await?;
    let redirects_ceiling = ceiling(&installation).await?;
    let beside = beside_redirects(options, &installation, redirects_ceiling / 2.0).await?;
    Ok(Figures { rows: options.rows, per_second, redirects_ceiling, beside })
}

/// Clicks a second into touches, of those that come after `rows` others.
async fn at_ten_million(options: &Options, installation: &Installation) -> Result<f64, BenchError> {
    let links: Vec<u32> = installation.links.iter().map(|link| link.number).collect();
    let now = SystemClock.now();
    let measured = i64::try_from(options.clicks * SPACING).unwrap_or(i64::MAX);
    let spacing = HISTORY_DAYS.unsigned_abs() * 86_400_000_000 / options.rows.max(1);
    let begin = now.plus_days(-HISTORY_DAYS).plus_seconds(-measured / 1_000_000 - 60);
    let history = Clicks { links: &links, count: options.rows, begin, spacing };
    let begin = now.plus_seconds(-measured / 1_000_000 - 30);
    let clicks = Clicks { links: &links, count: options.clicks, begin, spacing: SPACING };
    backlog::put(installation, &[history, clicks]).await?;
    println!("the click log is written");

    let mut serving = installation.serve().await;
    let watch = Stopwatch::start();
    let (mut begun, mut told) = (None, 0);
    let all = (options.rows + options.clicks) as f64;
    let rate = wait::until(TAKING_IN, async || {
        let taken = load::metric(serving.figures, "tributary_ingest_entries_total").await?;
        let at = watch.elapsed().as_secs_f64();
        if taken as u64 / 1_000_000 > told {
            told = taken as u64 / 1_000_000;
            println!("{told} million after {at:.0} s");
        }
        if begun.is_none() && taken >= options.rows as f64 {
            begun = Some((taken, at));
        }
        if taken >= all {
            let (from, since) = begun.unwrap_or_default();
            return Ok(Ok((taken - from) / (at - since)));
        }
        check_ingest(&serving).await?;
        Ok(Err(format!("{taken} of {all} clicks are taken in")))
    })
    .await?;
    let touches = load::metric(serving.figures, "tributary_ingest_touches_total").await?;
    serving.process.stop().await;
    if (touches - all).abs() > 0.0 {
        return Err(BenchError::Unfit(format!("{touches} touches of {all} clicks")));
    }
    Ok(rate)
}

async fn check_ingest(serving: &Serving) -> Result<(), BenchError> {
    let failures = load::metric(serving.figures, "tributary_ingest_failures_total").await?;
    if failures > 0.0 {
        return Err(BenchError::Unfit(format!("{:?}", serving.process.log())));
    }
    Ok(())
}

/// Redirects a second of the same server, alone on one core with ingest paused, durable.
async fn ceiling(installation: &Installation) -> Result<f64, BenchError> {
    let mut pinned = process::pinned(&installation.command(&["serve"]), SERVER_CORE);
    // It looks once, finds nothing, and does not look again.
    pinned.env("TRIBUTARY__JOBS__INGEST_INTERVAL_MILLISECONDS", "3600000");
    let mut server = ServerProcess::spawn(pinned);
    let (_, edge) = server.addresses().await;
    let load = |duration| Load {
        address: edge,
        path: &installation.links[0].path,
        headers: BROWSER,
        connections: CONNECTIONS,
        duration,
        core: LOAD_CORE,
    };
    wrk::requests_per_second(&load(Duration::from_secs(1)))?;
    let rate = wrk::requests_per_second(&load(CEILING))?;
    println!("redirects alone: {rate:.0}/s");
    server.stop().await;
    Ok(rate)
}

/// What became of redirects and ingest side by side.
#[derive(Debug, Clone, Copy, Default)]
struct Beside {
    /// Redirects a second that were asked for, and answered.
    asked: f64,
    answered: f64,
    /// The longest a click was behind when its batch was taken, in seconds.
    lag_max: f64,
}

async fn beside_redirects(
    options: &Options,
    installation: &Installation,
    rate: f64,
) -> Result<Beside, BenchError> {
    let mut serving = installation.serve().await;
    // What the ceiling left is taken in first.
    let (mut last, mut quiet) = (-1.0, 0);
    wait::until(TAKING_IN, async || {
        let taken = load::metric(serving.figures, "tributary_ingest_entries_total").await?;
        quiet = if (taken - last).abs() > 0.0 { 0 } else { quiet + 1 };
        last = taken;
        Ok(if quiet < STILL_LOOKS { Err(format!("ingest goes on at {taken}")) } else { Ok(()) })
    })
    .await?;
    let headers: String =
        BROWSER.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let (path, host) = (&installation.links[0].path, serving.edge);
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n").into_bytes();
    let duration = Duration::from_secs(options.seconds);
    let paced = load::paced(serving.edge, request, rate, CONNECTIONS, duration);
    let figures = serving.figures;
    let watch = Stopwatch::start();
    let lag = async {
        let mut lag_max = 0.0_f64;
        let mut looks = interval(LAG_LOOKS);
        while watch.elapsed() < duration {
            looks.tick().await;
            let lag = load::metric(figures, "tributary_ingest_behind_microseconds").await?;
            // The first batch may still be of what was there before.
            if watch.elapsed() > Duration::from_secs(1) {
                lag_max = lag_max.max(lag / 1e6);
            }
        }
        Ok::<f64, BenchError>(lag_max)
    };
    let (answered, lag_max) = tokio::try_join!(paced, lag)?;
    check_ingest(&serving).await?;
    let clicks = last + answered as f64;
    load::reaches(figures, "tributary_ingest_entries_total", clicks).await?;
    serving.process.stop().await;
    let answered = answered as f64 / duration.as_secs_f64();
    Ok(Beside { asked: rate, answered, lag_max })
}
