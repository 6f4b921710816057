//! `cargo xtask test`: one path on every machine. What a test needs is found or installed first; a
//! need that cannot be met stops the run with exact instructions, so nothing is skipped in silence.
//! The tests start their own throwaway PostgreSQL (`testkit`).

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use tributary_kernel::Stopwatch;

use crate::budget;
use crate::outcome::Outcome;
use crate::tools::{self, Found};

/// Test programs named at the end, so that the budget's largest items are seen.
const SLOWEST_SHOWN: usize = 5;

/// The longest that neither a build nor a test says anything. The longest single test takes about
/// a minute, the longest step of a build two.
const SILENCE_MAX: Duration = Duration::from_secs(12 * 60);

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
    let (heard, silence) = mpsc::channel();
    let tests = child.id();
    let watch = std::thread::spawn(move || end_when_silent(tests, &silence, SILENCE_MAX));
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
        // The watch ends only after this does, or after it ended everything.
        let _ = heard.send(());
    }
    drop(heard);
    if watch.join().is_ok_and(|ended| ended) {
        println!("test: ended after {} without a line", budget::words(SILENCE_MAX));
    }
    Ok((child.wait()?, outcome))
}

/// A test that hangs must not hang the run: ends a process and all below it when nothing was heard
/// for too long, and tells whether it did.
fn end_when_silent(process: u32, heard: &mpsc::Receiver<()>, limit: Duration) -> bool {
    loop {
        match heard.recv_timeout(limit) {
            Ok(()) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return false,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                let below = below(process).into_iter().map(|id| id.to_string());
                // Those that are gone already are none to end.
                let _ = Command::new("kill").arg("-KILL").args(below).status();
                return true;
            }
        }
    }
}

/// A process and its children's children, as Linux tells them.
fn below(process: u32) -> Vec<u32> {
    let mut all = vec![process];
    let mut next = 0;
    while let Some(&parent) = all.get(next) {
        next += 1;
        let threads = std::fs::read_dir(format!("/proc/{parent}/task"));
        for thread in threads.into_iter().flatten().flatten() {
            let children = std::fs::read_to_string(thread.path().join("children"));
            let children = children.unwrap_or_default();
            all.extend(children.split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
        }
    }
    all
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

    #[test]
    fn a_silent_process_is_ended_with_those_it_started() {
        let mut shell = Command::new("sh");
        let mut shell = shell.args(["-c", "sleep 600 & sleep 600"]).spawn().expect("a shell");
        while below(shell.id()).len() < 3 {
            std::thread::yield_now();
        }
        let children = below(shell.id());
        let (heard, silence) = mpsc::channel();
        let limit = Duration::from_millis(1);
        assert!(end_when_silent(shell.id(), &silence, limit));
        drop(heard);
        assert!(!shell.wait().expect("it ended").success());
        let watch = Stopwatch::start();
        let goes_on = |id: &u32| {
            let state = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            // What was killed may still wait for somebody to take note.
            !(state.is_empty() || state.contains(") Z"))
        };
        while children.iter().any(goes_on) {
            assert!(watch.elapsed() < Duration::from_secs(20), "{children:?} go on");
            std::thread::yield_now();
        }
    }
}
