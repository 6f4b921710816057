//! Conversions that were decided before their touch was known.

use std::collections::{BTreeMap, BTreeSet};

use tributary_attribution::{Proof, TouchRef};
use tributary_kernel::{ConversionId, OrganisationId};
use tributary_store::engine::Connection;
use tributary_store::work::{self, OpenConversion};

use crate::conversion::DecidedJourney;
use crate::{App, AppError};

/// Open conversions looked at in one query.
const PAGE_ROWS: u32 = 500;

/// Queues another decision of each open conversion that was reported with one of these clicks
/// (in order) and whose journey has it not as recorded, or with a `chained` click whose journey
/// lacks the click before it. Returns how many. Queueing twice is queueing once.
pub(super) async fn queue(
    app: &App,
    clicks: &[[u8; 16]],
    chained: &[([u8; 16], [u8; 16])],
) -> Result<u64, AppError> {
    if clicks.is_empty() && chained.is_empty() {
        return Ok(0);
    }
    let mut conn = app.record.read().await?;
    let mut found = BTreeSet::new();
    by_range(&mut *conn, clicks, &mut found).await?;
    by_chain(&mut *conn, chained, &mut found).await?;
    drop(conn);
    if found.is_empty() {
        return Ok(0);
    }
    let found: Vec<_> = found.into_iter().collect();
    let mut tx = app.record.begin().await?;
    work::queue_redecision(&mut *tx, &found, app.now()).await?;
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
        let page =
            work::open_conversions_between_clicks(conn, *first, *last, after.as_ref(), PAGE_ROWS)
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
    for it in work::open_conversions_of_clicks(conn, &clicks).await? {
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
    let decided: DecidedJourney = serde_json::from_str(&it.journey)
        .map_err(|error| AppError::Corrupt(format!("journey of {}: {error}", it.id)))?;
    let is_it = |touch: &TouchRef| matches!(touch, TouchRef::Click(id) if *id.as_bytes() == click);
    Ok(decided
        .journey
        .touches()
        .iter()
        .any(|touch| is_it(&touch.touch) && touch.proof == Proof::Recorded))
}
