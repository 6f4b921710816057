//! Project tasks. `cargo xtask test` proves the whole tree on a machine that may be new; `cargo
//! xtask soak` tries harder and for longer; `cargo xtask bench …` measures it beside a peer.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line talks to a terminal"
)]

mod bench;
mod budget;
mod outcome;
mod soak;
mod test;
mod tools;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Project tasks.")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Installs what is missing when it may, then runs every test. Nothing is skipped.
    Test,
    /// Long loops and every combination, one after the other, within a given time.
    Soak(soak::Options),
    /// Measures; `cargo xtask bench help` lists what.
    #[command(disable_help_flag = true)]
    Bench {
        /// Passed on to the `tributary-bench` program.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    let root = root();
    match Arguments::parse().task {
        Task::Test => test::run(&root),
        Task::Soak(options) => soak::run(&root, &options),
        Task::Bench { arguments } => bench::run(&root, &arguments),
    }
}

/// The checkout's root folder: the parent of this package's.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder of the checkout")
        .to_owned()
}

/// The cargo that runs this task.
fn cargo() -> std::process::Command {
    std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
