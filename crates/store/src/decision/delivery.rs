//! Delivery keys and their first answers.

use tributary_kernel::{IntegrationId, OrganisationId, Timestamp, text_enum};

use crate::engine::{
    Connection, EngineError, Insert,
    Kind::{Bytes, Int, Text},
    Lookup,
};
use crate::list::all;

text_enum! {
    /// What became of a delivery.
    pub enum DeliveryOutcome {
        /// It is the fact.
        Applied = "applied",
        /// Another delivery already was.
        Duplicate = "duplicate",
        /// It waits for a person.
        Quarantined = "quarantined",
    }
}

/// A delivery key's first answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Whose.
    pub owner: OrganisationId,
    /// Through which connection.
    pub integration: IntegrationId,
    /// The key given.
    pub key: String,
    /// Format of the hash's content.
    pub content_format: u32,
    /// Hash of the canonical fields sent.
    pub content_hash: [u8; 32],
    /// What became of it.
    pub outcome: DeliveryOutcome,
    /// Bytes of the conversion's, adjustment's or quarantine row's id.
    pub subject: [u8; 16],
    /// When.
    pub received_at: Timestamp,
}

/// First answers for delivery keys.
pub async fn deliveries(
    conn: &mut dyn Connection,
    keys: &[(OrganisationId, IntegrationId, &str)],
) -> Result<Vec<Delivery>, EngineError> {
    static BY_KEY: Lookup = Lookup {
        select: "owner_id, integration_id, delivery_key, content_format, content_hash, outcome, \
                 subject_id, received_at",
        table: "delivery",
        keys: &[("owner_id", Bytes), ("integration_id", Bytes), ("delivery_key", Text)],
        condition: "",
        lock: false,
    };
    let keys = keys.iter().map(|(o, i, k)| vec![(*o).into(), (*i).into(), (*k).into()]).collect();
    all(&conn.lookup(&BY_KEY, keys).await?, |row| {
        Ok(Delivery {
            owner: row.id(0)?,
            integration: row.id(1)?,
            key: row.text(2)?.to_owned(),
            content_format: row.u32(3)?,
            content_hash: row.array(4)?,
            outcome: row.parse(5)?,
            subject: row.array(6)?,
            received_at: row.timestamp(7)?,
        })
    })
}

/// Records first answers.
pub async fn insert_deliveries(
    conn: &mut dyn Connection,
    items: &[Delivery],
) -> Result<(), EngineError> {
    static DELIVERY: Insert = Insert {
        table: "delivery",
        columns: &[
            ("owner_id", Bytes),
            ("integration_id", Bytes),
            ("delivery_key", Text),
            ("content_format", Int),
            ("content_hash", Bytes),
            ("outcome", Text),
            ("subject_id", Bytes),
            ("received_at", Int),
        ],
        conflict: "",
    };
    let rows = items
        .iter()
        .map(|it| {
            vec![
                it.owner.into(),
                it.integration.into(),
                it.key.as_str().into(),
                it.content_format.into(),
                it.content_hash.into(),
                it.outcome.as_str().into(),
                it.subject.into(),
                it.received_at.into(),
            ]
        })
        .collect();
    conn.insert(&DELIVERY, rows).await?;
    Ok(())
}
