//! What the decision transaction reads and writes, in bulk. The head of an owner is the one lock:
//! taken first and in the order of owners, it makes everything else of that owner serial, so that
//! keys, counters, series and the tree need no locks of their own.

use tributary_kernel::{
    AdjustmentId, CommissionId, ConversionId, CouponId, CustomerId, EventId, IntegrationId, LinkId,
    LocalDate, OrganisationId, PartnerId, PartnershipId, PayoutId, PlanId, ProgramId, QuarantineId,
    Timestamp, text_enum,
};
use tributary_money::{Currency, Money};

use crate::engine::{
    Connection, EngineError, Insert,
    Kind::{Bytes, Int, Text},
    Lookup, Row, Value,
};
use crate::list::{all, first};

/// The heads of an owner's series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerHead {
    /// Whose.
    pub owner: OrganisationId,
    /// Conversions and adjustments booked so far.
    pub booked_seq: i64,
    /// Transfers so far: the size of the tree.
    pub transfer_seq: i64,
    /// Events so far.
    pub outbox_seq: i64,
    /// The tree's right edge, in the ledger's form.
    pub frontier: Vec<u8>,
}

fn read_head(row: &Row) -> Result<OwnerHead, EngineError> {
    Ok(OwnerHead {
        owner: row.id(0)?,
        booked_seq: row.int(1)?,
        transfer_seq: row.int(2)?,
        outbox_seq: row.int(3)?,
        frontier: row.bytes(4)?.to_vec(),
    })
}

/// Locks owners' heads, in the order of the owners. The first thing a decision does.
pub async fn lock_heads_in(
    conn: &mut dyn Connection,
    owners: &[OrganisationId],
) -> Result<Vec<OwnerHead>, EngineError> {
    static LOCK: Lookup = Lookup {
        select: "owner_id, booked_seq, transfer_seq, outbox_seq, frontier",
        table: "owner_head",
        keys: &[("owner_id", Bytes)],
        condition: "",
        lock: true,
    };
    let keys = owners.iter().map(|owner| vec![Value::from(*owner)]).collect();
    all(&conn.lookup(&LOCK, keys).await?, read_head)
}

/// An owner's head, without a lock.
pub async fn head(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<Option<OwnerHead>, EngineError> {
    let rows = conn
        .query(
            "SELECT owner_id, booked_seq, transfer_seq, outbox_seq, frontier FROM owner_head \
             WHERE owner_id = $1",
            vec![owner.into()],
        )
        .await?;
    first(&rows, read_head)
}

/// Moves a locked head forward.
pub async fn put_head_in(conn: &mut dyn Connection, it: &OwnerHead) -> Result<(), EngineError> {
    conn.execute(
        "UPDATE owner_head SET booked_seq = $2, transfer_seq = $3, outbox_seq = $4, frontier = $5 \
         WHERE owner_id = $1",
        vec![
            it.owner.into(),
            it.booked_seq.into(),
            it.transfer_seq.into(),
            it.outbox_seq.into(),
            it.frontier.clone().into(),
        ],
    )
    .await?;
    Ok(())
}

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

/// Finds customers by the owner's own id, and adds the missing ones.
pub async fn customers_in(
    conn: &mut dyn Connection,
    wanted: &[(OrganisationId, String, CustomerId)],
    at: Timestamp,
) -> Result<Vec<(OrganisationId, String, CustomerId)>, EngineError> {
    static BY_EXTERNAL_ID: Lookup = Lookup {
        select: "owner_id, external_id, id",
        table: "customer",
        keys: &[("owner_id", Bytes), ("external_id", Text)],
        condition: "",
        lock: false,
    };
    static CUSTOMER: Insert = Insert {
        table: "customer",
        columns: &[("owner_id", Bytes), ("id", Bytes), ("external_id", Text), ("created_at", Int)],
        conflict: "ON CONFLICT (owner_id, external_id) DO NOTHING",
    };
    let rows = wanted
        .iter()
        .map(|(o, e, id)| vec![(*o).into(), (*id).into(), e.as_str().into(), at.into()])
        .collect();
    conn.insert(&CUSTOMER, rows).await?;
    let keys = wanted.iter().map(|(o, e, _)| vec![(*o).into(), e.as_str().into()]).collect();
    all(&conn.lookup(&BY_EXTERNAL_ID, keys).await?, |row| {
        Ok((row.id(0)?, row.text(1)?.to_owned(), row.id(2)?))
    })
}

/// An owner's id of one customer, for pages and explanations.
pub async fn customer_external_id(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    id: CustomerId,
) -> Result<Option<String>, EngineError> {
    let rows = conn
        .query(
            "SELECT external_id FROM customer WHERE owner_id = $1 AND id = $2",
            vec![owner.into(), id.into()],
        )
        .await?;
    first(&rows, |row| Ok(row.text(0)?.to_owned()))
}

/// What is counted per customer of a program, and whose customer it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerCounters {
    /// Whose.
    pub owner: OrganisationId,
    /// Of which program.
    pub program: ProgramId,
    /// Which customer.
    pub customer: CustomerId,
    /// Whose customer it is, once somebody was credited.
    pub partnership: Option<PartnershipId>,
    /// Since when.
    pub assigned_at: Option<Timestamp>,
    /// When the first payment occurred.
    pub first_payment_at: Option<Timestamp>,
    /// Payments booked.
    pub payments: u32,
    /// Leads booked.
    pub leads: u32,
}

