//! Conversions that are to be decided again, and those that a late touch may concern.

use tributary_kernel::{ConversionId, OrganisationId, Timestamp};

use crate::engine::{Connection, EngineError};
use crate::list::all;

/// Queues conversions for another decision after a late touch.
pub async fn queue_redecision(
    conn: &mut dyn Connection,
    items: &[(OrganisationId, ConversionId)],
    at: Timestamp,
) -> Result<(), EngineError> {
    use crate::engine::{
        Insert,
        Kind::{Bytes, Int},
    };
    static QUEUE: Insert = Insert {
        table: "redecision",
        columns: &[("owner_id", Bytes), ("conversion_id", Bytes), ("queued_at", Int)],
        conflict: "ON CONFLICT (owner_id, conversion_id) DO NOTHING",
    };
    let rows = items.iter().map(|(o, id)| vec![(*o).into(), (*id).into(), at.into()]).collect();
    conn.insert(&QUEUE, rows).await?;
    Ok(())
}

/// The oldest queued conversions.
pub async fn queued_redecisions(
    conn: &mut dyn Connection,
    limit: u32,
) -> Result<Vec<(OrganisationId, ConversionId)>, EngineError> {
    let rows = conn
        .query(
            "SELECT owner_id, conversion_id FROM redecision ORDER BY queued_at, conversion_id \
             LIMIT $1",
            vec![limit.into()],
        )
        .await?;
    all(&rows, |row| Ok((row.id(0)?, row.id(1)?)))
}

/// Takes a conversion out of the queue.
pub async fn unqueue_redecision(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    conversion: ConversionId,
) -> Result<(), EngineError> {
    conn.execute(
        "DELETE FROM redecision WHERE owner_id = $1 AND conversion_id = $2",
        vec![owner.into(), conversion.into()],
    )
    .await?;
    Ok(())
}

/// Conversions of any owner that were reported with one of these clicks and are not settled: a
/// late touch may change them.
pub async fn open_conversions_with_clicks(
    conn: &mut dyn Connection,
    clicks: &[[u8; 16]],
) -> Result<Vec<(OrganisationId, ConversionId)>, EngineError> {
    use crate::engine::{Kind, Lookup};
    static BY_CLICK: Lookup = Lookup {
        select: "owner_id, id",
        table: "conversion",
        keys: &[("click_id", Kind::Bytes)],
        condition: "status IN ('pending', 'uncredited', 'held')",
        lock: false,
    };
    let keys = clicks.iter().map(|click| vec![(*click).into()]).collect();
    all(&conn.lookup(&BY_CLICK, keys).await?, |row| Ok((row.id(0)?, row.id(1)?)))
}

/// A conversion that is not settled, with the click it was reported with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenConversion {
    /// That click.
    pub click: [u8; 16],
    /// Whose.
    pub owner: OrganisationId,
    /// Which.
    pub id: ConversionId,
    /// The journey as copied at the decision.
    pub journey: String,
}

fn read_open(row: &crate::engine::Row) -> Result<OpenConversion, EngineError> {
    Ok(OpenConversion {
        click: row.array(0)?,
        owner: row.id(1)?,
        id: row.id(2)?,
        journey: row.text(3)?.to_owned(),
    })
}

/// Conversions of any owner that are not settled and were reported with a click id from `first` to
/// `last`, both included, in the order of click, owner and id, after the place given.
pub async fn open_conversions_between_clicks(
    conn: &mut dyn Connection,
    first: [u8; 16],
    last: [u8; 16],
    after: Option<&OpenConversion>,
    limit: u32,
) -> Result<Vec<OpenConversion>, EngineError> {
    let (click, owner, id) = after.map_or(([0; 16], [0; 16], [0; 16]), |it| {
        (it.click, *it.owner.as_bytes(), *it.id.as_bytes())
    });
    let rows = conn
        .query(
            "SELECT click_id, owner_id, id, journey FROM conversion \
             WHERE click_id >= $1 AND click_id <= $2 AND (click_id, owner_id, id) > ($3, $4, $5) \
             AND status IN ('pending', 'uncredited', 'held') \
             ORDER BY click_id, owner_id, id LIMIT $6",
            vec![
                first.max(click).into(),
                last.into(),
                click.into(),
                owner.into(),
                id.into(),
                limit.into(),
            ],
        )
        .await?;
    all(&rows, read_open)
}

/// An owner's conversions that are not settled, after an id, in order; `click` is the id of those
/// that were reported without one.
pub async fn open_conversions_after(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    after: ConversionId,
    limit: u32,
) -> Result<Vec<OpenConversion>, EngineError> {
    let rows = conn
        .query(
            "SELECT COALESCE(click_id, id), owner_id, id, journey FROM conversion \
             WHERE owner_id = $1 AND id > $2 AND status IN ('pending', 'uncredited', 'held') \
             ORDER BY id LIMIT $3",
            vec![owner.into(), after.into(), limit.into()],
        )
        .await?;
    all(&rows, read_open)
}

/// As [`open_conversions_between_clicks`], of single clicks.
pub async fn open_conversions_of_clicks(
    conn: &mut dyn Connection,
    clicks: &[[u8; 16]],
) -> Result<Vec<OpenConversion>, EngineError> {
    use crate::engine::{Kind, Lookup};
    static BY_CLICK: Lookup = Lookup {
        select: "click_id, owner_id, id, journey",
        table: "conversion",
        keys: &[("click_id", Kind::Bytes)],
        condition: "status IN ('pending', 'uncredited', 'held')",
        lock: false,
    };
    let keys = clicks.iter().map(|click| vec![(*click).into()]).collect();
    all(&conn.lookup(&BY_CLICK, keys).await?, read_open)
}
