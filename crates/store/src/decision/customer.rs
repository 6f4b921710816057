//! Customers, their counters and their clicks.

use tributary_kernel::{CustomerId, OrganisationId, PartnershipId, ProgramId, Timestamp};
use tributary_money::Share;

use crate::engine::{
    Connection, EngineError, Insert,
    Kind::{Bytes, Int, Text},
    Lookup, Value,
};
use crate::list::{all, first, json, to_json};

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

/// An owner's ids of customers, in no stated order.
pub async fn customer_external_ids(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    ids: &[CustomerId],
) -> Result<Vec<(CustomerId, String)>, EngineError> {
    static BY_ID: Lookup = Lookup {
        select: "id, external_id",
        table: "customer",
        keys: &[("owner_id", Bytes), ("id", Bytes)],
        condition: "",
        lock: false,
    };
    let keys = ids.iter().map(|it| vec![owner.into(), (*it).into()]).collect();
    all(&conn.lookup(&BY_ID, keys).await?, |row| Ok((row.id(0)?, row.text(1)?.to_owned())))
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
    /// In which parts it belongs to whom, where it does not belong to one alone; in the order of
    /// partnerships.
    pub parts: Vec<(PartnershipId, Share)>,
    /// When the first lead occurred.
    pub lead_at: Option<Timestamp>,
    /// When it first came to be an opportunity.
    pub opportunity_at: Option<Timestamp>,
}

/// Counters of customers; those without a row are left out.
pub async fn counters(
    conn: &mut dyn Connection,
    keys: &[(OrganisationId, ProgramId, CustomerId)],
) -> Result<Vec<CustomerCounters>, EngineError> {
    static BY_KEY: Lookup = Lookup {
        select: "owner_id, program_id, customer_id, partnership_id, assigned_at, \
                 first_payment_at, payments, leads, parts, lead_at, opportunity_at",
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
            parts: match row.text_or_null(8)? {
                Some(_) => json(row, 8)?,
                None => Vec::new(),
            },
            lead_at: row.timestamp_or_null(9)?,
            opportunity_at: row.timestamp_or_null(10)?,
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
            ("parts", Text),
            ("lead_at", Int),
            ("opportunity_at", Int),
        ],
        conflict: "ON CONFLICT (owner_id, program_id, customer_id) DO UPDATE SET \
                   partnership_id = excluded.partnership_id, \
                   assigned_at = excluded.assigned_at, \
                   first_payment_at = excluded.first_payment_at, \
                   payments = excluded.payments, leads = excluded.leads, \
                   parts = excluded.parts, lead_at = excluded.lead_at, \
                   opportunity_at = excluded.opportunity_at",
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
                if it.parts.is_empty() { Value::Text(None) } else { to_json(&it.parts) },
                it.lead_at.into(),
                it.opportunity_at.into(),
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

/// Forgets that clicks belong to customers.
pub async fn forget_customer_clicks(
    conn: &mut dyn Connection,
    items: &[CustomerClick],
) -> Result<(), EngineError> {
    for it in items {
        conn.execute(
            "DELETE FROM customer_click \
             WHERE owner_id = $1 AND customer_id = $2 AND click_id = $3",
            vec![it.owner.into(), it.customer.into(), it.click.into()],
        )
        .await?;
    }
    Ok(())
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
