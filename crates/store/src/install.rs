//! What holds for the whole installation: its settings, gapless numbers, and the feed of changes
//! that edges read.

use tributary_kernel::{Id, RowId, Timestamp, limits};

use crate::engine::{Connection, EngineError, Row};
use crate::list::{all, first};

/// A setting of the installation.
pub async fn setting(conn: &mut dyn Connection, name: &str) -> Result<Option<String>, EngineError> {
    let rows = conn.query("SELECT value FROM install WHERE name = $1", vec![name.into()]).await?;
    first(&rows, |row| Ok(row.text(0)?.to_owned()))
}

/// Sets a setting of the installation.
pub async fn put_setting(
    conn: &mut dyn Connection,
    name: &str,
    value: &str,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO install (name, value) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        vec![name.into(), value.into()],
    )
    .await?;
    Ok(())
}

/// Takes `count` numbers of a gapless series and returns the first. The row is locked until the
/// transaction ends, so that numbers become visible in their order.
pub async fn take_numbers(
    conn: &mut dyn Connection,
    series: &'static str,
    count: u32,
) -> Result<i64, EngineError> {
    let rows = conn
        .query(
            "INSERT INTO sequence (name, next) VALUES ($1, 1 + $2) \
             ON CONFLICT (name) DO UPDATE SET next = sequence.next + $2 \
             RETURNING next - $2",
            vec![series.into(), i64::from(count).into()],
        )
        .await?;
    match first(&rows, |row| row.int(0))? {
        Some(number) => Ok(number),
        None => Err(EngineError::Fault(format!("series {series} gave no number"))),
    }
}

/// The next link number, never given twice.
pub async fn take_link_number(conn: &mut dyn Connection) -> Result<u32, EngineError> {
    let number = take_numbers(conn, "link_number", 1).await?;
    match u32::try_from(number) {
        Ok(number) if number <= limits::LINK_NUMBER_MAX => Ok(number),
        _ => Err(EngineError::Fault("all 2^28 link numbers are taken".to_owned())),
    }
}

/// What of a snapshot changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// A program's terms or mode.
    Program([u8; 16]),
    /// A link.
    Link([u8; 16]),
    /// A partnership's status or code.
    Partnership([u8; 16]),
    /// The click keys.
    Keys,
}

/// Tells the edges of a change; it reaches them when the transaction commits.
pub async fn note_change<K: RowId>(
    conn: &mut dyn Connection,
    kind: &'static str,
    id: Id<K>,
    at: Timestamp,
) -> Result<(), EngineError> {
    let seq = take_numbers(conn, "snapshot_change", 1).await?;
    conn.execute(
        "INSERT INTO snapshot_change (seq, kind, id, at) VALUES ($1, $2, $3, $4)",
        vec![seq.into(), kind.into(), id.into(), at.into()],
    )
    .await?;
    Ok(())
}

/// The newest change; 0 when there is none.
pub async fn change_cursor(conn: &mut dyn Connection) -> Result<i64, EngineError> {
    let rows = conn.query("SELECT COALESCE(MAX(seq), 0) FROM snapshot_change", vec![]).await?;
    Ok(first(&rows, |row| row.int(0))?.unwrap_or(0))
}

/// Changes after a cursor, in order, at most `limit`.
pub async fn changes_after(
    conn: &mut dyn Connection,
    cursor: i64,
    limit: u32,
) -> Result<Vec<(i64, Changed)>, EngineError> {
    let rows = conn
        .query(
            "SELECT seq, kind, id FROM snapshot_change WHERE seq > $1 ORDER BY seq LIMIT $2",
            vec![cursor.into(), limit.into()],
        )
        .await?;
    all(&rows, read_change)
}

fn read_change(row: &Row) -> Result<(i64, Changed), EngineError> {
    let id = row.array(2)?;
    let changed = match row.text(1)? {
        "program" => Changed::Program(id),
        "link" => Changed::Link(id),
        "partnership" => Changed::Partnership(id),
        "keys" => Changed::Keys,
        other => return Err(row.unreadable(1, format!("unknown change `{other}`"))),
    };
    Ok((row.int(0)?, changed))
}

/// A click key as it is stored: sealed with the master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedClickKey {
    /// 0 to 3.
    pub id: u32,
    /// Nonce and ciphertext.
    pub sealed: Vec<u8>,
    /// Whether new ids are made with it.
    pub minting: bool,
    /// Until when ids made with it are accepted; none: for now.
    pub verify_until: Option<Timestamp>,
}

/// All click keys.
pub async fn click_keys(conn: &mut dyn Connection) -> Result<Vec<SealedClickKey>, EngineError> {
    let rows = conn
        .query("SELECT id, sealed, minting, verify_until FROM click_key ORDER BY id", vec![])
        .await?;
    all(&rows, |row| {
        Ok(SealedClickKey {
            id: row.u32(0)?,
            sealed: row.bytes(1)?.to_vec(),
            minting: row.bool(2)?,
            verify_until: row.timestamp_or_null(3)?,
        })
    })
}

/// Adds or replaces a click key.
pub async fn put_click_key(
    conn: &mut dyn Connection,
    it: &SealedClickKey,
    at: Timestamp,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO click_key (id, sealed, minting, verify_until, created_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed, \
         minting = excluded.minting, verify_until = excluded.verify_until",
        vec![
            it.id.into(),
            it.sealed.clone().into(),
            it.minting.into(),
            it.verify_until.into(),
            at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// The longest window of any program, in days; 0 without programs.
pub async fn longest_window_days(conn: &mut dyn Connection) -> Result<u32, EngineError> {
    let rows = conn.query("SELECT COALESCE(MAX(window_days), 0) FROM program", vec![]).await?;
    Ok(first(&rows, |row| row.u32(0))?.unwrap_or(0))
}
