//! What is done beside requests, in turn: nothing here is urgent, and nothing may stop the rest.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tributary_app::billing::settle_billing;
use tributary_app::conversion::redecide_queued;
use tributary_app::ingest::{book_click_commissions, tidy_touches};
use tributary_app::inquiry::remind_of_inquiries;
use tributary_app::life::approve_due;
use tributary_app::once::prune_answers;
use tributary_app::verify::sign_heads;
use tributary_app::{App, AppError};
use tributary_connectors::stripe::Stripe;
use tributary_kernel::Stopwatch;
use tributary_store::operate::standing;

use super::metrics::Metrics;
use super::pause;
use crate::config::Jobs;

/// Conversions decided again in one round.
const REDECISIONS_PER_ROUND: u32 = 500;
/// Events of billing systems tried again in one round.
const BILLING_EVENTS_PER_ROUND: u32 = 500;
/// Inquiries reminded of in one round.
const REMINDERS_PER_ROUND: u32 = 200;
/// Commissions approved in one transaction.
const APPROVALS_PER_BATCH: u32 = 500;

/// Runs all jobs, round after round, until it is time to stop.
pub(crate) async fn run(
    app: App,
    config: Jobs,
    metrics: Arc<Metrics>,
    mut stopping: watch::Receiver<bool>,
) {
    let interval = Duration::from_secs(config.interval_seconds.max(1));
    loop {
        Round { app: &app, metrics: &metrics }.all().await;
        if pause(&mut stopping, interval).await {
            return;
        }
    }
}

/// One round.
struct Round<'a> {
    app: &'a App,
    metrics: &'a Metrics,
}

impl Round<'_> {
    async fn all(&self) {
        let app = self.app;
        self.run("billing", settle_billing(app, &[&Stripe], BILLING_EVENTS_PER_ROUND)).await;
        // A decision keeps much at hand while it waits: on the heap, not within this future.
        self.run("redecide", Box::pin(redecide_queued(app, REDECISIONS_PER_ROUND))).await;
        self.run("approve_due", approve_due(app, APPROVALS_PER_BATCH)).await;
        self.run("click_commissions", book_click_commissions(app)).await;
        self.run("inquiries", remind_of_inquiries(app, REMINDERS_PER_ROUND)).await;
        self.run("tidy_touches", tidy_touches(app)).await;
        self.run("prune_answers", prune_answers(app)).await;
        self.run("sign_heads", sign_heads(app)).await;
        self.run("standing", self.stand()).await;
    }

    /// Runs a job. Its fault is logged once per round, and its work when there was some.
    async fn run<T: std::fmt::Debug + Default + PartialEq>(
        &self,
        job: &'static str,
        work: impl Future<Output = Result<T, AppError>>,
    ) {
        let watch = Stopwatch::start();
        let result = work.await;
        let success = result.is_ok().then(|| self.app.now());
        self.metrics.jobs.ended(job, watch.elapsed(), success);
        match result {
            Ok(report) if report == T::default() => {}
            Ok(report) => tracing::debug!(job, ?report, "job.done"),
            Err(error) => tracing::error!(job, %error, "job.failed"),
        }
    }

    /// Asks for the sums that the figures show.
    async fn stand(&self) -> Result<(), AppError> {
        let mut conn = self.app.record.read().await?;
        let sums = standing(&mut *conn).await?;
        self.metrics.stands(sums, self.app.now());
        Ok(())
    }
}
