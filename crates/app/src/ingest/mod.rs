//! From the spool to touches: clicks that count become touches, all are counted by the hour, a
//! consent lengthens a touch's life and a withdrawal ends it, for good.
//!
//! Invariant: an entry is taken once. The reader's place is in the transaction of what was made of
//! the entries before it, and locked there.
//!
//! Invariant: a conversion that was decided without a touch is decided again once that touch is
//! recorded. No transaction spans record and touches, so ingest looks for such conversions after
//! its commit, and only when every decision that may have read the touches before it has ended
//! ([`late::wait_for_decisions`]). What comes later reads the touches as they are. A crash between
//! commit and look is made up for by the first batch of the next process ([`late::catch_up`]).

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
use self::late::Look;
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
    /// Whether the looks that an earlier process may have left undone are made.
    caught_up: bool,
    /// Looks that are due. One that fails stays, and is made with the next batch.
    due: Vec<Look>,
}

impl Ingest {
    /// With empty caches.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the looks that are due; tells how many conversions they queued.
    async fn look(&mut self, app: &App) -> Result<u64, AppError> {
        let mut requeued = 0;
        while let Some(look) = self.due.last() {
            late::wait_for_decisions(app, look).await?;
            requeued += late::queue(app, look).await?;
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
    let mut requeued = ingest.look(app).await?;
    if !ingest.caught_up {
        requeued += late::catch_up(app).await?;
        ingest.caught_up = true;
    }
    let batch = source.read(from, entries_max.clamp(1, ENTRIES_PER_BATCH_MAX)).await?;
    if batch.entries.is_empty() && batch.next == from {
        return Ok(IngestReport { next: from, requeued, ..IngestReport::default() });
    }
    ingest.links.load(app, &batch.entries).await?;
    let mut gathered = gather(&ingest.links, node, &batch.entries);
    let look = gathered.look(&ingest.links);
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
    // Before the commit: one whose answer is lost may have been carried out. A look for what was
    // not recorded after all changes nothing.
    ingest.due.extend(look);
    tx.commit().await?;
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
