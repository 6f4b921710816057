//! Everything that runs: the edge on threads of its own, pages and API on a runtime, and the jobs
//! beside them.

mod clicks;
mod demo;
mod edge;
mod jobs;
mod metrics;
mod snapshot;
mod web;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tributary_app::conversion::Reporter;

use crate::Failure;
use crate::config::Config;

pub(crate) use demo::DemoLogIn;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Somebody asked for it.
    Asked,
    /// The click log cannot be written; a restart recovers.
    SpoolFailed,
}

/// How long requests and jobs may take to end.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs until asked to stop, or until the spool fails.
pub(crate) async fn serve(config: Config) -> Result<Ending, Failure> {
    serve_demo(config, Vec::new()).await
}

/// The same for a demo, with people to enter as.
pub(crate) async fn serve_demo(config: Config, log_ins: Vec<DemoLogIn>) -> Result<Ending, Failure> {
    let (app, late) = crate::open::app_now_or_late(&config).await?;
    let (stop, stopping) = watch::channel(false);
    let feed = snapshot::feed(&app, &config);
    if let Some(late) = late {
        if feed.handle().current_at().is_none() {
            return Err(format!("{}; and no snapshot is kept to serve from", late.error).into());
        }
        tokio::spawn(late.run(stopping.clone()));
    }
    let running = edge::start(&app, &config, feed.handle())?;
    let metrics = Arc::new(metrics::Metrics::new(&running, app.clone()));
    let reporter = Reporter::start(app.clone());
    let listener = tokio::net::TcpListener::bind(config.web.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", config.web.listen))?;
    let router = web::router(&app, reporter, &config, Arc::clone(&metrics), log_ins)?;
    tracing::info!(
        web = %config.web.public_url,
        edge = %config.edge.public_url,
        web_address = %listener.local_addr()?,
        edge_address = %running.handle.local_addr(),
        engine = app.record.name(),
        "tributary.serving"
    );
    let tasks = [
        tokio::spawn(feed.run(stopping.clone())),
        tokio::spawn(clicks::ingest(
            app.clone(),
            running.reader(),
            &config,
            metrics,
            stopping.clone(),
        )),
        tokio::spawn(jobs::run(app.clone(), config.jobs.clone(), stopping.clone())),
        tokio::spawn(web::serve(listener, router, stopping)),
    ];
    let ending = tokio::select! {
        () = asked_to_stop() => Ending::Asked,
        _ = running.handle.spool_failed() => Ending::SpoolFailed,
    };
    tracing::info!(ending = ?ending, "tributary.stopping");
    let _ = stop.send(true);
    running.handle.stop(PATIENCE).await;
    for task in tasks {
        if tokio::time::timeout(PATIENCE, task).await.is_err() {
            tracing::warn!("tributary.task_did_not_end");
        }
    }
    Ok(ending)
}

/// SIGINT or SIGTERM.
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}

/// Waits, or returns `true` as soon as it is time to stop.
async fn pause(stopping: &mut watch::Receiver<bool>, length: Duration) -> bool {
    // Whoever could say stop is gone: that is to stop, too.
    tokio::time::timeout(length, stopping.wait_for(|stop| *stop)).await.is_ok()
}
