//! `cargo xtask bench conversions`: the real server, asked over HTTP with everything of the
//! decision durable, beside pgbench's TPC-B on the same machine and the same disk, by turns.

mod figures;
mod orders;
mod pgbench;
mod stand;

use std::path::{Path, PathBuf};

use clap::Args;
use tributary_testkit::ThrowawayPostgres;

use crate::error::BenchError;
use crate::frame::{self, Threads};
use crate::installation::{self, Installation};
use crate::machine;
use figures::{Figures, WAYS, Way};
pub(crate) use stand::{BATCHES, SINGLES, Stand};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Rounds; in each, pgbench and all four ways take their turn.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds of each run of pgbench.
    #[arg(long, default_value_t = 6)]
    seconds: u64,
    /// Orders in each run by batches.
    #[arg(long, default_value_t = 40_000)]
    batched: usize,
    /// Orders in each run by single requests.
    #[arg(long, default_value_t = 16_000)]
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
    // The load's own thread, and nothing else, in this process.
    frame::run("conversions", options.record, &provenance, Threads::One, measure(options, &program))
}

async fn measure(options: &Options, program: &Path) -> Result<Figures, BenchError> {
    let server = pgbench::server()?;
    let bench_url = server.database().await;
    pgbench::fill(&server, &bench_url)?;
    let mut stands = [
        stand(options, program, "").await?,
        stand(options, program, &server.database().await).await?,
    ];
    let mut figures = Figures::default();
    for round in 1..=options.rounds {
        let rate = pgbench::transactions_per_second(&server, &bench_url, options.seconds)?;
        println!("round {round}: pgbench {rate:.0} transactions/s");
        figures.pgbench.push(rate);
        for way in WAYS {
            let count = if way.shape().size == 1 { options.single } else { options.batched };
            let rate = stands[engine_of(way)].report(way.shape(), count).await?;
            println!("round {round}: {} {rate:.0} conversions/s", way.name());
            figures.rates(way).push(rate);
        }
    }
    for stand in stands {
        stand.check().await?;
    }
    // Kept until here: the second stand's record lives on it.
    drop::<ThrowawayPostgres>(server);
    Ok(figures)
}

const fn engine_of(way: Way) -> usize {
    match way {
        Way::SqliteBatches | Way::SqliteSingles => 0,
        Way::PostgresBatches | Way::PostgresSingles => 1,
    }
}

/// With a click for each order of all rounds.
async fn stand(options: &Options, program: &Path, database_url: &str) -> Result<Stand, BenchError> {
    let mut installation = Installation::set_up(program, database_url, "")?;
    let serving = installation.serve().await;
    installation.furnish(&serving).await?;
    let orders = options.rounds * (options.batched + options.single);
    Stand::new(installation, serving, orders).await
}
