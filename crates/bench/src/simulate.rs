//! A million stored conversions replayed under another plan on SQLite, beside reading the same
//! rows once.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use tributary_app::conversion::{OtherPlan, Simulate, simulate};
use tributary_directory::{Actor, Viewer};
use tributary_kernel::Stopwatch;
use tributary_store::list::PageRequest;
use tributary_store::program;
use tributary_store::recheck;

use crate::error::{BenchError, During};
use crate::machine::{provenance, quiet, root};
use crate::record;
use crate::stats::median;
use crate::verify::ledger::{Ledger, fault};

/// What the issue asks for, of a million conversions.
const LIMIT: Duration = Duration::from_secs(20);
const LIMIT_CONVERSIONS: u64 = 1_000_000;
const PAGE: u32 = 4_096;

/// Tiers of each partner and month by what was sold, a condition, a limit for each partner, a bonus.
const PLAN: &str = r#"{"format": 1, "name": "Tiers", "rules": [
    {"id": "large", "events": ["sale"], "amount": {"percent": "12", "of": "gross"},
     "when": {"field": "order.amount", "is": ">=", "value": {"amount": "5000.00", "currency": "DKK"}}},
    {"id": "sale", "events": ["sale"], "amount": {"percent": "15", "of": "gross"},
     "tiers": {"by": "revenue", "per": "month", "mode": "progressive", "steps": [
       {"from": 10000000, "amount": {"percent": "18", "of": "gross"}},
       {"from": 50000000, "amount": {"percent": "22", "of": "gross"}}]},
     "caps": [{"of": "partner", "per": "month", "amount": {"amount": "1000000.00", "currency": "DKK"}}]}],
  "bonuses": [{"id": "hundred", "events": ["sale"], "by": "count", "per": "month", "at": 100,
     "reward": {"money": {"amount": "500.00", "currency": "DKK"}}}]}"#;

/// Options of `cargo xtask bench simulate`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Sales.
    #[arg(long, default_value_t = 1_000_000)]
    sales: usize,
    /// Rounds, of which the median counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Where the sales are kept for the next run, which may be that of `bench verify`; they are
    /// made when they are not there.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Writes the figures into docs/benchmarks.md.
    #[arg(long)]
    record: bool,
}

/// Whether a million conversions are replayed within the limit.
pub(crate) fn run(options: &Options) -> Result<bool, BenchError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.during("the executor")?.block_on(measure(options))
}

async fn measure(options: &Options) -> Result<bool, BenchError> {
    let usual = || root().join(format!("target/bench/verify-{}", options.sales));
    let folder = options.folder.clone().unwrap_or_else(usual);
    let ledger = Ledger::open(&folder, options.sales).await?;
    quiet(options.record).await?;
    let asked = asked(&ledger).await?;
    let (mut seconds, mut floors) = (Vec::new(), Vec::new());
    let mut conversions = 0;
    for round in 1..=options.rounds.max(1) {
        let watch = Stopwatch::start();
        let read = floor(&ledger).await?;
        floors.push(watch.elapsed().as_secs_f64());
        let watch = Stopwatch::start();
        let actor = Actor::System { job: "bench" };
        let found = simulate(&ledger.app, &actor, asked.clone()).await.map_err(fault)?;
        seconds.push(watch.elapsed().as_secs_f64());
        if found.conversions != read || found.now == 0 || found.then == 0 {
            return Err(BenchError::Unfit(format!("{read} conversions, and it replays {found:?}")));
        }
        conversions = read;
        println!(
            "round {round}: {read} conversions of {} partners replayed in {:.2} s, read in {:.2} s",
            found.partners.len(),
            seconds[round - 1],
            floors[round - 1]
        );
    }
    let (middle, floor) = (median(&seconds), median(&floors));
    println!("median {middle:.2} s, beside {floor:.2} s");
    if options.record {
        let body = format!(
            "| {conversions} stored conversions | seconds |\n|---|---|\n\
             | replayed under another plan, with what they have earned | {middle:.2} |\n\
             | the same conversions read once | {floor:.2} |\n\nSQLite, median of {}. {}.",
            options.rounds,
            provenance()?
        );
        record::replace("simulate", &body)?;
    }
    Ok(conversions < LIMIT_CONVERSIONS || middle <= LIMIT.as_secs_f64())
}

/// The first program's conversions of all years, under [`PLAN`].
async fn asked(ledger: &Ledger) -> Result<Simulate, BenchError> {
    let mut conn = ledger.app.record.read().await.map_err(fault)?;
    let viewer = Viewer::Owner(ledger.owner);
    let found = program::list(&mut *conn, viewer, PageRequest::default()).await.map_err(fault)?;
    let program = found.items.first().ok_or_else(|| fault("there is no program"))?.id;
    Ok(Simulate {
        owner: ledger.owner,
        program,
        plan: OtherPlan::Document(PLAN.as_bytes().to_vec()),
        from: "2026-01-01".parse().map_err(fault)?,
        until: "2045-12-31".parse().map_err(fault)?,
        explain: None,
        conversions_max: None,
    })
}

/// Reads every conversion once.
async fn floor(ledger: &Ledger) -> Result<u64, BenchError> {
    let mut conn = ledger.app.record.read().await.map_err(fault)?;
    let (mut after, mut count) = ([0; 16], 0);
    loop {
        let page = recheck::scan_conversions(&mut *conn, ledger.owner, after, PAGE)
            .await
            .map_err(fault)?;
        let Some(last) = page.last() else { return Ok(count) };
        after = *last.id.as_bytes();
        count += page.len() as u64;
    }
}
