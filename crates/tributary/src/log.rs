//! Structured logs: message and fields apart, dotted names. Never logged: addresses of people,
//! mail addresses, keys, cookies, bodies of requests.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Starts logging to standard error.
pub(crate) fn start(config: &Log) -> Result<(), crate::Failure> {
    let filter = EnvFilter::try_new(&config.level)
        .map_err(|error| format!("log.level `{}`: {error}", config.level))?;
    // In a file or a journal, colours are control characters in everybody's way.
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let started = match config.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| error.to_string().into())
}
