//! What a program owes its partners, as a payout run reads it.

use tributary_kernel::{
    CommissionId, ConversionId, OrganisationId, PartnerId, PayoutId, ProgramId, Timestamp,
};
use tributary_money::Currency;

use super::{PAYOUT, StoredPayout, read_payout};
use crate::decision::{StoredCommission, commission_columns, read_commission};
use crate::engine::{Connection, EngineError, Kind, Lookup};
use crate::list::{Select, all, first};

/// What two accounts of a partner in a program say, minor units, positive when they stand as
/// usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartnerOwed {
    /// Which partner.
    pub partner: PartnerId,
    /// Approved and in no payout.
    pub approved: i64,
    /// Paid and owed back.
    pub clawback: i64,
}

/// Partners with something approved or owed back in a program's currency.
pub async fn partners_owed(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    currency: Currency,
) -> Result<Vec<PartnerOwed>, EngineError> {
    let rows = conn
        .query(
            "SELECT partner_id, \
             CAST(SUM(CASE WHEN kind = 'partner_approved' THEN -balance ELSE 0 END) AS BIGINT), \
             CAST(SUM(CASE WHEN kind = 'partner_clawback' THEN balance ELSE 0 END) AS BIGINT) \
             FROM ledger_account WHERE owner_id = $1 AND program_id = $2 AND currency = $3 \
             AND kind IN ('partner_approved', 'partner_clawback') AND balance <> 0 \
             GROUP BY partner_id ORDER BY partner_id",
            vec![owner.into(), program.into(), currency.code().into()],
        )
        .await?;
    all(&rows, |row| {
        Ok(PartnerOwed { partner: row.id(0)?, approved: row.int(1)?, clawback: row.int(2)? })
    })
}

/// A commission with what is left of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AmountLeft {
    /// Which.
    pub commission: CommissionId,
    /// Whose.
    pub partner: PartnerId,
    /// As booked less what was given back.
    pub remaining: i64,
}

fn read_amount(row: &crate::engine::Row) -> Result<AmountLeft, EngineError> {
    Ok(AmountLeft { commission: row.id(0)?, partner: row.id(1)?, remaining: row.int(2)? })
}

/// Approved real commissions of a program in its currency, by partner, at most `limit`.
pub async fn approved_amounts(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    currency: Currency,
    limit: u32,
) -> Result<Vec<AmountLeft>, EngineError> {
    let rows = conn
        .query(
            "SELECT id, partner_id, amount - reversed_amount FROM commission \
             WHERE owner_id = $1 AND state = 'approved' AND program_id = $2 AND currency = $3 \
             AND test = 0 ORDER BY partner_id, id LIMIT $4",
            vec![owner.into(), program.into(), currency.code().into(), limit.into()],
        )
        .await?;
    all(&rows, read_amount)
}

/// Real commissions of a partner of which something was given back after they were booked, other
/// than declined ones, after an id, in order.
pub async fn reversed_amounts(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    partner: PartnerId,
    currency: Currency,
    after: [u8; 16],
    limit: u32,
) -> Result<Vec<AmountLeft>, EngineError> {
    let rows = conn
        .query(
            "SELECT id, partner_id, amount - reversed_amount FROM commission \
             WHERE partner_id = $1 AND id > $2 AND owner_id = $3 AND program_id = $4 \
             AND currency = $5 AND reversed_amount > 0 AND test = 0 \
             AND state IN ('approved', 'payable', 'paid', 'reversed') ORDER BY id LIMIT $6",
            vec![
                partner.into(),
                after.into(),
                owner.into(),
                program.into(),
                currency.code().into(),
                limit.into(),
            ],
        )
        .await?;
    all(&rows, read_amount)
}

/// A partner's payouts of a program that hold (neither cancelled nor returned), after an id, in
/// order.
pub async fn live_payouts_of(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    partner: PartnerId,
    after: [u8; 16],
    limit: u32,
) -> Result<Vec<StoredPayout>, EngineError> {
    let rows = Select::new(PAYOUT)
        .and("partner_id = ?", [partner.into()])
        .and("id > ?", [after.into()])
        .and("owner_id = ?", [owner.into()])
        .and("program_id = ?", [program.into()])
        .and("state IN ('approved', 'sent', 'paid')", [])
        .run_limited(conn, "ORDER BY id", limit)
        .await?;
    all(&rows, read_payout)
}

/// When the newest of these was made.
pub async fn last_live_payout_at(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    partner: PartnerId,
) -> Result<Option<Timestamp>, EngineError> {
    let rows = conn
        .query(
            "SELECT MAX(created_at) FROM payout WHERE partner_id = $1 AND owner_id = $2 \
             AND program_id = $3 AND state IN ('approved', 'sent', 'paid')",
            vec![partner.into(), owner.into(), program.into()],
        )
        .await?;
    Ok(first(&rows, |row| row.timestamp_or_null(0))?.flatten())
}

/// The commissions of a payout after an id, in order.
pub async fn commissions_of_payout(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    payout: PayoutId,
    after: [u8; 16],
    limit: u32,
) -> Result<Vec<StoredCommission>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                commission_columns!(),
                " FROM commission WHERE owner_id = $1 AND payout_id = $2 AND id > $3 \
                 ORDER BY id LIMIT $4"
            ),
            vec![owner.into(), payout.into(), after.into(), limit.into()],
        )
        .await?;
    all(&rows, read_commission)
}

/// The owner's references (order or invoice ids) of conversions.
pub async fn conversion_references(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    conversions: &[ConversionId],
) -> Result<Vec<(ConversionId, String)>, EngineError> {
    static REFERENCE: Lookup = Lookup {
        select: "id, business_key",
        table: "conversion",
        keys: &[("owner_id", Kind::Bytes), ("id", Kind::Bytes)],
        condition: "",
        lock: false,
    };
    let keys = conversions.iter().map(|id| vec![owner.into(), (*id).into()]).collect();
    all(&conn.lookup(&REFERENCE, keys).await?, |row| Ok((row.id(0)?, row.text(1)?.to_owned())))
}

/// Pending money whose hold ends at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueAmount {
    /// When.
    pub due_at: Timestamp,
    /// Commissions.
    pub count: i64,
    /// Their sum.
    pub amount: i64,
}

/// Pending real money of a partner in a program by the end of its hold, at most `limit` moments,
/// soonest first. Holds end at the first moment of a day, so these are days.
pub async fn pending_by_due(
    conn: &mut dyn Connection,
    partner: PartnerId,
    program: ProgramId,
    currency: Currency,
    limit: u32,
) -> Result<Vec<DueAmount>, EngineError> {
    let rows = conn
        .query(
            "SELECT due_at, COUNT(*), CAST(SUM(amount - reversed_amount) AS BIGINT) \
             FROM commission WHERE partner_id = $1 AND program_id = $2 AND currency = $3 \
             AND state = 'pending' AND test = 0 GROUP BY due_at ORDER BY due_at LIMIT $4",
            vec![partner.into(), program.into(), currency.code().into(), limit.into()],
        )
        .await?;
    all(&rows, |row| {
        Ok(DueAmount { due_at: row.timestamp(0)?, count: row.int(1)?, amount: row.int(2)? })
    })
}
