//! `cargo xtask bench attribution`: reports over paths and credit for journeys, on one core, beside
//! the public package ChannelAttribution where it can be installed.

mod inputs;
mod peer;

use std::hint::black_box;
use std::path::Path;

use clap::Args;
use tributary_attribution::paths::{ChannelResult, HeuristicModel, Paths, heuristic, markov};
use tributary_attribution::{Against, Journey, Milestones, Model, Policy, credit};
use tributary_kernel::{Stopwatch, Zone};

use crate::error::{BenchError, During};
use crate::frame::{self, Findings, Threads};
use crate::machine::{self, root};
use crate::process::pin_self;
use crate::stats::{median, milliseconds};
use inputs::OCCURRED;
use peer::Peer;

const CORE: usize = 0;
const PATHS: usize = 10_000;
const JOURNEYS: usize = 1_000_000;
/// Journeys kept in memory; they are judged again and again.
const JOURNEYS_DISTINCT: usize = 10_000;
/// What must be reached, in milliseconds.
const ORDER_1_MAX: f64 = 5.0;
const ORDER_3_MAX: f64 = 50.0;
const HEURISTIC_MAX: f64 = 1_000.0;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Rounds, of which the median counts.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Writes the figures, with commit and machine, into docs/benchmarks.md.
    #[arg(long)]
    record: bool,
}

/// Milliseconds of each round.
#[derive(Debug, Default)]
struct Figures {
    building: Vec<f64>,
    /// By order less one.
    markov: [Vec<f64>; 3],
    peer: Vec<f64>,
    /// Six models over a million paths.
    over_paths: Vec<f64>,
    credit: Vec<(Model, Vec<f64>)>,
    /// How far the peer's estimate of each channel is off, in percent, by round.
    off: Vec<f64>,
}

/// Measures, prints, and records if asked. The answer is whether everything was reached.
pub(crate) fn run(options: &Options) -> Result<bool, BenchError> {
    let work = root().join("target/bench");
    let peer = Peer::install(&work);
    if let Err(error) = &peer {
        println!("bench: ChannelAttribution cannot be installed, so there is no peer: {error}");
    }
    let provenance = machine::provenance()?;
    let rounds = options.rounds.max(1);
    let measure = async { measure(rounds, peer.as_ref().ok(), &work) };
    frame::run("attribution", options.record, &provenance, Threads::One, measure)
}

fn measure(rounds: usize, peer: Option<&Peer>, work: &Path) -> Result<Figures, BenchError> {
    pin_self(CORE)?;
    let rows = inputs::aggregated(PATHS);
    let file = work.join("attribution-paths.csv");
    std::fs::write(&file, inputs::csv(&rows)).during(file.display().to_string())?;
    let journeys = inputs::journeys(JOURNEYS_DISTINCT);
    let many = Paths::new(inputs::six_touches(JOURNEYS));
    let many = many.map_err(|error| BenchError::Unfit(error.to_string()))?;
    println!("{} different paths among {JOURNEYS} journeys", many.len());
    let mut figures = Figures::default();
    for round in 1..=rounds {
        let (took, paths) = timed(|| Paths::new(rows.iter().cloned()));
        let paths = paths.map_err(|error| BenchError::Unfit(error.to_string()))?;
        figures.building.push(took);
        for (order, times) in (1u8..).zip(&mut figures.markov) {
            let (took, report) = timed(|| markov(black_box(&paths), order));
            times.push(took);
            let report = report.map_err(|error| BenchError::Unfit(error.to_string()))?;
            if let (1, Some(peer)) = (order, peer) {
                let turn = peer.markov(&file, order)?;
                figures.peer.push(turn.milliseconds);
                figures.off.push(furthest(&report.channels, &turn.conversions)?);
            }
        }
        let (took, _) = timed(|| {
            HeuristicModel::ALL.iter().map(|model| heuristic(&many, *model)).collect::<Vec<_>>()
        });
        figures.over_paths.push(took);
        figures.credit(&journeys);
        println!("round {round} of {rounds}");
    }
    Ok(figures)
}

