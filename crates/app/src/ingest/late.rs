//! Conversions that were decided before their touch was known.

use std::collections::{BTreeMap, BTreeSet};

use tributary_attribution::{Proof, TouchRef};
use tributary_kernel::{ConversionId, OrganisationId, Timestamp};
use tributary_store::engine::Connection;
use tributary_store::redecision::{self, OpenConversion};
use tributary_store::{decision, organisation, touches};

use crate::conversion::DecidedJourney;
use crate::{App, AppError};

/// Open conversions looked at in one query.
const PAGE_ROWS: u32 = 500;

/// How far back [`catch_up`] looks: longer than a decision, a batch or a backup takes, and as long
/// as ingest may have lagged behind when a process ended.
const CATCH_UP_DAYS: i64 = 2;

/// What a batch brought that conversions may have been decided without.
#[derive(Debug)]
pub(super) struct Look {
    /// Whose links were clicked, in order.
    pub(super) owners: Vec<OrganisationId>,
    /// Recorded clicks, in order.
    pub(super) clicks: Vec<[u8; 16]>,
    /// Clicks, each with the click before it, as is known now.
    pub(super) chained: Vec<([u8; 16], [u8; 16])>,
}

/// Returns when every decision that began before the call has ended: each holds its owner's head
/// from before it reads touches to its commit.
pub(super) async fn wait_for_decisions(app: &App, look: &Look) -> Result<(), AppError> {
    crate::app::with_retries(|| async {
        let mut tx = app.record.begin().await?;
        decision::lock_heads_in(&mut *tx, &look.owners).await?;
        // Nothing was written: the locks fall with it.
        drop(tx);
        Ok(())
    })
    .await
}

/// Queues another decision of each open conversion that was reported with one of the clicks and
/// whose journey has it not as recorded, or with a chained click whose journey lacks the click
/// before it. Returns how many. Queueing twice is queueing once.
pub(super) async fn queue(app: &App, look: &Look) -> Result<u64, AppError> {
    let mut conn = app.record.read().await?;
    let mut found = BTreeSet::new();
    by_range(&mut *conn, &look.clicks, &mut found).await?;
    by_chain(&mut *conn, &look.chained, &mut found).await?;
    drop(conn);
    put(app, found).await
}

/// As [`queue`], for everything that was decided lately: the process that took the touches may
/// have ended before it looked, and in a restored backup the touches are newer than the record.
pub(super) async fn catch_up(app: &App) -> Result<u64, AppError> {
    let mut touches = app.touches.read().await?;
    let Some(newest) = touches::offsets_moved_at(&mut *touches).await? else { return Ok(0) };
    let since = newest.plus_days(-CATCH_UP_DAYS);
    let mut conn = app.record.read().await?;
    let mut found = BTreeSet::new();
    for organisation in organisation::all_organisations(&mut *conn).await? {
        let owner = organisation.id;
        let mut after = before_all_since(since);
        loop {
            let page =
                redecision::open_conversions_after(&mut *conn, owner, after, PAGE_ROWS).await?;
            by_touches(&mut *touches, &page, app.now(), &mut found).await?;
            match page.last() {
                Some(last) if page.len() == PAGE_ROWS as usize => after = last.id,
                _ => break,
            }
        }
    }
    drop((conn, touches));
    put(app, found).await
}

/// An id that is lower than all made at a moment or later.
fn before_all_since(at: Timestamp) -> ConversionId {
    let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or(0).to_be_bytes();
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&milliseconds[2..]);
    ConversionId::from_bytes(bytes)
}

