//! Which machine and which commit a figure belongs to.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tributary_kernel::{Clock, SystemClock};

use crate::error::{BenchError, During};

/// The checkout's root folder.
pub(crate) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).expect("the package is in crates/ of the checkout").to_owned()
}

/// `commit abc1234 of 2026-11-21, Linux 6.1, 2 cores: model`; a tree with changes says so.
pub(crate) fn provenance() -> Result<String, BenchError> {
    provenance_of(&["."])
}

/// The same for a bench that runs only what is in these folders: changes elsewhere are no matter.
pub(crate) fn provenance_of(folders: &[&str]) -> Result<String, BenchError> {
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    let status = ["status", "--porcelain", "--untracked-files=no", "--"];
    let changed = !git(&[&status, folders].concat())?.is_empty();
    let cores = cores();
    let kernel = read("/proc/sys/kernel/osrelease");
    let processor = read("/proc/cpuinfo");
    let model = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown processor", |(_, model)| model);
    let now = SystemClock.now().to_string();
    Ok(format!(
        "commit {commit}{}, {}, Linux {}, {cores} cores of {model}",
        if changed { " with uncommitted changes" } else { "" },
        now.split('T').next().unwrap_or(&now),
        kernel.trim(),
    ))
}

/// A folder for a measurement, on the disk of the checkout; it goes with the value.
pub(crate) fn working_folder() -> Result<tempfile::TempDir, BenchError> {
    let folder = root().join("target/bench");
    std::fs::create_dir_all(&folder).during(folder.display().to_string())?;
    tempfile::tempdir_in(&folder).during("a working folder")
}

/// Cores this process may run on.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// How much of all cores' time others take while this process waits for `duration`: 0 to 1.
pub(crate) async fn busy_share(duration: Duration) -> f64 {
    let before = busy_and_all(&read("/proc/stat"));
    // The kernel only counts upwards: a share is of the time between two looks.
    tokio::time::sleep(duration).await;
    let after = busy_and_all(&read("/proc/stat"));
    let (busy, all) = (after.0 - before.0, after.1 - before.1);
    if all > 0.0 { busy / all } else { 0.0 }
}

/// How long others are watched before a measurement, and what they may take.
const QUIET: Duration = Duration::from_secs(2);
const BUSY_SHARE_MAX: f64 = 0.05;

/// Says when others use the machine; refuses to go on when the figures are to be recorded.
pub(crate) async fn quiet(recording: bool) -> Result<(), BenchError> {
    let busy = busy_share(QUIET).await;
    if busy > BUSY_SHARE_MAX {
        let said = format!("others take {:.0} % of the machine's time", busy * 100.0);
        if recording {
            return Err(BenchError::Unfit(format!("{said}: nothing to record now")));
        }
        println!("bench: {said}; the figures mean little");
    }
    Ok(())
}

/// Ticks spent at work, and all ticks, since the machine started. The first line of `/proc/stat`
/// is `cpu user nice system idle iowait …`; guests' time is within the user's.
fn busy_and_all(stat: &str) -> (f64, f64) {
    let line = stat.lines().next().unwrap_or_default();
    let ticks: Vec<f64> =
        line.split_whitespace().skip(1).take(8).filter_map(|tick| tick.parse().ok()).collect();
    let all: f64 = ticks.iter().sum();
    let idle: f64 = ticks.iter().skip(3).take(2).sum();
    (all - idle, all)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn git(arguments: &[&str]) -> Result<String, BenchError> {
    let output = Command::new("git").args(arguments).current_dir(root()).output().during("git")?;
    if !output.status.success() {
        let output_text = String::from_utf8_lossy(&output.stderr).into_owned();
        let program = "git".into();
        return Err(BenchError::Program { program, status: output.status, output: output_text });
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_and_waiting_for_the_disk_are_not_work() {
        let (busy, all) = busy_and_all("cpu  10 1 5 70 10 2 1 1 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n");
        assert_eq!((busy.to_string(), all.to_string()), ("20".into(), "100".into()));
    }
}
