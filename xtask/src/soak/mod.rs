//! `cargo xtask soak`: what a quick test only samples, at length. A list of runs, each with its
//! limit, within the time that is given; a plan before, the time left meanwhile, a table after.
//! What was cut off or not begun for want of time counts as not passed.

mod plan;
mod runner;
mod table;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use tributary_kernel::Stopwatch;

use crate::budget::words;
use plan::{PLAN, Run};
use runner::{Ending, Result};

/// At which tests are thorough instead of quick.
pub(crate) const VARIABLE: &str = "TRIBUTARY_SOAK";

/// What to soak.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Minutes that the whole may take, beside building.
    #[arg(long, default_value_t = 240)]
    minutes: u64,
    /// Only these runs; see --list.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Print the runs, and do nothing.
    #[arg(long)]
    list: bool,
    /// Write the table into this file, too.
    #[arg(long)]
    write: Option<PathBuf>,
}

/// Runs the plan.
pub(crate) fn run(root: &Path, options: &Options) -> ExitCode {
    let unknown = options.only.iter().find(|name| !PLAN.iter().any(|run| run.name == **name));
    if let Some(name) = unknown {
        eprintln!("soak: there is no run `{name}`; see --list");
        return ExitCode::from(2);
    }
    let chosen: Vec<&Run> = PLAN
        .iter()
        .filter(|run| options.only.is_empty() || options.only.iter().any(|it| *it == run.name))
        .collect();
    println!("{}", table::plan(&chosen, options.minutes));
    if options.list {
        return ExitCode::SUCCESS;
    }
    let Some(found) = crate::test::needs(root, "soak") else { return ExitCode::from(2) };
    let build = Stopwatch::start();
    if let Err(error) = runner::build(root, &chosen) {
        println!("soak: FAILED to build: {error}");
        return ExitCode::FAILURE;
    }
    println!("soak: built in {}", words(build.elapsed()));
    let whole = Duration::from_secs(options.minutes * 60);
    let watch = Stopwatch::start();
    let mut results = Vec::new();
    for run in chosen {
        let left = whole.saturating_sub(watch.elapsed());
        println!(
            "soak: {}: begins; {} at most, {} left of {}",
            run.name,
            words(run.limit().min(left)),
            words(left),
            words(whole)
        );
        let result = if left.is_zero() {
            Result::not_begun(run)
        } else {
            runner::run(root, &found, run, run.limit().min(left))
        };
        println!("soak: {}", table::line(&result));
        results.push(result);
    }
    close(options, &results, watch.elapsed())
}

fn close(options: &Options, results: &[Result], elapsed: Duration) -> ExitCode {
    let mut text = table::results(results);
    let failed = results.iter().filter(|it| it.ending != Ending::Passed).count();
    let verdict = if failed == 0 { "PASSED" } else { "FAILED" };
    let _ = write!(
        text,
        "\nsoak: {verdict}: {} runs, {failed} not passed; {} of {} min",
        results.len(),
        words(elapsed),
        options.minutes
    );
    println!("{text}");
    if let Some(path) = &options.write
        && let Err(error) = std::fs::write(path, text + "\n")
    {
        eprintln!("soak: {}: {error}", path.display());
        return ExitCode::FAILURE;
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
