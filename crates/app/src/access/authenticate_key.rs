use tributary_directory::Actor;
use tributary_store::access;

use super::create_key::{KEY_PREFIX, KEY_RANDOM_CHARACTERS};
use crate::secrets::{checksum_base62, sha256};
use crate::{App, AppError};

/// How stale `last_used_at` may become before it is written again.
const LAST_USED_MICROSECONDS: i64 = 3_600 * 1_000_000;

/// The actor a key stands for; none when the key is malformed, unknown, expired or revoked. The
/// checksum is looked at before the database is.
pub async fn authenticate_key(app: &App, secret: &str) -> Result<Option<Actor>, AppError> {
    let length = KEY_PREFIX.len() + 3 + KEY_RANDOM_CHARACTERS + 6;
    if secret.len() != length || !secret.is_ascii() || !secret.starts_with(KEY_PREFIX) {
        return Ok(None);
    }
    let (body, checksum) = secret.split_at(length - 6);
    if checksum_base62(body) != checksum {
        return Ok(None);
    }
    let mut conn = app.record.read().await?;
    let Some(key) = access::key_by_hash(&mut *conn, sha256(secret.as_bytes())).await? else {
        return Ok(None);
    };
    drop(conn);
    let now = app.now();
    if key.revoked_at.is_some() || key.expires_at.is_some_and(|at| at <= now) {
        return Ok(None);
    }
    let stale =
        key.last_used_at.is_none_or(|last| now.microseconds_since(last) >= LAST_USED_MICROSECONDS);
    if stale {
        let mut tx = app.record.begin().await?;
        access::touch_key(&mut *tx, key.owner, key.id, now).await?;
        tx.commit().await?;
    }
    let (owner, integration) = (key.owner, key.integration);
    Ok(Some(Actor::Key { key: key.id, integration, owner, scopes: key.scopes }))
}