/// Counters of customers; those without a row are left out.
pub async fn counters(
    conn: &mut dyn Connection,
    keys: &[(OrganisationId, ProgramId, CustomerId)],
) -> Result<Vec<CustomerCounters>, EngineError> {
    static BY_KEY: Lookup = Lookup {
        select: "owner_id, program_id, customer_id, partnership_id, assigned_at, \
                 first_payment_at, payments, leads",
        table: "customer_program",
        keys: &[("owner_id", Bytes), ("program_id", Bytes), ("customer_id", Bytes)],
        condition: "",
        lock: false,
    };
    let keys = keys.iter().map(|(o, p, c)| vec![(*o).into(), (*p).into(), (*c).into()]).collect();
    all(&conn.lookup(&BY_KEY, keys).await?, |row| {
        Ok(CustomerCounters {
            owner: row.id(0)?,
            program: row.id(1)?,
            customer: row.id(2)?,
            partnership: row.id_or_null(3)?,
            assigned_at: row.timestamp_or_null(4)?,
            first_payment_at: row.timestamp_or_null(5)?,
            payments: row.u32(6)?,
            leads: row.u32(7)?,
        })
    })
}

/// Writes counters as they are after the decision.
pub async fn put_counters(
    conn: &mut dyn Connection,
    items: &[CustomerCounters],
) -> Result<(), EngineError> {
    static COUNTERS: Insert = Insert {
        table: "customer_program",
        columns: &[
            ("owner_id", Bytes),
            ("program_id", Bytes),
            ("customer_id", Bytes),
            ("partnership_id", Bytes),
            ("assigned_at", Int),
            ("first_payment_at", Int),
            ("payments", Int),
            ("leads", Int),
        ],
        conflict: "ON CONFLICT (owner_id, program_id, customer_id) DO UPDATE SET \
                   partnership_id = excluded.partnership_id, \
                   assigned_at = excluded.assigned_at, \
                   first_payment_at = excluded.first_payment_at, \
                   payments = excluded.payments, leads = excluded.leads",
    };
    let rows = items
        .iter()
        .map(|it| {
            vec![
                it.owner.into(),
                it.program.into(),
                it.customer.into(),
                it.partnership.into(),
                it.assigned_at.into(),
                it.first_payment_at.into(),
                it.payments.into(),
                it.leads.into(),
            ]
        })
        .collect();
    conn.insert(&COUNTERS, rows).await?;
    Ok(())
}

/// A click known to belong to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerClick {
    /// Whose.
    pub owner: OrganisationId,
    /// Which customer.
    pub customer: CustomerId,
    /// The click's id.
    pub click: [u8; 16],
    /// When it was told.
    pub seen_at: Timestamp,
}

/// The clicks of customers.
pub async fn customer_clicks(
    conn: &mut dyn Connection,
    keys: &[(OrganisationId, CustomerId)],
) -> Result<Vec<CustomerClick>, EngineError> {
    static OF_CUSTOMER: Lookup = Lookup {
        select: "owner_id, customer_id, click_id, seen_at",
        table: "customer_click",
        keys: &[("owner_id", Bytes), ("customer_id", Bytes)],
        condition: "",
        lock: false,
    };
    let keys = keys.iter().map(|(o, c)| vec![(*o).into(), (*c).into()]).collect();
    all(&conn.lookup(&OF_CUSTOMER, keys).await?, |row| {
        Ok(CustomerClick {
            owner: row.id(0)?,
            customer: row.id(1)?,
            click: row.array(2)?,
            seen_at: row.timestamp(3)?,
        })
    })
}

