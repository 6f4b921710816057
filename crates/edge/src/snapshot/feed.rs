//! Keeps the snapshot in use up to date: asks the source about every second, swaps, and keeps the
//! file.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tributary_click::ClickKey;
use tributary_kernel::{Clock, Stopwatch, Timestamp};

use super::{Snapshot, SnapshotBuilder, SnapshotFile, SnapshotHandle, SnapshotSource, SourceError};

/// How often to ask and to keep.
#[derive(Debug, Clone)]
pub struct FeedConfig {
    /// Time between two questions to the source.
    pub poll: Duration,
    /// Least time between two writings of the file, if anything changed. A file that takes long
    /// to write is written less often: at most a twentieth of the time goes into it.
    pub keep: Duration,
}

impl Default for FeedConfig {
    fn default() -> Self {
        Self { poll: Duration::from_secs(1), keep: Duration::from_secs(30) }
    }
}

const KEEP_PART_OF_TIME: u32 = 20;

/// The task that follows the source.
#[derive(Debug)]
pub struct SnapshotFeed {
    source: Arc<dyn SnapshotSource>,
    handle: SnapshotHandle,
    file: SnapshotFile,
    clock: Arc<dyn Clock>,
    config: FeedConfig,
    /// The cursor that the file holds.
    kept: Option<u64>,
    since_kept: Stopwatch,
    keep_took: Duration,
}

impl SnapshotFeed {
    /// Reads the kept file, if there is one, into a new handle, so that the edge can serve before
    /// the source answers. A file that cannot be used is reported and left where it is.
    #[must_use]
    pub fn open(
        source: Arc<dyn SnapshotSource>,
        file: SnapshotFile,
        clock: Arc<dyn Clock>,
        config: FeedConfig,
    ) -> Self {
        let handle = SnapshotHandle::default();
        let mut kept = None;
        match file.read() {
            Ok(Some((snapshot, at))) => {
                kept = Some(snapshot.cursor());
                handle.replace(Arc::new(snapshot), at);
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(error = %error, "edge.snapshot.file_unusable"),
        }
        let (since_kept, keep_took) = (Stopwatch::start(), Duration::ZERO);
        Self { source, handle, file, clock, config, kept, since_kept, keep_took }
    }

    /// What the edge reads.
    #[must_use]
    pub fn handle(&self) -> SnapshotHandle {
        self.handle.clone()
    }

    /// Follows the source until `stop` turns true (or its sender is gone), then keeps the file
    /// once more. Runs on the runtime that the source needs.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut failing = false;
        loop {
            match self.poll_once().await {
                Ok(()) => failing = false,
                Err(error) => {
                    self.handle.count_source_error();
                    // Once per outage, not once per second.
                    if !failing {
                        tracing::warn!(error = %error, "edge.snapshot.source_away");
                    }
                    failing = true;
                }
            }
            if self.is_time_to_keep() {
                self.keep().await;
            }
            tokio::select! {
                changed = stop.changed() => if changed.is_err() || *stop.borrow() { break },
                // The source is a table of changes: it is asked, it does not call.
                () = tokio::time::sleep(self.config.poll) => {}
            }
        }
        if self.kept != Some(self.handle.load().cursor()) {
            self.keep().await;
        }
    }

    /// Asks the source once and applies what it says.
    ///
    /// # Errors
    /// When the source does not answer; the snapshot in use is then the old one.
    pub async fn poll_once(&mut self) -> Result<(), SourceError> {
        let at = self.clock.now();
        if self.handle.current_at().is_none() {
            return self.load(at).await;
        }
        let old = self.handle.load().clone();
        let changes = self.source.changes(old.cursor()).await?;
        if changes.reload {
            return self.load(at).await;
        }
        if changes.is_empty() && changes.cursor == old.cursor() {
            self.handle.confirm(at);
            return Ok(());
        }
        // Merging a large base takes a second or so; the runtime has others to serve.
        let next = off_the_runtime(move || old.with_changes(&changes)).await;
        self.handle.replace(Arc::new(next), at);
        Ok(())
    }

    async fn load(&mut self, at: Timestamp) -> Result<(), SourceError> {
        let mut builder = SnapshotBuilder::default();
        self.source.load(&mut builder).await?;
        if builder.refused() > 0 {
            tracing::warn!(entries = builder.refused(), "edge.snapshot.entries_unusable");
        }
        let snapshot = off_the_runtime(move || builder.finish()).await;
        self.handle.replace(Arc::new(snapshot), at);
        self.keep().await;
        Ok(())
    }

    fn is_time_to_keep(&self) -> bool {
        let pause = self.config.keep.max(self.keep_took * KEEP_PART_OF_TIME);
        self.kept != Some(self.handle.load().cursor())
            && self.handle.current_at().is_some()
            && self.since_kept.elapsed() >= pause
    }

    async fn keep(&mut self) {
        let Some(at) = self.handle.current_at() else { return };
        let (snapshot, file) = (self.handle.load().clone(), self.file.clone());
        let cursor = snapshot.cursor();
        let watch = Stopwatch::start();
        match off_the_runtime(move || file.write(&snapshot, at)).await {
            Ok(()) => self.kept = Some(cursor),
            Err(error) => tracing::warn!(error = %error, "edge.snapshot.not_kept"),
        }
        self.keep_took = watch.elapsed();
        self.since_kept = Stopwatch::start();
    }
}

async fn off_the_runtime<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => unreachable!("the work is never cancelled, and the runtime runs this task"),
    }
}

impl Snapshot {
    /// Makes a snapshot of `links` links of one program, for measuring: what a large installation
    /// holds in memory and how long its file takes to read. Its click key is no secret.
    #[must_use]
    pub fn of_size(links: u32) -> Self {
        let mut builder = SnapshotBuilder::default();
        let key = ClickKey { id: 0, secret: [7; 32], verify_until: None };
        builder.set_keys(super::KeyMaterial { keys: vec![key], minting: 0 });
        let program = super::ProgramEntry {
            program: [1; 16],
            owner: [2; 16],
            active: true,
            consent_required: true,
            landing_url: "https://www.example.com/".to_owned(),
            allowed_domains: vec!["example.com".to_owned()],
            ..super::ProgramEntry::default()
        };
        builder.push_program(program);
        for number in 1..=links {
            builder.push_link(&super::LinkEntry {
                number,
                program: [1; 16],
                host: (number % 2 == 0).then(|| "go.example.com".to_owned()),
                path: format!("partner-{number}/campaign-{}", number % 97),
                destination: Some(format!(
                    "https://www.example.com/products/category-{}/item-{number}?utm_source=partner",
                    number % 31
                )),
                referral_code: format!("partner-{number}"),
                active: true,
            });
            builder.push_referral(&super::ReferralEntry {
                program: [1; 16],
                code: format!("partner-{number}"),
                link_number: number,
            });
        }
        builder.finish()
    }
}
