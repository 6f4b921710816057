//! `cargo xtask bench conversions`: the real server, asked over HTTP with everything of the
//! decision durable, beside pgbench's TPC-B on the same machine and the same disk, by turns.

mod figures;
mod orders;
mod pgbench;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;
use tributary_testkit::ThrowawayPostgres;

use crate::error::{BenchError, During};
use crate::frame::{self, Threads};
use crate::installation::{self, Click, Installation, Serving};
use crate::{load, machine};
use figures::{Figures, WAYS, Way};
use orders::Shop;

/// Orders of a warm-up, per way.
const WARM_UP: usize = 2_000;
/// Conversions that are looked at one by one at the end.
const LOOKED_AT: usize = 20;

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
        Stand::set_up(options, program, "").await?,
        Stand::set_up(options, program, &server.database().await).await?,
    ];
    let mut figures = Figures::default();
    for round in 1..=options.rounds {
        let rate = pgbench::transactions_per_second(&server, &bench_url, options.seconds)?;
        println!("round {round}: pgbench {rate:.0} transactions/s");
        figures.pgbench.push(rate);
        for way in WAYS {
            let count = if way.shape().0 == 1 { options.single } else { options.batched };
            let rate = stands[engine_of(way)].report(way, count).await?;
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

/// A server that runs from the first round to the last, with clicks that no order followed yet.
struct Stand {
    installation: Installation,
    serving: Serving,
    clicks: Vec<Click>,
    reported: usize,
    /// Some of the conversions, from answers.
    some: Vec<String>,
}

impl Stand {
    async fn set_up(
        options: &Options,
        program: &Path,
        database_url: &str,
    ) -> Result<Self, BenchError> {
        let mut installation = Installation::set_up(program, database_url, "")?;
        let serving = installation.serve().await;
        installation.furnish(&serving).await?;
        let count = options.rounds * (options.batched + options.single) + 2 * WARM_UP;
        let clicks = installation.click(&serving, count).await?;
        let (reported, some) = (0, Vec::new());
        let mut it = Self { installation, serving, clicks, reported, some };
        for way in [Way::SqliteBatches, Way::SqliteSingles] {
            it.report(way, WARM_UP).await?;
        }
        Ok(it)
    }

    /// Reports fresh orders; how many per second.
    async fn report(&mut self, way: Way, count: usize) -> Result<f64, BenchError> {
        let (size, connections) = way.shape();
        let clicks = &self.clicks[self.reported..self.reported + count];
        let orders: Vec<Value> = orders::orders(self.reported, clicks);
        let shop = Shop { web: self.serving.web, key: self.installation.key.clone() };
        let requests = shop.requests(&orders, size);
        let done = load::closed_loop(self.serving.web, requests, connections).await?;
        orders::check(&done.answers, count)?;
        self.reported += count;
        if let Some(answer) = done.answers.last() {
            let answer = String::from_utf8_lossy(answer);
            let id =
                answer.split_once("\"conversion\":\"").and_then(|(_, rest)| rest.split_once('"'));
            self.some.extend(id.map(|(id, _)| id.to_owned()));
        }
        Ok(count as f64 / done.elapsed.as_secs_f64())
    }

    /// Everything that was reported is there, once, credited to the click that was recorded, and
    /// the program's own recount agrees.
    async fn check(mut self) -> Result<(), BenchError> {
        let mut api = self.installation.api(&self.serving);
        for id in self.some.iter().take(LOOKED_AT) {
            let found = api.get(&format!("/v1/conversions/{id}")).await.during("a conversion")?;
            let found = found.json();
            let touches = found["journey"].as_array().cloned().unwrap_or_default();
            let recorded = touches.iter().all(|touch| touch["proof"] == "recorded");
            let credited = found["credits"].as_array().is_some_and(|it| !it.is_empty());
            if touches.is_empty() || !recorded || !credited {
                return Err(BenchError::Unfit(format!("not decided in full: {found}")));
            }
        }
        self.serving.process.stop().await;
        let counted = self.installation.verify()?;
        if counted != self.reported {
            let detail = format!("{counted} conversions of {} reported", self.reported);
            return Err(BenchError::Unfit(detail));
        }
        println!("verify: everything agrees, {counted} conversions");
        Ok(())
    }
}
