//! Refunds, chargebacks, corrections and departures as stored.

use tributary_kernel::{AdjustmentId, ConversionId, OrganisationId, Timestamp, text_enum};

use crate::engine::{Connection, EngineError, Kind::Bytes, Lookup, Row};
use crate::list::all;

text_enum! {
    /// Why an amount was given back or put right.
    pub enum AdjustmentKind {
        /// The customer got money back.
        Refund = "refund",
        /// The customer's bank took it back.
        Chargeback = "chargeback",
        /// The reported amount was wrong.
        Correction = "correction",
        /// The customer left; nothing of the amount was given back.
        Departure = "departure",
    }
}

/// A refund, chargeback, correction or departure as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAdjustment {
    /// Its id.
    pub id: AdjustmentId,
    /// Whose.
    pub owner: OrganisationId,
    /// Of which conversion.
    pub conversion: ConversionId,
    /// Why.
    pub kind: AdjustmentKind,
    /// The refund's own id: one fact for ever.
    pub business_key: String,
    /// Gross given back, minor units of the conversion's currency; positive.
    pub amount: i64,
    /// The reporter's words, a code.
    pub reason: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it was reported.
    pub received_at: Timestamp,
    /// Its place in the owner's order of booking.
    pub booked_seq: i64,
    /// Hash of the canonical fields sent.
    pub content_hash: [u8; 32],
    /// What it gave back to counters: JSON; none: nothing.
    pub counted: Option<String>,
}

fn read_adjustment(row: &Row) -> Result<StoredAdjustment, EngineError> {
    Ok(StoredAdjustment {
        id: row.id(0)?,
        owner: row.id(1)?,
        conversion: row.id(2)?,
        kind: row.parse(3)?,
        business_key: row.text(4)?.to_owned(),
        amount: row.int(5)?,
        reason: row.text(6)?.to_owned(),
        occurred_at: row.timestamp(7)?,
        received_at: row.timestamp(8)?,
        booked_seq: row.int(9)?,
        content_hash: row.array(10)?,
        counted: row.text_or_null(11)?.map(str::to_owned),
    })
}

/// A conversion's adjustments, in the order they were booked; at most 1,000.
pub async fn adjustments(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    conversion: ConversionId,
) -> Result<Vec<StoredAdjustment>, EngineError> {
    let rows = conn
        .query(
            "SELECT id, owner_id, conversion_id, kind, business_key, amount, reason, occurred_at, \
             received_at, booked_seq, content_hash, counted FROM adjustment \
             WHERE owner_id = $1 AND conversion_id = $2 ORDER BY booked_seq LIMIT 1000",
            vec![owner.into(), conversion.into()],
        )
        .await?;
    all(&rows, read_adjustment)
}

/// When customers left, by conversion; those who have not are left out.
pub async fn departures_of(
    conn: &mut dyn Connection,
    keys: &[(OrganisationId, ConversionId)],
) -> Result<Vec<(ConversionId, Timestamp)>, EngineError> {
    static BY_CONVERSION: Lookup = Lookup {
        select: "conversion_id, occurred_at",
        table: "adjustment",
        keys: &[("owner_id", Bytes), ("conversion_id", Bytes)],
        condition: "kind = 'departure'",
        lock: false,
    };
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let keys = keys.iter().map(|(owner, id)| vec![(*owner).into(), (*id).into()]).collect();
    let rows = conn.lookup(&BY_CONVERSION, keys).await?;
    all(&rows, |row| Ok((row.id(0)?, row.timestamp(1)?)))
}

/// Adds an adjustment.
pub async fn insert_adjustment(
    conn: &mut dyn Connection,
    it: &StoredAdjustment,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO adjustment (id, owner_id, conversion_id, kind, business_key, amount, reason, \
         occurred_at, received_at, booked_seq, content_hash, counted) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vec![
            it.id.into(),
            it.owner.into(),
            it.conversion.into(),
            it.kind.as_str().into(),
            it.business_key.as_str().into(),
            it.amount.into(),
            it.reason.as_str().into(),
            it.occurred_at.into(),
            it.received_at.into(),
            it.booked_seq.into(),
            it.content_hash.into(),
            it.counted.as_deref().into(),
        ],
    )
    .await?;
    Ok(())
}
