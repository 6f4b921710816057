//! Files with rows are gone through: a little of each at a time, and on at once while there is
//! something to do.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tributary_app::App;
use tributary_app::upload::{UploadWork, work_uploads};
use tributary_kernel::Stopwatch;

use super::metrics::Metrics;
use super::pause;

/// The pause between two looks when there is nothing to do: people wait for what is found.
const PAUSE: Duration = Duration::from_millis(500);
/// The pause after a fault.
const PAUSE_AFTER_FAULT: Duration = Duration::from_secs(10);

/// Works until it is time to stop.
pub(crate) async fn run(app: App, metrics: Arc<Metrics>, mut stopping: watch::Receiver<bool>) {
    let stops = stopping.clone();
    let stop = move || *stops.borrow();
    loop {
        let watch = Stopwatch::start();
        let result = work_uploads(&app, &stop).await;
        let success = result.is_ok().then(|| app.now());
        let length = match result {
            Ok(work) if work == UploadWork::default() => PAUSE,
            Ok(work) => {
                metrics.jobs.ended("uploads", watch.elapsed(), success);
                tracing::debug!(job = "uploads", ?work, "job.done");
                match (work.was_busy(), work.failed) {
                    (true, _) => Duration::ZERO,
                    (false, 0) => PAUSE,
                    (false, _) => PAUSE_AFTER_FAULT,
                }
            }
            Err(error) => {
                metrics.jobs.ended("uploads", watch.elapsed(), success);
                tracing::error!(job = "uploads", %error, "job.failed");
                PAUSE_AFTER_FAULT
            }
        };
        if pause(&mut stopping, length).await {
            return;
        }
    }
}
