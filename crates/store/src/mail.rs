//! Mails that have not left yet. They belong to the installation: no tenant's finder.

use tributary_kernel::{MailId, Timestamp};

use crate::engine::{Connection, EngineError, Row};
use crate::list::{all, first};

/// A mail that waits to leave, or has failed for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    /// Its id.
    pub id: MailId,
    /// To whom and what, sealed.
    pub sealed: Vec<u8>,
    /// Whether it will not be tried again.
    pub failed: bool,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next; while somebody tries it, when that one counts as gone. Of a failed
    /// one, when it is forgotten.
    pub next_at: Timestamp,
    /// When it is of no use any more.
    pub expires_at: Option<Timestamp>,
    /// Why the last try came to nothing.
    pub reason: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
}

fn state(failed: bool) -> &'static str {
    if failed { "failed" } else { "waiting" }
}

fn read(row: &Row) -> Result<OutgoingMail, EngineError> {
    Ok(OutgoingMail {
        id: row.id(0)?,
        sealed: row.bytes(1)?.to_vec(),
        failed: row.text(2)? == "failed",
        attempts: row.int(3)?,
        next_at: row.timestamp(4)?,
        expires_at: row.timestamp_or_null(5)?,
        reason: row.text_or_null(6)?.map(str::to_owned),
        created_at: row.timestamp(7)?,
    })
}

/// Adds a mail.
pub async fn insert(conn: &mut dyn Connection, it: &OutgoingMail) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO outgoing_mail \
         (id, sealed, state, attempts, next_at, expires_at, reason, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vec![
            it.id.into(),
            it.sealed.clone().into(),
            state(it.failed).into(),
            it.attempts.into(),
            it.next_at.into(),
            it.expires_at.into(),
            it.reason.as_deref().into(),
            it.created_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// Mails whose time has come: those that are to be tried, longest due first, then failed ones that
/// are to be forgotten.
pub async fn due(
    conn: &mut dyn Connection,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<OutgoingMail>, EngineError> {
    let rows = conn
        .query(
            "SELECT id, sealed, state, attempts, next_at, expires_at, reason, created_at \
             FROM outgoing_mail WHERE state IN ('waiting', 'failed') AND next_at <= $1 \
             ORDER BY CASE state WHEN 'waiting' THEN 0 ELSE 1 END, next_at, id LIMIT $2",
            vec![now.into(), limit.into()],
        )
        .await?;
    all(&rows, read)
}

/// Writes what became of a mail, unless another has taken it since it was read at
/// `(attempts, next_at)`; whether it was written.
pub async fn move_on(
    conn: &mut dyn Connection,
    seen: &OutgoingMail,
    now: &OutgoingMail,
) -> Result<bool, EngineError> {
    let written = conn
        .execute(
            "UPDATE outgoing_mail SET state = $4, attempts = $5, next_at = $6, reason = $7 \
             WHERE id = $1 AND state = 'waiting' AND attempts = $2 AND next_at = $3",
            vec![
                seen.id.into(),
                seen.attempts.into(),
                seen.next_at.into(),
                state(now.failed).into(),
                now.attempts.into(),
                now.next_at.into(),
                now.reason.as_deref().into(),
            ],
        )
        .await?;
    Ok(written == 1)
}

/// Forgets a mail: it has left, is of no use any more, or failed long ago.
pub async fn delete(conn: &mut dyn Connection, id: MailId) -> Result<(), EngineError> {
    conn.execute("DELETE FROM outgoing_mail WHERE id = $1", vec![id.into()]).await?;
    Ok(())
}

/// How many mails wait and how many have failed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailStanding {
    /// They will be tried again, or for the first time.
    pub waiting: i64,
    /// Of them, those that were not taken at least once.
    pub retried: i64,
    /// They will not be tried again.
    pub failed: i64,
    /// Why the newest failed one was not taken.
    pub reason: Option<String>,
}

/// How it stands with mail.
pub async fn standing(conn: &mut dyn Connection) -> Result<MailStanding, EngineError> {
    let rows = conn
        .query(
            "SELECT CAST(COALESCE(SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END), 0) AS BIGINT), \
             CAST(COALESCE(SUM(CASE WHEN state = 'waiting' AND reason IS NOT NULL THEN 1 ELSE 0 END), 0) \
             AS BIGINT), \
             CAST(COALESCE(SUM(CASE WHEN state = 'failed' THEN 1 ELSE 0 END), 0) AS BIGINT) \
             FROM outgoing_mail",
            vec![],
        )
        .await?;
    let counts = first(&rows, |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?)))?;
    let (waiting, retried, failed) = counts.unwrap_or_default();
    let newest = "SELECT reason FROM outgoing_mail WHERE state = 'failed' ORDER BY id DESC LIMIT 1";
    let rows = conn.query(newest, vec![]).await?;
    let reason = first(&rows, |row| Ok(row.text_or_null(0)?.map(str::to_owned)))?.flatten();
    Ok(MailStanding { waiting, retried, failed, reason })
}
