//! Measurements: `cargo xtask bench <what>`. Each runs Tributary and a peer or a limit of the
//! machine by turns in one run and compares medians, because a figure without its neighbour says
//! more about the machine than about the program.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line talks to a terminal"
)]

mod attribution;
mod backlog;
mod commission;
mod conversions;
mod decision;
mod error;
mod fdatasync;
mod frame;
mod growth;
mod http_probe;
mod ingest;
mod installation;
mod ledger;
mod load;
mod machine;
mod open_loop;
mod process;
mod record;
mod redirect;
mod simulate;
mod start;
mod stats;
mod upload;
mod verify;
mod wait;
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
    /// Reports over paths and credit for journeys, beside ChannelAttribution.
    Attribution(attribution::Options),
    /// Evaluation of conversions under a plan of twenty rules, on one core.
    Commission(commission::Options),
    /// Conversions over HTTP on both engines, beside pgbench.
    Conversions(conversions::Options),
    /// Conversions with ten million touches stored beside hardly any.
    Decision(decision::Options),
    /// Clicks into touches at ten million rows, and their lag beside redirects.
    Ingest(ingest::Options),
    /// Redirects after 50 million clicks beside redirects on an empty folder.
    Growth(growth::Options),
    /// Redirects, durable and after-write, beside nginx.
    Redirect(redirect::Options),
    /// A million stored conversions under another plan, beside reading them.
    Simulate(ledger::Options),
    /// First answer and memory: on the demo's folder, and with a million links.
    Start(start::Options),
    /// A file of a million orders, previewed and committed, beside the API meanwhile.
    Upload(upload::Options),
    /// `verify` over a million transfers, beside reading and hashing them.
    Verify(ledger::Options),
}

fn main() -> ExitCode {
    let reached = match Arguments::parse().what {
        What::Attribution(options) => attribution::run(&options),
        What::Commission(options) => commission::run(&options),
        What::Conversions(options) => conversions::run(&options),
        What::Decision(options) => decision::run(&options),
        What::Ingest(options) => ingest::run(&options),
        What::Growth(options) => growth::run(&options),
        What::Redirect(options) => redirect::run(&options),
        What::Simulate(options) => simulate::run(&options),
        What::Start(options) => start::run(&options),
        What::Upload(options) => upload::run(&options),
        What::Verify(options) => verify::run(&options),
    };
    match reached {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::from(2)
        }
    }
}