/// Ties clicks to customers.
pub async fn put_customer_clicks(
    conn: &mut dyn Connection,
    items: &[CustomerClick],
) -> Result<(), EngineError> {
    static CLICK: Insert = Insert {
        table: "customer_click",
        columns: &[
            ("owner_id", Bytes),
            ("customer_id", Bytes),
            ("click_id", Bytes),
            ("seen_at", Int),
        ],
        conflict: "ON CONFLICT (owner_id, customer_id, click_id) DO NOTHING",
    };
    let rows = items
        .iter()
        .map(|it| vec![it.owner.into(), it.customer.into(), it.click.into(), it.seen_at.into()])
        .collect();
    conn.insert(&CLICK, rows).await?;
    Ok(())
}

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

macro_rules! conversion_columns {
    () => {
        "id, owner_id, program_id, type, business_key, integration_id, occurred_at, received_at, \
         booked_seq, currency, amount, net_amount, quantity, returned_amount, customer_id, \
         click_id, coupon_id, status, content_format, content_hash, given, journey, test"
    };
}
pub(crate) use conversion_columns;

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

text_enum! {
    /// Why an amount was given back or put right.
    pub enum AdjustmentKind {
        /// The customer got money back.
        Refund = "refund",
        /// The customer's bank took it back.
        Chargeback = "chargeback",
        /// The reported amount was wrong.
        Correction = "correction",
    }
}

/// A refund, chargeback or correction as stored.
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
             received_at, booked_seq, content_hash FROM adjustment \
             WHERE owner_id = $1 AND conversion_id = $2 ORDER BY booked_seq LIMIT 1000",
            vec![owner.into(), conversion.into()],
        )
        .await?;
    all(&rows, read_adjustment)
}

/// Adds an adjustment.
pub async fn insert_adjustment(
    conn: &mut dyn Connection,
    it: &StoredAdjustment,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO adjustment (id, owner_id, conversion_id, kind, business_key, amount, reason, \
         occurred_at, received_at, booked_seq, content_hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
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
        ],
    )
    .await?;
    Ok(())
}

text_enum! {
    /// Where a commission stands.
    pub enum CommissionState {
        /// Booked; waits for its hold and approval.
        Pending = "pending",
        /// Approved; waits for a payout.
        Approved = "approved",
        /// Declined with a coded reason.
        Declined = "declined",
        /// Given back in full.
        Reversed = "reversed",
        /// In a payout that is on its way.
        Payable = "payable",
        /// Paid.
        Paid = "paid",
    }
}

/// Money owed under a rule, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCommission {
    /// Its id.
    pub id: CommissionId,
    /// Who owes it.
    pub owner: OrganisationId,
    /// For which conversion.
    pub conversion: ConversionId,
    /// In which program.
    pub program: ProgramId,
    /// To which partnership.
    pub partnership: PartnershipId,
    /// To which partner.
    pub partner: PartnerId,
    /// Through which link, when one was clicked.
    pub link: Option<LinkId>,
    /// Under which version of the plan.
    pub plan: PlanId,
    /// Under which rule.
    pub rule: String,
    /// Where it stands.
    pub state: CommissionState,
    /// As booked.
    pub amount: Money,
    /// Given back so far.
    pub reversed_amount: i64,
    /// When its hold ends.
    pub due_at: Timestamp,
    /// When the conversion occurred.
    pub occurred_at: Timestamp,
    /// The day of that in the program's zone.
    pub local_day: LocalDate,
    /// The conversion's type.
    pub event: String,
    /// The conversion's place in the order of booking.
    pub booked_seq: i64,
    /// When it was booked.
    pub created_at: Timestamp,
    /// What the arithmetic needs: JSON of the commission crate.
    pub record: String,
    /// Code of the decline or reversal.
    pub reason: Option<String>,
    /// The payout it is in.
    pub payout: Option<PayoutId>,
    /// Whether it is test money, never payable.
    pub test: bool,
}

impl StoredCommission {
    /// What is still owed or was paid: as booked less what was given back.
    #[must_use]
    pub const fn remaining(&self) -> i64 {
        self.amount.minor - self.reversed_amount
    }
}

macro_rules! commission_columns {
    () => {
        "id, owner_id, conversion_id, program_id, partnership_id, partner_id, link_id, plan_id, \
         rule_id, state, currency, amount, reversed_amount, due_at, occurred_at, local_day, event, \
         booked_seq, created_at, record, reason, payout_id, test"
    };
}
pub(crate) use commission_columns;

