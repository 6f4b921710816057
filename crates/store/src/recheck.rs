//! Narrow reads in the order of keys, for whoever computes a whole ledger again.

use tributary_kernel::{
    CommissionId, ConversionId, LocalDate, OrganisationId, PartnerId, PartnershipId, ProgramId,
    Timestamp,
};
use tributary_money::Money;

use crate::decision::{
    AdjustmentKind, CommissionBasis, CommissionState, StoredCommission, StoredConversion,
    commission_columns, conversion_columns, take_commission, take_conversion,
};
use crate::engine::{Connection, EngineError};
use crate::list::{all, first};

/// What the ledger must agree with of a commission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommissionBalance {
    /// Which.
    pub id: CommissionId,
    /// In which program.
    pub program: ProgramId,
    /// Whose.
    pub partner: PartnerId,
    /// Where it stands.
    pub state: CommissionState,
    /// As booked.
    pub amount: Money,
    /// Given back so far.
    pub reversed_amount: i64,
    /// When the conversion occurred.
    pub occurred_at: Timestamp,
    /// Whether it is test money.
    pub test: bool,
}

/// An owner's commissions after an id, in order.
pub async fn commission_balances(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    after: [u8; 16],
    limit: u32,
) -> Result<Vec<CommissionBalance>, EngineError> {
    let rows = conn
        .query(
            "SELECT id, program_id, partner_id, state, amount, currency, reversed_amount, \
             occurred_at, test FROM commission WHERE owner_id = $1 AND id > $2 \
             ORDER BY id LIMIT $3",
            vec![owner.into(), after.into(), limit.into()],
        )
        .await?;
    all(&rows, |row| {
        Ok(CommissionBalance {
            id: row.id(0)?,
            program: row.id(1)?,
            partner: row.id(2)?,
            state: row.parse(3)?,
            amount: Money::new(row.int(4)?, row.parse(5)?),
            reversed_amount: row.int(6)?,
            occurred_at: row.timestamp(7)?,
            test: row.bool(8)?,
        })
    })
}

/// A transfer under what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectTransfer {
    /// Bytes of a commission's or payout's id.
    pub subject: [u8; 16],
    /// Its place in the ledger.
    pub seq: i64,
    /// The truth.
    pub canonical: Vec<u8>,
}

/// An owner's transfers in the order of subject and place, after such a pair, up to the subject
/// `last` included, at most `limit`.
pub async fn transfers_by_subject(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    after: ([u8; 16], i64),
    last: [u8; 16],
    limit: u32,
) -> Result<Vec<SubjectTransfer>, EngineError> {
    let rows = conn
        .query(
            "SELECT subject_id, seq, canonical FROM transfer WHERE owner_id = $1 \
             AND subject_id >= $2 AND subject_id <= $3 AND (subject_id > $2 OR seq > $4) \
             ORDER BY subject_id, seq LIMIT $5",
            vec![owner.into(), after.0.into(), last.into(), after.1.into(), limit.into()],
        )
        .await?;
    rows.into_iter()
        .map(|mut row| {
            Ok(SubjectTransfer {
                subject: row.array(0)?,
                seq: row.int(1)?,
                canonical: row.take_bytes(2)?,
            })
        })
        .collect()
}

/// The id of the conversion that is number `count` after an id, in the order of ids; none when
/// there are fewer.
pub async fn conversion_after(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    after: [u8; 16],
    count: u32,
) -> Result<Option<ConversionId>, EngineError> {
    let rows = conn
        .query(
            "SELECT id FROM conversion WHERE owner_id = $1 AND id > $2 ORDER BY id \
             LIMIT 1 OFFSET $3",
            vec![owner.into(), after.into(), count.saturating_sub(1).into()],
        )
        .await?;
    first(&rows, |row| row.id(0))
}

/// What occurred in a program in a stretch of time.
#[derive(Debug, Clone, Copy)]
pub struct ProgramPeriod {
    /// Whose.
    pub owner: OrganisationId,
    /// Which program's.
    pub program: ProgramId,
    /// Occurred at or after.
    pub from: Timestamp,
    /// Occurred before.
    pub until: Timestamp,
    /// Of test mode, or real.
    pub test: bool,
}

