//! Keys, sessions, log-in codes: how callers prove who they are. Secrets are stored as hashes.

use tributary_directory::Scope;
use tributary_kernel::{IntegrationId, KeyId, OrganisationId, Timestamp, UserId};

use crate::engine::{Connection, EngineError, Row};
use crate::list::{Page, PageRequest, Select, all, first, json, to_json};

/// A named connection that delivers facts; survives the rotation of its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integration {
    /// Its id.
    pub id: IntegrationId,
    /// Whose.
    pub owner: OrganisationId,
    /// Unique with the owner.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Adds an integration.
pub async fn insert_integration(
    conn: &mut dyn Connection,
    it: &Integration,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO integration (owner_id, id, name, created_at) VALUES ($1, $2, $3, $4)",
        vec![it.owner.into(), it.id.into(), it.name.as_str().into(), it.created_at.into()],
    )
    .await?;
    Ok(())
}

fn read_integration(row: &Row) -> Result<Integration, EngineError> {
    Ok(Integration {
        id: row.id(0)?,
        owner: row.id(1)?,
        name: row.text(2)?.to_owned(),
        created_at: row.timestamp(3)?,
    })
}

/// An integration by name.
pub async fn find_integration(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    name: &str,
) -> Result<Option<Integration>, EngineError> {
    let rows = conn
        .query(
            "SELECT id, owner_id, name, created_at FROM integration \
             WHERE owner_id = $1 AND name = $2",
            vec![owner.into(), name.into()],
        )
        .await?;
    first(&rows, read_integration)
}

/// An API key without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: KeyId,
    /// Whose.
    pub owner: OrganisationId,
    /// Which connection it belongs to.
    pub integration: IntegrationId,
    /// What its owner calls it.
    pub name: String,
    /// The first characters, to recognise it by.
    pub shown: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// Last day it was used, to the hour.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

macro_rules! key_columns {
    () => {
        "id, owner_id, integration_id, name, shown, scopes, created_at, expires_at, last_used_at, \
         revoked_at"
    };
}

fn read_key(row: &Row) -> Result<ApiKey, EngineError> {
    Ok(ApiKey {
        id: row.id(0)?,
        owner: row.id(1)?,
        integration: row.id(2)?,
        name: row.text(3)?.to_owned(),
        shown: row.text(4)?.to_owned(),
        scopes: json(row, 5)?,
        created_at: row.timestamp(6)?,
        expires_at: row.timestamp_or_null(7)?,
        last_used_at: row.timestamp_or_null(8)?,
        revoked_at: row.timestamp_or_null(9)?,
    })
}

/// Adds a key; `hash` is the SHA-256 of the whole key.
pub async fn insert_key(
    conn: &mut dyn Connection,
    it: &ApiKey,
    hash: [u8; 32],
) -> Result<(), EngineError> {
    conn.execute(
        concat!(
            "INSERT INTO api_key (",
            key_columns!(),
            ", hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        vec![
            it.id.into(),
            it.owner.into(),
            it.integration.into(),
            it.name.as_str().into(),
            it.shown.as_str().into(),
            to_json(&it.scopes),
            it.created_at.into(),
            it.expires_at.into(),
            it.last_used_at.into(),
            it.revoked_at.into(),
            hash.into(),
        ],
    )
    .await?;
    Ok(())
}

/// The key with this hash, whatever its state.
pub async fn key_by_hash(
    conn: &mut dyn Connection,
    hash: [u8; 32],
) -> Result<Option<ApiKey>, EngineError> {
    let rows = conn
        .query(
            concat!("SELECT ", key_columns!(), " FROM api_key WHERE hash = $1"),
            vec![hash.into()],
        )
        .await?;
    first(&rows, read_key)
}

/// An owner's key with the hash that it is known by, whatever its state.
pub async fn key_with_hash(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    id: KeyId,
) -> Result<Option<(ApiKey, [u8; 32])>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                key_columns!(),
                ", hash FROM api_key WHERE owner_id = $1 AND id = $2"
            ),
            vec![owner.into(), id.into()],
        )
        .await?;
    first(&rows, |row| Ok((read_key(row)?, row.array(10)?)))
}

/// An owner's keys, newest first.
pub async fn list_keys(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    page: PageRequest,
) -> Result<Page<ApiKey>, EngineError> {
    Select::new(concat!("SELECT ", key_columns!(), " FROM api_key"))
        .and("owner_id = ?", [owner.into()])
        .page(conn, page, read_key)
        .await
}

/// Revokes a key; `false` when the owner has no such key in use.
pub async fn revoke_key(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    id: KeyId,
    at: Timestamp,
) -> Result<bool, EngineError> {
    let changed = conn
        .execute(
            "UPDATE api_key SET revoked_at = $3 WHERE owner_id = $1 AND id = $2 \
             AND revoked_at IS NULL",
            vec![owner.into(), id.into(), at.into()],
        )
        .await?;
    Ok(changed == 1)
}

/// Notes that a key was used.
pub async fn touch_key(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    id: KeyId,
    at: Timestamp,
) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE api_key SET last_used_at = $3 WHERE owner_id = $1 AND id = $2",
        vec![owner.into(), id.into(), at.into()],
    )
    .await?;
    Ok(())
}

