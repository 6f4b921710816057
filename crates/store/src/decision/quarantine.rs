//! Facts that wait for a person.

use tributary_kernel::{
    ConversionId, IntegrationId, OrganisationId, ProgramId, QuarantineId, Timestamp,
};

use crate::engine::{
    Connection, EngineError, Insert,
    Kind::{Bytes, Int, Text},
    Row,
};
use crate::list::first;

/// A fact that waits for a person, raw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineRow {
    /// Its id.
    pub id: QuarantineId,
    /// Whose.
    pub owner: OrganisationId,
    /// For which program.
    pub program: ProgramId,
    /// Through which connection.
    pub integration: IntegrationId,
    /// When it came.
    pub received_at: Timestamp,
    /// Code of why it waits.
    pub reason: String,
    /// The fields sent, canonical JSON.
    pub given: String,
    /// The conversion it contradicts or became.
    pub conversion: Option<ConversionId>,
    /// `waiting`, `replayed` or `dismissed`.
    pub status: String,
    /// The order, invoice or lead id that was sent.
    pub order: Option<String>,
}

macro_rules! quarantine_columns {
    () => {
        "id, owner_id, program_id, integration_id, received_at, reason, given, conversion_id, status, \
         order_id"
    };
}
pub(crate) use quarantine_columns;

pub(crate) fn read_quarantine(row: &Row) -> Result<QuarantineRow, EngineError> {
    Ok(QuarantineRow {
        id: row.id(0)?,
        owner: row.id(1)?,
        program: row.id(2)?,
        integration: row.id(3)?,
        received_at: row.timestamp(4)?,
        reason: row.text(5)?.to_owned(),
        given: row.text(6)?.to_owned(),
        conversion: row.id_or_null(7)?,
        status: row.text(8)?.to_owned(),
        order: row.text_or_null(9)?.map(str::to_owned),
    })
}

/// Puts facts aside.
pub async fn insert_quarantine(
    conn: &mut dyn Connection,
    items: &[QuarantineRow],
) -> Result<(), EngineError> {
    static QUARANTINE: Insert = Insert {
        table: "quarantine",
        columns: &[
            ("id", Bytes),
            ("owner_id", Bytes),
            ("program_id", Bytes),
            ("integration_id", Bytes),
            ("received_at", Int),
            ("reason", Text),
            ("given", Text),
            ("conversion_id", Bytes),
            ("status", Text),
            ("order_id", Text),
        ],
        conflict: "",
    };
    let rows = items
        .iter()
        .map(|it| {
            vec![
                it.id.into(),
                it.owner.into(),
                it.program.into(),
                it.integration.into(),
                it.received_at.into(),
                it.reason.as_str().into(),
                it.given.as_str().into(),
                it.conversion.into(),
                it.status.as_str().into(),
                it.order.as_deref().into(),
            ]
        })
        .collect();
    conn.insert(&QUARANTINE, rows).await?;
    Ok(())
}

/// A quarantined fact of an owner.
pub async fn find_quarantine(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    id: QuarantineId,
) -> Result<Option<QuarantineRow>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                quarantine_columns!(),
                " FROM quarantine WHERE owner_id = $1 AND id = $2"
            ),
            vec![owner.into(), id.into()],
        )
        .await?;
    first(&rows, read_quarantine)
}

/// An owner's quarantined facts, newest first.
pub async fn list_quarantine(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    status: Option<&str>,
    page: crate::list::PageRequest,
) -> Result<crate::list::Page<QuarantineRow>, EngineError> {
    crate::list::Select::new(concat!("SELECT ", quarantine_columns!(), " FROM quarantine"))
        .and("owner_id = ?", [owner.into()])
        .and_if("status = ?", status)
        .page(conn, page, read_quarantine)
        .await
}

/// Settles a waiting fact; `false` when it no longer waits.
pub async fn settle_quarantine(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    id: QuarantineId,
    status: &'static str,
    conversion: Option<ConversionId>,
    at: Timestamp,
    by: &str,
) -> Result<bool, EngineError> {
    let changed = conn
        .execute(
            "UPDATE quarantine SET status = $3, conversion_id = COALESCE($4, conversion_id), \
             settled_at = $5, settled_by = $6 \
             WHERE owner_id = $1 AND id = $2 AND status = 'waiting'",
            vec![owner.into(), id.into(), status.into(), conversion.into(), at.into(), by.into()],
        )
        .await?;
    Ok(changed == 1)
}
