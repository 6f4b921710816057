//! Conversions as stored.

use tributary_kernel::{
    ConversionId, CouponId, CustomerId, IntegrationId, OrganisationId, ProgramId, Timestamp,
    text_enum,
};
use tributary_money::Money;

use crate::engine::{
    Connection, EngineError, Insert,
    Kind::{Bytes, Int, Text},
    Lookup, Row,
};
use crate::list::all;

text_enum! {
    /// Where a conversion stands.
    pub enum ConversionStatus {
        /// Credited; its commissions wait.
        Pending = "pending",
        /// Its commissions are approved.
        Approved = "approved",
        /// Its commissions are declined.
        Declined = "declined",
        /// Fully given back.
        Reversed = "reversed",
        /// Recorded; nobody was credited or no rule paid.
        Uncredited = "uncredited",
        /// The click cannot be proved; a person decides.
        Held = "held",
    }
}

/// The type of the fact that an amount given by a person stands on: nobody reports it, no plan pays
/// it, and it is not counted among conversions.
pub const MANUAL_EVENT: &str = "manual_amount";

/// A reported result as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredConversion {
    /// Its id.
    pub id: ConversionId,
    /// Whose.
    pub owner: OrganisationId,
    /// Of which program.
    pub program: ProgramId,
    /// `lead`, `sale`, … or the program's own.
    pub kind: String,
    /// The order or invoice id: one fact for ever.
    pub business_key: String,
    /// Who reported it first.
    pub integration: IntegrationId,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it was reported.
    pub received_at: Timestamp,
    /// Its place in the owner's order of booking.
    pub booked_seq: i64,
    /// Gross amount.
    pub amount: Money,
    /// Net amount in the same currency, when told.
    pub net_amount: Option<i64>,
    /// Items.
    pub quantity: u32,
    /// Gross given back so far.
    pub returned_amount: i64,
    /// Who bought.
    pub customer: Option<CustomerId>,
    /// The click it was reported with.
    pub click: Option<[u8; 16]>,
    /// The code it was reported with.
    pub coupon: Option<CouponId>,
    /// Where it stands.
    pub status: ConversionStatus,
    /// Format of the hash's content.
    pub content_format: u32,
    /// Hash of the canonical fields sent.
    pub content_hash: [u8; 32],
    /// Canonical JSON of the fields sent.
    pub given: String,
    /// The journey as copied at the decision, with verdicts: JSON of the attribution crate.
    pub journey: String,
    /// Whether it was reported in test mode.
    pub test: bool,
}

impl StoredConversion {
    /// Whether it only carries an amount that a person gave.
    #[must_use]
    pub fn is_manual(&self) -> bool {
        self.kind == MANUAL_EVENT
    }
}

macro_rules! conversion_columns {
    () => {
        "id, owner_id, program_id, type, business_key, integration_id, occurred_at, received_at, \
         booked_seq, currency, amount, net_amount, quantity, returned_amount, customer_id, \
         click_id, coupon_id, status, content_format, content_hash, given, journey, test"
    };
}
pub(crate) use conversion_columns;

/// As [`read_conversion`], with the long texts taken out of the row instead of copied.
pub(crate) fn take_conversion(mut row: Row) -> Result<StoredConversion, EngineError> {
    let (given, journey) = (row.take_text(GIVEN)?, row.take_text(GIVEN + 1)?);
    Ok(StoredConversion { given, journey, ..read_conversion(&row)? })
}

/// Place of `given` among the columns; `journey` follows.
const GIVEN: usize = 20;

pub(crate) fn read_conversion(row: &Row) -> Result<StoredConversion, EngineError> {
    Ok(StoredConversion {
        id: row.id(0)?,
        owner: row.id(1)?,
        program: row.id(2)?,
        kind: row.text(3)?.to_owned(),
        business_key: row.text(4)?.to_owned(),
        integration: row.id(5)?,
        occurred_at: row.timestamp(6)?,
        received_at: row.timestamp(7)?,
        booked_seq: row.int(8)?,
        amount: Money::new(row.int(10)?, row.parse(9)?),
        net_amount: row.int_or_null(11)?,
        quantity: row.u32(12)?,
        returned_amount: row.int(13)?,
        customer: row.id_or_null(14)?,
        click: match row.bytes_or_null(15)? {
            Some(_) => Some(row.array(15)?),
            None => None,
        },
        coupon: row.id_or_null(16)?,
        status: row.parse(17)?,
        content_format: row.u32(18)?,
        content_hash: row.array(19)?,
        given: row.text(20)?.to_owned(),
        journey: row.text(21)?.to_owned(),
        test: row.bool(22)?,
    })
}

