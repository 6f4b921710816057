//! `cargo xtask bench decision`: orders over HTTP to an installation on SQLite with ten million
//! touches, beside one that has hardly any but the orders' own, by turns.

mod figures;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use tributary_kernel::{Clock, SystemClock};

use crate::backlog::{self, Clicks};
use crate::conversions::{BATCHES, SINGLES, Stand};
use crate::error::BenchError;
use crate::frame::{self, Threads};
use crate::installation::{self, Installation};
use crate::wait::Patience;
use crate::{load, machine};
use figures::Figures;

/// Within which the touches were made that are there before.
const HISTORY_DAYS: i64 = 60;
/// For ten million of them; a tenth of the rate that ingest must reach is enough.
const TAKING_IN: Patience =
    Patience { every: Duration::from_millis(100), at_most: Duration::from_secs(2_400) };

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Touches there are before, in the one installation.
    #[arg(long, default_value_t = 10_000_000)]
    touches: u64,
    /// Rounds; in each, both installations take their turn in both ways.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Orders in each run by batches.
    #[arg(long, default_value_t = 20_000)]
    batched: usize,
    /// Orders in each run by single requests.
    #[arg(long, default_value_t = 8_000)]
    single: usize,
    /// A program to measure, such as an older one; left out: this checkout's, which is built.
    #[arg(long)]
    program: Option<PathBuf>,
    /// Writes the figures, with commit and machine, into docs/benchmarks.md.
    #[arg(long)]
    record: bool,
}

/// Measures, prints, and records if asked. The answer is whether everything was reached.
pub(crate) fn run(options: &Options) -> Result<bool, BenchError> {
    let program = installation::program(options.program.as_deref())?;
    let provenance = machine::provenance()?;
    frame::run("decision", options.record, &provenance, Threads::One, measure(options, &program))
}

async fn measure(options: &Options, program: &Path) -> Result<Figures, BenchError> {
    let mut empty = stand(options, program, 0).await?;
    let mut filled = stand(options, program, options.touches).await?;
    let mut figures = Figures::of(options.touches);
    for round in 1..=options.rounds {
        for (shape, count, rates) in [
            (BATCHES, options.batched, &mut figures.batches),
            (SINGLES, options.single, &mut figures.singles),
        ] {
            let few = empty.report(shape, count).await?;
            let many = filled.report(shape, count).await?;
            let size = shape.size;
            println!("round {round}, {size} in a request: {few:.0}/s, {many:.0}/s");
            rates.few.push(few);
            rates.many.push(many);
        }
    }
    empty.check().await?;
    filled.check().await?;
    Ok(figures)
}

/// An installation with so many touches, and a click for each order of all rounds.
async fn stand(options: &Options, program: &Path, touches: u64) -> Result<Stand, BenchError> {
    let mut installation = Installation::set_up(program, "", "")?;
    let mut serving = installation.serve().await;
    installation.furnish(&serving).await?;
    let history = HISTORY_DAYS.unsigned_abs() * 86_400_000_000;
    if let Some(spacing) = history.checked_div(touches) {
        serving.process.stop().await;
        let links: Vec<u32> = installation.links.iter().map(|link| link.number).collect();
        let begin = SystemClock.now().plus_days(-HISTORY_DAYS);
        let history = Clicks { links: &links, count: touches, begin, spacing };
        backlog::put(&installation, &[history]).await?;
        serving = installation.serve().await;
        let name = "tributary_ingest_touches_total";
        load::reaches_within(TAKING_IN, serving.figures, name, touches as f64).await?;
        println!("{touches} touches are there");
    }
    let orders = options.rounds * (options.batched + options.single);
    Stand::new(installation, serving, orders).await
}
