use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;
use tributary_app::verify::verify;
use tributary_kernel::{OrganisationId, Stopwatch};

use crate::Failure;
use crate::backup::compare::{Since, compare};
use crate::backup::manifest::Manifest;
use crate::config::Config;

/// `tributary verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// One organisation, like org_…; without it, all.
    #[arg(long)]
    organisation: Option<OrganisationId>,
}

impl Verify {
    pub(crate) async fn run(self, config: &Config) -> Result<ExitCode, Failure> {
        let app = crate::open::app(config).await?;
        let clock = Stopwatch::start();
        let mut progress = |it: tributary_app::verify::VerifyProgress| {
            eprint!("\r{} {} {:<20}", it.owner, it.stage, it.done);
            // A terminal that is gone does not stop the work.
            let _ = std::io::stderr().flush();
        };
        let report = verify(&app, self.organisation, &mut progress).await?;
        eprintln!();
        println!(
            "{} organisations: {} transfers replayed, {} balances compared, {} commissions \
             recomputed, {} conversions and {} rows of the rollup recounted, {} payouts, \
             {} invoices and {} signed heads checked, in {:.1} s.",
            report.owners,
            report.transfers,
            report.accounts,
            report.commissions,
            report.conversions,
            report.daily_rows,
            report.payouts,
            report.documents,
            report.heads,
            clock.elapsed().as_secs_f64(),
        );
        if report.explained_changes > 0 {
            println!("{} amounts differ as engine changes say.", report.explained_changes);
        }
        for finding in &report.findings {
            println!("{} {}: {}", finding.what, finding.subject, finding.detail);
        }
        let restored = match Manifest::left_in(&config.folder)? {
            Some(backup) => {
                compare(&backup, &*app.record, &*app.touches, Since::MoreMayBeThere).await?
            }
            None => Vec::new(),
        };
        for difference in &restored {
            println!("restored_database: {difference}");
        }
        if report.is_green() && restored.is_empty() {
            println!("Everything agrees.");
            return Ok(ExitCode::SUCCESS);
        }
        println!("{} things do not agree.", report.findings_total + restored.len() as u64);
        Ok(ExitCode::FAILURE)
    }
}
