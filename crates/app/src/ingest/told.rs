//! Consents that outlive their touch, or come before it.
//!
//! A withdrawal is remembered, so that an id that is reported all the same earns nothing by itself
//! ([`was_withdrawn`]); a consent that another node's spool brings before its click waits for it.
//! Both are kept under a hash of the id: what a visitor took back is not stored, only recognised.

use std::collections::{BTreeMap, BTreeSet};

use tributary_kernel::Timestamp;
use tributary_store::engine::Connection;
use tributary_store::told_consent::{self, ToldConsent};

use super::gather::{Gathered, consented};
use super::links::LinkCache;
use crate::{AppError, sha256};

/// A withdrawal is remembered as long as a click's id could verify: the longest window and 90 days
/// more.
const WITHDRAWN_DAYS: i64 = 400 + 90;
/// A consent waits this long for a click that is behind in another spool.
const EARLY_DAYS: i64 = 2;

fn hash_of(click: &[u8; 16]) -> [u8; 16] {
    let [a @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = sha256(click);
    a
}

/// Those of the clicks whose visitors took their consent back.
pub(crate) async fn was_withdrawn(
    conn: &mut dyn Connection,
    clicks: &BTreeSet<[u8; 16]>,
) -> Result<BTreeSet<[u8; 16]>, AppError> {
    let hashes: BTreeMap<[u8; 16], [u8; 16]> =
        clicks.iter().map(|click| (hash_of(click), *click)).collect();
    let found = told_consent::by_hashes(conn, hashes.keys().copied().collect()).await?;
    let withdrawn = found.iter().filter(|it| it.withdrawn);
    Ok(withdrawn.filter_map(|it| hashes.get(&it.click_hash).copied()).collect())
}

/// Applies to the batch's touches what was said before they came: one that was taken back is no
/// touch, one that was agreed to lives on.
pub(super) async fn hear_before_in(
    conn: &mut dyn Connection,
    links: &LinkCache,
    gathered: &mut Gathered,
) -> Result<(), AppError> {
    if gathered.touches.is_empty() || !told_consent::is_any(conn).await? {
        return Ok(());
    }
    let hashes = gathered.touches.iter().map(|touch| hash_of(&touch.click)).collect();
    let told = told_consent::by_hashes(conn, hashes).await?;
    if told.is_empty() {
        return Ok(());
    }
    let told: BTreeMap<[u8; 16], ToldConsent> =
        told.into_iter().map(|it| (it.click_hash, it)).collect();
    let mut granted = 0;
    gathered.touches.retain_mut(|touch| match told.get(&hash_of(&touch.click)) {
        None => true,
        Some(it) if it.withdrawn => false,
        Some(it) => {
            consented(touch, it.previous, links);
            granted += 1;
            true
        }
    });
    gathered.report.granted += granted;
    Ok(())
}

/// Remembers what was taken back, and what was agreed to of clicks that are not there yet.
pub(super) async fn remember_in(
    conn: &mut dyn Connection,
    withdrawn: &[[u8; 16]],
    early: &[([u8; 16], Option<[u8; 16]>)],
    now: Timestamp,
) -> Result<(), AppError> {
    let withdrawn = withdrawn.iter().map(|click| ToldConsent {
        click_hash: hash_of(click),
        withdrawn: true,
        previous: None,
        forget_at: now.plus_days(WITHDRAWN_DAYS),
    });
    let early = early.iter().map(|(click, previous)| ToldConsent {
        click_hash: hash_of(click),
        withdrawn: false,
        previous: *previous,
        forget_at: now.plus_days(EARLY_DAYS),
    });
    // One row per click: PostgreSQL refuses to touch a row twice in one statement.
    let mut rows: BTreeMap<[u8; 16], ToldConsent> = early.map(|it| (it.click_hash, it)).collect();
    rows.extend(withdrawn.map(|it| (it.click_hash, it)));
    let rows: Vec<ToldConsent> = rows.into_values().collect();
    if !rows.is_empty() {
        told_consent::put(conn, &rows).await?;
    }
    Ok(())
}
