//! What an operator watches, in Prometheus' text format.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tributary_app::App;
use tributary_app::ingest::IngestReport;
use tributary_edge::{EdgeMetrics, WAIT_BOUNDS_MS};
use tributary_spool::{Spool, SpoolState};

use super::edge::Running;

/// Where the figures come from.
pub(crate) struct Metrics {
    edge: Arc<EdgeMetrics>,
    spool: Arc<Spool>,
    snapshot: tributary_edge::SnapshotHandle,
    app: App,
    entries: AtomicU64,
    touches: AtomicU64,
    ingest_failures: AtomicU64,
    behind_us: AtomicU64,
}

impl Metrics {
    pub(crate) fn new(running: &Running, app: App) -> Self {
        Self {
            edge: running.handle.metrics(),
            spool: Arc::clone(&running.spool),
            snapshot: running.snapshot.clone(),
            app,
            entries: AtomicU64::new(0),
            touches: AtomicU64::new(0),
            ingest_failures: AtomicU64::new(0),
            behind_us: AtomicU64::new(0),
        }
    }

    /// Counts what ingest did.
    pub(crate) fn ingested(&self, report: &IngestReport) {
        self.entries.fetch_add(report.entries, Ordering::Relaxed);
        self.touches.fetch_add(report.touches, Ordering::Relaxed);
        let behind = u64::try_from(report.behind_us).unwrap_or(0);
        self.behind_us.store(behind, Ordering::Relaxed);
    }

    /// Counts a round of ingest that failed.
    pub(crate) fn ingest_failed(&self) {
        self.ingest_failures.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether clicks can be recorded.
    pub(crate) fn spool_accepts(&self) -> bool {
        self.spool.state() == SpoolState::Accepting
    }

    /// All figures.
    pub(crate) fn render(&self) -> String {
        let mut out = String::with_capacity(4_096);
        for (name, value) in self.edge.values() {
            let kind = if name == "connections_open" { "gauge" } else { "counter" };
            line(&mut out, &format!("edge_{name}"), kind, value);
        }
        self.render_waits(&mut out);
        let stats = self.spool.stats();
        for (name, value) in [
            ("spool_commits", stats.commits),
            ("spool_entries", stats.entries),
            ("spool_bytes", stats.bytes),
            ("spool_lost", stats.lost),
            ("spool_syncs", stats.syncs),
            ("spool_sync_microseconds", stats.sync_us),
            ("ingest_entries", self.entries.load(Ordering::Relaxed)),
            ("ingest_touches", self.touches.load(Ordering::Relaxed)),
            ("ingest_failures", self.ingest_failures.load(Ordering::Relaxed)),
        ] {
            line(&mut out, name, "counter", value);
        }
        for (name, value) in [
            ("spool_sync_microseconds_max", stats.sync_us_max),
            ("spool_backlog_bytes", stats.backlog_bytes),
            ("spool_accepts", u64::from(self.spool_accepts())),
            ("ingest_behind_microseconds", self.behind_us.load(Ordering::Relaxed)),
            ("edge_snapshot_age_microseconds", self.snapshot_age()),
        ] {
            line(&mut out, name, "gauge", value);
        }
        out
    }

    fn snapshot_age(&self) -> u64 {
        let age = self.snapshot.age_us(self.app.now());
        age.and_then(|age| u64::try_from(age).ok()).unwrap_or(u64::MAX)
    }

    fn render_waits(&self, out: &mut String) {
        let _ = writeln!(out, "# TYPE tributary_edge_commit_wait_seconds histogram");
        let counts = self.edge.commit_wait.counts();
        let mut sum = 0;
        for (place, count) in counts.iter().enumerate() {
            sum += count;
            let bound = WAIT_BOUNDS_MS
                .get(place)
                .map_or("+Inf".to_owned(), |ms| format!("{}.{:03}", ms / 1_000, ms % 1_000));
            let _ =
                writeln!(out, "tributary_edge_commit_wait_seconds_bucket{{le=\"{bound}\"}} {sum}");
        }
        let sum_us = self.edge.commit_wait.sum_us();
        let _ = writeln!(
            out,
            "tributary_edge_commit_wait_seconds_sum {}.{:06}",
            sum_us / 1_000_000,
            sum_us % 1_000_000
        );
        let _ = writeln!(out, "tributary_edge_commit_wait_seconds_count {sum}");
    }
}

fn line(out: &mut String, name: &str, kind: &str, value: u64) {
    let suffix = if kind == "counter" { "_total" } else { "" };
    let _ = writeln!(out, "# TYPE tributary_{name}{suffix} {kind}");
    let _ = writeln!(out, "tributary_{name}{suffix} {value}");
}
