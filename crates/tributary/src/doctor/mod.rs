//! Looks an installation over, beside a running server or without one, and says what to mend. It
//! changes nothing but a file that it measures the disk with and removes again.

mod ask;
mod backups;
mod clicks;
mod clock;
mod database;
mod disk;
mod mail;
mod network;

use serde::Serialize;

use crate::config::Config;

/// How it stands with a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Ok,
    /// It works, and something is missing that will be missed one day.
    Warn,
    /// Something is wrong.
    Fail,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Check {
    /// A stable name.
    pub(crate) name: &'static str,
    pub(crate) verdict: Verdict,
    /// What was seen.
    pub(crate) found: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) remedy: Option<String>,
}

impl Check {
    fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Ok, found: found.into(), remedy: None }
    }

    fn warn(name: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Warn, found: found.into(), remedy: Some(remedy.into()) }
    }

    fn fail(name: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { verdict: Verdict::Fail, ..Self::warn(name, found, remedy) }
    }
}

/// Everything, in the order in which it is worth mending.
pub(crate) async fn examine(config: &Config) -> Vec<Check> {
    if !config.folder.is_dir() {
        let found = format!("{} is no folder", config.folder.display());
        let remedy =
            "Name the right configuration with --config, or make it with `tributary setup`.";
        return vec![Check::fail("folder", found, remedy)];
    }
    let mut checks = disk::files(config);
    let (latency, clock) = disk::latency(config);
    checks.push(latency);
    checks.extend(disk::space(config));
    checks.push(clock);
    let open = database::open(config).await;
    checks.extend(database::examine(config, &open).await);
    checks.extend(clock::examine(config, &open).await);
    checks.extend(clicks::examine(config, &open).await);
    checks.extend(mail::examine(&open).await);
    checks.extend(network::examine(config).await);
    checks.extend(backups::examine(config));
    checks
}

/// The worst of them.
pub(crate) fn worst(checks: &[Check]) -> Verdict {
    checks.iter().map(|check| check.verdict).max().unwrap_or(Verdict::Ok)
}
