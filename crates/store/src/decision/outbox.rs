//! Events for whoever listens.

use tributary_kernel::{EventId, OrganisationId, Timestamp};

use crate::engine::{
    Connection, EngineError, Insert,
    Kind::{Bytes, Int, Text},
};

/// An event for whoever listens; its payload is rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Whose.
    pub owner: OrganisationId,
    /// Its place in the owner's order, and so in its aggregate's.
    pub seq: i64,
    /// Its id.
    pub id: EventId,
    /// `noun.past_verb`.
    pub kind: &'static str,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// What it is about.
    pub aggregate: [u8; 16],
    /// JSON.
    pub data: String,
}

/// Adds events.
pub async fn insert_outbox(
    conn: &mut dyn Connection,
    items: &[OutboxRow],
) -> Result<(), EngineError> {
    static OUTBOX: Insert = Insert {
        table: "outbox",
        columns: &[
            ("owner_id", Bytes),
            ("seq", Int),
            ("id", Bytes),
            ("type", Text),
            ("version", Int),
            ("occurred_at", Int),
            ("aggregate_id", Bytes),
            ("data", Text),
        ],
        conflict: "",
    };
    let rows = items
        .iter()
        .map(|it| {
            vec![
                it.owner.into(),
                it.seq.into(),
                it.id.into(),
                it.kind.into(),
                1i64.into(),
                it.occurred_at.into(),
                it.aggregate.into(),
                it.data.as_str().into(),
            ]
        })
        .collect();
    conn.insert(&OUTBOX, rows).await?;
    Ok(())
}
