//! What visitors said about a click that is not recorded (any more), in the touches' database. Its
//! id is not kept, only a hash of it.

use tributary_kernel::Timestamp;

use crate::engine::{
    Connection, EngineError, Insert,
    Kind::{Bytes, Int, Text},
    Lookup,
};
use crate::list::all;

/// What a visitor said about one click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldConsent {
    /// First half of the SHA-256 of the click's id.
    pub click_hash: [u8; 16],
    /// Whether consent was taken back; else it was given.
    pub withdrawn: bool,
    /// The click before it in the same browser, as the consent named it.
    pub previous: Option<[u8; 16]>,
    /// When this is deleted.
    pub forget_at: Timestamp,
}

/// Keeps what was said. A withdrawal is final: nothing that is told after it changes it.
pub async fn put(conn: &mut dyn Connection, items: &[ToldConsent]) -> Result<(), EngineError> {
    static TOLD: Insert = Insert {
        table: "told_consent",
        columns: &[
            ("click_hash", Bytes),
            ("state", Text),
            ("previous_click", Bytes),
            ("forget_at", Int),
        ],
        conflict: "ON CONFLICT (click_hash) DO UPDATE SET \
                   state = excluded.state, previous_click = excluded.previous_click, \
                   forget_at = excluded.forget_at \
                   WHERE told_consent.state = 'granted'",
    };
    let rows = items
        .iter()
        .map(|it| {
            vec![
                it.click_hash.into(),
                if it.withdrawn { "denied" } else { "granted" }.into(),
                it.previous.map(Vec::from).into(),
                it.forget_at.into(),
            ]
        })
        .collect();
    conn.insert(&TOLD, rows).await?;
    Ok(())
}

/// What was said about clicks; nothing about most.
pub async fn by_hashes(
    conn: &mut dyn Connection,
    hashes: Vec<[u8; 16]>,
) -> Result<Vec<ToldConsent>, EngineError> {
    static BY_HASH: Lookup = Lookup {
        select: "click_hash, state, previous_click, forget_at",
        table: "told_consent",
        keys: &[("click_hash", Bytes)],
        condition: "",
        lock: false,
    };
    if hashes.is_empty() {
        return Ok(Vec::new());
    }
    let keys = hashes.into_iter().map(|hash| vec![hash.into()]).collect();
    all(&conn.lookup(&BY_HASH, keys).await?, |row| {
        Ok(ToldConsent {
            click_hash: row.array(0)?,
            withdrawn: row.text(1)? == "denied",
            previous: match row.bytes_or_null(2)? {
                Some(_) => Some(row.array(2)?),
                None => None,
            },
            forget_at: row.timestamp(3)?,
        })
    })
}

/// Whether anything was said about any click: spares a batch its look-ups where nothing was.
pub async fn is_any(conn: &mut dyn Connection) -> Result<bool, EngineError> {
    let rows = conn.query("SELECT forget_at FROM told_consent LIMIT 1", vec![]).await?;
    Ok(!rows.is_empty())
}

/// Deletes what is over, at most `limit`; returns how many.
pub async fn forget(
    conn: &mut dyn Connection,
    now: Timestamp,
    limit: u32,
) -> Result<u64, EngineError> {
    conn.execute(
        "DELETE FROM told_consent WHERE click_hash IN \
         (SELECT click_hash FROM told_consent WHERE forget_at < $1 LIMIT $2)",
        vec![now.into(), limit.into()],
    )
    .await
}
