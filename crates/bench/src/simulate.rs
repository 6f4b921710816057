//! A million stored conversions replayed under another plan on SQLite, beside reading the same
//! rows once.

use tributary_app::conversion::{OtherPlan, Simulate, simulate};
use tributary_directory::{Actor, Viewer};
use tributary_kernel::Stopwatch;
use tributary_store::list::PageRequest;
use tributary_store::program;
use tributary_store::recheck;

use crate::error::BenchError;
use crate::frame::{self, Findings, Threads};
use crate::ledger::{Ledger, Options, fault};
use crate::machine;
use crate::process::settle_disk;
use crate::stats::median;

/// What must be reached, of a million conversions.
const SECONDS_MAX: f64 = 20.0;
const CONVERSIONS_MIN: u64 = 1_000_000;
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

/// What was measured.
#[derive(Debug, Default)]
struct Figures {
    conversions: u64,
    /// Of each round.
    seconds: Vec<f64>,
    floors: Vec<f64>,
}

/// Measures, prints, and records if asked. The answer is whether everything was reached.
pub(crate) fn run(options: &Options) -> Result<bool, BenchError> {
    let provenance = machine::provenance()?;
    frame::run("simulate", options.record, &provenance, Threads::All, measure(options))
}

async fn measure(options: &Options) -> Result<Figures, BenchError> {
    let ledger = Ledger::open(options).await?;
    // Making it may have left work to the disk.
    settle_disk()?;
    machine::quiet(options.record).await?;
    let asked = asked(&ledger).await?;
    let mut figures = Figures::default();
    for round in 1..=options.rounds.max(1) {
        let watch = Stopwatch::start();
        let read = floor(&ledger).await?;
        let floor = watch.elapsed().as_secs_f64();
        let watch = Stopwatch::start();
        let actor = Actor::System { job: "bench" };
        let found = simulate(&ledger.app, &actor, asked.clone()).await.map_err(fault)?;
        let took = watch.elapsed().as_secs_f64();
        if found.conversions != read || found.now == 0 || found.then == 0 {
            return Err(BenchError::Unfit(format!("{read} conversions, and it replays {found:?}")));
        }
        let partners = found.partners.len();
        println!(
            "round {round}: {read} conversions of {partners} partners replayed in {took:.2} s, read in {floor:.2} s"
        );
        figures.conversions = read;
        figures.seconds.push(took);
        figures.floors.push(floor);
    }
    Ok(figures)
}

impl Findings for Figures {
    fn text(&self, provenance: &str) -> String {
        let took = median(&self.seconds);
        let word = if took <= SECONDS_MAX { "reached" } else { "**missed**" };
        format!(
            "| {} stored conversions | seconds | must be |\n|---|---:|---:|\n\
             | replayed under another plan, with what they have earned | {took:.2} | \
             <= {SECONDS_MAX}: {word} |\n\
             | the same conversions read once | {:.2} | |\n\nSQLite, median of {} rounds by turns. \
             {provenance}.",
            self.conversions,
            median(&self.floors),
            self.seconds.len(),
        )
    }

    fn reached(&self) -> bool {
        self.conversions < CONVERSIONS_MIN || median(&self.seconds) <= SECONDS_MAX
    }
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
