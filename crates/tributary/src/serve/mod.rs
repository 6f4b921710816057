//! Everything that runs: the edge on threads of its own, pages and API on a runtime, and the jobs
//! beside them.

mod clicks;
mod demo;
mod edge;
mod jobs;
mod mails;
mod metrics;
mod snapshot;
mod uploads;
mod web;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tributary_app::conversion::Reporter;
use tributary_app::mail::{Outbox, Postman};
use tributary_edge::EdgeHandle;
use tributary_store::engine::Engine;

use crate::Failure;
use crate::config::Config;

pub(crate) use demo::DemoLogIn;
use metrics::{CountedEngine, Metrics, Requests};

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
    let mut signals =
        StopSignals::listen().map_err(|error| format!("cannot listen for signals: {error}"))?;
    let (mut app, late) = crate::open::app_now_or_late(&config).await?;
    let (record, record_counts) = CountedEngine::around(app.record);
    let (touches, touches_counts) = CountedEngine::around(app.touches);
    (app.record, app.touches) = (record, touches);
    let databases = vec![("record", record_counts), ("touches", touches_counts)];
    let (stop, stopping) = watch::channel(false);
    let feed = snapshot::feed(&app, &config);
    if let Some(late) = late {
        if feed.handle().current_at().is_none() {
            return Err(format!("{}; and no snapshot is kept to serve from", late.error).into());
        }
        tokio::spawn(late.run(stopping.clone()));
    }
    let running = edge::start(&app, &config, feed.handle())?;
    let requests = Requests::new(web::trusted_proxies(&config)?);
    let reporter = Reporter::start(app.clone());
    let groups = reporter.group_sizes();
    let metrics = Metrics::new(&running, app.clone(), &config, databases, groups, requests);
    let metrics = Arc::new(metrics);
    let listener = TcpListener::bind(config.web.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", config.web.listen))?;
    let figures = figures(&config).await;
    let (outbox, mailer) = (Outbox::new(app.clone()), crate::open::mailer(&config)?);
    let app = app.with_mail(Postman::new(Arc::new(outbox.clone()), &config.web.public_url));
    let router = web::router(&app, reporter, &config, Arc::clone(&metrics), log_ins)?;
    let address_of = |it: &TcpListener| it.local_addr().map_or(String::new(), |it| it.to_string());
    tracing::info!(
        web = %config.web.public_url,
        edge = %config.edge.public_url,
        web_address = address_of(&listener),
        edge_address = %running.handle.local_addr(),
        metrics_address = figures.as_ref().map(address_of),
        engine = app.record.name(),
        "tributary.serving"
    );
    let ingest = clicks::ingest(
        app.clone(),
        running.reader(),
        &config,
        Arc::clone(&metrics),
        stopping.clone(),
    )?;
    let engines = [Arc::clone(&app.record), Arc::clone(&app.touches)];
    let mut tasks = JoinSet::new();
    tasks.spawn(feed.run(stopping.clone()));
    tasks.spawn(ingest);
    let mails = mails::run(app.clone(), mailer, outbox, Arc::clone(&metrics), stopping.clone());
    tasks.spawn(mails);
    tasks.spawn(uploads::run(app.clone(), Arc::clone(&metrics), stopping.clone()));
    tasks.spawn(jobs::run(app, config.jobs.clone(), Arc::clone(&metrics), stopping.clone()));
    tasks.spawn(web::serve(listener, router, stopping.clone()));
    if let Some(figures) = figures {
        tasks.spawn(web::serve(figures, web::figures_router(metrics), stopping));
    }
    let ending = tokio::select! {
        () = signals.next() => Ending::Asked,
        _ = running.handle.spool_failed() => Ending::SpoolFailed,
    };
    tracing::info!(ending = ?ending, "tributary.stopping");
    let _ = stop.send(true);
    let all_of_it = async {
        end(running.handle, tasks).await;
        close(&engines).await;
    };
    tokio::select! {
        () = all_of_it => tracing::info!("tributary.stopped"),
        () = signals.next() => tracing::warn!("tributary.stopped_at_once"),
    }
    Ok(ending)
}

/// Where the figures are asked for. Nobody's redirect waits for want of figures: without them it
/// serves all the same, and says so.
async fn figures(config: &Config) -> Option<TcpListener> {
    let address = config.metrics.listen;
    match TcpListener::bind(address).await {
        Ok(listener) => Some(listener),
        Err(error) => {
            tracing::warn!(%address, %error, "metrics.not_listening");
            None
        }
    }
}

/// Requests and jobs under way come to their end, all within one patience: the edge at the same
/// time as the others.
async fn end(edge: EdgeHandle, mut tasks: JoinSet<()>) {
    let all = async { while tasks.join_next().await.is_some() {} };
    let (_, ended) = tokio::join!(edge.stop(PATIENCE), tokio::time::timeout(PATIENCE, all));
    if ended.is_err() {
        tracing::warn!(tasks = tasks.len(), "tributary.tasks_did_not_end");
    }
}

/// Closes the databases when nobody uses them any more: a process that just ends may be cut short
/// while SQLite moves its log into the database, and leaves that to the next start.
async fn close(engines: &[Arc<dyn Engine>]) {
    for engine in engines {
        match tokio::time::timeout(PATIENCE, engine.close()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "database.not_closed"),
            Err(_) => tracing::warn!("database.did_not_close"),
        }
    }
}

/// SIGINT or SIGTERM, kept from the moment this is made: who asks during the start is heard after
/// it, and the process ends in order.
struct StopSignals {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Waits, or returns `true` as soon as it is time to stop.
async fn pause(stopping: &mut watch::Receiver<bool>, length: Duration) -> bool {
    // Whoever could say stop is gone: that is to stop, too.
    tokio::time::timeout(length, stopping.wait_for(|stop| *stop)).await.is_ok()
}
