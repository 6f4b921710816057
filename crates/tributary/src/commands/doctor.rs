use std::process::ExitCode;

use clap::Args;

use crate::Failure;
use crate::config::Config;
use crate::doctor::{self, Verdict};

/// `tributary doctor`.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Print the checks as JSON.
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub(crate) async fn run(self, config: &Config) -> Result<ExitCode, Failure> {
        let checks = doctor::examine(config).await;
        let worst = doctor::worst(&checks);
        if self.json {
            let told = serde_json::json!({ "verdict": worst, "checks": checks });
            println!("{}", serde_json::to_string_pretty(&told)?);
        } else {
            for check in &checks {
                let verdict = match check.verdict {
                    Verdict::Ok => "ok  ",
                    Verdict::Warn => "WARN",
                    Verdict::Fail => "FAIL",
                };
                let remedy = check.remedy.as_ref().map(|it| format!(" -> {it}"));
                println!("{verdict} {}: {}{}", check.name, check.found, remedy.unwrap_or_default());
            }
            let count = |verdict| checks.iter().filter(|check| check.verdict == verdict).count();
            println!(
                "{} checks: {} warnings, {} failures.",
                checks.len(),
                count(Verdict::Warn),
                count(Verdict::Fail)
            );
        }
        Ok(if worst == Verdict::Fail { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}
