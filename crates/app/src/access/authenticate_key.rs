use std::sync::Arc;

use tributary_directory::Actor;
use tributary_kernel::Timestamp;
use tributary_store::access::{self, ApiKey};

use super::create_key::{KEY_PREFIX, KEY_RANDOM_CHARACTERS};
use crate::secrets::{checksum_base62, sha256};
use crate::{App, AppError};

/// How stale `last_used_at` may become before it is written again.
const LAST_USED_MICROSECONDS: i64 = 3_600 * 1_000_000;

/// The actor a key stands for; none when the key is malformed, unknown, expired or revoked. The
/// checksum is looked at before the database is, and the database at most every five seconds: a key
/// revoked by another process may work here for that long, one revoked by this process does not.
pub async fn authenticate_key(app: &App, secret: &str) -> Result<Option<Actor>, AppError> {
    let length = KEY_PREFIX.len() + 3 + KEY_RANDOM_CHARACTERS + 6;
    if secret.len() != length || !secret.is_ascii() || !secret.starts_with(KEY_PREFIX) {
        return Ok(None);
    }
    let (body, checksum) = secret.split_at(length - 6);
    if checksum_base62(body) != checksum {
        return Ok(None);
    }
    let now = app.now();
    let Some(key) = look_up(app, sha256(secret.as_bytes()), now).await? else {
        return Ok(None);
    };
    if key.revoked_at.is_some() || key.expires_at.is_some_and(|at| at <= now) {
        return Ok(None);
    }
    let (owner, integration) = (key.owner, key.integration);
    Ok(Some(Actor::Key { key: key.id, integration, owner, scopes: key.scopes.clone() }))
}

/// The key as the database had it a moment ago, and noted as used. Only keys that exist are kept:
/// who guesses asks the database each time, and is slowed down elsewhere.
async fn look_up(
    app: &App,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<Arc<ApiKey>>, AppError> {
    let generation = match app.known_keys.find(&hash, now) {
        Ok(known) => return Ok(Some(known)),
        Err(generation) => generation,
    };
    let mut conn = app.record.read().await?;
    let Some(key) = access::key_by_hash(&mut *conn, hash).await? else {
        return Ok(None);
    };
    drop(conn);
    let good = key.revoked_at.is_none() && key.expires_at.is_none_or(|at| at > now);
    let stale =
        key.last_used_at.is_none_or(|last| now.microseconds_since(last) >= LAST_USED_MICROSECONDS);
    if good && stale {
        let mut tx = app.record.begin().await?;
        access::touch_key(&mut *tx, key.owner, key.id, now).await?;
        tx.commit().await?;
    }
    let key = Arc::new(key);
    app.known_keys.keep(generation, hash, now, &key);
    Ok(Some(key))
}
