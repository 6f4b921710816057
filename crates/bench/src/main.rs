//! Measurements: `cargo xtask bench <what>`. Each runs Tributary and a peer or a limit of the
//! machine by turns in one run and compares medians, because a figure without its neighbour says
//! more about the machine than about the program.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line talks to a terminal"
)]

mod error;
mod fdatasync;
mod http_probe;
mod machine;
mod open_loop;
mod process;
mod record;
mod redirect;
mod stats;
mod wrk;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", about = "Measurements beside a peer, in the same run.")]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Redirects, durable and after-write, beside nginx.
    Redirect(redirect::Options),
}

fn main() -> ExitCode {
    let What::Redirect(options) = Arguments::parse().what;
    match redirect::run(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::from(2)
        }
    }
}
