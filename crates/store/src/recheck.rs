//! Narrow reads in the order of keys, for whoever computes a whole ledger again.

use tributary_kernel::{
    CommissionId, ConversionId, OrganisationId, PartnerId, ProgramId, Timestamp,
};
use tributary_money::Money;

use crate::decision::CommissionState;
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
