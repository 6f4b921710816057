//! The plan and the results as a person reads them.

use std::fmt::Write as _;

use super::plan::Run;
use super::runner::{Ending, Result};
use crate::budget::words;

/// What is going to be run.
pub(super) fn plan(runs: &[&Run], minutes: u64) -> String {
    let mut text = format!("soak: {} runs within {minutes} min\n", runs.len());
    for run in runs {
        let rounds = if run.rounds > 1 { format!(" x {}", run.rounds) } else { String::new() };
        let _ = writeln!(
            text,
            "  {:<12}{:>3} min at most{rounds}: {}",
            run.name, run.minutes_max, run.what
        );
    }
    text.truncate(text.trim_end().len());
    text
}

const fn verdict(ending: Ending) -> &'static str {
    match ending {
        Ending::Passed => "passed",
        Ending::Failed => "FAILED",
        Ending::Cut => "CUT OFF",
        Ending::NotBegun => "NOT BEGUN",
    }
}

/// One result on a line.
pub(super) fn line(it: &Result) -> String {
    format!(
        "{}: {}: {} passed, {} failed, in {}",
        it.name,
        verdict(it.ending),
        it.outcome.passed,
        it.outcome.failed,
        words(it.elapsed)
    )
}

/// All results, as a table of Markdown with what the tests said below.
pub(super) fn results(results: &[Result]) -> String {
    let mut text =
        "| run | what | tests passed | failed | time | |\n|---|---|---|---|---|---|\n".to_owned();
    for it in results {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            it.name,
            it.what,
            it.outcome.passed,
            it.outcome.failed,
            words(it.elapsed),
            verdict(it.ending)
        );
    }
    for it in results {
        for note in &it.notes {
            let _ = write!(text, "\n- {}: {note}", it.name);
        }
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::plan::PLAN;
    use super::*;

    #[test]
    fn a_run_that_was_not_begun_is_seen() {
        let mut passed = Result::not_begun(&PLAN[0]);
        passed.ending = Ending::Passed;
        passed.elapsed = Duration::from_secs(61);
        passed.notes.push("300 kills".to_owned());
        let text = results(&[passed, Result::not_begun(&PLAN[1])]);
        assert!(text.contains("| 0 | 0 | 1 min 1 s | passed |"), "{text}");
        assert!(text.contains("| 0 | 0 | 0 s | NOT BEGUN |"), "{text}");
        assert!(text.ends_with("\n- kills: 300 kills\n"), "{text}");
        assert!(plan(&[&PLAN[0]], 5).contains("kills"));
    }
}