/// The milliseconds that something took, and what it gave.
fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let watch = Stopwatch::start();
    let done = black_box(work());
    (milliseconds(watch.elapsed()), done)
}

/// By how many percent the worst of the peer's channels is off the exact answer.
fn furthest(exact: &[ChannelResult], peer: &[(String, f64)]) -> Result<f64, BenchError> {
    let mut worst = 0.0f64;
    for channel in exact {
        let (_, got) = peer
            .iter()
            .find(|(name, _)| *name == channel.channel)
            .ok_or_else(|| BenchError::Unfit(format!("the peer has no {}", channel.channel)))?;
        worst = worst.max((got / channel.conversions - 1.0).abs() * 100.0);
    }
    Ok(worst)
}

impl Figures {
    /// A million journeys by each model that needs no table.
    fn credit(&mut self, journeys: &[Journey]) {
        let zone = Zone::utc();
        let day = 86_400;
        let milestones = Milestones {
            lead_at: Some(OCCURRED.plus_seconds(-40 * day)),
            opportunity_at: Some(OCCURRED.plus_seconds(-15 * day)),
        };
        for (index, &model) in Model::WITHOUT_TABLE.iter().enumerate() {
            let policy = Policy { model, against: Against::EveryChannel, ..Policy::default() };
            let journeys: Vec<_> =
                journeys.iter().map(|it| it.clone().with_milestones(milestones)).collect();
            let (took, _) = timed(|| {
                for _ in 0..JOURNEYS / JOURNEYS_DISTINCT {
                    for journey in &journeys {
                        black_box(credit(black_box(journey), OCCURRED, &policy, &zone));
                    }
                }
            });
            if self.credit.len() == index {
                self.credit.push((model, Vec::new()));
            }
            self.credit[index].1.push(took);
        }
    }

    fn slowest(&self) -> (Model, f64) {
        let each = self.credit.iter().map(|(model, times)| (*model, median(times)));
        each.max_by(|a, b| a.1.total_cmp(&b.1)).expect("there are models")
    }
}

impl Findings for Figures {
    fn reached(&self) -> bool {
        median(&self.markov[0]) < ORDER_1_MAX
            && median(&self.markov[2]) < ORDER_3_MAX
            && median(&self.over_paths) < HEURISTIC_MAX
            && self.slowest().1 < HEURISTIC_MAX
    }

    fn text(&self, provenance: &str) -> String {
        let must = |got: f64, limit: f64| {
            let word = if got < limit { "reached" } else { "**missed**" };
            format!("< {limit} ms: {word}")
        };
        let mut lines = vec![
            format!("{provenance}. One core, medians of {} rounds by turns.", self.building.len()),
            String::new(),
            "| | ms | must be |".to_owned(),
            "|---|---:|---:|".to_owned(),
        ];
        let mut line = |what: &str, times: &[f64], limit: Option<f64>| {
            let got = median(times);
            let must = limit.map(|limit| must(got, limit)).unwrap_or_default();
            lines.push(format!("| {what} | {got:.2} | {must} |"));
        };
        line("Markov, order 1, exact", &self.markov[0], Some(ORDER_1_MAX));
        line("Markov, order 2, exact", &self.markov[1], None);
        line("Markov, order 3, exact", &self.markov[2], Some(ORDER_3_MAX));
        line("aggregating those 10,000 paths from text", &self.building, None);
        if !self.peer.is_empty() {
            let name = format!("ChannelAttribution {}, order 1, simulated", peer::VERSION);
            line(&name, &self.peer, None);
        }
        line(
            "six heuristic reports, 1 million journeys of 6",
            &self.over_paths,
            Some(HEURISTIC_MAX),
        );
        for (model, times) in &self.credit {
            let what = format!("credit and verdicts, {model}, 1 million journeys of 6");
            line(&what, times, Some(HEURISTIC_MAX));
        }
        lines.push(String::new());
        lines.push(if self.off.is_empty() {
            "ChannelAttribution could not be installed: measured without it.".to_owned()
        } else {
            format!(
                "ChannelAttribution's worst channel is {:.1} % off the exact answer in the median \
                 round.",
                median(&self.off)
            )
        });
        lines.join("\n")
    }
}
