//! The public package ChannelAttribution, run as a program of its own in an environment of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{BenchError, During};
use crate::process::finish;

/// The version compared with.
pub(super) const VERSION: &str = "2.2.5";
const SCRIPT: &str = include_str!("peer.py");

/// The installed package.
#[derive(Debug)]
pub(super) struct Peer {
    python: PathBuf,
    script: PathBuf,
}

/// What one run gave.
#[derive(Debug)]
pub(super) struct Turn {
    pub(super) milliseconds: f64,
    /// Conversions by channel.
    pub(super) conversions: Vec<(String, f64)>,
}

impl Peer {
    /// Installs the package unless it is there.
    pub(super) fn install(folder: &Path) -> Result<Self, BenchError> {
        std::fs::create_dir_all(folder).during(folder.display().to_string())?;
        let home = folder.join(format!("channel-attribution-{VERSION}"));
        let python = home.join("bin/python");
        let script = home.join("peer.py");
        if !script.exists() {
            finish(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home))?;
            let package = format!("ChannelAttribution=={VERSION}");
            // The package imports matplotlib without saying that it needs it.
            finish(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args([
                package.as_str(),
                "matplotlib",
                "pandas",
            ]))?;
        }
        std::fs::write(&script, SCRIPT).during("the script of the peer")?;
        Ok(Self { python, script })
    }

    /// One Markov report over a file.
    pub(super) fn markov(&self, file: &Path, order: u8) -> Result<Turn, BenchError> {
        let order = order.to_string();
        let said = finish(Command::new(&self.python).arg(&self.script).arg(file).arg(order))?;
        let strange = || BenchError::Unfit(format!("the peer says: {said}"));
        let milliseconds = said
            .lines()
            .find_map(|line| line.strip_prefix("milliseconds ")?.parse().ok())
            .ok_or_else(strange)?;
        let channel = |line: &str| {
            let (name, number) = line.split_once(',')?;
            Some((name.to_owned(), number.parse().ok()?))
        };
        let conversions: Vec<_> = said.lines().filter_map(channel).collect();
        if conversions.is_empty() {
            return Err(strange());
        }
        Ok(Turn { milliseconds, conversions })
    }
}
