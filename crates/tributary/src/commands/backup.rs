use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::Failure;
use crate::backup::seal::Recipient;
use crate::backup::take::{self, Plan};
use crate::config::Config;

/// `tributary backup`.
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// A new folder for the backup.
    to: PathBuf,
    /// Whom to seal it for, instead of `backup.recipient` of the configuration.
    #[arg(long)]
    recipient: Option<Recipient>,
    /// With PostgreSQL: a command that prints a copy of the database, such as `pg_dump -Fc …`. It
    /// runs while the click log is held, and its output becomes part of the backup.
    #[arg(last = true)]
    command: Vec<String>,
}

impl Backup {
    pub(crate) async fn run(self, config: &Config) -> Result<ExitCode, Failure> {
        let recipient = match (self.recipient, config.backup.recipient.as_str()) {
            (Some(given), _) => Some(given),
            (None, "") => None,
            (None, text) => Some(text.parse::<Recipient>()?),
        };
        let own = config.database.url.is_empty();
        if own && !self.command.is_empty() {
            return Err("a command is for PostgreSQL; SQLite is copied by Tributary itself".into());
        }
        if recipient.is_none() {
            eprintln!(
                "Not sealed: this backup holds master.key and everything it guards, readable by \
                 whoever reads the files. `tributary keys backup` makes a key to seal for."
            );
        }
        let bare = !own && self.command.is_empty();
        let plan = Plan { to: self.to, recipient, command: self.command };
        let taken = take::take(config, &plan).await?;
        let manifest = &taken.manifest;
        println!(
            "{} files, {} bytes in {}; everything acknowledged before {} is in it.",
            manifest.files.len(),
            taken.bytes,
            plan.to.display(),
            manifest.begun_at,
        );
        if bare {
            println!(
                "The PostgreSQL database is not in it: it goes with a copy of the database as of a \
                 time between {} and {}.",
                manifest.begun_at, manifest.finished_at
            );
        }
        if let Some(warning) = taken.warning {
            println!("The click log was copied as it is, and it is damaged: {warning}");
            println!("Look at it with: tributary spool quarantine");
        }
        Ok(ExitCode::SUCCESS)
    }
}
