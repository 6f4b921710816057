//! Keeps the write-ahead log short without holding commits up; see the crate's documentation.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use tributary_store::engine::EngineError;

use crate::options::SqliteOptions;
use crate::session::{Role, Session};
use crate::worker::Worker;

/// How many times [`SqliteOptions::checkpoint_pages`] the log may be before readers are waited for.
const PATIENCE: u32 = 4;

#[derive(Debug)]
pub(crate) struct LogKeeper {
    helper: Worker,
    /// Pages in the log after the last commit.
    pages: Arc<AtomicU32>,
    /// The log's length when a checkpoint was last begun.
    tended: AtomicU32,
    under_way: AtomicBool,
    every: u32,
}

impl LogKeeper {
    /// `pages` is kept up to date by the writer.
    pub(crate) fn start(
        path: &Path,
        options: &SqliteOptions,
        pages: Arc<AtomicU32>,
    ) -> Result<Arc<Self>, EngineError> {
        let session = Session::open(path, Role::Helper, options)?;
        let helper = Worker::start("sqlite-checkpoint".to_owned(), session)?;
        let (tended, under_way) = (AtomicU32::new(0), AtomicBool::new(false));
        let every = options.checkpoint_pages.max(1);
        Ok(Arc::new(Self { helper, pages, tended, under_way, every }))
    }

    /// To be called after a commit. When the log has grown by a checkpoint's worth, the helper
    /// moves its pages into the database beside the writer; then the writer, between two
    /// transactions, moves the few that came meanwhile, so that its next one starts the log over.
    pub(crate) fn tend(self: &Arc<Self>, writer: &Arc<Worker>) {
        let pages = self.pages.load(Ordering::Relaxed);
        let tended = self.tended.load(Ordering::Relaxed);
        // A log shorter than it was has started over since.
        let grown = if pages < tended { pages } else { pages - tended };
        if grown < self.every || self.under_way.swap(true, Ordering::AcqRel) {
            return;
        }
        self.tended.store(pages, Ordering::Relaxed);
        let insist = pages >= self.every.saturating_mul(PATIENCE);
        let (keeper, writer) = (Arc::clone(self), Arc::clone(writer));
        self.helper.post(move |helper| {
            helper.checkpoint_logged(false);
            writer.post(move |session| {
                session.checkpoint_between(insist);
                keeper.under_way.store(false, Ordering::Release);
            });
        });
    }

    /// Ends its thread. Blocks.
    pub(crate) fn stop(&self) {
        self.helper.stop();
    }
}
