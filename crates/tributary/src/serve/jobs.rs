//! What is done beside requests, in turn: nothing here is urgent, and nothing may stop the rest.

use std::time::Duration;

use tokio::sync::watch;
use tributary_app::conversion::redecide_queued;
use tributary_app::ingest::{book_click_commissions, tidy_touches};
use tributary_app::life::approve_due;
use tributary_app::verify::sign_heads;
use tributary_app::{App, AppError};

use super::pause;
use crate::config::Jobs;

/// Conversions decided again in one round.
const REDECISIONS_PER_ROUND: u32 = 500;
/// Commissions approved in one transaction.
const APPROVALS_PER_BATCH: u32 = 500;

/// Runs all jobs, round after round, until it is time to stop.
pub(crate) async fn run(app: App, config: Jobs, mut stopping: watch::Receiver<bool>) {
    let interval = Duration::from_secs(config.interval_seconds.max(1));
    loop {
        round(&app).await;
        if pause(&mut stopping, interval).await {
            return;
        }
    }
}

async fn round(app: &App) {
    told("redecide", redecide_queued(app, REDECISIONS_PER_ROUND).await);
    told("approve_due", approve_due(app, APPROVALS_PER_BATCH).await);
    told("click_commissions", book_click_commissions(app).await);
    told("tidy_touches", tidy_touches(app).await);
    told("sign_heads", sign_heads(app).await);
}

/// Logs a job's fault once per round, and its work when there was some.
fn told<T: std::fmt::Debug + Default + PartialEq>(job: &'static str, result: Result<T, AppError>) {
    match result {
        Ok(report) if report == T::default() => {}
        Ok(report) => tracing::debug!(job, ?report, "job.done"),
        Err(error) => tracing::error!(job, %error, "job.failed"),
    }
}
