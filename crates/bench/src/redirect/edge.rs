//! The edge, as its own example server: one thread that answers and one that commits, a snapshot
//! with a thousand links, ingest absent. It runs for a given time and then prints its counters.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{Contestant, SERVER_CORE};
use crate::error::{BenchError, During};
use crate::machine;
use crate::process::{Listens, Server, finish};

/// Host and path of one of the example's links.
pub(crate) const HOST: &str = "go.example.com";
pub(crate) const PATH: &str = "/partner-2/campaign-2";

const THREADS: &str = "1";
const LINKS: &str = "1000";

/// What stays zero in a run whose figure means anything: every request was a click that counts, and
/// none was lost or left unconfirmed.
const ZERO: &[&str] = &[
    "clicks_machine",
    "clicks_denied",
    "ids_refused",
    "unconfirmed",
    "lost_full",
    "lost_failed",
    "unknown_links",
    "connections_refused",
];

/// Builds the example with the profile of packages and says where it is.
pub(crate) fn build() -> Result<PathBuf, BenchError> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = machine::root();
    let mut command = Command::new(cargo);
    command
        .args(["build", "--profile", "dist", "--package", "tributary-edge"])
        .args(["--example", "redirect_server"])
        .current_dir(&root);
    finish(&mut command)?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    Ok(target.join("dist/examples/redirect_server"))
}

/// Starts it with an empty spool, for `duration`, in whole seconds.
pub(super) async fn start(
    program: &Path,
    contestant: Contestant,
    work: &Path,
    duration: Duration,
) -> Result<Server, BenchError> {
    start_on(&folder(work), program, contestant.name(), work, duration).await
}

/// Starts it on what is in `folder`, with `durability` in its words.
pub(crate) async fn start_on(
    folder: &Path,
    program: &Path,
    durability: &str,
    work: &Path,
    duration: Duration,
) -> Result<Server, BenchError> {
    std::fs::create_dir_all(folder).during("the edge's folder")?;
    let seconds = duration.as_secs().to_string();
    let mut command = Command::new(program);
    command.args([&seconds, durability, THREADS, LINKS]).arg(folder);
    Server::start(&command, SERVER_CORE, Listens::Announced, &log(work)).await
}

/// Waits until its time is over and looks at its counters.
pub(crate) async fn end(server: Server, work: &Path) -> Result<(), BenchError> {
    server.end().await?;
    let said = std::fs::read_to_string(log(work)).during("the edge's counters")?;
    check(&said)
}

/// Where it keeps its spool, in a bench of redirects.
pub(super) fn folder(work: &Path) -> PathBuf {
    work.join("edge")
}

fn log(work: &Path) -> PathBuf {
    work.join("edge.log")
}

/// Refuses a run in which the edge did less than its work.
fn check(said: &str) -> Result<(), BenchError> {
    let counter = |name: &str| {
        let values = said.lines().filter_map(|line| line.split_once(' '));
        let mut values = values.filter(|(counter, _)| *counter == name);
        values.next().and_then(|(_, value)| value.parse::<u64>().ok()).unwrap_or(0)
    };
    // Not its redirects: the load hangs up on those that are under way at its end.
    let requests = counter("requests");
    let all_counted = requests > 0
        && counter("clicks_countable") == requests
        && counter("ids_minted") == requests;
    if all_counted && ZERO.iter().all(|name| counter(name) == 0) {
        return Ok(());
    }
    Err(BenchError::Unfit(format!("the edge did not do all of its work: {said}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_left_work_out_does_not_count() {
        let good = "4711\nrequests 7\nredirects 6\nclicks_countable 7\nids_minted 7\n";
        assert!(check(good).is_ok());
        assert!(check(&format!("{good}unconfirmed 1\n")).is_err());
        assert!(check(&good.replace("ids_minted 7", "ids_minted 6")).is_err());
        assert!(check("4711\n").is_err());
    }
}
