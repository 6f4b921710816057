//! Configuration, wiring, scheduling and the command line.

mod backup;
mod commands;
mod config;
mod doctor;
mod keys;
mod late;
mod log;
mod open;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Partner programs: tracking, attribution, commission, ledger and payouts in one binary.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    /// A configuration file; what it does not name keeps its default.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs everything: redirects, ingest, API, jobs.
    Serve,
    /// Plays a simulated year of three programs and serves it, with log-ins by one click.
    Demo(commands::demo::Demo),
    /// Adds an organisation with its administrator, and prints an API key for it.
    Setup(commands::setup::Setup),
    /// Brings the database to the newest schema.
    Migrate,
    /// Recounts everything from the ledger's bytes and says what does not agree.
    Verify(commands::verify::Verify),
    /// Checks a statement's proof file, without server or data.
    VerifyStatement(commands::verify_statement::VerifyStatement),
    /// Explains a commission or a conversion.
    Explain(commands::explain::Explain),
    /// Says what a period's conversions would have cost under another plan.
    Simulate(commands::simulate::SimulatePlan),
    /// Looks the installation over and says what to mend; also while it serves.
    Doctor(commands::doctor::Doctor),
    /// Copies the whole installation into a new folder, while it serves.
    Backup(commands::backup::Backup),
    /// Makes an installation of a backup, in a new folder, checked and verified.
    Restore(commands::restore::Restore),
    /// Divides conversions over the channels of aggregated paths, from CSV to CSV.
    Attribute(commands::attribute::Attribute),
    /// Keys of the installation.
    Keys {
        #[command(subcommand)]
        command: commands::keys::Keys,
    },
    /// Hosts of their own that organisations have links on.
    Hosts {
        #[command(subcommand)]
        command: commands::hosts::Hosts,
    },
    /// The click log.
    Spool {
        #[command(subcommand)]
        command: commands::spool::Spool,
    },
    /// Prints the configuration in force, or with `--default` the documented default.
    Config {
        /// The documented default.
        #[arg(long)]
        default: bool,
    },
}

impl Command {
    /// Whether there must be an installation already.
    const fn looks_after_an_installation(&self) -> bool {
        match self {
            Self::Keys { command } => matches!(command, commands::keys::Keys::Rotate),
            Self::Verify(_)
            | Self::Explain(_)
            | Self::Simulate(_)
            | Self::Backup(_)
            | Self::Hosts { .. }
            | Self::Spool { .. } => true,
            // The doctor says itself what is missing.
            Self::Serve
            | Self::Doctor(_)
            | Self::Demo(_)
            | Self::Setup(_)
            | Self::Migrate
            | Self::VerifyStatement(_)
            | Self::Restore(_)
            | Self::Attribute(_)
            | Self::Config { .. } => false,
        }
    }
}

/// The spool failed: the process is to be started again, into recovery.
const EXIT_SPOOL_FAILED: u8 = 70;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(code) => code,
        Err(error) => {
            commands::say_error(&*error);
            ExitCode::FAILURE
        }
    }
}

/// What a command fails with; told to a person, once.
type Failure = Box<dyn std::error::Error>;

fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    if let Command::VerifyStatement(it) = &arguments.command {
        // Before any configuration is read: a partner has none.
        return it.run();
    }
    let config = config::load(arguments.config.as_deref(), std::env::vars())?;
    if arguments.command.looks_after_an_installation() {
        open::existing(&config)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match arguments.command {
        Command::Serve => {
            log::start(&config.log)?;
            let ending = runtime.block_on(serve::serve(config))?;
            Ok(match ending {
                serve::Ending::Asked => ExitCode::SUCCESS,
                serve::Ending::SpoolFailed => ExitCode::from(EXIT_SPOOL_FAILED),
            })
        }
        Command::Demo(it) => runtime.block_on(it.run(config)),
        Command::Setup(it) => runtime.block_on(it.run(&config, arguments.config.as_deref())),
        Command::Migrate => runtime.block_on(commands::migrate(&config)),
        Command::Verify(it) => runtime.block_on(it.run(&config)),
        Command::VerifyStatement(it) => it.run(),
        Command::Explain(it) => runtime.block_on(it.run(&config)),
        Command::Simulate(it) => runtime.block_on(it.run(&config)),
        Command::Doctor(it) => runtime.block_on(it.run(&config)),
        Command::Backup(it) => runtime.block_on(it.run(&config)),
        Command::Restore(it) => runtime.block_on(it.run()),
        Command::Attribute(it) => it.run(),
        Command::Keys { command } => runtime.block_on(command.run(&config)),
        Command::Hosts { command } => runtime.block_on(command.run(&config)),
        Command::Spool { command } => command.run(&config),
        Command::Config { default } => {
            commands::show_config(&config, default);
            Ok(ExitCode::SUCCESS)
        }
    }
}
