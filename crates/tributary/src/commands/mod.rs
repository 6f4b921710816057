//! The command line, apart from `serve`. Talks to a person at a terminal, in English.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line prints")]

pub(crate) mod attribute;
pub(crate) mod backup;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod hosts;
pub(crate) mod keys;
pub(crate) mod restore;
pub(crate) mod setup;
pub(crate) mod simulate;
pub(crate) mod spool;
pub(crate) mod verify;
pub(crate) mod verify_statement;

use std::process::ExitCode;

use crate::Failure;
use crate::config::{Config, DEFAULT};

/// Tells an error with what caused it.
pub(crate) fn say_error(error: &dyn std::error::Error) {
    eprintln!("tributary: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because: {error}");
        cause = error.source();
    }
}

/// `tributary config`.
pub(crate) fn show_config(config: &Config, default: bool) {
    if default {
        print!("{DEFAULT}");
    } else {
        println!("{config:#?}");
    }
}

/// `tributary migrate`.
pub(crate) async fn migrate(config: &Config) -> Result<ExitCode, Failure> {
    let engines = crate::open::engines(config).await?;
    crate::open::migrate(&engines).await?;
    println!("The {} schema is up to date.", engines.record.name());
    Ok(ExitCode::SUCCESS)
}
