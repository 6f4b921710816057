//! `cargo xtask bench commission`: pure evaluation with its explanation as typed data, on one core.
//! There is no peer to run: the systems of the field publish no figure and no program of it. The
//! neighbour is the same history under a plan of one rule without conditions.

mod inputs;

use std::collections::HashMap;
use std::hint::black_box;

use clap::Args;
use tributary_commission::{CompiledPlan, CounterKey, Outcome, evaluate};
use tributary_kernel::Stopwatch;

use crate::error::BenchError;
use crate::frame::{self, Findings, Threads};
use crate::machine;
use crate::process::pin_self;
use crate::stats::median;
use inputs::{Made, World};

const CORE: usize = 0;
/// What must be reached, conversions in a second.
const PER_SECOND_MIN: f64 = 300_000.0;
/// What the last tenth of a history may cost of the first.
const GROWTH_MAX: f64 = 1.10;
/// Conversions of one history; each goes on from the counters that the one before left.
const CONVERSIONS: usize = 1_000_000;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Rounds, of which the median counts.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Writes the figures, with commit and machine, into docs/benchmarks.md.
    #[arg(long)]
    record: bool,
}

/// What a history came to.
#[derive(Debug, Clone, Copy, Default)]
struct Run {
    per_second: f64,
    /// The time of the last tenth to that of the first.
    growth: f64,
    paid: usize,
    lines: usize,
    cut: usize,
    counters: usize,
}

/// Each round's two histories.
#[derive(Debug, Default)]
struct Figures {
    /// Under twenty rules.
    full: Vec<Run>,
    /// Under one rule.
    plain: Vec<Run>,
}

/// Measures, prints, and records if asked. The answer is whether everything was reached.
pub(crate) fn run(options: &Options) -> Result<bool, BenchError> {
    let provenance = machine::provenance()?;
    let measure = async { measure(options.rounds.max(1)) };
    frame::run("commission", options.record, &provenance, Threads::One, measure)
}

fn measure(rounds: usize) -> Result<Figures, BenchError> {
    pin_self(CORE)?;
    let world = World::new();
    let (many, one) = (inputs::twenty_rules()?, inputs::one_rule()?);
    let made = world.conversions(CONVERSIONS);
    let mut figures = Figures::default();
    for round in 1..=rounds {
        let plain = history(&one, &world, &made)?;
        let full = history(&many, &world, &made)?;
        println!("round {round}: {:.0}/s, {:.0}/s", full.per_second, plain.per_second);
        figures.plain.push(plain);
        figures.full.push(full);
    }
    Ok(figures)
}

/// One history from beginning to end. The counters are applied between evaluations, as whoever
/// books would; that and the input's making are within the time.
fn history(plan: &CompiledPlan, world: &World, made: &[Made]) -> Result<Run, BenchError> {
    let mut counters: HashMap<CounterKey, i64> = HashMap::new();
    let mut run = Run::default();
    let mut tenths = Vec::with_capacity(10);
    let whole = Stopwatch::start();
    for tenth in made.chunks(made.len().div_ceil(10)) {
        let watch = Stopwatch::start();
        for it in tenth {
            let answer = world.with_input(it, &counters, |input| evaluate(plan, black_box(input)));
            let answer = answer.map_err(|error| BenchError::Unfit(error.to_string()))?;
            if let Outcome::Paid { lines, .. } = &answer.outcome {
                run.paid += 1;
                run.lines += lines.len();
                run.cut += lines.iter().filter(|line| line.cut.is_some()).count();
            }
            for increment in &answer.increments {
                match counters.get_mut(&increment.key) {
                    Some(stood) => *stood += increment.add,
                    None => {
                        counters.insert(increment.key.clone(), increment.add);
                    }
                }
            }
            black_box(&answer);
        }
        tenths.push(watch.elapsed().as_secs_f64());
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of conversions is small")]
    let conversions = made.len() as f64;
    run.per_second = conversions / whole.elapsed().as_secs_f64();
    run.growth = tenths[tenths.len() - 1] / tenths[0];
    run.counters = counters.len();
    Ok(run)
}

fn middle(runs: &[Run], of: fn(&Run) -> f64) -> f64 {
    median(&runs.iter().map(of).collect::<Vec<_>>())
}

impl Findings for Figures {
    fn reached(&self) -> bool {
        middle(&self.full, |run| run.per_second) >= PER_SECOND_MIN
            && middle(&self.full, |run| run.growth) <= GROWTH_MAX
    }

    fn text(&self, provenance: &str) -> String {
        let word = |reached: bool| if reached { "reached" } else { "**missed**" };
        let (full, plain) = (&self.full, &self.plain);
        let (rate, growth) = (middle(full, |it| it.per_second), middle(full, |it| it.growth));
        let speed = word(rate >= PER_SECOND_MIN);
        let steady = word(growth <= GROWTH_MAX);
        let one = full[0];
        let lines = [
            format!("{provenance}. One core, medians of {} rounds by turns.", full.len()),
            String::new(),
            "| | conversions/s | must be | last tenth to first | must be |".to_owned(),
            "|---|---:|---:|---:|---:|".to_owned(),
            format!(
                "| 20 rules with tiers and conditions | {rate:.0} | >= {PER_SECOND_MIN}: {speed} | \
                 {growth:.2} | <= {GROWTH_MAX}: {steady} |"
            ),
            format!(
                "| one rule without conditions | {:.0} | | {:.2} | |",
                middle(plain, |it| it.per_second),
                middle(plain, |it| it.growth)
            ),
            String::new(),
            format!(
                "Of {CONVERSIONS} conversions under the 20 rules {} were paid, in {} commissions, \
                 {} of them cut by a cap; {} counters at the end.",
                one.paid, one.lines, one.cut, one.counters
            ),
        ];
        lines.join("\n")
    }
}