/// A log-in session. The cookie holds the secret; here is its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie's secret.
    pub hash: [u8; 32],
    /// Who.
    pub user: UserId,
    /// Token that every form must carry.
    pub csrf: String,
    /// The browser, shortened, for the list of sessions.
    pub agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// Last use, to the minute.
    pub last_seen_at: Timestamp,
    /// Absolute end.
    pub expires_at: Timestamp,
}

fn read_session(row: &Row) -> Result<Session, EngineError> {
    Ok(Session {
        hash: row.array(0)?,
        user: row.id(1)?,
        csrf: row.text(2)?.to_owned(),
        agent: row.text(3)?.to_owned(),
        created_at: row.timestamp(4)?,
        last_seen_at: row.timestamp(5)?,
        expires_at: row.timestamp(6)?,
    })
}

/// Adds a session.
pub async fn insert_session(conn: &mut dyn Connection, it: &Session) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO session (hash, user_id, csrf, agent, created_at, last_seen_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vec![
            it.hash.into(),
            it.user.into(),
            it.csrf.as_str().into(),
            it.agent.as_str().into(),
            it.created_at.into(),
            it.last_seen_at.into(),
            it.expires_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// A session by hash, whatever its age.
pub async fn find_session(
    conn: &mut dyn Connection,
    hash: [u8; 32],
) -> Result<Option<Session>, EngineError> {
    let rows = conn
        .query(
            "SELECT hash, user_id, csrf, agent, created_at, last_seen_at, expires_at FROM session \
             WHERE hash = $1",
            vec![hash.into()],
        )
        .await?;
    first(&rows, read_session)
}

/// A user's sessions, newest first, at most 100.
pub async fn sessions_of(
    conn: &mut dyn Connection,
    user: UserId,
) -> Result<Vec<Session>, EngineError> {
    let rows = conn
        .query(
            "SELECT hash, user_id, csrf, agent, created_at, last_seen_at, expires_at FROM session \
             WHERE user_id = $1 ORDER BY created_at DESC LIMIT 100",
            vec![user.into()],
        )
        .await?;
    all(&rows, read_session)
}

/// Notes that a session was used.
pub async fn touch_session(
    conn: &mut dyn Connection,
    hash: [u8; 32],
    at: Timestamp,
) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE session SET last_seen_at = $2 WHERE hash = $1",
        vec![hash.into(), at.into()],
    )
    .await?;
    Ok(())
}

/// Ends a session.
pub async fn delete_session(conn: &mut dyn Connection, hash: [u8; 32]) -> Result<(), EngineError> {
    conn.execute("DELETE FROM session WHERE hash = $1", vec![hash.into()]).await?;
    Ok(())
}

/// A mailed log-in: a link with a token, and a code for browsers the link does not reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginCode {
    /// SHA-256 of the link's token.
    pub hash: [u8; 32],
    /// Who.
    pub user: UserId,
    /// SHA-256 of the token and the six digits.
    pub code_hash: [u8; 32],
    /// When it was mailed.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// Wrong codes tried.
    pub attempts: u32,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// Adds a mailed log-in.
pub async fn insert_login_code(
    conn: &mut dyn Connection,
    it: &LoginCode,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO login_code (hash, user_id, code_hash, created_at, expires_at, attempts, \
         used_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vec![
            it.hash.into(),
            it.user.into(),
            it.code_hash.into(),
            it.created_at.into(),
            it.expires_at.into(),
            it.attempts.into(),
            it.used_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// A mailed log-in by the hash of its token.
pub async fn find_login_code(
    conn: &mut dyn Connection,
    hash: [u8; 32],
) -> Result<Option<LoginCode>, EngineError> {
    let rows = conn
        .query(
            "SELECT hash, user_id, code_hash, created_at, expires_at, attempts, used_at \
             FROM login_code WHERE hash = $1",
            vec![hash.into()],
        )
        .await?;
    first(&rows, |row| {
        Ok(LoginCode {
            hash: row.array(0)?,
            user: row.id(1)?,
            code_hash: row.array(2)?,
            created_at: row.timestamp(3)?,
            expires_at: row.timestamp(4)?,
            attempts: row.u32(5)?,
            used_at: row.timestamp_or_null(6)?,
        })
    })
}

/// Counts a wrong code.
pub async fn count_login_attempt(
    conn: &mut dyn Connection,
    hash: [u8; 32],
) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE login_code SET attempts = attempts + 1 WHERE hash = $1",
        vec![hash.into()],
    )
    .await?;
    Ok(())
}

/// Marks a mailed log-in as used; `false` when it already was.
pub async fn use_login_code(
    conn: &mut dyn Connection,
    hash: [u8; 32],
    at: Timestamp,
) -> Result<bool, EngineError> {
    let changed = conn
        .execute(
            "UPDATE login_code SET used_at = $2 WHERE hash = $1 AND used_at IS NULL",
            vec![hash.into(), at.into()],
        )
        .await?;
    Ok(changed == 1)
}

/// How many mailed log-ins a user was sent since a moment.
pub async fn login_codes_since(
    conn: &mut dyn Connection,
    user: UserId,
    since: Timestamp,
) -> Result<i64, EngineError> {
    let rows = conn
        .query(
            "SELECT COUNT(*) FROM login_code WHERE user_id = $1 AND created_at >= $2",
            vec![user.into(), since.into()],
        )
        .await?;
    Ok(first(&rows, |row| row.int(0))?.unwrap_or(0))
}
