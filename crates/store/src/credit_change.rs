//! Changes of credit that wait for a person, because money of the conversion was agreed to.

use tributary_kernel::{ConversionId, OrganisationId, ProgramId, Timestamp};

use crate::engine::{Connection, EngineError, Row};
use crate::list::{Page, PageRequest, Select, first};

/// A change that waits. A conversion has one at most: the newest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCreditChange {
    /// Of which conversion.
    pub conversion: ConversionId,
    /// Whose.
    pub owner: OrganisationId,
    /// Of which program.
    pub program: ProgramId,
    /// When it was found.
    pub proposed_at: Timestamp,
    /// What changes: JSON.
    pub change: String,
}

macro_rules! columns {
    () => {
        "id, owner_id, program_id, proposed_at, change"
    };
}

fn read(row: &Row) -> Result<StoredCreditChange, EngineError> {
    Ok(StoredCreditChange {
        conversion: row.id(0)?,
        owner: row.id(1)?,
        program: row.id(2)?,
        proposed_at: row.timestamp(3)?,
        change: row.text(4)?.to_owned(),
    })
}

/// Proposes a change in place of what was proposed before.
pub async fn put(conn: &mut dyn Connection, it: &StoredCreditChange) -> Result<(), EngineError> {
    conn.execute(
        concat!(
            "INSERT INTO credit_change (",
            columns!(),
            ") VALUES ($1, $2, $3, $4, $5) ON CONFLICT (owner_id, id) DO UPDATE SET \
             proposed_at = excluded.proposed_at, change = excluded.change"
        ),
        vec![
            it.conversion.into(),
            it.owner.into(),
            it.program.into(),
            it.proposed_at.into(),
            it.change.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

/// What is proposed for a conversion.
pub async fn find(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    conversion: ConversionId,
) -> Result<Option<StoredCreditChange>, EngineError> {
    let rows = conn
        .query(
            concat!("SELECT ", columns!(), " FROM credit_change WHERE owner_id = $1 AND id = $2"),
            vec![owner.into(), conversion.into()],
        )
        .await?;
    first(&rows, read)
}

/// What waits in an owner's program, newest conversions first.
pub async fn list(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: Option<ProgramId>,
    page: PageRequest,
) -> Result<Page<StoredCreditChange>, EngineError> {
    Select::new(concat!("SELECT ", columns!(), " FROM credit_change"))
        .and("owner_id = ?", [owner.into()])
        .and_if("program_id = ?", program)
        .page(conn, page, read)
        .await
}

/// It was confirmed or dismissed, or there is nothing to change any more.
pub async fn remove(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    conversion: ConversionId,
) -> Result<u64, EngineError> {
    conn.execute(
        "DELETE FROM credit_change WHERE owner_id = $1 AND id = $2",
        vec![owner.into(), conversion.into()],
    )
    .await
}