pub(crate) fn read_commission(row: &Row) -> Result<StoredCommission, EngineError> {
    Ok(StoredCommission {
        id: row.id(0)?,
        owner: row.id(1)?,
        conversion: row.id(2)?,
        program: row.id(3)?,
        partnership: row.id(4)?,
        partner: row.id(5)?,
        link: row.id_or_null(6)?,
        plan: row.id(7)?,
        rule: row.text(8)?.to_owned(),
        state: row.parse(9)?,
        amount: Money::new(row.int(11)?, row.parse(10)?),
        reversed_amount: row.int(12)?,
        due_at: row.timestamp(13)?,
        occurred_at: row.timestamp(14)?,
        local_day: row.date(15)?,
        event: row.text(16)?.to_owned(),
        booked_seq: row.int(17)?,
        created_at: row.timestamp(18)?,
        record: row.text(19)?.to_owned(),
        reason: row.text_or_null(20)?.map(str::to_owned),
        payout: row.id_or_null(21)?,
        test: row.bool(22)?,
    })
}

/// Adds commissions, or writes what later decisions changed: state, reversed amount, reason,
/// payout.
pub async fn put_commissions(
    conn: &mut dyn Connection,
    items: &[StoredCommission],
) -> Result<(), EngineError> {
    static COMMISSION: Insert = Insert {
        table: "commission",
        columns: &[
            ("id", Bytes),
            ("owner_id", Bytes),
            ("conversion_id", Bytes),
            ("program_id", Bytes),
            ("partnership_id", Bytes),
            ("partner_id", Bytes),
            ("link_id", Bytes),
            ("plan_id", Bytes),
            ("rule_id", Text),
            ("state", Text),
            ("currency", Text),
            ("amount", Int),
            ("reversed_amount", Int),
            ("due_at", Int),
            ("occurred_at", Int),
            ("local_day", Int),
            ("event", Text),
            ("booked_seq", Int),
            ("created_at", Int),
            ("record", Text),
            ("reason", Text),
            ("payout_id", Bytes),
            ("test", Int),
        ],
        conflict: "ON CONFLICT (owner_id, id) DO UPDATE SET state = excluded.state, \
                   reversed_amount = excluded.reversed_amount, reason = excluded.reason, \
                   payout_id = excluded.payout_id",
    };
    let rows = items
        .iter()
        .map(|it| {
            vec![
                it.id.into(),
                it.owner.into(),
                it.conversion.into(),
                it.program.into(),
                it.partnership.into(),
                it.partner.into(),
                it.link.into(),
                it.plan.into(),
                it.rule.as_str().into(),
                it.state.as_str().into(),
                it.amount.currency.code().into(),
                it.amount.minor.into(),
                it.reversed_amount.into(),
                it.due_at.into(),
                it.occurred_at.into(),
                it.local_day.into(),
                it.event.as_str().into(),
                it.booked_seq.into(),
                it.created_at.into(),
                it.record.as_str().into(),
                it.reason.as_deref().into(),
                it.payout.into(),
                it.test.into(),
            ]
        })
        .collect();
    conn.insert(&COMMISSION, rows).await?;
    Ok(())
}

/// Commissions of conversions, in the order they were booked.
pub async fn commissions_of(
    conn: &mut dyn Connection,
    keys: &[(OrganisationId, ConversionId)],
) -> Result<Vec<StoredCommission>, EngineError> {
    static OF_CONVERSION: Lookup = Lookup {
        select: commission_columns!(),
        table: "commission",
        keys: &[("owner_id", Bytes), ("conversion_id", Bytes)],
        condition: "",
        lock: false,
    };
    let keys = keys.iter().map(|(o, id)| vec![(*o).into(), (*id).into()]).collect();
    let mut found = all(&conn.lookup(&OF_CONVERSION, keys).await?, read_commission)?;
    found.sort_by_key(|it| (it.booked_seq, it.id));
    Ok(found)
}

/// Commissions of one owner by id.
pub async fn commissions_by_id(
    conn: &mut dyn Connection,
    keys: &[(OrganisationId, CommissionId)],
) -> Result<Vec<StoredCommission>, EngineError> {
    static BY_ID: Lookup = Lookup {
        select: commission_columns!(),
        table: "commission",
        keys: &[("owner_id", Bytes), ("id", Bytes)],
        condition: "",
        lock: false,
    };
    let keys = keys.iter().map(|(o, id)| vec![(*o).into(), (*id).into()]).collect();
    all(&conn.lookup(&BY_ID, keys).await?, read_commission)
}

