//! From the spool to touches: clicks that count become touches, all are counted by the hour, a
//! consent lengthens a touch's life and a withdrawal ends it, for good.
//!
//! Invariant: an entry is taken once. The reader's place is in the transaction of what was made of
//! the entries before it, and locked there. What a late touch may change in the record is queued
//! *before* that transaction commits, so that a crash in between queues again and loses nothing;
//! and once more after it, for conversions that were being decided meanwhile.

mod click_commissions;
mod gather;
mod late;
mod links;
mod source;
mod tidy;
mod told;

use tributary_click::Entry;
use tributary_kernel::Timestamp;
use tributary_store::engine::Connection;
use tributary_store::touches::{self, SpoolOffset};

pub use click_commissions::{ClickCommissionsReport, book_click_commissions};
pub use source::{ClickBatch, ClickLag, ClickPlace, ClickSource, ClickSourceError};
pub use tidy::{TidyReport, tidy_touches};
pub(crate) use told::was_withdrawn;

use self::gather::{Gathered, gather};
use self::links::LinkCache;
use crate::{App, AppError};

/// Entries in one transaction at most: some megabytes, some hundredths of a second.
pub const ENTRIES_PER_BATCH_MAX: usize = 20_000;

/// Why a batch was not taken. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The spool cannot be read.
    #[error(transparent)]
    Source(#[from] ClickSourceError),
    /// A database.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<tributary_store::engine::EngineError> for IngestError {
    fn from(error: tributary_store::engine::EngineError) -> Self {
        Self::App(error.into())
    }
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IngestReport {
    /// Entries taken; 0: there were no more for now.
    pub entries: u64,
    /// Clicks that count.
    pub clicks: u64,
    /// Of these, first of a visitor on a link that day.
    pub unique_clicks: u64,
    /// Clicks of machines.
    pub machine_clicks: u64,
    /// Clicks of programs in test mode, which are in none of these numbers.
    pub test_clicks: u64,
    /// Touches recorded.
    pub touches: u64,
    /// Consents that were given for a recorded touch.
    pub granted: u64,
    /// Consents that were taken back.
    pub withdrawn: u64,
    /// Consents for a touch that is not recorded (any more).
    pub without_touch: u64,
    /// Clicks of a link number that no link has: skipped.
    pub unknown_links: u64,
    /// Clicks that a node reported as lost.
    pub lost_clicks: u64,
    /// Conversions queued for another decision.
    pub requeued: u64,
    /// Where reading goes on. What lies before may be released.
    pub next: ClickPlace,
    /// When the last entry taken happened, by its edge's clock.
    pub last_at: Option<Timestamp>,
    /// How far behind that is, in microseconds; 0 without entries.
    pub behind_us: i64,
}

/// What ingest of one node keeps between batches. Losing it costs some look-ups.
#[derive(Debug, Default)]
pub struct Ingest {
    links: LinkCache,
    /// Clicks of the batch before, in order: a conversion reported with one of them may have been
    /// between its look at the touches and its commit when that batch was taken.
    recent: Vec<[u8; 16]>,
    /// Looks that are due. One that fails stays, and is made with the next batch.
    due: Vec<Look>,
}

/// Clicks whose conversions may be decided otherwise, as [`late::queue`] takes them.
type Look = (Vec<[u8; 16]>, Vec<([u8; 16], [u8; 16])>);

impl Ingest {
    /// With empty caches.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the looks that are due; tells how many conversions they queued.
    async fn look(&mut self, app: &App) -> Result<u64, AppError> {
        let mut requeued = 0;
        while let Some((clicks, chained)) = self.due.last() {
            requeued += late::queue(app, clicks, chained).await?;
            self.due.pop();
        }
        Ok(requeued)
    }
}

/// Takes the next entries of a node's spool, at most `entries_max`.
///
/// # Errors
/// [`IngestError`]; the same entries come again then.
pub async fn ingest_batch(
    app: &App,
    ingest: &mut Ingest,
    source: &mut dyn ClickSource,
    entries_max: usize,
) -> Result<IngestReport, IngestError> {
    let node = source.node();
    let mut reader = app.touches.read().await?;
    let offset = touches::offset(&mut *reader, node).await?;
    drop(reader);
    let from = ClickPlace { segment: offset.segment, byte: offset.byte };
    let batch = source.read(from, entries_max.clamp(1, ENTRIES_PER_BATCH_MAX)).await?;
    if batch.entries.is_empty() && batch.next == from {
        let recent = std::mem::take(&mut ingest.recent);
        ingest.due.push((recent, Vec::new()));
        let requeued = ingest.look(app).await?;
        return Ok(IngestReport { next: from, requeued, ..IngestReport::default() });
    }
    ingest.links.load(app, &batch.entries).await?;
    let mut gathered = gather(&ingest.links, node, &batch.entries);
    let clicks = gathered.click_ids();
    let chained = gathered.chained();
    let mut requeued = late::queue(app, &clicks, &chained).await?;

    let taken = batch.entries.len() as u64;
    let (segment, byte) = (batch.next.segment, batch.next.byte);
    let next = SpoolOffset { segment, byte, entries: offset.entries + taken };
    let mut tx = app.touches.begin().await?;
    if touches::lock_offset_in(&mut *tx, node).await? != offset {
        // Another process has taken these entries.
        return Ok(IngestReport { next: from, ..IngestReport::default() });
    }
    write(&mut *tx, &ingest.links, &mut gathered, app.now()).await?;
    touches::put_offset_in(&mut *tx, node, next, app.now()).await?;
    tx.commit().await?;

    let before = std::mem::replace(&mut ingest.recent, clicks.clone());
    ingest.due.extend([(before, Vec::new()), (clicks, chained)]);
    requeued += ingest.look(app).await?;
    let last_at = batch.entries.last().map(Entry::at);
    let behind_us = last_at.map_or(0, |at| app.now().microseconds_since(at).max(0));
    let report = gathered.report;
    if report.unknown_links > 0 {
        tracing::warn!(clicks = report.unknown_links, node, "ingest.unknown_links");
    }
    Ok(IngestReport { entries: taken, requeued, next: batch.next, last_at, behind_us, ..report })
}

async fn write(
    conn: &mut dyn Connection,
    links: &LinkCache,
    gathered: &mut Gathered,
    now: Timestamp,
) -> Result<(), AppError> {
    told::hear_before_in(conn, links, gathered).await?;
    touches::insert(conn, &gathered.touches).await?;
    gathered.report.touches = gathered.touches.len() as u64;
    let early = grant(conn, links, gathered).await?;
    for click in &gathered.withdrawn {
        touches::withdraw(conn, *click).await?;
    }
    told::remember_in(conn, &gathered.withdrawn, &early, now).await?;
    let new = touches::first_visits_in(conn, &gathered.visits()).await?;
    gathered.report.unique_clicks = new.len() as u64;
    touches::add_hourly(conn, &gathered.hourly(links, &new)).await?;
    touches::insert_losses(conn, &gathered.losses).await?;
    Ok(())
}

/// Consents for touches of earlier batches; returns those whose touch is not there.
async fn grant(
    conn: &mut dyn Connection,
    links: &LinkCache,
    gathered: &mut Gathered,
) -> Result<Vec<([u8; 16], Option<[u8; 16]>)>, AppError> {
    if gathered.granted.is_empty() {
        return Ok(Vec::new());
    }
    let clicks: Vec<[u8; 16]> = gathered.granted.keys().copied().collect();
    let mut known = touches::by_clicks(conn, &clicks).await?;
    for touch in &mut known {
        let previous = gathered.granted.get(&touch.click).copied().flatten();
        gather::consented(touch, previous, links);
    }
    gathered.report.granted += known.len() as u64;
    gathered.report.without_touch += (clicks.len() - known.len()) as u64;
    touches::put_granted_in(conn, &known).await?;
    let mut early = std::mem::take(&mut gathered.granted);
    for touch in &known {
        early.remove(&touch.click);
    }
    Ok(early.into_iter().collect())
}