/// A program's conversions of a period after an id, in the order of ids, without those that only
/// carry an amount that a person gave.
pub async fn conversions_in(
    conn: &mut dyn Connection,
    period: ProgramPeriod,
    after: [u8; 16],
    limit: u32,
) -> Result<Vec<StoredConversion>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                conversion_columns!(),
                " FROM conversion WHERE owner_id = $1 AND id > $2 AND program_id = $3 \
                 AND occurred_at >= $4 AND occurred_at < $5 AND test = $6 \
                 AND type <> 'manual_amount' ORDER BY id LIMIT $7"
            ),
            vec![
                period.owner.into(),
                after.into(),
                period.program.into(),
                period.from.into(),
                period.until.into(),
                period.test.into(),
                limit.into(),
            ],
        )
        .await?;
    rows.into_iter().map(take_conversion).collect()
}

/// What a conversion has earned somebody, without its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidPart {
    /// For which conversion.
    pub conversion: ConversionId,
    /// Whose.
    pub partnership: PartnershipId,
    /// Where it stands.
    pub state: CommissionState,
    /// As booked.
    pub amount: i64,
    /// Given back so far.
    pub reversed_amount: i64,
    /// Code of the decline or reversal.
    pub reason: Option<String>,
    /// What it is where it is not what the rule pays of the conversion.
    pub basis: Option<CommissionBasis>,
}

/// What the conversions after an id and up to another have earned by plans, in the order of
/// conversions.
pub async fn paid_parts(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    after: [u8; 16],
    until: ConversionId,
) -> Result<Vec<PaidPart>, EngineError> {
    let rows = conn
        .query(
            "SELECT conversion_id, partnership_id, state, amount, reversed_amount, reason, basis \
             FROM commission WHERE owner_id = $1 AND conversion_id > $2 AND conversion_id <= $3 \
             AND rule_id <> '@manual' ORDER BY conversion_id",
            vec![owner.into(), after.into(), until.into()],
        )
        .await?;
    all(&rows, |row| {
        Ok(PaidPart {
            conversion: row.id(0)?,
            partnership: row.id(1)?,
            state: row.parse(2)?,
            amount: row.int(3)?,
            reversed_amount: row.int(4)?,
            reason: row.text_or_null(5)?.map(str::to_owned),
            basis: match row.text_or_null(6)? {
                Some(_) => Some(row.parse(6)?),
                None => None,
            },
        })
    })
}

/// What partnerships have earned in a program by plans, less what was given back.
pub async fn earned_in(
    conn: &mut dyn Connection,
    period: ProgramPeriod,
) -> Result<Vec<(PartnershipId, i64)>, EngineError> {
    let rows = conn
        .query(
            "SELECT partnership_id, CAST(SUM(amount - reversed_amount) AS BIGINT) FROM commission \
             WHERE owner_id = $1 AND program_id = $2 AND occurred_at >= $3 AND occurred_at < $4 \
             AND test = $5 AND state <> 'declined' AND rule_id <> '@manual' GROUP BY partnership_id",
            vec![
                period.owner.into(),
                period.program.into(),
                period.from.into(),
                period.until.into(),
                period.test.into(),
            ],
        )
        .await?;
    all(&rows, |row| Ok((row.id(0)?, row.int(1)?)))
}

/// An amount of a conversion that was given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenBackAmount {
    /// Its place in the owner's order of booking.
    pub booked_seq: i64,
    /// Of which conversion.
    pub conversion: ConversionId,
    /// How much of the gross amount.
    pub amount: i64,
    /// When the customer left, where that is why; then the amount is 0.
    pub left_at: Option<Timestamp>,
}

/// What was given back of a program's conversions of a period, and whose customers left, in the
/// order of booking.
pub async fn given_back_in(
    conn: &mut dyn Connection,
    period: ProgramPeriod,
) -> Result<Vec<GivenBackAmount>, EngineError> {
    let rows = conn
        .query(
            "SELECT a.booked_seq, a.conversion_id, a.amount, a.occurred_at, a.kind \
             FROM adjustment a JOIN conversion c ON c.owner_id = a.owner_id AND c.id = a.conversion_id \
             WHERE a.owner_id = $1 AND a.kind <> 'correction' AND c.program_id = $2 \
             AND c.occurred_at >= $3 AND c.occurred_at < $4 AND c.test = $5 \
             ORDER BY a.booked_seq",
            vec![
                period.owner.into(),
                period.program.into(),
                period.from.into(),
                period.until.into(),
                period.test.into(),
            ],
        )
        .await?;
    all(&rows, |row| {
        let kind: AdjustmentKind = row.parse(4)?;
        let left_at = match kind {
            AdjustmentKind::Departure => Some(row.timestamp(3)?),
            _ => None,
        };
        let (booked_seq, conversion, amount) = (row.int(0)?, row.id(1)?, row.int(2)?);
        Ok(GivenBackAmount { booked_seq, conversion, amount, left_at })
    })
}