/// What is added to the daily rollup. All parts but the three numbers are the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyDelta {
    /// Whose.
    pub owner: OrganisationId,
    /// Of which program.
    pub program: ProgramId,
    /// The program's day.
    pub day: LocalDate,
    /// Of which currency.
    pub currency: Currency,
    /// Whose doing; zero bytes: nobody's.
    pub partner: PartnerId,
    /// Through which link; zero bytes: none.
    pub link: LinkId,
    /// Conversion type.
    pub event: String,
    /// Conversion status or commission state.
    pub state: &'static str,
    /// Conversions added.
    pub conversions: i64,
    /// Gross amount added.
    pub amount: i64,
    /// Commission added.
    pub commission: i64,
}

/// Adds to the daily rollup; deltas of one key are summed first.
pub async fn add_daily(
    conn: &mut dyn Connection,
    deltas: Vec<DailyDelta>,
) -> Result<(), EngineError> {
    static DAILY: Insert = Insert {
        table: "daily",
        columns: &[
            ("owner_id", Bytes),
            ("program_id", Bytes),
            ("local_day", Int),
            ("currency", Text),
            ("partner_id", Bytes),
            ("link_id", Bytes),
            ("event", Text),
            ("state", Text),
            ("conversions", Int),
            ("amount", Int),
            ("commission", Int),
        ],
        conflict: "ON CONFLICT (owner_id, program_id, local_day, currency, partner_id, link_id, \
                   event, state) DO UPDATE SET conversions = daily.conversions + \
                   excluded.conversions, amount = daily.amount + excluded.amount, \
                   commission = daily.commission + excluded.commission",
    };
    let mut sums = std::collections::BTreeMap::new();
    for it in deltas {
        let key = (
            (it.owner, it.program, it.day, it.currency),
            (it.partner, it.link, it.event, it.state),
        );
        let sum = sums.entry(key).or_insert((0, 0, 0));
        sum.0 += it.conversions;
        sum.1 += it.amount;
        sum.2 += it.commission;
    }
    let rows = sums
        .into_iter()
        .filter(|(_, sum)| *sum != (0, 0, 0))
        .map(|(((o, p, day, currency), (partner, link, event, state)), sum)| {
            vec![
                o.into(),
                p.into(),
                day.into(),
                currency.code().into(),
                partner.into(),
                link.into(),
                event.into(),
                state.into(),
                sum.0.into(),
                sum.1.into(),
                sum.2.into(),
            ]
        })
        .collect();
    conn.insert(&DAILY, rows).await?;
    Ok(())
}

/// Adds to the counts of what came in.
pub async fn add_intake(
    conn: &mut dyn Connection,
    counts: Vec<(OrganisationId, LocalDate, &'static str, i64)>,
) -> Result<(), EngineError> {
    static INTAKE: Insert = Insert {
        table: "intake",
        columns: &[("owner_id", Bytes), ("utc_day", Int), ("outcome", Text), ("count", Int)],
        conflict: "ON CONFLICT (owner_id, utc_day, outcome) DO UPDATE SET \
                   count = intake.count + excluded.count",
    };
    let mut sums = std::collections::BTreeMap::new();
    for (owner, day, outcome, count) in counts {
        *sums.entry((owner, day, outcome)).or_insert(0i64) += count;
    }
    let rows = sums
        .into_iter()
        .map(|((owner, day, outcome), count)| {
            vec![owner.into(), day.into(), outcome.into(), count.into()]
        })
        .collect();
    conn.insert(&INTAKE, rows).await?;
    Ok(())
}

/// An owner's counts of what came in since a day, by outcome.
pub async fn intake(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    since: LocalDate,
) -> Result<Vec<(String, i64)>, EngineError> {
    let rows = conn
        .query(
            "SELECT outcome, CAST(SUM(count) AS BIGINT) FROM intake \
             WHERE owner_id = $1 AND utc_day >= $2 GROUP BY outcome ORDER BY outcome",
            vec![owner.into(), since.into()],
        )
        .await?;
    all(&rows, |row| Ok((row.text(0)?.to_owned(), row.int(1)?)))
}

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
}

macro_rules! quarantine_columns {
    () => {
        "id, owner_id, program_id, integration_id, received_at, reason, given, conversion_id, status"
    };
}

fn read_quarantine(row: &Row) -> Result<QuarantineRow, EngineError> {
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
