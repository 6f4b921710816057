//! What an operator watches, in Prometheus' text format.

mod database;
mod jobs;
mod requests;
mod text;

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tributary_app::App;
use tributary_app::conversion::GroupSizes;
use tributary_app::ingest::IngestReport;
use tributary_edge::{EdgeMetrics, WAIT_BOUNDS_MS};
use tributary_kernel::Timestamp;
use tributary_spool::{Lag, Offset, Spool, SpoolReader, SpoolState};
use tributary_store::operate::Standing;

pub(crate) use database::{CountedEngine, DatabaseCounts};
pub(crate) use jobs::JobRuns;
pub(crate) use requests::{Requests, measured};

use self::text::{Page, seconds};
use super::edge::Running;
use crate::backup::manifest::LastBackup;
use crate::config::Config;

/// Where the figures come from.
pub(crate) struct Metrics {
    edge: Arc<EdgeMetrics>,
    spool: Arc<Spool>,
    reader: SpoolReader,
    snapshot: tributary_edge::SnapshotHandle,
    app: App,
    folder: PathBuf,
    spool_folder: PathBuf,
    entries: AtomicU64,
    touches: AtomicU64,
    ingest_failures: AtomicU64,
    behind_us: AtomicU64,
    ingested: Mutex<Option<Offset>>,
    standing: Mutex<Standing>,
    standing_at_us: AtomicI64,
    databases: Vec<(&'static str, Arc<DatabaseCounts>)>,
    groups: Arc<GroupSizes>,
    /// Of pages and API.
    pub(crate) requests: Arc<Requests>,
    /// Of the jobs.
    pub(crate) jobs: JobRuns,
}

impl Metrics {
    pub(crate) fn new(
        running: &Running,
        app: App,
        config: &Config,
        databases: Vec<(&'static str, Arc<DatabaseCounts>)>,
        groups: Arc<GroupSizes>,
        requests: Requests,
    ) -> Self {
        Self {
            edge: running.handle.metrics(),
            spool: Arc::clone(&running.spool),
            reader: running.reader(),
            snapshot: running.snapshot.clone(),
            app,
            folder: config.folder.clone(),
            spool_folder: running.folder.clone(),
            entries: AtomicU64::new(0),
            touches: AtomicU64::new(0),
            ingest_failures: AtomicU64::new(0),
            behind_us: AtomicU64::new(0),
            ingested: Mutex::new(None),
            standing: Mutex::new(Standing::default()),
            standing_at_us: AtomicI64::new(0),
            databases,
            groups,
            requests: Arc::new(requests),
            jobs: JobRuns::default(),
        }
    }

    /// Counts what ingest did.
    pub(crate) fn ingested(&self, report: &IngestReport) {
        self.entries.fetch_add(report.entries, Ordering::Relaxed);
        self.touches.fetch_add(report.touches, Ordering::Relaxed);
        let behind = u64::try_from(report.behind_us).unwrap_or(0);
        self.behind_us.store(behind, Ordering::Relaxed);
        let place = Offset { segment: report.next.segment, byte: report.next.byte };
        *self.ingested.lock().unwrap_or_else(PoisonError::into_inner) = Some(place);
    }

    /// Counts a round of ingest that failed.
    pub(crate) fn ingest_failed(&self) {
        self.ingest_failures.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes sums that were asked of the record.
    pub(crate) fn stands(&self, standing: Standing, at: Timestamp) {
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner) = standing;
        self.standing_at_us.store(at.as_microsecond(), Ordering::Relaxed);
    }

    /// Whether clicks can be recorded.
    pub(crate) fn spool_accepts(&self) -> bool {
        self.spool.state() == SpoolState::Accepting
    }

    /// All figures. Looks into the folder: not for a thread that must not wait.
    pub(crate) fn render(&self) -> String {
        let mut page = Page::default();
        page.family("build_info", "gauge");
        page.value("build_info", concat!("version=\"", env!("CARGO_PKG_VERSION"), "\""), 1);
        self.write_edge(&mut page);
        self.write_spool(&mut page);
        self.write_ingest(&mut page);
        self.requests.write(&mut page);
        let (name, groups) = ("reports_per_decision", &self.groups);
        page.family(name, "histogram");
        page.histogram(name, "", GroupSizes::BOUNDS.iter(), &groups.counts(), groups.reports());
        self.jobs.write(&mut page);
        DatabaseCounts::write(&self.databases, &mut page);
        self.write_standing(&mut page);
        let backup = LastBackup::read(&self.folder);
        let at = backup.map_or(0, |backup| backup.at.as_second());
        page.gauge("backup_last_timestamp_seconds", at);
        page.into_text()
    }

    fn write_edge(&self, page: &mut Page) {
        for (name, value) in self.edge.values() {
            let name = format!("edge_{name}");
            match name.as_str() {
                "edge_connections_open" => page.gauge(&name, value),
                _ => page.counter(&name, value),
            }
        }
        let name = "edge_commit_wait_seconds";
        page.family(name, "histogram");
        let bounds = WAIT_BOUNDS_MS.iter().map(|ms| format!("{}.{:03}", ms / 1_000, ms % 1_000));
        let waits = &self.edge.commit_wait;
        page.histogram(name, "", bounds, &waits.counts(), seconds(waits.sum_us()));
        page.gauge("edge_snapshot_age_microseconds", self.snapshot_age());
    }

    fn snapshot_age(&self) -> u64 {
        let age = self.snapshot.age_us(self.app.now());
        age.and_then(|age| u64::try_from(age).ok()).unwrap_or(u64::MAX)
    }

    fn write_spool(&self, page: &mut Page) {
        let stats = self.spool.stats();
        for (name, value) in [
            ("spool_commits", stats.commits),
            ("spool_entries", stats.entries),
            ("spool_bytes", stats.bytes),
            ("spool_lost", stats.lost),
            ("spool_syncs", stats.syncs),
            ("spool_sync_microseconds", stats.sync_us),
        ] {
            page.counter(name, value);
        }
        page.gauge("spool_sync_microseconds_max", stats.sync_us_max);
        page.gauge("spool_backlog_bytes", stats.backlog_bytes);
        page.gauge("spool_accepts", u64::from(self.spool_accepts()));
        page.gauge("spool_quarantined_ranges", self.quarantined_ranges());
    }

    /// Stretches of the click log that were set aside.
    fn quarantined_ranges(&self) -> usize {
        let Ok(entries) = std::fs::read_dir(&self.spool_folder) else { return 0 };
        let is_one = |name: std::ffi::OsString| name.to_string_lossy().ends_with(".quarantine");
        entries.flatten().filter(|entry| is_one(entry.file_name())).count()
    }

    fn write_ingest(&self, page: &mut Page) {
        page.counter("ingest_entries", self.entries.load(Ordering::Relaxed));
        page.counter("ingest_touches", self.touches.load(Ordering::Relaxed));
        page.counter("ingest_failures", self.ingest_failures.load(Ordering::Relaxed));
        page.gauge("ingest_behind_microseconds", self.behind_us.load(Ordering::Relaxed));
        let place = *self.ingested.lock().unwrap_or_else(PoisonError::into_inner);
        // Before its first round, and while the disk does not say, nothing is known to wait.
        let lag = place.and_then(|place| self.reader.lag(place).ok());
        let Lag { segments, bytes } = lag.unwrap_or_default();
        page.gauge("ingest_lag_segments", segments);
        page.gauge("ingest_lag_bytes", bytes);
    }

    fn write_standing(&self, page: &mut Page) {
        let standing = *self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = standing.redecision_since.map_or(0, |since| {
            u64::try_from(self.app.now().microseconds_since(since)).unwrap_or(0)
        });
        page.gauge("ledgers", standing.ledgers);
        page.gauge("ledger_transfers", standing.transfers);
        page.gauge("outbox_events", standing.events);
        page.gauge("quarantine_waiting", standing.quarantined);
        page.gauge("redecisions_waiting", standing.redecisions);
        page.gauge("redecisions_oldest_seconds", seconds(waits));
        page.gauge("mails_waiting", standing.mails_waiting);
        page.gauge("mails_retried", standing.mails_retried);
        page.gauge("mails_failed", standing.mails_failed);
        let at = u64::try_from(self.standing_at_us.load(Ordering::Relaxed)).unwrap_or(0);
        page.gauge("standing_timestamp_seconds", seconds(at));
    }
}
