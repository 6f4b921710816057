//! Closed periods, how an owner's books are written, and what is owed by the end of holds.

use tributary_kernel::{LocalDate, OrganisationId, PartnerId, PeriodLockId, ProgramId, Timestamp};
use tributary_money::Currency;

use crate::engine::{Connection, EngineError, Row};
use crate::list::{Page, PageRequest, Select, all, first};

/// A closed period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLock {
    /// Its id.
    pub id: PeriodLockId,
    /// Whose.
    pub owner: OrganisationId,
    /// The last closed day.
    pub through: LocalDate,
    /// Transfers of the ledger before it.
    pub transfer_seq: i64,
    /// When it was closed.
    pub locked_at: Timestamp,
    /// By whom (opaque).
    pub locked_by: String,
}

const LOCK: &str =
    "SELECT id, owner_id, through, transfer_seq, locked_at, locked_by FROM period_lock";

fn read_lock(row: &Row) -> Result<StoredLock, EngineError> {
    Ok(StoredLock {
        id: row.id(0)?,
        owner: row.id(1)?,
        through: row.date(2)?,
        transfer_seq: row.int(3)?,
        locked_at: row.timestamp(4)?,
        locked_by: row.text(5)?.to_owned(),
    })
}

/// Closes a period.
pub async fn insert_lock(conn: &mut dyn Connection, it: &StoredLock) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO period_lock (id, owner_id, through, transfer_seq, locked_at, locked_by) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        vec![
            it.id.into(),
            it.owner.into(),
            it.through.into(),
            it.transfer_seq.into(),
            it.locked_at.into(),
            it.locked_by.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

/// An owner's closed periods, newest first.
pub async fn list_locks(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    page: PageRequest,
) -> Result<Page<StoredLock>, EngineError> {
    Select::new(LOCK).and("owner_id = ?", [owner.into()]).page(conn, page, read_lock).await
}

/// All of them, oldest day first.
pub async fn locks(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<Vec<StoredLock>, EngineError> {
    let select = Select::new(LOCK).and("owner_id = ?", [owner.into()]);
    all(&select.run(conn, "ORDER BY through LIMIT 10000").await?, read_lock)
}

/// How an owner's books are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBookkeeping {
    /// Whose.
    pub owner: OrganisationId,
    /// JSON: the account of each kind.
    pub accounts: String,
    /// Series of its vouchers.
    pub series: String,
    /// First month of the fiscal year, 1 to 12.
    pub year_month: u32,
    /// Number in the register of companies.
    pub organisation_number: Option<String>,
    /// When it was said.
    pub updated_at: Timestamp,
}

/// Sets how an owner's books are written.
pub async fn put_bookkeeping(
    conn: &mut dyn Connection,
    it: &StoredBookkeeping,
) -> Result<(), EngineError> {
    conn.execute(
        "INSERT INTO bookkeeping (owner_id, accounts, series, year_month, organisation_number, \
         updated_at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (owner_id) DO UPDATE SET accounts = excluded.accounts, \
         series = excluded.series, year_month = excluded.year_month, \
         organisation_number = excluded.organisation_number, updated_at = excluded.updated_at",
        vec![
            it.owner.into(),
            it.accounts.as_str().into(),
            it.series.as_str().into(),
            it.year_month.into(),
            it.organisation_number.as_deref().into(),
            it.updated_at.into(),
        ],
    )
    .await?;
    Ok(())
}

/// How an owner's books are written, once it was said.
pub async fn bookkeeping(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<Option<StoredBookkeeping>, EngineError> {
    let rows = conn
        .query(
            "SELECT owner_id, accounts, series, year_month, organisation_number, updated_at \
             FROM bookkeeping WHERE owner_id = $1",
            vec![owner.into()],
        )
        .await?;
    first(&rows, |row| {
        Ok(StoredBookkeeping {
            owner: row.id(0)?,
            accounts: row.text(1)?.to_owned(),
            series: row.text(2)?.to_owned(),
            year_month: row.u32(3)?,
            organisation_number: row.text_or_null(4)?.map(str::to_owned),
            updated_at: row.timestamp(5)?,
        })
    })
}

/// Pending real money of a program by the end of its hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingDue {
    /// Of which program.
    pub program: ProgramId,
    /// In which currency.
    pub currency: Currency,
    /// The end of the hold.
    pub due_at: Timestamp,
    /// Its sum.
    pub amount: i64,
}

/// An owner's pending money by program and end of hold, soonest first, at most `limit` rows.
pub async fn pending_of_owner(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    limit: u32,
) -> Result<Vec<PendingDue>, EngineError> {
    let rows = conn
        .query(
            "SELECT program_id, currency, due_at, \
             CAST(SUM(amount - reversed_amount) AS BIGINT) FROM commission \
             WHERE owner_id = $1 AND state = 'pending' AND test = 0 \
             GROUP BY program_id, currency, due_at ORDER BY due_at, program_id LIMIT $2",
            vec![owner.into(), limit.into()],
        )
        .await?;
    all(&rows, |row| {
        Ok(PendingDue {
            program: row.id(0)?,
            currency: row.parse(1)?,
            due_at: row.timestamp(2)?,
            amount: row.int(3)?,
        })
    })
}

/// What a partner of a program is owed apart from what is pending or in a payout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApprovedNet {
    /// Of which program.
    pub program: ProgramId,
    /// Whose.
    pub partner: PartnerId,
    /// In which currency.
    pub currency: Currency,
    /// Approved less what is owed back.
    pub amount: i64,
}

/// An owner's partners with approved money or something owed back.
pub async fn approved_of_owner(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<Vec<ApprovedNet>, EngineError> {
    let rows = conn
        .query(
            "SELECT program_id, partner_id, currency, CAST(-SUM(balance) AS BIGINT) \
             FROM ledger_account WHERE owner_id = $1 AND balance <> 0 \
             AND kind IN ('partner_approved', 'partner_clawback') \
             GROUP BY program_id, partner_id, currency ORDER BY program_id, partner_id, currency",
            vec![owner.into()],
        )
        .await?;
    all(&rows, |row| {
        Ok(ApprovedNet {
            program: row.id(0)?,
            partner: row.id(1)?,
            currency: row.parse(2)?,
            amount: row.int(3)?,
        })
    })
}

/// Payouts on their way, by the pay day of their run.
pub async fn payable_by_day(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<Vec<(Currency, LocalDate, i64)>, EngineError> {
    let rows = conn
        .query(
            "SELECT p.currency, r.pay_on, CAST(SUM(p.amount) AS BIGINT) FROM payout p \
             JOIN payout_run r ON r.owner_id = p.owner_id AND r.id = p.run_id \
             WHERE p.owner_id = $1 AND p.state IN ('approved', 'sent') \
             GROUP BY p.currency, r.pay_on ORDER BY p.currency, r.pay_on",
            vec![owner.into()],
        )
        .await?;
    all(&rows, |row| Ok((row.parse(0)?, row.date(1)?, row.int(2)?)))
}
