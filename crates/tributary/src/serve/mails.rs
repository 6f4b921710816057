//! Mails that leave: at once when one was written here, and those of others and of earlier when
//! their time comes.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tributary_app::App;
use tributary_app::mail::{MailReport, Mailer, Outbox, send_due};
use tributary_kernel::Stopwatch;

use super::metrics::Metrics;
use super::pause;

/// Mails tried before it is looked whether it is time to stop.
const MAILS_PER_ROUND: u32 = 50;
/// The longest pause between two looks.
const PAUSE: Duration = Duration::from_secs(5);

/// Sends until it is time to stop.
pub(crate) async fn run(
    app: App,
    mailer: Arc<dyn Mailer>,
    outbox: Outbox,
    metrics: Arc<Metrics>,
    mut stopping: watch::Receiver<bool>,
) {
    loop {
        let watch = Stopwatch::start();
        let result = send_due(&app, &*mailer, MAILS_PER_ROUND).await;
        let success = result.is_ok().then(|| app.now());
        metrics.jobs.ended("mail", watch.elapsed(), success);
        match result {
            Ok(report) if report == MailReport::default() => {}
            Ok(report) => tracing::debug!(job = "mail", ?report, "job.done"),
            Err(error) => tracing::error!(job = "mail", %error, "job.failed"),
        }
        tokio::select! {
            () = outbox.came() => if *stopping.borrow() { return },
            stop = pause(&mut stopping, PAUSE) => if stop { return },
        }
    }
}