/// Those of the conversions with a click in their journey of which more is recorded than they were
/// decided by.
async fn by_touches(
    touches: &mut dyn Connection,
    page: &[OpenConversion],
    now: Timestamp,
    found: &mut Found,
) -> Result<(), AppError> {
    let mut clicks = BTreeSet::new();
    let mut journeys = Vec::with_capacity(page.len());
    for it in page {
        let journey = clicks_of(it)?;
        clicks.extend(journey.keys().copied());
        journeys.push(journey);
    }
    if clicks.is_empty() {
        return Ok(());
    }
    let clicks: Vec<[u8; 16]> = clicks.into_iter().collect();
    let known = touches::by_clicks(touches, &clicks).await?;
    let known: BTreeMap<[u8; 16], Option<[u8; 16]>> = known
        .into_iter()
        .filter(|it| it.expires_at >= now)
        .map(|it| (it.click, it.previous))
        .collect();
    for (it, journey) in page.iter().zip(journeys) {
        let more = journey.iter().any(|(click, recorded)| match known.get(click) {
            None => false,
            Some(previous) => {
                !recorded || previous.is_some_and(|before| !journey.contains_key(&before))
            }
        });
        if more {
            found.insert((it.owner, it.id));
        }
    }
    Ok(())
}

/// The clicks of the journey that a conversion was decided by, and whether each was recorded.
fn clicks_of(it: &OpenConversion) -> Result<BTreeMap<[u8; 16], bool>, AppError> {
    let decided: DecidedJourney = serde_json::from_str(&it.journey)
        .map_err(|error| AppError::Corrupt(format!("journey of {}: {error}", it.id)))?;
    let clicks = decided.journey.touches().iter().filter_map(|touch| match &touch.touch {
        TouchRef::Click(id) => Some((*id.as_bytes(), touch.proof == Proof::Recorded)),
        _ => None,
    });
    Ok(clicks.collect())
}

async fn put(app: &App, found: Found) -> Result<u64, AppError> {
    if found.is_empty() {
        return Ok(0);
    }
    let found: Vec<_> = found.into_iter().collect();
    let mut tx = app.record.begin().await?;
    redecision::queue_redecision(&mut *tx, &found, app.now()).await?;
    tx.commit().await?;
    Ok(found.len() as u64)
}

type Found = BTreeSet<(OrganisationId, ConversionId)>;

/// Click ids are ordered by time, so a batch is a range of them: one query instead of one
/// look-up per click, as hardly any conversion comes before its touch.
async fn by_range(
    conn: &mut dyn Connection,
    clicks: &[[u8; 16]],
    found: &mut Found,
) -> Result<(), AppError> {
    let (Some(first), Some(last)) = (clicks.first(), clicks.last()) else { return Ok(()) };
    let mut after: Option<OpenConversion> = None;
    loop {
        let page = redecision::open_conversions_between_clicks(
            conn,
            *first,
            *last,
            after.as_ref(),
            PAGE_ROWS,
        )
        .await?;
        for it in &page {
            if clicks.binary_search(&it.click).is_ok() && !is_recorded(it, it.click)? {
                found.insert((it.owner, it.id));
            }
        }
        if page.len() < PAGE_ROWS as usize {
            return Ok(());
        }
        after = page.into_iter().next_back();
    }
}

async fn by_chain(
    conn: &mut dyn Connection,
    chained: &[([u8; 16], [u8; 16])],
    found: &mut Found,
) -> Result<(), AppError> {
    if chained.is_empty() {
        return Ok(());
    }
    let before: BTreeMap<[u8; 16], [u8; 16]> = chained.iter().copied().collect();
    let clicks: Vec<[u8; 16]> = before.keys().copied().collect();
    for it in redecision::open_conversions_of_clicks(conn, &clicks).await? {
        if let Some(previous) = before.get(&it.click)
            && !is_recorded(&it, *previous)?
        {
            found.insert((it.owner, it.id));
        }
    }
    Ok(())
}

/// Whether the journey that a conversion was decided by has a click as recorded.
fn is_recorded(it: &OpenConversion, click: [u8; 16]) -> Result<bool, AppError> {
    Ok(clicks_of(it)?.get(&click).copied().unwrap_or(false))
}
