//! `cargo xtask test`: one path on every machine. What a test needs is found or installed first; a
//! need that cannot be met stops the run with exact instructions, so nothing is skipped in silence.
//! The tests start their own throwaway PostgreSQL (`testkit`).

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus, Stdio};

use tributary_kernel::Stopwatch;

use crate::budget;
use crate::outcome::Outcome;
use crate::tools::{self, Found};

/// Test programs named at the end, so that the budget's largest items are seen.
const SLOWEST_SHOWN: usize = 5;

/// Runs everything and prints one closing line.
pub(crate) fn run(root: &Path) -> ExitCode {
    let watch = Stopwatch::start();
    let Some(found) = needs(root, "test") else { return ExitCode::from(2) };
    match cargo_test(root, &found) {
        Ok((status, outcome)) => close(status, &outcome, &watch),
        Err(error) => {
            println!("test: FAILED, cargo test did not run: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Finds or installs what the tests need; or says what is missing, and gives nothing.
pub(crate) fn needs(root: &Path, name: &str) -> Option<Vec<Found>> {
    match tools::ensure(root) {
        Ok(found) => {
            for tool in &found {
                println!("{name}: {} = {}", tool.variable, tool.path.display());
            }
            Some(found)
        }
        Err(missing) => {
            for need in &missing {
                eprintln!("{need}");
            }
            println!("{name}: NOT RUN, {} missing (see above)", missing.len());
            None
        }
    }
}

/// Runs `cargo test`, showing its output as it comes and reading it along the way. Standard output
/// and error share one pipe: only so does a result line follow the program it belongs to.
fn cargo_test(root: &Path, found: &[Found]) -> std::io::Result<(ExitStatus, Outcome)> {
    let (reader, writer) = std::io::pipe()?;
    let mut command = crate::cargo();
    command
        .args(["test", "--workspace", "--no-fail-fast"])
        .current_dir(root)
        .env("CARGO_TERM_COLOR", "never")
        .env("INSTA_UPDATE", "no")
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    command.env_remove(crate::soak::VARIABLE);
    tell_tools(&mut command, found)?;
    let mut child = command.spawn()?;
    // The command keeps its ends of the pipe; without this the reader would never see its end.
    drop(command);

    let mut outcome = Outcome::default();
    let mut terminal = std::io::stdout().lock();
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        terminal.write_all(&line)?;
        outcome.line(&String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok((child.wait()?, outcome))
}

/// Tells the tests where their tools are.
pub(crate) fn tell_tools(command: &mut Command, found: &[Found]) -> std::io::Result<()> {
    for tool in found {
        command.env(tool.variable, &tool.path);
    }
    if let Some(postgres) = found.iter().find(|tool| tool.variable == tools::POSTGRES_BIN) {
        command.env("PATH", search_path(&postgres.path)?);
    }
    Ok(())
}

/// The path with `first` in front: `testkit` looks for PostgreSQL there.
fn search_path(first: &Path) -> std::io::Result<std::ffi::OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(first.to_owned()).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).map_err(std::io::Error::other)
}

fn close(status: ExitStatus, outcome: &Outcome, watch: &Stopwatch) -> ExitCode {
    for (program, duration) in outcome.slowest(SLOWEST_SHOWN) {
        println!("test: {} in {program}", budget::words(*duration));
    }
    let verdict = verdict(status.success(), outcome);
    println!(
        "test: {}: {} passed, {} failed, {} left out, {} test programs; {}",
        verdict.unwrap_or("PASSED"),
        outcome.passed,
        outcome.failed,
        outcome.left_out,
        outcome.programs.len(),
        budget::against(watch.elapsed(), budget::TEST_MAX),
    );
    if verdict.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Why the run does not count as passed; `None` if it does.
fn verdict(success: bool, outcome: &Outcome) -> Option<&'static str> {
    if !success || outcome.failed > 0 {
        Some("FAILED")
    } else if outcome.left_out > 0 {
        Some("FAILED, because tests were left out")
    } else if outcome.passed == 0 {
        Some("FAILED, because no test ran")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_run_with_nothing_left_out_passes() {
        let outcome = |passed, failed, left_out| {
            let mut outcome = Outcome::default();
            outcome.line(&format!(
                "test result: ok. {passed} passed; {failed} failed; {left_out} ignored; \
                 0 measured; 0 filtered out; finished in 0.01s"
            ));
            outcome
        };
        assert_eq!(verdict(true, &outcome(1, 0, 0)), None);
        assert!(verdict(false, &outcome(1, 0, 0)).is_some());
        assert!(verdict(true, &outcome(1, 1, 0)).is_some());
        assert!(verdict(true, &outcome(1, 0, 1)).is_some());
        assert!(verdict(true, &outcome(0, 0, 0)).is_some());
    }
}
