//! Sums over the whole installation, for whoever operates it: no tenant's finder.

use tributary_kernel::Timestamp;

use crate::engine::{Connection, EngineError};

/// How much there is, and how much waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Organisations with a ledger.
    pub ledgers: i64,
    /// Transfers booked, in all ledgers.
    pub transfers: i64,
    /// Events written to the outbox.
    pub events: i64,
    /// Reports in quarantine that wait for a person.
    pub quarantined: i64,
    /// Conversions that wait to be decided again.
    pub redecisions: i64,
    /// Since when the oldest of them waits.
    pub redecision_since: Option<Timestamp>,
    /// Mails that have not left yet.
    pub mails_waiting: i64,
    /// Of them, those that their server did not take at first.
    pub mails_retried: i64,
    /// Mails that will not be tried again.
    pub mails_failed: i64,
}

/// The sums, as they are now.
pub async fn standing(conn: &mut dyn Connection) -> Result<Standing, EngineError> {
    let heads = conn
        .query(
            "SELECT COUNT(*), CAST(COALESCE(SUM(transfer_seq), 0) AS BIGINT), \
             CAST(COALESCE(SUM(outbox_seq), 0) AS BIGINT) FROM owner_head",
            vec![],
        )
        .await?;
    let waiting =
        conn.query("SELECT COUNT(*) FROM quarantine WHERE status = 'waiting'", vec![]).await?;
    let queued = conn.query("SELECT COUNT(*), MIN(queued_at) FROM redecision", vec![]).await?;
    let mails = crate::mail::standing(conn).await?;
    let mut standing = Standing {
        mails_waiting: mails.waiting,
        mails_retried: mails.retried,
        mails_failed: mails.failed,
        ..Standing::default()
    };
    for row in &heads {
        (standing.ledgers, standing.transfers) = (row.int(0)?, row.int(1)?);
        standing.events = row.int(2)?;
    }
    for row in &waiting {
        standing.quarantined = row.int(0)?;
    }
    for row in &queued {
        standing.redecisions = row.int(0)?;
        standing.redecision_since = row.timestamp_or_null(1)?;
    }
    Ok(standing)
}

/// When the newest transfer of any ledger was booked, by the clock of whoever booked it.
pub async fn newest_transfer(conn: &mut dyn Connection) -> Result<Option<Timestamp>, EngineError> {
    let rows = conn
        .query(
            "SELECT MAX(t.booked_at) FROM owner_head h JOIN transfer t \
             ON t.owner_id = h.owner_id AND t.seq = h.transfer_seq",
            vec![],
        )
        .await?;
    crate::list::first(&rows, |row| row.timestamp_or_null(0)).map(Option::flatten)
}