/// A business key: one fact for ever.
pub type BusinessKey = (OrganisationId, ProgramId, String, String);

/// Conversions by business key.
pub async fn conversions_by_business_key(
    conn: &mut dyn Connection,
    keys: &[BusinessKey],
) -> Result<Vec<StoredConversion>, EngineError> {
    static BY_KEY: Lookup = Lookup {
        select: conversion_columns!(),
        table: "conversion",
        keys: &[("owner_id", Bytes), ("program_id", Bytes), ("type", Text), ("business_key", Text)],
        condition: "",
        lock: false,
    };
    let keys = keys
        .iter()
        .map(|(o, p, t, k)| vec![(*o).into(), (*p).into(), t.as_str().into(), k.as_str().into()])
        .collect();
    all(&conn.lookup(&BY_KEY, keys).await?, read_conversion)
}

/// Conversions by id, of one owner.
pub async fn conversions_by_id(
    conn: &mut dyn Connection,
    keys: &[(OrganisationId, ConversionId)],
) -> Result<Vec<StoredConversion>, EngineError> {
    static BY_ID: Lookup = Lookup {
        select: conversion_columns!(),
        table: "conversion",
        keys: &[("owner_id", Bytes), ("id", Bytes)],
        condition: "",
        lock: false,
    };
    let keys = keys.iter().map(|(o, id)| vec![(*o).into(), (*id).into()]).collect();
    all(&conn.lookup(&BY_ID, keys).await?, read_conversion)
}

/// Adds conversions, or writes what a later decision changed: status, amounts, journey.
pub async fn put_conversions(
    conn: &mut dyn Connection,
    items: &[StoredConversion],
) -> Result<(), EngineError> {
    static CONVERSION: Insert = Insert {
        table: "conversion",
        columns: &[
            ("id", Bytes),
            ("owner_id", Bytes),
            ("program_id", Bytes),
            ("type", Text),
            ("business_key", Text),
            ("integration_id", Bytes),
            ("occurred_at", Int),
            ("received_at", Int),
            ("booked_seq", Int),
            ("currency", Text),
            ("amount", Int),
            ("net_amount", Int),
            ("quantity", Int),
            ("returned_amount", Int),
            ("customer_id", Bytes),
            ("click_id", Bytes),
            ("coupon_id", Bytes),
            ("status", Text),
            ("content_format", Int),
            ("content_hash", Bytes),
            ("given", Text),
            ("journey", Text),
            ("test", Int),
        ],
        conflict: "ON CONFLICT (owner_id, id) DO UPDATE SET status = excluded.status, \
                   amount = excluded.amount, net_amount = excluded.net_amount, \
                   returned_amount = excluded.returned_amount, journey = excluded.journey",
    };
    let rows = items
        .iter()
        .map(|it| {
            vec![
                it.id.into(),
                it.owner.into(),
                it.program.into(),
                it.kind.as_str().into(),
                it.business_key.as_str().into(),
                it.integration.into(),
                it.occurred_at.into(),
                it.received_at.into(),
                it.booked_seq.into(),
                it.amount.currency.code().into(),
                it.amount.minor.into(),
                it.net_amount.into(),
                it.quantity.into(),
                it.returned_amount.into(),
                it.customer.into(),
                it.click.map(Vec::from).into(),
                it.coupon.into(),
                it.status.as_str().into(),
                it.content_format.into(),
                it.content_hash.into(),
                it.given.as_str().into(),
                it.journey.as_str().into(),
                it.test.into(),
            ]
        })
        .collect();
    conn.insert(&CONVERSION, rows).await?;
    Ok(())
}