/// Every commission of an owner after an id, in order.
pub async fn scan_commissions(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    after: [u8; 16],
    limit: u32,
) -> Result<Vec<StoredCommission>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                commission_columns!(),
                " FROM commission WHERE owner_id = $1 AND id > $2 ORDER BY id LIMIT $3"
            ),
            vec![owner.into(), after.into(), limit.into()],
        )
        .await?;
    rows.into_iter().map(take_commission).collect()
}

/// Every conversion of an owner after an id, in order.
pub async fn scan_conversions(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    after: [u8; 16],
    limit: u32,
) -> Result<Vec<StoredConversion>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                conversion_columns!(),
                " FROM conversion WHERE owner_id = $1 AND id > $2 ORDER BY id LIMIT $3"
            ),
            vec![owner.into(), after.into(), limit.into()],
        )
        .await?;
    rows.into_iter().map(take_conversion).collect()
}

/// What adjustments say of conversions: kind, amount and place in the order of booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdjustedAmount {
    /// Of which conversion.
    pub conversion: ConversionId,
    /// Why.
    pub kind: AdjustmentKind,
    /// Given back; of a correction, the right amount.
    pub amount: i64,
    /// Its place.
    pub booked_seq: i64,
}

/// The adjustments of an owner's conversions after an id up to another, in the order of conversion
/// and booking.
pub async fn scan_adjusted_amounts(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    after: [u8; 16],
    last: ConversionId,
) -> Result<Vec<AdjustedAmount>, EngineError> {
    let rows = conn
        .query(
            "SELECT conversion_id, kind, amount, booked_seq FROM adjustment WHERE owner_id = $1 \
             AND conversion_id > $2 AND conversion_id <= $3 ORDER BY conversion_id, booked_seq",
            vec![owner.into(), after.into(), last.into()],
        )
        .await?;
    all(&rows, |row| {
        Ok(AdjustedAmount {
            conversion: row.id(0)?,
            kind: row.parse(1)?,
            amount: row.int(2)?,
            booked_seq: row.int(3)?,
        })
    })
}

/// An owner's commissions of conversions after an id up to another, in the order of conversion and
/// booking.
pub async fn scan_commissions_of(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    after: [u8; 16],
    last: ConversionId,
) -> Result<Vec<StoredCommission>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                commission_columns!(),
                " FROM commission WHERE owner_id = $1 AND conversion_id > $2 \
                 AND conversion_id <= $3 ORDER BY conversion_id"
            ),
            vec![owner.into(), after.into(), last.into()],
        )
        .await?;
    let found: Result<Vec<_>, _> = rows.into_iter().map(take_commission).collect();
    let mut found = found?;
    found.sort_by_key(|it| (it.conversion, it.booked_seq, it.id));
    Ok(found)
}

/// How many commissions an owner has.
pub async fn count_commissions(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<i64, EngineError> {
    let rows = conn
        .query("SELECT COUNT(*) FROM commission WHERE owner_id = $1", vec![owner.into()])
        .await?;
    Ok(first(&rows, |row| row.int(0))?.unwrap_or(0))
}

/// An owner's counts of what came in, by UTC day and outcome.
pub async fn intake_by_day(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<Vec<(LocalDate, String, i64)>, EngineError> {
    let rows = conn
        .query(
            "SELECT utc_day, outcome, count FROM intake WHERE owner_id = $1 \
             ORDER BY utc_day, outcome LIMIT 1000000",
            vec![owner.into()],
        )
        .await?;
    all(&rows, |row| Ok((row.date(0)?, row.text(1)?.to_owned(), row.int(2)?)))
}
