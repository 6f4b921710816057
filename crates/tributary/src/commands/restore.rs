use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::Failure;
use crate::backup::restore::{self, Plan};
use crate::backup::seal::Identity;
use crate::backup::take::DUMP_FILE;

/// `tributary restore`.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The backup's folder.
    from: PathBuf,
    /// The folder to make of it: new, or empty.
    into: PathBuf,
    /// The file with the key that a sealed backup opens with.
    #[arg(long)]
    identity: Option<PathBuf>,
}

impl Restore {
    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        let identity = match &self.identity {
            None => None,
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                let key = text.lines().find(|line| !line.starts_with('#')).unwrap_or("");
                Some(key.parse::<Identity>()?)
            }
        };
        let plan = Plan { from: self.from, into: self.into, identity };
        let restored = restore::restore(&plan).await?;
        let manifest = &restored.manifest;
        println!(
            "Taken by version {} from {} to {}: {} files, all as they were stored.",
            manifest.version,
            manifest.begun_at,
            manifest.finished_at,
            manifest.files.len()
        );
        println!(
            "{} bytes of the click log are still to be taken in; serve does it.",
            restored.to_ingest.bytes
        );
        let Some(report) = restored.report else {
            println!(
                "The database is PostgreSQL's: restore it with its own tools ({} of {}, if the \
                 backup has it), then run: tributary verify",
                DUMP_FILE,
                plan.into.display()
            );
            return Ok(ExitCode::SUCCESS);
        };
        println!(
            "{} organisations: {} transfers replayed, {} commissions recomputed, {} conversions \
             recounted, {} signed heads checked.",
            report.owners, report.transfers, report.commissions, report.conversions, report.heads
        );
        for finding in &report.findings {
            println!("{} {}: {}", finding.what, finding.subject, finding.detail);
        }
        if report.is_green() {
            println!("Everything agrees. {} can be served from.", plan.into.display());
            return Ok(ExitCode::SUCCESS);
        }
        println!(
            "{} things do not agree, as they did not when it was taken.",
            report.findings_total
        );
        Ok(ExitCode::FAILURE)
    }
}
