//! One run: `cargo test` in a process group of its own, read along the way, cut off at its limit.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use tributary_kernel::Stopwatch;

use super::VARIABLE;
use super::plan::Run;
use crate::outcome::Outcome;
use crate::test::tell_tools;
use crate::tools::Found;

/// What a test wants to be seen in the table, it says on a line that begins so.
const NOTE: &str = "soak: ";
/// Where whole outputs go.
const LOGS: &str = "target/soak";

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Passed,
    Failed,
    /// The limit came first.
    Cut,
    /// There was no time left.
    NotBegun,
}

/// What became of a run.
#[derive(Debug)]
pub(super) struct Result {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) ending: Ending,
    pub(super) rounds: u32,
    pub(super) outcome: Outcome,
    pub(super) elapsed: Duration,
    pub(super) notes: Vec<String>,
}

impl Result {
    const fn begun(run: &Run, outcome: Outcome) -> Self {
        Self {
            name: run.name,
            what: run.what,
            ending: Ending::NotBegun,
            rounds: 0,
            outcome,
            elapsed: Duration::ZERO,
            notes: Vec::new(),
        }
    }

    pub(super) fn not_begun(run: &Run) -> Self {
        Self::begun(run, Outcome::default())
    }
}

fn command(root: &Path, run: &Run) -> Command {
    let mut command = crate::cargo();
    command
        .arg("test")
        .args(run.cargo)
        .current_dir(root)
        .env("CARGO_TERM_COLOR", "never")
        .env("INSTA_UPDATE", "no")
        .env(VARIABLE, "1")
        .env("PROPTEST_CASES", run.cases.to_string())
        .stdin(Stdio::null());
    command
}

/// Builds what the runs need, so that their time is their own.
pub(super) fn build(root: &Path, runs: &[&Run]) -> io::Result<()> {
    for run in runs {
        let status = command(root, run).args(["--quiet", "--no-run"]).status()?;
        if !status.success() {
            return Err(io::Error::other(format!("{}: {status}", run.name)));
        }
    }
    Ok(())
}

/// Runs all rounds, or as many as there is time for.
pub(super) fn run(root: &Path, found: &[Found], run: &Run, limit: Duration) -> Result {
    let watch = Stopwatch::start();
    let mut result = Result::not_begun(run);
    let ended = log_of(root, run).and_then(|mut log| {
        for _ in 0..run.rounds {
            let left = limit.saturating_sub(watch.elapsed());
            let ending = round(root, found, run, left, &mut log, &mut result)?;
            result.rounds += 1;
            if ending != Ending::Passed {
                return Ok(ending);
            }
        }
        Ok(Ending::Passed)
    });
    result.elapsed = watch.elapsed();
    result.ending = ended.unwrap_or_else(|error| {
        result.notes.push(format!("it could not be run: {error}"));
        Ending::Failed
    });
    if result.ending == Ending::Passed && result.outcome.passed == 0 {
        result.notes.push("no test ran".to_owned());
        result.ending = Ending::Failed;
    }
    result
}

fn log_of(root: &Path, run: &Run) -> io::Result<File> {
    let folder = root.join(LOGS);
    std::fs::create_dir_all(&folder)?;
    File::create(folder.join(format!("{}.log", run.name)))
}

fn round(
    root: &Path,
    found: &[Found],
    run: &Run,
    limit: Duration,
    log: &mut File,
    result: &mut Result,
) -> io::Result<Ending> {
    let (reader, writer) = io::pipe()?;
    let mut command = command(root, run);
    tell_tools(&mut command, found)?;
    // What a test says stands in its output only with `--nocapture`.
    command.args(["--no-fail-fast", "--", "--nocapture"]).args(run.tests).process_group(0);
    command.stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn()?;
    // The command keeps its ends of the pipe; without this the reader would never see its end.
    drop(command);
    let (lines, said) = channel();
    let reading = std::thread::spawn(move || {
        for line in BufReader::new(reader).split(b'\n').map_while(io::Result::ok) {
            if lines.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    });
    let in_time = listen(&said, limit, log, result)?;
    if !in_time {
        cut(&mut child)?;
    }
    let status = child.wait()?;
    // It ends with the pipe, and the pipe with the processes.
    let _ = reading.join();
    Ok(match (in_time, status.success()) {
        (false, _) => Ending::Cut,
        (true, true) => Ending::Passed,
        (true, false) => Ending::Failed,
    })
}

/// Reads until the end of the output, or of the time: whether it was the output's.
fn listen(
    said: &Receiver<String>,
    limit: Duration,
    log: &mut File,
    result: &mut Result,
) -> io::Result<bool> {
    let watch = Stopwatch::start();
    loop {
        match said.recv_timeout(limit.saturating_sub(watch.elapsed())) {
            Ok(line) => {
                writeln!(log, "{line}")?;
                // A test's first line may follow its name without a break.
                if let Some((_, note)) = line.split_once(NOTE) {
                    result.notes.push(note.to_owned());
                }
                result.outcome.line(&line);
            }
            Err(RecvTimeoutError::Timeout) => return Ok(false),
            Err(RecvTimeoutError::Disconnected) => return Ok(true),
        }
    }
}

/// Ends the child with the processes that it has started.
fn cut(child: &mut Child) -> io::Result<()> {
    let group = format!("-{}", child.id());
    Command::new("kill").args(["-KILL", "--", &group]).status()?;
    child.kill()
}
